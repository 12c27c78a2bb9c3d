"""Running sums, products and extremes against NumPy: dtypes x axes x layouts x lengths, lazy and eager."""

import math

import numpy as np
import pytest

from oracle import DTYPES, LENGTHS, layouts, lz, quiet, same, values

UFUNCS = [np.add, np.multiply, np.minimum, np.maximum, np.fmin, np.fmax, np.logical_and, np.logical_or]
LONG = [256, 257, 2047, 2048, 2049, 4096, 5000, 40_000]


def close(got, want, msg):
    """Floats are joined in chains: equal but for rounding, NaN and infinity in the same places."""
    got, want = np.asarray(got), np.asarray(want)
    if want.dtype.kind != "f":
        return same(got, want, 0, msg)
    assert got.dtype == want.dtype and got.shape == want.shape, msg
    tolerance = 3e-4 if want.dtype == "f4" else 1e-10
    np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance * 100, err_msg=msg)


def tame(a, ufunc):
    """Values whose running sums and products stay finite."""
    if a.dtype.kind != "f" or ufunc not in (np.add, np.multiply):
        return a
    a = np.nan_to_num(a, nan=1.5, posinf=3, neginf=-3).clip(-1e3, 1e3)
    return a if ufunc is np.add else (1 + a / 1e5).astype(a.dtype)


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda u: u.__name__)
def test_lengths_dtypes_and_layouts(ufunc):
    for dtype in DTYPES:
        for n in LENGTHS[1:] + LONG:
            a = tame(values(dtype, n), ufunc)
            x = lz.asarray(a)
            for name, view in layouts(a):
                with quiet():
                    want = ufunc.accumulate(view(a))
                got = ufunc.accumulate(view(x))
                assert isinstance(got, lz.Array)
                close(got, want, f"{ufunc.__name__} {dtype} {n} {name}")


@pytest.mark.parametrize("ufunc", [np.add, np.multiply, np.fmax], ids=lambda u: u.__name__)
def test_axes(ufunc):
    for shape in [(3, 5), (130, 3), (2, 3, 4), (5, 1, 300), (300, 40), (3000, 2), (4, 2000, 9), (7, 600), (1, 1)]:
        a = tame(values("d", math.prod(shape)), ufunc).reshape(shape)
        x = lz.asarray(a)
        for b, y in [(a, x), (a.T, x.T), (a[::-1, ..., ::2], x[::-1, ..., ::2])]:
            for axis in range(-b.ndim, b.ndim):
                with quiet():
                    want = ufunc.accumulate(b, axis=axis)
                got = ufunc.accumulate(y, axis=axis)
                close(got, want, f"{shape} {axis}")
                long = [k for k, n in enumerate(want.shape) if n > 1]
                assert [np.asarray(got).strides[k] for k in long] == [want.strides[k] for k in long]


def test_up_to_256_elements_are_joined_as_numpy_joins_them():
    for dtype in "fd":
        a = np.random.default_rng(3).standard_normal(256).astype(dtype)
        same(lz.asarray(a).cumsum(), a.cumsum())
        same(lz.asarray(a).cumprod(), a.cumprod())
        rows = np.random.default_rng(3).standard_normal((1000, 8)).astype(dtype)
        same(lz.asarray(rows).cumsum(0), rows.cumsum(0))


def test_special_values_stay_in_their_places():
    for place in (0, 255, 256, 2047, 2048, 4999):
        for special in ([np.nan], [np.inf], [-np.inf], [np.inf, -np.inf]):
            a = np.ones(5000)
            a[place : place + len(special)] = special[: 5000 - place]
            with quiet():
                same(lz.asarray(a).cumsum(), a.cumsum())
                same(lz.asarray(a).cumprod(), a.cumprod())
    same(lz.asarray(np.full(3000, -0.0)).cumsum(), np.full(3000, -0.0))


def test_the_error_grows_more_slowly_than_that_of_one_chain():
    a = np.random.default_rng(0).random(10**6)
    exact = math.fsum(a)
    assert abs(float(lz.asarray(a).cumsum()[-1]) - exact) <= 16 * np.spacing(exact)


def test_the_bits_do_not_depend_on_threads():
    a = np.random.default_rng(1).standard_normal((3, 50_000))
    results = []
    for threads in (1, 2, 7):
        with lz.num_threads(threads):
            x = lz.asarray(a)
            results.append([np.asarray(x.cumsum()), np.asarray(x.cumsum(1)), np.asarray(x.T[:, :1].cumprod(0))])
    for r in results[1:]:
        for got, want in zip(r, results[0], strict=True):
            same(got, want)


def test_neighbours_fuse_up_to_it():
    x = lz.asarray(np.arange(10_000.0))
    text = lz.explain(((x * 2 + 1).cumsum() / 3).sum())
    assert "cumsum" in text and "3 passes" in text


FUNCTIONS = ["cumsum", "cumprod", "nancumsum", "nancumprod", "cumulative_sum", "cumulative_prod"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arguments(name):
    reference, ours = getattr(np, name), getattr(lz, name)
    for a in (np.array([[1.0, np.nan, 3], [4, 5, 6]]), np.array([1, 2, 3], "i1"), np.array(3.0), np.zeros((0, 3))):
        x = lz.asarray(a)
        for kwargs in ({}, {"axis": 0}, {"axis": -1}, {"axis": 5}, {"dtype": "f4"}, {"dtype": "u2", "axis": 0}):
            with quiet():
                try:
                    want = reference(a, **kwargs)
                except (ValueError, np.exceptions.AxisError) as error:
                    with pytest.raises(type(error)) as mine:
                        ours(x, **kwargs)
                    assert str(mine.value) == str(error)
                    continue
                got = reference(x, **kwargs)
                assert isinstance(got, lz.Array)
                same(got, want, 2)
                same(ours(a, **kwargs), want, 2)


def test_include_initial():
    a = np.arange(6.0).reshape(2, 3) + 1
    for name in ("cumulative_sum", "cumulative_prod"):
        for axis in (0, 1):
            want = getattr(np, name)(a, axis=axis, include_initial=True)
            same(getattr(lz, name)(lz.asarray(a), axis=axis, include_initial=True), want)
            out = np.empty_like(want)
            assert getattr(lz, name)(lz.asarray(a), axis=axis, include_initial=True, out=out) is out
            same(out, want)


def test_out():
    for dtype in "Bifd":
        for target in "Bifd":
            a = np.arange(40).astype(dtype)
            want, out, lazy = np.empty(40, target), np.empty(40, target), lz.zeros(40, target)
            with quiet():
                np.cumsum(a, out=want)
            assert np.cumsum(lz.asarray(a), out=lazy) is lazy
            assert lz.cumsum(a, out=out) is out
            same(lazy, want)
            same(out, want)
    with pytest.raises(ValueError, match="provided out is the wrong size for the accumulation"):
        lz.cumsum(lz.ones(3), out=lz.ones(4))
    with pytest.raises(TypeError, match="cannot accumulate on a scalar"):
        np.add.accumulate(lz.asarray(3.0))
