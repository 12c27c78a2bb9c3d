// The hypergeometric law on vectors: how many good ones are in a sample that is drawn without replacement.
#if defined(LZ_HYPERGEOMETRIC_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_HYPERGEOMETRIC_INL
#undef LZ_HYPERGEOMETRIC_INL
#else
#define LZ_HYPERGEOMETRIC_INL
#endif

#include "core/kernels/samples-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Of `good` + `bad` things a `sample`; good and bad come as one word, 2^32 good + bad.
///
/// The smaller kind and the smaller of sample and rest are drawn, and the law is symmetric in the two: s and t are the
/// smaller and the larger of them, both at most half of all. By search for means s t / (s + rest) below 40, from there
/// by Stadlober's HRUA ("The ratio of uniforms approach for generating discrete random variates", Journal of
/// Computational and Applied Mathematics 31, 1990). A sample that is larger than all there are gives 0.
class HypergeometricLaw {
 public:
  HWY_INLINE HypergeometricLaw(U64 colors, U64 sample) {
    const Tag<double> d;
    const Tag<uint64_t> du;
    good_ = hn::ConvertTo(d, hn::ShiftRight<32>(colors));
    const F64 bad = hn::ConvertTo(d, hn::And(colors, hn::Set(du, 0xFFFFFFFF))), all = hn::Add(good_, bad);
    const F64 size = hn::ConvertTo(d, sample), left = hn::Sub(all, size);
    const Mask64 valid = size <= all;
    mostly_good_ = good_ > bad;
    complement_ = size > left;
    drawn_ = hn::IfThenElseZero(valid, hn::Min(size, left));
    const F64 kind = hn::Min(good_, bad);
    s_ = hn::Min(kind, drawn_);
    t_ = hn::Max(kind, drawn_);
    rest_ = hn::Sub(hn::Sub(all, s_), t_);
    const F64 mean = hn::Div(hn::Mul(s_, t_), hn::Max(all, Set64(1)));
    small_ = hn::And(valid, mean < Set64(40));
    large_ = hn::And(valid, mean >= Set64(40));
    valid_ = valid;
    if (Any(small_)) PrepareSearch(all);
    if (Any(large_)) PrepareRejection(all, mean);
  }
  HWY_INLINE U64 Draw(U64 w) const {
    F64 k = hn::Zero(Tag<double>());
    if (Any(small_)) {
      k = SearchUp(small_, first_, w, 128, [&](int i) HWY_ATTR {
        const F64 up = hn::Mul(hn::Sub(s_, Set64(i)), hn::Sub(t_, Set64(i)));
        return hn::Div(up, hn::Mul(Set64(i + 1), hn::Add(rest_, Set64(i + 1))));
      });
      k = hn::Min(k, s_);  // where rounding leaves a rest
    }
    if (Any(large_)) k = hn::IfThenElse(large_, Large(w), k);
    k = hn::IfThenElse(mostly_good_, hn::Sub(drawn_, k), k);
    k = hn::IfThenElse(complement_, hn::Sub(good_, k), k);
    return hn::BitCast(Tag<uint64_t>(), hn::ConvertTo(Tag<int64_t>(), hn::IfThenElseZero(valid_, k)));
  }

