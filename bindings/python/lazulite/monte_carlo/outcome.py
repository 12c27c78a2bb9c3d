"""What a run gives, and what it runs on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.trace import Trace

Z95 = 1.959963984540054  # the normal distribution has 95 % within so many standard deviations


@dataclass
class Result:
    """One number that a job gives."""

    quantity: str
    value: float
    error: float | None = None  # the standard error, where chance has a part in the value
    closed_form: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.error is None else (self.value - Z95 * self.error, self.value + Z95 * self.error)


@dataclass
class Outcome:
    job: Job
    inputs: Any
    results: list[Result]
    seconds: float
    trace: Trace | None = None
    numpy: Outcome | None = None
    sobol: bool = False  # from Sobol's points
    random: Outcome | None = None  # the same from random numbers, to be drawn beside it

    @property
    def rate(self) -> float | None:
        """Paths a second."""
        paths = self.job.get("paths")
        return None if paths is None else paths / self.seconds if self.seconds > 0 else math.inf


@dataclass
class Backend:
    """What a model's `xp` and `rng` are."""

    name: str
    xp: Any
    rng: Callable
    compute: Callable

    @classmethod
    def lazulite(cls) -> Backend:
        import lazulite as lz

        return cls("lazulite", lz, lz.random.default_rng, lz.compute)

    @classmethod
    def numpy(cls) -> Backend:
        import numpy as np

        return cls("numpy", np, np.random.default_rng, lambda *arrays: None)  # NumPy computes as it goes
