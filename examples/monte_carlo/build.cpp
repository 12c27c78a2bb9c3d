// From a checked job to what the models take: numbers from the job file and estimates from the prices.
#include <algorithm>
#include <cmath>

#include "examples/monte_carlo/estimate.h"
#include "examples/monte_carlo/job.h"
#include "examples/monte_carlo/prices.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

constexpr size_t kMostAssets = 100;
constexpr double kFewestBeyond = 10;  // losses beyond the quantile that a portfolio job must have

static Option option(const Job& job) {
  std::optional<double> spot, volatility;
  if (job.has("spot")) spot = job.number("spot");
  if (job.has("volatility")) volatility = job.number("volatility");
  if (job.has("asset") && (!spot || !volatility)) {
    const std::string& asset = job.text("asset");
    const std::string asked = job.error("asset", "asset is '" + asset + "'").what();
    const Vector prices = Prices(job.prices_file()).column(asset, asked);
    if (!spot) spot = prices.back();
    if (!volatility) {
      const Vector r = returns(prices, true);
      volatility = std::sqrt(covariance(r, r)) * std::sqrt(job.number("periods_per_year"));
      const Range& range = key_named("volatility").range;
      if (!range.holds(*volatility)) {
        throw job.error("asset", "the volatility of " + asset + " is " + show(*volatility) + "; " + range.words);
      }
    }
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
  o.call = job.text("option") == "call";
  o.spot = *spot;
  o.strike = job.number("strike");
  o.rate = job.number("rate");
  o.dividend = job.number("dividend");
  o.volatility = *volatility;
  o.maturity = job.number("maturity");
  o.steps = job.get<int64_t>("steps");
  o.control = job.model() == "asian" && job.get<bool>("control");
  return o;
}

static Portfolio portfolio(const Job& job) {
  const double level = job.number("level");
  if ((1.0 - level) * static_cast<double>(job.paths()) < kFewestBeyond - 0.5) {
    const double fewest = std::ceil((kFewestBeyond - 0.5) / (1.0 - level));
    const std::string problem = std::to_string(job.paths()) + " paths leave fewer than " + show(kFewestBeyond);
    const std::string remedy =
        "; give at least " + std::to_string(static_cast<int64_t>(fewest)) + " paths, or a lower level";
    throw job.error("paths", problem + " beyond the level " + show(level) + remedy);
  }
  const Prices prices(job.prices_file());
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
  Portfolio p;
  Matrix r;
  // In the order of the file's columns: the order of the sums, and so their last bits, depend on nothing else.
  for (const std::string& name : header) {
    const auto holding = std::find_if(wanted.begin(), wanted.end(), [&](const auto& h) { return h.first == name; });
    if (holding == wanted.end()) continue;
    p.assets.push_back(name);
    p.holdings.push_back(holding->second);
    r.push_back(returns(prices.column(name), job.text("returns") == "log"));
  }
  const size_t n = p.assets.size();
  if (r[0].size() <= n) {
    const std::string problem = std::to_string(r[0].size()) + " returns cannot tell " + std::to_string(n);
    throw job.error("holdings", problem + " assets apart; give more rows of prices, or fewer holdings");
  }
  Matrix covariances(n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) covariances[i].push_back(covariance(r[i], r[j]));
  }
  const int row = cholesky(covariances, p.factor);
  if (row >= 0) {
    const std::string problem = "the prices of " + p.assets[static_cast<size_t>(row)] + " never move, or follow from ";
    throw job.error("holdings", problem + "those of the columns before it; leave it out of holdings");
  }
  const double horizon = job.number("horizon");
  for (Vector& line : p.factor) {
    for (double& x : line) x = std::sqrt(horizon) * x;
  }
  for (const Vector& asset : r) p.mean.push_back(mean(asset) * horizon);
  p.log_returns = job.text("returns") == "log";
  p.level = level;
  return p;
}

Inputs model_inputs(const Job& job) {
  if (job.model() == "pi") return std::monostate();
  if (job.model() == "portfolio") return portfolio(job);
  return option(job);
}

}  // namespace lazulite::monte_carlo
