// One product of two matrices in memory: packed panels, tiles over threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/dispatch/opaque.h"

namespace lazulite {

/// A matrix in memory, with any steps (in elements).
struct Matrix {
  std::byte* data;
  int64_t rows, columns;
  int64_t steps[2];

  Matrix transposed() const { return {data, columns, rows, {steps[1], steps[0]}}; }
  /// The part that begins at (row, column), of elements of `size` bytes.
  Matrix part(int64_t size, int64_t row, int64_t n_rows, int64_t column, int64_t n_columns) const {
    return {data + (row * steps[0] + column * steps[1]) * size, n_rows, n_columns, {steps[0], steps[1]}};
  }
};

/// Matrix number `batch` of an operand of an opaque op: its last two axes.
Matrix matrix_of(const Strided& s, int64_t batch);

/// Calls body(i) for i = 0, ..., n - 1, of about `ns` each: OpaqueRun::for_each, or one after the other.
using Loop = std::function<void(int64_t n, double ns, const std::function<void(int64_t)>& body)>;

/// c = a * b; c is contiguous. The bits depend on neither the loop nor, except for products with one vector, the
/// layout.
void multiply(Engine& engine, DType t, const Matrix& a, const Matrix& b, const Matrix& c, const Loop& loop);

/// Estimated ns of a product on one core.
double multiply_ns(DType t, int64_t m, int64_t n, int64_t k);

}  // namespace lazulite
