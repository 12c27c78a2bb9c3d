// Stages of one- and two-argument ops on int16 and uint16.
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_int16(StageTable& table) {
  AddRows<DType::int16>(table);
  AddRows<DType::uint16>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
