// Loops that change scattered elements one after the other: the kernel of `ufunc.at`, in plain C++ for all targets.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/graph/ops.h"

namespace lazulite {

/// base[places[k]] = op(base[places[k]], values[k * step]) for k = 0, ..., n - 1, in that order; all of one dtype.
using AccumulateLoop = void (*)(std::byte* base, const int64_t* places, const std::byte* values, int64_t step,
                                int64_t n);

/// The loop of a binary row on one of its dtypes; null for other ops.
AccumulateLoop accumulate_loop(Op op, DType t);

}  // namespace lazulite
