// Likelihoods and fits.
#include "examples/monte_carlo/garch.h"

#include <algorithm>
#include <cmath>

#include "examples/monte_carlo/estimate.h"
#include "examples/monte_carlo/optimise.h"

namespace lazulite::monte_carlo {

namespace {

struct Dynamics {
  double omega, alpha, beta;
};

/// Dynamics for any x, and where searches for the likeliest start, one after the other: the likelihood of a few hundred
/// returns can have several peaks.
struct Form {
  Dynamics (*at)(const Vector& x);
  std::vector<Vector> starts;
};

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// x: the log of the long-run variance, and the logits of alpha + beta and of alpha's part of it.
Dynamics garch(const Vector& x) {
  const double persistence = logistic(x[1]), part = logistic(x[2]);
  const double alpha = persistence * part;
  return {std::exp(x[0]) * (1.0 - persistence), alpha, persistence - alpha};
}

/// x: the logit of lambda.
Dynamics ewma(const Vector& x) {
  const double decay = logistic(x[0]);
  return {0.0, 1.0 - decay, decay};
}

const Form& form_of(const std::string& kind) {
  // alpha + beta = 0.95, a tenth of it alpha, as daily returns have it; 0.5, half of it.
  static const Form kGarch{garch, {{0.0, 2.9444389791664403, -2.197224577336219}, {0.0, 0.0, 0.0}}};
  static const Form kEwma{ewma, {{2.751535313041949}}};  // RiskMetrics' 0.94
  return kind == "garch" ? kGarch : kEwma;
}

}  // namespace

double deviance(const Vector& squares, double omega, double alpha, double beta) {
  double variance = 1.0, total = 0.0;
  for (const double square : squares) {
    total += std::log(variance) + square / variance;
    variance = omega + alpha * square + beta * variance;
  }
  return std::isfinite(total) ? total / static_cast<double>(squares.size()) : kInfinity;
}

Fit fit(const Vector& returns, const std::string& kind) {
  const double average = mean(returns), variance = covariance(returns, returns);
  Vector squares;
  for (const double r : returns) squares.push_back((r - average) * (r - average) / variance);
  const Form& form = form_of(kind);
  const auto value = [&](const Vector& x) {
    const Dynamics d = form.at(x);
    return deviance(squares, d.omega, d.alpha, d.beta);
  };
  std::vector<Corner> found;
  for (const Vector& start : form.starts) found.push_back(minimise(value, start));
  const Corner best =
      *std::min_element(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const Dynamics d = form.at(best.second);
  return {average, variance, d.omega * variance, d.alpha, d.beta};
}

FilteredReturns filter_returns(const Vector& returns, const Fit& f) {
  double variance = f.variance;
  FilteredReturns result{{variance}, {}};
  for (const double r : returns) {
    const double e = r - f.mean;
    result.residuals.push_back(e / std::sqrt(variance));
    variance = f.omega + f.alpha * (e * e) + f.beta * variance;
    result.variances.push_back(variance);
  }
  return result;
}

Filter filtered(const Vector& returns, const std::string& kind) {
  const Fit f = fit(returns, kind);
  FilteredReturns r = filter_returns(returns, f);
  return {f.mean, f.omega, f.alpha, f.beta, r.variances.back(), std::move(r.residuals)};
}

}  // namespace lazulite::monte_carlo
