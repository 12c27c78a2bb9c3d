// sum, prod, mean, var, std, min, max, argmin, argmax, any and all, over all axes or some.
#pragma once

#include "lazulite/assign.h"
#include "lazulite/reduce.h"
#include "lazulite/ways.h"

namespace lazulite {

/// Leaves reduced axes in place, with one element.
struct keepdims_t {};
inline constexpr keepdims_t keepdims{};

/// Several axes to reduce over.
template <int N>
struct axes_t {
  int at[N];
};
template <class... I>
constexpr axes_t<static_cast<int>(sizeof...(I))> axes(I... axis) {
  return {{static_cast<int>(axis)...}};
}

/// Of var and std: what is taken off the number of elements.
struct ddof {
  double value;
  constexpr explicit ddof(double v) : value(v) {}
};

namespace detail {

inline int checked_axis(int axis, int rank) {
  const int at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank)
    throw index_error("axis " + std::to_string(axis) + " is out of bounds for array of dimension " +
                      std::to_string(rank));
  return at;
}

inline namespace LAZULITE_ON_TARGET {

/// The usual case of a reduction over all axes, on the spot: operands of one shape, in C order, one block of elements.
template <class Way, class N>
LAZULITE_INLINE bool reduce_quickly(const N& e, typename Way::result* result) {
  using T = typename N::value_type;
  constexpr double ns = N::cost() + 0.05 + byte_ns * N::leaves * static_cast<double>(N::wide);
  const auto shape = e.shape();
  const int64_t n = shape.product();
  if (n < 1 || n > inner_block || ns * static_cast<double>(n) > serial_ns) return false;
  const std::byte* p[N::leaves + 1];
  int64_t sizes[N::leaves + 1];
  int k = 0;
  bool quick = true;
  e.each_leaf([&](const auto& operand) LAZULITE_LAMBDA {
    using L = std::decay_t<decltype(operand)>;
    if constexpr (L::rank != N::rank || L::is_drawn)
      quick = false;
    else
      quick = quick && operand.shape() == shape && (L::always_c_order || is_c_order(operand.elements()));
    sizes[k] = static_cast<int64_t>(sizeof(typename L::value_type));
    p[k++] = reinterpret_cast<const std::byte*>(operand.data());
  });
  if (!quick) return false;
  const numbers_of<N> numbers(e);
  const reduction_loops& loops = LAZULITE_CHOOSE(kReductionLoops<Way, N>);
  alignas(64) std::byte region[strip_bytes];
  alignas(64) std::byte room[N::leaves + 1][strip_bytes];  // for less than a step
  for (int j = 0; j < k && n < loops.step; ++j) {
    const auto bytes = static_cast<size_t>(n * sizes[j]);
    std::memcpy(room[j], p[j], bytes);
    std::memset(room[j] + bytes, 0, static_cast<size_t>(strip_bytes) - bytes);
    p[j] = room[j];
  }
  T value;
  loops.start(region);
  loops.reduce(p, numbers.at, region, n, 0);
  loops.fold(region, reinterpret_cast<std::byte*>(&value));
  *result = Way::finish(value, n, 0);
  return true;
}

/// Reduces a node over the axes whose bits are set. `out` has as many axes as the node, those of stride 0 reduced.
template <class Way, class N>
HWY_NOINLINE void reduce_node(const N& e, uint32_t reduced, typename Way::result* data, const int64_t* out_strides,
                              double ddof) {
  using R = typename Way::result;
  constexpr int rank = N::rank;
  const extents<rank> shape = e.shape();
  int64_t total = 1, results = 1;
  for (int k = 0; k < rank; ++k) ((reduced >> k) & 1 ? total : results) *= shape[k];
  if (total == 0 && Way::fold::kind == fold_kind::arg)
    throw shape_error(std::string("attempt to get ") + Way::name + " of an empty sequence");
  if (total == 0 && !Way::has_identity)
    throw shape_error(std::string("zero-size array to reduction operation ") + Way::name + " which has no identity");
  if (total == 0 || results == 0) {
    for (int64_t k = 0; k < results; ++k) data[k] = Way::of_nothing();
    return;
  }
  const reduction_loops& loops = LAZULITE_CHOOSE(kReductionLoops<Way, N>);
  const numbers_of<N> numbers(e);
  memories_of<N> in(e, shape.begin(), rank);
  memory out{reinterpret_cast<std::byte*>(data), sizeof(R), {}};
  for (int k = 0; k < rank; ++k) out.strides[k] = out_strides[k];
  constexpr int width = N::wide;
  pass job{numbers.at, in.at,   N::leaves, &out,  1,          rank,
           {},         reduced, 0,         width, loops.step, N::cost() + cost_of(Op::reduce_sum)};
  for (int k = 0; k < rank; ++k) job.extents[k] = shape[k];
  const auto store = [ddof](const typename Way::fold::partial& v, int64_t n, std::byte* to) {
    const R r = Way::finish(v, n, ddof);
    std::memcpy(to, &r, sizeof r);
  };
  reduction<typename Way::fold, decltype(store)>(job, loops, store).run();
}

}  // namespace LAZULITE_ON_TARGET

/// The operand in the reduction's loop type.
template <class Way, class E>
LAZULITE_INLINE auto operand_of(const E& e) {
  if constexpr (std::is_same_v<typename Way::result, bool> && !std::is_same_v<typename E::value_type, bool>)
    return as<typename Way::loop>(as<bool>(e));
  else
    return as<typename Way::loop>(e);
}

/// How a reduction was asked for.
template <class X>
inline constexpr int axes_in = std::is_integral_v<X> ? 1 : 0;
template <int N>
inline constexpr int axes_in<axes_t<N>> = N;
template <class X>
inline constexpr bool is_option = std::is_integral_v<X> || std::is_same_v<X, keepdims_t> || std::is_same_v<X, ddof>;
template <int N>
inline constexpr bool is_option<axes_t<N>> = true;

template <int N>
struct reduced_axes {
  int at[N + 1] = {};
  double ddof = 0;
  constexpr void take(keepdims_t) {}
  constexpr void take(lazulite::ddof d) { ddof = d.value; }
  template <int M>
  constexpr void take(const axes_t<M>& axes) {
    for (int k = 0; k < M; ++k) at[k] = axes.at[k];
  }
  template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
  constexpr void take(I axis) {
    at[0] = static_cast<int>(axis);
  }
};

template <class W, class E>
LAZULITE_INLINE auto reduce_all(const E& e, double ddof) {
  static_assert(contains(kAll, dtype_of<typename W::loop>));
  typename W::result r{};
  const int64_t no_strides[max_rank] = {};
  const auto node = operand_of<W>(e);
  if constexpr (E::rank > 0 && W::fold::kind == fold_kind::joined) {
    if (reduce_quickly<W>(node, &r)) return r;
  }
  reduce_node<W>(node, (1u << E::rank) - 1, &r, no_strides, ddof);
  return r;
}

template <class W, bool keep, class E, int N>
LAZULITE_INLINE auto reduce_axes(const E& e, const reduced_axes<N>& over) {
  constexpr int R = keep ? E::rank : E::rank - N;
  const auto shape = e.shape();
  uint32_t reduced = 0;
  for (int k = 0; k < N; ++k) {
    const uint32_t bit = 1u << checked_axis(over.at[k], E::rank);
    if (reduced & bit) throw index_error("duplicate value in 'axis'");
    reduced |= bit;
  }
  extents<R> kept;
  int at = 0;
  for (int k = 0; k < E::rank; ++k) {
    const bool is_reduced = (reduced >> k) & 1;
    if (!is_reduced || keep) kept[at++] = is_reduced ? 1 : shape[k];
  }
  array<typename W::result, R> result(kept);
  int64_t strides[max_rank] = {};
  int64_t step = 1;
  for (int k = E::rank - 1; k >= 0; --k) {
    if ((reduced >> k) & 1) continue;
    strides[k] = step;
    step *= shape[k];
  }
  reduce_node<W>(operand_of<W>(e), reduced, result.data(), strides, over.ddof);
  return result;
}

template <template <class> class Way, class E, class... Options>
LAZULITE_INLINE auto reduce(const E& e, const Options&... options) {
  using W = Way<typename E::value_type>;
  constexpr int N = (axes_in<Options> + ... + 0);
  constexpr bool keep = (std::is_same_v<Options, keepdims_t> || ...);
  constexpr bool knows_ddof = W::fold::kind == fold_kind::moments || !(std::is_same_v<Options, ddof> || ...);
  static_assert(N <= E::rank, "lazulite: the expression has fewer axes than are to be reduced");
  static_assert(N <= 1 || W::fold::kind != fold_kind::arg, "lazulite: argmin and argmax take one axis, or none");
  static_assert(knows_ddof, "lazulite: only var and std take ddof");
  if constexpr (N <= E::rank && (N <= 1 || W::fold::kind != fold_kind::arg) && knows_ddof) {
    reduced_axes<N> over;
    (over.take(options), ...);
    if constexpr (N > 0)
      return reduce_axes<W, keep>(e, over);
    else if constexpr (keep)
      static_assert(!keep, "lazulite: keepdims goes with axes: of everything there is one value");
    else
      return reduce_all<W>(e, over.ddof);
  }
}

}  // namespace detail

