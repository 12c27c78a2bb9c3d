// Stages of two arithmetic ops on float64.
#include "core/kernels/fused-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_fused64(StageTable& table) { AddFused<double, 8>(table.fused[1][3]); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
