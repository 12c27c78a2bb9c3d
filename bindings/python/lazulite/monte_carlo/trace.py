"""What a run leaves for its plot, in bounded memory: points of convergence, a histogram of losses, forecast days."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

FIRST = 100  # draws, at the first point of convergence
MOST_DRAWS = 1 << 18  # of the first chunk, looked at one by one
GROWTH = 1.1  # from one point to the next
BINS = 120


class Trace:
    def __init__(self):
        self.points: list[tuple[int, float, float]] = []  # paths, the mean so far, its standard error
        self.edges: np.ndarray | None = None
        self.counts = np.zeros(BINS, np.int64)
        self.below = self.above = 0  # losses outside the edges
        self.days: tuple[list[float], list[float]] | None = None  # losses, and what was forecast

    def restart(self) -> None:
        """Forgets the losses: they come once more."""
        self.edges = None
        self.counts[:] = 0
        self.below = self.above = 0

    def mean(
        self,
        each: int,
        done: int,
        part: int,
        first: tuple,
        estimate: Callable[[int, list[float]], tuple[float, float]],
        sums: list[float],
    ) -> None:
        """After `done + part` draws of `each` paths their sums. The samples of the first chunk give points in it."""
        if first:
            values = [np.asarray(a)[:MOST_DRAWS] for a in first]
            running = [
                np.cumsum(p) for p in (v for i, a in enumerate(values) for v in (a, *(a * b for b in values[i:])))
            ]
            n = FIRST
            while n * GROWTH < min(part, MOST_DRAWS):
                self.points.append((each * n, *estimate(n, [float(r[n - 1]) for r in running])))
                n = math.ceil(n * GROWTH)
        total = done + part
        if not self.points or each * total >= GROWTH * self.points[-1][0]:
            self.points.append((each * total, *estimate(total, sums)))

    def losses(self, values: np.ndarray) -> None:
        """The first chunk chooses the bins: its range without the outermost thousandths, and some more."""
        if self.edges is None:
            low, high = np.quantile(values, [0.001, 0.999])
            room = 0.15 * (high - low) or 1.0
            self.edges = np.linspace(low - room, high + room, BINS + 1)
        self.counts += np.histogram(values, self.edges)[0]
        self.below += int((values < self.edges[0]).sum())
        self.above += int((values > self.edges[-1]).sum())
