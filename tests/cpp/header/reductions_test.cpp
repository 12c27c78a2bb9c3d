// Reductions against the engine's, bit for bit: shapes and axes on both sides of every decision about blocks and loops.
#include <tbb/global_control.h>

#include "tests/cpp/header/testing.h"

namespace lazulite {
namespace {

template <class T, int R>
array<T, R> filled(const extents<R>& shape, unsigned seed) {
  array<T, R> a(shape);
  const array<T, 1> x = numbers<T>(a.size(), seed, false);
  std::copy(x.begin(), x.end(), a.begin());
  return a;
}

template <class T>
testing::AssertionResult equals_value(T value, const engine::Result& r) {
  array<T, 0> a;
  *a.data() = value;
  return equals(a, r);
}

template <class T>
void check_whole(int64_t n) {
  const array<T, 1> a = numbers<T>(n, 1, false);
  const auto o = operand(a);
  EXPECT_TRUE(equals_value(sum(a), engine::reduce(Op::reduce_sum, o, 1))) << n;
  EXPECT_TRUE(equals_value(prod(a), engine::reduce(Op::reduce_prod, o, 1))) << n;
  EXPECT_TRUE(equals_value(mean(a), engine::reduce(Op::reduce_mean, o, 1))) << n;
  if (n == 0) return;
  const array<T, 1> wild = numbers<T>(n, 2);
  EXPECT_TRUE(equals_value(min(wild), engine::reduce(Op::reduce_min, operand(wild), 1))) << n;
  EXPECT_TRUE(equals_value(max(wild), engine::reduce(Op::reduce_max, operand(wild), 1))) << n;
}
template <class T>
void check_lengths() {
  for (const int64_t n : {0, 1, 2, 63, 64, 65, 127, 129, 1000, 16'384, 16'385, 40'000, 100'003}) check_whole<T>(n);
}
TEST(HeaderReductions, Float64) { check_lengths<double>(); }
TEST(HeaderReductions, Float32) { check_lengths<float>(); }
TEST(HeaderReductions, Integers) {
  check_lengths<int32_t>();
  check_lengths<uint8_t>();
}

template <class T>
void check_axes(const extents<2>& shape) {
  const array<T, 2> a = filled<T>(shape, 3), b = filled<T>(shape, 4);
  const std::string where = to_string(shape);
  for (const int axis : {0, 1}) {
    EXPECT_TRUE(equals(sum(a, axis), engine::reduce(Op::reduce_sum, operand(a), 1u << axis))) << where << axis;
    EXPECT_TRUE(
        equals(sum(a * b, axis), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(a), operand(b), 1u << axis)))
        << where << axis;
    EXPECT_TRUE(equals(mean(a, axis), engine::reduce(Op::reduce_mean, operand(a), 1u << axis))) << where << axis;
    EXPECT_TRUE(equals(max(a, axis), engine::reduce(Op::reduce_max, operand(a), 1u << axis))) << where << axis;
  }
  EXPECT_TRUE(equals_value(sum(a * b), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(a), operand(b), 3)))
      << where;
  // A row that is broadcast keeps the loops apart.
  const array<T, 1> row = numbers<T>(shape[1], 5, false);
  EXPECT_TRUE(equals_value(sum(a + row), engine::reduce_of(Op::reduce_sum, Op::add, operand(a), operand(row), 3)))
      << where;
}
const extents<2> kShapes[] = {{1, 1},      {1, 500},   {500, 1},   {3, 5},      {37, 211},  {211, 37},
                              {1000, 3},   {3, 1000},  {300, 300}, {64, 64},    {600, 130}, {2, 40'000},
                              {40'000, 2}, {1100, 70}, {5, 2500},  {20'000, 7}, {7, 20'000}};
TEST(HeaderReductions, AxesOfFloat64) {
  for (const extents<2>& s : kShapes) check_axes<double>(s);
}
TEST(HeaderReductions, AxesOfFloat32) {
  for (const extents<2>& s : kShapes) check_axes<float>(s);
}

TEST(HeaderReductions, SeveralAxes) {
  const array<double, 3> a = filled<double>(extents<3>(5, 70, 30), 6);
  EXPECT_TRUE(equals(sum(a, axes(0, 2)), engine::reduce(Op::reduce_sum, operand(a), 5)));
  EXPECT_TRUE(equals(sum(a, axes(1, -1)), engine::reduce(Op::reduce_sum, operand(a), 6)));
  EXPECT_TRUE(equals(sum(a, axes(0, 1)), engine::reduce(Op::reduce_sum, operand(a), 3)));
  EXPECT_EQ(sum(a, axes(0, 2), keepdims).shape(), extents<3>(1, 70, 1));
  EXPECT_THROW(sum(a, 3), index_error);
  EXPECT_THROW(sum(a, axes(1, -2)), index_error);
}

TEST(HeaderReductions, MixedTypes) {
  const array<float, 1> f = numbers<float>(50'001, 7, false);
  const array<int16_t, 1> i = numbers<int16_t>(50'001, 8, false);
  EXPECT_TRUE(equals_value(sum(f * i), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(f), operand(i), 1)));
  const array<double, 1> d = numbers<double>(50'001, 9, false);
  EXPECT_TRUE(equals_value(sum(f * d), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(f), operand(d), 1)));
  EXPECT_TRUE(equals_value(max(f * d), engine::reduce_of(Op::reduce_max, Op::multiply, operand(f), operand(d), 1)));
}

TEST(HeaderReductions, SameBitsForAnyNumberOfThreads) {
  const array<double, 1> a = numbers<double>(1'000'003, 10, false);
  const array<double, 2> b = filled<double>(extents<2>(3000, 300), 11);
  const auto all_of = [&] {
    std::vector<double> v = {sum(exp(a * 1e-3)), mean(a)};
    for (const int axis : {0, 1})
      for (const double x : sum(b * b, axis)) v.push_back(x);
    return v;
  };
  std::vector<std::vector<double>> results;
  for (const size_t threads : {1, 2, 7}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    results.push_back(all_of());
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(HeaderReductions, OfNothing) {
  const array<double, 2> a({0, 3});
  EXPECT_EQ(sum(a), 0);
  EXPECT_FALSE(std::signbit(sum(a)));
  EXPECT_EQ(sum(a, 0).size(), 3);
  EXPECT_EQ(prod(a), 1);
  EXPECT_TRUE(all(a > 0.0));
  EXPECT_FALSE(any(a > 0.0));
  try {
    min(a);
    FAIL();
  } catch (const shape_error& e) {
    EXPECT_STREQ(e.what(), "zero-size array to reduction operation minimum which has no identity");
  }
}

}  // namespace
}  // namespace lazulite
