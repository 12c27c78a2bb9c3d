// What the header library promises about C++: nothing dangles, errors in NumPy's words, views of others' memory, draws,
// functions of the user's, contraction only where it is asked for.
#include <Eigen/Dense>
#include <array>

#include "core/graph/seed.h"
#include "tests/cpp/header/testing.h"

namespace lazulite {
namespace {

array<double, 1> temporary(double x) { return array<double, 1>({100}, x); }

auto expression_of_locals() {
  array<double, 1> local({100}, 3.0);
  const auto part = exp(temporary(0.0)) * 2;  // owns what it is made of
  return part + std::move(local) * temporary(5.0);
}

TEST(HeaderLanguage, ExpressionsOwnTemporaries) {
  const auto e = expression_of_locals();
  const auto copy = e * 1.0;
  const array<double, 1> r = copy + temporary(1.0);
  for (const double x : r) ASSERT_EQ(x, 2 + 15 + 1);
}

TEST(HeaderLanguage, ExpressionsBorrowNames) {
  array<double, 1> a({50}, 1.0);
  const auto e = a * 2.0;
  a = 5.0;
  EXPECT_EQ(eval(e)(7), 10);  // values are those of the evaluation
}

TEST(HeaderLanguage, ArraysAreAligned) {
  for (int64_t n = 1; n < 40; ++n) EXPECT_EQ(reinterpret_cast<uintptr_t>(array<float, 1>({n}).data()) % 64, 0u);
}

TEST(HeaderLanguage, AssignmentKeepsTheElementsInPlace) {
  array<double, 1> a({3}, 1.0), unset;
  const double* data = a.data();
  a = array<double, 1>({3}, 2.0);
  EXPECT_EQ(a.data(), data);
  unset = a + 1;
  EXPECT_EQ(unset.shape(), a.shape());
  EXPECT_EQ(unset(2), 3);
  array<double, 2> m({2, 3});
  m = a;
  EXPECT_EQ(m(1, 2), 2);
}

template <class F>
std::string message(const F& f) {
  try {
    f();
  } catch (const shape_error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(HeaderLanguage, ShapeErrors) {
  array<double, 1> a({3}), b({4});
  array<double, 2> c({2, 3});
  EXPECT_EQ(message([&] { a + b; }), "add: operands could not be broadcast together with shapes (3,) (4,) ");
  EXPECT_EQ(message([&] { where(c > 0.0, c, b); }),
            "where: operands could not be broadcast together with shapes (2,3) (2,3) (4,) ");
  EXPECT_EQ(message([&] { c = b; }), "could not broadcast input array from shape (4,) into shape (2,3)");
  EXPECT_EQ(message([&] { a = b * 2; }), "could not broadcast input array from shape (4,) into shape (3,)");
}

TEST(HeaderLanguage, ViewsOfOthers) {
  std::vector<float> v(100, 2.0f);
  const std::array<float, 100> w = {1, 2, 3};
  as_view(v) = view(w) * 3 + 1;
  EXPECT_EQ(v[1], 7);
  double raw[6] = {1, 2, 3, 4, 5, 6};
  view<double, 2> m(raw, {2, 3});
  EXPECT_EQ(sum(m), 21);
  EXPECT_EQ(m(1, 0), 4);
  const view<const double, 1> every_other(raw, {3}, {2});
  EXPECT_EQ(sum(every_other), 9);

  Eigen::MatrixXd e = Eigen::MatrixXd::Random(20, 30);
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> f(20, 30);
  as_view(f) = exp(as_view(e)) * 2;
  EXPECT_EQ(f(3, 4), eval(exp(as_view(e)) * 2)(3, 4));
  EXPECT_NEAR(f(3, 4), 2 * std::exp(e(3, 4)), 1e-14);
  auto block = e.block(2, 3, 5, 7);
  as_view(block) = 0;
  EXPECT_EQ(e(6, 9), 0);
  EXPECT_NE(e(7, 9), 0);
  Eigen::VectorXd x = Eigen::VectorXd::Ones(9);
  EXPECT_EQ(sum(view<double, 1>(x)), 9);
  std::vector<double> memory(6);
  Eigen::Map<Eigen::ArrayXd> into(memory.data(), 6);
  view<double, 1> to(into);
  to = view<const double, 1>(raw, {6}) * 2;
  EXPECT_EQ(into(5), 12);
}

TEST(HeaderLanguage, CompoundAssignment) {
  array<int32_t, 1> i({10}, 7);
  i += 3;
  i *= i;
  i -= int16_t(1);
  i %= 10;
  EXPECT_EQ(i(9), 9);
  i <<= 2;
  EXPECT_EQ(i(0), 36);
  array<float, 1> f({10}, 0.5f);
  f /= 2.0;  // a double number does not widen
  EXPECT_EQ(f(3), 0.25f);
}

TEST(HeaderLanguage, DrawsAreTheEngines) {
  const std::vector<uint32_t> words = {12345};
  const RandomKey key = SeedSequence(words).key();
  for (const Stream s : {Stream::ars, Stream::philox}) {
    random::generator rng(12345, s);
    const array<double, 1> z = rng.standard_normal<double>(1001);
    const array<float, 2> u = rng.random<float>({7, 11});
    const array<double, 1> e = rng.standard_exponential<double>(100);
    EXPECT_TRUE(equals(z, engine::draw(Law::standard_normal, DType::float64, s, key.word, 0, 1001)));
    engine::Result r = engine::draw(Law::random, DType::float32, s, key.word, 1001, 77);
    r.shape = {7, 11};
    EXPECT_TRUE(equals(u, r));
    EXPECT_TRUE(equals(e, engine::draw(Law::standard_exponential, DType::float64, s, key.word, 1078, 100)));
    EXPECT_EQ(rng.position(), 1178u);
    // In an expression, of a part, in any layout: the same elements.
    random::generator again(12345, s);
    const auto draws = again.standard_normal<double>(1001);
    array<double, 2> t({1001, 3});
    transpose(t) = draws * 2.0;
    for (int64_t k = 0; k < 1001; ++k) ASSERT_EQ(t(k, 1), z(k) * 2);
    EXPECT_EQ(sum(draws), sum(z));
  }
}

TEST(HeaderLanguage, FunctionsOfTheUsers) {
  const array<double, 1> a = numbers<double>(1000, 1, false), b = numbers<double>(1000, 2, false);
  const double shift = 0.25;
  const auto f = [shift](auto x, auto y) { return where(x < y, exp(-x * x), 2.0) + maximum(y, shift); };
  const array<double, 1> r = map(f, a, b) + 1;
  const array<double, 1> s = where(a < b, exp(-a * a), 2.0) + maximum(b, shift) + 1;
  for (int64_t k = 0; k < 1000; ++k) ASSERT_TRUE(same(r(k), s(k)));
  const array<float, 1> c = numbers<float>(1000, 3, false);
  const array<float, 1> twice = map([](auto x) { return x * 2.0f; }, c);
  EXPECT_EQ(twice(5), c(5) * 2);
}

TEST(HeaderLanguage, ContractionOnlyWhereAsked) {
  const array<double, 1> a = numbers<double>(1000, 1, false), b = numbers<double>(1000, 2, false),
                         c = numbers<double>(1000, 3, false);
  int different = 0;
  const array<double, 1> twice = a * b + c, once = contract(a * b + c), less = contract(c - a * b),
                         more = contract(exp(a * b - c));
  for (int64_t k = 0; k < 1000; ++k) {
    volatile double product = a(k) * b(k);
    ASSERT_EQ(twice(k), product + c(k));
    ASSERT_EQ(once(k), std::fma(a(k), b(k), c(k)));
    ASSERT_EQ(less(k), std::fma(-a(k), b(k), c(k)));
    ASSERT_EQ(more(k), eval(exp(contract(a * b - c)))(k));
    different += twice(k) != once(k);
  }
  EXPECT_GT(different, 100);
}

template <Op op, class S, class F>
void check_signs(const F& compare) {
  const array<S, 1> s = numbers<S>(1000, 1);
  const array<uint64_t, 1> wild = numbers<uint64_t>(1000, 2);
  array<uint64_t, 1> u = wild;
  for (int64_t k = 0; k < 1000; k += 5) u(k) = static_cast<uint64_t>(static_cast<int64_t>(s(k)));  // equal, or its wrap
  EXPECT_TRUE(equals(eval(compare(s, u)), engine::apply(op, {operand(s), operand(u)})));
  EXPECT_TRUE(equals(eval(compare(u, s)), engine::apply(op, {operand(u), operand(s)})));
}
TEST(HeaderLanguage, SignedAndUnsignedCompareByTheirValues) {
  check_signs<Op::less, int64_t>([](const auto& a, const auto& b) { return a < b; });
  check_signs<Op::less_equal, int64_t>([](const auto& a, const auto& b) { return a <= b; });
  check_signs<Op::greater, int64_t>([](const auto& a, const auto& b) { return a > b; });
  check_signs<Op::greater_equal, int32_t>([](const auto& a, const auto& b) { return a >= b; });
  check_signs<Op::equal, int8_t>([](const auto& a, const auto& b) { return a == b; });
  check_signs<Op::not_equal, int64_t>([](const auto& a, const auto& b) { return a != b; });
}

TEST(HeaderLanguage, NegativePowersOfIntegers) {
  const array<int64_t, 1> i({3}, 2);
  EXPECT_THROW(power(i, -1), std::invalid_argument);
  EXPECT_EQ(eval(power(i, 10))(2), 1024);
  EXPECT_EQ(eval(power(-2, i))(1), 4);
}

TEST(HeaderLanguage, PowersOfNumbers) {
  const array<double, 1> a = numbers<double>(200, 1);
  const array<int64_t, 1> i = numbers<int64_t>(200, 2);
  for (int64_t k = 0; k < 200; ++k) {
    ASSERT_TRUE(same(eval(power(a, 2))(k), a(k) * a(k)));
    ASSERT_TRUE(same(eval(power(a, 0.5))(k), std::sqrt(a(k))));
    ASSERT_TRUE(same(eval(power(a, -1))(k), 1 / a(k)));
    ASSERT_TRUE(same(eval(power(a, 1))(k), a(k)));
    ASSERT_EQ(eval(power(i, 3))(k), static_cast<int64_t>(static_cast<uint64_t>(i(k)) * static_cast<uint64_t>(i(k)) *
                                                         static_cast<uint64_t>(i(k))));
  }
}

}  // namespace
}  // namespace lazulite
