// The loops around an expression's loop: order, pieces for threads, and operands that are not contiguous.
//
// Nothing here knows the expression: it comes as a pointer to its inner loop, which reads every operand one element
// after the other. Operands of another layout are packed into buffers in L1, some hundred elements at a time.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "core/dispatch/pack.h"
#include "core/dispatch/scratch.h"
#include "lazulite/expression.h"

namespace lazulite::detail {

inline constexpr double serial_ns = 30e3;       // work below this stays on the caller
inline constexpr double task_ns = 20e3;         // work that is worth handing to another thread
inline constexpr double byte_ns = 0.04;         // per byte read or written
inline constexpr int64_t most_segment = 65536;  // elements
inline constexpr int64_t pack_bytes = 16384;    // packed operands of one batch: they share L1 with what is computed
inline constexpr int64_t strip_bytes = 512;     // of the widest type: lengths are multiples of a strip's
inline constexpr int64_t short_strips = 4;      // an inner loop below this is joined with the loops around it

/// An operand, or where results go: element strides along every loop.
struct memory {
  std::byte* data;
  int64_t size;  // bytes of an element
  int64_t strides[max_rank + 1];
  /// Of random draws: writes elements first, ..., first + count - 1 of the stream; `data` is not used.
  void (*draw)(const uint64_t* key, uint64_t first, int64_t count, void* out) = nullptr;
  const uint64_t* key = nullptr;
  uint64_t first = 0;
};

enum class reach : uint8_t { contiguous, scalar, packed };

/// The inner loop of expressions: writes n elements (n not below a step) to each of `out`.
using map_loop = void (*)(const std::byte* const* p, const slot* numbers, std::byte* const* out, int64_t n);
/// The same, and the elements that it makes in a step.
struct map_kernel {
  map_loop loop;
  int step;
};

/// The loops of an evaluation. Bit k of `reduced`: loop k is reduced over.
struct pass {
  const slot* numbers;
  memory* in;
  int n_in;
  memory* out;
  int n_out;
  int loops;
  int64_t extents[max_rank + 1];
  uint32_t reduced;
  int vector_loops;  // of the innermost loops: what the inner loop walks through
  int width;         // bytes of the widest type
  int step;          // elements
  double ns;         // per element, arithmetic only

