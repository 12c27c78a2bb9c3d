"""A tour of Lazulite: what it does, in the order in which a newcomer meets it."""

import numpy as np

import lazulite as lz


def test_arrays_are_numpys():
    x = lz.linspace(0.0, 1.0, 5)
    assert x.dtype == np.float64 and x.shape == (5,) and len(x) == 5
    assert repr(x) == "array([0.  , 0.25, 0.5 , 0.75, 1.  ])"
    assert np.array_equal(np.asarray(x), np.linspace(0.0, 1.0, 5))


def test_expressions_are_recorded_and_computed_in_one_pass():
    a, b, c = (lz.asarray(np.random.default_rng(k).random(10_000)) for k in range(3))
    y = np.exp(-((a * b + c) ** 2))
    assert isinstance(y, lz.Array) and not y.is_computed
    total = y.sum()
    assert "1 pass; " in lz.explain(total)
    n = [np.asarray(v) for v in (a, b, c)]
    assert np.isclose(float(total), np.exp(-((n[0] * n[1] + n[2]) ** 2)).sum())


def test_several_results_share_a_pass():
    x = lz.asarray(np.arange(10_000.0))
    mean, std, low, high = lz.compute(x.mean(), x.std(), x.min(), x.max())
    assert (float(mean), float(low), float(high)) == (4999.5, 0.0, 9999.0)
    assert np.isclose(float(std), np.arange(10_000.0).std())


def test_views_write_through():
    x = lz.zeros((3, 4))
    x[1:, ::2] = 7
    x.T[3] += 1
    assert np.asarray(x).tolist() == [[0, 0, 0, 1], [7, 0, 7, 1], [7, 0, 7, 1]]


def test_values_are_taken_when_the_line_runs():
    x = lz.ones(1000)
    y = x * 2
    x[:] = 5
    assert float(y.sum()) == 2000 and float(x.sum()) == 5000


def test_random_draws_are_part_of_the_pass():
    rng = lz.random.default_rng(1)
    z = rng.standard_normal(100_000)
    payoff = np.maximum(100 * np.exp(0.2 * z - 0.02) - 100, 0).mean()
    assert "1 random draw made in the pass" in lz.explain(payoff)
    assert abs(float(payoff) - 7.97) < 0.2


def test_numpy_functions_become_lazy_inside():
    @lz.fuse
    def distance(x, y):
        return np.sqrt(x * x + y * y)

    x, y = np.full(1000, 3.0), np.full(1000, 4.0)
    d = distance(x, y)
    assert type(d) is np.ndarray and (d == 5).all()


def test_what_is_not_fused_is_said():
    x = lz.asarray([3.0, 1.0, 2.0])
    assert np.asarray(np.sort(x)).tolist() == [1, 2, 3]
    assert "numpy sort" in lz.explain(x)
