"""Random draws: the stream's rules, NumPy's arguments and errors, moments."""

import pickle

import numpy as np
import pytest

from oracle import lz, same

LAWS = ["random", "standard_normal", "standard_exponential"]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_an_element_depends_on_its_place_only(law, dtype):
    whole = np.asarray(getattr(lz.random.default_rng(3), law)(1000, dtype=dtype))
    rng = lz.random.default_rng(3)
    parts = [np.asarray(getattr(rng, law)(n, dtype=dtype)) for n in (1, 2, 61, 64, 100, 772)]
    same(np.concatenate(parts), whole)
    draw = getattr(lz.random.default_rng(3), law)((10, 100), dtype=dtype)
    same(draw[3:7, 11::2], whole.reshape(10, 100)[3:7, 11::2])
    same(draw.T + 0, whole.reshape(10, 100).T)
    same(draw[::-1], whole.reshape(10, 100)[::-1])


def test_moments():
    rng = lz.random.default_rng(5)
    n = 400_000
    for draw, mean, var in (
        (rng.random(n), 0.5, 1 / 12),
        (rng.uniform(-1, 3, n), 1, 16 / 12),
        (rng.standard_normal(n), 0, 1),
        (rng.normal(2, 3, n), 2, 9),
        (rng.exponential(2, n), 2, 4),
    ):
        assert abs(float(draw.mean()) - mean) < 5 * (var / n) ** 0.5
        assert abs(float(draw.var()) - var) < 20 * var / n**0.5


def test_array_parameters_fuse():
    mu = lz.asarray(np.arange(5000.0)) * 2
    y = lz.random.default_rng(1).normal(mu, 1e-9)
    assert "1 pass; " in lz.explain(y)
    np.testing.assert_allclose(np.asarray(y), np.arange(5000.0) * 2, atol=1e-7)
    assert lz.random.default_rng(1).normal(np.zeros((3, 1)), np.ones(4)).shape == (3, 4)
    with pytest.raises(ValueError):
        lz.random.default_rng(1).normal(np.zeros(3), 1, size=4)


def test_seeds_spawn_state():
    a, b = lz.random.default_rng(1), lz.random.default_rng(1)
    assert float(a.random()) == float(b.random())
    children = a.spawn(2)
    assert len({float(g.random()) for g in (*children, b)}) == 3
    same(children[0].random(5), lz.random.default_rng(1).spawn(2)[0].random(6)[1:])
    state = a.state
    first = np.asarray(a.random(4))
    a.state = state
    same(a.random(4), first)
    c = pickle.loads(pickle.dumps(a))
    same(a.random(4), np.asarray(c.random(4)))
    assert lz.random.default_rng(a) is a
    assert float(lz.random.default_rng([1, 2]).random()) != float(lz.random.default_rng([2, 1]).random())
    assert float(lz.random.default_rng().random()) != float(lz.random.default_rng().random())


def test_numpys_errors():
    rng, theirs = lz.random.default_rng(1), np.random.default_rng(1)
    for wrong in (
        lambda g: g.normal(0, -1, 3),
        lambda g: g.exponential(-1),
        lambda g: g.uniform(0, np.inf),
        lambda g: g.random(-1),
        lambda g: g.random(3, dtype="i4"),
    ):
        with pytest.raises(Exception) as want:
            wrong(theirs)
        with pytest.raises(type(want.value)):
            wrong(rng)
    with pytest.raises(ValueError):
        lz.random.default_rng(-1)


def test_scalars():
    rng = lz.random.default_rng(1)
    for x in (rng.random(), rng.normal(), rng.exponential(), rng.uniform(1, 2), rng.standard_normal()):
        assert x.shape == () and x.is_scalar and isinstance(float(x), float)
