// The special functions by their formulas in MPFR, as precise as the result asks for and some more.
#pragma once

#include <mpfr.h>

#include "core/kernels/reference_special.h"

namespace lazulite {
namespace exact {

/// Numbers of enough bits for the formulas: beside the result's bits those that cancel.
class Real {
 public:
  Real() { mpfr_init2(v, kBits); }
  ~Real() { mpfr_clear(v); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;
  operator mpfr_ptr() { return v; }

 private:
  static constexpr mpfr_prec_t kBits = 220;
  mpfr_t v;
};

/// erfc, with the error of far arguments as small as that of near ones; x need not have few bits.
inline void erfc_of(mpfr_t y, mpfr_t x) { mpfr_erfc(y, x, MPFR_RNDN); }

/// erfcx of x >= 0, from 100 on by the asymptotic series.
inline void erfcx_of_positive(mpfr_t y, mpfr_t x) {
  Real square, term, sum;
  mpfr_sqr(square, x, MPFR_RNDN);
  if (mpfr_cmp_ui(x, 100) < 0) {
    mpfr_exp(term, square, MPFR_RNDN);
    mpfr_erfc(sum, x, MPFR_RNDN);
    mpfr_mul(y, term, sum, MPFR_RNDN);
    return;
  }
  mpfr_set_ui(term, 1, MPFR_RNDN);
  mpfr_set_ui(sum, 1, MPFR_RNDN);
  for (long k = 1; k < 25; ++k) {
    mpfr_mul_si(term, term, 1 - 2 * k, MPFR_RNDN);
    mpfr_div(term, term, square, MPFR_RNDN);
    mpfr_div_2ui(term, term, 1, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
  }
  mpfr_const_pi(term, MPFR_RNDN);
  mpfr_sqrt(term, term, MPFR_RNDN);
  mpfr_mul(term, term, x, MPFR_RNDN);
  mpfr_div(y, sum, term, MPFR_RNDN);
}

inline int erfcx(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_nan_p(x)) return mpfr_set_nan(y), 0;
  Real a, g, e;
  mpfr_abs(a, x, MPFR_RNDN);
  if (mpfr_inf_p(x)) return mpfr_sgn(x) > 0 ? mpfr_set_zero(y, 1) : mpfr_set_inf(y, 1), 0;
  erfcx_of_positive(g, a);
  if (mpfr_sgn(x) >= 0) return mpfr_set(y, g, MPFR_RNDN);
  mpfr_sqr(e, a, MPFR_RNDN);
  mpfr_exp(e, e, MPFR_RNDN);
  mpfr_mul_2ui(e, e, 1, MPFR_RNDN);
  return mpfr_sub(y, e, g, MPFR_RNDN);
}

/// x / sqrt 2.
inline void over_root(mpfr_t y, const mpfr_t x) {
  Real root;
  mpfr_sqrt_ui(root, 2, MPFR_RNDN);
  mpfr_div(y, x, root, MPFR_RNDN);
}

inline int ndtr(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_nan_p(x)) return mpfr_set_nan(y), 0;
  Real a;
  over_root(a, x);
  mpfr_neg(a, a, MPFR_RNDN);
  mpfr_erfc(y, a, MPFR_RNDN);
  return mpfr_div_2ui(y, y, 1, MPFR_RNDN);
}

inline int log_ndtr(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_nan_p(x)) return mpfr_set_nan(y), 0;
  if (mpfr_inf_p(x)) return mpfr_sgn(x) > 0 ? mpfr_set_zero(y, -1) : mpfr_set_inf(y, -1), 0;
  Real a, g, half;
  over_root(a, x);
  if (mpfr_sgn(x) > 0) {
    mpfr_erfc(g, a, MPFR_RNDN);
    mpfr_div_2ui(g, g, 1, MPFR_RNDN);
    mpfr_neg(g, g, MPFR_RNDN);
    return mpfr_log1p(y, g, MPFR_RNDN);
  }
  mpfr_abs(a, a, MPFR_RNDN);
  erfcx_of_positive(g, a);
  mpfr_div_2ui(g, g, 1, MPFR_RNDN);
  mpfr_log(g, g, MPFR_RNDN);
  mpfr_sqr(half, x, MPFR_RNDN);
  mpfr_div_2ui(half, half, 1, MPFR_RNDN);
  return mpfr_sub(y, g, half, MPFR_RNDN);
}

/// E with erf E = c and erfc E = 2u: one step of Newton's from the reference in long double, which is right to 2^-60.
inline void erfinv_of(mpfr_t y, mpfr_t c, mpfr_t u) {
  if (mpfr_nan_p(u) || mpfr_sgn(u) < 0) return mpfr_set_nan(y);
  if (mpfr_zero_p(u)) return mpfr_set_inf(y, mpfr_sgn(c));
  if (mpfr_zero_p(c)) return mpfr_set(y, c, MPFR_RNDN), static_cast<void>(0);
  const long double start = reference::ErfinvOf(mpfr_get_ld(c, MPFR_RNDN), mpfr_get_ld(u, MPFR_RNDN));
  Real e, f, slope, a;
  mpfr_set_ld(e, start, MPFR_RNDN);
  mpfr_abs(a, e, MPFR_RNDN);
  mpfr_sqr(slope, a, MPFR_RNDN);
  mpfr_exp(slope, slope, MPFR_RNDN);
  mpfr_const_pi(f, MPFR_RNDN);
  mpfr_sqrt(f, f, MPFR_RNDN);
  mpfr_mul(slope, slope, f, MPFR_RNDN);
  mpfr_div_2ui(slope, slope, 1, MPFR_RNDN);
  if (mpfr_cmp_d(u, 0.25) > 0) {
    mpfr_erf(f, e, MPFR_RNDN);
    mpfr_sub(f, f, c, MPFR_RNDN);
    mpfr_mul(f, f, slope, MPFR_RNDN);
    mpfr_sub(y, e, f, MPFR_RNDN);
    return;
  }
  // log(erfc e / 2u) erfcx(e) sqrt(pi) / 2.
  Real g;
  mpfr_erfc(g, a, MPFR_RNDN);
  mpfr_div(f, g, u, MPFR_RNDN);
  mpfr_div_2ui(f, f, 1, MPFR_RNDN);
  mpfr_log(f, f, MPFR_RNDN);
  mpfr_mul(f, f, g, MPFR_RNDN);
  mpfr_mul(f, f, slope, MPFR_RNDN);
  mpfr_add(y, a, f, MPFR_RNDN);
  mpfr_setsign(y, y, mpfr_sgn(c) < 0, MPFR_RNDN);
}

inline int erfinv(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  Real c, u;
  mpfr_set(c, x, MPFR_RNDN);
  mpfr_abs(u, x, MPFR_RNDN);
  mpfr_ui_sub(u, 1, u, MPFR_RNDN);
  mpfr_div_2ui(u, u, 1, MPFR_RNDN);
  return erfinv_of(y, c, u), 0;
}

/// Of the lesser of x and top - x; c is what the tails leave.
inline void erfinv_of_tail(mpfr_t y, const mpfr_t x, unsigned top) {
  Real c, u, other;
  mpfr_set(u, x, MPFR_RNDN);
  mpfr_ui_sub(other, top, x, MPFR_RNDN);
  mpfr_sub(c, other, u, MPFR_RNDN);
  if (!mpfr_nan_p(x)) mpfr_min(u, u, other, MPFR_RNDN);
  if (top == 2) mpfr_div_2ui(u, u, 1, MPFR_RNDN);
  if (top == 2) mpfr_div_2ui(c, c, 1, MPFR_RNDN);
  erfinv_of(y, c, u);
}
inline int erfcinv(mpfr_t y, const mpfr_t x, mpfr_rnd_t) { return erfinv_of_tail(y, x, 2), 0; }
inline int ndtri(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  Real e, root;
  erfinv_of_tail(e, x, 1);
  mpfr_sqrt_ui(root, 2, MPFR_RNDN);
  mpfr_mul(y, e, root, MPFR_RNDN);
  return mpfr_zero_p(y) ? mpfr_set_zero(y, 1), 0 : mpfr_neg(y, y, MPFR_RNDN);
}

/// e^-|x|.
inline void falling(mpfr_t y, const mpfr_t x) {
  mpfr_abs(y, x, MPFR_RNDN);
  mpfr_neg(y, y, MPFR_RNDN);
  mpfr_exp(y, y, MPFR_RNDN);
}
inline int expit(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  Real e, one;
  falling(e, x);
  mpfr_add_ui(one, e, 1, MPFR_RNDN);
  return mpfr_sgn(x) < 0 ? mpfr_div(y, e, one, MPFR_RNDN) : mpfr_ui_div(y, 1, one, MPFR_RNDN);
}
inline int log_expit(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  Real e, least;
  falling(e, x);
  mpfr_log1p(e, e, MPFR_RNDN);
  if (mpfr_nan_p(x) || mpfr_sgn(x) > 0) return mpfr_neg(y, e, MPFR_RNDN);
  mpfr_set(least, x, MPFR_RNDN);
  return mpfr_sub(y, least, e, MPFR_RNDN);
}
inline int logit(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  Real a, b;
  mpfr_log(a, x, MPFR_RNDN);
  mpfr_neg(b, x, MPFR_RNDN);
  mpfr_log1p(b, b, MPFR_RNDN);
  return mpfr_sub(y, a, b, MPFR_RNDN);
}
inline int exprel(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_zero_p(x)) return mpfr_set_ui(y, 1, MPFR_RNDN);
  if (mpfr_inf_p(x)) return mpfr_sgn(x) > 0 ? mpfr_set_inf(y, 1) : mpfr_set_zero(y, 1), 0;
  Real e;
  mpfr_expm1(e, x, MPFR_RNDN);
  return mpfr_div(y, e, x, MPFR_RNDN);
}

