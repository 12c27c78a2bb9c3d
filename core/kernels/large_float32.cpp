// Stages of the large rows on float32.
#include "core/kernels/large-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_large32(StageTable& table) { AddLarge<DType::float32>(table); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
