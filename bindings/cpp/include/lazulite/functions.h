// NumPy's functions on arrays and expressions, one for each row of the op table, and the operators.
#pragma once

#include "lazulite/expression.h"

namespace lazulite {

#define LZ_UNARY(id)                                                    \
  template <class A, class = std::enable_if_t<detail::are_operands<A>>> \
  LAZULITE_INLINE auto id(A&& a) {                                      \
    return detail::apply<Op::id>(std::forward<A>(a));                   \
  }
#define LZ_TEST(id) LZ_UNARY(id)
#define LZ_ELEMENTARY(id) LZ_UNARY(id)
#define LZ_BINARY(id)                                                               \
  template <class A, class B, class = std::enable_if_t<detail::are_operands<A, B>>> \
  LAZULITE_INLINE auto id(A&& a, B&& b) {                                           \
    return detail::apply<Op::id>(std::forward<A>(a), std::forward<B>(b));           \
  }
#define LZ_TERNARY(id)                                                                          \
  template <class A, class B, class C, class = std::enable_if_t<detail::are_operands<A, B, C>>> \
  LAZULITE_INLINE auto id(A&& a, B&& b, C&& x) {                                                \
    return detail::apply<Op::id>(std::forward<A>(a), std::forward<B>(b), std::forward<C>(x));   \
  }
#define LZ_COMPARE(id) LZ_BINARY(id)
#define LZ_LARGE(id) LZ_BINARY(id)
#include "core/ops/ids.def"

/// Elements of x where the condition is true, else of y.
template <class C, class X, class Y, class = std::enable_if_t<detail::are_operands<C, X, Y>>>
LAZULITE_INLINE auto where(C&& condition, X&& x, Y&& y) {
  return detail::apply_where(std::forward<C>(condition), std::forward<X>(x), std::forward<Y>(y));
}

/// The elements as values of type T, by NumPy's astype.
template <class T, class A, class = std::enable_if_t<is_expression<A>>>
LAZULITE_INLINE auto astype(A&& a) {
  static_assert(detail::is_element<T>,
                "lazulite: elements are bool, float, double, or integers of 8 to 64 bits (the <cstdint> types)");
  return detail::convert<T>(std::forward<A>(a));
}

// The table's composites.
template <class A, class = std::enable_if_t<is_expression<A>>>
LAZULITE_INLINE auto positive(A&& a) {
  return detail::node_of(std::forward<A>(a));
}
template <class A, class = std::enable_if_t<is_expression<A>>>
LAZULITE_INLINE auto rad2deg(A&& a) {
  return degrees(std::forward<A>(a));
}
template <class A, class = std::enable_if_t<is_expression<A>>>
LAZULITE_INLINE auto deg2rad(A&& a) {
  return radians(std::forward<A>(a));
}
/// The argument limited to [low, high].
template <class A, class L, class H, class = std::enable_if_t<detail::are_operands<A, L, H>>>
LAZULITE_INLINE auto clip(A&& a, L&& low, H&& high) {
  constexpr detail::operand_type types[] = {detail::type_of<A>(), detail::type_of<L>(), detail::type_of<H>()};
  using T = detail::element<detail::promoted_of(types, 3)>;
  // Extremes give their second argument where the two compare equal (0.0 and -0.0): clip keeps the value there.
  return detail::apply<Op::minimum>(
      detail::as<T>(std::forward<H>(high)),
      detail::apply<Op::maximum>(detail::as<T>(std::forward<L>(low)), detail::as<T>(std::forward<A>(a))));
}

#define LZ_X(op, id)                                                                \
  template <class A, class B, class = std::enable_if_t<detail::are_operands<A, B>>> \
  LAZULITE_INLINE auto operator op(A&& a, B&& b) {                                  \
    return id(std::forward<A>(a), std::forward<B>(b));                              \
  }
LZ_X(+, add)
LZ_X(-, subtract)
LZ_X(*, multiply)
LZ_X(/, divide)
LZ_X(%, remainder)
LZ_X(&, bitwise_and)
LZ_X(|, bitwise_or)
LZ_X(^, bitwise_xor)
LZ_X(<<, left_shift)
LZ_X(>>, right_shift)
LZ_X(==, equal)
LZ_X(!=, not_equal)
LZ_X(<, less)
LZ_X(<=, less_equal)
LZ_X(>, greater)
LZ_X(>=, greater_equal)
LZ_X(&&, logical_and)
LZ_X(||, logical_or)
#undef LZ_X
#define LZ_X(op, id)                                             \
  template <class A, class = std::enable_if_t<is_expression<A>>> \
  LAZULITE_INLINE auto operator op(A&& a) {                      \
    return id(std::forward<A>(a));                               \
  }
LZ_X(-, negative)
LZ_X(+, positive)
LZ_X(~, invert)
LZ_X(!, logical_not)
#undef LZ_X

}  // namespace lazulite
