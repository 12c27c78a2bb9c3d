// sum, prod, mean, min, max, any, all and count_nonzero, over all axes or some.
#pragma once

#include "lazulite/assign.h"
#include "lazulite/reduce.h"

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

namespace detail {

constexpr DType sum_type(DType t) {
  if (is_float(t)) return t;
  return kind(t) == DKind::unsigned_ ? DType::uint64 : DType::int64;
}

/// A row's way: the dtype that it computes in, how partial results join, and what becomes of a result.
template <class T>
struct sum_of {
  static constexpr const char* name = "add";
  static constexpr Op join = Op::add;
  static constexpr bool has_identity = true;
  using loop = element<sum_type(dtype_of<T>)>;
  using joins = Sum<loop>;
  using result = loop;
  static result finish(loop v, int64_t) { return v; }
};
template <class T>
struct prod_of : sum_of<T> {
  static constexpr const char* name = "multiply";
  static constexpr Op join = Op::multiply;
  using joins = Product<typename sum_of<T>::loop>;
};
template <class T>
struct mean_of {
  static constexpr const char* name = "mean";
  static constexpr Op join = Op::add;
  static constexpr bool has_identity = true;
  using loop = std::conditional_t<std::is_floating_point_v<T>, T, double>;
  using joins = Sum<loop>;
  using result = loop;
  static result finish(loop v, int64_t n) { return v / static_cast<loop>(n); }
};
template <class T>
struct extreme_of {
  static constexpr bool has_identity = false;
  using loop = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
  using result = T;
  static result finish(loop v, int64_t) { return static_cast<T>(v); }
};
template <class T>
struct min_of_all : extreme_of<T> {
  static constexpr const char* name = "minimum";
  static constexpr Op join = Op::minimum;
  using joins = Min<typename extreme_of<T>::loop>;
};
template <class T>
struct max_of_all : extreme_of<T> {
  static constexpr const char* name = "maximum";
  static constexpr Op join = Op::maximum;
  using joins = Max<typename extreme_of<T>::loop>;
};
/// Truths are bytes of 0 or 1: `any` is their largest, `all` their smallest.
template <class T>
struct any_of_all {
  static constexpr const char* name = "any";
  static constexpr Op join = Op::maximum;
  static constexpr bool has_identity = true;
  using loop = uint8_t;
  struct joins : Max<uint8_t> {};
  using result = bool;
  static bool finish(loop v, int64_t) { return v != 0; }
};
template <class T>
struct all_of_all : any_of_all<T> {
  static constexpr const char* name = "all";
  static constexpr Op join = Op::minimum;
  struct joins : Min<uint8_t> {};
};

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
  constexpr int strip = static_cast<int>(strip_bytes) / N::wide;
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
  alignas(64) T partials[strip_bytes];
  std::fill_n(partials, loops.lanes, Way::joins::identity());
  const int64_t whole = n / strip * strip, rest = n - whole;
  if (whole > 0) loops.reduce(p, numbers.at, whole / loops.lanes, reinterpret_cast<std::byte*>(partials));
  if (rest > 0) {
    alignas(64) std::byte tails[N::leaves + 1][strip_bytes + 64];
    alignas(64) T values[strip_bytes];
    for (int j = 0; j < k; ++j) {
      const auto bytes = static_cast<size_t>(rest * sizes[j]);
      std::memcpy(tails[j], p[j] + whole * sizes[j], bytes);
      std::memset(tails[j] + bytes, 0, static_cast<size_t>(strip_bytes) - bytes);
      p[j] = tails[j];
    }
    auto* const to = reinterpret_cast<std::byte*>(values);
    loops.values(p, numbers.at, &to, std::max<int64_t>(loops.step, rest));
    for (int64_t j = 0; j < rest; ++j) {
      T& into = partials[j % loops.lanes];
      into = Way::joins::join(into, values[j]);
    }
  }
  *result = Way::finish(fold_tree<typename Way::joins>(partials, std::min(loops.lanes, n)), n);
  return true;
}

