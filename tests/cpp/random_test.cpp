// The random streams: published vectors, a scalar reference, every chunking, agreement of targets, and statistics.
#include "core/kernels/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "tests/cpp/ars_reference.h"
#include "tests/cpp/random_targets.h"

namespace lazulite {
namespace {

using Words = std::array<uint64_t, 2>;

template <class T>
std::vector<T> draw(const Named& target, Law law, const Words& key, uint64_t first, int64_t count) {
  std::vector<T> out(static_cast<size_t>(count));
  target.table->fill[0][static_cast<int>(law)][sizeof(T) == 8](key.data(), first, count, out.data());
  return out;
}

constexpr Law kAllLaws[] = {Law::random, Law::standard_normal, Law::standard_exponential};

/// Calls f(target, law, T{}) for every combination.
template <class F>
void for_all(F&& f) {
  for (const Named& target : targets()) {
    for (const Law law : kAllLaws) {
      SCOPED_TRACE(target.name + ", law " + std::to_string(static_cast<int>(law)));
      f(target, law, float{});
      f(target, law, double{});
    }
  }
}

/// From the tables of 32-bit words that Random123 publishes with its tests (kat_vectors, old_kat_vectors).
struct KnownAnswer {
  int rounds;
  uint32_t counter[4], key[4], answer[4];
};
constexpr KnownAnswer kKnownAnswers[] = {
    {10, {0, 0, 0, 0}, {0, 0, 0, 0}, {0x8d73ee19, 0x506401ef, 0x13c2dbe4, 0x0cbe9c0d}},
    {10,
     {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89},
     {0xa516e7d6, 0x8357ad74, 0x5b59b3ec, 0x8763fff3}},
    {10,
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff, 0, 0},
     {0xbb3743b1, 0x9f635551, 0xecbc87fc, 0xa19478a9}},
    {7, {1, 0, 0, 0}, {1, 0, 0, 0}, {0x3523162b, 0xdc14d20c, 0x79184077, 0x72184193}},
    {7, {0x100, 0, 0, 0}, {1, 0, 0, 0}, {0x6fb6e62d, 0x68b661a4, 0x6f1280f3, 0x22cdb932}},
    {7, {0xff000000, 0, 0, 0}, {1, 0, 0, 0}, {0x81fc8a91, 0x7bff9086, 0x03393910, 0xe8c2f256}},
    {7, {0, 1, 0, 0}, {1, 0, 0, 0}, {0xf928af71, 0x52594c2a, 0xe41e8545, 0xf10cae23}},
    {7, {0, 0x01000000, 0, 0}, {1, 0, 0, 0}, {0xc6e27fb8, 0x5dd75c62, 0x84f2a444, 0x11fd91a4}},
    {7, {0, 0, 0x80, 0}, {1, 0, 0, 0}, {0x4c4e8cee, 0x26c911ed, 0x82c9c419, 0x7e922f32}},
    {7, {0, 0, 0, 0x80000000}, {1, 0, 0, 0}, {0xa2154453, 0xe90a0384, 0x0e3816c0, 0xbdb8b8e0}},
    {7,
     {0x886a3f24, 0xd308a385, 0x2e8a1913, 0x44737003},
     {1, 0, 0, 0},
     {0xbb4006c7, 0x33dbc0db, 0x1ea0a1c9, 0x7f9541e3}},
    {7, {1, 0, 0, 0}, {0x00ff0000, 0, 0, 0}, {0x5699ef44, 0x00d103a4, 0xc3eaac9b, 0x45008c49}},
    {7, {1, 0, 0, 0}, {0, 0x10000, 0, 0}, {0xcc555e0c, 0x96812f76, 0xc34b8b18, 0x0ab1336f}},
    {7, {1, 0, 0, 0}, {0, 0, 0xff000000, 0}, {0xe594998f, 0xb5d5bcd5, 0x7998a540, 0x6d4720f9}},
    {7, {1, 0, 0, 0}, {0, 0, 0, 0x80000000}, {0x26789d39, 0x0b35b558, 0xd134c70a, 0x05f21058}},
};

Words pack(const uint32_t (&w)[4]) { return {w[0] | uint64_t{w[1]} << 32, w[2] | uint64_t{w[3]} << 32}; }

TEST(Random, ReferenceGivesThePublishedVectors) {
  for (const KnownAnswer& known : kKnownAnswers) {
    EXPECT_EQ(ars(known.rounds, pack(known.counter), pack(known.key)), pack(known.answer));
  }
}

TEST(Random, EveryTargetGivesThePublishedVectors) {
  for (const Named& target : targets()) {
    int checked = 0;
    for (const KnownAnswer& known : kKnownAnswers) {
      const Words counter = pack(known.counter), answer = pack(known.answer);
      if (known.rounds != 7 || counter[1] != 0) continue;  // streams leave the counter's high half 0
      const auto got = draw<double>(target, Law::random, pack(known.key), 2 * counter[0], 2);
      for (size_t i = 0; i < 2; ++i) EXPECT_EQ(got[i], double(answer[i] >> 11) * 0x1p-53) << target.name;
      ++checked;
    }
    EXPECT_EQ(checked, 9);
  }
}

constexpr Words kKeys[] = {{0, 0}, {~0ull, ~0ull}, {0x9f1e2e6dcd540ab7, 0xd57873dc79fb94b6}};
constexpr uint64_t kStarts[] = {0, 7, 0xffffffff0, (uint64_t{1} << 63) - 9, ~0ull - 999};

uint64_t word(const Words& key, uint64_t i) { return ars(7, {i / 2, 0}, key)[i % 2]; }

/// |got - want| in units of the last place of `want` in T.
template <class T>
double ulps(T got, long double want) {
  int exponent;
  std::frexp(static_cast<T>(want), &exponent);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - want) /
                             std::ldexp(1.0L, exponent - (sizeof(T) == 8 ? 53 : 24)));
}

