// The hash of NumPy's SeedSequence: M. E. O'Neill, "Developing a seed_seq alternative", 2015.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lazulite {

namespace seed_hash {

// The constants of the published algorithm.
inline constexpr uint32_t kInitA = 0x43b0d7e5, kMultA = 0x931e8875;
inline constexpr uint32_t kInitB = 0x8b51f9dd, kMultB = 0x58f38ded;
inline constexpr uint32_t kMixL = 0xca01f9dd, kMixR = 0x4973f715;

/// Hashes one word after the other, each with other constants.
class Hash {
 public:
  Hash(uint32_t init, uint32_t mult) : constant_(init), mult_(mult) {}
  uint32_t operator()(uint32_t value) {
    value ^= constant_;
    constant_ *= mult_;
    value *= constant_;
    return value ^ (value >> 16);
  }

 private:
  uint32_t constant_, mult_;
};

inline uint32_t mix(uint32_t a, uint32_t b) {
  const uint32_t value = kMixL * a - kMixR * b;
  return value ^ (value >> 16);
}

}  // namespace seed_hash

using SeedPool = std::array<uint32_t, 4>;

/// The pool of n words of entropy.
inline SeedPool seed_pool(const uint32_t* words, size_t n) {
  using namespace seed_hash;
  SeedPool pool;
  Hash hash(kInitA, kMultA);
  for (size_t i = 0; i < pool.size(); ++i) pool[i] = hash(i < n ? words[i] : 0);
  for (size_t from = 0; from < pool.size(); ++from) {
    for (size_t to = 0; to < pool.size(); ++to) {
      if (from != to) pool[to] = mix(pool[to], hash(pool[from]));
    }
  }
  for (size_t i = pool.size(); i < n; ++i) {
    for (uint32_t& p : pool) p = mix(p, hash(words[i]));
  }
  return pool;
}

/// The first n words that a pool gives.
inline void seed_words(const SeedPool& pool, uint32_t* words, size_t n) {
  using namespace seed_hash;
  Hash hash(kInitB, kMultB);
  for (size_t i = 0; i < n; ++i) words[i] = hash(pool[i % pool.size()]);
}

}  // namespace lazulite
