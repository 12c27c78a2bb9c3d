// One target's whole table.
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void fill_table(StageTable& table) {
  __builtin_memset(static_cast<void*>(&table), 0, sizeof(table));
  register_memory(table);
  register_bytes(table);
  register_int16(table);
  register_int32(table);
  register_int64(table);
  register_float32(table);
  register_float64(table);
  register_fused32(table);
  register_fused64(table);
  register_math32(table);
  register_math64(table);
  register_large32(table);
  register_large64(table);
  register_large_ints(table);
  register_ternary32(table);
  register_ternary64(table);
  register_where(table);
  register_casts(table);
  register_reduce_ints(table);
  register_reduce_floats(table);
  register_random(table);
  register_samples(table);
  register_matmul(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
