// The models. Each is its formula on lazy arrays: the whole loop over time becomes one expression, the random draws
// included, and the sums that the runner asks for are computed from it in one pass that stores no path. The Python
// runner's models.py says the same, operation for operation.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/dispatch/operators.h"
#include "core/graph/seed.h"

namespace lazulite::monte_carlo {

/// A generator with the streams of `lz.random.default_rng(seed)`.
class Rng {
 public:
  explicit Rng(uint64_t seed);
  Array random(int64_t n) { return draw(Law::random, n); }
  Array standard_normal(int64_t n) { return draw(Law::standard_normal, n); }

 private:
  Array draw(Law law, int64_t n);
  BitGenerator bits_;
};

/// An option on one asset whose log price is a Brownian motion with drift.
struct Option {
  bool call;
  double spot, strike, rate, dividend, volatility, maturity;
  int64_t steps;
  double barrier = std::numeric_limits<double>::infinity();
  bool control = false;  // Asian: the geometric one as control variate

  double drift() const { return (rate - dividend - 0.5 * volatility * volatility) * (maturity / double(steps)); }
  double vol() const { return volatility * std::sqrt(maturity / double(steps)); }
  double discount() const { return std::exp(-rate * maturity); }
};

/// Holdings whose returns over the horizon are normal: mean + factor z, z standard normal.
struct Portfolio {
  std::vector<std::string> assets;
  std::vector<double> holdings, mean;
  std::vector<std::vector<double>> factor;  // the Cholesky factor of the covariance
  bool log_returns;
  double level;
};

/// What each of n paths pays and, where the model has one, the control variate.
using Values = std::vector<Array>;
Values pi(Rng& rng, int64_t n);
Values european(Rng& rng, int64_t n, const Option& o);
Values asian(Rng& rng, int64_t n, const Option& o);
Values up_and_out(Rng& rng, int64_t n, const Option& o);
Values portfolio_loss(Rng& rng, int64_t n, const Portfolio& p);

}  // namespace lazulite::monte_carlo
