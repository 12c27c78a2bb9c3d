"""Sobol's sequence: SciPy's points, windows, what scrambling keeps, and convergence."""

import pickle

import numpy as np
import pytest
from scipy.stats import qmc

from oracle import lz, same


def scipys(d, n, first=0):
    engine = qmc.Sobol(d, scramble=False, bits=32)
    if first:
        engine.fast_forward(first)
    return engine.random(n)


@pytest.mark.parametrize("d", [1, 2, 21, 1111])
@pytest.mark.filterwarnings("ignore:The balance properties")
def test_points_are_scipys(d):
    same(lz.random.sobol(d, 3000, scramble=None), scipys(d, 3000))
    points = lz.random.sobol(d, scramble=None)
    points.fast_forward(2**20 + 12345)
    same(points.random(100), scipys(d, 100, 2**20 + 12345))
    single = np.asarray(lz.random.sobol(d, 64, scramble=None, dtype="f4"))
    assert single.dtype == np.float32
    same(single, scipys(d, 64).astype(np.float32))


@pytest.mark.parametrize("scramble", ["owen", None])
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_an_element_depends_on_its_place_only(scramble, dtype):
    def new():
        return lz.random.Sobol(7, scramble=scramble, seed=3)

    whole = np.asarray(new().random(1000, dtype))
    points = new()
    same(np.concatenate([np.asarray(points.random(n, dtype)) for n in (1, 2, 0, 61, 64, 872)]), whole)
    same(new().fast_forward(300).random(700, dtype), whole[300:])
    same(points.reset().random(5, dtype), whole[:5])
    draw = new().random(1000, dtype)
    assert isinstance(draw, lz.Array) and draw.shape == (1000, 7)
    same(draw[3:700:11, 2:6:2], whole[3:700:11, 2:6:2])
    same(draw[::-1], whole[::-1])
    same(draw.T + 0, whole.T)
    same(draw[:, 3] * 2, whole[:, 3] * 2)
    same(pickle.loads(pickle.dumps(draw)), whole)
    for threads in (2, 7):
        with lz.num_threads(threads):
            same(new().random(1000, dtype), whole)
    # More dimensions and other numbers of points leave an element as it is.
    same(lz.random.sobol(9, 1024, scramble=scramble, seed=3, dtype=dtype)[:1000, :7], whole)


def test_a_pass_makes_the_points():
    u = lz.random.sobol(3, 5000, seed=1)
    assert "1 pass; " in lz.explain((u[:, 0] * u[:, 1] + u[:, 2]).sum())


def test_scrambled_points_stay_a_net():
    n = 4096
    for seed in (0, 1, [2, 3]):
        x = np.asarray(lz.random.sobol(50, n, seed=seed))
        assert x.min() >= 0 and x.max() < 1
        assert (np.sort((x * n).astype(int), axis=0) == np.arange(n)[:, None]).all()
        # The first two dimensions are a (0, 12, 2)-net: every box of 2^-a by 2^(a - 12) holds one point.
        for a in range(13):
            boxes = (x[:, 0] * 2**a).astype(int) * 2 ** (12 - a) + (x[:, 1] * 2 ** (12 - a)).astype(int)
            assert len(np.unique(boxes)) == n
    assert not np.array_equal(np.asarray(lz.random.sobol(2, 8, seed=1)), np.asarray(lz.random.sobol(2, 8, seed=2)))
    assert not np.array_equal(np.asarray(lz.random.sobol(2, 8)), np.asarray(lz.random.sobol(2, 8)))


def test_every_scrambled_point_is_uniform():
    # Of one point over many seeds, in several dimensions: mean, variance and correlation of uniform numbers.
    x = np.array([np.asarray(lz.random.sobol(4, 8, seed=s)) for s in range(2000)])
    np.testing.assert_allclose(x.mean(axis=0), 0.5, atol=5 * (1 / 12 / 2000) ** 0.5)
    np.testing.assert_allclose(x.var(axis=0), 1 / 12, atol=5 * (1 / 180 / 2000) ** 0.5)
    for k in (0, 5):
        correlation = np.corrcoef(x[:, k].T) - np.eye(4)
        assert np.abs(correlation).max() < 5 / 2000**0.5


def test_estimates_converge_as_scrambled_nets_do():
    # A smooth integrand, the root mean square error over 30 seeds: n^-1.5 but for logarithms, as SciPy's scrambling.
    def error(points, n):
        means = [float(np.prod(1 + (points(n, s) - 0.5) * np.array([1, 0.5, 0.25]), axis=1).mean()) for s in range(30)]
        return np.sqrt(np.mean((np.array(means) - 1) ** 2))

    def ours(n, seed):
        return np.asarray(lz.random.sobol(3, n, seed=seed))

    few, many = error(ours, 2**6), error(ours, 2**12)
    assert many < few / 2**6 / 4  # pseudo-random numbers: few / 2^3
    theirs = error(lambda n, s: qmc.Sobol(3, seed=s).random(n), 2**12)
    assert many < 3 * theirs


def test_wrong_arguments():
    for d in (0, -1, 1112):
        with pytest.raises(ValueError, match="d must be in 1, ..., 1111"):
            lz.random.sobol(d, 4)
    with pytest.raises(TypeError):
        lz.random.sobol(1.5, 4)
    with pytest.raises(ValueError, match="scramble must be"):
        lz.random.sobol(2, 4, scramble="x")
    with pytest.raises(ValueError, match="negative"):
        lz.random.sobol(2, -1)
    with pytest.raises(TypeError, match="Unsupported dtype"):
        lz.random.sobol(2, 4, dtype="i4")
    points = lz.random.sobol(2).fast_forward(2**32 - 1)
    same(points.random(0), np.zeros((0, 2)))
    points.random(1)
    with pytest.raises(ValueError, match="distinct points"):
        points.random(1)
    assert points.random(0).shape == (0, 2)
