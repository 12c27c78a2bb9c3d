"""Reductions against NumPy: dtypes x axes x layouts x lengths."""

import itertools
import math

import numpy as np
import pytest

from lazulite import _core
from oracle import DTYPES, LENGTHS, lz, quiet, same, values

ROWS = list(_core.reductions.values())
SHAPES = [(7,), (3, 5), (2, 70), (130, 3), (2, 3, 4), (64, 65), (5, 1, 300), (300, 40), (1,), (2000, 3)]


def error_bound(dtype, a):
    """What pairwise summation of these values may be off by, with room."""
    if np.dtype(dtype).kind != "f":
        return 0.0
    a = np.abs(a.astype(np.float64))
    return 16 * np.finfo(dtype).eps * (a[np.isfinite(a)].sum() + 1)


def close(got, want, bound, msg):
    got, want = np.asarray(got), np.asarray(want)
    assert got.dtype == want.dtype and got.shape == want.shape, (msg, got.dtype, want.dtype, got.shape, want.shape)
    if want.dtype.kind != "f":
        np.testing.assert_array_equal(got, want, err_msg=msg)
    else:
        np.testing.assert_allclose(got, want, rtol=3e-5 if want.dtype == "f4" else 1e-12, atol=bound, err_msg=msg)


def finite(a):
    return np.nan_to_num(a, nan=1.5, posinf=3, neginf=-3).clip(-1e6, 1e6) if a.dtype.kind == "f" else a


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.__name__)
def test_axes(row):
    reference = getattr(np, row.__name__)
    for dtype in ("d", "f", "q", "B", "?"):
        for shape in SHAPES:
            base = finite(values(dtype, math.prod(shape))).reshape(shape)
            for transposed in (False, True):
                a = base.T if transposed else base
                x = lz.asarray(base).T if transposed else lz.asarray(base)
                axes = [None, *range(-a.ndim, a.ndim)]
                if row.__name__ not in ("argmin", "argmax"):
                    axes += [*itertools.combinations(range(a.ndim), 2)]
                for axis in axes:
                    for keepdims in (False, True):
                        want = reference(a, axis=axis, keepdims=keepdims)
                        got = row(x, axis=axis, keepdims=keepdims)
                        close(got, want, error_bound(want.dtype, a), f"{row.__name__} {dtype} {a.shape} {axis}")


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.__name__)
def test_lengths_and_dtypes(row):
    reference = getattr(np, row.__name__)
    for dtype in DTYPES:
        for n in LENGTHS[1:]:
            a = finite(values(dtype, n))
            with quiet():
                want = reference(a)
            if np.asarray(want).dtype == np.float16:
                continue
            close(row(lz.asarray(a)), want, error_bound(want.dtype, a), f"{row.__name__} {dtype} {n}")
            close(
                row(lz.asarray(a)[::-1]), reference(a[::-1]), error_bound(want.dtype, a), f"{row.__name__} {dtype} {n}"
            )


@pytest.mark.parametrize("name", ["min", "max", "argmin", "argmax", "sum", "mean", "any", "all"])
def test_nan_and_infinity(name):
    for n in (3, 64, 100, 1000):
        for place in (0, n // 2, n - 1):
            for special in ([np.nan], [np.inf], [-np.inf], [np.nan, np.inf]):
                a = np.arange(float(n))
                a[place : place + len(special)] = special[: n - place]
                with quiet():
                    same(getattr(lz.asarray(a), name)(), getattr(a, name)(), 2)


def test_ties_give_the_first():
    for dtype in DTYPES:
        a = np.zeros(1000, dtype)
        a[[5, 70, 500]] = 1
        assert int(lz.asarray(a).argmax()) == 5
        assert int(lz.asarray(a).argmin()) == 0
        assert int(lz.asarray(np.ones(300, dtype)).argmin()) == 0


def test_empty():
    e, x = np.zeros((0, 3)), lz.zeros((0, 3))
    with quiet():
        for name in ("sum", "any", "all"):
            same(getattr(x, name)(), getattr(e, name)())
            same(getattr(x, name)(axis=0), getattr(e, name)(axis=0))
            same(getattr(x, name)(axis=1), getattr(e, name)(axis=1))
        assert np.isnan(float(x.mean())) and np.isnan(float(x.var()))
    for name in ("min", "max", "argmin", "argmax"):
        with pytest.raises(ValueError) as mine:
            getattr(x, name)()
        with pytest.raises(ValueError) as theirs:
            getattr(e, name)()
        assert str(mine.value) == str(theirs.value)


def test_ddof_and_dtype():
    a = values("i", 1000) % 100
    x = lz.asarray(a)
    for ddof in (0, 1, 2.5):
        close(x.var(ddof=ddof), a.var(ddof=ddof), 1e-9, "var")
        close(x.std(ddof=ddof), a.std(ddof=ddof), 1e-9, "std")
    same(x.sum(dtype="i4"), a.sum(dtype="i4"))
    close(x.mean(dtype="f4"), a.mean(dtype="f4"), 1e-3, "mean")
    assert float(lz.zeros(10).sum()) == 0 and math.copysign(1, float(lz.zeros(0).sum())) == 1


def test_error_grows_like_pairwise_summation():
    a = np.random.default_rng(0).random(10**6)
    exact = math.fsum(a)
    assert abs(float(lz.asarray(a).sum()) - exact) <= 4 * np.spacing(exact)


def test_whatever_else_is_in_the_pass_a_sum_has_the_same_bits():
    a = values("f", 10_000, 1)
    a = np.where(np.isfinite(a), a, 1).astype("f") % 10
    x = lz.asarray(a)
    alone = float((x * 3).sum())
    y = x * 3
    together, _, _ = lz.compute(y.sum(), (y.astype("d") * 2).sum(), y.max())
    assert float(together) == alone


def test_a_result_keeps_the_order_of_its_operands_axes():
    a = np.arange(120.0).reshape(2, 3, 4, 5)
    x = lz.asarray(a)
    for axes in itertools.permutations(range(4)):
        for step in (1, 2):
            b, y = a.transpose(axes)[::step], x.transpose(axes)[::step]
            for name in ("sum", "max", "any", "argmin"):
                for axis in range(4):
                    want = getattr(b, name)(axis=axis)
                    got = np.asarray(getattr(y, name)(axis=axis))
                    same(got, want)
                    long = [k for k, n in enumerate(want.shape) if n > 1]
                    assert [got.strides[k] for k in long] == [want.strides[k] for k in long], (axes, step, name, axis)
