// Beta and Betaln: the beta function gamma(a) gamma(b) / gamma(a + b), and the logarithm of its magnitude.
//
// Of positive arguments L >= m: powers of L / (L + m) and m / (L + m), whose exponent is a sum of two, times what gamma
// functions leave over Stirling's formula. Negative ones are reflected. Values at infinity, at nonpositive integers and
// of NaN are SciPy's. Of floats all is done in doubles.
#if defined(LZ_MATH_BETA_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_BETA_INL
#undef LZ_MATH_BETA_INL
#else
#define LZ_MATH_BETA_INL
#endif

#include "core/kernels/math_factors-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// beta = e^exponent factor / least, without overflow in the parts.
template <class V>
struct BetaParts {
  SumOfTwo<V> exponent;
  V factor, least;
};

/// Of positive, finite a and b.
template <class D, class V>
HWY_INLINE BetaParts<V> PartsOfBeta(D d, V a, V b) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  // A sum beyond the range: halves of both, and twice the exponent.
  const auto halved = hn::Eq(hn::Add(a, b), hn::Set(d, std::numeric_limits<double>::infinity()));
  const V scale = hn::IfThenElse(halved, Constant(d, 0.5), one);
  const V larger = hn::Mul(hn::Max(a, b), scale), m = hn::Mul(hn::Min(a, b), scale), sum = hn::Add(larger, m);
  const SumOfTwo<V> s = {sum, SumError(larger, m, sum)};
  const auto small = hn::Lt(m, one), both = hn::Lt(larger, one);
  const V l = hn::Max(larger, one);

  // -L log(1 + m/L) - m log((L + m) / m), or of m < 1 -L log(1 + m/L) + m - m log(L + m).
  const SumOfTwo<V> log = LogOfTwo(d, QuotientInTwoParts(d, s, hn::IfThenElse(small, one, m)));
  SumOfTwo<V> power = ExactProduct(d, m, log.hi);
  power.lo = hn::MulAdd(m, log.lo, power.lo);
  power = Sum(power, SumOfTwo<V>{hn::IfThenZeroElse(small, m), zero});
  power = Sum(power, PowerExponent(d, l, s, SumOfTwo<V>{m, zero}));
  const V minus = hn::IfThenZeroElse(both, hn::IfThenElse(halved, Constant(d, -2), Constant(d, -1)));
  const SumOfTwo<V> exponent = {hn::Mul(power.hi, minus), hn::Mul(power.lo, minus)};

  const V ratio = hn::Div(sum, larger);
  const V root = hn::Sqrt(hn::IfThenElse(small, ratio, hn::Mul(ratio, hn::Div(Constant(d, 0x1.921fb54442d18p2), m))));
  V num = hn::Mul(root, StirlingFactor(d, hn::Max(sum, one))), den = StirlingFactor(d, l);
  if (!hn::AllTrue(d, small)) den = hn::Mul(den, hn::IfThenElse(small, one, StirlingFactor(d, hn::Max(m, one))));
  if (!hn::AllFalse(d, small)) {
    const V rest = hn::Add(one, RgammaOfOnePlusLessOne(d, hn::IfThenElseZero(small, m)));
    den = hn::Mul(den, hn::IfThenElse(small, rest, one));
    if (!hn::AllFalse(d, both)) {
      // 1 / gamma(1 + s) is 1 / gamma(s) / s, where s is 1 or more.
      const auto beyond = hn::Ge(sum, one);
      const V s_less = hn::IfThenElseZero(both, hn::IfThenElse(beyond, hn::Sub(sum, one), sum));
      const V of_sum = hn::Add(one, RgammaOfOnePlusLessOne(d, s_less));
      const V of_larger = hn::Add(one, RgammaOfOnePlusLessOne(d, hn::IfThenElseZero(both, larger)));
      num = hn::IfThenElse(both, hn::Mul(of_sum, hn::IfThenElse(beyond, hn::Div(one, larger), ratio)), num);
      den = hn::IfThenElse(both, hn::Mul(of_larger, rest), den);
    }
  }
  return {exponent, hn::Div(num, den), hn::IfThenElse(small, m, one)};
}

