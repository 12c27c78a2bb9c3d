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


# NumPy's: its own formula loses too many bits from there on.
MOST_COLORS = 10**9


def hypergeometric(*given):
    """The numbers of good ones, of bad ones and of a sample, as integers or int64 arrays."""
    whole = [_whole_number(p) if np.ndim(p) == 0 else _whole_numbers(p) for p in given]
    good, bad, sample = (np.asarray(p) for p in whole)
    if np.any(good >= MOST_COLORS) or np.any(bad >= MOST_COLORS):
        raise ValueError(f"both ngood and nbad must be less than {MOST_COLORS}")
    if np.any(good + bad < sample):
        raise ValueError("ngood + nbad < nsample")
    for name, p in (("ngood", good), ("nbad", bad), ("nsample", sample)):
        if np.any(p < 0):
            raise ValueError(f"{name} < 0")
    return whole


def _whole_number(p):
    p = int(p)
    if not -(2**63) <= p < 2**63:
        raise OverflowError("Python int too large to convert to C long")
    return p


def _whole_numbers(p):
    if not hasattr(p, "dtype"):
        return np.asarray(p, dtype=np.int64)
    if not np.can_cast(p.dtype, np.int64, "safe"):
        raise TypeError(f"Cannot cast array data from {p.dtype!r} to {np.dtype('i8')!r} according to the rule 'safe'")
    return asarray(p).astype(np.int64)


def colors(given, nsample, method):
    """multivariate_hypergeometric's colors, as Python's integers, and its sample."""
    if method not in ("count", "marginals"):
        raise ValueError('method must be "count" or "marginals".')
    try:
        nsample = operator.index(nsample)
    except TypeError:
        raise ValueError("nsample must be an integer") from None
    largest = 2**63 - 1
    if nsample < 0:
        raise ValueError("nsample must be nonnegative.")
    if nsample > largest:
        raise ValueError(f"nsample must not exceed {largest}")
    wrong = f"colors must be a one-dimensional sequence of nonnegative integers not exceeding {largest}."
    try:
        known = np.asarray(given)
    except ValueError:  # rows of several lengths
        raise ValueError(wrong) from None
    if known.ndim != 1 or (known.size and known.dtype.kind not in "iu"):
        raise ValueError(wrong)
    known = [int(c) for c in known]
    if any(not 0 <= c <= largest for c in known):
        raise ValueError(wrong)
    total = sum(known)
    if total > largest:
        raise ValueError(f"sum(colors) must not exceed the maximum value of a 64 bit signed integer ({largest})")
    if method == "marginals" and total >= MOST_COLORS:
        raise ValueError(f'When method is "marginals", sum(colors) must be less than {MOST_COLORS}.')
    if method == "count" and total > largest // 8:
        raise ValueError(f"When method is 'count', sum(colors) must not exceed {largest // 8}")
    if nsample > total:
        raise ValueError("nsample > sum(colors)")
    if total >= 2**32:  # NumPy writes down as many numbers, and runs out of memory
        raise MemoryError("multivariate_hypergeometric: sum(colors) must be less than 4294967296")
    return known, nsample


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
