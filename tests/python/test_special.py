"""lz.special against SciPy (special values, dtypes) and mpmath (digits); C++ tests hold the bounds of the rows."""

import mpmath
import numpy as np
import pytest
import scipy.special

from oracle import DTYPES, FLOATS, LENGTHS, layouts, lz, quiet, same, values

ALL_ROWS = [name for name in lz.special.__all__ if isinstance(getattr(lz.special, name), type(lz.exp))]
ROWS = [name for name in ALL_ROWS if getattr(lz.special, name).nin == 1]
SEVERAL = [name for name in ALL_ROWS if name not in ROWS]
COMPOSITES = {"entr": 1, "softplus": 1, "xlogy": 2, "xlog1py": 2, "rel_entr": 2, "kl_div": 2}

GAMMAS = ["digamma", "gamma", "gammaln", "psi", "rgamma"]
BESSELS = ["j0", "j1", "y0", "y1"]  # ours and SciPy's errors are relative to the amplitude
MODIFIED_BESSELS = ["i0", "i0e", "i1", "i1e"]

#: SciPy's own errors, in units in the last place, where this file met more than 4 (it computes float32 in double).
SCIPYS_ERROR = {"erfc": 1e4, "erfcx": 1e3, "ndtr": 1e4, "log_ndtr": 1e5, "erfinv": 16, "erfcinv": 64, "ndtri": 64}
SCIPYS_ERROR |= dict.fromkeys(GAMMAS, 1e4)  # gammaln and digamma near their zeros
SCIPYS_ERROR |= dict.fromkeys(BESSELS, 128)  # of 0.1
SCIPYS_ERROR |= dict.fromkeys(MODIFIED_BESSELS, 16)


def arguments(name, dtype, n, seed=0):
    """Arguments of which a good part lies in the domain."""
    a = values(dtype, n, seed)
    if dtype.kind == "f" and name in ("erfinv", "ndtri", "erfcinv", "logit"):
        k = np.random.default_rng(n).random(n) < 0.7
        a[k] = np.random.default_rng(n + 1).random(n).astype(dtype)[k]
        a[np.abs(a) < np.finfo(dtype).tiny] = 0  # SciPy's erfcinv takes subnormal numbers for 0
    if name in GAMMAS and dtype.kind in "if":  # near poles, zeros and the ends of the range SciPy's lose their digits
        a = np.abs(a)
        a[(a < 1e-300) | (a > 160) & np.isfinite(a)] = 3
    if name in BESSELS and dtype.kind in "iuf":  # far away SciPy's lose their digits
        a[~((a > -100) & (a < 100)) & np.isfinite(a)] = 3
    if name == "y1" and dtype.kind == "f":  # SciPy's is infinite where it is not yet
        a[np.abs(a) < np.finfo(dtype).tiny] = 0
    return a


def reference(name, *args):
    """SciPy's function of float64 or float32, whatever the integers: their loop changes with SciPy's version."""
    with quiet():
        return getattr(scipy.special, name)(*(a if a.dtype.kind == "f" else a.astype("d") for a in args))


@pytest.mark.parametrize("name", ROWS)
def test_rows_as_scipy(name):
    function = getattr(lz.special, name)
    for dtype in DTYPES:
        for n in LENGTHS[:-2] if dtype.kind == "f" else (9, 65):
            a = arguments(name, dtype, n)
            for layout, view in layouts(a) if n < 300 else [("contiguous", lambda x: x)]:
                want = reference(name, view(a))
                got = np.asarray(function(view(lz.asarray(a))))
                # Below the normal numbers, and beyond them, SciPy rounds to zero or infinity at other arguments.
                tiny = np.abs(want) < 1e3 * np.finfo(want.dtype).tiny
                assert (np.abs(got[tiny]) <= 1e3 * np.finfo(want.dtype).tiny * 1.001).all()
                least = 0.1 if name in BESSELS else 0
                same(got[~tiny], want[~tiny], SCIPYS_ERROR.get(name, 4), f"{name} {dtype} {n} {layout}", least)


