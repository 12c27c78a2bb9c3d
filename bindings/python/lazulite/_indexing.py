"""NumPy's functions of indices and masks, in terms of indexing."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from lazulite import _core, _fallback, _join, _shape
from lazulite._shape import first_operand, operand

_FOREIGN = "an operand that lazulite has not"
_ufuncs = _core.ufuncs


def _indices(values, casting="same_kind"):
    """Whole numbers to take elements by, as a lazy array."""
    if not isinstance(values, (_core.Array, np.ndarray, np.generic)):
        values = np.array(values, np.intp)
    if not np.can_cast(values.dtype, np.intp, casting):
        raise TypeError(
            f"Cannot cast array data from {values.dtype!r} to {np.dtype(np.intp)!r} according to the rule '{casting}'"
        )
    return _core.astype(operand(values), np.intp, False)


def _mode(mode):
    names = {"raise": "raise", "wrap": "wrap", "clip": "clip", 0: "clip", 1: "wrap", 2: "raise"}
    if not isinstance(mode, (str, int)) or mode not in names:
        raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got {mode!r})")
    return names[mode]


def _deliver(result, out, name):
    """The result, or `out` with it written there."""
    if out is None:
        return result
    if out.shape != result.shape:
        raise ValueError(f"output array does not match result of ndarray.{name}")
    if isinstance(out, _core.Array):
        _core.write_out(out, result, name)
    else:
        np.copyto(out, _fallback.to_numpy(result), casting="unsafe")
    return out


# --- Reading ---------------------------------------------------------------------------------------------------------


@first_operand
def take(a, indices, axis=None, out=None, mode="raise"):
    """The elements at `indices` along an axis, or of the array laid flat. Stays lazy."""
    mode, indices = _mode(mode), _indices(indices)
    if axis is None:
        a, axis = _shape.ravel(a), 0
    a = _shape.atleast_1d(a)
    axis = normalize_axis_index(axis, a.ndim)
    before, after = a.shape[:axis], a.shape[axis + 1 :]
    if 0 in before:  # numpy looks at no index then
        return _deliver(_core.full((*before, *indices.shape, *after), 0, a.dtype), out, "take")
    if a.shape[axis] == 0 and indices.size > 0 and 0 not in after:
        raise IndexError("cannot do a non-empty take from an empty axes.")
    if a.shape[axis] == 0:
        mode = _mode("raise")  # an empty axis has nothing to wrap around in, or to clip to
    result = _core.take(a, _shape.atleast_1d(indices), axis, mode)
    if indices.ndim == 0:
        result = _core.squeeze(result, axis)
        if result.ndim == 0:
            result = _core.as_scalar(result)
    return _deliver(result, out, "take")


@first_operand
def compress(condition, a, axis=None, out=None):
    """The slices along an axis (the elements, without one) for which the 1-d `condition` is true."""
    if condition.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    return take(a, _core.nonzero(condition)[0], axis, out)


def extract(condition, arr):
    """The elements of the array laid flat where `condition` is true."""
    return take(_shape.ravel(arr), flatnonzero(condition))


@first_operand
def nonzero(a):
    """The indices of the elements that are not zero: an array for each axis."""
    return _core.nonzero(a)


@first_operand
def flatnonzero(a):
    """The indices of the elements that are not zero, in the array laid flat."""
    return _core.nonzero(_shape.ravel(a))[0]


@first_operand
def argwhere(a):
    """The indices of the elements that are not zero: a row for each of them."""
    if a.ndim == 0:
        return _core.empty((int(bool(a)), 0), np.intp)
    return _join.stack(_core.nonzero(a)).T


def choose(a, choices, out=None, mode="raise"):
    """Elements of the arrays `choices`, those of number `a` of them."""
    mode, a = _mode(mode), _indices(a)
    weak = (bool, int, float)
    dtype = np.result_type(*(c if type(c) in weak else getattr(c, "dtype", np.asarray(c).dtype) for c in choices))
    choices = [operand(c) for c in choices]
    if any(c is None for c in choices):
        return _fallback.call_function(np.choose, "choose", (a, choices, out, mode), {}, _FOREIGN)
    choices = [_core.astype(c, dtype, False) for c in choices]
    last = len(choices) - 1
    if mode == "clip":
        a = _ufuncs["clip"](a, 0, last)
    elif mode == "wrap":
        a = a % (last + 1)
    elif a.size and not ((a >= 0) & (a <= last)).all():
        raise ValueError("invalid entry in choice array")
    result = choices[last]
    for number in range(last - 1, -1, -1):
        result = _ufuncs["where"](a == number, choices[number], result)
    shape = np.broadcast_shapes(a.shape, *(c.shape for c in choices))
    if result.shape != shape or last == 0:
        result = _core.copy(_core.broadcast_to(result, shape), True)
    return _deliver(result, out, "choose")


def _along_axis(arr, indices, axis):
    """The key that picks arr[..., indices, ...] along the axis, other indices being those of the place."""
    if indices.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if arr.ndim != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    key = []
    for k, extent in enumerate(arr.shape):
        along = [-1 if j == k else 1 for j in range(arr.ndim)]
        key.append(indices if k == axis else np.arange(extent).reshape(along))
    return tuple(key)


@first_operand
def take_along_axis(arr, indices, axis=-1):
    """The elements at the indices along an axis, one for each place of `indices`."""
    indices = operand(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        arr, axis = _shape.ravel(arr), 0
    else:
        axis = normalize_axis_index(axis, arr.ndim)
    return arr[_along_axis(arr, indices, axis)]


# --- Writing ---------------------------------------------------------------------------------------------------------


def _in_place(function):
    """`function` where its first argument is a lazy array; NumPy's own otherwise."""
    name = function.__name__

    def wrapper(a, *args, **kwargs):
        if isinstance(a, _core.Array) and not a.is_scalar:
            return function(a, *args, **kwargs)
        return _fallback.call_function(getattr(np, name), name, (a, *args), kwargs, "the target is no lazy array")

    wrapper.__name__ = wrapper.__qualname__ = name
    wrapper.__doc__ = function.__doc__
    wrapper.__module__ = __name__
    return wrapper


