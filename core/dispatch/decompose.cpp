// Decompositions of lazy matrices: opaque ops around the kernels of core/kernels/decompositions.h, batched.
//
// Every matrix is copied to a column-major float64 workspace, which the decomposition changes in place; float32 is
// computed in float64. Several results of one op are windows of one flat result for each matrix.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/dispatch/engine.h"
#include "core/dispatch/gufunc.h"
#include "core/dispatch/linalg.h"
#include "core/dispatch/opaque.h"
#include "core/dispatch/product.h"
#include "core/graph/promotion.h"
#include "core/kernels/decompositions.h"

namespace lazulite {

namespace {

constexpr double kSolveNs = 0.2, kQrNs = 0.6, kSvdNs = 8, kEighNs = 5;  // for n^3 of n x n matrices
constexpr double kStartNs = 500;                                        // a decomposition of next to nothing

/// Column-major float64 workspace.
class Workspace {
 public:
  Workspace(Engine& engine, int64_t rows, int64_t columns)
      : storage_(engine.allocate(std::max<int64_t>(rows * columns, 1) * 8)), rows_(rows), columns_(columns) {}
  double* data() const { return reinterpret_cast<double*>(storage_->data); }
  double& at(int64_t i, int64_t j) const { return data()[i + j * rows_]; }
  int64_t rows() const { return rows_; }
  int64_t columns() const { return columns_; }

  void set_identity() const {
    std::fill_n(data(), rows_ * columns_, 0.0);
    for (int64_t i = 0; i < std::min(rows_, columns_); ++i) at(i, i) = 1;
  }
  bool any(bool (*test)(double)) const { return std::any_of(data(), data() + rows_ * columns_, test); }

 private:
  Ref<Storage> storage_;
  int64_t rows_, columns_;
};

/// One matrix of an operand, and where its result goes: flat, float32 or float64.
struct Task {
  OpaqueRun& run;
  const Decompositions& kernel;
  int64_t batch;
  int64_t out;  // elements of the result before this matrix's

  Workspace load(size_t operand) const {
    const Matrix m = matrix_of(run.in[operand], batch);
    const Workspace w(run.engine, m.rows, m.columns);
    const auto copy = [&](const auto* from) {
      for (int64_t j = 0; j < m.columns; ++j)
        for (int64_t i = 0; i < m.rows; ++i) w.at(i, j) = static_cast<double>(from[i * m.steps[0] + j * m.steps[1]]);
    };
    if (run.in[operand].dtype == DType::float32)
      copy(reinterpret_cast<const float*>(m.data));
    else
      copy(reinterpret_cast<const double*>(m.data));
    return w;
  }

  void put(double value) {
    if (run.out.dtype == DType::float32)
      run.out.as<float>()[out++] = static_cast<float>(value);
    else
      run.out.as<double>()[out++] = value;
  }
  /// `value(i, j)` for a matrix, row by row.
  template <class F>
  void put(int64_t rows, int64_t columns, F&& value) {
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) put(value(i, j));
  }
  void put(const Workspace& w) {
    put(w.rows(), w.columns(), [&](int64_t i, int64_t j) { return w.at(i, j); });
  }
  void put_transposed(const Workspace& w) {
    put(w.columns(), w.rows(), [&](int64_t i, int64_t j) { return w.at(j, i); });
  }

  Look look() const {
    if (!run.watch) return {};
    return {[](void* watch) { return static_cast<Watch*>(watch)->stop(); }, run.watch};
  }
  /// Passes an outcome on: true if the decomposition succeeded.
  bool done(Outcome outcome) const {
    if (outcome == Outcome::stopped) throw Error(ErrorKind::interrupted, "interrupted");
    return outcome == Outcome::done;
  }
};

/// Runs `body` for every matrix of the batch; `ns` is one decomposition's time.
template <class F>
void each_matrix(OpaqueRun& run, double ns, F&& body) {
  const Dims& shape = run.in[0].shape;
  int64_t batches = 1;
  for (int k = 0; k < shape.size() - 2; ++k) batches *= shape[k];
  if (batches == 0) return;
  const int64_t each = run.out.shape.product() / batches;
  const Decompositions& kernel = run.engine.decompositions();
  run.for_each(batches, ns, [&](int64_t batch) {
    Task task{run, kernel, batch, batch * each};
    body(task);
  });
}

double cube(const Dims& shape) {
  const auto m = static_cast<double>(shape[shape.size() - 2]), n = static_cast<double>(shape[shape.size() - 1]);
  return m * n * std::min(m, n);
}

double ns_of(double factor, const Dims& shape) { return kStartNs + factor * cube(shape); }

bool is_nan(double x) { return std::isnan(x); }
bool is_not_finite(double x) { return !std::isfinite(x); }

// --- The ops -----------------------------------------------------------------------------------------------------

struct Lu {
  Workspace factors;
  std::vector<int32_t> rows;
  bool odd = false;
  bool regular = true;

