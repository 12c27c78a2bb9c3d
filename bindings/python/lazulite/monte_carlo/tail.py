"""Value at risk and expected shortfall from any number of losses, in bounded memory.

Only losses near the quantile can be it, so only those are kept: a band of order statistics that is narrowed, whenever
it has doubled (LIMIT at first), to WIDTH standard errors either side of the quantile so far: it grows with the root of
the number of paths. Equal losses are kept once, and counted. Losses above the band are counted and summed, those below
it are forgotten. The result is the exact quantile of all losses, unless the true one has left the band (WIDTH = 8: once
in 10^15), which is noticed, and answered with a wider band and a second run.
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
        # The band: ascending values with their counts, and those that came since, in the order of the paths.
        self.values, self.counts = np.empty(0), np.empty(0, np.int64)
        self.fresh: list[np.ndarray] = []
        self.stored = 0
        self.n = 0
        self.undefined = False  # a loss was no number: infinite gains less infinite losses
        # Of the losses above the band.
        self.above, self.total, self.square = 0, 0.0, 0.0

    def add(self, xp, compute, n: int, loss) -> np.ndarray:
        """Takes n more losses, and returns them; with Lazulite all of this is one pass."""
        over = loss > self.high
        count = xp.sum(over)
        beyond = xp.where(over, loss, 0.0)
        total = xp.sum(beyond)
        square = xp.sum(beyond * beyond)
        compute(loss, count, total, square)
        values = np.asarray(loss)
        self.undefined = self.undefined or bool(np.isnan(values).any())
        if self.undefined:
            return values
        kept = values[(values >= self.low) & (values <= self.high)]
        self.n += n
        self.above += int(count)
        self.total += float(total)
        self.square += float(square)
        self.fresh.append(kept)
        self.stored += len(kept)
        if self.stored > self.limit:
            self.narrow()
        return values

    def merge(self) -> int:
        """Puts the fresh values into the band, and returns how many losses it stands for."""
        fresh = np.sort(np.concatenate([np.empty(0), *self.fresh]))
        self.fresh = []
        values = np.concatenate([self.values, fresh])
        order = np.argsort(values, kind="stable")  # two ascending runs
        values = values[order]
        counts = np.concatenate([self.counts, np.ones(len(fresh), np.int64)])[order]
        starts = np.flatnonzero(np.concatenate([[len(values) > 0], values[1:] != values[:-1]]))
        self.values, self.counts = values[starts], np.add.reduceat(counts, starts)
        self.stored = len(starts)
        return int(self.counts.sum())

    def at(self, rank: int) -> int:
        """Where in the band the loss with `rank` losses of the band before it is."""
        return int(np.searchsorted(np.cumsum(self.counts), rank, "right"))

    def rank(self, length: int) -> int:
        """Of the quantile in the band: the smallest loss that a fraction `level` does not exceed."""
        below = self.n - self.above - length
        return math.ceil(self.level * self.n) - 1 - below

    def spread(self, errors: float) -> int:
        """So many standard errors of the quantile, as a difference of ranks."""
        return math.ceil(errors * math.sqrt(self.n * self.level * (1.0 - self.level)))

    def narrow(self) -> None:
        length = self.merge()
        rank, spread = self.rank(length), self.spread(self.width)
        if not 0 <= rank < length:
            raise BandMissed
        first, last = max(rank - spread, 0), min(rank + spread, length - 1)
        begin, end = self.at(first), self.at(last) + 1
        if first > 0:
            self.low = float(self.values[begin])
        if last < length - 1:
            self.high = float(self.values[end - 1])
        self.move_above(end)
        self.values, self.counts = self.values[begin:].copy(), self.counts[begin:].copy()
        self.stored = len(self.values)
        self.limit = max(self.limit, 2 * self.stored)

    def move_above(self, end: int) -> None:
        """Moves what stands at `end` and after it above the band, the smallest first."""
        values, counts = self.values[end:], self.counts[end:]
        self.above += int(counts.sum())
        self.total += in_order(counts * values)
        self.square += in_order(counts * (values * values))
        self.values, self.counts = self.values[:end], self.counts[:end]

    def result(self) -> tuple[float, float, float, float]:
        """Value at risk and its standard error, expected shortfall and its standard error."""
        if self.undefined:
            return math.nan, math.nan, math.nan, math.nan
        length = self.merge()
        n, rank, spread = self.n, self.rank(length), self.spread(1.959963984540054)
        below = n - self.above - length
        first, last = max(rank - spread, -below), min(rank + spread, n - 1 - below)
        if first < 0 or last >= length:
            raise BandMissed
        risk = float(self.values[self.at(rank)]) + 0.0  # no -0
        low, high = float(self.values[self.at(first)]), float(self.values[self.at(last)])
        risk_error = (high - low) / (2.0 * 1.959963984540054)
        self.move_above(self.at(rank) + 1)
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