  int64_t strip() const { return strip_bytes / width; }
  template <class F>
  void each_memory(F&& f) {
    for (int k = 0; k < n_in; ++k) f(in[k]);
    for (int k = 0; k < n_out; ++k) f(out[k]);
  }
  int64_t product(int from, int to) const {
    int64_t p = 1;
    for (int k = from; k < to; ++k) p *= extents[k];
    return p;
  }
};

/// Puts the loops into another order; those that are not named are dropped.
inline void reorder(pass& p, const int* order, int n) {
  bool is_order = n == p.loops;
  for (int k = 0; k < n; ++k) is_order = is_order && order[k] == k;
  if (is_order) return;
  const auto apply = [&](int64_t* d) {
    int64_t old[max_rank + 1];
    for (int k = 0; k < p.loops; ++k) old[k] = d[k];
    for (int k = 0; k < n; ++k) d[k] = old[order[k]];
  };
  p.each_memory([&](memory& m) { apply(m.strides); });
  apply(p.extents);
  uint32_t reduced = 0;
  for (int k = 0; k < n; ++k) reduced |= ((p.reduced >> order[k]) & 1u) << k;
  p.reduced = reduced;
  p.loops = n;
}

/// Drops loops of extent 1 and joins neighbours that all memory is walked through in one stride.
inline void collapse(pass& p) {
  int keep[max_rank + 1], n = 0;
  for (int k = 0; k < p.loops; ++k)
    if (p.extents[k] != 1) keep[n++] = k;
  if (n != p.loops) reorder(p, keep, n);
  for (int k = p.loops - 2; k >= 0; --k) {
    bool joins = ((p.reduced >> k) & 1) == ((p.reduced >> (k + 1)) & 1);
    p.each_memory([&](const memory& m) { joins = joins && m.strides[k] == m.strides[k + 1] * p.extents[k + 1]; });
    if (!joins) continue;
    p.extents[k + 1] *= p.extents[k];
    int rest[max_rank + 1], m = 0;
    for (int j = 0; j < p.loops; ++j)
      if (j != k) rest[m++] = j;
    reorder(p, rest, m);
  }
}

/// Trailing loops, not before `from`, that make an inner loop of a useful length.
inline int count_vector_loops(const pass& p, int from) {
  int64_t length = 1;
  int n = 0;
  for (int k = p.loops - 1; k >= from && length < short_strips * p.strip(); --k, ++n) length *= p.extents[k];
  return n;
}

inline reach reach_of(const pass& p, const memory& m) {
  if (m.draw) return reach::packed;
  bool scalar = true, contiguous = true;
  int64_t step = 1;
  for (int k = p.loops - 1; k >= p.loops - p.vector_loops; --k) {
    scalar &= m.strides[k] == 0;
    contiguous &= m.strides[k] == step;
    step *= p.extents[k];
  }
  return contiguous ? reach::contiguous : scalar ? reach::scalar : reach::packed;
}

/// One thread's walk through pieces of a pass: the operands of a range of elements, contiguous.
class walk {
 public:
  explicit walk(const pass& p) : p_(p), outer_(p.loops - p.vector_loops) {
    int64_t packed = 0, fixed = 0;
    const auto add = [&](const memory& m) {
      const reach r = reach_of(p, m);
      if (r == reach::packed) packed += m.size;
      if (r == reach::scalar) fixed += m.size;
    };
    for (int k = 0; k < p.n_in; ++k) add(p.in[k]);
    for (int k = 0; k < p.n_out; ++k) add(p.out[k]);
    const int64_t strip = p.strip();
    if (packed + fixed > 0)
      batch_ = std::max<int64_t>(1, std::min<int64_t>(8, pack_bytes / ((packed + fixed) * strip))) * strip;
    // Offsets; pointers of the operands, also in the tail, and of the outputs, also in the tail.
    const int64_t n = p.n_in + p.n_out, tables = (6 * n * 8 + 63) / 64 * 64,
                  buffers = (packed + fixed) * batch_ + 64 * n;
    static thread_local Scratch scratch;
    std::byte* s = scratch.get(tables + buffers + 64 + n * strip_bytes);
    offsets_ = reinterpret_cast<int64_t*>(s);
    pointers_ = reinterpret_cast<const std::byte**>(offsets_ + n);
    tail_pointers_ = pointers_ + p.n_in;
    out_ = const_cast<std::byte**>(tail_pointers_ + p.n_in);
    tail_out_ = out_ + p.n_out;
    reach_ = reinterpret_cast<reach*>(tail_out_ + p.n_out);
    for (int k = 0; k < p.n_in; ++k) reach_[k] = reach_of(p, p.in[k]);
    for (int k = 0; k < p.n_out; ++k) reach_[p.n_in + k] = reach_of(p, p.out[k]);
    buffers_ = s + tables;
    tail_ = buffers_ + (buffers + 63) / 64 * 64;
    for (int k = 0; k < p.n_out; ++k) tail_out_[k] = tail_ + (p.n_in + k) * strip_bytes;
  }

  /// To the outer element `flat` of the loops before the vector loops.
  void locate(int64_t flat) {
    for (int k = outer_ - 1; k >= 0; --k) {
      index_[k] = k == 0 ? flat : flat % p_.extents[k];
      if (k > 0) flat /= p_.extents[k];
    }
    for (int j = 0; j < p_.n_in + p_.n_out; ++j) {
      const memory& m = j < p_.n_in ? p_.in[j] : p_.out[j - p_.n_in];
      offsets_[j] = 0;
      for (int k = 0; k < outer_; ++k) offsets_[j] += index_[k] * m.strides[k];
    }
  }
  /// To the next one.
  void step() {
    for (int k = outer_ - 1; k >= 0; --k) {
      const bool wraps = ++index_[k] == p_.extents[k];
      if (wraps) index_[k] = 0;
      const int64_t by = wraps ? 1 - p_.extents[k] : 1;
      for (int j = 0; j < p_.n_in; ++j) offsets_[j] += by * p_.in[j].strides[k];
      for (int j = 0; j < p_.n_out; ++j) offsets_[p_.n_in + j] += by * p_.out[j].strides[k];
      if (!wraps) return;
    }
  }
  /// Elements from where output k begins to where it is here.
  int64_t out_offset(int k) const { return offsets_[p_.n_in + k]; }

