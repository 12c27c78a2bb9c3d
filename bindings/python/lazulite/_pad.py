"""numpy.pad: the values are computed straight into the middle of the result, then the borders are written."""

import numpy as np

from lazulite import _core, _fallback
from lazulite._evaluate import compute
from lazulite._quantiles import median
from lazulite._shape import first_operand, is_contiguous

_statistics = {
    "maximum": _core.reductions["max"],
    "minimum": _core.reductions["min"],
    "mean": _core.reductions["mean"],
    "median": median,
}

_keywords = {
    "constant": {"constant_values"},
    "empty": set(),
    "edge": set(),
    "reflect": {"reflect_type"},
    "symmetric": {"reflect_type"},
    "wrap": set(),
    **{mode: {"stat_length"} for mode in _statistics},
}


@first_operand
def pad(array, pad_width, mode="constant", **kwargs):
    """A new array with borders; 'linear_ramp', odd reflections and functions as the mode are NumPy's."""
    known = isinstance(mode, str) and _keywords.get(mode, set()).issuperset(kwargs) and mode in _keywords
    if not known or kwargs.get("reflect_type", "even") != "even" or isinstance(pad_width, dict):
        reason = "a mode or an argument that lazulite has not"
        return _fallback.call_function(np.pad, "pad", (array, pad_width, mode), kwargs, reason)
    widths = np.asarray(_fallback.to_numpy(pad_width))
    if widths.dtype.kind != "i":
        raise TypeError("`pad_width` must be of integral type.")
    if widths.size and widths.min() < 0:
        raise ValueError("index can't contain negative values")
    widths = _pairs(widths, array.ndim)
    shape = [before + n + after for n, (before, after) in zip(array.shape, widths, strict=True)]
    if array.size == 0 and mode not in ("constant", "empty"):
        for axis, (n, pair) in enumerate(zip(array.shape, widths, strict=True)):
            if n == 0 and any(pair):
                raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
    values = _pairs(np.asarray(_fallback.to_numpy(kwargs.get("constant_values", 0))), array.ndim)
    lengths = _lengths(kwargs.get("stat_length"), array.ndim)

    fortran = is_contiguous(array, "F") and not is_contiguous(array, "C")
    result = _core.empty_like(shape, array.dtype, [array] if fortran else [])
    middle = [slice(before, before + n) for n, (before, _) in zip(array.shape, widths, strict=True)]
    result[(*middle, ...)] = array
    if mode == "empty" or result.size == 0:
        return result
    for axis, (n, (before, after)) in enumerate(zip(array.shape, widths, strict=True)):
        # The axes before this one have their borders already, those behind it are filled in the middle only.
        area = result[(*(slice(None),) * (axis + 1), *middle[axis + 1 :])]
        lead = (slice(None),) * axis
        if mode == "constant" or mode in _statistics:
            inside = area[(*lead, slice(before, before + n))]
            low, high = values[axis] if mode == "constant" else _ends(mode, inside, axis, lengths[axis])
            area[(*lead, slice(None, before))] = low
            area[(*lead, slice(before + n, None))] = high
        else:
            inner = area[(*lead, slice(before, before + n))]
            for start, stop, source in _copies(mode, n, before, after):
                area[(*lead, slice(before + start, before + stop))] = inner[(*lead, source)]
    return result


def _pairs(values, ndim):
    """(before, after) of every axis: given as one value, as one pair, or for every axis."""
    if values.ndim < 3 and values.size == 2 and values.shape != (2, 1):
        values = values.reshape(2)
    elif values.ndim < 3 and values.size == 1:
        values = values.reshape(1)
    pairs = np.broadcast_to(values, (ndim, 2))
    if values.dtype.kind == "i" and values.size <= 2:
        return [(before, after) for before, after in pairs]  # NumPy's scalars: another dtype takes their low bits
    return pairs.tolist()


def _lengths(given, ndim):
    """How many elements at both ends of every axis a statistic looks at; None: all."""
    if given is None:
        return [(None, None)] * ndim
    lengths = np.round(np.asarray(_fallback.to_numpy(given))).astype(np.intp)
    if lengths.size and lengths.min() < 0:
        raise ValueError("index can't contain negative values")
    return _pairs(lengths, ndim)


def _ends(mode, inside, axis, lengths):
    """The statistic of the elements at the low and at the high end of an axis."""
    n = inside.shape[axis]
    low, high = (n if length is None else min(n, length) for length in lengths)
    if 0 in (low, high) and mode in ("maximum", "minimum"):
        raise ValueError("stat_length of 0 yields no value for padding")
    lead = (slice(None),) * axis
    ends = [inside[(*lead, slice(0, low))], inside[(*lead, slice(n - high, n))]]
    ends = [_statistics[mode](end, axis=axis, keepdims=True) for end in ends]
    whole = inside.dtype.kind in "iu" and mode in ("mean", "median")
    # Both now: what is pending keeps its own copy of what is written over.
    return compute(*(_core.ufuncs["rint"](end) if whole else end for end in ends))


def _copies(mode, n, before, after):
    """How a border repeats the n elements inside: (start, stop, slice of the inside), positions relative to it."""
    if mode == "edge" or (n == 1 and mode == "reflect"):
        yield -before, 0, slice(0, 1)
        yield n, n + after, slice(n - 1, n)
        return
    period = n - 1 if mode == "reflect" else n
    for block in range(-(-before // period) * -1, (n + after - 1) // period + 1):
        if block == 0 and period == n:
            continue
        start, stop = max(block * period, -before), min((block + 1) * period, n + after)
        for low, high in ((start, min(stop, 0)), (max(start, n), stop)):
            if low >= high:
                continue
            first, last = low - block * period, high - block * period - 1
            if mode == "wrap" or block % 2 == 0:
                yield low, high, slice(first, last + 1)
            else:
                top = n - 1  # where the reversed run begins
                end = top - last - 1
                yield low, high, slice(top - first, end if end >= 0 else None, -1)
