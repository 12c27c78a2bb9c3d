// The Python engine's own core, behind plain memory: what the header library's results are held to, bit for bit.
#pragma once

#include <cstdint>
#include <vector>

#include "core/graph/ops.h"

namespace lazulite::engine {

/// Elements in memory; strides in elements.
struct Operand {
  DType t;
  const void* data;
  std::vector<int64_t> shape, strides;
};

struct Result {
  DType t;
  std::vector<int64_t> shape;
  std::vector<unsigned char> bytes;  // C order
};

/// An op of the table. (`astype` as well.)
Result apply(Op op, const std::vector<Operand>& operands);
Result astype(const Operand& operand, DType t);
/// op(a, b) reduced over the axes whose bits are set.
Result reduce_of(Op reduction, Op op, const Operand& a, const Operand& b, uint64_t axes, double ddof = 0);
/// A reduction of the operand alone.
Result reduce(Op reduction, const Operand& a, uint64_t axes, double ddof = 0);
/// Running results of add or multiply along an axis.
Result accumulate(Op op, const Operand& a, int axis);
/// Elements of a stream.
Result draw(Law law, DType t, Stream stream, const uint64_t key[2], uint64_t first, int64_t n);

}  // namespace lazulite::engine
