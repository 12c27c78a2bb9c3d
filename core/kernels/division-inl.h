// Division with remainder, by NumPy's rules: floor_divide, remainder and fmod of floats and integers.
//
// Floats: the quotient's whole part q from a division, the remainder a - q b by a fused multiply-add, exact where q is
// below 2^(digits - 3). Integers of up to 32 bits are divided as floats that hold them, and the quotient rounds to the
// right whole number, because it is further from the next one than the division rounds; so are those of 64 bits where
// they are below 2^52. Other cases go one by one.
#if defined(LZ_DIVISION_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_DIVISION_INL
#undef LZ_DIVISION_INL
#else
#define LZ_DIVISION_INL
#endif

#include "core/kernels/compat-inl.h"
#include "core/kernels/division.h"
#ifdef LAZULITE_HEADER_LIBRARY
#include "core/kernels/division_rare.h"
#endif
#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// `op` lane by lane.
template <Op op, class D, class V>
HWY_NOINLINE V RareDivision(D d, V a, V b) {
  using T = hn::TFromD<D>;
  HWY_ALIGN T x[hn::MaxLanes(D())];
  HWY_ALIGN T y[hn::MaxLanes(D())];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  divide_one_by_one<op, T>(x, y, static_cast<int>(hn::Lanes(d)));
  return hn::Load(d, x);
}

// ---------------------------------------------------------------------------------------------- floats

/// Where no-FMA targets' products are exact with their errors.
template <class T>
inline constexpr T kLeastFactor = sizeof(T) == 8 ? T(0x1p-900) : T(0x1p-70);
template <class T>
inline constexpr T kLargestFactor = T(1) / kLeastFactor<T>;

/// |a| = q |b| + r with a whole q and 0 <= r < |b|, if `exact`, in all lanes.
template <class V>
struct WholeAndRest {
  V q, r;
  bool exact;
};
template <class D, class V>
HWY_INLINE WholeAndRest<V> DivideMagnitudes(D d, V a, V b) {
  using T = hn::TFromD<D>;
  const V x = hn::Abs(a), y = hn::Abs(b);
  const V quotient = hn::Div(x, y);
  V q = hn::Trunc(quotient);
  auto exact = hn::Lt(quotient, Constant(d, static_cast<double>(int64_t{1} << (std::numeric_limits<T>::digits - 3))));
#if HWY_NATIVE_FMA
  V r = hn::NegMulAdd(q, y, x);
  exact = hn::And(exact, hn::Lt(y, hn::Set(d, std::numeric_limits<T>::infinity())));
#else
  const V p = hn::Mul(q, y);
  V r = hn::Sub(hn::Sub(x, p), ProductError(d, q, y, p));
  exact = hn::And(exact, hn::And(hn::Lt(hn::Set(d, kLeastFactor<T>), y), hn::Lt(y, hn::Set(d, kLargestFactor<T>))));
#endif
  // The quotient may have been rounded up to a whole number.
  const auto below = hn::Lt(r, hn::Zero(d));
  q = hn::Sub(q, hn::IfThenElseZero(below, Constant(d, 1)));
  r = hn::Add(r, hn::IfThenElseZero(below, y));
  return {q, r, hn::AllTrue(d, exact)};
}

// ---------------------------------------------------------------------------------------------- integers

enum class Rounding { down, to_zero };

/// The quotient of floats that hold integers, rounded to a whole number.
template <Rounding rounding, class V>
HWY_INLINE V WholeQuotient(V a, V b) {
  const V quotient = hn::Div(a, b);
  return rounding == Rounding::down ? hn::Floor(quotient) : hn::Trunc(quotient);
}

