// What the simulation can be checked against, and what control variates are expected to pay: formulas (sources in
// closed_form.cpp).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "examples/monte_carlo/build.h"

namespace lazulite::monte_carlo {

double normal_quantile(double p);
/// Black and Scholes, with a dividend yield.
double european_price(const Option& o);
/// On the geometric mean of the prices after each of the steps.
double geometric_asian_price(const Option& o);
/// On the geometric mean of the assets' growth, weighted by their shares of the basket.
double geometric_basket_price(const Basket& b);
/// The barrier is watched at the steps only, an approximation that gets better with more of them.
std::optional<double> up_and_out_price(const Option& o);

/// What the paths pay on average.
std::optional<double> expected_price(const std::string& model, const Inputs& inputs);
/// What the model's control variate pays on average.
double expected_control(const std::string& model, const Inputs& inputs);
/// Value at risk and expected shortfall: exact where the loss is linear in normal returns, or one filtered day ahead.
std::optional<std::pair<double, double>> expected_risk(const Inputs& inputs);

}  // namespace lazulite::monte_carlo
