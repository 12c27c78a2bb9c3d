"""Linear algebra on lazy arrays, as numpy.linalg: `lz.linalg.solve(a, b)`, and so `np.linalg.solve(lazy, b)`.

Decompositions are computed when their results are needed; a matrix that is singular, or not positive definite, raises
LinAlgError then. What is not here (`eig`, whose results are complex, `tensorsolve`, ...) is NumPy's on computed values.
"""

import functools
import operator
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.linalg import LinAlgError

from lazulite import _core, _fallback, _products, _shape
from lazulite._products import matmul, tensordot, vecdot

_ufuncs, _reductions = _core.ufuncs, _core.reductions
_where, _sqrt, _absolute = _ufuncs["where"], _ufuncs["sqrt"], _ufuncs["absolute"]
_sum, _max, _min = _reductions["sum"], _reductions["max"], _reductions["min"]


class EighResult(NamedTuple):
    eigenvalues: Any
    eigenvectors: Any


class QRResult(NamedTuple):
    Q: Any
    R: Any


class SlogdetResult(NamedTuple):
    sign: Any
    logabsdet: Any


class SVDResult(NamedTuple):
    U: Any
    S: Any
    Vh: Any


def _matrices(square):
    """A decorator: the first argument as a lazy array of matrices; other dtypes go to NumPy's function."""

    def decorate(function):
        name = function.__name__

        @functools.wraps(function)
        def wrapper(a, *args, **keywords):
            x = _shape.operand(a)
            if x is None:
                return _numpy(name, a, *args, **keywords)
            if x.ndim < 2:
                raise LinAlgError(f"{x.ndim}-dimensional array given. Array must be at least two-dimensional")
            if square and x.shape[-1] != x.shape[-2]:
                raise LinAlgError("Last 2 dimensions of the array must be square")
            return function(x, *args, **keywords)

        return wrapper

    return decorate


def _numpy(name, *args, **keywords):
    function = getattr(np.linalg, name)
    return _fallback.call_function(function, f"linalg.{name}", args, keywords, "a dtype that lazulite has not")


# --- Systems of equations --------------------------------------------------------------------------------------------


def solve(a, b):
    """The solution x of a x = b: of one vector where `b` is 1-d, else of the columns of matrices."""
    x, y = _shape.operand(a), _shape.operand(b)
    if x is None or y is None:
        return _numpy("solve", a, b)
    if x.ndim < 2:
        raise LinAlgError(f"{x.ndim}-dimensional array given. Array must be at least two-dimensional")
    if x.shape[-1] != x.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    if y.ndim == 1:
        _core.match_core("solve1", "(m,m),(m)->(m)", x, y)
        return _core.solve(x, y[:, None])[..., 0]
    return _core.solve(x, y)


@_matrices(square=True)
def inv(a):
    """The inverse."""
    return _core.inv(a)


@_matrices(square=True)
def det(a):
    """The determinant."""
    return _core.det(a)


@_matrices(square=True)
def slogdet(a):
    """Sign and logarithm of the absolute value of the determinant, which itself may be too large or too small."""
    return SlogdetResult(*_core.slogdet(a))


@_matrices(square=True)
def cholesky(a, /, *, upper=False):
    """The lower triangular L with L L^T = a, from the lower triangle of `a` (or the upper U with U^T U = a)."""
    return _core.cholesky(a.mT).mT if upper else _core.cholesky(a)


def lstsq(a, b, rcond=None):
    """The least-squares solution of a x = b with the smallest norm, the residuals, the rank and the singular values.

    The rank decides on the shapes: the singular values are computed at once.
    """
    x, y = _shape.operand(a), _shape.operand(b)
    if x is None or y is None:
        return _numpy("lstsq", a, b, rcond)
    vector = y.ndim == 1
    y = y[:, None] if vector else y
    for m in (x, y):
        if m.ndim != 2:
            raise LinAlgError(f"{m.ndim}-dimensional array given. Array must be two-dimensional")
    rows, columns = x.shape
    if rows != y.shape[0]:
        raise LinAlgError("Incompatible dimensions")
    dtype = np.float32 if x.dtype == y.dtype == np.float32 else np.float64
    x, y = (_core.astype(m, dtype, False) for m in (x, y))
    u, s, vh = svd(x, full_matrices=False)
    if rcond is None:
        rcond = np.finfo(s.dtype).eps * max(rows, columns)
    elif rcond < 0:
        rcond = np.finfo(s.dtype).eps
    large = s > rcond * s[0] if s.size else s > 0
    rank = int(_sum(large))
    solution = vh.mT @ (_where(large, 1 / _where(large, s, 1), 0).astype(s.dtype)[:, None] * (u.mT @ y))
    if rank == columns and rows > columns:
        residuals = _sum((y - x @ solution) ** 2, axis=0)
    else:
        residuals = _core.empty((0,), s.dtype)
    return solution[:, 0] if vector else solution, residuals, np.int32(rank), s


