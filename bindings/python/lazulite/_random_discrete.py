"""Discrete laws of `lazulite.random`: whole numbers, as int64 where the caller does not choose."""

import operator

import numpy as np

from lazulite import _core
from lazulite import _random_checks as check
from lazulite._creation import asarray
from lazulite._evaluate import compute
from lazulite._join import stack
from lazulite._random_checks import one, parameters

_f = _core.ufuncs
_INTEGERS = {np.dtype(t) for t in ("bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")}


class DiscreteLaws:
    """The part of Generator with the discrete laws."""

    def poisson(self, lam=1.0, size=None):
        """Poisson of mean `lam`."""
        check.poisson_mean("lam", lam)
        lam, shape = parameters(size, lam)
        return one(_core.sample("poisson", self._words(shape), lam).astype(np.int64), shape)

    def binomial(self, n, p, size=None):
        """How many of `n` trials of probability `p` succeed."""
        n = check.counts("n", n)
        check.probability("p", p)
        n, p, shape = parameters(size, n, p)
        return one(_core.sample("binomial", self._words(shape), n, p).astype(np.int64), shape)

    def negative_binomial(self, n, p, size=None):
        """How many trials of probability `p` fail before the `n`-th succeeds: Poisson of a gamma mean."""
        check.positive("n", n)
        check.probability("p", p, low="<=", nan="contains NaNs")
        with np.errstate(all="ignore"):
            largest = (1 - check.values(p)) / check.values(p) * (check.values(n) + 10 * np.sqrt(check.values(n)))
        if np.any(largest > check.LARGEST_MEAN):
            raise ValueError("n too large or p too small, see Generator.negative_binomial Notes")
        n, p, shape = parameters(size, n, p)
        words = self._words(shape)
        mean = _core.sample("gamma", words, n) * ((1 - p) / p)
        return one(_core.sample("poisson", _core.sample("fork", words, 0.0), mean).astype(np.int64), shape)

    def geometric(self, p, size=None):
        """How many trials of probability `p` it takes until one succeeds."""
        check.probability("p", p, low="<=", nan="contains NaNs")
        p, shape = parameters(size, p)
        e = self._draws(shape, "standard_exponential")[0]
        trials = _f["ceil"](e / -_f["log1p"](-asarray(p) if check.is_number(p) else -p))
        # Numbers beyond int64 become its largest, as NumPy's.
        trials = _f["clip"](trials, 1.0, 2.0**63 - 1024)
        return one(trials.astype(np.int64), shape)

    def zipf(self, a, size=None):
        """The zeta law: k with probability proportional to k**-a."""
        check.greater_than_1("a", a)
        a, shape = parameters(size, a)
        return one(_core.sample("zipf", self._words(shape), a).astype(np.int64), shape)

    def logseries(self, p, size=None):
        """The logarithmic series' law (Kemp 1981)."""
        check.probability("p", p, high=">=")
        p, shape = parameters(size, p)
        words = self._words(shape)
        u, v = _core.sample("uniform", words, 0.0), _core.sample("uniform", words, 1.0)
        q = -_f["expm1"](_f["log1p"](-asarray(p) if check.is_number(p) else -p) * (1 - u))
        long = _f["floor"](1 + _f["log"](1 - v) / _f["log"](q))
        k = _f["where"](1 - v <= q * q, _f["maximum"](long, 1.0), _f["where"](1 - v >= q, 1.0, 2.0))
        return one(_f["where"](q > 0, k, 1.0).astype(np.int64), shape)

    def multinomial(self, n, pvals, size=None):
        """How often each of the outcomes of probabilities `pvals` comes in `n` trials, along a last axis."""
        n = check.counts("n", n)
        pvals = np.asarray(pvals, dtype=np.float64)
        if pvals.ndim == 0 or pvals.shape[-1] == 0:
            raise ValueError(
                "pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0."
            )
        check.probability("pvals", pvals, nan="contains NaNs")
        if np.any(pvals[..., :-1].sum(axis=-1) > 1 + 1e-12):
            raise ValueError("sum(pvals[:-1]) > 1.0")
        n, _, shape = parameters(size, n, asarray(pvals[..., 0]))
        words, left = self._words(shape), n
        if check.is_number(left):
            left = asarray(np.full(shape or (), left))
        rest, counts = np.ones(pvals.shape[:-1]), []
        for k in range(pvals.shape[-1] - 1):
            with np.errstate(all="ignore"):
                p = np.where(rest > 0, np.clip(pvals[..., k] / rest, 0, 1), 0)
            draw = _core.sample("binomial", _core.sample("fork", words, float(k)), left, asarray(p))
            counts.append(draw.astype(np.int64))
            left, rest = left - draw, rest - pvals[..., k]
        counts.append((left + 0 * words if not counts else left).astype(np.int64))
        return _side_by_side(counts)

    def hypergeometric(self, ngood, nbad, nsample, size=None):
        """How many of `nsample` things that are taken from `ngood` good and `nbad` bad ones are good."""
        good, bad, sample = check.hypergeometric(ngood, nbad, nsample)
        *_, shape = parameters(size, good, bad, sample)
        good, bad, sample = (asarray(p).astype(np.uint64) for p in (good, bad, sample))
        draw = self._hypergeometric(self._integer_words(shape), good, bad, sample)
        return one(draw.astype(np.int64), shape)

    @staticmethod
    def _hypergeometric(words, good, bad, sample):
        """Of uint64 arrays. The law has two operands beside its words: numbers below 2**32 share one."""
        return _core.sample("hypergeometric", words, (good << np.uint64(32)) | bad, sample)

    def multivariate_hypergeometric(self, colors, nsample, size=None, method="marginals"):
        """How many of each color there are among `nsample` things that are taken from `colors[k]` of color k, along a
        last axis. (`method` chooses NumPy's check of the sum; the draw is that of the marginals.)"""
        colors, nsample = check.colors(colors, nsample, method)
        shape = () if size is None else check.shape_of(size)
        if not colors:
            return asarray(np.zeros((*shape, 0), np.int64))
        words = self._integer_words(shape)
        left, rest, counts = asarray(np.uint64(nsample)), sum(colors), []
        for k, color in enumerate(colors[:-1]):
            rest -= color
            word = _core.sample("fork", words, asarray(np.uint64(k)))
            count = self._hypergeometric(word, asarray(np.uint64(color)), asarray(np.uint64(rest)), left)
            counts.append(count.astype(np.int64))
            left = left - count
        counts.append((left if len(colors) > 1 else left + 0 * words).astype(np.int64))
        return _side_by_side(counts)

    def integers(self, low, high=None, size=None, dtype=np.int64, endpoint=False):
        """Uniform integers in [low, high), or [0, low); with `endpoint`, the upper bound is among them."""
        dtype = np.dtype(dtype)
        if dtype not in _INTEGERS:
            raise TypeError(f"Unsupported dtype {dtype!r} for integers")
        least, most = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        high_alone = high is None
        if high_alone:
            low, high = 0, low
        numbers = np.ndim(low) == 0 and np.ndim(high) == 0
        # Python's integers, alone or in arrays: the bounds of two dtypes together may be those of none.
        whole = int if numbers else lambda bound: np.vectorize(int)(np.asarray(bound, dtype=object)).astype(object)
        low, last = whole(low), whole(high) - (not endpoint)
        either = bool if numbers else np.any  # np.any of one bool takes microseconds
        if either(low < least):
            raise ValueError(f"low is out of bounds for {dtype}")
        if either(last > most):
            raise ValueError(f"high is out of bounds for {dtype}")
        if either(low > last):
            if numbers and high_alone:
                raise ValueError("high < 0" if endpoint else "high <= 0")
            raise ValueError("low > high" if endpoint else "low >= high")
        width, start = (asarray(np.asarray(bound, dtype=np.uint64)) for bound in (last - low, low % 2**64))
        if numbers:
            shape = None if size is None else check.shape_of(size)
        else:
            *_, shape = parameters(size, width, start)
        draw = _core.sample("integer", self._integer_words(shape), width)
        if not numbers or low != 0:
            draw = draw + start
        return one(draw.astype(dtype), shape)

    def bytes(self, length):
        """`length` random bytes."""
        length = operator.index(length)
        words = np.asarray(self._draws((max(0, -(-length // 8)),), "word", dtype=np.uint64)[0])
        return words.astype("<u8").tobytes()[: max(0, length)]


def _side_by_side(counts):
    """Stacked along a last axis. Each count takes part in the next ones: together first, or it would be drawn anew."""
    compute(*counts)
    return stack(counts, axis=-1)