/// Reduces a node over the axes whose bits are set. `out` has as many axes as the node, those of stride 0 reduced.
template <class Way, class N>
HWY_NOINLINE void reduce_node(const N& e, uint32_t reduced, typename Way::result* data, const int64_t* out_strides) {
  using T = typename Way::loop;
  using R = typename Way::result;
  constexpr int rank = N::rank;
  const extents<rank> shape = e.shape();
  int64_t total = 1, results = 1;
  for (int k = 0; k < rank; ++k) ((reduced >> k) & 1 ? total : results) *= shape[k];
  if (total == 0 && !Way::has_identity)
    throw shape_error(std::string("zero-size array to reduction operation ") + Way::name + " which has no identity");
  if (total == 0 || results == 0) {
    for (int64_t k = 0; k < results; ++k) {
      T nothing = Way::joins::identity();
      if constexpr (std::is_floating_point_v<T>) nothing = nothing + T(0);  // the sum of nothing is +0
      if constexpr (std::is_same_v<R, bool>) nothing = Way::join == Op::minimum;
      data[k] = Way::finish(nothing, 0);
    }
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
  const auto store = [](T v, int64_t n, std::byte* to) {
    const R r = Way::finish(v, n);
    std::memcpy(to, &r, sizeof r);
  };
  reduction<T, typename Way::joins, decltype(store)>(job, loops, store).run();
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

template <template <class> class Way, class E>
LAZULITE_INLINE auto reduce_all(const E& e) {
  using W = Way<typename E::value_type>;
  static_assert(contains(kAll, dtype_of<typename W::loop>));
  typename W::result r{};
  const int64_t no_strides[max_rank] = {};
  const auto node = operand_of<W>(e);
  if constexpr (E::rank > 0) {
    if (reduce_quickly<W>(node, &r)) return r;
  }
  reduce_node<W>(node, (1u << E::rank) - 1, &r, no_strides);
  return r;
}

template <template <class> class Way, int N, bool keep, class E>
LAZULITE_INLINE auto reduce_checked(const E& e, const axes_t<N>& over) {
  using W = Way<typename E::value_type>;
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
  reduce_node<W>(operand_of<W>(e), reduced, result.data(), strides);
  return result;
}

template <template <class> class Way, int N, bool keep, class E>
LAZULITE_INLINE auto reduce_axes(const E& e, const axes_t<N>& over) {
  static_assert(N <= E::rank, "lazulite: the expression has fewer axes than are to be reduced");
  if constexpr (N <= E::rank) return reduce_checked<Way, N, keep>(e, over);
}

}  // namespace detail

// Each over all axes (a value), over one, or over several (arrays): sum(a), sum(a, 1), sum(a, axes(0, 2), keepdims).
#define LAZULITE_REDUCTION(name, way)                                                              \
  template <class E, class = std::enable_if_t<is_expression<E>>>                                   \
  LAZULITE_INLINE auto name(const E& e) {                                                          \
    return detail::reduce_all<detail::way>(e);                                                     \
  }                                                                                                \
  template <class E, class I, class = std::enable_if_t<is_expression<E> && std::is_integral_v<I>>> \
  LAZULITE_INLINE auto name(const E& e, I axis) {                                                  \
    return detail::reduce_axes<detail::way, 1, false>(e, axes(axis));                              \
  }                                                                                                \
  template <class E, class I, class = std::enable_if_t<is_expression<E> && std::is_integral_v<I>>> \
  LAZULITE_INLINE auto name(const E& e, I axis, keepdims_t) {                                      \
    return detail::reduce_axes<detail::way, 1, true>(e, axes(axis));                               \
  }                                                                                                \
  template <class E, int N, class = std::enable_if_t<is_expression<E>>>                            \
  LAZULITE_INLINE auto name(const E& e, const axes_t<N>& over) {                                   \
    return detail::reduce_axes<detail::way, N, false>(e, over);                                    \
  }                                                                                                \
  template <class E, int N, class = std::enable_if_t<is_expression<E>>>                            \
  LAZULITE_INLINE auto name(const E& e, const axes_t<N>& over, keepdims_t) {                       \
    return detail::reduce_axes<detail::way, N, true>(e, over);                                     \
  }
LAZULITE_REDUCTION(sum, sum_of)
LAZULITE_REDUCTION(prod, prod_of)
LAZULITE_REDUCTION(mean, mean_of)
LAZULITE_REDUCTION(min, min_of_all)
LAZULITE_REDUCTION(max, max_of_all)
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
