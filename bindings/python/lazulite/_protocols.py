"""NumPy's protocols: `np.exp(x)`, `np.sum(x, axis=1)` and the like on lazy arrays stay lazy."""

import weakref

import numpy as np

from lazulite import (
    _core,
    _creation,
    _einsum,
    _elementary,
    _fallback,
    _indexing,
    _join,
    _methods,
    _pad,
    _products,
    _quantiles,
    _rearrange,
    _reductions,
    _shape,
    linalg,
    special,
)

#: numpy's ufuncs and functions by the function of ours that does the same.
_lazy = {getattr(np, name): row for name, row in _core.ufuncs.items() if hasattr(np, name)}
_lazy.update({getattr(np, name): row for name, row in _core.reductions.items()})
_lazy.update(
    {
        np.amin: _core.reductions["min"],
        np.amax: _core.reductions["max"],
        np.clip: _methods.clip_function,
        np.zeros_like: _creation.zeros_like,
        np.ones_like: _creation.ones_like,
        np.empty_like: _creation.empty_like,
        np.full_like: _creation.full_like,
        np.shape: lambda a: a.shape,
        np.ndim: lambda a: a.ndim,
        np.size: lambda a, axis=None: a.size if axis is None else a.shape[axis],
    }
)
_MODULES = (
    _shape,
    _indexing,
    _join,
    _rearrange,
    _pad,
    _products,
    _reductions,
    _quantiles,
    _einsum,
    _elementary,
)
for _module in _MODULES:
    for _name, _function in vars(_module).items():
        if hasattr(np, _name) and getattr(_function, "__module__", None) == _module.__name__:
            _lazy[getattr(np, _name)] = _function
_lazy.update({getattr(np.linalg, _name): getattr(linalg, _name) for _name in linalg.__all__ if _name != "LinAlgError"})
del _module, _name, _function

#: ufunc.reduce that are reductions of ours.
_reduce = {
    np.add: "sum",
    np.multiply: "prod",
    np.fmin: "nanmin",
    np.fmax: "nanmax",
    np.minimum: "min",
    np.maximum: "max",
    np.logical_and: "all",
    np.logical_or: "any",
}

#: ufunc.accumulate that stay lazy.
_accumulated = frozenset("add multiply minimum maximum fmin fmax logical_and logical_or".split())

#: Types that cannot ask for another meaning of the ufunc.
_plain = frozenset({_core.Array, np.ndarray, float, int, bool, list, np.float64, np.float32, np.int64})


def _array_ufunc(self, ufunc, method, *inputs, **kwargs):
    if method == "__call__" and not kwargs and ufunc in _lazy and _plain.issuperset(map(type, inputs)):
        return _lazy[ufunc](*inputs)
    out = kwargs.pop("out", None)
    for x in (*inputs, *(out or ())):
        other = getattr(type(x), "__array_ufunc__", None)
        if other is not None and other not in (np.ndarray.__array_ufunc__, type(self).__array_ufunc__):
            return NotImplemented
    if out is not None:
        kwargs["out"] = out[0] if len(out) == 1 else out
    row = _lazy.get(ufunc)
    name = ufunc.__name__
    if row is None and name in special.__all__ and not isinstance(getattr(np, name, None), np.ufunc):
        row = getattr(special, name)  # a ufunc of SciPy's
    if method == "__call__" and row is not None:
        return row(*inputs, **kwargs)
    if method == "reduce" and ufunc in _reduce and not set(kwargs) - {"axis", "keepdims", "out", "dtype"}:
        kwargs.setdefault("axis", 0)
        if kwargs.get("dtype") is None:
            kwargs.pop("dtype", None)
        if "dtype" not in kwargs or ufunc in (np.add, np.multiply):
            return _core.reductions[_reduce[ufunc]](*inputs, **kwargs)
    if method == "accumulate" and ufunc.__name__ in _accumulated and not set(kwargs) - {"axis", "dtype", "out"}:
        x = _shape.operand(inputs[0])
        loop = kwargs.get("dtype") or (len(inputs) > 2 and inputs[2]) or bool
        if x is not None and not (ufunc.__name__.startswith("logical") and np.dtype(loop) != bool):
            return _reductions.accumulate(ufunc.__name__, x, *inputs[1:], **kwargs)
    if method == "at":
        return _indexing.at(ufunc, *inputs)
    function = ufunc if method == "__call__" else getattr(ufunc, method)
    name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    return _fallback.call_function(function, name, inputs, kwargs, "not in the op table")


def _array_function(self, function, types, args, kwargs):
    for t in types:
        if not issubclass(t, (_core.Array, np.ndarray)):
            return NotImplemented
    row = _lazy.get(function)
    if row is not None:
        return row(*args, **{k: v for k, v in kwargs.items() if v is not np._NoValue})
    name = getattr(function, "__name__", str(function))
    return _fallback.call_function(function, name, args, kwargs, "not in the op table")


#: The memory that `__array_interface__` gave away, by id of its array: {id: (weak reference, ndarray)}.
_given = {}


def _array_interface(self):
    """NumPy's array interface, version 3.

    Who takes the address holds on to the array, not to its memory: so the export counts as long as the array lives.
    """
    _core.raise_interrupt(self)
    key = id(self)
    memory = _core.to_ndarray(self)
    _given[key] = weakref.ref(self, lambda _: _given.pop(key, None)), memory
    return memory.__array_interface__


def _dlpack(self, *, stream=None, max_version=None, dl_device=None, copy=None):
    """The array as a DLPack capsule on its own memory; `max_version` from (1, 0) on gives a versioned one."""
    return _core.to_dlpack(self, stream, max_version, dl_device, copy)


_core.Array.__dlpack__ = _dlpack
_core.Array.__dlpack_device__ = lambda self: (1, 0)  # kDLCPU
_core.Array.__array_interface__ = property(_array_interface)
_core.Array.__array_ufunc__ = _array_ufunc
_core.Array.__array_function__ = _array_function
_core.Array.__array_priority__ = 100.0
