// How the volatility of returns follows the returns: GARCH(1,1) and EWMA, fitted by maximum likelihood.
//
// A return is mean + sqrt(variance) z. With GARCH(1,1) (Bollerslev 1986) the next day's variance is omega + alpha e^2 +
// beta variance, e = return - mean; an exponentially weighted moving average is omega = 0, alpha = 1 - lambda, beta =
// lambda. The likelihood is that of normal z; the fit is consistent for other z, too (Bollerslev and Wooldridge 1992).
// The variance of the first day is the sample's. The Python runner's garch.py does the same operations in the same
// order.
#pragma once

#include <string>

#include "examples/monte_carlo/models.h"

namespace lazulite::monte_carlo {

inline constexpr size_t kFewestRows = 100;  // of prices: fewer say little about how volatility moves

struct Fit {
  double mean, variance, omega, alpha, beta;
};
/// `kind` is garch or ewma.
Fit fit(const Vector& returns, const std::string& kind);

/// The variance of every day, and of the one after the last; the residuals z.
struct FilteredReturns {
  Vector variances, residuals;
};
FilteredReturns filter_returns(const Vector& returns, const Fit& fit);

Filter filtered(const Vector& returns, const std::string& kind);

/// -2 log likelihood a day, but for constants. `squares` are the e^2 in units of the sample variance.
double deviance(const Vector& squares, double omega, double alpha, double beta);

}  // namespace lazulite::monte_carlo
