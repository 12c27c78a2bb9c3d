// Eigenvalues and eigenvectors of symmetric matrices.
#include "core/kernels/eigen-inl.h"

namespace lazulite {
namespace LAZULITE_EIGEN {

namespace {

Outcome eigh(Look look, double* a, int64_t n, bool vectors, double* values) {
  return looking(look, [&] {
    Memory<Columns> m(a, n, n);
    const Eigen::SelfAdjointEigenSolver<Columns> f(m, vectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
    if (f.info() != Eigen::Success) return false;
    Memory<Vector>(values, n) = f.eigenvalues();
    if (vectors) m = f.eigenvectors();
    return true;
  });
}

}  // namespace

void add_eigh(Decompositions& table) { table.eigh = eigh; }

}  // namespace LAZULITE_EIGEN
}  // namespace lazulite
