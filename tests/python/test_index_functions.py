"""NumPy's functions of indices and masks on lazy arrays, against NumPy on NumPy's."""

import numpy as np
import pytest

from lazulite import _core, _fallback
from oracle import DTYPES, lz, same, values

A = np.arange(24.0).reshape(4, 3, 2) % 7
VIEWS = [lambda x: x, lambda x: x.T, lambda x: x[::-1, 1:], lambda x: x[:, :, 0], lambda x: x.reshape(-1)]


def outcome(function):
    try:
        return function()
    except Exception as e:
        return type(e), str(e)


def alike(got, want):
    if isinstance(want, tuple) and want and isinstance(want[0], type):
        assert got == want
    elif isinstance(want, tuple):
        assert isinstance(got, tuple) and len(got) == len(want)
        for g, w in zip(got, want, strict=True):
            same(g, w)
    else:
        same(got, want)


#: Reading functions of an array of any library.
READING = {
    "take": lambda x: np.take(x, [3, 0, -1]),
    "take, axis": lambda x: np.take(x, [[1, 0], [0, 1]], axis=-1),
    "take, axis 0": lambda x: x.take([0, -1], 0),
    "take, scalar": lambda x: np.take(x, 2),
    "take, scalar along an axis": lambda x: np.take(x, -1, axis=0),
    "take, nothing": lambda x: np.take(x, []),
    "take, wrap": lambda x: np.take(x, [100, -50, 3], mode="wrap"),
    "take, clip": lambda x: x.take([100, -50, 3], axis=0, mode="clip"),
    "take, beyond": lambda x: np.take(x, [0, 100]),
    "take, beyond along an axis": lambda x: np.take(x, [0, -100], axis=-1),
    "take, no axis": lambda x: np.take(x, [0], axis=5),
    "take, bad mode": lambda x: np.take(x, [0], mode="none"),
    "take, floats": lambda x: np.take(x, np.array([0.5])),
    "take, bools": lambda x: np.take(x, [True, False]),
    "nonzero": lambda x: np.nonzero(x > 2),
    "nonzero of numbers": lambda x: x.nonzero(),
    "where": lambda x: np.where(x > 2),
    "where, missing": lambda x: np.where(x > 2, x),
    "argwhere": lambda x: np.argwhere(x > 2),
    "flatnonzero": lambda x: np.flatnonzero(x > 2),
    "compress": lambda x: np.compress([True, False, True], x),
    "compress, axis": lambda x: np.compress([False, True], x, axis=-1),
    "compress, method": lambda x: x.compress([True, False, True, False], axis=0),
    "compress, too long": lambda x: np.compress([False] * 100 + [True], x, axis=0),
    "compress, 2-d": lambda x: np.compress([[True]], x),
    "extract": lambda x: np.extract(x > 2, x),
    "extract, other shape": lambda x: np.extract([True, False, True], x),
    "take_along_axis": lambda x: np.take_along_axis(x, np.argsort(x, axis=-1), -1),
    "take_along_axis, broadcast": lambda x: np.take_along_axis(x, np.zeros((1,) * x.ndim, int), 0),
    "take_along_axis, flat": lambda x: np.take_along_axis(x, np.array([5, 0, 1]), None),
    "take_along_axis, floats": lambda x: np.take_along_axis(x, np.zeros(x.shape), 0),
    "take_along_axis, other axes": lambda x: np.take_along_axis(x, np.zeros(1, int)[None, None, None, None], 0),
    "choose": lambda x: np.choose((x % 3).astype(int), [x, -x, 10]),
    "choose, method": lambda x: (x % 2).astype(int).choose([x * 2, [0.5]]),
    "choose, wrap": lambda x: np.choose((x - 3).astype(int), [x, -x], mode="wrap"),
    "choose, clip": lambda x: np.choose((x - 3).astype(int), [x, -x, x * 2], mode="clip"),
    "choose, beyond": lambda x: np.choose(x.astype(int), [x, -x]),
}


