// The elementary functions of the op table on vectors of float and double of any size.
//
// Each is at most 1 ulp from the exact result for every argument (special functions: as the op table says), follows
// C99's Annex F on special values, and gives the same bits on every target that has FMA, whatever the other lanes hold.
// tests/cpp/math_test.cpp checks all that.
#if defined(LZ_MATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_INL
#undef LZ_MATH_INL
#else
#define LZ_MATH_INL
#endif

#include "core/kernels/math_asin-inl.h"
#include "core/kernels/math_asinh-inl.h"
#include "core/kernels/math_atan-inl.h"
#include "core/kernels/math_atan2-inl.h"
#include "core/kernels/math_bessel_i-inl.h"
#include "core/kernels/math_bessel_j-inl.h"
#include "core/kernels/math_beta-inl.h"
#include "core/kernels/math_betainc-inl.h"
#include "core/kernels/math_betaincinv-inl.h"
#include "core/kernels/math_cbrt-inl.h"
#include "core/kernels/math_erf-inl.h"
#include "core/kernels/math_erfc-inl.h"
#include "core/kernels/math_erfinv-inl.h"
#include "core/kernels/math_exp-inl.h"
#include "core/kernels/math_expit-inl.h"
#include "core/kernels/math_expm1-inl.h"
#include "core/kernels/math_gamma-inl.h"
#include "core/kernels/math_gammainc-inl.h"
#include "core/kernels/math_gammaincinv-inl.h"
#include "core/kernels/math_hypot-inl.h"
#include "core/kernels/math_log-inl.h"
#include "core/kernels/math_log_base-inl.h"
#include "core/kernels/math_logaddexp-inl.h"
#include "core/kernels/math_pow-inl.h"
#include "core/kernels/math_sin-inl.h"
#include "core/kernels/math_sinh-inl.h"
#include "core/kernels/math_sinpi-inl.h"
#include "core/kernels/math_tan-inl.h"
#include "core/kernels/math_tanh-inl.h"

#endif  // LZ_MATH_INL
