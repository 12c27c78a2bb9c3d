// Pow: x to the power of y. Of floats in doubles, whose precision leaves little to do.
//
// x^y = 2^(y log2 x), with log2 x = k + log2 c + log2(1 + r), where 1/c is one of eight inverses and r = x 2^-k / c
// - 1.
#if defined(LZ_MATH_POW_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_POW_INL
#undef LZ_MATH_POW_INL
#else
#define LZ_MATH_POW_INL
#endif

#include "core/kernels/math_pow_double-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// tools/coefficients.py powf.
struct FloatPowConstants {
  // The bits of the least mantissa.
  static constexpr uint64_t first = 0x3FE4AAAAAAAAAAAB;
  // 1/c, log2 c.
  static constexpr double rows[2][8] = {
      {0x1.7a17a17a17a17p0, 0x1.5a240e6c2b448p0, 0x1.3f2b3884fcacep0, 0x1.2818acb90f6bfp0, 0x1.142284508a114p0, 0x1p0,
       0x1.cfb2b78c13521p-1, 0x1.a08ad8f2fba93p-1},
      {-0x1.200c69311643ep-1, -0x1.bda919d429e94p-2, -0x1.45cfeb3abea2cp-2, -0x1.adec256d1b299p-3,
       -0x1.bf66fb25e833dp-4, 0, 0x1.24c723c3a321p-3, 0x1.30d32b7444b0ap-2}};
  // log2(1 + r) / r, error 2^-37.5; (2^f - 1) / f, error 2^-33.5.
  static constexpr double log2[] = {0x1.71547652b7e57p0,   -0x1.7154765853ba6p-1, 0x1.ec709de7309f1p-2,
                                    -0x1.7154090bfd7fap-2, 0x1.277610b4e7df6p-2,  -0x1.ee84b80aecab6p-3,
                                    0x1.a877a1fbcda48p-3};
  static constexpr double exp2[] = {0x1.62e42fb921f81p-1, 0x1.ebfbdfc34ab2ep-3, 0x1.c6be3318e5acfp-5,
                                    0x1.3b33115c417ep-7};
};

/// As DoublePow, of doubles that were floats, to base 2. Results beyond the range of floats are about right.
struct FloatPow {
  template <class D, class V>
  static HWY_INLINE V Logarithm(D d, V x, V y, V shift) {
    using C = FloatPowConstants;
    static constexpr RowsOfEight<double, 2> rows = MakeRowsOfEight(C::rows);
    const auto [k, m, i] = SplitAt<C::first>(d, x, shift);
    const LookupEight<D> look(d, hn::ShiftRight<49>(i));
    const V r = hn::MulSub(m, look(d, rows.at[0]), Constant(d, 1));
    return hn::Mul(y, hn::MulAdd(r, Polynomial(d, r, C::log2), hn::Add(k, look(d, rows.at[1]))));
  }
  template <class D, class V>
  static HWY_INLINE hn::Mask<D> IsUsual(D d, V e) {
    return hn::Lt(hn::Abs(e), Constant(d, 1000));
  }
  template <class D, class V>
  static HWY_INLINE V Power(D d, V e, bool usual) {
    using C = ExpConstants<double>;
    const hn::Rebind<uint64_t, D> du;
    static constexpr RowsOfEight<double, 2> rows = MakeRowsOfEight(C::rows);
    if (HWY_UNLIKELY(!usual)) e = ClampKeepNaN(d, e, -1000, 1000);
    const V magic = hn::Set(d, kRoundMagic<double> / (1 << C::log2_steps));
    const V t = hn::Add(e, magic);
    const V f = hn::Sub(e, hn::Sub(t, magic));
    const auto i = hn::BitCast(du, t);
    const LookupEight<D> look(d, i);
    const auto power = hn::Add(hn::BitCast(du, look(d, rows.at[0])), hn::ShiftLeft<52 - C::log2_steps>(i));
    const V scaled = hn::BitCast(d, power);
    return hn::MulAdd(scaled, hn::Mul(f, Polynomial(d, f, FloatPowConstants::exp2)), scaled);
  }
};

/// x^y of half a vector of floats.
template <class D, class V>
HWY_INLINE V PowInDoubles(D d, V x, V y) {
  const hn::Rebind<double, D> dd;
  return hn::DemoteTo(d, PowByCore<FloatPow>(dd, hn::PromoteTo(dd, x), hn::PromoteTo(dd, y)));
}

/// x^y, at most 1 ulp from the exact value; 1 for x = 1 and for y = 0, even of NaN.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Pow(D d, V x, V y) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return PowByCore<DoublePow>(d, x, y);
  } else {
    const hn::Half<D> dh;
    return hn::Combine(d, PowInDoubles(dh, hn::UpperHalf(dh, x), hn::UpperHalf(dh, y)),
                       PowInDoubles(dh, hn::LowerHalf(dh, x), hn::LowerHalf(dh, y)));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_POW_INL
