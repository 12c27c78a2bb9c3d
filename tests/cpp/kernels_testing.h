// Shared by the kernel tests: the tables of all supported targets, operands with guards, special and random values.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/kernels/stage.h"
#include "core/kernels/targets.h"

namespace lazulite {

struct NamedTable {
  std::string name;
  StageTable table;
};

/// The table of every target that this machine supports; made once.
inline const std::vector<std::unique_ptr<NamedTable>>& tables() {
  static const auto all = [] {
    std::vector<std::unique_ptr<NamedTable>> list;
    for (const Target* t : supported_targets()) {
      list.push_back(std::make_unique<NamedTable>());
      list.back()->name = t->name;
      t->fill(list.back()->table);
    }
    return list;
  }();
  return all;
}

/// Memory for `bytes` bytes, not aligned to vectors, with guard bytes that `intact` checks.
class Buffer {
 public:
  explicit Buffer(size_t bytes, size_t misalignment = 8) : bytes_(bytes), offset_(kGuard + misalignment) {
    memory_.assign(bytes + 2 * kGuard + misalignment, std::byte{0xA5});
    std::memset(data(), 0, bytes);
  }
  std::byte* data() { return memory_.data() + offset_; }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data());
  }
  bool intact() const {
    for (size_t i = 0; i < memory_.size(); ++i) {
      if ((i < offset_ || i >= offset_ + bytes_) && memory_[i] != std::byte{0xA5}) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 192;
  size_t bytes_, offset_;
  std::vector<std::byte> memory_;
};

/// Values where arithmetic goes wrong: zeros, ends of ranges, neighbours of powers of two, NaNs, infinities.
template <class T>
std::vector<T> special_values() {
  using L = std::numeric_limits<T>;
  if constexpr (std::is_same_v<T, bool>) {
    return {false, true};
  } else if constexpr (std::is_floating_point_v<T>) {
    const T nan = L::quiet_NaN(), inf = L::infinity();
    std::vector<T> v = {T(0),     T(1), T(0.5), T(1.5), T(2.5), T(0.49999997), L::min(), L::denorm_min(),
                        L::max(), inf,  nan};
    for (double x :
         {127.5,        128.0,         255.0,        256.0,    32768.0,       65535.0,      65536.0, 8388609.0,
          2147483520.0, 2147483647.0,  2147483648.0, 3e9,      4294967295.0,  4294967296.0, 5e9,     0x1p52 + 1,
          0x1p62,       0x1.fffffep62, 0x1p63,       0x1.8p63, 0x1.fffffep63, 0x1p64,       1e19,    1e30}) {
      v.push_back(static_cast<T>(x));
    }
    const size_t n = v.size();
    for (size_t i = 0; i < n; ++i) v.push_back(-v[i]);
    return v;
  } else {
    std::vector<T> v = {0,     1,    2, 3, 5, L::max(), L::min(), T(L::max() - 1), T(L::min() + 1), T(L::max() / 2),
                        T(-1), T(-2)};
    for (int bit : {7, 8, 15, 16, 24, 31, 32, 53, 54, 62, 63}) {
      if (bit < 8 * int(sizeof(T))) {
        const uint64_t p = uint64_t{1} << bit;
        for (uint64_t x : {p - 1, p, p + 1}) v.push_back(static_cast<T>(x));
      }
    }
    return v;
  }
}

/// n values: all pairs of special values over (a, b) first, then random bits, then random magnitudes.
template <class T>
void fill_operands(std::vector<T>& a, std::vector<T>& b, size_t n, uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::vector<T> special = special_values<T>();
  a.resize(n);
  b.resize(n);
  const auto draw = [&]() -> T {
    uint64_t bits = random();
    if constexpr (std::is_same_v<T, bool>) return (bits & 1) != 0;
    // Integers of every magnitude, or else casts of 64-bit ones would never be small.
    if constexpr (std::is_integral_v<T>) return static_cast<T>(bits >> (random() % (8 * sizeof(T))));
    T x;
    if ((random() & 3) == 0) return static_cast<T>(std::ldexp(double(int64_t(bits)), int(random() % 80) - 80));
    std::memcpy(&x, &bits, sizeof(T));
    return x;
  };
  for (size_t i = 0; i < n; ++i) {
    const bool pair = i < special.size() * special.size();
    a[i] = pair ? special[i / special.size()] : draw();
    b[i] = pair ? special[i % special.size()] : draw();
  }
}

/// Equal bits, or both NaN.
template <class T>
bool same(T x, T y) {
  if constexpr (std::is_floating_point_v<T>) {
    if (x != x && y != y) return true;
  }
  return std::memcmp(&x, &y, sizeof(T)) == 0;
}

/// Vectors that dtype t fills in a pass whose widest dtype has 2^lw bytes, and elements of one step.
inline int vectors(DType t, int lw) { return (8 << log2_size(t)) >> lw; }
inline int log2_vectors(DType t, int lw) { return 3 + log2_size(t) - lw; }
inline int64_t step_elements(const StageTable& table, int lw) { return (int64_t{8} * table.vector_bytes) >> lw; }

/// Runs a chain over n elements. Slot 0 is scratch; `operands` are slots 1, 2, ... with their bytes per element (0 for
/// scalars).
struct Operand {
  void* data;
  int64_t bytes_per_element;
};
inline void run_chain(const StageTable& table, const std::vector<Instruction>& chain, int lw, int64_t n,
                      const std::vector<Operand>& operands) {
  alignas(64) std::byte scratch[512];
  std::vector<Slot> slots = {scratch};
  std::vector<int64_t> stride = {0};
  const int64_t elements = step_elements(table, lw);
  for (const Operand& o : operands) {
    slots.push_back(static_cast<Slot>(o.data));
    stride.push_back(o.bytes_per_element * elements);
  }
  ASSERT_EQ(n % elements, 0);
  table.run_steps(slots.data(), chain.data(), n / elements, stride.data(), int(stride.size()), 0);
}

}  // namespace lazulite
