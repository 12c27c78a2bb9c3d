"""Corners of NumPy's elementary functions that the loops over the op table do not name."""

import numpy as np
import pytest

from oracle import FLOATS, LENGTHS, lz, quiet, same, values


def edges(dtype):
    info = np.finfo(dtype)
    x = [0.0, 1.0, 1.5, info.max, np.inf, np.nan, info.tiny, info.smallest_subnormal, info.tiny * 1.5, info.eps]
    with quiet():
        x = np.array(x + [-v for v in x], dtype)
        return np.concatenate([x, np.nextafter(x, dtype.type(np.inf)), np.nextafter(x, dtype.type(0))])


@pytest.mark.parametrize("name", ["degrees", "radians", "rad2deg", "deg2rad", "spacing"])
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_numpys_formula_bit_for_bit(name, dtype):
    for n in LENGTHS:
        for a in (values(dtype, n), edges(dtype)):
            with quiet():
                same(getattr(lz, name)(lz.asarray(a)), getattr(np, name)(a), 0, name)
                same(getattr(np, name)(lz.asarray(a)), getattr(np, name)(a), 0, name)


@pytest.mark.parametrize("name", ["heaviside", "nextafter"])
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_every_pair_of_edges(name, dtype):
    a = edges(dtype)
    with quiet():
        same(getattr(lz, name)(lz.asarray(a)[:, None], lz.asarray(a)), getattr(np, name)(a[:, None], a), 0, name)


@pytest.mark.parametrize("name", ["cbrt", "arcsinh", "arccosh", "arctanh", "logaddexp", "logaddexp2"])
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_edges_of_functions(name, dtype):
    a = edges(dtype)
    args = (a,) if getattr(np, name).nin == 1 else (a[:, None], a)
    with quiet():
        want = getattr(np, name)(*args)
        same(getattr(lz, name)(*map(lz.asarray, args)), want, 4, name, least=len(args) - 1)
        got = np.asarray(getattr(np, name)(*map(lz.asarray, args)))
    if len(args) == 1:
        np.testing.assert_array_equal(np.signbit(got[want == 0]), np.signbit(want[want == 0]))


def test_other_names_and_integers():
    k = np.arange(-3, 4)
    for name in ("rad2deg", "deg2rad", "degrees", "radians", "spacing"):
        same(getattr(lz, name)(lz.asarray(k)), getattr(np, name)(k), 0, name)
        assert getattr(lz, name).__name__ == name
    for name in ("asinh", "acosh", "atanh"):
        if hasattr(np, name):
            assert getattr(lz, name) is getattr(lz, "arc" + name[1:])
    same(lz.rad2deg(lz.asarray(k), dtype=np.float32), np.rad2deg(k, dtype=np.float32))


def test_they_fuse():
    x = lz.asarray(values("d", 1000))
    y = lz.heaviside(lz.cbrt(lz.degrees(x)) + lz.arcsinh(x), 0.5) * lz.spacing(x)
    assert lz.explain(y).count("pass 1:") == 1
    assert "pass 2:" not in lz.explain(y)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_ldexp(dtype):
    a = edges(dtype)
    k = np.concatenate([np.arange(-2200, 2200, 7), [2**31 - 1, -(2**31), 1, -1, 0, -53, -1022, -1074, 1023, 127]])
    for e in (k.astype("i"), k, k.astype("h"), np.array([0, 1, 100, 255], "B"), np.array([True, False])):
        with quiet():
            same(lz.ldexp(lz.asarray(a)[:, None], lz.asarray(e)), np.ldexp(a[:, None], e), 0, str(e.dtype))
            same(np.ldexp(lz.asarray(a), 3), np.ldexp(a, 3))
    with pytest.raises(TypeError):
        lz.ldexp(lz.asarray(a), 1.5)
    with pytest.raises(TypeError):
        lz.ldexp(lz.asarray(a), lz.asarray(np.array([1], "Q")))
    same(lz.ldexp(1.5, lz.asarray(k.astype("i"))), np.ldexp(1.5, k.astype("i")))
    same(lz.ldexp(lz.asarray(k.astype("i")), 3), np.ldexp(k.astype("i"), 3))
    far = np.array([10**15, -(10**15), 2**62])
    with quiet():
        same(lz.ldexp(lz.asarray(a)[:, None], lz.asarray(far)), np.ldexp(a[:, None], far.clip(-(2**31), 2**31 - 1)))


