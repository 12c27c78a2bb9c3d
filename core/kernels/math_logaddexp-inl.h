// LogAddExp and LogAddExp2: logarithms of sums of powers, log(e^a + e^b) and log2(2^a + 2^b).
//
// The larger argument plus log(1 + e^(less - larger)), all but the last sum with some ten bits more than a double has.
// So the error is at most 1 ulp of a result beyond 1/4; nearer to 0, where the sum cancels, at most 2^-56. Floats are
// computed in doubles, which leaves 1 ulp down to results of 2^-30.
#if defined(LZ_MATH_LOGADDEXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_LOGADDEXP_INL
#undef LZ_MATH_LOGADDEXP_INL
#else
#define LZ_MATH_LOGADDEXP_INL
#endif

#include "core/kernels/math_exp-inl.h"
#include "core/kernels/math_log_base-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Of doubles.
template <Base base, class D, class V>
HWY_INLINE V LogAddInDoubles(D d, V a, V b) {
  using C = ExpConstants<double>;
  const hn::Rebind<uint64_t, D> du;
  const V one = Constant(d, 1);
  const V larger = hn::Max(a, b), less = hn::Min(a, b);
  // less - larger = x + x_lo (Knuth's sum).
  V x = hn::Sub(less, larger);
  const V back = hn::Sub(x, less);
  V x_lo = hn::Sub(hn::Sub(less, hn::Sub(x, back)), hn::Add(larger, back));
  const auto numbers = hn::And(hn::Eq(a, a), hn::Eq(b, b));
  const auto lanes = hn::And(ExpIsUsual<base>(d, hn::Abs(x)), numbers);
  const bool usual = hn::AllTrue(d, lanes);
  if (HWY_UNLIKELY(!usual)) {
    x = hn::Max(Constant(d, C::lo[int(base)]), x);
    x_lo = hn::IfThenElseZero(lanes, x_lo);
  }

  // e^x = scaled + scaled q, as in math_exp-inl.h; hi and lo in all.
  static constexpr RowsOfEight<double, 2> rows = MakeRowsOfEight(C::rows);
  V t, r;
  if constexpr (base == Base::two) {
    const V magic = hn::Set(d, kRoundMagic<double> / (1 << C::log2_steps));
    t = hn::Add(x, magic);
    r = hn::Mul(hn::Add(hn::Sub(x, hn::Sub(t, magic)), x_lo), hn::Set(d, C::ln2));
  } else {
    const auto reduced = ReduceByPower(d, x, x);
    t = reduced.t;
    r = hn::Add(reduced.r, x_lo);
  }
  const auto i = hn::BitCast(du, t);
  const LookupEight<D> look(d, i);
  const V q = hn::MulAdd(hn::Mul(r, r), Polynomial(d, r, C::p), hn::Add(r, look(d, rows.at[1])));
  const V scaled = hn::BitCast(
      d, hn::Add(hn::BitCast(du, look(d, rows.at[0])), hn::ShiftLeft<kFractionBits<double> - C::log2_steps>(i)));
  V hi = hn::MulAdd(scaled, q, scaled), lo = hn::MulAdd(scaled, q, hn::Sub(scaled, hi));
  if (HWY_UNLIKELY(!usual)) {
    hi = hn::IfThenElse(lanes, hi, ExpOfParts(d, t, r, false));
    lo = hn::IfThenElseZero(lanes, lo);
  }

  const V u = hn::Add(one, hi), u_lo = hn::Add(SumError(one, hi, u), lo), shift = hn::Set(d, kNoShift<double>);
  const auto [whole, p, p_lo] = [&] {
    if constexpr (base == Base::two) return LogInParts<BinaryLog, true>(d, u, shift, u_lo);
    if constexpr (base == Base::e) return LogInParts<NaturalLogParts, true>(d, u, shift, u_lo);
  }();
  // Of a small power e the logarithm is e - e^2/2, in two parts again: beside 0 nothing hides its last bits.
  const auto small = hn::Lt(hi, Constant(d, 0x1p-30));
  const V sum = hn::Add(whole, p), e_lo = hn::NegMulAdd(hn::Mul(hi, hi), Constant(d, 0.5), lo);
  V e = hi, rest = e_lo;
  if constexpr (base == Base::two) {
    constexpr TwoParts<double> factor = BinaryLog<double>::factor;
    const V f = hn::Set(d, factor.hi);
    e = hn::Mul(hi, f);
    rest = hn::MulAdd(e_lo, f, hn::MulAdd(hi, hn::Set(d, factor.lo), ProductError(d, hi, f, e)));
  }
  if constexpr (base == Base::two) {
    if (HWY_UNLIKELY(!usual)) {
      // Subnormal powers have lost bits: the factor log2(e) goes into the exponent, as 2^c.
      const V c = Constant(d, 0x1.0eba774e0bb63p-1), magic = hn::Set(d, kRoundMagic<double> / (1 << C::log2_steps));
      const V t2 = hn::Add(hn::Add(x, c), magic);
      const V r2 = hn::Mul(hn::Add(hn::Sub(x, hn::Sub(t2, magic)), c), hn::Set(d, C::ln2));
      e = hn::IfThenElse(lanes, e, ExpOfParts(d, t2, r2, false));
      rest = hn::IfThenElseZero(lanes, rest);
    }
  }
  const V log = hn::IfThenElse(small, e, sum);
  const V log_lo = hn::IfThenElse(small, rest, hn::Add(SumError(whole, p, sum), p_lo));
  const V y = hn::Add(larger, log), y_back = hn::Sub(y, larger);
  const V y_lo = hn::Add(hn::Sub(larger, hn::Sub(y, y_back)), hn::Sub(log, y_back));
  V result = hn::Add(y, hn::Add(y_lo, log_lo));
  if (HWY_UNLIKELY(!usual)) {
    // An infinity is the result, or no match for the other argument.
    const V inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto finite = hn::And(hn::Lt(hn::Abs(a), inf), hn::Lt(hn::Abs(b), inf));
    result = hn::IfThenElse(finite, result, hn::IfThenElse(numbers, larger, hn::Add(a, b)));
  }
  return result;
}

/// Of half a vector of floats. Not inlined: twice in a loop it would need more registers than there are.
template <Base base, class DH, class VH>
HWY_NOINLINE VH LogAddHalf(DH dh, VH a, VH b) {
  const hn::Rebind<double, DH> dd;
  return hn::DemoteTo(dh, LogAddInDoubles<base>(dd, hn::PromoteTo(dd, a), hn::PromoteTo(dd, b)));
}

template <Base base, class D, class V>
HWY_INLINE V LogAdd(D d, V a, V b) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return LogAddInDoubles<base>(d, a, b);
  } else {
    const hn::Half<D> dh;
    return hn::Combine(d, LogAddHalf<base>(dh, hn::UpperHalf(dh, a), hn::UpperHalf(dh, b)),
                       LogAddHalf<base>(dh, hn::LowerHalf(dh, a), hn::LowerHalf(dh, b)));
  }
}

/// log(e^a + e^b); see above for the error.
template <class D, class V>
HWY_INLINE V LogAddExp(D d, V a, V b) {
  return LogAdd<Base::e>(d, a, b);
}

/// log2(2^a + 2^b); see above for the error.
template <class D, class V>
HWY_INLINE V LogAddExp2(D d, V a, V b) {
  return LogAdd<Base::two>(d, a, b);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_LOGADDEXP_INL
