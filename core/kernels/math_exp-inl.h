// Exp and Exp2: e and 2 to the power of x.
//
// x = n ln 2 + r with n a multiple of 1 / steps and |r| <= ln(2) / (2 steps); e^r = 1 + r + r^2 P(r). The result is
// 2^n e^r: n's integer goes to the exponent, its fraction through a table (after Tang, ACM TOMS 15, 1989). Vectors with
// arguments near the ends of the range take a scaling that overflows, and rounds subnormal results, as it should.
// Exp2 differs in the reduction only: x - n is exact, and r = (x - n) ln 2.
#if defined(LZ_MATH_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_EXP_INL
#undef LZ_MATH_EXP_INL
#else
#define LZ_MATH_EXP_INL
#endif

#include "core/kernels/math_lookup-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

enum class Base { e, two };

template <class T>
struct ExpConstants;

// P is minimax; its error is that of e^r (tools/coefficients.py exp).
template <>
struct ExpConstants<double> {
  static constexpr int log2_steps = 3;
  // ln 2 in two parts; n * ln2_hi is exact for every n that occurs.
  static constexpr double ln2_hi = 0x1.62e42fefa0000p-1, ln2_lo = 0x1.cf79abc9e3b3ap-40;
  static constexpr double ln2 = 0x1.62e42fefa39efp-1, inv_ln2 = 0x1.71547652b82fep0;
  // For Base::e and Base::two. Up to `usual` the result is normal; beyond lo and hi it is 0 or infinity.
  static constexpr double usual[] = {708, 1022}, lo[] = {-746, -1076}, hi[] = {710, 1025};
  // Error 2^-58.3.
  static constexpr double p[] = {0x1.000000000010bp-1, 0x1.5555555555138p-3,  0x1.555555480ed5p-5,
                                 0x1.11111125a7bap-7,  0x1.6c1cbd80f01d3p-10, 0x1.a0164bf8fa206p-13};
  // 2^(j/8), its bits less those of j in the top of the fraction, so that adding n to the exponent adds j there; and
  // the logarithm of the exact power over the rounded one.
  static constexpr double rows[2][8] = {
      {0x1.0000000000000p0, 0x1.f72b83c7d517bp-1, 0x1.f06fe0a31b715p-1, 0x1.ebfdad5362a27p-1, 0x1.ea09e667f3bcdp-1,
       0x1.eace5422aa0dbp-1, 0x1.ee89f995ad3adp-1, 0x1.f5818dcfba487p-1},
      {0, -0x1.01b15eaa59348p-55, 0x1.34d754db0abb6p-55, 0x1.690cebb7aafbp-56, -0x1.3b3efbf5e2229p-54,
       0x1.db72fc1f0eab4p-55, 0x1.c1a7792cb3387p-55, 0x1.4a385a63d07a7p-56},
  };
};

template <>
struct ExpConstants<float> {
  static constexpr int log2_steps = 0;
  static constexpr float ln2_hi = 0x1.62e4p-1f, ln2_lo = 0x1.7f7d1cp-20f;
  static constexpr float ln2 = 0x1.62e43p-1f, inv_ln2 = 0x1.715476p0f;
  static constexpr float usual[] = {87, 126}, lo[] = {-104, -151}, hi[] = {89, 129};
  // Error 2^-28.3.
  static constexpr float p[] = {0x1.fffffcp-2f, 0x1.555492p-3f, 0x1.5558f2p-5f, 0x1.1239e2p-7f, 0x1.6a2464p-10f};
};

/// 2^n * x, rounded once, for x a normal number near 1 and |n| up to twice the exponent's range; n stands in the low
/// bits of `i`, which are twice as many as the exponent has.
template <class D, class V, class VI>
HWY_INLINE V ScaleByPowerOfTwo(D d, V x, VI i) {
  using T = hn::TFromD<D>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f = kFractionBits<T>;
  // Two halves of the exponent, moved to their field: the first product is exact.
  i = hn::Add(i, hn::Set(du, 2 * (std::numeric_limits<T>::max_exponent - 1)));
  const auto half = hn::ShiftRight<1>(i);
  const V s1 = hn::BitCast(d, hn::ShiftLeft<f>(half));
  const V s2 = hn::BitCast(d, hn::ShiftLeft<f>(hn::Sub(i, half)));
  return hn::Mul(hn::Mul(x, s1), s2);
}

