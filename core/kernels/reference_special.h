// The scalar reference of the special functions, in long double: for tests, slow.
#pragma once

#include <math.h>  // j0l, j1l, y0l, y1l

#include <cmath>
#include <limits>

namespace lazulite {
namespace reference {

inline constexpr long double kSqrtPi = 1.772453850905516027298167483341145183L;
inline constexpr long double kSqrtHalf = 0.707106781186547524400844362104849039L;

/// erfcx of x >= 0: from 10 on by the asymptotic series.
inline long double ErfcxOfPositive(long double x) {
  if (x < 10) return std::exp(x * x) * std::erfc(x);
  long double sum = 1, term = 1;
  for (int k = 1; k < 20; ++k) sum += term *= static_cast<long double>(1 - 2 * k) / (2 * x * x);
  return sum / (x * kSqrtPi);
}
template <class T>
T Erfcx(T a) {
  const long double x = a;
  return static_cast<T>(x < 0 ? 2 * std::exp(x * x) - ErfcxOfPositive(-x) : ErfcxOfPositive(x));
}
inline long double NdtrTail(long double x) { return ErfcxOfPositive(x * kSqrtHalf) * std::exp(-x * x / 2) / 2; }
template <class T>
T Ndtr(T a) {
  const long double x = a;
  return static_cast<T>(x > 0 ? 1 - NdtrTail(x) : NdtrTail(-x));
}
template <class T>
T LogNdtr(T a) {
  const long double x = a;
  if (x > 0) return static_cast<T>(std::log1p(-NdtrTail(x)));
  return static_cast<T>(std::log(ErfcxOfPositive(-x * kSqrtHalf) / 2) - x * x / 2);
}

/// E with erf E = c, erfc E = 2u: Newton's method, where u is small on the logarithm.
inline long double ErfinvOf(long double c, long double u) {
  if (!(u > 0)) return u == 0 ? std::copysign(std::numeric_limits<long double>::infinity(), c) : std::nanl("");
  long double e;
  if (u > 0.25L) {
    e = c * kSqrtPi / 2;
    for (int i = 0; i < 8; ++i) e -= (std::erf(e) - c) * kSqrtPi / 2 * std::exp(e * e);
    return e;
  }
  const long double w = -std::log(2 * u);
  e = std::sqrt(w);
  for (int i = 0; i < 30; ++i) {
    const long double g = ErfcxOfPositive(e);
    e += (std::log(g) - e * e + w) * kSqrtPi * g / 2;
  }
  return std::copysign(e, c);
}
template <class T>
T Erfinv(T a) {
  const long double x = a;
  return static_cast<T>(ErfinvOf(x, (1 - std::fabs(x)) / 2));
}
template <class T>
T Erfcinv(T a) {
  const long double x = a;
  return static_cast<T>(ErfinvOf(1 - x, std::fmin(x, 2 - x) / 2 + 0 * x));
}
template <class T>
T Ndtri(T a) {
  const long double p = a;
  return static_cast<T>(ErfinvOf(2 * (p - 0.5L), std::fmin(p, 1 - p) + 0 * p) / kSqrtHalf);
}

template <class T>
T Expit(T a) {
  const long double e = std::exp(-std::fabs(static_cast<long double>(a)));
  return static_cast<T>((a < T(0) ? e : 1) / (1 + e));
}
template <class T>
T LogExpit(T a) {
  const long double x = a;
  return static_cast<T>(-std::fabs((x > 0 ? 0 : x) - std::log1p(std::exp(-std::fabs(x)))));
}
template <class T>
T Logit(T a) {
  const long double x = a;
  return static_cast<T>(std::fabs(x - 0.5L) < 0.25L ? std::log1p((2 * x - 1) / (1 - x)) : std::log(x / (1 - x)));
}
template <class T>
T Exprel(T a) {
  const long double x = a > T(2000) ? 2000 : a;
  return static_cast<T>(x == 0 ? 1 : std::expm1(x) / x);
}

template <class T>
T Gammaln(T a) {
  const long double x = a;
  return static_cast<T>(std::isinf(x) ? x : std::lgamma(x));
}
template <class T>
T Gamma(T a) {
  return static_cast<T>(std::tgamma(static_cast<long double>(a)));
}
template <class T>
T Rgamma(T a) {
  const long double x = a;
  if (x <= 0 && (std::floor(x) == x)) return x == 0 ? a : -T(0);
  return static_cast<T>(1 / std::tgamma(x));
}
/// By the recurrence up to 20, from there by the asymptotic series; by the reflection below 0.
template <class T>
T Digamma(T a) {
  long double x = a, y = 0;
  if (x == 0) return static_cast<T>(-1 / x);
  if (x < 0) {
    const long double turns = std::remainder(x, 1.0L), pi = 3.141592653589793238462643383279502884L;
    if (turns == 0 || std::isinf(x)) return std::numeric_limits<T>::quiet_NaN();
    y = -pi / std::tan(pi * turns);
    x = 1 - x;
  }
  for (; x < 20; ++x) y -= 1 / x;
  const long double w = 1 / (x * x);
  y -= w * (1.0L / 12 - w * (1.0L / 120 - w * (1.0L / 252 - w * (1.0L / 240 - w * (5.0L / 660 - w * 691 / 32760)))));
  return static_cast<T>(std::isinf(x) ? x : y + std::log(x) - 1 / (2 * x));
}

/// e^-x I(x) of x >= 0 by the power series, from 30 on by the asymptotic one.
inline long double ScaledI(int order, long double x) {
  long double term = 1, sum = 1;
  if (x < 30) {
    if (order == 1) term = sum = x / 2;
    for (int k = 1; k < 80; ++k) sum += term *= x * x / 4 / (k * (k + order));
    return sum * std::exp(-x);
  }
  for (int k = 1; k < 40; ++k) {
    term *= static_cast<long double>((2 * k - 1) * (2 * k - 1) - 4 * order) / (8 * k * x);
    sum += term;
  }
  return sum / (std::sqrt(2 * x) * kSqrtPi);
}
template <class T>
T I0e(T a) {
  return static_cast<T>(ScaledI(0, std::fabs(static_cast<long double>(a))));
}
template <class T>
T I0(T a) {
  const long double x = std::fabs(static_cast<long double>(a));
  return static_cast<T>(ScaledI(0, x) * std::exp(x));
}
template <class T>
T I1e(T a) {
  const long double y = ScaledI(1, std::fabs(static_cast<long double>(a)));
  return static_cast<T>(a < 0 ? -y : y);
}
template <class T>
T I1(T a) {
  return static_cast<T>(I1e(static_cast<long double>(a)) * std::exp(std::fabs(static_cast<long double>(a))));
}

/// J and Y by the C library, which has them in long double; as SciPy's at infinities.
template <class T>
T Bessel(long double (*f)(long double), T a) {
  return std::isinf(a) ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(f(a));
}
template <class T>
T J0(T a) {
  return Bessel(::j0l, a);
}
template <class T>
T J1(T a) {
  return Bessel(::j1l, a);
}
template <class T>
T Y0(T a) {
  return Bessel(::y0l, a);
}
template <class T>
T Y1(T a) {
  return Bessel(::y1l, a);
}
/// A quarter of the amplitude of J and Y, sqrt(2 / (pi |x|)), from 1/2 on: near their zeros errors are relative to it.
/// Before, 0.
inline double BesselScale(double x) {
  return std::fabs(x) < 0.5 ? 0 : std::sqrt(2 / (3.14159265358979323846 * std::fabs(x))) / 4;
}

}  // namespace reference
}  // namespace lazulite
