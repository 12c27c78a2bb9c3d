// Horner's rule of degree 8 on float64, one thread: the pass alone against a hand-written fused loop without
// contraction. Google Benchmark's options apply; what run.py asks for interleaves the two.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

#include "benchmarks/horner_loop.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/link.h"
#include "core/dispatch/operators.h"
#include "core/dispatch/run.h"

namespace {

using namespace lazulite;

constexpr double kCoefficients[9] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

HornerLoop hand_loop() {
  const std::string target = Engine::get().target();
  if (target == "avx3_dl") return N_AVX3_DL::horner_loop;
  if (target == "avx3") return N_AVX3::horner_loop;
  if (target == "avx2") return N_AVX2::horner_loop;
  return N_SSE4::horner_loop;
}

/// n elements, the operand and the loop's result, and the same as a planned pass.
struct Problem {
  explicit Problem(int64_t n)
      : x(make_empty(DType::float64, Dims{n}, &x_data)), y(make_empty(DType::float64, Dims{n}, &y_data)) {
    for (int64_t i = 0; i < n; ++i) xs()[i] = 1e-3 * static_cast<double>(i % 1000);
    result = x * kCoefficients[0] + kCoefficients[1];
    for (int k = 2; k <= 8; ++k) result = result * x + kCoefficients[k];
    roots.push_back(Root{result.cell()->node, nullptr, {}});
    planned = make_plan(roots, cache);
    for (const Pass& pass : planned.plan->passes) link(*pass.program, Engine::get().stages());
  }
  double* xs() { return reinterpret_cast<double*>(x_data); }
  double* ys() { return reinterpret_cast<double*>(y_data); }
  std::vector<Ref<Storage>> run() const {
    return run_passes(Engine::get(), planned.plan->passes.data(), planned.nodes, roots);
  }

  std::byte *x_data = nullptr, *y_data = nullptr;
  Array x, y, result = x;
  std::vector<Root> roots;
  PlanCache cache;
  Planned planned;
};

void loop(benchmark::State& state) {
  Problem p(state.range(0));
  const HornerLoop f = hand_loop();
  for (auto _ : state) {
    f(p.xs(), p.ys(), state.range(0), kCoefficients);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void pass(benchmark::State& state) {
  Problem p(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(p.run());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(loop)->Arg(32768)->Arg(98304);
BENCHMARK(pass)->Arg(32768)->Arg(98304);

bool same_bits() {
  constexpr int64_t n = 32768;
  Problem p(n);
  hand_loop()(p.xs(), p.ys(), n, kCoefficients);
  const auto result = p.run();
  return std::equal(p.ys(), p.ys() + n, reinterpret_cast<const double*>(result[0]->data));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Engine::get().set_threads(1);
  if (!same_bits()) {
    std::fprintf(stderr, "horner: the pass and the loop give different results\n");
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
}
