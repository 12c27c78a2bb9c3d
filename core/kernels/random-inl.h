// The random laws on vectors: ARS-7, uniform, exponential and normal draws. What they must give is said in random.h.
#if defined(LZ_RANDOM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_RANDOM_INL
#undef LZ_RANDOM_INL
#else
#define LZ_RANDOM_INL
#endif

#include <type_traits>

#include "core/kernels/random.h"
#include "core/kernels/simd-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

// VAES works on whole vectors. Without it Highway's AESRound takes a wide vector apart and puts it together again in
// every round, so there the rounds run on 128-bit vectors and only their result is put together.
#if HWY_TARGET == HWY_AVX3_DL
using AesTag = Tag<uint8_t>;
#else
using AesTag = hn::FixedTag<uint8_t, 16>;
#endif
using AesVector = hn::Vec<AesTag>;

/// The block cipher with its round keys.
class Ars7 {
 public:
  explicit HWY_INLINE Ars7(const uint64_t key[2]) {
    const hn::Repartition<uint64_t, AesTag> d64;
    const AesTag d8;
    const auto weyl = hn::LoadDup128(d64, kArsWeyl);
    alignas(16) const uint64_t aligned_key[2] = {key[0], key[1]};
    auto k = hn::LoadDup128(d64, aligned_key);
    k0_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k1_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k2_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k3_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k4_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k5_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k6_ = hn::BitCast(d8, k), k = hn::Add(k, weyl);
    k7_ = hn::BitCast(d8, k);
  }

  /// The words of the blocks whose counters the vector holds.
  HWY_INLINE Vector<uint64_t> operator()(Vector<uint64_t> counters) const {
    return hn::BitCast(Tag<uint64_t>(), Encrypt(Tag<uint8_t>(), hn::BitCast(Tag<uint8_t>(), counters)));
  }

 private:
  template <class D>
  HWY_INLINE hn::Vec<D> Encrypt(D d, hn::Vec<D> v) const {
    if constexpr (hn::MaxLanes(D()) == hn::MaxLanes(AesTag())) {
      v = hn::AESRound(hn::Xor(v, k0_), k1_);
      v = hn::AESRound(v, k2_);
      v = hn::AESRound(v, k3_);
      v = hn::AESRound(v, k4_);
      v = hn::AESRound(v, k5_);
      v = hn::AESRound(v, k6_);
      return hn::AESLastRound(v, k7_);
    } else {
      const hn::Half<D> half;
      return hn::Combine(d, Encrypt(half, hn::UpperHalf(half, v)), Encrypt(half, hn::LowerHalf(half, v)));
    }
  }

  AesVector k0_, k1_, k2_, k3_, k4_, k5_, k6_, k7_;
};

using U64 = Vector<uint64_t>;
using U32 = Vector<uint32_t>;
using F64 = Vector<double>;
using F32 = Vector<float>;

inline constexpr int kBlocksPerVector = kLanes<uint64_t> / 2;

/// The polynomial whose coefficients are given from the highest power down. (Groups are independent, so that throughput
/// and not the chain's latency limits the laws: splitting it into two chains costs 5 %, measured.)
template <class V, class T, int n>
HWY_INLINE V Horner(V x, const T (&c)[n]) {
  const Tag<T> d;
  V y = hn::Set(d, c[0]);
  for (int i = 1; i < n; ++i) y = hn::MulAdd(y, x, hn::Set(d, c[i]));
  return y;
}

// The polynomials are near-minimax fits (Chebyshev interpolation in 200 bits, mpmath.chebyfit, then rounded) of
//   log:  (2 atanh(sqrt z) / sqrt z - 2) / z   on z in [0, 0.02944] (that is, s^2 for m in [sqrt(1/2), sqrt(2)])
//   sin:  sin(pi/2 sqrt z) / sqrt z            on z in [0, 1/4]
//   cos:  (cos(pi/2 sqrt z) - 1) / z           on z in [0, 1/4]
inline constexpr double kLog64[] = {0x1.2b5900de53b32p-3, 0x1.39fe51a7c18f9p-3, 0x1.7462b51cb66b1p-3,
                                    0x1.c71c62e3f11e6p-3, 0x1.2492492df281ap-2, 0x1.99999999952d7p-2,
                                    0x1.5555555555558p-1};
