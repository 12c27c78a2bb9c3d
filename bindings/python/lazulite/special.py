"""Special functions, as scipy.special: `lz.special.erfc(x)`, and so `scipy.special.erfc(lazy)`; lazy, and fused.

Names, arguments and special values are SciPy's. Results are float64, or float32 where all arrays are float32 or small
integers beside it; of other dtypes, and for keywords beyond `out`, SciPy's own function is called on computed values.
"""

import functools

import numpy as np

from lazulite import _core, _creation, _fallback, _shape
from lazulite._elementary import sinc
from lazulite._reductions import deliver

_f, _reductions = _core.ufuncs, _core.reductions
_where, _log, _exp, _isfinite = _f["where"], _f["log"], _f["exp"], _f["isfinite"]
_sum, _max = _reductions["sum"], _reductions["max"]

#: The rows of the op table that are SciPy's.
_ROWS = (
    "beta",
    "betainc",
    "betaincinv",
    "betaln",
    "digamma",
    "erf",
    "erfc",
    "erfcinv",
    "erfcx",
    "erfinv",
    "expit",
    "exprel",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammaincinv",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "j0",
    "j1",
    "log_expit",
    "log_ndtr",
    "logit",
    "ndtr",
    "ndtri",
    "rgamma",
    "y0",
    "y1",
)
globals().update({name: _f[name] for name in _ROWS})

__all__ = [
    *_ROWS,
    "entr",
    "kl_div",
    "log_softmax",
    "loggamma",
    "logsumexp",
    "psi",
    "rel_entr",
    "sinc",
    "softmax",
    "softplus",
    "xlog1py",
    "xlogy",
]


def _scipy(name, args, kwargs):
    """SciPy's function on computed values."""
    import scipy.special

    function = getattr(scipy.special, name)
    return _fallback.call_function(function, f"special.{name}", args, kwargs, "arguments that lazulite has not")


def _floats(args):
    """The arguments as arrays of one float dtype; None where that is none of ours."""
    numbers = (bool, int, float)
    args = [a if isinstance(a, _core.Array) or type(a) in numbers else np.asanyarray(a) for a in args]
    dtype = np.result_type(*(a if type(a) in numbers else a.dtype for a in args))
    if dtype.kind in "biu":
        dtype = np.dtype(np.float64)
    if dtype not in (np.float32, np.float64) or any(isinstance(a, np.ma.MaskedArray) for a in args):
        return None
    arrays = []
    for a in args:
        if type(a) in numbers:
            a = _core.as_scalar(_creation.asarray(dtype.type(a)))
        elif not isinstance(a, _core.Array):
            a = _core.read_ndarray(a)
        arrays.append(a if a.dtype == dtype else _core.astype(a, dtype, False))
    return arrays


def _elementwise(function):
    """`function` of float arrays, called as SciPy's ufunc of its name: `out` by keyword or position."""
    name, arity = function.__name__, function.__code__.co_argcount

    @functools.wraps(function)
    def wrapper(*args, out=None, **kwargs):
        if len(args) == arity + 1 and out is None:
            *args, out = args
        if len(args) != arity:
            raise TypeError(
                f"{name}() takes from {arity} to {arity + 1} positional arguments but {len(args)} were given"
            )
        arrays = None if kwargs else _floats(args)
        if arrays is None:
            return _scipy(name, args, kwargs if out is None else {"out": out, **kwargs})
        if isinstance(out, tuple):
            (out,) = out
        return deliver(function(*arrays), out, name)

    wrapper.nin, wrapper.nout = arity, 1
    return wrapper


psi = _f["digamma"]


@_elementwise
def loggamma(x):
    """The logarithm of the gamma function, real: NaN below 0, where SciPy's is complex."""
    return _where(x < 0, np.nan, _f["gammaln"](x))


# --- Products with logarithms ----------------------------------------------------------------------------------------


def _zero_times(x, y, product):
    """`product`, and 0 where x is 0 and y is a number."""
    return _where((x == 0) & (y == y), 0, product)


@_elementwise
def xlogy(x, y):
    """x log(y), and 0 where x is 0 and y no NaN."""
    return _zero_times(x, y, x * _log(y))


@_elementwise
def xlog1py(x, y):
    """x log(1 + y), and 0 where x is 0 and y no NaN."""
    return _zero_times(x, y, x * _f["log1p"](y))


@_elementwise
def entr(x):
    """-x log(x), 0 at 0 and -inf below."""
    return _where(x < 0, -np.inf, _where(x == 0, 0, -x * _log(x)))


