// Matrix products of lazy arrays: NumPy's matmul, vecdot, matvec and vecmat.
#include <algorithm>

#include "core/dispatch/engine.h"
#include "core/dispatch/gufunc.h"
#include "core/dispatch/linalg.h"
#include "core/dispatch/opaque.h"
#include "core/dispatch/product.h"
#include "core/graph/promotion.h"

namespace lazulite {

namespace {

constexpr double kAloneNs = 100e3;  // products of a batch below this take one thread each
constexpr double kPartNs = 5e3;     // of such products, one task

/// All matrices of `b` are one, and the rows of all of `a`'s follow in one stride: one product of many rows.
bool rows_follow(const Strided& a, const Strided& b) {
  for (int axis = 0; axis < a.shape.size() - 2; ++axis) {
    if (b.shape[axis] != 1 && b.strides[axis] != 0) return false;
    if (a.shape[axis] != 1 && a.strides[axis] != a.strides[axis + 1] * a.shape[axis + 1]) return false;
  }
  return true;
}

void run_matmul(OpaqueRun& run) {
  const Strided &a = run.in[0], &b = run.in[1];
  const DType t = a.dtype;
  const int64_t total = run.out.shape.product();
  if (total == 0) return;
  Matrix left = matrix_of(a, 0);
  const Matrix right = matrix_of(b, 0);
  const int64_t n = right.columns;
  int64_t each = left.rows * n, batches = total / each;
  if (batches > 1 && rows_follow(a, b)) {
    left.rows *= batches;
    each *= batches;
    batches = 1;
  }
  const auto result = [&](int64_t batch) -> Matrix {
    return {run.out.data + batch * each * item_size(t), left.rows, n, {n, 1}};
  };
  const Loop threads = [&run](int64_t count, double ns, const std::function<void(int64_t)>& body) {
    run.for_each(count, ns, body);
  };
  const Loop serial = [](int64_t count, double, const std::function<void(int64_t)>& body) {
    for (int64_t i = 0; i < count; ++i) body(i);
  };
  const double ns = multiply_ns(t, left.rows, n, left.columns);
  if (batches == 1) {
    multiply(run.engine, t, left, right, result(0), threads);
  } else if (ns < kAloneNs) {
    // Parts of the innermost axis of the batch, along which the matrices lie at one distance.
    const int axis = a.shape.size() - 3;
    const int64_t inner = a.shape[axis], size = item_size(t);
    const int64_t part = std::clamp<int64_t>(static_cast<int64_t>(kPartNs / ns), 1, inner);
    const int64_t parts = (inner + part - 1) / part;
    run.for_each(batches / inner * parts, ns * static_cast<double>(part), [&](int64_t i) {
      const int64_t first = i % parts * part, batch = i / parts * inner + first;
      Matrix x = matrix_of(a, batch), y = matrix_of(b, batch), z = result(batch);
      for (int64_t k = first; k < std::min(inner, first + part); ++k) {
        multiply(run.engine, t, x, y, z, serial);
        x.data += a.strides[axis] * size;
        y.data += b.strides[axis] * size;
        z.data += each * size;
      }
    });
  } else {
    for (int64_t batch = 0; batch < batches; ++batch)
      multiply(run.engine, t, matrix_of(a, batch), matrix_of(b, batch), result(batch), threads);
  }
}

constexpr OpaqueOp kMatmul = {"matmul", "every element needs a row of one operand and a column of the other",
                              run_matmul};

Array with_axis(const Array& a, int axis) {
  View v = view_of(a);
  v.insert_axis(axis);
  return make_view(a, std::move(v));
}

/// The products of two arrays of matrices that match; `shape` is the result's, which may leave axes of 1 out.
Array products(const Array& a, const Array& b, const Dims& loop, const Dims& shape) {
  const DType t = promote(a.dtype(), b.dtype());
  const NodeRef in[] = {broadcast_loop(astype(a, t, false), loop, 2), broadcast_loop(astype(b, t, false), loop, 2)};
  const int64_t m = a.shape()[a.ndim() - 2], n = b.shape()[b.ndim() - 1], k = a.shape()[a.ndim() - 1];
  const double ns = multiply_ns(t, m, n, k) * static_cast<double>(loop.product());
  return Array(apply_opaque({&kMatmul, {}}, t, shape, in, 2, ns));
}

constexpr const char* kSignature = "(n?,k),(k,m?)->(n?,m?)";

}  // namespace

Array vecdot(const Array& a, const Array& b) {
  match_core("vecdot", "(n),(n)->()", {&a, &b});
  const Argument args[] = {a, b};
  const Array product = apply(Op::multiply, args, 2);
  const uint64_t last = uint64_t{1} << (product.ndim() - 1);
  if (product.dtype() == DType::bool_) return reduce(Op::reduce_any, product, last);
  return reduce(Op::reduce_sum, product, last, false, product.dtype());
}

Array matvec(const Array& a, const Array& b) {
  const Dims loop = match_core("matvec", "(m,n),(n)->(m)", {&a, &b});
  return products(a, with_axis(b, b.ndim()), loop, extended(loop, {a.shape()[a.ndim() - 2]}));
}

Array vecmat(const Array& a, const Array& b) {
  const Dims loop = match_core("vecmat", "(n),(n,m)->(m)", {&a, &b});
  return products(with_axis(a, a.ndim() - 1), b, loop, extended(loop, {b.shape()[b.ndim() - 1]}));
}

Array matmul(const Array& a, const Array& b) {
  const Dims loop = match_core("matmul", kSignature, {&a, &b});
  if (a.ndim() == 1 && b.ndim() == 1) return vecdot(a, b);
  const int64_t m = a.shape()[std::max(a.ndim() - 2, 0)], n = b.shape()[b.ndim() - 1];
  if (b.ndim() == 1) return products(a, with_axis(b, 1), loop, extended(loop, {m}));
  if (a.ndim() == 1) return products(with_axis(a, 0), b, loop, extended(loop, {n}));
  return products(a, b, loop, extended(loop, {m, n}));
}

void matmul_in_place(const Array& a, const Array& b) {
  match_core("matmul", kSignature, {&a, &b});
  if (b.ndim() < 2)
    throw Error(ErrorKind::value,
                "inplace matrix multiplication requires the first operand to have at least one and the second at least "
                "two dimensions.");
  const Array product = matmul(a, b);
  check_core_out("matmul", kSignature, a.shape(), product.shape(), std::min(a.ndim(), 2));
  write_out(a, product, "matmul", true);
}

}  // namespace lazulite
