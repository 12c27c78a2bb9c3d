"""The laws of numpy.random.Generator: distributions, shapes, windows, array parameters, NumPy's errors."""

import numpy as np
import pytest
from scipy import stats

from oracle import lz, same

N = 50_000
LEAST_P = 1e-4  # seeds are fixed: a law that is right stays above it for ever

CONTINUOUS = [
    ("uniform", (-1, 3), stats.uniform(-1, 4)),
    ("exponential", (2,), stats.expon(0, 2)),
    ("laplace", (1, 2), stats.laplace(1, 2)),
    ("logistic", (1, 2), stats.logistic(1, 2)),
    ("gumbel", (1, 2), stats.gumbel_r(1, 2)),
    ("rayleigh", (2,), stats.rayleigh(0, 2)),
    ("weibull", (1.5,), stats.weibull_min(1.5)),
    ("pareto", (3,), stats.lomax(3)),
    ("power", (2.5,), stats.powerlaw(2.5)),
    ("power", (0.3,), stats.powerlaw(0.3)),
    ("triangular", (-1, 0, 3), stats.triang(0.25, -1, 4)),
    ("standard_cauchy", (), stats.cauchy()),
    ("standard_normal", (), stats.norm()),
    ("normal", (1, 2), stats.norm(1, 2)),
    ("lognormal", (0.5, 0.7), stats.lognorm(0.7, 0, np.exp(0.5))),
    ("wald", (2, 3), stats.invgauss(2 / 3, 0, 3)),
    ("wald", (2, 0.01), stats.invgauss(200, 0, 0.01)),
    ("standard_gamma", (0.05,), stats.gamma(0.05)),
    ("standard_gamma", (1,), stats.gamma(1)),
    ("standard_gamma", (300,), stats.gamma(300)),
    ("gamma", (2, 3), stats.gamma(2, 0, 3)),
    ("beta", (2, 3), stats.beta(2, 3)),
    ("beta", (0.2, 0.3), stats.beta(0.2, 0.3)),
    ("beta", (1, 1), stats.beta(1, 1)),
    ("beta", (0.2, 5), stats.beta(0.2, 5)),
    ("chisquare", (3,), stats.chi2(3)),
    ("noncentral_chisquare", (3, 2), stats.ncx2(3, 2)),
    ("noncentral_chisquare", (0.5, 20), stats.ncx2(0.5, 20)),
    ("f", (3, 7), stats.f(3, 7)),
    ("noncentral_f", (3, 7, 2), stats.ncf(3, 7, 2)),
    ("standard_t", (3.5,), stats.t(3.5)),
    ("vonmises", (0, 0.7), stats.vonmises(0.7)),
    ("vonmises", (0, 40), stats.vonmises(40)),
]
DISCRETE = [
    ("poisson", (0.3,), stats.poisson(0.3)),
    ("poisson", (9.99,), stats.poisson(9.99)),
    ("poisson", (31.9,), stats.poisson(31.9)),  # search
    ("poisson", (32,), stats.poisson(32)),  # rejection
    ("poisson", (1000,), stats.poisson(1000)),
    ("binomial", (1, 0.3), stats.binom(1, 0.3)),
    ("binomial", (30, 0.2), stats.binom(30, 0.2)),
    ("binomial", (20, 0.5), stats.binom(20, 0.5)),
    ("binomial", (60, 0.5), stats.binom(60, 0.5)),  # search
    ("binomial", (70, 0.5), stats.binom(70, 0.5)),  # rejection
    ("binomial", (1000, 0.9), stats.binom(1000, 0.9)),
    ("negative_binomial", (3, 0.4), stats.nbinom(3, 0.4)),
    ("negative_binomial", (0.5, 0.1), stats.nbinom(0.5, 0.1)),
    ("hypergeometric", (5, 3, 4), stats.hypergeom(8, 5, 4)),  # search
    ("hypergeometric", (900, 1, 600), stats.hypergeom(901, 900, 600)),
    ("hypergeometric", (5, 40, 0), stats.hypergeom(45, 5, 0)),
    ("hypergeometric", (40, 70, 90), stats.hypergeom(110, 40, 90)),
    ("hypergeometric", (160, 160, 159), stats.hypergeom(320, 160, 159)),
    ("hypergeometric", (160, 165, 162), stats.hypergeom(325, 160, 162)),
    ("hypergeometric", (2000, 1000, 500), stats.hypergeom(3000, 2000, 500)),  # rejection
    ("hypergeometric", (10**5, 2 * 10**6, 2_099_000), stats.hypergeom(2_100_000, 10**5, 2_099_000)),
    ("geometric", (0.2,), stats.geom(0.2)),
    ("geometric", (1,), stats.geom(1)),
    ("logseries", (0.6,), stats.logser(0.6)),
    ("zipf", (2.5,), stats.zipf(2.5)),
    ("integers", (3, 10), stats.randint(3, 10)),
]
ALL = CONTINUOUS + DISCRETE


