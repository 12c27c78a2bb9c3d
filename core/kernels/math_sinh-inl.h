// Sinh and Cosh: the hyperbolic sine and cosine.
//
// |x| = n ln 2 + r: sinh |x| = sinh(n ln 2) cosh r + cosh(n ln 2) sinh r = 2^(n-1) ((1 - w) cosh r + (1 + w) sinh r)
// with w = 4^-n, and cosh |x| with the signs exchanged. The products are added up as a sum of two.
#if defined(LZ_MATH_SINH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_SINH_INL
#undef LZ_MATH_SINH_INL
#else
#define LZ_MATH_SINH_INL
#endif

#include "core/kernels/math_expm1-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct SinhConstants;

// (sinh r - r) / r^3 and (cosh r - 1) / r^2 in r^2, minimax on |r| <= ln(2) / 2, errors 2^-61.7 r and 2^-58.0; for
// float 2^-37.5 r and 2^-34.3 (tools/coefficients.py sinh).
template <>
struct SinhConstants<double> {
  static constexpr double hi = 710.5;  // infinity from here on
  static constexpr double s[] = {0x1.5555555555559p-3, 0x1.111111110f6aep-7, 0x1.a01a01afe58ffp-13,
                                 0x1.71ddf8527b1bp-19, 0x1.af5ec114e0e75p-26};
  static constexpr double c[] = {0x1.000000000000cp-1, 0x1.555555554ff8dp-5, 0x1.6c16c185c333cp-10,
                                 0x1.a01996552d0d4p-16, 0x1.28b07abeb463ap-22};
};
template <>
struct SinhConstants<float> {
  static constexpr double hi = 89.5;
  static constexpr float s[] = {0x1.555556p-3f, 0x1.1110b2p-7f, 0x1.a16ff2p-13f};
  static constexpr float c[] = {0x1p-1f, 0x1.55547ep-5f, 0x1.6d979p-10f};
};

/// sinh |x| or cosh x.
template <bool sine, class D, class V>
HWY_INLINE V SinhOrCosh(D d, V x) {
  using T = hn::TFromD<D>;
  using C = SinhConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f_bits = kFractionBits<T>;
  const V y = LimitKeepNaN(d, hn::Abs(x), C::hi);

  // t = 2^(n - 2), doubled at the end, so that it does not overflow before the result; w = 2^(-n - 2) as far as
  // it matters. Their exponents stand in the low bits of `up` and `down`.
  const V magic = hn::Set(d, kRoundMagic<T> + T(std::numeric_limits<T>::max_exponent - 3));
  const V up = hn::MulAdd(y, hn::Set(d, ExpConstants<T>::inv_ln2), magic);
  const V n = hn::Sub(up, magic);
  const V down = hn::Sub(magic, hn::Min(n, Constant(d, 100)));
  const V t = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, up)));
  const V w = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, down)));
  const V less = hn::Sub(t, w), more = hn::Add(t, w);
  const V base = sine ? less : more, other = sine ? more : less;
  const V base_lo = sine ? hn::Sub(hn::Sub(t, base), w) : SumError(t, w, base);

  // y - n ln 2 = r_hi - n_lo, of which r_hi is exact.
  const V r_hi = hn::NegMulAdd(n, hn::Set(d, ExpConstants<T>::ln2_hi), y);
  const V n_lo = hn::Mul(n, hn::Set(d, ExpConstants<T>::ln2_lo));
  const V r = hn::Sub(r_hi, n_lo);
  const V z = hn::Mul(r, r);
  const V s = hn::MulSub(hn::Mul(r, z), Polynomial(d, z, C::s), n_lo);  // sinh r - r_hi
  const V c = hn::Mul(z, Polynomial(d, z, C::c));                       // cosh r - 1
#if HWY_NATIVE_FMA
  const V h = hn::MulAdd(other, r_hi, base), h_lo = hn::MulAdd(other, r_hi, hn::Sub(base, h));
#else
  const V p = hn::Mul(t, r_hi), h = hn::Add(base, p), q = hn::Mul(w, r_hi);  // exact products
  const V h_lo = hn::Add(SumError(base, p, h), sine ? q : hn::Neg(q));
#endif
  const V lo = hn::MulAdd(base, c, hn::MulAdd(other, s, hn::Add(h_lo, base_lo)));
  const V half = hn::Add(h, lo);
  const V result = hn::Add(half, half);
  // Halves of subnormal numbers lose a bit.
  return sine ? hn::IfThenElse(hn::Lt(y, Constant(d, 0x1p-60)), y, result) : result;
}

/// sinh x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Sinh(D d, V x) {
  return hn::CopySign(SinhOrCosh<true>(d, x), x);
}

/// cosh x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Cosh(D d, V x) {
  return SinhOrCosh<false>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_SINH_INL
