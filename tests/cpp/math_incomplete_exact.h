// The beta and incomplete gamma functions by their series, fraction and expansion in MPFR, for tests.
#pragma once

#include <mpfr.h>

#include <algorithm>
#include <cmath>

#include "core/kernels/reference_incomplete.h"

namespace lazulite {
namespace exact {

/// A number of as many bits as it is made with.
class Wide {
 public:
  explicit Wide(mpfr_prec_t bits) { mpfr_init2(v, bits); }
  Wide(mpfr_prec_t bits, double x) : Wide(bits) { mpfr_set_d(v, x, MPFR_RNDN); }
  ~Wide() { mpfr_clear(v); }
  Wide(const Wide&) = delete;
  Wide& operator=(const Wide&) = delete;
  operator mpfr_ptr() { return v; }

 private:
  mpfr_t v;
};

/// log gamma(1 + a) for a >= 0: Stirling's series from 60 on, where it gives some 190 bits.
inline void log_gamma_of_one_plus(mpfr_t y, const mpfr_t a, mpfr_prec_t bits) {
  constexpr int kTerms = 26;
  static const auto bernoulli = [] {  // B_2k / (2k (2k - 1)) in 300 bits, from zeta(2k)
    struct {
      mpfr_t at[kTerms];
    } b;
    Wide pi(320), power(320);
    for (unsigned long k = 1; k <= kTerms; ++k) {
      mpfr_init2(b.at[k - 1], 300);
      mpfr_const_pi(pi, MPFR_RNDN);
      mpfr_mul_2ui(pi, pi, 1, MPFR_RNDN);
      mpfr_pow_ui(power, pi, 2 * k, MPFR_RNDN);
      mpfr_zeta_ui(b.at[k - 1], 2 * k, MPFR_RNDN);
      mpfr_div(b.at[k - 1], b.at[k - 1], power, MPFR_RNDN);
      mpfr_fac_ui(power, 2 * k - 2, MPFR_RNDN);
      mpfr_mul(b.at[k - 1], b.at[k - 1], power, MPFR_RNDN);
      mpfr_mul_2ui(b.at[k - 1], b.at[k - 1], 1, MPFR_RNDN);
      if (k % 2 == 0) mpfr_neg(b.at[k - 1], b.at[k - 1], MPFR_RNDN);
    }
    return b;
  }();
  if (mpfr_zero_p(a) || mpfr_get_exp(a) < -20) {  // relative to a
    Wide near(bits);
    mpfr_add_ui(near, a, 1, MPFR_RNDN);
    mpfr_lngamma(y, near, MPFR_RNDN);
    return;
  }
  Wide z(bits), product(bits), inverse(bits), square(bits), sum(bits), t(bits);
  mpfr_add_ui(z, a, 1, MPFR_RNDN);
  mpfr_set_ui(product, 1, MPFR_RNDN);
  while (mpfr_cmp_ui(z, 60) < 0) {
    mpfr_mul(product, product, z, MPFR_RNDN);
    mpfr_add_ui(z, z, 1, MPFR_RNDN);
  }
  mpfr_ui_div(inverse, 1, z, MPFR_RNDN);
  mpfr_sqr(square, inverse, MPFR_RNDN);
  mpfr_set_zero(sum, 1);
  for (int k = kTerms - 1; k >= 0; --k) {
    mpfr_mul(sum, sum, square, MPFR_RNDN);
    mpfr_add(sum, sum, bernoulli.at[k], MPFR_RNDN);
  }
  mpfr_mul(sum, sum, inverse, MPFR_RNDN);
  mpfr_const_pi(t, MPFR_RNDN);
  mpfr_mul_2ui(t, t, 1, MPFR_RNDN);
  mpfr_div(t, t, z, MPFR_RNDN);
  mpfr_sqrt(t, t, MPFR_RNDN);
  mpfr_div(t, t, product, MPFR_RNDN);
  mpfr_log(t, t, MPFR_RNDN);
  mpfr_add(sum, sum, t, MPFR_RNDN);
  mpfr_log(t, z, MPFR_RNDN);
  mpfr_sub_ui(t, t, 1, MPFR_RNDN);
  mpfr_mul(t, t, z, MPFR_RNDN);
  mpfr_add(y, sum, t, MPFR_RNDN);
}

/// Bits for arguments this large or small, when the logarithms of powers are added.
inline mpfr_prec_t bits_for(double a, double b) {
  int e = 0;
  std::frexp(std::max({std::fabs(a), std::fabs(b), 1.0}), &e);
  return 160 + 2 * e;
}

/// x^a e^-x / gamma(1 + a).
inline void gamma_power(mpfr_t y, const mpfr_t a, const mpfr_t x, mpfr_prec_t bits) {
  Wide log(bits), gamma(bits);
  mpfr_log(log, x, MPFR_RNDN);
  mpfr_mul(log, log, a, MPFR_RNDN);
  mpfr_sub(log, log, x, MPFR_RNDN);
  log_gamma_of_one_plus(gamma, a, bits);
  mpfr_sub(log, log, gamma, MPFR_RNDN);
  mpfr_exp(y, log, MPFR_RNDN);
}

/// Temme's c_k(eta) in many bits (see tools/coefficients_incomplete.py); of a from 3e4 on eight of them do.
class Temme {
 public:
  static constexpr int kCount = 8, kTerms = 70, kBits = 300;
  static const Temme& get() {
    static const Temme t;
    return t;
  }
  /// The sum of c_k(eta) / a^k.
  void sum(mpfr_t y, mpfr_t eta, mpfr_t a) const {
    Wide c(kBits);
    mpfr_set_zero(y, 1);
    for (int k = kCount - 1; k >= 0; --k) {
      mpfr_div(y, y, a, MPFR_RNDN);
      mpfr_set_zero(c, 1);
      for (int n = kTerms - 1 - 2 * kCount; n >= 0; --n) {
        mpfr_mul(c, c, eta, MPFR_RNDN);
        mpfr_add(c, c, at_[k][n], MPFR_RNDN);
      }
      mpfr_add(y, y, c, MPFR_RNDN);
    }
  }

