"""Prices and their sensitivities: means over the paths, with their standard errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from lazulite.monte_carlo import closed_form, greeks, models
from lazulite.monte_carlo.chunks import chunk_size, chunks
from lazulite.monte_carlo.draws import Draws
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.outcome import Backend, Result
from lazulite.monte_carlo.trace import Trace

MODELS = {
    "pi": models.pi,
    "european": models.european,
    "asian": models.asian,
    "barrier": models.up_and_out,
    "basket": models.basket,
}


class Sampler:
    """Makes one sample of every quantity, and of its control variate, from each draw."""

    def __init__(self, job: Job, inputs: Any):
        self.model = MODELS[job.model]
        self.antithetic = bool(job.get("antithetic"))
        estimated = greeks.estimated(job.model, inputs, bool(job.get("greeks")))
        self.variants, self.quantities = estimated.variants, estimated.quantities
        self.evaluations = len(self.variants) * (2 if self.antithetic else 1)
        self.exact = self.totals([closed_form.price(job.model, v) for v in self.variants])
        self.controls, self.noise = None, [0.0] * len(self.quantities)
        if job.get("control"):
            expected = [closed_form.control(job.model, v) for v in self.variants]
            self.controls = self.totals(expected)
            self.noise = [rounding(quantity, expected) for quantity in self.quantities]

    def totals(self, values: list) -> list:
        return [weighted(quantity, values) for quantity in self.quantities]

    def samples(self, xp: Any, draws: Draws, n: int) -> list[tuple]:
        """Of each quantity: the values on n draws, and those of the control variate less what is expected of it."""
        values = [self.evaluate(xp, draws, n, variant) for variant in self.variants]
        samples = self.totals([v[0] for v in values])
        if self.controls is None:
            return [(y,) for y in samples]
        controls = self.totals([v[1] for v in values])
        return [(y, c - mean) for y, c, mean in zip(samples, controls, self.controls, strict=True)]

    def evaluate(self, xp: Any, draws: Draws, n: int, variant: Any) -> tuple:
        values = self.model(xp, draws.again(), n, variant)
        if not self.antithetic:
            return values
        mirrored = self.model(xp, draws.again(mirrored=True), n, variant)
        return tuple(0.5 * (a + b) for a, b in zip(values, mirrored, strict=True))


def weighted(quantity: greeks.Quantity, values: list) -> Any:
    """A quantity from the values of the variants; None where there is none."""
    total = None
    for weight, k in quantity.terms:
        if values[k] is None:
            return None
        term = values[k] if weight == 1.0 else weight * values[k]
        total = term if total is None else total + term
    return total


def rounding(quantity: greeks.Quantity, values: list[float]) -> float:
    """Below this, the deviation of a quantity is rounding: a discounted price, for one, does not move with the rate."""
    scale = 0.0
    for weight, k in quantity.terms:
        scale += abs(weight * values[k])
    return 1e-10 * scale


def products(sample: tuple) -> list:
    """What is summed over the paths: y, y y and, with a control variate, y c, c, c c."""
    return [p for i, a in enumerate(sample) for p in (a, *(a * b for b in sample[i:]))]


def mean(n: float, sums: list[float], noise: float) -> tuple[float, float]:
    """The mean of n samples, less what the control variate says that chance has added, and its standard error. `noise`
    is what the control variate deviates by without meaning anything."""
    y, yy = sums[:2]
    value = y / n
    variance = (yy - y * value) / (n - 1.0)
    if len(sums) > 2:
        yc, c, cc = sums[2:]
        c_mean = c / n
        covariance = (yc - y * c_mean) / (n - 1.0)
        c_variance = (cc - c * c_mean) / (n - 1.0)
        slope = covariance / c_variance if c_variance > noise * noise else 0.0
        value = value - slope * c_mean
        variance = variance - slope * covariance
    return value, math.sqrt(max(variance, 0.0) / n)


def collect(
    job: Job, inputs: Any, backend: Backend, progress: Callable[[int], None], trace: Trace | None
) -> list[Result]:
    sampler, xp, rng = Sampler(job, inputs), backend.xp, backend.rng(job["seed"])
    each = 2 if sampler.antithetic else 1  # paths a draw
    count, evaluations = len(sampler.quantities), sampler.evaluations
    size = chunk_size(job.model, inputs, backend.name == "numpy", count, evaluations)
    n = job["paths"] // each
    sums: list[list[float]] = []
    for done, part in chunks(n, size):
        samples = sampler.samples(xp, Draws(rng, shared=evaluations > 1), part)
        if count > 1:  # stored first: so many sums would take several passes, each of them over all the paths
            backend.compute(*(a for sample in samples for a in sample))
        totals = [[xp.sum(p) for p in products(sample)] for sample in samples]
        first = samples[0] if trace and not done else ()
        backend.compute(*first, *(t for row in totals for t in row))
        fresh = [[float(t) for t in row] for row in totals]
        sums = (
            [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(sums, fresh, strict=True)] if sums else fresh
        )
        if trace:
            trace.mean(each, done, part, first, lambda k, s: mean(float(k), s, sampler.noise[0]), sums[0])
        progress((done + part) * each)
    estimates = [mean(float(n), row, noise) for row, noise in zip(sums, sampler.noise, strict=True)]
    return [
        Result(q.name, value, error, exact if exact is not None and math.isfinite(exact) else None)
        for q, (value, error), exact in zip(sampler.quantities, estimates, sampler.exact, strict=True)
    ]