def _repeated(values, count):
    """`count` elements: those of `values` laid flat, over and over."""
    values = _shape.ravel(values)
    if values.size == count:
        return values
    return take(values, np.arange(count), mode="wrap")


@_in_place
def put(a, ind, v, mode="raise"):
    """Set the elements at the indices `ind` of the array laid flat; `v` is repeated as needed."""
    mode, ind = _mode(mode), _shape.ravel(_indices(ind, "safe"))
    v = _shape.ravel(v)
    if ind.size and not a.size:
        raise IndexError("cannot replace elements of an empty array")
    if v.size == 0 or ind.size == 0:
        return
    v = v[0] if v.size == 1 else _repeated(v, ind.size)
    flat = _core.reshape(a, -1)
    if _core.same_base(flat, a):
        _core.put(flat, ind, v, mode)
    else:
        a[np.unravel_index(take(np.arange(a.size), ind, mode=mode), a.shape)] = v


@_in_place
def put_along_axis(arr, indices, values, axis):
    """Set the elements at the indices along an axis, one for each place of `indices`."""
    indices = operand(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        put(arr, _indices(indices), np.broadcast_to(values, indices.shape))
        return
    arr[_along_axis(arr, indices, normalize_axis_index(axis, arr.ndim))] = values


@_in_place
def copyto(dst, src, casting="same_kind", where=True):
    """Write the values of `src`, repeated to fit, where the mask `where` is true."""
    source = src if isinstance(src, (_core.Array, np.ndarray, np.generic)) else np.asarray(src)
    if not np.can_cast(source.dtype, dst.dtype, casting):
        kind = "array data" if source.ndim else "scalar"
        raise TypeError(f"Cannot cast {kind} from {source.dtype!r} to {dst.dtype!r} according to the rule '{casting}'")
    if where is True:
        known = operand(source)  # an array, even of one number: that is cast as arrays are
        dst[...] = src if known is None else _core.astype(known, dst.dtype, False)
        return
    mask = operand(where)
    if mask.dtype != bool:
        raise TypeError(
            f"Cannot cast array data from {mask.dtype!r} to {np.dtype(bool)!r} according to the rule 'safe'"
        )
    new = _core.astype(operand(source), dst.dtype, False)
    dst[...] = _ufuncs["where"](_core.broadcast_to(mask, dst.shape), _core.broadcast_to(new, dst.shape), dst)


def _mask_of(a, mask, name):
    mask = _core.astype(operand(mask), bool, False)
    if mask.size != a.size:
        raise ValueError(f"{name}: mask and data must be the same size")
    return _core.reshape(mask, a.shape)


def _safe_values(a, values):
    """The values laid flat, in the dtype of `a`: an array must fit it, numbers and lists are made to."""
    if isinstance(values, np.ndarray) or (isinstance(values, _core.Array) and not values.is_scalar):
        if not np.can_cast(values.dtype, a.dtype, "safe"):
            raise TypeError(f"Cannot cast array data from {values.dtype!r} to {a.dtype!r} according to the rule 'safe'")
        return _core.astype(_shape.ravel(values), a.dtype, False)
    return _shape.ravel(np.array(_fallback.to_numpy(values), a.dtype))


@_in_place
def putmask(a, mask, values):
    """Set the elements where the mask is true, to the values of the same place; these are repeated as needed."""
    mask = _mask_of(a, mask, "putmask")
    values = _safe_values(a, values)
    if values.size == 0:
        return
    new = values[0] if values.size == 1 else _core.reshape(_repeated(values, a.size), a.shape)
    a[...] = _ufuncs["where"](mask, new, a)


@_in_place
def place(arr, mask, vals):
    """Set the elements where the mask is true, to one value after the other; these are repeated as needed."""
    mask = _mask_of(arr, mask, "place")
    vals = _safe_values(arr, vals)
    if vals.size == 0:
        if bool(_core.reductions["any"](mask)):
            raise ValueError("Cannot insert from an empty array!")
    elif vals.size == 1 or arr.ndim == 0:
        arr[mask] = vals[0]
    else:
        positions = _core.nonzero(mask)
        arr[positions] = _repeated(vals, positions[0].size)


def at(ufunc, a, indices, *operands):
    """`ufunc.at`: change the elements at the indices one after the other, so that repeated ones change repeatedly."""
    lazy = isinstance(a, _core.Array) and len(operands) == 1 and ufunc.nin == 2
    if lazy and _core.accumulate_at(ufunc.__name__, a, indices, operands[0]):
        return
    _fallback.call_function(ufunc.at, f"{ufunc.__name__}.at", (a, indices, *operands), {}, "not in the op table")
