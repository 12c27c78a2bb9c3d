// The elementary functions of every SIMD target against MPFR: error bounds, special values, equal bits, lane by lane.
#include <random>

#include "tests/cpp/math_special_exact.h"
#include "tests/cpp/math_special_values.h"
#include "tests/cpp/math_testing.h"

namespace lazulite {

namespace {

template <class T>
MathLoop<T> loop(const MathFunctions& f) {
  if constexpr (sizeof(T) == 8) {
    return f.f64;
  } else {
    return f.f32;
  }
}

template <class T>
std::vector<T> apply(const MathFunctions& f, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  loop<T>(f)(x.data(), y.data(), static_cast<int64_t>(x.size()));
  return y;
}

/// An exact-enough value of f(x) and the distance of a result from it.
class Reference {
 public:
  explicit Reference(std::string_view name) {
    mpfr_init2(x_, 64);
    f_ = name == "exp"         ? mpfr_exp
         : name == "exp2"      ? mpfr_exp2
         : name == "expm1"     ? mpfr_expm1
         : name == "log"       ? mpfr_log
         : name == "log2"      ? mpfr_log2
         : name == "log10"     ? mpfr_log10
         : name == "log1p"     ? mpfr_log1p
         : name == "sin"       ? mpfr_sin
         : name == "cos"       ? mpfr_cos
         : name == "tan"       ? mpfr_tan
         : name == "arcsin"    ? mpfr_asin
         : name == "arccos"    ? mpfr_acos
         : name == "arctan"    ? mpfr_atan
         : name == "sinh"      ? mpfr_sinh
         : name == "cosh"      ? mpfr_cosh
         : name == "tanh"      ? mpfr_tanh
         : name == "erf"       ? mpfr_erf
         : name == "erfc"      ? mpfr_erfc
         : name == "erfcx"     ? exact::erfcx
         : name == "ndtr"      ? exact::ndtr
         : name == "log_ndtr"  ? exact::log_ndtr
         : name == "erfinv"    ? exact::erfinv
         : name == "erfcinv"   ? exact::erfcinv
         : name == "ndtri"     ? exact::ndtri
         : name == "expit"     ? exact::expit
         : name == "logit"     ? exact::logit
         : name == "log_expit" ? exact::log_expit
         : name == "exprel"    ? exact::exprel
         : name == "gammaln"   ? exact::gammaln
         : name == "gamma"     ? exact::gamma
         : name == "rgamma"    ? exact::rgamma
         : name == "digamma"   ? mpfr_digamma
         : name == "i0"        ? exact::modified_bessel<0, false>
         : name == "i0e"       ? exact::modified_bessel<0, true>
         : name == "i1"        ? exact::modified_bessel<1, false>
         : name == "i1e"       ? exact::modified_bessel<1, true>
         : name == "j0"        ? exact::bessel<mpfr_j0>
         : name == "j1"        ? exact::bessel<mpfr_j1>
         : name == "y0"        ? exact::bessel<mpfr_y0>
         : name == "y1"        ? exact::bessel<mpfr_y1>
         : name == "sinpi"     ? mpfr_sinpi
         : name == "cospi"     ? mpfr_cospi
         : name == "cbrt"      ? mpfr_cbrt
         : name == "arcsinh"   ? mpfr_asinh
         : name == "arccosh"   ? mpfr_acosh
         : name == "arctanh"   ? mpfr_atanh
                               : nullptr;
  }
  ~Reference() { mpfr_clear(x_); }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  bool known() const { return f_ != nullptr; }

  template <class T>
  void evaluate(T x) {
    mpfr_set_prec(exact_.value, sizeof(T) == 8 ? 100 : 70);
    mpfr_set_d(x_, static_cast<double>(x), MPFR_RNDN);
    f_(exact_.value, x_, MPFR_RNDN);
  }

  /// See Exact.
  template <class T>
  double ulps(T y) {
    return exact_.ulps(y);
  }

