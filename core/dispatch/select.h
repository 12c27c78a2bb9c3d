// Order statistics: the k-th smallest elements of lines.
#pragma once

#include "core/dispatch/array.h"

namespace lazulite {

/// result[j, ...] is the element number k[j, ...] of the line a[..., :] in ascending order, NaN last; numbers out of
/// range mean the nearest end. `k` is int64 and has one axis (j) before those of `a` without its last one. With
/// `all_nan`, all results of a line that has a NaN are NaN.
Array select(const Array& a, const Array& k, bool all_nan);

}  // namespace lazulite
