"""Reductions and running results that are written in terms of the op table's: they fuse as it does."""

import functools
import inspect

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from lazulite import _core, _fallback, _join, _shape
from lazulite._shape import first_operand

_ufuncs, _reductions = _core.ufuncs, _core.reductions


def known_arguments(function):
    """`function` of a lazy array; NumPy's where operands or arguments are not ours (`initial=`, `where=`, ...)."""
    name, parameters = function.__name__, inspect.signature(function).parameters
    own = first_operand(function)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        kwargs = {k: v for k, v in kwargs.items() if v is not np._NoValue}
        if len(args) > len(parameters) or not parameters.keys() >= kwargs.keys():
            call = getattr(np, name)
            return _fallback.call_function(call, name, args, kwargs, "an argument that lazulite has not")
        return own(*args, **kwargs)

    return wrapper


def deliver(result, out, name):
    """`result`, written to `out` where there is one."""
    if out is None:
        return result
    if isinstance(out, _core.Array):
        _core.write_out(out, result, name)
        return out
    return _fallback.write_ndarray(out, result, name, False)


# --- Running results -------------------------------------------------------------------------------------------------


def accumulate(row, a, axis=0, dtype=None, out=None):
    """`numpy.ufunc.accumulate` of the op table's row: element i joins the elements 0, ..., i along the axis."""
    if a.ndim == 0:
        raise TypeError("cannot accumulate on a scalar")
    if axis is None and a.ndim > 1:
        raise ValueError("accumulate does not allow multiple axes")
    axis = 0 if axis is None else axis
    if out is None:
        return _core.accumulate(row, a, axis, dtype)
    if out.shape != a.shape:
        raise ValueError("provided out is the wrong size for the accumulation.")
    if dtype is None and row in ("add", "multiply"):
        dtype = np.promote_types(a.dtype, out.dtype)  # numpy joins in what it writes to, if that is wider
    return deliver(_core.astype(_core.accumulate(row, a, axis, dtype), out.dtype, False), out, row)


def _along(a, axis):
    """The array and the axis that a running result means: laid flat for None."""
    if axis is None:
        return _shape.ravel(a), 0
    return (a[None] if a.ndim == 0 else a), axis


@first_operand
def cumsum(a, axis=None, dtype=None, out=None):
    """Running sums along an axis, or of the array laid flat. Floats are added in chains of 256, which are then joined:
    the last bits may differ from numpy's one chain, and are closer to the exact sums."""
    return accumulate("add", *_along(a, axis), dtype, out)


@first_operand
def cumprod(a, axis=None, dtype=None, out=None):
    """Running products along an axis, or of the array laid flat; in chains, as `cumsum`."""
    return accumulate("multiply", *_along(a, axis), dtype, out)


@first_operand
def nancumsum(a, axis=None, dtype=None, out=None):
    """Running sums with NaN as 0."""
    return cumsum(_instead_of_nan(a, 0), axis, dtype, out)


@first_operand
def nancumprod(a, axis=None, dtype=None, out=None):
    """Running products with NaN as 1."""
    return cumprod(_instead_of_nan(a, 1), axis, dtype, out)


@first_operand
def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """The array API's `cumsum`; `include_initial` puts a 0 before the sums."""
    return _cumulative("add", 0, x, axis, dtype, out, include_initial)


@first_operand
def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    """The array API's `cumprod`; `include_initial` puts a 1 before the products."""
    return _cumulative("multiply", 1, x, axis, dtype, out, include_initial)


def _cumulative(row, initial, x, axis, dtype, out, include_initial):
    x = x[None] if x.ndim == 0 else x
    if axis is None:
        if x.ndim >= 2:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0
    if not include_initial:
        return accumulate(row, x, axis, dtype, out)
    axis = normalize_axis_index(axis, x.ndim)
    if out is not None:
        rest = (slice(None),) * axis
        accumulate(row, x, axis, dtype, out[(*rest, slice(1, None))])
        out[(*rest, 0)] = initial
        return out
    result = accumulate(row, x, axis, dtype)
    before = _core.full((*x.shape[:axis], 1, *x.shape[axis + 1 :]), initial, result.dtype)
    return _join.concatenate([before, result], axis)


# --- Counts and ranges -----------------------------------------------------------------------------------------------


@known_arguments
def count_nonzero(a, axis=None, *, keepdims=False):
    """Number of elements over the given axes that are not zero (or false)."""
    return _reductions["sum"](_core.astype(a, np.dtype(bool), False), axis=axis, dtype=np.int64, keepdims=keepdims)


@known_arguments
def ptp(a, axis=None, out=None, keepdims=False):
    """Largest less smallest element over the given axes."""
    largest = _reductions["max"](a, axis=axis, keepdims=keepdims)
    return _ufuncs["subtract"](largest, _reductions["min"](a, axis=axis, keepdims=keepdims), out=out)


