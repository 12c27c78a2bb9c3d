"""Medians and quantiles against NumPy: methods x dtypes x axes x NaN x lengths, lazy and eager."""

import math
import warnings

import numpy as np
import pytest

from lazulite import _quantiles
from oracle import DTYPES, lz, same, values

METHODS = list(_quantiles._places)
NUMBERS = [t for t in DTYPES if t.kind != "b"]
QS = [
    *(0, 1, 0.5, 0.3, [0.1, 0.9, 0.5], np.array([0.0, 1.0, 0.25]), np.float32(0.7), np.array(0.2)),
    *([0, 1], np.int64(1), np.array([[0.1, 0.2, 0.3], [0.7, 0.8, 0.9]], "f"), np.zeros((1, 2), "i1")),
]


def agree(function, a, *args, **kwargs):
    """The same function of a lazy array stays lazy and gives the same bits (but for the signs of zeros)."""
    x = lz.asarray(a)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        want = function(a, *args, **kwargs)
    got = function(x, *args, **kwargs)
    message = f"{function.__name__} {a.dtype} {a.shape} {args} {kwargs}"
    assert isinstance(got, lz.Array), message
    assert got.is_scalar == isinstance(want, np.generic), message
    with np.errstate(all="ignore"):
        same(np.asarray(got) + 0, np.asarray(want) + 0, 0, message)


def test_methods():
    rng = np.random.default_rng(0)
    for method in METHODS:
        for n in (1, 2, 3, 4, 5, 10, 101):
            for a in (rng.standard_normal(n), rng.standard_normal(n).astype("f"), rng.integers(-50, 50, n)):
                for q in QS:
                    agree(np.quantile, a, q, method=method)
                    agree(np.nanquantile, a, q, method=method)


@pytest.mark.parametrize("function", [np.median, np.nanmedian], ids=lambda f: f.__name__)
def test_medians(function):
    for dtype in DTYPES:
        for n in (1, 2, 3, 10, 255, 1000, 5001):
            agree(function, values(dtype, n))
            agree(function, np.nan_to_num(values(dtype, n)))


@pytest.mark.parametrize(
    "function", [np.median, np.nanmedian, np.percentile, np.nanpercentile], ids=lambda f: f.__name__
)
def test_axes_and_nan(function):
    for dtype in "fdi":
        # Of float32 by float64 percentiles NumPy makes float32 where the first line is all NaN (docs/differences.md).
        q = 37.5 if dtype == "f" else [5, 50.0, 99.9]
        args = (q,) if "percentile" in function.__name__ else ()
        for shape in [(3, 5), (2, 3, 40), (700, 3)]:
            a = np.random.default_rng(2).integers(-1000, 1000, math.prod(shape)).astype(dtype).reshape(shape)
            if dtype != "i":
                a[0, 1] = np.nan
                a[-1] = np.nan
            for b in (a, a.T, a[::-1, ..., ::2]):
                for axis in [None, 0, -1, (0, 1), *([(2, 0)] if a.ndim > 2 else [])]:
                    for keepdims in (False, True):
                        agree(function, b, *args, axis=axis, keepdims=keepdims)


def test_long_lines_of_every_dtype():
    for dtype in NUMBERS:
        a = np.nan_to_num(values(dtype, 300_000), nan=7, posinf=8, neginf=-8)
        agree(np.quantile, a, [0, 0.01, 0.5, 0.50001, 0.99, 1], method="lower")
        agree(np.median, a[::-1].reshape(2, -1), axis=1)
    a = values("d", 300_000)
    agree(np.nanquantile, a, [0.001, 0.5, 0.77], method="higher")
    agree(np.median, a)


def test_the_bits_do_not_depend_on_threads():
    a = np.random.default_rng(1).standard_normal(2_000_000)
    want = np.quantile(a, [0.1, 0.5, 0.95])
    for threads in (1, 2, 7):
        with lz.num_threads(threads):
            same(lz.quantile(lz.asarray(a), [0.1, 0.5, 0.95]), want)


