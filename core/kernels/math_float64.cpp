// Stages of the elementary functions of float64.
#include "core/kernels/elementary-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_math64(StageTable& table) {
#define LZ_ELEMENTARY(id, ...) AddElementary<Op::id, DType::float64>(table);
#include "core/ops/elementary.def"
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
