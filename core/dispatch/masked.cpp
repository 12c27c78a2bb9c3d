// x[mask] whose shape nobody has asked for: reductions with the mask inside the pass.
#include <limits>
#include <type_traits>

#include "core/dispatch/engine.h"
#include "core/dispatch/indexing.h"
#include "core/dispatch/registry.h"

namespace lazulite {

namespace {

Scalar lowest(DType t, bool highest) {
  return visit(t, [&](auto zero) {
    using T = decltype(zero);
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_floating_point_v<T>) return Scalar::of<T>(highest ? Limits::infinity() : -Limits::infinity());
    return Scalar::of<T>(highest ? Limits::max() : Limits::lowest());
  });
}

/// What an element that the mask leaves out counts as, in the reductions that have such a value.
std::optional<Scalar> identity(Op op, DType t) {
  switch (op) {
    case Op::reduce_sum:
    case Op::reduce_any:
      return Scalar{};
    case Op::reduce_all:
      return convert(Scalar::of<bool>(true), DType::bool_, t);
    case Op::reduce_min:
      return lowest(t, true);
    case Op::reduce_max:
      return lowest(t, false);
    default:
      return std::nullopt;
  }
}

/// The mask with as many axes as the values.
Array aligned_mask(const Masked& m) {
  Dims shape(m.values.ndim(), 1);
  for (int k = 0; k < m.mask.ndim(); ++k) shape[k] = m.mask.shape()[k];
  return m.mask.ndim() == m.values.ndim() ? m.mask : reshape(m.mask, shape);
}

/// Sums, means and moments of floats count what they see.
Array reduce_counted(Op op, const Masked& m, DType loop, double ddof) {
  NodeRef in = m.values.read();
  if (in->dtype != loop) in = make_elementwise(Op::cast, loop, in->shape, &in, 1);
  const uint64_t all = (uint64_t{1} << in->shape.size()) - 1;
  const NodeRef n = make_reduce(op, loop, in, Dims(), all, ddof, aligned_mask(m).read());
  flush_if_due(n);
  return Array(n, true);
}

/// Extremes of nothing are an error, on the line: so these are computed now.
void check_not_empty(Op op, const Masked& m, const Array& result) {
  const Array some = reduce(Op::reduce_any, m.mask, ~uint64_t{0});
  compute({result, some});
  if (!item(some).as<bool>())
    throw Error(ErrorKind::value,
                "zero-size array to reduction operation " + std::string(info(op).name) + "imum which has no identity");
}

}  // namespace

bool is_small(const Masked& m) {
  return m.values.is_computed() && m.mask.is_computed() && m.values.size() <= Engine::get().options.eager_below;
}

Array take(const Masked& m) {
  Selector s;
  s.view = view_of(m.values);
  s.indices.push_back({m.mask, 0, 0});
  return take(m.values, find_places(s));
}

std::optional<Array> reduce(Op op, const Masked& m, bool keepdims, std::optional<DType> dtype, double ddof) {
  if (m.values.ndim() >= kMaxDims) return std::nullopt;
  const DType t = m.values.dtype();
  Array result;
  const bool counts = op == Op::reduce_mean || op == Op::reduce_var || op == Op::reduce_std;
  const DType loop = dtype ? *dtype : counts && !is_float(t) ? DType::float64 : t;
  if (is_float(loop) && (counts || op == Op::reduce_sum)) {
    result = reduce_counted(op, m, loop, ddof);
  } else if (const auto left_out = identity(op, t); left_out && !counts) {
    const Argument args[] = {aligned_mask(m), m.values, Array(make_constant(t, *left_out))};
    result = reduce(op, apply(Op::where, args, 3), ~uint64_t{0}, false, dtype);
    if (op == Op::reduce_min || op == Op::reduce_max) check_not_empty(op, m, result);
  } else {
    return std::nullopt;
  }
  return keepdims ? reshape(result, Dims(m.values.ndim() - m.mask.ndim() + 1, 1)) : result;
}

}  // namespace lazulite
