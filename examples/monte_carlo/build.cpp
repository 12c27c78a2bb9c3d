// Options, baskets, portfolios and backtests from jobs, with an error for whatever does not fit together.
#include "examples/monte_carlo/build.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "examples/monte_carlo/estimate.h"
#include "examples/monte_carlo/garch.h"
#include "examples/monte_carlo/greeks.h"
#include "examples/monte_carlo/prices.h"

namespace lazulite::monte_carlo {

constexpr size_t kMostAssets = 100;
constexpr size_t kMostGreekAssets = 10;  // each takes four more baskets, and all of them are one expression
constexpr int64_t kMostHorizon = 1000;   // days that a filter looks ahead
constexpr double kFewestBeyond = 10;     // losses beyond the quantile that a job must have

/// A year's, from all prices.
static double volatility_of(const Job& job, const std::string& key, const std::string& asset, const Vector& prices) {
  const Vector r = returns(prices, true);
  const double volatility = std::sqrt(covariance(r, r)) * std::sqrt(job.number("periods_per_year"));
  const Range& range = range_named("volatility");
  if (range.holds(volatility)) return volatility;
  throw job.error(key, "the volatility of " + asset + " is " + show(volatility) + "; " + range.words);
}

static void moving(const Job& job, const std::string& key, const std::string& asset, const Vector& r) {
  if (covariance(r, r) > 0.0) return;
  const std::string problem = "the prices of " + asset + " do not move in " + std::to_string(r.size() + 1) + " rows";
  throw job.error(key, problem + "; leave it out of " + key);
}

static Option option(const Job& job) {
  std::optional<double> spot, volatility;
  if (job.has("spot")) spot = job.number("spot");
  if (job.has("volatility")) volatility = job.number("volatility");
  if (job.has("asset") && (!spot || !volatility)) {
    const std::string& asset = job.text("asset");
    const std::string asked = job.error("asset", "asset is '" + asset + "'").what();
    const Vector prices = Prices(job.prices_file()).column(asset, asked);
    if (!spot) spot = prices.back();
    if (!volatility) volatility = volatility_of(job, "asset", asset, prices);
  }
  for (const char* name : {"spot", "volatility"}) {
    if (name == std::string("spot") ? spot.has_value() : volatility.has_value()) continue;
    const std::string remedy = std::string("add for example ") + name + " = " + key_named(name).example;
    const std::string problem = "the " + job.model() + " job has no " + name + "; ";
    throw job.error(name, problem + remedy + ", or name an asset of a prices file");
  }
  Option o{};
  o.barrier = kInfinity;
  if (job.model() == "barrier") {
    o.barrier = job.number("barrier");
    if (!(o.barrier > *spot)) {
      const std::string problem = "barrier is " + show(o.barrier) + ", and the spot " + show(*spot);
      throw job.error("barrier", problem + " has reached it already; give a barrier above the spot");
    }
  }
  if (job.is_set("greeks") && *volatility == 0.0) {
    throw job.error("greeks", "greeks of a volatility of 0 are no differences; give a volatility above 0");
  }
  o.call = job.text("option") == "call";
  o.spot = *spot;
  o.strike = job.number("strike");
  o.rate = job.number("rate");
  o.dividend = job.number("dividend");
  o.volatility = *volatility;
  o.maturity = job.number("maturity");
  o.steps = job.get<int64_t>("steps");
  const size_t variants = estimated(job.model(), o, job.is_set("greeks")).variants.size();
  const auto evaluations = static_cast<int64_t>(variants) * (job.is_set("antithetic") ? 2 : 1);
  const int64_t most = static_cast<int64_t>(range_named("steps").high) / evaluations;
  if (o.steps > most) {
    const std::string problem = "every path is evaluated " + std::to_string(evaluations) + " times, too often for ";
    const std::string remedy = " steps; give at most " + std::to_string(most) + " steps";
    throw job.error("steps", problem + std::to_string(o.steps) + remedy);
  }
  return o;
}

/// The Cholesky factor of a correlation matrix that may come from the job file.
static Matrix correlation_factor(const Job& job, const Texts& assets, const Matrix& matrix) {
  const size_t n = assets.size();
  for (size_t i = 0; i < n; ++i) {
    const Vector& row = matrix[i];
    if (row.size() != n) {
      const std::string problem = "row " + std::to_string(i + 1) + " of correlation has " + count(row.size(), "number");
      throw job.error("correlation", problem + ", and assets " + count(n, "name") + "; give one number an asset");
    }
    if (row[i] != 1.0) {
      const std::string problem = "correlation of " + assets[i] + " with itself is " + show(row[i]);
      throw job.error("correlation", problem + "; write 1 on the diagonal");
    }
    for (size_t j = 0; j < i; ++j) {
      if (row[j] == matrix[j][i]) continue;
      const std::string problem = "correlation of " + assets[i] + " and " + assets[j] + " is " + show(row[j]);
      const std::string other = " in one place and " + show(matrix[j][i]) + " in the other; make them equal";
      throw job.error("correlation", problem + other);
    }
  }
  Matrix factor;
  const int row = cholesky(matrix, factor);
  if (row < 0) return factor;
  const double least = smallest_eigenvalue(matrix);
  const std::string problem =
      "correlation is not positive definite: its smallest eigenvalue is " + show(least, 4) + ", and must be above 0; ";
  if (!job.has("correlation")) {
    const std::string& asset = assets[static_cast<size_t>(row)];
    throw job.error("assets", problem + "leave " + asset +
                                  " out of assets, whose prices follow from those before it, or give a correlation");
  }
  // All but the diagonal times k moves every eigenvalue x to 1 + k (x - 1).
  double k = std::floor(1000.0 / (1.0 - least)) / 1000.0;
  if (!(1.0 - k * (1.0 - least) > 1e-6)) k = k - 0.001;
  const std::string remedy = " or less, or leave it out and give prices";
  throw job.error("correlation", problem + "multiply the numbers off its diagonal by " + show(k) + remedy);
}

static Basket basket(const Job& job) {
  Basket b{};
  b.assets = job.get<Texts>("assets");
  b.weights = job.get<Vector>("weights");
  const size_t n = b.assets.size();
  for (auto asset = b.assets.begin(); asset != b.assets.end(); ++asset) {
    if (std::find(b.assets.begin(), asset, *asset) == asset) continue;
    throw job.error("assets", "assets names '" + *asset + "' twice; add up its weights");
  }
  if (n > kMostAssets) {
    const std::string problem = "assets has " + std::to_string(n) + " names; give at most ";
    throw job.error("assets", problem + std::to_string(kMostAssets));
  }
  if (job.is_set("greeks") && n > kMostGreekAssets) {
    const std::string problem = "greeks of " + std::to_string(n) + " assets are too many; give at most ";
    throw job.error("greeks", problem + std::to_string(kMostGreekAssets) + " assets");
  }
  for (const char* name : {"weights", "spots", "volatilities", "dividends", "correlation"}) {
    if (!job.has(name)) continue;
    const bool matrix = name == std::string("correlation");
    const size_t size = matrix ? job.get<Matrix>(name).size() : job.get<Vector>(name).size();
    if (size == n) continue;
    const std::string unit = matrix ? "row" : "number";
    const std::string problem = std::string(name) + " has " + count(size, unit) + ", and assets " + count(n, "name");
    throw job.error(name, problem + "; give one " + unit + " an asset");
  }
  if (job.has("spots")) b.spots = job.get<Vector>("spots");
  if (job.has("volatilities")) b.volatilities = job.get<Vector>("volatilities");
  b.dividends = job.has("dividends") ? job.get<Vector>("dividends") : Vector(n, 0.0);
  Matrix given = {{1.0}};
  if (job.has("correlation")) given = job.get<Matrix>("correlation");
  if (b.spots.empty() || b.volatilities.empty() || given.size() != n) {
    if (!job.has("prices")) {
      const std::string missing = b.spots.empty() ? "spots" : b.volatilities.empty() ? "volatilities" : "correlation";
      const std::string example = "add for example " + missing + " = " + key_named(missing).example;
      throw job.error(missing,
                      "the basket job has no " + missing + "; " + example + ", or prices with a column for each asset");
    }
    const Prices file(job.prices_file());
    Matrix prices;
    for (const std::string& asset : b.assets) {
      prices.push_back(file.column(asset, job.error("assets", "assets names '" + asset + "'").what()));
    }
    if (b.spots.empty()) {
      for (const Vector& column : prices) b.spots.push_back(column.back());
    }
    if (b.volatilities.empty()) {
      for (size_t i = 0; i < n; ++i) b.volatilities.push_back(volatility_of(job, "assets", b.assets[i], prices[i]));
    }
    if (given.size() != n) {
      Matrix r;
      for (size_t i = 0; i < n; ++i) {
        r.push_back(returns(prices[i], true));
        moving(job, "assets", b.assets[i], r[i]);
      }
      given = correlation(r);
    }
  }
  if (job.is_set("greeks") && *std::min_element(b.volatilities.begin(), b.volatilities.end()) == 0.0) {
    throw job.error("greeks", "greeks of a volatility of 0 are no differences; give volatilities above 0");
  }
  b.call = job.text("option") == "call";
  b.factor = correlation_factor(job, b.assets, given);
  b.strike = job.number("strike");
  b.rate = job.number("rate");
  b.maturity = job.number("maturity");
  return b;
}

/// Enough losses beyond the level for a quantile that means something.
static void enough_beyond(const Job& job, const std::string& name, int64_t draws, const std::string& what,
                          double fewest_beyond) {
  const double level = job.number("level");
  if (!((1.0 - level) * static_cast<double>(draws) < fewest_beyond - 0.5)) return;
  const auto fewest = static_cast<int64_t>(std::ceil((fewest_beyond - 0.5) / (1.0 - level)));
  const std::string problem = std::to_string(draws) + " " + what + " leave fewer than " + show(fewest_beyond);
  const std::string remedy = "; give at least " + std::to_string(fewest) + " " + what + ", or a lower level";
  throw job.error(name, problem + " beyond the level " + show(level) + remedy);
}

/// The assets of holdings, what is held of them, and their prices.
struct Held {
  Texts assets;
  Vector holdings;
  Matrix prices;
};

/// `rows`: so many prices at least, for a filter.
static Held held(const Job& job, size_t rows = 0) {
  const Prices prices(job.prices_file());
  prices.at_least(rows, ", too few to see how volatility moves");
  const Table& wanted = job.get<Table>("holdings");
  if (wanted.size() > kMostAssets) {
    const std::string problem = "holdings names " + std::to_string(wanted.size()) + " columns; give at most ";
    throw job.error("holdings", problem + std::to_string(kMostAssets));
  }
  const auto& header = prices.header();
  for (const auto& holding : wanted) {
    const std::string& name = holding.first;
    if (std::find(header.begin(), header.end(), name) != header.end()) continue;
    prices.column(name, job.error("holdings/" + name, "holdings names '" + name + "'").what());
  }
  Held h;
  // In the order of the file's columns: the order of the sums, and so their last bits, depend on nothing else.
  for (const std::string& name : header) {
    const auto holding = std::find_if(wanted.begin(), wanted.end(), [&](const auto& w) { return w.first == name; });
    if (holding == wanted.end()) continue;
    h.assets.push_back(name);
    h.holdings.push_back(holding->second);
    h.prices.push_back(prices.column(name));
  }
  return h;
}

static Portfolio portfolio(const Job& job) {
  enough_beyond(job, "paths", job.paths(), "paths", kFewestBeyond);
  Held h = held(job);
  Matrix r;
  for (const Vector& column : h.prices) r.push_back(returns(column, job.text("returns") == "log"));
  const size_t n = h.assets.size();
  if (r[0].size() <= n) {
    const std::string problem = std::to_string(r[0].size()) + " returns cannot tell " + std::to_string(n);
    throw job.error("holdings", problem + " assets apart; give more rows of prices, or fewer holdings");
  }
  Matrix covariances(n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) covariances[i].push_back(covariance(r[i], r[j]));
  }
  Portfolio p;
  const int row = cholesky(covariances, p.factor);
  if (row >= 0) {
    const std::string problem = "the prices of " + h.assets[static_cast<size_t>(row)] + " never move, or follow from ";
    throw job.error("holdings", problem + "those of the columns before it; leave it out of holdings");
  }
  const double horizon = job.number("horizon");
  for (Vector& line : p.factor) {
    for (double& x : line) x = std::sqrt(horizon) * x;
  }
  for (const Vector& asset : r) p.mean.push_back(mean(asset) * horizon);
  p.assets = std::move(h.assets);
  p.holdings = std::move(h.holdings);
  p.log_returns = job.text("returns") == "log";
  p.level = job.number("level");
  return p;
}

