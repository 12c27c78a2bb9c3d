// Stages of the large rows on float64.
#include "core/kernels/large-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_large64(StageTable& table) { AddLarge<DType::float64>(table); }

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
