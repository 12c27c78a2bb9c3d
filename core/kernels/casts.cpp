// Stages of casts between all dtypes.
#include <algorithm>

#include "core/kernels/cast-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

template <DType from, DType to, int lw>
void AddWidths(StageTable& table) {
  table.cast[int(from)][int(to)][lw] = StagePointer<CastBody<from, to, kVectors<from, lw>>>();
  if constexpr (lw < 3) AddWidths<from, to, lw + 1>(table);
}

template <DType from, DType to>
void Add(StageTable& table) {
  if constexpr (from != to) AddWidths<from, to, std::max(log2_size(from), log2_size(to))>(table);
}

template <DType from>
void AddFrom(StageTable& table) {
#define LZ_X(t, T) Add<from, DType::t>(table);
  LZ_FOR_DTYPES(LZ_X)
#undef LZ_X
}

}  // namespace

void register_casts(StageTable& table) {
#define LZ_X(t, T) AddFrom<DType::t>(table);
  LZ_FOR_DTYPES(LZ_X)
#undef LZ_X
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
