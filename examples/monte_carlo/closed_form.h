// What the simulation can be checked against: formulas for the same models (sources in closed_form.cpp).
#pragma once

#include <optional>
#include <utility>

#include "examples/monte_carlo/models.h"

namespace lazulite::monte_carlo {

/// Black and Scholes, with a dividend yield.
double european_price(const Option& o);
/// On the geometric mean of the prices after each of the steps.
double geometric_asian_price(const Option& o);
/// The barrier is watched at the steps only, an approximation that gets better with more of them.
std::optional<double> up_and_out_price(const Option& o);
/// Value at risk and expected shortfall: exact where the loss is linear in normal returns.
std::optional<std::pair<double, double>> portfolio_risk(const Portfolio& p);

}  // namespace lazulite::monte_carlo
