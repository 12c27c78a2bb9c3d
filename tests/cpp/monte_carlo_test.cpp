// The Monte-Carlo runner against closed forms, and its parts against plain arithmetic. The command line and the errors
// are tested by tests/python/test_monte_carlo*.py, for both runners at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "examples/monte_carlo/closed_form.h"
#include "examples/monte_carlo/estimate.h"
#include "examples/monte_carlo/runner.h"
#include "examples/monte_carlo/tail.h"

namespace lazulite::monte_carlo {
namespace {

Option option(bool call) {
  Option o{};
  o.call = call;
  o.spot = 100.0;
  o.strike = 105.0;
  o.rate = 0.03;
  o.dividend = 0.01;
  o.volatility = 0.25;
  o.maturity = 1.0;
  o.steps = 12;
  o.barrier = kInfinity;
  o.control = false;
  return o;
}

Job job(const std::string& model, int64_t paths) {
  Job j;
  j.file = "test.toml";
  j.values = {{"model", model}, {"paths", paths}, {"seed", int64_t{7}}};
  return j;
}

Outcome run_quietly(const std::string& model, int64_t paths, const Inputs& inputs) {
  return run(job(model, paths), inputs, [](int64_t) {});
}

void expect_near_closed_form(const Result& r) {
  ASSERT_TRUE(r.closed_form.has_value());
  EXPECT_GT(r.error, 0.0);
  EXPECT_LE(std::fabs(r.value - *r.closed_form), 4.0 * r.error) << r.value << " against " << *r.closed_form;
}

TEST(MonteCarlo, PiIsWithinFourStandardErrors) {
  const Outcome o = run_quietly("pi", 1'000'000, std::monostate());
  expect_near_closed_form(o.results[0]);
  EXPECT_LT(o.results[0].error, 0.002);
}

TEST(MonteCarlo, EuropeanOptionsAgreeWithBlackAndScholes) {
  for (const bool call : {true, false})
    expect_near_closed_form(run_quietly("european", 200'000, option(call)).results[0]);
}

TEST(MonteCarlo, BarrierOptionsAgreeWithTheFormulaForDiscreteMonitoring) {
  for (const bool call : {true, false}) {
    Option o = option(call);
    o.barrier = 140.0;
    o.steps = 252;
    expect_near_closed_form(run_quietly("barrier", 60'000, o).results[0]);
  }
}

TEST(MonteCarlo, GeometricAsianOptionAgreesWithItsClosedForm) {
  for (const bool call : {true, false}) {
    Option o = option(call);
    o.control = true;
    Rng rng(3);
    const int64_t n = 200'000;
    const Array y = asian(rng, n, o)[1];
    const Array first = sum(y), second = sum(y * y);
    const double mean = item(first).as<double>() / static_cast<double>(n);
    const double error =
        std::sqrt((item(second).as<double>() / static_cast<double>(n) - mean * mean) / static_cast<double>(n));
    EXPECT_LE(std::fabs(mean - geometric_asian_price(o)), 4.0 * error);
  }
}

TEST(MonteCarlo, TheControlVariateNarrowsTheIntervalAndKeepsTheMean) {
  Option o = option(true);
  const Result plain = run_quietly("asian", 100'000, o).results[0];
  o.control = true;
  const Result controlled = run_quietly("asian", 100'000, o).results[0];
  EXPECT_LT(controlled.error, plain.error / 10.0);
  EXPECT_LE(std::fabs(controlled.value - plain.value), 4.0 * plain.error);
}

TEST(MonteCarlo, PortfolioRiskAgreesWithTheNormalModel) {
  Portfolio p;
  p.assets = {"A", "B"};
  p.holdings = {1000.0, -500.0};
  p.mean = {0.001, 0.002};
  p.factor = {{0.02, 0.0}, {0.01, 0.015}};
  p.log_returns = false;
  p.level = 0.99;
  const Outcome o = run_quietly("portfolio", 1'000'000, p);  // four chunks: the band is narrowed on the way
  ASSERT_EQ(o.results.size(), 2u);
  for (const Result& r : o.results) expect_near_closed_form(r);
}

TEST(MonteCarlo, ClosedFormsObeyParityAndLimits) {
  const Option call = option(true), put = option(false);
  const double forward = call.spot * std::exp(-call.dividend) - call.strike * std::exp(-call.rate);
  EXPECT_NEAR(european_price(call) - european_price(put), forward, 1e-12);
  for (Option o : {call, put}) {
    o.barrier = 1e9;
    EXPECT_NEAR(*up_and_out_price(o), european_price(o), 1e-9);
    o.barrier = 100.0 * (1.0 + 1e-12);
    o.steps = 1'000'000'000;
    EXPECT_NEAR(*up_and_out_price(o), 0.0, 1e-2);
    o.volatility = 0.0;
    EXPECT_FALSE(up_and_out_price(o).has_value());
  }
  // Hull, "Options, Futures, and Other Derivatives": S = 42, K = 40, r = 0.1, sigma = 0.2, T = 0.5 gives 4.76 and 0.81.
  Option hull = option(true);
  hull.spot = 42.0;
  hull.strike = 40.0;
  hull.rate = 0.1;
  hull.dividend = 0.0;
  hull.volatility = 0.2;
  hull.maturity = 0.5;
  EXPECT_NEAR(european_price(hull), 4.76, 0.005);
  hull.call = false;
  EXPECT_NEAR(european_price(hull), 0.81, 0.005);
}

TEST(Tail, GivesTheExactQuantileHoweverOftenItIsNarrowed) {
  Rng rng(11);
  Tail tail(0.95, 8.0, 1000);
  std::vector<double> all;
  const int64_t n = 5000;
  for (int chunk = 0; chunk < 40; ++chunk) {
    const Array loss = rng.standard_normal(n) * 1.0;
    tail.add(n, loss);
    const Memory memory = expose(loss);
    const auto* values = reinterpret_cast<const double*>(memory.data);
    all.insert(all.end(), values, values + n);
  }
  std::sort(all.begin(), all.end());
  const size_t rank = static_cast<size_t>(std::ceil(0.95 * static_cast<double>(all.size()))) - 1;
  double beyond = 0.0;
  for (size_t i = rank; i < all.size(); ++i) beyond += all[i] - all[rank];
  const Risk r = tail.result();
  EXPECT_EQ(r.risk, all[rank]);
  EXPECT_NEAR(r.shortfall, all[rank] + beyond / (0.05 * static_cast<double>(all.size())), 1e-12);
  EXPECT_GT(r.risk_error, 0.0);
}

TEST(Tail, NoticesThatTheQuantileHasLeftTheBand) {
  Tail tail(0.95, 0.001, 100);
  EXPECT_THROW(
      {
        for (int chunk = 0; chunk < 20; ++chunk) tail.add(1000, Rng(static_cast<uint64_t>(chunk)).random(1000) + chunk);
        tail.result();
      },
      BandMissed);
}

TEST(Estimate, CholeskyFactorGivesTheMatrixBack) {
  const Matrix matrix = {{4.0, 2.0, 0.6}, {2.0, 5.0, -1.0}, {0.6, -1.0, 3.0}};
  Matrix l;
  ASSERT_EQ(cholesky(matrix, l), -1);
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      double total = 0.0;
      for (size_t k = 0; k < 3; ++k) total += l[i][k] * l[j][k];
      EXPECT_NEAR(total, matrix[i][j], 1e-14);
      if (j > i) {
        EXPECT_EQ(l[i][j], 0.0);
      }
    }
  }
}

TEST(Estimate, CholeskyNamesTheColumnThatFollowsFromOthers) {
  Matrix l;
  EXPECT_EQ(cholesky({{1.0, 2.0, 0.0}, {2.0, 4.0, 0.0}, {0.0, 0.0, 1.0}}, l), 1);
  EXPECT_EQ(cholesky({{0.0}}, l), 0);
}

TEST(Estimate, CovarianceIsTheSampleCovariance) {
  EXPECT_DOUBLE_EQ(covariance({1.0, 2.0, 4.0}, {2.0, 3.0, 8.0}), 29.0 / 6.0);
  EXPECT_EQ(returns({1.0, 2.0, 1.0}, false), (Vector{1.0, -0.5}));
  EXPECT_EQ(returns({1.0, 2.0}, true), (Vector{std::log(2.0)}));
}

}  // namespace
}  // namespace lazulite::monte_carlo
