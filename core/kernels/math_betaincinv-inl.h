// Betaincinv: the x at which the regularized incomplete beta function I(x; a, b) is p.
//
// Steps of Halley's on the logarithms of the lesser of x and 1 - x and of the smaller tail, within a bracket that they
// narrow. The guess is that of Abramowitz and Stegun 26.5.22 for parameters above 1, else the power at the nearer end.
// Of floats all is done in doubles.
#if defined(LZ_MATH_BETAINCINV_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_BETAINCINV_INL
#undef LZ_MATH_BETAINCINV_INL
#else
#define LZ_MATH_BETAINCINV_INL
#endif

#include "core/kernels/math_beta-inl.h"
#include "core/kernels/math_betainc-inl.h"
#include "core/kernels/math_erfinv-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

struct BetaincinvInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b, V p) const {
    const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto of_a = hn::And(hn::Gt(a, zero), hn::Lt(a, inf)), of_b = hn::And(hn::Gt(b, zero), hn::Lt(b, inf));
    const auto proper = hn::And(hn::And(of_a, of_b), hn::And(hn::Gt(p, zero), hn::Lt(p, one)));
    const V y = Proper(d, hn::IfThenElse(proper, a, one), hn::IfThenElse(proper, b, one),
                       hn::IfThenElse(proper, p, Constant(d, 0.5)));
    if (HWY_LIKELY(hn::AllTrue(d, proper))) return y;
    const auto in_domain = hn::And(hn::And(hn::Gt(a, zero), hn::Gt(b, zero)), hn::And(hn::Ge(p, zero), hn::Le(p, one)));
    const auto ends = hn::Or(hn::Eq(p, zero), hn::Eq(p, one));
    V edge = hn::IfThenElse(ends, p, hn::IfThenElse(hn::Eq(a, b), hn::NaN(d), hn::IfThenElseZero(hn::Eq(a, inf), one)));
    edge = hn::IfThenElse(in_domain, hn::Abs(edge), hn::NaN(d));
    return hn::IfThenElse(proper, y, edge);
  }

 private:
  template <class V>
  struct Ends {
    V x, y;
  };
  /// x and y = 1 - x, nearly, the lesser of them without cancellation.
  template <class D, class V>
  static HWY_INLINE Ends<V> Guess(D d, V a, V b, V p, V q) {
    const V zero = hn::Zero(d), one = Constant(d, 1), least = Constant(d, 1e-300);
    // For parameters above 1 half the logarithm of the odds is nearly normal.
    const auto flip = hn::Lt(q, p);
    const V tail = NdtriInDoubles()(d, hn::Max(hn::Min(p, q), least)), t = hn::IfThenElse(flip, tail, hn::Neg(tail));
    const V va = hn::Div(one, hn::Max(hn::Sub(hn::Add(a, a), one), Constant(d, 0.5)));
    const V vb = hn::Div(one, hn::Max(hn::Sub(hn::Add(b, b), one), Constant(d, 0.5)));
    const V h = hn::Div(Constant(d, 2), hn::Add(va, vb));
    const V l = hn::Mul(hn::MulAdd(t, t, Constant(d, -3)), Constant(d, 1.0 / 6));
    const V first = hn::Div(hn::Mul(t, hn::Sqrt(hn::Max(zero, hn::Add(h, l)))), h);
    const V less = hn::Sub(hn::Add(l, Constant(d, 5.0 / 6)), hn::Div(Constant(d, 2.0 / 3), h));
    const V w = hn::NegMulAdd(hn::Sub(vb, va), less, first);
    const V odds = Exp(d, hn::Min(hn::Max(hn::Add(w, w), Constant(d, -600)), Constant(d, 600)));
    const V of_y = hn::Mul(b, odds), sum = hn::Add(a, of_y);
    // Near 0 I is x^a / (a beta(a, b)) nearly, near 1 it is 1 - y^b / (b beta(a, b)).
    const V log_beta = BetaResult<D, true>::Of(d, PartsOfBeta(d, a, b), a);
    const auto power = [&](V own, V own_tail) HWY_ATTR {
      const V log = hn::Div(hn::Add(hn::Add(Log(d, own_tail), Log(d, own)), log_beta), own);
      return Exp(d, hn::Max(hn::Min(log, zero), Constant(d, -745)));
    };
    const V low = power(a, p), high = power(b, q), mean = hn::Div(a, hn::Add(a, b));
    const auto left = hn::Lt(hn::Sub(low, mean), hn::Sub(high, hn::Sub(one, mean)));
    const auto middle = hn::And(hn::And(hn::Gt(a, one), hn::Gt(b, one)),
                                hn::And(hn::Lt(hn::Mul(mean, Constant(d, 0.05)), low),
                                        hn::Lt(hn::Mul(hn::Sub(one, mean), Constant(d, 0.05)), high)));
    return {hn::IfThenElse(middle, hn::Div(a, sum), hn::IfThenElse(left, low, hn::Sub(one, high))),
            hn::IfThenElse(middle, hn::Div(of_y, sum), hn::IfThenElse(left, hn::Sub(one, low), high))};
  }

  template <class D, class V>
  static HWY_INLINE V Proper(D d, V a, V b, V p) {
    const V zero = hn::Zero(d), one = Constant(d, 1), half = Constant(d, 0.5);
    const V most = Constant(d, 1 - 0x1p-53), least = Constant(d, 1e-307);
    // z is the lesser of x and y, of the parameters `own` and `other`; the smaller tail is I(z; own, other), or
    // where `falls` its complement.
    const V q = hn::Sub(one, p), target = hn::Min(p, q);
    const auto guess = Guess(d, a, b, p, q);
    const auto of_y = hn::Lt(guess.y, guess.x), large = hn::Ge(p, half);
    const auto falls = hn::Or(hn::AndNot(of_y, large), hn::AndNot(large, of_y));
    const V own = hn::IfThenElse(of_y, b, a), other = hn::IfThenElse(of_y, a, b);
    V z = hn::Min(hn::Max(hn::Min(guess.x, guess.y), least), most), low = zero, high = one;
    const V root = hn::Sqrt(hn::Max(one, hn::Min(own, other))), rises = hn::IfThenElse(falls, Constant(d, -1), one);
    auto open = hn::Gt(own, zero);
    for (int k = 0; k < 200 && !hn::AllFalse(d, open); ++k) {
      const V rest = hn::Sub(one, z);
      const SumOfTwo<V> here = {z, zero}, there = {rest, hn::Sub(hn::Sub(one, rest), z)};
      const V value = IncompleteBeta(d, hn::IfThenElse(falls, other, own), hn::IfThenElse(falls, own, other),
                                     Choose(d, falls, there, here), Choose(d, falls, here, there));
      const BetaPowerParts<V> parts = BetaPower(d, BetaSide<V>{own, other, here, there});
      const V density = hn::Div(hn::Mul(own, hn::Mul(ExpOf(d, parts.exponent), parts.factor)), rest);  // times z
      const V ratio = hn::Div(value, target);
      const auto beyond = hn::Gt(hn::Mul(hn::Sub(ratio, one), rises), zero), met = hn::Eq(ratio, one);
      high = hn::IfThenElse(hn::And(open, beyond), z, high);
      low = hn::IfThenElse(hn::AndNot(beyond, open), z, low);
      // Halley's step, as in Gammaincinv.
      const auto some = hn::And(hn::And(hn::Gt(ratio, zero), hn::Lt(ratio, Constant(d, 1e308))), hn::Gt(density, zero));
      const V h = hn::Mul(hn::Div(density, value), rises);
      const V newton = hn::Div(Log(d, hn::IfThenElse(some, ratio, one)), h);
      const V slope = hn::Sub(hn::Sub(own, hn::Div(hn::Mul(hn::Sub(other, one), z), rest)), h);
      const V bend = hn::Mul(hn::Mul(newton, half), slope);
      const V step = hn::Div(newton, hn::Sub(one, hn::Min(hn::Max(bend, Constant(d, -1)), half)));
      V next = hn::Mul(z, Exp(d, hn::Min(hn::Max(hn::Neg(step), Constant(d, -700)), Constant(d, 700))));
      const auto inside = hn::And(some, hn::And(hn::Gt(next, low), hn::Lt(next, high)));
      // Else the middle of the bracket, on the logarithm, but for its upper half.
      const V from = hn::Max(hn::Max(low, hn::Mul(z, Constant(d, 0x1p-60))), least);
      const V middle = hn::IfThenElse(hn::Gt(low, Constant(d, 0.25)), hn::Mul(hn::Add(low, high), half),
                                      hn::Mul(hn::Sqrt(from), hn::Sqrt(high)));
      next = hn::Min(hn::IfThenElse(inside, next, hn::IfThenElse(met, z, middle)), most);
      const auto last = hn::And(inside, hn::Le(hn::Mul(hn::Abs(step), root), hn::Mul(Constant(d, 0x1p-18), rest)));
      z = hn::IfThenElse(open, next, z);
      const auto closed = hn::Le(hn::Sub(high, low), hn::Mul(high, Constant(d, 0x1p-51)));
      open = hn::AndNot(hn::Or(hn::Or(met, last), hn::Or(closed, hn::Le(high, least))), open);
    }
    z = hn::IfThenElse(open, hn::NaN(d), hn::IfThenElse(hn::Le(high, least), zero, z));
    return hn::IfThenElse(of_y, hn::Sub(one, z), z);
  }
};

/// The x with I(x; a, b) = p.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Betaincinv(D d, V a, V b, V p) {
  return InDoubles<BetaincinvInDoubles>(d, a, b, p);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_BETAINCINV_INL
