// Vector operations that Highway 1.0.3 lacks or defines otherwise than NumPy: products, masks to bytes and back,
// conversions. Differences between targets end here; with NEON, the generic branches serve.
#if defined(LZ_COMPAT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_COMPAT_INL
#undef LZ_COMPAT_INL
#else
#define LZ_COMPAT_INL
#endif

#include "core/kernels/simd-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

// Raw intrinsics by instruction set. (Better targets have smaller numbers in Highway.)
#define LZ_AVX3 (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL)
#define LZ_AVX2 (HWY_TARGET == HWY_AVX2)
#define LZ_SSE4 (HWY_TARGET == HWY_SSE4)

template <class T>
using Unsigned = hwy::MakeUnsigned<T>;
template <class T>
using Signed = hwy::MakeSigned<T>;
template <class T>
using Wide = hwy::MakeWide<T>;
template <class T>
using Narrow = hwy::MakeNarrow<T>;

template <class T, class V>
HWY_INLINE Vector<T> As(V v) {
  return hn::BitCast(Tag<T>(), v);
}

/// A constant in every lane, read from memory at each use: stages that need many constants would otherwise hold them
/// all in registers and spill the accumulator. Where there are 32 registers the compiler decides.
template <class T>
HWY_INLINE Vector<T> Constant(const T& value) {
  const T* p = &value;
#if HWY_MAX_BYTES < 64 && HWY_ARCH_X86
  asm volatile("" : "+r"(p));
#endif
  return hn::Set(Tag<T>(), *p);
}

// ---------------------------------------------------------------------------------------------- integer products

/// a * b modulo 2^bits.
template <class D, class V>
HWY_INLINE V Times(D d, V a, V b) {
  using T = hn::TFromD<D>;
  if constexpr (sizeof(T) == 1) {
    // Even bytes in the low halves of 16-bit products; odd bytes shifted down on one side only, so that their product
    // lands in the high byte.
    using U = uint16_t;
    const auto wa = As<U>(a), wb = As<U>(b);
    const auto even = wa * wb;
    const auto odd = hn::ShiftRight<8>(wa) * hn::AndNot(hn::Set(Tag<U>(), U{0xFF}), wb);
    return hn::BitCast(d, hn::Or(odd, hn::And(even, hn::Set(Tag<U>(), U{0xFF}))));
  } else {
    return a * b;
  }
}

/// The larger magnitude of m, which is not negative, and x; a NaN may count or not.
template <class T>
HWY_INLINE Vector<T> LargerMagnitude(Vector<T> m, Vector<T> x) {
#if LZ_AVX3
  // One instruction, and not on the multipliers' ports as a comparison is. 11: larger magnitude, sign cleared.
  if constexpr (hwy::IsSame<T, float>()) return Vector<T>{_mm512_range_ps(m.raw, x.raw, 11)};
  if constexpr (hwy::IsSame<T, double>()) return Vector<T>{_mm512_range_pd(m.raw, x.raw, 11)};
#else
  return hn::Max(m, hn::Abs(x));
#endif
}

// ---------------------------------------------------------------------------------------------- widening, narrowing

/// The lower and upper half of v's lanes, each extended to twice the width (by T's signedness; float32 to float64).
template <class T>
HWY_INLINE Vector<Wide<T>> WidenLower(Vector<T> v) {
  return hn::PromoteTo(Tag<Wide<T>>(), hn::LowerHalf(v));
}
template <class T>
HWY_INLINE Vector<Wide<T>> WidenUpper(Vector<T> v) {
  return hn::PromoteTo(Tag<Wide<T>>(), hn::UpperHalf(hn::Half<Tag<T>>(), v));
}

/// The low halves of the lanes of two vectors.
template <class T>
HWY_INLINE Vector<Narrow<T>> NarrowPair(Vector<T> lo, Vector<T> hi) {
  using N = Narrow<T>;
  return hn::ConcatEven(Tag<N>(), As<N>(hi), As<N>(lo));
}

/// f on vectors of the 16-bit lane type, where there is no 8-bit one.
template <class T, class F>
HWY_INLINE Vector<T> ByWideLanes(Vector<T> a, Vector<T> b, const F& f) {
  using W = Wide<T>;
  const auto low = f(WidenLower<T>(a), WidenLower<T>(b)), high = f(WidenUpper<T>(a), WidenUpper<T>(b));
  return As<T>(NarrowPair<Unsigned<W>>(As<Unsigned<W>>(low), As<Unsigned<W>>(high)));
}

