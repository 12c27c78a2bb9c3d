// Compiled once per target with its flags: SLEEF's functions of that vector width.
#include "benchmarks/sleef_loops.h"

#include <hwy/highway.h>
#include <sleef.h>

#include "core/kernels/targets.h"

#if defined(__AVX512F__)
#define LZ_OF_WIDTH(f, ulp, X) X(f##d8_u##ulp##avx512f, f##f16_u##ulp##avx512f)
#elif defined(__AVX2__)
#define LZ_OF_WIDTH(f, ulp, X) X(f##d4_u##ulp##avx2, f##f8_u##ulp##avx2)
#else
#define LZ_OF_WIDTH(f, ulp, X) X(f##d2_u##ulp##sse4, f##f4_u##ulp##sse4)
#endif

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// `f` takes and gives the intrinsics' type of a whole vector.
template <class T, auto f>
void Loop(const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += lanes) hn::StoreU(hn::Vec<decltype(d)>{f(hn::LoadU(d, x + i).raw)}, d, y + i);
}

}  // namespace

#define LZ_FUNCTIONS(f64, f32) Loop<double, Sleef_##f64>, Loop<float, Sleef_##f32>
#define LZ_ROW(name, sleef, ulp, lo, hi) {{#name, LZ_OF_WIDTH(sleef, ulp, LZ_FUNCTIONS)}, lo, hi},
extern const SleefLoops kSleefLoops;
const SleefLoops kSleefLoops = {
    {LZ_ROW(exp, exp, 10, -10, 10) LZ_ROW(exp2, exp2, 10, -10, 10) LZ_ROW(expm1, expm1, 10, -5, 5)
         LZ_ROW(log, log, 10, 0.01, 100) LZ_ROW(log2, log2, 10, 0.01, 100) LZ_ROW(log10, log10, 10, 0.01, 100)
             LZ_ROW(log1p, log1p, 10, -0.9, 10) LZ_ROW(sin, sin, 10, -10, 10) LZ_ROW(cos, cos, 10, -10, 10)
                 LZ_ROW(tan, tan, 10, -10, 10) LZ_ROW(sinpi, sinpi, 05, -10, 10) LZ_ROW(cospi, cospi, 05, -10, 10)
                     LZ_ROW(arcsin, asin, 10, -1, 1) LZ_ROW(arccos, acos, 10, -1, 1) LZ_ROW(arctan, atan, 10, -10, 10)
                         LZ_ROW(sinh, sinh, 10, -5, 5) LZ_ROW(cosh, cosh, 10, -5, 5) LZ_ROW(tanh, tanh, 10, -3, 3)
                             LZ_ROW(arcsinh, asinh, 10, -10, 10) LZ_ROW(arccosh, acosh, 10, 1, 10)
                                 LZ_ROW(arctanh, atanh, 10, -0.99, 0.99) LZ_ROW(cbrt, cbrt, 10, -100, 100)
                                     LZ_ROW(erf, erf, 10, -3, 3) LZ_ROW(erfc, erfc, 15, -3, 10)
                                         LZ_ROW(gammaln, lgamma, 10, 0, 30) LZ_ROW(gamma, tgamma, 10, 0, 30)}};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
