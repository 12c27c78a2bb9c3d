// Stages of reductions of float32 and float64.
#include "core/kernels/register_reduce-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_reduce_floats(StageTable& table) {
  AddReductions<DType::float32>(table);
  AddReductions<DType::float64>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
