// SeedSequence against NumPy's, and the generator's bookkeeping.
#include "core/graph/seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "core/graph/error.h"

namespace lazulite {
namespace {

using Words = std::vector<uint32_t>;

/// Made with NumPy 2.4:
///   python -c "from numpy.random import SeedSequence as S; import numpy as np
///   print(*map(hex, S(ENTROPY, spawn_key=SPAWN_KEY).generate_state(2, np.uint64)))"
struct NumpySeed {
  Words entropy, spawn_key;
  RandomKey key;
};
const NumpySeed kNumpySeeds[] = {
    {{0}, {}, {{0xdb2cd7e7b0f478be, 0xabf4641a2c71ba49}}},
    {{}, {}, {{0xdb2cd7e7b0f478be, 0xabf4641a2c71ba49}}},
    {{42}, {}, {{0x9f1e2e6dcd540ab7, 0xd57873dc79fb94b6}}},
    {{1, 2, 3}, {}, {{0xb45f843fe3d1fc80, 0x42c16e36203807c7}}},
    {{0, 1}, {}, {{0x50ff846cec53f444, 0x7a4918dbe8278562}}},                    // 2**32
    {{0, 0, 256, 7}, {}, {{0x431e2a965cd9e37e, 0x3a4c86590f5d7b2f}}},            // [0, 2**40, 7]
    {{5, 0, 0, 0, 0, 0, 256}, {}, {{0x7d9804d1944f61c3, 0x7434c9e35094bed2}}},   // 2**200 + 5
    {{42}, {0}, {{0xdff6ed7da001c6a4, 0x4323988864d84a1f}}},                     // (0,)
    {{42}, {3, 7}, {{0x9a6573553927c788, 0xb8d58c508ca1f134}}},                  // (3, 7)
    {{5, 0, 0, 0, 0, 0, 256}, {1}, {{0xa96076cfbd9a40c8, 0x72dca8db4ddf143b}}},  // 2**200 + 5, (1,)
    {{5}, {0, 2}, {{0xff7fb7ad3065532b, 0xabd5ce73f49086f4}}},                   // (2**33,)
};

TEST(SeedSequence, GivesTheKeysThatNumpyGives) {
  for (const NumpySeed& seed : kNumpySeeds) {
    EXPECT_TRUE(SeedSequence(seed.entropy, seed.spawn_key).key() == seed.key) << ::testing::PrintToString(seed.entropy);
  }
}

TEST(SeedSequence, GeneratesAsManyWordsAsAskedFor) {
  // SeedSequence(42).generate_state(5)
  const SeedSequence seed({42});
  EXPECT_EQ(seed.generate32(5), (Words{0xcd540ab7, 0x9f1e2e6d, 0x79fb94b6, 0xd57873dc, 0x64d420b7}));
  EXPECT_EQ(seed.generate64(0), std::vector<uint64_t>{});
  EXPECT_EQ(seed.generate64(1), std::vector<uint64_t>{0x9f1e2e6dcd540ab7});
}

TEST(SeedSequence, SplitsIntegersIntoWords) {
  Words words;
  for (const uint64_t value : {uint64_t{0}, uint64_t{7}, uint64_t{1} << 40}) SeedSequence::append_words(value, words);
  EXPECT_EQ(words, (Words{0, 7, 0, 256}));
}

TEST(SeedSequence, ChildrenExtendTheSpawnKey) {
  const SeedSequence child = SeedSequence({42}, {3}).child(7);
  EXPECT_EQ(child.spawn_key(), (Words{3, 7}));
  EXPECT_TRUE(child.key() == kNumpySeeds[8].key);
  EXPECT_TRUE(SeedSequence({5}).child(uint64_t{1} << 33).key() == kNumpySeeds[10].key);
}

TEST(SeedSequence, TakesFreshEntropyFromTheSystem) {
  const SeedSequence a = SeedSequence::from_os(), b = SeedSequence::from_os();
  EXPECT_EQ(a.entropy().size(), 4u);
  EXPECT_NE(a.entropy(), b.entropy());
}

TEST(BitGenerator, ReservesRangesOneAfterTheOther) {
  BitGenerator generator(SeedSequence({42}));
  EXPECT_TRUE(generator.key() == kNumpySeeds[2].key);
  EXPECT_EQ(generator.reserve(10), 0u);
  EXPECT_EQ(generator.reserve(0), 10u);
  EXPECT_EQ(generator.reserve(7), 10u);
  generator.advance(100);
  EXPECT_EQ(generator.reserve(1), 117u);
  generator.advance(uint64_t{0} - 18);
  EXPECT_EQ(generator.reserve(1), 100u);
}

TEST(BitGenerator, RefusesToRunPastTheEndOfItsStream) {
  BitGenerator generator(SeedSequence({42}));
  generator.advance(UINT64_MAX - 5);
  EXPECT_EQ(generator.reserve(3), UINT64_MAX - 5);
  try {
    generator.reserve(3);
    FAIL() << "3 elements reserved where 2 are left";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::overflow);
    EXPECT_STREQ(error.what(), "random: a draw of 3 elements, but the stream has 2 left; spawn() a fresh generator");
  }
  EXPECT_EQ(generator.reserve(2), UINT64_MAX - 2);  // a refused draw takes nothing
}

TEST(BitGenerator, JumpsByPartsOfItsStream) {
  for (const Stream stream : {Stream::ars, Stream::philox}) {
    BitGenerator generator(SeedSequence({42}), stream);
    generator.reserve(5);
    const auto there = generator.jumped(3);
    EXPECT_EQ(there->reserve(1), (uint64_t{3} << 48) + 5);
    EXPECT_EQ(there->key(), generator.key());
    EXPECT_EQ(there->stream(), stream);
    EXPECT_EQ(generator.reserve(1), 5u);
    EXPECT_EQ(generator.jumped(65535)->reserve(1), (uint64_t{65535} << 48) + 6);
    EXPECT_THROW(generator.jumped(65536), Error);
    EXPECT_THROW(there->jumped(UINT64_MAX), Error);
  }
}

TEST(BitGenerator, SpawnsEachChildOnce) {
  BitGenerator parent(SeedSequence({42}));
  parent.reserve(5);
  const auto first = parent.spawn(2), second = parent.spawn(1);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_TRUE(first[0]->key() == kNumpySeeds[7].key);
  EXPECT_EQ(first[1]->state().spawn_key, (Words{1}));
  EXPECT_EQ(second[0]->state().spawn_key, (Words{2}));
  EXPECT_EQ(second[0]->reserve(1), 0u);
  EXPECT_EQ(parent.state().children, 3u);
  EXPECT_EQ(first[1]->spawn(1)[0]->state().spawn_key, (Words{1, 0}));
}

TEST(BitGenerator, StateSavesAndRestores) {
  BitGenerator generator(SeedSequence({1, 2, 3}, {4}));
  generator.reserve(11);
  generator.spawn(2);
  const BitGeneratorState saved = generator.state();
  generator.reserve(100);
  generator.spawn(1);
  BitGenerator copy(saved);
  generator.restore(saved);
  for (BitGenerator* g : {&generator, &copy}) {
    EXPECT_EQ(g->reserve(1), 11u);
    EXPECT_EQ(g->spawn(1)[0]->state().spawn_key, (Words{4, 2}));
    EXPECT_TRUE(g->key() == saved.key);
  }
}

TEST(BitGenerator, ThreadsGetDisjointRangesAndChildren) {
  BitGenerator generator(SeedSequence({42}));
  constexpr int kThreads = 4, kDraws = 500;
  std::vector<uint64_t> firsts[kThreads];
  std::vector<Words> children[kThreads];
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kDraws; ++i) {
        firsts[t].push_back(generator.reserve(3));
        if (i % 50 == 0) children[t].push_back(generator.spawn(1)[0]->state().spawn_key);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<uint64_t> all;
  std::set<Words> spawned;
  for (int t = 0; t < kThreads; ++t) {
    EXPECT_TRUE(std::is_sorted(firsts[t].begin(), firsts[t].end()));
    all.insert(firsts[t].begin(), firsts[t].end());
    spawned.insert(children[t].begin(), children[t].end());
  }
  EXPECT_EQ(all.size(), size_t{kThreads * kDraws});
  EXPECT_EQ(*all.rbegin(), uint64_t{3 * (kThreads * kDraws - 1)});
  EXPECT_EQ(spawned.size(), size_t{kThreads * kDraws / 50});
}

}  // namespace
}  // namespace lazulite
