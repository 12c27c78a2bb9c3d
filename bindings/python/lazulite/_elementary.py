"""Elementary functions that are expressions of the op table's rows: two results, or NumPy's own formula."""

import numpy as np

from lazulite import _core, _fallback, _shape
from lazulite._reductions import deliver

_rows = _core.ufuncs


def _of_rows(function, make, args, kwargs):
    """`make(*args)`, or NumPy's `function` for what the rows have not: keywords, `out`, other types."""
    if not kwargs and len(args) == function.nin:
        try:
            return make(*args)
        except TypeError:  # float16, complex; or NumPy's own complaint
            pass
    results = _fallback.call_function(function, function.__name__, args, kwargs, "arguments that the op table has not")
    out = kwargs.get("out")
    return (
        tuple(r if o is None else o for r, o in zip(results, out, strict=True)) if isinstance(out, tuple) else results
    )


def divmod(x1, x2, /, *positional_out, out=(None, None), **kwargs):  # noqa: A001  (NumPy's name)
    """Quotients rounded down and what remains (`floor_divide` and `remainder`): a pair of lazy arrays."""
    if positional_out or kwargs.keys() - {"dtype"} or type(out) is not tuple or len(out) != 2:
        if type(out) is not tuple or any(o is not None for o in out):
            kwargs["out"] = out
        reason = "a keyword that lazulite has not"
        return _fallback.call_function(np.divmod, "divmod", (x1, x2, *positional_out), kwargs, reason)
    results = [_rows[name](x1, x2, **kwargs) for name in ("floor_divide", "remainder")]
    return tuple(deliver(r, o, "divmod") for r, o in zip(results, out, strict=True))


def frexp(*args, **kwargs):
    """Mantissa (magnitude 1/2 to 1, the argument's float dtype) and exponent (int32): m * 2**e is the argument."""

    def make(x):
        mantissa, exponent = _rows["frexp_mantissa"](x), _rows["frexp_exponent"](x)
        return mantissa, _core.astype(exponent, np.dtype(np.int32), False)

    return _of_rows(np.frexp, make, args, kwargs)


def modf(*args, **kwargs):
    """Fraction and whole part, both with the argument's sign and its float dtype."""

    def make(x):
        fraction = _rows["modf_fraction"](x)
        return fraction, _rows["trunc"](x, dtype=fraction.dtype)

    return _of_rows(np.modf, make, args, kwargs)


def sinc(x):
    """sin(pi x) / (pi x), and 1 at 0, by NumPy's formula; a float dtype."""
    a = x if isinstance(x, _core.Array) else _shape.operand(x)
    if a is None or a.dtype.kind not in "biuf":
        return _fallback.call_function(np.sinc, "sinc", (x,), {}, "a dtype that lazulite has not")
    y = _rows["multiply"](np.pi, a)
    y = _rows["where"](y, y, np.finfo(y.dtype).eps)
    return _rows["divide"](_rows["sin"](y), y)
