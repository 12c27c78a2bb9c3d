// Exp: e to the power of x, without branches.
//
// x = n ln 2 + r with |r| <= ln(2) / 2; e^r = 1 + r + r^2 P(r); the result is scaled by 2^n in two steps, so that the
// only rounding of a subnormal result is that of the second.
#pragma once

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct ExpConstants;

template <>
struct ExpConstants<double> {
  // ln 2 in two parts; n * ln2_hi is exact for every n that occurs.
  static constexpr double ln2_hi = 0x1.62e42fefa3800p-1, ln2_lo = 0x1.ef35793c76730p-45;
  static constexpr double inv_ln2 = 0x1.71547652b82fep0;
  // Beyond these the result is 0 or infinity; between them n fits the scaling.
  static constexpr double lo = -746, hi = 710;
  // (e^r - 1 - r) / r^2, minimax on |r| <= ln(2) / 2, relative error of e^r 2^-57.9 (tools/coefficients.py).
  static constexpr double p[] = {
      0x1.000000000000ap-1,  0x1.55555555554fap-3,  0x1.555555555087dp-5,  0x1.1111111127995p-7,  0x1.6c16c1842a30bp-10,
      0x1.a01a012b2eb3bp-13, 0x1.a0199a0b3c8dfp-16, 0x1.71df235c9efd9p-19, 0x1.28ad74807b21ep-22, 0x1.ad829e21864edp-26,
  };
};

template <>
struct ExpConstants<float> {
  static constexpr float ln2_hi = 0x1.62e4p-1f, ln2_lo = 0x1.7f7d1cp-20f;
  static constexpr float inv_ln2 = 0x1.715476p0f;
  static constexpr float lo = -104, hi = 89;
  // As above, relative error 2^-28.3.
  static constexpr float p[] = {0x1.fffffcp-2f, 0x1.555492p-3f, 0x1.5558f2p-5f, 0x1.1239e2p-7f, 0x1.6a2464p-10f};
};

/// 2^n * x for n = number in the low bits of `t` minus `bias` (see Exp), with |n| up to twice the exponent's range.
/// x must be a normal number near 1; the result is rounded once.
template <class D, class V>
HWY_INLINE V ScaleByTwoStep(D d, V x, V t) {
  using T = hn::TFromD<D>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f = kFractionBits<T>;
  const auto i = hn::BitCast(du, t);
  const auto half = hn::ShiftRight<1>(i);
  // floor and ceil of (n + 2 * exponent bias) / 2, moved to the exponent field: 2^floor(n/2) and 2^ceil(n/2).
  const V s1 = hn::BitCast(d, hn::ShiftLeft<f>(half));
  const V s2 = hn::BitCast(d, hn::ShiftLeft<f>(hn::Sub(i, half)));
  return hn::Mul(hn::Mul(x, s1), s2);
}

/// 2^n * x, rounded once, for the `t` and the `n` of one ReduceExp: the same bits on every target.
template <class D, class V>
HWY_INLINE V ScaleByPowerOfTwo(D d, V x, V t, V n) {
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
  // One instruction does it: an eighth of exp's time.
  if constexpr (sizeof(V) == 64) {
    if constexpr (sizeof(hn::TFromD<D>) == 8)
      return V{_mm512_scalef_pd(x.raw, n.raw)};
    else
      return V{_mm512_scalef_ps(x.raw, n.raw)};
  }
#endif
  (void)n;
  return ScaleByTwoStep(d, x, t);
}

/// The argument of the exponential, split: x = n ln 2 + r, n an integer.
template <class V>
struct ExpReduced {
  V t;  // n in its low bits, see ScaleByTwoStep
  V n;
  V r;
};

template <class D, class V>
HWY_INLINE ExpReduced<V> ReduceExp(D d, V x) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  // The added 2 * bias makes the integer in t's low bits that of a biased exponent, doubled.
  const V magic = hn::Set(d, kRoundMagic<T> + T(2 * (std::numeric_limits<T>::max_exponent - 1)));
  const V t = hn::MulAdd(x, hn::Set(d, C::inv_ln2), magic);
  const V n = hn::Sub(t, magic);
  const V r = hn::NegMulAdd(n, hn::Set(d, C::ln2_lo), hn::NegMulAdd(n, hn::Set(d, C::ln2_hi), x));
  return {t, n, r};
}

/// e^x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp(D d, V x) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  const ExpReduced<V> e = ReduceExp(d, ClampKeepNaN(d, x, C::lo, C::hi));
  const V one = Constant(d, 1);
  const V p = Polynomial(d, e.r, C::p);
  // 1 + r without error, as s + (1 - s + r).
  const V s = hn::Add(one, e.r);
  const V s_lo = hn::Add(hn::Sub(one, s), e.r);
  return ScaleByPowerOfTwo(d, hn::Add(s, hn::MulAdd(hn::Mul(e.r, e.r), p, s_lo)), e.t, e.n);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
