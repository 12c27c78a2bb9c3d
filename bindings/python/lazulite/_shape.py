"""Shapes: views where numpy gives views."""

import functools
import inspect
import operator

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from lazulite import _core, _fallback
from lazulite._creation import asarray


def operand(a):
    """`a` as a lazy array that is no scalar, or None where NumPy has to take it: other dtypes, subclasses."""
    if isinstance(a, _core.Array):
        return _core.as_array(a) if a.is_scalar else a
    values = np.asanyarray(a)
    return _core.read_ndarray(values) if type(values) in (np.ndarray, np.memmap) else None


def first_operand(function):
    """`function` with its first argument as a lazy array; what Lazulite cannot hold goes to NumPy's function."""
    name = function.__name__
    first = next(iter(inspect.signature(function).parameters))

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if not args and first in kwargs:
            args = (kwargs.pop(first),)
        if not args:
            return function(*args, **kwargs)  # Python's complaint
        x = operand(args[0])
        if x is None:
            return _fallback.call_function(getattr(np, name), name, args, kwargs, "a dtype that lazulite has not")
        return function(x, *args[1:], **kwargs)

    return wrapper


# --- Reshapes --------------------------------------------------------------------------------------------------------


def reshape(a, /, shape, order="C", *, copy=None):
    """The elements in C (or Fortran) order in another shape; one extent may be -1."""
    a = asarray(a)
    a = _core.as_array(a) if a.is_scalar else a
    order = _order(order)
    if order == "K":
        raise ValueError("order 'K' is not permitted for reshaping")
    if order == "A":
        order = "F" if is_contiguous(a, "F") and not is_contiguous(a, "C") else "C"
    asked = shape
    if order == "F":
        a, shape = a.T, [shape] if hasattr(shape, "__index__") else list(shape)[::-1]
    if copy:
        a = _core.copy(a, True)
    try:
        result = _core.reshape(a, shape)
    except ValueError:
        _core.reshape(a, asked)  # the same complaint, with the shape as it was given
        raise
    if copy is not None and not copy and not _core.same_base(result, a):
        raise ValueError("Unable to avoid creating a copy while reshaping.")
    return result.T if order == "F" else result


@first_operand
def ravel(a, order="C"):
    """The elements along one axis, in C, Fortran ('F') or memory ('K') order; a view where numpy gives one."""
    a = _in_order(a, order)
    return _core.reshape(a if is_contiguous(a, "C") else _core.copy(a, True), (-1,))


def flatten(a, order="C"):
    """A copy of the elements along one axis."""
    return _core.reshape(_core.copy(_in_order(a, order), True), (-1,))


def is_contiguous(a, order):
    """Whether the elements lie one after the other in C or Fortran order."""
    step = a.itemsize
    if a.size == 0:
        return True
    axes = zip(a.shape, a.strides, strict=True)
    for extent, stride in axes if order == "F" else reversed(list(axes)):
        if extent != 1 and stride != step:
            return False
        step *= extent
    return True


def _order(order):
    """The letter that numpy takes `order` for."""
    letter = "C" if order is None else order[:1].upper() if isinstance(order, str) else order
    if not isinstance(order, str) and order is not None:
        raise TypeError(f"order must be str, not {type(order).__name__}")
    if len(order or "C") != 1 or letter not in "CFAK":
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")
    return letter


def _in_order(a, order):
    """A transpose of `a` whose C order is the order asked for."""
    order = _order(order)
    fortran = is_contiguous(a, "F") and not is_contiguous(a, "C")
    if order == "F" or (order in "AK" and fortran):
        return a.T
    if order == "K" and not is_contiguous(a, "C"):
        return _core.transpose(a, sorted(range(a.ndim), key=lambda k: -abs(a.strides[k])))
    return a


def broadcast_to(array, shape, subok=False):
    """A read-only view of `array` repeated to `shape`."""
    return _core.broadcast_to(asarray(array), shape)


@first_operand
def expand_dims(a, axis):
    """A view with new axes of extent 1 at the positions `axis` of the result."""
    return _core.expand_dims(a, axis)


def squeeze(a, axis=None):
    """A view without axes of extent 1 (all of them, or those given)."""
    return _core.squeeze(asarray(a), axis)


def copy(a, order="K", subok=False):
    """A new array with the values of `a` as they are now."""
    a = asarray(a)
    if _order(order) == "F":
        return _core.copy(a.T, True).T
    return _core.copy(a, order == "C")


def _at_least(arrays, function, name):
    results = []
    for a in arrays:
        x = operand(a)
        if x is None:
            call = getattr(np, name)
            results.append(_fallback.call_function(call, name, (a,), {}, "a dtype that lazulite has not"))
        else:
            results.append(function(x))
    return results[0] if len(results) == 1 else tuple(results)


def atleast_1d(*arys):
    """The arrays themselves, or views with one axis of those that have none."""
    return _at_least(arys, lambda a: a if a.ndim else a[None], "atleast_1d")


