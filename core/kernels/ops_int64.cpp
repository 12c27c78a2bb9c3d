// Stages of one- and two-argument ops on int64 and uint64.
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_int64(StageTable& table) {
  AddRows<DType::int64>(table);
  AddRows<DType::uint64>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
