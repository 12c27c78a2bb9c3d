// Packing: strided, broadcast and generated operands into contiguous strips, and strips back to strided outputs.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/graph/dims.h"

namespace lazulite {

/// Calls run(offset, step, position, count) for the pieces of the flattened range [first, first + count) of loops with
/// these extents and strides: `count` elements `step` apart from `offset`, that begin at `position` of the range.
template <class F>
void each_run(const int64_t* extents, const int64_t* strides, int loops, int64_t first, int64_t count, F&& run) {
  int64_t index[kMaxDims + 1], offset = 0, rest = first;
  for (int k = loops - 1; k >= 0; --k) {
    index[k] = rest % extents[k];
    rest /= extents[k];
    offset += index[k] * strides[k];
  }
  const int last = loops - 1;
  for (int64_t done = 0; done < count;) {
    const int64_t n = std::min(count - done, extents[last] - index[last]);
    run(offset, strides[last], done, n);
    done += n;
    offset += n * strides[last];
    index[last] += n;
    for (int k = last; k > 0 && index[k] == extents[k]; --k) {
      offset += strides[k - 1] - extents[k] * strides[k];
      index[k] = 0;
      ++index[k - 1];
    }
  }
}

template <class T>
void gather_as(T* to, const T* from, int64_t step, int64_t n) {
  if (step == 0) {
    std::fill_n(to, n, *from);
  } else {
    // The line after each: no hardware prefetcher follows so many pages at once.
    constexpr int64_t line = 64 / static_cast<int64_t>(sizeof(T));
    if (step >= 8 * line || step <= -8 * line) {
      for (int64_t k = 0; k < n; ++k) {
        __builtin_prefetch(from + k * step + line);
        to[k] = from[k * step];
      }
      return;
    }
    for (int64_t k = 0; k < n; ++k) to[k] = from[k * step];
  }
}

/// Copies n elements of `size` bytes, `step` elements apart, to contiguous memory.
inline void gather(std::byte* to, const std::byte* from, int64_t step, int64_t n, int64_t size) {
  if (step == 1) {
    std::memcpy(to, from, static_cast<size_t>(n * size));
    return;
  }
  switch (size) {
    case 1:
      return gather_as(reinterpret_cast<uint8_t*>(to), reinterpret_cast<const uint8_t*>(from), step, n);
    case 2:
      return gather_as(reinterpret_cast<uint16_t*>(to), reinterpret_cast<const uint16_t*>(from), step, n);
    case 4:
      return gather_as(reinterpret_cast<uint32_t*>(to), reinterpret_cast<const uint32_t*>(from), step, n);
    default:
      return gather_as(reinterpret_cast<uint64_t*>(to), reinterpret_cast<const uint64_t*>(from), step, n);
  }
}

template <class T>
void scatter_as(T* to, const T* from, int64_t step, int64_t n) {
  for (int64_t k = 0; k < n; ++k) to[k * step] = from[k];
}

/// The way back.
inline void scatter(std::byte* to, const std::byte* from, int64_t step, int64_t n, int64_t size) {
  if (step == 1) {
    std::memcpy(to, from, static_cast<size_t>(n * size));
    return;
  }
  switch (size) {
    case 1:
      return scatter_as(reinterpret_cast<uint8_t*>(to), reinterpret_cast<const uint8_t*>(from), step, n);
    case 2:
      return scatter_as(reinterpret_cast<uint16_t*>(to), reinterpret_cast<const uint16_t*>(from), step, n);
    case 4:
      return scatter_as(reinterpret_cast<uint32_t*>(to), reinterpret_cast<const uint32_t*>(from), step, n);
    default:
      return scatter_as(reinterpret_cast<uint64_t*>(to), reinterpret_cast<const uint64_t*>(from), step, n);
  }
}

}  // namespace lazulite
