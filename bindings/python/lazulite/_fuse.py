"""`@lz.fuse`: an existing NumPy function, lazy inside."""

import functools
import inspect

import numpy as np

from lazulite import _core, _fallback


def fuse(function):
    """Make a NumPy function lazy inside without a change to its text: NumPy arrays in, NumPy arrays out.

    Arguments that are arrays are lent to the call, not copied. In-place changes of an argument are written through to
    the caller's array before the call returns or raises. Whatever the function kept elsewhere (`self.cache = x`) owns
    its memory when the call is over. Arguments that overlap in memory run in NumPy, and `lz.explain` says so.
    Called with lazy arrays (by another fused function, say), it returns lazy arrays.
    """
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise TypeError(
            "lz.fuse: a generator or coroutine runs after its call has returned; fuse the function it calls"
        )

    @functools.wraps(function)
    def fused(*args, **kwargs):
        lent = {}  # id of the ndarray -> (ndarray, lazy array)
        arrays = [a for a in (*args, *kwargs.values()) if type(a) is np.ndarray]
        if any(isinstance(a, _core.Array) for a in (*args, *kwargs.values())):
            return function(*args, **kwargs)
        distinct = list({id(a): a for a in arrays}.values())
        if _overlap(distinct):
            name = getattr(function, "__qualname__", str(function))
            _fallback.calls[f"function {name}", "its arguments overlap in memory"] += 1
            return function(*args, **kwargs)
        for a in distinct:
            lazy = _core.borrow_ndarray(a, True)
            if lazy is not None:
                lent[id(a)] = (a, lazy)

        def lend(value):
            return lent[id(value)][1] if id(value) in lent else value

        results = None
        try:
            result = function(*map(lend, args), **{k: lend(v) for k, v in kwargs.items()})
            own = list(lent.values())
            found = []
            _collect(result, found)
            _core.compute(found + [lazy for _, lazy in lent.values()])  # together: they share passes
            results = _return(result, own)
        finally:
            _core.compute_borrowers()  # with the values of their lines, before the arguments change
            for a, lazy in lent.values():
                if a.flags.writeable:
                    _write_through(a, lazy)
            lent.clear()
            lazy = lend = own = found = result = None  # noqa: F841  (our own references would be copied below)
            _core.copy_borrowed()
        return results

    return fused


def _overlap(arrays):
    return any(np.may_share_memory(a, b) for i, a in enumerate(arrays) for b in arrays[i + 1 :])


def _collect(value, found):
    if isinstance(value, _core.Array):
        found.append(value)
    elif type(value) in (tuple, list):
        for v in value:
            _collect(v, found)
    elif type(value) is dict:
        for v in value.values():
            _collect(v, found)


def _return(value, own):
    """`value` with lazy arrays as NumPy's; an argument, or a view of one, is the caller's own memory."""
    if isinstance(value, _core.Array):
        for a, lazy in own:
            if value is lazy:
                return a
            if a.flags.forc and not value.is_scalar and _core.same_base(value, lazy):
                first = (_core.offset(value) - _core.offset(lazy)) // a.itemsize
                return np.lib.stride_tricks.as_strided(a.ravel("K")[first:], value.shape, value.strides)
        return _fallback.to_numpy(value)
    if type(value) in (tuple, list):
        return type(value)(_return(v, own) for v in value)
    if type(value) is dict:
        return {k: _return(v, own) for k, v in value.items()}
    return value


def _write_through(a, lazy):
    value = _core.to_ndarray(lazy)
    same = value.__array_interface__["data"][0] == a.__array_interface__["data"][0] and value.strides == a.strides
    if not same:
        np.copyto(a, value)