def ids(cases):
    return [f"{name}{args}" for name, args, _ in cases]


@pytest.mark.parametrize("name, args, law", CONTINUOUS, ids=ids(CONTINUOUS))
def test_continuous_laws(name, args, law):
    draw = getattr(lz.random.default_rng(11), name)(*args, size=N)
    assert isinstance(draw, lz.Array) and draw.dtype == np.float64 and draw.shape == (N,)
    assert stats.kstest(np.asarray(draw), law.cdf).pvalue > LEAST_P


@pytest.mark.parametrize("name, args, law", DISCRETE, ids=ids(DISCRETE))
def test_discrete_laws(name, args, law):
    draw = getattr(lz.random.default_rng(12), name)(*args, size=N)
    assert isinstance(draw, lz.Array) and draw.dtype == np.int64 and draw.shape == (N,)
    values, counts = np.unique(np.asarray(draw), return_counts=True)
    expected = law.pmf(values) * N
    usual = expected > 10
    assert np.all(expected > 1e-6), "an impossible value"
    chi2 = ((counts - expected)[usual] ** 2 / expected[usual]).sum()
    assert stats.chi2(max(1, usual.sum() - 1)).sf(chi2) > LEAST_P


@pytest.mark.parametrize("name, args, law", ALL, ids=ids(ALL))
def test_an_element_depends_on_its_place_only(name, args, law):
    whole = np.asarray(getattr(lz.random.default_rng(3), name)(*args, size=700))
    rng = lz.random.default_rng(3)
    same(np.concatenate([np.asarray(getattr(rng, name)(*args, size=n)) for n in (1, 2, 61, 64, 572)]), whole)
    draw = getattr(lz.random.default_rng(3), name)(*args, size=(7, 100))
    same(draw[3:6, 11::2], whole.reshape(7, 100)[3:6, 11::2])
    for threads in (2, 7):
        with lz.num_threads(threads):
            same(getattr(lz.random.default_rng(3), name)(*args, size=700), whole)


@pytest.mark.parametrize("name, args, law", [c for c in ALL if c[1]], ids=ids([c for c in ALL if c[1]]))
def test_parameters_as_arrays(name, args, law):
    whole = np.asarray(getattr(lz.random.default_rng(3), name)(*args, size=(6, 50)))
    stretched = [np.full(50, a) if k % 2 else np.full((6, 1), a) for k, a in enumerate(args)]
    if len(args) == 1:
        stretched = [np.full((6, 50), args[0])]
    got = np.asarray(getattr(lz.random.default_rng(3), name)(*stretched))
    assert got.shape == whole.shape and got.dtype == whole.dtype
    if name in ("standard_gamma", "beta", "poisson", "binomial"):
        same(got, whole)
    # The formula of a number and of an array may differ in the last bits (1 / a of weibull), never in law.
    np.testing.assert_allclose(got, whole, rtol=1e-12)
    if name != "integers":
        lazy = [lz.asarray(a) + 0 for a in stretched]
        np.testing.assert_allclose(np.asarray(getattr(lz.random.default_rng(3), name)(*lazy)), got, rtol=1e-12)


@pytest.mark.parametrize("name, args, law", ALL, ids=ids(ALL))
def test_one_number(name, args, law):
    draw = getattr(lz.random.default_rng(5), name)(*args)
    assert draw.shape == () and draw.is_scalar
    same(np.asarray(getattr(lz.random.default_rng(5), name)(*args, size=1))[0], np.asarray(draw)[()])


@pytest.mark.parametrize("name", ["standard_gamma", "poisson", "vonmises", "zipf", "binomial", "hypergeometric"])
def test_an_element_does_not_depend_on_its_neighbours_parameters(name):
    # Parameters on all sides of the laws' thresholds, each next to each.
    values = {
        "standard_gamma": [0.1, 0.99, 1, 50, 1e6],
        "poisson": [0.1, 9.99, 31.9, 32, 500, 1e9],
        "vonmises": [1e-9, 1e-6, 0.5, 40, 1e7],
        "zipf": [1.01, 1.5, 3, 1100],
        "binomial": [1, 19, 63, 65, 1000, 10**9],
        "hypergeometric": [0, 9, 10, 30, 1000, 10**9 - 1],
    }[name]
    before = (0.0,) if name == "vonmises" else ()
    after = {"binomial": (0.5,), "hypergeometric": (400, 300)}.get(name, ())
    for n in (1, 9, 64, 300):
        many = np.resize(values, n)
        mixed = np.asarray(getattr(lz.random.default_rng(8), name)(*before, many, *after))
        for value in values:
            alone = np.asarray(getattr(lz.random.default_rng(8), name)(*before, value, *after, size=n))
            same(mixed[many == value], alone[many == value])