inline constexpr double kSin64[] = {0x1.e3f38399551bfp-25, -0x1.e30071afc3e59p-19, 0x1.50782fda12d96p-13,
                                    -0x1.32d2cce2e5b19p-8, 0x1.466bc677587f8p-4,   -0x1.4abbce625be41p-1,
                                    0x1.921fb54442d18p+0};
inline constexpr double kCos64[] = {-0x1.b2f3eb054afcdp-28, 0x1.f9ce245cada0bp-22, -0x1.a6d1eef479be1p-16,
                                    0x1.e1f5068688d5bp-11,  -0x1.55d3c7e3cb241p-6, 0x1.03c1f081b5ac0p-2,
                                    -0x1.3bd3cc9be45dep+0};
inline constexpr float kLog32[] = {0x1.2ee656p-2f, 0x1.997c2ep-2f, 0x1.55555cp-1f};
inline constexpr float kSin32[] = {-0x1.2d9b4p-8f, 0x1.465ec4p-4f, -0x1.4abbbap-1f, 0x1.921fb6p+0f};
inline constexpr float kCos32[] = {0x1.db6492p-11f, -0x1.55cb98p-6f, 0x1.03c1eap-2f, -0x1.3bd3ccp+0f};

/// k log 2 - log m. For k = 0, m <= 1, so that nothing cancels near u = 1; for k >= 1 the result is at least log(2)/2.
template <class V, class T, int n>
HWY_INLINE V NegLogOf(V k, V m, const T (&coefficients)[n]) {
  const Tag<T> d;
  const V one = hn::Set(d, T(1));
  const V s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const V z = hn::Mul(s, s);
  const V log_m = hn::Mul(s, hn::MulAdd(z, Horner(z, coefficients), hn::Set(d, T(2))));
  return hn::MulSub(k, hn::Set(d, T(0.693147180559945309417232)), log_m);
}

/// -log((w | 1) 2^-64).
HWY_INLINE F64 NegLog64(U64 w) {
  const Tag<uint64_t> du;
  const Tag<double> d;
  constexpr uint64_t kSqrtHalf = 0x3FE6A09E667F3BCD;
  const F64 x = hn::ConvertTo(d, hn::Or(w, hn::Set(du, 1)));  // 1 .. 2^64
  const U64 t = hn::Sub(hn::BitCast(du, x), hn::Set(du, kSqrtHalf));
  const F64 m = hn::BitCast(d, hn::Add(hn::And(t, hn::Set(du, 0x000FFFFFFFFFFFFF)), hn::Set(du, kSqrtHalf)));
  // The exponent e as the float 2^52 + e.
  const F64 e = hn::BitCast(d, hn::Or(hn::ShiftRight<52>(t), hn::Set(du, 0x4330000000000000)));
  return NegLogOf(hn::Sub(hn::Set(d, 0x1p52 + 64), e), m, kLog64);
}

/// The same in float32, from the halves of w.
HWY_INLINE F32 NegLog32(U32 high, U32 low) {
  const Tag<uint32_t> du;
  const Tag<int32_t> di;
  const Tag<float> d;
  constexpr int32_t kSqrtHalf = 0x3F3504F3;
  const F32 tail = hn::ConvertTo(d, hn::Or(low, hn::Set(du, 1)));
  const F32 x = hn::MulAdd(tail, hn::Set(d, 0x1p-32f), hn::ConvertTo(d, high));  // 2^-32 .. 2^32
  const auto t = hn::Sub(hn::BitCast(di, x), hn::Set(di, kSqrtHalf));
  const F32 m = hn::BitCast(d, hn::Add(hn::And(t, hn::Set(di, 0x007FFFFF)), hn::Set(di, kSqrtHalf)));
  const F32 e = hn::ConvertTo(d, hn::ShiftRight<23>(t));
  return NegLogOf(hn::Sub(hn::Set(d, 32.0f), e), m, kLog32);
}

