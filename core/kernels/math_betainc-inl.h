// Betainc: the regularized incomplete beta function I(x; a, b).
//
// With y = 1 - x and the symmetry I(x; a, b) = 1 - I(y; b, a), each lane computes the smaller of the two, or nearly:
//   - a <= b, or x <= 1/2: the power x^a y^b / (a beta(a, b)) times a series of positive terms in x (DLMF 8.17.8);
//   - else the recurrence down to b <= 1, whose terms are positive (DLMF 8.17.21), and there a Stieltjes transform as a
//     sum over Jacobi polynomials, the continued fraction of DLMF 15.7 without a difference;
//   - parameters from 1e5 on: Temme's uniform expansion;
//   - b < 1 and y a small: 1 - y^b / (b beta(a, b)) and what is left of the series in y (DLMF 8.17.7), both of order b.
// Lanes end on their own: what others wait for does not change them. Of floats all is done in doubles.
#if defined(LZ_MATH_BETAINC_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_BETAINC_INL
#undef LZ_MATH_BETAINC_INL
#else
#define LZ_MATH_BETAINC_INL
#endif

#include "core/kernels/math_gammainc-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// x and y = 1 - x as sums of two, and the parameters of them.
template <class V>
struct BetaSide {
  V a, b;
  SumOfTwo<V> x, y;
};

/// x^a y^b / (a beta(a, b)) is e^exponent factor; over: x (a + b) - a, how far x is from the mean a / (a + b).
template <class V>
struct BetaPowerParts {
  SumOfTwo<V> exponent;
  V factor, over;
};
template <class D, class V>
HWY_INLINE BetaPowerParts<V> BetaPower(D d, const BetaSide<V>& t) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  const V sum = hn::Add(t.a, t.b);
  const SumOfTwo<V> s = ExactSum(t.a, t.b);
  const auto small = hn::Lt(sum, one);
  const V c = hn::IfThenElse(small, one, s.hi), c_lo = hn::IfThenZeroElse(small, s.lo);
  const auto times_sum = [&](const SumOfTwo<V>& z) HWY_ATTR {
    const SumOfTwo<V> p = ExactProduct(d, z.hi, c);
    const V lo = hn::MulAdd(z.hi, c_lo, hn::MulAdd(z.lo, c, p.lo)), hi = hn::Add(p.hi, lo);
    return SumOfTwo<V>{hi, SumError(p.hi, lo, hi)};
  };
  // x (a + b) - a = x b - y a: what is left of x (a + b) over its mean.
  const SumOfTwo<V> xb = ExactProduct(d, t.x.hi, t.b), ya = ExactProduct(d, t.y.hi, t.a);
  SumOfTwo<V> over = Sum(xb, Negated(ya));
  over = ExactSum(over.hi, hn::Add(over.lo, hn::Sub(hn::Mul(t.x.lo, t.b), hn::Mul(t.y.lo, t.a))));
  SumOfTwo<V> e =
      Sum(PowerExponent(d, t.a, times_sum(t.x), over), PowerExponent(d, t.b, times_sum(t.y), Negated(over)));
  e = Sum(e, SumOfTwo<V>{hn::IfThenElseZero(small, one), zero});
  e.lo = hn::IfThenElseZero(hn::Lt(hn::Abs(e.hi), Constant(d, 0x1p100)), e.lo);
  const GammaRest<V> of_a = RestOfRgamma(d, t.a), of_b = RestOfRgamma(d, t.b), of_s = RestOfRgamma(d, sum);
  const V root = hn::Sqrt(hn::Div(hn::Div(of_s.square, of_a.square), of_b.square));
  const V factor = hn::Div(hn::Mul(hn::Mul(of_a.factor, of_b.factor), t.b), hn::Mul(of_s.factor, sum));
  return {e, hn::Mul(root, factor), over.hi};
}

