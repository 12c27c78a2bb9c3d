// NumPy 2's promotion of dtypes and same-kind casts, what ops on bools are, and comparisons the other way round.
#pragma once

#include "core/graph/dtype.h"
#include "core/graph/ops.h"

namespace lazulite {

/// NumPy 2's result type of two arrays (numpy.promote_types).
constexpr DType promote(DType a, DType b) {
  if (a == b) return a;
  if (a > b) {  // a is the "smaller" kind: bool < integers by size < float32 < float64
    const DType t = a;
    a = b;
    b = t;
  }
  if (a == DType::bool_) return b;
  if (is_float(b)) {
    if (is_float(a) || log2_size(a) >= 2) return DType::float64;  // float32 holds 16-bit integers exactly, not 32-bit
    return b;
  }
  const bool sa = kind(a) == DKind::signed_, sb = kind(b) == DKind::signed_;
  if (sa == sb) return b;
  // Mixed signedness: the next larger signed type that holds both; beyond 64 bits NumPy goes to float64.
  const DType u = sa ? b : a, s = sa ? a : b;
  if (log2_size(s) > log2_size(u)) return s;
  constexpr DType kNextSigned[] = {DType::int16, DType::int32, DType::int64, DType::float64};
  return kNextSigned[log2_size(u)];
}

/// numpy.can_cast(from, to, 'same_kind').
constexpr bool same_kind(DType from, DType to) {
  if (promote(from, to) == to) return true;  // safe
  const DKind f = kind(from), t = kind(to);
  if (f == DKind::signed_ && t == DKind::unsigned_) return false;
  return f == t || (f == DKind::unsigned_ && t == DKind::signed_) || f == DKind::boolean ||
         (t == DKind::floating && f != DKind::boolean);
}

/// bool has loops for logic only; NumPy's bool loops of the other ops are these.
constexpr Op logic_of(Op op) {
  switch (op) {
    case Op::add:
    case Op::maximum:
    case Op::fmax:
    case Op::bitwise_or:
      return Op::logical_or;
    case Op::multiply:
    case Op::minimum:
    case Op::fmin:
    case Op::bitwise_and:
      return Op::logical_and;
    case Op::bitwise_xor:
      return Op::logical_xor;
    case Op::invert:
      return Op::logical_not;
    default:
      return op;
  }
}

/// `a op b` is `b mirrored(op) a`.
constexpr Op mirrored(Op op) {
  switch (op) {
    case Op::less:
      return Op::greater;
    case Op::less_equal:
      return Op::greater_equal;
    case Op::greater:
      return Op::less;
    case Op::greater_equal:
      return Op::less_equal;
    default:
      return op;
  }
}

}  // namespace lazulite
