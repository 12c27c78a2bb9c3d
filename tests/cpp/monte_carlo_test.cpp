// The Monte-Carlo runner against closed forms, and its parts against plain arithmetic. The command line and the errors
// are tested by tests/python/test_monte_carlo*.py, for both runners at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "examples/monte_carlo/backtest.h"
#include "examples/monte_carlo/closed_form.h"
#include "examples/monte_carlo/estimate.h"
#include "examples/monte_carlo/garch.h"
#include "examples/monte_carlo/means.h"
#include "examples/monte_carlo/optimise.h"
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
  return o;
}

Basket basket(bool call) {
  Basket b{};
  b.call = call;
  b.assets = {"X", "Y"};
  b.weights = {0.6, 0.5};
  b.spots = {100.0, 90.0};
  b.volatilities = {0.2, 0.4};
  b.dividends = {0.0, 0.01};
  b.factor = {{1.0, 0.0}, {0.6, 0.8}};
  b.strike = 105.0;
  b.rate = 0.03;
  b.maturity = 1.0;
  return b;
}

using Switches = std::map<std::string, Value>;

Outcome run_quietly(const std::string& model, int64_t paths, const Inputs& inputs, const Switches& switches = {}) {
  Job j;
  j.file = "test.toml";
  j.values = switches;
  j.values.insert({{"model", model}, {"paths", paths}, {"seed", int64_t{7}}});
  return run(j, inputs, [](int64_t) {});
}

void expect_near_closed_form(const Result& r) {
  ASSERT_TRUE(r.closed_form.has_value());
  EXPECT_GT(*r.error, 0.0);
  EXPECT_LE(std::fabs(r.value - *r.closed_form), 4.0 * *r.error) << r.value << " against " << *r.closed_form;
}

