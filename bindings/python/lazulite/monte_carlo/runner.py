"""Runs a job: each kind of model has a collector of its own."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from lazulite.monte_carlo import backtest, means, sobol, tails
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.outcome import Backend, Outcome
from lazulite.monte_carlo.trace import Trace


def work(job: Job, inputs: Any) -> int:
    """What `progress` counts to: the paths, or the days of a backtest."""
    return backtest.days(inputs) if job.model == "backtest" else job["paths"]


def run(
    job: Job,
    inputs: Any,
    backend: Backend,
    progress: Callable[[int], None] = lambda done: None,
    trace: Trace | None = None,
    quasi: bool = False,
) -> Outcome:
    """Draws the job's paths; `progress` hears how much is done after each chunk, `trace` what a plot shows. `quasi`:
    from Sobol's points (a price's)."""
    if quasi:
        collect = sobol.collect
    elif job.model == "backtest":
        collect = backtest.collect
    else:
        collect = tails.collect if job.model in tails.MODELS else means.collect
    start = time.perf_counter()
    with np.errstate(all="ignore"):  # what overflows is reported below
        results = collect(job, inputs, backend, progress, trace)
    if not all(math.isfinite(result.value) and math.isfinite(result.error or 0.0) for result in results):
        raise job.error("model", "the result is not a finite number; give less extreme rates, volatility or maturity")
    return Outcome(job, inputs, results, time.perf_counter() - start, trace, sobol=quasi)