/// The pair (r x, r y) from E(w0) and the quarter circle's coordinate a in (-1/2, 1/2).
template <class V, class U, class T, int n_sin, int n_cos>
HWY_INLINE void PointOf(V e, V a, U w1, const T (&sin)[n_sin], const T (&cos)[n_cos], V& x, V& y) {
  const Tag<T> d;
  const hn::RebindToUnsigned<Tag<T>> du;
  constexpr int kBits = 8 * sizeof(T);
  const V r = hn::Sqrt(hn::Add(e, e));
  const V z = hn::Mul(a, a);
  const V r_sin = hn::Mul(r, hn::Mul(a, Horner(z, sin)));
  const V r_cos = hn::Mul(r, hn::MulAdd(z, Horner(z, cos), hn::Set(d, T(1))));
  const U sign = hn::And(w1, hn::Set(du, decltype(hn::GetLane(w1))(1) << (kBits - 1)));
  const V across = hn::BitCast(d, hn::Xor(hn::BitCast(du, r_cos), sign));
  const auto exchange = hn::RebindMask(d, hn::TestBit(w1, hn::Set(du, decltype(hn::GetLane(w1))(1) << (kBits - 2))));
  x = hn::IfThenElse(exchange, r_sin, across);
  y = hn::IfThenElse(exchange, across, r_sin);
}

HWY_INLINE void NormalPair64(U64 w0, U64 w1, F64& x, F64& y) {
  const Tag<uint64_t> du;
  const Tag<double> d;
  // Bits 61..10 as the mantissa of a number in [1, 2); its last bit is set, so that a is never 0.
  const U64 one = hn::Set(du, 0x3FF0000000000001);
  const U64 mantissa = hn::OrAnd(one, hn::ShiftRight<10>(w1), hn::Set(du, 0x000FFFFFFFFFFFFF));
  const F64 a = hn::Sub(hn::BitCast(d, mantissa), hn::Set(d, 1.5));
  PointOf(NegLog64(w0), a, w1, kSin64, kCos64, x, y);
}

HWY_INLINE void NormalPair32(U32 high0, U32 low0, U32 high1, F32& x, F32& y) {
  const Tag<uint32_t> du;
  const Tag<int32_t> di;
  const Tag<float> d;
  // Bits 61..32 minus their middle, odd as above.
  const U32 shifted = hn::Xor(hn::ShiftLeft<2>(high1), hn::Set(du, 0x80000002));
  const F32 a = hn::Mul(hn::ConvertTo(d, hn::BitCast(di, shifted)), hn::Set(d, 0x1p-32f));
  PointOf(NegLog32(high0, low0), a, high1, kSin32, kCos32, x, y);
}

/// The words of the stream of a cipher with blocks of two words, one vector of consecutive blocks after the other.
template <class Cipher>
class Words64 {
 public:
  Words64(const uint64_t* key, uint64_t block) : cipher_(key) {
    const Tag<uint64_t> d;
    const U64 lane = hn::Iota(d, 0);
    const U64 counters = hn::Add(hn::ShiftRight<1>(lane), hn::Set(d, block));
    counters_ = hn::OddEven(hn::Zero(d), counters);
    step_ = hn::OddEven(hn::Zero(d), hn::Set(d, kBlocksPerVector));
  }
  template <int n>
  HWY_INLINE void Next(U64 (&w)[n]) {
    for (U64& v : w) {
      v = cipher_(counters_);
      counters_ = hn::Add(counters_, step_);
    }
  }

 private:
  Cipher cipher_;
  U64 counters_, step_;
};

/// The same for 32-bit lanes: the blocks of an even and an odd vector alternate, 128 bits by 128 bits, so that the
/// unpack instructions, which stay within 128 bits, give the elements in order.
template <class Cipher>
class Words32 {
 public:
  Words32(const uint64_t* key, uint64_t block) : cipher_(key) {
    const Tag<uint64_t> d;
    const U64 even_lane = hn::And(hn::Iota(d, 0), hn::Set(d, ~uint64_t{1}));
    counters_ = hn::OddEven(hn::Zero(d), hn::Add(even_lane, hn::Set(d, block)));
    one_ = hn::OddEven(hn::Zero(d), hn::Set(d, 1));
    step_ = hn::OddEven(hn::Zero(d), hn::Set(d, 2 * kBlocksPerVector));
  }
  /// Even and odd vectors in turn.
  template <int n>
  HWY_INLINE void Next(U64 (&w)[n]) {
    static_assert(n % 2 == 0);
    for (int i = 0; i < n; i += 2) {
      w[i] = cipher_(counters_);
      w[i + 1] = cipher_(hn::Add(counters_, one_));
      counters_ = hn::Add(counters_, step_);
    }
  }

