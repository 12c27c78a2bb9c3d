// Running one pass: tiles over threads, strips within a tile.
#pragma once

#include <vector>

#include "core/graph/plan.h"

namespace lazulite {

class Engine;

/// Runs a pass of a plan for `roots`; its operands are all stored, constant or generated. Returns the storage of every
/// output, in order. Throws Error(interrupted) if the engine's interrupt check asked for it; then no output is
/// published, but destinations may be half-written.
std::vector<Ref<Storage>> run_pass(Engine& engine, const Pass& pass, const PlannedNodes& nodes,
                                   const std::vector<Root>& roots);

}  // namespace lazulite
