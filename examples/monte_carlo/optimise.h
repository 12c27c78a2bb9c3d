// The least value of a function of a few variables, without derivatives.
//
// The simplex method of Nelder and Mead (1965), as Lagarias, Reeds, Wright and Wright (1998) state it; the Python
// runner's optimise.py takes the same steps and finds the same bits.
#pragma once

#include <functional>
#include <utility>

#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// A value of a function, and where it is.
using Corner = std::pair<double, Vector>;

/// The least value of f that is found from `start`. An infinite value keeps the search out of a region.
Corner minimise(const std::function<double(const Vector&)>& f, const Vector& start);

}  // namespace lazulite::monte_carlo
