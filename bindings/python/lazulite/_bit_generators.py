"""The streams that Generators draw from: ARS-7, Philox4x32-10, and NumPy's own Philox."""

import operator

import numpy as np

from lazulite import _core
from lazulite._numpy_philox import NumPyPhilox
from lazulite._random_checks import shape_of


def raw_words(bit_generator, size):
    """The stream's next words: an int, or a lazy uint64 array of the shape `size`."""
    shape = () if size is None else shape_of(size)
    words = bit_generator.draws(("word",), np.uint64, shape)[0]
    return int(words) if size is None else words


class BitGenerator:
    """A stream of 2**64 words, of which every draw takes a range on its line. Element i of the stream is a function of
    the seed and of i."""

    _stream = ""

    def __init__(self, seed=None):
        """`seed`: None (from the operating system), an integer, a sequence of integers, or a numpy SeedSequence."""
        if isinstance(seed, _core.BitGenerator):
            self._core = seed
        elif seed is None:
            self._core = _core.BitGenerator.from_os(self._stream)
        elif isinstance(seed, np.random.SeedSequence):
            entropy = () if seed.entropy is None else seed.entropy
            self._core = _core.BitGenerator(self._stream, seed_words(entropy), list(seed.spawn_key))
        else:
            self._core = _core.BitGenerator(self._stream, seed_words(seed))

    def __repr__(self):
        return f"{type(self).__name__}() at 0x{id(self):X}"

    def __reduce__(self):
        return type(self), (self._core,)

    def draws(self, laws, dtype, shape):
        """Lazy draws of several laws, of the same elements of the stream."""
        return _core.draws(self._core, laws, np.dtype(dtype), shape)

    def random_raw(self, size=None):
        """The stream's next words: an int, or a lazy uint64 array of the shape `size`."""
        return raw_words(self, size)

    def advance(self, delta):
        """Moves `delta` elements along the stream (negative: back)."""
        self._core.advance(operator.index(delta) % 2**64)
        return self

    def jumped(self, jumps=1):
        """A new bit generator, with its place in the stream as if `jumps` times 2**48 more elements had been drawn: the
        stream holds 65,536 such parts. OverflowError: fewer are left."""
        jumps = operator.index(jumps)
        if jumps < 0:
            raise ValueError("jumps must be non-negative")
        return type(self)(self._core.jumped(min(jumps, 2**64 - 1)))

    def spawn(self, n_children):
        """New bit generators whose streams are independent of this one's and of each other's."""
        return [type(self)(child) for child in self._core.spawn(operator.index(n_children))]

    @property
    def state(self):
        """The whole state, to be saved and set again."""
        return self._core.state

    @state.setter
    def state(self, value):
        if value[-1] != self._stream:
            raise ValueError(f"state must be for a {type(self).__name__} PRNG")
        self._core.state = value


class ARS(BitGenerator):
    """ARS-7 (Salmon, Moraes, Dror and Shaw, SC 2011): seven rounds of AES on a counter. What `default_rng` uses."""

    _stream = "ars"


class Philox(BitGenerator):
    """Philox4x32-10 (from the same paper): multiplications on a counter. With `numpy_compatible`, Philox4x64-10 with
    the words, the state and the `key` and `counter` of `numpy.random.Philox`."""

    _stream = "philox"

    def __new__(cls, seed=None, counter=None, key=None, *, numpy_compatible=False):
        if numpy_compatible:
            return NumPyPhilox(seed, counter, key)
        if counter is not None or key is not None:
            raise TypeError("Philox: counter and key are numpy.random.Philox's; pass numpy_compatible=True")
        return super().__new__(cls)

    def __init__(self, seed=None, counter=None, key=None, *, numpy_compatible=False):
        super().__init__(seed)


def seed_words(seed):
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
    return [w for s in seed for w in seed_words(s)]
