// The direction numbers, from the packed table.
#include "core/kernels/sobol.h"

#include <array>
#include <memory>

#include "core/graph/node.h"
#include "core/kernels/sobol_directions.h"

namespace lazulite {

namespace {

constexpr int kDigits = 32;
using Directions = std::array<uint32_t, kDigits>;

/// Reads fields of the packed table, the lowest bit first.
class Reader {
 public:
  uint32_t next(int width) {
    uint32_t value = 0;
    for (int i = 0; i < width; ++i, ++at_) value |= static_cast<uint32_t>(kSobolBits[at_ / 64] >> (at_ % 64) & 1) << i;
    return value;
  }

 private:
  uint64_t at_ = 0;
};

/// m with its k + 1 bits as digits: the highest bit is digit 1 of those, at bit 0.
uint32_t digits_of(uint32_t m, int k) {
  uint32_t digits = 0;
  for (int i = 0; i <= k; ++i) digits |= (m >> i & 1) << (k - i);
  return digits;
}

std::unique_ptr<std::array<Directions, kSobolDimensions>> unpack() {
  auto table = std::make_unique<std::array<Directions, kSobolDimensions>>();
  for (int k = 0; k < kDigits; ++k) (*table)[0][static_cast<size_t>(k)] = uint32_t{1} << k;
  Reader reader;
  size_t dimension = 1;
  int degree = 0;
  for (const int count : kSobolDegrees) {
    ++degree;
    for (int i = 0; i < count; ++i) {
      const uint32_t a = reader.next(degree - 1);
      std::array<uint64_t, kDigits> m{};
      for (int k = 0; k < degree; ++k) m[static_cast<size_t>(k)] = reader.next(k) << 1 | 1;
      // m_k = 2 a_1 m_(k-1) ^ 4 a_2 m_(k-2) ^ ... ^ 2^s m_(k-s) ^ m_(k-s)
      for (int k = degree; k < kDigits; ++k) {
        const uint64_t oldest = m[static_cast<size_t>(k - degree)];
        uint64_t next = oldest ^ oldest << degree;
        for (int j = 1; j < degree; ++j)
          if (a >> (degree - 1 - j) & 1) next ^= m[static_cast<size_t>(k - j)] << j;
        m[static_cast<size_t>(k)] = next;
      }
      Directions& directions = (*table)[dimension++];
      for (int k = 0; k < kDigits; ++k)
        directions[static_cast<size_t>(k)] = digits_of(static_cast<uint32_t>(m[static_cast<size_t>(k)]), k);
    }
  }
  return table;
}

}  // namespace

const uint32_t* sobol_directions(int dimension) {
  static const auto table = unpack();
  return (*table)[static_cast<size_t>(dimension)].data();
}

}  // namespace lazulite
