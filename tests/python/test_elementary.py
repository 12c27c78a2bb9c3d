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


@pytest.mark.parametrize("name", ["cbrt", "arcsinh", "arccosh", "arctanh"])
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_edges_of_functions(name, dtype):
    a = edges(dtype)
    with quiet():
        want = getattr(np, name)(a)
        same(getattr(lz, name)(lz.asarray(a)), want, 4, name)
        got = np.asarray(getattr(np, name)(lz.asarray(a)))
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
