"""NumPy as the oracle: sample operands of every dtype and layout, and comparison of results."""

import os

import numpy as np

import lazulite as lz
from lazulite import _core

# Sanitizers come as preloaded libraries (./dev asan, ./dev tsan).
UNDER_TSAN = "libtsan.so" in os.environ.get("LD_PRELOAD", "")
SANITIZED = UNDER_TSAN or "libasan.so" in os.environ.get("LD_PRELOAD", "")
SHADOWS = "ThreadSanitizer keeps shadows, of twice the size, of all memory that is touched"

DTYPES = [np.dtype(t) for t in "? b B h H i I q Q f d".split()]
FLOATS = [np.dtype("f"), np.dtype("d")]

#: Lengths around vectors, strips and blocks.
LENGTHS = [0, 1, 2, 3, 7, 8, 9, 31, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1000, 16384, 16385]

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, np.inf, -np.inf, np.nan, 1e300, -1e300, 5e-324, 2.0**52, 2.0**53]


def values(dtype, n, seed=0):
    """n elements of a dtype: special values, then random ones of all magnitudes."""
    dtype = np.dtype(dtype)
    rng = np.random.default_rng([dtype.num, n, seed])
    if dtype.kind == "b":
        return rng.integers(0, 2, n).astype(bool)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        edge = np.array([0, 1, info.max, info.min, info.max - 1, 2, 3], dtype)
        a = rng.integers(info.min, info.max, n, dtype, endpoint=True)
        small = rng.random(n) < 0.5
        a[small] = rng.integers(0, 10, n)[small].astype(dtype)
    else:
        edge = np.array(SPECIAL, np.float64).clip(-np.finfo(dtype).max, np.finfo(dtype).max).astype(dtype)
        edge = np.where(np.isinf(SPECIAL), np.array(SPECIAL), edge).astype(dtype)
        a = (rng.standard_normal(n) * 10.0 ** rng.integers(-3, 4, n)).astype(dtype)
    k = rng.random(n) < 0.3
    a[k] = edge[rng.integers(0, len(edge), n)][k]
    return a


def same(got, expected, ulp=0.0, msg="", least=0.0):
    """Equal dtype, shape and bits (NaNs alike); within `ulp` units in the last place for inexact functions, those of
    `least` where the result is smaller."""
    got = np.asarray(got)
    expected = np.asarray(expected)
    assert got.dtype == expected.dtype, f"{msg}: dtype {got.dtype}, expected {expected.dtype}"
    assert got.shape == expected.shape, f"{msg}: shape {got.shape}, expected {expected.shape}"
    if got.dtype.kind != "f":
        np.testing.assert_array_equal(got, expected, err_msg=msg)
        return
    nan = np.isnan(expected)
    np.testing.assert_array_equal(np.isnan(got), nan, err_msg=msg + " (NaN)")
    if ulp == 0:
        np.testing.assert_array_equal(got[~nan], expected[~nan], err_msg=msg)
        np.testing.assert_array_equal(np.signbit(got[~nan]), np.signbit(expected[~nan]), err_msg=msg + " (sign)")
        return
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(got[~finite & ~nan], expected[~finite & ~nan], err_msg=msg)
    g, e = got[finite].astype(np.longdouble), expected[finite].astype(np.longdouble)
    spacing = np.spacing(np.maximum(np.abs(expected[finite]), expected.dtype.type(least))).astype(np.longdouble)
    bad = np.abs(g - e) > ulp * spacing
    assert not bad.any(), f"{msg}: {g[bad][:3]} expected {e[bad][:3]}"


def layouts(a):
    """The values of `a` in other memory layouts: pairs of a name and a function of any array library."""
    n = len(a)
    yield "contiguous", lambda x: x
    yield "reversed", lambda x: x[::-1]
    if n > 4:
        yield "strided", lambda x: x[1::3]
        yield "offset", lambda x: x[3:]
    if n > 8 and n % 2 == 0:
        yield "2-d", lambda x: x.reshape(2, -1)
        yield "transposed", lambda x: x.reshape(2, -1).T
        yield "2-d window", lambda x: x.reshape(2, -1)[:, 1:-1]
        yield "broadcast column", lambda x: x.reshape(2, -1)[:, :1]


def layout_variants(ndim):
    """Functions that give views of an array of any array library in other layouts."""
    shared = [lambda x: x.T, lambda x: x[None]]
    if ndim > 0:
        shared += [lambda x: x[::-1], lambda x: x[..., ::2], lambda x: x[..., 1:], lambda x: x.reshape(-1)]
    if ndim > 1:
        shared += [lambda x: x.transpose(1, 0, *range(2, x.ndim)), lambda x: x[:, :1]]
    return shared


def rows(*kinds):
    """The op table's ufuncs of these kinds."""
    return [u for u in _core.ufuncs.values() if u.kind in kinds]


def quiet():
    return np.errstate(all="ignore")


__all__ = [
    "DTYPES",
    "FLOATS",
    "LENGTHS",
    "SHADOWS",
    "SPECIAL",
    "layout_variants",
    "layouts",
    "lz",
    "quiet",
    "rows",
    "same",
    "values",
]
