// The C++ header library beside Eigen, xtensor and hand-written loops of Highway's vectors, on one thread.
//
// benchmarks/header.py runs this and prints ratios. Compiled for the machine it is built on, all with their best flags.
#include <lazulite/lazulite.h>
#include <tbb/global_control.h>

#include <Eigen/Dense>
#include <cmath>
#include <unsupported/Eigen/SpecialFunctions>
#ifdef HAVE_XTENSOR
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif
#include <benchmark/benchmark.h>

namespace lz = lazulite;
namespace hn = hwy::HWY_NAMESPACE;

namespace {

using Row = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class F>
void repeat(benchmark::State& state, F&& f) {
  for (auto _ : state) {
    f();
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Inputs of n elements: a, b, c in (0.1, 2), and an output.
struct Inputs {
  int64_t n;
  lz::array<double, 1> a, b, c, y;
  explicit Inputs(int64_t size) : n(size), a({n}), b({n}), c({n}), y({n}, 0.0) {
    for (int64_t k = 0; k < n; ++k)
      a(k) = 0.1 + double(k % 190) * 0.01, b(k) = 0.15 + double(k % 170) * 0.01, c(k) = 0.2 + double(k % 150) * 0.01;
  }
  using Map = Eigen::Map<Eigen::ArrayXd, Eigen::Aligned64>;
  static Map map(lz::array<double, 1>& x) { return Map(x.data(), x.size()); }
#ifdef HAVE_XTENSOR
  static xt::xtensor<double, 1> copy(const lz::array<double, 1>& x) {
    xt::xtensor<double, 1> r = xt::xtensor<double, 1>::from_shape({static_cast<size_t>(x.size())});
    std::copy(x.begin(), x.end(), r.begin());
    return r;
  }
#endif
};

#define HORNER(x) \
  ((((((((0.01 * x + 0.02) * x + 0.05) * x + 0.1) * x + 0.15) * x + 0.2) * x + 0.3) * x + 0.5) * x + 1.0)

void horner_lazulite(benchmark::State& state) {
  Inputs in(state.range(0));
  repeat(state, [&] { in.y = HORNER(in.a); });
}
void horner_eigen(benchmark::State& state) {
  Inputs in(state.range(0));
  auto a = Inputs::map(in.a), y = Inputs::map(in.y);
  repeat(state, [&] { y = HORNER(a); });
}
HWY_NOINLINE void hand_horner(const double* x, double* y, int64_t n) {
  const hn::ScalableTag<double> d;
  constexpr double c[] = {1.0, 0.5, 0.3, 0.2, 0.15, 0.1, 0.05, 0.02, 0.01};
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += lanes) {  // arrays are padded
    const auto v = hn::LoadU(d, x + i);
    auto p = hn::Set(d, c[8]);
    for (int k = 7; k >= 0; --k) p = p * v + hn::Set(d, c[k]);
    hn::StoreU(p, d, y + i);
  }
}
void horner_hand(benchmark::State& state) {
  Inputs in(state.range(0) / 8 * 8 + 8);
  repeat(state, [&] { hand_horner(in.a.data(), in.y.data(), state.range(0)); });
}

void hypotenuse_lazulite(benchmark::State& state) {
  Inputs in(state.range(0));
  repeat(state, [&] { in.y = sqrt(in.a * in.a + in.b * in.b) / (in.c + 1.0); });
}
void hypotenuse_eigen(benchmark::State& state) {
  Inputs in(state.range(0));
  auto a = Inputs::map(in.a), b = Inputs::map(in.b), c = Inputs::map(in.c), y = Inputs::map(in.y);
  repeat(state, [&] { y = (a * a + b * b).sqrt() / (c + 1.0); });
}
HWY_NOINLINE void hand_hypotenuse(const double* a, const double* b, const double* c, double* y, int64_t n) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += lanes) {
    const auto u = hn::LoadU(d, a + i), v = hn::LoadU(d, b + i), w = hn::LoadU(d, c + i);
    hn::StoreU(hn::Sqrt(u * u + v * v) / (w + hn::Set(d, 1.0)), d, y + i);
  }
}
void hypotenuse_hand(benchmark::State& state) {
  Inputs in(state.range(0) / 8 * 8 + 8);
  repeat(state, [&] { hand_hypotenuse(in.a.data(), in.b.data(), in.c.data(), in.y.data(), state.range(0)); });
}

