// Accesses: affine maps from a pass's loops to elements of a node's storage, and pushing them through nodes.
#pragma once

#include <optional>
#include <vector>

#include "core/graph/plan.h"

namespace lazulite {

/// An access as a start index and a step for every (loop, axis) of a node.
struct AxisAccess {
  std::vector<int64_t> start;  // one per axis
  std::vector<int64_t> step;   // loops x axes
};

/// Splits an access to a contiguous storage of `shape` with `strides` into its axes. Nothing where the map is not
/// affine in the axes (a flattened range that crosses rows).
std::optional<AxisAccess> split(const Access& a, const Dims& loops, const Dims& shape, const Dims& strides);

/// The access to an operand with these strides, whose axes line up with the last axes of the split node; axes of
/// extent 1 in `shape` are broadcast.
Access join(const AxisAccess& a, int loops, int axes, const Dims& shape, const Dims& strides, int64_t offset);

}  // namespace lazulite
