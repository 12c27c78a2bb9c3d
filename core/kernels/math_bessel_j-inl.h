// J0, J1, Y0 and Y1: the Bessel functions of the first and second kind.
//
// Up to 3/2 polynomials of x^2, for Y with a logarithm. Beyond, J + i Y = a e^(i (x - pi/4 - order pi/2 + phase)),
// where with z = 12 / x amplitude and phase are polynomials of z in each of eight regions, times sqrt(z) and z; the
// argument is reduced by odd multiples of pi/4 as that of Sin by multiples of pi/2, before the phase is added. Of
// floats all is done in doubles.
//
// Errors are relative to the larger of |f| and a quarter of the amplitude: the zeros are not resolved.
#if defined(LZ_MATH_BESSEL_J_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_BESSEL_J_INL
#undef LZ_MATH_BESSEL_J_INL
#else
#define LZ_MATH_BESSEL_J_INL
#endif

#include "core/kernels/math_bessel_tables.h"
#include "core/kernels/math_erfc-inl.h"
#include "core/kernels/math_sin-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The polynomial of z in (0, 8), a region from one integer to the next.
template <class D, class V, size_t n>
HWY_INLINE V ByUnitRegions(D d, V z, const LookupEight<D>& look, const RowsOfEight<double, n>& rows) {
  const V h = hn::Sub(z, look(d, rows.at[0]));
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 2; i >= 2; --i) p = hn::MulAdd(p, h, look(d, rows.at[i]));
  return hn::MulAdd(h, p, look(d, rows.at[1]));
}

/// x - pi/4 + phase = n pi/2 + r + r_lo for 1 <= x <= the limit of SinConstants, n in the low bits of t.
template <class D, class V>
HWY_INLINE ReducedByHalfPi<V> ReduceLessQuarter(D d, V x, V phase) {
  using C = SinConstants<double>;
  const V magic = hn::Set(d, kRoundMagic<double>), inverse = hn::Set(d, C::two_over_pi);
  const V t = hn::Add(hn::MulAdd(x, inverse, hn::MulSub(phase, inverse, Constant(d, 0.5))), magic);
  return LessHalfPis(d, x, t, hn::Add(hn::Sub(t, magic), Constant(d, 0.5)));
}

/// The same without the phase, which is tiny, for finite x beyond the limit, one at a time.
template <class D, class V>
HWY_INLINE ReducedByHalfPi<V> ReduceHugeLessQuarter(D d, V x) {
  using C = SinConstants<double>;
  HWY_ALIGN double xs[hn::MaxLanes(D())], t[hn::MaxLanes(D())], r[hn::MaxLanes(D())], r_lo[hn::MaxLanes(D())];
  hn::Store(x, d, xs);
  for (size_t i = 0; i < hn::Lanes(d); ++i) {
    const HugeReduced huge = ReduceHuge(xs[i]);
    // Less pi/4, or where that is below -pi/4 more of it, and one quadrant less.
    const bool below = huge.hi < 0;
    const double quarter = (below ? 0.5 : -0.5) * C::pio2_1, quarter_lo = (below ? 0.5 : -0.5) * C::pio2_2;
    t[i] = kRoundMagic<double> + static_cast<double>((huge.quadrant - (below ? 1u : 0u)) & 3);
    r[i] = quarter + huge.hi;
    r_lo[i] = ((quarter - r[i]) + huge.hi) + (quarter_lo + huge.lo);
  }
  return {hn::Load(d, t), hn::Load(d, r), hn::Load(d, r_lo)};
}

enum class Kind { first, second };

/// J or Y of x from 3/2 to the limit of SinConstants, or where `huge` beyond.
template <int order, Kind kind, bool huge = false, class D, class V>
HWY_INLINE V BesselFar(D d, V x) {
  const hn::Rebind<uint64_t, D> du;
  static constexpr auto amplitudes = [] {
    if constexpr (order == 0) return MakeRowsOfEight(kAmplitude0);
    if constexpr (order == 1) return MakeRowsOfEight(kAmplitude1);
  }();
  static constexpr auto phases = [] {
    if constexpr (order == 0) return MakeRowsOfEight(kPhase0);
    if constexpr (order == 1) return MakeRowsOfEight(kPhase1);
  }();
  const V z = hn::Div(Constant(d, 12), x);  // a normal number for every x
  const V region = hn::Add(hn::Sub(z, Constant(d, 0.5)), hn::Set(d, kRoundMagic<double>));
  const LookupEight<D> look(d, hn::BitCast(du, region));
  const V phase = hn::Mul(z, ByUnitRegions(d, z, look, phases));
  ReducedByHalfPi<V> a;
  if constexpr (huge) a = ReduceHugeLessQuarter(d, x);
  if constexpr (!huge) a = ReduceLessQuarter(d, x, phase);
  // The sum with the phase, whichever is larger (Knuth).
  const V r = hn::Add(a.r, phase), part = hn::Sub(r, a.r);
  const V error = hn::Add(hn::Sub(a.r, hn::Sub(r, part)), hn::Sub(phase, part));
  const V amplitude = hn::Mul(hn::Sqrt(z), ByUnitRegions(d, z, look, amplitudes));
  // Order 1 lags by a quadrant: its cosine is this sine, its sine the negative of this cosine.
  constexpr unsigned turn = (kind == Kind::first) != (order == 1) ? 1 : 0;
  const V y = hn::Mul(amplitude, SinOrCosOfReduced<turn>(d, x, a.t, r, hn::Add(a.r_lo, error)));
  return order == 1 && kind == Kind::second ? hn::Neg(y) : y;
}

