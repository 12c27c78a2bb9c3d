// Stages of the rows of three arguments on float64.
#include "core/kernels/ternary-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_ternary64(StageTable& table) { AddTernary<DType::float64>(table); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
