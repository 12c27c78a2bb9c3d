// Running sums, products and extremes along an axis.
#pragma once

#include <optional>

#include "core/dispatch/array.h"

namespace lazulite {

/// Element i along `axis` (in range) of the result joins the elements 0, ..., i of `a`. `op`: add, multiply, minimum,
/// maximum, fmin, fmax, logical_and or logical_or; dtypes are those of the reduction by that op.
///
/// Floats along the last axis are joined in chains of 256, which are then joined in order: the bits do not depend on
/// threads, and the error grows more slowly than that of NumPy's one chain. Along other axes there is one chain.
Array accumulate(Op op, const Array& a, int axis, std::optional<DType> dtype = std::nullopt);

}  // namespace lazulite
