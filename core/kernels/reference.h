// The functions that the op table's `ref` columns name (reference_rows.h has the rows), and the reference of casts.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/graph/ops.h"
#include "core/kernels/reference_incomplete.h"
#include "core/kernels/reference_special.h"

namespace lazulite {
namespace reference {

// Integers wrap around: computed on uint64, where overflow is defined, and cut to T.
template <class T, class F>
T Wrapped(T a, T b, F f) {
  if constexpr (std::is_floating_point_v<T>) return f(a, b);
  if constexpr (!std::is_floating_point_v<T>)
    return static_cast<T>(f(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}
template <class T>
T Add(T a, T b) {
  return Wrapped(a, b, [](auto x, auto y) { return x + y; });
}
template <class T>
T Subtract(T a, T b) {
  return Wrapped(a, b, [](auto x, auto y) { return x - y; });
}
template <class T>
T Multiply(T a, T b) {
  return Wrapped(a, b, [](auto x, auto y) { return x * y; });
}
template <class T>
T Negative(T a) {
  if constexpr (std::is_floating_point_v<T>) return -a;
  if constexpr (!std::is_floating_point_v<T>) return Subtract(T(0), a);
}
template <class T>
T Magnitude(T a) {
  if constexpr (std::is_floating_point_v<T>) return std::fabs(a);
  if constexpr (!std::is_floating_point_v<T>) return a < T(0) ? Negative(a) : a;
}
template <class T>
T Sign(T a) {
  return a != a ? a : static_cast<T>((a > T(0)) - (a < T(0)));
}
// NumPy's vector loops give the second of equal arguments, which shows in the signs of zeros.
template <class T>
T Minimum(T a, T b) {
  return a != a || a < b ? a : b;
}
template <class T>
T Maximum(T a, T b) {
  return a != a || a > b ? a : b;
}
template <class T>
T FMin(T a, T b) {
  return b != b || a < b ? a : b;
}
template <class T>
T FMax(T a, T b) {
  return b != b || a > b ? a : b;
}

template <class T>
T Heaviside(T a, T b) {
  return a != a ? a : a == 0 ? b : T(a > 0);
}
template <class T>
T Spacing(T a) {
  const T further = std::nextafter(a, std::copysign(std::numeric_limits<T>::infinity(), a == 0 ? T(1) : a));
  return further - a;
}

template <class T>
T ModfFraction(T a) {
  T whole;
  return std::modf(a, &whole);
}
template <class T>
T FrexpMantissa(T a) {
  int e;
  return std::frexp(a, &e);
}
template <class T>
T FrexpExponent(T a) {
  int e = 0;
  std::frexp(a, &e);
  return a == 0 || !std::isfinite(a) ? T(0) : static_cast<T>(e);
}
template <class T>
T Ldexp(T a, T b) {
  if (b != b) return b;
  return std::ldexp(a, static_cast<int>(std::nearbyint(std::fmax(T(-5000), std::fmin(T(5000), b)))));
}
// In long double, which is exact enough for floats and doubles.
template <class T>
T Turns(T a, int quarters) {
  if (!std::isfinite(a)) return std::numeric_limits<T>::quiet_NaN();
  int n = 0;
  const long double f = std::remquo(static_cast<long double>(a), 0.5L, &n) * 3.14159265358979323846264L;
  n += quarters;
  const long double y = n & 1 ? std::cos(f) : std::sin(f);
  return static_cast<T>(n & 2 ? -y : y);
}
template <class T>
T Sinpi(T a) {
  const T y = Turns(a, 0);
  return y == 0 ? std::copysign(T(0), a) : y;
}
template <class T>
T Cospi(T a) {
  return Turns(a, 1) + T(0);
}
template <class T>
T LogAddExp(T a, T b) {
  const long double x = std::fmax(a, b), y = std::fmin(a, b);
  if (a != a || b != b) return a + b;
  return static_cast<T>(a == b ? x + std::log(2.0L) : x + std::log1p(std::exp(y - x)));
}
template <class T>
T LogAddExp2(T a, T b) {
  const long double x = std::fmax(a, b), y = std::fmin(a, b);
  if (a != a || b != b) return a + b;
  return static_cast<T>(a == b ? x + 1 : x + std::log1p(std::exp2(y - x)) / std::log(2.0L));
}

/// Quotient and remainder as Python's: the remainder has the divisor's sign. For floats after NumPy's npy_divmod.
template <class T>
struct Division {
  T quotient, remainder;
};
template <class T>
Division<T> Divide(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    T remainder = std::fmod(a, b);
    if (b == 0) return {a / b, remainder};
    T quotient = (a - remainder) / b;
    if (remainder == 0) {
      remainder = std::copysign(T(0), b);
    } else if ((b < 0) != (remainder < 0)) {
      remainder += b;
      quotient -= 1;
    }
    if (quotient == 0) return {std::copysign(T(0), a / b), remainder};
    const T whole = std::floor(quotient);
    return {quotient - whole > T(0.5) ? whole + 1 : whole, remainder};
  } else {
    if (b == 0) return {0, 0};
    if constexpr (std::is_signed_v<T>) {
      if (b == T(-1)) return {Negative(a), 0};  // the least integer's quotient wraps
    }
    const T quotient = static_cast<T>(a / b), remainder = static_cast<T>(a % b);
    if (remainder != 0 && (remainder < T(0)) != (b < T(0)))
      return {static_cast<T>(quotient - 1), static_cast<T>(remainder + b)};
    return {quotient, remainder};
  }
}
template <class T>
T FloorDivide(T a, T b) {
  return Divide(a, b).quotient;
}
template <class T>
T Remainder(T a, T b) {
  return Divide(a, b).remainder;
}
template <class T>
T Fmod(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::fmod(a, b);
  } else {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
      if (b == T(-1)) return 0;
    }
    return static_cast<T>(a % b);
  }
}
/// Integers by repeated squaring, modulo 2^bits; the exponent is not negative.
template <class T>
T Power(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::pow(a, b);
  } else {
    T result = 1;
    for (auto e = static_cast<std::make_unsigned_t<T>>(b); e != 0; e = static_cast<decltype(e)>(e >> 1)) {
      if (e & 1) result = Multiply(result, a);
      a = Multiply(a, a);
    }
    return result;
  }
}
/// Counts beyond the width, negative ones among them, move every bit out.
template <class T>
T LeftShift(T a, T b) {
  using U = std::make_unsigned_t<T>;
  constexpr U bits = 8 * sizeof(T);
  return static_cast<U>(b) < bits ? static_cast<T>(static_cast<uint64_t>(a) << static_cast<U>(b)) : T(0);
}
template <class T>
T RightShift(T a, T b) {
  using U = std::make_unsigned_t<T>;
  constexpr U bits = 8 * sizeof(T);
  return static_cast<U>(b) < bits ? static_cast<T>(a >> static_cast<U>(b)) : a < T(0) ? static_cast<T>(-1) : T(0);
}

