// How well value at risk would have been forecast: day after day over the prices, from the rows before each day.
//
// Kupiec's test (1995) asks whether losses beyond the forecasts are as frequent as they should be, Christoffersen's
// (1998) whether they come independently of each other; his conditional coverage asks both. The p-values are those of
// the likelihood ratios' limit, chi square with one and with two degrees of freedom.
#pragma once

#include <vector>

#include "examples/monte_carlo/runner.h"

namespace lazulite::monte_carlo {

/// The likelihood ratio of: losses are beyond the forecasts with probability p.
double kupiec(const std::vector<bool>& beyond, double p);
/// The likelihood ratio of: whether a loss is beyond its forecast does not depend on the day before.
double christoffersen(const std::vector<bool>& beyond);

}  // namespace lazulite::monte_carlo