/// Where is the power of such a magnitude, and of its negative, normal?
template <Base base = Base::e, class D, class V = hn::Vec<D>>
HWY_INLINE hn::Mask<D> ExpIsUsual(D d, V magnitude) {
  return hn::Lt(magnitude, hn::Set(d, ExpConstants<hn::TFromD<D>>::usual[int(base)]));
}

/// 2^n e^r for n in units of 1 / steps in the low bits of t and a small r; `usual`: where it is normal or NaN.
template <class D, class V>
HWY_INLINE V ExpOfParts(D d, V t, V r, bool usual) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f = kFractionBits<T>, log2_steps = C::log2_steps;
  const auto i = hn::BitCast(du, t);
  const auto exponent = hn::ShiftLeft<f - log2_steps>(i);
  const V p = Polynomial(d, r, C::p);
  if constexpr (log2_steps > 0) {
    static constexpr RowsOfEight<T, 2> rows = MakeRowsOfEight(C::rows);
    const LookupEight<D> look(d, i);
    const V q = hn::MulAdd(hn::Mul(r, r), p, hn::Add(r, look(d, rows.at[1])));
    const auto power = hn::BitCast(du, look(d, rows.at[0]));
    if (HWY_LIKELY(usual)) {
      const V scaled = hn::BitCast(d, hn::Add(power, exponent));
      return hn::MulAdd(scaled, q, scaled);
    }
    const auto fraction = hn::And(exponent, hn::Set(du, (BitsOf<T>(1) << f) - 1));
    const V y = hn::BitCast(d, hn::Add(power, fraction));
    return ScaleByPowerOfTwo(d, hn::MulAdd(y, q, y), hn::ShiftRight<log2_steps>(i));
  } else {
    // 1 + r without error, as s + (1 - s + r).
    const V one = Constant(d, 1);
    const V s = hn::Add(one, r);
    const V y = hn::Add(s, hn::MulAdd(hn::Mul(r, r), p, hn::Add(hn::Sub(one, s), r)));
    if (HWY_LIKELY(usual)) return hn::BitCast(d, hn::Add(hn::BitCast(du, y), exponent));
    return ScaleByPowerOfTwo(d, y, i);
  }
}

/// x = n ln 2 + r for the multiple n of 1 / steps next to about / ln 2; in units of 1 / steps, n stands in the low bits
/// of t.
template <class V>
struct ReducedByPower {
  V t, r;
};
template <class D, class V>
HWY_INLINE ReducedByPower<V> ReduceByPower(D d, V x, V about) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  const V magic = hn::Set(d, kRoundMagic<T> / (1 << C::log2_steps));
  const V t = hn::MulAdd(about, hn::Set(d, C::inv_ln2), magic);
  const V n = hn::Sub(t, magic);
  return {t, hn::NegMulAdd(n, hn::Set(d, C::ln2_lo), hn::NegMulAdd(n, hn::Set(d, C::ln2_hi), x))};
}

/// The base to the power of x; `usual`: where it is normal or NaN in all lanes. The result is the same.
template <Base base = Base::e, class D, class V = hn::Vec<D>>
HWY_INLINE V ExpIn(D d, V x, bool usual) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  if (HWY_UNLIKELY(!usual)) x = ClampKeepNaN(d, x, C::lo[int(base)], C::hi[int(base)]);
  if constexpr (base == Base::two) {
    const V magic = hn::Set(d, kRoundMagic<T> / (1 << C::log2_steps));
    const V t = hn::Add(x, magic);
    return ExpOfParts(d, t, hn::Mul(hn::Sub(x, hn::Sub(t, magic)), hn::Set(d, C::ln2)), usual);
  } else {
    const auto [t, r] = ReduceByPower(d, x, x);
    return ExpOfParts(d, t, r, usual);
  }
}

/// e^x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp(D d, V x) {
  return ExpIn(d, x, hn::AllTrue(d, ExpIsUsual(d, hn::Abs(x))));
}

/// 2^x, at most 1 ulp from the exact value; exact for integers.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp2(D d, V x) {
  return ExpIn<Base::two>(d, x, hn::AllTrue(d, ExpIsUsual<Base::two>(d, hn::Abs(x))));
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_EXP_INL
