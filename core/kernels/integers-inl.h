// Powers and shifts of integers.
#if defined(LZ_INTEGERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_INTEGERS_INL
#undef LZ_INTEGERS_INL
#else
#define LZ_INTEGERS_INL
#endif

#include "core/kernels/compat-inl.h"
#include "core/kernels/math_pow-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

// Shifts are written as operators: Highway's functions Shl and Shr are not marked as to be inlined.

/// a << b; 0 once all bits have gone, and for negative b.
template <class D, class V>
HWY_INLINE V LeftShift(D d, V a, V b) {
  using T = hn::TFromD<D>;
  if constexpr (sizeof(T) == 1) {
    // A negative b stays beyond the 16 bits.
    return ByWideLanes<T>(a, b, [](auto x, auto y) HWY_ATTR { return LeftShift(Tag<Wide<T>>(), x, y); });
  } else {
    using U = Unsigned<T>;
    const Tag<U> du;
    const auto count = As<U>(b), most = hn::Set(du, U(8 * sizeof(T) - 1));
    const auto shifted = As<U>(a) << hn::Min(count, most);
    return hn::BitCast(d, hn::IfThenZeroElse(most < count, shifted));
  }
}

/// a >> b, the sign kept; beyond the width, and for negative b, only the sign is left.
template <class D, class V>
HWY_INLINE V RightShift(D d, V a, V b) {
  using T = hn::TFromD<D>;
  if constexpr (sizeof(T) == 1) {
    return ByWideLanes<T>(a, b, [](auto x, auto y) HWY_ATTR { return RightShift(Tag<Wide<T>>(), x, y); });
  } else {
    using U = Unsigned<T>;
    const Tag<U> du;
    const auto count = As<U>(b), most = hn::Set(du, U(8 * sizeof(T) - 1));
    if constexpr (hwy::IsSigned<T>()) return a >> hn::BitCast(d, hn::Min(count, most));
    if constexpr (!hwy::IsSigned<T>()) return hn::IfThenZeroElse(most < count, a >> hn::Min(count, most));
  }
}

/// a to the power of b, which is not negative, modulo 2^bits: repeated squaring, as far as the largest b needs.
template <class D, class V>
HWY_INLINE V IntegerPower(D d, V a, V b) {
  using T = hn::TFromD<D>;
  using U = Unsigned<T>;
  const Tag<U> du;
  const auto zero = hn::Zero(du), one = hn::Set(du, U(1));
  V result = hn::Set(d, T(1));
  auto e = As<U>(b);
  while (!hn::AllTrue(du, hn::Eq(e, zero))) {
    const auto odd = hn::RebindMask(d, hn::Ne(hn::And(e, one), zero));
    result = hn::IfThenElse(odd, Times(d, result, a), result);
    a = Times(d, a, a);
    e = hn::ShiftRight<1>(e);
  }
  return result;
}

/// The power of the op table.
template <class D, class V>
HWY_INLINE V Power(D d, V a, V b) {
  if constexpr (hwy::IsFloat<hn::TFromD<D>>()) return Pow(d, a, b);
  if constexpr (!hwy::IsFloat<hn::TFromD<D>>()) return IntegerPower(d, a, b);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_INTEGERS_INL
