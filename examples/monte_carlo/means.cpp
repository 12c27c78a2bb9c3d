// Chunks of paths into sums, and sums into means.
#include "examples/monte_carlo/means.h"

#include <algorithm>
#include <cmath>

#include "examples/monte_carlo/chunks.h"
#include "examples/monte_carlo/closed_form.h"
#include "examples/monte_carlo/runner.h"

namespace lazulite::monte_carlo {

Values evaluate(const std::string& model, const Inputs& inputs, Draws& draws, int64_t n, const Keep& keep) {
  if (model == "pi") return pi(draws, n, keep);
  if (const auto* b = std::get_if<Basket>(&inputs)) return basket(draws, n, *b, keep);
  const Option& o = std::get<Option>(inputs);
  return model == "european" ? european(draws, n, o, keep)
         : model == "asian"  ? asian(draws, n, o, keep)
                             : up_and_out(draws, n, o, keep);
}

/// A quantity from the values of the variants.
template <class T>
static T weighted(const Quantity& quantity, const std::vector<T>& values) {
  T total{};
  bool first = true;
  for (const auto& [weight, k] : quantity.terms) {
    const T term = weight == 1.0 ? values[k] : weight * values[k];
    total = first ? term : total + term;
    first = false;
  }
  return total;
}

Sampler::Sampler(const Job& job, const Inputs& inputs)
    : model_(job.model()),
      antithetic_(job.is_set("antithetic")),
      controlled_(job.is_set("control")),
      estimated_(estimated(model_, inputs, job.is_set("greeks"))),
      noise_(quantities().size(), 0.0) {
  if (!controlled_) return;
  Vector controls;
  for (const Inputs& v : estimated_.variants) controls.push_back(expected_control(model_, v));
  for (size_t k = 0; k < quantities().size(); ++k) {
    double scale = 0.0;
    for (const auto& [weight, v] : quantities()[k].terms) scale += std::fabs(weight * controls[v]);
    controls_.push_back(weighted(quantities()[k], controls));
    noise_[k] = 1e-10 * scale;
  }
}

std::vector<std::optional<double>> Sampler::exact() const {
  std::vector<std::optional<double>> result(quantities().size());
  Vector prices;
  for (const Inputs& v : estimated_.variants) {
    const auto price = expected_price(model_, v);
    if (!price) return result;
    prices.push_back(*price);
  }
  for (size_t k = 0; k < result.size(); ++k) {
    const double value = weighted(quantities()[k], prices);
    if (std::isfinite(value)) result[k] = value;
  }
  return result;
}

Values Sampler::variant(const Inputs& inputs, Draws& draws, int64_t n) const {
  Values values = evaluate(model_, inputs, draws.again(), n);
  if (!antithetic_) return values;
  const Values mirrored = evaluate(model_, inputs, draws.again(true), n);
  for (size_t i = 0; i < values.size(); ++i) values[i] = 0.5 * (values[i] + mirrored[i]);
  return values;
}

std::vector<Values> Sampler::samples(Draws& draws, int64_t n) const {
  std::vector<Array> prices, controls;
  for (const Inputs& inputs : estimated_.variants) {
    const Values values = variant(inputs, draws, n);
    prices.push_back(values[0]);
    if (controlled_) controls.push_back(values[1]);
  }
  std::vector<Values> result;
  for (size_t k = 0; k < quantities().size(); ++k) {
    result.push_back({weighted(quantities()[k], prices)});
    if (controlled_) result.back().push_back(weighted(quantities()[k], controls) - controls_[k]);
  }
  return result;
}

/// What is summed over the paths: y, y y and, with a control variate, y c, c, c c.
static std::vector<Array> sums_of_products(const Values& sample) {
  std::vector<Array> sums;
  for (size_t i = 0; i < sample.size(); ++i) {
    sums.push_back(sum(sample[i]));
    for (size_t j = i; j < sample.size(); ++j) sums.push_back(sum(sample[i] * sample[j]));
  }
  return sums;
}

/// The mean of n samples, less what the control variate says that chance has added, and its standard error. `noise` is
/// what the control variate deviates by without meaning anything.
static Result mean_result(const std::string& name, double n, const Vector& sums, double noise,
                          std::optional<double> exact) {
  const double y = sums[0], yy = sums[1];
  double value = y / n;
  double variance = (yy - y * value) / (n - 1.0);
  if (sums.size() > 2) {
    const double yc = sums[2], c = sums[3], cc = sums[4];
    const double c_mean = c / n;
    const double covariance = (yc - y * c_mean) / (n - 1.0);
    const double c_variance = (cc - c * c_mean) / (n - 1.0);
    const double slope = c_variance > noise * noise ? covariance / c_variance : 0.0;
    value = value - slope * c_mean;
    variance = variance - slope * covariance;
  }
  return {name, value, std::sqrt(std::max(variance, 0.0) / n), exact};
}

std::vector<Result> collect_means(const Job& job, const Inputs& inputs, const Progress& progress) {
  const Sampler sampler(job, inputs);
  Rng rng(static_cast<uint64_t>(job.get<int64_t>("seed")));
  const int64_t each = sampler.antithetic() ? 2 : 1;  // paths a draw
  const size_t count = sampler.quantities().size();
  const int64_t n = job.paths() / each;
  Matrix sums(count);
  for_chunks(n, chunk_size(job.model(), inputs, count, sampler.evaluations()), [&](int64_t done, int64_t part) {
    Draws draws(rng, sampler.evaluations() > 1);
    const std::vector<Values> samples = sampler.samples(draws, part);
    if (count > 1) {  // stored first: so many sums would take several passes, each of them over all the paths
      std::vector<Array> all;
      for (const Values& sample : samples) all.insert(all.end(), sample.begin(), sample.end());
      compute(all);
    }
    std::vector<std::vector<Array>> totals;
    std::vector<Array> all;
    for (const Values& sample : samples) {
      totals.push_back(sums_of_products(sample));
      all.insert(all.end(), totals.back().begin(), totals.back().end());
    }
    compute(all);
    for (size_t k = 0; k < count; ++k) {
      sums[k].resize(totals[k].size(), 0.0);
      for (size_t i = 0; i < totals[k].size(); ++i) sums[k][i] += item(totals[k][i]).as<double>();
    }
    progress((done + part) * each);
  });
  std::vector<Result> results;
  const auto exact = sampler.exact();
  for (size_t k = 0; k < count; ++k) {
    const std::string& name = sampler.quantities()[k].name;
    results.push_back(mean_result(name, static_cast<double>(n), sums[k], sampler.noise()[k], exact[k]));
  }
  return results;
}

}  // namespace lazulite::monte_carlo