EXACT = {
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "erfcx": lambda x: mpmath.exp(x * x) * mpmath.erfc(x),
    "ndtr": lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "log_ndtr": lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2),
    "expit": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log_expit": lambda x: -mpmath.log1p(mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "exprel": lambda x: mpmath.expm1(x) / x,
    "gammaln": lambda x: mpmath.log(abs(mpmath.gamma(x))),
    "loggamma": lambda x: mpmath.log(abs(mpmath.gamma(x))),
    "gamma": mpmath.gamma,
    "rgamma": mpmath.rgamma,
    "digamma": mpmath.digamma,
    "i0": lambda x: mpmath.besseli(0, x),
    "i0e": lambda x: mpmath.besseli(0, x) * mpmath.exp(-abs(x)),
    "i1": lambda x: mpmath.besseli(1, x),
    "i1e": lambda x: mpmath.besseli(1, x) * mpmath.exp(-abs(x)),
    "j0": lambda x: mpmath.besselj(0, x),
    "j1": lambda x: mpmath.besselj(1, x),
    "y0": lambda x: mpmath.bessely(0, x),
    "y1": lambda x: mpmath.bessely(1, x),
}
POSITIVE = {"gammaln", "loggamma", "digamma", "y0", "y1"}  # elsewhere NaN, or the bound is absolute: math_test.cpp


def place(name, x, value):
    """The unit in the last place that the bound of `name` counts: near zeros that of a quarter of the amplitude."""
    size = abs(value)
    if name in BESSELS and abs(x) >= 0.5:
        size = max(size, type(size)(np.sqrt(2 / (np.pi * abs(float(x)))) / 4))
    return float(np.spacing(size))


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_digits(name, dtype):
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.uniform(-5, 5, 150), rng.standard_normal(50) * 1e-3]).astype(dtype)
    if name in POSITIVE:
        x = np.abs(x) * 4
    with mpmath.workdps(60):
        exact = [EXACT[name](mpmath.mpf(float(v))) for v in x]
        got = np.asarray(getattr(lz.special, name)(lz.asarray(x)))
        assert got.dtype == dtype
        error = [abs(mpmath.mpf(float(g)) - e) / place(name, v, g) for v, g, e in zip(x, got, exact, strict=True)]
    assert max(error) <= getattr(getattr(lz.special, name), "ulp", 4), (name, float(max(error)))


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize(("name", "there"), [("erfinv", "erf"), ("erfcinv", "erfc"), ("ndtri", "ndtr")])
def test_inverses(name, there, dtype):
    """The exact function of neighbours of an inverse lies on both sides of the argument."""
    p = np.concatenate([np.random.default_rng(5).random(100), [1e-30, 1e-10, 0.5, 1 - 2**-20]]).astype(dtype)
    x = np.asarray(getattr(lz.special, name)(lz.asarray(p)))
    step = 4 * np.spacing(np.abs(x)) + np.finfo(dtype).tiny
    with mpmath.workdps(60):
        for v, d, q in zip(x.astype("d"), step.astype("d"), p.astype("d"), strict=True):
            below, above = EXACT[there](mpmath.mpf(v) - d), EXACT[there](mpmath.mpf(v) + d)
            assert min(below, above) <= q <= max(below, above), (name, q, v)


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites_as_scipy(name):
    arity = COMPOSITES[name]
    edge = [0, -0.0, 1, -1, 0.5, 2, np.inf, -np.inf, np.nan, 1e300, 1e-300, 5e-324, 3.7, 1 + 2**-40]
    for dtype in FLOATS:
        with quiet():
            edges = np.array(edge).astype(dtype)
        args = (edges,) if arity == 1 else (edges[:, None], edges)
        want = reference(name, *args)
        got = getattr(lz.special, name)(*map(lz.asarray, args))
        # Where x / y overflows or vanishes, SciPy's kl_div is infinite; near 0 its terms cancel.
        a = np.broadcast_arrays(*args)
        with quiet():
            usual = (np.abs(a[0] / a[-1]) < 1e30) & (np.abs(a[-1] / a[0]) < 1e30) | (want == np.inf) & (a[-1] <= 0)
        got = np.asarray(got)
        assert got.dtype == want.dtype == dtype
        k = usual | ~np.isfinite(a[0]) | ~np.isfinite(a[-1]) | (a[0] <= 0) if arity == 2 else np.ones(want.shape, bool)
        same(got[k], want[k], 8, name, least=1)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_ratios_near_one_keep_their_digits(dtype):
    rng = np.random.default_rng(9)
    y = rng.uniform(0.1, 10, 400).astype(dtype)
    x = (y * (1 + 2.0 ** -rng.uniform(-3, 24, 400) * rng.choice([-1, 1], 400))).astype(dtype)
    x = np.where((x > 0) & (x != y), x, np.nextafter(y, dtype.type(20)))
    relative, divergence = (f(lz.asarray(x), lz.asarray(y)) for f in (lz.special.rel_entr, lz.special.kl_div))
    with mpmath.workdps(60):
        for r, k, a, b in zip(np.asarray(relative), np.asarray(divergence), x, y, strict=True):
            a, b = mpmath.mpf(float(a)), mpmath.mpf(float(b))
            exact = a * mpmath.log(a / b)
            assert abs(float(r) - exact) < 4 * np.finfo(dtype).eps * abs(exact), (a, b)
            assert abs(float(k) - (exact - a + b)) < 10 * np.finfo(dtype).eps * (exact - a + b), (a, b)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("name", SEVERAL)
