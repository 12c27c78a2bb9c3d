// Several outputs in one pass: tie(y, z) = pack(first expression, second expression).
#pragma once

#include <tuple>

#include "lazulite/assign.h"

namespace lazulite {

namespace detail {

/// Expressions of one shape that are evaluated together.
template <class... N>
struct packed_nodes {
  std::tuple<N...> nodes;
};

inline namespace LAZULITE_ON_TARGET {

template <int R, class... T, class... N, size_t... k>
HWY_NOINLINE void assign_together(const std::tuple<view<T, R>...>& out, const std::tuple<N...>& nodes,
                                  std::index_sequence<k...>) {
  constexpr int leaves = (N::leaves + ...), n_numbers = (N::numbers + ...);
  const map_kernel& kernel = LAZULITE_CHOOSE(kMapKernel<N...>);
  const extents<R>& shape = std::get<0>(out).shape();
  if (shape.product() == 0) return;
  // All values are those of before: an output that some expression reads is written aside first.
  bool apart = true;
  const auto look = [&](const auto& written, const auto& node) {
    node.each_leaf([&](const auto& operand) {
      if constexpr (!std::decay_t<decltype(operand)>::is_drawn)
        apart = apart && overlap_of(written, operand.elements()) == overlap::apart;
    });
  };
  const auto look_at_all = [&](const auto& written) { (look(written, std::get<k>(nodes)), ...); };
  (look_at_all(std::get<k>(out)), ...);
  if (!apart) {
    std::tuple<array<T, R>...> aside{array<T, R>(shape)...};
    assign_together<R, T...>(std::tuple<view<T, R>...>(std::get<k>(aside)...), nodes, std::index_sequence<k...>());
    (assign(std::get<k>(out), std::get<k>(aside)), ...);
    return;
  }
  slot numbers[n_numbers + 1];
  memory in[leaves + 1];
  slot* s = numbers;
  memory* m = in;
  (std::get<k>(nodes).each_number([&](const slot& x) { *s++ = x; }), ...);
  (std::get<k>(nodes).each_leaf([&](const auto& operand) { *m++ = memory_of_leaf(operand, shape.begin(), R); }), ...);
  memory to[] = {memory_of(std::get<k>(out), shape.begin(), R)...};
  pass job{numbers, in, leaves, to, sizeof...(k), R, {}, 0, 0, max_of({N::wide...}), kernel.step, (N::cost() + ...)};
  for (int j = 0; j < R; ++j) job.extents[j] = shape[j];
  run_map(job, kernel.loop, true);
}

}  // namespace LAZULITE_ON_TARGET

/// Where the values go.
template <int R, class... T>
struct tied {
  std::tuple<view<T, R>...> out;

  template <class... N>
  LAZULITE_INLINE const tied& operator=(packed_nodes<N...> p) const {
    static_assert(sizeof...(N) == sizeof...(T), "lazulite: tie(...) and pack(...) must have as many members");
    static_assert(((N::rank <= R) && ...), "lazulite: an expression has more axes than what it is assigned to");
    convert_and_assign(p, std::index_sequence_for<N...>());
    return *this;
  }

 private:
  template <class P, size_t... k>
  LAZULITE_INLINE void convert_and_assign(P& p, std::index_sequence<k...> all) const {
    const extents<R>& shape = std::get<0>(out).shape();
    if (!((std::get<k>(out).shape() == shape) && ...)) throw shape_error("tie: the arrays differ in shape");
    (check_assignable(shape, std::get<k>(p.nodes).shape()), ...);
    assign_together<R, T...>(out, std::tuple(as<T>(std::move(std::get<k>(p.nodes)))...), all);
  }
};

}  // namespace detail

/// Arrays or views of one shape, to be assigned to together.
template <int R, class... T>
detail::tied<R, T...> tie(array<T, R>&... a) {
  return {std::tuple<view<T, R>...>(view<T, R>(a)...)};
}
template <int R, class... T>
detail::tied<R, T...> tie(const view<T, R>&... v) {
  return {std::tuple<view<T, R>...>(v...)};
}
/// Their values.
template <class... E, class = std::enable_if_t<(is_expression<E> && ...)>>
auto pack(E&&... e) {
  return detail::packed_nodes<detail::node<E>...>{{detail::node_of(std::forward<E>(e))...}};
}

}  // namespace lazulite
