"""Making arrays, with numpy's arguments and defaults."""

import numpy as np

from lazulite import _core


def asarray(a, dtype=None, *, copy=None):
    """`a` as a lazy array.

    NumPy arrays are copied, since somebody may write to them before the value is used, unless their memory is truly
    read-only. `copy=False` borrows the memory: the caller promises not to write to it before everything that uses it
    is computed.
    """
    if isinstance(a, _core.Array):
        if dtype is not None and np.dtype(dtype) != a.dtype:
            if copy is False:
                raise ValueError("Unable to avoid copy while creating an array as requested.")
            return _core.astype(a, dtype, True)
        return _core.copy(a, False) if copy else a
    if dtype is not None or not isinstance(a, np.ndarray):
        converted = np.asarray(a, dtype=dtype, copy=False if copy is False else None)
        made_here = converted is not a and converted.base is None
        a = converted
    else:
        made_here = False
    if copy is False or (made_here and not copy):
        result = _core.borrow_ndarray(a, False)
    else:
        result = _core.from_ndarray(a) if copy else _core.read_ndarray(a)
    if result is None:
        raise TypeError(f"lazulite has no dtype {a.dtype}; it has bool, the integers, float32 and float64")
    return result


def from_dlpack(x, /, *, device=None, copy=None):
    """An array on the memory of another library's, as numpy.from_dlpack.

    The memory is shared, and values are those of the line that uses them: every use in an expression takes a copy,
    since the other library may write. `copy=True` copies once, and the result owns its memory.
    """
    if device not in (None, "cpu"):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')
    target = (1, 0) if device == "cpu" else None
    where = x.__dlpack_device__()
    try:
        capsule = x.__dlpack__(max_version=(1, 0), dl_device=target, copy=copy)
    except TypeError:  # a producer from before DLPack 1.0
        if target is not None and tuple(where) != target:
            raise
        capsule = x.__dlpack__()
    return _core.from_dlpack(capsule, bool(copy))


def array(a, dtype=None, *, copy=True, ndmin=0):
    """A new array with the values of `a`."""
    result = asarray(a, dtype, copy=copy or None)
    if result.ndim < ndmin:
        result = _core.reshape(result, (1,) * (ndmin - result.ndim) + result.shape)
    return result


def empty(shape, dtype=float):
    """An array whose elements have no particular value yet."""
    return _core.empty(shape, np.dtype(dtype))


def full(shape, fill_value, dtype=None):
    """An array of `fill_value`; its dtype is that of the value unless given."""
    if dtype is None:
        dtype = np.asarray(fill_value).dtype
    if np.ndim(fill_value) != 0:
        return _core.copy(_core.broadcast_to(asarray(fill_value, dtype), shape), True)
    dtype = np.dtype(dtype)
    if isinstance(fill_value, (float, np.floating)) and dtype.kind in "iu":
        with np.errstate(all="ignore"):
            fill_value = np.asarray(fill_value).astype(dtype)[()]  # any float: numpy's full casts
    return _core.full(shape, fill_value, dtype)


def zeros(shape, dtype=float):
    """An array of zeros."""
    return full(shape, 0, dtype)


def ones(shape, dtype=float):
    """An array of ones."""
    return full(shape, 1, dtype)


def empty_like(a, dtype=None, order="K", subok=True, shape=None):
    """An array of the shape and dtype of `a`, its elements without a particular value."""
    return _like(a, order, shape, lambda extents: empty(extents, _dtype_like(a, dtype)))


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    """An array of `fill_value` with the shape and dtype of `a`."""
    return _like(a, order, shape, lambda extents: full(extents, fill_value, _dtype_like(a, dtype)))


def zeros_like(a, dtype=None, order="K", subok=True, shape=None):
    """An array of zeros with the shape and dtype of `a`."""
    return full_like(a, 0, dtype, order, subok, shape)


def ones_like(a, dtype=None, order="K", subok=True, shape=None):
    """An array of ones with the shape and dtype of `a`."""
    return full_like(a, 1, dtype, order, subok, shape)


def _dtype_like(a, dtype):
    if dtype is not None:
        return dtype
    return a.dtype if hasattr(a, "dtype") else np.asarray(a).dtype


def _like(a, order, shape, make):
    """`make` of a shape, the elements in memory in the order asked for ('K': as those of `a`)."""
    extents = np.shape(a) if shape is None else shape
    axes = _axes_in_memory(a, order, extents)
    if axes == sorted(axes):
        return make(extents)
    permuted = make([extents[k] for k in axes])
    return _core.copy(_core.transpose(permuted, np.argsort(axes).tolist()), False)


def _axes_in_memory(a, order, extents):
    """The axes of a new array like `a`, the one with the largest steps first."""
    axes = list(range(len(extents) if hasattr(extents, "__len__") else 1))
    strides = getattr(a, "strides", ())
    if order == "F":
        return axes[::-1]
    if order == "C" or len(strides) != len(axes):
        return axes
    by_steps = sorted(axes, key=lambda k: -abs(strides[k]))
    if order == "K":
        return by_steps
    if order == "A":
        packed = np.cumprod([a.itemsize, *a.shape[:-1]]).tolist()
        return by_steps if by_steps == axes[::-1] and packed == list(strides) else axes
    raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")


def arange(*args, dtype=None):
    """Evenly spaced values within [start, stop), as numpy.arange."""
    return asarray(np.arange(*args, dtype=dtype))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Evenly spaced numbers over [start, stop], as numpy.linspace."""
    result = np.linspace(start, stop, num, endpoint, retstep, dtype, axis)
    if retstep:
        return asarray(result[0]), result[1]
    return asarray(result)