def test_float32_by_float64_is_float64():
    a = values("f", 100)
    for name in ("quantile", "nanquantile"):
        assert getattr(lz, name)(lz.asarray(a), [0.5]).dtype == np.float64
        assert getattr(lz, name)(lz.asarray(a), np.float64(0.5)).dtype == np.float64
        assert getattr(lz, name)(lz.asarray(a), np.float32(0.5)).dtype == np.float32
        assert getattr(lz, name)(lz.asarray(a), 0.5).dtype == np.float32
    rows = lz.asarray(np.full((2, 3), np.nan, "f"))
    assert lz.nanquantile(rows, [0.5], axis=1).dtype == np.float64


def test_places_beside_equal_elements_and_bad_samples():
    rng = np.random.default_rng(3)
    n = 50_000
    sorts = [np.arange(n), np.arange(n)[::-1], np.arange(n) % 2, np.arange(n) % 700, rng.integers(0, 3, n)]
    sorts += [np.where(rng.random(n) < 0.7, 5, rng.integers(0, 10, n)), np.minimum(np.arange(n), 100)]
    for a in sorts:
        for dtype in "Bhif":
            for q in (0, 0.001, 0.3, 0.5, 0.7, 0.999, 1):
                agree(np.quantile, a.astype(dtype), q)
            agree(np.quantile, a.astype(dtype), np.linspace(0, 1, 50), method="lower")
    a = rng.standard_normal(n)
    a[rng.random(n) < 0.6] = np.nan
    for q in (0, 0.2, 0.5, 1):
        agree(np.nanquantile, a, q)
        agree(np.quantile, a, q)
    agree(np.quantile, np.where(rng.random(n) < 0.5, np.inf, -np.inf), [0.1, 0.4, 0.9], method="higher")


def test_neighbours_fuse_up_to_it():
    x = lz.asarray(np.arange(10_000.0))
    text = lz.explain(np.median(x * 2 + 1) * 3)
    assert "partition" in text
    assert "ops:     multiply add" in text


def test_kept_axes_of_a_number_make_no_scalar():
    for dtype in "dfi":
        a = np.array(3, dtype)
        for name in ("quantile", "nanquantile"):
            for keepdims in (False, True):
                got, want = (getattr(np, name)(v, 0.5, keepdims=keepdims) for v in (lz.asarray(a), a))
                assert got.is_scalar == isinstance(want, np.generic)
                same(got, want)


def test_errors_are_numpys():
    a = np.arange(5.0)
    for name, q, kwargs in [
        ("quantile", 1.5, {}),
        ("percentile", [50, -1], {}),
        ("quantile", 0.5, {"method": "nearby"}),
        ("quantile", 0.5, {"axis": 3}),
        ("quantile", [[[0.5]]], {}),
        ("nanquantile", [0.5, np.nan], {}),
        ("nanpercentile", 100.5, {}),
        ("percentile", 50, {"axis": (0, 0)}),
        ("quantile", 0.5, {"weights": np.ones(5)}),
        ("quantile", 0.5, {"weights": -np.ones(5), "method": "inverted_cdf"}),
    ]:
        with pytest.raises((ValueError, np.exceptions.AxisError)) as theirs:
            getattr(np, name)(a, q, **kwargs)
        with pytest.raises(type(theirs.value)) as mine:
            getattr(lz, name)(lz.asarray(a), q, **kwargs)
        assert str(mine.value) == str(theirs.value)


def test_out_weights_and_empty_arrays():
    a = np.arange(12.0).reshape(3, 4)
    out, lazy = np.empty(4), lz.zeros(4)
    assert np.median(lz.asarray(a), axis=0, out=out) is out
    assert lz.quantile(lz.asarray(a), 0.5, axis=0, out=lazy) is lazy
    same(out, np.median(a, axis=0))
    same(lazy, np.quantile(a, 0.5, axis=0))
    kwargs = {"method": "inverted_cdf", "weights": np.arange(12.0).reshape(3, 4), "axis": 1}
    same(np.quantile(lz.asarray(a), 0.5, **kwargs), np.quantile(a, 0.5, **kwargs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        same(lz.median(lz.zeros(0)), np.median(np.zeros(0)))
