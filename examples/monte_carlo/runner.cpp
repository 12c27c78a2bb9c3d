// Which collector, its time, and the last check.
#include "examples/monte_carlo/runner.h"

#include <chrono>
#include <cmath>

namespace lazulite::monte_carlo {

int64_t work(const Job& job, const Inputs& inputs) {
  const auto* b = std::get_if<Backtest>(&inputs);
  return b ? static_cast<int64_t>(b->days()) : job.paths();
}

Outcome run(const Job& job, const Inputs& inputs, const Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Result> results;
  if (const auto* b = std::get_if<Backtest>(&inputs)) {
    results = collect_backtest(*b, progress);
  } else if (std::holds_alternative<Portfolio>(inputs) || std::holds_alternative<Filtered>(inputs)) {
    results = collect_tails(job, inputs, progress);
  } else {
    results = collect_means(job, inputs, progress);
  }
  for (const Result& r : results) {
    if (!std::isfinite(r.value) || !std::isfinite(r.error.value_or(0.0))) {
      throw job.error("model", "the result is not a finite number; give less extreme rates, volatility or maturity");
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {job, inputs, std::move(results), seconds.count()};
}

}  // namespace lazulite::monte_carlo