@pytest.mark.parametrize("name", ["frexp", "modf"])
def test_parts_of_a_number(name):
    function = getattr(np, name)
    for dtype in "bBhiqQfd":
        for a in [values(dtype, n) for n in LENGTHS if n < 1000] + ([edges(np.dtype(dtype))] if dtype in "fd" else []):
            for give in (getattr(lz, name), function):
                with quiet():
                    for got, want in zip(give(lz.asarray(a)), function(a), strict=True):
                        same(got, want, 0, f"{name} {dtype}")
    x = lz.asarray(values("d", 1000))
    first, second = getattr(lz, name)(x)
    assert "pass 2:" not in lz.explain(first * second)
    out = np.empty(1000), np.empty(1000, "i" if name == "frexp" else "d")
    with quiet():
        assert function(x, out=out)[0] is out[0]
        same(out[1], function(np.asarray(x))[1])
        assert float(getattr(lz, name)(2.75)[0]) == function(2.75)[0]
        assert getattr(lz, name)(lz.asarray(2.75))[0].is_scalar == lz.sin(lz.asarray(2.75)).is_scalar


def test_divmod_and_sinc():
    for dtype in "?bBiQfd":
        a, b = values(dtype, 300, 1), values(dtype, 300, 2)
        with quiet():
            for got, want in zip(lz.divmod(lz.asarray(a), lz.asarray(b)), np.divmod(a, b), strict=True):
                same(got, want)
    for dtype in "fdiq":
        a = values(dtype, 300).clip(-1000, 1000).astype(dtype)
        with quiet():
            for got in (lz.sinc(lz.asarray(a)), np.sinc(lz.asarray(a)), lz.sinc(a)):
                assert isinstance(got, lz.Array)
                same(got, np.sinc(a), 4)
    assert float(lz.sinc(0.0)) == 1
    assert np.asarray(lz.sinc([0, 0.5]))[1] == np.sinc(0.5)
    assert np.asarray(lz.sinc(np.array(1 + 1j))).dtype == complex


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_sinpi_and_cospi(dtype):
    """Of what is left of whole turns, which is exact, NumPy's functions are near enough."""
    for n in LENGTHS:
        a = np.concatenate([values(dtype, n), edges(dtype)])
        with quiet():
            turn = np.fmod(a.astype("d"), 2)
            eighth = np.round(turn * 4) / 4
            rest = (turn - eighth) * np.pi
            s, c = np.sin(eighth * np.pi), np.cos(eighth * np.pi)
            s[np.abs(s) < 1e-9], c[np.abs(c) < 1e-9] = 0, 0
            sine = s * np.cos(rest) + c * np.sin(rest)
            cosine = c * np.cos(rest) - s * np.sin(rest)
            same(lz.sinpi(lz.asarray(a)), sine.astype(dtype), 16, "sinpi", least=1e-3)
            same(lz.cospi(lz.asarray(a)), cosine.astype(dtype), 16, "cospi", least=1e-3)
    k = np.arange(-4, 5)
    np.testing.assert_array_equal(np.signbit(np.asarray(lz.sinpi(lz.asarray(k)))), k < 0)
    np.testing.assert_array_equal(np.signbit(np.asarray(lz.cospi(lz.asarray(k + 0.5)))), False)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("n", [3, 1000, 40_001])
def test_sin_and_cos_of_one_argument(dtype, n):
    """They share their work; the values are those of each alone, whatever the order and the other uses."""
    x = np.random.default_rng(n).normal(0, 50, n).astype(dtype)
    x[0] = 1e30
    sin, cos = np.asarray(lz.sin(lz.array(x))), np.asarray(lz.cos(lz.array(x)))
    for f in (
        lambda s, c: s + c,
        lambda s, c: c - s,
        lambda s, c: c * c * s + s / (c + 2),
        lambda s, c: s,
        lambda s, c: (s - c).max(),
    ):
        a = lz.array(x)
        assert np.array_equal(f(lz.sin(a), lz.cos(a)), f(sin, cos))
        assert np.array_equal(f(lz.cos(a), lz.sin(a)), f(cos, sin))
    s, c = lz.sin(a), lz.cos(a)
    y = s * 2 + c
    lz.compute(s, c, y)
    assert np.array_equal(s, sin) and np.array_equal(c, cos) and np.array_equal(y, sin * 2 + cos)
    assert np.array_equal(
        lz.sin(lz.cos(a)) + lz.cos(lz.cos(a)) * lz.sin(a), np.asarray(lz.sin(cos)) + np.asarray(lz.cos(cos)) * sin
    )
