"""What a job estimates: a price, and its sensitivities as differences over common random numbers.

A sensitivity is a sum of prices for nearby parameters, each with a weight. They are simulated on the same draws, so
that chance moves them together and cancels out of their differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from lazulite.monte_carlo.closed_form import divide
from lazulite.monte_carlo.models import Basket, Option

# Steps, each to either side. A smaller step has less bias (of the order of its square), and where a payoff has a kink
# or a jump more variance.
SPOT_STEP = 0.05  # standard deviations of the log price at maturity
PART = 0.01  # of the volatility, of the maturity
RATE_STEP = 0.001


@dataclass
class Quantity:
    """A sum of prices. `terms`: weights, and which of the variants of the parameters each is for."""

    name: str
    terms: list[tuple[float, int]]


class Differences:
    """Central differences over variants of the parameters."""

    def __init__(self, base: Any, name: str):
        self.variants = [base]
        self.quantities = [Quantity(name, [(1.0, 0)])]

    def first(self, name: str, width: float, change: Callable[[float], Any], sign: float = 1.0) -> int:
        """The first derivative; where its variants are."""
        up = len(self.variants)
        self.variants += [change(width), change(-width)]
        weight = divide(sign, 2.0 * width)
        self.quantities.append(Quantity(name, [(weight, up), (-weight, up + 1)]))
        return up

    def second(self, name: str, width: float, up: int) -> None:
        weight = divide(1.0, width * width)
        self.quantities.append(Quantity(name, [(weight, up), (-2.0 * weight, 0), (weight, up + 1)]))


def spot_step(spot: float, volatility: float, maturity: float) -> float:
    return SPOT_STEP * min(volatility * math.sqrt(maturity), 1.0) * spot


def of_option(o: Option, passing_time: bool) -> Differences:
    d = Differences(o, "price")
    width = spot_step(o.spot, o.volatility, o.maturity)
    d.second("gamma", width, d.first("delta", width, lambda h: replace(o, spot=o.spot + h)))
    d.first("vega", PART * o.volatility, lambda h: replace(o, volatility=o.volatility + h))
    d.first("rho", RATE_STEP, lambda h: replace(o, rate=o.rate + h))
    if passing_time:
        d.first("theta", PART * o.maturity, lambda h: replace(o, maturity=o.maturity + h), -1.0)
    return d


def moved(values: list[float], i: int, h: float) -> list[float]:
    return [*values[:i], values[i] + h, *values[i + 1 :]]


def of_basket(b: Basket) -> Differences:
    d = Differences(b, "price")
    for i, asset in enumerate(b.assets):
        width = spot_step(b.spots[i], b.volatilities[i], b.maturity)
        up = d.first(f"delta {asset}", width, lambda h, i=i: replace(b, spots=moved(b.spots, i, h)))
        d.second(f"gamma {asset}", width, up)
        width = PART * b.volatilities[i]
        d.first(f"vega {asset}", width, lambda h, i=i: replace(b, volatilities=moved(b.volatilities, i, h)))
    d.first("rho", RATE_STEP, lambda h: replace(b, rate=b.rate + h))
    d.first("theta", PART * b.maturity, lambda h: replace(b, maturity=b.maturity + h), -1.0)
    return d


def estimated(model: str, inputs: Any, greeks: bool) -> Differences:
    """All that a job asks for."""
    if not greeks:
        return Differences(inputs, "pi" if model == "pi" else "price")
    if isinstance(inputs, Basket):
        return of_basket(inputs)
    # For a path-dependent option, less time left would also move the dates at which its path counts.
    return of_option(inputs, passing_time=model == "european")
