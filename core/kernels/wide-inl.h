// Products of 64-bit integers with all their bits, on vectors.
#if defined(LZ_WIDE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_WIDE_INL
#undef LZ_WIDE_INL
#else
#define LZ_WIDE_INL
#endif

#include "core/kernels/simd-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The high and the low half of a product of 64-bit integers.
template <class V>
HWY_INLINE void MulWide(V a, V b, V& high, V& low) {
  const hn::DFromV<V> d;
  const hn::Repartition<uint32_t, hn::DFromV<V>> half;
  const auto times = [&half](V x, V y) HWY_ATTR { return hn::MulEven(hn::BitCast(half, x), hn::BitCast(half, y)); };
  const V mask = hn::Set(d, 0xFFFFFFFF), a_high = hn::ShiftRight<32>(a), b_high = hn::ShiftRight<32>(b);
  const V bottom = times(a, b), cross = times(a_high, b);
  const V middle = hn::Add(times(a, b_high), hn::Add(hn::And(cross, mask), hn::ShiftRight<32>(bottom)));
  low = hn::Or(hn::ShiftLeft<32>(middle), hn::And(bottom, mask));
  high = hn::Add(times(a_high, b_high), hn::Add(hn::ShiftRight<32>(cross), hn::ShiftRight<32>(middle)));
}

/// The same where all lanes of b are below 2^32: with half the multiplications.
template <class V>
HWY_INLINE void MulNarrow(V a, V b, V& high, V& low) {
  const hn::DFromV<V> d;
  const hn::Repartition<uint32_t, hn::DFromV<V>> half;
  const auto times = [&half](V x, V y) HWY_ATTR { return hn::MulEven(hn::BitCast(half, x), hn::BitCast(half, y)); };
  const V bottom = times(a, b), top = hn::Add(times(hn::ShiftRight<32>(a), b), hn::ShiftRight<32>(bottom));
  low = hn::Or(hn::ShiftLeft<32>(top), hn::And(bottom, hn::Set(d, 0xFFFFFFFF)));
  high = hn::ShiftRight<32>(top);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_WIDE_INL
