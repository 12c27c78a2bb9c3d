"""--sobol: prices by quasi-Monte-Carlo, with Sobol's points in place of random numbers.

The paths are spread over SCRAMBLINGS independent scramblings of the sequence, by Owen's method: the mean of each is
unbiased, and how they differ gives the standard error, which the points of one scrambling cannot tell. A draw of the
model is a dimension. Where the draws are steps of a Brownian motion, a bridge makes the steps of them: the first
dimension, of the best points, chooses where the motion ends, the second where it is halfway, and so on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import lazulite as lz
from lazulite.monte_carlo import means
from lazulite.monte_carlo.chunks import chunk_size, chunks
from lazulite.monte_carlo.draws import Draws
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.outcome import Backend, Result
from lazulite.monte_carlo.trace import Trace

SCRAMBLINGS = 32
LEAST = 4 * SCRAMBLINGS  # paths
MOST = SCRAMBLINGS << 32
WALKS = ("european", "asian", "barrier")


def dimensions(job: Job, inputs: Any) -> int:
    if job.model == "pi":
        return 2
    return inputs.steps if job.model in WALKS else len(inputs.assets)


def check(job: Job, inputs: Any) -> None:
    """That the job is one for Sobol's points."""
    if job.model not in means.MODELS:
        names = ", ".join(means.MODELS)
        raise job.error(
            "model", f"--sobol is for prices ({names}), not for {job.model}; leave it out, or choose a --job"
        )
    most = lz.random.Sobol.DIMENSIONS
    if dimensions(job, inputs) > most:
        key = "steps" if job.model in WALKS else "assets"
        problem = f"--sobol has {most} dimensions, and the job takes {dimensions(job, inputs)}"
        raise job.error(key, f"{problem}; give fewer {key}, or leave it out")
    if not LEAST <= job["paths"] <= MOST:
        problem = f"--sobol takes {LEAST} to {MOST} paths, best a power of two, not {job['paths']}"
        raise job.error("paths", f"{problem}; give --paths 1_048_576")


class Points:
    """The points of one scrambling as a generator: every draw is the next dimension. `bridged`: the normal draws are
    the steps of a Brownian motion."""

    def __init__(self, points: Any, bridged: bool):
        self.points, self.place = points, 0
        self.steps = bridge(self.normals()) if bridged else None

    def random(self, n: int):
        self.place += 1
        return self.points[:, self.place - 1]

    def standard_normal(self, n: int):
        u = self.random(n)
        return normal(u) if self.steps is None else self.steps[self.place - 1]

    def normals(self) -> list:
        return [normal(self.points[:, k]) for k in range(self.points.shape[1])]


def bridge(z: list) -> list:
    """The steps of a Brownian motion over len(z) units of time: z[0] places its end, then halves are halved."""
    w: list[Any] = [0.0] + [None] * len(z)
    w[-1] = math.sqrt(len(z)) * z[0]
    gaps, k = [(0, len(z))], 1
    for left, right in gaps:  # grows: the wider gaps come first
        if right - left < 2:
            continue
        middle = (left + right) // 2
        before, after = middle - left, right - middle
        mean = (after * w[left] + before * w[right]) / (right - left) if left else before / right * w[right]
        w[middle] = mean + math.sqrt(before * after / (right - left)) * z[k]
        k += 1
        gaps += [(left, middle), (middle, right)]
    return [w[1], *(b - a for a, b in zip(w[1:], w[2:], strict=False))]


def normal(u: Any) -> Any:
    """The number that a standard normal one is below with probability u. (0 counts as 2^-54.)"""
    return lz.special.ndtri(lz.maximum(u, 2.0**-54))


def estimate(each: list[list[float]], counts: list[int], noise: float) -> tuple[float, float]:
    """The mean over all scramblings and its standard error, from each one's sums of products (means.products). What the
    control variate has added to them all is taken off each by one factor."""
    n = sum(counts)
    slope = 0.0
    if len(each[0]) > 2:
        y, _, yc, c, cc = (sum(column) for column in zip(*each, strict=True))
        variance = cc - c * c / n
        slope = (yc - y * c / n) / variance if variance > n * noise * noise else 0.0
    values = [(s[0] - slope * s[3] if slope else s[0]) / k for s, k in zip(each, counts, strict=True)]
    value = sum(v * k for v, k in zip(values, counts, strict=True)) / n
    spread = sum((v - value) ** 2 for v in values) / (len(values) - 1)
    return value, math.sqrt(spread / len(values))


def growth(sample: tuple, count: int) -> dict[int, list[float]]:
    """The sums of products over the first 4, 8, 16, ... points of a scrambling."""
    values = tuple(np.asarray(a) for a in sample)
    running = [np.cumsum(p) for p in means.products(values)]
    return {n: [float(r[n - 1]) for r in running] for n in (1 << k for k in range(2, 33)) if n <= count}


def collect(
    job: Job, inputs: Any, backend: Backend, progress: Callable[[int], None], trace: Trace | None
) -> list[Result]:
    """As means.collect, on Sobol's points."""
    sampler, xp = means.Sampler(job, inputs), backend.xp
    paths = 2 if sampler.antithetic else 1  # of a point
    evaluations, total = sampler.evaluations, job["paths"] // paths
    size = chunk_size(job.model, inputs, False, len(sampler.quantities), evaluations)
    ends = [total * (r + 1) // SCRAMBLINGS for r in range(SCRAMBLINGS)]
    counts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    sums: list[list[list[float]]] = []  # by scrambling, quantity and product
    firsts = []
    for r, count in enumerate(counts):
        points = lz.random.sobol(dimensions(job, inputs), seed=[job["seed"], r])
        row = [[0.0] * (2 if sampler.controls is None else 5) for _ in sampler.quantities]
        for done, part in chunks(count, size):
            rng = Points(points.random(part), job.model in WALKS)
            samples = sampler.samples(xp, Draws(rng, shared=evaluations > 1), part)
            if len(samples) > 1:
                backend.compute(*(a for sample in samples for a in sample))
            totals = [[xp.sum(p) for p in means.products(sample)] for sample in samples]
            first = samples[0] if trace and not done else ()
            backend.compute(*first, *(t for each in totals for t in each))
            row = [[a + float(b) for a, b in zip(*both, strict=True)] for both in zip(row, totals, strict=True)]
            if first:
                firsts.append(growth(first, part))
            progress((sum(counts[:r]) + done + part) * paths)
        sums.append(row)
    results = []
    for k, quantity in enumerate(sampler.quantities):
        value, error = estimate([row[k] for row in sums], counts, sampler.noise[k])
        exact = sampler.exact[k]
        known = exact if exact is not None and math.isfinite(exact) else None
        results.append(Result(quantity.name, value, error, known))
    if trace:
        for n in firsts[0]:
            if all(n in sums for sums in firsts):
                so_far = estimate([sums[n] for sums in firsts], [n] * SCRAMBLINGS, sampler.noise[0])
                trace.points.append((paths * SCRAMBLINGS * n, *so_far))
    return results