 private:
  Cipher cipher_;
  U64 counters_, one_, step_;
};

/// The halves of as many words as there are lanes, in order, from an even and an odd vector.
HWY_INLINE void HalvesOf(const U64 (&w)[2], U32& high, U32& low) {
  const Tag<uint32_t> d;
  const U32 even = hn::BitCast(d, w[0]), odd = hn::BitCast(d, w[1]);
  const U32 first = hn::InterleaveLower(d, even, odd);   // low, low, high, high of the blocks' first words
  const U32 second = hn::InterleaveUpper(d, even, odd);  // ... of their second words
  low = hn::InterleaveLower(d, first, second);
  high = hn::InterleaveUpper(d, first, second);
}

/// floor(w / 2^11) 2^-53.
HWY_INLINE F64 UniformOf(U64 w) {
  const auto i = hn::BitCast(Tag<int64_t>(), hn::ShiftRight<11>(w));
  return hn::Mul(hn::ConvertTo(Tag<double>(), i), hn::Set(Tag<double>(), 0x1p-53));
}

// A law: Draw makes the next kGroup elements, an even number, so that every group starts with a block, from the words
// of kVectors vectors. `kBuffered`: its chain of operations is long.

struct Word64 {
  using T = uint64_t;
  static constexpr int kGroup = kLanes<uint64_t>, kVectors = 1;
  static constexpr bool kBuffered = false;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], uint64_t* out) { hn::StoreU(w[0], Tag<uint64_t>(), out); }
};

struct Random64 {
  using T = double;
  static constexpr int kGroup = kLanes<double>, kVectors = 1;
  static constexpr bool kBuffered = false;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], double* out) {
    hn::StoreU(UniformOf(w[0]), Tag<double>(), out);
  }
};

struct Exponential64 {
  using T = double;
  static constexpr int kGroup = kLanes<double>, kVectors = 1;
  static constexpr bool kBuffered = true;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], double* out) { hn::StoreU(NegLog64(w[0]), Tag<double>(), out); }
};

struct Normal64 {
  using T = double;
  static constexpr int kGroup = 2 * kLanes<double>, kVectors = 2;
  static constexpr bool kBuffered = true;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], double* out) {
    const Tag<uint64_t> du;
    const Tag<double> d;
    F64 x, y;
    NormalPair64(hn::InterleaveLower(du, w[0], w[1]), hn::InterleaveUpper(du, w[0], w[1]), x, y);
    hn::StoreU(hn::InterleaveLower(d, x, y), d, out);
    hn::StoreU(hn::InterleaveUpper(d, x, y), d, out + kLanes<double>);
  }
};

struct Random32 {
  using T = float;
  static constexpr int kGroup = kLanes<float>, kVectors = 2;
  static constexpr bool kBuffered = false;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], float* out) {
    const Tag<float> d;
    U32 high, low;
    HalvesOf(w, high, low);
    const auto i = hn::BitCast(Tag<int32_t>(), hn::ShiftRight<8>(high));
    hn::StoreU(hn::Mul(hn::ConvertTo(d, i), hn::Set(d, 0x1p-24f)), d, out);
  }
};

struct Exponential32 {
  using T = float;
  static constexpr int kGroup = kLanes<float>, kVectors = 2;
  static constexpr bool kBuffered = true;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], float* out) {
    U32 high, low;
    HalvesOf(w, high, low);
    hn::StoreU(NegLog32(high, low), Tag<float>(), out);
  }
};

