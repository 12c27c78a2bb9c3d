// I0, I0e, I1 and I1e: the modified Bessel functions of the first kind, and e^-|x| times them.
//
// All rest on those with the exponential, which fall slowly. With t = 1 / (1 + x/4), e^-x I0(x) = sqrt(t) q(t) and
// e^-x I1(x) = x t sqrt(t) q(t), where q is a polynomial in each of eight regions; the rounding error of t is carried
// along. Of floats all is done in doubles.
#if defined(LZ_MATH_BESSEL_I_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_BESSEL_I_INL
#undef LZ_MATH_BESSEL_I_INL
#else
#define LZ_MATH_BESSEL_I_INL
#endif

#include "core/kernels/math_bessel_tables.h"
#include "core/kernels/math_erfc-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// e^-y I(y) for y >= 0.
template <int order, class D, class V>
HWY_INLINE V ScaledI(D d, V y) {
  const hn::Rebind<uint64_t, D> du;
  static constexpr auto rows = [] {
    if constexpr (order == 0) return MakeRowsOfEight(kI0);
    if constexpr (order == 1) return MakeRowsOfEight(kI1);
  }();
  constexpr size_t n = sizeof(rows.at) / sizeof(rows.at[0]);
  const V one = Constant(d, 1), quarter = Constant(d, 0.25);
  const V den = hn::MulAdd(y, quarter, one);
  const V den_lo = hn::MulAdd(y, quarter, hn::Sub(one, den));
  // t (1 + t_rest) = 1 / (1 + y/4).
  const auto [t, rest_of_t, inverse] = Quotient(d, one, hn::Zero(d), den, den_lo);
  (void)inverse;
  const V t_rest = hn::IfThenElseZero(hn::Lt(y, Constant(d, 0x1p100)), rest_of_t);

  const V magic = hn::Set(d, kRoundMagic<double>);
  const V region = hn::Add(hn::MulAdd(t, Constant(d, 7.998), Constant(d, -0.499)), magic);
  const LookupEight<D> look(d, hn::BitCast(du, region));
  const V h = hn::MulAdd(t, t_rest, hn::Sub(t, look(d, rows.at[0])));
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 2; i >= 2; --i) p = hn::MulAdd(p, h, look(d, rows.at[i]));
  const V base = look(d, rows.at[1]), q = hn::MulAdd(h, p, base), q_lo = hn::MulAdd(h, p, hn::Sub(base, q));
  const V root = hn::Sqrt(t), value = hn::Mul(root, q);
  const V value_lo = hn::MulAdd(root, q_lo, ProductError(d, root, q, value));
  const V rest = hn::MulAdd(value, hn::Mul(t_rest, Constant(d, order + 0.5)), value_lo);
  if constexpr (order == 0) return hn::Add(value, rest);
  // The product with x t, which is at most 4, also of infinity.
  const V finite = LimitKeepNaN(d, y, std::numeric_limits<double>::max());
  return hn::Mul(hn::Mul(finite, t), hn::Add(value, rest));
}

template <int order>
struct ScaledIInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V y = ScaledI<order>(d, hn::Abs(x));
    if constexpr (order == 0) return y;
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Neg(y), y);
  }
};

template <int order>
struct IInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    // e^y 2^-64, so that only the product overflows; beyond that infinity, whose product with 0 at infinity is NaN, as
    // SciPy's.
    const V y = hn::Abs(x), bounded = LimitKeepNaN(d, y, 720);
    const auto [t, r] = ReduceByPower(d, bounded, bounded);
    const V power = ExpOfParts(d, hn::Sub(t, Constant(d, 64)), r, true);
    const V e = hn::IfThenElse(hn::Lt(bounded, y), hn::Set(d, std::numeric_limits<double>::infinity()), power);
    const V product = hn::Mul(e, hn::Mul(ScaledI<order>(d, y), Constant(d, 0x1p64)));
    if constexpr (order == 0) return product;
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Neg(product), product);
  }
};

/// The modified Bessel function of the first kind and order 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V I0(D d, V x) {
  return InDoubles<IInDoubles<0>>(d, x);
}

/// e^-|x| I0(x).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V I0e(D d, V x) {
  return InDoubles<ScaledIInDoubles<0>>(d, x);
}

/// The modified Bessel function of the first kind and order 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V I1(D d, V x) {
  return InDoubles<IInDoubles<1>>(d, x);
}

/// e^-|x| I1(x).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V I1e(D d, V x) {
  return InDoubles<ScaledIInDoubles<1>>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_BESSEL_I_INL
