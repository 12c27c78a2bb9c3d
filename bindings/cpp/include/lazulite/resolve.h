// Which loop an op runs in, and what it gives: the op table's rules, at compile time.
#pragma once

#include <type_traits>

#include "core/graph/ops.h"
#include "core/graph/promotion.h"

namespace lazulite::detail {

/// What promotion sees of an operand. A C++ number is weak, as Python's are: its kind counts, not its type.
struct operand_type {
  bool weak;
  DType t;  // of a weak one: bool, int64 or float64
};

constexpr TypeRule rule_of(Op op) {
  switch (op) {
#define LZ_UNARY(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                        \
    return TypeRule::rule;
#define LZ_BINARY(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                         \
    return TypeRule::rule;
#define LZ_TERNARY(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                          \
    return TypeRule::rule;
#define LZ_TEST(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                       \
    return TypeRule::rule;
#define LZ_COMPARE(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                          \
    return TypeRule::rule;
#define LZ_WHERE(id, loops, rule, ulp, doc) \
  case Op::id:                              \
    return TypeRule::rule;
#include "core/ops.def"
    default:
      return TypeRule::promote;
  }
}

constexpr DTypeSet loops_of(Op op) {
  switch (op) {
#define LZ_UNARY(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                        \
    return loops;
#define LZ_BINARY(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                         \
    return loops;
#define LZ_TERNARY(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                          \
    return loops;
#define LZ_TEST(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                       \
    return loops;
#define LZ_COMPARE(id, loops, rule, ulp, vec, ref, doc) \
  case Op::id:                                          \
    return loops;
#define LZ_WHERE(id, loops, rule, ulp, doc) \
  case Op::id:                              \
    return loops;
#include "core/ops.def"
    default:
      return 0;
  }
}

constexpr const char* name_of(Op op) {
  switch (op) {
#define LZ_UNARY(id) \
  case Op::id:       \
    return #id;
#define LZ_BINARY(id) \
  case Op::id:        \
    return #id;
#define LZ_TERNARY(id) \
  case Op::id:         \
    return #id;
#define LZ_TEST(id) \
  case Op::id:      \
    return #id;
#define LZ_COMPARE(id) \
  case Op::id:         \
    return #id;
#define LZ_WHERE(id) \
  case Op::id:       \
    return #id;
#include "core/ops/ids.def"
    default:
      return "";
  }
}

/// Ops whose code is long: elementary functions and the table's large rows.
constexpr bool is_long(Op op) {
  switch (op) {
#define LZ_ELEMENTARY(id) case Op::id:
#define LZ_LARGE(id) case Op::id:
#define LZ_TERNARY(id) case Op::id:
#include "core/ops/ids.def"
    return true;
    default:
      return false;
  }
}

/// NumPy 2's result type of some operands, of which the first may be left out.
constexpr DType promoted_of(const operand_type* o, int n) {
  bool any = false;
  DType t = DType::bool_;
  for (int k = 0; k < n; ++k)
    if (!o[k].weak) {
      t = any ? promote(t, o[k].t) : o[k].t;
      any = true;
    }
  for (int k = 0; k < n; ++k) {
    if (!o[k].weak) continue;
    if (!any)
      t = promote(t, o[k].t);
    else if (is_float(o[k].t) ? !is_float(t) : o[k].t == DType::int64 && t == DType::bool_)
      t = o[k].t;
  }
  return t;
}

enum class fault { none, no_loop, bool_subtract, bool_negative, float16, integer_reciprocal };

/// How an op is to be computed: as `op`, in the loop dtype; or, where `constant` is not -1, as a bool that is known.
struct resolution {
  Op op;
  DType loop, result;
  fault wrong = fault::none;
  int constant = -1;
  bool identity = false;     // the operand, converted to the loop dtype
  bool mixed_signs = false;  // a comparison of integers that no integer type holds both of
};

constexpr bool rounds_to_whole(Op op) { return op == Op::floor || op == Op::ceil || op == Op::trunc; }

/// The float that functions of such operands give: float16 in NumPy for 8-bit integers, which is a fault here.
constexpr resolution floating(Op op, const operand_type* o, int n) {
  int level = 0;
  bool any_float = false, weak_float = false;
  for (int k = 0; k < n; ++k) {
    if (o[k].weak) {
      weak_float |= is_float(o[k].t);
      continue;
    }
    any_float |= is_float(o[k].t);
    const int of = o[k].t == DType::float32 ? 1 : log2_size(o[k].t) < 2 ? log2_size(o[k].t) : 2;
    level = level > of ? level : of;
  }
  if (weak_float && !any_float) level = 2;
  bool all_weak = true;
  for (int k = 0; k < n; ++k) all_weak &= o[k].weak;
  if (all_weak) level = 2;
  const DType t = level == 1 ? DType::float32 : DType::float64;
  return {op, t, t, level == 0 ? fault::float16 : fault::none, -1, false};
}

constexpr resolution resolve(Op op, const operand_type* o, int n) {
  const TypeRule rule = rule_of(op);
  const DType t = rule == TypeRule::select ? promoted_of(o + 1, n - 1) : promoted_of(o, n);
  resolution r{op, t, t};
  switch (rule) {
    case TypeRule::compare: {
      const DKind a = kind(o[0].t), b = n > 1 ? kind(o[1].t) : a;
      const bool mixed =
          (a == DKind::signed_ && b == DKind::unsigned_) || (a == DKind::unsigned_ && b == DKind::signed_);
      r.mixed_signs = t == DType::float64 && mixed && !o[0].weak && !o[1].weak;
      r.result = DType::bool_;
      return r;
    }
    case TypeRule::test:
      r.result = DType::bool_;
      if (is_float(t)) return r;
      if (op == Op::signbit && kind(t) == DKind::signed_) return {Op::less, t, DType::bool_};  // than 0
      r.constant = op == Op::isfinite;
      return r;
    case TypeRule::logical:
      return {op, DType::bool_, DType::bool_};
    case TypeRule::select:
      return r;
    case TypeRule::divide:
      if (!is_float(t)) r.loop = r.result = DType::float64;
      break;
    case TypeRule::to_float:
      if (rounds_to_whole(op) && !is_float(t)) {
        r.identity = true;
        return r;
      }
      r = op == Op::ldexp ? floating(op, o, 1) : floating(op, o, n);
      if (op == Op::ldexp && (is_float(o[1].t) || (!o[1].weak && o[1].t == DType::uint64))) r.wrong = fault::no_loop;
      break;
    default:
      break;
  }
  if (op == Op::reciprocal && !is_float(r.loop)) r.wrong = fault::integer_reciprocal;
  if (r.loop == DType::bool_ && (op == Op::square || is_large_row(op))) r.loop = r.result = DType::int8;
  if (r.loop == DType::bool_) {
    if (op == Op::absolute) r.identity = true;
    if (op == Op::subtract) r.wrong = fault::bool_subtract;
    if (op == Op::negative) r.wrong = fault::bool_negative;
    r.op = logic_of(op);
    if (r.identity || r.wrong != fault::none) return r;
  }
  if (r.wrong == fault::none && !contains(loops_of(r.op), r.loop)) r.wrong = fault::no_loop;
  return r;
}

}  // namespace lazulite::detail
