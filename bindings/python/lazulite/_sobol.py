"""Sobol's sequence: points that fill the unit cube evenly, as lazy sources for quasi-Monte-Carlo."""

import operator

import numpy as np

from lazulite import _core

_POINTS = 2**32


def sobol(d, n=None, *, scramble="owen", seed=None, dtype=np.float64):
    """The first `n` points of Sobol's sequence in `d` dimensions: a lazy array of the shape (n, d), numbers in [0, 1).
    Without `n` a `Sobol`, whose `random(n)` gives one part of the sequence after the other.

    d: 1, ..., 1111 (Joe and Kuo's direction numbers "new-joe-kuo-6.21201"). dtype: float64 or float32.
    scramble: "owen" for nested uniform scrambling (Owen 1995) by a hash, keyed by `seed`: every point is uniform,
        and no estimate is biased; None for the sequence as it is, whose first point is 0.
    seed: None (from the operating system), an integer, a sequence of integers, or a numpy SeedSequence.

    ValueError: no such d, or more than 2**32 points. Balanced are powers of two of points.
    """
    points = Sobol(d, scramble=scramble, seed=seed)
    return points if n is None else points.random(n, dtype)


class Sobol:
    """A place in Sobol's sequence; the arguments are those of `sobol`. Element (i, j) of a draw is a function of the
    seed, of the number of its point, and of j."""

    DIMENSIONS = _core.SOBOL_DIMENSIONS

    def __init__(self, d, *, scramble="owen", seed=None):
        self.d = operator.index(d)
        if not 1 <= self.d <= _core.SOBOL_DIMENSIONS:
            raise ValueError(f"sobol: d must be in 1, ..., {_core.SOBOL_DIMENSIONS}, not {self.d}")
        if scramble not in ("owen", None):
            raise ValueError(f"sobol: scramble must be 'owen' or None, not {scramble!r}")
        known = isinstance(seed, np.random.SeedSequence)
        words = (seed if known else np.random.SeedSequence(seed)).generate_state(2, np.uint64)
        self._key = [int(w) for w in words] if scramble else [0, 0]
        self._scrambled = int(scramble is not None)
        self.next = 0

    def __repr__(self):
        return f"Sobol(d={self.d}, scramble={'owen' if self._scrambled else None!r}), {self.next} points on"

    def random(self, n=1, dtype=np.float64):
        """The next `n` points, as a lazy array of the shape (n, d). (In memory a dimension is contiguous.)"""
        n, dtype = operator.index(n), np.dtype(dtype)
        if n < 0:
            raise ValueError("negative dimensions are not allowed")
        if dtype not in (np.float64, np.float32):
            raise TypeError(f"Unsupported dtype {dtype!r} for sobol")
        first = self.next
        self.fast_forward(n)
        key = [*self._key, max(n, 1), min(first, _POINTS - 1), self._scrambled]
        return _core.draw("sobol", key, "random", dtype, (self.d, n), 0).T

    def fast_forward(self, n):
        """Leaves out `n` points."""
        n = operator.index(n)
        if n < 0 or self.next + n > _POINTS:
            raise ValueError(f"At most 2**32={_POINTS} distinct points can be generated. {self.next} points have been.")
        self.next += n
        return self

    def reset(self):
        """Back to the first point, of the same scrambling."""
        self.next = 0
        return self