/// y with the lanes whose argument is past the limit replaced.
template <int order, Kind kind, class D, class V>
HWY_NOINLINE V ReplaceHugeBessel(D d, V x, V y) {
  const auto huge = hn::And(hn::Lt(hn::Set(d, SinConstants<double>::limit), x),
                            hn::Lt(x, hn::Set(d, std::numeric_limits<double>::infinity())));
  return hn::IfThenElse(huge, BesselFar<order, kind, true>(d, hn::IfThenElse(huge, x, Constant(d, 1e10))), y);
}

/// J of 0 <= x <= 3/2.
template <int order, class D, class V>
HWY_INLINE V JNear(D d, V x) {
  const V z = hn::Mul(x, x);
  if constexpr (order == 1) return hn::Mul(x, hn::MulAdd(z, Polynomial(d, z, kJ1), Constant(d, 0.5)));
  // 1 - x^2/4 in two parts, and what is left.
  const V one = Constant(d, 1), quarter = Constant(d, 0.25), w = hn::NegMulAdd(z, quarter, one);
  const V w_lo = hn::NegMulAdd(ProductError(d, x, x, z), quarter, hn::NegMulAdd(z, quarter, hn::Sub(one, w)));
  return hn::Add(w, hn::MulAdd(hn::Mul(z, z), Polynomial(d, z, kJ0), w_lo));
}

/// Y of 0 < x <= 3/2.
template <int order, class D, class V>
HWY_INLINE V YNear(D d, V x) {
  const V two_over_pi = hn::Set(d, SinConstants<double>::two_over_pi), z = hn::Mul(x, x);
  if constexpr (order == 0) {
    // Its terms nearly cancel, so the rounding error of z counts.
    const V p = Polynomial(d, z, kY0Rest), rest = hn::MulAdd(z, p, hn::Set(d, kY0));
    return hn::MulAdd(hn::Mul(Log(d, x), JNear<0>(d, x)), two_over_pi, hn::MulAdd(ProductError(d, x, x, z), p, rest));
  }
  const V log = LogPositive(d, hn::Max(x, Constant(d, 1e-300)));
  const V rest = hn::MulAdd(hn::Mul(log, JNear<1>(d, x)), two_over_pi, hn::Mul(x, Polynomial(d, z, kY1)));
  return hn::Sub(rest, hn::Div(two_over_pi, x));
}

template <int order, Kind kind>
struct BesselInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    constexpr double edge = 1.5;
    const V y = kind == Kind::first ? hn::Abs(x) : x;
    const auto far = hn::Lt(Constant(d, edge), y);
    V g = hn::Zero(d);
    if (!hn::AllTrue(d, far)) {
      const V near = hn::IfThenElse(far, Constant(d, 1), y);
      if constexpr (kind == Kind::first) g = JNear<order>(d, near);
      if constexpr (kind == Kind::second) g = YNear<order>(d, near);
    }
    if (!hn::AllFalse(d, far))
      g = hn::IfThenElse(far, BesselFar<order, kind>(d, hn::IfThenElse(far, y, Constant(d, 3))), g);
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(y, hn::Set(d, SinConstants<double>::limit)))))
      g = ReplaceHugeBessel<order, kind>(d, y, g);
    const V inf = hn::Set(d, std::numeric_limits<double>::infinity()), nan = hn::NaN(d);
    if constexpr (kind == Kind::second)  // -inf at 0, NaN below
      g = hn::IfThenElse(hn::Gt(x, hn::Zero(d)), g, hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Neg(inf), nan));
    if constexpr (kind == Kind::first && order == 1) g = hn::Xor(g, hn::And(x, hn::SignBit(d)));
    return hn::IfThenElse(hn::Lt(y, inf), g, nan);  // at infinities NaN, as SciPy's
  }
};

/// The Bessel function of the first kind and order 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V J0(D d, V x) {
  return InDoubles<BesselInDoubles<0, Kind::first>>(d, x);
}

/// The Bessel function of the first kind and order 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V J1(D d, V x) {
  return InDoubles<BesselInDoubles<1, Kind::first>>(d, x);
}

/// The Bessel function of the second kind and order 0; -inf at 0, NaN below.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Y0(D d, V x) {
  return InDoubles<BesselInDoubles<0, Kind::second>>(d, x);
}

/// The Bessel function of the second kind and order 1; -inf at 0, NaN below.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Y1(D d, V x) {
  return InDoubles<BesselInDoubles<1, Kind::second>>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_BESSEL_J_INL