  /// Calls loop(operands, numbers, outputs, length) for `count` outer elements from `first` on. All memory must be
  /// contiguous along the vector loops.
  void direct(map_loop loop, int64_t first, int64_t count, int64_t length) {
    const int last = outer_ - 1;
    for (int64_t done = 0; done < count;) {
      locate(first + done);
      for (int k = 0; k < p_.n_in; ++k) pointers_[k] = p_.in[k].data + offsets_[k] * p_.in[k].size;
      for (int k = 0; k < p_.n_out; ++k) out_[k] = p_.out[k].data + out_offset(k) * p_.out[k].size;
      const int64_t rows = outer_ == 0 ? 1 : std::min(count - done, p_.extents[last] - index_[last]);
      for (int64_t row = 0;; ++row) {
        loop(pointers_, p_.numbers, out_, length);
        if (row + 1 == rows) break;
        for (int k = 0; k < p_.n_in; ++k) pointers_[k] += p_.in[k].strides[last] * p_.in[k].size;
        for (int k = 0; k < p_.n_out; ++k) out_[k] += p_.out[k].strides[last] * p_.out[k].size;
      }
      done += rows;
    }
  }
  bool is_direct() const {
    for (int k = 0; k < p_.n_in + p_.n_out; ++k)
      if (reach_[k] != reach::contiguous) return false;
    return true;
  }

  /// Calls f(pointers, first, n, out) for batches that make up elements [begin, begin + count) of the vector loops.
  /// `out` is where results go, if `has_output`.
  template <class F>
  void each_batch(int64_t begin, int64_t count, bool has_output, F&& f) {
    const int64_t most = batch_ > 0 ? batch_ : count;
    for (int64_t done = 0; done < count; done += most) {
      const int64_t first = begin + done, n = std::min(most, count - done);
      std::byte* buffer = buffers_;
      const auto take = [&](int64_t size) {
        std::byte* b = buffer;
        buffer += (size * batch_ + 63) / 64 * 64;
        return b;
      };
      for (int k = 0; k < p_.n_in; ++k) {
        const memory& m = p_.in[k];
        const int64_t offset = offsets_[k];
        switch (reach_[k]) {
          case reach::contiguous:
            pointers_[k] = m.data + (offset + first) * m.size;
            break;
          case reach::scalar: {
            std::byte* b = take(m.size);
            if (done == 0) gather(b, m.data + offset * m.size, 0, n, m.size);
            pointers_[k] = b;
            break;
          }
          case reach::packed: {
            std::byte* b = take(m.size);
            fetch(m, offset, first, n, b);
            pointers_[k] = b;
            break;
          }
        }
      }
      const int n_out = has_output ? p_.n_out : 0;
      for (int k = 0; k < n_out; ++k) {
        const memory& m = p_.out[k];
        out_[k] = reach_[p_.n_in + k] == reach::contiguous ? m.data + (out_offset(k) + first) * m.size : take(m.size);
      }
      f(pointers_, first, n, out_);
      for (int k = 0; k < n_out; ++k) {
        const memory& m = p_.out[k];
        if (reach_[p_.n_in + k] == reach::contiguous) continue;
        const int64_t offset = out_offset(k);
        each_run(p_.extents + outer_, m.strides + outer_, p_.vector_loops, first, n,
                 [&](int64_t at, int64_t step, int64_t position, int64_t length) {
                   scatter(m.data + (offset + at) * m.size, out_[k] + position * m.size, step, length, m.size);
                 });
      }
    }
  }

  /// n elements by a loop that makes steps. Where the last step may not overlap, or there is less than one, what is
  /// left goes through buffers.
  void map(map_loop loop, const std::byte* const* p, std::byte* const* out, int64_t n, bool may_overlap) {
    if (n >= p_.step && may_overlap) return loop(p, p_.numbers, out, n);
    const int64_t whole = n / p_.step * p_.step, rest = n - whole;
    if (whole > 0) loop(p, p_.numbers, out, whole);
    if (rest == 0) return;
    loop(tail(p, whole, rest), p_.numbers, tail_out_, p_.step);
    for (int k = 0; k < p_.n_out; ++k) {
      const int64_t size = p_.out[k].size;
      std::memcpy(out[k] + whole * size, tail_out_[k], static_cast<size_t>(rest * size));
    }
  }
  /// Copies of `rest` (less than a strip's) elements of all operands, from `at` on, with room behind.
  const std::byte* const* tail(const std::byte* const* p, int64_t at, int64_t rest) {
    for (int k = 0; k < p_.n_in; ++k) {
      std::byte* b = tail_ + k * strip_bytes;
      const int64_t size = p_.in[k].size;
      std::memcpy(b, p[k] + at * size, static_cast<size_t>(rest * size));
      std::memset(b + rest * size, 0, static_cast<size_t>(strip_bytes - rest * size));
      tail_pointers_[k] = b;
    }
    return tail_pointers_;
  }

