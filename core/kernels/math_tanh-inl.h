// Tanh: the hyperbolic tangent.
//
// Of floats by eight polynomials, as math_erf-inl.h has it. Of doubles: with 2|x| = n ln 2 + r, t = 2^-n and q = e^r -
// 1: tanh |x| = ((1 - t) + q) / ((1 + t) + q), where 1 - t and 1 + t are exact. Numerator and denominator are kept as
// sums of two, the quotient is corrected once by its remainder.
#if defined(LZ_MATH_TANH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_TANH_INL
#undef LZ_MATH_TANH_INL
#else
#define LZ_MATH_TANH_INL
#endif

#include "core/kernels/math_expm1-inl.h"
#include "core/kernels/math_lookup-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Regions of floats: [0, 3/4), then two for each power of two, the last one from 6 on. Rows: a centre, its tanh
/// (nearly a float, too), and the coefficients of (tanh(centre + h) - that) / h in h; in the first region of tanh(x) /
/// x - 1 in x^2. Errors at most 2^-27.3 of tanh x (tools/coefficients.py tanhf).
struct TanhRegions {
  static constexpr float first = 0.75f, top = 9.02f;
  static constexpr float rows[][8] = {
      {0, 0x1.c0081p-1f, 0x1.400dfap0f, 0x1.c003cp0f, 0x1.400c1cp1f, 0x1.c00294p1f, 0x1.4006fep2f, 0x1.e0b376p2f},
      {0, 0x1.686a62p-1f, 0x1.b25a12p-1f, 0x1.e1fcd4p-1f, 0x1.f926ccp-1f, 0x1.ff1136p-1f, 0x1.fff41cp-1f,
       0x1.ffffecp-1f},
      {-0x1.91893ep-30f, 0x1.024a5p-1f, 0x1.1f0a7cp-2f, 0x1.d21fc6p-4f, 0x1.b35e9cp-6f, 0x1.dd24ap-9f, 0x1.7c7822p-13f,
       0x1.40fb96p-20f},
      {-0x1.555544p-2f, -0x1.6ba3d6p-2f, -0x1.e704c8p-3f, -0x1.b6ccfcp-4f, -0x1.ad8b3cp-6f, -0x1.dc46f6p-9f,
       -0x1.7cafdcp-13f, -0x1.44157ep-20f},
      {0x1.110d1cp-3f, 0x1.4f24dep-4f, 0x1.bb9916p-4f, 0x1.01b454p-4f, 0x1.16acp-6f, 0x1.3c5c36p-9f, 0x1.fb8682p-14f,
       0x1.b0813cp-21f},
      {-0x1.b96e46p-5f, 0x1.f1e386p-5f, -0x1.9d02a4p-7f, -0x1.81633cp-6f, -0x1.07a2fp-7f, -0x1.39e284p-10f,
       -0x1.f53d82p-15f, -0x1.8ff7b2p-22f},
      {0x1.5f1f94p-6f, -0x1.e214b8p-5f, -0x1.3a667ap-6f, 0x1.e4c75p-9f, 0x1.76dd12p-9f, 0x1.eeec44p-12f,
       0x1.90b17ep-16f, 0x1.3fdc7p-23f},
      {-0x1.f3daep-8f, 0x1.a912aep-7f, 0x1.ede37p-7f, 0x1.11004ap-9f, -0x1.6e5a5ep-11f, -0x1.494f38p-13f,
       -0x1.34bafep-17f, -0x1.36dc52p-24f},
      {0x1.c3056ep-10f, 0x1.6dc792p-7f, -0x1.2088d2p-8f, -0x1.025e2ep-9f, 0x1.f0cdb6p-15f, 0x1.5f0734p-15f,
       0x1.5f37f2p-19f, 0x1.628ca8p-26f},
  };
};
template <class D, class V>
HWY_INLINE V TanhByRegions(D d, V x) {
  using C = TanhRegions;
  const hn::Rebind<int32_t, D> di;
  const hn::Rebind<uint32_t, D> du;
  constexpr size_t n = sizeof(C::rows) / sizeof(C::rows[0]);
  static constexpr RowsOfEight<float, n> rows = MakeRowsOfEight(C::rows);
  constexpr int half_octave = kFractionBits<float> - 1, first_bits = 0x3F400000;  // those of 3/4
  static_assert(C::first == 0.75f);
  const V y = LimitKeepNaN(d, hn::Abs(x), C::top);
  // One less than the region's number is that of half octaves from 3/4 on; before, -1.
  const auto halves = hn::ShiftRight<half_octave>(hn::Sub(hn::BitCast(di, y), hn::Set(di, first_bits)));
  const auto region = hn::Add(hn::Min(hn::Max(halves, hn::Set(di, -1)), hn::Set(di, 6)), hn::Set(di, 1));
  const auto in_first = hn::Lt(y, hn::Set(d, C::first));
  const LookupEight<D> look(d, hn::BitCast(du, region));

  return OddByRegions(d, x, y, in_first, look, rows);
}

template <class D, class V>
HWY_INLINE V TanhByQuotient(D d, V x) {
  using T = hn::TFromD<D>;
  using C = ExpConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f_bits = kFractionBits<T>;
  constexpr double top = 19.5;  // tanh rounds to 1 from here on
  const V one = Constant(d, 1);
  V y = LimitKeepNaN(d, hn::Abs(x), top);
  y = hn::Add(y, y);

  // The low bits of `s` are bias - n, those of t's exponent.
  const V magic = hn::Set(d, kRoundMagic<T> + T(std::numeric_limits<T>::max_exponent - 1));
  // n stops where 1 + t would not be exact; r grows up to 2.1, which the last bit of a result near 1 does not notice.
  const V s = hn::Max(hn::NegMulAdd(y, hn::Set(d, C::inv_ln2), magic), hn::Sub(magic, Constant(d, f_bits)));
  const V n = hn::Sub(magic, s);
  const V t = hn::BitCast(d, hn::ShiftLeft<f_bits>(hn::BitCast(du, s)));
  const auto [r, r_lo] = ReduceByLn2(d, y, n);

  // q = r + c, with c the smaller part.
  const V p = hn::MulAdd(Polynomial(d, r, Expm1Constants<T>::p), r, Constant(d, 0.5));
  const V c = hn::MulAdd(hn::Mul(r, r), p, r_lo);
  const V a = hn::Sub(one, t), b = hn::Add(one, t);
  const V a1 = hn::Add(a, r), a2 = hn::Add(hn::Sub(a, a1), r);
  const V b1 = hn::Add(b, r), b2 = hn::Add(hn::Sub(b, b1), r);
  const V num = hn::Add(a1, c), num_lo = hn::Add(hn::Add(hn::Sub(a1, num), c), a2);
  const V den = hn::Add(b1, c), den_lo = hn::Add(hn::Add(hn::Sub(b1, den), c), b2);

  const auto [q, rest, inverse] = Quotient(d, num, num_lo, den, den_lo);
  const V result = hn::MulAdd(rest, inverse, q);
  return hn::CopySign(result, x);
}

/// tanh x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tanh(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) return TanhByQuotient(d, x);
  if constexpr (sizeof(hn::TFromD<D>) == 4) return TanhByRegions(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_TANH_INL
