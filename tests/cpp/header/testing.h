// Shared by the tests of the header library: data of any dtype, and comparison with the engine bit for bit.
#pragma once

#include <gtest/gtest.h>
#include <lazulite/lazulite.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/cpp/header/engine.h"

namespace lazulite {

/// n elements; of floats every fourth has any bits whatever, of integers every second.
template <class T>
array<T, 1> numbers(int64_t n, unsigned seed, bool wild = true) {
  array<T, 1> a({n});
  std::mt19937_64 bits(seed);
  for (int64_t k = 0; k < n; ++k) {
    const uint64_t w = bits();
    T x;
    if constexpr (std::is_same_v<T, bool>) {
      x = w & 1;
    } else if constexpr (std::is_floating_point_v<T>) {
      x = static_cast<T>(std::ldexp(static_cast<double>(static_cast<int64_t>(w) >> 11), -49));
      if (wild && k % 4 == 3) std::memcpy(&x, &w, sizeof x);
      if (wild && k % 16 == 5) x = static_cast<T>(static_cast<int64_t>(w % 9) - 4);
    } else {
      x = static_cast<T>(k % 2 && wild ? w : w % 13);
    }
    a(k) = x;
  }
  return a;
}

template <class T, int R>
engine::Operand operand(const view<const T, R>& v) {
  return {dtype_of<T>, v.data(), {v.shape().begin(), v.shape().end()}, {v.strides().begin(), v.strides().end()}};
}
template <class T, int R>
engine::Operand operand(const array<T, R>& a) {
  return operand(view<const T, R>(a));
}
template <class T, int R>
engine::Operand operand(const view<T, R>& v) {
  return operand(view<const T, R>(v));
}

/// Equal but for the bits of NaNs.
template <class T>
bool same(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    if (std::isnan(a) && std::isnan(b)) return true;
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

template <class T, int R>
testing::AssertionResult equals(const array<T, R>& a, const engine::Result& r) {
  if (r.t != dtype_of<T>) return testing::AssertionFailure() << "dtype " << int(dtype_of<T>) << ", engine " << int(r.t);
  const std::vector<int64_t> shape(a.shape().begin(), a.shape().end());
  if (shape != r.shape) return testing::AssertionFailure() << "shape " << to_string(a.shape());
  for (int64_t k = 0; k < a.size(); ++k) {
    T x;
    std::memcpy(&x, r.bytes.data() + static_cast<size_t>(k) * sizeof(T), sizeof(T));
    if (!same(a.data()[k], x))
      return testing::AssertionFailure() << "element " << k << " of " << a.size() << ": " << +a.data()[k] << ", engine "
                                         << +x;
  }
  return testing::AssertionSuccess();
}

inline constexpr int64_t kLengths[] = {0, 1, 7, 8, 9, 31, 32, 33, 64, 65, 127, 1000};

/// May the op be written on these dtypes, and does it have a kernel for them?
template <Op op, class... T>
constexpr bool is_defined() {
  constexpr detail::operand_type types[] = {{false, dtype_of<T>}...};
  return detail::resolve(op, types, sizeof...(T)).wrong == detail::fault::none;
}

template <Op op, class T, class F>
void check_unary(const char* name, const F& f) {
  if constexpr (is_defined<op, T>()) {
    for (const int64_t n : kLengths) {
      const array<T, 1> a = numbers<T>(n, 1);
      EXPECT_TRUE(equals(eval(f(a)), engine::apply(op, {operand(a)}))) << name;
    }
  }
}

template <Op op, class T, class F>
void check_binary(const char* name, const F& f) {
  if constexpr (is_defined<op, T, T>()) {
    for (const int64_t n : kLengths) {
      const array<T, 1> a = numbers<T>(n, 1);
      // Exponents of integers must not be negative.
      constexpr bool is_power = op == Op::power && std::is_integral_v<T>;
      const array<T, 1> b = numbers<T>(n, 2, !is_power);
      EXPECT_TRUE(equals(eval(f(a, b)), engine::apply(op, {operand(a), operand(b)}))) << name;
    }
  }
}

}  // namespace lazulite
