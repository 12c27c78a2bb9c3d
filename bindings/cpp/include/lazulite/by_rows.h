// by_rows(function, a, b, ...): several evaluations on a block of rows while it is in the cache, block after block.
#pragma once

#include <utility>

#include "lazulite/assign.h"

namespace lazulite {

namespace detail {

inline constexpr int64_t block_bytes = 256 << 10;  // of all operands: they share L2 with what is computed
inline constexpr int64_t long_row = 512;  // elements; reductions along such do not look at how many rows there are

template <class T, int R>
view<T, R> rows_of(const view<T, R>& v, int64_t first, int64_t count) {
  extents<R> shape = v.shape();
  shape[0] = count;
  return {v.data() + first * v.strides()[0], shape, v.strides()};
}
template <class T, int R>
view<T, R> rows_of(array<T, R>& a, int64_t first, int64_t count) {
  return rows_of(view<T, R>(a), first, count);
}
template <class T, int R>
view<const T, R> rows_of(const array<T, R>& a, int64_t first, int64_t count) {
  return rows_of(view<const T, R>(a), first, count);
}

}  // namespace detail

/// Calls f(views of some rows of a, of the same rows of b, ...) for all rows (the first axis), in parallel: f must do
/// with every row what it does with any other. What it computes has the bits that it has of all rows at once.
template <class F, class... A>
void by_rows(const F& f, A&&... a) {
  static_assert((is_expression<A> && ...), "lazulite: by_rows takes arrays and views");
  const int64_t shapes[] = {a.shape()[0]...}, rows = shapes[0];
  for (const int64_t n : shapes)
    if (n != rows) throw shape_error("by_rows: the operands differ in their number of rows");
  if (rows == 0) return;
  const int64_t row_bytes =
      ((a.size() / rows * static_cast<int64_t>(sizeof(typename std::decay_t<A>::value_type))) + ...);
  const int64_t row = std::max({a.size() / rows...});
  int64_t least = std::max<int64_t>(1, detail::block_bytes / std::max<int64_t>(1, row_bytes));
  // Short rows are reduced many at a time where there are more of them than elements in each: so in every block, too.
  // Of more than two axes, any number of rows may decide.
  constexpr bool has_more_axes = ((std::decay_t<A>::rank > 2) || ...);
  if (row < detail::long_row || has_more_axes) least = std::max(least, detail::long_row);
  const int64_t blocks = std::max<int64_t>(1, rows / least);
  detail::spread(blocks, 2.0 * static_cast<double>(rows * row), [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b) {
      const int64_t begin = b * rows / blocks, end = (b + 1) * rows / blocks;
      f(detail::rows_of(a, begin, end - begin)...);
    }
  });
}

}  // namespace lazulite
