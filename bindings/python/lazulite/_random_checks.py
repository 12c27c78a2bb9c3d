"""What the laws of `lazulite.random` ask of their arguments, with NumPy's words."""

import operator

import numpy as np

from lazulite import _core
from lazulite._creation import asarray


def is_number(p):
    return isinstance(p, (bool, int, float, np.number))


def values(p):
    """A parameter's values as float64. A lazy one is computed for the check: a draw with a wrong one is wrong."""
    return np.asarray(p, dtype=np.float64)


def non_negative(name, p):
    v = values(p)
    if np.any(np.signbit(v) & ~np.isnan(v)):
        raise ValueError(f"{name} < 0")


def positive(name, p):
    if np.any(values(p) <= 0):
        raise ValueError(f"{name} <= 0")


def _not_a_number(p):
    return "is NaN" if is_number(p) else "contains NaNs"


def probability(name, p, low="<", high=">", nan=None):
    """In [0, 1]; `low` "<=" leaves 0 out, `high` ">=" leaves 1 out."""
    v = values(p)
    above = v > 0 if low == "<=" else v >= 0
    below = v < 1 if high == ">=" else v <= 1
    if not np.all(above & below):
        raise ValueError(f"{name} {low} 0, {name} {high} 1 or {name} {nan or _not_a_number(p)}")


def greater_than_1(name, p):
    if not np.all(values(p) > 1):
        raise ValueError(f"{name} <= 1 or {name} {_not_a_number(p)}")


# NumPy's largest Poisson mean: 10 standard deviations below the largest int64.
LARGEST_MEAN = 2.0**63 - np.sqrt(2.0**63) * 10


def poisson_mean(name, p):
    v = values(p)
    if not np.all(v >= 0):
        raise ValueError(f"{name} < 0 or {name} {_not_a_number(p)}")
    if np.any(v > LARGEST_MEAN):
        raise ValueError(f"{name} value too large")


def counts(name, p):
    """Whole numbers, not negative, as int64 (a float loses its fraction, as in NumPy)."""
    if is_number(p):
        p = operator.index(p) if isinstance(p, (int, np.integer)) else int(p)
        if not -(2**63) <= p < 2**63:
            raise OverflowError("Python int too large to convert to C long")
        if p < 0:
            raise ValueError(f"{name} < 0")
        return p
    p = asarray(p)
    if np.any(values(p) < 0):
        raise ValueError(f"{name} < 0")
    return p.astype(np.int64)


def shape_of(size):
    try:
        shape = tuple(operator.index(n) for n in size) if hasattr(size, "__iter__") else (operator.index(size),)
    except TypeError:
        if isinstance(size, str):
            raise
        raise TypeError(f"expected a sequence of integers or a single integer, got '{size}'") from None
    if any(n < 0 for n in shape):
        raise ValueError("negative dimensions are not allowed")
    return shape


def parameters(size, *given):
    """Parameters as operands, and the shape of the draw: None for one number."""
    if all(is_number(p) for p in given):
        return (*map(float, given), None if size is None else shape_of(size))
    arrays = [float(p) if is_number(p) else asarray(p) for p in given]
    shape = np.broadcast_shapes(*(() if is_number(p) else p.shape for p in arrays))
    if size is None:
        return (*arrays, shape)
    size = shape_of(size)
    if np.broadcast_shapes(shape, size) != size:
        raise ValueError(f"Output size {size} is not compatible with broadcast dimensions of inputs {shape}.")
    return (*arrays, size)


def one(draw, shape):
    """A draw of shape () as the number that NumPy gives."""
    return _core.as_scalar(draw) if shape is None else draw
