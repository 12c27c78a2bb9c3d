"""`x[mask]` without a copy: reductions with the mask inside their pass, writes as a `where`."""

import operator
import threading
import warnings

import numpy as np
import pytest

from lazulite import _core
from oracle import FLOATS, lz, same, values

EXACT = ["sum", "min", "max", "any", "all", "argmax", "argmin"]
COUNTED = ["mean", "var", "std"]
SIZES = [1, 7, 63, 64, 65, 128, 129, 511, 1000, 16384, 16385, 40_003]
MASKS = [lambda n: np.arange(n) % 3 == 0, lambda n: np.zeros(n, bool), lambda n: np.ones(n, bool),
         lambda n: np.arange(n) == n - 1, lambda n: np.random.default_rng(n).random(n) < 0.5]  # fmt: skip


def outcome(function):
    try:
        return function()
    except ValueError as e:
        return str(e)


def alike(got, want, ulp=0.0):
    if isinstance(want, str):
        assert got == want
    else:
        same(got, want, ulp)


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "i4", "u8", "f", "d"])
@pytest.mark.parametrize("name", EXACT + COUNTED)
def test_reductions_of_small_whole_numbers(name, dtype):
    for n in SIZES:
        for mask in MASKS:
            a, m = (np.arange(n) * 7 % 5).astype(dtype), mask(n)
            x, k = lz.asarray(a), lz.asarray(m)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for kwargs in [{}, {"keepdims": True}, {"axis": 0}]:
                    want = outcome(lambda a=a, m=m, kwargs=kwargs: getattr(a[m], name)(**kwargs))
                    got = outcome(lambda x=x, k=k, kwargs=kwargs: getattr(x[k], name)(**kwargs))
                    alike(got, want, 0 if name in EXACT else 32)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("name", ["sum", "min", "max", "any", "all", *COUNTED])
def test_reductions_of_all_values(name, dtype):
    """Infinities and NaNs that the mask leaves out do not show; those that it selects do."""
    for n in (5, 100, 1000, 20_000):
        a = values(dtype, n)
        for m in (np.isfinite(a) & (np.abs(a) < 1e3), a > 0, a == a, np.isnan(a), a == 0):
            x, k = lz.asarray(a), lz.asarray(m)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                want = outcome(lambda a=a, m=m: getattr(a[m], name)())
            got = outcome(lambda x=x, k=k: getattr(x[k], name)())
            if isinstance(want, str) or not np.isfinite(want):
                alike(got, want)
            elif name in ("min", "max", "any", "all"):
                assert got.dtype == want.dtype and got == want  # of zeros, NumPy gives either
            else:
                size = np.abs(a[m]).max(initial=0) * max(1, m.sum())
                np.testing.assert_allclose(float(got), want, rtol=0, atol=size * (2e-6 if dtype == "f" else 1e-14))


@pytest.mark.parametrize("mask_ndim", [1, 2, 3])
def test_masks_over_the_first_axes(mask_ndim):
    a = np.arange(4800.0).reshape(20, 30, 8)
    m = a.reshape(*a.shape[:mask_ndim], -1)[..., 0] % 3 == 0
    for b, y in [(a, lz.asarray(a)), (a * 2, lz.asarray(a) * 2), (a.T.copy().T, lz.asarray(a.T.copy()).T)]:
        for name in ("sum", "mean", "max", "std"):
            same(getattr(y[lz.asarray(m)], name)(), getattr(b[m], name)(), 4 if name == "std" else 0)
            axis = b.ndim - mask_ndim
            same(getattr(y[lz.asarray(m)], name)(axis=axis), getattr(b[m], name)(axis=axis), 4 if name == "std" else 0)
            same(
                getattr(y[lz.asarray(m)], name)(keepdims=True).shape, np.array(getattr(b[m], name)(keepdims=True).shape)
            )


def counted(function):
    """Passes run, and what the function gave."""
    before = _core.counters()["passes"]
    result = function()
    return _core.counters()["passes"] - before, result


@pytest.mark.parametrize("name", ["sum", "mean", "std", "var", "min", "max", "any", "all"])
def test_one_pass_and_no_mask_in_memory(name):
    n = 300_000
    x = lz.asarray(np.linspace(-1, 1, n))
    before = lz.memory()["in_use"]
    passes, value = counted(lambda: getattr(x[x > 0.5], name)().compute())
    assert passes == 1
    assert lz.memory()["in_use"] - before < n
    a = np.linspace(-1, 1, n)
    np.testing.assert_allclose(float(value), getattr(a[a > 0.5], name)(), rtol=1e-12)


def test_several_masked_reductions_share_a_pass():
    a = np.linspace(-1, 1, 300_000)
    x = lz.asarray(a)
    m = x > 0
    passes, values = counted(lambda: lz.compute(x[m].mean(), x[m].std(), x[m].sum(), (x * x)[m].mean(), x.sum()))
    assert passes == 1
    for got, want in zip(
        values, (a[a > 0].mean(), a[a > 0].std(), a[a > 0].sum(), (a * a)[a > 0].mean()), strict=False
    ):
        np.testing.assert_allclose(float(got), want, rtol=1e-12)


