// Runs a job: chunks of paths, each one pass of the engine, into a handful of sums.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "examples/monte_carlo/job.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// One number that a job gives.
struct Result {
  std::string quantity;
  double value, error;  // the standard error
  std::optional<double> closed_form;
  double low() const { return value - kZ95 * error; }
  double high() const { return value + kZ95 * error; }
};

struct Outcome {
  Job job;
  Inputs inputs;
  std::vector<Result> results;
  double seconds;
  double rate() const { return static_cast<double>(job.paths()) / seconds; }
};

/// Draws the job's paths; `progress` hears how many are done after each chunk.
Outcome run(const Job& job, const Inputs& inputs, const std::function<void(int64_t)>& progress);

}  // namespace lazulite::monte_carlo
