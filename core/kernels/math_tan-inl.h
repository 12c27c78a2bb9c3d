// Tan over the full range: the quotient of sine and cosine; of floats a polynomial, or its inverse.
//
// The argument is reduced as in math_sin-inl.h. Sine and cosine, or the tangent, are kept as sums of two; the quotient
// is corrected by its remainder.
#if defined(LZ_MATH_TAN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_TAN_INL
#undef LZ_MATH_TAN_INL
#else
#define LZ_MATH_TAN_INL
#endif

#include "core/kernels/math_sin-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// tan(r + r_lo), or tan(r + r_lo + pi/2) where `odd` has the sign bit, of doubles; but for that tangent's sign.
template <class D, class V>
HWY_INLINE V TanOfReduced(D d, V r, V r_lo, V odd) {
  using C = SinConstants<hn::TFromD<D>>;
  const V z = hn::Mul(r, r), z_lo = ProductError(d, r, r, z);
  const V one = Constant(d, 1), half = Constant(d, 0.5);
  const V w = hn::NegMulAdd(z, half, one);
  const V w_lo = hn::NegMulAdd(z_lo, half, hn::NegMulAdd(z, half, hn::Sub(one, w)));
  const V s = hn::MulAdd(hn::Mul(r, z), Polynomial(d, z, C::s), hn::Mul(r_lo, w));
  const V c = hn::MulAdd(hn::Mul(z, z), Polynomial(d, z, C::c), hn::NegMulAdd(r, r_lo, w_lo));
  const V sine = hn::Add(r, s), sine_lo = SumError(r, s, sine);
  const V cosine = hn::Add(w, c), cosine_lo = SumError(w, c, cosine);

  // tan(r + pi/2) = -cos r / sin r.
  const auto [q, rest, inverse] =
      Quotient(d, hn::IfNegativeThenElse(odd, cosine, sine), hn::IfNegativeThenElse(odd, cosine_lo, sine_lo),
               hn::IfNegativeThenElse(odd, sine, cosine), hn::IfNegativeThenElse(odd, sine_lo, cosine_lo));
  return hn::MulAdd(rest, inverse, q);
}

/// As TanOfReduced, of floats.
template <class D, class V>
HWY_INLINE V TanOfReducedFloats(D d, V r, V r_lo, V odd) {
  // (tan r - r) / r^3 in r^2, minimax for |r| <= 0.793, error 2^-29.3 tan r (tools/coefficients.py tanf).
  static constexpr float third = 0x1.555562p-2f;
  static constexpr float p[] = {0x1.110d08p-3f, 0x1.baf46p-5f,    0x1.5bac8ap-6f,
                                0x1.687036p-7f, -0x1.00afe6p-13f, 0x1.25c79ap-8f};
  const V z = hn::Mul(r, r), cube = hn::Mul(r, z);
  const V c = hn::MulAdd(cube, hn::Set(d, third), hn::Mul(hn::Mul(cube, z), Polynomial(d, z, p)));
  const V hi = hn::Add(r, c);
  // The derivative is 1 + tan^2; that of c by z about r / 2.
  V lo = hn::Add(SumError(r, c, hi), hn::MulAdd(hn::Mul(hi, r_lo), hi, r_lo));
  lo = hn::MulAdd(hn::Mul(r, Constant(d, 0.5)), ProductError(d, r, r, z), lo);
  const auto [q, rest, inverse] = Quotient(d, Constant(d, 1), hn::Zero(d), hi, lo);
  return hn::IfNegativeThenElse(odd, hn::MulAdd(rest, inverse, q), hn::Add(hi, lo));
}

/// tan x, at most 1 ulp from the exact value for every x.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tan(D d, V x) {
  using T = hn::TFromD<D>;
  using C = SinConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  const V magnitude = hn::Abs(x);
  const auto [t, r, r_lo] = ReduceByHalfPi(d, magnitude);
  const V odd = hn::BitCast(d, hn::ShiftLeft<8 * sizeof(T) - 1>(hn::BitCast(du, t)));
  V y;
  if constexpr (sizeof(T) == 8) y = TanOfReduced(d, r, r_lo, odd);
  if constexpr (sizeof(T) == 4) y = TanOfReducedFloats(d, r, r_lo, odd);
  y = hn::Xor(y, hn::And(hn::Xor(odd, x), hn::SignBit(d)));
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(magnitude, hn::Set(d, C::limit))))) {
    y = ReplaceHuge<TanHuge<SinConstants<double>>>(d, x, y);
  }
  return y;
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_TAN_INL
