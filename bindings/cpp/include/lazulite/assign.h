// y = expression: broadcasting, NumPy's rule for overlapping memory, and the choice of the loop.
#pragma once

#include "lazulite/functions.h"
#include "lazulite/kernels.h"
#include "lazulite/loops.h"

namespace lazulite {

namespace detail {

inline namespace LAZULITE_ON_TARGET {

/// A view's elements for loops over `rank` axes, the last ones of which are its own.
template <class T, int R>
memory memory_of(const view<T, R>& v, const int64_t* shape, int rank) {
  memory m{reinterpret_cast<std::byte*>(const_cast<std::remove_const_t<T>*>(v.data())), sizeof(T), {}};
  for (int k = 0; k < rank; ++k) {
    const int own = k - (rank - R);
    m.strides[k] = own < 0 || (v.shape()[own] == 1 && shape[k] != 1) ? 0 : v.strides()[own];
  }
  return m;
}

template <class L>
memory memory_of_leaf(const L& operand, const int64_t* shape, int rank) {
  return memory_of(operand.elements(), shape, rank);
}

/// First and last byte of the elements of v.
template <class T, int R>
std::pair<const std::byte*, const std::byte*> bytes_of(const view<T, R>& v) {
  const auto* low = reinterpret_cast<const std::byte*>(v.data());
  const auto* high = low + sizeof(T);
  for (int k = 0; k < R; ++k) {
    const int64_t far = (v.shape()[k] - 1) * v.strides()[k] * static_cast<int64_t>(sizeof(T));
    (far < 0 ? low : high) += far;
  }
  return {low, high};
}

template <class T, int R>
LAZULITE_INLINE bool is_c_order(const view<T, R>& v) {
  int64_t step = 1;
  for (int k = R - 1; k >= 0; --k) {
    if (v.strides()[k] != step && v.shape()[k] != 1) return false;
    step *= v.shape()[k];
  }
  return true;
}

/// How an operand's memory lies to that of the output.
enum class overlap { apart, same, some };
template <class T, int R, class U, int S>
overlap overlap_of(const view<T, R>& out, const view<U, S>& in) {
  const auto a = bytes_of(out), b = bytes_of(in);
  if (a.second <= b.first || b.second <= a.first) return overlap::apart;
  if constexpr (R == S && sizeof(T) == sizeof(U)) {
    if (static_cast<const void*>(out.data()) == static_cast<const void*>(in.data()) && out.shape() == in.shape() &&
        out.strides() == in.strides())
      return overlap::same;
  }
  return overlap::some;
}

/// The expression's operands: in memory, and numbers.
template <class E>
struct numbers_of {
  slot at[E::numbers + 1];
  LAZULITE_INLINE explicit numbers_of(const E& e) {
    slot* to = at;
    if constexpr (E::numbers == 0) *to = {};
    e.each_number([&](const slot& s) LAZULITE_LAMBDA { *to++ = s; });
  }
};
template <class E>
struct memories_of {
  memory at[E::leaves + 1];
  memories_of(const E& e, const int64_t* shape, int rank) {
    int k = 0;
    e.each_leaf([&](const auto& operand) { at[k++] = memory_of_leaf(operand, shape, rank); });
  }
};

/// Fewer elements than a step: copies of the operands with room behind, and of the results. Memory may overlap.
inline __attribute__((noinline)) void assign_few(map_loop loop, int64_t step, const std::byte* const* p,
                                                 const int64_t* sizes, int operands, const slot* numbers,
                                                 std::byte* out, int64_t size, int64_t n) {
  constexpr int most = 16;
  alignas(64) std::byte room[most + 1][strip_bytes];
  const std::byte* in[most];
  for (int k = 0; k < operands; ++k) {
    std::memset(room[k], 0, static_cast<size_t>(step * sizes[k]));
    std::memcpy(room[k], p[k], static_cast<size_t>(n * sizes[k]));
    in[k] = room[k];
  }
  std::byte* const to = room[most];
  loop(in, numbers, &to, step);
  std::memcpy(out, to, static_cast<size_t>(n * size));
}

/// The usual case, on the spot: little work on operands of the output's shape, in C order, apart from it or in place.
template <class T, int R, class E>
LAZULITE_INLINE bool assign_quickly(const view<T, R>& out, bool out_in_order, const E& e) {
  const map_kernel& kernel = LAZULITE_CHOOSE(kMapKernel<E>);
  const int step = kernel.step;
  constexpr double ns = E::cost() + 0.02 + byte_ns * (E::leaves + 1) * static_cast<double>(E::wide);
  constexpr auto most = static_cast<int64_t>(serial_ns / ns);
  const int64_t n = out.size();
  const bool is_few = n < step && E::leaves <= 16;
  if (n < 1 || (n < step && !is_few) || n > most || !out_in_order) return false;
  const auto* low = reinterpret_cast<const std::byte*>(out.data());
  const auto* high = low + n * static_cast<int64_t>(sizeof(T));
  const std::byte* p[E::leaves + 1];
  int64_t sizes[E::leaves + 1];
  const std::byte** to = p;
  int64_t* to_size = sizes;
  if constexpr (E::leaves == 0) *to = nullptr, *to_size = 0;
  bool quick = true;
  e.each_leaf([&](const auto& operand) LAZULITE_LAMBDA {
    using L = std::decay_t<decltype(operand)>;
    if constexpr (L::rank != R || L::is_drawn) {
      quick = false;
    } else {
      quick = quick && operand.shape() == out.shape() && (L::always_c_order || is_c_order(operand.elements()));
    }
    constexpr auto size = static_cast<int64_t>(sizeof(typename L::value_type));
    const auto* first = reinterpret_cast<const std::byte*>(operand.data());
    const bool in_place = first == low && size == static_cast<int64_t>(sizeof(T)) && n % step == 0;
    quick = quick && (is_few || first >= high || first + n * size <= low || in_place);
    *to++ = first;
    *to_size++ = size;
  });
  if (!quick) return false;
  const numbers_of<E> numbers(e);
  std::byte* const to_out = reinterpret_cast<std::byte*>(out.data());
  if (is_few)
    assign_few(kernel.loop, step, p, sizes, E::leaves, numbers.at, to_out, static_cast<int64_t>(sizeof(T)), n);
  else
    kernel.loop(p, numbers.at, &to_out, n);
  return true;
}

/// Every other case. (The expression by value, so that it lies in memory only where this is called.)
template <class T, int R, class E>
HWY_NOINLINE void assign_anyhow(const view<T, R> out, const E e) {
  if (out.size() == 0) return;
  overlap worst = overlap::apart;
  e.each_leaf([&](const auto& operand) {
    if constexpr (!std::decay_t<decltype(operand)>::is_drawn) {
      const overlap o = overlap_of(out, operand.elements());
      if (o > worst) worst = o;
    }
  });
  if (worst == overlap::some) {
    array<T, R> values(out.shape());
    assign_anyhow<T, R, E>(view<T, R>(values), e);
    return assign_anyhow<T, R, leaf<T, R>>(out, leaf<T, R>(view<const T, R>(values)));
  }
  const map_kernel& kernel = LAZULITE_CHOOSE(kMapKernel<E>);
  const numbers_of<E> numbers(e);
  memories_of<E> in(e, out.shape().begin(), R);
  memory to = memory_of(out, out.shape().begin(), R);
  pass job{numbers.at, in.at, E::leaves, &to, 1, R, {}, 0, 0, E::wide, kernel.step, E::cost()};
  for (int k = 0; k < R; ++k) job.extents[k] = out.shape()[k];
  run_map(job, kernel.loop, worst == overlap::apart);
}

}  // namespace LAZULITE_ON_TARGET

template <int R, int S>
void check_assignable(const extents<R>& out, const extents<S>& in) {
  for (int k = 0; k < S; ++k)
    if (in[k] != out[R - S + k] && in[k] != 1)
      throw shape_error("could not broadcast input array from shape " + to_string(in) + " into shape " +
                        to_string(out));
}

/// A node of the elements' type.
template <class T, int R, class E>
LAZULITE_INLINE void assign_values(const view<T, R>& out, const E& e) {
  static_assert(E::rank <= R, "lazulite: the expression has more axes than what it is assigned to");
  if constexpr (E::rank <= R) {
    if (assign_quickly(out, is_c_order(out), e)) return;
    check_assignable(out.shape(), e.shape());
    assign_anyhow(out, e);
  }
}

template <class T, int R, class E>
LAZULITE_INLINE void assign(const view<T, R>& out, const E& e) {
  static_assert(!std::is_const_v<T>, "lazulite: the elements of this view are const");
  static_assert(is_operand<E>, "lazulite: only arrays, expressions and numbers can be assigned");
  if constexpr (std::is_const_v<T> || !is_operand<E>) {
  } else {
    if constexpr (std::is_base_of_v<node_base, E>) {
      if constexpr (std::is_same_v<typename E::value_type, T>) return assign_values(out, e);
    }
    assign_values(out, as<T>(e));
  }
}

template <Op op, class T, int R, class E>
LAZULITE_INLINE void update(const view<T, R>& out, E&& e) {
  static_assert(!std::is_const_v<T>, "lazulite: the elements of this view are const");
  const auto node = apply<op>(out, std::forward<E>(e));
  constexpr bool allowed = same_kind(dtype_of<typename decltype(node)::value_type>, dtype_of<std::remove_const_t<T>>);
  static_assert(allowed,
                "lazulite: the result is of another kind than the array (a float into integers, say); use astype");
  if constexpr (allowed && !std::is_const_v<T>) assign(out, node);
}

}  // namespace detail

/// The values of an expression, as an array of its own.
template <class E, class = std::enable_if_t<is_expression<E>>>
LAZULITE_INLINE auto eval(const E& e) {
  return array<typename E::value_type, E::rank>(e);
}

}  // namespace lazulite
