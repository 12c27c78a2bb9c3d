"""Products of vectors and matrices with numpy's shapes and errors: matmul, dot, inner, outer, tensordot, ..."""

import math
import operator

import numpy as np

from lazulite import _core, _fallback, _shape

_multiply = _core.ufuncs["multiply"]


def deliver(result, out, name):
    """`result` written to what the caller gave as `out=`, and that returned."""
    if isinstance(out, tuple):
        if len(out) != 1:
            raise ValueError("The 'out' tuple must have exactly one entry per ufunc output")
        out = out[0]
    if out is None:
        return result
    if isinstance(out, _core.Array):
        _core.write_out(out, result, name)
        return out
    if not isinstance(out, np.ndarray):
        raise TypeError("return arrays must be of ArrayType")
    return _fallback.write_ndarray(out, result, name, True)


# --- NumPy's ufuncs --------------------------------------------------------------------------------------------------


def _product(name, signature, doc):
    """The function of the extension module `name` with the arguments of NumPy's ufunc."""
    function = getattr(_core, name)
    core_of_result = signature.rpartition("->")[2].count("m") + signature.rpartition("->")[2].count("n")

    def product(x1, x2, /, out=None, **keywords):
        if not keywords:
            result = function(x1, x2)
            if out is None or not isinstance(result, _core.Array):
                return result if out is None else _numpy(name, x1, x2, out=out)
            target = out[0] if isinstance(out, tuple) else out
            missing = (x1, x2)
            core = core_of_result
            if name == "matmul":
                core -= sum(np.ndim(x) == 1 for x in missing)
            if hasattr(target, "shape"):
                _core.check_core_out(name, signature, target.shape, result.shape, core)
            return deliver(result, out, name)
        if name == "vecdot" and set(keywords) == {"axis"} and out is None:
            axis = keywords["axis"]
            x1, x2 = _shape.operand(x1), _shape.operand(x2)
            if x1 is not None and x2 is not None:
                return function(_shape.moveaxis(x1, axis, -1), _shape.moveaxis(x2, axis, -1))
        return _numpy(name, x1, x2, out=out, **keywords)

    product.__name__ = product.__qualname__ = name
    product.__doc__ = doc
    return product


def _numpy(name, *args, **keywords):
    if keywords.get("out") is None:
        keywords.pop("out", None)
    return _fallback.call_function(
        getattr(np, name), name, args, keywords, "an operand or keyword that lazulite has not"
    )


matmul = _product(
    "matmul", "(n?,k),(k,m?)->(n?,m?)", "Matrix product over the last two axes; 1-d operands are vectors."
)
vecdot = _product("vecdot", "(n),(n)->()", "Sum of products over the last axis (or `axis`).")
matvec = _product("matvec", "(m,n),(n)->(m)", "Products of matrices with vectors.")
vecmat = _product("vecmat", "(n),(n,m)->(m)", "Products of vectors with matrices.")


# --- NumPy's older functions -----------------------------------------------------------------------------------------


def _lazy_operands(name, a, b, **keywords):
    """Both as lazy arrays, or the result of NumPy's function in third place."""
    x, y = _shape.operand(a), _shape.operand(b)
    if x is None or y is None:
        return None, None, _numpy(name, a, b, **keywords)
    return x, y, None


def dot(a, b, out=None):
    """Sum of products over the last axis of `a` and the last but one (of a vector: the only) axis of `b`."""
    x, y, foreign = _lazy_operands("dot", a, b, out=out)
    if x is None:
        return foreign
    if x.ndim == 0 or y.ndim == 0:
        result = _multiply(x, y)
    else:
        axis = max(y.ndim - 2, 0)
        if x.shape[-1] != y.shape[axis]:
            raise ValueError(_not_aligned(x, y))
        small = x.ndim <= 2 and y.ndim <= 2  # matmul's meaning, without a detour
        result = _core.matmul(x, y) if small else _contract(x, y, (x.ndim - 1,), (axis,))
    return result if out is None else _write_dot(result, out)


