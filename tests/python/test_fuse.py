"""`@lz.fuse`: NumPy arrays in, NumPy arrays out, and NumPy's aliasing in between."""

import numpy as np
import pytest

from oracle import lz, same


def both(function, *arrays):
    """The results and the arguments afterwards, of NumPy and of the fused function."""
    mine = [a.copy("K") if isinstance(a, np.ndarray) else a for a in arrays]
    theirs = [a.copy("K") if isinstance(a, np.ndarray) else a for a in arrays]
    want, got = function(*theirs), lz.fuse(function)(*mine)
    return want, got, theirs, mine


def check(function, *arrays):
    want, got, theirs, mine = both(function, *arrays)
    flat = lambda r: r if isinstance(r, (tuple, list)) else [r]  # noqa: E731
    for w, g in zip(flat(want), flat(got), strict=True):
        assert type(g) is type(w)
        same(g, w, 4)
    for w, g in zip(theirs, mine, strict=True):
        if isinstance(w, np.ndarray):
            same(g, w, 4)
    return got, mine


A = np.random.default_rng(1).random((40, 30)) + 0.5


@pytest.mark.parametrize("layout", [A, A.T, A[::2, ::-1], A[:0], A.astype("f"), (A * 9).astype("i")], ids=str)
def test_layouts(layout):
    check(lambda a: np.sqrt(a * a + 1) / (a + 2), layout)
    check(lambda a, b: (a + b).sum(axis=0), layout, layout.copy())


def test_results_of_every_kind():
    check(lambda a: (a.sum(), a.mean(axis=0), a > 1, 3, "text"), A)
    check(lambda a: [a.max(), a.argmin()], A)
    result = lz.fuse(lambda a: {"x": a + 1, "n": 2})(A)
    same(result["x"], A + 1)
    assert result["n"] == 2 and type(result["x"]) is np.ndarray


def test_changes_of_an_argument_are_written_through():
    def change(a, b):
        a += b
        a[3] = 7
        b[:, ::2] *= a[:, ::2]
        return a * b

    check(change, A, A + 1)
    check(change, A.T, A.T + 1)
    check(change, A[::2], A[1::2])


def test_changes_are_written_through_when_the_function_raises():
    @lz.fuse
    def fails(a):
        a *= 2
        raise KeyError("later")

    a = np.arange(1000.0)
    with pytest.raises(KeyError):
        fails(a)
    same(a, np.arange(1000.0) * 2)


def test_an_argument_or_a_view_of_it_is_the_callers_memory():
    a = A.copy()

    @lz.fuse
    def parts(x):
        x += 1
        return x, x[1:], x.T, x[::-1, 2]

    whole, rows, turned, column = parts(a)
    assert whole is a
    for view, expected in ((rows, a[1:]), (turned, a.T), (column, a[::-1, 2])):
        assert view.__array_interface__["data"] == expected.__array_interface__["data"]
        assert view.strides == expected.strides
        same(view, expected)


def test_the_same_array_twice_is_one_array():
    def change(a, b):
        a += 1
        return a + b

    a, n = A.copy(), A.copy()
    same(lz.fuse(change)(a, a), change(n, n))
    same(a, n)


def test_overlapping_arguments():
    def shift(a, b):
        a += b
        return a - b

    x, n = np.arange(1000.0), np.arange(1000.0)
    same(lz.fuse(shift)(x[1:], x[:-1]), shift(n[1:], n[:-1]))
    same(x, n)
    assert "overlap" in lz.explain(lz.ones(2))


def test_what_the_function_keeps_has_its_own_memory():
    kept = []

    @lz.fuse
    def keep(a):
        kept.append(a)
        kept.append(a * 2)
        kept.append(a[1:])
        return a + 1

    a = np.arange(5000.0)
    keep(a)
    a[:] = -1
    same(kept[0], np.arange(5000.0))
    same(kept[1], np.arange(5000.0) * 2)
    same(kept[2], np.arange(1.0, 5000.0))


def test_a_pending_value_is_that_of_its_line():
    def swap(a, b):
        old = a * 1
        a[:] = b
        b[:] = old
        return old

    check(swap, A, A + 5)


def test_read_only_arguments_stay_so():
    a = A.copy()
    a.setflags(write=False)

    @lz.fuse
    def write(x):
        x += 1

    with pytest.raises(ValueError, match="read-only"):
        write(a)
    same(a, A)


def test_fused_functions_call_each_other():
    inner = lz.fuse(lambda x: np.exp(x) + 1)
    seen = []

    @lz.fuse
    def outer(a):
        y = inner(a * 2)
        seen.append(y)
        return y.sum()

    got = outer(A)
    assert isinstance(seen[0], lz.Array) and isinstance(got, np.float64)
    assert abs(got - (np.exp(A * 2) + 1).sum()) < 1e-9 * got


def test_dtypes_that_lazulite_has_not_pass_through():
    check(lambda a, b: a * 2 + b.max(), A + 1j, A)
    check(lambda a, n: a**n, A, 3)


def test_generators_cannot_be_fused():
    with pytest.raises(TypeError, match="generator"):

        @lz.fuse
        def numbers(a):
            yield a


def test_name_and_text_are_kept():
    @lz.fuse
    def model(a):
        """What it does."""
        return a

    assert model.__name__ == "model" and model.__doc__ == "What it does."
