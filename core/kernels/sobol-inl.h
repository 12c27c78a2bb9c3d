// Points of Sobol's sequence as a stream of words, with Owen's scrambling.
#if defined(LZ_SOBOL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_SOBOL_INL
#undef LZ_SOBOL_INL
#else
#define LZ_SOBOL_INL
#endif

#include "core/graph/node.h"
#include "core/kernels/compat-inl.h"
#include "core/kernels/random-inl.h"
#include "core/kernels/sobol.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The digits of every lane in reverse: bit 0 becomes bit 63.
HWY_INLINE U64 ReverseDigits(U64 x) {
  const Tag<uint8_t> d8;
  alignas(16) static constexpr uint8_t kReversed[16] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
  alignas(16) static constexpr uint8_t kBytes[16] = {7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8};
  const auto table = hn::LoadDup128(d8, kReversed), order = hn::LoadDup128(d8, kBytes), low = hn::Set(d8, 15);
  const auto bytes = hn::TableLookupBytes(hn::BitCast(d8, x), order);
  const auto upper = hn::And(hn::BitCast(d8, hn::ShiftRight<4>(hn::BitCast(Tag<uint64_t>(), bytes))), low);
  const auto from_low = hn::BitCast(Tag<uint64_t>(), hn::TableLookupBytes(table, hn::And(bytes, low)));
  const auto from_upper = hn::BitCast(Tag<uint64_t>(), hn::TableLookupBytes(table, upper));
  return hn::Or(hn::ShiftLeft<4>(from_low), from_upper);
}

/// Owen's nested uniform scrambling ("Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995): every digit is
/// flipped or not, by chance, for each value of the digits before it. Those chances come from a hash whose steps carry
/// from the upper digits to the lower ones only (Laine and Karras, "Stratified sampling for stochastic transparency",
/// 2011; Burley, "Practical hash-based Owen scrambling", 2020): with the first digit at bit 0, additions, and x ^= x m
/// with an even m. Here the m of the first two steps are random, too, so that for any two points the flips of a digit
/// behind their common ones are independent to within some percent of a standard deviation of 10^5 seeds.
class OwenScrambling {
 public:
  /// Dimension `dimension` of the scrambling that the key gives.
  OwenScrambling(const uint64_t* key, uint64_t dimension) {
    const uint64_t own[2] = {key[0], key[1] ^ kSubstreamKey[0]};
    constexpr int n = kLanes<uint64_t> >= 4 ? 1 : 2;
    Words64<Ars7> words(own, 2 * dimension);
    U64 w[n];
    words.Next(w);
    HWY_ALIGN uint64_t drawn[n * kLanes<uint64_t>];
    for (int i = 0; i < n; ++i) hn::Store(w[i], Tag<uint64_t>(), drawn + i * kLanes<uint64_t>);
    first_ = drawn[0], second_ = drawn[1], first_factor_ = drawn[2] & ~uint64_t{1},
    second_factor_ = drawn[3] & ~uint64_t{1};
  }
  HWY_INLINE U64 operator()(U64 digits) const {
    const Tag<uint64_t> d;
    U64 x = hn::Add(digits, hn::Set(d, first_));
    x = hn::Xor(x, Times(d, x, hn::Set(d, first_factor_)));
    x = hn::Add(x, hn::Set(d, second_));
    x = hn::Xor(x, Times(d, x, hn::Set(d, second_factor_)));
    return hn::Xor(x, Times(d, x, hn::Set(d, 0x2D8A5C1F3B9E6D74)));
  }

 private:
  uint64_t first_, second_, first_factor_, second_factor_;
};

/// The points, one dimension after the other: word e is of dimension e / n and of point start + e % n, as a fraction of
/// 2^64. The key's words are two of a seed, n, start, and whether the points are scrambled. Points are numbered below
/// 2^32.
class SobolPoints {
 public:
  static constexpr int kWords = 4 * kLanes<uint64_t>;

  SobolPoints(const uint64_t* key, uint64_t first)
      : key_(key), dimension_(first / key[2]), at_(first % key[2]), scrambling_(key, dimension_) {
    Enter();
  }
  static int Skip(uint64_t) { return 0; }

  /// The next kWords words. (Beyond the last dimension: those of the last.)
  void Next(uint64_t* to) {
    HWY_ALIGN uint64_t digits[kWords];
    for (int done = 0; done < kWords;) {
      const uint64_t left = key_[2] - at_, wanted = static_cast<uint64_t>(kWords - done);
      const int count = static_cast<int>(left < wanted ? left : wanted);
      uint64_t i = key_[3] + at_;
      for (int k = 0; k < count; ++k) {
        digits[k] = digits_;
        // The Gray codes of i and i + 1 differ in the bit that is i + 1's lowest. (One past 2^32 - 1: any.)
        digits_ ^= directions_[__builtin_ctzll(++i) & 31];
      }
      Write(digits, count, to + done);
      done += count;
      at_ += static_cast<uint64_t>(count);
      if (at_ < key_[2]) continue;
      at_ = 0;
      ++dimension_;
      scrambling_ = OwenScrambling(key_, dimension_);
      Enter();
    }
  }

 private:
  /// Looks up the dimension, and the digits of the point at at_.
  void Enter() {
    const auto last = static_cast<uint64_t>(kSobolDimensions - 1);
    directions_ = sobol_directions(static_cast<int>(dimension_ < last ? dimension_ : last));
    const uint64_t i = key_[3] + at_;
    digits_ = 0;
    for (uint64_t gray = (i ^ (i >> 1)) & 0xFFFFFFFF; gray != 0; gray &= gray - 1)
      digits_ ^= directions_[__builtin_ctzll(gray)];
  }
  void Write(const uint64_t* digits, int count, uint64_t* to) const {
    const Tag<uint64_t> d;
    HWY_ALIGN uint64_t last[kLanes<uint64_t>];
    for (int k = 0; k < count; k += kLanes<uint64_t>) {
      U64 x = hn::Load(d, digits + k);
      if (key_[4] != 0) x = scrambling_(x);
      x = ReverseDigits(x);
      if (k + kLanes<uint64_t> <= count) {
        hn::StoreU(x, d, to + k);
      } else {
        hn::Store(x, d, last);
        __builtin_memcpy(to + k, last, static_cast<size_t>(count - k) * sizeof(uint64_t));
      }
    }
  }

  const uint64_t* key_;
  uint64_t dimension_, at_, digits_ = 0;
  const uint32_t* directions_ = nullptr;
  OwenScrambling scrambling_;
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_SOBOL_INL