# --- Decompositions --------------------------------------------------------------------------------------------------


@_matrices(square=False)
def qr(a, mode="reduced"):
    """Q with orthonormal columns and upper triangular R with Q R = a; modes as numpy's."""
    if mode in ("f", "full", "e", "economic"):
        return _numpy("qr", a, mode)
    if mode not in ("reduced", "complete", "r", "raw"):
        raise ValueError(f"Unrecognized mode '{mode}'")
    q, r = _core.qr(a, mode)
    return r if mode == "r" else (q, r) if mode == "raw" else QRResult(q, r)


@_matrices(square=False)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """The singular value decomposition: a = U diag(S) Vh."""
    if hermitian:
        w, v = eigh(a) if compute_uv else (eigvalsh(a), None)
        if not compute_uv:
            return _sort_descending(_absolute(w))
        return _numpy("svd", a, full_matrices, compute_uv, hermitian)
    u, s, vh = _core.svd(a, bool(full_matrices), bool(compute_uv))
    return SVDResult(u, s, vh) if compute_uv else s


def _sort_descending(a):
    return _fallback.call_function(np.sort, "sort", (a,), {}, "not in the op table")[..., ::-1]


def svdvals(x, /):
    """The singular values, falling."""
    return svd(x, compute_uv=False)


@_matrices(square=True)
def eigh(a, UPLO="L"):  # noqa: N803  (numpy's name)
    """Eigenvalues, rising, and eigenvectors of a symmetric matrix given by its lower (or upper) triangle."""
    return EighResult(*_core.eigh(_triangle(a, UPLO), True))


@_matrices(square=True)
def eigvalsh(a, UPLO="L"):  # noqa: N803  (numpy's name)
    """Eigenvalues, rising, of a symmetric matrix given by its lower (or upper) triangle."""
    return _core.eigh(_triangle(a, UPLO), False)[0]


def _triangle(a, uplo):
    uplo = uplo.upper()
    if uplo not in ("L", "U"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    return a if uplo == "L" else a.mT


@_matrices(square=False)
def pinv(a, rcond=None, hermitian=False, *, rtol=np._NoValue):
    """The Moore-Penrose inverse; singular values below `rcond` times the largest count as zero."""
    if rcond is None:
        if rtol is np._NoValue:
            rcond = 1e-15
        elif rtol is None:
            rcond = max(a.shape[-2:]) * np.finfo(_float(a.dtype)).eps
        else:
            rcond = rtol
    elif rtol is not np._NoValue:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    if 0 in a.shape[-2:]:
        return _core.empty((*a.shape[:-2], a.shape[-1], a.shape[-2]), a.dtype)
    u, s, vh = svd(a, full_matrices=False, hermitian=hermitian)
    large = s > _column(rcond) * _max(s, axis=-1, keepdims=True)
    inverse = _where(large, 1 / _where(large, s, 1), 0).astype(s.dtype)
    return vh.mT @ (inverse[..., None] * u.mT)


def _column(tolerance):
    """A tolerance for each matrix, to be compared with its singular values."""
    return tolerance if np.ndim(tolerance) == 0 else _shape.operand(tolerance)[..., None]


def _float(dtype):
    return dtype if dtype == np.float32 else np.dtype(np.float64)


# --- Powers and numbers ----------------------------------------------------------------------------------------------


@_matrices(square=True)
def matrix_power(a, n):
    """The product of `n` matrices `a`; of its inverse for negative `n`."""
    try:
        n = operator.index(n)
    except TypeError as e:
        raise TypeError("exponent must be an integer") from e
    if n == 0:
        return _core.copy(_core.broadcast_to(_shape.operand(np.eye(a.shape[-1], dtype=a.dtype)), a.shape), True)
    if n < 0:
        a, n = inv(a), -n
    if n == 1:
        return a
    result = None
    while n:
        if n & 1:
            result = a if result is None else result @ a
        n >>= 1
        if n:
            a = a @ a
    return result


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):  # noqa: N803  (numpy's name)
    """The number of singular values above a tolerance."""
    if rtol is not None and tol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    x = _shape.operand(A)
    if x is None:
        return _numpy("matrix_rank", A, tol, hermitian, rtol=rtol)
    if x.ndim < 2:
        return int(bool(_reductions["any"](x != 0)))
    s = svd(x, compute_uv=False, hermitian=hermitian)
    if tol is None:
        rtol = max(x.shape[-2:]) * np.finfo(s.dtype).eps if rtol is None else _column(rtol)
        tol = _max(s, axis=-1, keepdims=True) * rtol if s.shape[-1] else 0
    else:
        tol = _column(tol)
    return _sum(s > tol, axis=-1)


