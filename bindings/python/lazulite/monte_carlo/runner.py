"""Runs a job: chunks of paths, each one pass of the engine, into a handful of sums."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lazulite.monte_carlo import closed_form, models
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.tail import WIDTH, BandMissed, Tail

# Paths a chunk: numbers of the method, not of the machine, so that results depend on neither threads nor memory.
CHUNK = 1 << 18
CHUNK_PI = 1 << 22  # two draws a path, not hundreds: more paths, for the same work a pass

Z95 = 1.959963984540054

MODELS = {
    "pi": models.pi,
    "european": models.european,
    "asian": models.asian,
    "barrier": models.up_and_out,
    "portfolio": models.portfolio_loss,
}


@dataclass
class Result:
    """One number that a job gives."""

    quantity: str
    value: float
    error: float  # the standard error
    closed_form: float | None = None

    @property
    def interval(self) -> tuple[float, float]:
        return self.value - Z95 * self.error, self.value + Z95 * self.error


@dataclass
class Outcome:
    job: Job
    inputs: Any
    results: list[Result]
    seconds: float
    numpy: Outcome | None = field(default=None)

    @property
    def rate(self) -> float:
        return self.job["paths"] / self.seconds if self.seconds > 0 else math.inf


class Backend:
    """What a model's `xp` and `rng` are."""

    def __init__(self, name: str, xp: Any, rng: Callable, compute: Callable, chunk: int | None = None):
        self.name, self.xp, self.rng, self.compute, self.chunk = name, xp, rng, compute, chunk

    @classmethod
    def lazulite(cls) -> Backend:
        import lazulite as lz

        return cls("lazulite", lz, lz.random.default_rng, lz.compute)

    @classmethod
    def numpy(cls) -> Backend:
        import numpy as np

        # NumPy computes as it goes. Its chunks are the size it is fastest with: arrays that stay in the cache.
        return cls("numpy", np, np.random.default_rng, lambda *arrays: None, chunk=NUMPY_CHUNK)


NUMPY_CHUNK = 1 << 14


def run(job: Job, inputs: Any, backend: Backend, progress: Callable[[int], None] = lambda done: None) -> Outcome:
    """Draws the job's paths; `progress` hears how many are done after each chunk."""
    start = time.perf_counter()
    width = WIDTH
    while True:
        try:
            results = collect(job, inputs, backend, progress, width)
            break
        except BandMissed:
            width *= 4.0
    if not all(math.isfinite(result.value) and math.isfinite(result.error) for result in results):
        raise job.error("model", "the result is not a finite number; give less extreme rates, volatility or maturity")
    return Outcome(job, inputs, results, time.perf_counter() - start)


def collect(job: Job, inputs: Any, backend: Backend, progress: Callable[[int], None], width: float) -> list[Result]:
    rng = backend.rng(job["seed"])
    model, xp, paths = MODELS[job.model], backend.xp, job["paths"]
    chunk = backend.chunk or (CHUNK_PI if job.model == "pi" else CHUNK)
    tail = Tail(inputs.level, width) if job.model == "portfolio" else None
    moments = None
    for done in range(0, paths, chunk):
        n = min(chunk, paths - done)
        values = model(xp, rng, n, inputs)
        if tail:
            tail.add(xp, backend.compute, n, *values)
        else:
            sums = [total for i, a in enumerate(values) for total in (xp.sum(a), *(xp.sum(a * b) for b in values[i:]))]
            backend.compute(*sums)
            sums = [float(total) for total in sums]
            moments = [a + b for a, b in zip(moments, sums, strict=True)] if moments else sums
        progress(done + n)
    return tail_results(tail, inputs) if tail else mean_results(job, inputs, moments)


def mean_results(job: Job, inputs: Any, moments: list[float]) -> list[Result]:
    """The mean of the paths, less what the control variate says that chance has added."""
    n = float(job["paths"])
    quantity = "pi" if job.model == "pi" else "price"
    exact = {"pi": lambda _: math.pi, "european": closed_form.european, "barrier": closed_form.up_and_out}
    expected = finite(exact.get(job.model), inputs)
    mean = moments[0] / n
    if len(moments) == 2:
        variance = (moments[1] - moments[0] * mean) / (n - 1.0)
        return [Result(quantity, mean, math.sqrt(max(variance, 0.0) / n), expected)]
    _, yy, xy, x_sum, xx = moments
    x_mean = x_sum / n
    variance = (yy - moments[0] * mean) / (n - 1.0)
    covariance = (xy - moments[0] * x_mean) / (n - 1.0)
    x_variance = (xx - x_sum * x_mean) / (n - 1.0)
    slope = covariance / x_variance if x_variance > 0.0 else 0.0
    value = mean - slope * (x_mean - closed_form.geometric_asian(inputs))
    variance = variance - slope * covariance
    return [Result(quantity, value, math.sqrt(max(variance, 0.0) / n), expected)]


def tail_results(tail: Tail, inputs: models.Portfolio) -> list[Result]:
    risk, risk_error, shortfall, shortfall_error = tail.result()
    expected = closed_form.portfolio(inputs) or (None, None)
    percent = f"{100.0 * inputs.level:g} %"
    return [
        Result(f"value at risk, {percent}", risk, risk_error, expected[0]),
        Result(f"expected shortfall, {percent}", shortfall, shortfall_error, expected[1]),
    ]


def finite(formula: Callable | None, inputs: Any) -> float | None:
    """A closed form's value, if there is one within the range of floats."""
    value = formula(inputs) if formula else None
    return value if value is not None and math.isfinite(value) else None
