"""What the simulation can be checked against, and what control variates are expected to pay: formulas.

Black and Scholes 1973; Kemna and Vorst 1990 (geometric Asian, and likewise the geometric basket); Reiner and
Rubinstein 1991 as in Haug's "Complete Guide to Option Pricing Formulas" (barrier), its barrier moved for discrete
monitoring by Broadie, Glasserman and Kou 1997; the normal quantile (value at risk). The C++ runner has the same
operations in the same order.
"""

from __future__ import annotations

import math

# -zeta(1/2) / sqrt(2 pi): how far, in standard deviations of one step, a barrier that is watched at the steps only
# lies behind one that is watched all the time.
BROADIE_GLASSERMAN_KOU = 0.5825971579390107


def exp(x: float) -> float:
    """C's exp: infinity, not an exception, where it is too large."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def power(x: float, y: float) -> float:
    """C's pow, likewise; x is above 0."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """C's log, likewise; x is not below 0."""
    return math.log(x) if x > 0.0 else -math.inf


def divide(x: float, y: float) -> float:
    """C's division, likewise; y is not below 0."""
    return x / y if y > 0.0 else math.nan if x == 0.0 else math.copysign(math.inf, x)


def normal_cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def normal_density(x: float) -> float:
    return exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def normal_quantile(p: float) -> float:
    """By bisection, down to the last bit that normal_cdf resolves."""
    low, high = -40.0, 40.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if normal_cdf(middle) < p:
            low = middle
        else:
            high = middle
    return high


def lognormal_payoff(call: bool, mean: float, deviation: float, strike: float) -> float:
    """The expected payoff on exp(X), X normal."""
    sign = 1.0 if call else -1.0
    forward = exp(mean + 0.5 * deviation * deviation)
    if deviation == 0.0:
        return max(sign * (forward - strike), 0.0)
    d2 = (mean - math.log(strike)) / deviation
    d1 = d2 + deviation
    return sign * (forward * normal_cdf(sign * d1) - strike * normal_cdf(sign * d2))


def european(o) -> float:
    """Black and Scholes, with a dividend yield."""
    mean = math.log(o.spot) + (o.rate - o.dividend - 0.5 * o.volatility * o.volatility) * o.maturity
    return o.discount * lognormal_payoff(o.call, mean, o.volatility * math.sqrt(o.maturity), o.strike)


def geometric_asian(o) -> float:
    """On the geometric mean of the prices after each of the steps."""
    n = float(o.steps)
    growth = o.rate - o.dividend - 0.5 * o.volatility * o.volatility
    mean = math.log(o.spot) + growth * o.maturity * (n + 1.0) / (2.0 * n)
    variance = o.volatility * o.volatility * o.maturity * (n + 1.0) * (2.0 * n + 1.0) / (6.0 * n * n)
    return o.discount * lognormal_payoff(o.call, mean, math.sqrt(variance), o.strike)


def geometric_basket(b) -> float:
    """On the geometric mean of the assets' growth, weighted by their shares of the basket."""
    mean, variance = math.log(b.value), 0.0
    n = len(b.assets)
    for i in range(n):
        mean += b.shares[i] * b.drift[i]
    for j in range(n):
        exposure = 0.0
        for i in range(j, n):
            exposure += b.shares[i] * (b.vol[i] * b.factor[i][j])
        variance += exposure * exposure
    return b.discount * lognormal_payoff(b.call, mean, math.sqrt(variance), b.strike)


def up_and_out(o) -> float | None:
    """The barrier is watched at the steps only, an approximation that gets better with more of them."""
    if o.volatility == 0.0:
        return None
    if o.spot >= o.barrier:
        return 0.0
    barrier = o.barrier * exp(BROADIE_GLASSERMAN_KOU * o.volatility * math.sqrt(o.maturity / o.steps))
    if o.call and o.strike >= barrier:
        return 0.0
    sign = 1.0 if o.call else -1.0
    variance = o.volatility * o.volatility
    deviation = o.volatility * math.sqrt(o.maturity)
    exponent = divide(o.rate - o.dividend - 0.5 * variance, variance)
    shift = (1.0 + exponent) * deviation
    ratio = barrier / o.spot
    carried = o.spot * exp(-o.dividend * o.maturity)
    owed = o.strike * o.discount

    def term(phi: float, x: float, eta: float, reflected: bool) -> float:
        left = power(ratio, 2.0 * (exponent + 1.0)) if reflected else 1.0
        right = power(ratio, 2.0 * exponent) if reflected else 1.0
        spot = carried * left * normal_cdf(eta * x)
        return phi * (spot - owed * right * normal_cdf(eta * (x - deviation)))

    a = term(sign, log(o.spot / o.strike) / deviation + shift, sign, False)
    b = term(sign, log(o.spot / barrier) / deviation + shift, sign, False)
    c = term(sign, log(barrier * ratio / o.strike) / deviation + shift, -1.0, True)
    d = term(sign, log(ratio) / deviation + shift, -1.0, True)
    if o.call:
        return a - b + c - d
    return b - d if o.strike > barrier else a - c


def portfolio_risk(p) -> tuple[float, float] | None:
    """Value at risk and expected shortfall: exact where the loss is linear in normal returns."""
    if p.returns != "simple":
        return None
    mean, variance = 0.0, 0.0
    n = len(p.holdings)
    for i in range(n):
        mean += p.holdings[i] * p.mean[i]
    for j in range(n):
        exposure = 0.0
        for i in range(j, n):
            exposure += p.holdings[i] * p.factor[i][j]
        variance += exposure * exposure
    deviation = math.sqrt(variance)
    quantile = normal_quantile(p.level)
    shortfall = deviation * normal_density(quantile) / (1.0 - p.level) - mean
    return deviation * quantile - mean, shortfall


def filtered_risk(p) -> tuple[float, float] | None:
    """Value at risk and expected shortfall for one day ahead: every past day is one case."""
    if p.horizon > 1:
        return None
    losses = []
    for t in range(len(p.filters[0].residuals)):
        gain = 0.0
        for holding, f in zip(p.holdings, p.filters, strict=True):
            gain = gain + holding * (exp(f.mean + math.sqrt(f.variance) * f.residuals[t]) - 1.0)
        losses.append(-gain)
    losses.sort()
    n = len(losses)
    rank = math.ceil(p.level * n) - 1
    risk, excess = losses[rank], 0.0
    for loss in losses[rank:]:
        excess += loss - risk
    return risk, risk + excess / ((1.0 - p.level) * n)


def risk(inputs) -> tuple[float, float] | tuple[None, None]:
    values = portfolio_risk(inputs) if hasattr(inputs, "factor") else filtered_risk(inputs)
    return values if values and all(map(math.isfinite, values)) else (None, None)


def price(model: str, inputs) -> float | None:
    """What the paths pay on average."""
    if model == "pi":
        return math.pi
    return {"european": european, "barrier": up_and_out}.get(model, lambda _: None)(inputs)


def control(model: str, inputs) -> float | None:
    """What the model's control variate pays on average."""
    if model == "european":
        return inputs.spot * exp(-inputs.dividend * inputs.maturity)
    return {"asian": geometric_asian, "barrier": european, "basket": geometric_basket}[model](inputs)
