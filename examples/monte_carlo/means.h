// Prices and their sensitivities: what is sampled from each draw.
#pragma once

#include <optional>
#include <vector>

#include "examples/monte_carlo/greeks.h"

namespace lazulite::monte_carlo {

/// The model of a job that estimates means.
Values evaluate(const std::string& model, const Inputs& inputs, Draws& draws, int64_t n, const Keep& keep = kForget);

/// Makes one sample of every quantity, and of its control variate, from each draw.
class Sampler {
 public:
  Sampler(const Job& job, const Inputs& inputs);
  const std::vector<Quantity>& quantities() const { return estimated_.quantities; }
  bool antithetic() const { return antithetic_; }
  /// How often the model is evaluated for each draw.
  size_t evaluations() const { return estimated_.variants.size() * (antithetic_ ? 2 : 1); }
  /// Of each quantity: the values on n draws, and those of the control variate less what is expected of it.
  std::vector<Values> samples(Draws& draws, int64_t n) const;
  /// Of each quantity: below this, the deviation of its control variate is rounding. A discounted price, for one, does
  /// not move with the rate.
  const Vector& noise() const { return noise_; }
  /// The closed form of each quantity, where there is one within the range of doubles.
  std::vector<std::optional<double>> exact() const;

 private:
  Values variant(const Inputs& inputs, Draws& draws, int64_t n) const;

  std::string model_;
  bool antithetic_, controlled_;
  Estimated estimated_;
  Vector controls_;  // what is expected of each quantity's control variate
  Vector noise_;
};

}  // namespace lazulite::monte_carlo
