// Tan over the full range: the quotient of sine and cosine.
//
// The argument is reduced and both are computed as in math_sin-inl.h, but kept as sums of two; the quotient is
// corrected by its remainder.
#pragma once

#include "core/kernels/math_sin-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// tan x, at most 1 ulp from the exact value for every x.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tan(D d, V x) {
  using T = hn::TFromD<D>;
  using C = SinConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  const V magnitude = hn::Abs(x);
  const auto [t, r, r_lo] = ReduceByHalfPi(d, magnitude);

  const V z = hn::Mul(r, r), z_lo = ProductError(d, r, r, z);
  const V one = Constant(d, 1), half = Constant(d, 0.5);
  const V w = hn::NegMulAdd(z, half, one);
  const V w_lo = hn::NegMulAdd(z_lo, half, hn::NegMulAdd(z, half, hn::Sub(one, w)));
  const V s = hn::MulAdd(hn::Mul(r, z), Polynomial(d, z, C::s), hn::Mul(r_lo, w));
  const V c = hn::MulAdd(hn::Mul(z, z), Polynomial(d, z, C::c), hn::NegMulAdd(r, r_lo, w_lo));
  const V sine = hn::Add(r, s), sine_lo = SumError(r, s, sine);
  const V cosine = hn::Add(w, c), cosine_lo = SumError(w, c, cosine);

  // tan(r + pi/2) = -cos r / sin r.
  const V odd = hn::BitCast(d, hn::ShiftLeft<8 * sizeof(T) - 1>(hn::BitCast(du, t)));
  const auto [q, rest, inverse] =
      Quotient(d, hn::IfNegativeThenElse(odd, cosine, sine), hn::IfNegativeThenElse(odd, cosine_lo, sine_lo),
               hn::IfNegativeThenElse(odd, sine, cosine), hn::IfNegativeThenElse(odd, sine_lo, cosine_lo));
  V y = hn::Xor(hn::MulAdd(rest, inverse, q), hn::And(hn::Xor(odd, x), hn::SignBit(d)));
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(magnitude, hn::Set(d, C::limit))))) {
    y = ReplaceHuge<TanHuge<SinConstants<double>>>(d, x, y);
  }
  return y;
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
