"""Lazulite: lazy NumPy arrays, computed in few fused passes without temporaries.

>>> import lazulite as lz
>>> x = lz.linspace(0, 1, 5)
>>> y = lz.exp(-(x * 2 + 1) ** 2)   # nothing is computed yet for large arrays
>>> float(y.sum())                  # one pass over memory
"""

from numpy import (
    bool_,
    e,
    float32,
    float64,
    inf,
    int8,
    int16,
    int32,
    int64,
    nan,
    newaxis,
    pi,
    uint8,
    uint16,
    uint32,
    uint64,
)

from lazulite import _core, _fallback, random
from lazulite._config import (
    get_num_threads,
    memory,
    num_threads,
    options,
    set_num_threads,
    show_config,
    trim,
)
from lazulite._core import Array
from lazulite._creation import (
    arange,
    array,
    asarray,
    empty,
    empty_like,
    from_dlpack,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    zeros,
    zeros_like,
)
from lazulite._evaluate import compute, explain
from lazulite._fuse import fuse
from lazulite._shape import (
    broadcast_to,
    copy,
    expand_dims,
    ravel,
    reshape,
    squeeze,
    transpose,
)
from lazulite._version import __version__

from lazulite import _methods, _protocols  # noqa: F401  isort: skip  (attach methods and NumPy's protocols)

__all__ = [
    "Array",
    "__version__",
    "arange",
    "array",
    "asarray",
    "bool_",
    "broadcast_to",
    "compute",
    "copy",
    "e",
    "empty",
    "empty_like",
    "expand_dims",
    "explain",
    "float32",
    "float64",
    "from_dlpack",
    "full",
    "full_like",
    "fuse",
    "get_num_threads",
    "inf",
    "int8",
    "int16",
    "int32",
    "int64",
    "linspace",
    "memory",
    "nan",
    "newaxis",
    "num_threads",
    "ones",
    "ones_like",
    "options",
    "pi",
    "random",
    "ravel",
    "reshape",
    "set_num_threads",
    "show_config",
    "squeeze",
    "transpose",
    "trim",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "zeros",
    "zeros_like",
    *_core.ufuncs,
    *_core.reductions,
    "amax",
    "amin",
    "abs",
]


def __getattr__(name):
    """What NumPy has and Lazulite has not: `lz.cumsum`, `lz.concatenate`, `lz.linalg`, `lz.complex128`."""
    if name.startswith("_") or not hasattr(_fallback.np, name):
        raise AttributeError(f"module 'lazulite' has no attribute '{name}'")
    return _fallback.numpy_function(name)


# The op table's functions come last: some of their names (sum, any, all, min, max, abs) are builtins, which nothing
# below this line uses.
globals().update(_core.ufuncs)
globals().update(_core.reductions)
amin, amax, abs = _core.reductions["min"], _core.reductions["max"], _core.ufuncs["absolute"]  # noqa: A001
