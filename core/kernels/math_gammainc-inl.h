// Gammainc and Gammaincc: the regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 - P.
//
// Each lane computes the smaller of the two, or nearly, and the other one as 1 minus it:
//   - a >= 20 and x from a/2 to 2a: Temme's uniform expansion, whose exponential is a factor of the tail;
//   - x < a, and small x: P by its power series, whose terms are positive;
//   - else Q by its recurrence in a, down to a <= 1, and there by a sum of Laguerre polynomials;
//   - Q of a < 1 and small x: 1 - x^a / gamma(1 + a) and what is left of P's series, both of order a.
// (Digital Library of Mathematical Functions, 8.12, 8.11.4, 8.9.2 and 8.7.3.) Loops end for each lane on its own: what
// others wait for does not change it. Of floats all is done in doubles.
#if defined(LZ_MATH_GAMMAINC_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_GAMMAINC_INL
#undef LZ_MATH_GAMMAINC_INL
#else
#define LZ_MATH_GAMMAINC_INL
#endif

#include "core/kernels/math_expm1-inl.h"
#include "core/kernels/math_factors-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// From here on Laguerre's sum converges fast enough; before, the difference for Q of small a does not cancel much.
inline constexpr double kGammaincNear = 0.65;

/// 1 + x / (a+1) + x^2 / ((a+1) (a+2)) + ... where `open`, for x < max(a, 1).
template <class D, class V>
HWY_INLINE V LowerGammaSeries(D d, V a, V x, hn::Mask<D> open) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  a = hn::IfThenElse(open, a, one), x = hn::IfThenElse(open, x, one);
  const V square = hn::Mul(x, x), fourth = hn::Mul(square, square);
  SumOfTwo<V> sum = {one, zero};
  V term = hn::IfThenElseZero(open, one);
  for (int n = 0; n < 4000; n += 4) {  // four terms to a division
    const V d1 = hn::Add(a, Constant(d, n + 1)), d2 = hn::Add(a, Constant(d, n + 2));
    const V d3 = hn::Add(a, Constant(d, n + 3)), d4 = hn::Add(a, Constant(d, n + 4));
    const V d34 = hn::Mul(d3, d4), d234 = hn::Mul(d2, d34);
    const V scaled = hn::Div(term, hn::Mul(d1, d234));
    const V four = hn::MulAdd(x, hn::MulAdd(x, hn::Add(x, d4), d34), d234);
    const SumOfTwo<V> next = ExactSum(sum.hi, hn::Mul(hn::Mul(x, scaled), four));
    sum = {next.hi, hn::Add(sum.lo, next.lo)};
    term = hn::Mul(scaled, fourth);
    term = hn::IfThenElseZero(hn::Gt(term, hn::Mul(sum.hi, Constant(d, 0x1p-58))), term);
    if (hn::AllTrue(d, hn::Eq(term, zero))) return hn::Add(sum.hi, sum.lo);
  }
  return hn::IfThenElse(hn::Eq(term, zero), hn::Add(sum.hi, sum.lo), hn::NaN(d));
}

/// Gamma(a, x) over x^a e^-x where `open`, for a from 0 to 1 and x >= 0.65, as the sum of (1-a)_n / ((n+1)! L_n L_n+1)
/// of Laguerre's L_n^(-a)(-x): Legendre's continued fraction, without a difference (DLMF 8.7.6, 8.9.2 and 18.9.13).
template <class D, class V>
HWY_INLINE V LaguerreSum(D d, V a, V x, hn::Mask<D> open) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  V sum = zero, rest = zero, laguerre = one, step = one, weight = hn::IfThenElseZero(open, one);
  for (int n = 0; n < 1000; n += 2) {  // two terms to a division
    const double inverse[] = {1.0 / (n + 1), 1.0 / (n + 2), 1.0 / (n + 3)};
    step = hn::Mul(hn::MulAdd(hn::Sub(Constant(d, n), a), step, hn::Mul(x, laguerre)), Constant(d, inverse[0]));
    const V second = hn::Add(laguerre, step);
    step = hn::Mul(hn::MulAdd(hn::Sub(Constant(d, n + 1), a), step, hn::Mul(x, second)), Constant(d, inverse[1]));
    const V third = hn::Add(second, step);
    const V next = hn::Mul(hn::Mul(weight, hn::Sub(Constant(d, n + 1), a)), Constant(d, inverse[1]));
    const V terms =
        hn::Div(hn::MulAdd(weight, third, hn::Mul(next, laguerre)), hn::Mul(hn::Mul(laguerre, second), third));
    const V more = hn::Add(sum, terms);
    rest = hn::Add(rest, SumError(sum, terms, more));
    sum = more;
    weight = hn::Mul(hn::Mul(next, hn::Sub(Constant(d, n + 2), a)), Constant(d, inverse[2]));
    weight = hn::IfThenElseZero(hn::Gt(terms, hn::Mul(sum, Constant(d, 0x1p-59))), weight);
    const auto done = hn::Eq(weight, zero);
    if (hn::AllTrue(d, done)) return hn::Add(sum, rest);
    laguerre = hn::IfThenElse(done, one, third);  // no overflow while others go on
    step = hn::IfThenZeroElse(done, step);
  }
  return hn::IfThenElse(hn::Eq(weight, zero), hn::Add(sum, rest), hn::NaN(d));
}

