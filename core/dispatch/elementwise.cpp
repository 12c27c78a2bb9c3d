// Elementwise ops: NumPy's types and broadcasting, composites, and the choice between now and later.
#include <algorithm>

#include "core/dispatch/array.h"
#include "core/dispatch/eager.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/operands.h"
#include "core/dispatch/registry.h"
#include "core/graph/promotion.h"

namespace lazulite {

namespace {

using std::get_if;

Dims broadcast_shapes(Op op, const NodeRef* in, int n) {
  bool alike = true;  // but for numbers
  for (int k = 1; k < n; ++k) alike &= in[k]->shape.size() == 0 || in[k]->shape == in[0]->shape;
  if (alike) return in[0]->shape;
  int rank = 0;
  for (int k = 0; k < n; ++k) rank = std::max(rank, in[k]->shape.size());
  Dims out(rank, 1);
  for (int k = 0; k < n; ++k) {
    const Dims& s = in[k]->shape;
    const int lead = rank - s.size();
    for (int j = 0; j < s.size(); ++j) {
      int64_t& d = out[lead + j];
      if (s[j] == 1 || s[j] == d) continue;
      if (d != 1) {
        std::string shapes;
        for (int i = 0; i < n; ++i) shapes += to_string(in[i]->shape) + " ";
        throw Error(ErrorKind::value,
                    std::string(info(op).name) + ": operands could not be broadcast together with shapes " + shapes);
      }
      d = s[j];
    }
  }
  return out;
}

[[noreturn]] void no_loop(Op op, const std::string& types) {
  throw Error(ErrorKind::type, "ufunc '" + std::string(info(op).name) + "' not supported for the input types (" +
                                   types +
                                   "), and the inputs could not be safely coerced to any supported types according to "
                                   "the casting rule ''safe''");
}

NodeRef cast_node(const NodeRef& n, DType t) {
  if (n->dtype == t) return n;
  if (n->op == Op::constant) return make_constant(t, convert(n->value, n->dtype, t));
  NodeRef in = n;
  return make_elementwise(Op::cast, t, n->shape, &in, 1);
}

/// An elementwise node, or at once its value. Takes the operands over.
NodeRef build(Op op, DType result, DType loop, NodeRef* in, int n) {
  for (int k = op == Op::where ? 1 : 0; k < n; ++k)
    if (in[k]->dtype != loop) in[k] = cast_node(in[k], loop);
  const Dims shape = broadcast_shapes(op, in, n);
  if (NodeRef now = run_eagerly(op, result, loop, shape, in, n)) return now;
  return make_elementwise(op, result, shape, in, n);
}

NodeRef unary(Op op, DType t, NodeRef a) { return build(op, t, t, &a, 1); }
NodeRef binary(Op op, DType t, NodeRef a, NodeRef b) {
  NodeRef in[] = {std::move(a), std::move(b)};
  return build(op, t, t, in, 2);
}
NodeRef compare(Op op, NodeRef a, NodeRef b) {
  NodeRef in[] = {std::move(a), std::move(b)};
  const DType loop = in[0]->dtype;
  return build(op, DType::bool_, loop, in, 2);
}

[[noreturn]] void no_bool(Op op) {
  if (op == Op::subtract)
    throw Error(ErrorKind::type,
                "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the "
                "`^` operator, or the logical_xor function instead.");
  if (op == Op::negative)
    throw Error(ErrorKind::type,
                "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator "
                "or the logical_not function instead.");
  no_loop(op, "bool");
}

NodeRef constant_bool(bool v) { return make_constant(DType::bool_, Scalar::of<bool>(v)); }

/// A bool array of the shape of `like`, all `v`.
NodeRef all_bool(const NodeRef& like, bool v) {
  NodeRef in[] = {cast_node(like, DType::bool_), constant_bool(v)};
  // x or True, x and False: shape and laziness come from the operand.
  return build(v ? Op::logical_or : Op::logical_and, DType::bool_, DType::bool_, in, 2);
}

/// Comparison of a signed with an unsigned 64-bit-or-wider mix, exact as in NumPy: a negative number is below every
/// unsigned one, the others compare as unsigned.
NodeRef compare_mixed(Op op, NodeRef s, NodeRef u, bool swapped) {
  if (swapped) op = mirrored(op);
  NodeRef negative = compare(Op::less, s, make_constant(s->dtype, Scalar{}));
  NodeRef as_unsigned = compare(op, cast_node(s, DType::uint64), cast_node(u, DType::uint64));
  const bool below = op == Op::less || op == Op::less_equal || op == Op::not_equal;  // the answer for negative s
  if (below) return binary(Op::logical_or, DType::bool_, negative, as_unsigned);
  return binary(Op::logical_and, DType::bool_, unary(Op::logical_not, DType::bool_, negative), as_unsigned);
}

NodeRef apply_compare(Op op, Operands& o) {
  const DType t = o.promoted();
  // A Python int beyond the array's type has a known answer.
  for (int k = 0; k < 2; ++k) {
    if (!o.weak[k] || o.weak[k]->kind != Weak::Kind::integer || !is_integer(t) || in_range(*o.weak[k], t)) continue;
    if (!o.node[1 - k]) continue;
    if (o.node[1 - k]->dtype == DType::bool_) out_of_bounds(*o.weak[k], t);
    const bool array_below = o.weak[k]->real > 0;
    const Op oriented = k == 1 ? op : mirrored(op);  // array op number
    const bool answer =
        oriented == Op::not_equal || (array_below ? oriented == Op::less || oriented == Op::less_equal
                                                  : oriented == Op::greater || oriented == Op::greater_equal);
    return all_bool(o.node[1 - k], answer);
  }
  o.settle(t);
  const DKind a = kind(o.node[0]->dtype), b = kind(o.node[1]->dtype);
  if (t == DType::float64 && a == DKind::signed_ && b == DKind::unsigned_)
    return compare_mixed(op, o.node[0], o.node[1], false);
  if (t == DType::float64 && a == DKind::unsigned_ && b == DKind::signed_)
    return compare_mixed(op, o.node[1], o.node[0], true);
  return build(op, DType::bool_, t, o.node, 2);
}

NodeRef apply_test(Op op, Operands& o) {
  o.settle(o.promoted());
  const DType t = o.node[0]->dtype;
  if (is_float(t)) return build(op, DType::bool_, t, o.node, 1);
  if (op == Op::signbit) {
    if (kind(t) == DKind::signed_) return compare(Op::less, o.node[0], make_constant(t, Scalar{}));
    return all_bool(o.node[0], false);
  }
  return all_bool(o.node[0], op == Op::isfinite);
}

/// Is an element negative? It is computed on this line, where NumPy raises.
bool any_negative(const NodeRef& n) {
  const Array negative(compare(Op::less, n, make_constant(n->dtype, Scalar{})));
  return item(reduce(Op::reduce_any, negative, ~uint64_t{0})).as<bool>();
}

/// Exponents of integers. NumPy looks at them element by element: none are wrong where there are no elements.
void check_exponent(const Operands& o) {
  if (broadcast_shapes(Op::power, o.node, 2).product() == 0) return;
  const bool negative = o.weak[1] ? o.weak[1]->kind == Weak::Kind::integer && o.weak[1]->real < 0
                                  : kind(o.node[1]->dtype) == DKind::signed_ && any_negative(o.node[1]);
  if (negative) throw Error(ErrorKind::value, "Integers to negative integer powers are not allowed.");
}

/// The exponent that all elements have, where it is known now. NumPy's loops see one where it is a scalar, or has one
/// element and the base more.
std::optional<double> common_exponent(const Operands& o) {
  const Node& base = *o.node[0];
  const Node& e = *o.node[1];
  const bool is_common = e.shape.size() == 0 || (e.size == 1 && base.size > 1 && e.shape.size() <= base.shape.size());
  const bool is_known = !e.pending() || (e.op == Op::window && e.input[0]->computed());
  if (!is_common || !is_known) return std::nullopt;
  const Scalar value = e.op == Op::constant ? e.value : item(Array(o.node[1]));
  return convert(value, e.dtype, DType::float64).as<double>();
}

/// The power as NumPy's loops compute it for some exponents: by a simpler op, with other last bits, and with sqrt's
/// rules for -0.0 and -inf. Null for other exponents.
NodeRef quick_power(const Operands& o, DType t) {
  const std::optional<double> e = common_exponent(o);
  if (!e || (*e != 2 && *e != 1 && (!is_float(t) || (*e != 0.5 && *e != -1)))) return {};
  NodeRef base = cast_node(o.node[0], t);
  if (*e == 1) return base.get() != o.node[0].get() ? base : make_elementwise(Op::cast, t, o.node[0]->shape, &base, 1);
  return unary(*e == 2 ? Op::square : *e == 0.5 ? Op::sqrt : Op::reciprocal, t, base);
}

/// Whether the op gives integers back as they are.
bool is_whole_for_integers(Op op) { return op == Op::floor || op == Op::ceil || op == Op::trunc; }

/// Whether NumPy's first loop for a bool is int8's.
bool lacks_bool_loop(Op op) { return op == Op::square || is_large_row(op); }

/// Whether NumPy has a loop that computes in `dtype` for an op whose dtypes do not follow from its operands alone.
bool has_loop(Op op, DType dtype) {
  if (dtype == DType::bool_ && lacks_bool_loop(op)) return false;
  switch (info(op).rule) {
    case TypeRule::compare:
    case TypeRule::test:
    case TypeRule::logical:
      return dtype == DType::bool_;
    case TypeRule::divide:
      return is_float(dtype);
    case TypeRule::to_float:
      return is_float(dtype) || is_whole_for_integers(op);
    default:
      return true;
  }
}

/// Errors of a `dtype=` that the operands cannot be cast to, or that the op has no loop for.
void check_dtype(Op op, const Operands& o, DType dtype) {
  if (!has_loop(op, dtype)) no_loop(op, std::string(name(dtype)));
  if (info(op).rule == TypeRule::compare || info(op).rule == TypeRule::test || info(op).rule == TypeRule::logical)
    return;  // dtype is that of the result
  for (int k = 0; k < o.count; ++k) {
    const DType from = o.node[k] ? o.node[k]->dtype : default_dtype(o.weak[k]->kind);
    // Of a number its kind counts: an integer that is too large has an error of its own.
    if (o.node[k] ? same_kind(from, dtype) : same_kind(from, dtype) || (is_integer(from) && is_integer(dtype)))
      continue;
    throw Error(ErrorKind::type, "Cannot cast ufunc '" + std::string(info(op).name) + "' input" +
                                     (o.count > 1 ? " " + std::to_string(k) : "") + " from dtype('" +
                                     std::string(name(from)) + "') to dtype('" + std::string(name(dtype)) +
                                     "') with casting rule 'same_kind'");
  }
}

/// The exponents of ldexp are integers, whatever float the other argument is; the loop takes them as floats.
NodeRef apply_ldexp(Operands& o, std::optional<DType> dtype) {
  const bool whole = o.weak[1] ? o.weak[1]->kind != Weak::Kind::floating
                               : !is_float(o.node[1]->dtype) && o.node[1]->dtype != DType::uint64;
  const bool is_half = o.weak[0] && o.weak[0]->kind != Weak::Kind::floating;  // NumPy's loop for a Python integer
  if (!whole || is_half || dtype) no_loop(Op::ldexp, o.types());
  if (o.weak[1] && !in_range(*o.weak[1], DType::int32)) out_of_bounds(*o.weak[1], DType::int32);
  o.count = 1;
  const DType t = o.weak[0] ? DType::float64 : o.floating(Op::ldexp);
  o.count = 2;
  o.settle(t);
  return build(Op::ldexp, t, t, o.node, 2);
}

/// `dtype`: that of the loop, as ufuncs have it. `quick`: powers by `quick_power` where it serves.
NodeRef apply_node(Op op, Operands& o, std::optional<DType> dtype, bool quick = true) {
  const OpInfo& row = info(op);
  if (op == Op::ldexp) return apply_ldexp(o, dtype);
  if (dtype) check_dtype(op, o, *dtype);
  switch (row.rule) {
    case TypeRule::compare:
      return apply_compare(op, o);
    case TypeRule::test:
      return apply_test(op, o);
    case TypeRule::logical:
      for (int k = 0; k < o.count; ++k) {  // a number is true or false, whatever dtype it meets
        if (o.weak[k] && o.weak[k]->kind != Weak::Kind::floating && !o.weak[k]->fits)
          throw Error(ErrorKind::overflow, "Python int too large to convert to C long");
        o.node[k] = o.weak[k] ? constant_bool(o.weak[k]->kind == Weak::Kind::floating ? o.weak[k]->real != 0
                                                                                      : o.weak[k]->integer != 0)
                              : cast_node(o.node[k], DType::bool_);
      }
      return build(op, DType::bool_, DType::bool_, o.node, o.count);
    case TypeRule::select: {
      const DType t = o.promoted(1);
      o.settle(t, 1, true);
      if (o.weak[0])
        o.node[0] =
            constant_bool(o.weak[0]->kind == Weak::Kind::floating ? o.weak[0]->real != 0 : digits(*o.weak[0]) != "0");
      o.node[0] = cast_node(o.node[0], DType::bool_);
      return build(op, t, t, o.node, 3);
    }
    default:
      break;
  }
  DType t = dtype ? *dtype : o.promoted();
  if (row.rule == TypeRule::divide && !is_float(t)) {
    t = DType::float64;
  } else if (row.rule == TypeRule::to_float && is_whole_for_integers(op) && !is_float(t)) {
    o.settle(t);
    return cast_node(o.node[0], t);  // integers are whole already
  } else if (row.rule == TypeRule::to_float) {
    t = dtype && is_float(t) ? t : o.floating(op);
  }
  if (op == Op::reciprocal && !is_float(t))
    throw Error(ErrorKind::type,
                "reciprocal: integer arguments are not supported; convert first, e.g. with "
                "astype('float64')");
  if (t == DType::bool_ && lacks_bool_loop(op)) t = DType::int8;
  o.settle(t);
  if (op == Op::power && is_integer(t)) check_exponent(o);
  if (op == Op::power && quick)
    if (NodeRef n = quick_power(o, t)) return n;
  if (t == DType::bool_) {
    const Op logic = logic_of(op);
    if (logic != op) return build(logic, t, t, o.node, o.count);
    if (op == Op::absolute) return o.node[0];
  }
  if (!contains(row.loops, t)) {
    if (t == DType::bool_) no_bool(op);
    no_loop(op, o.types());
  }
  return build(op, t, t, o.node, o.count);
}

/// NumPy's ufuncs turn 0-d results into scalars.
bool all_scalars(const Argument* args, int count) {
  for (int k = 0; k < count; ++k)
    if (const Array* a = get_if<Array>(&args[k]))
      if (a->ndim() > 0) return false;
  return true;
}

/// Rows that are written in terms of other rows.
Array apply_composite(Op op, const Argument* args, int count, std::optional<DType> dtype) {
  if (op == Op::float_power) {
    Operands o(args, count);
    if (dtype && *dtype != DType::float64) no_loop(op, std::string(name(*dtype)));
    NodeRef n = apply_node(Op::power, o, DType::float64, false);
    flush_if_due(n);
    return Array(std::move(n), all_scalars(args, count));
  }
  if (op == Op::rad2deg || op == Op::deg2rad)
    return apply(op == Op::rad2deg ? Op::degrees : Op::radians, args, count, dtype);
  if (op == Op::positive) {
    const Array a = get_if<Array>(&args[0]) ? *get_if<Array>(&args[0]) : apply(Op::add, args, count);
    if (dtype) check_dtype(op, Operands(args, count), *dtype);
    if (dtype.value_or(a.dtype()) == DType::bool_) no_loop(op, "bool");
    const Array result = astype(a, dtype.value_or(a.dtype()));
    result.cell()->scalar = all_scalars(args, count);
    return result;
  }
  // clip: NumPy's promotion sees all three at once.
  Operands o(args, count);
  if (dtype) check_dtype(op, o, *dtype);
  const DType t = dtype ? *dtype : o.promoted();
  o.settle(t);
  broadcast_shapes(op, o.node, o.count);  // all three at once, in the error too
  const Op low = t == DType::bool_ ? Op::logical_or : Op::maximum,
           high = t == DType::bool_ ? Op::logical_and : Op::minimum;
  // Extremes give their second argument where the two compare equal (0.0 and -0.0): clip keeps the value there.
  const NodeRef n = binary(high, t, o.node[2], binary(low, t, o.node[1], o.node[0]));
  flush_if_due(n);
  return Array(n, all_scalars(args, count));
}

}  // namespace

DType result_type(const Argument* args, int count) {
  DType t = DType::bool_;
  for (int first = 0; first < count; first += 2) {  // any number of arguments, three at a time
    const int n = std::min(3, count - first);
    const Operands o(args + first, n);
    t = first == 0 ? o.promoted() : promote(t, o.promoted());
  }
  return t;
}

Array apply(Op op, const Argument* args, int count, std::optional<DType> dtype) {
  if (info(op).kind == OpKind::composite) return apply_composite(op, args, count, dtype);
  Operands o(args, count);
  NodeRef n = apply_node(op, o, dtype);
  // An op may give back its operand (absolute of bool) or a number; an array of its own is still due.
  bool own = n->op != Op::constant;
  for (int k = 0; k < count; ++k)
    if (const Array* a = get_if<Array>(&args[k])) own &= a->is_view() || n.get() != a->cell()->node.get();
  if (!own) {
    NodeRef in = n;
    n = make_elementwise(Op::cast, in->dtype, in->shape, &in, 1);
  }
  flush_if_due(n);
  // numpy.where is no ufunc: its 0-d results are arrays.
  return Array(std::move(n), op != Op::where && all_scalars(args, count));
}

Array astype(const Array& a, DType t, bool copy_always) {
  if (a.dtype() == t && !copy_always) return a;
  if (a.dtype() == t) return copy(a);
  NodeRef in = a.read();
  NodeRef n = build(Op::cast, t, in->dtype, &in, 1);
  flush_if_due(n);
  return Array(std::move(n), a.is_scalar());
}

Array copy(const Array& a, bool c_order) {
  NodeRef in = a.read();
  const Dims shape = in->shape;
  NodeRef n = make_elementwise(Op::cast, in->dtype, shape, &in, 1);
  if (c_order) n->order = 0;
  return Array(std::move(n), a.is_scalar());
}

}  // namespace lazulite
