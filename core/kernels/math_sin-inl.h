// Sin and Cos over the full range.
//
// |x| = n pi/2 + r + r_lo with |r| <= pi/4, exact enough for every x below a limit: pi/2 in three parts, the error of
// each step carried along. Then sin r or cos r by the parity of n. Larger arguments take a path of their own.
#if defined(LZ_MATH_SIN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_SIN_INL
#undef LZ_MATH_SIN_INL
#else
#define LZ_MATH_SIN_INL
#endif

#include "core/kernels/math_common-inl.h"
#include "core/kernels/math_trig_huge-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct SinConstants;

template <>
struct SinConstants<double> {
  static constexpr double pio2_1 = 0x1.921fb54442d18p0, pio2_2 = 0x1.1a62633145c07p-54,
                          pio2_3 = -0x1.f1976b7ed8fbcp-110;
  static constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
  static constexpr double limit = 1e9;
  // (sin r - r) / r^3 and (cos r - 1 + r^2/2) / r^4 in r^2, minimax, errors 2^-58.0 r and 2^-64.2
  // (tools/coefficients.py).
  static constexpr double s[] = {-0x1.5555555555549p-3, 0x1.111111110f85fp-7,   -0x1.a01a019c0e18ep-13,
                                 0x1.71de35749107cp-19, -0x1.ae5e63af429cap-26, 0x1.5d923e89add55p-33};
  static constexpr double c[] = {0x1.555555555554cp-5,   -0x1.6c16c16c15162p-10, 0x1.a01a019caef56p-16,
                                 -0x1.27e4f807d7341p-22, 0x1.1ee9ea6d41c41p-29,  -0x1.8fadd0962917bp-37};
};

template <>
struct SinConstants<float> {
  static constexpr float pio2_1 = 0x1.921fb6p0f, pio2_2 = -0x1.777a5cp-25f, pio2_3 = -0x1.ee59dap-50f;
  static constexpr float two_over_pi = 0x1.45f306p-1f;
  static constexpr float limit = 1e5f;
  // As above, errors 2^-27.9 r and 2^-33.1, up to |r| = 0.793: n is rounded from a float.
  static constexpr float s[] = {-0x1.555544p-3f, 0x1.1106fcp-7f, -0x1.992c3p-13f};
  static constexpr float c[] = {0x1.55554ap-5f, -0x1.6c0c22p-10f, 0x1.99e37p-16f};
};

/// y with the lanes whose argument is past the limit replaced by huge(x). By value, so that a caller keeps its vectors
/// in registers.
template <double (*huge)(double), class D, class V>
HWY_NOINLINE V ReplaceHuge(D d, V x, V y) {
  using T = hn::TFromD<D>;
  HWY_ALIGN T xs[hn::MaxLanes(D())];
  HWY_ALIGN T ys[hn::MaxLanes(D())];
  hn::Store(x, d, xs);
  hn::Store(y, d, ys);
  for (size_t i = 0; i < hn::Lanes(d); ++i) {
    const T magnitude = xs[i] < 0 ? -xs[i] : xs[i];
    if (!(magnitude <= SinConstants<T>::limit)) {
      ys[i] = static_cast<T>(huge(static_cast<double>(xs[i])));
    }
  }
  return hn::Load(d, ys);
}

/// |x| = n pi/2 + r + r_lo for |x| up to the limit; the low bits of t are n.
template <class V>
struct ReducedByHalfPi {
  V t, r, r_lo;
};
template <class D, class V>
HWY_INLINE ReducedByHalfPi<V> LessHalfPis(D d, V magnitude, V t, V n) {
  using C = SinConstants<hn::TFromD<D>>;
  // The first difference has no rounding error: |x| and n pio2_1 are multiples of one unit and nearly cancel.
  const V p1 = hn::Set(d, C::pio2_1), p2 = hn::Set(d, C::pio2_2), p3 = hn::Set(d, C::pio2_3);
#if HWY_NATIVE_FMA
  const V r1 = hn::NegMulAdd(n, p1, magnitude);
#else
  const V n1 = hn::Mul(n, p1);
  const V r1 = hn::Sub(hn::Sub(magnitude, n1), ProductError(d, n, p1, n1));
#endif
  const V n2 = hn::Mul(n, p2);
  const V r = hn::Sub(r1, n2);
  const V r_lo = hn::Sub(hn::Sub(hn::Sub(r1, r), n2), hn::MulAdd(n, p3, ProductError(d, n, p2, n2)));
  return {t, r, r_lo};
}
template <class D, class V>
HWY_INLINE ReducedByHalfPi<V> ReduceByHalfPi(D d, V magnitude) {
  using T = hn::TFromD<D>;
  const V magic = hn::Set(d, kRoundMagic<T>);
  const V t = hn::MulAdd(magnitude, hn::Set(d, SinConstants<T>::two_over_pi), magic);
  return LessHalfPis(d, magnitude, t, hn::Sub(t, magic));
}

