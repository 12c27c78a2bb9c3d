// C++ spelling of the op table on lazy arrays: `auto y = exp(a) * b + 1.0;`.
#pragma once

#include <type_traits>

#include "core/dispatch/array.h"

namespace lazulite {

/// A C++ number takes the dtype of the arrays it meets, as a Python number does.
template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
Argument argument(T v) {
  Weak w;
  w.kind = std::is_same_v<T, bool>       ? Weak::Kind::boolean
           : std::is_floating_point_v<T> ? Weak::Kind::floating
                                         : Weak::Kind::integer;
  w.real = static_cast<double>(v);
  if constexpr (!std::is_floating_point_v<T>) w.integer = static_cast<int64_t>(v);
  return w;
}
inline Argument argument(const Array& a) { return a; }

template <class T>
inline constexpr bool is_argument = std::is_arithmetic_v<T> || std::is_same_v<T, Array>;

// Named functions, one per row.
#define LZ_UNARY(id)                \
  inline Array id(const Array& a) { \
    const Argument args[] = {a};    \
    return apply(Op::id, args, 1);  \
  }
#define LZ_TEST(id) LZ_UNARY(id)
#define LZ_BINARY(id)                                                                        \
  template <class A, class B,                                                                \
            class = std::enable_if_t<is_argument<A> && is_argument<B> &&                     \
                                     !(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)>> \
  Array id(const A& a, const B& b) {                                                         \
    const Argument args[] = {argument(a), argument(b)};                                      \
    return apply(Op::id, args, 2);                                                           \
  }
#define LZ_COMPARE(id) LZ_BINARY(id)
#define LZ_REDUCE(id) \
  inline Array id(const Array& a) { return reduce(Op::reduce_##id, a, ~uint64_t{0}); }
#include "core/ops/ids.def"

template <class A, class B, class C>
Array where(const A& condition, const B& x, const C& y) {
  const Argument args[] = {argument(condition), argument(x), argument(y)};
  return apply(Op::where, args, 3);
}

#define LZ_OPERATOR(symbol, id)                                                              \
  template <class A, class B,                                                                \
            class = std::enable_if_t<is_argument<A> && is_argument<B> &&                     \
                                     !(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)>> \
  Array operator symbol(const A& a, const B& b) {                                            \
    return id(a, b);                                                                         \
  }
LZ_OPERATOR(+, add)
LZ_OPERATOR(-, subtract)
LZ_OPERATOR(*, multiply)
LZ_OPERATOR(/, divide)
LZ_OPERATOR(<, less)
LZ_OPERATOR(<=, less_equal)
LZ_OPERATOR(>, greater)
LZ_OPERATOR(>=, greater_equal)
LZ_OPERATOR(&, logical_and)
LZ_OPERATOR(|, logical_or)
#undef LZ_OPERATOR
inline Array operator-(const Array& a) { return negative(a); }

}  // namespace lazulite