def _not_aligned(x, y):
    i, j = x.ndim - 1, max(y.ndim - 2, 0)
    shapes = f"shapes {_fallback.shape_text(x)} and {_fallback.shape_text(y)} not aligned"
    return f"{shapes}: {x.shape[i]} (dim {i}) != {y.shape[j]} (dim {j})"


def _write_dot(result, out):
    """dot's `out=` is taken only as it would be made."""
    if not hasattr(out, "dtype") or out.dtype != result.dtype or out.ndim != result.ndim or not _is_c_array(out):
        raise ValueError(
            "output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)"
        )
    if out.shape != result.shape:
        raise ValueError("output array has wrong dimensions")
    return deliver(result, out, "dot")


def _is_c_array(a):
    return a.flags.c_contiguous if isinstance(a, np.ndarray) else _shape.is_contiguous(a, "C")


def inner(a, b, /):
    """Sum of products over the last axes of both."""
    x, y, foreign = _lazy_operands("inner", a, b)
    if x is None:
        return foreign
    if x.ndim == 0 or y.ndim == 0:
        return _multiply(x, y)
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(_not_aligned(x, y.mT if y.ndim > 1 else y))
    return _contract(x, y, (x.ndim - 1,), (y.ndim - 1,))


def vdot(a, b, /):
    """Sum of products of all elements."""
    x, y, foreign = _lazy_operands("vdot", a, b)
    if x is None:
        return foreign
    x = _shape.ravel(x)
    return _core.vecdot(x, _core.reshape(_shape.ravel(y), (x.size,)))


def outer(a, b, out=None):
    """Products of every element of `a` with every element of `b`."""
    x, y, foreign = _lazy_operands("outer", a, b, out=out)
    if x is None:
        return foreign
    return deliver(_multiply(_shape.ravel(x)[:, None], _shape.ravel(y)[None, :]), out, "multiply")


def tensordot(a, b, axes=2):
    """Sum of products over the last axes of `a` and the first of `b` (so many, or two lists of axes)."""
    x, y, foreign = _lazy_operands("tensordot", a, b, axes=axes)
    if x is None:
        return foreign
    try:
        left, right = axes
    except TypeError:
        n = operator.index(axes)
        left, right = range(-n, 0), range(n)
    left, right = (list(k) if hasattr(k, "__len__") else [k] for k in (left, right))
    if len(left) != len(right) or any(x.shape[i] != y.shape[j] for i, j in zip(left, right, strict=True)):
        raise ValueError("shape-mismatch for sum")
    left = [i + x.ndim if i < 0 else i for i in left]
    right = [j + y.ndim if j < 0 else j for j in right]
    if len(set(left)) != len(left) or len(set(right)) != len(right):
        return _numpy("tensordot", a, b, axes=axes)  # its own complaint
    result = _contract(x, y, left, right)
    return _core.as_array(result) if result.ndim == 0 else result


def _contract(x, y, left, right):
    """Sum of products over the axes `left` of x and `right` of y; the others of x, then those of y, remain."""
    kept_x = [k for k in range(x.ndim) if k not in left]
    kept_y = [k for k in range(y.ndim) if k not in right]
    depth = math.prod(x.shape[k] for k in left)
    shape_x, shape_y = (tuple(a.shape[k] for k in kept) for a, kept in ((x, kept_x), (y, kept_y)))
    if kept_x:
        x = _core.reshape(_core.transpose(x, [*kept_x, *left]), (math.prod(shape_x), depth))
    else:
        x = _core.reshape(_core.transpose(x, left), (depth,))
    if kept_y:
        y = _core.reshape(_core.transpose(y, [*right, *kept_y]), (depth, math.prod(shape_y)))
    else:
        y = _core.reshape(_core.transpose(y, right), (depth,))
    result = _core.matmul(x, y)
    shape = shape_x + shape_y
    return result if result.shape == shape else _core.reshape(result, shape)