inline int gammaln(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_inf_p(x)) return mpfr_set(y, x, MPFR_RNDN);  // SciPy's
  int sign = 0;
  return mpfr_lgamma(y, &sign, x, MPFR_RNDN);
}
/// gamma x, or beyond 200 something that is 0 or infinite in every type; MPFR's own range is very wide.
inline int gamma(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_zero_p(x)) return mpfr_set_inf(y, mpfr_signbit(x) ? -1 : 1), 0;
  if (mpfr_nan_p(x) || (mpfr_sgn(x) < 0 && (mpfr_inf_p(x) || mpfr_integer_p(x)))) return mpfr_set_nan(y), 0;
  if (mpfr_cmpabs_ui(x, 200) <= 0) return mpfr_gamma(y, x, MPFR_RNDN);
  mpfr_set_ui_2exp(y, 1, mpfr_sgn(x) > 0 ? 5000 : -5000, MPFR_RNDN);
  if (mpfr_sgn(x) > 0) return 0;
  Real below;
  mpfr_floor(below, x);
  mpfr_div_2ui(below, below, 1, MPFR_RNDN);
  return mpfr_setsign(y, y, !mpfr_integer_p(below), MPFR_RNDN);
}
inline int rgamma(mpfr_t y, const mpfr_t x, mpfr_rnd_t round) {
  if (mpfr_zero_p(x)) return mpfr_set(y, x, MPFR_RNDN);
  if (!mpfr_nan_p(x) && mpfr_sgn(x) < 0 && (mpfr_inf_p(x) || mpfr_integer_p(x)))
    return mpfr_set_zero(y, mpfr_inf_p(x) ? 1 : -1), 0;
  gamma(y, x, round);
  return mpfr_ui_div(y, 1, y, MPFR_RNDN);
}

