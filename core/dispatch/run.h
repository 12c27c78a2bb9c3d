// Running passes: tiles over threads, strips within a tile.
#pragma once

#include <vector>

#include "core/graph/plan.h"

namespace lazulite {

class Engine;

/// Runs the passes of a plan that are linked to `first`, and it, for `roots`; their operands are all stored, constant,
/// generated, or outputs of those before them. Returns the storages of all outputs, in order. Throws Error(interrupted)
/// if the engine's interrupt check asked for it; then no output is published, but destinations may be half-written.
std::vector<Ref<Storage>> run_passes(Engine& engine, const Pass* first, const PlannedNodes& nodes,
                                     const std::vector<Root>& roots);

}  // namespace lazulite
