"""What Lazulite does not fuse: handed to NumPy by name, and recorded for `lz.explain`."""

import collections
import operator
import sys

import numpy as np

from lazulite import _core

#: How often each NumPy function was called on computed values, and why: {(name, reason): count}.
calls = collections.Counter()


#: NumPy's functions by the names that the extension module has for operators.
_operators = {"==": operator.eq, "!=": operator.ne}


def to_numpy(value, sources=None):
    """`value` with every lazy array in it (also in lists, tuples and dicts) as its computed ndarray or scalar.

    `sources` collects the arrays that were handed out: pairs of the lazy array and the ndarray on its memory.
    """
    if isinstance(value, _core.Array):
        result = _core.to_ndarray(value)
        if value.is_scalar:
            return result[()]
        if sources is not None:
            sources.append((value, result))
        return result
    if type(value) in (list, tuple):
        return type(value)([to_numpy(v, sources) for v in value])
    if type(value) is dict:
        return {k: to_numpy(v, sources) for k, v in value.items()}
    return value


def from_numpy(value, sources=()):
    """A result of NumPy's as a lazy array, where Lazulite has its dtype; otherwise as it is.

    A view of the memory of one of the `sources` (swapaxes, diagonal, ...) becomes a view of that array, so that writing
    to it writes through; a view with another dtype stays an ndarray on that memory.
    """
    if isinstance(value, (tuple, list)):
        converted = [from_numpy(v, sources) for v in value]
        return type(value)(*converted) if hasattr(value, "_fields") else type(value)(converted)
    if type(value) is np.ndarray:
        for lazy, memory in sources:
            if value is memory:
                return lazy
            if value.base is not None and np.may_share_memory(value, memory):
                view = _core.view_like(lazy, value)
                if view is not None and not value.flags.writeable:
                    view = _core.broadcast_to(view, view.shape)  # a view that nobody writes through
                return value if view is None else view
        result = _core.borrow_ndarray(value, False) if value.base is None else _core.from_ndarray(value)
        return value if result is None else result
    if isinstance(value, np.generic):
        result = _core.from_ndarray(np.asarray(value))
        return value if result is None else _core.as_scalar(result)
    return value


def call_function(function, name, args, kwargs, reason):
    """A NumPy function on computed values."""
    calls[name, reason] += 1
    out = kwargs.get("out")
    sources = []
    result = function(*to_numpy(args, sources), **to_numpy(kwargs, sources))
    if out is not None and any(isinstance(o, _core.Array) for o in (out if isinstance(out, tuple) else (out,))):
        return out[0] if isinstance(out, tuple) and len(out) == 1 else out
    return from_numpy(result, sources)


def _call_by_name(name, args, kwargs, reason):
    function = getattr(np, name, None) or getattr(sys.modules.get("scipy.special"), name, None)
    if function is None:
        raise TypeError(f"{name}: unsupported operands or keywords ({reason}), and NumPy has no {name} to fall back to")
    return call_function(function, name, args, kwargs, reason)


def _operator(name, operands, reason):
    function = _operators.get(name) or getattr(np, name, None)
    if function is None:  # a row that NumPy has not
        return _call_by_name(name, operands, {}, reason)
    return call_function(function, name, operands, {}, reason)


def numpy_function(name):
    """NumPy's function `name` on computed values, as an attribute of the package; its results are lazy arrays."""
    function = getattr(np, name)
    if not isinstance(function, np.ufunc) and (isinstance(function, type) or not callable(function)):
        return function

    def fallback(*args, **kwargs):
        return call_function(function, name, args, kwargs, "not in the op table")

    fallback.__name__ = fallback.__qualname__ = name
    fallback.__doc__ = f"`numpy.{name}` on computed values: not fused."
    return fallback


def numpy_method(name):
    """ndarray's method `name` on the array's own memory."""

    def method(values, *args, **kwargs):
        return getattr(values, name)(*args, **kwargs)  # of an ndarray, or of a NumPy scalar

    def fallback(self, *args, **kwargs):
        return call_function(method, name, (self, *args), kwargs, "not in the op table")

    fallback.__name__ = name
    fallback.__qualname__ = f"Array.{name}"
    fallback.__doc__ = f"`numpy.ndarray.{name}` on the computed values: not fused."
    return fallback


def _operator_in_place(name, target, value, reason):
    calls[name, reason] += 1
    memory = _core.to_ndarray(target)
    if name == "matmul":
        operator.imatmul(memory, to_numpy(value))
    else:
        getattr(np, name)(memory, to_numpy(value), out=memory)
    return target


def write_ndarray(out, result, name, stretch):
    """Compute `result` into the ndarray `out`, as `out=` does; `stretch`: the result may be repeated to fit."""
    if result.shape != out.shape and not (stretch and _fits(result.shape, out.shape)):
        raise ValueError(
            f"non-broadcastable output operand with shape {shape_text(out)} doesn't match the broadcast shape "
            f"{shape_text(result)}"
        )
    if not np.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError(
            f"Cannot cast ufunc '{name}' output from {result.dtype!r} to {out.dtype!r} with casting rule 'same_kind'"
        )
    np.copyto(out, to_numpy(result), casting="same_kind")
    return out


def _fits(shape, out):
    """Whether values of `shape` can be written to `out` by repeating them."""
    try:
        return np.broadcast_shapes(shape, out) == out
    except ValueError:
        return False


def shape_text(a):
    """The shape as NumPy writes it in its messages."""
    return "(" + ",".join(map(str, a.shape)) + ("," if a.ndim == 1 else "") + ")"


def _set(array, key, value):
    calls["indexing", "a value that lazulite has not is written"] += 1
    _core.to_ndarray(array)[to_numpy(key)] = to_numpy(value)


_core.set_fallback(_operator, _operator_in_place)
_core.set_ufunc_fallback(_call_by_name, write_ndarray)
_core.set_indexing_fallback(_set)
