"""Methods of `Array` that need no fast path; the others are in the extension module."""

import numpy as np

from lazulite import _core, _creation, _fallback, _indexing, _products, _rearrange, _reductions, _shape

Array = _core.Array
_dtypes = frozenset(np.dtype(t) for t in "? b B h H i I q Q f d".split())


def _method(function):
    setattr(Array, function.__name__, function)
    return function


@_method
def reshape(self, *shape, order="C", copy=None):
    """As `lz.reshape`; the shape may be given as several arguments."""
    return _shape.reshape(self, _shape.shape_from_arguments(shape), order, copy=copy)


@_method
def transpose(self, *axes):
    """As `lz.transpose`; the axes may be given as several arguments."""
    if not axes or axes == (None,):
        return self.T
    return _core.transpose(self, _shape.shape_from_arguments(axes))


for _function in (
    *(_shape.ravel, _shape.flatten, _shape.swapaxes, _shape.diagonal, _rearrange.repeat, _products.dot),
    *(_indexing.take, _indexing.put, _indexing.choose, _indexing.nonzero),
    *(_reductions.cumsum, _reductions.cumprod),
):
    _method(_function)
del _function


@_method
def compress(self, condition, axis=None, out=None):
    """As `lz.compress`."""
    return _indexing.compress(condition, self, axis, out)


@_method
def squeeze(self, axis=None):
    """A view without axes of extent 1."""
    return _core.squeeze(self, axis)


@_method
def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
    """The values converted to `dtype`."""
    target = np.dtype(dtype)
    if not np.can_cast(self.dtype, target, casting):
        raise TypeError(f"Cannot cast array data from {self.dtype!r} to {target!r} according to the rule '{casting}'")
    if order != "K" or target not in _dtypes:
        return _fallback.numpy_method("astype")(self, target, order, casting, subok, copy)
    return _core.astype(self, target, copy)


@_method
def copy(self, order="C"):
    """A new array with the values as they are now."""
    if order == "F":
        return _core.copy(self.T, True).T
    return _core.copy(self, order == "C")


@_method
def fill(self, value):
    """Set every element to `value`."""
    self[...] = value


@_method
def item(self, *index):
    """One element as a Python number."""
    if not index:
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return _core.item(self)
    return _core.to_ndarray(self).item(*index)


@_method
def tolist(self):
    """The values as nested lists of Python numbers."""
    return _core.to_ndarray(self).tolist()


@_method
def clip(self, min=None, max=None, out=None, **kwargs):
    """The values limited to [min, max]; either may be None."""
    return clip_function(self, min, max, out=out, **kwargs)


def clip_function(a, a_min=None, a_max=None, out=None, *, min=None, max=None, **kwargs):
    """`numpy.clip` in terms of the op table."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    ufuncs = _core.ufuncs
    if low is None and high is None:
        return ufuncs["positive"](a, out=out, **kwargs) if out is not None else _core.copy(a, False)
    if high is None:
        return ufuncs["maximum"](a, low, out=out, **kwargs)
    if low is None:
        return ufuncs["minimum"](a, high, out=out, **kwargs)
    return ufuncs["clip"](a, low, high, out=out, **kwargs)


@_method
def __complex__(self):
    return complex(_core.item(self))


@_method
def __bytes__(self):
    return _core.to_ndarray(self).tobytes()


@_method
def __round__(self, ndigits=None):
    if self.is_scalar and ndigits is None:
        return round(_core.item(self))
    return self.round(0 if ndigits is None else ndigits)


@_method
def __repr__(self):
    value = _fallback.to_numpy(self)
    return repr(value)


@_method
def __str__(self):
    return str(_fallback.to_numpy(self))


@_method
def __format__(self, spec):
    if self.ndim == 0:
        return format(_core.item(self), spec)
    return format(_core.to_ndarray(self), spec)


@_method
def __copy__(self):
    return _core.copy(self, False)


@_method
def __deepcopy__(self, memo):
    return _core.copy(self, False)


@_method
def __reduce_ex__(self, protocol):
    """An array pickles as its value (a view as the values of its window), or as the graph if that is smaller."""
    graph = _core.to_bytes(self)
    if graph is None:
        return _restore, (_core.to_ndarray(self), self.is_scalar)
    nodes, leaves = graph
    return _restore_graph, (nodes, [_core.to_ndarray(leaf) for leaf in leaves], self.is_scalar)


def _restore(value, scalar):
    result = _creation.array(value)
    return _core.as_scalar(result) if scalar else result


def _restore_graph(nodes, leaves, scalar):
    return _core.from_bytes(nodes, [_creation.array(leaf) for leaf in leaves], scalar)


def _matrix_transpose(self):
    if self.ndim < 2:
        raise ValueError("matrix transpose with ndim < 2 is undefined")
    return _core.transpose(self, (*range(self.ndim - 2), self.ndim - 1, self.ndim - 2))


Array.real = property(lambda self: self, doc="The array itself: there are no complex dtypes yet.")
Array.imag = property(lambda self: _core.broadcast_to(_core.full((), 0, self.dtype), self.shape), doc="Zeros.")
Array.flags = property(lambda self: _core.to_ndarray(self).flags, doc="NumPy's flags of the computed array.")
Array.flat = property(lambda self: _core.to_ndarray(self).flat, doc="An iterator over the computed array's own memory.")
Array.mT = property(_matrix_transpose, doc="A view with the last two axes exchanged.")
Array.device = property(lambda self: "cpu", doc="Where the values are.")

# Reductions are methods under their own names.
for _name, _row in _core.reductions.items():
    if hasattr(np.ndarray, _name):
        setattr(Array, _name, _row)
del _name, _row

# What NumPy's arrays have besides: called on the computed values, and recorded for `lz.explain`. Left out is what
# changes an ndarray itself rather than its values.
for _name in dir(np.ndarray):
    _is_own = _name.startswith("_") or hasattr(Array, _name) or not callable(getattr(np.ndarray, _name))
    if not _is_own and _name not in ("resize", "setflags", "to_device"):
        setattr(Array, _name, _fallback.numpy_method(_name))
del _name, _is_own
