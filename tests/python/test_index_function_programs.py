"""Random programs of NumPy's index functions in both libraries: take, put, masks and their kin, over shared views.

Values are small whole numbers; indices repeat, are negative, and are sometimes out of range.
"""

import numpy as np
from hypothesis import given, note
from hypothesis import strategies as st

from oracle import lz
from test_index_programs import disguised, outcome, random_array_index, random_mask, run_program
from test_programs import Both, random_slice

MODES = ["raise", "raise", "wrap", "clip"]
SHAPES_OF_INDICES = [(), (1,), (3,), (2, 2), (0,), (40,)]


def random_values(draw, count):
    """Values for `count` places: fitting, fewer (repeated), more, one or none; in any dtype."""
    n = draw(st.sampled_from([count, count, 1, 2, count + 3, 0]))
    values = (np.arange(n) % 11 - 5).astype(draw(st.sampled_from(["f8", "i8", "i1", "f4", "?"])))
    if n == 1 and draw(st.booleans()):
        return values[0].item()
    return values


def lazily(draw, value):
    return lz.asarray(value) if isinstance(value, np.ndarray) and draw(st.booleans()) else value


def write(draw, kind, x, y):
    """A writing function of both sides, as functions of a target and what else they are called with."""
    size = x.n.size
    if kind == "put":
        mode, shape = draw(st.sampled_from(MODES)), draw(st.sampled_from(SHAPES_OF_INDICES))
        index = random_array_index(draw, size, shape)
        values = random_values(draw, index.size)
        pair = (values, lazily(draw, values))
        if draw(st.integers(0, 4)) == 0:
            pair = (y.n, y.z)
        return (
            lambda: np.put(x.n, index, pair[0], mode=mode),
            lambda: np.put(x.z, disguised(draw, index), pair[1], mode=mode),
        )
    if kind == "put_along_axis":
        axis = draw(st.integers(0, x.n.ndim - 1))
        shape = list(x.n.shape)
        shape[axis] = draw(st.sampled_from([1, 2, 5]))
        index, number = random_array_index(draw, x.n.shape[axis], tuple(shape)), draw(st.integers(-3, 3))
        return (
            lambda: np.put_along_axis(x.n, index, number, axis),
            lambda: np.put_along_axis(x.z, lz.asarray(index), number, axis),
        )
    mask = random_mask(draw, x.n.shape)
    if kind == "copyto":
        other = y if y.n.shape == x.n.shape and draw(st.booleans()) else x
        return (
            lambda: np.copyto(x.n, other.n[::-1] if other.n.ndim else other.n, "unsafe", mask),
            lambda: np.copyto(x.z, other.z[::-1] if other.n.ndim else other.z, "unsafe", lz.asarray(mask)),
        )
    values = random_values(draw, int(mask.sum()) if kind == "place" else size)
    function = getattr(np, kind)
    return lambda: function(x.n, mask, values), lambda: function(x.z, lz.asarray(mask), lazily(draw, values))


def read(draw, kind, x):
    axis = draw(st.sampled_from([None, *range(x.n.ndim)]))
    length = x.n.size if axis is None else x.n.shape[axis]
    if kind == "take":
        mode = draw(st.sampled_from(MODES))
        index = random_array_index(draw, length, draw(st.sampled_from(SHAPES_OF_INDICES)))
        return lambda: np.take(x.n, index, axis, mode=mode), lambda: np.take(
            x.z, disguised(draw, index), axis, mode=mode
        )
    if kind == "compress":
        condition = random_mask(draw, (draw(st.sampled_from([length, max(length - 1, 0), length + 1])),))
        return lambda: np.compress(condition, x.n, axis), lambda: np.compress(disguised(draw, condition), x.z, axis)
    if kind == "extract":
        mask = random_mask(draw, x.n.shape)
        return lambda: np.extract(mask, x.n), lambda: np.extract(lz.asarray(mask), x.z)
    shape = (5,) if axis is None else tuple(4 if k == axis else n for k, n in enumerate(x.n.shape))
    index = random_array_index(draw, length, shape)
    return lambda: np.take_along_axis(x.n, index, axis), lambda: np.take_along_axis(x.z, lz.asarray(index), axis)


def step(draw, pool):
    x, y = draw(st.sampled_from(pool)), draw(st.sampled_from(pool))
    kind = draw(
        st.sampled_from(
            "take compress extract take_along_axis put put put putmask place put_along_axis copyto view".split()
        )
    )
    note(f"{kind}: {pool.index(x)} {x} other {pool.index(y)}")
    if kind == "view":
        if draw(st.booleans()):
            return Both(x.n.T, x.z.T)
        index = tuple(random_slice(draw, n) for n in x.n.shape)
        return Both(x.n[index], x.z[index])
    if kind == "take" and 0 in x.n.shape and x.n.ndim > 1:  # numpy can hang: mode="wrap" in an empty axis
        return None
    if kind in ("take", "compress", "extract", "take_along_axis"):
        theirs, ours = read(draw, kind, x)
        want, wrong = outcome(theirs)
        got, mistake = outcome(ours)
        assert wrong == mistake
        return None if wrong or not isinstance(want, np.ndarray) else Both(want, got)
    if kind == "put_along_axis" and x.n.ndim == 0:
        return None
    theirs, ours = write(draw, kind, x, y)
    wrong, mistake = outcome(theirs)[1], outcome(ours)[1]
    assert wrong == mistake, (wrong, mistake)
    return None


@given(st.data())
def test_random_programs_of_index_functions(data):
    run_program(data.draw, 2, step)