@_matrices(square=False)
def cond(x, p=None):
    """The condition number: the norm `p` of the matrix times that of its inverse."""
    if 0 in x.shape[-2:]:
        raise LinAlgError("cond is not defined on empty arrays")
    if p is not None and p not in (2, -2):
        return _numpy("cond", x, p)  # which goes on where a matrix of the batch has no inverse
    s = svd(x, compute_uv=False)
    r = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    nan = _ufuncs["isnan"](r) & ~_reductions["any"](_ufuncs["isnan"](x), axis=(-2, -1))
    return _as_result(_where(nan, np.array(np.inf, s.dtype), r), s.ndim == 1)


def _as_result(a, scalar):
    return _core.as_scalar(a) if scalar and not a.is_scalar else a


# --- Norms -----------------------------------------------------------------------------------------------------------


def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of vectors (one axis) or matrices (two axes); by default that of all elements as one vector."""
    a = _shape.operand(x)
    if a is None:
        return _numpy("norm", x, ord, axis, keepdims)
    if a.dtype.kind != "f":
        a = a.astype(np.float64)
    if axis is None:
        if ord is None or (ord in ("f", "fro") and a.ndim == 2) or (ord == 2 and a.ndim == 1):
            flat = _shape.ravel(a)
            result = _sqrt(_sum(flat * flat))
            return _core.reshape(result, (1,) * a.ndim) if keepdims else _as_result(result, True)
        axis = tuple(range(a.ndim))
    elif not isinstance(axis, tuple):
        try:
            axis = (operator.index(axis),)
        except TypeError as e:
            raise TypeError("'axis' must be None, an integer or a tuple of integers") from e
    if len(axis) == 1:
        return _vector_norm(a, ord, normalize_axis_index(axis[0], a.ndim), keepdims)
    if len(axis) == 2:
        return _matrix_norm(a, ord, axis, keepdims)
    raise ValueError("Improper number of dimensions to norm.")


def _largest(a, axis, **kept):
    """The largest number of those that are not negative: 0 of none."""
    return (_max if a.shape[axis] else _sum)(a, axis=axis, **kept)


def _vector_norm(a, order, axis, keepdims):
    kept = {"axis": axis, "keepdims": keepdims}
    if order is None or order == 2:
        return _sqrt(_sum(a * a, **kept))
    if isinstance(order, str):
        raise ValueError(f"Invalid norm order '{order}' for vectors")
    if order == np.inf:
        return _largest(_absolute(a), **kept)
    if order == -np.inf:
        return _min(_absolute(a), **kept)
    if order == 0:
        return _sum((a != 0).astype(a.dtype), **kept)
    if order == 1:
        return _sum(_absolute(a), **kept)
    return _sum(_absolute(a) ** order, **kept) ** (1 / a.dtype.type(order))


def _matrix_norm(a, order, axis, keepdims):
    row, column = (normalize_axis_index(k, a.ndim) for k in axis)
    if row == column:
        raise ValueError("Duplicate axes given.")
    if order in (None, "fro", "f"):
        result = _sqrt(_sum(a * a, axis=(row, column)))
    elif order in (2, -2, "nuc"):
        s = svd(_shape.moveaxis(a, (row, column), (-2, -1)), compute_uv=False)
        result = (_largest if order == 2 else _min if order == -2 else _sum)(s, axis=-1)
    elif order in (1, -1, np.inf, -np.inf):
        summed, kept = (row, column) if order in (1, -1) else (column, row)
        sums = _sum(_absolute(a), axis=summed)
        result = (_largest if order > 0 else _min)(sums, axis=kept - (kept > summed))
    else:
        raise ValueError("Invalid norm order for matrices.")
    if not keepdims:
        return result
    return _core.reshape(result, tuple(1 if k in (row, column) else d for k, d in enumerate(a.shape)))


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """The norm of vectors along the axes (of all elements by default)."""
    a = _shape.operand(x)
    if a is None:
        return _numpy("vector_norm", x, axis=axis, keepdims=keepdims, ord=ord)
    shape = a.shape
    if axis is None:
        a, along, reduced = _shape.ravel(a), 0, tuple(range(len(shape)))
    elif isinstance(axis, tuple):
        reduced = normalize_axis_tuple(axis, a.ndim)
        rest = [k for k in range(a.ndim) if k not in reduced]
        a = _core.transpose(a, [*reduced, *rest])
        a, along = _core.reshape(a, (-1, *(shape[k] for k in rest))), 0
    else:
        along = normalize_axis_index(axis, a.ndim)
        reduced = (along,)
    result = norm(a, ord, along)
    if not keepdims:
        return result
    return _core.reshape(result, tuple(1 if k in reduced else d for k, d in enumerate(shape)))


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """The norm of matrices in the last two axes."""
    return norm(x, ord, (-2, -1), keepdims)


# --- Products and shapes, by numpy.linalg's names --------------------------------------------------------------------


def outer(x1, x2, /):
    """Products of every element of one vector with every element of another."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        dimensions = f"x1.ndim={np.ndim(x1)} and x2.ndim={np.ndim(x2)}"
        raise ValueError(f"Input arrays must be one-dimensional, but they are {dimensions}.")
    return _products.outer(x1, x2)


