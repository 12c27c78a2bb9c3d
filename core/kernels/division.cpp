// Divisions with remainder, one at a time.
#include "core/kernels/division.h"

#include "core/kernels/reference.h"

namespace lazulite {

template <Op op, class T>
void divide_one_by_one(T* a, const T* b, int n) {
  for (int i = 0; i < n; ++i) {
    if constexpr (op == Op::floor_divide) a[i] = reference::FloorDivide(a[i], b[i]);
    if constexpr (op == Op::remainder) a[i] = reference::Remainder(a[i], b[i]);
    if constexpr (op == Op::fmod) a[i] = reference::Fmod(a[i], b[i]);
  }
}

#define LZ_DIVISIONS(T)                                                    \
  template void divide_one_by_one<Op::floor_divide, T>(T*, const T*, int); \
  template void divide_one_by_one<Op::remainder, T>(T*, const T*, int);    \
  template void divide_one_by_one<Op::fmod, T>(T*, const T*, int);
LZ_DIVISIONS(float)
LZ_DIVISIONS(double)
LZ_DIVISIONS(int64_t)
LZ_DIVISIONS(uint64_t)

}  // namespace lazulite