/// Calls: spot a, strike b, maturity c; rate 2 %, volatility 30 %.
void black_scholes_lazulite(benchmark::State& state) {
  Inputs in(state.range(0));
  repeat(state, [&] {  // by vectors, so that what is used twice is computed once
    in.y = lz::map(
        [](auto spot, auto strike, auto years) {
          const auto root = 0.3 * sqrt(years);
          const auto d1 = (log(spot / strike) + 0.065 * years) / root;
          return spot * ndtr(d1) - strike * exp(-0.02 * years) * ndtr(d1 - root);
        },
        in.a, in.b, in.c);
  });
}
void black_scholes_eigen(benchmark::State& state) {
  Inputs in(state.range(0));
  auto a = Inputs::map(in.a), b = Inputs::map(in.b), c = Inputs::map(in.c), y = Inputs::map(in.y);
  const auto ndtr = [](const auto& x) { return 0.5 * (-std::sqrt(0.5) * x).erfc(); };
  Eigen::ArrayXd root(in.n), d1(in.n);  // stored: Eigen would evaluate them twice
  repeat(state, [&] {
    root = 0.3 * c.sqrt();
    d1 = ((a / b).log() + 0.065 * c) / root;
    y = a * ndtr(d1) - b * (-0.02 * c).exp() * ndtr(d1 - root);
  });
}

void dot_lazulite(benchmark::State& state) {
  Inputs in(state.range(0));
  repeat(state, [&] { benchmark::DoNotOptimize(sum(in.a * in.b)); });
}
void dot_eigen(benchmark::State& state) {
  Inputs in(state.range(0));
  auto a = Inputs::map(in.a), b = Inputs::map(in.b);
  repeat(state, [&] { benchmark::DoNotOptimize((a * b).sum()); });
}

void softmax_lazulite(benchmark::State& state) {
  Inputs in(state.range(0));
  const int64_t columns = std::min<int64_t>(in.n, 1000);
  const lz::extents<2> shape(in.n / columns, columns);
  lz::view<double, 2> x(in.a.data(), shape), y(in.y.data(), shape);
  repeat(state, [&] {
    lz::by_rows(
        [](const auto& to, const auto& from) {
          to = exp(from - max(from, 1, lz::keepdims));
          to /= sum(to, 1, lz::keepdims);
        },
        y, x);
  });
}
void softmax_eigen(benchmark::State& state) {
  Inputs in(state.range(0));
  const int64_t columns = std::min<int64_t>(in.n, 1000);
  Eigen::Map<Row> x(in.a.data(), in.n / columns, columns), y(in.y.data(), in.n / columns, columns);
  repeat(state, [&] {
    for (int64_t i = 0; i < x.rows(); ++i) {
      y.row(i) = (x.row(i) - x.row(i).maxCoeff()).exp();
      y.row(i) /= y.row(i).sum();
    }
  });
}

void stencil_lazulite(benchmark::State& state) {
  Inputs in(state.range(0));
  const auto m = static_cast<int64_t>(std::sqrt(static_cast<double>(in.n)));
  lz::view<double, 2> a(in.a.data(), {m, m}), y(in.y.data(), {m, m});
  using lz::range;
  const range inner(1, -1), before(0, -2), after(2, lz::unbounded);
  repeat(state, [&] {
    y(inner, inner) =
        0.5 * a(inner, inner) + 0.125 * (a(inner, before) + a(inner, after) + a(before, inner) + a(after, inner));
  });
}
void stencil_eigen(benchmark::State& state) {
  Inputs in(state.range(0));
  const auto m = static_cast<int64_t>(std::sqrt(static_cast<double>(in.n)));
  Eigen::Map<Row> a(in.a.data(), m, m), y(in.y.data(), m, m);
  const int64_t k = m - 2;
  repeat(state, [&] {
    y.block(1, 1, k, k) = 0.5 * a.block(1, 1, k, k) + 0.125 * (a.block(1, 0, k, k) + a.block(1, 2, k, k) +
                                                               a.block(0, 1, k, k) + a.block(2, 1, k, k));
  });
}