/// I(x; a, b) over e^-square for x below the mean and parameters from 1e5 on, of which `square` is half of r eta^2 and
/// `over` as in BetaPowerParts: the first two terms of Temme's uniform expansion, "Incomplete Laplace integrals:
/// uniform asymptotic expansion with application to the incomplete beta function", SIAM J. Math. Anal. 18 (1987);
/// DLMF 8.18.9.
template <class D, class V>
HWY_INLINE V UniformBeta(D d, V a, V b, V square, V over) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  const V r = hn::Add(a, b), x0 = hn::Div(a, r), y0 = hn::Div(b, r), root = hn::Sqrt(hn::Mul(x0, y0));
  const V m = hn::Div(over, a), n = hn::Neg(hn::Div(over, b));  // x = x0 (1 + m), y = y0 (1 + n)
  const auto far = hn::Gt(square, Constant(d, 0.5));
  // c_0 = 1/s - 1/eta, s = (x - x0) / root; c_1 = (dc_0/deta - its value at 0) / eta.
  const V s = hn::IfThenElse(far, hn::Div(hn::Div(over, r), root), Constant(d, -1));
  const V eta = hn::IfThenElse(far, hn::Neg(hn::Sqrt(hn::Div(hn::Add(square, square), r))), Constant(d, -1));
  const V inverse = hn::Div(one, s), inverse_eta = hn::Div(one, eta);
  const V root_inverse = hn::Div(one, root),
          slope_at_0 = hn::Mul(hn::Sub(hn::Mul(root_inverse, root_inverse), one), Constant(d, 1.0 / 12));
  const V slope = hn::Sub(
      hn::Mul(inverse_eta, inverse_eta),
      hn::Mul(hn::Mul(eta, hn::Mul(hn::Add(one, m), hn::Add(one, n))), hn::Mul(inverse, hn::Mul(inverse, inverse))));
  V c0 = hn::Sub(inverse, inverse_eta), c1 = hn::Mul(hn::Sub(slope, slope_at_0), inverse_eta);
  // Near the mean c_0 from the series of eta^2 = s^2 (1 - u), and c_1 at the mean.
  static constexpr double log_rest[] = {1.0 / 3, -1.0 / 4, 1.0 / 5, -1.0 / 6, 1.0 / 7, -1.0 / 8};
  static constexpr double inverse_root[] = {1.0 / 2, 3.0 / 8, 5.0 / 16, 35.0 / 128, 63.0 / 256};
  const V of_m = hn::Mul(y0, Polynomial(d, hn::IfThenZeroElse(far, m), log_rest));
  const V of_n = hn::Mul(x0, Polynomial(d, hn::IfThenZeroElse(far, n), log_rest));
  const V u = hn::Mul(hn::MulAdd(m, of_m, hn::Mul(n, of_n)), Constant(d, 2));
  const V u_over_s =
      hn::Mul(hn::Sub(hn::Mul(hn::Div(root, x0), of_m), hn::Mul(hn::Div(root, y0), of_n)), Constant(d, 2));
  const V near_c0 = hn::Neg(hn::Mul(u_over_s, Polynomial(d, hn::IfThenZeroElse(far, u), inverse_root)));
  const V k = hn::Mul(root_inverse, root_inverse), k3 = hn::Mul(hn::Sub(y0, x0), root_inverse);
  const V k4 = hn::Sub(k, Constant(d, 3)), k5 = hn::Mul(k3, hn::Sub(k, Constant(d, 2)));
  const V b2 = hn::MulAdd(hn::Mul(k3, k4), Constant(d, 0.25), hn::Mul(k5, Constant(d, -0.2)));
  const V c02 = hn::MulAdd(hn::Mul(k3, slope_at_0), Constant(d, 1.0 / 3),
                           hn::MulAdd(hn::Mul(k3, hn::Mul(k3, k3)), Constant(d, -5.0 / 54), b2));
  c0 = hn::IfThenElse(far, c0, near_c0), c1 = hn::IfThenElse(far, c1, hn::Add(c02, c02));
  const V series = hn::Mul(hn::Add(c0, hn::Div(c1, r)), hn::Sub(one, hn::Div(slope_at_0, r)));
  const V half = hn::Mul(ErfcxOfPositive<Scale::one>(d, hn::Min(hn::Sqrt(hn::Max(square, zero)), Constant(d, 40))),
                         Constant(d, 0.5));
  return hn::Sub(half, hn::Div(series, hn::Mul(hn::Sqrt(r), Constant(d, 0x1.40d931ff62706p1))));  // sqrt(2 pi)
}