def test_rows_of_several_arguments_as_scipy(name, dtype):
    """Edges, and arguments where SciPy has most of its digits, broadcast; C++ tests hold the digits."""
    function, n = getattr(lz.special, name), getattr(lz.special, name).nin
    edges = np.array([0, 0.5, 1, 2, 3.5, 7, 30, 1e-10, -0.5, -1, -2, -2.5, np.inf, -np.inf, np.nan], dtype)
    rng = np.random.default_rng(4)
    inside = [rng.uniform(0.1, 20, 300).astype(dtype) for _ in range(n)]
    if name == "betaincinv":  # at infinity SciPy's is sometimes NaN
        edges = edges[~np.isinf(edges)]
    if name in ("gammaincinv", "betainc", "betaincinv"):
        inside[-1] = rng.uniform(0.01, 0.99, 300).astype(dtype)
    for args in (np.ix_(*[edges] * n), inside, [inside[0][:, None], *[a[:40] for a in inside[1:]]]):
        want = reference(name, *args)
        got = np.asarray(function(*map(lz.asarray, args)))
        assert got.dtype == want.dtype == dtype and got.shape == want.shape
        np.testing.assert_allclose(got, want, 1e-10 if dtype == np.float64 else 2e-6, 1e-300, err_msg=name)


def test_several_arguments_of_other_kinds():
    x = np.linspace(0.1, 0.9, 300)
    lazy, i = lz.asarray(x), np.arange(1, 301)
    np.testing.assert_allclose(lz.special.betainc(2, 3.5, lazy), scipy.special.betainc(2, 3.5, x), 1e-13)
    np.testing.assert_allclose(lz.special.betainc(lz.asarray(i), 2.0, 0.5), scipy.special.betainc(i, 2.0, 0.5), 1e-12)
    np.testing.assert_allclose(lz.special.gammainc(lz.asarray(i), i * 1.1), scipy.special.gammainc(i, i * 1.1), 1e-12)
    assert lz.special.betainc(lz.asarray(x.astype("f")), 2, 3).dtype == np.float32
    assert lz.special.beta(lz.asarray(i), lz.asarray(i)).dtype == np.float64
    assert float(lz.special.betainc(1, 1, 0.25)) == 0.25
    for name in SEVERAL:  # one pass with their neighbours, and the same bits at once, and of one element
        row = getattr(lz.special, name)
        args = [lazy] * row.nin
        assert "1 pass" in str(lz.explain(row(*args) * 2 + lazy))
        same(np.asarray(row(*[lz.asarray(x[7:8])] * row.nin)), np.asarray(row(*args))[7:8], 0, name)
    with pytest.raises(TypeError):
        lz.special.betainc(lazy, lazy)
    with pytest.raises(ValueError, match="broadcast"):
        lz.special.betainc(lazy, lazy, lz.asarray(x[:7]))


CORNERS = [
    ("betainc", (2.6e-5, 53236, 2.8e-9)),
    ("betainc", (1e-10, 1e8, 1e-9)),
    ("betainc", (1e8, 1e-10, 1 - 1e-8)),
    ("betainc", (400.0, 500.0, 0.4444)),
    ("betainc", (5.0, 1e-5, 0.75)),
    ("gammaincc", (1e-10, 1e-5)),
    ("gammaincc", (0.01, 0.64)),
    ("gammaincc", (30.0, 200.0)),
    ("gammainc", (5000.0, 4000.0)),
    ("gammainc", (1e-3, 1e-300)),
]


