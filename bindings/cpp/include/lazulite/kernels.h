// The kernels of expressions for all targets of the translation unit, and the choice among them.
#pragma once

#include "lazulite/target.h"

#if LAZULITE_DISPATCHES
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazulite/kernels_of_target-inl.h"
#include <hwy/foreach_target.h>
#if HWY_STATIC_TARGET <= HWY_SSE4
#include "lazulite/kernels_of_target-inl.h"
#endif
#else
#include "lazulite/kernels_of_target-inl.h"
#endif

#include "lazulite/dispatch.h"
