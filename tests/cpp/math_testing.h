// Shared by the tests of elementary functions: the probes of all targets, and distances from exact results.
#pragma once

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/graph/ops.h"
#include "core/kernels/targets.h"
#include "tests/cpp/math_probe.h"

namespace lazulite {

#define LZ_DECLARE(target, name)       \
  namespace N_##target {               \
    extern const MathProbe kMathProbe; \
  }
LZ_SIMD_TARGETS(LZ_DECLARE)
#undef LZ_DECLARE

/// Those of the targets that this machine supports.
inline const std::vector<const MathProbe*>& probes() {
  static const auto supported = [] {
    std::vector<const MathProbe*> list;
#define LZ_ENTRY(target, name) &N_##target::kMathProbe,
    for (const MathProbe* p : {LZ_SIMD_TARGETS(LZ_ENTRY)})
      if (find_target(p->target) != nullptr) list.push_back(p);
#undef LZ_ENTRY
    return list;
  }();
  return supported;
}

/// The bits, all NaNs made one.
template <class T>
uint64_t bits(T x) {
  if (std::isnan(x)) return ~uint64_t{0};
  std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t> u;
  std::memcpy(&u, &x, sizeof u);
  return u;
}

template <class T>
T from_bits(uint64_t pattern) {
  const auto u = static_cast<std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>(pattern);
  T x;
  std::memcpy(&x, &u, sizeof x);
  return x;
}

/// An exact-enough value, and the distance of a result from it.
class Exact {
 public:
  Exact() {
    mpfr_init2(value, 140);
    mpfr_init2(difference_, 64);
  }
  ~Exact() { mpfr_clears(value, difference_, static_cast<mpfr_ptr>(nullptr)); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;

  /// |y - value| in units in the last place of a T near it. An infinite result counts as the power of two past the
  /// largest finite number, and is exact beyond that; two NaNs, or two zeros of the same sign, are equal.
  template <class T>
  double ulps(T y) {
    using L = std::numeric_limits<T>;
    constexpr double far = 1e300;
    if (mpfr_nan_p(value) || std::isnan(y)) return mpfr_nan_p(value) && std::isnan(y) ? 0 : far;
    if (mpfr_inf_p(value)) return std::isinf(y) && std::signbit(y) == (mpfr_signbit(value) != 0) ? 0 : far;
    if (mpfr_zero_p(value)) return y == 0 && std::signbit(y) == (mpfr_signbit(value) != 0) ? 0 : far;
    if (y == 0 && std::signbit(y) != (mpfr_signbit(value) != 0)) return far;
    const long exponent = std::max<long>(mpfr_get_exp(value), L::min_exponent);
    if (std::isinf(y)) {
      if (mpfr_get_exp(value) > L::max_exponent) return std::signbit(y) == (mpfr_signbit(value) != 0) ? 0 : far;
      mpfr_set_ui_2exp(difference_, 1, L::max_exponent, MPFR_RNDN);
      if (y < 0) mpfr_neg(difference_, difference_, MPFR_RNDN);
    } else {
      mpfr_set_d(difference_, static_cast<double>(y), MPFR_RNDN);
    }
    mpfr_sub(difference_, difference_, value, MPFR_RNDN);
    mpfr_mul_2si(difference_, difference_, L::digits - std::min<long>(exponent, L::max_exponent), MPFR_RNDN);
    return std::fabs(mpfr_get_d(difference_, MPFR_RNDN));
  }

  mpfr_t value;

 private:
  mpfr_t difference_;
};

/// The op table's bound of a function.
inline double bound(std::string_view name) {
  for (const OpInfo& row : op_table()) {
    if (row.name == name) return static_cast<double>(row.ulp);
  }
  ADD_FAILURE() << "no row named " << name;
  return 0;
}

struct TypeNames {
  template <class T>
  static std::string GetName(int) {
    return sizeof(T) == 8 ? "float64" : "float32";
  }
};
}  // namespace lazulite