/// A value by its sign and the logarithm of its magnitude, or exactly.
template <class D, bool log>
struct BetaResult {
  using V = hn::Vec<D>;
  /// Of parts; `sign` has its sign.
  static HWY_INLINE V Of(D d, const BetaParts<V>& p, V sign) {
    if constexpr (log) {
      (void)sign;
      const SumOfTwo<V> least = LogOfTwo(d, SumOfTwo<V>{p.least, hn::Zero(d)});
      const SumOfTwo<V> y = Sum(p.exponent, Negated(least));
      return hn::Add(y.hi, hn::Add(LogPositive(d, p.factor), y.lo));
    } else {
      return hn::CopySign(hn::Mul(ExpOf(d, p.exponent), hn::Div(p.factor, p.least)), sign);
    }
  }
  /// Infinity with the sign of `sign`; zero.
  static HWY_INLINE V Infinite(D d, V sign) {
    const V inf = hn::Set(d, std::numeric_limits<double>::infinity());
    return log ? inf : hn::CopySign(inf, sign);
  }
  static HWY_INLINE V Zero(D d, V sign) {
    return log ? hn::Set(d, -std::numeric_limits<double>::infinity()) : hn::CopySign(hn::Zero(d), sign);
  }
};

/// -1 where whole x is odd, else 1.
template <class D, class V>
HWY_INLINE V SignOfWhole(D d, V x) {
  const V half = hn::Mul(x, Constant(d, 0.5));
  return hn::IfThenElse(hn::Eq(hn::Round(half), half), Constant(d, 1), Constant(d, -1));
}
/// The sign of gamma x, for x neither 0 nor a negative integer.
template <class D, class V>
HWY_INLINE V SignOfGamma(D d, V x) {
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), SignOfWhole(d, hn::Floor(x)), Constant(d, 1));
}
/// |sin(pi (x + x_lo))|.
template <class D, class V>
HWY_INLINE V MagnitudeOfSinpi(D d, V x, V x_lo) {
  return hn::Abs(hn::MulAdd(hn::Mul(x_lo, Constant(d, 0x1.921fb54442d18p1)), Cospi(d, x), Sinpi(d, x)));
}

