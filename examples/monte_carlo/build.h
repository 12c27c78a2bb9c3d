// From a checked job to what the models take: numbers from the job file and estimates from the prices.
#pragma once

#include <variant>

#include "examples/monte_carlo/job.h"
#include "examples/monte_carlo/models.h"

namespace lazulite::monte_carlo {

/// Forecasts of value at risk, day after day over the prices.
struct Backtest {
  Texts assets;
  Vector holdings;
  Matrix returns;  // log returns of each asset
  Vector gains;    // of the holdings, on each of the days
  std::string method;
  double level;
  size_t window, refit;

  size_t days() const { return gains.size() - window; }
};

using Inputs = std::variant<std::monostate, Option, Basket, Portfolio, Filtered, Backtest>;
Inputs model_inputs(const Job& job);

}  // namespace lazulite::monte_carlo
