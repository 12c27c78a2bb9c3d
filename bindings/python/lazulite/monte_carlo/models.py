"""The models. Each is its formula, written once and in ordinary NumPy: `xp` is lazulite, or numpy to compare with.

A model draws `n` paths and returns what each path pays and, where it has one, a control variate: something that the
same path pays and whose expectation is known (closed_form.control). With Lazulite nothing is computed here: the whole
loop over time becomes one expression, the random draws included, and the sums that the runner asks for are computed
from it in one pass that stores no path. `keep` hears the columns that --save-paths writes.
examples/monte_carlo/models.cpp says the same in C++, operation for operation.
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

    def __post_init__(self):
        dt = self.maturity / self.steps
        self.drift = (self.rate - self.dividend - 0.5 * self.volatility * self.volatility) * dt
        self.vol = self.volatility * math.sqrt(dt)
        self.discount = exp(-self.rate * self.maturity)


@dataclass
class Basket:
    """An option on a sum of assets, whose log prices are correlated Brownian motions with drift."""

    call: bool
    assets: list[str]
    weights: list[float]
    spots: list[float]
    volatilities: list[float]
    dividends: list[float]
    factor: list[list[float]]  # the Cholesky factor of the correlation
    strike: float
    rate: float
    maturity: float

    def __post_init__(self):
        growth = [self.rate - q - 0.5 * v * v for q, v in zip(self.dividends, self.volatilities, strict=True)]
        self.drift = [g * self.maturity for g in growth]
        self.vol = [v * math.sqrt(self.maturity) for v in self.volatilities]
        self.discount = exp(-self.rate * self.maturity)
        worth = [w * s for w, s in zip(self.weights, self.spots, strict=True)]
        self.value = 0.0  # of the basket today; sum() is exact where a C++ loop rounds
        for x in worth:
            self.value += x
        self.shares = [x / self.value for x in worth]


@dataclass
class Portfolio:
    """Holdings whose returns over the horizon are normal: mean + factor z, z standard normal."""

    assets: list[str]
    holdings: list[float]
    mean: list[float]
    factor: list[list[float]]  # the Cholesky factor of the covariance
    returns: str  # "log" or "simple"
    level: float


@dataclass
class Filter:
    """How the log returns of one asset vary: mean + sqrt(variance) z, where the variance of the next day is
    omega + alpha (variance z^2) + beta variance."""

    mean: float
    omega: float
    alpha: float
    beta: float
    variance: float  # of the first day ahead
    residuals: list[float]  # the z of the past days


@dataclass
class Filtered:
    """Holdings whose returns are filtered: every day ahead takes the residuals of a past day, drawn at random."""

    assets: list[str]
    holdings: list[float]
    filters: list[Filter]
    horizon: int
    level: float


def forget(column) -> None:
    """What hears of paths that nobody saves."""


def payoff(xp, s, o: Option | Basket):
    gain = s - o.strike if o.call else o.strike - s
    return o.discount * xp.maximum(gain, 0.0)


def pi(xp, rng, n: int, _, keep=forget):
    x = rng.random(n)
    y = rng.random(n)
    keep(x)
    keep(y)
    return (xp.where(x * x + y * y < 1.0, 4.0, 0.0),)


def european(xp, rng, n: int, o: Option, keep=forget):
    """Control variate: the asset."""
    s = o.spot
    keep(xp.full(n, s))
    for _ in range(o.steps):
        s = s * xp.exp(o.drift + o.vol * rng.standard_normal(n))
        keep(s)
    return payoff(xp, s, o), o.discount * s


def asian(xp, rng, n: int, o: Option, keep=forget):
    """Control variate: the option on the geometric mean."""
    log_s, total, log_total = math.log(o.spot), 0.0, 0.0
    keep(xp.full(n, o.spot))
    for _ in range(o.steps):
        log_s = log_s + (o.drift + o.vol * rng.standard_normal(n))
        s = xp.exp(log_s)
        total = total + s
        log_total = log_total + log_s
        keep(s)
    return payoff(xp, total / o.steps, o), payoff(xp, xp.exp(log_total / o.steps), o)


def up_and_out(xp, rng, n: int, o: Option, keep=forget):
    """Control variate: the option without a barrier."""
    s = peak = o.spot
    keep(xp.full(n, s))
    for _ in range(o.steps):
        s = s * xp.exp(o.drift + o.vol * rng.standard_normal(n))
        peak = xp.maximum(peak, s)
        keep(s)
    vanilla = payoff(xp, s, o)
    return xp.where(peak < o.barrier, vanilla, 0.0), vanilla


def basket(xp, rng, n: int, b: Basket, keep=forget):
    """Control variate: the option on the geometric mean of the assets, weighted by their shares of the basket."""
    z = [rng.standard_normal(n) for _ in b.assets]
    total, log_growth = 0.0, 0.0
    for i in range(len(b.assets)):
        r = b.drift[i]
        for j in range(i + 1):
            r = r + (b.vol[i] * b.factor[i][j]) * z[j]
        s = b.spots[i] * xp.exp(r)
        total = total + b.weights[i] * s
        log_growth = log_growth + b.shares[i] * r
        keep(s)
    return payoff(xp, total, b), payoff(xp, b.value * xp.exp(log_growth), b)


def portfolio_loss(xp, rng, n: int, p: Portfolio, keep=forget):
    z = [rng.standard_normal(n) for _ in p.assets]
    gain = 0.0
    for i, holding in enumerate(p.holdings):
        r = p.mean[i]
        for j in range(i + 1):
            r = r + p.factor[i][j] * z[j]
        gain = gain + holding * (xp.exp(r) - 1.0 if p.returns == "log" else r)
        keep(r)
    return (-gain,)


def filtered_loss(xp, rng, n: int, p: Filtered, keep=forget):
    residuals = [xp.asarray(f.residuals) for f in p.filters]
    variance = [f.variance for f in p.filters]
    log_return = [0.0] * len(p.filters)
    for _ in range(p.horizon):
        # One past day for all assets: they move together as they did then.
        day = xp.floor(rng.random(n) * len(p.filters[0].residuals)).astype("int64")
        for i, f in enumerate(p.filters):
            shock = xp.sqrt(variance[i]) * residuals[i][day]
            log_return[i] = log_return[i] + (f.mean + shock)
            variance[i] = f.omega + f.alpha * (shock * shock) + f.beta * variance[i]
    gain = 0.0
    for holding, r in zip(p.holdings, log_return, strict=True):
        gain = gain + holding * (xp.exp(r) - 1.0)
        keep(r)
    return (-gain,)