TEST(MonteCarlo, PiIsWithinFourStandardErrors) {
  const Outcome o = run_quietly("pi", 1'000'000, std::monostate());
  expect_near_closed_form(o.results[0]);
  EXPECT_LT(*o.results[0].error, 0.002);
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

TEST(MonteCarlo, ControlVariatesPayWhatIsExpected) {
  const int64_t n = 200'000;
  const auto check = [&](const std::string& model, const Inputs& inputs) {
    Rng rng(3);
    Draws draws(rng);
    const Array y = evaluate(model, inputs, draws, n)[1];
    const Array first = sum(y), second = sum(y * y);
    const double mean = item(first).as<double>() / static_cast<double>(n);
    const double error =
        std::sqrt((item(second).as<double>() / static_cast<double>(n) - mean * mean) / static_cast<double>(n));
    EXPECT_LE(std::fabs(mean - expected_control(model, inputs)), 4.0 * error) << model;
  };
  for (const bool call : {true, false}) {
    for (const char* model : {"european", "asian", "barrier"}) check(model, option(call));
    check("basket", basket(call));
  }
}

TEST(MonteCarlo, SwitchesNarrowTheIntervalAndKeepTheMean) {
  const std::vector<std::pair<std::string, Inputs>> jobs = {
      {"asian", option(true)}, {"european", option(false)}, {"basket", basket(true)}};
  for (const auto& [model, inputs] : jobs) {
    const Result plain = run_quietly(model, 100'000, inputs).results[0];
    for (const Switches& switches : {Switches{{"control", true}}, Switches{{"antithetic", true}},
                                     Switches{{"control", true}, {"antithetic", true}}}) {
      const Result sharper = run_quietly(model, 100'000, inputs, switches).results[0];
      EXPECT_LT(*sharper.error, *plain.error);
      EXPECT_LE(std::fabs(sharper.value - plain.value), 4.0 * *plain.error);
    }
  }
}

TEST(MonteCarlo, GreeksAgreeWithTheClosedForms) {
  for (const bool call : {true, false}) {
    const Outcome o =
        run_quietly("european", 200'000, option(call), {{"greeks", true}, {"control", true}, {"antithetic", true}});
    ASSERT_EQ(o.results.size(), 6u);
    for (const Result& r : o.results) expect_near_closed_form(r);
  }
}

TEST(MonteCarlo, OneFilteredDayIsThePastDaysResiduals) {
  Filtered p{{"A"}, {1000.0}, {{0.001, 1e-6, 0.1, 0.85, 4e-4, {}}}, 1, 0.905};
  for (int k = 0; k < 100; ++k) p.filters[0].residuals.push_back(std::cos(k));
  const Outcome o = run_quietly("filtered", 200'000, p, {{"level", 0.905}});
  EXPECT_DOUBLE_EQ(o.results[0].value, *o.results[0].closed_form);
  EXPECT_LE(std::fabs(o.results[1].value - *o.results[1].closed_form), 4.0 * *o.results[1].error);
}

TEST(MonteCarlo, PortfolioRiskAgreesWithTheNormalModel) {
  Portfolio p;
  p.assets = {"A", "B"};
  p.holdings = {1000.0, -500.0};
  p.mean = {0.001, 0.002};
  p.factor = {{0.02, 0.0}, {0.01, 0.015}};
  p.log_returns = false;
  p.level = 0.99;
  const Outcome o =
      run_quietly("portfolio", 1'000'000, p, {{"level", 0.99}});  // four chunks: the band is narrowed on the way
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
    const Array loss = rng.draw(Law::standard_normal, n) * 1.0;
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
        for (int chunk = 0; chunk < 20; ++chunk) {
          tail.add(1000, Rng(static_cast<uint64_t>(chunk)).draw(Law::random, 1000) + chunk);
        }
        tail.result();
      },
      BandMissed);
}

TEST(Tail, CountsEqualLosses) {
  Tail tail(0.95, 8.0, 100);
  const auto filled = [](int64_t n, double value) { return make_full(DType::float64, {n}, Scalar::of(value)); };
  for (int chunk = 0; chunk < 20; ++chunk) {
    tail.add(1000, filled(1000, 1.0));
    tail.add(200, filled(200, 2.0));
    tail.add(20, filled(20, 5.0));
  }
  const Risk r = tail.result();
  EXPECT_EQ(r.risk, 2.0);
  EXPECT_NEAR(r.shortfall, 2.0 + 20 * 3.0 / (0.05 * 1220.0), 1e-12);
}

TEST(Draws, AreHadAgainMirroredAndInParts) {
  const auto values = [](const Array& a) {
    const Memory memory = expose(a);
    const auto* x = reinterpret_cast<const double*>(memory.data);
    return Vector(x, x + a.size());
  };
  Rng rng(5), same(5);
  Draws draws(rng, true);
  const Vector u = values(draws.random(10)), z = values(draws.standard_normal(10));
  draws.again();
  EXPECT_EQ(values(draws.random(10)), u);
  EXPECT_EQ(values(draws.standard_normal(10)), z);
  draws.again(true);
  EXPECT_EQ(values(draws.random(10))[3], 1.0 - u[3]);
  EXPECT_EQ(values(draws.standard_normal(10))[3], -z[3]);
  EXPECT_EQ(draws.place(), 2u);
  same.advance(3);
  Draws part(same, false, 10 - 4);
  EXPECT_EQ(values(part.random(4)), Vector(u.begin() + 3, u.begin() + 7));
  EXPECT_EQ(values(part.standard_normal(4)), Vector(z.begin() + 3, z.begin() + 7));
}

TEST(Optimise, FindsLeastValues) {
  const Corner c = minimise(
      [](const Vector& x) { return std::pow(1.0 - x[0], 2) + 100.0 * std::pow(x[1] - x[0] * x[0], 2); }, {-1.2, 1.0});
  EXPECT_LT(c.first, 1e-9);
  EXPECT_NEAR(c.second[0], 1.0, 1e-4);
}

TEST(Garch, ReturnsWithoutClustersHaveNone) {
  Vector r;
  for (int k = 0; k < 2000; ++k) r.push_back(0.01 * std::cos(k * k));
  EXPECT_LT(fit(r, "garch").alpha, 0.05);
  EXPECT_LT(fit(r, "ewma").alpha, 0.02);
  EXPECT_EQ(deviance({0.0, 1.0}, 0.0, 0.0, 0.0), kInfinity);
  const Fit f{0.0, 1e-4, 1e-6, 0.1, 0.89};
  const FilteredReturns filtered = filter_returns({0.01, -0.02}, f);
  EXPECT_DOUBLE_EQ(filtered.residuals[0], 1.0);
  EXPECT_DOUBLE_EQ(filtered.variances[1], 1e-6 + 0.1 * 1e-4 + 0.89 * 1e-4);
}

TEST(Backtest, LikelihoodRatios) {
  std::vector<bool> beyond(1000, false);
  std::fill(beyond.begin() + 100, beyond.begin() + 110, true);
  EXPECT_NEAR(kupiec(beyond, 0.01), 0.0, 1e-12);
  EXPECT_GT(christoffersen(beyond), 50.0);
  EXPECT_EQ(christoffersen(std::vector<bool>(10, true)), 0.0);
}

TEST(Estimate, SmallestEigenvalueAndCorrelation) {
  EXPECT_NEAR(smallest_eigenvalue({{1.0, 0.9, 0.2}, {0.9, 1.0, 0.9}, {0.2, 0.9, 1.0}}), -0.17672, 1e-5);
  EXPECT_EQ(smallest_eigenvalue({{1.0, 1.0}, {1.0, 1.0}}), 0.0);
  const Matrix c = correlation({{1.0, 2.0, 3.0}, {2.0, 1.0, 0.0}});
  EXPECT_EQ(c[0][0], 1.0);
  EXPECT_DOUBLE_EQ(c[0][1], -1.0);
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
