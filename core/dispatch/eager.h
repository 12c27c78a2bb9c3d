// Tiny arrays at once: an op on computed operands of a few hundred elements runs as one stage, without node or plan.
#pragma once

#include "core/graph/node.h"

namespace lazulite {

/// The computed result, or null where the op is to stay lazy: a pending operand, too many elements
/// (`Options::eager_below`), or operands that do not line up.
NodeRef run_eagerly(Op op, DType result, DType loop, const Dims& shape, const NodeRef* in, int n);

}  // namespace lazulite
