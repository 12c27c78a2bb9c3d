"""--save-paths: what is drawn, as a NumPy file, written block by block in constant memory.

The paths are simulated once more, with the draws of the run at their places in the stream. A row is a path; an
antithetic one follows the path that it mirrors. The columns are what the model keeps: points (pi), prices from today
to the end (one asset), prices at the end (basket), returns over the horizon (portfolio, filtered).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from lazulite.monte_carlo import files, means, tails
from lazulite.monte_carlo.chunks import chunk_size, chunks
from lazulite.monte_carlo.draws import Draws
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.outcome import Backend

BLOCK = 1 << 21  # numbers that are in memory at a time
TOGETHER = 16  # columns a pass: it writes no more streams than that


def header(rows: int, columns: int) -> bytes:
    """Of NumPy's format 1.0, 128 bytes long."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"


def columns_of(job: Job, inputs: Any) -> int:
    if job.model == "pi":
        return 2
    return inputs.steps + 1 if hasattr(inputs, "steps") else len(inputs.assets)


def check(file: str, job: Job, inputs: Any) -> None:
    """That there is something to save, and room for it."""
    if job.model == "backtest":
        raise job.error("model", "--save-paths has nothing to save: a backtest draws no paths; leave it out")
    files.check_room(file, 8 * job["paths"] * columns_of(job, inputs), "give fewer --paths, or a file on another disk")


def save(out: BinaryIO, job: Job, inputs: Any, backend: Backend, progress: Callable[[int], None]) -> None:
    columns, paths = columns_of(job, inputs), job["paths"]
    out.write(header(paths, columns))
    if job.model in tails.MODELS:
        model, each, size = tails.MODELS[job.model], 1, chunk_size(job.model, inputs, False)
    else:
        sampler = means.Sampler(job, inputs)
        model, each = sampler.model, 2 if sampler.antithetic else 1
        size = chunk_size(job.model, inputs, False, len(sampler.quantities), sampler.evaluations)
    most = max(BLOCK // (each * columns), 1)
    base = 0  # where the chunk's draws begin in the stream
    for done, n in chunks(paths // each, size):
        for first, rows in chunks(n, most):
            rng = backend.rng(job["seed"])
            rng.advance(base + first)
            draws = Draws(rng, shared=each > 1, skip=n - rows)
            block = np.empty((rows, each, columns))
            for mirrored in range(each):
                kept: list[Any] = []
                model(backend.xp, draws.again(mirrored=bool(mirrored)), rows, inputs, kept.append)
                for k in range(0, columns, TOGETHER):
                    backend.compute(*kept[k : k + TOGETHER])
                    for column in range(k, min(k + TOGETHER, columns)):
                        block[:, mirrored, column] = np.asarray(kept[column])
                        kept[column] = None
            out.write(block.data)
            progress((done + first + rows) * each)
        base += n * draws.place
