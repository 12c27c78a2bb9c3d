// Decompositions of matrices by Eigen, compiled for one target without FMA and one with it. No Eigen types.
//
// Everything is in float64. Targets beyond AVX2 use its code: then every target with FMA gives the same bits.
#pragma once

#include <cstdint>

namespace lazulite {

/// Whether a long computation is to stop: asked now and then, on the thread that runs it.
struct Look {
  bool (*stop)(void* context) = nullptr;
  void* context = nullptr;
};

enum class Outcome : uint8_t { done, failed, stopped };

/// Matrices are column-major without gaps, aligned to 64 bytes, finite unless it says otherwise; extents are positive.
struct Decompositions {
  /// a = its factors (L below the diagonal, with ones on it; U): row i of L*U is row rows[i] of a. `odd`: an odd
  /// permutation. Fails where an element of U's diagonal is 0. Any values.
  Outcome (*lu)(Look look, double* a, int64_t n, int32_t* rows, bool* odd);
  /// b (n x columns) = the solution of a x = b, given lu's result.
  Outcome (*lu_solve)(Look look, const double* lu, int64_t n, const int32_t* rows, double* b, int64_t columns);
  /// a = its lower Cholesky factor, from its lower triangle. Fails where it is not positive definite. Any values.
  Outcome (*cholesky)(Look look, double* a, int64_t n);
  /// a = R on and above the diagonal, Householder vectors below it; their coefficients. Any values.
  Outcome (*qr)(Look look, double* a, int64_t m, int64_t n, double* coefficients);
  /// The first `columns` columns of Q from the result of qr.
  Outcome (*q)(Look look, const double* qr, int64_t m, int64_t n, const double* coefficients, double* q,
               int64_t columns);
  /// Singular values, falling; `columns` of u and v (min(m, n) or all; 0: none).
  Outcome (*svd)(Look look, const double* a, int64_t m, int64_t n, double* s, double* u, int64_t u_columns, double* v,
                 int64_t v_columns);
  /// Eigenvalues, rising, of the symmetric matrix whose lower triangle is a's; a = the eigenvectors if wanted.
  Outcome (*eigh)(Look look, double* a, int64_t n, bool vectors, double* values);
};

}  // namespace lazulite