@pytest.mark.parametrize("name", READING)
def test_reading(name):
    function = READING[name]
    for view in VIEWS:
        for a, x in [(A, lz.asarray(A)), (A * 2, lz.asarray(A) * 2), (A.astype("i4"), lz.asarray(A.astype("i4")))]:
            alike(outcome(lambda x=x, view=view: function(view(x))), outcome(lambda a=a, view=view: function(view(a))))


#: Functions that change an array of any library.
WRITING = {
    "put": lambda x: np.put(x, [0, -1, 2], [7, 8, 9]),
    "put, repeated": lambda x: np.put(x, [0, 1, 2, 3, 1], [7, 8]),
    "put, one": lambda x: x.put([1, 2], 5),
    "put, unsigned": lambda x: np.put(x, np.array([0, 1], np.uint64), 1),
    "put, nothing": lambda x: np.put(x, [1, 2], []),
    "put, wrap": lambda x: np.put(x, [100, -30], [1, 2], mode="wrap"),
    "put, clip": lambda x: np.put(x, [100, -30], [1, 2], mode="clip"),
    "put, beyond": lambda x: np.put(x, [0, 100], 1),
    "put, lazy": lambda x: np.put(x, x[..., 0].astype(int).ravel() % x.size, x[..., 0].ravel() * 2),
    "put_along_axis": lambda x: np.put_along_axis(x, np.zeros(x.shape[:-1] + (1,), int), 9, -1),
    "putmask": lambda x: np.putmask(x, x > 2, 9),
    "putmask, repeated": lambda x: np.putmask(x, x > 2, [1, 2, 3, 4, 5]),
    "putmask, same shape": lambda x: np.putmask(x, x > 2, x * 2),
    "putmask, other size": lambda x: np.putmask(x, [True], 1),
    "place": lambda x: np.place(x, x > 2, [1, 2, 3]),
    "place, one": lambda x: np.place(x, x > 2, 5),
    "place, nothing": lambda x: np.place(x, x > 2, []),
    "place, nowhere": lambda x: np.place(x, x > 99, []),
    "copyto": lambda x: np.copyto(x, 3),
    "copyto, array": lambda x: np.copyto(x, x[::-1] * 2),
    "copyto, where": lambda x: np.copyto(x, x + 10, where=x > 2),
    "copyto, where broadcast": lambda x: np.copyto(x, 7, where=x[..., :1] > 2),
    "copyto, cast": lambda x: np.copyto(x, 1j),
    "copyto, casting": lambda x: np.copyto(x, np.float64(2.5), casting="unsafe"),
    "copyto, shape": lambda x: np.copyto(x, np.zeros(17)),
    "copyto, mask of numbers": lambda x: np.copyto(x, 1, where=x),
    "take, out": lambda x: np.take(x, np.arange(x.size), out=x.reshape(-1)),
    "compress, out": lambda x: np.compress([True] * x.shape[0], x[::-1], axis=0, out=x),
}


@pytest.mark.parametrize("name", WRITING)
def test_writing(name):
    function = WRITING[name]
    for view in VIEWS:
        for make in (lambda v: v, lambda v: v * 2, lambda v: v.astype("i4")):
            a, x = make(A.copy()), make(lz.asarray(A))
            want, got = (
                outcome(lambda a=a, view=view: function(view(a))),
                outcome(lambda x=x, view=view: function(view(x))),
            )
            if isinstance(want, tuple):  # NumPy may have written some elements by then
                assert got == want
            else:
                same(x, a)


UFUNCS = ["add", "subtract", "multiply", "minimum", "maximum", "fmax", "divide", "bitwise_or", "left_shift", "power",
          "floor_divide", "logical_and", "hypot", "copysign", "negative", "less"]  # fmt: skip