/// Any arguments.
template <bool log, class D, class V>
HWY_NOINLINE V RareBeta(D d, V a, V b) {
  using Result = BetaResult<D, log>;
  const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, std::numeric_limits<double>::infinity());
  const V pi = Constant(d, 0x1.921fb54442d18p1);
  const V low = hn::Min(a, b), high = hn::Max(a, b);                                  // (of numbers)
  const SumOfTwo<V> s = ExactSum(a, b), q = Sum(SumOfTwo<V>{one, zero}, Negated(s));  // 1 - a - b

  // The reflections (DLMF 5.5.3), to a beta function of positive p and r, or one over it.
  const auto one_negative = hn::And(hn::Lt(low, zero), hn::Gt(high, zero)), two_negative = hn::Lt(high, zero);
  const auto far = hn::And(one_negative, hn::Ge(s.hi, one));  // pi / (sin(pi low) high beta(1 - low, s))
  const auto mild = hn::AndNot(far, one_negative);            // beta(1 - s, high) sin(pi s) / sin(pi low)
  // Else pi sin(pi s) / (sin(pi low) sin(pi high) (1 - s) beta(1 - low, 1 - high)).
  const auto inverted = hn::Or(far, two_negative);
  V p = hn::IfThenElse(inverted, hn::Sub(one, low), hn::IfThenElse(mild, q.hi, low));
  V r = hn::IfThenElse(far, s.hi, hn::IfThenElse(two_negative, hn::Sub(one, high), high));
  const auto usual = hn::And(hn::And(hn::Gt(p, zero), hn::Lt(p, inf)), hn::And(hn::Gt(r, zero), hn::Lt(r, inf)));
  p = hn::IfThenElse(usual, p, one), r = hn::IfThenElse(usual, r, one);
  BetaParts<V> parts = PartsOfBeta(d, p, r);
  const auto reflects = hn::Or(one_negative, two_negative);
  const V half = Constant(d, 0.5);
  const V sin_low = MagnitudeOfSinpi(d, hn::IfThenElse(reflects, low, half), zero);
  const V sin_high = MagnitudeOfSinpi(d, hn::IfThenElse(two_negative, high, half), zero);
  const auto of_sum = hn::Or(mild, two_negative);
  const V sin_sum = MagnitudeOfSinpi(d, hn::IfThenElse(of_sum, s.hi, half), hn::IfThenElseZero(of_sum, s.lo));
  const V sines = hn::Div(hn::Div(sin_sum, sin_low), sin_high);
  const V divisor = hn::IfThenElse(far, high, hn::IfThenElse(two_negative, q.hi, one));
  const SumOfTwo<V> less = Sum(parts.exponent, LogOfTwo(d, SumOfTwo<V>{hn::IfThenElse(usual, divisor, one), zero}));
  parts.exponent = Choose(d, inverted, Negated(less), parts.exponent);
  parts.factor = hn::IfThenElse(inverted, hn::Div(hn::Mul(hn::Mul(pi, sines), parts.least), parts.factor),
                                hn::Mul(parts.factor, hn::IfThenElse(mild, sines, one)));
  parts.least = hn::IfThenElse(inverted, one, parts.least);
  const V sign = hn::Mul(SignOfGamma(d, a), SignOfGamma(d, b));
  const auto pole_of_sum = hn::And(hn::Le(s.hi, zero), hn::And(hn::Eq(hn::Round(s.hi), s.hi), hn::Eq(s.lo, zero)));
  const V vanished = Result::Zero(d, sign);
  parts.factor = hn::IfThenElse(hn::Gt(parts.factor, zero), parts.factor, one);
  V y = Result::Of(d, parts, hn::Mul(sign, hn::IfThenElse(pole_of_sum, one, SignOfGamma(d, s.hi))));
  y = hn::IfThenElse(hn::And(reflects, pole_of_sum), vanished, y);

  // At infinity, for the other one finite.
  const auto infinite = hn::Eq(high, inf), other = hn::Lt(low, inf);
  y = hn::IfThenElse(
      infinite,
      hn::IfThenElse(other, hn::IfThenElse(hn::Lt(low, zero), Result::Infinite(d, sign), Result::Zero(d, one)),
                     hn::NaN(d)),
      y);
  y = hn::IfThenElse(hn::And(hn::Eq(a, a), hn::Eq(b, b)), y, hn::NaN(d));

  // Nonpositive integers n, beside k whole and below 1 - n: (-1)^k beta(1 - n - k, k); elsewhere infinite.
  const V most = Constant(d, 0x1p31);  // of C's int, in SciPy
  const auto whole = [&](V x) HWY_ATTR { return hn::Eq(hn::Round(x), x); };
  const auto pole_a = hn::And(hn::Le(a, zero), whole(a)),
             pole_b = hn::AndNot(pole_a, hn::And(hn::Le(b, zero), whole(b)));
  const auto pole = hn::Or(pole_a, pole_b);
  if (hn::AllFalse(d, pole)) return y;
  const V n = hn::IfThenElse(pole_a, a, b), k = hn::IfThenElse(pole_a, b, a);
  const auto ints = hn::And(hn::And(hn::Ge(n, hn::Neg(most)), hn::Lt(hn::Abs(k), most)), whole(k));
  const V rest = hn::Sub(hn::Sub(one, n), k);
  const auto paired = hn::And(hn::And(pole, ints), hn::Gt(rest, zero)), finite = hn::And(paired, hn::Gt(k, zero));
  const V sign_k = SignOfWhole(d, k);
  const V value =
      Result::Of(d, PartsOfBeta(d, hn::IfThenElse(finite, rest, one), hn::IfThenElse(finite, k, one)), sign_k);
  const V infinity = Result::Infinite(d, hn::IfThenElse(paired, sign_k, one));
  return hn::IfThenElse(pole, hn::IfThenElse(finite, value, infinity), y);
}

template <bool log>
struct BetaInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b) const {
    const V zero = hn::Zero(d), inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto usual = hn::And(hn::And(hn::Gt(a, zero), hn::Lt(a, inf)), hn::And(hn::Gt(b, zero), hn::Lt(b, inf)));
    if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) return RareBeta<log>(d, a, b);
    return BetaResult<D, log>::Of(d, PartsOfBeta(d, a, b), a);
  }
};

/// The beta function.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Beta(D d, V a, V b) {
  return InDoubles<BetaInDoubles<false>>(d, a, b);
}

/// The logarithm of its magnitude.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Betaln(D d, V a, V b) {
  return InDoubles<BetaInDoubles<true>>(d, a, b);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_BETA_INL
