// Measures the elementary functions against MPFR: accuracy [--stride N] [--count N] [NAME...].
//
// float32, one argument: every N-th of all 2^32 bit patterns (--stride, by default 1). The error is first taken against
// the float64 kernel, whose own error is some 1e-9 of a float32's last place; whatever comes within 1e-6 of the worst
// so far is computed again by MPFR, which alone gives the figure. float64: --count bit patterns, and as many arguments
// each from ranges where the functions are used; first against the C library's long double, within 0.05 then by MPFR.
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/cpp/math_special_exact.h"
#include "tests/cpp/math_testing.h"

namespace lazulite {
namespace {

using MpfrFunction = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);
using LongFunction = long double (*)(long double);

/// sin(pi x) and cos(pi x) in long double; `quarters` of a turn are added.
template <int quarters>
long double turns(long double x) {
  if (!std::isfinite(x)) return std::numeric_limits<long double>::quiet_NaN();
  int n = 0;
  const long double f = std::remquo(x, 0.5L, &n) * 3.14159265358979323846264338L;
  n += quarters;
  const long double y = n & 1 ? std::cos(f) : std::sin(f);
  return n & 2 ? -y : y;
}

struct Function {
  std::string_view name;
  MpfrFunction exact;
  LongFunction nearly;
  double lo, hi;          // where it is used most
  bool positive = false;  // of arguments below 0 the bound is not relative to the result
  bool bessel = false;    // errors relative to reference::BesselScale where the result is less
};
const Function kFunctions[] = {
    {"exp", mpfr_exp, expl, -745, 710},
    {"exp2", mpfr_exp2, exp2l, -1075, 1024},
    {"expm1", mpfr_expm1, expm1l, -40, 710},
    {"log", mpfr_log, logl, 0, 10},
    {"log2", mpfr_log2, log2l, 0, 10},
    {"log10", mpfr_log10, log10l, 0, 10},
    {"log1p", mpfr_log1p, log1pl, -1, 10},
    {"sin", mpfr_sin, sinl, -1000, 1000},
    {"cos", mpfr_cos, cosl, -1000, 1000},
    {"tan", mpfr_tan, tanl, -1000, 1000},
    {"sinpi", mpfr_sinpi, turns<0>, -10, 10},
    {"cospi", mpfr_cospi, turns<1>, -10, 10},
    {"arcsin", mpfr_asin, asinl, -1, 1},
    {"arccos", mpfr_acos, acosl, -1, 1},
    {"arctan", mpfr_atan, atanl, -10, 10},
    {"sinh", mpfr_sinh, sinhl, -20, 20},
    {"cosh", mpfr_cosh, coshl, -20, 20},
    {"tanh", mpfr_tanh, tanhl, -20, 20},
    {"arcsinh", mpfr_asinh, asinhl, -20, 20},
    {"arccosh", mpfr_acosh, acoshl, 1, 20},
    {"arctanh", mpfr_atanh, atanhl, -1, 1},
    {"cbrt", mpfr_cbrt, cbrtl, -10, 10},
    {"erf", mpfr_erf, erfl, -6, 6},
    {"erfc", mpfr_erfc, erfcl, -6, 28},
    {"erfcx", exact::erfcx, reference::Erfcx<long double>, -30, 30},
    {"ndtr", exact::ndtr, reference::Ndtr<long double>, -39, 9},
    {"log_ndtr", exact::log_ndtr, reference::LogNdtr<long double>, -39, 9},
    {"erfinv", exact::erfinv, reference::Erfinv<long double>, -1, 1},
    {"erfcinv", exact::erfcinv, reference::Erfcinv<long double>, 0, 2},
    {"ndtri", exact::ndtri, reference::Ndtri<long double>, 0, 1},
    {"expit", exact::expit, reference::Expit<long double>, -40, 40},
    {"logit", exact::logit, reference::Logit<long double>, 0, 1},
    {"log_expit", exact::log_expit, reference::LogExpit<long double>, -40, 40},
    {"exprel", exact::exprel, reference::Exprel<long double>, -40, 720},
    {"gammaln", exact::gammaln, reference::Gammaln<long double>, 0, 40, true},
    {"gamma", exact::gamma, reference::Gamma<long double>, -10, 180},
    {"rgamma", exact::rgamma, reference::Rgamma<long double>, -10, 180},
    {"digamma", mpfr_digamma, reference::Digamma<long double>, 0, 40, true},
    {"i0", exact::modified_bessel<0, false>, reference::I0<long double>, -720, 720},
    {"i0e", exact::modified_bessel<0, true>, reference::I0e<long double>, -720, 720},
    {"i1", exact::modified_bessel<1, false>, reference::I1<long double>, -720, 720},
    {"i1e", exact::modified_bessel<1, true>, reference::I1e<long double>, -720, 720},
    {"j0", exact::bessel<mpfr_j0>, reference::J0<long double>, 0, 100, false, true},
    {"j1", exact::bessel<mpfr_j1>, reference::J1<long double>, 0, 100, false, true},
    {"y0", exact::bessel<mpfr_y0>, reference::Y0<long double>, 0, 100, true, true},
    {"y1", exact::bessel<mpfr_y1>, reference::Y1<long double>, 0, 100, true, true},
};

/// 2^(bits - 1 - e) for |x| from 2^e to 2^(e+1): the inverse of the last place of a T near x.
template <class T>
double inverse_place(double magnitude) {
  using L = std::numeric_limits<T>;
  uint64_t bits;
  std::memcpy(&bits, &magnitude, sizeof bits);
  const int64_t e = std::max<int64_t>(static_cast<int64_t>(bits >> 52) - 1023, L::min_exponent - 1);
  const uint64_t inverse = static_cast<uint64_t>(1023 + L::digits - 1 - e) << 52;
  double y;
  std::memcpy(&y, &inverse, sizeof y);
  return y;
}
template <class T>
long double inverse_place(long double magnitude) {
  using L = std::numeric_limits<T>;
  const int e = magnitude < L::min() ? L::min_exponent - 1 : std::ilogb(magnitude);
  return std::ldexp(1.0L, L::digits - 1 - e);
}

/// The worst error seen by one thread, in units in the last place.
template <class T>
class Worst {
 public:
  explicit Worst(MpfrFunction exact) : function_(exact) { mpfr_init2(x_, 64); }
  ~Worst() { mpfr_clear(x_); }
  Worst(const Worst&) = delete;
  Worst& operator=(const Worst&) = delete;