// ---------------------------------------------------------------------------------------------- masks and bools

// A comparison of sizeof(T) vectors of T makes one vector of bool bytes. `m.template at<i>()` gives the mask of vector
// i; the recursion is depth first, so that few masks are alive at a time.
#if LZ_AVX3
template <class T, int first, int count, class Masks>
HWY_INLINE uint64_t MaskBits(const Masks& m) {
  if constexpr (count == 1) {
    return static_cast<uint64_t>(m.template at<first>().raw);
  } else {
    const uint64_t lo = MaskBits<T, first, count / 2>(m);
    const uint64_t hi = MaskBits<T, first + count / 2, count / 2>(m);
    constexpr int bits = kLanes<T> * count / 2;
    if constexpr (bits == 8) return _mm512_kunpackb(static_cast<__mmask16>(hi), static_cast<__mmask16>(lo));
    if constexpr (bits == 16) return _mm512_kunpackw(static_cast<__mmask32>(hi), static_cast<__mmask32>(lo));
    if constexpr (bits == 32) return _mm512_kunpackd(hi, lo);
  }
}
template <class T, int first, class Masks>
HWY_INLINE Reg BoolBytes(const Masks& m) {
  return _mm512_maskz_set1_epi8(MaskBits<T, first, sizeof(T)>(m), 1);
}
#else
/// Mask vectors packed by halving: signed saturation turns two 16-bit pieces of a wide mask into two 8-bit ones. On
/// AVX2 the 128-bit halves stay apart until BoolBytes.
template <class T, int first, int count, class Masks>
HWY_INLINE Reg PackedMasks(const Masks& m) {
  if constexpr (count == 1) {
    return ToReg(hn::VecFromMask(Tag<T>(), m.template at<first>()));
  } else {
    const Reg lo = PackedMasks<T, first, count / 2>(m);
    const Reg hi = PackedMasks<T, first + count / 2, count / 2>(m);
#if LZ_AVX2
    return _mm256_packs_epi16(lo, hi);
#elif LZ_SSE4
    return _mm_packs_epi16(lo, hi);
#else
    return ToReg(hn::ConcatEven(Tag<uint8_t>(), FromReg<uint8_t>(hi), FromReg<uint8_t>(lo)));
#endif
  }
}
template <class T, int first, class Masks>
HWY_INLINE Reg BoolBytes(const Masks& m) {
  Reg packed = PackedMasks<T, first, sizeof(T)>(m);
#if LZ_AVX2
  // Lane 0 holds the lower halves of all vectors, lane 1 the upper ones: interleave them by pieces of 16 / sizeof(T).
  if constexpr (sizeof(T) == 2) packed = _mm256_permute4x64_epi64(packed, _MM_SHUFFLE(3, 1, 2, 0));
  if constexpr (sizeof(T) == 4) packed = _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  if constexpr (sizeof(T) == 8) {
    packed = _mm256_permute4x64_epi64(packed, _MM_SHUFFLE(3, 1, 2, 0));
    packed = _mm256_unpacklo_epi16(packed, _mm256_bsrli_epi128(packed, 8));
  }
#endif
  return ToReg(hn::And(FromReg<uint8_t>(packed), hn::Set(Tag<uint8_t>(), uint8_t{1})));
}
#endif

/// a != b, true where either is NaN; Highway 1.0.3's operator says false there on AVX2 and AVX-512.
template <class D, class V>
HWY_INLINE hn::Mask<D> NotEqual(D, V a, V b) {
#if LZ_AVX3
  using T = hn::TFromD<D>;
  if constexpr (hwy::IsSame<T, float>()) return hn::Mask<D>{_mm512_cmp_ps_mask(a.raw, b.raw, _CMP_NEQ_UQ)};
  if constexpr (hwy::IsSame<T, double>()) return hn::Mask<D>{_mm512_cmp_pd_mask(a.raw, b.raw, _CMP_NEQ_UQ)};
  if constexpr (!hwy::IsFloat<T>()) return a != b;
#elif LZ_AVX2
  using T = hn::TFromD<D>;
  if constexpr (hwy::IsSame<T, float>()) return hn::Mask<D>{_mm256_cmp_ps(a.raw, b.raw, _CMP_NEQ_UQ)};
  if constexpr (hwy::IsSame<T, double>()) return hn::Mask<D>{_mm256_cmp_pd(a.raw, b.raw, _CMP_NEQ_UQ)};
  if constexpr (!hwy::IsFloat<T>()) return a != b;
#else
  return a != b;
#endif
}

