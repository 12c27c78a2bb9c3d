"""Paths come in chunks. How many, is a number of the method, not of the machine: results depend on neither threads nor
memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lazulite.monte_carlo.models import Filtered

CHUNK = 1 << 18
CHUNK_PI = 1 << 22  # two draws a path, not hundreds: more paths, for the same work a pass
NUMPY_CHUNK = 1 << 14  # what NumPy is fastest with: arrays that stay in the cache
MOST_STORED = 1 << 22  # numbers that a chunk keeps in memory
ONE_PASS = 8  # quantities, with their controls: of more than that, some of what they share is stored between passes


def chunk_size(model: str, inputs: Any, numpy: bool, quantities: int = 1, evaluations: int = 1) -> int:
    """Draws a chunk, for so many quantities that are estimated together from so many evaluations of the model."""
    size = NUMPY_CHUNK if numpy else CHUNK_PI if model == "pi" else CHUNK
    stored = 1  # numbers a draw
    if quantities > 1:
        stored += 2 * quantities
    if quantities > ONE_PASS:
        stored += 8 * evaluations
    if isinstance(inputs, Filtered):
        stored += inputs.horizon
    if numpy and evaluations > 1:  # the shared draws: Lazulite makes them again
        stored += getattr(inputs, "steps", len(getattr(inputs, "assets", ())))
    while size > 1 and size * stored > MOST_STORED:
        size //= 2
    return size


def chunks(total: int, size: int) -> Iterator[tuple[int, int]]:
    """How many are done, and how many come next."""
    for done in range(0, total, size):
        yield done, min(size, total - done)
