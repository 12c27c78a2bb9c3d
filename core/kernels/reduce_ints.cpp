// Stages of reductions of bool and the integers.
#include "core/kernels/register_reduce-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_reduce_ints(StageTable& table) {
  AddReductions<DType::bool_>(table);
#define LZ_X(t, T) AddReductions<DType::t>(table);
  LZ_FOR_INTEGERS(LZ_X)
#undef LZ_X
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
