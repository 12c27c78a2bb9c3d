// Scalar rows of the op table: loops in plain C++, compiled once for all targets; scalar_stages.cpp calls them.
#pragma once

#include <cstddef>

#include "core/graph/ops.h"

namespace lazulite {

/// acc[i] = op(acc[i], other[i * step]) for i < n; `reversed`: op(other[i * step], acc[i]). T is one of the row's
/// loops; `other` points at T's, not necessarily aligned.
template <Op op, class T>
void scalar_loop(T* acc, const std::byte* other, ptrdiff_t step, int n, bool reversed);

}  // namespace lazulite
