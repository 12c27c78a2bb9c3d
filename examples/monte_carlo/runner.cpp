// Chunks of paths into sums, and sums into results; the Python runner's runner.py does the same, sum for sum.
#include "examples/monte_carlo/runner.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "examples/monte_carlo/closed_form.h"
#include "examples/monte_carlo/tail.h"

namespace lazulite::monte_carlo {

// Paths a chunk: numbers of the method, not of the machine, so that results depend on neither threads nor memory.
constexpr int64_t kChunk = 1 << 18;
constexpr int64_t kChunkPi = 1 << 22;  // two draws a path, not hundreds: more paths, for the same work a pass

static Values draw(const Job& job, const Inputs& inputs, Rng& rng, int64_t n) {
  if (job.model() == "pi") return pi(rng, n);
  if (job.model() == "european") return european(rng, n, std::get<Option>(inputs));
  if (job.model() == "asian") return asian(rng, n, std::get<Option>(inputs));
  if (job.model() == "barrier") return up_and_out(rng, n, std::get<Option>(inputs));
  return portfolio_loss(rng, n, std::get<Portfolio>(inputs));
}

/// The closed form of what the job estimates, if there is one within the range of doubles.
static std::optional<double> expected(const Job& job, const Inputs& inputs) {
  std::optional<double> value;
  if (job.model() == "pi") value = 3.141592653589793;
  if (job.model() == "european") value = european_price(std::get<Option>(inputs));
  if (job.model() == "barrier") value = up_and_out_price(std::get<Option>(inputs));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// The mean of the paths, less what the control variate says that chance has added.
static Result mean_result(const Job& job, const Inputs& inputs, const std::vector<double>& moments) {
  const double n = static_cast<double>(job.paths());
  const double y = moments[0], yy = moments[1];
  double value = y / n;
  double variance = (yy - y * value) / (n - 1.0);
  if (moments.size() > 2) {
    const double xy = moments[2], x = moments[3], xx = moments[4];
    const double x_mean = x / n;
    const double covariance = (xy - y * x_mean) / (n - 1.0);
    const double x_variance = (xx - x * x_mean) / (n - 1.0);
    const double slope = x_variance > 0.0 ? covariance / x_variance : 0.0;
    value = value - slope * (x_mean - geometric_asian_price(std::get<Option>(inputs)));
    variance = variance - slope * covariance;
  }
  const double error = std::sqrt(std::max(variance, 0.0) / n);
  return {job.model() == "pi" ? "pi" : "price", value, error, expected(job, inputs)};
}

static std::vector<Result> collect_tail(const Job& job, const Portfolio& p,
                                        const std::function<void(int64_t)>& progress, double width) {
  Rng rng(static_cast<uint64_t>(job.get<int64_t>("seed")));
  Tail tail(p.level, width);
  for (int64_t done = 0; done < job.paths(); done += kChunk) {
    const int64_t n = std::min(kChunk, job.paths() - done);
    tail.add(n, portfolio_loss(rng, n, p)[0]);
    progress(done + n);
  }
  const Risk r = tail.result();
  const auto exact = portfolio_risk(p);
  const std::string percent = show(100.0 * p.level) + " %";
  std::vector<Result> results = {{"value at risk, " + percent, r.risk, r.risk_error, std::nullopt},
                                 {"expected shortfall, " + percent, r.shortfall, r.shortfall_error, std::nullopt}};
  if (exact) {
    results[0].closed_form = exact->first;
    results[1].closed_form = exact->second;
  }
  return results;
}

static std::vector<Result> collect_mean(const Job& job, const Inputs& inputs,
                                        const std::function<void(int64_t)>& progress) {
  Rng rng(static_cast<uint64_t>(job.get<int64_t>("seed")));
  const int64_t chunk = job.model() == "pi" ? kChunkPi : kChunk;
  std::vector<double> moments;
  for (int64_t done = 0; done < job.paths(); done += chunk) {
    const int64_t n = std::min(chunk, job.paths() - done);
    const Values values = draw(job, inputs, rng, n);
    std::vector<Array> sums;
    for (size_t i = 0; i < values.size(); ++i) {
      sums.push_back(sum(values[i]));
      for (size_t j = i; j < values.size(); ++j) sums.push_back(sum(values[i] * values[j]));
    }
    compute(sums);
    moments.resize(sums.size(), 0.0);
    for (size_t i = 0; i < sums.size(); ++i) moments[i] += item(sums[i]).as<double>();
    progress(done + n);
  }
  return {mean_result(job, inputs, moments)};
}

Outcome run(const Job& job, const Inputs& inputs, const std::function<void(int64_t)>& progress) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Result> results;
  const auto* p = std::get_if<Portfolio>(&inputs);
  if (!p) results = collect_mean(job, inputs, progress);
  for (double width = Tail::kWidth; results.empty(); width *= 4.0) {
    try {
      results = collect_tail(job, *p, progress, width);
    } catch (const BandMissed&) {
    }
  }
  for (const Result& r : results) {
    if (!std::isfinite(r.value) || !std::isfinite(r.error)) {
      throw job.error("model", "the result is not a finite number; give less extreme rates, volatility or maturity");
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {job, inputs, std::move(results), seconds.count()};
}

}  // namespace lazulite::monte_carlo
