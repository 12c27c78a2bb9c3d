// Divisions with remainder, one at a time.
#include "core/kernels/division_rare.h"

namespace lazulite {

#define LZ_DIVISIONS(T)                                                    \
  template void divide_one_by_one<Op::floor_divide, T>(T*, const T*, int); \
  template void divide_one_by_one<Op::remainder, T>(T*, const T*, int);    \
  template void divide_one_by_one<Op::fmod, T>(T*, const T*, int);
LZ_DIVISIONS(float)
LZ_DIVISIONS(double)
LZ_DIVISIONS(int64_t)
LZ_DIVISIONS(uint64_t)

}  // namespace lazulite