#ifdef HAVE_XTENSOR
void horner_xtensor(benchmark::State& state) {
  const Inputs in(state.range(0));
  auto a = Inputs::copy(in.a), y = a;
  repeat(state, [&] { xt::noalias(y) = HORNER(a); });
}
void hypotenuse_xtensor(benchmark::State& state) {
  const Inputs in(state.range(0));
  auto a = Inputs::copy(in.a), b = Inputs::copy(in.b), c = Inputs::copy(in.c), y = a;
  repeat(state, [&] { xt::noalias(y) = xt::sqrt(a * a + b * b) / (c + 1.0); });
}
void black_scholes_xtensor(benchmark::State& state) {
  const Inputs in(state.range(0));
  auto a = Inputs::copy(in.a), b = Inputs::copy(in.b), c = Inputs::copy(in.c), y = a, root = a, d1 = a;
  const double s = -std::sqrt(0.5);
  repeat(state, [&] {
    xt::noalias(root) = 0.3 * xt::sqrt(c);
    xt::noalias(d1) = (xt::log(a / b) + 0.065 * c) / root;
    xt::noalias(y) = a * (0.5 * xt::erfc(s * d1)) - b * xt::exp(-0.02 * c) * (0.5 * xt::erfc(s * (d1 - root)));
  });
}
void dot_xtensor(benchmark::State& state) {
  const Inputs in(state.range(0));
  auto a = Inputs::copy(in.a), b = Inputs::copy(in.b);
  repeat(state, [&] { benchmark::DoNotOptimize(xt::sum(a * b, xt::evaluation_strategy::immediate)()); });
}
void stencil_xtensor(benchmark::State& state) {
  const Inputs in(state.range(0));
  const auto m = static_cast<size_t>(std::sqrt(static_cast<double>(in.n)));
  xt::xtensor<double, 2> a = xt::ones<double>({m, m}), y = a;
  auto inner = xt::range(1, m - 1), before = xt::range(0, m - 2), after = xt::range(2, m);
  repeat(state, [&] {
    xt::noalias(xt::view(y, inner, inner)) =
        0.5 * xt::view(a, inner, inner) + 0.125 * (xt::view(a, inner, before) + xt::view(a, inner, after) +
                                                   xt::view(a, before, inner) + xt::view(a, after, inner));
  });
}
#endif

void sizes(benchmark::internal::Benchmark* b) {
  for (int64_t n = 100; n <= 10'000'000; n *= 10) b->Arg(n);
}
#define CASE(name)                          \
  BENCHMARK(name##_lazulite)->Apply(sizes); \
  BENCHMARK(name##_eigen)->Apply(sizes)
CASE(horner);
BENCHMARK(horner_hand)->Apply(sizes);
CASE(hypotenuse);
BENCHMARK(hypotenuse_hand)->Apply(sizes);
CASE(black_scholes);
CASE(dot);
CASE(softmax);
CASE(stencil);
#ifdef HAVE_XTENSOR
BENCHMARK(horner_xtensor)->Apply(sizes);
BENCHMARK(hypotenuse_xtensor)->Apply(sizes);
BENCHMARK(black_scholes_xtensor)->Apply(sizes);
BENCHMARK(dot_xtensor)->Apply(sizes);
BENCHMARK(stencil_xtensor)->Apply(sizes);
#endif

}  // namespace

int main(int argc, char** argv) {
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