/// 1 + (s/(a+1)) x + (s (s+1) / ((a+1) (a+2))) x^2 + ... where `open`, s = a + b.
template <class D, class V>
HWY_INLINE V LowerBetaSeries(D d, V a, V s, V x, hn::Mask<D> open) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  SumOfTwo<V> sum = {one, zero};
  V term = hn::IfThenElseZero(open, one), n = zero;
  for (int block = 0; block < (1 << 20); ++block) {  // four terms to a division
    const V a0 = hn::Add(a, n), s0 = hn::Add(s, n);
    const V d1 = hn::Add(a0, one), d2 = hn::Add(a0, Constant(d, 2)), d3 = hn::Add(a0, Constant(d, 3));
    const V d4 = hn::Add(a0, Constant(d, 4));
    const V n1 = hn::Mul(x, s0), n2 = hn::Mul(x, hn::Add(s0, one)), n3 = hn::Mul(x, hn::Add(s0, Constant(d, 2)));
    const V n4 = hn::Mul(x, hn::Add(s0, Constant(d, 3)));
    const V d34 = hn::Mul(d3, d4), d234 = hn::Mul(d2, d34);
    const V scaled = hn::Div(term, hn::Mul(d1, d234));
    const V four = hn::Mul(n1, hn::MulAdd(n2, hn::MulAdd(n3, hn::Add(n4, d4), d34), d234));
    const SumOfTwo<V> next = ExactSum(sum.hi, hn::Mul(scaled, four));
    sum = {next.hi, hn::Add(sum.lo, next.lo)};
    term = hn::Mul(scaled, hn::Mul(hn::Mul(n1, n2), hn::Mul(n3, n4)));
    // All that follows is below (a + n) / (1 + a - x s + n y) times the term.
    const V slow =
        hn::Div(hn::Add(a0, Constant(d, 5)),
                hn::Max(one, hn::Sub(hn::Add(a0, Constant(d, 5)), hn::MulAdd(x, hn::Add(s0, Constant(d, 4)), zero))));
    term = hn::IfThenElseZero(hn::Gt(hn::Mul(term, slow), hn::Mul(sum.hi, Constant(d, 0x1p-57))), term);
    if (hn::AllTrue(d, hn::Eq(term, zero))) return hn::Add(sum.hi, sum.lo);
    n = hn::Add(n, Constant(d, 4));
  }
  return hn::IfThenElse(hn::Eq(term, zero), hn::Add(sum.hi, sum.lo), hn::NaN(d));
}

/// The series of LowerBetaSeries where `open`, for 0 < b <= 1, x >= 1/2 and y a >= 0.65, y = 1 - x: x^-1 times the
/// transform of the weight t^(a+b-1) (1-t)^-b on [0, 1] at 1/x, by sums of squared norms over products of neighbours
/// among its orthogonal polynomials; those grow by steps that are positive (DLMF 18.2.8, 18.9.2).
template <class D, class V>
HWY_INLINE V JacobiSum(D d, V a, V b, V x, V y, hn::Mask<D> open) {
  const V zero = hn::Zero(d), one = Constant(d, 1), z_less = hn::Div(y, x), p = hn::Sub(hn::Add(a, b), one);
  V sum = zero, rest = zero, jacobi = one, step = zero, weight = hn::IfThenElseZero(open, hn::Add(a, one));
  for (int n = 0; n < 1000; ++n) {
    const V N = Constant(d, n), a_n = hn::Add(a, N), a_2n = hn::Add(a_n, N), a_2n1 = hn::Add(a_2n, one);
    const V a_less = n == 0 ? one : hn::Sub(a_2n, one);
    const V inverse = hn::Div(a_2n1, hn::Mul(a_n, a_less)), next_n = Constant(d, 1.0 / (n + 1));
    const V shared = n == 0 ? zero : hn::Mul(hn::Add(p, N), inverse);  // (n+s-1) (2n+1+a) / ((n+a) (2n+a-1))
    step = hn::MulAdd(hn::Mul(hn::Mul(a_2n, inverse), hn::Mul(a_less, z_less)), jacobi, hn::Mul(shared, step));
    if (n > 0) weight = hn::Mul(hn::Mul(weight, shared), hn::Mul(hn::Sub(N, b), next_n));
    const V next = hn::Mul(hn::MulAdd(hn::Sub(Constant(d, n + 1), b), jacobi, step), next_n);
    const V term = hn::Div(weight, hn::Mul(jacobi, next)), more = hn::Add(sum, term);
    rest = hn::Add(rest, SumError(sum, term, more));
    sum = more;
    weight = hn::IfThenElseZero(hn::Gt(term, hn::Mul(sum, Constant(d, 0x1p-59))), weight);
    const auto done = hn::Eq(weight, zero);
    if (hn::AllTrue(d, done)) return hn::Div(hn::Add(sum, rest), x);
    jacobi = hn::IfThenElse(done, one, next);  // no overflow while others go on
    step = hn::IfThenZeroElse(done, step);
  }
  return hn::IfThenElse(hn::Eq(weight, zero), hn::Div(hn::Add(sum, rest), x), hn::NaN(d));
}

