// The vector side of the op table: `VecOf<Op::id>::apply(d, a[, b])` evaluates the row's `vec` column, with the
// functions that the column names. The elementary functions are in elementary-inl.h, so that few files depend on them.
#if defined(LZ_OPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_OPS_INL
#undef LZ_OPS_INL
#else
#define LZ_OPS_INL
#endif

#include <limits>

#include "core/graph/ops.h"
#include "core/kernels/compat-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class D>
HWY_INLINE hn::Vec<D> Set1(D d, int x) {
  return hn::Set(d, static_cast<hn::TFromD<D>>(x));
}

template <class D, class V>
HWY_INLINE V Negate(D d, V a) {
  if constexpr (hwy::IsFloat<hn::TFromD<D>>()) return hn::Neg(a);
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) return hn::Zero(d) - a;
}

template <class D, class V>
HWY_INLINE V Magnitude(D, V a) {
  if constexpr (hwy::IsSigned<hn::TFromD<D>>()) return hn::Abs(a);
  if constexpr (!hwy::IsSigned<hn::TFromD<D>>()) return a;
}

template <class D, class V>
HWY_INLINE V Sign(D d, V a) {
  using T = hn::TFromD<D>;
  const auto zero = hn::Zero(d);
  if constexpr (hwy::IsFloat<T>()) {
    const auto one = hn::Set(d, T(1));
    const auto s = hn::IfThenElseZero(zero < a, one) - hn::IfThenElseZero(a < zero, one);
    return hn::IfThenElse(hn::IsNaN(a), a, s);
  } else if constexpr (hwy::IsSigned<T>()) {
    return hn::VecFromMask(d, a < zero) - hn::VecFromMask(d, zero < a);
  } else {
    return hn::AndNot(hn::VecFromMask(d, a == zero), hn::Set(d, T(1)));
  }
}

// hn::Min and hn::Max on x86 give the second argument where the two compare equal or unordered: so does NumPy, signs of
// zeros included, once NaNs are taken from where its rules say.
template <class D, class V>
HWY_INLINE V MinOrSecond(D, V a, V b) {
#if LZ_AVX3 || LZ_AVX2 || LZ_SSE4
  return hn::Min(a, b);
#else
  if constexpr (hwy::IsFloat<hn::TFromD<D>>()) return hn::IfThenElse(a < b, a, b);
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) return hn::Min(a, b);
#endif
}
template <class D, class V>
HWY_INLINE V MaxOrSecond(D, V a, V b) {
#if LZ_AVX3 || LZ_AVX2 || LZ_SSE4
  return hn::Max(a, b);
#else
  if constexpr (hwy::IsFloat<hn::TFromD<D>>()) return hn::IfThenElse(b < a, a, b);
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) return hn::Max(a, b);
#endif
}

/// `value`, or `a` where `a_wins` is NaN; integers have none.
template <class D, class V>
HWY_INLINE V UnlessNaN(D, V a_wins, V a, V value) {
  if constexpr (hwy::IsFloat<hn::TFromD<D>>()) return hn::IfThenElse(hn::IsNaN(a_wins), a, value);
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) return value;
}
template <class D, class V>
HWY_INLINE V Minimum(D d, V a, V b) {
  return UnlessNaN(d, a, a, MinOrSecond(d, a, b));
}
template <class D, class V>
HWY_INLINE V Maximum(D d, V a, V b) {
  return UnlessNaN(d, a, a, MaxOrSecond(d, a, b));
}
template <class D, class V>
HWY_INLINE V FMin(D d, V a, V b) {
  return UnlessNaN(d, b, a, MinOrSecond(d, a, b));
}
template <class D, class V>
HWY_INLINE V FMax(D d, V a, V b) {
  return UnlessNaN(d, b, a, MaxOrSecond(d, a, b));
}

template <class D, class V>
HWY_INLINE hn::Mask<D> LessEqual(D, V a, V b) {
  if constexpr (hwy::IsFloat<hn::TFromD<D>>()) return a <= b;
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) return hn::Not(b < a);
}

