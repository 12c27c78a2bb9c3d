"""How well value at risk would have been forecast: day after day over the prices, from the rows before each day.

Kupiec's test (1995) asks whether losses beyond the forecasts are as frequent as they should be, Christoffersen's (1998)
whether they come independently of each other; his conditional coverage asks both. The p-values are those of the
likelihood ratios' limit, chi square with one and with two degrees of freedom.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lazulite.monte_carlo import garch
from lazulite.monte_carlo.closed_form import normal_quantile
from lazulite.monte_carlo.estimate import covariance, mean
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.outcome import Backend, Result
from lazulite.monte_carlo.trace import Trace


@dataclass
class Backtest:
    assets: list[str]
    holdings: list[float]
    returns: list[list[float]]  # log returns of each asset
    gains: list[float]  # of the holdings, on each of the days
    method: str
    level: float
    window: int
    refit: int


def days(b: Backtest) -> int:
    return len(b.gains) - b.window


def normal(b: Backtest, progress: Callable[[int], None]) -> list[float]:
    """Forecasts of the normal model: the portfolio job's with simple returns."""
    quantile, forecasts = normal_quantile(b.level), []
    for t in range(b.window, len(b.gains)):
        past = b.gains[t - b.window : t]
        forecasts.append(math.sqrt(covariance(past, past)) * quantile - mean(past))
        progress(len(forecasts))
    return forecasts


def filtered(b: Backtest, backend: Backend, progress: Callable[[int], None]) -> list[float]:
    """Forecasts of the filtered job: the window's residuals, each as likely as the others, at the day's volatility."""
    xp, window, forecasts = backend.xp, b.window, []
    rank = math.ceil(b.level * window) - 1
    for start in range(window, len(b.gains), b.refit):
        end = min(start + b.refit, len(b.gains))
        filters = []
        for r in b.returns:
            fitted = garch.fit(r[start - window : start], b.method)
            variances, residuals = garch.filter_returns(r[start - window : end], fitted)
            filters.append((fitted[0], variances, xp.asarray(residuals)))
        for first in range(end - start):  # of the window in what was filtered
            gain = 0.0
            for holding, (average, variances, z) in zip(b.holdings, filters, strict=True):
                r = average + math.sqrt(variances[first + window]) * z[first : first + window]
                gain = gain + holding * (xp.exp(r) - 1.0)
            forecasts.append(float(np.sort(np.asarray(-gain))[rank]))
            progress(len(forecasts))
    return forecasts


def log_likelihood(failures: int, trials: int, p: float) -> float:
    """Of independent failures of probability p."""
    successes = trials - failures
    total = failures * math.log(p) if failures else 0.0
    return total + (successes * math.log(1.0 - p) if successes else 0.0)


def kupiec(beyond: list[bool], p: float) -> float:
    """The likelihood ratio of: losses are beyond the forecasts with probability p."""
    n, x = len(beyond), sum(beyond)
    return max(-2.0 * (log_likelihood(x, n, p) - log_likelihood(x, n, x / n)), 0.0)


def christoffersen(beyond: list[bool]) -> float:
    """The likelihood ratio of: whether a loss is beyond its forecast does not depend on the day before."""
    after = {False: [0, 0], True: [0, 0]}  # after a day with and without: failures, days
    for before, now in zip(beyond, beyond[1:], strict=False):
        after[before][0] += now
        after[before][1] += 1
    x, n = after[False][0] + after[True][0], after[False][1] + after[True][1]
    if n == 0:
        return 0.0
    separate = 0.0
    for failures, trials in after.values():
        if trials:
            separate += log_likelihood(failures, trials, failures / trials)
    return max(-2.0 * (log_likelihood(x, n, x / n) - separate), 0.0)


def collect(
    job: Job, b: Backtest, backend: Backend, progress: Callable[[int], None], trace: Trace | None
) -> list[Result]:
    forecasts = normal(b, progress) if b.method == "normal" else filtered(b, backend, progress)
    losses = [-gain for gain in b.gains[b.window :]]
    beyond = [loss > forecast for loss, forecast in zip(losses, forecasts, strict=True)]
    if trace:
        trace.days = (losses, forecasts)
    n, p = float(len(beyond)), 1.0 - b.level
    frequency, independence = kupiec(beyond, p), christoffersen(beyond)
    name = f"losses beyond value at risk, {100.0 * b.level:g} %"
    return [
        Result("days forecast", n),
        Result(name, float(sum(beyond)), math.sqrt(n * p * (1.0 - p)), n * p),
        Result("Kupiec's test, p-value", math.erfc(math.sqrt(0.5 * frequency))),
        Result("Christoffersen's test, p-value", math.erfc(math.sqrt(0.5 * independence))),
        Result("both, p-value", math.exp(-0.5 * (frequency + independence))),
    ]