/// I(x; a, b) over BetaPower where `open`, for a > b, x >= 1/2 and, if b < 1, y a >= 0.65.
template <class D, class V>
HWY_INLINE V UpperBetaSum(D d, V a, V b, V x, V y, hn::Mask<D> open) {
  const V zero = hn::Zero(d), one = Constant(d, 1), least = Constant(d, 0x1p-58);
  // term: the power x^a y^b / (a beta(a, b)) of the b reached, times b_reached / a after the first step.
  V sum = zero, sum_lo = zero, left = b;
  auto steps = hn::And(open, hn::Gt(left, one));
  V term = hn::IfThenElse(steps, hn::Div(a, hn::Mul(hn::Add(a, hn::Sub(b, one)), y)), one);
  const auto any = steps;
  left = hn::IfThenElse(steps, hn::Sub(left, one), left);
  int64_t count = 0;
  while (!hn::AllFalse(d, steps) && ++count < (1 << 22)) {
    const V now = hn::IfThenElseZero(steps, term), more = hn::Add(sum, now);
    sum_lo = hn::Add(sum_lo, SumError(sum, now, more));
    sum = more;
    steps = hn::And(steps, hn::And(hn::Gt(left, one), hn::Gt(term, hn::Mul(sum, least))));
    const V less = hn::Sub(left, one);
    term = hn::IfThenElse(steps, hn::Mul(term, hn::Div(left, hn::Mul(hn::Add(a, less), y))), term);
    left = hn::IfThenElse(steps, less, left);
  }
  const V undone = hn::IfThenElseZero(steps, hn::NaN(d));
  const auto more = hn::And(open, hn::And(hn::Le(left, one), hn::Gt(term, hn::Mul(sum, least))));
  const V scale = hn::IfThenElse(any, hn::Mul(term, hn::Div(left, a)), one);
  const V rest = JacobiSum(d, hn::IfThenElse(more, a, one), hn::IfThenElse(more, left, Constant(d, 0.5)),
                           hn::IfThenElse(more, x, Constant(d, 0.5)), hn::IfThenElse(more, y, Constant(d, 0.5)), more);
  return hn::Add(hn::Add(hn::MulAdd(scale, hn::IfThenElseZero(more, rest), sum_lo), sum), undone);
}

/// I(x; a, b) for b < 1, y <= 1/2 and y a < 0.65.
template <class D, class V>
HWY_INLINE V UpperBetaOfSmall(D d, V a, V b, SumOfTwo<V> y) {
  const V zero = hn::Zero(d), one = Constant(d, 1);
  // gamma(a + b) / gamma(a) by the recurrence up from an a of 8 or more: 1 + q over that.
  V q = zero, base = a;
  for (int k = 0; k < 8; ++k) {
    const auto low = hn::Lt(base, Constant(d, 8));
    if (hn::AllFalse(d, low)) break;
    q = hn::IfThenElse(low, hn::MulAdd(hn::Add(q, one), hn::Div(b, base), q), q);
    base = hn::IfThenElse(low, hn::Add(base, one), base);
  }
  // log(gamma(base + b) / gamma(base)) + b log y = base (log(1 + m) - m) - log(1 + m) / 2 + b log(y (base + b)) +
  // Stirling's series, m = b / base. Its differences have a factor 1/(base + b) - 1/base.
  const SumOfTwo<V> s = ExactSum(base, b);
  const SumOfTwo<V> near = PowerExponent(d, base, s, SumOfTwo<V>{b, zero});
  SumOfTwo<V> mean = ExactProduct(d, y.hi, s.hi);
  mean.lo = hn::MulAdd(y.hi, s.lo, hn::MulAdd(y.lo, s.hi, mean.lo));
  const SumOfTwo<V> log = LogOfTwo(d, mean);
  const V u = hn::Div(one, s.hi), v = hn::Div(one, base), uu = hn::Mul(u, u), vv = hn::Mul(v, v);
  V powers = one, v_k = one, stirling = zero;  // u^2k + u^(2k-1) v + ... + v^2k
  for (const double c : kStirling) {
    stirling = hn::MulAdd(powers, Constant(d, c), stirling);
    const V odd = hn::Mul(v_k, v);
    v_k = hn::Mul(v_k, vv);
    powers = hn::Add(hn::MulAdd(uu, powers, hn::Mul(u, odd)), v_k);
  }
  const V m = hn::Mul(b, v);
  const V series = hn::Mul(hn::Mul(m, hn::Neg(u)), stirling);
  const V less_log = hn::Mul(Log1p(d, m), Constant(d, -0.5));
  const SumOfTwo<V> main = ExactProduct(d, b, log.hi);
  SumOfTwo<V> whole = Sum(main, near);
  whole.lo = hn::Add(whole.lo, hn::MulAdd(b, log.lo, hn::Add(series, less_log)));
  const V w = hn::Add(whole.hi, whole.lo), w_lo = hn::Add(hn::Sub(whole.hi, w), whole.lo);
  const V e = Expm1(d, w), g = RgammaOfOnePlusLessOne(d, b);
  const V growth = hn::MulAdd(hn::Add(e, one), w_lo, e);
  // y^b / (b beta(a, b)) - 1.
  const V less = hn::Div(hn::Sub(hn::MulAdd(growth, g, hn::Add(growth, g)), q), hn::Add(one, q));
  // The sum of (1-a)_n y^n / (n! (b + n)), n = 1, 2, ....
  V sum = zero, term = one;
  auto open = hn::Gt(b, zero);
  for (int n = 1; n < 200 && !hn::AllFalse(d, open); ++n) {
    term = hn::Mul(term, hn::Mul(hn::Mul(hn::Sub(Constant(d, n), a), y.hi), Constant(d, 1.0 / n)));
    const V part = hn::Div(term, hn::Add(b, Constant(d, n)));
    sum = hn::IfThenElse(open, hn::Add(sum, part), sum);
    open = hn::And(open, hn::Gt(hn::Abs(term), hn::Mul(hn::Abs(sum), Constant(d, 0x1p-58))));
  }
  sum = hn::IfThenElse(open, hn::NaN(d), sum);
  return hn::Neg(hn::MulAdd(hn::Mul(b, sum), hn::Add(less, one), less));
}