template <class D, class V>
HWY_INLINE hn::Mask<D> SignBit(D d, V a) {
  const hn::RebindToSigned<D> di;
  return hn::RebindMask(d, hn::BitCast(di, a) < hn::Zero(di));
}

// Factors as NumPy's loops have them: quotients in the argument's own type.
template <class D>
HWY_INLINE hn::Vec<D> DegreesPerRadian(D d) {
  using T = hn::TFromD<D>;
  return hn::Set(d, T(180) / T(3.14159265358979323846));
}
template <class D>
HWY_INLINE hn::Vec<D> RadiansPerDegree(D d) {
  using T = hn::TFromD<D>;
  return hn::Set(d, T(3.14159265358979323846) / T(180));
}

template <class D, class V>
HWY_INLINE V Heaviside(D d, V a, V b) {
  const auto zero = hn::Zero(d);
  const V step = hn::IfThenZeroElse(a < zero, Set1(d, 1));
  return hn::IfThenElse(hn::IsNaN(a), a, hn::IfThenElse(a == zero, b, step));
}

template <class D, class V>
HWY_INLINE V Spacing(D d, V a) {
  const hn::RebindToSigned<D> di;
  a = a + hn::Zero(d);  // -0 counts as 0
  return hn::BitCast(d, hn::BitCast(di, a) + Set1(di, 1)) - a;
}

template <class D, class V>
HWY_INLINE V NextAfter(D d, V a, V b) {
  const hn::RebindToSigned<D> di;
  const auto zero = hn::Zero(d), tiny = hn::BitCast(d, Set1(di, 1));
  const auto bits = hn::BitCast(di, a);
  // -1 where the magnitude grows, 0 where it falls: Not(x) - x is 1 and -1.
  const auto x = hn::Xor(hn::BitCast(di, hn::VecFromMask(d, a < b)), hn::BroadcastSignBit(bits));
  V next = hn::BitCast(d, bits + (hn::Not(x) - x));
  next = hn::IfThenElse(a == zero, hn::CopySign(tiny, b), next);
  next = hn::IfThenElse(a == b, b, next);
  return hn::IfThenElse(hn::Or(hn::IsNaN(a), hn::IsNaN(b)), a + b, next);
}

template <class D, class V>
HWY_INLINE V ModfFraction(D, V a) {
  const V fraction = hn::IfThenZeroElse(hn::IsInf(a), a - hn::Trunc(a));
  return hn::CopySign(fraction, a);
}

/// a scaled to a normal number, if it is a number and not 0, by 2^scaled.
template <class D>
struct NormalParts {
  hn::Vec<D> value, scaled;
  hn::Mask<D> special;
};
template <class D, class V>
HWY_INLINE NormalParts<D> Normal(D d, V a) {
  using T = hn::TFromD<D>;
  constexpr int shift = std::numeric_limits<T>::digits + 1;
  const auto small = hn::Abs(a) < hn::Set(d, std::numeric_limits<T>::min());
  const V value = hn::IfThenElse(small, a * hn::Set(d, static_cast<T>(int64_t{1} << shift)), a);
  return {value, hn::IfThenElseZero(small, Set1(d, shift)), hn::Or(a == hn::Zero(d), hn::Not(hn::IsFinite(a)))};
}
template <class D, class V>
HWY_INLINE V FrexpMantissa(D d, V a) {
  using T = hn::TFromD<D>;
  const auto parts = Normal(d, a);
  const V infinity = hn::Set(d, std::numeric_limits<T>::infinity());  // all bits of the exponent
  const V mantissa = hn::Or(hn::AndNot(infinity, parts.value), hn::Set(d, T(0.5)));
  return hn::IfThenElse(parts.special, a, mantissa);
}
template <class D, class V>
HWY_INLINE V FrexpExponent(D d, V a) {
  using T = hn::TFromD<D>;
  const hn::RebindToUnsigned<D> du;
  constexpr int f_bits = std::numeric_limits<T>::digits - 1, bias = std::numeric_limits<T>::max_exponent - 2;
  const auto parts = Normal(d, a);
  // An integer or-ed into the fraction of 2^f_bits is that number.
  const V two_p = hn::Set(d, static_cast<T>(int64_t{1} << f_bits));
  const auto exponent = hn::ShiftRight<f_bits>(hn::BitCast(du, hn::Abs(parts.value)));
  const V e = hn::BitCast(d, hn::Or(exponent, hn::BitCast(du, two_p))) - two_p - Set1(d, bias) - parts.scaled;
  return hn::IfThenZeroElse(parts.special, e);
}

