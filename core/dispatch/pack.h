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

/// Calls f with a value of the unsigned type of `size` bytes: elements are moved as such.
template <class F>
void visit_bytes(int64_t size, F&& f) {
  switch (size) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    default:
      return f(uint64_t{});
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
  visit_bytes(size, [&](auto zero) {
    using T = decltype(zero);
    gather_as(reinterpret_cast<T*>(to), reinterpret_cast<const T*>(from), step, n);
  });
}

/// Copies n elements of `size` bytes at `places` (in elements) to contiguous memory.
inline void gather_at(std::byte* to, const std::byte* from, int64_t size, const int64_t* places, int64_t n) {
  visit_bytes(size, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t k = 0; k < n; ++k) reinterpret_cast<T*>(to)[k] = reinterpret_cast<const T*>(from)[places[k]];
  });
}

/// The places of elements [first, first + count) of loops: the sum of a strided access and of an index read by another.
/// They are written to `to`, or are where the index has them already.
inline const int64_t* add_index(const int64_t* extents, int loops, const int64_t* strides, const int64_t* index,
                                const int64_t* index_strides, int64_t first, int64_t count, int64_t* to) {
  bool straight = true;  // the index one after the other, and nothing else
  int64_t step = 1;
  for (int k = loops - 1; k >= 0; --k) {
    straight &= strides[k] == 0 && index_strides[k] == step;
    step *= extents[k];
  }
  if (straight) return index + first;
  each_run(extents, index_strides, loops, first, count,
           [&](int64_t at, int64_t gap, int64_t position, int64_t n) { gather_as(to + position, index + at, gap, n); });
  each_run(extents, strides, loops, first, count, [&](int64_t at, int64_t gap, int64_t position, int64_t n) {
    for (int64_t k = 0; k < n; ++k) to[position + k] += at + k * gap;
  });
  return to;
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
  visit_bytes(size, [&](auto zero) {
    using T = decltype(zero);
    scatter_as(reinterpret_cast<T*>(to), reinterpret_cast<const T*>(from), step, n);
  });
}

}  // namespace lazulite
