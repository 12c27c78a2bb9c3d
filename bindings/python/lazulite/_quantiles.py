"""Medians and quantiles: order statistics from the core, between which small expressions interpolate."""

import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from lazulite import _core, _fallback
from lazulite._reductions import deliver, known_arguments

_ufuncs = _core.ufuncs

# --- Methods ---------------------------------------------------------------------------------------------------------
#
# A method gives, for n sorted elements, the place of a quantile among them: a whole number, or one between two. Both n
# and the result may be lazy. Names and rules are those of Hyndman and Fan, "Sample Quantiles in Statistical
# Packages" (1996), and numpy's.


def _whole(a):
    return a.astype(np.int64)


def _plotting(alpha, beta):
    return lambda n, q: n * q + (alpha + q * (1 - alpha - beta)) - 1


def _discrete(shift, stays):
    """Up to the next element, unless `stays` says that the one before is meant."""

    def place(n, q):
        index = n * q - 1 - shift
        before = np.floor(index)
        return _whole(np.maximum(np.where(stays(index - before, before), before, before + 1), 0))

    return place


_places = {
    "inverted_cdf": _discrete(0, lambda gamma, _: gamma == 0),
    "averaged_inverted_cdf": lambda n, q: n * q - 1,
    "closest_observation": _discrete(0.5, lambda gamma, before: (gamma == 0) & (before % 2 == 1)),
    "interpolated_inverted_cdf": _plotting(0, 1),
    "hazen": _plotting(0.5, 0.5),
    "weibull": _plotting(0, 0),
    "linear": lambda n, q: (n - 1) * q,
    "median_unbiased": _plotting(1 / 3.0, 1 / 3.0),
    "normal_unbiased": _plotting(3 / 8.0, 3 / 8.0),
    "lower": lambda n, q: _whole(np.floor((n - 1) * q)),
    "higher": lambda n, q: _whole(np.ceil((n - 1) * q)),
    "midpoint": lambda n, q: 0.5 * (np.floor((n - 1) * q) + np.ceil((n - 1) * q)),
    "nearest": lambda n, q: _whole(np.rint((n - 1) * q)),
}

#: Methods whose places are whole numbers whatever q is.
_whole_methods = frozenset({"inverted_cdf", "closest_observation", "lower", "higher", "nearest"})

#: How far a place is towards the next element, where that is not its fraction.
_fractions = {
    "averaged_inverted_cdf": lambda gamma, place: np.where(gamma == 0, 0.5, 1.0),
    "midpoint": lambda gamma, place: np.where(place % 1 == 0, 0.0, 0.5),
}


# --- Lines -----------------------------------------------------------------------------------------------------------


class _Lines:
    """The reduced axes of an array as one axis, the last; and the shapes of results."""

    def __init__(self, a, axis, keepdims):
        axes = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
        kept = [k for k in range(a.ndim) if k not in axes]
        self.shape = tuple(a.shape[k] for k in kept)
        self.n = math.prod(a.shape[k] for k in axes)
        self.result = tuple(1 if k in axes else n for k, n in enumerate(a.shape)) if keepdims else self.shape
        rows = _core.transpose(a, [*kept, *sorted(axes)]) if kept and axes else a
        self.values = _core.reshape(rows, (*self.shape, self.n))
        self.is_float = a.dtype.kind == "f"

    def count(self):
        """Number of elements of every line that are no NaN."""
        there = _ufuncs["logical_not"](_ufuncs["isnan"](self.values))
        return _core.reductions["sum"](there, axis=-1, dtype=np.int64)

    def select(self, places, all_nan=False):
        """The elements at these places of every line in ascending order, NaN last; the first axis counts places.

        `all_nan`: they are all NaN in a line that has one.
        """
        if not isinstance(places, _core.Array):
            places = np.reshape(places, (-1,) + (1,) * len(self.shape))
            places = _core.from_ndarray(places.astype(np.int64))
        return _core.select(self.values, _core.broadcast_to(places, (places.shape[0], *self.shape)), all_nan)


def _pair(first, second):
    """Both along a new first axis, lazily."""
    is_first = np.reshape([True, False], (2,) + (1,) * first.ndim)
    return _ufuncs["where"](is_first, first, second)


def _to_numpy(name, a, axis, kwargs):
    reason = "empty arrays, weights and bool are numpy's"
    return _fallback.call_function(getattr(np, name), name, (a,), {"axis": axis, **kwargs}, reason)


def _shaped(result, shape, scalar):
    """`result` in its final shape; a numpy scalar where numpy gives one."""
    if result.shape != shape:
        result = _core.reshape(result, shape)
    return _core.as_scalar(result) if scalar and not shape and not result.is_scalar else result


# --- Medians ---------------------------------------------------------------------------------------------------------


def _deliver_middle(result, out, name):
    """`result`, written to `out` with any cast: numpy's medians are means, which write so."""
    known = out is not None and hasattr(out, "dtype")
    return deliver(_core.astype(result, out.dtype, False) if known else result, out, name)


