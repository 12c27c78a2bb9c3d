// Gammaincinv: the x at which the lower regularized incomplete gamma function P(a, x) is p.
//
// Steps of Halley's from a guess, for p < 1/2 on P and else on Q = 1 - P, within a bracket that they narrow. (After
// Gil, Segura and Temme, "Efficient and accurate algorithms for the computation and inversion of the incomplete gamma
// function ratios", SIAM J. Sci. Comput. 34 (2012), whose guesses differ.) Of floats all is done in doubles.
#if defined(LZ_MATH_GAMMAINCINV_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_GAMMAINCINV_INL
#undef LZ_MATH_GAMMAINCINV_INL
#else
#define LZ_MATH_GAMMAINCINV_INL
#endif

#include "core/kernels/math_erfinv-inl.h"
#include "core/kernels/math_gammainc-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

struct GammaincinvInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V p) const {
    const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto proper = hn::And(hn::And(hn::Gt(a, zero), hn::Lt(a, inf)), hn::And(hn::Gt(p, zero), hn::Lt(p, one)));
    const V y = Proper(d, hn::IfThenElse(proper, a, one), hn::IfThenElse(proper, p, Constant(d, 0.5)));
    if (HWY_LIKELY(hn::AllTrue(d, proper))) return y;
    const auto in_domain = hn::And(hn::And(hn::Ge(a, zero), hn::Ge(p, zero)), hn::Le(p, one));
    V edge = hn::IfThenElse(hn::Eq(p, one), inf, hn::IfThenElse(hn::Gt(p, zero), hn::NaN(d), zero));
    edge = hn::IfThenElse(in_domain, edge, hn::NaN(d));
    return hn::IfThenElse(proper, y, edge);
  }

 private:
  /// The logarithm of (p gamma(1 + a))^(1/a).
  template <class D, class V>
  static HWY_INLINE V LogOfLeast(D d, V a, V p) {
    return hn::Div(hn::Add(Log(d, p), GammalnInDoubles()(d, hn::Add(a, Constant(d, 1)))), a);
  }

  template <class D, class V>
  static HWY_INLINE V Guess(D d, V a, V p, V q, V log_x, hn::Mask<D> upper) {
    const V one = Constant(d, 1);
    // The cube root of x / a is nearly normal (Wilson and Hilferty 1931).
    const V t = NdtriInDoubles()(d, hn::Max(hn::IfThenElse(upper, q, p), Constant(d, 1e-300)));
    const V normal = hn::IfThenElse(upper, hn::Neg(t), t), v = hn::Div(Constant(d, 1.0 / 9), a);
    const V root = hn::MulAdd(normal, hn::Sqrt(v), hn::Sub(one, v));
    const V cube = hn::Mul(a, hn::Mul(root, hn::Mul(root, root)));
    // Near 0, P is x^a / gamma(1 + a) nearly; far away Q is x^(a-1) e^-x / gamma(a).
    const V log_gamma = hn::Sub(hn::Mul(log_x, a), Log(d, p));
    const V lowest = Exp(d, hn::Max(hn::Min(log_x, Constant(d, 700)), Constant(d, -745)));
    const auto near = hn::Or(
        hn::Lt(root, Constant(d, 0.3)),
        hn::And(hn::Lt(a, Constant(d, 2)), hn::Lt(lowest, hn::Mul(Constant(d, 0.5), hn::Add(a, Constant(d, 0.2))))));
    V x = hn::IfThenElse(near, lowest, cube);
    const V log_q = hn::Sub(hn::Sub(Log(d, a), Log(d, q)), log_gamma);  // of 1 / (q gamma(a))
    const auto far = hn::And(hn::And(upper, hn::Lt(a, Constant(d, 1.5))), hn::Gt(log_q, one));
    const V far_x = hn::MulAdd(hn::Sub(a, one), Log(d, hn::Max(log_q, one)), log_q);
    return hn::IfThenElse(far, hn::Max(far_x, Constant(d, 0.1)), x);
  }

  template <class D, class V>
  static HWY_INLINE V Proper(D d, V a, V p) {
    const V zero = hn::Zero(d), one = Constant(d, 1), half = Constant(d, 0.5), most = Constant(d, 1e308);
    const auto upper = hn::Ge(p, half);
    // So near 0, P is x^a / gamma(1 + a), and x may be subnormal.
    const V log_x = LogOfLeast(d, a, p);
    const auto least = hn::Lt(log_x, Constant(d, -700));
    const V q = hn::Sub(one, p), target = hn::IfThenElse(upper, q, p);
    const GammaRest<V> rest = RestOfRgamma(d, a);
    const V scale = hn::Mul(a, hn::Div(rest.factor, hn::Sqrt(rest.square)));  // x times the density over the power
    V x = hn::Max(Guess(d, a, p, q, log_x, upper), Constant(d, 1e-306));
    const V root = hn::Sqrt(hn::Max(a, one));
    V low = zero, high = hn::Set(d, std::numeric_limits<double>::infinity());
    auto open = hn::AndNot(least, hn::Gt(a, zero));
    for (int k = 0; k < 100 && !hn::AllFalse(d, open); ++k) {
      const auto [value, power] = IncompleteGamma(d, a, x, upper);
      const V ratio = hn::Div(value, target), rises = hn::IfThenElse(upper, Constant(d, -1), one);
      const auto beyond = hn::Gt(hn::Mul(hn::Sub(ratio, one), rises), zero), met = hn::Eq(ratio, one);
      high = hn::IfThenElse(hn::And(open, beyond), x, high);
      low = hn::IfThenElse(hn::AndNot(beyond, open), x, low);
      // Halley's step on log P, or log Q, as a function of log x, whose slope h has the slope h (a - x - h), or h (a -
      // x + h).
      const auto some = hn::And(hn::Gt(ratio, zero), hn::Lt(ratio, most));
      const V h = hn::Mul(hn::Div(hn::Mul(scale, power), value), rises);
      const V newton = hn::Div(Log(d, hn::IfThenElse(some, ratio, one)), h);
      const V bend = hn::Mul(hn::Mul(newton, half), hn::Sub(hn::Sub(a, x), h));
      const V step = hn::Div(newton, hn::Sub(one, hn::Min(hn::Max(bend, Constant(d, -1)), half)));
      V next = hn::Mul(x, Exp(d, hn::Min(hn::Max(hn::Neg(step), Constant(d, -700)), Constant(d, 700))));
      // Where that leaves the bracket, its middle on the logarithm.
      const auto inside = hn::And(some, hn::And(hn::Gt(next, low), hn::Lt(next, high)));
      const V lower_end = hn::Max(low, hn::Mul(x, Constant(d, 0x1p-20)));
      const V upper_end = hn::Min(hn::Min(high, hn::Mul(x, Constant(d, 16))), most);
      next = hn::IfThenElse(inside, next, hn::IfThenElse(met, x, hn::Mul(hn::Sqrt(lower_end), hn::Sqrt(upper_end))));
      const auto last = hn::And(inside, hn::Le(hn::Mul(hn::Abs(step), root), Constant(d, 0x1p-18)));
      x = hn::IfThenElse(open, next, x);
      const auto closed = hn::Le(hn::Sub(high, low), hn::Mul(low, Constant(d, 0x1p-51)));
      open = hn::AndNot(hn::Or(hn::Or(met, closed), last), open);
    }
    x = hn::IfThenElse(open, hn::NaN(d), x);
    if (HWY_LIKELY(hn::AllFalse(d, least))) return x;
    const V log_gamma = GammalnInDoubles()(d, hn::Add(a, one));
    const SumOfTwo<V> log = Sum(LogOfTwo(d, SumOfTwo<V>{p, zero}), SumOfTwo<V>{log_gamma, zero});
    const V divisor = hn::IfThenElse(least, a, one);
    return hn::IfThenElse(least, ExpOf(d, QuotientInTwoParts(d, log, divisor)), x);
  }
};

/// The x with P(a, x) = p.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Gammaincinv(D d, V a, V p) {
  return InDoubles<GammaincinvInDoubles>(d, a, p);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_GAMMAINCINV_INL
