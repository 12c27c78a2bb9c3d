// Philox (Salmon, Moraes, Dror and Shaw, SC 2011) on vectors: 4x32-10 as a stream of ours, 4x64-10 as NumPy's.
#if defined(LZ_PHILOX_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_PHILOX_INL
#undef LZ_PHILOX_INL
#else
#define LZ_PHILOX_INL
#endif

#include "core/kernels/random-inl.h"
#include "core/kernels/wide-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Philox4x32-10 on counters of 128 bits whose high half is 0: its place is the key's second word, so that streams
/// differ in 128 bits and not in the cipher's 64.
class Philox4x32 {
 public:
  explicit HWY_INLINE Philox4x32(const uint64_t* key) {
    const Tag<uint32_t> d32;
    stream_ = Halves(0, key[1]);
    multipliers_ = hn::BitCast(d32, Halves(0xD2511F53, 0xCD9E8D57));
    uint32_t low = static_cast<uint32_t>(key[0]), high = static_cast<uint32_t>(key[0] >> 32);
    for (U64& k : keys_) {
      k = Halves(low, high);
      low += 0x9E3779B9, high += 0xBB67AE85;
    }
  }

  /// The words of the blocks whose counters the vector holds.
  HWY_INLINE U64 operator()(U64 counters) const {
    U64 x = hn::Or(counters, stream_);
    for (const U64 key : keys_) x = Round(x, key);
    return x;
  }

 private:
  static HWY_INLINE U64 Halves(uint64_t even, uint64_t odd) {
    const Tag<uint64_t> d;
    return hn::OddEven(hn::Set(d, odd), hn::Set(d, even));
  }
  /// A block is c0 + 2^32 c1 in an even lane, c2 + 2^32 c3 in the odd one. The products of c0 and c2 come in reverse:
  /// high part of the other's, low part of the other's.
  HWY_INLINE U64 Round(U64 x, U64 key) const {
    const Tag<uint64_t> d;
    const Tag<uint32_t> d32;
    const U32 products = hn::BitCast(d32, hn::MulEven(hn::BitCast(d32, x), multipliers_));
    return hn::Xor(hn::BitCast(d, hn::Shuffle0123(products)), hn::Xor(hn::ShiftRight<32>(x), key));
  }

  U64 stream_, keys_[10];
  U32 multipliers_;
};

/// The words of numpy.random.Philox: Philox4x64-10, four words of a block in order. The key's words are the cipher's
/// two, then the counter of 256 bits that NumPy's state shows before the first draw: word 0 is of the counter after it.
class NumPyPhilox {
 public:
  static constexpr int kWords = 4 * kLanes<uint64_t>;  // of one vector of blocks

  /// From the block of word `first` on; Skip() of its words come before it.
  NumPyPhilox(const uint64_t* key, uint64_t first) : key_(key), block_(first / 4) {}
  static int Skip(uint64_t first) { return static_cast<int>(first % 4); }

  /// The next kWords words.
  void Next(uint64_t* to) {
    const Tag<uint64_t> d;
    // The counter: its base plus one plus the block's number, with every carry.
    const uint64_t* base = key_ + 2;
    U64 c[4] = {hn::Add(hn::Set(d, base[0] + block_), hn::Iota(d, 1))};
    block_ += kLanes<uint64_t>;
    auto carry = Carry(c[0], base[0]);
    for (int i = 1; i < 4; ++i) {
      c[i] = hn::Add(hn::Set(d, base[i]), hn::IfThenElseZero(carry, hn::Set(d, 1)));
      carry = hn::And(carry, hn::Eq(c[i], hn::Zero(d)));
    }
    uint64_t k0 = key_[0], k1 = key_[1];
    for (int round = 0; round < 10; ++round, k0 += kArsWeyl[0], k1 += kArsWeyl[1]) {
      U64 high0, low0, high1, low1;
      MulWide(c[0], hn::Set(d, 0xD2E7470EE14C6C93), high0, low0);
      MulWide(c[2], hn::Set(d, 0xCA5A826395121157), high1, low1);
      c[0] = hn::Xor(hn::Xor(high1, c[1]), hn::Set(d, k0));
      c[1] = low1;
      c[2] = hn::Xor(hn::Xor(high0, c[3]), hn::Set(d, k1));
      c[3] = low0;
    }
    hn::StoreInterleaved4(c[0], c[1], c[2], c[3], d, to);
  }

 private:
  /// Lanes where base + n + 1 has wrapped. (n + 1 is below 2^63, and not 0.)
  static HWY_INLINE hn::Mask<Tag<uint64_t>> Carry(U64 sum, uint64_t base) {
    return sum < hn::Max(hn::Set(Tag<uint64_t>(), base), hn::Set(Tag<uint64_t>(), 1));
  }

  const uint64_t* key_;
  uint64_t block_;
};

/// numpy.random.Generator(Philox).random(dtype=float32): 24 bits of each half of a word, the low half first. `first`
/// and `count` are of halves.
inline void FillNumPyRandom32(const uint64_t* key, uint64_t first, int64_t count, void* out) {
  NumPyPhilox words(key, first / 2);
  HWY_ALIGN uint64_t buffer[NumPyPhilox::kWords];
  int64_t at = 2 * NumPyPhilox::Skip(first / 2) + static_cast<int64_t>(first % 2);
  for (float* to = static_cast<float*>(out); count > 0; at = 0) {
    words.Next(buffer);
    for (; at < 2 * NumPyPhilox::kWords && count > 0; ++at, --count)
      *to++ = static_cast<float>(static_cast<uint32_t>(buffer[at / 2] >> (32 * (at % 2))) >> 8) * 0x1p-24f;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_PHILOX_INL