/// Gamma(a, x) over x^a e^-x where `open`, for x >= max(a, 0.65): by the recurrence down to an a of at most 1, or until
/// its terms vanish; all are positive.
template <class D, class V>
HWY_INLINE V UpperGammaSum(D d, V a, V x, hn::Mask<D> open) {
  const V zero = hn::Zero(d), one = Constant(d, 1), inverse = hn::Div(one, x), least = Constant(d, 0x1p-58);
  V sum = zero, sum_lo = zero, term = one, next = hn::Sub(a, one);
  auto steps = hn::And(open, hn::Gt(next, zero));
  while (!hn::AllFalse(d, steps)) {
    const V now = hn::IfThenElseZero(steps, term), more = hn::Add(sum, now);
    sum_lo = hn::Add(sum_lo, SumError(sum, now, more));
    sum = more;
    term = hn::IfThenElse(steps, hn::Mul(term, hn::Mul(next, inverse)), term);
    next = hn::IfThenElse(steps, hn::Sub(next, one), next);
    steps = hn::And(steps, hn::And(hn::Gt(next, zero), hn::Gt(term, hn::Mul(sum, least))));
  }
  const auto more = hn::And(open, hn::Gt(term, hn::Mul(sum, least)));
  const V rest = LaguerreSum(d, hn::IfThenElse(more, hn::Add(next, one), one), x, more);
  return hn::MulAdd(sum, inverse, hn::MulAdd(sum_lo, inverse, hn::Mul(term, rest)));
}

/// Temme's c_0(eta) + c_1(eta) / a + ....
template <class D, class V>
HWY_INLINE V TemmeSum(D d, V eta, V a) {
  const V z = hn::Div(Constant(d, 1), a);
  V sum = Constant(d, kTemme11[0]);
#define LZ_TERM(k) sum = hn::MulAdd(sum, z, Polynomial(d, eta, kTemme##k))
  LZ_TERM(10);
  LZ_TERM(9);
  LZ_TERM(8);
  LZ_TERM(7);
  LZ_TERM(6);
  LZ_TERM(5);
  LZ_TERM(4);
  LZ_TERM(3);
  LZ_TERM(2);
  LZ_TERM(1);
  LZ_TERM(0);
#undef LZ_TERM
  return sum;
}

/// Q(a, x) for 0 < a < 1 and 0 < x < 0.65.
template <class D, class V>
HWY_INLINE V UpperGammaOfSmall(D d, V a, V x) {
  // 1 / n!, n = 1, 2, ....
  static constexpr double c[] = {1.0 / 1,
                                 1.0 / 2,
                                 1.0 / 6,
                                 1.0 / 24,
                                 1.0 / 120,
                                 1.0 / 720,
                                 1.0 / 5040,
                                 1.0 / 40320,
                                 1.0 / 362880,
                                 1.0 / 3628800,
                                 1.0 / 39916800,
                                 1.0 / 479001600,
                                 1.0 / 6227020800,
                                 1.0 / 87178291200,
                                 1.0 / 1307674368000,
                                 1.0 / 20922789888000};
  const V one = Constant(d, 1);
  const SumOfTwo<V> log = LogOfTwo(d, SumOfTwo<V>{x, hn::Zero(d)});
  const SumOfTwo<V> power = ExactProduct(d, a, log.hi);
  const V less = Expm1(d, power.hi);  // x^a - 1
  const V x_a_less = hn::MulAdd(hn::Add(less, one), hn::MulAdd(a, log.lo, power.lo), less);
  const V g = RgammaOfOnePlusLessOne(d, a);
  const V u = hn::MulAdd(x_a_less, g, hn::Add(x_a_less, g));  // x^a / gamma(1 + a) - 1
  V v = hn::Zero(d);
  for (int n = 15; n >= 0; --n) v = hn::NegMulAdd(x, v, hn::Div(Constant(d, c[n]), hn::Add(a, Constant(d, n + 1))));
  return hn::MulSub(hn::Mul(hn::Mul(a, x), v), hn::Add(u, one), u);
}