/// E(w) of random.h, with u rounded as T's law rounds it.
template <class T>
long double exponential(uint64_t w) {
  const long double x = sizeof(T) == 8 ? static_cast<long double>(static_cast<double>(w | 1))
                                       : static_cast<long double>(std::fma(static_cast<float>(uint32_t(w) | 1),
                                                                           0x1p-32f, static_cast<float>(w >> 32))) *
                                             0x1p32L;
  return x > 0x1p63L ? -std::log1p((x - 0x1p64L) * 0x1p-64L) : 64 * std::log(2.0L) - std::log(x);
}

/// The normal pair of random.h, with the angle rounded as T's law rounds it.
template <class T>
std::array<long double, 2> normal_pair(uint64_t w0, uint64_t w1) {
  const uint64_t quarter = w1 & ((uint64_t{1} << 62) - 1);
  const long double a =
      sizeof(T) == 8
          ? static_cast<long double>((quarter >> 10) | 1) * 0x1p-52L - 0.5L
          : static_cast<long double>(static_cast<float>(static_cast<int32_t>(uint32_t(w1 >> 32) << 2 ^ 0x80000002))) *
                0x1p-32L;
  const long double r = std::sqrt(2 * exponential<T>(w0)), turn = a * std::acos(0.0L);
  const long double x = w1 >> 63 ? -r * std::cos(turn) : r * std::cos(turn), y = r * std::sin(turn);
  if (w1 >> 62 & 1) return {y, x};
  return {x, y};
}

template <class T>
void compare_with_reference(const Named& target) {
  for (const Words& key : kKeys) {
    for (const uint64_t first : kStarts) {
      const int64_t n = 400;
      const auto u = draw<T>(target, Law::random, key, first, n);
      const auto e = draw<T>(target, Law::standard_exponential, key, first, n);
      const auto z = draw<T>(target, Law::standard_normal, key, first, n);
      for (size_t i = 0; i < u.size(); ++i) {
        const uint64_t at = first + i, w = word(key, at);
        const T uniform =
            sizeof(T) == 8 ? static_cast<T>(double(w >> 11) * 0x1p-53) : static_cast<T>(w >> 40) * T(0x1p-24);
        ASSERT_EQ(u[i], uniform) << target.name << " element " << at;
        ASSERT_LE(ulps(e[i], exponential<T>(w)), 3) << target.name << " element " << at;
        const auto pair = normal_pair<T>(word(key, at & ~uint64_t{1}), word(key, at | 1));
        ASSERT_LE(ulps(z[i], pair[at % 2]), 4) << target.name << " element " << at;
      }
    }
  }
}

TEST(Random, EveryTargetAgreesWithTheReference) {
  for (const Named& target : targets()) {
    compare_with_reference<double>(target);
    compare_with_reference<float>(target);
  }
}

TEST(Random, FirstValuesNeverChange) {
  // Whatever else changes, a seed's draws do not. (default_rng(42)'s stream.)
  const Words key = {0x9f1e2e6dcd540ab7, 0xd57873dc79fb94b6};
  for (const Named& target : targets()) {
    if (!target.has_fma) continue;
    EXPECT_EQ(draw<double>(target, Law::random, key, 0, 3),
              (std::vector<double>{0x1.4def07389bb58p-2, 0x1.3df16593498fcp-2, 0x1.9aa6e5e69d194p-2}))
        << target.name;
    EXPECT_EQ(draw<double>(target, Law::standard_normal, key, 0, 3),
              (std::vector<double>{-0x1.2e3b09e2b8d1ap-1, 0x1.602f53a382421p+0, -0x1.0ae8de2409a6p+0}))
        << target.name;
    EXPECT_EQ(draw<double>(target, Law::standard_exponential, key, 0, 3),
              (std::vector<double>{0x1.1edb027ecb27ap+0, 0x1.2b6ae4d90b093p+0, 0x1.d3d3de2610bd4p-1}))
        << target.name;
  }
}