 private:
  /// P(0) = (all - s)! (all - t)! / (rest! all!) by Stirling's series. Its main parts as logarithms of 1 + x: no term
  /// is larger than s, so that nothing cancels that matters.
  HWY_INLINE void PrepareSearch(F64 all) {
    const Tag<double> d;
    const F64 next = hn::Add(all, Set64(1)), others = hn::Sub(all, s_), less = hn::Sub(all, t_);
    const F64 half = Set64(0.5);
    F64 y = hn::Mul(hn::Add(others, half), Log1p(d, hn::Neg(hn::Div(s_, next))));
    y = hn::NegMulAdd(hn::Add(rest_, half), Log1p(d, hn::Neg(hn::Div(s_, hn::Add(less, Set64(1))))), y);
    y = hn::MulAdd(s_, Log1p(d, hn::Neg(hn::Div(t_, next))), y);
    y = hn::Add(
        y, hn::Sub(hn::Add(StirlingRest(others), StirlingRest(less)), hn::Add(StirlingRest(rest_), StirlingRest(all))));
    first_ = Exp(d, hn::IfThenElseZero(small_, y));
  }
  HWY_INLINE void PrepareRejection(F64 all, F64 mean) {
    const Tag<double> d;
    // 40 of 80 twice for the lanes that are not large: any law will do.
    const F64 s = hn::IfThenElse(large_, s_, Set64(40)), t = hn::IfThenElse(large_, t_, Set64(40));
    const F64 rest = hn::IfThenElse(large_, rest_, hn::Zero(d)), n = hn::IfThenElse(large_, all, Set64(80));
    const F64 one = Set64(1);
    const F64 spread = hn::Div(hn::Mul(hn::Sub(n, s), hn::Sub(n, t)), hn::Mul(n, hn::Sub(n, one)));
    const F64 c = hn::Sqrt(hn::MulAdd(mean, spread, Set64(0.5)));
    constexpr double kWidth = 1.7155277699214135;  // 2 sqrt(2 / e)
    constexpr double kMore = 0.8989161620588988;   // 3 - 2 sqrt(3 / e)
    width_ = hn::MulAdd(c, Set64(kWidth), Set64(kMore));
    centre_ = hn::Add(mean, Set64(0.5));
    most_ = hn::Min(hn::Add(s, one), hn::Floor(hn::MulAdd(c, Set64(16), centre_)));
    mode_ = hn::Floor(hn::Div(hn::Mul(hn::Add(s, one), hn::Add(t, one)), hn::Add(n, Set64(2))));
    const F64 s_left = hn::Sub(s, mode_), t_left = hn::Sub(t, mode_), r = hn::Add(rest, mode_);
    const F64 up = hn::Mul(hn::Add(mode_, one), hn::Add(r, one));
    slope_ = Log(d, hn::Div(up, hn::Mul(hn::Add(s_left, one), hn::Add(t_left, one))));
    top_ = hn::Add(hn::Add(StirlingRest(mode_), StirlingRest(r)), hn::Add(StirlingRest(s_left), StirlingRest(t_left)));
  }
  HWY_INLINE F64 Large(U64 w) const {
    const Tag<double> d;
    Substream words(w, Purpose::hypergeometric);
    Pending draw(large_);
    while (Any(draw.open)) {
      U64 first, second;
      words.Next(first, second);
      const F64 u = Unit(first), v = hn::Sub(Unit(second), Set64(0.5));
      const F64 x = hn::MulAdd(width_, hn::Div(v, u), centre_);
      const Mask64 inside = hn::And(draw.open, hn::And(x >= hn::Zero(d), x < most_));
      if (!Any(inside)) continue;
      const F64 k = hn::IfThenElse(inside, hn::Floor(x), mode_), log_density = LogDensity(k);
      // Two bounds of 2 log u save the logarithm of nearly all lanes.
      Mask64 accept = hn::And(inside, hn::MulSub(u, hn::Sub(Set64(4), u), Set64(3)) <= log_density);
      const Mask64 hopeful = hn::Mul(u, hn::Sub(u, log_density)) < Set64(1);
      const Mask64 doubtful = hn::AndNot(accept, hn::And(inside, hopeful));
      if (Any(doubtful)) accept = hn::Or(accept, hn::And(doubtful, Log(d, hn::Mul(u, u)) <= log_density));
      draw.Accept(accept, k);
    }
    return draw.result;
  }
  /// log(P(k) / P(mode)): of every factorial the difference of Stirling's main parts, as a logarithm of 1 + x.
  HWY_INLINE F64 LogDensity(F64 k) const {
    const Tag<double> d;
    const F64 step = hn::Sub(k, mode_), half = Set64(0.5);
    const auto part = [&](F64 x, F64 from_mode) HWY_ATTR {  // x at k; how much more it is than at the mode
      const F64 ratio = hn::Div(hn::Neg(from_mode), hn::Add(x, Set64(1)));
      return hn::MulSub(hn::Add(x, half), Log1p(d, ratio), StirlingRest(x));
    };
    const F64 s_left = hn::IfThenElseZero(large_, hn::Sub(s_, k)), t_left = hn::IfThenElseZero(large_, hn::Sub(t_, k));
    const F64 r = hn::IfThenElseZero(large_, hn::Add(rest_, k));
    const F64 safe = hn::IfThenElseZero(large_, step), other = hn::Neg(safe);
    const F64 up = hn::Add(part(k, step), part(r, safe)), down = hn::Add(part(s_left, other), part(t_left, other));
    return hn::NegMulAdd(step, slope_, hn::Add(top_, hn::Add(up, down)));
  }

  F64 good_, drawn_, s_, t_, rest_, first_, width_, centre_, most_, mode_, slope_, top_;
  Mask64 mostly_good_, complement_, small_, large_, valid_;
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_HYPERGEOMETRIC_INL