/// The mask of T lanes whose bool bytes (0 or 1), one per lane, lie at p.
template <class T>
HWY_INLINE hn::Mask<Tag<T>> LoadMask(const std::byte* p) {
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(p);
  using U = Unsigned<T>;
  const hn::Rebind<uint8_t, Tag<U>> db;
  const auto b = hn::LoadU(db, bytes);
  Vector<U> wide;
  if constexpr (sizeof(T) == 1) wide = b;
  if constexpr (sizeof(T) == 2 || sizeof(T) == 4) wide = hn::PromoteTo(Tag<U>(), b);
  if constexpr (sizeof(T) == 8) wide = hn::PromoteTo(Tag<U>(), hn::PromoteTo(hn::Rebind<uint32_t, Tag<U>>(), b));
  return hn::RebindMask(Tag<T>(), hn::Gt(As<Signed<T>>(wide), hn::Zero(Tag<Signed<T>>())));
}

/// Masks of the sizeof(T) vectors of T that one register of bool bytes decides.
template <class T>
struct MaskSource {
#if LZ_AVX3
  uint64_t bits;
  HWY_INLINE explicit MaskSource(Reg bools) : bits(_mm512_test_epi8_mask(bools, bools)) {
    asm("" : "+r"(bits));  // clang would take the pieces of a mask through the stack
  }
  template <int j>
  HWY_INLINE hn::Mask<Tag<T>> at() const {
    using Raw = decltype(hn::Mask<Tag<T>>::raw);
    return hn::Mask<Tag<T>>{static_cast<Raw>(bits >> (j * kLanes<T>))};
  }
#else
  Reg bools;  // 0 or -1
  HWY_INLINE explicit MaskSource(Reg r) : bools(ToReg(hn::Zero(Tag<int8_t>()) - FromReg<int8_t>(r))) {}
  template <int j>
  HWY_INLINE hn::Mask<Tag<T>> at() const {
    return hn::MaskFromVec(As<T>(Piece<Signed<T>, j>()));
  }
  template <class I, int j>
  HWY_INLINE Vector<I> Piece() const {
    if constexpr (sizeof(I) == 1) {
      return FromReg<I>(bools);
    } else {
      const auto half = Piece<Narrow<I>, j / 2>();
      if constexpr (j % 2 == 0) return WidenLower<Narrow<I>>(half);
      if constexpr (j % 2 == 1) return WidenUpper<Narrow<I>>(half);
    }
  }
#endif
};

// ---------------------------------------------------------------------------------------------- conversions

inline constexpr double k2ToMinus32 = 0x1p-32, k2To32 = 0x1p32, k2To52 = 0x1p52, k1_5Times2To52 = 0x1.8p52;
inline constexpr double k2To63 = 0x1p63, kNegative2To63 = -0x1p63, k2To84 = 0x1p84;
inline constexpr double kBiasUnsigned = 0x1p84 + 0x1p52, kBiasSigned = 0x1p84 + 0x1p63 + 0x1p52;
inline constexpr uint64_t kTopBit = uint64_t{1} << 63, kLow32 = 0xFFFFFFFF, kLow11 = 0x7FF, k2To53 = uint64_t{1} << 53;

// Out of range and NaN give the most negative integer, as x86's cvtt instructions do and NumPy shows; Highway
// saturates. On other machines an explicit select does.
HWY_INLINE Vector<int32_t> TruncateToInt(Vector<float> v) {
#if LZ_AVX3
  return Vector<int32_t>{_mm512_cvttps_epi32(v.raw)};
#elif LZ_AVX2
  return Vector<int32_t>{_mm256_cvttps_epi32(v.raw)};
#elif LZ_SSE4
  return Vector<int32_t>{_mm_cvttps_epi32(v.raw)};
#else
  const Tag<float> d;
  const auto ok = hn::And(hn::Ge(v, hn::Set(d, -0x1p31f)), hn::Lt(v, hn::Set(d, 0x1p31f)));
  return hn::IfThenElse(hn::RebindMask(Tag<int32_t>(), ok), hn::ConvertTo(Tag<int32_t>(), v),
                        hn::Set(Tag<int32_t>(), INT32_MIN));
#endif
}