  explicit Lu(Task& task) : factors(task.load(0)), rows(static_cast<size_t>(factors.rows())) {
    if (factors.rows() > 0)
      regular = task.done(task.kernel.lu(task.look(), factors.data(), factors.rows(), rows.data(), &odd));
  }
};

void solve_in_place(Task& task, const Lu& lu, const Workspace& b) {
  if (!lu.regular) throw Error(ErrorKind::linalg, "Singular matrix");
  if (b.rows() > 0 && b.columns() > 0)
    task.done(task.kernel.lu_solve(task.look(), lu.factors.data(), b.rows(), lu.rows.data(), b.data(), b.columns()));
  task.put(b);
}

void run_solve(OpaqueRun& run) {
  each_matrix(run, ns_of(kSolveNs, run.in[0].shape), [](Task& task) {
    const Lu lu(task);
    solve_in_place(task, lu, task.load(1));
  });
}

void run_inv(OpaqueRun& run) {
  each_matrix(run, ns_of(3 * kSolveNs, run.in[0].shape), [](Task& task) {
    const Lu lu(task);
    const Workspace b(task.run.engine, lu.factors.rows(), lu.factors.rows());
    b.set_identity();
    solve_in_place(task, lu, b);
  });
}

/// The determinant as sign, mantissa in [0.5, 1) (or 0, inf, NaN) and exponent: its size fits no double.
struct Determinant {
  double sign = 1, mantissa = 1;
  int64_t exponent = 0;

