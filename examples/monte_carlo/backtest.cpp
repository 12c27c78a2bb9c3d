// Forecasts, and the tests of them.
#include "examples/monte_carlo/backtest.h"

#include <algorithm>
#include <cmath>

#include "examples/monte_carlo/closed_form.h"
#include "examples/monte_carlo/estimate.h"
#include "examples/monte_carlo/garch.h"

namespace lazulite::monte_carlo {

static Vector part(const Vector& values, size_t from, size_t to) {
  return Vector(values.begin() + static_cast<ptrdiff_t>(from), values.begin() + static_cast<ptrdiff_t>(to));
}

/// Forecasts of the normal model: the portfolio job's with simple returns.
static Vector normal_forecasts(const Backtest& b, const Progress& progress) {
  const double quantile = normal_quantile(b.level);
  Vector forecasts;
  for (size_t t = b.window; t < b.gains.size(); ++t) {
    const Vector past = part(b.gains, t - b.window, t);
    forecasts.push_back(std::sqrt(covariance(past, past)) * quantile - mean(past));
    progress(static_cast<int64_t>(forecasts.size()));
  }
  return forecasts;
}

/// Elements first, ..., first + n - 1.
static Array window(const Array& a, size_t first, size_t n) {
  View view = view_of(a);
  view.slice(0, static_cast<int64_t>(first), 1, static_cast<int64_t>(n));
  return make_view(a, view);
}

/// Forecasts of the filtered job: the window's residuals, each as likely as the others, at the day's volatility.
static Vector filtered_forecasts(const Backtest& b, const Progress& progress) {
  struct Asset {
    double mean;
    Vector variances;
    Array residuals;
  };
  const auto n = static_cast<int64_t>(b.window);
  const auto rank = static_cast<size_t>(std::ceil(b.level * static_cast<double>(n))) - 1;
  Vector forecasts;
  for (size_t start = b.window; start < b.gains.size(); start += b.refit) {
    const size_t end = std::min(start + b.refit, b.gains.size());
    std::vector<Asset> assets;
    for (const Vector& r : b.returns) {
      const Fit f = fit(part(r, start - b.window, start), b.method);
      FilteredReturns filtered = filter_returns(part(r, start - b.window, end), f);
      assets.push_back({f.mean, std::move(filtered.variances), array_of(filtered.residuals)});
    }
    for (size_t first = 0; first < end - start; ++first) {  // of the window in what was filtered
      Array gain = make_full(DType::float64, {1}, Scalar::of(0.0));
      for (size_t i = 0; i < assets.size(); ++i) {
        const double deviation = std::sqrt(assets[i].variances[first + b.window]);
        const Array r = assets[i].mean + deviation * window(assets[i].residuals, first, b.window);
        gain = gain + b.holdings[i] * (exp(r) - 1.0);
      }
      const Array loss = -gain;
      const Memory memory = expose(loss);
      const auto* values = reinterpret_cast<const double*>(memory.data);
      Vector losses(values, values + n);
      std::nth_element(losses.begin(), losses.begin() + static_cast<ptrdiff_t>(rank), losses.end());
      forecasts.push_back(losses[rank]);
      progress(static_cast<int64_t>(forecasts.size()));
    }
  }
  return forecasts;
}

/// Of independent failures of probability p.
static double log_likelihood(double failures, double trials, double p) {
  const double successes = trials - failures;
  const double total = failures > 0.0 ? failures * std::log(p) : 0.0;
  return total + (successes > 0.0 ? successes * std::log(1.0 - p) : 0.0);
}

double kupiec(const std::vector<bool>& beyond, double p) {
  const auto n = static_cast<double>(beyond.size());
  const auto x = static_cast<double>(std::count(beyond.begin(), beyond.end(), true));
  return std::max(-2.0 * (log_likelihood(x, n, p) - log_likelihood(x, n, x / n)), 0.0);
}

double christoffersen(const std::vector<bool>& beyond) {
  double failures[2] = {0.0, 0.0}, trials[2] = {0.0, 0.0};  // after a day without and with
  for (size_t t = 1; t < beyond.size(); ++t) {
    failures[beyond[t - 1]] += beyond[t] ? 1.0 : 0.0;
    trials[beyond[t - 1]] += 1.0;
  }
  const double x = failures[0] + failures[1], n = trials[0] + trials[1];
  if (n == 0.0) return 0.0;
  double separate = 0.0;
  for (const int k : {0, 1}) {
    if (trials[k] > 0.0) separate += log_likelihood(failures[k], trials[k], failures[k] / trials[k]);
  }
  return std::max(-2.0 * (log_likelihood(x, n, x / n) - separate), 0.0);
}

std::vector<Result> collect_backtest(const Backtest& b, const Progress& progress) {
  const Vector forecasts = b.method == "normal" ? normal_forecasts(b, progress) : filtered_forecasts(b, progress);
  std::vector<bool> beyond;
  for (size_t t = 0; t < forecasts.size(); ++t) beyond.push_back(-b.gains[b.window + t] > forecasts[t]);
  const auto n = static_cast<double>(beyond.size());
  const double p = 1.0 - b.level;
  const double frequency = kupiec(beyond, p), independence = christoffersen(beyond);
  const auto failures = static_cast<double>(std::count(beyond.begin(), beyond.end(), true));
  const std::string name = "losses beyond value at risk, " + show(100.0 * b.level) + " %";
  return {{"days forecast", n},
          {name, failures, std::sqrt(n * p * (1.0 - p)), n * p},
          {"Kupiec's test, p-value", std::erfc(std::sqrt(0.5 * frequency))},
          {"Christoffersen's test, p-value", std::erfc(std::sqrt(0.5 * independence))},
          {"both, p-value", std::exp(-0.5 * (frequency + independence))}};
}

}  // namespace lazulite::monte_carlo
