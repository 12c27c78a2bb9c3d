// Tanh: the hyperbolic tangent.
//
// With 2|x| = n ln 2 + r, t = 2^-n and q = e^r - 1: tanh |x| = ((1 - t) + q) / ((1 + t) + q), where 1 - t and 1 + t are
// exact. Numerator and denominator are kept as sums of two, the quotient is corrected once by its remainder.
#pragma once

#include "core/kernels/math_exp-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct TanhConstants;

// (e^r - 1 - r) / r^2, minimax on |r| <= ln(2) / 2, errors relative to r (where Exp's are relative to e^r): 2^-61.7 and
// 2^-26.1 (tools/coefficients.py).
template <>
struct TanhConstants<double> {
  static constexpr double p[] = {
      0x1p-1,
      0x1.5555555555559p-3,
      0x1.555555555555ap-5,
      0x1.111111110f6b1p-7,
      0x1.6c16c16c1449bp-10,
      0x1.a01a01afe49d4p-13,
      0x1.a01a01b0a306cp-16,
      0x1.71ddf85453e71p-19,
      0x1.27e4c5c3fd64cp-22,
      0x1.af5ebeafba955p-26,
      0x1.1f953799d4bdap-29,
  };
};
template <>
struct TanhConstants<float> {
  static constexpr float p[] = {0x1p-1f, 0x1.5554bp-3f, 0x1.5554ap-5f, 0x1.1227dp-7f, 0x1.6d8758p-10f};
};

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
  const V r_hi = hn::NegMulAdd(n, hn::Set(d, C::ln2_hi), y);
  const V n_lo = hn::Mul(n, hn::Set(d, C::ln2_lo));
  const V r = hn::Sub(r_hi, n_lo);
  const V r_lo = hn::Sub(hn::Sub(r_hi, r), n_lo);

  // q = r + c, with c the smaller part.
  const V c = hn::MulAdd(hn::Mul(r, r), Polynomial(d, r, TanhConstants<T>::p), r_lo);
  const V a = hn::Sub(one, t), b = hn::Add(one, t);
  const V a1 = hn::Add(a, r), a2 = hn::Add(hn::Sub(a, a1), r);
  const V b1 = hn::Add(b, r), b2 = hn::Add(hn::Sub(b, b1), r);
  const V num = hn::Add(a1, c), num_lo = hn::Add(hn::Add(hn::Sub(a1, num), c), a2);
  const V den = hn::Add(b1, c), den_lo = hn::Add(hn::Add(hn::Sub(b1, den), c), b2);

  const V inverse = hn::Div(one, den);
  const V q = hn::Mul(num, inverse);
#if HWY_NATIVE_FMA
  const V rest = hn::NegMulAdd(q, den, num);
#else
  const V product = hn::Mul(q, den);
  const V rest = hn::Sub(hn::Sub(num, product), ProductError(d, q, den, product));
#endif
  const V result = hn::MulAdd(hn::Add(rest, hn::NegMulAdd(q, den_lo, num_lo)), inverse, q);
  return hn::CopySign(result, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
