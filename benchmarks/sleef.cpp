// The elementary functions against SLEEF's of at most 1 ulp at the same vector width, one thread: sleef [NAME...].
//
// Both as loops over 10^5 elements in L2, in turn, median of the rounds; SLEEF's functions are calls for each vector,
// as its users have them. Built only when asked for, where SLEEF is installed: `ninja -C build/release sleef`.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <string_view>
#include <vector>

#include "benchmarks/sleef_loops.h"
#include "tests/cpp/math_testing.h"

namespace lazulite {

#define LZ_DECLARE(target, name)         \
  namespace N_##target {                 \
    extern const SleefLoops kSleefLoops; \
  }
LZ_SIMD_TARGETS(LZ_DECLARE)
#undef LZ_DECLARE

namespace {

constexpr int64_t kSize = 100'000 / 16 * 16;
constexpr int kRounds = 15;

template <class T>
double seconds(MathLoop<T> f, const std::vector<T>& x, std::vector<T>& y) {
  const auto start = std::chrono::steady_clock::now();
  for (int k = 0; k < 5; ++k) f(x.data(), y.data(), kSize);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 5;
}

double median(std::vector<double>& v) {
  std::nth_element(v.begin(), v.begin() + kRounds / 2, v.end());
  return v[kRounds / 2];
}

const MathFunctions* find(const MathProbe& probe, std::string_view name) {
  for (const MathFunctions& f : probe.functions)
    if (f.name == name) return &f;
  return nullptr;
}

template <class T>
MathLoop<T> loop(const MathFunctions& f) {
  if constexpr (sizeof(T) == 8) return f.f64;
  if constexpr (sizeof(T) == 4) return f.f32;
}

/// Prints a line for each function, and the ratios' geometric mean; false where two results are far apart.
template <class T>
bool compare(const MathProbe& probe, const SleefLoops& theirs, const std::vector<std::string_view>& names) {
  double logs = 0;
  int count = 0;
  for (const SleefFunction& row : theirs) {
    const std::string_view name = row.loops.name;
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
    const MathFunctions* found = find(probe, name);
    if (found == nullptr) return std::printf("%s: no such function\n", row.loops.name), false;
    const MathLoop<T> f = loop<T>(*found), g = loop<T>(row.loops);
    std::mt19937_64 random(1);
    std::vector<T> x(kSize), y(kSize), z(kSize);
    for (T& v : x) v = static_cast<T>(row.lo + (row.hi - row.lo) * static_cast<double>(random() >> 11) * 0x1p-53);
    seconds<T>(f, x, y), seconds<T>(g, x, z);
    for (size_t i = 0; i < x.size(); ++i) {
      if (std::fabs(y[i] - z[i]) <= T(1e-5) * std::max(T(1), std::fabs(z[i]))) continue;
      std::printf("%s(%g) is %g, SLEEF's %g\n", row.loops.name, static_cast<double>(x[i]), static_cast<double>(y[i]),
                  static_cast<double>(z[i]));
      return false;
    }
    std::vector<double> a(kRounds), b(kRounds), ratio(kRounds);
    for (size_t k = 0; k < kRounds; ++k) {
      a[k] = seconds<T>(f, x, y), b[k] = seconds<T>(g, x, z);
      ratio[k] = b[k] / a[k];
    }
    const double r = median(ratio);
    std::printf("%-10s float%d %8.3f %8.3f %8.2f\n", row.loops.name, static_cast<int>(8 * sizeof(T)),
                median(a) / kSize * 1e9, median(b) / kSize * 1e9, r);
    std::fflush(stdout);
    logs += std::log(r), ++count;
  }
  std::printf("%-17s %26.2f\n\n", "geometric mean", std::exp(logs / std::max(count, 1)));
  return true;
}

int run(int argc, char** argv) {
  const std::vector<std::string_view> names(argv + 1, argv + argc);
  struct Pair {
    std::string_view target;
    const SleefLoops* loops;
  };
#define LZ_ENTRY(target, name) {name, &N_##target::kSleefLoops},
  const Pair pairs[] = {LZ_SIMD_TARGETS(LZ_ENTRY)};
#undef LZ_ENTRY
  for (const MathProbe* probe : probes()) {
    const std::string_view target = probe->target;
    if (target != "avx2" && probe != probes().front()) continue;
    const auto pair =
        std::find_if(std::begin(pairs), std::end(pairs), [&](const Pair& p) { return p.target == target; });
    std::printf("%s, n = %lld, one thread; ns an element\n%-17s %8s %8s %8s\n", probe->target,
                static_cast<long long>(kSize), "", "ours", "SLEEF", "ratio");
    if (!compare<double>(*probe, *pair->loops, names) || !compare<float>(*probe, *pair->loops, names)) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace lazulite

int main(int argc, char** argv) { return lazulite::run(argc, argv); }
