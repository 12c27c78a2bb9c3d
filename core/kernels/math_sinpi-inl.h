// Sinpi and Cospi: the sine and cosine of pi x, whose reduction is exact.
//
// |x| = 2 j + n / 2 + f with |f| <= 1/4; then as in math_sin-inl.h with r = pi f.
#if defined(LZ_MATH_SINPI_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_SINPI_INL
#undef LZ_MATH_SINPI_INL
#else
#define LZ_MATH_SINPI_INL
#endif

#include "core/kernels/math_sin-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <unsigned turn, class D, class V>
HWY_INLINE V SinpiOrCospi(D d, V x) {
  using T = hn::TFromD<D>;
  using C = SinConstants<T>;
  const V magnitude = hn::Abs(x), two = Constant(d, 2), half = Constant(d, 0.5);
  const V y = hn::NegMulAdd(hn::Round(hn::Mul(magnitude, half)), two, magnitude);  // NaN for infinities
  const V magic = hn::Set(d, kRoundMagic<T>);
  const V t = hn::MulAdd(y, two, magic);
  const V f = hn::NegMulAdd(hn::Sub(t, magic), half, y);
  const V pi = hn::Set(d, 2 * C::pio2_1), r = hn::Mul(f, pi);
  // Of arguments whose product's error is subnormal, less precision is enough.
  const V tail = hn::MulAdd(f, hn::Set(d, 2 * C::pio2_2), ProductError(d, f, pi, r));
  const V r_lo = hn::IfThenElseZero(hn::Lt(Constant(d, sizeof(T) == 8 ? 0x1p-900 : 0x1p-90), hn::Abs(f)), tail);
  const V result = SinOrCosOfReduced<turn>(d, x, t, r, r_lo);
  // Zeros have the sign of x, or none.
  const V zero = hn::Zero(d);
  if constexpr (turn == 0) return hn::IfThenElse(hn::Eq(result, zero), hn::CopySign(zero, x), result);
  return hn::Add(result, zero);
}

/// sin(pi x), at most 1 ulp from the exact value; exact where that is 0, 1/2 apart.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Sinpi(D d, V x) {
  return SinpiOrCospi<0>(d, x);
}

/// cos(pi x), at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Cospi(D d, V x) {
  return SinpiOrCospi<1>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_SINPI_INL