/// The quotient of integers where b is not 0; wraps around.
template <Rounding rounding, class T>
HWY_INLINE Vector<T> QuotientOf(Vector<T> a, Vector<T> b) {
  if constexpr (sizeof(T) == 1) {
    return ByWideLanes<T>(a, b, [](auto x, auto y) HWY_ATTR { return QuotientOf<rounding, Wide<T>>(x, y); });
  } else if constexpr (sizeof(T) == 2) {
    return ByWideLanes<T>(a, b, [](auto x, auto y) HWY_ATTR {
      return As<Wide<T>>(TruncateToInt(WholeQuotient<rounding>(ToFloat(As<int32_t>(x)), ToFloat(As<int32_t>(y)))));
    });
  } else if constexpr (hwy::IsSame<T, int32_t>()) {
    return TruncateToInt32(WholeQuotient<rounding>(ToDoubleLower(a), ToDoubleLower(b)),
                           WholeQuotient<rounding>(ToDoubleUpper(a), ToDoubleUpper(b)));
  } else if constexpr (hwy::IsSame<T, uint32_t>()) {
    return TruncateToUint32(WholeQuotient<rounding>(SmallToDouble(WidenLower<T>(a)), SmallToDouble(WidenLower<T>(b))),
                            WholeQuotient<rounding>(SmallToDouble(WidenUpper<T>(a)), SmallToDouble(WidenUpper<T>(b))));
  } else {
    return As<T>(TruncateToInt(WholeQuotient<rounding>(ToDouble(a), ToDouble(b))));
  }
}

/// Are all lanes of 64 bits so small that QuotientOf is right?
template <class T>
HWY_INLINE bool AreSmall(Vector<T> a) {
  const Tag<T> d;
  const auto limit = hn::Set(d, T(1) << 52);
  if constexpr (!hwy::IsSigned<T>()) return hn::AllTrue(d, a < limit);
  // Both ends in one unsigned comparison.
  if constexpr (hwy::IsSigned<T>())
    return hn::AllTrue(Tag<Unsigned<T>>(), As<Unsigned<T>>(a + limit) < As<Unsigned<T>>(limit + limit));
}

/// By `rounding`, the quotient of a and b or what it leaves; 0 where b is 0. `op` says the same.
template <Op op, Rounding rounding, bool rest, class D, class V>
HWY_INLINE V DivideIntegers(D d, V a, V b) {
  using T = hn::TFromD<D>;
  if constexpr (sizeof(T) == 8) {
    if (HWY_UNLIKELY(!(AreSmall<T>(a) && AreSmall<T>(b)))) return RareDivision<op>(d, a, b);
  }
  const auto by_zero = b == hn::Zero(d);
  b = hn::IfThenElse(by_zero, hn::Set(d, T(1)), b);
  const V q = QuotientOf<rounding, T>(a, b);
  return hn::IfThenZeroElse(by_zero, rest ? a - Times(d, q, b) : q);
}

// ---------------------------------------------------------------------------------------------- the op table's

template <class D, class V>
HWY_INLINE V FloorDivide(D d, V a, V b) {
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) {
    return DivideIntegers<Op::floor_divide, Rounding::down, false>(d, a, b);
  } else {
    const auto [q, r, exact] = DivideMagnitudes(d, a, b);
    if (HWY_UNLIKELY(!exact)) return RareDivision<Op::floor_divide>(d, a, b);
    const auto down = hn::AndNot(hn::Eq(r, hn::Zero(d)), HasSignBit(d, hn::Xor(a, b)));
    return hn::Xor(hn::Add(q, hn::IfThenElseZero(down, Constant(d, 1))), hn::And(hn::Xor(a, b), hn::SignBit(d)));
  }
}

template <class D, class V>
HWY_INLINE V Remainder(D d, V a, V b) {
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) {
    return DivideIntegers<Op::remainder, Rounding::down, true>(d, a, b);
  } else {
    const auto [q, magnitude, exact] = DivideMagnitudes(d, a, b);
    if (HWY_UNLIKELY(!exact)) return RareDivision<Op::remainder>(d, a, b);
    const V r = hn::CopySign(magnitude, a);
    const V of_b = hn::IfThenElse(HasSignBit(d, hn::Xor(a, b)), hn::Add(r, b), r);
    return hn::IfThenElse(hn::Eq(r, hn::Zero(d)), hn::CopySign(r, b), of_b);
  }
}

template <class D, class V>
HWY_INLINE V Fmod(D d, V a, V b) {
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) {
    return DivideIntegers<Op::fmod, Rounding::to_zero, true>(d, a, b);
  } else {
    const auto [q, r, exact] = DivideMagnitudes(d, a, b);
    if (HWY_UNLIKELY(!exact)) return RareDivision<Op::fmod>(d, a, b);
    return hn::CopySign(r, a);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_DIVISION_INL