 private:
  void fetch(const memory& m, int64_t offset, int64_t first, int64_t n, std::byte* to) const {
    each_run(p_.extents + outer_, m.strides + outer_, p_.vector_loops, first, n,
             [&](int64_t at, int64_t step, int64_t position, int64_t count) {
               if (!m.draw) {
                 gather(to + position * m.size, m.data + (offset + at) * m.size, step, count, m.size);
               } else if (step == 1) {
                 m.draw(m.key, m.first + static_cast<uint64_t>(offset + at), count, to + position * m.size);
               } else {
                 for (int64_t k = 0; k < count; ++k)
                   m.draw(m.key, m.first + static_cast<uint64_t>(offset + at + k * step), 1,
                          to + (position + k) * m.size);
               }
             });
  }

  const pass& p_;
  int outer_;
  int64_t batch_ = 0;
  int64_t* offsets_;  // elements from where memory begins, operands first
  const std::byte **pointers_, **tail_pointers_;
  std::byte **out_, **tail_out_;
  reach* reach_;  // of the operands, then of the outputs
  std::byte *buffers_, *tail_;
  int64_t index_[max_rank + 1] = {};
};

/// run(first, last) for ranges that make up [0, n), together `total` ns of work.
template <class F>
void spread(int64_t n, double total, const F& run) {
  if (total < serial_ns || n == 1) return run(int64_t{0}, n);
  const auto grain = static_cast<size_t>(std::max(1.0, task_ns / (total / static_cast<double>(n))));
  tbb::parallel_for(
      tbb::blocked_range<int64_t>(0, n, grain), [&](const tbb::blocked_range<int64_t>& r) { run(r.begin(), r.end()); },
      tbb::auto_partitioner());
}

inline double element_ns(const pass& p) {
  int64_t bytes = 0;
  for (int k = 0; k < p.n_in; ++k) bytes += p.in[k].size;
  for (int k = 0; k < p.n_out; ++k) bytes += p.out[k].size;
  return p.ns + 0.02 + byte_ns * static_cast<double>(bytes);
}

/// Evaluates elementwise.
inline void run_map(pass& p, map_loop loop, bool may_overlap) {
  if (p.product(0, p.loops) == 0) return;
  // The output's memory order: its smallest stride is the innermost loop.
  int order[max_rank + 1];
  for (int k = 0; k < p.loops; ++k) order[k] = k;
  const auto reach_over = [&p](int k) { return std::abs(p.out[0].strides[k]); };
  for (int k = 1; k < p.loops; ++k)  // a stable sort
    for (int j = k; j > 0 && reach_over(order[j - 1]) < reach_over(order[j]); --j) std::swap(order[j - 1], order[j]);
  reorder(p, order, p.loops);
  collapse(p);
  if (p.loops == 0) {
    p.loops = 1;
    p.extents[0] = 1;
    p.each_memory([](memory& m) { m.strides[0] = 1; });
  }
  // Rows of a few steps run as they are; shorter ones are packed, many at a time.
  p.vector_loops = p.extents[p.loops - 1] >= p.step ? 1 : count_vector_loops(p, 0);
  const int outer = p.loops - p.vector_loops;
  const int64_t rows = p.product(0, outer), length = p.product(outer, p.loops), strip = p.strip();
  const double ns = element_ns(p);
  const auto up = [strip](int64_t n) { return (n + strip - 1) / strip * strip; };
  int64_t segment = std::clamp<int64_t>(up(static_cast<int64_t>(task_ns / ns)), strip, most_segment);
  segment = std::min(segment, up(length));
  const int64_t segments = (length + segment - 1) / segment;
  segment = up((length + segments - 1) / segments);
  spread(rows * segments, ns * static_cast<double>(rows * length), [&](int64_t first, int64_t last) {
    walk w(p);
    if (segments == 1 && length >= p.step && may_overlap && w.is_direct())
      return w.direct(loop, first, last - first, length);
    for (int64_t k = first; k < last; ++k) {
      if (k == first || segments > 1)
        w.locate(k / segments);
      else
        w.step();
      const int64_t begin = k % segments * segment;
      if (begin >= length) continue;
      w.each_batch(begin, std::min(segment, length - begin), true,
                   [&](const std::byte* const* from, int64_t, int64_t n, std::byte* const* out) {
                     w.map(loop, from, out, n, may_overlap);
                   });
    }
  });
}

}  // namespace lazulite::detail
