// The scalar reference of the beta function and the incomplete gamma and beta functions, in long double: for tests,
// slow.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/kernels/math_incomplete_tables.h"
#include "core/kernels/reference_special.h"

namespace lazulite {
namespace reference {

inline constexpr long double kTwoPi = 6.283185307179586476925286766559005768L;
inline constexpr long double kInfinite = std::numeric_limits<long double>::infinity();
inline constexpr long double kNothing = std::numeric_limits<long double>::quiet_NaN();

template <class P, size_t n>
long double PolynomialOf(long double x, const P (&c)[n]) {
  long double y = 0;
  for (size_t k = n; k > 0; --k) y = y * x + static_cast<long double>(c[k - 1]);
  return y;
}

/// log(1 + m) - m for x = a + a m.
inline long double LogLess(long double x, long double a) {
  const long double m = (x - a) / a;
  if (std::fabs(m) > 0.1L) return (m < -0.5L ? std::log(x / a) : std::log1p(m)) - m;
  long double sum = 0;
  for (int k = 30; k > 1; --k) sum = sum * -m - 1.0L / k;
  return sum * m * m;
}
/// log of gamma(1 + a) over a^a e^-a sqrt(2 pi a).
inline long double StirlingRest(long double a) {
  if (a < 10) return std::lgamma(1 + a) - (a * std::log(a) - a + std::log(kTwoPi * a) / 2);
  const long double c[] = {1.0L / 12,   -1.0L / 360,      1.0L / 1260, -1.0L / 1680,
                           1.0L / 1188, -691.0L / 360360, 1.0L / 156,  -3617.0L / 122400};
  return PolynomialOf(1 / (a * a), c) / a;
}
/// 1 / gamma(1 + a) - 1 for a from 0 to 1.
inline long double RgammaLess(long double a) { return a * (1 - a) * PolynomialOf(a, kRgammaOfOnePlus); }

// ---------------------------------------------------------------------------------------------------- incomplete gamma

/// x^a e^-x / gamma(1 + a).
inline long double GammaPower(long double a, long double x) {
  if (a < 1) return std::exp(a * std::log(x) - x) * (1 + RgammaLess(a));
  return std::exp(a * LogLess(x, a) - StirlingRest(a)) / std::sqrt(kTwoPi * a);
}

/// P and Q of positive, finite a and x.
struct GammaTails {
  long double lower, upper;
};
inline GammaTails TailsOfGamma(long double a, long double x) {
  if (a > 1e4L && x > a / 2 && x < 2 * a) {  // Temme's uniform expansion
    const long double square = std::max(0.0L, -a * LogLess(x, a)), root = std::sqrt(kTwoPi * a);
    const long double eta = std::copysign(std::sqrt(2 * square / a), x - a);
    const long double sum =
        PolynomialOf(eta, kTemme0) + (PolynomialOf(eta, kTemme1) + PolynomialOf(eta, kTemme2) / a) / a;
    const long double half = ErfcxOfPositive(std::sqrt(square)) / 2, power = std::exp(-square);
    const long double tail = power * (x < a ? half - sum / root : half + sum / root);
    return x < a ? GammaTails{tail, 1 - tail} : GammaTails{1 - tail, tail};
  }
  const long double power = GammaPower(a, x);
  if (x < std::max(a, 1.0L)) {
    long double sum = 1, term = 1;
    for (int n = 1; term > sum * 1e-22L; ++n) sum += term *= x / (a + n);
    if (a >= 1) return {power * sum, 1 - power * sum};
    long double rest = 0, factor = 1;  // Q = 1 - x^a / gamma(1 + a) + a (...)
    for (int n = 1; n < 40; ++n) {
      factor *= -x / n;
      rest -= factor / (a + n);
    }
    const long double g = RgammaLess(a), less = std::expm1(a * std::log(x));
    return {power * sum, a * rest * (less + 1) * (1 + g) - (less * (1 + g) + g)};
  }
  long double fraction = x + 1 - a + 600;  // Legendre's, from its end
  for (int n = 300; n > 0; --n) fraction = x + 2 * n - 1 - a + n * (a - n) / fraction;
  const long double tail = a * power / fraction;
  return {1 - tail, tail};
}

template <class T>
T IncompleteGamma(T a, T x, bool upper) {
  if (!(a >= 0) || !(x >= 0) || (a == 0 && x == 0) || (std::isinf(a) && std::isinf(x)))
    return std::numeric_limits<T>::quiet_NaN();
  if (x == 0 || std::isinf(a)) return upper ? T(1) : T(0);
  if (a == 0 || std::isinf(x)) return upper ? T(0) : T(1);
  const GammaTails t = TailsOfGamma(a, x);
  return static_cast<T>(upper ? t.upper : t.lower);
}
template <class T>
T Gammainc(T a, T x) {
  return IncompleteGamma(a, x, false);
}
template <class T>
T Gammaincc(T a, T x) {
  return IncompleteGamma(a, x, true);
}

/// Newton's method on the logarithms, within a bracket.
template <class T>
T Gammaincinv(T a, T p) {
  if (!(a >= 0) || !(p >= 0) || !(p <= 1)) return std::numeric_limits<T>::quiet_NaN();
  if (p == 1) return std::numeric_limits<T>::infinity();
  if (p == 0) return T(0);
  if (a == 0 || std::isinf(a)) return std::numeric_limits<T>::quiet_NaN();
  const long double shape = a, target = p < T(0.5) ? static_cast<long double>(p) : 1 - static_cast<long double>(p);
  const long double least = (std::log(static_cast<long double>(p)) + std::lgamma(1 + shape)) / shape;
  if (least < -700) return static_cast<T>(std::exp(least));
  long double low = -720, high = std::log(shape + 1) + 8, u = std::min(std::max(least, low), std::log(shape + 1));
  for (int k = 0; k < 200 && high - low > 1e-19L; ++k) {
    const long double x = std::exp(u);
    const GammaTails t = TailsOfGamma(shape, x);
    const long double value = p < T(0.5) ? t.lower : t.upper, slope = shape * GammaPower(shape, x) / value;
    const long double rise = p < T(0.5) ? std::log(value / target) : std::log(target / value);
    (rise > 0 ? high : low) = u;
    const long double next = u - rise / slope;
    const bool inside = next > low && next < high;
    if (inside && std::fabs(next - u) < 1e-18L) break;
    u = inside ? next : (low + high) / 2;
  }
  return static_cast<T>(std::exp(u));
}

// ---------------------------------------------------------------------------------------------------------------- beta

/// log beta of positive, finite a and b.
inline long double LogBeta(long double a, long double b) {
  const long double l = std::max(a, b), m = std::min(a, b), s = l + m;
  if (l < 1) {
    return std::log((s / l) / m) + std::log1p(s < 1 ? RgammaLess(s) : RgammaLess(s - 1)) - (s < 1 ? 0 : std::log(s)) -
           std::log1p(RgammaLess(l)) - std::log1p(RgammaLess(m));
  }
  const long double rest = StirlingRest(l) - StirlingRest(s) + std::log(s / l) / 2, main = -l * std::log1p(m / l);
  if (m < 1) return main + m - m * std::log(s) + rest - std::log(m) - std::log1p(RgammaLess(m));
  return main - m * std::log1p(l / m) + rest + StirlingRest(m) + std::log(kTwoPi / m) / 2;
}

/// A number as its sign and the logarithm of its magnitude.
struct SignedLog {
  long double log, sign;
};
inline SignedLog BetaByLog(long double a, long double b) {
  const auto whole = [](long double x) { return std::floor(x) == x; };
  const auto sign_of_whole = [](long double x) { return std::fmod(x, 2.0L) == 0 ? 1.0L : -1.0L; };
  const auto sign_of_gamma = [&](long double x) { return x < 0 ? sign_of_whole(std::floor(x)) : 1.0L; };
  for (int k = 0; k < 2; ++k, std::swap(a, b)) {  // nonpositive integers, as SciPy has them
    if (!(a <= 0 && whole(a))) continue;
    const bool paired = a >= -0x1p31L && whole(b) && std::fabs(b) < 0x1p31L && 1 - a - b > 0;
    if (!paired) return {kInfinite, 1};
    return {b > 0 ? LogBeta(1 - a - b, b) : kInfinite, sign_of_whole(b)};
  }
  if (std::isnan(a) || std::isnan(b) || (std::isinf(a) && std::isinf(b))) return {kNothing, 1};
  const long double low = std::min(a, b), high = std::max(a, b), s = a + b;
  const long double sign = sign_of_gamma(a) * sign_of_gamma(b);
  if (std::isinf(high)) return {low < 0 ? kInfinite : -kInfinite, low < 0 ? sign : 1};
  if (low > 0) return {LogBeta(a, b), 1};
  const auto sine = [](long double x) { return std::log(std::fabs(std::sin(std::remainder(x, 2.0L) * kTwoPi / 2))); };
  const bool pole = s <= 0 && whole(s);
  const long double sum = pole ? sign : sign * sign_of_gamma(s);
  if (high > 0 && s >= 1) return {std::log(kTwoPi / 2) - sine(low) - std::log(high) - LogBeta(1 - low, s), sum};
  if (pole) return {-kInfinite, sum};
  if (high > 0) return {LogBeta(1 - s, high) + sine(s) - sine(low), sum};
  return {std::log(kTwoPi / 2) + sine(s) - sine(low) - sine(high) - std::log(1 - s) - LogBeta(1 - low, 1 - high), sum};
}
template <class T>
T Beta(T a, T b) {
  const SignedLog y = BetaByLog(a, b);
  return static_cast<T>(y.sign * std::exp(y.log));
}
template <class T>
T Betaln(T a, T b) {
  return static_cast<T>(BetaByLog(a, b).log);
}

// ----------------------------------------------------------------------------------------------------- incomplete beta

/// I(x; a, b) by the series of DLMF 8.17.8 on the side of the mean where x is, y = 1 - x: not for parameters that are
/// both large, and where x is near 1 with an absolute error.
inline long double LowerBeta(long double a, long double b, long double x, long double y) {
  const long double power = std::exp(a * std::log(x) + b * std::log(y) - LogBeta(a, b)) / a;
  long double sum = 1, term = 1;
  for (int n = 0; n < 1000000 && term > sum * 1e-21L; ++n) sum += term *= x * (a + b + n) / (a + 1 + n);
  return power * sum;
}
template <class T>
T Betainc(T a, T b, T x) {
  if (!(a >= 0) || !(b >= 0) || !(x >= 0) || !(x <= 1) || (a == b && (a == 0 || std::isinf(a))))
    return std::numeric_limits<T>::quiet_NaN();
  if (x == 0 || x == 1) return x == 0 ? T(0) : T(1);
  if (a == 0 || std::isinf(b)) return T(1);
  if (b == 0 || std::isinf(a)) return T(0);
  const long double p = a, q = b, u = x, v = 1 - u;
  return static_cast<T>(u * q < v * p && u < 0.9L ? LowerBeta(p, q, u, v) : 1 - LowerBeta(q, p, v, u));
}

/// By bisection of Betainc, to its precision.
template <class T>
T Betaincinv(T a, T b, T p) {
  if (!(a > 0) || !(b > 0) || !(p >= 0) || !(p <= 1)) return std::numeric_limits<T>::quiet_NaN();
  if (p == 0 || p == 1) return p == 0 ? T(0) : T(1);
  if (std::isinf(a) || std::isinf(b)) return a == b ? std::numeric_limits<T>::quiet_NaN() : T(std::isinf(a));
  long double low = 0, high = 1;
  for (int k = 0; k < 90; ++k) {
    const long double x = (low + high) / 2;
    const long double parameters[] = {a, b};
    (Betainc(parameters[0], parameters[1], x) < p ? low : high) = x;
  }
  return static_cast<T>(high);
}

}  // namespace reference
}  // namespace lazulite