/// `b` rounds to an integer; NaN gives NaN.
template <class D, class V>
HWY_INLINE V Ldexp(D d, V a, V b) {
  using T = hn::TFromD<D>;
  using L = std::numeric_limits<T>;
  const hn::RebindToUnsigned<D> du;
  constexpr int top = L::max_exponent - 1, digits = L::digits;
  // Two steps that overflow, or end far below the least number, only if all does; then a power that is normal. A step
  // down leaves room for all digits of a subnormal result, so that only the last product rounds.
  constexpr int down = -(top - 1) + digits, limit = 2 * top + digits + 10;
  V e = hn::Round(hn::Min(hn::Max(b, Set1(d, -limit)), Set1(d, limit)));
  V y = a;
  for (int step = 0; step < 2; ++step) {
    const auto high = Set1(d, top) < e, low = e < Set1(d, 1 - top);
    const V shift = hn::IfThenElse(low, Set1(d, down), hn::IfThenElseZero(high, Set1(d, top)));
    constexpr T up_power = L::max() / T(2 - L::epsilon()), down_power = L::min() * static_cast<T>(int64_t{1} << digits);
    y = y * hn::IfThenElse(low, hn::Set(d, down_power), hn::IfThenElse(high, hn::Set(d, up_power), Set1(d, 1)));
    e = e - shift;
  }
  e = hn::Min(hn::Max(e, Set1(d, 1 - top)), Set1(d, top));
  const V magic = hn::Set(d, static_cast<T>(int64_t{3} << (digits - 2)) + T(top));
  const V power = hn::BitCast(d, hn::ShiftLeft<digits - 1>(hn::BitCast(du, e + magic)));
  return hn::IfThenElse(hn::IsNaN(b), b, y * power);
}

template <Op op>
struct VecOf;

#define LZ_VEC_OF(id, vec, ...)                                       \
  template <>                                                         \
  struct VecOf<Op::id> {                                              \
    template <class D, class V>                                       \
    static HWY_INLINE auto apply([[maybe_unused]] D d, __VA_ARGS__) { \
      return vec;                                                     \
    }                                                                 \
  };
#define LZ_UNARY(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a)
#define LZ_TEST(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a)
#define LZ_BINARY(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a, V b)
#define LZ_COMPARE(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a, V b)
#include "core/ops/simple.def"

/// The extremes as ExtremeBody takes them.
template <Op op>
struct ExtremeOf : VecOf<op> {
  static constexpr bool nan_wins = op == Op::minimum || op == Op::maximum;
  template <class D, class V>
  static HWY_INLINE V OrSecond(D d, V a, V b) {
    return op == Op::minimum || op == Op::fmin ? MinOrSecond(d, a, b) : MaxOrSecond(d, a, b);
  }
};
constexpr bool is_extreme(Op op) { return op == Op::minimum || op == Op::maximum || op == Op::fmin || op == Op::fmax; }

/// Ops whose arguments may change places bit for bit (payloads of NaNs apart): one stage serves both orders.
constexpr bool commutes(Op op) {
  return op == Op::add || op == Op::multiply || op == Op::equal || op == Op::not_equal || op == Op::logical_and ||
         op == Op::logical_or || op == Op::logical_xor || op == Op::bitwise_and || op == Op::bitwise_or ||
         op == Op::bitwise_xor;
}

/// Ops that also take both arguments from slots (Forms MM, MS, SM), on floats: they begin most chains.
constexpr bool begins_chains(Op op) {
  return op == Op::add || op == Op::subtract || op == Op::multiply || op == Op::divide;
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_OPS_INL
