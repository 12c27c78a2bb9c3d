"""Random programs that index with arrays and masks, in NumPy and in Lazulite: reads, writes, errors, late changes.

Values are small whole numbers, so that every order of summation gives the same bits.
"""

import operator
import warnings

import numpy as np
from hypothesis import given, note
from hypothesis import strategies as st

from oracle import lz, quiet, same
from test_programs import Both, random_slice

SHAPES = [(6,), (4, 5), (3, 4, 2), (70,), (3, 130), (1, 7), (0, 3), (600,), (20, 30), ()]
UFUNCS = [np.add, np.subtract, np.multiply, np.minimum, np.maximum, np.copysign]
REDUCTIONS = ["sum", "min", "max", "any", "all", "mean", "argmax", "std"]


def outcome(function):
    """The value, or what is raised."""
    try:
        return function(), None
    except (IndexError, ValueError, TypeError) as e:
        return None, (type(e).__name__.replace("UFuncTypeError", "TypeError"), str(e))


def random_array_index(draw, n, shape):
    """Whole numbers that index an axis of n, mostly in range."""
    low, high = (-n, n - 1) if n > 0 and draw(st.integers(0, 19)) else (-n - 1, n)
    dtype = draw(st.sampled_from(["i8", "i8", "i4", "u1"]))
    if dtype == "u1":
        low, high = max(0, low), max(0, min(high, 255))
    size = int(np.prod(shape))
    if size > 12:
        values = np.random.default_rng(draw(st.integers(0, 9))).integers(low, high, size, endpoint=True)
    else:
        values = [draw(st.integers(low, high)) for _ in range(size)]
    return np.array(values, dtype).reshape(shape, order=draw(st.sampled_from("CF")))


def random_mask(draw, shape):
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    return rng.random(shape) < draw(st.sampled_from([0, 0.1, 0.5, 1]))


def random_key(draw, shape):
    """A key as NumPy takes it."""
    if draw(st.integers(0, 4)) == 0:
        return random_mask(draw, shape[: draw(st.integers(0, len(shape)))])
    together = draw(st.sampled_from([(2,), (3,), (2, 3), (1, 3), (0,), (1,), (40,)]))
    key, axis = [], 0
    stop = draw(st.integers(0, len(shape)))
    while axis < stop:
        kind = draw(st.sampled_from("array array slice slice integer mask new bool".split()))
        if kind == "array":
            part = together[draw(st.integers(0, len(together) - 1)) :] if draw(st.booleans()) else together
            key.append(random_array_index(draw, shape[axis], part))
        elif kind == "mask":
            count = draw(st.integers(1, stop - axis))
            key.append(random_mask(draw, shape[axis : axis + count]))
            axis += count - 1
        elif kind == "slice":
            key.append(random_slice(draw, shape[axis]))
        elif kind == "integer":
            key.append(draw(st.integers(-shape[axis] - (draw(st.integers(0, 19)) == 0), max(0, shape[axis] - 1))))
        else:
            key.append(None if kind == "new" else draw(st.booleans()))
            axis -= 1
        axis += 1
        if len(key) > 5:
            break
    if draw(st.integers(0, 4)) == 0:
        key.insert(draw(st.integers(0, len(key))), Ellipsis)
    return tuple(key) if len(key) != 1 or draw(st.booleans()) else key[0]


def disguised(draw, part):
    """An index array as a list, an ndarray, or a lazy array, pending or not."""
    if not isinstance(part, np.ndarray):
        return part
    form = draw(st.sampled_from(["ndarray", "list", "lazy", "pending"]))
    if form == "list" and part.size:
        return part.tolist()
    if form == "lazy":
        return lz.asarray(part)
    if form == "pending" and part.dtype != bool and part.dtype.kind == "i":
        return lz.asarray(part) * 1
    if form == "pending" and part.dtype == bool:
        return lz.asarray(part.astype("i1")) > 0
    return part.copy()


