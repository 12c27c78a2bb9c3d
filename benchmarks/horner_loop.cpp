// The hand-written loop of one SIMD target: four vectors at a time, to hide the latency of the dependent steps.
#include "benchmarks/horner_loop.h"

#include <hwy/highway.h>

namespace lazulite {
namespace HWY_NAMESPACE {

void horner_loop(const double* x, double* y, int64_t n, const double* c) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += 4 * lanes) {
    const auto x0 = hn::Load(d, x + i), x1 = hn::Load(d, x + i + lanes);
    const auto x2 = hn::Load(d, x + i + 2 * lanes), x3 = hn::Load(d, x + i + 3 * lanes);
    auto y0 = hn::Set(d, c[0]), y1 = y0, y2 = y0, y3 = y0;
    for (int k = 1; k <= 8; ++k) {
      const auto a = hn::Set(d, c[k]);
      y0 = y0 * x0 + a;
      y1 = y1 * x1 + a;
      y2 = y2 * x2 + a;
      y3 = y3 * x3 + a;
    }
    hn::Store(y0, d, y + i);
    hn::Store(y1, d, y + i + lanes);
    hn::Store(y2, d, y + i + 2 * lanes);
    hn::Store(y3, d, y + i + 3 * lanes);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
