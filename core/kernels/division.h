// What vector code leaves of divisions with remainder: loops in plain C++, compiled once for all targets.
#pragma once

#include "core/graph/ops.h"

namespace lazulite {

/// a[i] = op(a[i], b[i]) for i < n; op is floor_divide, remainder or fmod, T a float or an integer of 64 bits.
template <Op op, class T>
void divide_one_by_one(T* a, const T* b, int n);

}  // namespace lazulite
