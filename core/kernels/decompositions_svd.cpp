// The singular value decomposition.
#include "core/kernels/eigen-inl.h"

namespace lazulite {
namespace LAZULITE_EIGEN {

namespace {

Outcome svd(Look look, const double* a, int64_t m, int64_t n, double* s, double* u, int64_t u_columns, double* v,
            int64_t v_columns) {
  return looking(look, [&] {
    const int64_t k = std::min(m, n);
    unsigned options = 0;
    if (u_columns > 0) options |= u_columns == k ? Eigen::ComputeThinU : Eigen::ComputeFullU;
    if (v_columns > 0) options |= v_columns == k ? Eigen::ComputeThinV : Eigen::ComputeFullV;
    const Eigen::BDCSVD<Columns> f(Memory<const Columns>(a, m, n), options);
    if (f.info() != Eigen::Success) return false;
    Memory<Vector>(s, k) = f.singularValues();
    if (u_columns > 0) Memory<Columns>(u, m, u_columns) = f.matrixU();
    if (v_columns > 0) Memory<Columns>(v, n, v_columns) = f.matrixV();
    return true;
  });
}

}  // namespace

void add_svd(Decompositions& table) { table.svd = svd; }

}  // namespace LAZULITE_EIGEN
}  // namespace lazulite