/// e^-x I(x) of x >= 0 by the power series, whose terms are positive; from 100 on by the asymptotic one.
inline void scaled_i(mpfr_t y, const mpfr_t x, unsigned long order) {
  Real term, step, e;
  const bool far = mpfr_cmp_ui(x, 100) > 0;
  mpfr_set_ui(term, 1, MPFR_RNDN);
  if (!far && order == 1) mpfr_div_2ui(term, x, 1, MPFR_RNDN);
  mpfr_set(e, term, MPFR_RNDN);
  for (unsigned long k = 1; mpfr_regular_p(term) && mpfr_get_exp(term) > mpfr_get_exp(e) - 150; ++k) {
    if (far) {
      mpfr_mul_si(term, term, static_cast<long>((2 * k - 1) * (2 * k - 1)) - 4 * static_cast<long>(order), MPFR_RNDN);
      mpfr_div_ui(term, term, 8 * k, MPFR_RNDN);
      mpfr_div(term, term, x, MPFR_RNDN);
    } else {
      mpfr_sqr(step, x, MPFR_RNDN);
      mpfr_mul(term, term, step, MPFR_RNDN);
      mpfr_div_ui(term, term, 4 * k * (k + order), MPFR_RNDN);
    }
    mpfr_add(e, e, term, MPFR_RNDN);
  }
  if (far) {
    mpfr_const_pi(step, MPFR_RNDN);
    mpfr_mul(step, step, x, MPFR_RNDN);
    mpfr_mul_2ui(step, step, 1, MPFR_RNDN);
    mpfr_sqrt(step, step, MPFR_RNDN);
    mpfr_div(y, e, step, MPFR_RNDN);
  } else {
    mpfr_neg(step, x, MPFR_RNDN);
    mpfr_exp(step, step, MPFR_RNDN);
    mpfr_mul(y, e, step, MPFR_RNDN);
  }
}
template <unsigned long order, bool scaled>
int modified_bessel(mpfr_t y, const mpfr_t x, mpfr_rnd_t) {
  if (mpfr_nan_p(x) || (mpfr_inf_p(x) && !scaled)) return mpfr_set_nan(y), 0;  // SciPy's
  Real a, e;
  mpfr_abs(a, x, MPFR_RNDN);
  mpfr_set_zero(y, 1);
  if (!mpfr_inf_p(x)) scaled_i(y, a, order);
  if (!scaled) mpfr_exp(e, a, MPFR_RNDN);
  if (!scaled) mpfr_mul(y, y, e, MPFR_RNDN);
  return order == 1 && mpfr_sgn(x) < 0 ? mpfr_neg(y, y, MPFR_RNDN) : 0;
}
/// MPFR's J or Y; at infinities NaN, as SciPy's.
template <int (*function)(mpfr_t, const mpfr_t, mpfr_rnd_t)>
int bessel(mpfr_t y, const mpfr_t x, mpfr_rnd_t round) {
  return mpfr_inf_p(x) ? mpfr_set_nan(y), 0 : function(y, x, round);
}

}  // namespace exact
}  // namespace lazulite