HWY_INLINE Vector<int64_t> TruncateToInt(Vector<double> v) {
#if LZ_AVX3
  return Vector<int64_t>{_mm512_cvttpd_epi64(v.raw)};
#else
  // Truncated, then split at 2^32 (exactly) and read from the mantissas of sums with 2^52.
  const auto t = hn::Trunc(v);
  const auto high = hn::Floor(t * Constant(k2ToMinus32));
  const auto low = t - high * Constant(k2To32);
  const auto high_bits = hn::ShiftLeft<32>(As<int64_t>(high + Constant(k1_5Times2To52)));
  const auto two52 = Constant(k2To52);
  const auto bits = hn::Or(high_bits, As<int64_t>(hn::Xor(low + two52, two52)));
  const Tag<int64_t> d;
  const auto in_range =
      hn::VecFromMask(d, hn::RebindMask(d, hn::And(Constant(kNegative2To63) <= v, v < Constant(k2To63))));
  return hn::Or(hn::And(bits, in_range), hn::ShiftLeft<63>(hn::Not(in_range)));
#endif
}

/// Two vectors of float64 to one of int32.
HWY_INLINE Vector<int32_t> TruncateToInt32(Vector<double> lo, Vector<double> hi) {
#if LZ_AVX3
  return Vector<int32_t>{
      _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvttpd_epi32(lo.raw)), _mm512_cvttpd_epi32(hi.raw), 1)};
#elif LZ_AVX2
  return Vector<int32_t>{_mm256_set_m128i(_mm256_cvttpd_epi32(hi.raw), _mm256_cvttpd_epi32(lo.raw))};
#elif LZ_SSE4
  return Vector<int32_t>{_mm_unpacklo_epi64(_mm_cvttpd_epi32(lo.raw), _mm_cvttpd_epi32(hi.raw))};
#else
  const Tag<int64_t> d;
  const auto limited = [d](Vector<int64_t> v) HWY_ATTR {
    // (Highway 1.0.3's NEON has no Le of 64-bit integers.)
    const auto beyond = hn::Or(hn::Lt(v, hn::Set(d, INT32_MIN)), hn::Gt(v, hn::Set(d, INT32_MAX)));
    return hn::IfThenElse(beyond, hn::Set(d, INT32_MIN), v);
  };
  return NarrowPair<int64_t>(limited(TruncateToInt(lo)), limited(TruncateToInt(hi)));
#endif
}

/// To the unsigned type of the same size, by NumPy's rule: values from 2^(bits-1) upwards are shifted down by it,
/// converted, and shifted back.
template <class F>
inline constexpr F kHalfRange = sizeof(F) == 4 ? F(0x1p31) : F(0x1p63);
template <class F>
HWY_INLINE Vector<Unsigned<F>> TruncateToUnsigned(Vector<F> v) {
  using U = Unsigned<F>;
  const auto half = Constant(kHalfRange<F>);
  const auto large = v >= half;
  const auto i = As<U>(TruncateToInt(v - hn::IfThenElseZero(large, half)));
  // The top bit, where large.
  const auto top = hn::ShiftLeft<8 * sizeof(U) - 1>(hn::VecFromMask(Tag<U>(), hn::RebindMask(Tag<U>(), large)));
  return hn::Xor(i, top);
}

HWY_INLINE Vector<uint32_t> TruncateToUint32(Vector<double> lo, Vector<double> hi) {
  const Tag<double> d;
  const Tag<uint64_t> du;
  const auto half = hn::Set(d, 0x1p31);
  const auto large_lo = lo >= half, large_hi = hi >= half;
  const auto i =
      As<uint32_t>(TruncateToInt32(lo - hn::IfThenElseZero(large_lo, half), hi - hn::IfThenElseZero(large_hi, half)));
  const auto top = hn::Set(du, uint64_t{0x80000000});
  return hn::Xor(i, NarrowPair<uint64_t>(hn::IfThenElseZero(hn::RebindMask(du, large_lo), top),
                                         hn::IfThenElseZero(hn::RebindMask(du, large_hi), top)));
}

HWY_INLINE Vector<float> ToFloat(Vector<int32_t> v) { return hn::ConvertTo(Tag<float>(), v); }
HWY_INLINE Vector<float> ToFloat(Vector<uint32_t> v) {
#if LZ_AVX3
  return Vector<float>{_mm512_cvtepu32_ps(v.raw)};
#else
  // 16 bits each as mantissas; the only rounding is that of the last sum.
  const Tag<float> d;
  const Tag<uint32_t> du;
  const auto high = As<float>(hn::Or(hn::ShiftRight<16>(v), As<uint32_t>(hn::Set(d, 0x1p39f))));
  const auto low = As<float>(hn::Or(hn::And(v, hn::Set(du, 0xFFFFu)), As<uint32_t>(hn::Set(d, 0x1p23f))));
  return (high - hn::Set(d, 0x1p39f + 0x1p23f)) + low;
#endif
}

