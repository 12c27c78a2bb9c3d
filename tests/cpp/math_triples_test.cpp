// The rows of three arguments on every SIMD target against MPFR: error bounds, edges, equal bits, lane by lane.
#include <random>

#include "tests/cpp/math_incomplete_exact.h"
#include "tests/cpp/math_testing.h"

namespace lazulite {
namespace {

template <class T>
TripleLoop<T> loop(const TripleFunctions& f) {
  if constexpr (sizeof(T) == 8) {
    return f.f64;
  } else {
    return f.f32;
  }
}

template <class T>
struct Triples {
  std::vector<T> a, b, x;
  void push(double p, double q, double r) {
    a.push_back(static_cast<T>(p));
    b.push_back(static_cast<T>(q));
    x.push_back(static_cast<T>(r));
  }
};

template <class T>
std::vector<T> apply(const TripleFunctions& f, const Triples<T>& t) {
  std::vector<T> y(t.a.size());
  loop<T>(f)(t.a.data(), t.b.data(), t.x.data(), y.data(), static_cast<int64_t>(y.size()));
  return y;
}

/// Parameters up to 10^top, arguments near 0, the mean and 1 and everywhere else; where `any`, any bits, too.
template <class T>
Triples<T> arguments(size_t count, double top, bool any) {
  Triples<T> t;
  std::mt19937_64 random(20240119);
  const auto uniform = [&random](double lo, double hi) {
    return lo + (hi - lo) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  const auto wild = [&random] { return static_cast<double>(from_bits<T>(random())); };
  for (const double p : {0.0, 1e-10, 0.5, 1.0, 3.0, std::numeric_limits<double>::infinity(), -1.0, std::nan("")})
    for (const double q : {0.0, 1e-10, 0.5, 1.0, 3.0, std::numeric_limits<double>::infinity(), -1.0, std::nan("")})
      for (const double r : {0.0, -0.0, 1e-30, 0.3, 1.0, 1.5, -0.5, std::nan("")}) t.push(p, q, r);
  t.push(2.6e-5, 53236, 2.8e-9);  // where continued fractions need very many terms
  while (t.a.size() < count) {
    if (any) t.push(wild(), wild(), wild());
    const double p = std::pow(10, uniform(-10, top)), q = std::pow(10, uniform(-3, top)), s = p + q;
    const double deviation = std::sqrt(p / s * (q / s) / (s + 1));
    t.push(p, q, uniform(0, 1));
    t.push(q, p, uniform(0, 1));
    for (const auto& [u, v] : {std::pair(p, q), std::pair(q, p)}) {
      t.push(u, v, std::min(std::max(u / s + deviation * uniform(-6, 6), 0.0), 1.0));
      t.push(u, v, std::pow(10, uniform(-12, 0)));
      t.push(u, v, 1 - std::pow(10, uniform(-12, 0)));
    }
    t.push(uniform(0, 5), uniform(0, 5), uniform(0, 1));
  }
  return t;
}

template <class T>
class MathTriplesTest : public ::testing::Test {};
using Types = ::testing::Types<double, float>;
TYPED_TEST_SUITE(MathTriplesTest, Types, TypeNames);

TYPED_TEST(MathTriplesTest, ErrorIsWithinTheTablesBound) {
  using T = TypeParam;
  for (size_t f = 0; f < kTripleFunctions; ++f) {
    const std::string_view name = probes().at(0)->triples[f].name;
    const bool inverse = name == "betaincinv";
    ASSERT_TRUE(inverse || name == "betainc") << name;
    const Triples<T> t = arguments<T>(inverse ? 4000 : 20000, 3, false);
    std::vector<std::vector<T>> y;
    for (const MathProbe* p : probes()) y.push_back(apply<T>(p->triples[f], t));
    std::vector<double> worst(y.size(), 0);
    std::vector<size_t> where(y.size(), 0);
    Exact exact;
    for (size_t i = 0; i < t.a.size(); ++i) {
      const double a = static_cast<double>(t.a[i]), b = static_cast<double>(t.b[i]);
      if (inverse) {
        for (size_t k = 0; k < y.size(); ++k) {
          const double e = exact::betaincinv_error(a, b, static_cast<double>(t.x[i]), y[k][i]);
          if (!(e <= worst[k])) worst[k] = e, where[k] = i;
        }
        continue;
      }
      exact::betainc(exact.value, a, b, static_cast<double>(t.x[i]));
      // Errors grow with the root of the lesser parameter, from 100 on.
      const double lesser = std::min(a, b), part = lesser > 100 ? std::sqrt(100 / lesser) : 1;
      for (size_t k = 0; k < y.size(); ++k) {
        const double e = exact.ulps(y[k][i]) * part;
        if (e > worst[k]) worst[k] = e, where[k] = i;
      }
    }
    for (size_t k = 0; k < y.size(); ++k) {
      const size_t i = where[k];
      EXPECT_LE(worst[k], bound(name)) << name << " on " << probes()[k]->target << " at " << std::hexfloat << t.a[i]
                                       << ", " << t.b[i] << ", " << t.x[i] << ": " << y[k][i];
      this->RecordProperty(std::string(name) + "_" + probes()[k]->target, std::to_string(worst[k]));
    }
  }
}

TYPED_TEST(MathTriplesTest, TargetsWithFmaAgreeToTheBit) {
  using T = TypeParam;
  const MathProbe* first = nullptr;
  for (const MathProbe* p : probes()) {
    if (!p->has_fma) continue;
    if (first == nullptr) {
      first = p;
      continue;
    }
    for (size_t f = 0; f < kTripleFunctions; ++f) {
      const Triples<T> t = arguments<T>(50000, 9, true);
      const std::vector<T> a = apply<T>(first->triples[f], t), b = apply<T>(p->triples[f], t);
      for (size_t i = 0; i < a.size(); ++i) {
        ASSERT_EQ(bits(a[i]), bits(b[i]))
            << p->triples[f].name << "(" << std::hexfloat << t.a[i] << ", " << t.b[i] << ", " << t.x[i] << ") is "
            << a[i] << " on " << first->target << ", " << b[i] << " on " << p->target;
      }
    }
  }
}

TYPED_TEST(MathTriplesTest, EveryLaneIsOnItsOwn) {
  using T = TypeParam;
  for (const MathProbe* p : probes()) {
    for (const TripleFunctions& f : p->triples) {
      // Rare paths are taken for a whole vector; other lanes must not notice. Shifting changes each lane's company.
      const Triples<T> t = arguments<T>(10000, 5, true);
      const std::vector<T> y = apply<T>(f, t);
      for (std::ptrdiff_t shift : {1, 2, 5}) {
        const Triples<T> shifted = {
            {t.a.begin() + shift, t.a.end()}, {t.b.begin() + shift, t.b.end()}, {t.x.begin() + shift, t.x.end()}};
        const std::vector<T> z = apply<T>(f, shifted);
        for (size_t i = 0; i < z.size(); ++i) {
          ASSERT_EQ(bits(z[i]), bits(y[i + static_cast<size_t>(shift)]))
              << f.name << " on " << p->target << " at " << std::hexfloat << shifted.a[i] << ", " << shifted.b[i]
              << ", " << shifted.x[i];
        }
      }
    }
  }
}

}  // namespace
}  // namespace lazulite