struct Normal32 {
  using T = float;
  static constexpr int kGroup = 2 * kLanes<float>, kVectors = 4;
  static constexpr bool kBuffered = true;
  static HWY_INLINE void Draw(const U64 (&w)[kVectors], float* out) {
    const Tag<float> d;
    const Tag<uint32_t> du;
    const Tag<uint64_t> du64;
    const U32 a = hn::BitCast(du, w[0]), b = hn::BitCast(du, w[1]), c = hn::BitCast(du, w[2]),
              e = hn::BitCast(du, w[3]);
    // Transpose the blocks (low0, high0, low1, high1) of a, b, c, e.
    const U64 word0_ab = hn::BitCast(du64, hn::InterleaveLower(du, a, b));
    const U64 word0_ce = hn::BitCast(du64, hn::InterleaveLower(du, c, e));
    const U64 word1_ab = hn::BitCast(du64, hn::InterleaveUpper(du, a, b));
    const U64 word1_ce = hn::BitCast(du64, hn::InterleaveUpper(du, c, e));
    const U32 low0 = hn::BitCast(du, hn::InterleaveLower(du64, word0_ab, word0_ce));
    const U32 high0 = hn::BitCast(du, hn::InterleaveUpper(du64, word0_ab, word0_ce));
    const U32 high1 = hn::BitCast(du, hn::InterleaveUpper(du64, word1_ab, word1_ce));
    F32 x, y;
    NormalPair32(high0, low0, high1, x, y);
    hn::StoreU(hn::InterleaveLower(d, x, y), d, out);
    hn::StoreU(hn::InterleaveUpper(d, x, y), d, out + kLanes<float>);
  }
};

/// A stream as a pair of the classes that make its words for laws of 64-bit and of 32-bit lanes.
template <class Cipher>
struct Enciphered {
  template <class T>
  using Words = std::conditional_t<sizeof(T) == 8, Words64<Cipher>, Words32<Cipher>>;
};

/// Any range of a law's elements: whole groups straight to `out`, the first (of an odd start) and the last through a
/// buffer, so that every element comes from the same instructions.
template <class Stream, class Law>
void Fill(const uint64_t* key, uint64_t first, int64_t count, void* out) {
  using T = typename Law::T;
  constexpr int64_t kGroup = Law::kGroup, kVectors = Law::kVectors;
  typename Stream::template Words<T> words(key, first / 2);
  const auto draw = [&words](T* to) HWY_ATTR {
    U64 w[kVectors];
    words.Next(w);
    Law::Draw(w, to);
  };
  HWY_ALIGN T buffer[kGroup];
  T* to = static_cast<T*>(out);
  if (first % 2 != 0 && count > 0) {
    draw(buffer);
    const int64_t n = count < kGroup - 1 ? count : kGroup - 1;
    __builtin_memcpy(to, buffer + 1, static_cast<size_t>(n) * sizeof(T));
    to += n;
    count -= n;
  }
  if constexpr (Law::kBuffered) {
    // Cipher and law in loops of their own: in one, they make a chain so long that the processor's window holds two or
    // three groups only, a quarter slower.
    constexpr int64_t kGroups = 8;
    HWY_ALIGN uint64_t raw[kGroups * kVectors * kLanes<uint64_t>];
    const Tag<uint64_t> du;
    for (; count >= kGroups * kGroup; count -= kGroups * kGroup) {
      for (int64_t g = 0; g < kGroups; ++g) {
        U64 w[kVectors];
        words.Next(w);
        for (int64_t i = 0; i < kVectors; ++i) hn::Store(w[i], du, raw + (g * kVectors + i) * kLanes<uint64_t>);
      }
      for (int64_t g = 0; g < kGroups; ++g, to += kGroup) {
        U64 w[kVectors];
        for (int64_t i = 0; i < kVectors; ++i) w[i] = hn::Load(du, raw + (g * kVectors + i) * kLanes<uint64_t>);
        Law::Draw(w, to);
      }
    }
  }
  for (; count >= kGroup; count -= kGroup, to += kGroup) draw(to);
  if (count > 0) {
    draw(buffer);
    __builtin_memcpy(to, buffer, static_cast<size_t>(count) * sizeof(T));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_RANDOM_INL
