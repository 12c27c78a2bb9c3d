// Seeds and generator state: NumPy's SeedSequence, and the bit generator that hands out ranges of its stream.
//
// No draws are made here: a generator only says which elements of which stream (key) a draw consists of; what they are
// is core/kernels/random.h's.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "core/graph/ops.h"

namespace lazulite {

/// The key of a stream; the low word first.
struct RandomKey {
  uint64_t word[2];
};
constexpr bool operator==(const RandomKey& a, const RandomKey& b) {
  return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}
constexpr bool operator!=(const RandomKey& a, const RandomKey& b) { return !(a == b); }

/// Entropy of any size, hashed into a pool of 128 bits, and from there into as many well-mixed words as a generator
/// needs. M. E. O'Neill's algorithm ("Developing a seed_seq alternative", 2015) with NumPy's spawn keys; it gives the
/// words that numpy.random.SeedSequence(entropy, spawn_key=spawn_key) gives.
class SeedSequence {
 public:
  /// `entropy` and `spawn_key` are NumPy's integers or sequences of integers, each integer as its 32-bit words from the
  /// lowest up (0 is one word), one integer after the other: see append_words.
  explicit SeedSequence(std::vector<uint32_t> entropy, std::vector<uint32_t> spawn_key = {});

  /// 128 bits from the operating system, as for `default_rng()` without a seed.
  static SeedSequence from_os();

  /// The 32-bit words of one integer below 2^64, appended to `words`.
  static void append_words(uint64_t value, std::vector<uint32_t>& words);

  const std::vector<uint32_t>& entropy() const { return entropy_; }
  const std::vector<uint32_t>& spawn_key() const { return spawn_key_; }

  /// NumPy's generate_state(n, uint32) and generate_state(n, uint64).
  std::vector<uint32_t> generate32(size_t n) const;
  std::vector<uint64_t> generate64(size_t n) const;
  /// generate_state(2, uint64).
  RandomKey key() const;

  /// The `index`-th child: the same entropy, the spawn key with `index` at its end. (NumPy's `spawn` counts its
  /// children; here the generator does.)
  SeedSequence child(uint64_t index) const;

 private:
  std::vector<uint32_t> entropy_, spawn_key_;
  std::array<uint32_t, 4> pool_;
};

/// A bit generator's whole state, to be saved and restored.
struct BitGeneratorState {
  std::vector<uint32_t> entropy, spawn_key;
  uint64_t children;  // how many children were spawned
  RandomKey key;
  uint64_t next;  // the number of the stream's first element that is not handed out
  Stream stream = Stream::ars;
};

/// One stream of 2^64 elements, handed out in ranges. Every function may be called from several threads.
class BitGenerator {
 public:
  /// `stream`: one that has a key of 128 bits, ars or philox.
  explicit BitGenerator(const SeedSequence& seed, Stream stream = Stream::ars);
  /// Takes the state as it is; the key need not be the one that the seed gives.
  explicit BitGenerator(const BitGeneratorState& state);

  RandomKey key() const;
  Stream stream() const;
  /// Takes the next n elements for one draw and returns the number of the first. Throws Error{overflow} when fewer are
  /// left, which takes 500 years at one a nanosecond, or an `advance` too far.
  uint64_t reserve(uint64_t n);
  /// Moves on by `delta` elements, modulo 2^64: 2^64 - n goes back by n.
  void advance(uint64_t delta);
  /// A generator of the same stream, `jumps` times 2^48 elements on. Throws Error{overflow} beyond the stream's end.
  std::unique_ptr<BitGenerator> jumped(uint64_t jumps) const;
  /// The next n children, whose streams are independent of this one's and of each other's.
  std::vector<std::unique_ptr<BitGenerator>> spawn(size_t n);

  BitGeneratorState state() const;
  void restore(const BitGeneratorState& state);

 private:
  mutable std::mutex mutex_;
  BitGeneratorState state_;
};

}  // namespace lazulite