def test_draws_fuse_with_what_uses_them():
    rng = lz.random.default_rng(1)
    x = lz.asarray(np.linspace(0.1, 5, 5000))
    assert "1 pass; " in lz.explain((rng.poisson(x) * 2.0 + x).sum())
    assert "1 pass; " in lz.explain(rng.binomial(10, 0.3, 5000) + 1)


WRONG = {
    "standard_gamma": [(-1,), ([1, -1],)],
    "gamma": [(-1, 1), (1, -1)],
    "beta": [(0, 1), (1, -1)],
    "chisquare": [(0,), (-1,)],
    "f": [(0, 1), (1, 0)],
    "noncentral_chisquare": [(0, 1), (1, -1)],
    "noncentral_f": [(0, 1, 1), (1, 0, 1), (1, 1, -1)],
    "standard_t": [(0,)],
    "laplace": [(0, -1)],
    "logistic": [(0, -1)],
    "gumbel": [(0, -1)],
    "lognormal": [(0, -1)],
    "rayleigh": [(-1,)],
    "weibull": [(-1,)],
    "pareto": [(0,), (-1,)],
    "power": [(0,)],
    "triangular": [(1, 0, 2), (0, 3, 2), (0, 0, 0), ([0, 1], [0, 0], [1, 1])],
    "vonmises": [(0, -1)],
    "wald": [(0, 1), (1, 0)],
    "poisson": [(-1,), (np.nan,), (1e20,), ([1, -1],)],
    "binomial": [(-1, 0.5), (1, -0.1), (1, 1.1), (1, np.nan), (2**63, 0.5), (3, [0.5, 2])],
    "negative_binomial": [(0, 0.5), (1, 0), (1, 1.1), (1, np.nan), (1e300, 0.5)],
    "geometric": [(0,), (1.1,), (np.nan,)],
    "zipf": [(1,), (np.nan,), ([2, 1],)],
    "logseries": [(1,), (-0.1,), (np.nan,), ([0.5, 2],)],
    "hypergeometric": [
        (-1, 2, 1),
        (-1, 2, 3),
        (5, -2, 3),
        (1, 2, -3),
        (1, 2, 4),
        (10**9, 2, -1),
        (2, 10**9, 3),
        (2, 3, 10**19),
        (np.nan, 2, 2),
        ([-1], 2, 1),
        ([5], -2, 3),
        ([1], 2, [-3]),
        ([1, 5], 2, 4),
        ([10**9], 2, 1),
        ([np.nan], 2, 2),
        ([2**63], 2, 2),
        (np.array([2.5]), 2, 1),
        (np.array([2, 3], "u8"), 2, 1),
        (None, 1, 1),
    ],
    "multivariate_hypergeometric": [
        ([1, 2], 4),
        ([1, -2], 1),
        ([1, 2], -1),
        ([1, 2], 1.5),
        ([1, 2], 2**70),
        ([[1, 2]], 1),
        ([1.5, 2], 1),
        ([True, True], 1),
        ([[1, 2], [3]], 1),
        (3, 1),
        ([1, 2], 1, None, "x"),
        ([10**9, 2], 1),
        ([2**62, 2**62], 1),
        ([2**61, 2**60], 1, None, "count"),
        ([], 1),
    ],
    "multinomial": [(-1, [0.5, 0.5]), (1, [0.6, 0.6, 0.1]), (1, [-0.1, 0.5]), (1, [])],
    "dirichlet": [([-1, 1],)],
    "integers": [
        (5, 5),
        (5, 3),
        (0,),
        (0, 300, None, "u1"),
        (-1, 5, None, "u1"),
        (0, 5, None, "f8"),
        ([1, 5], [3, 2]),
        (5, 4, None, "i8", True),
    ],
    "choice": [
        (0,),
        (-1,),
        ([],),
        (3.0,),
        (5, 6, False),
        (3, 2, True, [0.5, 0.5]),
        (3, 2, True, [0.5, 0.5, 0.5]),
        (3, 2, True, [-0.5, 0.5, 1]),
        (3, 4, False, [0.5, 0.5, 0]),
        (3, 3, False, [0.5, 0.5, 0]),
    ],
    "multivariate_normal": [([0], [[1, 0], [0, 1]]), ([[0]], [[1]]), ([0], [1])],
}