  /// `reference` is off by `margin` units at most. Errors are in the last places of `least` where the result is less.
  template <class R>
  void see(T x, T y, R reference, double margin, double least) {
    using L = std::numeric_limits<T>;
    if (std::isnan(y) && std::isnan(reference)) return;
    if (std::isinf(y) && y == static_cast<T>(reference)) return;
    const auto magnitude = std::max(std::fabs(reference), static_cast<R>(least));
    double error = 1e300;
    if (std::isfinite(y) && magnitude <= static_cast<R>(L::max())) {
      error = static_cast<double>(std::fabs(static_cast<R>(y) - reference) * inverse_place<T>(magnitude));
    }
    if (error + margin < error_) return;
    mpfr_set_d(x_, static_cast<double>(x), MPFR_RNDN);
    mpfr_set_prec(exact_.value, sizeof(T) == 8 ? 100 : 70);
    function_(exact_.value, x_, MPFR_RNDN);
    error = exact_.ulps(y);
    if (least > 0 && mpfr_regular_p(exact_.value))
      error = std::ldexp(error, static_cast<int>(std::min(mpfr_get_exp(exact_.value) - std::ilogb(least) - 1, 0L)));
    if (error > error_) error_ = error, where_ = x;
  }
  double error() const { return error_; }
  T where() const { return where_; }

