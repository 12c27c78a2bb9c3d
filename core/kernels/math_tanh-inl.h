// Tanh: the hyperbolic tangent.
//
// With 2|x| = n ln 2 + r, t = 2^-n and q = e^r - 1: tanh |x| = ((1 - t) + q) / ((1 + t) + q), where 1 - t and 1 + t are
// exact. Numerator and denominator are kept as sums of two, the quotient is corrected once by its remainder.
#pragma once

#include "core/kernels/math_expm1-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// tanh x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tanh(D d, V x) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f_bits = kFractionBits<T>;
  // tanh rounds to 1 from here on.
  constexpr double top = sizeof(T) == 8 ? 19.5 : 9.25;
  const V one = Constant(d, 1);
  V y = LimitKeepNaN(d, hn::Abs(x), top);
  y = hn::Add(y, y);

  // The low bits of `s` are bias - n, those of t's exponent.
  const V magic = hn::Set(d, kRoundMagic<T> + T(std::numeric_limits<T>::max_exponent - 1));
  // n stops where 1 + t would not be exact; r grows up to 2.1, which the last bit of a result near 1 does not notice.
  const V s = hn::Max(hn::NegMulAdd(y, hn::Set(d, C::inv_ln2), magic), hn::Sub(magic, Constant(d, f_bits)));
  const V n = hn::Sub(magic, s);
  const V t = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, s)));
  const auto [r, r_lo] = ReduceByLn2(d, y, n);

  // q = r + c, with c the smaller part.
  const V p = hn::MulAdd(Polynomial(d, r, Expm1Constants<T>::p), r, Constant(d, 0.5));
  const V c = hn::MulAdd(hn::Mul(r, r), p, r_lo);
  const V a = hn::Sub(one, t), b = hn::Add(one, t);
  const V a1 = hn::Add(a, r), a2 = hn::Add(hn::Sub(a, a1), r);
  const V b1 = hn::Add(b, r), b2 = hn::Add(hn::Sub(b, b1), r);
  const V num = hn::Add(a1, c), num_lo = hn::Add(hn::Add(hn::Sub(a1, num), c), a2);
  const V den = hn::Add(b1, c), den_lo = hn::Add(hn::Add(hn::Sub(b1, den), c), b2);

  const auto [q, rest, inverse] = Quotient(d, num, num_lo, den, den_lo);
  const V result = hn::MulAdd(rest, inverse, q);
  return hn::CopySign(result, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
