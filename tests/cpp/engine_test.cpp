// The engine end to end in C++: expressions, views, writes and reductions against plain loops.
#include "core/dispatch/engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "core/dispatch/operators.h"
#include "core/graph/error.h"

namespace lazulite {
namespace {

Array ramp(int64_t n, double start = 0, double step = 1) {
  std::byte* data;
  Array a = make_empty(DType::float64, Dims{n}, &data);
  for (int64_t k = 0; k < n; ++k) reinterpret_cast<double*>(data)[k] = start + step * static_cast<double>(k);
  return a;
}

std::vector<double> values(const Array& a) {
  const Array c = copy(a, true);
  const Memory m = expose(c);
  const auto* p = reinterpret_cast<const double*>(m.data);
  return std::vector<double>(p, p + c.size());
}

/// Both the eager and the lazy path, at lengths around strips and blocks.
class Lengths : public testing::TestWithParam<std::tuple<int64_t, int64_t>> {
 protected:
  void SetUp() override { Engine::get().options.eager_below = std::get<0>(GetParam()); }
  void TearDown() override { Engine::get().options.eager_below = 256; }
  int64_t n() const { return std::get<1>(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Engine, Lengths,
                         testing::Combine(testing::Values(int64_t{0}, int64_t{256}),
                                          testing::Values<int64_t>(1, 3, 63, 64, 65, 127, 128, 129, 1000, 16384, 16385,
                                                                   40000, 300001)));

TEST_P(Lengths, FusesAnExpression) {
  const Array a = ramp(n(), 1), b = ramp(n(), 2, 0.5);
  const std::vector<double> y = values(sqrt(a * a + b * b) / (b + 1.0) - 0.5);
  for (int64_t k = 0; k < n(); ++k) {
    const double x = 1 + static_cast<double>(k), z = 2 + 0.5 * static_cast<double>(k);
    ASSERT_EQ(y[static_cast<size_t>(k)], std::sqrt(x * x + z * z) / (z + 1.0) - 0.5) << k;
  }
}

TEST_P(Lengths, SumsAndExtremes) {
  const Array a = ramp(n(), -3);
  const double m = static_cast<double>(n());
  EXPECT_EQ(item(sum(a)).as<double>(), m * (m - 1) / 2 - 3 * m);
  EXPECT_EQ(item(min(a)).as<double>(), -3);
  EXPECT_EQ(item(max(a * -1.0)).as<double>(), 3);
  EXPECT_NEAR(item(mean(a)).as<double>(), (m - 1) / 2 - 3, 1e-12 * m);
  EXPECT_NEAR(item(var(a)).as<double>(), (m * m - 1) / 12, 1e-12 * m * m);
  EXPECT_EQ(item(argmax(a)).as<int64_t>(), n() - 1);
  EXPECT_EQ(item(argmin(a)).as<int64_t>(), 0);
}

TEST_P(Lengths, WritesThroughOverlappingViews) {
  const Array x = ramp(n() + 1);
  View head = view_of(x), tail = view_of(x);
  head.slice(0, 0, 1, n());
  tail.slice(0, 1, 1, n());
  apply_in_place(Op::add, make_view(x, tail), make_view(x, head));  // x[1:] += x[:-1]
  const std::vector<double> y = values(x);
  EXPECT_EQ(y[0], 0);
  for (int64_t k = 1; k <= n(); ++k) ASSERT_EQ(y[static_cast<size_t>(k)], static_cast<double>(2 * k - 1)) << k;
}

TEST(Engine, KeepsValuesOfOverwrittenOperands) {
  for (int64_t eager : {0, 256}) {
    Engine::get().options.eager_below = eager;
    const Array x = ramp(1000);
    const Array y = x * 2.0;
    View first = view_of(x);
    first.slice(0, 0, 1, 500);
    assign(make_view(x, first), argument(7.0));
    EXPECT_EQ(values(y)[3], 6);
    EXPECT_EQ(values(x)[3], 7);
    EXPECT_EQ(values(x)[700], 700);
  }
}

TEST(Engine, BroadcastsAndReducesAxes) {
  const int64_t rows = 37, columns = 211;
  const Array a = reshape(ramp(rows * columns), Dims{rows, columns});
  const Array r = ramp(columns), c = reshape(ramp(rows), Dims{rows, 1});
  const Array y = a * r + c;
  const std::vector<double> by_row = values(reduce(Op::reduce_sum, y, 2)),
                            by_column = values(reduce(Op::reduce_sum, y, 1));
  for (int64_t i = 0; i < rows; ++i) {
    double s = 0;
    for (int64_t j = 0; j < columns; ++j) s += static_cast<double>((i * columns + j) * j + i);
    ASSERT_EQ(by_row[static_cast<size_t>(i)], s);
  }
  for (int64_t j = 0; j < columns; ++j) {
    double s = 0;
    for (int64_t i = 0; i < rows; ++i) s += static_cast<double>((i * columns + j) * j + i);
    ASSERT_EQ(by_column[static_cast<size_t>(j)], s);
  }
}

TEST(Engine, PushesWindowsDown) {
  const int64_t n = 300;
  const Array a = reshape(ramp(n * n), Dims{n, n});
  auto window = [&](int64_t i, int64_t j) {
    View v = view_of(a);
    v.slice(0, i, 1, n - 2);
    v.slice(1, j, 1, n - 2);
    return make_view(a, v);
  };
  const int64_t before = Engine::get().counters.passes;
  const Array y = (window(0, 1) + window(2, 1) + window(1, 0) + window(1, 2)) * 0.25;
  const std::vector<double> v = values(y);
  EXPECT_EQ(Engine::get().counters.passes - before, 1);
  for (int64_t i = 0; i < n - 2; ++i)
    for (int64_t j = 0; j < n - 2; ++j)
      ASSERT_EQ(v[static_cast<size_t>(i * (n - 2) + j)], static_cast<double>((i + 1) * n + j + 1));
}

TEST(Engine, NeverComputesAValueMoreThanTwice) {
  Engine::get().options.eager_below = 0;
  const Array x = ramp(1000);
  const Array y = exp(x * 0.001) + 1.0;
  const int64_t before = Engine::get().counters.nodes;
  for (int k = 0; k < 5; ++k) item(sum(y));
  // Twice three ops, five sums, and y stored by the second.
  EXPECT_EQ(Engine::get().counters.nodes - before, 2 * 3 + 5);
  Engine::get().options.eager_below = 256;
}

TEST(Engine, RunsAMillionNodes) {
  Engine::get().options.flush_nodes = 0;
  Engine::get().options.eager_below = 0;
  Array x = ramp(100);
  for (int k = 0; k < 1'000'000; ++k) x = x + 1.0;
  EXPECT_EQ(values(x)[5], 1'000'005);
  Array z = ramp(100);
  for (int k = 0; k < 40; ++k) z = z + z;
  EXPECT_EQ(values(z)[1], std::ldexp(1.0, 40));
  Engine::get().options.flush_nodes = 100'000;
  Engine::get().options.eager_below = 256;
}

TEST(Engine, SaysWhatDoesNotFit) {
  try {
    (void)(ramp(3) + ramp(4));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::value);
    EXPECT_STREQ(e.what(), "add: operands could not be broadcast together with shapes (3,) (4,) ");
  }
}

}  // namespace
}  // namespace lazulite