/// I(x; a, b) of positive, finite a and b, x and y = 1 - x between 0 and 1.
template <class D, class V>
HWY_INLINE V IncompleteBeta(D d, V a, V b, SumOfTwo<V> x, SumOfTwo<V> y) {
  const V zero = hn::Zero(d), one = Constant(d, 1), half = Constant(d, 0.5), near = Constant(d, kGammaincNear);
  // Parameters so large, or so small, that only their ratio counts; of one that is too small the result is a
  // multiple.
  const V larger = hn::Max(a, b), least = Constant(d, 1e-300);
  const V down = hn::IfThenElse(hn::Gt(larger, Constant(d, 0x1p1000)), Constant(d, 0x1p-40), one);
  const V scale = hn::IfThenElse(hn::Lt(larger, Constant(d, 0x1p-900)), Constant(d, 0x1p174), down);
  a = hn::Max(hn::Mul(a, scale), least), b = hn::Mul(b, scale);
  const V multiple = hn::IfThenElse(hn::Lt(b, least), hn::Mul(b, Constant(d, 1e300)), one);
  b = hn::Max(b, least);
  const SumOfTwo<V> s = ExactSum(a, b);
  // Small tails: of b < 1 near 1, which is computed as such, and of a < 1 near 0, whose complement is.
  const auto small = hn::And(hn::And(hn::Lt(b, one), hn::Lt(y.hi, half)), hn::Lt(hn::Mul(a, y.hi), near));
  const auto direct = hn::And(hn::And(hn::Lt(a, one), hn::Le(x.hi, half)), hn::Lt(hn::Mul(b, x.hi), near));
  const SumOfTwo<V> xb = ExactProduct(d, x.hi, b), ya = ExactProduct(d, y.hi, a);
  const V over_lo = hn::MulAdd(x.lo, b, hn::NegMulAdd(y.lo, a, hn::Sub(xb.lo, ya.lo)));
  const auto beyond = hn::Gt(hn::Add(hn::Sub(xb.hi, ya.hi), over_lo), zero);  // the mean
  const auto swap = hn::AndNot(hn::Or(small, direct), beyond);
  const BetaSide<V> t = {hn::IfThenElse(swap, b, a), hn::IfThenElse(swap, a, b), Choose(d, swap, y, x),
                         Choose(d, swap, x, y)};
  V tail = zero;
  if (!hn::AllTrue(d, small)) {
    const BetaPowerParts<V> parts = BetaPower(d, t);
    const V power = ExpOf(d, parts.exponent);
    const auto vast = hn::Ge(hn::Min(a, b), Constant(d, 1e5));
    const auto some = hn::AndNot(hn::Or(small, vast), hn::Gt(power, zero));
    const auto series = hn::And(some, hn::Or(hn::Le(t.a, t.b), hn::Le(t.x.hi, half)));
    const auto upper = hn::AndNot(series, some);
    V sum = zero;
    if (!hn::AllFalse(d, series)) sum = LowerBetaSeries(d, t.a, s.hi, t.x.hi, series);
    if (!hn::AllFalse(d, upper)) sum = hn::IfThenElse(upper, UpperBetaSum(d, t.a, t.b, t.x.hi, t.y.hi, upper), sum);
    tail = hn::IfThenElseZero(some, hn::Mul(power, hn::Mul(parts.factor, sum)));
    if (!hn::AllFalse(d, vast)) {
      const V safe = Constant(d, 1e5), square = hn::Neg(hn::Add(parts.exponent.hi, parts.exponent.lo));
      const V scaled = UniformBeta(d, hn::IfThenElse(vast, t.a, safe), hn::IfThenElse(vast, t.b, safe),
                                   hn::IfThenElseZero(vast, square), hn::IfThenElseZero(vast, parts.over));
      tail = hn::IfThenElse(hn::And(vast, hn::Gt(power, zero)), hn::Mul(power, scaled), tail);
    }
  }
  V result = hn::IfThenElse(swap, hn::Sub(one, tail), tail);
  if (!hn::AllFalse(d, small)) {
    const V of_small = UpperBetaOfSmall(d, hn::IfThenElse(small, a, one), hn::IfThenElse(small, b, half),
                                        Choose(d, small, y, SumOfTwo<V>{half, zero}));
    result = hn::IfThenElse(small, hn::Mul(of_small, multiple), result);
  }
  return hn::Min(result, one);
}

