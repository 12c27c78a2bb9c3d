// Ranks and layouts: slices, transposes, broadcasts, negative strides, overlapping assignment; against loops over
// elements.
#include "tests/cpp/header/testing.h"

namespace lazulite {
namespace {

/// The elements of a view, in C order, one by one.
template <class T, int R>
std::vector<std::remove_const_t<T>> elements(const view<T, R>& v) {
  std::vector<std::remove_const_t<T>> list;
  const int64_t n = v.size();
  for (int64_t k = 0; k < n; ++k) {
    int64_t rest = k, offset = 0;
    for (int axis = R - 1; axis >= 0; --axis) {
      offset += rest % v.shape(axis) * v.strides()[axis];
      rest /= v.shape(axis);
    }
    list.push_back(v.data()[offset]);
  }
  return list;
}
template <class T, int R>
std::vector<T> elements(const array<T, R>& a) {
  return {a.begin(), a.end()};
}
template <class T, int R>
array<T, R> filled(const extents<R>& shape, unsigned seed) {
  array<T, R> a(shape);
  const array<T, 1> x = numbers<T>(a.size(), seed, false);
  std::copy(x.begin(), x.end(), a.begin());
  return a;
}

/// 2 a - b, where both have some layout of the same shape, to `out`.
template <class T, int R>
void check(const view<const T, R>& a, const view<const T, R>& b, const view<T, R>& out) {
  const auto x = elements(a), y = elements(b);
  const array<T, R> r = a * T(2) - b;
  out = a * T(2) - b;
  const auto z = elements(out);
  for (size_t k = 0; k < x.size(); ++k) {
    ASSERT_EQ(r.data()[k], static_cast<T>(x[k] * T(2) - y[k])) << k;
    ASSERT_EQ(z[k], r.data()[k]) << k;
  }
}
template <class T>
void check_layouts() {
  for (const int64_t n : {1, 3, 8, 30, 65}) {
    for (const int64_t m : {1, 5, 8, 33, 300}) {
      const array<T, 2> a = filled<T>(extents<2>(n, m), 1), b = filled<T>(extents<2>(m, n), 2),
                        wide = filled<T>(extents<2>(2 * n, 3 * m), 3);
      array<T, 2> out({n, m}), out_t({m, n}), out_wide({2 * n, 3 * m});
      const view<const T, 2> straight(a),
          transposed = transpose(b), strided = wide(range(0, 2 * n, 2), range(1, unbounded, 3)),
          reversed = a(range(unbounded, unbounded, -1), range(unbounded, unbounded, -1));
      const view<T, 2> to_straight(out), to_transposed = transpose(out_t),
                                         to_strided = out_wide(range(0, 2 * n, 2), range(1, unbounded, 3));
      ASSERT_EQ(strided.shape(), a.shape());
      for (const auto& x : {straight, transposed, strided, reversed})
        for (const auto& y : {straight, transposed, strided, reversed})
          for (const auto& to : {to_straight, to_transposed, to_strided}) check<T, 2>(x, y, to);
    }
  }
}
TEST(HeaderLayouts, Float64) { check_layouts<double>(); }
TEST(HeaderLayouts, Float32) { check_layouts<float>(); }
TEST(HeaderLayouts, Int16) { check_layouts<int16_t>(); }

TEST(HeaderLayouts, Ranks) {
  const array<double, 0> s;
  *const_cast<double*>(s.data()) = 2.5;
  const array<double, 3> a = filled<double>(extents<3>(3, 4, 5), 1);
  const array<double, 4> b = filled<double>(extents<4>(2, 3, 4, 5), 2);
  const array<double, 1> c = filled<double>(extents<1>(5), 3);
  const array<double, 4> r = a * b + s - c;
  for (int64_t h = 0; h < 2; ++h)
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 4; ++j)
        for (int64_t k = 0; k < 5; ++k) ASSERT_EQ(r(h, i, j, k), a(i, j, k) * b(h, i, j, k) + 2.5 - c(k));
  const array<double, 0> zero = s * 2;
  EXPECT_EQ(zero(), 5);
}

TEST(HeaderLayouts, Broadcasting) {
  for (const int64_t n : {1, 4, 100})
    for (const int64_t m : {1, 7, 100, 3000}) {
      const array<double, 1> row = filled<double>(extents<1>(m), 1), column = filled<double>(extents<1>(n), 2);
      const array<double, 2> full = filled<double>(extents<2>(n, m), 3);
      const array<double, 2> r = full + row * column(all, newaxis);
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < m; ++j) ASSERT_EQ(r(i, j), full(i, j) + row(j) * column(i));
      array<double, 2> filled_by_row({n, m});
      filled_by_row = row;
      ASSERT_EQ(filled_by_row(n - 1, m - 1), row(m - 1));
    }
}

