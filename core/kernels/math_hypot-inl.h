// Hypot: the square root of the sum of two squares.
//
// The root h of the rounded sum, and one correction by what h^2 leaves of the exact sum (after Borges, ACM TOMS 47,
// 2020). Floats take the root of the sum in doubles.
#if defined(LZ_MATH_HYPOT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_HYPOT_INL
#undef LZ_MATH_HYPOT_INL
#else
#define LZ_MATH_HYPOT_INL
#endif

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Of non-negative x >= y, far from the ends of the range.
template <class D, class V>
HWY_INLINE V HypotOrdered(D d, V x, V y) {
  const V xx = hn::Mul(x, x), yy = hn::Mul(y, y);
  const V h = hn::Sqrt(hn::Add(xx, yy));
  const V hh = hn::Mul(h, h);
  // h^2 - x^2 - y^2: the squares' roundings, and their difference, which is exact but for what does not matter.
  const V rounding = hn::Sub(ProductError(d, h, h, hh), hn::Add(ProductError(d, x, x, xx), ProductError(d, y, y, yy)));
  const V excess = hn::Add(hn::Sub(hn::Sub(hh, xx), yy), rounding);
  return hn::Sub(h, hn::Div(excess, hn::Add(h, h)));
}

/// Of any non-negative doubles.
template <class D, class V>
HWY_NOINLINE V RareHypot(D d, V a, V b) {
  const V inf = hn::Set(d, std::numeric_limits<double>::infinity());
  const V x = hn::Max(a, b), y = hn::Min(a, b), one = Constant(d, 1);
  V scale = hn::IfThenElse(hn::Lt(Constant(d, 0x1p500), x), Constant(d, 0x1p-700), one);
  scale = hn::IfThenElse(hn::Lt(x, Constant(d, 0x1p-400)), Constant(d, 0x1p700), scale);
  V h = hn::Mul(HypotOrdered(d, hn::Mul(x, scale), hn::Mul(y, scale)), hn::Div(one, scale));
  h = hn::IfThenElse(hn::Eq(y, hn::Zero(d)), x, h);
  h = hn::IfThenElse(hn::And(hn::Eq(a, a), hn::Eq(b, b)), h, hn::Add(a, b));
  return hn::IfThenElse(hn::Or(hn::Eq(a, inf), hn::Eq(b, inf)), inf, h);
}

/// Of half a vector of floats.
template <class D, class V>
HWY_INLINE V HypotInDoubles(D d, V a, V b) {
  const hn::Rebind<double, D> dd;
  const auto x = hn::PromoteTo(dd, a), y = hn::PromoteTo(dd, b);
  return hn::DemoteTo(d, hn::Sqrt(hn::MulAdd(x, x, hn::Mul(y, y))));
}

/// The root of a^2 + b^2, at most 1 ulp from the exact value; infinite if either is, even beside NaN.
template <class D, class V>
HWY_INLINE V Hypot(D d, V a, V b) {
  a = hn::Abs(a);
  b = hn::Abs(b);
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    const V x = hn::Max(a, b), y = hn::Min(a, b);
    const auto usual = hn::And(hn::And(hn::Lt(Constant(d, 0x1p-400), x), hn::Lt(x, Constant(d, 0x1p500))),
                               hn::And(hn::Eq(a, a), hn::Eq(b, b)));
    const V h = HypotOrdered(d, x, y);
    return HWY_LIKELY(hn::AllTrue(d, usual)) ? h : RareHypot(d, a, b);
  } else {
    const hn::Half<D> dh;
    const V h = hn::Combine(d, HypotInDoubles(dh, hn::UpperHalf(dh, a), hn::UpperHalf(dh, b)),
                            HypotInDoubles(dh, hn::LowerHalf(dh, a), hn::LowerHalf(dh, b)));
    const V inf = hn::Set(d, std::numeric_limits<float>::infinity());
    return hn::IfThenElse(hn::Or(hn::Eq(a, inf), hn::Eq(b, inf)), inf, h);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_HYPOT_INL