@pytest.mark.parametrize("name", UFUNCS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_ufunc_at(name, dtype):
    ufunc = getattr(np, name)
    start = np.abs(values(dtype, 40)) if dtype.kind != "b" else values(dtype, 40)
    if dtype.kind in "iu":
        start = start % 50
    rng = np.random.default_rng(0)
    for key in (rng.integers(-40, 40, 100), start > 3, slice(2, None, 3), 5, (rng.integers(0, 40, (3, 4)),)):
        shape = np.shape(start[key])
        for value in (
            3,
            2.5,
            values(dtype, 100)[: int(np.prod(shape))].reshape(shape),
            np.arange(1, 1 + int(np.prod(shape))).reshape(shape),
        ):
            arguments = () if name == "negative" else (value,)
            a, x = start.copy(), lz.asarray(start)
            with np.errstate(all="ignore"):
                want = outcome(lambda a=a, key=key, arguments=arguments: ufunc.at(a, key, *arguments))
                got = outcome(lambda x=x, key=key, arguments=arguments: ufunc.at(x, key, *arguments))
            assert got == want, (key, value)
            same(x, a, 1000 if name in ("hypot", "power") else 0)


def test_accumulation_is_unbuffered_where_in_place_operators_are_not():
    for n in (10, 5000):
        i = np.arange(n) % 7
        a, x = np.zeros(7), lz.zeros(7)
        a[i] += 1
        x[i] += 1
        same(x, a)
        np.add.at(a, i, np.arange(n))
        lz.add.at(x, lz.asarray(i), lz.asarray(np.arange(n)) * 1)
        same(x, a)


def test_they_stay_lazy_or_at_least_with_us():
    x = lz.asarray(np.arange(10_000.0))
    calls = sum(_fallback.calls.values())
    taken = np.take(x, np.arange(0, 10_000, 3)) * 2
    chosen = np.choose(lz.asarray(np.arange(10_000) % 2), [x, -x])
    assert not taken.is_computed and not chosen.is_computed
    x[np.nonzero(x % 2)] = 0
    np.copyto(x, -1, where=x == 0)
    np.add.at(x, [0, 0], 1)
    np.put(x, [1], 3)
    assert sum(_fallback.calls.values()) == calls
    same(taken, np.arange(0, 10_000, 3) * 2.0)


def test_copyto_casts_a_scalar_as_arrays_are_cast():
    for dtype in DTYPES:
        x = lz.zeros(3, dtype)
        np.copyto(x, lz.asarray(np.full(4, 300.7)).mean(), casting="unsafe")
        with np.errstate(all="ignore"):
            same(x, np.full(3, 300.7).astype(dtype))


def test_choices_are_cast_before_they_are_chosen():
    k, big = np.array([0, 1, 2, 0]), np.array([2**63 + 5, 1, 2, 2**64 - 1], np.uint64)
    for others in ((np.uint64(9), -3), (np.uint64(9), 2**64 - 1), (np.int64(9), -3), (big, 1.5)):
        want = np.choose(k, [big, *others])
        same(np.choose(lz.asarray(k), [lz.asarray(big), *others]), want)
        same(lz.choose(k, [big, *others]), want)
    chosen = lz.choose(np.zeros(4, int), [only := lz.asarray(big)])
    chosen[0] = 1
    assert only.tolist() == big.tolist()


def test_put_along_no_axis():
    for order in "CF":  # NumPy's own cannot do the second
        x = lz.asarray(np.zeros((2, 3), order=order))
        np.put_along_axis(x, np.array([5, 1], np.uint64), [1, 2], None)
        assert x.tolist() == [[0, 2, 0], [0, 0, 1]]


def test_ndarray_targets_are_numpys():
    a = np.zeros(5)
    np.put(a, lz.asarray([1, 2]), lz.asarray([7.0, 8.0]))
    np.copyto(a, lz.asarray(np.arange(5.0)), where=lz.asarray(np.arange(5) > 3))
    np.add.at(a, lz.asarray([0, 0]), lz.asarray([1.0, 2.0]))
    assert a.tolist() == [3, 7, 8, 0, 4]


def test_read_only_targets():
    x = lz.broadcast_to(lz.asarray([1.0]), (5,))
    for f in (
        lambda: np.put(x, [0], 1),
        lambda: np.copyto(x, 1),
        lambda: np.add.at(x, [0], 1),
        lambda: x.__setitem__([0], 1),
    ):
        with pytest.raises(ValueError, match="read-only"):
            f()
    assert _core.nonzero(x)[0].size == 5
