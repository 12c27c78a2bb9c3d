// Black and Scholes 1973; Kemna and Vorst 1990 (geometric Asian, and likewise the geometric basket); Reiner and
// Rubinstein 1991 as in Haug's "Complete Guide to Option Pricing Formulas" (barrier), its barrier moved for discrete
// monitoring by Broadie, Glasserman and Kou 1997; the normal quantile (value at risk). The Python runner has the same
// operations in the same order.
#include "examples/monte_carlo/closed_form.h"

#include <algorithm>
#include <cmath>

namespace lazulite::monte_carlo {

// -zeta(1/2) / sqrt(2 pi): how far, in standard deviations of one step, a barrier that is watched at the steps only
// lies behind one that is watched all the time.
constexpr double kBroadieGlassermanKou = 0.5825971579390107;
constexpr double kPi = 3.141592653589793;

static double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

static double normal_density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * kPi); }

/// By bisection, down to the last bit that normal_cdf resolves.
double normal_quantile(double p) {
  double low = -40.0, high = 40.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (normal_cdf(middle) < p ? low : high) = middle;
  }
  return high;
}

/// The expected payoff on exp(X), X normal.
static double lognormal_payoff(bool call, double mean, double deviation, double strike) {
  const double sign = call ? 1.0 : -1.0;
  const double forward = std::exp(mean + 0.5 * deviation * deviation);
  if (deviation == 0.0) return std::max(sign * (forward - strike), 0.0);
  const double d2 = (mean - std::log(strike)) / deviation;
  const double d1 = d2 + deviation;
  return sign * (forward * normal_cdf(sign * d1) - strike * normal_cdf(sign * d2));
}

double european_price(const Option& o) {
  const double mean = std::log(o.spot) + (o.rate - o.dividend - 0.5 * o.volatility * o.volatility) * o.maturity;
  return o.discount() * lognormal_payoff(o.call, mean, o.volatility * std::sqrt(o.maturity), o.strike);
}

double geometric_asian_price(const Option& o) {
  const double n = static_cast<double>(o.steps);
  const double growth = o.rate - o.dividend - 0.5 * o.volatility * o.volatility;
  const double mean = std::log(o.spot) + growth * o.maturity * (n + 1.0) / (2.0 * n);
  const double variance = o.volatility * o.volatility * o.maturity * (n + 1.0) * (2.0 * n + 1.0) / (6.0 * n * n);
  return o.discount() * lognormal_payoff(o.call, mean, std::sqrt(variance), o.strike);
}

double geometric_basket_price(const Basket& b) {
  const size_t n = b.assets.size();
  double mean = std::log(b.value()), variance = 0.0;
  for (size_t i = 0; i < n; ++i) mean += b.share(i) * b.drift(i);
  for (size_t j = 0; j < n; ++j) {
    double exposure = 0.0;
    for (size_t i = j; i < n; ++i) exposure += b.share(i) * (b.vol(i) * b.factor[i][j]);
    variance += exposure * exposure;
  }
  return b.discount() * lognormal_payoff(b.call, mean, std::sqrt(variance), b.strike);
}

