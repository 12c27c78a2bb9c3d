// Matrix products of every dtype.
#include "core/kernels/matmul-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_matmul(StageTable& table) {
#define LZ_X(t, T) table.matmul[int(DType::t)] = KernelOf<T>();
  LZ_X(bool_, bool)
  LZ_FOR_FLOATS(LZ_X)
#undef LZ_X
  // Products modulo 2^bits are the same for signed and unsigned.
#define LZ_X(bits) \
  table.matmul[int(DType::int##bits)] = table.matmul[int(DType::uint##bits)] = KernelOf<uint##bits##_t>();
  LZ_X(8)
  LZ_X(16)
  LZ_X(32)
  LZ_X(64)
#undef LZ_X
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
