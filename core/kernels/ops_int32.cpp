// Stages of one- and two-argument ops on int32 and uint32.
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_int32(StageTable& table) {
  AddRows<DType::int32>(table);
  AddRows<DType::uint32>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
