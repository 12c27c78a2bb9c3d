// ARS in portable scalar code, from the definition of AES (FIPS 197): the reference that the vector code must meet.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace lazulite {

using AesState = std::array<uint8_t, 16>;  // column by column, as in FIPS 197 and in memory

/// Multiplication in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
inline uint8_t aes_multiply(unsigned a, unsigned b) {
  unsigned product = 0;
  for (; b != 0; b >>= 1, a = (a << 1) ^ (a & 0x80 ? 0x11b : 0)) product ^= b & 1 ? a : 0;
  return static_cast<uint8_t>(product);
}

/// The S-box: the inverse (x^254), then an affine map over GF(2).
inline const std::array<uint8_t, 256>& aes_sbox() {
  static const std::array<uint8_t, 256> table = [] {
    std::array<uint8_t, 256> t{};
    for (unsigned x = 0; x < 256; ++x) {
      unsigned inverse = 1;
      for (int i = 0; i < 254; ++i) inverse = aes_multiply(inverse, x);
      const unsigned twice = inverse << 8 | inverse;
      const unsigned rotated = (twice >> 4) ^ (twice >> 5) ^ (twice >> 6) ^ (twice >> 7) ^ inverse;
      t[x] = static_cast<uint8_t>(rotated ^ 0x63);
    }
    return t;
  }();
  return table;
}

inline AesState aes_round(const AesState& in, const AesState& key, bool last) {
  AesState s{}, out{};
  for (unsigned c = 0; c < 4; ++c) {
    for (unsigned r = 0; r < 4; ++r) s[4 * c + r] = aes_sbox()[in[4 * ((c + r) % 4) + r]];
  }
  for (unsigned c = 0; c < 4; ++c) {
    for (unsigned r = 0; r < 4; ++r) {
      const auto at = [&](unsigned k) { return s[4 * c + (r + k) % 4]; };
      const unsigned mixed = last ? at(0) : aes_multiply(at(0), 2) ^ aes_multiply(at(1), 3) ^ at(2) ^ at(3);
      out[4 * c + r] = static_cast<uint8_t>(mixed ^ key[4 * c + r]);
    }
  }
  return out;
}

/// ARS with any number of rounds; counter, key and result are two little-endian words, the low one first.
inline std::array<uint64_t, 2> ars(int rounds, std::array<uint64_t, 2> counter, std::array<uint64_t, 2> key) {
  AesState state, round_key;
  counter[0] ^= key[0];
  counter[1] ^= key[1];
  std::memcpy(state.data(), counter.data(), 16);
  for (int r = 1; r <= rounds; ++r) {
    key[0] += 0x9E3779B97F4A7C15;
    key[1] += 0xBB67AE8584CAA73B;
    std::memcpy(round_key.data(), key.data(), 16);
    state = aes_round(state, round_key, r == rounds);
  }
  std::memcpy(counter.data(), state.data(), 16);
  return counter;
}

}  // namespace lazulite
