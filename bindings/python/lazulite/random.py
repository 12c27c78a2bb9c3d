"""Random streams with `numpy.random.Generator`'s methods: lazy draws, made inside the pass that uses them.

A draw depends on the seed and on its place in the stream only: not on threads, chunks or the machine.
"""

import operator

import numpy as np

from lazulite import _core
from lazulite._creation import asarray

__all__ = ["Generator", "default_rng"]


def default_rng(seed=None):
    """A new Generator on ARS-7. `seed`: None (from the operating system), an integer, a sequence of integers, a
    numpy SeedSequence, or a Generator, which is returned as it is."""
    if isinstance(seed, Generator):
        return seed
    return Generator(seed)


class Generator:
    """Draws from one stream. Every call takes the next elements of the stream on its line; the values are made when
    they are needed. `random(10)` twice is `random(20)`."""

    def __init__(self, seed=None):
        if isinstance(seed, _core.BitGenerator):
            self.bit_generator = seed
        elif isinstance(seed, np.random.SeedSequence):
            entropy = () if seed.entropy is None else seed.entropy
            self.bit_generator = _core.BitGenerator(_words(entropy), list(seed.spawn_key))
        elif seed is None:
            self.bit_generator = _core.BitGenerator.from_os()
        else:
            self.bit_generator = _core.BitGenerator(_words(seed))

    def __repr__(self):
        return f"Generator(ARS7) at 0x{id(self):X}"

    def random(self, size=None, dtype=np.float64, out=None):
        """Uniform in [0, 1)."""
        return self._draw("random", size, dtype, out)

    def uniform(self, low=0.0, high=1.0, size=None):
        """Uniform in [low, high)."""
        if _is_number(low) and _is_number(high):
            low, high = float(low), float(high)
            if not np.isfinite(high - low):
                raise OverflowError("high - low range exceeds valid bounds")
            if high < low:
                raise ValueError("high - low < 0")
            return low + (high - low) * self._draw("random", size)
        low, high, size = self._parameters(size, low, high)
        width = high - low
        if not bool(_core.reductions["all"](_core.ufuncs["isfinite"](width))):
            raise OverflowError("high - low range exceeds valid bounds")
        if bool(_core.reductions["any"](_core.ufuncs["signbit"](width))):
            raise ValueError("high - low < 0")
        return low + width * self._draw("random", size)

    def standard_normal(self, size=None, dtype=np.float64, out=None):
        """Normal with mean 0 and variance 1."""
        return self._draw("standard_normal", size, dtype, out)

    def normal(self, loc=0.0, scale=1.0, size=None):
        """Normal with mean `loc` and standard deviation `scale`."""
        _check_scale(scale)
        loc, scale, size = self._parameters(size, loc, scale)
        return loc + scale * self._draw("standard_normal", size)

    def standard_exponential(self, size=None, dtype=np.float64, method="zig", out=None):
        """Exponential with mean 1, by inversion (`method` is accepted and has no effect)."""
        if method not in ("zig", "inv"):
            raise ValueError(f"method must be 'zig' or 'inv', got {method!r}")
        return self._draw("standard_exponential", size, dtype, out)

    def exponential(self, scale=1.0, size=None):
        """Exponential with mean `scale`."""
        _check_scale(scale)
        scale, size = self._parameters(size, scale)
        return scale * self._draw("standard_exponential", size)

    def spawn(self, n_children):
        """New generators whose streams are independent of this one's and of each other."""
        return [Generator(child) for child in self.bit_generator.spawn(operator.index(n_children))]

    def advance(self, delta):
        """Move `delta` elements along the stream (negative: back)."""
        self.bit_generator.advance(operator.index(delta) % 2**64)
        return self

    @property
    def state(self):
        """The generator's state, to be saved and set again."""
        return self.bit_generator.state

    @state.setter
    def state(self, value):
        self.bit_generator.state = value

    def __reduce__(self):
        return Generator, (self.bit_generator,)

    def _draw(self, law, size, dtype=np.float64, out=None):
        dtype = np.dtype(dtype)
        if dtype not in (np.float64, np.float32):
            raise TypeError(f"Unsupported dtype {dtype!r} for {law}")
        if out is not None:
            if size is not None and tuple(np.atleast_1d(size)) != tuple(out.shape):
                raise ValueError("size must match out.shape when used together")
            if out.dtype != dtype:
                raise TypeError(f"Supplied output array has the wrong type. Expected {dtype}, got {out.dtype}")
            out[...] = _core.draw(self.bit_generator, law, dtype, out.shape)
            return out
        if size is None:
            return _core.as_scalar(_core.draw(self.bit_generator, law, dtype, ()))
        return _core.draw(self.bit_generator, law, dtype, _shape(size))

    @staticmethod
    def _parameters(size, *parameters):
        """Parameters as operands, and the shape of the draw."""
        if all(_is_number(p) for p in parameters):
            return (*map(float, parameters), size)
        arrays = [float(p) if _is_number(p) else asarray(p) for p in parameters]
        shape = np.broadcast_shapes(*(() if _is_number(p) else p.shape for p in arrays))
        if size is None:
            return (*arrays, shape)
        size = _shape(size)
        if np.broadcast_shapes(shape, size) != size:
            raise ValueError(f"Output size {size} is not compatible with broadcast dimensions of inputs {shape}.")
        return (*arrays, size)


def _words(seed):
    """32-bit words of an integer or of a sequence of integers, as numpy's SeedSequence splits them."""
    if isinstance(seed, (int, np.integer)):
        seed = int(seed)
        if seed < 0:
            raise ValueError("expected non-negative integer")
        words = [seed & 0xFFFFFFFF]
        while seed := seed >> 32:
            words.append(seed & 0xFFFFFFFF)
        return words
    if isinstance(seed, (str, bytes, float)):
        raise TypeError("SeedSequence expects int or sequence of ints for entropy not " + str(seed))
    return [w for s in seed for w in _words(s)]


def _shape(size):
    try:
        shape = tuple(operator.index(n) for n in size) if hasattr(size, "__iter__") else (operator.index(size),)
    except TypeError:
        if isinstance(size, str):
            raise
        raise TypeError(f"expected a sequence of integers or a single integer, got '{size}'") from None
    if any(n < 0 for n in shape):
        raise ValueError("negative dimensions are not allowed")
    return shape


def _is_number(p):
    return isinstance(p, (bool, int, float, np.number))


def _check_scale(scale):
    """Raises for negative scales. A lazy scale is computed for it, on this line: a draw with a wrong one is wrong."""
    if isinstance(scale, _core.Array):
        negative = bool(_core.reductions["any"](_core.ufuncs["signbit"](scale)))
    else:
        negative = np.any(np.signbit(np.asarray(scale, dtype=float)))
    if negative:
        raise ValueError("scale < 0")
