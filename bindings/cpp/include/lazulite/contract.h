// contract(expression): a * b + c with one rounding, where the expression says so. Faster, and other bits than
// Python's.
#pragma once

#include "lazulite/vectors-inl.h"

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

LAZULITE_BEGIN_ROUNDED

namespace HWY_NAMESPACE {

template <detail::fusion how, class T, int E, class X, class Y, class Z>
struct Fuse {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  X x;
  Y y;
  Z z;
  HWY_INLINE Fuse(const std::byte* const* p, const slot* s) : x(p, s), y(p, s), z(p, s) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const auto a = x.get(at), b = y.get(at), c = z.get(at);
    Group<T, E> out;
    if constexpr (how == detail::fusion::multiply_add) LZ_EACH(out.n, out.v[i] = hn::MulAdd(a.v[i], b.v[i], c.v[i]));
    if constexpr (how == detail::fusion::multiply_subtract)
      LZ_EACH(out.n, out.v[i] = hn::MulSub(a.v[i], b.v[i], c.v[i]));
    if constexpr (how == detail::fusion::negative_multiply_add)
      LZ_EACH(out.n, out.v[i] = hn::NegMulAdd(a.v[i], b.v[i], c.v[i]));
    return out;
  }
};

template <detail::fusion how, class A, class B, class C, int first, int number, int E>
struct KernelOf<detail::fused<how, A, B, C>, first, number, E> {
  using type = Fuse<how, typename C::value_type, E, Kernel<A, first, number, E>,
                    Kernel<B, first + A::leaves, number + A::numbers, E>,
                    Kernel<C, first + A::leaves + B::leaves, number + A::numbers + B::numbers, E>>;
};

}  // namespace HWY_NAMESPACE

LAZULITE_END_ROUNDED

/// The same expression with products fused into the sums above them, on targets with FMA.
template <class E, class = std::enable_if_t<is_expression<E>>>
auto contract(E&& e) {
  return detail::contracted(detail::node_of(std::forward<E>(e)));
}

}  // namespace lazulite
