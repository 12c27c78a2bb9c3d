// Erfc, Erfcx, Ndtr and LogNdtr: the tails of the normal distribution.
//
// All rest on erfcx y = e^(y^2) erfc y for y >= 0, which falls slowly, like 1 / y: with t = 1 / (1 + y/2), erfcx y = t
// q, and q is a polynomial of t in each of eight regions. The factor e^(-y^2) is the exponential of a sum of two, the
// rounded square and its error. Of floats all is done in doubles.
#if defined(LZ_MATH_ERFC_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ERFC_INL
#undef LZ_MATH_ERFC_INL
#else
#define LZ_MATH_ERFC_INL
#endif

#include "core/kernels/math_exp-inl.h"
#include "core/kernels/math_log_base-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

// Centres in t, q there (very nearly a double, too), and the coefficients of (q(centre + h) - that) / h. Errors
// relative to q at most 2^-55.5 (tools/coefficients.py erfcx).
inline constexpr double kErfcxRows[][8] = {
    {0x1.01e1p-4, 0x1.80e98p-3, 0x1.405c4p-2, 0x1.bfc0cp-2, 0x1.2042ep-1, 0x1.604eep-1, 0x1.a01aap-1, 0x1.e02p-1},
    {0x1.341993e3e312p-2, 0x1.6162bcfebf34cp-2, 0x1.9a3e43f6b6d6p-2, 0x1.e11da99c2f509p-2, 0x1.1cd8e69ea0ccfp-1,
     0x1.5234d1645a3f4p-1, 0x1.90dbbeecabdfap-1, 0x1.d8ee7a67e73a9p-1},
    {0x1.42ec5f9bbe7f8p-2, 0x1.9528397f408ap-2, 0x1.fcf4c5b66e71p-2, 0x1.3ce138b8bbd3cp-1, 0x1.84b009102b832p-1,
     0x1.d0cf3973855d1p-1, 0x1.0e301ca0cdeebp0, 0x1.319e9e7110aep0},
    {0x1.20dec590591c2p-2, 0x1.7315a9ff2c35ep-2, 0x1.cbfbb0a64b10bp-2, 0x1.0e315c19b45bep-1, 0x1.2a117b394e3ccp-1,
     0x1.33178ce5ae619p-1, 0x1.283148012051fp-1, 0x1.0c0731b5a28a6p-1},
    {0x1.9346c9a73c52ep-3, 0x1.d2fd50a754909p-3, 0x1.d42c7ea2d3346p-3, 0x1.79b1817bc8091p-3, 0x1.94af80fba202ep-4,
     -0x1.86f4a5d2f099ep-8, -0x1.afb90993c6671p-4, -0x1.779af9e0a1a7bp-3},
    {0x1.419f5ae94d088p-4, 0x1.3cb17dd6963ddp-5, -0x1.55e34f53a7bf3p-5, -0x1.13003d18b85c3p-3, -0x1.967ce65807cebp-3,
     -0x1.b1a592dbed173p-3, -0x1.73f0dfc0c8bc8p-3, -0x1.06874faf0a39bp-3},
    {-0x1.ef6045c321bc9p-6, -0x1.967e9ff716477p-4, -0x1.335df96065a42p-3, -0x1.1527dc1ec5d8ap-3, -0x1.020a4f1b3e506p-4,
     0x1.2afecbf89d238p-6, 0x1.29aad180a1492p-4, 0x1.7cdcf1c54eb5ap-4},
    {-0x1.45afaceaac442p-4, -0x1.7faa6746c1b18p-4, -0x1.e3e56bd18ffedp-6, 0x1.1029a268e5356p-4, 0x1.cf6dcf7b057b1p-4,
     0x1.859a475ef2d9cp-4, 0x1.9257c4b7ac0b5p-5, 0x1.e274e54180b6bp-8},
    {-0x1.7f109afc44538p-5, 0x1.b2480bb9616b2p-6, 0x1.c12e69071009dp-4, 0x1.7b54746c252f5p-4, 0x1.7ac27749b8befp-7,
     -0x1.6daf77ac1473cp-5, -0x1.bdef6175fb65bp-5, -0x1.3e258c2555b1ap-5},
    {0x1.0dac4a0e0892ap-5, 0x1.a17b3d75dae3p-4, 0x1.4e4da5a83694cp-5, -0x1.0d7efb792297p-4, -0x1.40f61ca492ad2p-4,
     -0x1.fe58560c8ffe7p-6, 0x1.daeb286666bd4p-8, 0x1.4bc4e2893f3a7p-6},
    {0x1.369384366911bp-4, 0x1.dcf45eb8e968dp-7, -0x1.ac161f21f4301p-4, -0x1.e6edc9a0eb5cep-5, 0x1.c92e0bc7d8d6bp-6,
     0x1.6925a892e2f34p-5, 0x1.6dd79f3f1de4dp-6, 0x1.6e254a47da17dp-9},
    {0x1.71ca686d978e5p-6, -0x1.cf1972dec331fp-4, -0x1.21b66a38495b3p-5, 0x1.4b011435197fdp-4, 0x1.5f3e797b8ada9p-5,
     -0x1.3b9be2d16d9b4p-7, -0x1.4030d76083c1fp-6, -0x1.639fcab9fe1d1p-7},
};

