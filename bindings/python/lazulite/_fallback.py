"""What Lazulite does not fuse: handed to NumPy by name, and recorded for `lz.explain`."""

import collections

import numpy as np

from lazulite import _core

#: How often each NumPy function was called on computed values, and why: {(name, reason): count}.
calls = collections.Counter()


def to_numpy(value):
    """`value` with every lazy array in it (also in lists, tuples and dicts) as its computed ndarray or scalar."""
    if isinstance(value, _core.Array):
        result = _core.to_ndarray(value)
        return result[()] if value.is_scalar else result
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return type(value)(to_numpy(v) for v in value)
    if type(value) is dict:
        return {k: to_numpy(v) for k, v in value.items()}
    return value


def from_numpy(value):
    """A result of NumPy's as a lazy array, where Lazulite has its dtype; otherwise as it is."""
    if isinstance(value, tuple):
        converted = [from_numpy(v) for v in value]
        return type(value)(*converted) if hasattr(value, "_fields") else tuple(converted)
    if type(value) is np.ndarray:
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
    result = function(*to_numpy(args), **to_numpy(kwargs))
    if out is not None and any(isinstance(o, _core.Array) for o in (out if isinstance(out, tuple) else (out,))):
        return out[0] if isinstance(out, tuple) and len(out) == 1 else out
    return from_numpy(result)


def _call_by_name(name, args, kwargs, reason):
    function = getattr(np, name, None)
    if function is None:
        raise TypeError(f"{name}: unsupported operands or keywords ({reason}), and NumPy has no {name} to fall back to")
    return call_function(function, name, args, kwargs, reason)


def _operator(name, operands, reason):
    return call_function(getattr(np, name), name, operands, {}, reason)


def _operator_in_place(name, target, value, reason):
    calls[name, reason] += 1
    memory = _core.to_ndarray(target)
    getattr(np, name)(memory, to_numpy(value), out=memory)
    return target


def write_ndarray(out, result, name):
    """Compute `result` into the ndarray `out`, as `out=` does."""
    if out.shape != result.shape:
        raise ValueError(
            f"non-broadcastable output operand with shape {_shape(out)} doesn't match the broadcast shape "
            f"{_shape(result)}"
        )
    if not np.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError(
            f"Cannot cast ufunc '{name}' output from {result.dtype!r} to {out.dtype!r} with casting rule 'same_kind'"
        )
    np.copyto(out, to_numpy(result), casting="same_kind")
    return out


def _shape(a):
    return "(" + ",".join(map(str, a.shape)) + ("," if a.ndim == 1 else "") + ")"


def _get(array, key):
    calls["indexing", "index arrays and masks are not fused"] += 1
    return from_numpy(_core.to_ndarray(array)[to_numpy(key)])


def _set(array, key, value):
    calls["indexing", "index arrays and masks are not fused"] += 1
    _core.to_ndarray(array)[to_numpy(key)] = to_numpy(value)


_core.set_fallback(_operator, _operator_in_place)
_core.set_ufunc_fallback(_call_by_name, write_ndarray)
_core.set_indexing_fallback(_get, _set)
