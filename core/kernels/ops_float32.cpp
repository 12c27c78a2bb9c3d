// Stages of one- and two-argument ops on float32, but for the elementary functions.
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_float32(StageTable& table) { AddRows<DType::float32>(table); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
