// Vectors as users' functions see them, and the kernels of map.
#if defined(LZ_MAP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MAP_INL
#undef LZ_MAP_INL
#else
#define LZ_MAP_INL
#endif

#include "lazulite/kernels-inl.h"
#include "lazulite/mapped.h"

LAZULITE_BEGIN_TARGET

namespace lazulite {
namespace HWY_NAMESPACE {

/// Some elements in a register: arithmetic, comparisons and all functions of the table that have a loop on T.
template <class T>
struct simd {
  using value_type = T;
  Vector<T> v;
  // Implicit: results of functions become vectors, and numbers mix in.
  HWY_INLINE simd(Vector<T> x) : v(x) {}
  HWY_INLINE simd(T x) : v(hn::Set(Tag<T>(), x)) {}
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
    const auto call_f = [this](const auto&... x)
                            HWY_ATTR { return LAZULITE_FUNCTION_OF_TARGET(*f)(simd<typename K::value_type>(x)...).v; };
    return Each<false, T, E>(call_f, std::get<k>(a).get(at)...);
  }
};

/// The kernels of operands that are numbered one after the other.
template <int E, int first, int number, class Done, class... A>
struct KernelsOf;
template <int E, int first, int number, class... K>
struct KernelsOf<E, first, number, std::tuple<K...>> {
  template <class F, class T>
  using mapped = Mapped<F, T, number, E, K...>;
};
template <int E, int first, int number, class... K, class A, class... Rest>
struct KernelsOf<E, first, number, std::tuple<K...>, A, Rest...>
    : KernelsOf<E, first + A::leaves, number + A::numbers, std::tuple<K..., Kernel<A, first, number, E>>, Rest...> {};

template <class F, class T, class... A, int first, int number, int E>
struct KernelOf<detail::mapped<F, T, A...>, first, number, E> {
  using type = typename KernelsOf<E, first, number, std::tuple<>, A...>::template mapped<F, T>;
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_MAP_INL
