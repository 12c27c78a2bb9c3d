// What the planner remembers: programs by the structure of their pass, plans by the structure of their graph.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/graph/plan.h"

namespace lazulite {

template <class Word>
uint64_t hash_words(const Word* words, size_t n) {
  uint64_t h = 0x9E3779B97F4A7C15u;
  for (size_t k = 0; k < n; ++k) {
    h = (h ^ words[k]) * 0xBF58476D1CE4E5B9u;
    h ^= h >> 32;
  }
  return h;
}

/// Programs by the structure of their pass: scalars, shapes and pointers are not part of it.
class ProgramCache {
 public:
  /// The program of this structure, made by `make` if it is new.
  template <class F>
  std::shared_ptr<const Program> get(std::vector<uint32_t> key, F&& make) {
    const uint64_t h = hash_words(key.data(), key.size());
    auto [first, last] = programs_.equal_range(h);
    for (; first != last; ++first)
      if (first->second.first == key) return first->second.second;
    auto program = std::make_shared<const Program>(make());
    if (key.size() > kLongest) return program;
    if (programs_.size() >= kMost) programs_.clear();
    programs_.emplace(h, std::pair(std::move(key), program));
    return program;
  }
  size_t size() const { return programs_.size(); }

 private:
  static constexpr size_t kLongest = 1 << 16;  // words: structures of this size are not worth their memory
  static constexpr size_t kMost = 4096;
  std::unordered_multimap<uint64_t, std::pair<std::vector<uint32_t>, std::shared_ptr<const Program>>> programs_;
};

/// Plans by the structure of their graph, shapes included; scalars and pointers are not part of it. A plan is kept when
/// its structure comes up a second time, so that a loop over changing windows fills no memory.
class PlanCache {
 public:
  ProgramCache programs;
  std::vector<uint64_t> structure;  // of the graph at hand: kept for its memory
  std::atomic<int64_t> made{0};     // plans made so far: those not found here

  /// The plan of this structure, or null.
  std::shared_ptr<const Plan> find(uint64_t hash) const {
    const auto found = plans_.find(hash);
    return found != plans_.end() && found->second.first == structure ? found->second.second : nullptr;
  }
  void offer(uint64_t hash, std::shared_ptr<const Plan> plan) {
    made.fetch_add(1, std::memory_order_relaxed);
    uint64_t& before = seen_[hash % seen_.size()];
    if (structure.size() > kLongest || std::exchange(before, hash) != hash) return;
    if (plans_.size() >= kMost) plans_.clear();
    plans_[hash] = {structure, std::move(plan)};
  }

 private:
  static constexpr size_t kLongest = 1 << 14;  // words
  static constexpr size_t kMost = 1024;
  std::unordered_map<uint64_t, std::pair<std::vector<uint64_t>, std::shared_ptr<const Plan>>> plans_;
  std::array<uint64_t, 1024> seen_{};
};

}  // namespace lazulite