/// sin and cos of the reduced argument.
template <class V>
struct SinAndCos {
  V sine, cosine;
};
template <class D, class V>
HWY_INLINE SinAndCos<V> SinAndCosOfReduced(D d, V r, V r_lo) {
  using C = SinConstants<hn::TFromD<D>>;
  const V z = hn::Mul(r, r);
  const V sine = hn::Add(r, hn::MulAdd(hn::Mul(r, z), Polynomial(d, z, C::s), r_lo));
  const V one = Constant(d, 1), half = Constant(d, 0.5);
  const V w = hn::NegMulAdd(z, half, one);
  const V w_lo = hn::NegMulAdd(z, half, hn::Sub(one, w));
  const V cosine = hn::Add(w, hn::MulAdd(hn::Mul(z, z), Polynomial(d, z, C::c), hn::NegMulAdd(r, r_lo, w_lo)));
  return {sine, cosine};
}

/// sin(x + turn pi/2), turn 0 or 1, from those of the reduced argument, n in the low bits of t.
template <unsigned turn, class D, class V>
HWY_INLINE V OfQuadrant(D d, V x, V t, SinAndCos<V> reduced) {
  using T = hn::TFromD<D>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int top = 8 * sizeof(T) - 1;
  // Odd n + turn swaps sine and cosine, the next bit is the sign.
  const auto odd = hn::BitCast(d, hn::ShiftLeft<top>(hn::BitCast(du, t)));
  const V y = turn == 0 ? hn::IfNegativeThenElse(odd, reduced.cosine, reduced.sine)
                        : hn::IfNegativeThenElse(odd, reduced.sine, reduced.cosine);
  auto bit = hn::BitCast(du, t);
  if (turn == 1) bit = hn::Add(bit, hn::Set(du, 1));
  V sign = hn::BitCast(d, hn::ShiftLeft<top - 1>(bit));
  if (turn == 0) sign = hn::Xor(sign, x);
  return hn::Xor(y, hn::And(sign, hn::SignBit(d)));
}

/// sin(x + turn pi/2), turn 0 or 1, of |x| = n pi/2 + r + r_lo with n in the low bits of t.
template <unsigned turn, class D, class V>
HWY_INLINE V SinOrCosOfReduced(D d, V x, V t, V r, V r_lo) {
  return OfQuadrant<turn>(d, x, t, SinAndCosOfReduced(d, r, r_lo));
}

template <unsigned turn, class D, class V>
HWY_INLINE V SinOrCos(D d, V x) {
  using C = SinConstants<hn::TFromD<D>>;
  const V magnitude = hn::Abs(x);
  const auto [t, r, r_lo] = ReduceByHalfPi(d, magnitude);
  V y = SinOrCosOfReduced<turn>(d, x, t, r, r_lo);
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(magnitude, hn::Set(d, C::limit)))))
    y = ReplaceHuge<SinCosHuge<SinConstants<double>, turn>>(d, x, y);
  return y;
}

/// Both, with the bits of Sin and Cos, for little more than the time of one.
template <class D, class V = hn::Vec<D>>
HWY_INLINE SinAndCos<V> SinCos(D d, V x) {
  using C = SinConstants<hn::TFromD<D>>;
  const V magnitude = hn::Abs(x);
  const auto [t, r, r_lo] = ReduceByHalfPi(d, magnitude);
  const SinAndCos<V> reduced = SinAndCosOfReduced(d, r, r_lo);
  SinAndCos<V> y{OfQuadrant<0>(d, x, t, reduced), OfQuadrant<1>(d, x, t, reduced)};
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(magnitude, hn::Set(d, C::limit))))) {
    y.sine = ReplaceHuge<SinCosHuge<SinConstants<double>, 0>>(d, x, y.sine);
    y.cosine = ReplaceHuge<SinCosHuge<SinConstants<double>, 1>>(d, x, y.cosine);
  }
  return y;
}

/// sin x, at most 1 ulp from the exact value for every x.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Sin(D d, V x) {
  return SinOrCos<0>(d, x);
}

/// cos x, at most 1 ulp from the exact value for every x.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Cos(D d, V x) {
  return SinOrCos<1>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_SIN_INL