/// A double's function of both halves of a vector of floats, or of a vector of doubles. Not inlined: the functions are
/// long, and in the loop of a stage their constants would need more registers than there are.
template <class F, class D, class V>
HWY_NOINLINE V OutOfLine(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return F()(d, x);
  } else {
    const hn::Rebind<double, D> dd;
    return hn::DemoteTo(d, F()(dd, hn::PromoteTo(dd, x)));
  }
}
template <class F, class D, class V>
HWY_INLINE V InDoubles(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return OutOfLine<F>(d, x);
  } else {
    const hn::Half<D> dh;
    return hn::Combine(d, OutOfLine<F>(dh, hn::UpperHalf(dh, x)), OutOfLine<F>(dh, hn::LowerHalf(dh, x)));
  }
}

/// e^(z + z_lo), z_lo at most some ulps of z, for |z| < 1000.
template <class D, class V>
HWY_INLINE V ExpOfSum(D d, V z, V z_lo) {
  const auto [t, r] = ReduceByPower(d, z, z);
  return ExpOfParts(d, t, hn::Add(r, z_lo), hn::AllTrue(d, ExpIsUsual(d, hn::Abs(z))));
}

enum class Scale { one, half_square };  // of erfc y, or of erfc(y / sqrt 2)

/// e^(sign y^2), or e^(sign y^2 / 2), for 0 <= y <= 39.
template <Scale scale, int sign, class D, class V>
HWY_INLINE V ExpOfSquare(D d, V y) {
  const V factor = Constant(d, sign * (scale == Scale::one ? 1 : 0.5));
  const V square = hn::Mul(y, y);
  return ExpOfSum(d, hn::Mul(square, factor), hn::Mul(ProductError(d, y, y, square), factor));
}

