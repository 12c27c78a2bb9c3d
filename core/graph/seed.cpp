// Seeds, and the bookkeeping of a generator.
#include "core/graph/seed.h"

#include <random>
#include <string>
#include <utility>

#include "core/graph/error.h"
#include "core/graph/seed_hash.h"

namespace lazulite {

SeedSequence::SeedSequence(std::vector<uint32_t> entropy, std::vector<uint32_t> spawn_key)
    : entropy_(std::move(entropy)), spawn_key_(std::move(spawn_key)) {
  std::vector<uint32_t> words = entropy_;
  // A short seed with a spawn key must not meet a longer seed without one.
  if (!spawn_key_.empty() && words.size() < pool_.size()) words.resize(pool_.size(), 0);
  words.insert(words.end(), spawn_key_.begin(), spawn_key_.end());

  pool_ = seed_pool(words.data(), words.size());
}

SeedSequence SeedSequence::from_os() {
  std::random_device device;
  std::vector<uint32_t> words(4);
  for (uint32_t& w : words) w = device();
  return SeedSequence(std::move(words));
}

void SeedSequence::append_words(uint64_t value, std::vector<uint32_t>& words) {
  do {
    words.push_back(static_cast<uint32_t>(value));
    value >>= 32;
  } while (value != 0);
}

std::vector<uint32_t> SeedSequence::generate32(size_t n) const {
  std::vector<uint32_t> words(n);
  seed_words(pool_, words.data(), n);
  return words;
}

std::vector<uint64_t> SeedSequence::generate64(size_t n) const {
  const std::vector<uint32_t> halves = generate32(2 * n);
  std::vector<uint64_t> words(n);
  for (size_t i = 0; i < n; ++i) words[i] = halves[2 * i] | uint64_t{halves[2 * i + 1]} << 32;
  return words;
}

RandomKey SeedSequence::key() const {
  const std::vector<uint64_t> words = generate64(2);
  return {{words[0], words[1]}};
}

SeedSequence SeedSequence::child(uint64_t index) const {
  std::vector<uint32_t> spawn_key = spawn_key_;
  append_words(index, spawn_key);
  return SeedSequence(entropy_, std::move(spawn_key));
}

BitGenerator::BitGenerator(const SeedSequence& seed, Stream stream)
    : state_{seed.entropy(), seed.spawn_key(), 0, seed.key(), 0, stream} {}

BitGenerator::BitGenerator(const BitGeneratorState& state) : state_(state) {}

RandomKey BitGenerator::key() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_.key;
}

Stream BitGenerator::stream() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_.stream;
}

uint64_t BitGenerator::reserve(uint64_t n) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t first = state_.next, left = UINT64_MAX - first;
  if (n > left) {
    throw Error(ErrorKind::overflow, "random: a draw of " + std::to_string(n) + " elements, but the stream has " +
                                         std::to_string(left) + " left; spawn() a fresh generator");
  }
  state_.next = first + n;
  return first;
}

void BitGenerator::advance(uint64_t delta) {
  const std::lock_guard<std::mutex> lock(mutex_);
  state_.next += delta;
}

std::unique_ptr<BitGenerator> BitGenerator::jumped(uint64_t jumps) const {
  constexpr int kJump = 48;
  BitGeneratorState there = state();
  if (jumps > (UINT64_MAX - there.next) >> kJump) {
    throw Error(ErrorKind::overflow, "jumped: " + std::to_string(jumps) + " jumps of 2**48 elements lead beyond the " +
                                         "stream's end; spawn() fresh generators");
  }
  there.next += jumps << kJump;
  return std::make_unique<BitGenerator>(there);
}

std::vector<std::unique_ptr<BitGenerator>> BitGenerator::spawn(size_t n) {
  std::unique_lock<std::mutex> lock(mutex_);
  const SeedSequence parent(state_.entropy, state_.spawn_key);
  const uint64_t first = state_.children;
  state_.children += n;
  const Stream stream = state_.stream;
  lock.unlock();
  std::vector<std::unique_ptr<BitGenerator>> children;
  children.reserve(n);
  for (uint64_t i = first; i < first + n; ++i)
    children.push_back(std::make_unique<BitGenerator>(parent.child(i), stream));
  return children;
}

BitGeneratorState BitGenerator::state() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_;
}

void BitGenerator::restore(const BitGeneratorState& state) {
  const std::lock_guard<std::mutex> lock(mutex_);
  state_ = state;
}

}  // namespace lazulite
