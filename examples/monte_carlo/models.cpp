// The formulas of the models.
#include "examples/monte_carlo/models.h"

namespace lazulite::monte_carlo {

static SeedSequence sequence(uint64_t seed) {
  std::vector<uint32_t> words;
  SeedSequence::append_words(seed, words);
  return SeedSequence(words);
}

Rng::Rng(uint64_t seed) : bits_(sequence(seed)) {}

Array Rng::draw(Law law, int64_t n) {
  const uint64_t first = bits_.reserve(static_cast<uint64_t>(n));
  return make_random(law, DType::float64, {n}, bits_.key().word, first);
}

static Array full(int64_t n, double value) { return make_full(DType::float64, {n}, Scalar::of(value)); }

static Array payoff(const Array& s, const Option& o) {
  const Array gain = o.call ? s - o.strike : o.strike - s;
  return o.discount() * maximum(gain, 0.0);
}

Values pi(Rng& rng, int64_t n) {
  const Array x = rng.random(n);
  const Array y = rng.random(n);
  return {where(x * x + y * y < 1.0, 4.0, 0.0)};
}

Values european(Rng& rng, int64_t n, const Option& o) {
  const double drift = o.drift(), vol = o.vol();
  Array s = full(n, o.spot);
  for (int64_t t = 0; t < o.steps; ++t) s = s * exp(drift + vol * rng.standard_normal(n));
  return {payoff(s, o)};
}

Values asian(Rng& rng, int64_t n, const Option& o) {
  const double drift = o.drift(), vol = o.vol(), steps = static_cast<double>(o.steps);
  Array log_s = full(n, std::log(o.spot));
  Array total = full(n, 0.0), log_total = full(n, 0.0);
  for (int64_t t = 0; t < o.steps; ++t) {
    log_s = log_s + (drift + vol * rng.standard_normal(n));
    total = total + exp(log_s);
    log_total = log_total + log_s;
  }
  const Array arithmetic = payoff(total / steps, o);
  if (!o.control) return {arithmetic};
  return {arithmetic, payoff(exp(log_total / steps), o)};
}

Values up_and_out(Rng& rng, int64_t n, const Option& o) {
  const double drift = o.drift(), vol = o.vol();
  Array s = full(n, o.spot), peak = s;
  for (int64_t t = 0; t < o.steps; ++t) {
    s = s * exp(drift + vol * rng.standard_normal(n));
    peak = maximum(peak, s);
  }
  return {where(peak < o.barrier, payoff(s, o), 0.0)};
}

Values portfolio_loss(Rng& rng, int64_t n, const Portfolio& p) {
  std::vector<Array> z;
  for (size_t i = 0; i < p.assets.size(); ++i) z.push_back(rng.standard_normal(n));
  Array gain = full(n, 0.0);
  for (size_t i = 0; i < p.assets.size(); ++i) {
    Array r = full(n, p.mean[i]);
    for (size_t j = 0; j <= i; ++j) r = r + p.factor[i][j] * z[j];
    gain = gain + p.holdings[i] * (p.log_returns ? exp(r) - 1.0 : r);
  }
  return {-gain};
}

}  // namespace lazulite::monte_carlo