/// erfcx y, or erfcx(y / sqrt 2), for y >= 0.
template <Scale scale, class D, class V>
HWY_INLINE V ErfcxOfPositive(D d, V y) {
  const hn::Rebind<uint64_t, D> du;
  constexpr size_t n = sizeof(kErfcxRows) / sizeof(kErfcxRows[0]);
  static constexpr RowsOfEight<double, n> rows = MakeRowsOfEight(kErfcxRows);
  const V one = Constant(d, 1);
  // t + t_lo = 1 / (1 + k y), with the rounding error of the denominator.
  const V k = Constant(d, scale == Scale::one ? 0.5 : 0x1.6a09e667f3bcdp-2);
  const V den = hn::MulAdd(y, k, one);
  V den_lo = hn::MulAdd(y, k, hn::Sub(one, den));
  if constexpr (scale != Scale::one) den_lo = hn::MulAdd(y, Constant(d, -0x1.bdd3413b26456p-56), den_lo);
  const auto [t, rest, inverse] = Quotient(d, one, hn::Zero(d), den, den_lo);
  const V t_lo = hn::IfThenElseZero(hn::Lt(y, Constant(d, 0x1p100)), hn::Mul(rest, inverse));

  const V magic = hn::Set(d, kRoundMagic<double>);
  const V region = hn::Add(hn::MulAdd(t, Constant(d, 7.998), Constant(d, -0.499)), magic);
  const LookupEight<D> look(d, hn::BitCast(du, region));
  const V h = hn::Add(hn::Sub(t, look(d, rows.at[0])), t_lo);
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 2; i >= 2; --i) p = hn::MulAdd(p, h, look(d, rows.at[i]));
  const V q = hn::MulAdd(h, p, look(d, rows.at[1]));
  return hn::MulAdd(t, q, hn::Mul(t_lo, q));
}

struct ErfcInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V y = LimitKeepNaN(d, hn::Abs(x), 28);  // erfc rounds to 0 from there on
    const V p = hn::Mul(ExpOfSquare<Scale::one, -1>(d, y), ErfcxOfPositive<Scale::one>(d, y));
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Sub(Constant(d, 2), p), p);
  }
};

struct ErfcxInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V y = hn::Abs(x), zero = hn::Zero(d);
    const V p = ErfcxOfPositive<Scale::one>(d, y);
    const auto negative = hn::Lt(x, zero);
    if (HWY_LIKELY(hn::AllFalse(d, negative))) return p;
    // erfcx -y = 2 e^(y^2) - erfcx y.
    const V e = ExpOfSquare<Scale::one, 1>(d, hn::IfThenElseZero(negative, hn::Min(y, Constant(d, 27))));
    return hn::IfThenElse(negative, hn::MulSub(e, Constant(d, 2), p), p);
  }
};

struct NdtrInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V y = LimitKeepNaN(d, hn::Abs(x), 39);
    const V half = hn::Mul(ErfcxOfPositive<Scale::half_square>(d, y), Constant(d, 0.5));
    const V p = hn::Mul(ExpOfSquare<Scale::half_square, -1>(d, y), half);
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Sub(Constant(d, 1), p), p);
  }
};

struct LogNdtrInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V zero = hn::Zero(d), one = Constant(d, 1), y = LimitKeepNaN(d, hn::Abs(x), 1e160);
    const V half = hn::Mul(ErfcxOfPositive<Scale::half_square>(d, y), Constant(d, 0.5));
    // Above 0 log(1 - p), below log(erfcx / 2) - x^2/2.
    const auto above = hn::Gt(x, zero);
    const V p = hn::Mul(ExpOfSquare<Scale::half_square, -1>(d, hn::Min(y, Constant(d, 39))), half);
    const V less = hn::Sub(one, p);
    const V u = hn::IfThenElse(above, less, half);
    const V rest = hn::IfThenElseZero(above, hn::Sub(hn::Sub(one, less), p));
    const V log = LogOfSum(d, u, rest, hn::Set(d, kNoShift<double>));
    const V scaled = hn::Mul(hn::IfThenZeroElse(above, x), Constant(d, -0.5));
    return hn::Neg(hn::Abs(hn::MulAdd(scaled, hn::IfThenZeroElse(above, x), log)));  // -0 at infinity
  }
};

/// The complementary error function, 1 - erf x.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Erfc(D d, V x) {
  return InDoubles<ErfcInDoubles>(d, x);
}

/// e^(x^2) erfc x.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Erfcx(D d, V x) {
  return InDoubles<ErfcxInDoubles>(d, x);
}

/// The distribution function of the standard normal law.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Ndtr(D d, V x) {
  return InDoubles<NdtrInDoubles>(d, x);
}

/// Its logarithm.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V LogNdtr(D d, V x) {
  return InDoubles<LogNdtrInDoubles>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ERFC_INL
