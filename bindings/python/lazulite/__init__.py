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

from lazulite import _core, _fallback, linalg, random
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
from lazulite._join import (
    append,
    block,
    column_stack,
    concatenate,
    dstack,
    hstack,
    stack,
    vstack,
)
from lazulite._pad import pad
from lazulite._products import (
    dot,
    inner,
    matmul,
    matvec,
    outer,
    tensordot,
    vdot,
    vecdot,
    vecmat,
)
from lazulite._rearrange import (
    diff,
    meshgrid,
    repeat,
    roll,
    tile,
    tril,
    triu,
)
from lazulite._shape import (
    array_split,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_to,
    copy,
    diagonal,
    dsplit,
    expand_dims,
    flip,
    fliplr,
    flipud,
    hsplit,
    moveaxis,
    ravel,
    reshape,
    rot90,
    split,
    squeeze,
    swapaxes,
    transpose,
    vsplit,
)
from lazulite._version import __version__

from lazulite import _methods, _protocols  # noqa: F401  isort: skip  (attach methods and NumPy's protocols)

__all__ = [
    "Array",
    "__version__",
    "append",
    "arange",
    "array",
    "array_split",
    "asarray",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block",
    "bool_",
    "broadcast_to",
    "column_stack",
    "compute",
    "concatenate",
    "copy",
    "diagonal",
    "diff",
    "dot",
    "dsplit",
    "dstack",
    "e",
    "empty",
    "empty_like",
    "expand_dims",
    "explain",
    "flip",
    "fliplr",
    "flipud",
    "float32",
    "float64",
    "from_dlpack",
    "full",
    "full_like",
    "fuse",
    "get_num_threads",
    "hsplit",
    "hstack",
    "inf",
    "inner",
    "int16",
    "int32",
    "int64",
    "int8",
    "linalg",
    "linspace",
    "matmul",
    "matvec",
    "memory",
    "meshgrid",
    "moveaxis",
    "nan",
    "newaxis",
    "num_threads",
    "ones",
    "ones_like",
    "options",
    "outer",
    "pad",
    "pi",
    "random",
    "ravel",
    "repeat",
    "reshape",
    "roll",
    "rot90",
    "set_num_threads",
    "show_config",
    "split",
    "squeeze",
    "stack",
    "swapaxes",
    "tensordot",
    "tile",
    "transpose",
    "tril",
    "trim",
    "triu",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "vdot",
    "vecdot",
    "vecmat",
    "vsplit",
    "vstack",
    "zeros",
    "zeros_like",
    *_core.ufuncs,
    *_core.reductions,
    "amax",
    "amin",
    "abs",
]


def __getattr__(name):
    """What NumPy has and Lazulite has not: `lz.cumsum`, `lz.sort`, `lz.fft`, `lz.complex128`."""
    if name.startswith("_") or not hasattr(_fallback.np, name):
        raise AttributeError(f"module 'lazulite' has no attribute '{name}'")
    function = getattr(_fallback.np, name)
    if isinstance(function, _fallback.np.ufunc) and function.__name__ in _core.ufuncs:
        return _core.ufuncs[function.__name__]  # another name of one of ours: `lz.acos`, `lz.true_divide`
    return _fallback.numpy_function(name)


# The op table's functions come last: some of their names (sum, any, all, min, max, abs) are builtins, which nothing
# below this line uses.
globals().update(_core.ufuncs)
globals().update(_core.reductions)
amin, amax, abs = _core.reductions["min"], _core.reductions["max"], _core.ufuncs["absolute"]  # noqa: A001