/// NumPy's cast on x86-64. Floats out of an integer's range give what the cvtt instructions give; see casts in
/// core/kernels/compat-inl.h.
template <class To, class From>
To Cast(From v) {
  if constexpr (std::is_same_v<To, bool>) {
    return v != From(0);
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    const double x = static_cast<double>(v);
    const auto truncated = [](double y, int bits) -> int64_t {
      const double limit = std::ldexp(1.0, bits - 1);
      if (y > -limit - 1 && std::trunc(y) >= -limit && y < limit) return static_cast<int64_t>(y);
      return -static_cast<int64_t>(std::ldexp(1.0, bits - 2)) * 2;
    };
    if constexpr (sizeof(To) < 4) return static_cast<To>(truncated(x, 32));
    constexpr int bits = sizeof(To) < 4 ? 32 : 8 * sizeof(To);
    if constexpr (std::is_signed_v<To>) return static_cast<To>(truncated(x, bits));
    const double half = std::ldexp(1.0, bits - 1);
    if (x >= half) return static_cast<To>(static_cast<To>(truncated(x - half, bits)) ^ (To(1) << (bits - 1)));
    return static_cast<To>(truncated(x, bits));
  } else {
    return static_cast<To>(v);
  }
}

}  // namespace reference
}  // namespace lazulite
