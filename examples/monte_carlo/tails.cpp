// Losses of a portfolio into value at risk and expected shortfall.
#include "examples/monte_carlo/chunks.h"
#include "examples/monte_carlo/closed_form.h"
#include "examples/monte_carlo/runner.h"
#include "examples/monte_carlo/tail.h"

namespace lazulite::monte_carlo {

static Tail losses(const Job& job, const Inputs& inputs, const Progress& progress, Tail tail) {
  Rng rng(static_cast<uint64_t>(job.get<int64_t>("seed")));
  const auto* normal = std::get_if<Portfolio>(&inputs);
  for_chunks(job.paths(), chunk_size(job.model(), inputs), [&](int64_t done, int64_t n) {
    Draws draws(rng);
    tail.add(n, (normal ? portfolio_loss(draws, n, *normal) : filtered_loss(draws, n, std::get<Filtered>(inputs)))[0]);
    progress(done + n);
  });
  return tail;
}

std::vector<Result> collect_tails(const Job& job, const Inputs& inputs, const Progress& progress) {
  const double level = job.number("level");
  std::optional<Risk> r;
  for (double width = Tail::kWidth; !r; width *= 4.0) {
    try {
      r = losses(job, inputs, progress, Tail(level, width)).result();
    } catch (const BandMissed&) {
    }
  }
  const std::string percent = show(100.0 * level) + " %";
  std::vector<Result> results = {{"value at risk, " + percent, r->risk, r->risk_error},
                                 {"expected shortfall, " + percent, r->shortfall, r->shortfall_error}};
  if (const auto exact = expected_risk(inputs)) {
    results[0].closed_form = exact->first;
    results[1].closed_form = exact->second;
  }
  return results;
}

}  // namespace lazulite::monte_carlo
