// cumsum and cumprod: running sums and products along an axis, or of all elements in C order.
#pragma once

#include <vector>

#include "core/dispatch/running.h"
#include "lazulite/assign.h"
#include "lazulite/reductions.h"

namespace lazulite {

namespace detail {

inline constexpr double running_ns = 0.8;    // per element
inline constexpr int64_t many_lanes = 8;     // from so many neighbouring lines on, rows are joined as wholes
inline constexpr int64_t running_row = 512;  // elements of a row in one task

/// In place: `outer` times n rows of `inner` elements each, every line of n elements by itself.
template <class T, class Join>
class running {
  using blocks_of = Running<T, Join>;
  static constexpr int64_t block = blocks_of::kBlock;

 public:
  running(T* data, int64_t outer, int64_t n, int64_t inner) : data_(data), outer_(outer), n_(n), inner_(inner) {}

  void run() const {
    if (inner_ >= many_lanes) return rows();
    const int64_t lines = outer_ * inner_;
    const double ns = running_ns * static_cast<double>(n_);
    if (lines == 1 && n_ >= 4 * block && ns > serial_ns) return in_parallel();
    spread(lines, ns * static_cast<double>(lines), [&](int64_t first, int64_t last) {
      for (int64_t line = first; line < last; ++line) one_line(line);
    });
  }

 private:
  void one_line(int64_t line) const {
    T* const first = data_ + line / inner_ * n_ * inner_ + line % inner_;
    T carry = Join::identity();
    for (int64_t at = 0; at < n_; at += block) {
      const int64_t n = std::min(block, n_ - at);
      if (inner_ == 1) {
        carry = Join::join(carry, blocks_of::write(first + at, first + at, n, carry));
        continue;
      }
      T buffer[block];
      T* const from = first + at * inner_;
      for (int64_t k = 0; k < n; ++k) buffer[k] = from[k * inner_];
      carry = Join::join(carry, blocks_of::write(buffer, buffer, n, carry));
      for (int64_t k = 0; k < n; ++k) from[k * inner_] = buffer[k];
    }
  }
  /// The totals of all blocks, then what comes before each, then the blocks.
  void in_parallel() const {
    const int64_t blocks = (n_ + block - 1) / block;
    const double ns = running_ns * static_cast<double>(n_);
    std::vector<T> carry(static_cast<size_t>(blocks));
    const auto size = [&](int64_t b) { return std::min(block, n_ - b * block); };
    spread(blocks, ns / 2, [&](int64_t first, int64_t last) {
      for (int64_t b = first; b < last; ++b)
        carry[static_cast<size_t>(b)] = blocks_of::total(data_ + b * block, size(b));
    });
    T sum = Join::identity();
    for (T& c : carry) {
      const T total = c;
      c = sum;
      sum = Join::join(sum, total);
    }
    spread(blocks, ns, [&](int64_t first, int64_t last) {
      for (int64_t b = first; b < last; ++b)
        blocks_of::write(data_ + b * block, data_ + b * block, size(b), carry[static_cast<size_t>(b)]);
    });
  }
  /// Every row is joined with the one before.
  void rows() const {
    const int64_t pieces = (inner_ + running_row - 1) / running_row;
    spread(outer_ * pieces, running_ns * static_cast<double>(outer_ * n_ * inner_), [&](int64_t first, int64_t last) {
      for (int64_t task = first; task < last; ++task) {
        const int64_t from = task % pieces * running_row, n = std::min(running_row, inner_ - from);
        T* row = data_ + task / pieces * n_ * inner_ + from;
        for (int64_t k = 1; k < n_; ++k, row += inner_)
          for (int64_t j = 0; j < n; ++j) row[inner_ + j] = Join::join(row[j], row[inner_ + j]);
      }
    });
  }

  T* data_;
  int64_t outer_, n_, inner_;
};

/// Along the axis; of all elements in C order where it is `rank`.
template <template <class> class Way, int R, class E>
LAZULITE_INLINE auto run_along(const E& e, int axis) {
  using W = Way<typename E::value_type>;
  using T = typename W::loop;
  const extents<E::rank> shape = e.shape();
  int64_t outer = 1, n = 1, inner = 1;
  for (int k = 0; k < E::rank; ++k) (k < axis ? outer : k == axis ? n : inner) *= shape[k];
  if (axis == E::rank) std::swap(outer, n);
  extents<R> kept;
  if constexpr (R == E::rank)
    kept = shape;
  else
    kept = extents<R>(n);
  array<T, R> result(kept);
  assign(view<T, E::rank>(result.data(), shape), e);
  if (result.size() > 0) running<T, typename W::joins>(result.data(), outer, n, inner).run();
  return result;
}

}  // namespace detail

#define LAZULITE_RUNNING(name, way)                                                                           \
  template <class E, class = std::enable_if_t<is_expression<E>>>                                              \
  LAZULITE_INLINE auto name(const E& e) {                                                                     \
    return detail::run_along<detail::way, 1>(e, E::rank);                                                     \
  }                                                                                                           \
  template <class E, class I, class = std::enable_if_t<is_expression<E> && std::is_integral_v<I>>>            \
  LAZULITE_INLINE auto name(const E& e, I axis) {                                                             \
    return detail::run_along<detail::way, E::rank>(e, detail::checked_axis(static_cast<int>(axis), E::rank)); \
  }
LAZULITE_RUNNING(cumsum, sum_of)
LAZULITE_RUNNING(cumprod, prod_of)
#undef LAZULITE_RUNNING

}  // namespace lazulite
