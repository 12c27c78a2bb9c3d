// Expm1: e to the power of x, less 1; and what the hyperbolic functions share with it.
//
// With x = n ln 2 + r: expm1 x = 2^n ((1 - 2^-n) + r + r^2/2 + ...), the first terms added up as a sum of two.
#if defined(LZ_MATH_EXPM1_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_EXPM1_INL
#undef LZ_MATH_EXPM1_INL
#else
#define LZ_MATH_EXPM1_INL
#endif

#include "core/kernels/math_exp-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct Expm1Constants;

// (e^r - 1 - r - r^2/2) / r^3, minimax on |r| <= ln(2) / 2, errors relative to r (where Exp's are relative to e^r):
// 2^-61.7 and 2^-31.3 (tools/coefficients.py expm1).
template <>
struct Expm1Constants<double> {
  static constexpr double p[] = {
      0x1.5555555555559p-3,  0x1.555555555555ap-5,  0x1.111111110f6b1p-7,  0x1.6c16c16c1449bp-10, 0x1.a01a01afe49d4p-13,
      0x1.a01a01b0a306cp-16, 0x1.71ddf85453e71p-19, 0x1.27e4c5c3fd64cp-22, 0x1.af5ebeafba955p-26, 0x1.1f953799d4bdap-29,
  };
};
template <>
struct Expm1Constants<float> {
  static constexpr float p[] = {0x1.555556p-3f, 0x1.5554f2p-5f, 0x1.1110a4p-7f, 0x1.6d40eap-10f, 0x1.a1882p-13f};
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

  // t = 2^(n - 1), doubled at the end, so that it does not overflow before the result; its exponent stands in the low
  // bits of `up`.
  const V magic = hn::Set(d, kRoundMagic<T> + T(std::numeric_limits<T>::max_exponent - 2));
  const V up = hn::MulAdd(y, hn::Set(d, C::inv_ln2), magic);
  const V n = hn::Sub(up, magic), half = Constant(d, 0.5);
  const V t = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, up)));

  // x - n ln 2 = r_hi - n_lo, of which r_hi is exact: t r_hi is, too, and its sum with t - 1/2 is taken in two parts.
  const V r_hi = hn::NegMulAdd(n, hn::Set(d, C::ln2_hi), y);
  const V n_lo = hn::Mul(n, hn::Set(d, C::ln2_lo));
  const V r = hn::Sub(r_hi, n_lo);
  // r^2 / 2 - n_lo by r_hi, too, since r is rounded.
  const V square = hn::Mul(r_hi, r_hi), cube = hn::Mul(hn::Mul(r, r), r);
  const V less = hn::MulAdd(n_lo, r_hi, n_lo);
  const V small = hn::MulAdd(square, half, hn::MulSub(cube, Polynomial(d, r, Expm1Constants<T>::p), less));
  const V whole = hn::Sub(t, half);
  const V a = hn::MulAdd(t, r_hi, whole), a_lo = hn::MulAdd(t, r_hi, hn::Sub(whole, a));
  const V rest = hn::Add(a_lo, hn::Sub(hn::Sub(t, whole), half));
  const V q = hn::Add(a, hn::MulAdd(t, small, rest));
  // Halves of subnormal numbers lose a bit; and -0 stays itself.
  return hn::IfThenElse(hn::Lt(hn::Abs(x), Constant(d, 0x1p-60)), x, hn::Add(q, q));
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_EXPM1_INL