@known_arguments
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Median over the given axes; NaN where there is one."""
    if a.size == 0 or a.ndim == 0:
        return _to_numpy("median", a, axis, {"out": out, "keepdims": keepdims})
    lines = _Lines(a, axis, keepdims)
    s = lines.select(sorted({(lines.n - 1) // 2, lines.n // 2}), True)
    result = _core.reductions["mean"](s, axis=0)
    return _deliver_middle(_shaped(result, lines.result, True), out, "median")


@known_arguments
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Median over the given axes of what is no NaN; NaN where there is nothing."""
    if a.dtype.kind != "f":
        return median(a, axis, out, overwrite_input, keepdims)
    if a.size == 0:
        return _to_numpy("nanmedian", a, axis, {"out": out, "keepdims": keepdims})
    lines = _Lines(a, axis, keepdims)
    count = lines.count()
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    s = lines.select(_pair(low, high))
    result = _ufuncs["where"](_ufuncs["equal"](low, high), s[0], (s[0] + s[1]) / 2)
    return _deliver_middle(_shaped(result, lines.result, True), out, "nanmedian")


# --- Quantiles -------------------------------------------------------------------------------------------------------


@known_arguments
def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The quantiles q (numbers in [0, 1]) over the given axes; NaN where there is one. All of numpy's methods."""
    return _quantiles("quantile", a, q, axis, out, method, keepdims, weights)


@known_arguments
def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The percentiles q (numbers in [0, 100]) over the given axes; as `quantile` otherwise."""
    return _quantiles("percentile", a, q, axis, out, method, keepdims, weights)


@known_arguments
def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The quantiles q over the given axes of what is no NaN; NaN where there is nothing."""
    return _quantiles("nanquantile", a, q, axis, out, method, keepdims, weights)


@known_arguments
def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """The percentiles q over the given axes of what is no NaN; as `nanquantile` otherwise."""
    return _quantiles("nanpercentile", a, q, axis, out, method, keepdims, weights)


def _quantiles(name, a, q, axis, out, method, keepdims, weights):
    weak = type(q) in (int, float)  # NEP 50: a Python number does not widen the result
    q = np.asanyarray(_fallback.to_numpy(q))
    numpys = a.size == 0 or weights is not None or q.size == 0 or q.ndim > 2 or method not in _places
    if numpys or a.dtype.kind == "b" or q.dtype.char not in "bBhHiIlLqQfd":
        kwargs = {"q": q[()] if weak else q, "out": out, "method": method, "keepdims": keepdims, "weights": weights}
        return _to_numpy(name, a, axis, kwargs)
    share = name.endswith("percentile")
    if share:
        q = np.asanyarray(np.true_divide(q, 100))
    if not (q.min() >= 0 and q.max() <= 1):
        raise ValueError(
            "Percentiles must be in the range [0, 100]" if share else "Quantiles must be in the range [0, 1]"
        )
    lines = _Lines(a, axis, keepdims)
    per_line = name.startswith("nan") and lines.is_float  # NaN is left out: every line has a length of its own
    if per_line:
        n = lines.count()
        rows = _core.from_ndarray(np.reshape(q, (-1,) + (1,) * len(lines.shape)))
        place = _places[method](n.astype(q.dtype) if q.dtype.kind == "f" else n, rows)
    else:
        n = lines.n
        place = _places[method](n, q.ravel())
    if place.dtype.kind in "iu" and (method == "linear" or method in _whole_methods):
        result = lines.select(_ufuncs["maximum"](place, 0) if per_line else place, not per_line)
    else:
        result = _interpolated(lines, place, n - 1, method, per_line, weak, q.dtype)
    return deliver(_shaped(result, (*q.shape, *lines.result), q.ndim == 0 and not keepdims), out, name)


def _interpolated(lines, place, last, method, per_line, weak, q_dtype):
    """Between the elements before and after the places, as numpy does it to the last bit."""
    before = np.where(place >= last, -1, np.where(place < 0, 0, np.floor(place)))
    after = np.where(place >= last, -1, np.where(place < 0, 0, np.floor(place) + 1))
    m = place.shape[0]
    if per_line:
        ends = [_whole(np.where(k < 0, last, k)) for k in (before, after)]
        pairs = _core.reshape(_pair(*ends), (2 * m, *lines.shape))
        s = lines.select(_ufuncs["maximum"](pairs, 0))
    else:
        s = lines.select(np.concatenate([before, after]).astype(np.int64) % (last + 1), True)
    gamma = place - before.astype(place.dtype)
    if method in _fractions:
        gamma = _fractions[method](gamma, place)
    gamma = gamma.astype(q_dtype if place.dtype.kind in "iu" else place.dtype)
    rest = 1 - gamma
    nearer_high = gamma >= 0.5
    if per_line and weak:
        gamma, rest = gamma.astype(lines.values.dtype), rest.astype(lines.values.dtype)
    elif weak:
        gamma, rest, nearer_high = float(gamma[0]), float(rest[0]), bool(nearer_high[0])
    elif not per_line:
        gamma, rest, nearer_high = (np.reshape(g, (-1,) + (1,) * len(lines.shape)) for g in (gamma, rest, nearer_high))
    low, high = s[:m], s[m:]
    step = high - low
    return np.where(nearer_high, high - step * rest, low + step * gamma)
