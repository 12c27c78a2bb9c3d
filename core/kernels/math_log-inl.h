// Log: the natural logarithm.
//
// x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1, and log x = k ln 2 + log(1 + f). The parts are added so that
// the result is accurate near 1, where they cancel (after FreeBSD's msun, e_log.c, which gives the idea).
#if defined(LZ_MATH_LOG_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_LOG_INL
#undef LZ_MATH_LOG_INL
#else
#define LZ_MATH_LOG_INL
#endif

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct LogConstants;

template <>
struct LogConstants<double> {
  // ln 2 in two parts; k * ln2_hi is exact.
  static constexpr double ln2_hi = 0x1.62e42fefa3800p-1, ln2_lo = 0x1.ef35793c76730p-45;
  static constexpr uint64_t sqrt_half = 0x3FE6A09E667F3BCD;  // its bits
  static constexpr int subnormal_shift = 54;
  // (log((1+s)/(1-s)) / s - 2) / s^2 in s^2, minimax for s = f / (2 + f), error 2^-58.5 s^2 (tools/coefficients.py).
  static constexpr double p[] = {
      0x1.5555555555592p-1, 0x1.999999997fd74p-2, 0x1.24924941f5924p-2, 0x1.c71c520560500p-3,
      0x1.74663fc9a4bb9p-3, 0x1.39a1a2af3f846p-3, 0x1.2f06617e93ddep-3,
  };
};

template <>
struct LogConstants<float> {
  static constexpr float ln2_hi = 0x1.62e4p-1f, ln2_lo = 0x1.7f7d1cp-20f;
  static constexpr uint32_t sqrt_half = 0x3F3504F3;
  static constexpr int subnormal_shift = 25;
  // (log(1 + f) - f + f^2/2) / f^3 in f, minimax, error 2^-27.3 f (tools/coefficients.py).
  static constexpr float p[] = {0x1.55554ap-2f, -0x1.000220p-2f, 0x1.99a59ap-3f, -0x1.54788ap-3f,
                                0x1.226e16p-3f, -0x1.0ce05cp-3f, 0x1.07d200p-3f, -0x1.41f0c0p-4f};
};

/// The `shift` of SplitAt, below, that shifts by 0.
template <class T>
inline constexpr T kNoShift = static_cast<T>((int64_t{1}
                                              << kFractionBits<T>)+(std::numeric_limits<T>::max_exponent - 1));

/// x = 2^(k + shift) m with m from the number of the bits `first` to its double, for positive, finite, normal x;
/// `shift` is an integer in every lane, plus 2^(digits - 1) plus the exponent's bias. The fraction field of i counts
/// m's place after `first`.
template <class V, class VI>
struct PowerAndMantissa {
  V k, m;
  VI i;
};
template <auto first, class D, class V>
HWY_INLINE auto SplitAt(D d, V x, V shift) {
  using T = hn::TFromD<D>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr int f_bits = kFractionBits<T>;
  constexpr BitsOf<T> one_bits = BitsOf<T>(std::numeric_limits<T>::max_exponent - 1) << f_bits;
  constexpr BitsOf<T> field = ~((BitsOf<T>(1) << f_bits) - 1);

  // k + bias stands in the exponent field of i; an integer or-ed into the fraction of 2^(digits-1) is that number.
  const auto bits = hn::BitCast(du, x);
  const auto i = hn::Add(bits, hn::Set(du, one_bits - first));
  const auto two_p = hn::BitCast(du, hn::Set(d, static_cast<T>(int64_t{1} << f_bits)));
  const V k = hn::Sub(hn::BitCast(d, hn::Or(hn::ShiftRight<f_bits>(i), two_p)), shift);
  const auto m_bits = hn::Sub(bits, hn::Sub(hn::And(i, hn::Set(du, field)), hn::Set(du, one_bits)));
  return PowerAndMantissa<V, decltype(m_bits)>{k, hn::BitCast(d, m_bits), i};
}

/// x = 2^(k + shift) (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), of the same x and shift.
template <class V>
struct PowerAndRest {
  V k, f;
};
template <class D, class V>
HWY_INLINE PowerAndRest<V> SplitPower(D d, V x, V shift) {
  const auto split = SplitAt<LogConstants<hn::TFromD<D>>::sqrt_half>(d, x, shift);
  return {split.k, hn::Sub(split.m, Constant(d, 1))};
}

