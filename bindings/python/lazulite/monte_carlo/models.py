"""The models. Each is its formula, written once and in ordinary NumPy: `xp` is lazulite, or numpy to compare with.

A model draws `n` paths and returns what each path pays (and, where it has one, the control variate). With Lazulite
nothing is computed here: the whole loop over time becomes one expression, the random draws included, and the sums
that the runner asks for are computed from it in one pass that stores no path. examples/monte_carlo/models.cpp says the
same in C++, operation for operation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lazulite.monte_carlo.closed_form import exp


@dataclass
class Option:
    """An option on one asset whose log price is a Brownian motion with drift."""

    call: bool
    spot: float
    strike: float
    rate: float
    dividend: float
    volatility: float
    maturity: float
    steps: int
    barrier: float = math.inf
    control: bool = False

    def __post_init__(self):
        dt = self.maturity / self.steps
        self.drift = (self.rate - self.dividend - 0.5 * self.volatility * self.volatility) * dt
        self.vol = self.volatility * math.sqrt(dt)
        self.discount = exp(-self.rate * self.maturity)


@dataclass
class Portfolio:
    """Holdings whose returns over the horizon are normal: mean + factor z, z standard normal."""

    assets: list[str]
    holdings: list[float]
    mean: list[float]
    factor: list[list[float]]  # the Cholesky factor of the covariance
    returns: str  # "log" or "simple"
    level: float


def payoff(xp, s, o: Option):
    gain = s - o.strike if o.call else o.strike - s
    return o.discount * xp.maximum(gain, 0.0)


def pi(xp, rng, n: int, _):
    x = rng.random(n)
    y = rng.random(n)
    return (xp.where(x * x + y * y < 1.0, 4.0, 0.0),)


def european(xp, rng, n: int, o: Option):
    s = xp.full(n, o.spot)
    for _ in range(o.steps):
        s = s * xp.exp(o.drift + o.vol * rng.standard_normal(n))
    return (payoff(xp, s, o),)


def asian(xp, rng, n: int, o: Option):
    log_s = xp.full(n, math.log(o.spot))
    total = xp.full(n, 0.0)
    log_total = xp.full(n, 0.0)
    for _ in range(o.steps):
        log_s = log_s + (o.drift + o.vol * rng.standard_normal(n))
        total = total + xp.exp(log_s)
        log_total = log_total + log_s
    arithmetic = payoff(xp, total / o.steps, o)
    if not o.control:
        return (arithmetic,)
    return arithmetic, payoff(xp, xp.exp(log_total / o.steps), o)


def up_and_out(xp, rng, n: int, o: Option):
    s = xp.full(n, o.spot)
    peak = s
    for _ in range(o.steps):
        s = s * xp.exp(o.drift + o.vol * rng.standard_normal(n))
        peak = xp.maximum(peak, s)
    return (xp.where(peak < o.barrier, payoff(xp, s, o), 0.0),)


def portfolio_loss(xp, rng, n: int, p: Portfolio):
    z = [rng.standard_normal(n) for _ in p.assets]
    gain = xp.full(n, 0.0)
    for i, holding in enumerate(p.holdings):
        r = xp.full(n, p.mean[i])
        for j in range(i + 1):
            r = r + p.factor[i][j] * z[j]
        gain = gain + holding * (xp.exp(r) - 1.0 if p.returns == "log" else r)
    return (-gain,)