 private:
  Temme() {
    mpfr_t mu[kTerms + 2], inverse[kTerms + 1];
    Wide sum(kBits), t(kBits);
    for (mpfr_t& v : mu) mpfr_init2(v, kBits);
    for (mpfr_t& v : inverse) mpfr_init2(v, kBits);
    for (auto& row : at_)
      for (mpfr_t& v : row) mpfr_init2(v, kBits), mpfr_set_zero(v, 1);
    mpfr_set_ui(mu[1], 1, MPFR_RNDN);
    for (int n = 2; n < kTerms + 2; ++n) {
      mpfr_set_zero(sum, 1);
      for (int i = 2; i < n; ++i) mpfr_fma(sum, mu[i], mu[n + 1 - i], sum, MPFR_RNDN);
      mpfr_div_2ui(sum, sum, 1, MPFR_RNDN);
      mpfr_div_ui(t, mu[n - 1], static_cast<unsigned long>(n + 1), MPFR_RNDN);
      mpfr_sub(mu[n], t, sum, MPFR_RNDN);
    }
    mpfr_set_ui(inverse[0], 1, MPFR_RNDN);
    for (int n = 1; n < kTerms + 1; ++n) {
      mpfr_set_zero(sum, 1);
      for (int i = 1; i <= n; ++i) mpfr_fma(sum, mu[i + 1], inverse[n - i], sum, MPFR_RNDN);
      mpfr_neg(inverse[n], sum, MPFR_RNDN);
    }
    for (int n = 0; n < kTerms; ++n) mpfr_set(at_[0][n], inverse[n + 1], MPFR_RNDN);
    for (int k = 1; k < kCount; ++k) {
      for (int n = 0; n + 2 < kTerms; ++n) {
        mpfr_mul_ui(t, at_[k - 1][n + 2], static_cast<unsigned long>(n + 2), MPFR_RNDN);
        mpfr_mul(sum, at_[k - 1][1], at_[0][n], MPFR_RNDN);
        mpfr_sub(at_[k][n], t, sum, MPFR_RNDN);
      }
    }
    for (mpfr_t& v : mu) mpfr_clear(v);
    for (mpfr_t& v : inverse) mpfr_clear(v);
  }
  mpfr_t at_[kCount][kTerms];
};

/// P(a, x), or Q, by Temme's expansion.
template <bool upper>
void incomplete_gamma_of_large(mpfr_t y, double a, double x) {
  const mpfr_prec_t bits = bits_for(a, x);
  Wide A(bits, a), X(bits, x), square(bits), t(bits), eta(Temme::kBits), sum(Temme::kBits), half(200);
  mpfr_div(square, X, A, MPFR_RNDN);
  mpfr_log(t, square, MPFR_RNDN);
  mpfr_sub_ui(square, square, 1, MPFR_RNDN);
  mpfr_sub(square, square, t, MPFR_RNDN);  // eta^2 / 2
  mpfr_mul_2ui(t, square, 1, MPFR_RNDN);
  mpfr_sqrt(eta, t, MPFR_RNDN);
  if (x < a) mpfr_neg(eta, eta, MPFR_RNDN);
  Temme::get().sum(sum, eta, A);
  mpfr_mul(square, square, A, MPFR_RNDN);
  mpfr_const_pi(t, MPFR_RNDN);
  mpfr_mul(t, t, A, MPFR_RNDN);
  mpfr_mul_2ui(t, t, 1, MPFR_RNDN);
  mpfr_sqrt(t, t, MPFR_RNDN);
  mpfr_div(sum, sum, t, MPFR_RNDN);
  mpfr_neg(t, square, MPFR_RNDN);
  mpfr_exp(t, t, MPFR_RNDN);
  mpfr_mul(sum, sum, t, MPFR_RNDN);
  mpfr_sqrt(t, square, MPFR_RNDN);
  if ((x < a) == upper) mpfr_neg(t, t, MPFR_RNDN);
  mpfr_erfc(half, t, MPFR_RNDN);
  mpfr_div_2ui(half, half, 1, MPFR_RNDN);
  upper ? mpfr_add(y, half, sum, MPFR_RNDN) : mpfr_sub(y, half, sum, MPFR_RNDN);
}

/// P(a, x), or Q, for positive, finite a and x.
template <bool upper>
void incomplete_gamma(mpfr_t y, double a, double x) {
  if (a > 3e4 && x > a / 2 && x / 2 < a) return incomplete_gamma_of_large<upper>(y, a, x);
  const mpfr_prec_t bits = bits_for(a, x);
  int small = 0;
  std::frexp(std::min(a, 1.0), &small);
  const mpfr_prec_t more = bits - small;  // 1 - P is of order a
  Wide A(more, a), X(more, x), power(more), sum(more), term(more);
  const bool below = x < std::max(a, 1.0);
  if (below) {
    gamma_power(power, A, X, more);
    mpfr_set_ui(sum, 1, MPFR_RNDN);
    mpfr_set_ui(term, 1, MPFR_RNDN);
    Wide s(140 - small), t(140 - small), n(140), q(140 - small);
    mpfr_set_ui(s, 1, MPFR_RNDN);
    mpfr_set_ui(t, 1, MPFR_RNDN);
    for (unsigned long k = 1; mpfr_get_exp(t) > mpfr_get_exp(s) - 140 + small; ++k) {
      mpfr_add_ui(q, A, k, MPFR_RNDN);
      mpfr_div(q, X, q, MPFR_RNDN);
      mpfr_mul(t, t, q, MPFR_RNDN);
      mpfr_add(s, s, t, MPFR_RNDN);
    }
    mpfr_mul(sum, power, s, MPFR_RNDN);
  } else {
    gamma_power(power, A, X, bits);
    mpfr_mul(power, power, A, MPFR_RNDN);
    // Convergents until the last change is small.
    Wide n0(140), d0(140), n1(140), d1(140), n2(140), d2(140), b(140), c(140), v(140), w(140);
    mpfr_set_zero(n0, 1);
    mpfr_set_ui(d0, 1, MPFR_RNDN);
    mpfr_set_ui(n1, 1, MPFR_RNDN);
    mpfr_sub(b, X, A, MPFR_RNDN);
    mpfr_add_ui(b, b, 1, MPFR_RNDN);
    mpfr_set(d1, b, MPFR_RNDN);
    mpfr_div(v, n1, d1, MPFR_RNDN);
    for (unsigned long k = 1;; ++k) {
      mpfr_add_ui(b, b, 2, MPFR_RNDN);
      mpfr_sub_ui(c, A, k, MPFR_RNDN);
      mpfr_mul_ui(c, c, k, MPFR_RNDN);
      mpfr_mul(n2, b, n1, MPFR_RNDN);
      mpfr_fma(n2, c, n0, n2, MPFR_RNDN);
      mpfr_mul(d2, b, d1, MPFR_RNDN);
      mpfr_fma(d2, c, d0, d2, MPFR_RNDN);
      mpfr_swap(n0, n1), mpfr_swap(d0, d1), mpfr_swap(n1, n2), mpfr_swap(d1, d2);
      if (k % 8 != 0) continue;
      mpfr_div(w, n1, d1, MPFR_RNDN);
      mpfr_sub(v, v, w, MPFR_RNDN);
      const bool close = mpfr_zero_p(v) || mpfr_get_exp(v) < mpfr_get_exp(w) - 90;
      mpfr_swap(v, w);
      if (close) break;
    }
    mpfr_mul(sum, power, v, MPFR_RNDN);
  }
  if (below == upper) {
    mpfr_ui_sub(y, 1, sum, MPFR_RNDN);
  } else {
    mpfr_set(y, sum, MPFR_RNDN);
  }
}

template <bool upper>
int gammainc(mpfr_t y, const mpfr_t a, const mpfr_t x, mpfr_rnd_t round) {
  const double A = mpfr_get_d(a, MPFR_RNDN), X = mpfr_get_d(x, MPFR_RNDN);
  if (!(A > 0 && X > 0 && std::isfinite(A) && std::isfinite(X)))
    return mpfr_set_d(y, reference::IncompleteGamma(A, X, upper), round);
  return incomplete_gamma<upper>(y, A, X), 0;
}

/// The x with P(a, x) = p: one step of Newton's from the scalar reference.
inline int gammaincinv(mpfr_t y, const mpfr_t a, const mpfr_t p, mpfr_rnd_t round) {
  const double A = mpfr_get_d(a, MPFR_RNDN), target = mpfr_get_d(p, MPFR_RNDN);
  const double start = reference::Gammaincinv(A, target);
  if (!(start > 1e-300 && start < 1e300 && A > 1e-4 && A < 1e6)) return mpfr_set_d(y, start, round);
  const mpfr_prec_t bits = bits_for(A, start);
  Wide value(bits), x(bits, start), slope(bits);
  if (target < 0.5) {
    incomplete_gamma<false>(value, A, start);
    mpfr_sub(value, value, p, MPFR_RNDN);
  } else {
    incomplete_gamma<true>(value, A, start);
    mpfr_ui_sub(slope, 1, p, MPFR_RNDN);
    mpfr_sub(value, slope, value, MPFR_RNDN);
  }
  gamma_power(slope, a, x, bits);
  mpfr_mul(slope, slope, a, MPFR_RNDN);
  mpfr_div(value, value, slope, MPFR_RNDN);
  mpfr_mul(value, value, x, MPFR_RNDN);
  return mpfr_sub(y, x, value, round);
}

/// The beta function, or the logarithm of its magnitude.
template <bool log>
int beta(mpfr_t y, const mpfr_t a, const mpfr_t b, mpfr_rnd_t round) {
  const double A = mpfr_get_d(a, MPFR_RNDN), B = mpfr_get_d(b, MPFR_RNDN);
  const reference::SignedLog nearly = reference::BetaByLog(A, B);
  if (!std::isfinite(nearly.log)) {
    return mpfr_set_d(y, static_cast<double>(log ? nearly.log : nearly.sign * std::exp(nearly.log)), round);
  }
  const double least = std::min({A, B, A + B});
  int small = 0;
  std::frexp(std::min({std::fabs(A), std::fabs(B), 1.0}), &small);
  const mpfr_prec_t bits = bits_for(A, B) + 100 - (least > 0 ? 0 : small);
  Wide sum(bits), total(bits), t(bits);
  mpfr_add(sum, a, b, MPFR_RNDN);
  mpfr_set_zero(total, 1);
  const mpfr_srcptr parts[] = {a, b, sum};
  for (int k = 0; k < 3; ++k) {
    int sign = 0;
    if (mpfr_sgn(parts[k]) > 0) {
      log_gamma_of_one_plus(t, parts[k], bits);
      Wide own(bits);
      mpfr_log(own, parts[k], MPFR_RNDN);
      mpfr_sub(t, t, own, MPFR_RNDN);
    } else if (!mpfr_integer_p(parts[k])) {
      mpfr_lgamma(t, &sign, parts[k], MPFR_RNDN);
    }
    k == 2 ? mpfr_sub(total, total, t, MPFR_RNDN) : mpfr_add(total, total, t, MPFR_RNDN);
  }
  if ((A <= 0 && std::floor(A) == A) || (B <= 0 && std::floor(B) == B)) mpfr_set_ld(total, nearly.log, MPFR_RNDN);
  if (log) return mpfr_set(y, total, round);
  mpfr_exp(y, total, MPFR_RNDN);
  return mpfr_setsign(y, y, nearly.sign < 0, round);
}

/// I(x; a, b) of positive, finite a and b and 0 < x < 1, y = 1 - x, by its series in x.
inline void lower_beta(mpfr_t result, double a, double b, mpfr_t x, mpfr_t y, mpfr_prec_t bits) {
  Wide A(bits, a), B(bits, b), s(bits), power(bits), t(bits), sum(bits), term(bits), n(bits), d(bits);
  mpfr_add(s, A, B, MPFR_RNDN);
  mpfr_log(power, x, MPFR_RNDN);
  mpfr_mul(power, power, A, MPFR_RNDN);
  mpfr_log(t, y, MPFR_RNDN);
  mpfr_fma(power, t, B, power, MPFR_RNDN);
  log_gamma_of_one_plus(t, A, bits);
  mpfr_sub(power, power, t, MPFR_RNDN);
  log_gamma_of_one_plus(t, B, bits);
  mpfr_sub(power, power, t, MPFR_RNDN);
  log_gamma_of_one_plus(t, s, bits);
  mpfr_add(power, power, t, MPFR_RNDN);
  mpfr_exp(power, power, MPFR_RNDN);
  mpfr_mul(power, power, B, MPFR_RNDN);
  mpfr_div(power, power, s, MPFR_RNDN);
  mpfr_set_ui(sum, 1, MPFR_RNDN);
  mpfr_set_ui(term, 1, MPFR_RNDN);
  for (unsigned long k = 0; mpfr_get_exp(term) > mpfr_get_exp(sum) - static_cast<long>(bits); ++k) {
    mpfr_add_ui(n, s, k, MPFR_RNDN);
    mpfr_add_ui(d, A, k + 1, MPFR_RNDN);
    mpfr_div(n, n, d, MPFR_RNDN);
    mpfr_mul(n, n, x, MPFR_RNDN);
    mpfr_mul(term, term, n, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
  }
  mpfr_mul(result, power, sum, MPFR_RNDN);
}

/// I(x; a, b), or NaN of parameters that are both beyond 1e5 or so, for which this takes too long.
inline void betainc(mpfr_t result, double a, double b, double x) {
  const double edge = reference::Betainc(a, b, x == 0 || x == 1 ? x : 0.5);
  if (!(a > 0 && b > 0 && std::isfinite(a) && std::isfinite(b) && x > 0 && x < 1)) {
    mpfr_set_d(result, x >= 0 && x <= 1 ? edge : std::nan(""), MPFR_RNDN);
    return;
  }
  if (std::min(a, b) > 1e5) return mpfr_set_nan(result);
  int small = 0;
  std::frexp(std::min({a, b, x, 1.0}), &small);
  for (mpfr_prec_t bits = bits_for(a, b) - small;; bits *= 2) {
    Wide X(bits, x), Y(bits), c(bits);
    mpfr_ui_sub(Y, 1, X, MPFR_RNDN);
    const bool below = x * b <= (1 - x) * a;
    if (below ? x < 0.9 : x < 0.1) return lower_beta(result, a, b, X, Y, bits);
    lower_beta(c, b, a, Y, X, bits);
    mpfr_ui_sub(c, 1, c, MPFR_RNDN);
    mpfr_set(result, c, MPFR_RNDN);
    if ((mpfr_sgn(static_cast<mpfr_ptr>(c)) > 0 &&
         mpfr_get_exp(c) > 120 - static_cast<long>(bits) + 2 * std::ilogb(std::max({a, b, 1.0}))) ||
        bits > 4000)
      return;
  }
}

/// How far x is from where I(x; a, b) = p, in last places of x, or of a T, times 1 + the condition: by how much the
/// logarithm of the lesser of x and 1 - x changes with that of the lesser tail.
template <class T>
double betaincinv_error(double a, double b, double p, T x) {
  constexpr double far = 1e300;
  const double edge = reference::Betaincinv(a, b, p > 0 && p < 1 && a > 0 && b > 0 && std::isfinite(a + b) ? 1 : p);
  if (!(a > 0 && b > 0 && std::isfinite(a) && std::isfinite(b) && p > 0 && p < 1))
    return std::isnan(edge) ? (std::isnan(x) ? 0 : far) : static_cast<double>(x) == edge ? 0 : far;
  if (!(x >= 0 && x <= 1)) return far;
  if (x < T(1e-30) || x == 1) return 0;  // (near the ends: x may round to them)
  const double z = static_cast<double>(x);
  Wide value(200), slope(200), t(200);
  betainc(value, a, b, z);
  mpfr_sub_d(value, value, p, MPFR_RNDN);
  Wide A(200, a), B(200, b), s(200), X(200, z), Y(200), gamma(200);
  mpfr_ui_sub(Y, 1, X, MPFR_RNDN);
  mpfr_log(slope, X, MPFR_RNDN);
  mpfr_mul(slope, slope, A, MPFR_RNDN);
  mpfr_log(t, Y, MPFR_RNDN);
  mpfr_fma(slope, t, B, slope, MPFR_RNDN);
  mpfr_add(s, A, B, MPFR_RNDN);
  log_gamma_of_one_plus(gamma, A, 200);
  mpfr_sub(slope, slope, gamma, MPFR_RNDN);
  log_gamma_of_one_plus(gamma, B, 200);
  mpfr_sub(slope, slope, gamma, MPFR_RNDN);
  log_gamma_of_one_plus(gamma, s, 200);
  mpfr_add(slope, slope, gamma, MPFR_RNDN);
  mpfr_exp(slope, slope, MPFR_RNDN);
  mpfr_mul(slope, slope, A, MPFR_RNDN);
  mpfr_mul(slope, slope, B, MPFR_RNDN);
  mpfr_div(slope, slope, s, MPFR_RNDN);
  mpfr_div(slope, slope, Y, MPFR_RNDN);  // x times the density
  mpfr_div(value, value, slope, MPFR_RNDN);
  const double relative = std::fabs(mpfr_get_d(value, MPFR_RNDN)), steepness = mpfr_get_d(slope, MPFR_RNDN);
  const double condition = std::min(p, 1 - p) / steepness;
  return relative / (std::numeric_limits<T>::epsilon() / 2 * (1 + condition));
}

}  // namespace exact
}  // namespace lazulite
