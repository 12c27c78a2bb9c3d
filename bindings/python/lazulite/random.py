"""Random streams with `numpy.random.Generator`'s methods: lazy draws, made inside the pass that uses them.

A draw depends on the seed and on its place in the stream only: not on threads, chunks or the machine.
"""

import operator

import numpy as np

from lazulite._bit_generators import ARS, BitGenerator, Philox
from lazulite._numpy_philox import NumPyPhilox
from lazulite._random_checks import one, shape_of
from lazulite._random_continuous import ContinuousLaws
from lazulite._random_discrete import DiscreteLaws
from lazulite._random_orders import OrderLaws
from lazulite._sobol import Sobol, sobol

__all__ = ["ARS", "Generator", "Philox", "Sobol", "default_rng", "sobol"]


def default_rng(seed=None):
    """A new Generator on ARS-7. `seed`: None (from the operating system), an integer, a sequence of integers, a
    numpy SeedSequence, a bit generator, or a Generator, which is returned as it is."""
    if isinstance(seed, Generator):
        return seed
    return Generator(seed)


class Generator(ContinuousLaws, DiscreteLaws, OrderLaws):
    """Draws from one stream. Every call takes the next elements of the stream on its line; the values are made when
    they are needed. `random(10)` twice is `random(20)`."""

    def __init__(self, bit_generator=None):
        """`bit_generator`: ARS or Philox, or a seed for ARS."""
        known = isinstance(bit_generator, (BitGenerator, NumPyPhilox))
        self.bit_generator = bit_generator if known else ARS(bit_generator)

    def __repr__(self):
        name = "ARS7" if isinstance(self.bit_generator, ARS) else "Philox"
        return f"Generator({name}) at 0x{id(self):X}"

    def random(self, size=None, dtype=np.float64, out=None):
        """Uniform in [0, 1)."""
        return self._draw("random", size, dtype, out)

    def standard_normal(self, size=None, dtype=np.float64, out=None):
        """Normal with mean 0 and variance 1."""
        return self._draw("standard_normal", size, dtype, out)

    def standard_exponential(self, size=None, dtype=np.float64, method="zig", out=None):
        """Exponential with mean 1, by inversion (`method` is accepted and has no effect)."""
        if method not in ("zig", "inv"):
            raise ValueError(f"method must be 'zig' or 'inv', got {method!r}")
        return self._draw("standard_exponential", size, dtype, out)

    def spawn(self, n_children):
        """New generators whose streams are independent of this one's and of each other."""
        return [Generator(child) for child in self.bit_generator.spawn(operator.index(n_children))]

    def advance(self, delta):
        """Move `delta` elements along the stream (negative: back)."""
        self.bit_generator.advance(delta)
        return self

    def jumped(self, jumps=1):
        """A new Generator, far along the same stream: see its bit generator."""
        return Generator(self.bit_generator.jumped(jumps))

    @property
    def state(self):
        """The generator's state, to be saved and set again."""
        return self.bit_generator.state

    @state.setter
    def state(self, value):
        self.bit_generator.state = value

    def __reduce__(self):
        return Generator, (self.bit_generator,)

    def _draws(self, shape, *laws, dtype=np.float64):
        """Draws of several laws on the same elements of the stream; `shape` None: one number."""
        return self.bit_generator.draws(laws, dtype, shape or ())

    def _words(self, shape):
        """The stream's words, as the bits of float64: what laws with parameters are made of."""
        return self._draws(shape, "word")[0]

    def _integer_words(self, shape):
        """The same as uint64: what laws of whole numbers with large parameters are made of."""
        return self._draws(shape, "word", dtype=np.uint64)[0]

    def _draw(self, law, size, dtype=np.float64, out=None):
        def make(size, dtype):
            shape = None if size is None else shape_of(size)
            return one(self._draws(shape, law, dtype=dtype)[0], shape)

        return self._typed(law, size, dtype, out, make)

    @staticmethod
    def _typed(law, size, dtype, out, make):
        """`make(size, dtype)` of a law that there is in both floats, written to `out` if that is given."""
        dtype = np.dtype(dtype)
        if dtype not in (np.float64, np.float32):
            raise TypeError(f"Unsupported dtype {dtype!r} for {law}")
        if out is None:
            return make(size, dtype)
        if size is not None and shape_of(size) != tuple(out.shape):
            raise ValueError("size must match out.shape when used together")
        if out.dtype != dtype:
            raise TypeError(f"Supplied output array has the wrong type. Expected {dtype}, got {out.dtype}")
        out[...] = make(out.shape, dtype)
        return out