def matrix_transpose(x, /):
    """A view with the last two axes exchanged."""
    a = _shape.operand(x)
    return _numpy("matrix_transpose", x) if a is None else a.mT


def diagonal(x, /, *, offset=0):
    """The diagonals of matrices, a view."""
    return _shape.diagonal(x, offset, -2, -1)


def multi_dot(arrays, *, out=None):
    """The product of several matrices, in the order of the fewest operations; the first and last may be vectors."""
    lazy = [_shape.operand(a) for a in arrays]
    if any(a is None for a in lazy):
        return _numpy("multi_dot", arrays, out=out)
    if len(lazy) < 2:
        raise ValueError("Expecting at least two arrays.")
    first, last = lazy[0].ndim == 1, lazy[-1].ndim == 1
    if first:
        lazy[0] = lazy[0][None, :]
    if last:
        lazy[-1] = lazy[-1][:, None]
    for a in lazy:
        if a.ndim != 2:
            raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be two-dimensional")
    result = _in_best_order(lazy)
    if first:
        result = result[0]
    if last:
        result = result[..., 0]
    return _products.deliver(_as_result(result, first and last), out, "dot")


def _in_best_order(matrices):
    """Cormen et al., "Introduction to Algorithms", matrix-chain multiplication."""
    n = len(matrices)
    sizes = [matrices[0].shape[0], *(m.shape[1] for m in matrices)]
    cost = {(i, i): (0, i) for i in range(n)}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            cost[i, j] = min(
                (cost[i, k][0] + cost[k + 1, j][0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )

    def product(i, j):
        if i == j:
            return matrices[i]
        k = cost[i, j][1]
        return _products.dot(product(i, k), product(k + 1, j))

    return product(0, n - 1)


__all__ = [
    "LinAlgError",
    "cholesky",
    "cond",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "inv",
    "lstsq",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "tensordot",
    "vecdot",
    "vector_norm",
]


def __getattr__(name):
    """What numpy.linalg has besides, on computed values."""
    if name.startswith("_") or not hasattr(np.linalg, name):
        raise AttributeError(f"module 'lazulite.linalg' has no attribute '{name}'")
    function = getattr(np.linalg, name)

    @functools.wraps(function)
    def fallback(*args, **keywords):
        return _fallback.call_function(function, f"linalg.{name}", args, keywords, "not in the op table")

    return fallback
