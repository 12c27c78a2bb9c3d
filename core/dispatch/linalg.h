// Linear algebra on lazy arrays, with NumPy's shapes, promotion and errors; the last two axes are matrices.
#pragma once

#include <vector>

#include "core/dispatch/array.h"

namespace lazulite {

/// numpy.matmul: matrices of the last two axes, the leading ones broadcast; 1-d operands are vectors. Products with a
/// vector are fused reductions; products of matrices are opaque.
Array matmul(const Array& a, const Array& b);
/// a @= b, lazily; the shape stays.
void matmul_in_place(const Array& a, const Array& b);
/// numpy.vecdot, matvec and vecmat: vectors of the last axis, matrices of the last two; fused.
Array vecdot(const Array& a, const Array& b);
Array matvec(const Array& a, const Array& b);
Array vecmat(const Array& a, const Array& b);

// Decompositions of the last two axes' matrices, which the caller has checked to be there, and square where that is
// due. Errors that depend on values (ErrorKind::linalg) come when they are computed. float32 or float64.

/// The solutions of a x = b for the columns of b.
Array solve(const Array& a, const Array& b);
Array inv(const Array& a);
Array det(const Array& a);
/// Sign and logarithm of the absolute value of the determinant.
std::vector<Array> slogdet(const Array& a);
/// The lower factor, from the lower triangle.
Array cholesky(const Array& a);

enum class QrMode : uint8_t { reduced, complete, r, raw };
/// Q (without columns in mode r) and R; in mode raw, LAPACK's Householder vectors, transposed, and coefficients.
std::vector<Array> qr(const Array& a, QrMode mode);
/// U, the singular values and V transposed; U and V without columns where vectors are not wanted.
std::vector<Array> svd(const Array& a, bool full, bool vectors);
/// Eigenvalues, and eigenvectors if they are wanted, of symmetric matrices given by their lower triangles.
std::vector<Array> eigh(const Array& a, bool vectors);

}  // namespace lazulite
