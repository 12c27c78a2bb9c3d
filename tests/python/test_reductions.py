"""Reductions against NumPy: dtypes x axes x layouts x lengths."""

import itertools
import math
import warnings

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


def finite(a, name="sum"):
    """`a` without NaN and infinity; for products near 1, so that no order of them overflows on the way."""
    if a.dtype.kind != "f":
        return a
    a = np.nan_to_num(a, nan=1.5, posinf=3, neginf=-3).clip(-1e6, 1e6)
    return (1 + a / 1e10).astype(a.dtype) if name == "prod" else a


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.__name__)
def test_axes(row):
    reference = getattr(np, row.__name__)
    for dtype in ("d", "f", "q", "B", "?"):
        for shape in SHAPES:
            base = finite(values(dtype, math.prod(shape)), row.__name__).reshape(shape)
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
            a = finite(values(dtype, n), row.__name__)
            with quiet():
                want = reference(a)
            if np.asarray(want).dtype == np.float16:
                continue
            close(row(lz.asarray(a)), want, error_bound(want.dtype, a), f"{row.__name__} {dtype} {n}")
            close(
                row(lz.asarray(a)[::-1]), reference(a[::-1]), error_bound(want.dtype, a), f"{row.__name__} {dtype} {n}"
            )


@pytest.mark.parametrize("name", ["min", "max", "argmin", "argmax", "sum", "prod", "mean", "any", "all"])
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
        for name in ("sum", "prod", "any", "all"):
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


# --- What is written in terms of the rows (lazulite/_reductions.py) ------------------------------------------------

NAN_ROWS = ["nansum", "nanprod", "nanmin", "nanmax", "nanmean", "nanvar", "nanstd"]
COMPOSITES = [*NAN_ROWS, "ptp", "count_nonzero", "average"]


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites(name):
    reference = getattr(np, name)
    for dtype in DTYPES:
        if name == "ptp" and dtype.kind == "b":
            continue
        for shape in [(7,), (3, 5), (130, 3), (2, 3, 40), (5000,)]:
            a = finite(values(dtype, math.prod(shape)), "prod" if name == "nanprod" else name)
            if name in NAN_ROWS and dtype.kind == "f":
                a[np.random.default_rng(1).random(a.size) < 0.3] = np.nan
            a = a.reshape(shape)
            if name in NAN_ROWS and dtype.kind == "f" and shape == (3, 5):
                a[1] = np.nan
            x = lz.asarray(a)
            for axis in [None, *range(-a.ndim, a.ndim), tuple(range(a.ndim))]:
                for keepdims in (False, True):
                    with quiet(), warnings.catch_warnings():
                        warnings.simplefilter("ignore", RuntimeWarning)
                        want = reference(a, axis=axis, keepdims=keepdims)
                    got = reference(x, axis=axis, keepdims=keepdims)
                    assert isinstance(got, lz.Array) and got.is_scalar == isinstance(want, np.generic | int)
                    bound = error_bound(np.asarray(want).dtype, np.nan_to_num(a) if dtype.kind == "f" else a)
                    if name in ("nanvar", "average", "nanmean", "nanstd"):
                        bound *= 10
                    close(got, want, bound, f"{name} {dtype} {shape} {axis}")


@pytest.mark.parametrize("name", ["nanvar", "nanstd"])
def test_degrees_of_freedom_without_nan(name):
    a = np.array([[1.0, np.nan, 4], [np.nan, 2, np.nan], [1, 2, 4]])
    for ddof in (0, 1, 2, 2.5):
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            want = getattr(np, name)(a, axis=1, ddof=ddof)
        same(getattr(lz, name)(lz.asarray(a), axis=1, ddof=ddof), want, 4)


def test_reductions_without_nan_take_one_pass():
    x = lz.asarray(np.ones(10_000))
    for name in ("nansum", "nanmin", "nanmean", "count_nonzero", "ptp"):
        text = lz.explain(getattr(lz, name)(x * 2))
        assert sum("reduction along" in line for line in text.splitlines()) == 1, (name, text)


def test_ufunc_reduce():
    a = np.array([[1.0, np.nan, 3], [4, 5, 6]])
    for ufunc in (np.add, np.multiply, np.minimum, np.maximum, np.fmin, np.fmax, np.logical_and, np.logical_or):
        for kwargs in ({}, {"axis": 1}, {"axis": None}, {"keepdims": True}):
            got = ufunc.reduce(lz.asarray(a), **kwargs)
            assert isinstance(got, lz.Array)
            same(got, ufunc.reduce(a, **kwargs))


