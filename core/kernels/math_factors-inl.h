// Powers over gamma functions, x^a e^-x / gamma(1 + a) and x^a y^b / beta(a, b), without loss at large arguments.
//
// Their exponents are sums of a (log(1 + m) - m), m = d / a, where x = a + d: sums of two doubles with errors below
// 2^-54 wherever the powers neither vanish nor overflow. (The deviance of Loader, "Fast and Accurate Computation of
// Binomial Probabilities", 2000, in two parts.) What gamma functions leave over Stirling's formula is near 1.
#if defined(LZ_MATH_FACTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_FACTORS_INL
#undef LZ_MATH_FACTORS_INL
#else
#define LZ_MATH_FACTORS_INL
#endif

#include "core/kernels/math_gamma-inl.h"
#include "core/kernels/math_incomplete_tables.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// A double's function of two arguments, as InDoubles.
template <class F, class D, class V>
HWY_NOINLINE V OutOfLine(D d, V a, V b) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return F()(d, a, b);
  } else {
    const hn::Rebind<double, D> dd;
    return hn::DemoteTo(d, F()(dd, hn::PromoteTo(dd, a), hn::PromoteTo(dd, b)));
  }
}
template <class F, class D, class V>
HWY_INLINE V InDoubles(D d, V a, V b) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return OutOfLine<F>(d, a, b);
  } else {
    const hn::Half<D> dh;
    return hn::Combine(d, OutOfLine<F>(dh, hn::UpperHalf(dh, a), hn::UpperHalf(dh, b)),
                       OutOfLine<F>(dh, hn::LowerHalf(dh, a), hn::LowerHalf(dh, b)));
  }
}

/// a + b without error, whichever is larger (Knuth).
template <class V>
HWY_INLINE SumOfTwo<V> ExactSum(V a, V b) {
  const V s = hn::Add(a, b), b_part = hn::Sub(s, a), a_part = hn::Sub(s, b_part);
  return {s, hn::Add(hn::Sub(a, a_part), hn::Sub(b, b_part))};
}
/// Without FMA, the error of a product near the end of the range is no number.
template <class D, class V>
HWY_INLINE V OrZero(D, V x) {
#if HWY_NATIVE_FMA
  return x;
#else
  return hn::IfThenElseZero(hn::Eq(x, x), x);
#endif
}
template <class D, class V>
HWY_INLINE SumOfTwo<V> ExactProduct(D d, V a, V b) {
  const V p = hn::Mul(a, b);
  return {p, OrZero(d, ProductError(d, a, b, p))};
}
template <class V>
HWY_INLINE SumOfTwo<V> Sum(SumOfTwo<V> a, SumOfTwo<V> b) {
  const SumOfTwo<V> s = ExactSum(a.hi, b.hi);
  return {s.hi, hn::Add(s.lo, hn::Add(a.lo, b.lo))};
}
template <class V>
HWY_INLINE SumOfTwo<V> Negated(SumOfTwo<V> a) {
  return {hn::Neg(a.hi), hn::Neg(a.lo)};
}
template <class D, class V>
HWY_INLINE SumOfTwo<V> Choose(D, hn::Mask<D> m, SumOfTwo<V> yes, SumOfTwo<V> no) {
  return {hn::IfThenElse(m, yes.hi, no.hi), hn::IfThenElse(m, yes.lo, no.lo)};
}

/// x / y in two parts; of y = 1 without error.
template <class D, class V>
HWY_INLINE SumOfTwo<V> QuotientInTwoParts(D d, SumOfTwo<V> x, V y) {
  const V q = hn::Div(x.hi, y);
#if HWY_NATIVE_FMA
  (void)d;
  const V left = hn::NegMulAdd(q, y, x.hi);
#else
  const V product = hn::Mul(q, y);
  const V left = hn::Sub(hn::Sub(x.hi, product), ProductError(d, q, y, product));
#endif
  return {q, OrZero(d, hn::Div(hn::Add(left, x.lo), y))};
}

/// The logarithm of a positive sum of two, subnormal numbers included; absolute error 2^-76.
template <class D, class V>
HWY_INLINE SumOfTwo<V> LogOfTwo(D d, SumOfTwo<V> a) {
  const auto tiny = hn::Lt(a.hi, Constant(d, 0x1p-960));
  const V scale = hn::IfThenElse(tiny, Constant(d, 0x1p64), Constant(d, 1));
  const V x = hn::Max(hn::Mul(a.hi, scale), Constant(d, std::numeric_limits<double>::min()));
  const V shift = hn::Add(hn::Set(d, kNoShift<double>), hn::IfThenElseZero(tiny, Constant(d, 64)));
  const SumOfTwo<V> log = LogInTwoParts(d, x, shift);
  const V rest = hn::MulAdd(hn::Mul(a.lo, scale), hn::Div(Constant(d, 1), x), log.lo), sum = hn::Add(log.hi, rest);
  return {sum, SumError(log.hi, rest, sum)};
}

