// Reductions: NumPy's result types, axes and errors.
#include "core/dispatch/array.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/registry.h"

namespace lazulite {

namespace {

/// The dtype that a reduction computes in.
DType loop_dtype(Op op, DType t) {
  switch (op) {
    case Op::reduce_sum:
    case Op::reduce_prod:
      if (is_float(t)) return t;
      return kind(t) == DKind::unsigned_ ? DType::uint64 : DType::int64;
    case Op::reduce_mean:
    case Op::reduce_var:
    case Op::reduce_std:
      return is_float(t) ? t : DType::float64;
    case Op::reduce_any:
    case Op::reduce_all:
      return DType::bool_;
    default:
      return t;
  }
}

void check_not_empty(Op op, const Dims& shape, uint64_t axes) {
  int64_t reduced = 1;
  for (int k = 0; k < shape.size(); ++k)
    if ((axes >> k) & 1) reduced *= shape[k];
  if (reduced != 0) return;  // NumPy complains even where no result is due
  const std::string_view row = info(op).name;
  if (op == Op::reduce_min || op == Op::reduce_max || op == Op::reduce_nanmin || op == Op::reduce_nanmax)
    throw Error(ErrorKind::value, "zero-size array to reduction operation " +
                                      std::string(info(join_of(op, DType::float64)).name) + " which has no identity");
  if (is_arg(op)) throw Error(ErrorKind::value, "attempt to get " + std::string(row) + " of an empty sequence");
}

}  // namespace

Array reduce(Op op, const Array& a, uint64_t axes, bool keepdims, std::optional<DType> dtype, double ddof) {
  const int ndim = a.ndim();
  if (ndim < 64) axes &= (uint64_t{1} << ndim) - 1;
  check_not_empty(op, a.shape(), axes);
  if (is_arg(op) && __builtin_popcountll(axes) > 1) {
    // The index counts in C order.
    Array index = reduce(op, reshape(a, Dims{-1}), 1, false, std::nullopt, 0);
    return keepdims ? reshape(index, Dims(ndim, 1)) : index;
  }
  if (!is_float(a.dtype()) && op == Op::reduce_nanmin) op = Op::reduce_min;
  if (!is_float(a.dtype()) && op == Op::reduce_nanmax) op = Op::reduce_max;
  NodeRef in = a.read();
  const DType loop = dtype && op != Op::reduce_any && op != Op::reduce_all ? *dtype : loop_dtype(op, in->dtype);
  const bool bool_loop = loop == DType::bool_ && op != Op::reduce_mean && op != Op::reduce_var && op != Op::reduce_std;
  if (!contains(info(op).loops, loop) && !bool_loop)
    throw Error(ErrorKind::type, std::string(info(op).name) + ": no loop for " + std::string(name(loop)));
  if (loop != in->dtype) in = make_elementwise(Op::cast, loop, in->shape, &in, 1);
  if (loop == DType::bool_) {
    if (op == Op::reduce_min || op == Op::reduce_prod) op = Op::reduce_all;
    if (op == Op::reduce_max || op == Op::reduce_sum) op = Op::reduce_any;
  }
  Dims out;
  {
    std::vector<int64_t> kept;
    for (int k = 0; k < ndim; ++k) {
      const bool reduced = (axes >> k) & 1;
      if (!reduced || keepdims) kept.push_back(reduced ? 1 : in->shape[k]);
    }
    out = Dims(kept.data(), static_cast<int>(kept.size()));
  }
  if (axes == 0) {  // nothing to reduce over: an axis of one element
    View v = View::whole(in->shape, in->order);
    v.insert_axis(ndim);
    in = make_window(in, v);
    axes = uint64_t{1} << ndim;
  }
  NodeRef n = make_reduce(op, is_arg(op) ? DType::int64 : loop, in, out, axes, ddof);
  flush_if_due(n);
  return Array(std::move(n), out.size() == 0);
}

}  // namespace lazulite