/// Positive, finite and normal?
template <class D, class V>
HWY_INLINE hn::Mask<D> IsPositive(D d, V x) {
  using T = hn::TFromD<D>;
  using I = std::make_signed_t<BitsOf<T>>;
  const hn::Rebind<I, D> di;
  // In one signed comparison: the bits from those of the least normal number to those of infinity, moved down to the
  // lowest integers.
  constexpr BitsOf<T> least = BitsOf<T>(1) << kFractionBits<T>;
  constexpr BitsOf<T> sign = BitsOf<T>(1) << (8 * sizeof(T) - 1);
  constexpr BitsOf<T> top = (BitsOf<T>(2 * std::numeric_limits<T>::max_exponent - 1) << kFractionBits<T>)-least;
  const auto moved = hn::Add(hn::BitCast(di, x), hn::Set(di, static_cast<I>(sign - least)));
  return hn::RebindMask(d, hn::Lt(moved, hn::Set(di, static_cast<I>(sign + top))));
}

/// f - (log(1 + f) + low), for f as SplitPower gives it and a `low` that is small.
template <class D, class V>
HWY_INLINE V FLessLog(D d, V f, V low) {
  using T = hn::TFromD<D>;
  using C = LogConstants<T>;
  if constexpr (sizeof(T) == 8) {
    const V s = hn::Div(f, hn::Add(f, Constant(d, 2)));
    const V z = hn::Mul(s, s);
    const V half_square = hn::Mul(hn::Mul(f, f), Constant(d, 0.5));
    const V tail = hn::MulAdd(z, Polynomial(d, z, C::p), half_square);
    return hn::Sub(half_square, hn::MulAdd(s, tail, low));
  } else {
    const V w = hn::NegMulAdd(f, Polynomial(d, f, C::p), Constant(d, 0.5));
    return hn::MulSub(hn::Mul(f, f), w, low);
  }
}

/// log x + log 2^-shift, of the same x and shift.
template <class D, class V>
HWY_INLINE V LogShifted(D d, V x, V shift) {
  using C = LogConstants<hn::TFromD<D>>;
  const auto [k, f] = SplitPower(d, x, shift);
  const V u = FLessLog(d, f, hn::Mul(k, hn::Set(d, C::ln2_lo)));
  return hn::MulAdd(k, hn::Set(d, C::ln2_hi), hn::Sub(f, u));
}

/// log x for positive, finite, normal x, and only for those.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V LogPositive(D d, V x) {
  using T = hn::TFromD<D>;
  return LogShifted(d, x, hn::Set(d, kNoShift<T>));
}

/// A logarithm over the full range, -inf at 0, NaN below; shifted(x, shift) is that of x 2^-shift, as LogShifted.
template <class D, class V, class Shifted>
HWY_INLINE V LogOfAny(D d, V x, const Shifted& shifted) {
  using T = hn::TFromD<D>;
  using C = LogConstants<T>;
  constexpr T infinity = std::numeric_limits<T>::infinity();
  V shift = hn::Set(d, kNoShift<T>);

  const bool usual = hn::AllTrue(d, IsPositive(d, x));
  V positive = x;
  if (HWY_UNLIKELY(!usual)) {
    const auto small = hn::Lt(x, hn::Set(d, std::numeric_limits<T>::min()));
    positive = hn::IfThenElse(small, hn::Mul(x, Constant(d, static_cast<double>(int64_t{1} << C::subnormal_shift))), x);
    shift = hn::Add(shift, hn::IfThenElseZero(small, Constant(d, C::subnormal_shift)));
  }
  V y = shifted(d, positive, shift);
  if (HWY_UNLIKELY(!usual)) {
    y = hn::IfThenElse(hn::Lt(x, hn::Set(d, infinity)), y, hn::Add(x, x));
    y = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Set(d, std::numeric_limits<T>::quiet_NaN()), y);
    y = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Set(d, -infinity), y);
  }
  return y;
}

struct NaturalLog {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, V shift) const {
    return LogShifted(d, x, shift);
  }
};

/// log x, at most 1 ulp from the exact value; -inf at 0, NaN below.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log(D d, V x) {
  return LogOfAny(d, x, NaturalLog());
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_LOG_INL