  explicit Determinant(const Lu& lu) {
    if (lu.odd) sign = -1;
    if (!lu.regular) {
      // A zero on the diagonal; a NaN elsewhere on it still counts.
      mantissa = 0;
      for (int64_t i = 0; i < lu.factors.rows(); ++i) mantissa *= lu.factors.at(i, i);
      sign = std::isnan(mantissa) ? mantissa : 0;
      return;
    }
    for (int64_t i = 0; i < lu.factors.rows(); ++i) {
      int of_factor = 0, of_product = 0;
      const double u = lu.factors.at(i, i);
      if (u < 0) sign = -sign;
      mantissa = std::frexp(mantissa * std::frexp(std::fabs(u), &of_factor), &of_product);
      exponent += of_factor + of_product;
    }
    if (std::isnan(mantissa)) sign = mantissa;
  }
  double value() const {
    return sign * std::ldexp(mantissa, static_cast<int>(std::clamp<int64_t>(exponent, -5000, 5000)));
  }
  double log() const { return std::log(mantissa) + static_cast<double>(exponent) * std::log(2.0); }
};

void run_det(OpaqueRun& run) {
  each_matrix(run, ns_of(kSolveNs, run.in[0].shape), [](Task& task) { task.put(Determinant(Lu(task)).value()); });
}

void run_slogdet(OpaqueRun& run) {
  each_matrix(run, ns_of(kSolveNs, run.in[0].shape), [](Task& task) {
    const Determinant d{Lu(task)};
    task.put(d.sign);
    task.put(d.log());
  });
}

void run_cholesky(OpaqueRun& run) {
  each_matrix(run, ns_of(kSolveNs, run.in[0].shape), [](Task& task) {
    const Workspace a = task.load(0);
    if (a.rows() > 0 && !task.done(task.kernel.cholesky(task.look(), a.data(), a.rows())))
      throw Error(ErrorKind::linalg, "Matrix is not positive definite");
    task.put(a);
  });
}

/// numbers: columns of Q, rows of R; or -1: the Householder vectors (transposed) and coefficients.
void run_qr(OpaqueRun& run) {
  each_matrix(run, ns_of(kQrNs, run.in[0].shape), [](Task& task) {
    const Workspace a = task.load(0);
    const int64_t m = a.rows(), n = a.columns(), k = std::min(m, n);
    const int64_t columns = task.run.params.numbers[0], rows = task.run.params.numbers[1];
    const Workspace coefficients(task.run.engine, k, 1);
    if (k > 0) task.done(task.kernel.qr(task.look(), a.data(), m, n, coefficients.data()));
    if (columns < 0) {
      task.put_transposed(a);
      task.put(coefficients);
      return;
    }
    if (columns > 0) {
      const Workspace q(task.run.engine, m, columns);
      q.set_identity();
      if (k > 0) task.done(task.kernel.q(task.look(), a.data(), m, n, coefficients.data(), q.data(), columns));
      task.put(q);
    }
    task.put(rows, n, [&](int64_t i, int64_t j) { return i <= j ? a.at(i, j) : 0.0; });
  });
}

/// numbers: columns of U and rows of V transposed.
void run_svd(OpaqueRun& run) {
  each_matrix(run, ns_of(kSvdNs, run.in[0].shape), [](Task& task) {
    const Workspace a = task.load(0);
    const int64_t m = a.rows(), n = a.columns(), k = std::min(m, n);
    const int64_t columns = task.run.params.numbers[0], rows = task.run.params.numbers[1];
    const Workspace s(task.run.engine, k, 1), u(task.run.engine, m, columns), v(task.run.engine, n, rows);
    if (k == 0) {
      u.set_identity();
      v.set_identity();
    } else if (a.any(is_not_finite)) {
      if (a.any(is_nan)) throw Error(ErrorKind::linalg, "SVD did not converge");
      for (const Workspace* w : {&s, &u, &v})
        std::fill_n(w->data(), w->rows() * w->columns(), std::numeric_limits<double>::quiet_NaN());
    } else if (!task.done(task.kernel.svd(task.look(), a.data(), m, n, s.data(), u.data(), columns, v.data(), rows))) {
      throw Error(ErrorKind::linalg, "SVD did not converge");
    }
    task.put(u);
    task.put(s);
    task.put_transposed(v);
  });
}

/// numbers: 1 if the eigenvectors are wanted.
void run_eigh(OpaqueRun& run) {
  each_matrix(run, ns_of(kEighNs, run.in[0].shape), [](Task& task) {
    const Workspace a = task.load(0);
    const int64_t n = a.rows();
    const bool vectors = task.run.params.numbers[0] != 0;
    const Workspace values(task.run.engine, n, 1);
    bool nan = false, finite = true;
    for (int64_t j = 0; j < n; ++j)
      for (int64_t i = j; i < n; ++i) {
        nan |= std::isnan(a.at(i, j));
        finite &= std::isfinite(a.at(i, j));
      }
    if (n == 1) {
      values.at(0, 0) = a.at(0, 0);
      a.at(0, 0) = 1;
    } else if (!finite) {
      if (nan) throw Error(ErrorKind::linalg, "Eigenvalues did not converge");
      std::fill_n(values.data(), n, std::numeric_limits<double>::quiet_NaN());
      a.set_identity();
    } else if (n > 0 && !task.done(task.kernel.eigh(task.look(), a.data(), n, vectors, values.data()))) {
      throw Error(ErrorKind::linalg, "Eigenvalues did not converge");
    }
    task.put(values);
    if (vectors) task.put(a);
  });
}

constexpr const char* kWhy = "every element of the result needs the whole matrix";
constexpr OpaqueOp kSolve = {"solve", kWhy, run_solve};
constexpr OpaqueOp kInv = {"inv", kWhy, run_inv};
constexpr OpaqueOp kDet = {"det", kWhy, run_det};
constexpr OpaqueOp kSlogdet = {"slogdet", kWhy, run_slogdet};
constexpr OpaqueOp kCholesky = {"cholesky", kWhy, run_cholesky};
constexpr OpaqueOp kQr = {"qr", kWhy, run_qr};
constexpr OpaqueOp kSvd = {"svd", kWhy, run_svd};
constexpr OpaqueOp kEigh = {"eigh", kWhy, run_eigh};

// --- Arrays ------------------------------------------------------------------------------------------------------

/// The dtype that NumPy's linalg gives.
DType float_of(DType t) { return t == DType::float32 ? t : DType::float64; }

int64_t rows_of(const Array& a) { return a.shape()[a.ndim() - 2]; }
int64_t columns_of(const Array& a) { return a.shape()[a.ndim() - 1]; }

Dims leading(const Array& a) { return Dims(a.shape().data(), a.ndim() - 2); }

NodeRef decompose(const OpaqueParams& params, const Array& a, std::initializer_list<int64_t> core, double factor) {
  const NodeRef in = astype(a, float_of(a.dtype()), false).read();
  const Dims lead = leading(a);
  const double ns = ns_of(factor, a.shape()) * static_cast<double>(lead.product());
  return apply_opaque(params, in->dtype, extended(lead, core), &in, 1, ns);
}

/// Matrices (or vectors, where `core` has one extent) that lie one after the other in a flat result's last axis.
class Parts {
 public:
  explicit Parts(NodeRef flat) : flat_(std::move(flat)) {}
  Array next(std::initializer_list<int64_t> core) {
    View v = view_of(flat_);
    const int last = v.shape.size() - 1;
    v.drop_axis(last);
    v.offset += offset_;
    int64_t size = 1;
    for (int64_t d : core) size *= d;
    int64_t stride = size;
    for (int64_t d : core) {
      const int axis = v.shape.size();
      stride = d > 0 ? stride / d : 0;
      v.insert_axis(axis);
      v.shape[axis] = d;
      v.strides[axis] = stride;
    }
    offset_ += size;
    const bool scalar = v.shape.size() == 0;
    return Array(make_view(flat_, std::move(v)).read(), scalar);
  }

