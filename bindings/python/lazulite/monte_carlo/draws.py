"""The draws of one chunk of paths, which several evaluations of a model may share."""

from __future__ import annotations

from typing import Any


class Draws:
    """What a model has as its generator. With `shared`, every evaluation after again() gets the draws of the first
    one: common random numbers for other parameters. Mirrored, it gets those of the opposite sign: antithetic ones.

    `skip`: after each draw so many elements of the stream are left out. Paths that are a part of a chunk, from its
    first element on, are drawn so.
    """

    def __init__(self, rng: Any, shared: bool = False, skip: int = 0):
        self.rng, self.shared, self.skip = rng, shared, skip
        self.drawn: list[Any] = []
        self.place, self.mirrored = 0, False

    def again(self, mirrored: bool = False) -> Draws:
        self.place, self.mirrored = 0, mirrored
        return self

    def random(self, n: int):
        u = self.draw(self.rng.random, n)
        return 1.0 - u if self.mirrored else u

    def standard_normal(self, n: int):
        z = self.draw(self.rng.standard_normal, n)
        return -z if self.mirrored else z

    def draw(self, law, n: int):
        self.place += 1
        if self.place <= len(self.drawn):
            return self.drawn[self.place - 1]
        values = law(n)
        if self.skip:
            self.rng.advance(self.skip)
        if self.shared:
            self.drawn.append(values)
        return values