/// float64 from 64-bit integers, correctly rounded: both halves become mantissas, of 2^84 and 2^52; `bias` is what that
/// (and the flipped top bit of signed integers) added. The last sum is the only one that rounds.
HWY_INLINE Vector<double> JoinHalves(Vector<uint64_t> v, const double& bias) {
  const auto high = As<double>(hn::Or(hn::ShiftRight<32>(v), As<uint64_t>(Constant(k2To84))));
  const auto low = As<double>(hn::Or(hn::And(v, Constant(kLow32)), As<uint64_t>(Constant(k2To52))));
  return (high - Constant(bias)) + low;
}
HWY_INLINE Vector<double> ToDouble(Vector<uint64_t> v) {
#if LZ_AVX3
  return Vector<double>{_mm512_cvtepu64_pd(v.raw)};
#else
  return JoinHalves(v, kBiasUnsigned);
#endif
}
HWY_INLINE Vector<double> ToDouble(Vector<int64_t> v) {
#if LZ_AVX3
  return Vector<double>{_mm512_cvtepi64_pd(v.raw)};
#else
  return JoinHalves(hn::Xor(As<uint64_t>(v), Constant(kTopBit)), kBiasSigned);  // v + 2^63, unsigned
#endif
}

/// The lower and upper half of 32-bit integers as float64.
HWY_INLINE Vector<double> ToDoubleLower(Vector<int32_t> v) { return hn::PromoteTo(Tag<double>(), hn::LowerHalf(v)); }
HWY_INLINE Vector<double> ToDoubleUpper(Vector<int32_t> v) {
  return hn::PromoteTo(Tag<double>(), hn::UpperHalf(hn::Half<Tag<int32_t>>(), v));
}

/// float64 from 64-bit integers below 2^52.
HWY_INLINE Vector<double> SmallToDouble(Vector<uint64_t> v) {
  const Tag<double> d;
  return As<double>(hn::Or(v, As<uint64_t>(hn::Set(d, 0x1p52)))) - hn::Set(d, 0x1p52);
}

/// Two vectors of float64 rounded to one of float32.
HWY_INLINE Vector<float> RoundPair(Vector<double> lo, Vector<double> hi) {
  const hn::Half<Tag<float>> dh;
  return hn::Combine(Tag<float>(), hn::DemoteTo(dh, hi), hn::DemoteTo(dh, lo));
}

/// 64-bit integers to float32, rounded once: where float64 would round first, the bits below 2^11 are folded into one
/// sticky bit there, which keeps the first rounding exact and cannot change the second.
template <class I>
HWY_INLINE Vector<double> ToDoubleSticky(Vector<I> v) {
  const auto u = As<uint64_t>(v);
  const auto low = Constant(kLow11);
  const auto sticky = hn::AndNot(low, hn::Or(u, hn::And(u, low) + low));
  // Below 2^53 in magnitude every bit fits.
  Vector<uint64_t> top;
  if constexpr (hwy::IsSigned<I>()) top = hn::ShiftRight<54>(u + Constant(k2To53));
  if constexpr (!hwy::IsSigned<I>()) top = hn::ShiftRight<53>(u);
  return ToDouble(As<I>(hn::IfThenElse(top == hn::Zero(Tag<uint64_t>()), u, sticky)));
}
template <class I>
HWY_INLINE Vector<float> ToFloatPair(Vector<I> lo, Vector<I> hi) {
#if LZ_AVX3
  __m256 l, h;
  if constexpr (hwy::IsSigned<I>()) {
    l = _mm512_cvtepi64_ps(lo.raw);
    h = _mm512_cvtepi64_ps(hi.raw);
  } else {
    l = _mm512_cvtepu64_ps(lo.raw);
    h = _mm512_cvtepu64_ps(hi.raw);
  }
  return Vector<float>{_mm512_insertf32x8(_mm512_castps256_ps512(l), h, 1)};
#else
  return RoundPair(ToDoubleSticky<I>(lo), ToDoubleSticky<I>(hi));
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_COMPAT_INL
