// Positions of true elements: counted block by block, then written block by block.
#include <cstring>

#include "core/dispatch/blocks.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/indexing.h"
#include "core/dispatch/pack.h"

namespace lazulite {

namespace {

constexpr int64_t kBlockElements = int64_t{1} << 16;
constexpr double kCountNs = 0.03, kWriteNs = 1;  // per element

uint64_t word(const uint8_t* mask) {
  uint64_t w;
  std::memcpy(&w, mask, sizeof w);
  return w;
}

int64_t count_block(const uint8_t* mask, int64_t n) {
  constexpr uint64_t kEven = 0x00FF00FF00FF00FF, kPairs = 0x0001000100010001;
  int64_t count = 0, k = 0;
  while (n - k >= 8) {
    uint64_t sums = 0;  // of bytes, each below 256
    for (int j = 0; j < 255 && n - k >= 8; ++j, k += 8) sums += word(mask + k);
    count += static_cast<int64_t>((((sums & kEven) + ((sums >> 8) & kEven)) * kPairs) >> 48);
  }
  for (; k < n; ++k) count += mask[k];
  return count;
}

/// Writes first + k * step for the true ones of mask[0, n). Nothing is written at `end`.
int64_t* write_run(const uint8_t* mask, int64_t n, int64_t first, int64_t step, int64_t* to, const int64_t* end) {
  int64_t k = 0;
  for (; n - k >= 8; k += 8) {
    if (word(mask + k) == 0) continue;
    if (end - to >= 8) {  // without branches: every position is written, and the next one over it if it does not count
      for (int64_t j = k; j < k + 8; ++j) {
        *to = first + j * step;
        to += mask[j];
      }
    } else {
      for (int64_t j = k; j < k + 8; ++j)
        if (mask[j]) *to++ = first + j * step;
    }
  }
  for (; k < n; ++k)
    if (mask[k]) *to++ = first + k * step;
  return to;
}

const uint8_t* bytes_of(const NodeRef& mask) {
  return reinterpret_cast<const uint8_t*>(mask->storage.load(std::memory_order_acquire)->data);
}

/// The number of true elements before each block, and of all of them at the end.
std::vector<int64_t> counts_before(const NodeRef& mask) {
  const int64_t n = mask->size, blocks = (n + kBlockElements - 1) / kBlockElements;
  std::vector<int64_t> before(static_cast<size_t>(blocks) + 1, 0);
  const uint8_t* bytes = bytes_of(mask);
  for_blocks(Engine::get(), blocks, kCountNs * kBlockElements, [&](int64_t b) {
    const int64_t first = b * kBlockElements;
    before[static_cast<size_t>(b) + 1] = count_block(bytes + first, std::min(kBlockElements, n - first));
  });
  for (size_t b = 1; b < before.size(); ++b) before[b] += before[b - 1];
  return before;
}

}  // namespace

NodeRef computed_mask(const Array& mask) {
  compute(mask);
  NodeRef n = mask.read();
  if (n->computed() && n->order == 0) return n;
  const Array c(n->op == Op::constant ? make_full(DType::bool_, Dims(), n->value) : copy(Array(n), true));
  compute(c);
  return c.cell()->node;
}

int64_t count_true(const NodeRef& mask) { return counts_before(mask).back(); }

NodeRef positions(const NodeRef& mask, const Dims& strides) {
  const std::vector<int64_t> before = counts_before(mask);
  std::byte* data;
  const Array result = make_empty(DType::int64, Dims{before.back()}, &data);
  auto* const to = reinterpret_cast<int64_t*>(data);
  const uint8_t* bytes = bytes_of(mask);
  // Neighbouring axes that are walked in one stride are one.
  Dims extents(mask->shape.size() + 1, 1), steps(mask->shape.size() + 1, 0);
  int loops = 1;
  for (int k = 0; k < mask->shape.size(); ++k) {
    if (extents[loops - 1] == 1 || steps[loops - 1] == strides[k] * mask->shape[k])
      extents[loops - 1] *= mask->shape[k];
    else
      extents[loops++] = mask->shape[k];
    steps[loops - 1] = strides[k];
  }
  for_blocks(Engine::get(), static_cast<int64_t>(before.size()) - 1, kWriteNs * kBlockElements, [&](int64_t b) {
    const int64_t first = b * kBlockElements;
    int64_t* next = to + before[static_cast<size_t>(b)];
    const int64_t* end = to + before[static_cast<size_t>(b) + 1];
    each_run(extents.data(), steps.data(), loops, first, std::min(kBlockElements, mask->size - first),
             [&](int64_t offset, int64_t step, int64_t at, int64_t n) {
               next = write_run(bytes + first + at, n, offset, step, next, end);
             });
  });
  return result.cell()->node;
}

std::vector<Array> nonzero(const Array& a) {
  const NodeRef mask = computed_mask(astype(a, DType::bool_, false));
  std::vector<Array> result;
  for (int k = 0; k < a.ndim(); ++k) {
    Dims along(a.ndim(), 0);
    along[k] = 1;
    result.emplace_back(positions(mask, along));
  }
  return result;
}

}  // namespace lazulite