 private:
  MpfrFunction function_;
  mpfr_t x_;
  Exact exact_;
  double error_ = 0;
  T where_ = 0;
};

constexpr int64_t kBlock = 4096;

/// `work(thread, worst)` on every core; prints the worst of all.
template <class T, class F>
void measure(const Function& f, const char* what, F work) {
  const unsigned n = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  std::vector<std::pair<double, T>> found(n);
  for (unsigned k = 0; k < n; ++k) {
    threads.emplace_back([&, k] {
      Worst<T> worst(f.exact);
      work(k, n, worst);
      found[k] = {worst.error(), worst.where()};
      mpfr_free_cache();
    });
  }
  for (std::thread& t : threads) t.join();
  const auto [error, where] = *std::max_element(found.begin(), found.end());
  std::printf("%-8s %s  %s  %.4f at %a\n", f.name.data(), sizeof(T) == 8 ? "float64" : "float32", what, error,
              static_cast<double>(where));
  std::fflush(stdout);
}

void measure_float32(const Function& f, const MathFunctions& kernel, uint64_t stride) {
  measure<float>(f, stride == 1 ? "all" : "a sample", [&](unsigned k, unsigned n, Worst<float>& worst) {
    std::vector<float> x(kBlock), y(kBlock);
    std::vector<double> wide(kBlock), reference(kBlock);
    const uint64_t blocks = ((uint64_t{1} << 32) / stride + kBlock - 1) / kBlock;
    for (uint64_t j = k; j < blocks; j += n) {
      // In an order that meets usual arguments soon: until a large error has been seen, MPFR has to look at everything.
      const uint64_t block = j * 2654435761 % blocks;  // a prime number
      for (uint64_t i = 0; i < kBlock; ++i) {
        x[i] = from_bits<float>((block * kBlock + i) * stride);
        wide[i] = static_cast<double>(x[i]);
      }
      kernel.f32(x.data(), y.data(), kBlock);
      kernel.f64(wide.data(), reference.data(), kBlock);
      for (size_t i = 0; i < kBlock; ++i)
        if (!(f.positive && x[i] < 0))
          worst.see(x[i], y[i], reference[i], 1e-6, f.bessel ? reference::BesselScale(static_cast<double>(x[i])) : 0);
    }
  });
}

void measure_float64(const Function& f, const MathFunctions& kernel, uint64_t count) {
  measure<double>(f, "bits and ranges", [&](unsigned k, unsigned n, Worst<double>& worst) {
    std::mt19937_64 random(20240119 + k);
    std::vector<double> x(kBlock), y(kBlock);
    const auto unit = [&random] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    for (uint64_t block = k; block < (count + kBlock - 1) / kBlock; block += n) {
      for (int source = 0; source < 4; ++source) {
        for (double& v : x) {
          v = source == 0   ? from_bits<double>(random())
              : source == 1 ? f.lo + (f.hi - f.lo) * unit()
              : source == 2 ? std::exp2(70 * unit() - 60) * (random() & 1 ? 1 : -1)  // small and usual magnitudes
                            : (1 + std::exp2(-53 * unit()) * (random() & 1 ? 1 : -1)) * (random() & 1 ? 1 : -1);
        }
        kernel.f64(x.data(), y.data(), kBlock);
        for (size_t i = 0; i < kBlock; ++i)
          if (!(f.positive && x[i] < 0))
            worst.see(x[i], y[i], f.nearly(x[i]), 0.05,
                      f.bessel ? reference::BesselScale(static_cast<double>(x[i])) : 0);
      }
    }
  });
}

int run(int argc, char** argv) {
  uint64_t stride = 1, count = 10'000'000;
  std::vector<std::string_view> names;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--stride" && i + 1 < argc) {
      stride = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--count" && i + 1 < argc) {
      count = std::strtoull(argv[++i], nullptr, 10);
    } else {
      names.push_back(word);
    }
  }
  const MathProbe& probe = *probes().front();  // the best target; those with FMA agree to the bit
  std::printf("target %s\n", probe.target);
  for (const MathFunctions& kernel : probe.functions) {
    if (!names.empty() && std::find(names.begin(), names.end(), kernel.name) == names.end()) continue;
    const auto f = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                [&kernel](const Function& row) { return row.name == kernel.name; });
    if (f == std::end(kFunctions)) {
      std::fprintf(stderr, "no reference for %s\n", kernel.name);
      return 1;
    }
    if (stride > 0) measure_float32(*f, kernel, stride);
    if (count > 0) measure_float64(*f, kernel, count);
  }
  return 0;
}

}  // namespace
}  // namespace lazulite

int main(int argc, char** argv) { return lazulite::run(argc, argv); }