TEST(Random, AnElementDoesNotDependOnTheRangeDrawn) {
  for_all([](const Named& target, Law law, auto zero) {
    using T = decltype(zero);
    const auto fill = target.table->fill[0][static_cast<int>(law)][sizeof(T) == 8];
    const Words key = {3, 4};
    const auto all = draw<T>(target, law, key, 0, 430);
    std::vector<T> out(303);
    for (uint64_t first = 0; first <= 130; ++first) {
      // Every count for the first starts; for the others, which start at other blocks only, every fifth.
      const int step = first < 34 ? 1 : 5;
      for (auto count = static_cast<int64_t>(first) % step; count <= 300; count += step) {
        const auto n = static_cast<size_t>(count);
        out[n + 1] = T(-77);
        fill(key.data(), first, count, out.data() + 1);  // aligned to T only
        ASSERT_EQ(std::memcmp(out.data() + 1, all.data() + first, n * sizeof(T)), 0) << first << " " << count;
        ASSERT_EQ(out[n + 1], T(-77)) << "wrote past the end: " << first << " " << count;
      }
    }
  });
}

TEST(Random, TargetsWithFmaGiveTheSameBits) {
  const Named* reference = nullptr;
  for (const Named& target : targets()) {
    if (target.has_fma) reference = &target;
  }
  if (reference == nullptr) GTEST_SKIP() << "this CPU has no FMA";
  for_all([&](const Named& target, Law law, auto zero) {
    using T = decltype(zero);
    const auto want = draw<T>(*reference, law, kKeys[2], 12345, 100000);
    const auto got = draw<T>(target, law, kKeys[2], 12345, 100000);
    if (target.has_fma || law == Law::random) {
      EXPECT_EQ(std::memcmp(want.data(), got.data(), want.size() * sizeof(T)), 0);
    } else {
      for (size_t i = 0; i < want.size(); ++i) ASSERT_LE(ulps(got[i], want[i]), 8) << i;
    }
  });
}

TEST(Random, Float32IsTheFloat64DrawRounded) {
  const Named& target = targets().back();
  const auto u32 = draw<float>(target, Law::random, kKeys[2], 1, 100000);
  const auto u64 = draw<double>(target, Law::random, kKeys[2], 1, 100000);
  const auto z32 = draw<float>(target, Law::standard_normal, kKeys[2], 1, 100000);
  const auto z64 = draw<double>(target, Law::standard_normal, kKeys[2], 1, 100000);
  for (size_t i = 0; i < u32.size(); ++i) {
    ASSERT_EQ(u32[i], std::floor(u64[i] * 0x1p24) * 0x1p-24);
    // u is rounded to 24 bits, which for the shortest radii is much.
    ASSERT_NEAR(z32[i], z64[i], 1e-3);
  }
}

/// The law's distribution function, and the first, second and fourth moments about `centre` with the variances of the
/// powers that they are means of.
struct LawFacts {
  double centre, moment[3], variance[3];
  double (*cdf)(double);
};
LawFacts facts(Law law) {
  switch (law) {
    case Law::random:
      return {0.5, {0, 1.0 / 12, 1.0 / 80}, {1.0 / 12, 1.0 / 180, 1.0 / 2304 - 1.0 / 6400}, [](double x) { return x; }};
    case Law::standard_normal:
      return {0, {0, 1, 3}, {1, 2, 96}, [](double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }};
    default:
      return {0, {1, 2, 24}, {1, 20, 39744}, [](double x) { return -std::expm1(-x); }};
  }
}

template <class T>
void check_statistics(Law law) {
  const Named& target = targets().back();
  constexpr int64_t n = 1000000;
  auto x = draw<T>(target, law, {2026, 1}, 0, n);
  const LawFacts law_facts = facts(law);

  double sum[3] = {}, lag[2] = {};
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_TRUE(std::isfinite(x[i]));
    const double d = x[i] - law_facts.centre, d2 = d * d;
    sum[0] += d, sum[1] += d2, sum[2] += d2 * d2;
    for (const size_t k : {size_t{1}, size_t{2}})
      lag[k - 1] += i >= k ? (d - law_facts.moment[0]) * (x[i - k] - law_facts.centre - law_facts.moment[0]) : 0;
  }
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(sum[k] / n, law_facts.moment[k], 5 * std::sqrt(law_facts.variance[k] / n)) << "moment " << k;
  }
  // Neighbours (of the same block, and of the next) are uncorrelated.
  for (const double c : lag) EXPECT_NEAR(c / n, 0, 5 * law_facts.variance[0] / std::sqrt(n));

  std::sort(x.begin(), x.end());
  EXPECT_GE(x.front(), law == Law::standard_normal ? T(-9.5) : T(0));
  EXPECT_LT(x.back(), law == Law::random ? T(1) : law == Law::standard_normal ? T(9.5) : T(44.5));
  double distance = 0;  // Kolmogorov's and Smirnov's
  for (size_t i = 0; i < x.size(); ++i) {
    const double p = law_facts.cdf(x[i]), below = double(i) / n, above = double(i + 1) / n;
    distance = std::max({distance, std::fabs(p - below), std::fabs(above - p)});
  }
  EXPECT_LT(distance * std::sqrt(n), 1.95);  // exceeded by one stream in a thousand
}

TEST(Random, MomentsAndDistribution) {
  for (const Law law : kAllLaws) {
    SCOPED_TRACE("law " + std::to_string(static_cast<int>(law)));
    check_statistics<double>(law);
    check_statistics<float>(law);
  }
}

}  // namespace
}  // namespace lazulite
