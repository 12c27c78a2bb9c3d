// Stages of one- and two-argument ops on bool, int8 and uint8.
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_bytes(StageTable& table) {
  AddRows<DType::bool_>(table);
  AddRows<DType::int8>(table);
  AddRows<DType::uint8>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
