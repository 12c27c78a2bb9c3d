// Expm1: e to the power of x, less 1; and what the hyperbolic functions share with it.
//
// With x = n ln 2 + r: expm1 x = 2^n ((1 - 2^-n) + r + r^2/2 + ...), the first terms added up as a sum of two.
#pragma once

#include "core/kernels/math_exp-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct Expm1Constants;

// (e^r - 1 - r - r^2/2) / r^3, minimax on |r| <= ln(2) / 2, errors relative to r (where Exp's are relative to e^r):
// 2^-61.7 and 2^-26.1 (tools/coefficients.py tanh, which finds the 1/2 too).
template <>
struct Expm1Constants<double> {
  static constexpr double p[] = {
      0x1.5555555555559p-3,  0x1.555555555555ap-5,  0x1.111111110f6b1p-7,  0x1.6c16c16c1449bp-10, 0x1.a01a01afe49d4p-13,
      0x1.a01a01b0a306cp-16, 0x1.71ddf85453e71p-19, 0x1.27e4c5c3fd64cp-22, 0x1.af5ebeafba955p-26, 0x1.1f953799d4bdap-29,
  };
};
template <>
struct Expm1Constants<float> {
  static constexpr float p[] = {0x1.5554bp-3f, 0x1.5554ap-5f, 0x1.1227dp-7f, 0x1.6d8758p-10f};
};

/// hi + lo = x - n ln 2, where hi is the sum rounded, for the integer n next to x / ln 2.
template <class V>
struct ReducedByLn2 {
  V hi, lo;
};
template <class D, class V>
HWY_INLINE ReducedByLn2<V> ReduceByLn2(D d, V x, V n) {
  using C = ExpConstants<hn::TFromD<D>>;
  const V r_hi = hn::NegMulAdd(n, hn::Set(d, C::ln2_hi), x);
  const V n_lo = hn::Mul(n, hn::Set(d, C::ln2_lo));
  const V r = hn::Sub(r_hi, n_lo);
  return {r, hn::Sub(hn::Sub(r_hi, r), n_lo)};
}

/// e^x - 1, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Expm1(D d, V x) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f_bits = kFractionBits<T>;
  // Below lo the result rounds to -1.
  constexpr double lo = sizeof(T) == 8 ? -40 : -20;
  const V y = ClampKeepNaN(d, x, lo, C::hi[int(Base::e)]);

  // t = 2^(n - 1) is doubled at the end, so that it does not overflow before the result; w = 2^-n as far as it matters.
  // Their exponents stand in the low bits of `up` and `down`.
  const V magic = hn::Set(d, kRoundMagic<T> + T(std::numeric_limits<T>::max_exponent - 2));
  const V up = hn::MulAdd(y, hn::Set(d, C::inv_ln2), magic);
  const V n = hn::Sub(up, magic), one = Constant(d, 1);
  const V down = hn::Sub(hn::Add(magic, one), hn::Min(n, Constant(d, 100)));
  const V t = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, up)));
  const V w = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, down)));
  const auto [r, r_lo] = ReduceByLn2(d, y, n);

  const V square = hn::Mul(r, r), half = Constant(d, 0.5), half_square = hn::Mul(square, half);
  const V a = hn::Sub(one, w);
  const V h1 = hn::Add(a, r), h2 = hn::Add(h1, half_square);
  const V rest = hn::Add(hn::Sub(hn::Sub(one, a), w), hn::Add(SumError(a, r, h1), SumError(h1, half_square, h2)));
  const V small = hn::MulAdd(ProductError(d, r, r, square), half, hn::Add(r_lo, rest));
  const V q = hn::Add(h2, hn::MulAdd(hn::Mul(square, r), Polynomial(d, r, Expm1Constants<T>::p), small));
  // The sign is that of x also where x is -0.
  return hn::CopySign(hn::Mul(hn::Add(q, q), t), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
