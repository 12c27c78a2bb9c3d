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
  EXPECT_TRUE(equals_value(var(a), engine::reduce(Op::reduce_var, o, 1))) << n;
  EXPECT_TRUE(equals_value(lazulite::std(a, ddof(1)), engine::reduce(Op::reduce_std, o, 1, 1))) << n;
  EXPECT_TRUE(equals(cumsum(a), engine::accumulate(Op::add, o, 0))) << n;
  EXPECT_TRUE(equals(cumprod(a), engine::accumulate(Op::multiply, o, 0))) << n;
  if (n == 0) return;
  const array<T, 1> wild = numbers<T>(n, 2);
  EXPECT_TRUE(equals_value(min(wild), engine::reduce(Op::reduce_min, operand(wild), 1))) << n;
  EXPECT_TRUE(equals_value(max(wild), engine::reduce(Op::reduce_max, operand(wild), 1))) << n;
  EXPECT_TRUE(equals_value(argmin(wild), engine::reduce(Op::reduce_argmin, operand(wild), 1))) << n;
  EXPECT_TRUE(equals_value(argmax(wild), engine::reduce(Op::reduce_argmax, operand(wild), 1))) << n;
  EXPECT_TRUE(equals_value(argmax(a), engine::reduce(Op::reduce_argmax, o, 1))) << n;  // of equals, the first
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
    EXPECT_TRUE(equals(var(a, axis), engine::reduce(Op::reduce_var, operand(a), 1u << axis))) << where << axis;
    EXPECT_TRUE(equals(var(a * b, axis, ddof(1)),
                       engine::reduce_of(Op::reduce_var, Op::multiply, operand(a), operand(b), 1u << axis, 1)))
        << where << axis;
    EXPECT_TRUE(equals(argmin(a, axis), engine::reduce(Op::reduce_argmin, operand(a), 1u << axis))) << where << axis;
    EXPECT_TRUE(equals(argmax(b, axis), engine::reduce(Op::reduce_argmax, operand(b), 1u << axis))) << where << axis;
    EXPECT_TRUE(equals(cumsum(a, axis), engine::accumulate(Op::add, operand(a), axis))) << where << axis;
    EXPECT_TRUE(equals(cumprod(b, axis), engine::accumulate(Op::multiply, operand(b), axis))) << where << axis;
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

TEST(HeaderReductions, RunningSumsOfThreeAxes) {
  for (const extents<3>& shape : {extents<3>(5, 70, 30), extents<3>(3, 5000, 4), extents<3>(2, 3, 6000)}) {
    const array<float, 3> a = filled<float>(shape, 6);
    for (const int axis : {0, 1, 2})
      EXPECT_TRUE(equals(cumsum(a, axis), engine::accumulate(Op::add, operand(a), axis))) << to_string(shape) << axis;
    EXPECT_EQ(cumsum(a, -1)(1, 2, 3), cumsum(a, 2)(1, 2, 3));
    const array<float, 1> flat({a.size()}, 0.0f);
    std::copy(a.begin(), a.end(), const_cast<float*>(flat.begin()));
    EXPECT_TRUE(equals(cumsum(a), engine::accumulate(Op::add, operand(flat), 0))) << to_string(shape);
  }
  EXPECT_THROW(cumsum(filled<float>(extents<3>(1, 2, 3), 1), 3), index_error);
}

TEST(HeaderReductions, PlacesInOtherLayouts) {
  const array<double, 2> a = filled<double>(extents<2>(37, 211), 12);
  const array<double, 2> t = transpose(a);
  EXPECT_EQ(argmax(transpose(a)), argmax(t));
  EXPECT_EQ(argmin(a(all, range(unbounded, unbounded, -1))), argmin(eval(a(all, range(unbounded, unbounded, -1)))));
  for (const int axis : {0, 1}) {
    const array<int64_t, 1> x = argmin(transpose(a), axis), y = argmin(t, axis);
    EXPECT_TRUE(all(x == y));
  }
  const array<int64_t, 2> kept = argmax(a, 1, keepdims);
  EXPECT_EQ(kept.shape(), extents<2>(37, 1));
  EXPECT_EQ(argmax(a > 1e9), 0);  // of bools, too
  const array<bool, 1> b = a(3, all) > 0;
  EXPECT_EQ(b(argmax(b)), true);
  array<double, 1> n({300}, 1.0);
  n(200) = n(250) = std::nan("");
  EXPECT_EQ(argmax(n), 200);
  EXPECT_EQ(argmin(n), 200);
}

TEST(HeaderReductions, MixedTypes) {
  const array<float, 1> f = numbers<float>(50'001, 7, false);
  const array<int16_t, 1> i = numbers<int16_t>(50'001, 8, false);
  EXPECT_TRUE(equals_value(sum(f * i), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(f), operand(i), 1)));
  const array<double, 1> d = numbers<double>(50'001, 9, false);
  EXPECT_TRUE(equals_value(sum(f * d), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(f), operand(d), 1)));
  EXPECT_TRUE(equals_value(max(f * d), engine::reduce_of(Op::reduce_max, Op::multiply, operand(f), operand(d), 1)));
}

TEST(HeaderReductions, RowsByRows) {
  const auto softmax = [](const auto& to, const auto& from) {
    to = exp(from - max(from, 1, keepdims));
    to /= sum(to, 1, keepdims);
  };
  for (const extents<2>& s : {extents<2>(1, 1000), extents<2>(3000, 40), extents<2>(5000, 191), extents<2>(999, 700),
                              extents<2>(2000, 513)}) {
    const array<double, 2> x = filled<double>(s, 13);
    array<double, 2> whole(s), blocks(s);
    softmax(view<double, 2>(whole), x);
    by_rows(softmax, blocks, x);
    EXPECT_TRUE(all(whole == blocks)) << to_string(s);
  }
  array<double, 2> y({3, 4});
  EXPECT_THROW(by_rows(softmax, y, filled<double>(extents<2>(2, 4), 1)), shape_error);
}

TEST(HeaderReductions, SameBitsForAnyNumberOfThreads) {
  const array<double, 1> a = numbers<double>(1'000'003, 10, false);
  const array<double, 2> b = filled<double>(extents<2>(3000, 300), 11);
  const auto all_of = [&] {
    std::vector<double> v = {sum(exp(a * 1e-3)), mean(a), var(a), static_cast<double>(argmin(a))};
    for (const double x : cumsum(a)) v.push_back(x);
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
  EXPECT_TRUE(std::isnan(var(a)));
  EXPECT_EQ(cumsum(a).size(), 0);
  EXPECT_EQ(cumsum(a, 1).shape(), extents<2>(0, 3));
  try {
    argmax(a, 0);
    FAIL();
  } catch (const shape_error& e) {
    EXPECT_STREQ(e.what(), "attempt to get argmax of an empty sequence");
  }
  try {
    min(a);
    FAIL();
  } catch (const shape_error& e) {
    EXPECT_STREQ(e.what(), "zero-size array to reduction operation minimum which has no identity");
  }
}

}  // namespace
}  // namespace lazulite