static Filtered filtered(const Job& job) {
  enough_beyond(job, "paths", job.paths(), "paths", kFewestBeyond);
  const double horizon = job.number("horizon");
  if (horizon != std::floor(horizon) || horizon > static_cast<double>(kMostHorizon)) {
    const std::string problem = "horizon is " + show(horizon) + ", and a filter goes on row by row";
    throw job.error("horizon", problem + "; give a whole number from 1 to " + std::to_string(kMostHorizon));
  }
  Held h = held(job, kFewestRows);
  Matrix r;
  for (size_t i = 0; i < h.assets.size(); ++i) {
    r.push_back(returns(h.prices[i], true));
    moving(job, "holdings", h.assets[i], r[i]);
  }
  Filtered p{std::move(h.assets), std::move(h.holdings), {}, static_cast<int64_t>(horizon), job.number("level")};
  for (const Vector& asset : r) p.filters.push_back(filtered(asset, job.text("filter")));
  return p;
}

static Backtest backtest(const Job& job) {
  const int64_t window = job.get<int64_t>("window");
  Backtest b;
  b.method = job.text("method");
  b.level = job.number("level");
  b.window = static_cast<size_t>(window);
  b.refit = static_cast<size_t>(job.get<int64_t>("refit"));
  if (b.method != "normal") enough_beyond(job, "window", window, "rows", 1);
  Held h = held(job);
  for (const Vector& column : h.prices) b.returns.push_back(returns(column, true));
  const size_t rows = b.returns[0].size();
  if (rows <= b.window) {
    const std::string problem = "a window of " + std::to_string(window) + " rows leaves none of ";
    throw job.error("window",
                    problem + std::to_string(rows) + " returns to test; give a smaller window, or more rows of prices");
  }
  for (size_t start = 0; start < rows - b.window && b.method != "normal"; start += b.refit) {
    for (size_t i = 0; i < h.assets.size(); ++i) {
      const auto first = b.returns[i].begin() + static_cast<ptrdiff_t>(start);
      moving(job, "holdings", h.assets[i], Vector(first, first + window));
    }
  }
  for (size_t t = 0; t < rows; ++t) {
    double gain = 0.0;
    for (size_t i = 0; i < h.assets.size(); ++i) {
      gain = gain + h.holdings[i] * (h.prices[i][t + 1] / h.prices[i][t] - 1.0);
    }
    b.gains.push_back(gain);
  }
  b.assets = std::move(h.assets);
  b.holdings = std::move(h.holdings);
  return b;
}

Inputs model_inputs(const Job& job) {
  if (job.is_set("antithetic") && (job.paths() % 2 != 0 || job.paths() < 4)) {
    const std::string problem = "paths is " + std::to_string(job.paths()) + ", and antithetic paths come in pairs";
    throw job.error("paths", problem + "; give an even number of paths, at least 4");
  }
  const std::string& model = job.model();
  if (model == "pi") return std::monostate();
  if (model == "basket") return basket(job);
  if (model == "portfolio") return portfolio(job);
  if (model == "filtered") return filtered(job);
  if (model == "backtest") return backtest(job);
  return option(job);
}

}  // namespace lazulite::monte_carlo
