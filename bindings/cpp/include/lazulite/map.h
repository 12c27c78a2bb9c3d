// map(function, a, b, ...): a user's function on vectors, fused like any op.
//
// The function is called with vectors of each operand's elements (`simd<T>`), as a generic lambda or template is, and
// gives one: map([](auto x, auto y) { return x * exp(y) + 1.0; }, a, b). It must not look at a lane's position.
#pragma once

#include "lazulite/vectors-inl.h"

LAZULITE_BEGIN_ROUNDED

namespace lazulite {
namespace HWY_NAMESPACE {

/// Some elements in a register: arithmetic, comparisons and all functions of the table that have a loop on T.
template <class T>
struct simd {
  using value_type = T;
  Vector<T> v;
  HWY_INLINE simd(Vector<T> x) : v(x) {}             // NOLINT
  HWY_INLINE simd(T x) : v(hn::Set(Tag<T>(), x)) {}  // NOLINT: numbers mix in
};
/// Which lanes something is true of.
template <class T>
struct simd_mask {
  hn::Mask<Tag<T>> m;
  friend HWY_INLINE simd_mask operator&&(simd_mask a, simd_mask b) { return {hn::And(a.m, b.m)}; }
  friend HWY_INLINE simd_mask operator||(simd_mask a, simd_mask b) { return {hn::Or(a.m, b.m)}; }
  friend HWY_INLINE simd_mask operator!(simd_mask a) { return {hn::Not(a.m)}; }
};

template <class T>
struct same_type {
  using type = T;
};
template <class T>
using alike = typename same_type<T>::type;  // not deduced from: a number converts

#define LZ_UNARY(id)                                                                   \
  template <class T>                                                                   \
  HWY_INLINE simd<T> id(simd<T> a) {                                                   \
    static_assert(contains(detail::loops_of(Op::id), dtype_of<T>),                     \
                  "lazulite: this function is not defined for elements of this type"); \
    return {VecOf<Op::id>::apply(Tag<T>(), a.v)};                                      \
  }
#define LZ_BINARY(id)                                                                  \
  template <class T>                                                                   \
  HWY_INLINE simd<T> id(simd<T> a, simd<T> b) {                                        \
    static_assert(contains(detail::loops_of(Op::id), dtype_of<T>),                     \
                  "lazulite: this function is not defined for elements of this type"); \
    return {VecOf<Op::id>::apply(Tag<T>(), a.v, b.v)};                                 \
  }                                                                                    \
  template <class T>                                                                   \
  HWY_INLINE simd<T> id(simd<T> a, alike<T> b) {                                       \
    return id(a, simd<T>(b));                                                          \
  }                                                                                    \
  template <class T>                                                                   \
  HWY_INLINE simd<T> id(alike<T> a, simd<T> b) {                                       \
    return id(simd<T>(a), b);                                                          \
  }
#define LZ_TEST(id)                               \
  template <class T>                              \
  HWY_INLINE simd_mask<T> id(simd<T> a) {         \
    return {VecOf<Op::id>::apply(Tag<T>(), a.v)}; \
  }
#define LZ_COMPARE(id)                                 \
  template <class T>                                   \
  HWY_INLINE simd_mask<T> id(simd<T> a, simd<T> b) {   \
    return {VecOf<Op::id>::apply(Tag<T>(), a.v, b.v)}; \
  }                                                    \
  template <class T>                                   \
  HWY_INLINE simd_mask<T> id(simd<T> a, alike<T> b) {  \
    return id(a, simd<T>(b));                          \
  }                                                    \
  template <class T>                                   \
  HWY_INLINE simd_mask<T> id(alike<T> a, simd<T> b) {  \
    return id(simd<T>(a), b);                          \
  }
#include "core/ops/ids.def"

template <class T>
HWY_INLINE simd<T> where(simd_mask<T> c, simd<T> x, simd<T> y) {
  return {hn::IfThenElse(c.m, x.v, y.v)};
}
template <class T>
HWY_INLINE simd<T> where(simd_mask<T> c, simd<T> x, alike<T> y) {
  return where(c, x, simd<T>(y));
}
template <class T>
HWY_INLINE simd<T> where(simd_mask<T> c, alike<T> x, simd<T> y) {
  return where(c, simd<T>(x), y);
}

#define LZ_X(op, id, Result)                                \
  template <class T>                                        \
  HWY_INLINE Result<T> operator op(simd<T> a, simd<T> b) {  \
    return id(a, b);                                        \
  }                                                         \
  template <class T>                                        \
  HWY_INLINE Result<T> operator op(simd<T> a, alike<T> b) { \
    return id(a, simd<T>(b));                               \
  }                                                         \
  template <class T>                                        \
  HWY_INLINE Result<T> operator op(alike<T> a, simd<T> b) { \
    return id(simd<T>(a), b);                               \
  }
LZ_X(+, add, simd)
LZ_X(-, subtract, simd)
LZ_X(*, multiply, simd)
LZ_X(/, divide, simd)
LZ_X(==, equal, simd_mask)
LZ_X(!=, not_equal, simd_mask)
LZ_X(<, less, simd_mask)
LZ_X(<=, less_equal, simd_mask)
LZ_X(>, greater, simd_mask)
LZ_X(>=, greater_equal, simd_mask)
#undef LZ_X
template <class T>
HWY_INLINE simd<T> operator-(simd<T> a) {
  return negative(a);
}

/// A user's function inside a loop.
template <class F, class T, int number, int E, class... K>
struct Mapped {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  std::tuple<K...> a;
  const F* f;
  HWY_INLINE Mapped(const std::byte* const* p, const slot* s) : a(K(p, s)...), f(ValueOf<const F*>(s[number])) {}
  HWY_INLINE Group<T, E> get(int64_t at) const { return call(at, std::index_sequence_for<K...>()); }
  template <size_t... k>
  HWY_INLINE Group<T, E> call(int64_t at, std::index_sequence<k...>) const {
    return Each<false, T, E>([this](const auto&... x) HWY_ATTR { return (*f)(simd<typename K::value_type>(x)...).v; },
                             std::get<k>(a).get(at)...);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_ROUNDED

namespace lazulite {

using HWY_NAMESPACE::simd;

namespace detail {

/// A user's function of operands. Copies of the expression share it.
template <class F, class T, class... A>
struct mapped : operation<Op::add, T, T, A...> {
  using base = operation<Op::add, T, T, A...>;
  static constexpr int numbers = base::numbers + 1;
  std::shared_ptr<const F> f;

  mapped(F&& function, A&&... a) : base(std::move(a)...), f(std::make_shared<const F>(std::move(function))) {}
  static constexpr double cost() { return base::cost() + 1; }  // a guess: nothing is known of it
  template <class G>
  void each_number(G&& g) const {
    base::each_number(g);
    g(slot_of(f.get()));
  }
};

/// The kernels of operands that are numbered one after the other.
template <int E, int first, int number, class Done, class... A>
struct kernels_of;
template <int E, int first, int number, class... K>
struct kernels_of<E, first, number, std::tuple<K...>> {
  template <class F, class T>
  using mapped_kernel = HWY_NAMESPACE::Mapped<F, T, number, E, K...>;
};
template <int E, int first, int number, class... K, class A, class... Rest>
struct kernels_of<E, first, number, std::tuple<K...>, A, Rest...>
    : kernels_of<E, first + A::leaves, number + A::numbers,
                 std::tuple<K..., HWY_NAMESPACE::Kernel<A, first, number, E>>, Rest...> {};

}  // namespace detail

namespace HWY_NAMESPACE {
template <class F, class T, class... A, int first, int number, int E>
struct KernelOf<detail::mapped<F, T, A...>, first, number, E> {
  using type = typename detail::kernels_of<E, first, number, std::tuple<>, A...>::template mapped_kernel<F, T>;
};
}  // namespace HWY_NAMESPACE

/// f(a, b, ...) vector by vector. All have elements of one size: use astype where they do not.
template <class F, class... A, class = std::enable_if_t<(is_expression<A> && ...)>>
auto map(F f, A&&... a) {
  using Result =
      decltype(f(simd<typename std::decay_t<A>::value_type>(std::declval<typename std::decay_t<A>::value_type>())...));
  using T = typename Result::value_type;
  static_assert(((sizeof(typename std::decay_t<A>::value_type) == sizeof(T)) && ...),
                "lazulite: map's operands must have elements of one size; use astype");
  return detail::mapped<F, T, detail::node<A>...>(std::move(f), detail::node_of(std::forward<A>(a))...);
}

}  // namespace lazulite
