// LU, Cholesky and QR decompositions, and one target's table of all.
#include "core/kernels/eigen-inl.h"

namespace lazulite {
namespace LAZULITE_EIGEN {

thread_local Ticks ticks;

namespace {

Outcome lu(Look look, double* a, int64_t n, int32_t* rows, bool* odd) {
  return looking(look, [&] {
    Memory<Columns> m(a, n, n);
    Eigen::PartialPivLU<Eigen::Ref<Columns>> f(m);
    for (int64_t i = 0; i < n; ++i) rows[f.permutationP().indices()[i]] = static_cast<int32_t>(i);
    *odd = f.permutationP().determinant() < 0;
    return (m.diagonal().array() != 0.0).all();
  });
}

Outcome lu_solve(Look look, const double* factors, int64_t n, const int32_t* rows, double* b, int64_t columns) {
  return looking(look, [&] {
    const Memory<const Columns> f(factors, n, n);
    Memory<Columns> x(b, n, columns);
    Columns permuted(n, columns);
    for (int64_t i = 0; i < n; ++i) permuted.row(i) = x.row(rows[i]);
    f.triangularView<Eigen::UnitLower>().solveInPlace(permuted);
    f.triangularView<Eigen::Upper>().solveInPlace(permuted);
    x = permuted;
    return true;
  });
}

Outcome cholesky(Look look, double* a, int64_t n) {
  return looking(look, [&] {
    Memory<Columns> m(a, n, n);
    const Eigen::LLT<Eigen::Ref<Columns>> f(m);
    m.triangularView<Eigen::StrictlyUpper>().setZero();
    return f.info() == Eigen::Success;
  });
}

Outcome qr(Look look, double* a, int64_t m, int64_t n, double* coefficients) {
  return looking(look, [&] {
    Memory<Columns> x(a, m, n);
    const Eigen::HouseholderQR<Eigen::Ref<Columns>> f(x);
    Memory<Vector>(coefficients, std::min(m, n)) = f.hCoeffs();
    return true;
  });
}

Outcome q(Look look, const double* factors, int64_t m, int64_t n, const double* coefficients, double* result,
          int64_t columns) {
  return looking(look, [&] {
    const int64_t k = std::min(m, n);
    const Memory<const Columns> f(factors, m, n);
    const Memory<const Vector> tau(coefficients, k);
    Memory<Columns> to(result, m, columns);
    to.setIdentity();
    to.applyOnTheLeft(Eigen::householderSequence(f.leftCols(k), tau));
    return true;
  });
}

}  // namespace

void add_solvers(Decompositions& table) {
  table.lu = lu;
  table.lu_solve = lu_solve;
  table.cholesky = cholesky;
  table.qr = qr;
  table.q = q;
}

const Decompositions& decompositions() {
  static const Decompositions table = [] {
    // Fixed, so that blocks, and with them the bits, are the same on every machine.
    std::ptrdiff_t l1 = 32 << 10, l2 = 512 << 10, l3 = 2 << 20;
    Eigen::internal::manage_caching_sizes(Eigen::SetAction, &l1, &l2, &l3);
    Decompositions t{};
    add_solvers(t);
    add_svd(t);
    add_eigh(t);
    return t;
  }();
  return table;
}

}  // namespace LAZULITE_EIGEN
}  // namespace lazulite