std::optional<double> up_and_out_price(const Option& o) {
  if (o.volatility == 0.0) return std::nullopt;
  if (o.spot >= o.barrier) return 0.0;
  const double step = o.maturity / static_cast<double>(o.steps);
  const double barrier = o.barrier * std::exp(kBroadieGlassermanKou * o.volatility * std::sqrt(step));
  if (o.call && o.strike >= barrier) return 0.0;
  const double sign = o.call ? 1.0 : -1.0;
  const double variance = o.volatility * o.volatility;
  const double deviation = o.volatility * std::sqrt(o.maturity);
  const double exponent = (o.rate - o.dividend - 0.5 * variance) / variance;
  const double shift = (1.0 + exponent) * deviation;
  const double ratio = barrier / o.spot;
  const double carried = o.spot * std::exp(-o.dividend * o.maturity);
  const double owed = o.strike * o.discount();

  const auto term = [&](double phi, double x, double eta, bool reflected) {
    const double left = reflected ? std::pow(ratio, 2.0 * (exponent + 1.0)) : 1.0;
    const double right = reflected ? std::pow(ratio, 2.0 * exponent) : 1.0;
    const double spot = carried * left * normal_cdf(eta * x);
    return phi * (spot - owed * right * normal_cdf(eta * (x - deviation)));
  };
  const double a = term(sign, std::log(o.spot / o.strike) / deviation + shift, sign, false);
  const double b = term(sign, std::log(o.spot / barrier) / deviation + shift, sign, false);
  const double c = term(sign, std::log(barrier * ratio / o.strike) / deviation + shift, -1.0, true);
  const double d = term(sign, std::log(ratio) / deviation + shift, -1.0, true);
  if (o.call) return a - b + c - d;
  return o.strike > barrier ? b - d : a - c;
}

using Risks = std::pair<double, double>;

static std::optional<Risks> portfolio_risk(const Portfolio& p) {
  if (p.log_returns) return std::nullopt;
  double mean = 0.0, variance = 0.0;
  const size_t n = p.holdings.size();
  for (size_t i = 0; i < n; ++i) mean += p.holdings[i] * p.mean[i];
  for (size_t j = 0; j < n; ++j) {
    double exposure = 0.0;
    for (size_t i = j; i < n; ++i) exposure += p.holdings[i] * p.factor[i][j];
    variance += exposure * exposure;
  }
  const double deviation = std::sqrt(variance);
  const double quantile = normal_quantile(p.level);
  const double shortfall = deviation * normal_density(quantile) / (1.0 - p.level) - mean;
  return Risks(deviation * quantile - mean, shortfall);
}

/// For one day ahead: every past day is one case.
static std::optional<Risks> filtered_risk(const Filtered& p) {
  if (p.horizon > 1) return std::nullopt;
  Vector losses;
  for (size_t t = 0; t < p.filters[0].residuals.size(); ++t) {
    double gain = 0.0;
    for (size_t i = 0; i < p.filters.size(); ++i) {
      const Filter& f = p.filters[i];
      gain = gain + p.holdings[i] * (std::exp(f.mean + std::sqrt(f.variance) * f.residuals[t]) - 1.0);
    }
    losses.push_back(-gain);
  }
  std::sort(losses.begin(), losses.end());
  const auto n = static_cast<double>(losses.size());
  const auto rank = static_cast<size_t>(std::ceil(p.level * n)) - 1;
  const double risk = losses[rank];
  double excess = 0.0;
  for (size_t i = rank; i < losses.size(); ++i) excess += losses[i] - risk;
  return Risks(risk, risk + excess / ((1.0 - p.level) * n));
}

std::optional<double> expected_price(const std::string& model, const Inputs& inputs) {
  if (model == "pi") return kPi;
  if (model == "european") return european_price(std::get<Option>(inputs));
  if (model == "barrier") return up_and_out_price(std::get<Option>(inputs));
  return std::nullopt;
}

double expected_control(const std::string& model, const Inputs& inputs) {
  if (const auto* b = std::get_if<Basket>(&inputs)) return geometric_basket_price(*b);
  const Option& o = std::get<Option>(inputs);
  if (model == "european") return o.spot * std::exp(-o.dividend * o.maturity);
  return model == "asian" ? geometric_asian_price(o) : european_price(o);
}

std::optional<Risks> expected_risk(const Inputs& inputs) {
  const auto* p = std::get_if<Portfolio>(&inputs);
  const auto risks = p ? portfolio_risk(*p) : filtered_risk(std::get<Filtered>(inputs));
  return risks && std::isfinite(risks->first) && std::isfinite(risks->second) ? risks : std::nullopt;
}

}  // namespace lazulite::monte_carlo