def _times_log_ratio(x, y):
    """x log(x / y) of positive numbers, to nearly full precision also where x is near y."""
    larger, less = _f["maximum"](x, y), _f["minimum"](x, y)
    beyond_one = (larger - less) / less  # by Sterbenz without an error in the difference, where that is small
    log = _where(beyond_one == np.inf, _log(larger) - _log(less), _f["log1p"](beyond_one))
    return _where(x < y, -x, x) * log


def _where_defined(x, y, inside, at_zero):
    """`inside` for positive x and y, `at_zero` where x is 0 and y not negative, infinite elsewhere; NaN stays."""
    value = _where((x == 0) & (y >= 0), at_zero, _where((x > 0) & (y > 0), inside, np.inf))
    return _where((x != x) | (y != y), np.nan, value)


@_elementwise
def rel_entr(x, y):
    """x log(x / y) for positive x and y, 0 where x is 0 and y not negative, inf elsewhere."""
    return _where_defined(x, y, _times_log_ratio(x, y), 0)


def _kl_div_near(x, y):
    """kl_div of positive x and y with |s| = |x - y| / (x + y) below 1/4, without cancelling.

    With log(x / y) = 2 artanh(s) it is (x + y) s (artanh(s) + s^2 r), where r = (artanh(s) - s) / s^3.
    """
    difference, total = x - y, x + y
    s = difference / total
    ss = s * s
    r = 1 / 27 * ss + 1 / 25
    for k in range(23, 1, -2):
        r = r * ss + 1 / k
    return difference * (s + ss * (r * s + r))


@_elementwise
def kl_div(x, y):
    """x log(x / y) - x + y for positive x and y, y where x is 0 and y not negative, inf elsewhere."""
    near = _f["absolute"](x - y) < 0.25 * (x + y)
    return _where_defined(x, y, _where(near, _kl_div_near(x, y), _times_log_ratio(x, y) - x + y), y)


@_elementwise
def softplus(x):
    """log(1 + e^x)."""
    return -_f["log_expit"](-x)


# --- Sums of exponentials --------------------------------------------------------------------------------------------


def _array(a):
    """`a` as a float array of at least no scalar; None where its dtype is none of ours."""
    arrays = _floats([a])
    return None if arrays is None else _shape.operand(arrays[0])


def _largest(a, axis):
    """The largest elements along the axes, kept; 0 where that is no finite number."""
    m = _max(a, axis=axis, keepdims=True)
    return _where(_isfinite(m), m, 0)


def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    """log(sum(b e^a)) over the axes, without overflow. Elements of weight 0 do not count, be they NaN.

    `return_sign`: the logarithm of the sum's absolute value, and its sign (-1, 0 or 1); else NaN of a negative sum.
    """
    arrays = _floats([a] if b is None else [a, b])
    if arrays is None:
        kwargs = {"axis": axis, "b": b, "keepdims": keepdims, "return_sign": return_sign}
        return _scipy("logsumexp", (a,), kwargs)
    x = _shape.operand(arrays[0])
    weights = None if b is None else _shape.operand(arrays[1])
    if weights is not None:
        x = _where(weights == 0, -np.inf, x)
    if x.size:
        m = _largest(x, axis)
        powers = _exp(x - m)
        total = _sum(powers if b is None else _where(weights == 0, 0, weights * powers), axis=axis, keepdims=True)
    else:
        total, m = _sum(x, axis=axis, keepdims=True), 0
    sign = _f["sign"](total)
    log = _log(_f["absolute"](total) if return_sign else total) + m
    log, sign = (r if keepdims else _shape.squeeze(r, axis) for r in (log, sign))
    log, sign = (_core.as_scalar(r) if r.ndim == 0 else r for r in (log, sign))
    return (log, sign) if return_sign else log


def softmax(x, axis=None):
    """e^x over the sum of e^x along the axes (None: all)."""
    a = _array(x)
    if a is None:
        return _scipy("softmax", (x,), {"axis": axis})
    powers = _exp(a - _max(a, axis=axis, keepdims=True))
    return _scalar_as(x, powers / _sum(powers, axis=axis, keepdims=True))


def log_softmax(x, axis=None):
    """The logarithm of softmax."""
    a = _array(x)
    if a is None:
        return _scipy("log_softmax", (x,), {"axis": axis})
    shifted = a - _largest(a, axis)
    return _scalar_as(x, shifted - _log(_sum(_exp(shifted), axis=axis, keepdims=True)))


def _scalar_as(x, result):
    return _core.as_scalar(result) if result.ndim == 0 and np.ndim(x) == 0 else result
