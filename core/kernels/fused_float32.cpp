// Stages of two arithmetic ops on float32.
#include "core/kernels/fused-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_fused32(StageTable& table) {
  AddFused<float, 8>(table.fused[0][2]);
  AddFused<float, 4>(table.fused[0][3]);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