// Each over all axes (a value), over one, or over several (arrays): sum(a), sum(a, 1), sum(a, axes(0, 2), keepdims),
// var(a, 1, ddof(1)).
#define LAZULITE_REDUCTION(name, way)                                                          \
  template <class E, class... Options,                                                         \
            class = std::enable_if_t<is_expression<E> && (detail::is_option<Options> && ...)>> \
  LAZULITE_INLINE auto name(const E& e, Options... options) {                                  \
    return detail::reduce<detail::way>(e, options...);                                         \
  }
LAZULITE_REDUCTION(sum, sum_of)
LAZULITE_REDUCTION(prod, prod_of)
LAZULITE_REDUCTION(mean, mean_of)
LAZULITE_REDUCTION(var, var_of)
LAZULITE_REDUCTION(std, std_of)
LAZULITE_REDUCTION(min, min_of_all)
LAZULITE_REDUCTION(max, max_of_all)
LAZULITE_REDUCTION(argmin, argmin_of)
LAZULITE_REDUCTION(argmax, argmax_of)
LAZULITE_REDUCTION(any, any_of_all)
namespace detail {
LAZULITE_REDUCTION(all, all_of_all)
}
#undef LAZULITE_REDUCTION

template <class E, class... Axis>
auto all_t::operator()(const E& e, Axis... axis) const {
  return detail::all(e, axis...);
}

}  // namespace lazulite
