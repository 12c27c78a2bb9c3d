// Everything that is compiled for a SIMD target, for one of them.
#if defined(LZ_KERNELS_OF_TARGET_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_KERNELS_OF_TARGET_INL
#undef LZ_KERNELS_OF_TARGET_INL
#else
#define LZ_KERNELS_OF_TARGET_INL
#endif

#include "lazulite/contract-inl.h"
#include "lazulite/draw-inl.h"
#include "lazulite/map-inl.h"
#include "lazulite/vectors-inl.h"

#endif  // LZ_KERNELS_OF_TARGET_INL