struct BetaincInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V x) const {
    const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto of_a = hn::And(hn::Gt(a, zero), hn::Lt(a, inf)), of_b = hn::And(hn::Gt(b, zero), hn::Lt(b, inf));
    const auto proper = hn::And(hn::And(of_a, of_b), hn::And(hn::Gt(x, zero), hn::Lt(x, one)));
    const V safe = hn::IfThenElse(proper, x, Constant(d, 0.5)), rest = hn::Sub(one, safe);
    const SumOfTwo<V> rests = {rest, hn::Sub(hn::Sub(one, rest), safe)};
    const V y = IncompleteBeta(d, hn::IfThenElse(proper, a, one), hn::IfThenElse(proper, b, one),
                               SumOfTwo<V>{safe, zero}, rests);
    if (HWY_LIKELY(hn::AllTrue(d, proper))) return y;
    // A mass at 0 for a = 0 or b infinite, at 1 for b = 0 or a infinite.
    const auto in_domain = hn::And(hn::And(hn::Ge(a, zero), hn::Ge(b, zero)), hn::And(hn::Ge(x, zero), hn::Le(x, one)));
    const auto both = hn::And(hn::Eq(a, b), hn::Or(hn::Eq(a, zero), hn::Eq(a, inf)));
    const auto is_one = hn::And(hn::Gt(x, zero), hn::Or(hn::Eq(x, one), hn::Or(hn::Eq(a, zero), hn::Eq(b, inf))));
    const V edge = hn::IfThenElse(hn::AndNot(both, in_domain), hn::IfThenElseZero(is_one, one), hn::NaN(d));
    return hn::IfThenElse(proper, y, edge);
  }
};

/// A double's function of three arguments, as InDoubles.
template <class F, class D, class V>
HWY_NOINLINE V OutOfLine(D d, V a, V b, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return F()(d, a, b, x);
  } else {
    const hn::Rebind<double, D> dd;
    return hn::DemoteTo(d, F()(dd, hn::PromoteTo(dd, a), hn::PromoteTo(dd, b), hn::PromoteTo(dd, x)));
  }
}
template <class F, class D, class V>
HWY_INLINE V InDoubles(D d, V a, V b, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return OutOfLine<F>(d, a, b, x);
  } else {
    const hn::Half<D> dh;
    return hn::Combine(d, OutOfLine<F>(dh, hn::UpperHalf(dh, a), hn::UpperHalf(dh, b), hn::UpperHalf(dh, x)),
                       OutOfLine<F>(dh, hn::LowerHalf(dh, a), hn::LowerHalf(dh, b), hn::LowerHalf(dh, x)));
  }
}

/// The regularized incomplete beta function.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Betainc(D d, V a, V b, V x) {
  return InDoubles<BetaincInDoubles>(d, a, b, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_BETAINC_INL
