// Asin and Acos: the inverse sine and cosine.
//
// With y = |x|: asin y = s + s^3 P(s^2) for s = y up to 1/2, and pi/2 - 2 asin s for s = sqrt((1 - y) / 2) above, where
// the error of the root is kept. acos is the complement, without cancellation near 1.
#if defined(LZ_MATH_ASIN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ASIN_INL
#undef LZ_MATH_ASIN_INL
#else
#define LZ_MATH_ASIN_INL
#endif

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct AsinConstants;

// (asin s / s - 1) / s^2 in s^2, minimax on s <= 1/2, errors 2^-59.8 s and 2^-27.6 s (tools/coefficients.py asin).
template <>
struct AsinConstants<double> {
  static constexpr double pio2 = 0x1.921fb54442d18p0, pio2_lo = 0x1.1a62633145c07p-54;
  static constexpr double p[] = {
      0x1.5555555555578p-3, 0x1.333333332df09p-4,  0x1.6db6db722bdb9p-5, 0x1.f1c71a8b78c76p-6, 0x1.6e8bdfe9e6789p-6,
      0x1.1c49ddcec8124p-6, 0x1.ca2148663c317p-7,  0x1.75777003f6cffp-7, 0x1.618b480fec68ap-7, 0x1.e1540b079642ap-9,
      0x1.6503e427d09c3p-6, -0x1.59f8c9ec484d2p-6, 0x1.0be4ffe6e9e76p-5,
  };
};
template <>
struct AsinConstants<float> {
  static constexpr float pio2 = 0x1.921fb6p0f, pio2_lo = -0x1.777a5cp-25f;
  static constexpr float p[] = {0x1.5555cap-3f, 0x1.330138p-4f, 0x1.748ed6p-5f, 0x1.8b8854p-6f, 0x1.59f272p-5f};
};

/// asin |x|, with the sign of x, or acos x.
template <bool sine, class D, class V>
HWY_INLINE V AsinOrAcos(D d, V x) {
  using C = AsinConstants<hn::TFromD<D>>;
  const V y = hn::Abs(x), half = Constant(d, 0.5), two = Constant(d, 2);
  const auto large = hn::Gt(y, half);
  const V z = hn::IfThenElse(large, hn::NegMulAdd(y, half, half), hn::Mul(y, y));  // exact where large
  const V s = hn::IfThenElse(large, hn::Sqrt(z), y);
  const V square = hn::Mul(s, s);
  const V rest = hn::Sub(hn::Sub(z, square), ProductError(d, s, s, square));
  // The rest over 2 s; 6% of half a last place do not matter. Where s is 0, so is the rest.
  const V s_lo = hn::IfThenElseZero(large, hn::Mul(rest, RoughInverse(d, hn::Add(s, s))));
  const V tail = hn::MulAdd(hn::Mul(s, z), Polynomial(d, z, C::p), s_lo);

  // base + factor * (s + tail).
  const V pio2 = hn::Set(d, C::pio2);
  V base, factor;
  if (sine) {
    base = hn::IfThenElseZero(large, pio2);
    factor = hn::IfThenElse(large, hn::Neg(two), Constant(d, 1));
  } else {
    const auto negative = hn::Lt(x, hn::Zero(d));
    base = hn::IfThenElse(large, hn::IfThenElseZero(negative, hn::Add(pio2, pio2)), pio2);
    factor = hn::IfThenElse(large, hn::CopySign(two, x), hn::CopySign(Constant(d, 1), hn::Neg(x)));
  }
  const V a = hn::Mul(factor, s);
  const V h = hn::Add(base, a);
  const V lo = hn::MulAdd(factor, tail, hn::Mul(base, hn::Set(d, C::pio2_lo / C::pio2)));
  return hn::Add(h, hn::Add(SumError(base, a, h), lo));
}

/// asin x, at most 1 ulp from the exact value; NaN beyond 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Asin(D d, V x) {
  return hn::CopySign(AsinOrAcos<true>(d, x), x);
}

/// acos x, at most 1 ulp from the exact value; NaN beyond 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Acos(D d, V x) {
  return AsinOrAcos<false>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ASIN_INL
