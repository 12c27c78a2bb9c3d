// Linear algebra on lazy arrays, with NumPy's shapes, promotion and errors; the last two axes are matrices.
#pragma once

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

}  // namespace lazulite
