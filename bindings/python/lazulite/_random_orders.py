"""Random choices and orders of things: `lazulite.random`'s choice, permutation, shuffle and permuted.

A random order is the order of as many random words: computed on the line, since the places are needed.
"""

import operator

import numpy as np

from lazulite import _core
from lazulite import _random_checks as check
from lazulite._creation import asarray


class OrderLaws:
    """The part of Generator with the laws of choices and orders."""

    def _order(self, shape, axis=-1):
        words = np.asarray(self._draws(shape, "word", dtype=np.uint64)[0])
        return np.argsort(words, axis=axis, kind="stable")

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        """Elements of `a` along an axis, or of range(a), each with its probability `p`."""
        shape = () if size is None else check.shape_of(size)
        any_sample = np.prod(shape) != 0
        if np.ndim(a) == 0:
            if isinstance(a, (str, float)) or not hasattr(a, "__index__"):
                raise ValueError(f"a must be a sequence or an integer, not {type(a)}")
            population, count = None, operator.index(a)
            if count <= 0 and any_sample:
                raise ValueError("a must be a positive integer unless no samples are taken")
        else:
            population = asarray(a)
            count = population.shape[axis]
            if count == 0 and any_sample:
                raise ValueError("a cannot be empty unless no samples are taken")
        if p is not None:
            p = np.asarray(p, dtype=np.float64)
            if p.ndim != 1:
                raise ValueError("p must be 1-dimensional")
            if p.size != count:
                raise ValueError("a and p must have same size")
            if np.isnan(p).any():
                raise ValueError("Probabilities contain NaN")
            if np.any(p < 0):
                raise ValueError("Probabilities are not non-negative")
            if abs(p.sum() - 1) > np.sqrt(np.finfo(np.float64).eps):
                raise ValueError("Probabilities do not sum to 1. See Notes section of docstring for more information.")
        places = self._places(count, shape, replace, p)
        places = int(places) if size is None else asarray(places)
        return places if population is None else population.take(places, axis=axis)

    def _places(self, count, shape, replace, p):
        size = int(np.prod(shape))
        if replace:
            if p is None:
                return self.integers(0, count, shape) if size else np.zeros(shape, np.int64)
            sums = p.cumsum()
            u = np.asarray(self._draws(shape, "random")[0])
            return np.minimum(np.searchsorted(sums / sums[-1], u, side="right"), count - 1)
        if size > count:
            raise ValueError("Cannot take a larger sample than population when replace is False")
        if p is not None and np.count_nonzero(p) < size:
            raise ValueError("Fewer non-zero entries in p than size")
        if p is None:
            return self._order((count,))[:size].reshape(shape)
        # Efraimidis and Spirakis 2006: the smallest of exponential draws with the rates p.
        e = np.asarray(self._draws((count,), "standard_exponential")[0])
        with np.errstate(divide="ignore"):
            return np.argsort(e / p, kind="stable")[:size].reshape(shape)

    def permutation(self, x, axis=0):
        """`x`, or range(x), in a random order along an axis: a copy."""
        if np.ndim(x) == 0:
            return asarray(self._order((operator.index(x),)))
        x = asarray(x)
        return x.take(asarray(self._order((x.shape[axis],))), axis=axis)

    def shuffle(self, x, axis=0):
        """Puts `x` into a random order along an axis, in place."""
        if isinstance(x, (np.ndarray, _core.Array)):
            if x.ndim == 0:
                raise TypeError("object of type 'numpy.float64' has no len()")
            order = self._order((x.shape[axis],))
            x[...] = np.asarray(x).take(order, axis=axis)
            return
        if axis != 0:  # NumPy's error for lists
            raise NotImplementedError("Axis argument is only supported on ndarray objects")
        items = list(x)
        for k, place in enumerate(self._order((len(items),))):
            x[k] = items[place]

    def permuted(self, x, axis=None, out=None):
        """`x` with every line along an axis in a random order of its own; without an axis, all elements in one."""
        source = np.asarray(x)
        if axis is None:
            result = source.ravel()[self._order((source.size,))].reshape(source.shape)
        else:
            result = np.take_along_axis(source, self._order(source.shape, axis), axis)
        if out is None:
            return asarray(result)
        out[...] = result
        return out
