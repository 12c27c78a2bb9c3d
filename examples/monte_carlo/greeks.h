// What a job estimates: a price, and its sensitivities as differences over common random numbers.
//
// A sensitivity is a sum of prices for nearby parameters, each with a weight. They are simulated on the same draws, so
// that chance moves them together and cancels out of their differences.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "examples/monte_carlo/build.h"

namespace lazulite::monte_carlo {

/// A sum of prices. `terms`: weights, and which of the variants of the parameters each is for.
struct Quantity {
  std::string name;
  std::vector<std::pair<double, size_t>> terms;
};

struct Estimated {
  std::vector<Inputs> variants;
  std::vector<Quantity> quantities;
};

/// All that a job asks for.
Estimated estimated(const std::string& model, const Inputs& inputs, bool greeks);

}  // namespace lazulite::monte_carlo
