// Casts between all dtypes, promotion of mixed operands, where, and bools, against the engine.
#include "tests/cpp/header/testing.h"

namespace lazulite {
namespace {

template <class From, class To>
void check_cast() {
  const array<From, 1> a = numbers<From>(333, 3);
  EXPECT_TRUE(equals(eval(astype<To>(a)), engine::astype(operand(a), dtype_of<To>)))
      << int(dtype_of<From>) << " to " << int(dtype_of<To>);
}
template <class From>
void check_casts() {
#define LZ_X(d, T) check_cast<From, T>();
  LZ_FOR_DTYPES(LZ_X)
#undef LZ_X
}
TEST(HeaderCasts, Bool) { check_casts<bool>(); }
TEST(HeaderCasts, Integers) {
#define LZ_X(d, T) check_casts<T>();
  LZ_FOR_INTEGERS(LZ_X)
}
#undef LZ_X
TEST(HeaderCasts, Floats) {
  check_casts<float>();
  check_casts<double>();
}

template <class A, class B>
void check_promotion() {
  const array<A, 1> a = numbers<A>(101, 4, false);
  const array<B, 1> b = numbers<B>(101, 5, false);
  EXPECT_TRUE(equals(eval(a + b), engine::apply(Op::add, {operand(a), operand(b)})));
  EXPECT_TRUE(equals(eval(a / b), engine::apply(Op::divide, {operand(a), operand(b)})));
  if constexpr (is_defined<Op::less, A, B>()) {
    EXPECT_TRUE(equals(eval(a < b), engine::apply(Op::less, {operand(a), operand(b)})));
  }
}
TEST(HeaderCasts, Promotion) {
  check_promotion<bool, uint8_t>();
  check_promotion<int8_t, uint8_t>();
  check_promotion<uint32_t, int32_t>();
  check_promotion<int64_t, float>();
  check_promotion<uint64_t, int64_t>();
  check_promotion<int16_t, float>();
  check_promotion<float, double>();
  check_promotion<bool, double>();
}

TEST(HeaderCasts, NumbersAreWeak) {
  const array<float, 1> f = numbers<float>(9, 1);
  const array<int32_t, 1> i = numbers<int32_t>(9, 1);
  const array<uint8_t, 1> u = numbers<uint8_t>(9, 1);
  EXPECT_TRUE((std::is_same_v<decltype(eval(f * 2.0)), array<float, 1>>));
  EXPECT_TRUE((std::is_same_v<decltype(eval(i * 2)), array<int32_t, 1>>));
  EXPECT_TRUE((std::is_same_v<decltype(eval(i * 2.0)), array<double, 1>>));
  EXPECT_TRUE((std::is_same_v<decltype(eval(u + 1)), array<uint8_t, 1>>));
  EXPECT_THROW(u + 300, range_error);
  EXPECT_THROW(u - -1, range_error);
}

template <class C, class T>
void check_where() {
  for (const int64_t n : kLengths) {
    const array<C, 1> c = numbers<C>(n, 6, false);
    const array<T, 1> x = numbers<T>(n, 7), y = numbers<T>(n, 8);
    EXPECT_TRUE(equals(eval(where(c, x, y)), engine::apply(Op::where, {operand(c), operand(x), operand(y)})));
  }
}
TEST(HeaderCasts, Where) {
  check_where<bool, double>();
  check_where<bool, float>();
  check_where<bool, uint8_t>();
  check_where<bool, bool>();
  check_where<int8_t, double>();
  check_where<double, int16_t>();
}

TEST(HeaderCasts, MasksOfDifferentWidths) {
  for (const int64_t n : kLengths) {
    const array<double, 1> a = numbers<double>(n, 1), b = numbers<double>(n, 2);
    const array<float, 1> c = numbers<float>(n, 3), d = numbers<float>(n, 4);
    const array<uint8_t, 1> e = numbers<uint8_t>(n, 5), f = numbers<uint8_t>(n, 6);
    const array<bool, 1> g = numbers<bool>(n, 7);
    const auto both = (a < b && c < d) || (e < f && !g);
    const array<bool, 1> stored = both;
    const array<double, 1> chosen = where(both, a, c);
    const array<float, 1> narrow = where(both, c, 1);
    int64_t count = 0;
    for (int64_t k = 0; k < n; ++k) {
      const bool truth = (a(k) < b(k) && c(k) < d(k)) || (e(k) < f(k) && !g(k));
      count += truth;
      EXPECT_EQ(stored(k), truth);
      EXPECT_TRUE(same(chosen(k), truth ? a(k) : static_cast<double>(c(k))));
      EXPECT_TRUE(same(narrow(k), truth ? c(k) : 1.0f));
    }
    EXPECT_EQ(sum(both), count);
    EXPECT_EQ(any(both), count > 0);
    EXPECT_EQ(all(both), count == n);
  }
}

}  // namespace
}  // namespace lazulite
