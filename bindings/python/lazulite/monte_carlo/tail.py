"""Value at risk and expected shortfall from any number of losses, in bounded memory.

Only losses near the quantile can be it, so only those are kept: a band of order statistics that is narrowed, whenever
it has doubled (LIMIT at first), to WIDTH standard errors either side of the quantile so far: it grows with the root of
the number of paths. Losses above the band are
counted and summed, those below it are forgotten. The result is the exact quantile of all losses, unless the true one
has left the band (WIDTH = 8: once in 10^15), which is noticed, and answered with a wider band and a second run.
"""

from __future__ import annotations

import math

import numpy as np

LIMIT = 1 << 17
WIDTH = 8.0


class BandMissed(Exception):
    """The quantile is not in the band."""


class Tail:
    def __init__(self, level: float, width: float = WIDTH, limit: int = LIMIT):
        self.level, self.width, self.limit = level, width, limit
        self.low, self.high = -math.inf, math.inf
        self.band: list[np.ndarray] = []
        self.stored = 0
        self.n = 0
        # Of the losses above the band.
        self.above, self.total, self.square = 0, 0.0, 0.0

    def add(self, xp, compute, n: int, loss) -> None:
        """Takes n more losses; with Lazulite all of this is one pass."""
        over = loss > self.high
        count = xp.sum(over)
        beyond = xp.where(over, loss, 0.0)
        total = xp.sum(beyond)
        square = xp.sum(beyond * beyond)
        compute(loss, count, total, square)
        values = np.asarray(loss)
        kept = values[(values >= self.low) & (values <= self.high)]
        self.n += n
        self.above += int(count)
        self.total += float(total)
        self.square += float(square)
        self.band.append(kept)
        self.stored += len(kept)
        if self.stored > self.limit:
            self.narrow()

    def sort(self) -> np.ndarray:
        values = np.sort(np.concatenate(self.band))
        self.band = [values]
        return values

    def rank(self, length: int) -> int:
        """Where in the sorted band the quantile is: the smallest loss that a fraction `level` does not exceed."""
        below = self.n - self.above - length
        return math.ceil(self.level * self.n) - 1 - below

    def spread(self, errors: float) -> int:
        """So many standard errors of the quantile, as a difference of ranks."""
        return math.ceil(errors * math.sqrt(self.n * self.level * (1.0 - self.level)))

    def narrow(self) -> None:
        values = self.sort()
        rank, spread = self.rank(len(values)), self.spread(self.width)
        if not 0 <= rank < len(values):
            raise BandMissed
        first, last = max(rank - spread, 0), min(rank + spread, len(values) - 1)
        if first > 0:
            self.low = float(values[first])
        if last < len(values) - 1:
            self.high = float(values[last])
        # Ties stay together: what equals an end of the band is in it.
        first = int(np.searchsorted(values, values[first], "left"))
        last = int(np.searchsorted(values, values[last], "right"))
        self.move_above(values[last:])
        self.band = [values[first:last].copy()]
        self.stored = last - first
        self.limit = max(self.limit, 2 * self.stored)

    def move_above(self, values: np.ndarray) -> None:
        self.above += len(values)
        self.total += in_order(values)
        self.square += in_order(values * values)

    def result(self) -> tuple[float, float, float, float]:
        """Value at risk and its standard error, expected shortfall and its standard error."""
        values = self.sort()
        n, rank, spread = self.n, self.rank(len(values)), self.spread(1.959963984540054)
        below = n - self.above - len(values)
        first, last = max(rank - spread, -below), min(rank + spread, n - 1 - below)
        if first < 0 or last >= len(values):
            raise BandMissed
        risk = float(values[rank])
        risk_error = (float(values[last]) - float(values[first])) / (2.0 * 1.959963984540054)
        tail = values[int(np.searchsorted(values, risk, "right")) :]
        self.move_above(tail)
        count, share = float(self.above), (1.0 - self.level) * n
        shortfall = risk + (self.total - count * risk) / share
        # The shortfall is the mean of risk + max(loss - risk, 0) / (1 - level) (Rockafellar and Uryasev 2000).
        mean = (self.total - count * risk) / n
        second = (self.square - 2.0 * risk * self.total + count * risk * risk) / n
        error = math.sqrt(max(second - mean * mean, 0.0) / n) / (1.0 - self.level)
        return risk, risk_error, shortfall, error


def in_order(values: np.ndarray) -> float:
    """The sum from the first to the last, as a C++ loop makes it."""
    return float(np.add.accumulate(values)[-1]) if len(values) else 0.0