def atleast_2d(*arys):
    """The arrays themselves, or views with two axes of those that have fewer."""
    return _at_least(arys, lambda a: a if a.ndim > 1 else a[None] if a.ndim else a[None, None], "atleast_2d")


def atleast_3d(*arys):
    """The arrays themselves, or views with three axes of those that have fewer."""
    new = [(None, None, None), (None, slice(None), None), (slice(None), slice(None), None)]
    return _at_least(arys, lambda a: a if a.ndim > 2 else a[new[a.ndim]], "atleast_3d")


# --- Axes in another order -------------------------------------------------------------------------------------------


def transpose(a, axes=None):
    """A view with the axes reversed, or in the order given."""
    a = asarray(a)
    return a.T if axes is None else _core.transpose(a, axes)


@first_operand
def swapaxes(a, axis1, axis2):
    """A view with two axes exchanged."""
    first = normalize_axis_index(axis1, a.ndim, "axis1")
    second = normalize_axis_index(axis2, a.ndim, "axis2")
    order = list(range(a.ndim))
    order[first], order[second] = second, first
    return _core.transpose(a, order)


@first_operand
def moveaxis(a, source, destination):
    """A view with the axes `source` at the positions `destination`, the others in their order."""
    source = normalize_axis_tuple(source, a.ndim, "source")
    destination = normalize_axis_tuple(destination, a.ndim, "destination")
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [n for n in range(a.ndim) if n not in source]
    for to, axis in sorted(zip(destination, source, strict=True)):
        order.insert(to, axis)
    return _core.transpose(a, order)


@first_operand
def flip(m, axis=None):
    """A view with the elements in reverse along the axes (all of them, or those given)."""
    axes = range(m.ndim) if axis is None else normalize_axis_tuple(axis, m.ndim)
    backwards = slice(None, None, -1)
    return m[tuple(backwards if k in axes else slice(None) for k in range(m.ndim))]


@first_operand
def fliplr(m):
    """A view with the second axis reversed."""
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


@first_operand
def flipud(m):
    """A view with the first axis reversed."""
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return m[::-1, ...]


@first_operand
def rot90(m, k=1, axes=(0, 1)):
    """A view turned `k` times by 90 degrees in the plane of the axes, from the first towards the second."""
    axes = tuple(axes)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    first, second = axes
    if first == second or np.absolute(first - second) == m.ndim:
        raise ValueError("Axes must be different.")
    if not (-m.ndim <= first < m.ndim and -m.ndim <= second < m.ndim):
        raise ValueError(f"Axes={axes} out of range for array of ndim={m.ndim}.")
    k %= 4
    if k == 0:
        return m[...]
    if k == 2:
        return flip(m, axes)
    if k == 1:
        return swapaxes(flip(m, second), first, second)
    return flip(swapaxes(m, first, second), second)


@first_operand
def diagonal(a, offset=0, axis1=0, axis2=1):
    """A read-only view of a diagonal, as the last axis."""
    if a.ndim < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    first = normalize_axis_index(axis1, a.ndim, "axis1")
    return _core.diagonal(a, operator.index(offset), first, normalize_axis_index(axis2, a.ndim, "axis2"))


# --- Parts -----------------------------------------------------------------------------------------------------------


@first_operand
def array_split(ary, indices_or_sections, axis=0):
    """Views of the parts along an axis: so many of nearly the same extent, or cut at the indices."""
    extent = ary.shape[axis]
    try:
        points = [0, *indices_or_sections, extent]
    except TypeError:
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("number sections must be larger than 0.") from None
        each, extra = divmod(extent, sections)
        points = [k * each + min(k, extra) for k in range(sections + 1)]
    before = (slice(None),) * (axis % ary.ndim)
    return [ary[(*before, slice(start, end))] for start, end in zip(points, points[1:], strict=False)]


@first_operand
def split(ary, indices_or_sections, axis=0):
    """Views of the parts along an axis: so many of the same extent, or cut at the indices."""
    try:
        len(indices_or_sections)
    except TypeError:
        if ary.shape[axis] % indices_or_sections:
            raise ValueError("array split does not result in an equal division") from None
    return array_split(ary, indices_or_sections, axis)


@first_operand
def hsplit(ary, indices_or_sections):
    """Views of the parts along the second axis (along the first of a 1-d array)."""
    if ary.ndim == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0)


@first_operand
def vsplit(ary, indices_or_sections):
    """Views of the parts along the first axis."""
    if ary.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


@first_operand
def dsplit(ary, indices_or_sections):
    """Views of the parts along the third axis."""
    if ary.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)


def shape_from_arguments(shape):
    """The shape meant by `a.reshape(2, 3)` or `a.reshape((2, 3))`."""
    if len(shape) == 1:
        try:
            return (operator.index(shape[0]),)
        except TypeError:
            return shape[0]
    return shape
