// Atan2: the angle of a point.
//
// As Atan, of the quotient |y| / |x|, which is never formed: t = (c |y| - s |x|) / (c |x| + s |y|). For negative x the
// angle is pi less that.
#if defined(LZ_MATH_ATAN2_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ATAN2_INL
#undef LZ_MATH_ATAN2_INL
#else
#define LZ_MATH_ATAN2_INL
#endif

#include "core/kernels/math_atan-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct Atan2Range;
/// Between magnitudes of this range, the remainder of a division is exact.
template <>
struct Atan2Range<double> {
  static constexpr double lo = 0x1p-400, hi = 0x1p400;
};
template <>
struct Atan2Range<float> {
  static constexpr float lo = 0x1p-50f, hi = 0x1p50f;
};

/// For |x| and |y| in the range, or one of them 0.
template <class D, class V>
HWY_INLINE V AngleOfPoint(D d, V y, V x) {
  using C = AtanConstants<hn::TFromD<D>>;
  const V u = hn::Abs(y), w = hn::Abs(x);
  const auto turned = hn::Lt(hn::Mul(w, Constant(d, 0.41421356237309503)), u);
  const auto inverted = hn::Lt(hn::Mul(w, Constant(d, 2.414213562373095)), u);
  // Above tan(3 pi/8): -w / u; above tan(pi/8): (u - w) / (w + u); else u / w.
  const V cu = hn::IfThenZeroElse(inverted, u), sw = hn::IfThenElseZero(turned, w);
  const V cw = hn::IfThenZeroElse(inverted, w), su = hn::IfThenElseZero(turned, u);
  const V num = hn::Sub(cu, sw), den = hn::Add(cw, su);
  // The errors of a sum of any order (Knuth, The Art of Computer Programming 2, 4.2.2).
  const auto error = [](V a, V b, V s) HWY_ATTR {
    const V part = hn::Sub(s, a);
    return hn::Add(hn::Sub(a, hn::Sub(s, part)), hn::Sub(b, part));
  };
  const auto [t, rest, inverse] = Quotient(d, num, error(cu, hn::Neg(sw), num), den, error(cw, su, den));

  const V z = hn::Mul(t, t);
  V tail = hn::MulAdd(rest, inverse, hn::Mul(hn::Mul(t, z), Polynomial(d, z, C::p)));
  const V pio2 = hn::Set(d, C::pio2);
  V base = hn::IfThenElse(inverted, pio2, hn::IfThenElseZero(turned, hn::Mul(pio2, Constant(d, 0.5))));
  // For negative x: pi - base, -t, -tail.
  const auto negative = HasSignBit(d, x);
  const V flip = hn::And(x, hn::SignBit(d));
  base = hn::IfThenElse(negative, hn::Sub(hn::Add(pio2, pio2), base), base);
  tail = hn::Xor(tail, flip);
  const V small = hn::Xor(t, flip);
  const V h = hn::Add(base, small);
  const V lo = hn::MulAdd(base, hn::Set(d, C::pio2_lo / C::pio2), tail);
  return hn::CopySign(hn::Add(h, hn::Add(SumError(base, small, h), lo)), y);
}

/// For any x and y.
template <class D, class V>
HWY_NOINLINE V RareAtan2(D d, V y, V x) {
  using T = hn::TFromD<D>;
  const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, std::numeric_limits<T>::infinity());
  V u = hn::Abs(y), w = hn::Abs(x);
  // Infinities are 1 beside 0 or 1; the origin lies on the axis of its x.
  const auto infinite = hn::Eq(hn::Max(u, w), inf);
  u = hn::IfThenElse(infinite, hn::IfThenElseZero(hn::Eq(u, inf), one), u);
  w = hn::IfThenElse(infinite, hn::IfThenElseZero(hn::Eq(w, inf), one), w);
  w = hn::IfThenElse(hn::Eq(hn::Add(u, w), zero), one, w);
  const V quotient = hn::Div(u, w);
  // The larger into the range; twice covers all exponents.
  const V lo = hn::Set(d, Atan2Range<T>::lo), hi = hn::Set(d, Atan2Range<T>::hi);
  for (int k = 0; k < 2; ++k) {
    const V larger = hn::Max(u, w);
    const V by = hn::IfThenElse(hn::Lt(hi, larger), lo, hn::IfThenElse(hn::Lt(larger, lo), hi, one));
    u = hn::Mul(u, by);
    w = hn::Mul(w, by);
  }
  V angle = AngleOfPoint(d, hn::CopySign(u, y), hn::CopySign(w, x));
  // A very small angle is its tangent, which may be subnormal.
  const auto small = hn::AndNot(HasSignBit(d, x), hn::Lt(quotient, Constant(d, 0x1p-40)));
  angle = hn::IfThenElse(small, hn::CopySign(quotient, y), angle);
  return hn::IfThenElse(hn::And(hn::Eq(x, x), hn::Eq(y, y)), angle, hn::Add(x, y));
}

/// The angle of the point (x, y) from the positive axis, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Atan2(D d, V y, V x) {
  using R = Atan2Range<hn::TFromD<D>>;
  const V u = hn::Abs(y), w = hn::Abs(x), lo = hn::Set(d, R::lo);
  const V smaller = hn::Min(u, w), sum = hn::Add(u, w);
  const auto in_range = hn::And(hn::Lt(lo, sum), hn::Lt(sum, hn::Set(d, R::hi)));  // NaN is not
  const auto usual = hn::And(in_range, hn::Or(hn::Lt(lo, smaller), hn::Eq(smaller, hn::Zero(d))));
  const V angle = AngleOfPoint(d, y, x);
  return HWY_LIKELY(hn::AllTrue(d, usual)) ? angle : RareAtan2(d, y, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ATAN2_INL