/// P(a, x), or Q where `upper`, of positive, finite arguments; and (x/a)^a e^(a - x), or x^a e^-x where a < 1.
template <class V>
struct GammaTail {
  V value, power;
};
template <class D, class V>
HWY_INLINE GammaTail<V> IncompleteGamma(D d, V a, V x, hn::Mask<D> upper) {
  const V zero = hn::Zero(d), one = Constant(d, 1), near = Constant(d, kGammaincNear),
          half_a = hn::Mul(a, Constant(d, 0.5));
  const SumOfTwo<V> rest = ExactSum(x, hn::Neg(a)), e = PowerExponent(d, a, SumOfTwo<V>{x, zero}, rest);
  const V power = ExpOf(d, e);
  const auto some = hn::Gt(power, zero);
  const auto uniform =
      hn::And(hn::Ge(a, Constant(d, 20)), hn::And(hn::Ge(x, half_a), hn::Le(hn::Mul(x, Constant(d, 0.5)), a)));
  const auto small = hn::And(upper, hn::And(hn::Lt(a, one), hn::Lt(x, near)));
  const auto below = hn::Lt(x, hn::Max(a, near));  // P is computed
  const auto series = hn::AndNot(hn::Or(uniform, small), hn::And(some, below));
  const auto fraction = hn::AndNot(uniform, hn::AndNot(below, some));

  V tail = zero;
  if (!hn::AllFalse(d, hn::Or(series, fraction))) {
    const auto [factor, square] = RestOfRgamma(d, a);
    const V scale = hn::Div(hn::Mul(power, factor), hn::Sqrt(square));
    V sum = zero;
    if (!hn::AllFalse(d, series)) sum = LowerGammaSeries(d, a, x, series);
    if (!hn::AllFalse(d, fraction)) sum = hn::IfThenElse(fraction, hn::Mul(a, UpperGammaSum(d, a, x, fraction)), sum);
    tail = hn::IfThenElseZero(hn::Or(series, fraction), hn::Mul(scale, sum));
  }
  if (!hn::AllFalse(d, uniform)) {
    const V square = hn::Max(zero, hn::Neg(hn::Add(e.hi, e.lo))), twice = hn::Add(square, square);  // a eta^2
    const V eta = hn::Sqrt(hn::IfThenElseZero(uniform, hn::Div(twice, a)));
    const V signed_eta = hn::CopySign(eta, rest.hi);
    const V sum = hn::Div(TemmeSum(d, signed_eta, hn::Max(a, Constant(d, 20))),
                          hn::Sqrt(hn::Mul(a, Constant(d, 0x1.921fb54442d18p2))));
    const V half =
        hn::Mul(ErfcxOfPositive<Scale::one>(d, hn::Min(hn::Sqrt(square), Constant(d, 40))), Constant(d, 0.5));
    tail = hn::IfThenElse(uniform, hn::Mul(power, hn::Add(half, hn::CopySign(sum, hn::Xor(sum, rest.hi)))), tail);
  }
  // (Exclusive or of masks.)
  const auto complement = hn::Or(hn::And(below, upper), hn::AndNot(hn::Or(below, upper), hn::Eq(a, a)));
  V y = hn::IfThenElse(complement, hn::Sub(one, tail), tail);
  if (!hn::AllFalse(d, small)) {
    const V half = Constant(d, 0.5);
    y = hn::IfThenElse(small, UpperGammaOfSmall(d, hn::IfThenElse(small, a, half), hn::IfThenElse(small, x, half)), y);
  }
  return {y, power};
}

template <bool upper>
struct GammaincInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V x) const {
    const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto proper = hn::And(hn::And(hn::Gt(a, zero), hn::Lt(a, inf)), hn::And(hn::Gt(x, zero), hn::Lt(x, inf)));
    const auto which = upper ? hn::Eq(zero, zero) : hn::Lt(one, zero);
    const V y = IncompleteGamma(d, hn::IfThenElse(proper, a, one), hn::IfThenElse(proper, x, one), which).value;
    if (HWY_LIKELY(hn::AllTrue(d, proper))) return y;
    // P is 0 at x = 0 and at infinite a, 1 at a = 0 and at infinite x, and nothing where both ask for their own.
    const auto all = hn::And(hn::Eq(a, inf), hn::Lt(x, inf)), none = hn::And(hn::Eq(x, zero), hn::Gt(a, zero));
    const auto is_zero = hn::And(hn::Or(all, none), hn::Ge(x, zero));
    const auto is_one = hn::And(hn::And(hn::Ge(a, zero), hn::Lt(a, inf)), hn::Gt(x, zero));
    const V edge = hn::IfThenElse(is_zero, upper ? one : zero, hn::IfThenElse(is_one, upper ? zero : one, hn::NaN(d)));
    return hn::IfThenElse(proper, y, edge);
  }
};

/// The lower regularized incomplete gamma function P(a, x).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Gammainc(D d, V a, V x) {
  return InDoubles<GammaincInDoubles<false>>(d, a, x);
}

/// The upper one, Q(a, x) = 1 - P(a, x).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Gammaincc(D d, V a, V x) {
  return InDoubles<GammaincInDoubles<true>>(d, a, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_GAMMAINC_INL
