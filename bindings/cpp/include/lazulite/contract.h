// contract(expression): a * b + c with one rounding, where the expression says so. Faster, and other bits than
// Python's.
#pragma once

#include "lazulite/expression.h"

namespace lazulite {

namespace detail {

enum class fusion { multiply_add, multiply_subtract, negative_multiply_add };  // x y + z, x y - z, z - x y

/// A product and a sum, rounded once.
template <fusion how, class X, class Y, class Z>
struct fused : operation<Op::add, typename Z::value_type, typename Z::value_type, X, Y, Z> {
  using operation<Op::add, typename Z::value_type, typename Z::value_type, X, Y, Z>::operation;
};

template <class N>
inline constexpr bool is_product = false;
template <class T, class X, class Y>
inline constexpr bool is_product<operation<Op::multiply, T, T, X, Y>> = std::is_floating_point_v<T>;

template <class N>
auto contracted(N n) {
  return n;
}
template <fusion how, class P, class Z>
auto fuse(P p, Z z) {
  auto x = contracted(std::move(p.operands.head));
  auto y = contracted(std::move(p.operands.tail.head));
  return fused<how, decltype(x), decltype(y), Z>(std::move(x), std::move(y), std::move(z));
}
template <class To, class A>
auto contracted(conversion<To, A> n);
template <Op op, class T, class Result, class A>
auto contracted(operation<op, T, Result, A> n);
template <Op op, class T, class Result, class A, class B>
auto contracted(operation<op, T, Result, A, B> n);
template <Op op, class T, class Result, class A, class B, class C>
auto contracted(operation<op, T, Result, A, B, C> n);

template <class To, class A>
auto contracted(conversion<To, A> n) {
  auto a = contracted(std::move(n.operand));
  return conversion<To, decltype(a)>(std::move(a));
}
template <Op op, class T, class Result, class A>
auto contracted(operation<op, T, Result, A> n) {
  return build<op, T, Result>(contracted(std::move(n.operands.head)));
}
template <Op op, class T, class Result, class A, class B>
auto contracted(operation<op, T, Result, A, B> n) {
  if constexpr (op == Op::add && is_product<A>) {
    return fuse<fusion::multiply_add>(std::move(n.operands.head), contracted(std::move(n.operands.tail.head)));
  } else if constexpr (op == Op::add && is_product<B>) {
    return fuse<fusion::multiply_add>(std::move(n.operands.tail.head), contracted(std::move(n.operands.head)));
  } else if constexpr (op == Op::subtract && is_product<A>) {
    return fuse<fusion::multiply_subtract>(std::move(n.operands.head), contracted(std::move(n.operands.tail.head)));
  } else if constexpr (op == Op::subtract && is_product<B>) {
    return fuse<fusion::negative_multiply_add>(std::move(n.operands.tail.head), contracted(std::move(n.operands.head)));
  } else {
    return build<op, T, Result>(contracted(std::move(n.operands.head)), contracted(std::move(n.operands.tail.head)));
  }
}
template <Op op, class T, class Result, class A, class B, class C>
auto contracted(operation<op, T, Result, A, B, C> n) {
  return build<op, T, Result>(contracted(std::move(n.operands.head)), contracted(std::move(n.operands.tail.head)),
                              contracted(std::move(n.operands.tail.tail.head)));
}

}  // namespace detail

/// The same expression with products fused into the sums above them, on targets with FMA.
template <class E, class = std::enable_if_t<is_expression<E>>>
auto contract(E&& e) {
  return detail::contracted(detail::node_of(std::forward<E>(e)));
}

}  // namespace lazulite
