// The streams beside ARS-7: Philox's published vectors, every chunking, and what Owen's scrambling keeps and changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "core/kernels/random.h"
#include "tests/cpp/random_targets.h"

namespace lazulite {
namespace {

/// Philox4x32-10's and Philox4x64-10's, from the tables that Random123 publishes with its tests (kat_vectors).
struct KnownPhilox {
  uint64_t counter[4], key[2], answer[4];
};
constexpr KnownPhilox kPhilox4x32[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};
constexpr KnownPhilox kPhilox4x64[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
    {{~0ull, ~0ull, ~0ull, ~0ull},
     {~0ull, ~0ull},
     {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
    {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
     {0x452821e638d01377, 0xbe5466cf34e90c6c},
     {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}},
};

std::vector<uint64_t> words(const Named& target, Stream stream, const std::vector<uint64_t>& key, uint64_t first,
                            int64_t count) {
  std::vector<uint64_t> out(static_cast<size_t>(count));
  target.table->fill[static_cast<int>(stream)][static_cast<int>(Law::word)][1](key.data(), first, count, out.data());
  return out;
}

TEST(RandomStreams, EveryTargetGivesPhiloxsPublishedVectors) {
  for (const Named& target : targets()) {
    for (const KnownPhilox& k : kPhilox4x32) {
      // A stream's first word is number 0 of block 0; the last block's words would be numbers 2^65 - 2 and 2^65 - 1.
      const uint64_t block = k.counter[0] | k.counter[1] << 32;
      if (block >> 63 != 0) continue;
      const std::vector<uint64_t> key = {k.key[0] | k.key[1] << 32, k.counter[2] | k.counter[3] << 32};
      EXPECT_EQ(words(target, Stream::philox, key, 2 * block, 2),
                (std::vector<uint64_t>{k.answer[0] | k.answer[1] << 32, k.answer[2] | k.answer[3] << 32}))
          << target.name;
    }
    for (const KnownPhilox& k : kPhilox4x64) {
      // NumPy enciphers the counter after the one that its state shows.
      std::vector<uint64_t> key = {k.key[0], k.key[1], k.counter[0], k.counter[1], k.counter[2], k.counter[3]};
      for (size_t i = 2; i < 6; ++i)
        if (key[i]-- != 0) break;
      EXPECT_EQ(words(target, Stream::numpy_philox, key, 0, 4), std::vector<uint64_t>(k.answer, k.answer + 4))
          << target.name;
      // From a counter a block lower, and from the middle of it.
      if (key[2] < 7) continue;
      key[2] -= 7;
      EXPECT_EQ(words(target, Stream::numpy_philox, key, 29, 3), std::vector<uint64_t>(k.answer + 1, k.answer + 4))
          << target.name;
    }
  }
}

TEST(RandomStreams, AnElementOfAnyStreamDoesNotDependOnTheRangeDrawn) {
  const std::vector<uint64_t> keys[kStreams] = {
      {3, 4}, {3, 4}, {3, 4, ~0ull, ~0ull, 5, 6}, {3, 4, 101, 12345, 1}};  // of Sobol's points four dimensions
  for (const Named& target : targets()) {
    for (int stream = 1; stream < kStreams; ++stream) {
      SCOPED_TRACE(target.name + ", stream " + std::string(name(static_cast<Stream>(stream))));
      const uint64_t* key = keys[stream].data();
      const auto check = [&](Law law, auto zero) {
        using T = decltype(zero);
        const auto fill = target.table->fill[stream][static_cast<int>(law)][sizeof(T) == 8];
        if (fill == nullptr) return;
        std::vector<T> all(430), out(303);
        fill(key, 0, 430, all.data());
        for (uint64_t first = 0; first <= 130; ++first) {
          for (auto count = static_cast<int64_t>(first) % 7; count <= 300; count += 7) {
            const auto n = static_cast<size_t>(count);
            out[n + 1] = T(77);
            fill(key, first, count, out.data() + 1);
            ASSERT_EQ(std::memcmp(out.data() + 1, all.data() + first, n * sizeof(T)), 0) << first << " " << count;
            ASSERT_EQ(out[n + 1], T(77)) << "wrote past the end: " << first << " " << count;
          }
        }
      };
      check(Law::word, uint64_t{});
      for (const Law law : {Law::random, Law::standard_normal, Law::standard_exponential}) {
        check(law, float{});
        check(law, double{});
      }
    }
  }
}

TEST(RandomStreams, SobolsPointsStayANetWhenScrambled) {
  // Of 2^k consecutive points from a multiple of 2^k on, in every dimension one lies in each interval of length 2^-k.
  constexpr uint64_t n = 256, dimensions = 1111;
  for (const Named& target : targets()) {
    for (const uint64_t scrambled : {0u, 1u}) {
      const std::vector<uint64_t> key = {5, 6, n, 3 * n, scrambled};
      const std::vector<uint64_t> points = words(target, Stream::sobol, key, 0, n * dimensions);
      for (uint64_t d = 0; d < dimensions; ++d) {
        std::vector<bool> hit(n);
        for (uint64_t i = 0; i < n; ++i) hit[points[d * n + i] >> 56] = true;
        ASSERT_EQ(std::count(hit.begin(), hit.end(), true), static_cast<int64_t>(n)) << "dimension " << d;
      }
    }
  }
}

TEST(RandomStreams, ScramblingKeepsCommonDigitsAndFlipsTheRestByChance) {
  // Over seeds, points that share k digits keep sharing them, digit k + 1 stays different, and those behind agree in
  // half of the seeds.
  constexpr uint64_t seeds = 4000, n = 64;
  const Named& target = targets().back();
  const std::vector<uint64_t> plain = words(target, Stream::sobol, {0, 0, n, 0, 0}, 0, n);
  for (const auto& [a, b] : {std::pair<size_t, size_t>{0, 1}, {2, 3}, {9, 10}, {5, 60}, {17, 18}}) {
    const int common = __builtin_clzll(plain[a] ^ plain[b]);
    std::vector<int> agree(64);
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const std::vector<uint64_t> w = words(target, Stream::sobol, {seed, 99, n, 0, 1}, 0, n);
      ASSERT_EQ(__builtin_clzll(w[a] ^ w[b]), common) << "seed " << seed;
      for (int digit = common + 1; digit < 53; ++digit)
        agree[static_cast<size_t>(digit)] += ((w[a] ^ w[b]) >> (63 - digit) & 1) != 0;
    }
    for (int digit = common + 1; digit < 53; ++digit)
      EXPECT_NEAR(agree[static_cast<size_t>(digit)] / double(seeds), 0.5, 5 * 0.5 / std::sqrt(double(seeds))) << digit;
  }
}

}  // namespace
}  // namespace lazulite