@pytest.mark.parametrize("name, args", [(n, a) for n, cases in WRONG.items() for a in cases])
def test_numpys_errors_on_the_line(name, args):
    with pytest.raises(Exception) as want:
        getattr(np.random.default_rng(1), name)(*args)
    with pytest.raises(want.type) as got:
        getattr(lz.random.default_rng(1), name)(*args)
    assert str(got.value) == str(want.value)


def test_shapes_that_do_not_broadcast():
    for g in (np.random.default_rng(1), lz.random.default_rng(1)):
        with pytest.raises(ValueError):
            g.gamma(np.ones(3), np.ones(4))
        with pytest.raises(ValueError):
            g.poisson(np.ones(3), size=4)


def test_subnormal_shapes_end():
    for shape in (5e-324, 1e-310):
        x = np.asarray(lz.random.default_rng(1).beta(shape, [shape, 1e-300, 0.5, 2], size=(100, 4)))
        assert np.all((x >= 0) & (x <= 1))
        assert np.all(np.asarray(lz.random.default_rng(1).standard_gamma(shape, size=100)) == 0)


def test_edges():
    rng = lz.random.default_rng(2)
    assert np.isnan(float(rng.standard_gamma(np.nan)))
    same(rng.standard_gamma(0, 5), np.zeros(5))
    same(rng.weibull(0, 5), np.zeros(5))
    same(rng.poisson(0, 5), np.zeros(5, int))
    same(rng.binomial(7, 1, 5), np.full(5, 7))
    same(rng.binomial(0, 0.5, 5), np.zeros(5, int))
    assert rng.gamma(2, size=0).shape == (0,) and rng.poisson(2, size=(3, 0)).shape == (3, 0)
    x = np.asarray(rng.beta(1e-3, 1e-3, 2000))
    assert not np.isnan(x).any() and 0.4 < x.mean() < 0.6
    assert np.isfinite(np.asarray(rng.gumbel(size=10**6))).all()
    angles = np.asarray(rng.vonmises(3, 0.01, 10_000))
    assert np.abs(angles).max() <= np.pi


