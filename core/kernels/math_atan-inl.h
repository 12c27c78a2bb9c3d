// Atan: the inverse tangent.
//
// With t = y, (y - 1) / (y + 1) or -1 / y for y = |x| below tan(pi/8), below tan(3 pi/8) or above: atan y = atan t + 0,
// pi/4 or pi/2, and |t| <= tan(pi/8). The quotient is corrected by its remainder.
#if defined(LZ_MATH_ATAN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ATAN_INL
#undef LZ_MATH_ATAN_INL
#else
#define LZ_MATH_ATAN_INL
#endif

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct AtanConstants;

// (atan t / t - 1) / t^2 in t^2, minimax, errors 2^-59.5 t and 2^-30.5 t (tools/coefficients.py atan).
template <>
struct AtanConstants<double> {
  static constexpr double top = 0x1p60;  // pi/2 from here on
  static constexpr double pio2 = 0x1.921fb54442d18p0, pio2_lo = 0x1.1a62633145c07p-54;
  static constexpr double p[] = {
      -0x1.555555555553dp-2, 0x1.99999999958dbp-3, -0x1.24924922b0b86p-3, 0x1.c71c70e7787ddp-4,
      -0x1.745cf906462d4p-4, 0x1.3b111c0c28bc7p-4, -0x1.10ebd995f8bd7p-4, 0x1.df112b459d47bp-5,
      -0x1.9cdb10cf2e2e6p-5, 0x1.37ea6d83061d4p-5, -0x1.2596f8119af22p-6,
  };
};
template <>
struct AtanConstants<float> {
  static constexpr double top = 0x1p30;
  static constexpr float pio2 = 0x1.921fb6p0f, pio2_lo = -0x1.777a5cp-25f;
  static constexpr float p[] = {-0x1.55554ap-2f, 0x1.9991acp-3f, -0x1.23b6aep-3f, 0x1.b2015cp-4f, -0x1.f251c8p-5f};
};

/// atan x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Atan(D d, V x) {
  using C = AtanConstants<hn::TFromD<D>>;
  const V y = LimitKeepNaN(d, hn::Abs(x), C::top);
  const auto turned = hn::Gt(y, Constant(d, 0.41421356237309503)), inverted = hn::Gt(y, Constant(d, 2.414213562373095));

  // t = (c y - s) / (c + s y), the tangent of a difference of angles, with c and s 0 or 1.
  const V one = Constant(d, 1);
  const V s = hn::IfThenElseZero(turned, one), c = hn::IfThenZeroElse(inverted, one);
  const V cy = hn::IfThenZeroElse(inverted, y), sy = hn::IfThenElseZero(turned, y);
  const V num = hn::Sub(cy, s), den = hn::Add(c, sy);
  const V num_lo = hn::Add(hn::Sub(hn::Neg(s), num), cy), den_lo = SumError(c, sy, den);
  const auto [t, rest, inverse] = Quotient(d, num, num_lo, den, den_lo);

  const V z = hn::Mul(t, t);
  const V tail = hn::MulAdd(rest, inverse, hn::Mul(hn::Mul(t, z), Polynomial(d, z, C::p)));
  const V pio2 = hn::Set(d, C::pio2);
  const V base = hn::IfThenElse(inverted, pio2, hn::IfThenElseZero(turned, hn::Mul(pio2, Constant(d, 0.5))));
  const V h = hn::Add(base, t);
  const V lo = hn::MulAdd(base, hn::Set(d, C::pio2_lo / C::pio2), tail);
  return hn::CopySign(hn::Add(h, hn::Add(SumError(base, t, h), lo)), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ATAN_INL
