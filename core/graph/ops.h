// The op table as data: enum Op, OpInfo, and the rules that turn operand types into loop types.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/graph/dtype.h"

namespace lazulite {

/// How an op's loop dtype follows from its operands' promoted dtype.
enum class TypeRule : uint8_t {
  promote,   // loop and result are the promoted type
  to_float,  // integers go to the float that NumPy picks (16-bit: float32, 32/64-bit: float64)
  divide,    // true division, and functions that are SciPy's: every integer goes to float64
  compare,   // loop is the promoted type, result bool; mixed signedness compares exactly
  logical,   // operands are cast to bool first, result bool
  bits,      // bool and integers only
  test,      // float -> bool; integers have a constant answer
  select,    // where: first operand bool, the others promoted
};

enum class OpKind : uint8_t { unary, binary, ternary, test, compare, where, composite, reduce, sample, cast, source };

/// Every operation that can label a node or a stage.
enum class Op : uint8_t {
#define LZ_UNARY(id) id,
#define LZ_BINARY(id) id,
#define LZ_TERNARY(id) id,
#define LZ_TEST(id) id,
#define LZ_COMPARE(id) id,
#define LZ_WHERE(id) id,
#define LZ_COMPOSITE(id) id,
#define LZ_REDUCE(id) reduce_##id,
#define LZ_SAMPLE(id) id,
#include "core/ops/ids.def"
  cast,      // dtype conversion (NumPy's astype)
  leaf,      // computed values in a buffer
  constant,  // one value, broadcast to any shape
  window,    // a strided view over another node's C-order elements
  random,    // a counter-based draw
  opaque,    // a function of whole arrays, which no pass fuses (OpaqueOp)
  gather,    // elements of another node's storage at given places
  count_,
};

/// The laws that a random node draws from.
enum class Law : uint8_t {
#define LZ_LAW(id) id,
#include "core/ops/ids.def"
  count_,
};
inline constexpr int kLaws = static_cast<int>(Law::count_);
std::string_view name(Law law);

/// Where the words come from that laws are made of (core/kernels/random.h).
enum class Stream : uint8_t {
  ars,           // ARS-7
  philox,        // Philox4x32-10
  numpy_philox,  // Philox4x64-10 as numpy.random.Philox counts and numbers its words
  sobol,         // points of Sobol's sequence, one dimension after the other
  count_,
};
inline constexpr int kStreams = static_cast<int>(Stream::count_);
std::string_view name(Stream stream);

inline constexpr int kOps = static_cast<int>(Op::count_);

struct OpInfo {
  std::string_view name;  // NumPy's
  OpKind kind;
  uint8_t arity;
  DTypeSet loops;
  TypeRule rule;
  float ulp;
  std::string_view doc;
};

/// Rows of LZ_LARGE.
constexpr bool is_large_row(Op op) {
  switch (op) {
#define LZ_LARGE(id) case Op::id:
#include "core/ops/ids.def"
    return true;
    default:
      return false;
  }
}

/// The rows, indexed by Op.
const std::array<OpInfo, kOps>& op_table();
inline const OpInfo& info(Op op) { return op_table()[static_cast<size_t>(op)]; }

}  // namespace lazulite
