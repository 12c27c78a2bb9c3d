"""Joining arrays. Every part is computed straight into its place in the result, without a temporary."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from lazulite import _core, _fallback, _shape

_FOREIGN = "an operand that lazulite has not"

#: Pending parts of at most this many elements are computed together before they are written: they share passes.
_SMALL = 4096


def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """The arrays one after the other along an existing axis; with axis None, all their elements."""
    if not hasattr(arrays, "__len__") or not hasattr(arrays, "__getitem__"):
        raise TypeError("The first input argument needs to be a sequence")
    if out is not None and dtype is not None:
        raise TypeError("concatenate() only takes `out` or `dtype` as an argument, but both were provided.")
    given = list(arrays)
    parts = _operands(given, lent=out is None)
    target = _target(out)
    if dtype is not None:
        result_dtype = np.dtype(dtype)
    elif target is not None:
        result_dtype = target.dtype
    elif parts and all(p.dtype is parts[0].dtype for p in parts):
        result_dtype = parts[0].dtype
    elif parts:
        # Python numbers, which may stand among the parts where axis is None, take the dtype of the arrays.
        result_dtype = np.result_type(
            *(g if type(g) in _NUMBERS else p.dtype for g, p in zip(given, parts, strict=True))
        )
    else:
        result_dtype = np.dtype(float)
    if parts is None or result_dtype not in _core_dtypes or (out is not None and target is None):
        kwargs = {"dtype": dtype} if out is None else {"out": out}
        return _fallback.call_function(
            np.concatenate, "concatenate", (given, axis), {**kwargs, "casting": casting}, _FOREIGN
        )

    parts, axis = _aligned(parts, axis)
    if casting != "same_kind":
        np.can_cast(result_dtype, result_dtype, casting)  # refuses what is no rule, whatever the dtypes
    shape = list(parts[0].shape)
    shape[axis] = sum(p.shape[axis] for p in parts)
    for g, p in zip(given, parts, strict=True):
        if p.dtype is not result_dtype and type(g) not in _NUMBERS and not np.can_cast(p.dtype, result_dtype, casting):
            raise TypeError(
                f"Cannot cast array data from {p.dtype!r} to {result_dtype!r} according to the rule '{casting}'"
            )
    if target is None:
        target = _core.empty_like(shape, result_dtype, parts)
    elif target.ndim != len(shape):
        raise ValueError("Output array must be 1D" if len(shape) == 1 else "Output array has wrong dimensionality")
    elif target.shape != tuple(shape):
        raise ValueError("Output array is the wrong shape")
    slices, start = [], 0
    for p in parts:
        slices.append((*(slice(None),) * axis, slice(start, start + p.shape[axis])))
        start += p.shape[axis]
    write_parts(target, slices, parts)
    return target if out is None else out


def write_parts(target, slices, parts):
    """target[slice] = part for all of them, now (a part that is all of the target may stay lazy)."""
    small = [p for p in parts if not p.is_computed and p.size <= _SMALL]
    if len(small) > 1:
        _core.compute(small)
    for index, part in zip(slices, parts, strict=True):
        target[index] = part


_NUMBERS = (bool, int, float)
_core_dtypes = frozenset(np.dtype(t) for t in "? b B h H i I q Q f d".split())


def _operands(given, lent):
    """The arrays as lazy arrays, or None if NumPy has to take one of them. `lent`: memory is read before we return."""
    parts = [g if type(g) is np.ndarray else _shape.operand(g) for g in given]
    if any(p is None for p in parts):
        return None
    lent = lent and sum(p.size > 0 for p in parts) > 1  # a single part may stay lazy
    for i, part in enumerate(parts):
        if type(part) is np.ndarray:
            parts[i] = _core.borrow_ndarray(part, False) if lent else _core.read_ndarray(part)
            if parts[i] is None:
                return None
    return parts


def _target(out):
    """What to write to: `out`, or a lazy array on the memory of an ndarray; None if there is none that we can write."""
    if out is None:
        return None
    if isinstance(out, _core.Array) and not out.is_scalar:
        if not out.is_writeable:
            raise ValueError("output array is read-only")
        return out
    if type(out) is np.ndarray and out.flags.writeable:
        return _core.borrow_ndarray(out, True)
    return None


def _aligned(parts, axis):
    """The parts and the axis, checked."""
    if not parts:
        raise ValueError("need at least one array to concatenate")
    if axis is None:
        parts, axis = [_shape.ravel(p) for p in parts], 0
    first = parts[0]
    if first.ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    axis = normalize_axis_index(axis, first.ndim)
    differ = "all the input array dimensions except for the concatenation axis must match exactly"
    for i, p in enumerate(parts):
        if p.ndim != first.ndim:
            raise ValueError(
                "all the input arrays must have same number of dimensions, but the array at index 0 has "
                f"{first.ndim} dimension(s) and the array at index {i} has {p.ndim} dimension(s)"
            )
        if p.shape == first.shape:
            continue
        for k, (extent, wanted) in enumerate(zip(p.shape, first.shape, strict=True)):
            if k != axis and extent != wanted:
                raise ValueError(
                    f"{differ}, but along dimension {k}, the array at index 0 has size {wanted} and the array at "
                    f"index {i} has size {extent}"
                )
    return parts, axis


def _sequence(arrays):
    """The arrays to stack as a list of lazy arrays (or of what NumPy has to take)."""
    if not hasattr(arrays, "__getitem__"):
        raise TypeError('arrays to stack must be passed as a "sequence" type such as list or tuple.')
    result = []
    for a in arrays:
        x = _shape.operand(a) if not isinstance(a, np.ndarray) else None
        result.append(np.asanyarray(a) if x is None else x)
    return result


def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """Arrays of one shape side by side along a new axis."""
    arrays = _sequence(arrays)
    if not arrays:
        raise ValueError("need at least one array to stack")
    if len({a.shape for a in arrays}) != 1:
        raise ValueError("all input arrays must have the same shape")
    axis = normalize_axis_index(axis, arrays[0].ndim + 1)
    index = (*(slice(None),) * axis, None, ...)
    return concatenate([a[index] for a in arrays], axis, out, dtype=dtype, casting=casting)


def hstack(tup, *, dtype=None, casting="same_kind"):
    """The arrays side by side: along the second axis, 1-d arrays along their only one."""
    arrays = [_with_axes(a, 1) for a in _sequence(tup)]
    axis = 0 if arrays and arrays[0].ndim == 1 else 1
    return concatenate(arrays, axis, dtype=dtype, casting=casting)


def vstack(tup, *, dtype=None, casting="same_kind"):
    """The arrays one below the other; 1-d arrays are rows."""
    return concatenate([_with_axes(a, 2) for a in _sequence(tup)], 0, dtype=dtype, casting=casting)


def dstack(tup):
    """The arrays side by side along the third axis."""
    arrays = [a if a.ndim > 2 else a[..., None] if a.ndim == 2 else _with_axes(a, 2)[..., None] for a in _sequence(tup)]
    return concatenate(arrays, 2)


def column_stack(tup):
    """1-d arrays as the columns of a matrix, beside 2-d arrays."""
    return concatenate([a if a.ndim > 1 else _with_axes(a, 2).T for a in _sequence(tup)], 1)


def append(arr, values, axis=None):
    """A new array: `arr` with `values` behind it along an axis, or all elements of both."""
    arr, values = _sequence([arr, values])
    if axis is None:
        arr, values, axis = arr.ravel(), values.ravel(), 0
    return concatenate([arr, values], axis)


def _with_axes(a, ndim):
    """`a` with leading axes of extent 1, if it has fewer than `ndim`."""
    return a[(*(None,) * (ndim - a.ndim), ...)] if a.ndim < ndim else a


def block(arrays):
    """An array put together from nested lists of blocks: the innermost lists along the last axis, and so outwards."""
    leaves = []
    try:
        depth = _depth(arrays, leaves)
        blocks = [_shape.operand(leaf) for leaf in leaves]
        if any(b is None for b in blocks):
            raise ValueError("a dtype that lazulite has not")
        ndim = max([depth, *(b.ndim for b in blocks)])
        remaining = iter(blocks)
        windows = []
        shape = _place(arrays, depth, ndim, remaining, [0] * ndim, windows)
    except (ValueError, TypeError):  # NumPy takes it, or words the mistake
        return _fallback.call_function(np.block, "block", (arrays,), {}, _FOREIGN)
    blocks = [_with_axes(b, ndim) for b in blocks]
    fortran = all(_shape.is_contiguous(b, "F") for b in blocks)
    c = all(_shape.is_contiguous(b, "C") for b in blocks)
    dtype = np.result_type(*(b.dtype for b in blocks))
    result = _core.empty_like(shape, dtype, blocks if fortran and not c else [])
    write_parts(result, windows, blocks)
    return result


def _depth(arrays, leaves):
    """How deep the lists are nested, the same everywhere; collects the blocks."""
    if isinstance(arrays, tuple) or (isinstance(arrays, list) and not arrays):
        raise ValueError("block: not a list of blocks")
    if not isinstance(arrays, list):
        leaves.append(arrays)
        return 0
    depths = {_depth(a, leaves) for a in arrays}
    if len(depths) > 1:
        raise ValueError("block: lists of different depths")
    return 1 + depths.pop()


def _place(arrays, depth, ndim, blocks, start, windows):
    """The shape of the nested lists from position `start` on; collects the slices of the blocks."""
    if depth == 0:
        own = next(blocks).shape
        shape = [1] * (ndim - len(own)) + list(own)
        windows.append((*(slice(s, s + n) for s, n in zip(start, shape, strict=True)), ...))
        return shape
    axis = ndim - depth
    total = None
    for a in arrays:
        shape = _place(a, depth - 1, ndim, blocks, start, windows)
        if total is None:
            total = [*shape[:axis], 0, *shape[axis + 1 :]]
        if shape[:axis] + shape[axis + 1 :] != total[:axis] + total[axis + 1 :]:
            raise ValueError("block: shapes do not match")
        total[axis] += shape[axis]
        start = [*start[:axis], start[axis] + shape[axis], *start[axis + 1 :]]
    return total
