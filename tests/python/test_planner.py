"""What the planner promises: values are evaluated at most twice, passes are few, plans are found again."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazulite import _core
from oracle import lz, same


@pytest.fixture(autouse=True)
def everything_lazy():
    with lz.options(eager_below=0):
        yield


def nodes_evaluated(compute):
    """The nodes that passes evaluate while `compute()` runs; one that is evaluated twice counts twice."""
    before = _core.counters()["nodes"]
    compute()
    return _core.counters()["nodes"] - before


def passes_run(compute):
    before = _core.counters()["passes"]
    compute()
    return _core.counters()["passes"] - before


def stages(text):
    """The ops that each pass of an explanation names."""
    return [line.split()[1:] for line in text.splitlines() if line.startswith("  ops:")]


def sample(n=5000):
    return lz.asarray(np.random.default_rng(0).random(n) + 0.5)


# --- Evaluation --------------------------------------------------------------------------------------------------


def test_two_questions_about_one_value():
    x = sample()
    y = x * 2 + 1
    float(y.sum())  # two nodes and the sum
    assert nodes_evaluated(lambda: float(y.mean())) == 3  # two again, stored this time, and the mean
    assert nodes_evaluated(lambda: float(y.var())) == 1
    assert nodes_evaluated(lambda: y.compute()) == 0
    assert y.is_computed


def test_no_value_is_evaluated_for_nothing():
    x = sample()
    unused = np.exp(x)  # noqa: F841  (held, but no result needs it)
    assert nodes_evaluated(lambda: float((x + 1).sum())) == 2


@given(st.data())
def test_nothing_is_evaluated_more_than_twice(data):
    """Random programs that grow a graph and ask about its values as they go."""
    draw = data.draw
    with lz.options(eager_below=0):
        pool, made, before = [sample(700)], 0, _core.counters()["nodes"]
        wanted = [np.asarray(pool[0] + 0)]
        before = _core.counters()["nodes"]
        for _ in range(draw(st.integers(1, 25))):
            k = draw(st.integers(0, len(pool) - 1))
            j = draw(st.integers(0, len(pool) - 1))
            if draw(st.integers(0, 2)) > 0:
                pool.append(np.minimum(pool[k] * 0.75, pool[j]))
                wanted.append(np.minimum(wanted[k] * 0.75, wanted[j]))
                made += 2
            else:
                assert float(pool[k].max()) == wanted[k].max()
                made += 1
        assert _core.counters()["nodes"] - before <= 2 * made
        for got, want in zip(pool, wanted, strict=True):
            same(got, want)
        assert _core.counters()["nodes"] - before <= 2 * made


def test_an_iteration_that_prints_costs_the_same_every_time():
    x = sample()
    costs = []
    for _ in range(30):
        x = np.sqrt(x * 0.9 + 1)
        costs.append(nodes_evaluated(lambda x=x: float(x.sum())))
    assert max(costs[2:]) <= 3 + 3 + 1


# --- Passes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "passes"),
    [
        (lambda x: x + 1, 1),
        (lambda x: np.sqrt(x**2 + 1) / (x + 1) - x, 1),
        (lambda x: (x * 2).sum(), 1),
        (lambda x: x - x.mean(), 2),
        (lambda x: ((x - x.mean()) ** 2).mean(), 2),
        (lambda x: (x - x.mean()) / x.std(), 2),
        (lambda x: 0.5 * (x[1:-1] + 0.25 * (x[:-2] + x[2:])), 1),
        (lambda x: np.exp(x)[::-1] * 2, 1),
        (lambda x: np.where(x > 1, x, -x).max(), 1),
        (lambda x: x.reshape(50, 100).T.sum(axis=0), 1),
        (lambda x: x.reshape(50, 100) * x[:100] + x[:50].reshape(-1, 1), 1),
    ],
)
def test_number_of_passes(expression, passes):
    x = sample()
    y = expression(x)
    assert f"\n{passes} pass" in lz.explain(y)
    assert passes_run(y.compute) == passes
    np.testing.assert_allclose(np.asarray(y), expression(np.asarray(x)), rtol=1e-12)


def test_one_pass_for_all_moments_of_one_value():
    x = sample()
    y = np.exp(-x) * x
    results = [y.sum(), y.mean(), y.var(), y.std(), y.min(), y.max(), (y > 0.2).any(), (y > 0.2).all(), y.argmax()]
    assert passes_run(lambda: lz.compute(*results)) == 1
    n = np.exp(-np.asarray(x)) * np.asarray(x)
    np.testing.assert_allclose([float(r) for r in results[:4]], [n.sum(), n.mean(), n.var(), n.std()], rtol=1e-12)
    assert int(results[-1]) == n.argmax()


def test_results_of_different_shapes_and_orders_together():
    a = np.arange(24.0).reshape(4, 6)
    x = lz.asarray(a)
    results = [x + 1, x.T + 1, x[1:] * x[:-1], x.sum(axis=0), x.sum(axis=1), x.sum(), x.T.copy(), x[:, :1] - x]
    wanted = [a + 1, a.T + 1, a[1:] * a[:-1], a.sum(axis=0), a.sum(axis=1), a.sum(), a.T.copy(), a[:, :1] - a]
    lz.compute(*results)
    for got, want in zip(results, wanted, strict=True):
        same(got, want)


def test_a_stored_value_read_in_another_axis_order_by_a_pass_of_its_own_level():
    # Unit axes leave the order open: both results once shared a pass that neither could leave.
    shape = (2, 1, 3, 4)
    u = np.arange(24, dtype="u2").reshape(2, 4, 3, 1).transpose(0, 3, 2, 1)
    i = np.asfortranarray(np.arange(24, dtype="i4").reshape(shape))
    for b in (u, u.copy(), np.asfortranarray(u)):
        x, y = lz.asarray(b), lz.asarray(i)
        flag = np.isinf(x) | np.isinf(x)
        flags = np.isinf(b) | np.isinf(b)
        np.where(flag, y, np.isinf(x)).compute()
        same(np.copysign(flag, y), np.copysign(flags.astype("d"), i))
        same(np.copysign(x, y) + flag, np.copysign(b, i) + flags)


# --- Sharing and plans -------------------------------------------------------------------------------------------


def test_equal_expressions_are_one_value_wherever_they_were_written():
    x = sample()
    y = np.sqrt(x + 1) * np.sqrt(x + 1) + np.sqrt(1 + x + 0)
    assert sum(ops.count("sqrt") for ops in stages(lz.explain(y))) <= 2
    same(y, np.asarray(np.sqrt(np.asarray(x) + 1) ** 2 + np.sqrt(1 + np.asarray(x) + 0)))


def test_what_looks_equal_but_is_not_stays_apart():
    x = sample()
    f = x.astype("f4")
    same(f * 0.1 + x * 0.1, np.asarray(f) * np.float32(0.1) + np.asarray(x) * 0.1)
    z = lz.asarray(np.array([0.0, -0.0, 1.0]))
    same(np.copysign(1.0, z * 0.0) + np.copysign(1.0, z * -0.0), np.array([0.0, 0.0, 0.0]))
    same((x[:-1] - x[1:]) + (x[1:] - x[:-1]), np.zeros(x.size - 1))


def test_a_plan_serves_every_length_scalar_and_pointer():
    def f(x, c):
        return (np.maximum(x * c - 1, 0) / (x + c)).sum()

    def wanted(n, c):
        a = np.arange(float(n))
        return (np.maximum(a * c - 1, 0) / (a + c)).sum()

    float(f(lz.asarray(np.arange(900.0)), 0.3))
    plans = _core.cached_programs()
    for n in (901, 64, 65, 17_000, 40_001):
        for c in (0.3, 2.5, 1e-3):
            np.testing.assert_allclose(float(f(lz.asarray(np.arange(float(n))), c)), wanted(n, c), rtol=1e-12)
    assert _core.cached_programs() == plans


def test_a_known_structure_is_not_planned_again():
    n = np.random.default_rng(0).random((40, 50))

    def f(x, c, d):
        return np.exp(x[1:, ::2] * c - d).sum(axis=1) + x[:-1, 0]

    for k in range(5):
        before = _core.plans_made()
        a = n + k
        same(f(lz.asarray(a), 0.25 + k, 1.5), f(a, 0.25 + k, 1.5), 4)
        assert _core.plans_made() - before == (1 if k < 2 else 0)  # kept when it comes up a second time


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=3, max_size=8), st.booleans())
def test_known_structures_take_new_scalars_and_operands(numbers, transposed):
    """Which scalars are equal, which operands are one, and how they lie in memory is part of the structure."""
    arrays = [np.arange(12.0).reshape(3, 4), np.ones((3, 4)), np.asfortranarray(np.arange(12.0).reshape(3, 4) - 5)]
    for i, j, k in numbers:
        a, b = arrays[i], arrays[j]
        x, y = lz.asarray(a), lz.asarray(b)
        y = x if i == j else y
        if transposed:
            a, x = a.T.copy().T, x.T.copy().T
        same((x * 2.0 + k) * (y - float(j)) + k * 0.5, (a * 2.0 + k) * (b - float(j)) + k * 0.5, 0)


# --- What explain says -------------------------------------------------------------------------------------------


def test_explain_counts_bytes_and_temporaries():
    x = sample(100_000)
    text = lz.explain(x * x + 1)
    assert re.search(r"reads 800 kB, writes 800 kB", text)
    assert "1 temporaries avoided (800 kB)" in text or "1 temporary avoided (800 kB)" in text
    total = lz.explain((x * x + 1).sum())
    assert "2 temporaries avoided (1.6 MB)" in total and "writes 8 B" in total


def test_explain_computes_nothing():
    x = sample()
    y = (x + 1).sum()
    assert nodes_evaluated(lambda: lz.explain(y)) == 0
    assert not y.is_computed
    y.compute()
    assert "nothing to do" in lz.explain(y)
