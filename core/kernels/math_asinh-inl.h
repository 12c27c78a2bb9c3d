// Asinh, Acosh and Atanh: the inverse hyperbolic functions, as logarithms of sums of two.
//
// asinh x = log(x + sqrt(x^2 + 1)), acosh x = log(x + sqrt(x^2 - 1)), atanh x = 1/2 log((1 + x) / (1 - x)). Roots and
// quotients are taken with their remainders, and what does not fit one number goes into the logarithm as log1p's
// argument does: so results near 0 are as accurate as others.
#if defined(LZ_MATH_ASINH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ASINH_INL
#undef LZ_MATH_ASINH_INL
#else
#define LZ_MATH_ASINH_INL
#endif

#include "core/kernels/math_log_base-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// log 2x for x beyond `kHugeRoot` is all of asinh x and acosh x.
template <class T>
inline constexpr T kHugeRoot = sizeof(T) == 8 ? T(0x1p30) : T(0x1p14);
/// Two terms of the series of asinh and atanh are all below this.
template <class T>
inline constexpr T kTinyArgument = sizeof(T) == 8 ? T(0x1p-18) : T(0x1p-9);

/// s = sqrt(zh + zl), rounded, and the remainder zh + zl - s^2.
template <class V>
struct RootAndRest {
  V s, rest;
};
template <class D, class V>
HWY_INLINE RootAndRest<V> RootOfSum(D d, V zh, V zl) {
  const V s = hn::Sqrt(zh);
#if HWY_NATIVE_FMA
  (void)d;
  const V rest = hn::NegMulAdd(s, s, zh);
#else
  const V square = hn::Mul(s, s);
  const V rest = hn::Sub(hn::Sub(zh, square), ProductError(d, s, s, square));
#endif
  return {s, hn::Add(rest, zl)};
}

/// log(hi + lo), or log 2x where x is huge.
template <class D, class V>
HWY_INLINE V LogOfRoot(D d, V x, V hi, V lo) {
  using T = hn::TFromD<D>;
  const auto huge = hn::Lt(hn::Set(d, kHugeRoot<T>), x);
  const V no_shift = hn::Set(d, kNoShift<T>);
  const V shift = hn::IfThenElse(huge, hn::Sub(no_shift, Constant(d, 1)), no_shift);
  return LogOfSum(d, hn::IfThenElse(huge, x, hi), hn::IfThenZeroElse(huge, lo), shift);
}

/// asinh x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Asinh(D d, V x) {
  using T = hn::TFromD<D>;
  const V y = hn::Abs(x), one = Constant(d, 1);
  const V square = hn::Mul(y, y);
  const V zh = hn::Add(square, one), back = hn::Sub(zh, square);  // Knuth's sum: either may be the larger
  const V zl = hn::Add(hn::Add(hn::Sub(square, hn::Sub(zh, back)), hn::Sub(one, back)), ProductError(d, y, y, square));
  const auto [s, rest] = RootOfSum(d, zh, zl);
  // 1 / 2s = v / (1 + v^2) for v = s - y, the inverse of s + y. With g = 1 - v^2, that is v times 1/2 and a polynomial
  // in g, error 2^-12.7 g (tools/coefficients.py inverse).
  static constexpr float p[] = {0x1p-1f, 0x1.00138p-2f, 0x1.f0eb2ap-4f, 0x1.72512ep-4f, -0x1.3804bp-5f, 0x1.37dcc6p-4f};
  const V v = hn::Sub(s, y), g = hn::NegMulAdd(v, v, one);
  V inverse = Constant(d, double(p[5]));
  for (int i = 4; i >= 0; --i) inverse = hn::MulAdd(inverse, g, Constant(d, double(p[i])));
  const V hi = hn::Add(s, y);
  const V lo = hn::MulAdd(rest, hn::Mul(v, inverse), SumError(s, y, hi));
  // Where hi is next to 1, the last bits of lo are those of the result.
  const V series = hn::MulAdd(hn::Mul(y, square), Constant(d, -1 / 6.0), y);
  const V result = hn::IfThenElse(hn::Lt(y, hn::Set(d, kTinyArgument<T>)), series, LogOfRoot(d, y, hi, lo));
  const auto finite = hn::Lt(y, hn::Set(d, std::numeric_limits<T>::infinity()));
  return hn::CopySign(hn::IfThenElse(finite, result, y), x);
}

/// acosh x, at most 1 ulp from the exact value; NaN below 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Acosh(D d, V x) {
  using T = hn::TFromD<D>;
  const V one = Constant(d, 1);
  const V square = hn::Mul(x, x);
  const V zh = hn::Sub(square, one);
  const V zl = hn::Add(hn::Sub(hn::Sub(square, zh), one), ProductError(d, x, x, square));
  const auto [s, rest] = RootOfSum(d, zh, zl);
  const V least = hn::Set(d, std::numeric_limits<T>::epsilon());  // of 0, the rest is 0
  const V inverse = hn::Div(Constant(d, 0.5), hn::Max(s, least));
  // Near 1 the rest is many ulps of s.
  const V s_lo = hn::Mul(rest, inverse), root = hn::Add(s, s_lo);
  const V hi = hn::Add(x, root);
  const V lo = hn::Add(SumError(s, s_lo, root), SumError(x, root, hi));
  V result = LogOfRoot(d, x, hi, lo);
  const auto usual = hn::And(hn::Le(one, x), hn::Lt(x, hn::Set(d, std::numeric_limits<T>::infinity())));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) {
    result = hn::IfThenElse(usual, result, x);
    result = hn::IfThenElse(hn::Lt(x, one), hn::Set(d, std::numeric_limits<T>::quiet_NaN()), result);
  }
  return result;
}

/// atanh x, at most 1 ulp from the exact value; infinite at 1 and -1, NaN beyond.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Atanh(D d, V x) {
  using T = hn::TFromD<D>;
  const V y = hn::Abs(x), one = Constant(d, 1);
  const V num = hn::Add(one, y), den = hn::Sub(one, y);
  const auto [q, rest, inverse] = Quotient(d, num, SumError(one, y, num), den, hn::Sub(hn::Sub(one, den), y));
  V result = LogOfSum(d, q, hn::Mul(rest, inverse), hn::Set(d, kNoShift<T>));
  // Where the quotient is next to 1, the last bits of its rest are those of the result.
  const V series = hn::MulAdd(hn::Mul(y, hn::Mul(y, y)), Constant(d, 1 / 3.0), y);
  result = hn::IfThenElse(hn::Lt(y, hn::Set(d, kTinyArgument<T>)), series, hn::Mul(result, Constant(d, 0.5)));
  const auto usual = hn::Lt(y, one);
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) {
    constexpr T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
    result = hn::IfThenElse(usual, result, hn::IfThenElse(hn::Eq(y, one), hn::Set(d, infinity), hn::Set(d, nan)));
  }
  return hn::CopySign(result, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ASINH_INL