/// a (log(1 + m) - m) with m = rest / a, for x = a + rest > 0 and |m| < 1/64.
template <class D, class V>
HWY_INLINE SumOfTwo<V> NearPowerExponent(D d, V a, SumOfTwo<V> rest) {
  // log(1 + m) - m = -m^2/2 (1 - 2/3 m + m^2 P(m)): the first two terms in two parts.
  static constexpr double p[] = {2.0 / 4,  -2.0 / 5, 2.0 / 6,   -2.0 / 7, 2.0 / 8,
                                 -2.0 / 9, 2.0 / 10, -2.0 / 11, 2.0 / 12};
  const V one = Constant(d, 1);
  const SumOfTwo<V> quotient = QuotientInTwoParts(d, rest, a);
  const V m = quotient.hi, m_lo = quotient.lo;
  SumOfTwo<V> square = ExactProduct(d, rest.hi, m);
  square.lo = hn::Add(square.lo, hn::MulAdd(rest.hi, m_lo, hn::Mul(rest.lo, m)));
  const V third = Constant(d, -0x1.5555555555555p-1), third_lo = Constant(d, -0x1.5555555555555p-55);
  const SumOfTwo<V> linear = ExactProduct(d, m, third);
  const V linear_lo = hn::MulAdd(m_lo, third, hn::MulAdd(m, third_lo, linear.lo));
  const V factor = hn::Add(one, linear.hi);
  const V factor_lo =
      hn::Add(SumError(one, linear.hi, factor), hn::MulAdd(hn::Mul(m, m), Polynomial(d, m, p), linear_lo));
  const SumOfTwo<V> whole = ExactProduct(d, square.hi, factor);
  const V half = Constant(d, -0.5);
  const V lo = hn::Add(whole.lo, hn::MulAdd(square.hi, factor_lo, hn::Mul(square.lo, factor)));
  const V sum = hn::Add(whole.hi, lo);
  return {hn::Mul(sum, half), hn::Mul(SumError(whole.hi, lo, sum), half)};
}

/// The logarithm of x^a e^-x over a^a e^-a, or where a < 1 over 1: x = a + rest in two parts. Infinite, or inexact,
/// where its exponential is 0.
template <class D, class V>
HWY_INLINE SumOfTwo<V> PowerExponent(D d, V a, SumOfTwo<V> x, SumOfTwo<V> rest) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  const auto small = hn::Lt(a, one);
  const auto near = hn::AndNot(small, hn::Lt(hn::Abs(rest.hi), hn::Mul(a, Constant(d, 0x1p-6))));
  SumOfTwo<V> e = {zero, zero};
  if (!hn::AllFalse(d, near)) e = NearPowerExponent(d, hn::IfThenElse(near, a, one), rest);
  if (!hn::AllTrue(d, near)) {
    const SumOfTwo<V> log = LogOfTwo(d, QuotientInTwoParts(d, x, hn::IfThenElse(small, one, a)));
    SumOfTwo<V> power = ExactProduct(d, a, log.hi);
    power.lo = hn::MulAdd(a, log.lo, power.lo);
    e = Choose(d, near, e, Sum(power, Negated(Choose(d, small, x, rest))));
  }
  // Of huge numbers the second parts need not be numbers.
  e.lo = hn::IfThenElseZero(hn::Lt(hn::Abs(e.hi), Constant(d, 0x1p100)), e.lo);
  return e;
}

/// e to such an exponent.
template <class D, class V>
HWY_INLINE V ExpOf(D d, SumOfTwo<V> e) {
  return DoublePow::Power(d, e, hn::AllTrue(d, DoublePow::IsUsual(d, e)));
}

/// 1 / gamma(1 + a) - 1 for a from 0 to 1, precise near both.
template <class D, class V>
HWY_INLINE V RgammaOfOnePlusLessOne(D d, V a) {
  return hn::Mul(hn::Mul(a, hn::Sub(Constant(d, 1), a)), Polynomial(d, a, kRgammaOfOnePlus));
}

/// (a/e)^a sqrt(2 pi a) / gamma(1 + a) for a >= 1.
template <class D, class V>
HWY_INLINE V StirlingFactor(D d, V a) {
  const hn::Rebind<uint64_t, D> du;
  constexpr size_t n = sizeof(kStirlingFactorRows) / sizeof(kStirlingFactorRows[0]);
  static constexpr RowsOfEight<double, n> rows = MakeRowsOfEight(kStirlingFactorRows);
  const V z = hn::Div(Constant(d, 1), a);
  const V region = hn::Add(hn::MulAdd(z, Constant(d, 7.999), Constant(d, -0.4999)), hn::Set(d, kRoundMagic<double>));
  const LookupEight<D> look(d, hn::BitCast(du, region));
  const V h = hn::Sub(z, look(d, rows.at[0]));
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 2; i >= 2; --i) p = hn::MulAdd(p, h, look(d, rows.at[i]));
  return hn::MulAdd(h, p, look(d, rows.at[1]));
}

/// What PowerExponent leaves of 1 / gamma(1 + a), as numerator over root: a^a e^-a / gamma(1 + a), or 1 / gamma(1 + a)
/// where a < 1.
template <class V>
struct GammaRest {
  V factor, square;  // the rest is factor / sqrt(square)
};
template <class D, class V>
HWY_INLINE GammaRest<V> RestOfRgamma(D d, V a) {
  const V one = Constant(d, 1);
  const auto small = hn::Lt(a, one);
  V factor = StirlingFactor(d, hn::Max(a, one)), square = hn::Mul(a, Constant(d, 0x1.921fb54442d18p2));  // 2 pi
  if (!hn::AllFalse(d, small)) {
    const V less = RgammaOfOnePlusLessOne(d, hn::IfThenElseZero(small, a));
    factor = hn::IfThenElse(small, hn::Add(one, less), factor);
    square = hn::IfThenElse(small, one, square);
  }
  return {factor, square};
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_FACTORS_INL
