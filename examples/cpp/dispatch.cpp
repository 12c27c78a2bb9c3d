// One program for every processor: the line below compiles evaluations for SSE4, AVX2 and AVX-512, and takes the best
// that the machine has.
#define LAZULITE_DISPATCH
#include <lazulite/lazulite.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace lz = lazulite;

/// Nothing of it knows of targets.
lz::array<double, 1> damped(const lz::array<double, 1>& t) { return exp(-0.5 * t) * sin(6.0 * t); }

/// A function of vectors: the macro makes a copy for each target.
lz::array<double, 1> clamped(const lz::array<double, 1>& t) {
  return lz::map(LAZULITE_VECTORS((auto x),
                                  {
                                    const auto y = exp(-x);
                                    return where(y < 0.1, 0.0, y);
                                  }),
                 t);
}

int main() {
  lz::array<double, 1> t({1'000'000});
  for (int64_t k = 0; k < t.size(); ++k) t(k) = 1e-5 * static_cast<double>(k);
#if LAZULITE_DISPATCHES
  std::printf("in use: %s\n", lz::simd_target());
  std::vector<double> sums;
  for (const std::string target : lz::simd_targets()) {
    lz::use_simd_target(target);
    lz::array<double, 1> y = damped(t);  // the first time, threads start and memory is touched
    const auto start = std::chrono::steady_clock::now();
    for (int k = 0; k < 5; ++k) y = exp(-0.5 * t) * sin(6.0 * t);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%s: %.2f ns an element, sums %.17g %.17g\n", target.c_str(), seconds.count() / 5e6 * 1e9, sum(y),
                sum(clamped(t)));
    if (target != "sse4") sums.push_back(sum(y) + sum(clamped(t)));  // without FMA, the last bits are others
  }
  return sums.empty() || sums.front() == sums.back() ? 0 : 1;
#else
  std::printf("nothing to choose: sum %.17g %.17g\n", sum(damped(t)), sum(clamped(t)));
  return 0;
#endif
}