@pytest.mark.parametrize(("name", "args"), CORNERS)
def test_corners(name, args):
    with mpmath.workdps(60):
        exact = [mpmath.mpf(a) for a in args]
        if name == "betainc":
            a, b, x = exact
            power = x**a * (1 - x) ** b / (a * mpmath.beta(a, b))
            want = power * mpmath.hyp2f1(a + b, 1, a + 1, x)
        else:
            ends = (0, exact[1]) if name == "gammainc" else (exact[1], mpmath.inf)
            want = mpmath.gammainc(exact[0], *ends, regularized=True)
        got = float(getattr(lz.special, name)(*args))
        assert abs(got - want) < 30 * np.spacing(float(want)), (name, args)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_betaincinv_inverts_and_does_not_fall(dtype):
    p = np.linspace(0.001, 0.999, 999).astype(dtype)
    for a, b in ((0.05, 0.7), (0.7, 0.3), (1, 5), (3.3, 2), (40, 90), (2e4, 1e3)):
        x = np.asarray(lz.special.betaincinv(dtype.type(a), dtype.type(b), lz.asarray(p)))
        assert (np.diff(x) >= 0).all() and x.min() >= 0 and x.max() <= 1
        back = np.asarray(lz.special.betainc(dtype.type(a), dtype.type(b), lz.asarray(x)))
        inner = (x > 1e-3) & (x < 0.99)
        np.testing.assert_allclose(back[inner], p[inner], 1e-11 if dtype == np.float64 else 1e-3)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_gammaincinv_inverts_and_does_not_fall(dtype):
    p = np.linspace(0.001, 0.999, 999).astype(dtype)
    for a in (0.05 if dtype == np.float64 else 0.5, 0.7, 1, 3.3, 40, 2e4):
        x = np.asarray(lz.special.gammaincinv(dtype.type(a), lz.asarray(p)))
        assert (np.diff(x) > 0).all()
        back = np.asarray(lz.special.gammainc(a, lz.asarray(x.astype("d"))))
        np.testing.assert_allclose(back, p, 1e-12 if dtype == np.float64 else 4e-5)


@pytest.mark.parametrize("name", [*ALL_ROWS, *COMPOSITES])
def test_scipys_ufunc_stays_lazy(name):
    ufunc = getattr(scipy.special, name)
    if not isinstance(ufunc, np.ufunc):
        pytest.skip("no ufunc in SciPy")
    a = np.random.default_rng(0).random(600) * 0.9 + 0.05
    x = lz.asarray(a)
    got = ufunc(*[x] * ufunc.nin)
    assert isinstance(got, lz.Array) and not got.is_computed
    same(got, ufunc(*[a] * ufunc.nin), 128, name, least=0.01)
    out = lz.zeros(600)
    assert getattr(lz.special, name)(*[x] * ufunc.nin, out=out) is out
    same(out, got)


def test_they_fuse():
    x = lz.asarray(np.linspace(-3, 3, 100_000))
    y = lz.special.expit(x) * lz.special.ndtr(x) + lz.special.xlogy(lz.special.erfc(x), x)
    assert "1 pass" in str(lz.explain(y.sum()))


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1), -1])
def test_sums_of_exponentials(axis, dtype):
    rng = np.random.default_rng(2)
    a = (rng.standard_normal((20, 31)) * 50).astype(dtype)
    a[3] = -np.inf
    a[4, 5], a[6, 7] = np.inf, np.nan
    b = rng.standard_normal((20, 31)).astype(dtype)
    finite = np.where(np.isfinite(a), a, 0)
    with quiet():
        for keepdims in (False, True):
            want = scipy.special.logsumexp(a, axis=axis, keepdims=keepdims)
            np.testing.assert_allclose(lz.special.logsumexp(lz.asarray(a), axis=axis, keepdims=keepdims), want, 1e-5)
        log, sign = lz.special.logsumexp(lz.asarray(finite), axis=axis, b=lz.asarray(b), return_sign=True)
        want, its_sign = scipy.special.logsumexp(finite, axis=axis, b=b, return_sign=True)
        np.testing.assert_allclose(log, want, 1e-5)
        np.testing.assert_array_equal(sign, its_sign)
        assert np.asarray(log).dtype == dtype
        for name in ("softmax", "log_softmax"):
            got = getattr(lz.special, name)(lz.asarray(finite), axis=axis)
            want = getattr(scipy.special, name)(finite, axis=axis)
            np.testing.assert_allclose(got, want, 2e-5, 5e-7)
            assert got.dtype == want.dtype


def test_scalars_and_lists():
    assert float(lz.special.erf(0.5)) == pytest.approx(scipy.special.erf(0.5), rel=1e-15)
    assert float(lz.special.xlogy(0, 0)) == 0
    np.testing.assert_allclose(lz.special.kl_div([1, 2], [3, 4]), scipy.special.kl_div([1, 2], [3, 4]), 1e-14)
    assert lz.special.erfc(lz.asarray([1, 2])).dtype == np.float64
    assert lz.special.entr(lz.asarray(np.float32([0.5]))).dtype == np.float32


def test_wrong_arguments():
    x = lz.asarray([1.0, 2.0])
    with pytest.raises(TypeError, match="xlogy"):
        lz.special.xlogy(x)
    with pytest.raises(TypeError):
        lz.special.erfc(x, x, x)
    with pytest.raises(TypeError):
        lz.special.ndtr("a")
    with pytest.raises(ValueError, match="broadcast"):
        lz.special.rel_entr(x, lz.asarray([1.0, 2.0, 3.0]))
    with pytest.raises(np.exceptions.AxisError):
        lz.special.logsumexp(x, axis=1)
