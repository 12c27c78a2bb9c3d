// Runs a job: each kind of model has a collector of its own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "examples/monte_carlo/build.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// One number that a job gives.
struct Result {
  std::string quantity;
  double value;
  std::optional<double> error = std::nullopt;  // the standard error, where chance has a part in the value
  std::optional<double> closed_form = std::nullopt;
  double low() const { return value - kZ95 * *error; }
  double high() const { return value + kZ95 * *error; }
};

struct Outcome {
  Job job;
  Inputs inputs;
  std::vector<Result> results;
  double seconds;
};

/// Hears how much is done after each chunk: paths, or days of a backtest.
using Progress = std::function<void(int64_t)>;
/// What `progress` counts to.
int64_t work(const Job& job, const Inputs& inputs);
Outcome run(const Job& job, const Inputs& inputs, const Progress& progress);

// The collectors.

/// Prices and their sensitivities: means over the paths, with their standard errors.
std::vector<Result> collect_means(const Job& job, const Inputs& inputs, const Progress& progress);
/// Portfolios: value at risk and expected shortfall, from the losses on all paths.
std::vector<Result> collect_tails(const Job& job, const Inputs& inputs, const Progress& progress);
/// Forecasts of value at risk, tested on what came (backtest.h).
std::vector<Result> collect_backtest(const Backtest& b, const Progress& progress);

}  // namespace lazulite::monte_carlo