def step(draw, pool):
    x, y = draw(st.sampled_from(pool)), draw(st.sampled_from(pool))
    key = random_key(draw, x.n.shape)
    parts = key if isinstance(key, tuple) else (key,)
    forms = [disguised(draw, k) for k in parts]
    lazy = tuple(forms) if isinstance(key, tuple) else forms[0]
    kind = draw(st.sampled_from("get get get view set set setget add at reduce take late".split()))
    note(f"{kind}: {pool.index(x)} {x} [{key!r}] other {pool.index(y)}")
    number = draw(st.integers(-3, 3))
    if kind == "view":
        index = tuple(random_slice(draw, n) for n in x.n.shape)
        return Both(x.n[index], x.z[index])
    if kind == "get":
        want, wrong = outcome(lambda: x.n[key])
        got, mistake = outcome(lambda: x.z[lazy])
        assert wrong == mistake
        return None if wrong else Both(want, got)
    if kind == "late":  # nobody sees what happens to the operands after the line
        want, wrong = outcome(lambda: x.n[key] * 2)
        got, mistake = outcome(lambda: x.z[lazy] * 2)
        for part in forms:
            if isinstance(part, (np.ndarray, lz.Array)) and part.ndim:
                part[...] = 0
        if isinstance(x.n, np.ndarray):
            x.n[...], x.z[...] = number, number
        assert wrong == mistake
        return None if wrong else Both(want, got)
    if not isinstance(x.n, np.ndarray):
        return None
    if kind == "take":
        axis = draw(st.sampled_from([None, *range(x.n.ndim)]))
        mode = draw(st.sampled_from(["raise", "wrap", "clip"]))
        index = random_array_index(draw, x.n.size if axis is None else x.n.shape[axis], (3, 2))
        want, wrong = outcome(lambda: np.take(x.n, index, axis, mode=mode))
        got, mistake = outcome(lambda: np.take(x.z, disguised(draw, index), axis, mode=mode))
        assert wrong == mistake
        return None if wrong else Both(want, got)
    if kind == "reduce":
        name, pending = draw(st.sampled_from(REDUCTIONS)), draw(st.booleans())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            want, wrong = outcome(lambda: getattr(x.n[key] * 1 if pending else x.n[key], name)())
        got, mistake = outcome(lambda: getattr(x.z[lazy] * 1 if pending else x.z[lazy], name)())
        assert wrong == mistake
        if wrong or name not in ("mean", "std"):
            return None if wrong else Both(want, got)
        np.testing.assert_allclose(np.asarray(got), want, rtol=1e-5, atol=1e-5)
        return None
    value = draw(st.sampled_from(["array", "number", "same"]))
    if kind == "set":
        other = (y.n, y.z) if value == "array" else (number, number)
        if value == "same":
            shape, wrong = outcome(lambda: np.shape(x.n[key]))
            new = np.arange(np.prod(shape or (1,), dtype=int)).reshape(shape or ()) % 5
            other = (new, lz.asarray(new) * 1)
        wrong = outcome(lambda: operator.setitem(x.n, key, other[0]))[1]
        mistake = outcome(lambda: operator.setitem(x.z, lazy, other[1]))[1]
        assert wrong == mistake
    elif kind == "setget":
        wrong = outcome(lambda: operator.setitem(x.n, key, (x.n + 1)[key]))[1]
        mistake = outcome(lambda: operator.setitem(x.z, lazy, (x.z + 1)[lazy]))[1]
        assert wrong == mistake
    elif kind == "add":

        def add(a, k):
            a[k] += number

        wrong, mistake = outcome(lambda: add(x.n, key))[1], outcome(lambda: add(x.z, lazy))[1]
        assert wrong == mistake
    else:
        ufunc = draw(st.sampled_from(UFUNCS))
        ufunc = np.add if x.n.dtype.kind != "f" and ufunc is np.copysign else ufunc
        wrong = outcome(lambda: ufunc.at(x.n, key, number))[1]
        mistake = outcome(lambda: ufunc.at(x.z, lazy, number))[1]
        assert wrong == mistake
    return None


def run_program(draw, arrays, step):
    """Up to eight steps over a pool of one to `arrays` arrays; what a step makes joins them."""
    pool = []
    for _ in range(draw(st.integers(1, arrays))):
        shape = draw(st.sampled_from(SHAPES))
        dtype = draw(st.sampled_from(["f8", "f8", "i8", "i4", "f4", "?"]))
        n = (np.arange(np.prod(shape)) % 7 - 3).reshape(shape).astype(dtype)
        if draw(st.booleans()):
            n = n.T.copy().T
        pool.append(Both(n, lz.asarray(n)))
    with quiet():
        for _ in range(draw(st.integers(1, 8))):
            made = step(draw, pool)
            if made is not None and np.size(made.n) < 5000:
                pool.append(made)
            if draw(st.integers(0, 3)) == 0:
                check(draw(st.sampled_from(pool)))
        for x in pool:
            check(x)


@given(st.data())
def test_random_programs(data):
    run_program(data.draw, 3, step)


def check(x):
    want = np.asarray(x.n)
    assert x.z.shape == want.shape
    assert x.z.dtype == want.dtype
    same(x.z, want, 1.0 if want.dtype.kind == "f" else 0)