  /// The last value over the one at x, at most 1, as powers of two: the units in their last places.
  double part_of_that_at(double x) {
    mpfr_t other;
    mpfr_init2(other, 64);
    mpfr_set_d(x_, x, MPFR_RNDN);
    f_(other, x_, MPFR_RNDN);
    const double part = part_of(mpfr_get_d(other, MPFR_RNDN));
    mpfr_clear(other);
    return part;
  }
  /// In the same way the last value over another, or 1 where that is 0.
  double part_of(double other) {
    if (!mpfr_regular_p(exact_.value) || other == 0 || !std::isfinite(other)) return 1;
    const long less = mpfr_get_exp(exact_.value) - (std::ilogb(other) + 1);
    return less < 0 ? std::ldexp(1.0, static_cast<int>(std::max(less, -1000L))) : 1;
  }

 private:
  mpfr_t x_;
  Exact exact_;
  int (*f_)(mpfr_t, const mpfr_t, mpfr_rnd_t);
};

bool is_modified_bessel(std::string_view name) {
  return name == "i0" || name == "i0e" || name == "i1" || name == "i1e";
}
bool is_bessel(std::string_view name) { return name == "j0" || name == "j1" || name == "y0" || name == "y1"; }

/// Arguments where each function is used, where it is hard, and everywhere else.
template <class T>
std::vector<T> arguments(std::string_view name, size_t count) {
  using L = std::numeric_limits<T>;
  constexpr bool f64 = sizeof(T) == 8;
  std::vector<T> x = {T(0),
                      L::denorm_min(),
                      L::min(),
                      L::max(),
                      L::infinity(),
                      L::quiet_NaN(),
                      T(1),
                      T(0.5),
                      T(2),
                      T(3),
                      T(5.9),
                      T(5.95),
                      T(3.92),
                      T(3.95),
                      T(19.0625),
                      T(9.01),
                      T(1e5),
                      T(1e9),
                      T(0.82),
                      T(0.8),
                      T(88.72284),
                      T(103.98),
                      T(709.782712893384),
                      T(745.13322),
                      T(710),
                      T(710.4758600739439),
                      T(89.415985),
                      T(0.41421356237309503),
                      T(2.414213562373095),
                      T(1000),
                      T(1024),
                      T(1022),
                      T(1074),
                      T(1075),
                      T(126),
                      T(128),
                      T(149),
                      T(150),
                      T(0.6931471805599453),
                      std::sqrt(T(0.5)),
                      std::sqrt(T(2))};
  // The doubles and floats closest to a multiple of pi/2 (Muller et al., Handbook of Floating-Point Arithmetic).
  x.push_back(static_cast<T>(f64 ? std::ldexp(6381956970095103.0, 797) : std::ldexp(16367173.0, 72)));
  for (size_t i = 0, n = x.size(); i < n; ++i) {
    for (T y : {std::nextafter(x[i], L::infinity()), std::nextafter(x[i], T(0))}) x.push_back(y);
  }
  for (size_t i = 0, n = x.size(); i < n; ++i) x.push_back(-x[i]);

  std::mt19937_64 bits_of(20240117);
  const auto uniform = [&bits_of](double lo, double hi) {
    return static_cast<T>(lo + (hi - lo) * static_cast<double>(bits_of() >> 11) * 0x1p-53);
  };
  const T exp_low = f64 ? T(-745.2) : T(-104), exp_subnormal = f64 ? T(-708) : T(-87.3),
          exp_high = f64 ? T(710) : T(89);
  while (x.size() < count) {
    x.push_back(from_bits<T>(bits_of()));
    x.push_back(static_cast<T>(std::exp2(static_cast<double>(uniform(-60, 10)))) * (bits_of() & 1 ? 1 : -1));
    x.push_back(uniform(-1, 1));
    if (name == "exp" || name == "expm1") {
      for (T y : {uniform(exp_low, exp_high), uniform(exp_low, exp_subnormal), uniform(-10, 10)}) x.push_back(y);
    } else if (name == "exp2") {
      const int lowest = L::min_exponent - L::digits - 1;
      for (T y : {uniform(lowest, L::max_exponent), uniform(lowest, L::min_exponent), uniform(-10, 10)}) x.push_back(y);
    } else if (name == "sinh" || name == "cosh") {
      for (T y : {uniform(-exp_high - 1, exp_high + 1), uniform(-20, 20), uniform(-2, 2)}) x.push_back(y);
    } else if (name == "arccosh") {
      x.push_back(static_cast<T>(1 + std::exp2(static_cast<double>(uniform(1 - L::digits, 5)))));
      x.push_back(static_cast<T>(std::exp2(static_cast<double>(uniform(0, L::max_exponent)))));
      x.push_back(uniform(1, 3));
    } else if (name == "arcsin" || name == "arccos" || name == "arctanh") {
      x.push_back(static_cast<T>(1 - std::exp2(static_cast<double>(uniform(-L::digits, 0)))) *
                  (bits_of() & 1 ? 1 : -1));
      x.push_back(uniform(0.4, 0.6));
    } else if (name == "log1p") {
      x.push_back(static_cast<T>(std::exp2(static_cast<double>(uniform(-L::digits, 0))) - 1));
      for (T y : {uniform(-0.5, 0.5), uniform(0, 100), uniform(-0.01, 0.01)}) x.push_back(y);
      x.push_back(static_cast<T>(std::exp2(static_cast<double>(uniform(0, L::max_exponent)))));
    } else if (name == "log" || name == "log2" || name == "log10") {
      x.push_back(static_cast<T>(std::pow(10, std::floor(static_cast<double>(uniform(0, 23))))));
      for (T y : {uniform(0.5, 2), uniform(0.99, 1.01), uniform(0, 1000)}) x.push_back(y);
      x.push_back(
          static_cast<T>(std::exp2(static_cast<double>(uniform(L::min_exponent - L::digits, L::max_exponent)))));
    } else if (name == "sin" || name == "cos" || name == "tan") {
      for (T y : {uniform(-10, 10), uniform(-1e5, 1e5), uniform(-2e9, 2e9)}) x.push_back(y);
      // Near multiples of pi/2, small and large.
      const double k = std::floor(std::exp2(static_cast<double>(uniform(0, 40))));
      x.push_back(static_cast<T>(k * 1.5707963267948966));
      x.push_back(static_cast<T>(std::exp2(static_cast<double>(uniform(16, L::max_exponent)))));
    } else if (name == "erfinv" || name == "erfcinv" || name == "ndtri" || name == "logit") {
      x.push_back(static_cast<T>(std::exp2(static_cast<double>(uniform(L::min_exponent - L::digits, 0)))));
      const T near = static_cast<T>(std::exp2(static_cast<double>(uniform(-L::digits, 0))));
      for (T y : {uniform(0, 1), 1 - near, 2 - near, near - 1}) x.push_back(y);
    } else if (name == "erfc" || name == "erfcx" || name == "ndtr" || name == "log_ndtr") {
      for (T y : {uniform(-40, 40), uniform(-6, 6), uniform(-2, 2)}) x.push_back(y);
    } else if (name == "gammaln" || name == "gamma" || name == "rgamma" || name == "digamma") {
      for (T y : {uniform(0, 12), uniform(0, 4), uniform(0, 200), uniform(-200, 0), uniform(-9, 0)}) x.push_back(y);
    } else if (is_modified_bessel(name)) {
      const T edge = f64 ? uniform(709, 715) : uniform(87, 93);  // of overflow
      for (T y : {edge, uniform(-720, 720), uniform(-20, 20), uniform(-3, 3)}) x.push_back(y);
    } else if (is_bessel(name)) {
      for (T y : {uniform(0, 2), uniform(0, 12), uniform(0, 100), uniform(0, 2e9)}) x.push_back(y);
      // Near zeros, small and large.
      const double k = std::floor(std::exp2(static_cast<double>(uniform(0, 40))));
      x.push_back(static_cast<T>((k + 0.25) * 3.141592653589793));
      x.push_back(static_cast<T>((k + 0.75) * 3.141592653589793));
    } else if (name == "exprel" || name == "expit" || name == "log_expit") {
      for (T y : {uniform(exp_low, 720), uniform(-40, 40), uniform(-2, 2)}) x.push_back(y);
    } else {
      for (T y : {uniform(-0.5, 0.5), uniform(-2, 2), uniform(-6, 6), uniform(-20, 20)}) x.push_back(y);
    }
  }
  return x;
}

template <class T>
class MathTest : public ::testing::Test {};
using Types = ::testing::Types<double, float>;

TYPED_TEST_SUITE(MathTest, Types, TypeNames);

TYPED_TEST(MathTest, ErrorIsWithinTheTablesBound) {
  using T = TypeParam;
  constexpr size_t count = 200000;
  ASSERT_FALSE(probes().empty());
  for (int f = 0; f < kMathFunctions; ++f) {
    const std::string_view name = probes()[0]->functions[f].name;
    const double limit = bound(name);
    if (limit == 0) continue;  // exact: kernels_ops_test holds it to the scalar reference
    Reference reference(name);
    ASSERT_TRUE(reference.known()) << name;
    const bool reflected = name == "gammaln" || name == "digamma";
    const bool slow =  // in MPFR, or not there
        reflected || is_modified_bessel(name) || is_bessel(name) || name == "erfinv" || name == "erfcinv" ||
        name == "ndtri" || name == "gamma" || name == "rgamma";
    const std::vector<T> x = arguments<T>(name, slow ? count / 8 : count);
    std::vector<std::vector<T>> y;
    for (const MathProbe* p : probes()) y.push_back(apply<T>(p->functions[f], x));
    std::vector<double> worst(y.size(), 0);
    std::vector<T> where(y.size(), T(0));
    for (size_t i = 0; i < x.size(); ++i) {
      reference.evaluate(x[i]);
      // Of negative arguments by the larger term of the reflection: 1 - x is that of the other.
      const double part = reflected && x[i] < 0 ? reference.part_of_that_at(1 - static_cast<double>(x[i]))
                          : is_bessel(name)     ? reference.part_of(reference::BesselScale(static_cast<double>(x[i])))
                                                : 1;
      for (size_t k = 0; k < y.size(); ++k) {
        const double e = reference.ulps(y[k][i]) * part;
        if (e > worst[k]) worst[k] = e, where[k] = x[i];
      }
    }
    for (size_t k = 0; k < y.size(); ++k) {
      EXPECT_LE(worst[k], limit) << name << " on " << probes()[k]->target << " at " << std::hexfloat << where[k];
      this->RecordProperty(std::string(name) + "_" + probes()[k]->target, std::to_string(worst[k]));
    }
  }
}

TYPED_TEST(MathTest, SpecialValuesFollowC99) {
  using T = TypeParam;
  const auto values = special_values<T>();
  for (const MathProbe* p : probes()) {
    for (const MathFunctions& f : p->functions) {
      if (bound(f.name) == 0) continue;
      const auto row = std::find_if(values.begin(), values.end(), [&f](const auto& v) { return v.name == f.name; });
      ASSERT_NE(row, values.end()) << f.name;
      for (const auto& [x, want] : row->pairs) {
        const T y = apply<T>(f, {x})[0];
        EXPECT_EQ(bits(y), bits(want)) << f.name << "(" << x << ") is " << y << " on " << p->target;
      }
    }
  }
}

TYPED_TEST(MathTest, TargetsWithFmaAgreeToTheBit) {
  using T = TypeParam;
  const MathProbe* first = nullptr;
  for (const MathProbe* p : probes()) {
    if (!p->has_fma) continue;
    if (first == nullptr) {
      first = p;
      continue;
    }
    for (int f = 0; f < kMathFunctions; ++f) {
      const std::vector<T> x = arguments<T>(p->functions[f].name, 400000);
      const std::vector<T> a = apply<T>(first->functions[f], x), b = apply<T>(p->functions[f], x);
      for (size_t i = 0; i < x.size(); ++i) {
        ASSERT_EQ(bits(a[i]), bits(b[i])) << p->functions[f].name << "(" << std::hexfloat << x[i] << ") is " << a[i]
                                          << " on " << first->target << ", " << b[i] << " on " << p->target;
      }
    }
  }
}

TYPED_TEST(MathTest, EveryLaneIsOnItsOwn) {
  using T = TypeParam;
  for (const MathProbe* p : probes()) {
    for (const MathFunctions& f : p->functions) {
      // Rare paths are taken for a whole vector; other lanes must not notice. Shifting changes each lane's company.
      const std::vector<T> x = arguments<T>(f.name, 20000);
      const std::vector<T> y = apply<T>(f, x);
      for (const size_t shift : {size_t{1}, size_t{2}, size_t{5}}) {
        const std::vector<T> z = apply<T>(f, std::vector<T>(x.begin() + static_cast<std::ptrdiff_t>(shift), x.end()));
        for (size_t i = 0; i < z.size(); ++i) {
          ASSERT_EQ(bits(z[i]), bits(y[i + shift])) << f.name << " at " << x[i + shift] << " on " << p->target;
        }
      }
    }
  }
}

}  // namespace
}  // namespace lazulite
