// Stages of one- and two-argument ops on float64, but for the elementary functions.
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_float64(StageTable& table) { AddRows<DType::float64>(table); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
