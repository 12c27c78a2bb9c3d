// Stages of the rows of three arguments on float32.
#include "core/kernels/ternary-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_ternary32(StageTable& table) { AddTernary<DType::float32>(table); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
