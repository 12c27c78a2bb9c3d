// The models. Each is its formula on lazy arrays: the whole loop over time becomes one expression, the random draws
// included, and the sums that the runner asks for are computed from it in one pass that stores no path. A model gives
// what each path pays and, where it has one, a control variate: something that the same path pays and whose expectation
// is known (closed_form.h). The Python runner's models.py says the same, operation for operation.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "examples/monte_carlo/draws.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// An option on one asset whose log price is a Brownian motion with drift.
struct Option {
  bool call;
  double spot, strike, rate, dividend, volatility, maturity;
  int64_t steps;
  double barrier = kInfinity;

  double drift() const { return (rate - dividend - 0.5 * volatility * volatility) * (maturity / double(steps)); }
  double vol() const { return volatility * std::sqrt(maturity / double(steps)); }
  double discount() const { return std::exp(-rate * maturity); }
};

/// An option on a sum of assets, whose log prices are correlated Brownian motions with drift.
struct Basket {
  bool call;
  Texts assets;
  Vector weights, spots, volatilities, dividends;
  Matrix factor;  // the Cholesky factor of the correlation
  double strike, rate, maturity;

  double drift(size_t i) const { return (rate - dividends[i] - 0.5 * volatilities[i] * volatilities[i]) * maturity; }
  double vol(size_t i) const { return volatilities[i] * std::sqrt(maturity); }
  double discount() const { return std::exp(-rate * maturity); }
  /// Of the basket today.
  double value() const;
  /// An asset's part of that.
  double share(size_t i) const { return weights[i] * spots[i] / value(); }
};

/// Holdings whose returns over the horizon are normal: mean + factor z, z standard normal.
struct Portfolio {
  Texts assets;
  Vector holdings, mean;
  Matrix factor;  // the Cholesky factor of the covariance
  bool log_returns;
  double level;
};

/// How the log returns of one asset vary: mean + sqrt(variance) z, where the variance of the next day is
/// omega + alpha (variance z^2) + beta variance.
struct Filter {
  double mean, omega, alpha, beta;
  double variance;   // of the first day ahead
  Vector residuals;  // the z of the past days
};

/// Holdings whose returns are filtered: every day ahead takes the residuals of a past day, drawn at random.
struct Filtered {
  Texts assets;
  Vector holdings;
  std::vector<Filter> filters;
  int64_t horizon;
  double level;
};

/// Hears the columns that --save-paths writes.
using Keep = std::function<void(const Array&)>;
inline const Keep kForget = [](const Array&) {};

/// What each of n paths pays and, where the model has one, the control variate.
using Values = std::vector<Array>;
Values pi(Draws& rng, int64_t n, const Keep& keep = kForget);
/// Control variate: the asset.
Values european(Draws& rng, int64_t n, const Option& o, const Keep& keep = kForget);
/// Control variate: the option on the geometric mean.
Values asian(Draws& rng, int64_t n, const Option& o, const Keep& keep = kForget);
/// Control variate: the option without a barrier.
Values up_and_out(Draws& rng, int64_t n, const Option& o, const Keep& keep = kForget);
/// Control variate: the option on the geometric mean of the assets, weighted by their shares of the basket.
Values basket(Draws& rng, int64_t n, const Basket& b, const Keep& keep = kForget);
Values portfolio_loss(Draws& rng, int64_t n, const Portfolio& p, const Keep& keep = kForget);
Values filtered_loss(Draws& rng, int64_t n, const Filtered& p, const Keep& keep = kForget);

/// Numbers as an array.
Array array_of(const Vector& values);
/// values[index], element by element.
Array at(const Array& values, const Array& index);

}  // namespace lazulite::monte_carlo
