// Table: a small open-addressing map from two words to a number, for the planner's inner loops.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace lazulite {

class Table {
 public:
  using Key = std::array<uint64_t, 2>;

  /// `expected`: entries to make room for.
  explicit Table(size_t expected = 0) {
    if (expected > 0) {
      size_t n = 16;
      while (n < 2 * expected + 2) n *= 2;
      slots_.resize(n);
    }
  }

  /// The number stored under `key`, or a reference to a new entry holding `absent`.
  uint32_t& at(const Key& key, uint32_t absent) {
    if (2 * (used_ + 1) > slots_.size()) grow();
    Slot& s = find(key);
    if (!s.used) {
      s = {key, absent, 1};
      ++used_;
    }
    return s.value;
  }

 private:
  struct Slot {
    Key key;
    uint32_t value = 0;
    uint32_t used = 0;
  };
  static uint64_t hash(const Key& k) {
    const uint64_t h = (k[0] * 0x9E3779B97F4A7C15u) ^ (k[1] * 0xC2B2AE3D27D4EB4Fu);
    return (h ^ (h >> 32)) * 0xBF58476D1CE4E5B9u >> 20;
  }
  Slot& find(const Key& key) {
    const size_t mask = slots_.size() - 1;
    size_t i = hash(key) & mask;
    while (slots_[i].used && slots_[i].key != key) i = (i + 1) & mask;
    return slots_[i];
  }
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 32 : 2 * old.size(), Slot{});
    for (const Slot& s : old)
      if (s.used) find(s.key) = s;
  }

  std::vector<Slot> slots_;
  size_t used_ = 0;
};

}  // namespace lazulite