def test_weighted_averages():
    a = np.arange(6.0).reshape(3, 2)
    x = lz.asarray(a)
    w = np.array([[1.0, 2], [0.5, 3], [2, 0]])
    for weights, axis in [(w, None), (w, 1), (w[0], 1), (w[:, 0], 0), (w.T, (1, 0)), ([1, 2], -1)]:
        for dtype in "fdi":
            want, scale = np.average(a.astype(dtype), axis=axis, weights=weights, returned=True)
            got, mine = np.average(lz.asarray(a.astype(dtype)), axis=axis, weights=weights, returned=True)
            same(got, want, 2)
            same(mine, scale, 2)
    same(np.average(x, 0, returned=True)[1], np.average(a, 0, returned=True)[1])
    for weights, axis in [([0, 0], 1), ([1, 2], None), ([1, 2, 3], 1)]:
        with pytest.raises((ZeroDivisionError, TypeError, ValueError)) as theirs:
            np.average(a, axis=axis, weights=weights)
        with pytest.raises(type(theirs.value)) as mine:
            np.average(x, axis=axis, weights=weights)
        assert str(mine.value) == str(theirs.value)


def test_what_is_written_to_decides_as_in_numpy():
    a = np.full(100, 0.1, "f")
    for name in ("sum", "prod", "mean", "min", "any", "var"):
        for target in "fd" if name == "var" else "fdq?":  # numpy squares distances from a mean that it cast, too
            want, out, lazy = np.empty((), target), np.empty((), target), lz.zeros((), target)
            getattr(np, name)(a, out=want)
            assert getattr(lz, name)(lz.asarray(a), out=out) is out
            assert getattr(lz, name)(lz.asarray(a), out=lazy) is lazy
            for got in (out, lazy):
                close(got, want, 1e-7 if name in ("mean", "var") or target == "f" else 0, f"{name} {target}")
    for dtype in "?Bid":
        for name in ("sum", "prod", "any"):
            b = values(dtype, 50)
            kwargs = {} if name == "any" else {"dtype": bool}
            same(getattr(lz.asarray(b), name)(**kwargs), getattr(b, name)(**kwargs))


def test_arguments_that_only_numpy_has():
    a = np.array([1.0, np.nan, 3])
    same(np.nansum(lz.asarray(a), where=a > 1), np.nansum(a, where=a > 1))
    same(np.nanmin(lz.asarray(a), initial=0.5), np.nanmin(a, initial=0.5))
    same(np.prod(lz.asarray(a[::2]), initial=2), np.prod(a[::2], initial=2))


@pytest.mark.parametrize("name", ["nanvar", "nanstd"])
def test_infinities_leave_no_variance(name):
    rows = np.array([[1, np.inf, np.nan, 3], [np.inf, np.nan, np.nan, np.nan], [-np.inf, 1, 2, 3], [1, np.nan, 1, 4]])
    for dtype in ("f", "d"):
        for axis in (0, 1, None):
            with quiet(), warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                want = getattr(np, name)(rows.astype(dtype), axis=axis)
            same(getattr(lz, name)(lz.asarray(rows.astype(dtype)), axis=axis), want, 4)


def _type_of_error(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except TypeError:
        return TypeError  # NumPy's ufuncs have classes of their own below it
    except Exception as e:
        return type(e)
    return None


def test_errors_of_empty_and_0_d_arrays_and_of_out():
    """Against NumPy: which calls are wrong, and the exception."""
    names = "sum prod mean var std min max any all argmin argmax nanmin nanmax nanmean nanvar nanstd ptp".split()
    for dtype in ("d", "B", "?"):
        for shape in ((), (0,), (0, 0), (0, 3), (3, 0), (2, 0, 3)):
            a = np.zeros(shape, dtype)
            x = lz.asarray(a)
            for name in names:
                for axis in (None, 0, -1, (0,), ()):
                    with quiet(), warnings.catch_warnings():
                        warnings.simplefilter("ignore", RuntimeWarning)
                        want = _type_of_error(getattr(np, name), a, axis=axis)
                    got = _type_of_error(getattr(np, name), x, axis=axis)
                    assert got is want, (name, dtype, shape, axis, got, want)
    a = np.arange(4.0)
    for name in ("argmax", "argmin", "std", "median", "nanmedian", "mean", "sum", "max"):
        for target in DTYPES:
            out = np.zeros((), target)
            want = _type_of_error(getattr(np, name), a, out=out)
            for mine in (lz.zeros((), target), np.zeros((), target)):
                got = _type_of_error(getattr(np, name), lz.asarray(a), out=mine)
                assert got is want, (name, target, got, want)
                if want is None:
                    same(mine, out)
