"""Portfolios: value at risk and expected shortfall, from the losses on all paths."""

from __future__ import annotations

from collections.abc import Callable

from lazulite.monte_carlo import closed_form, models
from lazulite.monte_carlo.chunks import chunk_size, chunks
from lazulite.monte_carlo.draws import Draws
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.outcome import Backend, Result
from lazulite.monte_carlo.tail import WIDTH, BandMissed, Tail
from lazulite.monte_carlo.trace import Trace

MODELS = {"portfolio": models.portfolio_loss, "filtered": models.filtered_loss}


def collect(
    job: Job,
    inputs: models.Portfolio | models.Filtered,
    backend: Backend,
    progress: Callable[[int], None],
    trace: Trace | None,
) -> list[Result]:
    width = WIDTH
    while True:
        try:
            tail = losses(job, inputs, backend, progress, trace, Tail(inputs.level, width))
            risk, risk_error, shortfall, shortfall_error = tail.result()
            break
        except BandMissed:
            width *= 4.0
    exact = closed_form.risk(inputs)
    percent = f"{100.0 * inputs.level:g} %"
    return [
        Result(f"value at risk, {percent}", risk, risk_error, exact[0]),
        Result(f"expected shortfall, {percent}", shortfall, shortfall_error, exact[1]),
    ]


def losses(job: Job, inputs, backend: Backend, progress, trace: Trace | None, tail: Tail) -> Tail:
    rng = backend.rng(job["seed"])
    size = chunk_size(job.model, inputs, backend.name == "numpy")
    if trace:
        trace.restart()
    for done, n in chunks(job["paths"], size):
        (loss,) = MODELS[job.model](backend.xp, Draws(rng), n, inputs)
        values = tail.add(backend.xp, backend.compute, n, loss)
        if trace:
            trace.losses(values)
        progress(done + n)
    return tail
