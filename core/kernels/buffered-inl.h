// Streams whose words come in batches, one after the other, as the laws take them.
#if defined(LZ_BUFFERED_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_BUFFERED_INL
#undef LZ_BUFFERED_INL
#else
#define LZ_BUFFERED_INL
#endif

#include "core/kernels/random-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The words of a source, kept until they are taken. A source makes the next Source::kWords words at a time, from
/// Source::Skip(first) words before the first one.
template <class Source>
class Buffer {
 public:
  Buffer(const uint64_t* key, uint64_t first) : source_(key, first), at_(kMost) {
    source_.Next(words_ + kMost);
    at_ += Source::Skip(first);
  }
  /// The next n words, n at most kMost.
  const uint64_t* Take(int n) {
    if (at_ + n > kMost + Source::kWords) {
      const int left = kMost + Source::kWords - at_;
      __builtin_memcpy(words_ + kMost - left, words_ + at_, static_cast<size_t>(left) * sizeof(uint64_t));
      at_ = kMost - left;
      source_.Next(words_ + kMost);
    }
    at_ += n;
    return words_ + at_ - n;
  }

 private:
  static constexpr int kMost = 2 * kLanes<uint64_t>;
  Source source_;
  int at_;
  HWY_ALIGN uint64_t words_[kMost + Source::kWords];
};

/// As Words64 of a cipher; `pair` counts pairs of words.
template <class Source>
class BufferedWords64 {
 public:
  BufferedWords64(const uint64_t* key, uint64_t pair) : words_(key, 2 * pair) {}
  template <int n>
  HWY_INLINE void Next(U64 (&w)[n]) {
    for (U64& v : w) v = hn::LoadU(Tag<uint64_t>(), words_.Take(kLanes<uint64_t>));
  }

 private:
  Buffer<Source> words_;
};

/// As Words32 of a cipher: of two vectors the first has every other pair, the second those between them.
template <class Source>
class BufferedWords32 {
 public:
  BufferedWords32(const uint64_t* key, uint64_t pair) : words_(key, 2 * pair) {}
  template <int n>
  HWY_INLINE void Next(U64 (&w)[n]) {
    static_assert(n % 2 == 0);
    constexpr int kPair = 2 * sizeof(uint64_t);
    HWY_ALIGN uint64_t even[kLanes<uint64_t>], odd[kLanes<uint64_t>];
    for (int i = 0; i < n; i += 2) {
      const uint64_t* from = words_.Take(2 * kLanes<uint64_t>);
      for (int k = 0; k < kLanes<uint64_t>; k += 2, from += 4) {
        __builtin_memcpy(even + k, from, kPair);
        __builtin_memcpy(odd + k, from + 2, kPair);
      }
      w[i] = hn::Load(Tag<uint64_t>(), even);
      w[i + 1] = hn::Load(Tag<uint64_t>(), odd);
    }
  }

 private:
  Buffer<Source> words_;
};

/// A stream for Fill.
template <class Source>
struct Batched {
  template <class T>
  using Words = std::conditional_t<sizeof(T) == 8, BufferedWords64<Source>, BufferedWords32<Source>>;
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_BUFFERED_INL
