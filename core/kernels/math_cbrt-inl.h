// Cbrt: the cube root.
//
// |x| = 8^q z with z = 2^n m, n from -1 to 1 and m in [sqrt(1/2), sqrt(2)). A polynomial gives y near m^(-1/3); with
// r = 1 - m y^3 the root of m is m y^2 (1 - r)^(-2/3). That, times 2^(n/3), is off by some last bits; one step of
// Newton's method, whose remainder is exact but for what does not matter, leaves little more than the last rounding.
#if defined(LZ_MATH_CBRT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_CBRT_INL
#undef LZ_MATH_CBRT_INL
#else
#define LZ_MATH_CBRT_INL
#endif

#include "core/kernels/math_log-inl.h"
#include "core/kernels/math_lookup-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct CbrtConstants;

// m^(-1/3) in m, minimax, relative errors 2^-17.4 and 2^-9.1; for n = 0 .. 3, -4 .. -1 (those beyond 1 do not occur)
// 2^n, 2^(n/3) and 4^(-n/3) / 3 (tools/coefficients.py cbrt).
template <>
struct CbrtConstants<double> {
  static constexpr double p[] = {0x1.ffc9ab9c422f3p0,  -0x1.3e324d3d6f3f4p1, 0x1.6565cf5953902p1,
                                 -0x1.e5e802a240352p0, 0x1.66c222ffc5de9p-1, -0x1.ba97e1218721cp-4};
  static constexpr double rows[3][8] = {
      {1, 2, 4, 8, 0.0625, 0.125, 0.25, 0.5},
      {1, 0x1.428a2f98d728bp0, 0x1.965fea53d6e3dp0, 2, 0x1.965fea53d6e3dp-2, 0.5, 0x1.428a2f98d728bp-1,
       0x1.965fea53d6e3dp-1},
      {0x1.5555555555555p-2, 0x1.ae0d94cbc98b9p-3, 0x1.0eea9c37e497ep-3, 0x1.5555555555555p-4, 0x1.0eea9c37e497ep1,
       0x1.5555555555555p0, 0x1.ae0d94cbc98b9p-1, 0x1.0eea9c37e497ep-1},
  };
};
template <>
struct CbrtConstants<float> {
  static constexpr float p[] = {0x1.8ee83p0f, -0x1.88e2fp-1f, 0x1.ad8188p-3f};
  static constexpr float rows[3][8] = {
      {1, 2, 4, 8, 0.0625f, 0.125f, 0.25f, 0.5f},
      {1, 0x1.428a3p0f, 0x1.965feap0f, 2, 0x1.965feap-2f, 0.5f, 0x1.428a3p-1f, 0x1.965feap-1f},
      {0x1.555556p-2f, 0x1.ae0d94p-3f, 0x1.0eea9cp-3f, 0x1.555556p-4f, 0x1.0eea9cp1f, 0x1.555556p0f, 0x1.ae0d94p-1f,
       0x1.0eea9cp-1f},
  };
};

/// The cube root of x 2^-shift for positive, finite, normal x; `shift` as in SplitPower.
template <class D, class V>
HWY_INLINE V CbrtShifted(D d, V x, V shift) {
  using T = hn::TFromD<D>;
  using C = CbrtConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  static constexpr RowsOfEight<T, 3> rows = MakeRowsOfEight(C::rows);
  const auto [k, m, i] = SplitAt<LogConstants<T>::sqrt_half>(d, x, shift);

  // q = k / 3 rounded, which is never a tie; q stands in the low bits of t.
  const V magic = hn::Set(d, kRoundMagic<T>);
  const V t = hn::MulAdd(k, Constant(d, 1 / 3.0), magic);
  const V n = hn::NegMulAdd(hn::Sub(t, magic), Constant(d, 3), k);
  const LookupEight<D> look(d, hn::BitCast(du, hn::Add(n, magic)));
  const V z = hn::Mul(m, look(d, rows.at[0]));

  const V y = Polynomial(d, m, C::p), square = hn::Mul(y, y);
  const V a = hn::Mul(m, square);
  const V r = hn::NegMulAdd(a, y, Constant(d, 1));
  const V series = hn::MulAdd(r, Constant(d, 5 / 9.0), Constant(d, 2 / 3.0));
  const V root = hn::Mul(hn::MulAdd(hn::Mul(a, r), series, a), look(d, rows.at[1]));

  // root^3 - z over 3 root^2, whose inverse the polynomial gives well enough. What the square loses matters to doubles;
  // of floats it adds a sixth of a last place.
  const V root2 = hn::Mul(root, root);
#if HWY_NATIVE_FMA
  V excess = hn::MulSub(root, root2, z);
#else
  const V root3 = hn::Mul(root, root2);
  V excess = hn::Add(hn::Sub(root3, z), ProductError(d, root, root2, root3));
#endif
  if constexpr (sizeof(T) == 8) excess = hn::MulAdd(root, ProductError(d, root, root, root2), excess);
  const V result = hn::NegMulAdd(excess, hn::Mul(square, look(d, rows.at[2])), root);
  return hn::BitCast(d, hn::Add(hn::BitCast(du, result), hn::ShiftLeft<kFractionBits<T>>(hn::BitCast(du, t))));
}

/// The cube root of x, at most 1 ulp from the exact value; zeros, infinities and NaN as they are.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Cbrt(D d, V x) {
  using T = hn::TFromD<D>;
  constexpr int subnormal_shift = LogConstants<T>::subnormal_shift;
  const V magnitude = hn::Abs(x);
  V shift = hn::Set(d, kNoShift<T>), positive = magnitude;
  const bool usual = hn::AllTrue(d, IsPositive(d, magnitude));
  if (HWY_UNLIKELY(!usual)) {
    const auto small = hn::Lt(magnitude, hn::Set(d, std::numeric_limits<T>::min()));
    positive = hn::IfThenElse(small, hn::Mul(magnitude, Constant(d, double(int64_t{1} << subnormal_shift))), magnitude);
    shift = hn::Add(shift, hn::IfThenElseZero(small, Constant(d, subnormal_shift)));
  }
  V y = CbrtShifted(d, positive, shift);
  if (HWY_UNLIKELY(!usual)) {
    const auto number =
        hn::And(hn::Lt(hn::Zero(d), magnitude), hn::Lt(magnitude, hn::Set(d, std::numeric_limits<T>::infinity())));
    y = hn::IfThenElse(number, y, hn::Add(magnitude, magnitude));
  }
  return hn::CopySign(y, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_CBRT_INL