def test_an_expression_is_fused_into_the_reduction():
    a = np.linspace(-1, 1, 300_000)
    x = lz.asarray(a)
    text = lz.explain((lz.exp(x) * 2)[x * x > 0.25].mean())
    assert "1 pass;" in text and "exp" in text
    same((lz.exp(x) * 2)[x * x > 0.25].mean(), (np.exp(a) * 2)[a * a > 0.25].mean(), 64)


def test_empty_selections():
    x = lz.asarray(np.linspace(0, 1, 1000))
    assert np.isnan(float(x[x > 2].mean())) and np.isnan(float(x[x > 2].std())) and float(x[x > 2].sum()) == 0
    assert bool(x[x > 2].all()) and not bool(x[x > 2].any())
    for name, word in (("min", "minimum"), ("max", "maximum")):
        with pytest.raises(ValueError, match=f"zero-size array to reduction operation {word} which has no identity"):
            getattr(x[x > 2], name)()
    with pytest.raises(ValueError, match="attempt to get argmax of an empty sequence"):
        x[x > 2].argmax()


def test_what_asks_for_the_shape_gets_it():
    a = np.linspace(-1, 1, 1000)
    x = lz.asarray(a)
    y = x[x > 0]
    assert y.dtype == np.float64 and y.itemsize == 8 and not y.is_computed and not y.is_view and not y.is_scalar
    assert len(y) == 500 and y.shape == (500,) and y.size == 500 and y.ndim == 1 and y.nbytes == 4000
    same(y + y, a[a > 0] * 2)
    same(x[x > 0][::-1], a[a > 0][::-1])
    y[0] = 7
    y += 1
    b = a[a > 0]
    b[0] = 7
    same(y, b + 1)
    same(y.mean(), (b + 1).mean(), 8)
    same(x, a)


@pytest.mark.parametrize("op", [operator.iadd, operator.imul, operator.isub, operator.itruediv])
def test_in_place_through_a_mask_stays_lazy(op):
    a = np.arange(1.0, 3001).reshape(100, 30)
    x, y = lz.asarray(a), lz.asarray(a) + 1
    m = x % 3 == 0
    for z, b in ((x, a.copy()), (y, a + 1)):
        k = a % 3 == 0
        z[m] = op(z[m], 2)
        b[k] = op(b[k], 2)
        z[m] += 5
        b[k] += 5
        z[m] *= z[m]
        b[k] *= b[k]
        same(z, b)


def test_writes_through_a_mask_are_one_pass():
    a = np.linspace(-1, 1, 300_000)
    x = lz.asarray(a)
    m = x > 0

    def program(z, k, xp):
        z = z * 2
        z[k] = 0
        z[z < -1] += 1
        z[k] = xp.exp(z)[k]
        return z

    passes, got = counted(lambda: program(x, m, lz).compute())
    assert passes == 1
    same(got, program(a, a > 0, np), 2)


def test_a_temporary_that_somebody_holds_is_not_changed_in_place_of_x():
    x = lz.asarray(np.arange(1000.0))
    t = x[x > 10]
    u = t
    t += 1
    assert u is t and float(t[0]) == 12 and float(x[11]) == 11
    same(t, np.arange(11.0, 1000) + 1)


def test_masks_of_other_arrays_do_not_mix():
    a = np.arange(1000.0)
    x = lz.asarray(a)
    x[x % 2 == 0] = x[x % 2 == 1]
    a[a % 2 == 0] = a[a % 2 == 1]
    same(x, a)
    with pytest.raises(ValueError, match="cannot assign 499 input values to the 500 output values"):
        x[lz.asarray(np.arange(1000) % 2 == 0)] = x[lz.asarray((np.arange(1000) % 2 == 1) & (np.arange(1000) > 1))]


def test_casts_and_dtypes():
    a = np.arange(1000, dtype=np.int32)
    x = lz.asarray(a)
    same(x[x > 10].sum(dtype=np.float32), a[a > 10].sum(dtype=np.float32))
    same(x[x > 10].mean(dtype=np.float32), a[a > 10].mean(dtype=np.float32))
    same(x[x > 10].std(ddof=1), a[a > 10].std(ddof=1), 4)
    x[x > 10] = x.astype("d")[x > 10] * 1.5
    a[a > 10] = a.astype("d")[a > 10] * 1.5
    same(x, a)
    with pytest.raises(np._core._exceptions._UFuncOutputCastingError):
        x[x > 10] += 0.5


def test_the_end_of_a_fused_function_settles_what_it_kept():
    kept = {}

    @lz.fuse
    def f(a):
        kept["mean"], kept["selected"] = a[a > 0].mean(), a[a > 0]
        return a[a > 0].sum()

    a = np.linspace(-1, 1, 1000)
    b = a.copy()
    assert np.isclose(f(a), b[b > 0].sum())
    a[...] = 99
    same(kept["selected"], b[b > 0])
    same(kept["mean"], b[b > 0].mean(), 8)


def test_many_threads_ask_for_the_shape_of_one():
    x = lz.asarray(np.linspace(-1, 1, 200_000))
    y = x[x > 0]
    sizes = []
    threads = [threading.Thread(target=lambda: sizes.append((y.size, float(y.sum())))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert {s for s, _ in sizes} == {100_000}
    assert np.allclose([s for _, s in sizes], float(y.sum()))