@pytest.mark.parametrize("dtype", ["bool", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"])
def test_integers_of_every_dtype(dtype):
    dtype = np.dtype(dtype)
    least, most = (0, 1) if dtype.kind == "b" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
    draw = lz.random.default_rng(1).integers(least, most, 10_000, dtype, endpoint=True)
    assert draw.dtype == dtype
    values = np.asarray(draw).astype(np.float64)
    middle, spread = (least + most) / 2, (most - least) / 2
    assert values.min() < middle - 0.9 * spread and values.max() > middle + 0.9 * spread
    assert abs(values.mean() - middle) < 5 * spread / np.sqrt(3 * 10_000)
    few = np.asarray(lz.random.default_rng(1).integers(0, 2, 1000, dtype))
    assert set(np.unique(few).tolist()) == {0, 1}


def test_integers_with_arrays_of_bounds():
    rng = lz.random.default_rng(1)
    low, high = np.array([0, -5, 2**62]), np.array([[3], [2**62 + 2]])
    with pytest.raises(ValueError, match="low >= high"):
        rng.integers(low, high)
    draw = np.asarray(rng.integers(low[:2], high, size=(1000, 2, 2)))
    assert (draw >= low[:2]).all() and (draw < high).all()
    same(np.unique(np.asarray(rng.integers([0, 10], [2, 12], size=(500, 2)))), np.array([0, 1, 10, 11]))


def test_multinomial_and_dirichlet():
    rng = lz.random.default_rng(4)
    p = np.array([0.2, 0.3, 0.5])
    x = np.asarray(rng.multinomial(20, p, size=N))
    assert x.shape == (N, 3) and x.dtype == np.int64 and (x.sum(axis=1) == 20).all() and (x >= 0).all()
    np.testing.assert_allclose(x.mean(axis=0), 20 * p, atol=0.06)
    np.testing.assert_allclose(np.cov(x.T), 20 * (np.diag(p) - np.outer(p, p)), atol=0.12)
    assert rng.multinomial([3, 4], p).shape == (2, 3) and rng.multinomial(5, [1.0]).tolist() == [5]
    alpha = np.array([0.1, 0.2, 3])
    y = np.asarray(rng.dirichlet(alpha, N))
    np.testing.assert_allclose(y.sum(axis=1), 1)
    np.testing.assert_allclose(y.mean(axis=0), alpha / alpha.sum(), atol=0.005)


def test_hypergeometric_of_many():
    law = stats.hypergeom(2 * 10**9 - 2, 10**9 - 1, 10**9)
    x = np.asarray(lz.random.default_rng(7).hypergeometric(10**9 - 1, 10**9 - 1, 10**9, N))
    assert stats.kstest((x - law.mean()) / law.std(), "norm").pvalue > LEAST_P
    x = np.asarray(lz.random.default_rng(8).hypergeometric(10**9 - 1, 5, 10**9 - 4, N))
    assert set(np.unique(x)) <= set(range(10**9 - 9, 10**9))


@pytest.mark.parametrize("method", ["count", "marginals"])
def test_multivariate_hypergeometric(method):
    rng = lz.random.default_rng(4)
    colors, sample = np.array([30, 50, 0, 20]), 40
    x = np.asarray(rng.multivariate_hypergeometric(colors, sample, size=N, method=method))
    assert x.shape == (N, 4) and x.dtype == np.int64
    assert (x.sum(axis=1) == sample).all() and (x >= 0).all() and (x <= colors).all()
    p = colors / 100
    np.testing.assert_allclose(x.mean(axis=0), sample * p, atol=0.06)
    cov = sample * (np.diag(p) - np.outer(p, p)) * 60 / 99
    np.testing.assert_allclose(np.cov(x.T), cov, atol=0.12)
    whole = np.asarray(lz.random.default_rng(3).multivariate_hypergeometric(colors, sample, 20, method))
    g = lz.random.default_rng(3)
    parts = [np.asarray(g.multivariate_hypergeometric(colors, sample, n, method)) for n in (1, 7, 12)]
    same(np.concatenate(parts), whole)
    same(lz.random.default_rng(3).multivariate_hypergeometric(colors, sample, 20, method)[3:9:2, 1], whole[3:9:2, 1])
    assert rng.multivariate_hypergeometric(colors, 7, method=method).shape == (4,)
    assert rng.multivariate_hypergeometric([5], 3, (2, 2), method).tolist() == [[[3]] * 2] * 2
    assert rng.multivariate_hypergeometric([], 0, 3, method).shape == (3, 0)
    with pytest.raises(ValueError, match="negative dimensions"):
        rng.multivariate_hypergeometric(colors, 7, -1, method)


@pytest.mark.parametrize("method", ["svd", "eigh", "cholesky"])
def test_multivariate_normal(method):
    cov = np.array([[2, 0.5], [0.5, 1]])
    x = np.asarray(lz.random.default_rng(1).multivariate_normal([1, -2], cov, N, method=method))
    np.testing.assert_allclose(x.mean(axis=0), [1, -2], atol=0.03)
    np.testing.assert_allclose(np.cov(x.T), cov, atol=0.05)
    with pytest.warns(RuntimeWarning):
        lz.random.default_rng(1).multivariate_normal([0, 0], [[1, 2], [2, 1]])


def test_choices_and_orders():
    rng = lz.random.default_rng(9)
    assert int(rng.choice(5)) in range(5)
    x = np.asarray(rng.choice([10, 20, 30], 9000, p=[0.1, 0.2, 0.7]))
    np.testing.assert_allclose([(x == v).mean() for v in (10, 20, 30)], [0.1, 0.2, 0.7], atol=0.02)
    assert sorted(rng.choice(6, 6, replace=False).tolist()) == list(range(6))
    assert sorted(rng.choice(4, 2, replace=False, p=[0.5, 0, 0, 0.5]).tolist()) == [0, 3]
    assert rng.choice(np.eye(4), 2, axis=1).shape == (4, 2)
    assert sorted(rng.permutation(7).tolist()) == list(range(7))
    rows = np.arange(12).reshape(4, 3)
    assert sorted(map(tuple, rng.permutation(rows).tolist())) == sorted(map(tuple, rows.tolist()))
    mixed = np.asarray(rng.permuted(rows, axis=1))
    same(np.sort(mixed, axis=1), rows)
    for a in (np.arange(9), lz.arange(9), list(range(9))):
        rng.shuffle(a)
        assert sorted(np.asarray(a).tolist()) == list(range(9)) and np.asarray(a).tolist() != list(range(9))
    first = np.array([np.asarray(lz.random.default_rng(s).permutation(4))[0] for s in range(400)])
    assert np.bincount(first).min() > 60
    assert len(rng.bytes(11)) == 11 and rng.bytes(0) == b""