# --- Without NaN -----------------------------------------------------------------------------------------------------


def _is_float(a):
    return a.dtype.kind == "f"


def _instead_of_nan(a, value):
    return _ufuncs["where"](_ufuncs["isnan"](a), value, a) if _is_float(a) else a


def _count(a, axis, keepdims):
    """Number of elements that are no NaN."""
    there = _ufuncs["logical_not"](_ufuncs["isnan"](a))
    return _reductions["sum"](there, axis=axis, dtype=np.int64, keepdims=keepdims)


def _check_inexact(dtype, out):
    if dtype is not None and np.dtype(dtype).kind not in "fc":
        raise TypeError("If a is inexact, then dtype must be inexact")
    if out is not None and out.dtype.kind not in "fc":
        raise TypeError("If a is inexact, then out must be inexact")


def _quotient(total, count, out=None):
    """total / count in the dtype of the total."""
    result = _ufuncs["divide"](total, count)
    return deliver(result if result.dtype == total.dtype else _core.astype(result, total.dtype, True), out, "divide")


@known_arguments
def nansum(a, axis=None, dtype=None, out=None, keepdims=False):
    """Sum over the given axes with NaN as 0."""
    return _reductions["sum"](_instead_of_nan(a, 0), axis=axis, dtype=dtype, out=out, keepdims=keepdims)


@known_arguments
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False):
    """Product over the given axes with NaN as 1."""
    return _reductions["prod"](_instead_of_nan(a, 1), axis=axis, dtype=dtype, out=out, keepdims=keepdims)


@known_arguments
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    """Mean over the given axes of what is no NaN; NaN where there is nothing."""
    if not _is_float(a):
        return _reductions["mean"](a, axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    _check_inexact(dtype, out)
    total = nansum(a, axis, dtype, None, keepdims)
    return _quotient(total, _count(a, axis, keepdims), out)


@known_arguments
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Variance over the given axes of what is no NaN; the divisor is their number less `ddof`. Takes two passes."""
    if not _is_float(a):
        return _reductions["var"](a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims)
    _check_inexact(dtype, out)
    mean = nanmean(a, axis, dtype, None, True)
    distance = _core.astype(_ufuncs["subtract"](a, mean), a.dtype, False)
    distance = _ufuncs["where"](_ufuncs["isnan"](a), 0, distance)  # those of infinities to their mean stay NaN
    total = _reductions["sum"](_ufuncs["square"](distance), axis=axis, dtype=dtype, keepdims=keepdims)
    freedom = _ufuncs["subtract"](_count(a, axis, keepdims), ddof)
    variance = _ufuncs["where"](_ufuncs["less_equal"](freedom, 0), np.nan, _quotient(total, freedom))
    return deliver(_like_scalar(variance, total), out, "divide")


@known_arguments
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Standard deviation over the given axes of what is no NaN; the divisor is their number less `ddof`."""
    if not _is_float(a):
        return _reductions["std"](a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims)
    _check_inexact(dtype, out)
    return _ufuncs["sqrt"](nanvar(a, axis, dtype, None, ddof, keepdims), out=out)


def _like_scalar(result, model):
    return _core.as_scalar(result) if model.is_scalar and not result.is_scalar else result


# --- Averages --------------------------------------------------------------------------------------------------------


@known_arguments
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Mean over the given axes, weighted. That the weights do not sum to zero is checked on the line."""
    if axis is not None:
        axis = normalize_axis_tuple(axis, a.ndim, argname="axis")
    if weights is None:
        result = _reductions["mean"](a, axis=axis, keepdims=keepdims)
        scale = _core.full((), a.size / result.size if result.size else np.nan, result.dtype)
    else:
        weights = _weights_along(weights, a, axis)
        dtype = np.result_type(a.dtype, weights.dtype, *(() if _is_float(a) else ("f8",)))
        scale = _reductions["sum"](weights, axis=axis, dtype=dtype, keepdims=keepdims)
        if bool(_reductions["any"](_ufuncs["equal"](scale, 0.0))):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        weighted = _ufuncs["multiply"](a, weights, dtype=dtype)
        result = _ufuncs["divide"](_reductions["sum"](weighted, axis=axis, keepdims=keepdims), scale)
    if not returned:
        return result
    if scale.shape != result.shape:
        scale = _core.copy(_core.broadcast_to(scale, result.shape), True)
    return result, _like_scalar(scale, result)


def _weights_along(weights, a, axis):
    """The weights in the axes of `a`."""
    weights = _shape.operand(weights)
    if weights is None:
        raise TypeError("average: weights of a dtype that lazulite has not")
    if a.shape == weights.shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.shape != tuple(a.shape[k] for k in axis):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    weights = _core.transpose(weights, np.argsort(axis).tolist())
    return _core.reshape(weights, [n if k in axis else 1 for k, n in enumerate(a.shape)])
