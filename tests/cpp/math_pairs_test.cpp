// The large rows' functions of two floats on every SIMD target against MPFR: error bounds, equal bits, lane by lane.
// (The kernel tests compare special values, and the divisions, with C's functions.)
#include <random>

#include "tests/cpp/math_incomplete_exact.h"
#include "tests/cpp/math_testing.h"

namespace lazulite {
namespace {

template <class T>
PairLoop<T> loop(const PairFunctions& f) {
  if constexpr (sizeof(T) == 8) {
    return f.f64;
  } else {
    return f.f32;
  }
}

template <class T>
struct Pairs {
  std::vector<T> a, b;
  void push(double x, double y) {
    a.push_back(static_cast<T>(x));
    b.push_back(static_cast<T>(y));
  }
};

template <class T>
std::vector<T> apply(const PairFunctions& f, const Pairs<T>& x) {
  std::vector<T> y(x.a.size());
  loop<T>(f)(x.a.data(), x.b.data(), y.data(), static_cast<int64_t>(y.size()));
  return y;
}

bool is_incomplete_gamma(std::string_view name) { return name == "gammainc" || name == "gammaincc"; }
bool is_beta(std::string_view name) { return name == "beta" || name == "betaln"; }

/// Arguments where each function is used, where it is hard, and everywhere else.
template <class T>
Pairs<T> arguments(std::string_view name, size_t count) {
  using L = std::numeric_limits<T>;
  Pairs<T> x;
  std::mt19937_64 random(20240118);
  const auto uniform = [&random](double lo, double hi) {
    return lo + (hi - lo) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  const auto sign = [&random] { return random() & 1 ? 1.0 : -1.0; };
  const auto any = [&random] { return static_cast<double>(from_bits<T>(random())); };
  const auto magnitude = [&](double lo, double hi) { return static_cast<double>(T(std::exp2(uniform(lo, hi)))); };
  const double lowest = L::min_exponent - L::digits, highest = L::max_exponent;
  const double log_least = (lowest - 1) * 0.693, log_most = highest * 0.6932;
  while (x.a.size() < count) {
    x.push(any(), any());
    if (name == "power") {
      x.push(uniform(0.1, 10), uniform(-10, 10));
      x.push(-uniform(0, 100), std::floor(uniform(-50, 50)));
      // Results over the whole range, of bases over the whole range and near 1.
      const double wide = magnitude(lowest, highest),
                   near = static_cast<double>(T(1 + sign() * magnitude(-L::digits, -1)));
      if (wide != 1) x.push(wide, uniform(log_least, log_most) / std::log(wide));
      if (near != 1) x.push(near, uniform(log_least, log_most) / std::log(near));
      if (wide != 1) x.push(wide, uniform(log_least, log_least * 0.95) / std::log(wide));
    } else if (name == "hypot") {
      const double a = sign() * magnitude(lowest, highest);
      x.push(a, a * uniform(-2, 2));
      x.push(a, a * magnitude(-60, 60));
      x.push(uniform(-10, 10), uniform(-10, 10));
    } else if (name == "arctan2") {
      const double a = sign() * magnitude(lowest, highest);
      x.push(a, a * uniform(-3, 3));
      x.push(a, sign() * a * magnitude(-60, 60));
      x.push(uniform(-10, 10), uniform(-10, 10));
      x.push(sign() * magnitude(lowest, highest), sign() * magnitude(lowest, highest));
      x.push(0, uniform(-1, 1));
    } else if (name == "logaddexp" || name == "logaddexp2") {
      x.push(uniform(-10, 10), uniform(-10, 10));
      x.push(uniform(0, -log_least), uniform(0, -log_least));
      x.push(0, uniform(1.45 * log_least, 0));
      x.push(-magnitude(-60, 0), uniform(-60, 1));
      const double a = uniform(-2, 0);
      x.push(a, a + uniform(-1, 1));
      x.push(a, std::log1p(-std::exp(a)));
    } else if (is_incomplete_gamma(name)) {
      const double a = std::pow(10, uniform(-3, 4)), large = std::pow(10, uniform(4, 15));
      for (const double of : {a, large}) {
        x.push(of, std::fabs(of + std::sqrt(of) * uniform(-20, 30)));
        x.push(of, of);
      }
      x.push(a, a * uniform(0, 3));
      x.push(uniform(0, 3), uniform(0, 3));
      x.push(magnitude(lowest / 4, 1), magnitude(-20, 4));
      x.push(magnitude(lowest, 9), magnitude(lowest, 12));
    } else if (name == "gammaincinv") {
      const double a = std::pow(10, uniform(-3, 5));
      x.push(a, uniform(0, 1));
      x.push(a, magnitude(lowest + 2 * L::digits, 0));  // (of subnormal p digits are lost)
      x.push(a, 1 - magnitude(-L::digits, 0));
      x.push(uniform(0, 3), uniform(0, 1));
    } else if (is_beta(name)) {
      for (const double top : {1.0, 2.0, 10.0, 500.0}) x.push(uniform(0, top), uniform(0, top));
      x.push(magnitude(-10, 10), magnitude(-10, 10));
      x.push(magnitude(lowest, highest), magnitude(-10, 6));
      x.push(-uniform(0, 9), uniform(-9, 9));
      x.push(-std::floor(uniform(0, 9)), std::floor(uniform(0, 9)));
    } else {
      x.push(uniform(-100, 100), uniform(-10, 10));
      x.push(sign() * magnitude(0, L::digits), sign() * magnitude(-10, 10));
      x.push(std::floor(uniform(-100, 100)), std::floor(uniform(-10, 10)));
    }
  }
  return x;
}

/// M + log(1 + e^(m - M)), M the larger; `base_two`: of powers of 2.
template <bool base_two>
int exact_logaddexp(mpfr_t y, const mpfr_t a, const mpfr_t b, mpfr_rnd_t rounding) {
  if (mpfr_nan_p(a) || mpfr_nan_p(b)) return mpfr_set_nan(y), 0;
  const bool in_order = mpfr_greaterequal_p(a, b);
  const mpfr_srcptr larger = in_order ? a : b, less = in_order ? b : a;
  if (mpfr_inf_p(larger) || mpfr_inf_p(less)) return mpfr_set(y, larger, rounding);
  mpfr_t x, two;
  mpfr_inits2(300, x, two, static_cast<mpfr_ptr>(nullptr));
  mpfr_sub(x, less, larger, rounding);
  base_two ? mpfr_exp2(x, x, rounding) : mpfr_exp(x, x, rounding);
  mpfr_log1p(x, x, rounding);
  if (base_two) mpfr_div(x, x, (mpfr_const_log2(two, rounding), two), rounding);
  mpfr_add(y, larger, x, rounding);
  mpfr_clears(x, two, static_cast<mpfr_ptr>(nullptr));
  return 0;
}

/// The distance of a result, as Exact has it. Where logaddexp cancels, its units are those of a result of 1/4, or of
/// 2^-30 for floats. Of betaln near 0 they are those of 1; of negative arguments of the beta functions they grow.
template <class T>
double distance(std::string_view name, Exact& exact, T a, T b, T y) {
  if (name == "gammaincinv") return exact.ulps(y) / (1 + 1 / std::max(static_cast<double>(a), 1e-300));
  if (is_beta(name)) {
    const double grown =
        std::min(a, b) < 0 ? 1 + std::fabs(static_cast<double>(a)) + std::fabs(static_cast<double>(b)) : 1;
    const double size = std::fabs(mpfr_get_d(exact.value, MPFR_RNDN));
    const double part = name == "betaln" && size < 1 && size > 0 ? std::exp2(std::max(-1000, std::ilogb(size) + 1)) : 1;
    const double e = exact.ulps(y);
    if (y == 0 && name == "betaln" && size < 1e-30) return 0;
    return e < 1e299 ? e * part / grown : e;
  }
  const double value = mpfr_get_d(exact.value, MPFR_RNDN), limit = sizeof(T) == 8 ? 0x1p-2 : 0x1p-30;
  if (name.substr(0, 9) != "logaddexp" || !(std::max(a, b) < 0) || std::fabs(value) >= limit) return exact.ulps(y);
  return std::fabs(value - static_cast<double>(y)) * std::ldexp(1 / limit, std::numeric_limits<T>::digits - 1);
}

int (*exact_function(std::string_view name))(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t) {
  if (name == "power") return mpfr_pow;
  if (name == "hypot") return mpfr_hypot;
  if (name == "arctan2") return mpfr_atan2;
  if (name == "logaddexp") return exact_logaddexp<false>;
  if (name == "logaddexp2") return exact_logaddexp<true>;
  if (name == "beta") return exact::beta<false>;
  if (name == "betaln") return exact::beta<true>;
  if (name == "gammainc") return exact::gammainc<false>;
  if (name == "gammaincc") return exact::gammainc<true>;
  if (name == "gammaincinv") return exact::gammaincinv;
  return nullptr;  // the divisions: exact in themselves
}

template <class T>
class MathPairsTest : public ::testing::Test {};
using Types = ::testing::Types<double, float>;
TYPED_TEST_SUITE(MathPairsTest, Types, TypeNames);

TYPED_TEST(MathPairsTest, ErrorIsWithinTheTablesBound) {
  using T = TypeParam;
  mpfr_t a, b;
  mpfr_inits2(53, a, b, static_cast<mpfr_ptr>(nullptr));
  int checked = 0;
  for (size_t f = 0; f < probes().at(0)->pairs.size(); ++f) {
    const std::string_view name = probes()[0]->pairs[f].name;
    const auto exact_of = exact_function(name);
    if (!exact_of) continue;
    ++checked;
    const Pairs<T> x = arguments<T>(
        name, is_beta(name) || is_incomplete_gamma(name) || name == "gammaincinv" ? 20000 : 60000);  // slow in MPFR
    std::vector<std::vector<T>> y;
    for (const MathProbe* p : probes()) y.push_back(apply<T>(p->pairs[f], x));
    std::vector<double> worst(y.size(), 0);
    std::vector<size_t> where(y.size(), 0);
    Exact exact;
    for (size_t i = 0; i < x.a.size(); ++i) {
      mpfr_set_d(a, static_cast<double>(x.a[i]), MPFR_RNDN);
      mpfr_set_d(b, static_cast<double>(x.b[i]), MPFR_RNDN);
      exact_of(exact.value, a, b, MPFR_RNDN);
      for (size_t k = 0; k < y.size(); ++k) {
        const double e = distance(name, exact, x.a[i], x.b[i], y[k][i]);
        if (e > worst[k]) worst[k] = e, where[k] = i;
      }
    }
    for (size_t k = 0; k < y.size(); ++k) {
      EXPECT_LE(worst[k], bound(name)) << name << " on " << probes()[k]->target << " at " << std::hexfloat
                                       << x.a[where[k]] << ", " << x.b[where[k]];
      this->RecordProperty(std::string(name) + "_" + probes()[k]->target, std::to_string(worst[k]));
    }
  }
  EXPECT_EQ(checked, 10);
  mpfr_clears(a, b, static_cast<mpfr_ptr>(nullptr));
}

TYPED_TEST(MathPairsTest, TargetsWithFmaAgreeToTheBit) {
  using T = TypeParam;
  const MathProbe* first = nullptr;
  for (const MathProbe* p : probes()) {
    if (!p->has_fma) continue;
    if (first == nullptr) {
      first = p;
      continue;
    }
    for (size_t f = 0; f < p->pairs.size(); ++f) {
      const Pairs<T> x = arguments<T>(p->pairs[f].name, 200000);
      const std::vector<T> a = apply<T>(first->pairs[f], x), b = apply<T>(p->pairs[f], x);
      for (size_t i = 0; i < a.size(); ++i) {
        ASSERT_EQ(bits(a[i]), bits(b[i]))
            << p->pairs[f].name << "(" << std::hexfloat << x.a[i] << ", " << x.b[i] << ") is " << a[i] << " on "
            << first->target << ", " << b[i] << " on " << p->target;
      }
    }
  }
}

TYPED_TEST(MathPairsTest, EveryLaneIsOnItsOwn) {
  using T = TypeParam;
  for (const MathProbe* p : probes()) {
    for (const PairFunctions& f : p->pairs) {
      // Rare paths are taken for a whole vector; other lanes must not notice. Shifting changes each lane's company.
      const Pairs<T> x = arguments<T>(f.name, 20000);
      const std::vector<T> y = apply<T>(f, x);
      for (std::ptrdiff_t shift : {1, 2, 5}) {
        const Pairs<T> shifted = {{x.a.begin() + shift, x.a.end()}, {x.b.begin() + shift, x.b.end()}};
        const std::vector<T> z = apply<T>(f, shifted);
        for (size_t i = 0; i < z.size(); ++i) {
          ASSERT_EQ(bits(z[i]), bits(y[i + static_cast<size_t>(shift)])) << f.name << " on " << p->target;
        }
      }
    }
  }
}

}  // namespace
}  // namespace lazulite