TEST(HeaderLayouts, IndicesAndSlices) {
  array<int32_t, 2> a({4, 6});
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 6; ++j) a(i, j) = 10 * i + j;
  EXPECT_EQ(elements(a(1, all)), (std::vector<int32_t>{10, 11, 12, 13, 14, 15}));
  EXPECT_EQ(elements(a(all, -1)), (std::vector<int32_t>{5, 15, 25, 35}));
  EXPECT_EQ(elements(a(range(1, -1), range(unbounded, unbounded, -2))), (std::vector<int32_t>{15, 13, 11, 25, 23, 21}));
  EXPECT_EQ(elements(a(range(3, 1), all)), (std::vector<int32_t>{}));
  EXPECT_EQ(elements(a(range(-100, 100, 3), 0)), (std::vector<int32_t>{0, 30}));
  EXPECT_EQ(a(newaxis, all, 2).shape(), extents<2>(1, 4));
  EXPECT_THROW(a(4, all), index_error);
  EXPECT_THROW(a(all, -7), index_error);
  a(all, range(0, 2)) = 7;
  EXPECT_EQ(a(3, 1), 7);
  EXPECT_EQ(a(3, 2), 32);
}

TEST(HeaderLayouts, FewElements) {  // fewer than a step of the loop
  for (int64_t n = 1; n < 70; ++n) {
    array<uint8_t, 1> a = numbers<uint8_t>(n + 1, 1);
    const array<uint8_t, 1> before = a;
    const array<double, 1> d = numbers<double>(n, 2, false);
    a(range(1, unbounded)) = a(range(0, -1)) + uint8_t(1);  // overlapping
    const array<double, 1> mixed = d * before(range(1, unbounded));
    for (int64_t k = 0; k < n; ++k) {
      ASSERT_EQ(a(k + 1), static_cast<uint8_t>(before(k) + 1)) << n;
      ASSERT_EQ(mixed(k), d(k) * before(k + 1)) << n;
    }
  }
}

TEST(HeaderLayouts, OverlappingAssignmentReadsFirst) {
  for (const int64_t n : {5, 40, 200, 5000}) {
    const array<double, 1> start = filled<double>(extents<1>(n), 1);
    array<double, 1> a = start;
    a(range(1, unbounded)) = a(range(0, -1)) * 1.0;
    for (int64_t k = 1; k < n; ++k) ASSERT_EQ(a(k), start(k - 1));
    a = start;
    a(range(0, -1)) = a(range(1, unbounded)) + 0.0;
    for (int64_t k = 0; k + 1 < n; ++k) ASSERT_EQ(a(k), start(k + 1) + 0.0);
    a = start;
    a = a(range(unbounded, unbounded, -1)) - a;
    for (int64_t k = 0; k < n; ++k) ASSERT_EQ(a(k), start(n - 1 - k) - start(k));
    a = start;
    a = a * 2 + a(0);
    for (int64_t k = 0; k < n; ++k) ASSERT_EQ(a(k), start(k) * 2 + start(0));
    a = start;
    a += a(range(0, 1));
    for (int64_t k = 0; k < n; ++k) ASSERT_EQ(a(k), start(k) + start(0));
    a = start;
    a = exp(a);  // in place
    for (int64_t k = 0; k < n; ++k) ASSERT_EQ(a(k), eval(exp(start))(k));
  }
  array<double, 2> b = filled<double>(extents<2>(30, 30), 2);
  const array<double, 2> before = b;
  b = transpose(b) + 1;
  for (int i = 0; i < 30; ++i)
    for (int j = 0; j < 30; ++j) ASSERT_EQ(b(i, j), before(j, i) + 1);
}

TEST(HeaderLayouts, SeveralOutputs) {
  for (const int64_t n : {1, 7, 64, 1000}) {
    const array<double, 2> a = filled<double>(extents<2>(3, n), 1);
    array<double, 2> y({3, n}), z_t({n, 3});
    array<bool, 2> b({3, n});
    tie(y, b) = pack(a * 2 + 1, a > 0.0);
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < n; ++j) {
        ASSERT_EQ(y(i, j), a(i, j) * 2 + 1);
        ASSERT_EQ(b(i, j), a(i, j) > 0.0);
      }
    view<double, 2> whole(y);
    tie(whole, transpose(z_t)) = pack(whole - 1, whole * 3);  // reads what it writes
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < n; ++j) {
        ASSERT_EQ(y(i, j), a(i, j) * 2 + 1 - 1);
        ASSERT_EQ(z_t(j, i), (a(i, j) * 2 + 1) * 3);
      }
  }
}

}  // namespace
}  // namespace lazulite
