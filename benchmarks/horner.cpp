// Horner's rule of degree 8 on float64, one thread: the pass alone against a hand-written fused loop without
// contraction, interleaved. Prints one JSON object: ns per element, the medians of the rounds.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "benchmarks/horner_loop.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/operators.h"
#include "core/dispatch/run.h"

namespace {

using namespace lazulite;

HornerLoop loop_of(const std::string& target) {
  if (target == "avx3_dl") return N_AVX3_DL::horner_loop;
  if (target == "avx3") return N_AVX3::horner_loop;
  if (target == "avx2") return N_AVX2::horner_loop;
  return N_SSE4::horner_loop;
}

template <class F>
double seconds(F&& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int64_t n = argc > 1 ? std::atol(argv[1]) / 64 * 64 : 32768;
  Engine& engine = Engine::get();
  engine.set_threads(1);
  const double c[9] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
  std::byte *x_data, *y_data;
  const Array x = make_empty(DType::float64, Dims{n}, &x_data), y = make_empty(DType::float64, Dims{n}, &y_data);
  auto* xs = reinterpret_cast<double*>(x_data);
  auto* ys = reinterpret_cast<double*>(y_data);
  for (int64_t i = 0; i < n; ++i) xs[i] = 1e-3 * static_cast<double>(i % 1000);

  Array r = x * c[0] + c[1];
  for (int k = 2; k <= 8; ++k) r = r * x + c[k];
  const std::vector<Root> roots{Root{r.cell()->node, nullptr, {}}};
  ProgramCache cache;
  const Plan plan = make_plan(roots, cache);
  const HornerLoop loop = loop_of(engine.target());

  const auto result = run_pass(engine, plan.passes[0]);
  loop(xs, ys, n, c);
  for (int64_t i = 0; i < n; ++i)
    if (reinterpret_cast<const double*>(result[0]->data)[i] != ys[i]) {
      std::fprintf(stderr, "horner: results differ at %lld\n", static_cast<long long>(i));
      return 1;
    }
  std::vector<double> hand, pass;
  for (int round = 0; round < 2000; ++round) {
    hand.push_back(seconds([&] { loop(xs, ys, n, c); }));
    pass.push_back(seconds([&] { run_pass(engine, plan.passes[0]); }));
  }
  const double scale = 1e9 / static_cast<double>(n);
  std::printf("{\"target\": \"%s\", \"n\": %lld, \"hand\": %.4f, \"pass\": %.4f, \"ratio\": %.3f}\n", engine.target(),
              static_cast<long long>(n), median(hand) * scale, median(pass) * scale, median(hand) / median(pass));
}