 private:
  Array flat_;
  int64_t offset_ = 0;
};

Array scalar_if_0d(NodeRef n) {
  const bool scalar = n->shape.size() == 0;
  return Array(std::move(n), scalar);
}

}  // namespace

Array solve(const Array& a, const Array& b) {
  const DType t = float_of(promote(float_of(a.dtype()), float_of(b.dtype())));
  const Dims loop = match_core("solve", "(m,m),(m,n)->(m,n)", {&a, &b});
  const NodeRef in[] = {broadcast_loop(astype(a, t, false), loop, 2), broadcast_loop(astype(b, t, false), loop, 2)};
  const double ns = ns_of(kSolveNs, a.shape()) * static_cast<double>(loop.product());
  return Array(apply_opaque({&kSolve, {}}, t, extended(loop, {rows_of(b), columns_of(b)}), in, 2, ns));
}

Array inv(const Array& a) { return Array(decompose({&kInv, {}}, a, {rows_of(a), rows_of(a)}, 3 * kSolveNs)); }

Array det(const Array& a) { return scalar_if_0d(decompose({&kDet, {}}, a, {}, kSolveNs)); }

std::vector<Array> slogdet(const Array& a) {
  Parts parts(decompose({&kSlogdet, {}}, a, {2}, kSolveNs));
  const Array sign = parts.next({});
  return {sign, parts.next({})};
}

Array cholesky(const Array& a) { return Array(decompose({&kCholesky, {}}, a, {rows_of(a), rows_of(a)}, kSolveNs)); }

std::vector<Array> qr(const Array& a, QrMode mode) {
  const int64_t m = rows_of(a), n = columns_of(a), k = std::min(m, n);
  if (mode == QrMode::raw) {
    Parts parts(decompose({&kQr, Dims{-1, -1}}, a, {n * m + k}, kQrNs));
    const Array vectors = parts.next({n, m});
    return {vectors, parts.next({k})};
  }
  const int64_t columns = mode == QrMode::r ? 0 : mode == QrMode::complete ? m : k;
  const int64_t rows = mode == QrMode::complete ? m : k;
  Parts parts(decompose({&kQr, Dims{columns, rows}}, a, {m * columns + rows * n}, kQrNs));
  const Array q = parts.next({m, columns});
  return {q, parts.next({rows, n})};
}

std::vector<Array> svd(const Array& a, bool full, bool vectors) {
  const int64_t m = rows_of(a), n = columns_of(a), k = std::min(m, n);
  const int64_t columns = !vectors ? 0 : full ? m : k, rows = !vectors ? 0 : full ? n : k;
  Parts parts(decompose({&kSvd, Dims{columns, rows}}, a, {m * columns + k + rows * n}, vectors ? kSvdNs : kSvdNs / 4));
  const Array u = parts.next({m, columns}), s = parts.next({k});
  return {u, s, parts.next({rows, n})};
}

std::vector<Array> eigh(const Array& a, bool vectors) {
  const int64_t n = rows_of(a);
  Parts parts(decompose({&kEigh, Dims{vectors}}, a, {n + (vectors ? n * n : 0)}, vectors ? kEighNs : kEighNs / 4));
  const Array values = parts.next({n});
  if (!vectors) return {values};
  return {values, parts.next({n, n})};
}

}  // namespace lazulite
