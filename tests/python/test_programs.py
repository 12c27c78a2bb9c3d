"""Random programs, run in NumPy and in Lazulite: views, writes, aliasing, in-place operators, reductions, sharing.

Values are small whole numbers, so that every order of summation gives the same bits.
"""

import operator

import numpy as np
from hypothesis import given, note
from hypothesis import strategies as st

from oracle import lz, quiet, same

SHAPES = [(6,), (4, 5), (3, 4, 2), (70,), (3, 130), (1, 7), (0, 3), (300,)]
BINARY = [operator.add, operator.sub, operator.mul, np.minimum, np.maximum]
IN_PLACE = [operator.iadd, operator.isub, operator.imul]
REDUCE = ["sum", "min", "max", "argmax", "argmin", "any", "all", "mean"]


class Both:
    """One name bound to an array of each library."""

    def __init__(self, n, z):
        self.n, self.z = n, z

    def __repr__(self):
        return f"{self.n.dtype}{self.n.shape}"


def random_slice(draw, n):
    step = draw(st.sampled_from([1, 1, 1, 2, 3, -1, -2]))
    a = draw(st.one_of(st.none(), st.integers(-n - 1, n + 1)))
    b = draw(st.one_of(st.none(), st.integers(-n - 1, n + 1)))
    return slice(a, b, step)


def random_index(draw, shape):
    index = []
    for n in shape[: draw(st.integers(0, len(shape)))]:
        if n > 0 and draw(st.integers(0, 3)) == 0:
            index.append(draw(st.integers(-n, n - 1)))
        else:
            index.append(random_slice(draw, n))
    if draw(st.integers(0, 5)) == 0:
        index.insert(draw(st.integers(0, len(index))), None)
    if draw(st.integers(0, 5)) == 0:
        index.append(Ellipsis)
    return tuple(index)


def wrap(value):
    return value if isinstance(value, (np.ndarray, np.generic)) else np.asarray(value)


def step(draw, pool):
    """One random statement, applied to both sides."""
    x = draw(st.sampled_from(pool))
    note(f"from {x!r} (number {pool.index(x)} of {len(pool)})")
    kind = draw(
        st.sampled_from("view view view unary binary binary inplace inplace set set reduce reshape T copy".split())
    )
    if kind == "view":
        index = random_index(draw, x.n.shape)
        note(f"{x}[{index}]")
        return Both(x.n[index], x.z[index])
    if kind == "T":
        return Both(x.n.T, x.z.T)
    if kind == "copy":
        return Both(x.n.copy(), x.z.copy())
    if kind == "reshape":
        shape = draw(st.sampled_from([(-1,), (1, -1), (-1, 1), (2, -1), (-1, 2)]))
        if x.n.size == 0 or x.n.size % 2:
            shape = (-1,) if x.n.size else x.n.shape
        return Both(x.n.reshape(shape), x.z.reshape(shape))
    if kind == "unary":
        f = draw(st.sampled_from([operator.neg, abs, np.square, np.sign]))
        try:
            want = f(x.n)
        except TypeError:  # of bool
            return None
        return Both(want, f(x.z))
    y = draw(st.sampled_from(pool))
    other = draw(st.sampled_from(["array", "number"]))
    number = draw(st.integers(-3, 3))
    if kind == "binary":
        f = draw(st.sampled_from(BINARY))
        try:
            want = f(x.n, y.n if other == "array" else number)
        except (ValueError, TypeError):
            return None
        return Both(want, f(x.z, y.z if other == "array" else number))
    if kind == "inplace":
        f = draw(st.sampled_from(IN_PLACE))
        try:
            x.n = f(x.n, y.n if other == "array" else number)
        except (ValueError, TypeError):
            return None
        x.z = f(x.z, y.z if other == "array" else number)
        return None
    if kind == "set":
        if x.n.ndim == 0:
            return None
        index = random_index(draw, x.n.shape)
        try:
            x.n[index] = y.n if other == "array" else number
        except (ValueError, TypeError):
            return None
        x.z[index] = y.z if other == "array" else number
        return None
    name = draw(st.sampled_from(REDUCE))
    axis = draw(st.sampled_from([None, *range(x.n.ndim)]))
    keepdims = draw(st.booleans())
    try:
        want = getattr(x.n, name)(axis=axis, keepdims=keepdims)
    except ValueError:
        return None
    return Both(want, getattr(x.z, name)(axis=axis, keepdims=keepdims))


@given(st.data())
def test_random_programs(data):
    draw = data.draw
    pool = []
    for _k in range(draw(st.integers(1, 3))):
        shape = draw(st.sampled_from(SHAPES))
        dtype = draw(st.sampled_from(["f8", "f8", "i8", "i4", "f4"]))
        n = (np.arange(np.prod(shape)) % 7 - 3).reshape(shape).astype(dtype)
        pool.append(Both(n, lz.asarray(n)))
    with quiet():
        for _ in range(draw(st.integers(1, 14))):
            made = step(draw, pool)
            if made is not None:
                made.n = wrap(made.n) if not isinstance(made.n, np.generic) else made.n
                pool.append(made)
            if draw(st.integers(0, 3)) == 0:
                check(draw(st.sampled_from(pool)))
        for x in pool:
            check(x)


def check(x):
    want = np.asarray(x.n)
    assert x.z.shape == want.shape
    assert x.z.dtype == want.dtype
    same(x.z, want, 1.0 if want.dtype.kind == "f" else 0)
