"""`numpy.random.Philox` as a lazy stream: the same words, float64 and float32 `random()`, and state."""

import operator
import threading

import numpy as np

from lazulite import _core
from lazulite._creation import asarray
from lazulite._join import concatenate
from lazulite._random_checks import shape_of

_COUNTERS = 2**256
_MOST = 2**61  # words from one base


class NumPyPhilox:
    """Philox4x64-10, counted as NumPy counts. Word i is word i % 4 of the block with the counter `_base` + 1 + i // 4.

    A float32 draw takes halves of words, the low one first. The high half that it leaves waits for the next one, while
    draws of whole words go on behind it: `_half` is its value, or `_half_at` the number of its word.
    """

    def __init__(self, seed=None, counter=None, key=None):
        if seed is not None and key is not None:
            raise ValueError("seed and key cannot be both used")
        self._lock = threading.Lock()
        self._base, self._next = _integer(0 if counter is None else counter, 256, "counter"), 0
        self._half, self._half_at = None, None
        if key is not None:
            self._sequence, self._key = None, _words(_integer(key, 128, "key"), 2)
        else:
            known = isinstance(seed, np.random.SeedSequence)
            self._sequence = seed if known else np.random.SeedSequence(seed)
            self._key = [int(w) for w in self._sequence.generate_state(2, np.uint64)]

    def __repr__(self):
        return f"Philox(numpy_compatible=True) at 0x{id(self):X}"

    def __reduce__(self):
        return _restored, (self._sequence, self.state)

    def draws(self, laws, dtype, shape):
        """Lazy draws of several laws, of the same elements of the stream."""
        count, dtype = int(np.prod(shape, dtype=object)), np.dtype(dtype)
        with self._lock:
            if self._next >= _MOST:  # numbers of halves have 64 bits
                self._half, self._half_at = self._waiting(), None
                self._base, self._next = (self._base + self._next // 4) % _COUNTERS, self._next % 4
            if tuple(laws) == ("random",) and dtype == np.float32:
                return [self._halves(count).reshape(shape)]
            first = self._next
            self._next += count
            return [self._draw(law, dtype, shape, first) for law in laws]

    def _draw(self, law, dtype, shape, first):
        key = [*self._key, *_words(self._base, 4)]
        return _core.draw("numpy_philox", key, law, dtype, shape, first)

    def _halves(self, count):
        """The next `count` float32 numbers."""
        if count == 0:
            return asarray(np.zeros(0, np.float32))
        waiting = self._half is not None or self._half_at is not None
        words = (count - waiting + 1) // 2
        first = 2 * self._next
        if self._half_at is not None and self._half_at == self._next - 1:
            draw = self._draw("random", np.float32, (count,), first - 1)
        elif waiting:
            draw = asarray(np.array([self._waiting() >> 8], np.float32) * np.float32(2.0**-24))
            if count > 1:
                draw = concatenate([draw, self._draw("random", np.float32, (count - 1,), first)])
        else:
            draw = self._draw("random", np.float32, (count,), first)
        self._next += words
        left = (count - waiting) % 2
        self._half, self._half_at = None, self._next - 1 if left else None
        return draw

    def _waiting(self):
        """The half that waits, or None."""
        if self._half_at is None:
            return self._half
        return int(self._draw("word", np.uint64, (1,), self._half_at)[0]) >> 32

    def random_raw(self, size=None):
        """The stream's next words: an int, or a lazy uint64 array of the shape `size`."""
        words = self.draws(("word",), np.uint64, () if size is None else shape_of(size))[0]
        return int(words) if size is None else words

    def advance(self, delta):
        """Moves the counter, of four words each, on by `delta`; what is left of a block is dropped, as in NumPy."""
        delta = operator.index(delta)
        with self._lock:
            self._base = (self._base + -(-self._next // 4) + delta) % _COUNTERS
            self._next, self._half, self._half_at = 0, None, None
        return self

    def jumped(self, jumps=1):
        """A new bit generator with its counter 2**128 `jumps` times further."""
        there = _restored(self._sequence, self.state)
        return there.advance(operator.index(jumps) * 2**128)

    def spawn(self, n_children):
        """New bit generators whose streams are independent of this one's and of each other's."""
        if self._sequence is None:
            raise TypeError("The underlying SeedSequence does not implement spawning.")
        return [NumPyPhilox(child) for child in self._sequence.spawn(operator.index(n_children))]

    @property
    def state(self):
        """NumPy's: a dictionary that `numpy.random.Philox(...).state` takes, and gives."""
        with self._lock:
            whole, used = divmod(self._next, 4)
            buffer = np.zeros(4, np.uint64)
            if self._next > 0:
                whole, used = (whole, used) if used else (whole - 1, 4)
                buffer = np.asarray(self._draw("word", np.uint64, (4,), 4 * whole)).copy()
                whole += 1
            else:
                used = 4
            half = self._waiting()
            counter = (self._base + whole) % _COUNTERS
            return {
                "bit_generator": "Philox",
                "state": {
                    "counter": np.array(_words(counter, 4), np.uint64),
                    "key": np.array(self._key, np.uint64),
                },
                "buffer": buffer,
                "buffer_pos": used,
                "has_uint32": int(half is not None),
                "uinteger": half or 0,
            }

    @state.setter
    def state(self, value):
        if not isinstance(value, dict):
            raise TypeError("state must be a dict")
        if value.get("bit_generator") != "Philox":
            raise ValueError("state must be for a Philox PRNG")
        counter, key = (_integer(value["state"][part], bits, part) for part, bits in (("counter", 256), ("key", 128)))
        used = int(value["buffer_pos"])
        with self._lock:
            self._key = _words(key, 2)
            self._base = (counter - (used < 4)) % _COUNTERS
            self._next = used % 4
            self._half, self._half_at = (int(value["uinteger"]) if value["has_uint32"] else None), None


def _restored(sequence, state):
    generator = NumPyPhilox(sequence if sequence is not None else 0)
    generator._sequence = sequence
    generator.state = state
    return generator


def _words(value, count):
    return [value >> (64 * k) & (2**64 - 1) for k in range(count)]


def _integer(value, bits, what):
    """An integer of so many bits, or one from as many words as an array, the lowest first."""
    if np.ndim(value) == 0:
        value = operator.index(value)
        if not 0 <= value < 2**bits:
            raise ValueError(f"{what} must be positive" if value < 0 else f"{what} must be less than 2**{bits}.")
        return value
    words = np.asarray(value, dtype=np.uint64)
    if words.shape != (bits // 64,):
        raise ValueError(f"{what} must be an array of {bits // 64} uint64, or an integer of {bits} bits")
    return sum(int(w) << (64 * k) for k, w in enumerate(words))
