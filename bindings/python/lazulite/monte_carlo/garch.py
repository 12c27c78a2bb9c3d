"""How the volatility of returns follows the returns: GARCH(1,1) and EWMA, fitted by maximum likelihood.

A return is mean + sqrt(variance) z. With GARCH(1,1) (Bollerslev 1986) the next day's variance is omega + alpha e^2 +
beta variance, e = return - mean; an exponentially weighted moving average is omega = 0, alpha = 1 - lambda, beta =
lambda. The likelihood is that of normal z; the fit is consistent for other z, too (Bollerslev and Wooldridge 1992).
The variance of the first day is the sample's. The C++ runner does the same operations in the same order.
"""

from __future__ import annotations

import math

from lazulite.monte_carlo.closed_form import exp
from lazulite.monte_carlo.estimate import covariance, mean
from lazulite.monte_carlo.models import Filter
from lazulite.monte_carlo.optimise import minimise

FEWEST_ROWS = 100  # of prices: fewer say little about how volatility moves


def logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def deviance(squares: list[float], omega: float, alpha: float, beta: float) -> float:
    """The mean of log variance + e^2 / variance: -2 log likelihood but for constants. `squares` are the e^2 in units
    of the sample variance, which is the first variance."""
    variance, total = 1.0, 0.0
    try:
        for square in squares:
            total += math.log(variance) + square / variance
            variance = omega + alpha * square + beta * variance
    except (ValueError, ZeroDivisionError):  # a variance of 0; C++ goes on with infinities
        return math.inf
    return total / len(squares) if math.isfinite(total) else math.inf


def garch(x: list[float]) -> tuple[float, float, float]:
    """omega, alpha, beta for any x: log of the long-run variance, and logits of alpha + beta and of alpha's part."""
    persistence, part = logistic(x[1]), logistic(x[2])
    alpha = persistence * part
    return exp(x[0]) * (1.0 - persistence), alpha, persistence - alpha


def ewma(x: list[float]) -> tuple[float, float, float]:
    decay = logistic(x[0])
    return 0.0, 1.0 - decay, decay


# Where searches start, one after the other: the likelihood of a few hundred returns can have several peaks. GARCH: at
# alpha + beta = 0.95, a tenth of it alpha, as daily returns have it; at 0.5, half of it. EWMA: at RiskMetrics' 0.94.
FORMS = {
    "garch": (garch, [[0.0, 2.9444389791664403, -2.197224577336219], [0.0, 0.0, 0.0]]),
    "ewma": (ewma, [[2.751535313041949]]),
}


def fit(returns: list[float], kind: str) -> tuple[float, float, float, float, float]:
    """mean, sample variance, omega, alpha, beta."""
    average, variance = mean(returns), covariance(returns, returns)
    form, starts = FORMS[kind]
    squares = [(r - average) * (r - average) / variance for r in returns]
    found = [minimise(lambda x: deviance(squares, *form(x)), start) for start in starts]
    omega, alpha, beta = form(min(found, key=lambda corner: corner[0])[1])
    return average, variance, omega * variance, alpha, beta


def filter_returns(returns: list[float], fitted: tuple[float, float, float, float, float]) -> tuple[list, list]:
    """The variance of every day, and of the one after the last; the residuals z."""
    average, variance, omega, alpha, beta = fitted
    variances, residuals = [variance], []
    for r in returns:
        e = r - average
        residuals.append(e / math.sqrt(variance))
        variance = omega + alpha * (e * e) + beta * variance
        variances.append(variance)
    return variances, residuals


def filtered(returns: list[float], kind: str) -> Filter:
    fitted = fit(returns, kind)
    variances, residuals = filter_returns(returns, fitted)
    average, _, omega, alpha, beta = fitted
    return Filter(average, omega, alpha, beta, variances[-1], residuals)
