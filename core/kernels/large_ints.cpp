// Stages of the large rows on integers.
#include "core/kernels/large-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_large_ints(StageTable& table) {
  AddLarge<DType::int8>(table);
  AddLarge<DType::int16>(table);
  AddLarge<DType::int32>(table);
  AddLarge<DType::int64>(table);
  AddLarge<DType::uint8>(table);
  AddLarge<DType::uint16>(table);
  AddLarge<DType::uint32>(table);
  AddLarge<DType::uint64>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
