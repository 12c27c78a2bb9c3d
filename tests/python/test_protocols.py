"""NumPy's functions on lazy arrays, lz.fuse, and what falls back."""

import numpy as np
import pytest

from oracle import lz, quiet, rows, same

A = np.random.default_rng(0).random(600) * 3 + 0.1


@pytest.mark.parametrize("ufunc", rows("unary", "binary", "compare", "test"), ids=lambda u: u.__name__)
def test_numpys_ufuncs_stay_lazy(ufunc):
    reference = getattr(np, ufunc.__name__, None)
    if reference is None:
        pytest.skip("NumPy has no such function: test_special has SciPy's")
    a = (A * 10).astype("i8") if any(word in ufunc.__name__ for word in ("bitwise", "invert", "shift")) else A
    operands = (A, (A * 10).astype("i8")) if ufunc.__name__ == "ldexp" else [a] * ufunc.nin
    got = reference(*map(lz.asarray, operands))
    assert isinstance(got, lz.Array) and not got.is_computed
    with quiet():
        same(got, reference(*operands), 4 if ufunc.ulp >= 1 else 0)


def test_numpys_functions_stay_lazy():
    a = A.reshape(20, 30)
    x = lz.asarray(a)
    for f in (
        lambda v: np.where(v > 1, v, -v),
        lambda v: np.clip(v, 0.5, 1.5),
        lambda v: np.sum(v, axis=1),
        lambda v: np.mean(v, axis=0, keepdims=True),
        lambda v: np.max(v),
        lambda v: np.amin(v, axis=-1),
        lambda v: np.add.reduce(v),
        lambda v: np.reshape(v, (30, 20)),
        lambda v: np.transpose(v) * 2,
        lambda v: np.expand_dims(v, 1),
        lambda v: np.broadcast_to(v[0], (4, 30)),
        lambda v: np.zeros_like(v),
        lambda v: 2 - v,
        lambda v: np.float64(3) * v,
        lambda v: v**2 + v**0.5 + v**-1 + v**1,
    ):
        got = f(x)
        assert isinstance(got, lz.Array)
        want = f(a)
        np.testing.assert_allclose(np.asarray(got), want, rtol=1e-13)
        assert got.dtype == want.dtype


def test_the_rest_falls_back_by_name():
    x = lz.asarray(A)
    for name, f in {
        "sort": np.sort,
        "unwrap": np.unwrap,
        "unique": np.unique,
        "conjugate": np.conjugate,
        "subtract.accumulate": np.subtract.accumulate,
    }.items():
        got = f(x)
        assert isinstance(got, lz.Array)
        np.testing.assert_allclose(np.asarray(got), f(A), rtol=1e-13)
        assert f"not fused: numpy {name} " in lz.explain(x)
    assert np.shape(x) == A.shape and np.array_equal(x, A)


def test_views_that_numpy_makes_read_only_are_read_only():
    x = lz.asarray(np.arange(9.0).reshape(3, 3))
    same(np.diag(x), np.array([0.0, 4, 8]))
    with pytest.raises(ValueError, match="read-only"):
        np.diag(x)[...] = 1
    np.rollaxis(x, 1)[0] = 7
    assert x[:, 0].tolist() == [7, 7, 7]


def test_ndarray_operands_and_targets():
    x = lz.asarray(A)
    y = A + x
    assert isinstance(y, lz.Array)
    same(y, A + A)
    n = A.copy()
    n += x
    assert type(n) is np.ndarray
    same(n, A + A)
    n[:300] = x[:300]
    same(n[:300], A[:300])


def test_errstate_raise_is_computed_by_numpy_on_the_line():
    x = lz.zeros(3)
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        1 / x
    assert np.isinf(float((1 / x)[0]))


def test_an_operand_may_opt_out():
    class Other:
        __array_ufunc__ = None

        def __radd__(self, other):
            return "other"

    assert lz.ones(3) + Other() == "other"


def test_fuse_borrows_writes_through_and_settles():
    kept = {}

    @lz.fuse
    def f(x, y, scale=2.0):
        kept["pending"] = x + 1
        kept["argument"] = y
        x += y * scale
        y[::2] = 0
        return np.sqrt(x * x + 1), [x.sum(), y], {"x": x}

    for n in (6, 3000):
        x, y = np.arange(float(n)), np.ones(n)
        a, b = x.copy(), y.copy()
        root, (total, second), named = f(x, y)
        a2 = a + b * 2.0
        b[::2] = 0
        same(x, a2)
        same(y, b)
        same(root, np.sqrt(a2 * a2 + 1))
        assert second is y and named["x"] is x and isinstance(total, np.float64)
        x[:] = -5
        y[:] = -7
        same(kept["pending"], a + 1)
        same(kept["argument"], b)


def test_fuse_writes_through_when_it_raises():
    @lz.fuse
    def f(x):
        x += 1
        raise KeyError("boom")

    x = np.zeros(1000)
    with pytest.raises(KeyError):
        f(x)
    assert (x == 1).all()


def test_fuse_with_overlapping_arguments():
    @lz.fuse
    def shift(x, y):
        x[:] = y * 2

    a = np.arange(1000.0)
    b = a.copy()
    shift(a[1:], a[:-1])
    b[1:] = b[:-1] * 2
    same(a, b)


LIKE = {
    "zeros": lambda m, v, **kw: m.zeros_like(v, **kw),
    "ones": lambda m, v, **kw: m.ones_like(v, **kw),
    "full": lambda m, v, **kw: m.full_like(v, 2.5, **kw),
}


@pytest.mark.parametrize("make", LIKE.values(), ids=LIKE)
def test_arrays_like_others(make):
    n = np.arange(24.0).reshape(2, 3, 4)
    x = lz.asarray(n)
    views = [
        lambda v: v,
        lambda v: v.T,
        lambda v: v.transpose(1, 0, 2),
        lambda v: v[:, ::-1],
        lambda v: v[0, 0],
        lambda v: v[1].T,
    ]
    for view in views:
        for kw in (
            {},
            {"order": "F"},
            {"order": "A"},
            {"order": "C"},
            {"dtype": "i2"},
            {"shape": (3, 5)},
            {"subok": False},
        ):
            want = make(np, view(n), **kw)
            for m in (np, lz):
                got = make(m, view(x), **kw)
                assert isinstance(got, lz.Array)
                same(got, want)
                long = [k for k, extent in enumerate(want.shape) if extent > 1]
                assert [got.strides[k] for k in long] == [want.strides[k] for k in long], (kw, m)
                got[...] = 1  # an array of its own
    with pytest.raises(ValueError, match="order must be one of"):
        make(lz, x, order="B")


def test_full_casts_floats():
    for dtype in ("b", "h", "q"):
        for value in (2.5, -1e3, np.nan, np.float64(300)):
            with quiet():
                same(lz.full(3, value, dtype), np.full(3, value, dtype))


def test_accumulate_without_an_axis():
    for dtype in ("d", "i", "?"):
        for ufunc in (np.add, np.maximum, np.logical_and):
            a = np.ones(4, dtype)
            same(ufunc.accumulate(lz.asarray(a), axis=None), ufunc.accumulate(a, axis=None))
            with pytest.raises(ValueError, match="accumulate does not allow multiple axes"):
                ufunc.accumulate(lz.asarray(np.ones((2, 2), dtype)), axis=None)
    with pytest.raises(TypeError, match="No loop matching"):
        np.logical_or.accumulate(lz.ones(3, "i4"), dtype="i4")
