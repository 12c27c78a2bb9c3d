"""New arrays of moved, repeated or padded elements, and differences of neighbours."""

import itertools
import operator

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from lazulite import _core, _fallback, _indexing, _join, _shape
from lazulite._shape import first_operand


@first_operand
def repeat(a, repeats, axis=None):
    """Every element `repeats` times (one number, or one for each), along an axis or of the array laid flat. Lazy."""
    if axis is None or a.ndim == 0:
        a, axis = _shape.ravel(a), 0 if axis is None else axis
    axis = normalize_axis_index(axis, a.ndim)
    try:
        times = operator.index(repeats)
    except TypeError:
        places = np.repeat(np.arange(a.shape[axis]), _fallback.to_numpy(repeats))
        return _indexing.take(a, places, axis)
    shape = a.shape
    spread = _core.expand_dims(a, axis + 1)
    wide = _core.broadcast_to(spread, (*shape[: axis + 1], times, *shape[axis + 1 :]))
    return _core.reshape(_core.copy(wide, True), (*shape[:axis], shape[axis] * times, *shape[axis + 1 :]))


@first_operand
def tile(A, reps):  # noqa: N803  (NumPy's name)
    """The array repeated as a whole `reps` times along every axis. Stays lazy."""
    try:
        reps = tuple(reps)
    except TypeError:
        reps = (reps,)
    reps = [operator.index(r) for r in reps]
    ndim = max(len(reps), A.ndim)
    reps = [1] * (ndim - len(reps)) + reps
    A = _core.reshape(A, (1,) * (ndim - A.ndim) + A.shape)  # noqa: N806
    if all(r == 1 for r in reps):
        return _core.copy(A, False)
    if sum(r != 1 for r in reps) + ndim > 64:
        return _fallback.call_function(np.tile, "tile", (A, reps), {}, "more than 64 axes on the way")
    index, wide = [], []
    for extent, r in zip(A.shape, reps, strict=True):
        index += [slice(None)] if r == 1 else [None, slice(None)]
        wide += [extent] if r == 1 else [r, extent]
    copies = _core.copy(_core.broadcast_to(A[tuple(index)], wide), True)
    return _core.reshape(copies, [n * r for n, r in zip(A.shape, reps, strict=True)])


@first_operand
def roll(a, shift, axis=None):
    """A new array with the elements moved along the axes; those that leave at one end come in at the other."""
    if axis is None:
        return _core.reshape(roll(_shape.ravel(a), shift, 0), a.shape)
    axes = normalize_axis_tuple(axis, a.ndim, allow_duplicate=True)
    pairs = np.broadcast(shift, axes)
    if pairs.ndim > 1:
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    shifts = [0] * a.ndim
    for distance, k in pairs:
        shifts[k] += int(distance)
    whole = [(slice(None), slice(None))]
    moves = []  # of every axis: pairs of slices of the result and of `a`
    for extent, distance in zip(a.shape, shifts, strict=True):
        k = distance % (extent or 1)
        moves.append([(slice(k, None), slice(None, -k)), (slice(None, k), slice(-k, None))] if k else whole)
    targets, parts = [], []
    for combination in itertools.product(*moves):
        target, source = zip(*combination, strict=True) if combination else ((), ())
        targets.append((*target, ...))
        parts.append(a[(*source, ...)])
    result = _core.empty_like(a.shape, a.dtype, [a])
    _join.write_parts(result, targets, parts)
    return result


@first_operand
def diff(a, n=1, axis=-1, prepend=np._NoValue, append=np._NoValue):
    """The n-th differences of neighbours along an axis: an expression of slices."""
    if n == 0:
        return a
    if n < 0:
        raise ValueError("order must be non-negative but got " + repr(n))
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis_index(axis, a.ndim)
    ends = []
    for end in (prepend, append):
        if end is np._NoValue:
            ends.append([])
            continue
        end = end if isinstance(end, _core.Array) else np.asanyarray(end)
        one = (*a.shape[:axis], 1, *a.shape[axis + 1 :])
        ends.append([end if end.ndim else np.broadcast_to(end, one)])
    if ends != [[], []]:
        a = _join.concatenate([*ends[0], a, *ends[1]], axis)
    before = (slice(None),) * axis
    op = np.not_equal if a.dtype == bool else np.subtract
    for _ in range(n):
        a = op(a[(*before, slice(1, None))], a[(*before, slice(None, -1))])
    return a


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Coordinate arrays of the grid that the 1-d arrays span. Copies stay lazy; without, they are read-only views."""
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    axes = [_shape.operand(x) for x in xi]
    if None in [x if x is None else 0 for x in axes]:
        kwargs = {"copy": copy, "sparse": sparse, "indexing": indexing}
        return _fallback.call_function(np.meshgrid, "meshgrid", xi, kwargs, "a dtype that lazulite has not")
    ndim = len(axes)
    place = list(range(ndim))  # of every coordinate, its axis in the results
    if indexing == "xy" and ndim > 1:
        place[:2] = 1, 0
    grid = [_core.reshape(x, [-1 if k == p else 1 for k in range(ndim)]) for x, p in zip(axes, place, strict=True)]
    if not sparse:
        shape = np.broadcast_shapes(*(g.shape for g in grid))
        grid = [_core.broadcast_to(g, shape) if g.shape != shape else g for g in grid]
    return tuple(_core.copy(g, True) for g in grid) if copy else tuple(grid)


@first_operand
def triu(m, k=0):
    """The elements on and above the k-th diagonal of the last two axes, zeros below. Stays lazy."""
    below = _below(m, k - 1)
    return _core.ufuncs["where"](below, _core.full((), 0, m.dtype), m)


@first_operand
def tril(m, k=0):
    """The elements on and below the k-th diagonal of the last two axes, zeros above. Stays lazy."""
    below = _below(m, k)
    return _core.ufuncs["where"](below, m, _core.full((), 0, m.dtype))


def _below(m, k):
    """Whether an element of the last two axes is on or below the k-th diagonal, as an expression of two ranges."""
    if m.ndim == 0:
        raise TypeError("tri() missing 1 required positional argument: 'N'")
    rows, columns = m.shape[-2:] if m.ndim > 1 else m.shape * 2
    k = max(-rows, min(operator.index(k), columns))
    narrow = np.int32 if rows + columns < 2**31 else np.int64
    down = _core.from_ndarray(np.arange(k, rows + k, dtype=narrow)[:, None])
    return _core.ufuncs["greater_equal"](down, _core.from_ndarray(np.arange(columns, dtype=narrow)))
