// Matrix products: what one SIMD target has for one dtype. No SIMD types.
//
// An element of a product is a chain of multiply-adds over kDepth steps of the inner dimension in their order, one
// rounding each on targets with FMA; chains are added in order, too. So the bits depend on the row and the column only:
// not on threads, tiles, layouts, batches or the vector width. (Products of a vector with rows in memory, `dots`, keep
// partial sums instead, as many on every target.)
#pragma once

#include <cstdint>

namespace lazulite {

inline constexpr int64_t kDepth = 256;  // steps of one chain: so much of the packed panels shares the caches

/// Integers wrap around; bool is "any of the pairs are both true". Steps are in elements. `add`: c += instead of c =.
struct MatmulKernel {
  /// The register tile, hence the width of packed panels: panel p of the left operand holds `rows` rows, element
  /// (row, k) at [(p * depth + k) * rows + row]; the right operand's `columns` columns likewise. Panels that the
  /// operand does not fill are filled with zeros.
  int rows, columns;
  /// Packed m x depth times packed depth x n, aligned to 64 bytes. Columns of c are contiguous.
  void (*packed)(const void* left, const void* right, int64_t m, int64_t n, int64_t depth, void* c, int64_t c_step,
                 bool add);
  /// a * b as they lie, depth <= kDepth: for small products, and for few columns.
  void (*direct)(const void* a, const int64_t* a_steps, const void* b, const int64_t* b_steps, int64_t m, int64_t n,
                 int64_t depth, void* c, int64_t c_step, bool add);
  /// y[i] = sum over k of a[i * step + k] * x[k].
  void (*dots)(const void* a, int64_t step, const void* x, int64_t m, int64_t depth, void* y);
  /// y[j] (+)= sum over k of x[k] * a[k * step + j]; depth <= kDepth.
  void (*columns_sum)(const void* a, int64_t step, const void* x, int64_t n, int64_t depth, void* y, bool add);
};

}  // namespace lazulite
