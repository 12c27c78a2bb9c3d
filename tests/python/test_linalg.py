"""lz.linalg against numpy.linalg: values, shapes, dtypes, batches, layouts, errors, threads, interruption."""

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle import SANITIZED, lz

LA = np.linalg
SQUARE = [(0, 0), (1, 1), (2, 2), (3, 3), (7, 7), (33, 33), (90, 90), (4, 3, 3), (2, 3, 5, 5), (0, 3, 3), (2, 0, 0)]
OTHER = [(1, 3), (3, 1), (2, 5), (5, 2), (40, 17), (17, 40), (3, 4, 2), (2, 2, 3, 5), (0, 3), (3, 0), (2, 0, 3)]
DTYPES = ["d", "f", "i", "?", "B"]


def matrices(shape, dtype="d", seed=0):
    a = np.random.default_rng([seed, *shape]).standard_normal(shape)
    if len(shape) > 1 and shape[-1] == shape[-2]:
        a += 3 * np.eye(shape[-1])
    return (a * 4).astype(dtype) if np.dtype(dtype).kind in "iu" else a.astype(dtype)


def positive(shape, dtype="d"):
    a = matrices(shape)
    return (a @ a.swapaxes(-1, -2) + np.eye(shape[-1])).astype(dtype)


def close(got, want, scale=1.0):
    """Equal shapes and dtypes, values within some roundings of the largest."""
    assert isinstance(got, lz.Array), type(got)
    assert got.is_scalar == (not isinstance(want, np.ndarray))
    got = np.asarray(got)
    assert got.dtype == want.dtype
    assert got.shape == np.shape(want)
    if got.size:
        size = max(np.abs(want[np.isfinite(want)]).max(initial=0), scale)
        np.testing.assert_allclose(got, want, rtol=0, atol=2000 * np.finfo(want.dtype).eps * size)


def layouts(a):
    yield a
    yield np.ascontiguousarray(a.swapaxes(-1, -2)).swapaxes(-1, -2)
    wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1] + 1), a.dtype)
    wide[..., 1::2] = a
    yield wide[..., 1::2]


# --- Equations -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [LA.inv, LA.det], ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", SQUARE, ids=str)
def test_inv_and_det(function, shape):
    for dtype in DTYPES:
        a = matrices(shape, dtype) if dtype != "?" else np.broadcast_to(np.eye(shape[-1], dtype="?"), shape)
        if dtype in "iB":
            a = a + 20 * np.eye(shape[-1], dtype=dtype)
        for layout in layouts(a):
            want = function(layout)
            close(function(lz.asarray(layout)), want, np.abs(want).max(initial=0))


@pytest.mark.parametrize("shape", SQUARE, ids=str)
def test_slogdet(shape):
    for dtype in "df":
        a = matrices(shape, dtype)
        got, want = LA.slogdet(lz.asarray(a)), LA.slogdet(a)
        close(got.sign, want.sign)
        close(got.logabsdet, want.logabsdet)
    large = np.eye(400) * 1e3
    assert float(lz.linalg.det(lz.asarray(large))) == np.inf
    np.testing.assert_allclose(float(lz.linalg.slogdet(lz.asarray(large))[1]), 400 * np.log(1e3))
    assert float(lz.linalg.det(lz.asarray(np.diag([1e200, 1e200, 1e-200, 1e-200])))) == pytest.approx(1)


def test_singular_matrices_have_determinant_zero():
    for a in (np.zeros((3, 3)), np.ones((3, 3)), np.array([[1.0, 2], [2, 4]])):
        x = lz.asarray(a)
        assert float(LA.det(x)) == 0
        assert tuple(map(float, LA.slogdet(x))) == (0, -np.inf)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3, 3), (3,)),
        ((3, 3), (3, 4)),
        ((3, 3), (3, 0)),
        ((0, 0), (0, 2)),
        ((70, 70), (70, 3)),
        ((5, 3, 3), (3,)),
        ((5, 3, 3), (5, 3, 2)),
        ((5, 3, 3), (3, 2)),
        ((3, 3), (5, 3, 2)),
        ((2, 1, 3, 3), (4, 3, 2)),
    ],
    ids=str,
)
def test_solve(left, right):
    for dtypes in ("dd", "ff", "fd", "id", "fi"):
        a, b = matrices(left, dtypes[0]), matrices(right, dtypes[1], 1)
        if dtypes[0] == "i":
            a = a + 20 * np.eye(left[-1], dtype="i")
        for layout in layouts(a):
            close(LA.solve(lz.asarray(layout), lz.asarray(b)), LA.solve(a, b))


@given(st.data())
def test_random_systems(data):
    n, m = data.draw(st.integers(1, 24)), data.draw(st.integers(1, 5))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    a, x = rng.standard_normal((n, n)) + n * np.eye(n), rng.standard_normal((n, m))
    np.testing.assert_allclose(np.asarray(lz.linalg.solve(lz.asarray(a), lz.asarray(a @ x))), x, atol=1e-10)


@pytest.mark.parametrize("rows", [2, 3, 5, 40])
def test_lstsq(rows):
    for right in ((rows,), (rows, 4)):
        a, b = matrices((rows, 3)), matrices(right, "d", 1)
        got, want = lz.linalg.lstsq(lz.asarray(a), lz.asarray(b)), LA.lstsq(a, b)
        for g, w in zip(got, want, strict=True):
            if isinstance(w, np.ndarray):
                close(g, w)
            else:
                assert g == w and g.dtype == w.dtype
    for first, second in itertools.product("fdB", repeat=2):
        a, b = np.eye(5)[:, :3].astype(first), np.arange(5).astype(second)
        got, want = lz.linalg.lstsq(lz.asarray(a), lz.asarray(b)), LA.lstsq(a, b)
        assert [np.asarray(g).dtype for g in got] == [np.asarray(w).dtype for w in want]
    a = np.ones((5, 3))
    got, want = lz.linalg.lstsq(lz.asarray(a), lz.asarray(b := np.arange(5.0))), LA.lstsq(a, b)
    close(got[0], want[0])
    assert got[1].shape == want[1].shape == (0,)
    assert got[2] == want[2] == 1


# --- Decompositions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SQUARE, ids=str)
def test_cholesky(shape):
    for dtype in "df":
        a = positive(shape, dtype)
        for layout in layouts(a):
            close(LA.cholesky(lz.asarray(layout)), LA.cholesky(layout))
            close(LA.cholesky(lz.asarray(layout), upper=True), LA.cholesky(layout, upper=True))
        other = a + np.triu(np.ones(shape, dtype), 1)  # only the lower triangle counts
        close(LA.cholesky(lz.asarray(other)), LA.cholesky(a))


@pytest.mark.parametrize("shape", SQUARE + OTHER, ids=str)
@pytest.mark.parametrize("mode", ["reduced", "complete", "r", "raw"])
def test_qr(shape, mode):
    for dtype in "df":
        a = matrices(shape, dtype)
        for layout in layouts(a):
            got, want = LA.qr(lz.asarray(layout), mode), LA.qr(layout, mode)
            if mode == "r":
                close(got, want)
                continue
            for g, w in zip(got, want, strict=True):
                close(g, w)
            if mode != "raw":
                assert type(got).__name__ == type(want).__name__ == "QRResult"
                close(got.Q @ got.R, np.asarray(a))


@pytest.mark.parametrize("shape", SQUARE + OTHER, ids=str)
@pytest.mark.parametrize("full", [True, False])
def test_svd(shape, full):
    for dtype in "df":
        a = matrices(shape, dtype)
        for layout in layouts(a):
            x = lz.asarray(layout)
            got, want = LA.svd(x, full_matrices=full), LA.svd(a, full_matrices=full)
            close(got.S, want.S)
            close(LA.svd(x, compute_uv=False), want.S)
            close(lz.linalg.svdvals(x), want.S)
            for g, w in ((got.U, want.U), (got.Vh, want.Vh)):
                assert g.shape == w.shape and g.dtype == w.dtype
            k = got.S.shape[-1]
            close(got.U[..., :k] * got.S[..., None, :] @ got.Vh[..., :k, :] if k else x * 0 + a, a)
            close(got.U.mT @ got.U, np.zeros_like(want.U.mT @ want.U) + np.eye(got.U.shape[-1], dtype=dtype))
            close(got.Vh @ got.Vh.mT, np.zeros_like(want.Vh @ want.Vh.mT) + np.eye(got.Vh.shape[-2], dtype=dtype))


@pytest.mark.parametrize("shape", SQUARE, ids=str)
@pytest.mark.parametrize("triangle", ["L", "U"])
def test_eigh(shape, triangle):
    for dtype in "df":
        a = matrices(shape, dtype)
        symmetric = np.tril(a) if triangle == "L" else np.triu(a)
        symmetric = symmetric + (symmetric - symmetric * np.eye(shape[-1], dtype=dtype)).swapaxes(-1, -2)
        for layout in layouts(a):
            x = lz.asarray(layout)
            got, want = LA.eigh(x, triangle), LA.eigh(layout, triangle)
            close(got.eigenvalues, want.eigenvalues)
            close(LA.eigvalsh(x, triangle), want.eigenvalues)
            close(got.eigenvectors @ (got.eigenvalues[..., None] * got.eigenvectors.mT), symmetric)


def test_special_matrices():
    for a in (
        np.zeros((4, 4)),
        np.eye(5),
        np.diag([3.0, -1, 2]),
        np.ones((6, 6)),
        np.full((3, 3), 1e-300),
        np.eye(3) * 1e300,
    ):
        x = lz.asarray(a)
        np.testing.assert_allclose(np.asarray(LA.svd(x, compute_uv=False)), LA.svd(a, compute_uv=False), atol=1e-13)
        np.testing.assert_allclose(np.asarray(LA.eigvalsh(x)), LA.eigvalsh(a), atol=1e-13)


def test_what_is_not_finite():
    nan, inf = np.full((3, 3), np.nan), np.array([[np.inf, 1.0], [1, 2]])
    for function in (LA.svd, LA.eigh):
        with pytest.raises(LA.LinAlgError, match="did not converge"):
            lz.compute(*function(lz.asarray(nan)))
        for part in function(lz.asarray(inf)):
            assert part.shape[-1] == 2
    assert np.isnan(np.asarray(LA.svd(lz.asarray(inf))[1])).all()
    with np.errstate(all="ignore"):
        for function in (LA.inv, LA.det, LA.cholesky):
            np.testing.assert_array_equal(np.isnan(np.asarray(function(lz.asarray(nan)))), np.isnan(function(nan)))


# --- Composites ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 3, 7, 10])
def test_matrix_power(n):
    for shape in ((3, 3), (2, 3, 3)):
        a = matrices(shape) / 4
        close(LA.matrix_power(lz.asarray(a), n), LA.matrix_power(a, n))
    i = matrices((3, 3), "i")
    if n >= 0:
        np.testing.assert_array_equal(np.asarray(LA.matrix_power(lz.asarray(i), n)), LA.matrix_power(i, n))


@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (3, 5), (2, 4, 3), (0, 3), (40, 20)], ids=str)
def test_pinv_rank_and_condition(shape):
    for dtype in "df":
        a = matrices(shape, dtype)
        x = lz.asarray(a)
        close(LA.pinv(x), LA.pinv(a))
        close(LA.pinv(x, rtol=None), LA.pinv(a, rtol=None))
        np.testing.assert_array_equal(np.asarray(LA.matrix_rank(x)), LA.matrix_rank(a))
        if 0 not in shape:
            for p in (None, 2, -2):
                close(LA.cond(x, p), LA.cond(a, p), 100)
    low = np.outer(np.arange(1, 5), np.arange(1, 4)) * 1.0
    close(LA.pinv(lz.asarray(low)), LA.pinv(low))
    assert int(LA.matrix_rank(lz.asarray(low))) == 1
    assert LA.matrix_rank(lz.asarray(np.ones(3))) == 1
    assert float(LA.cond(lz.asarray(np.zeros((2, 2))))) == np.inf


ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf, 0, 3, 0.5]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_norm(order):
    filled = [((5,), None), ((5,), 0), ((4, 3), None), ((4, 3), 1), ((4, 3), (1, 0)), ((2, 4, 3), (0, -1))]
    empty = [((0,), None), ((0, 0), None), ((0, 3), (0, 1)), ((3, 0), (0, 1)), ((0, 4, 4), (0, 1)), ((2, 0, 0), (1, 2))]
    for shape, axis in filled + empty:
        for dtype in "dfi":
            for keepdims in (False, True):
                a = matrices(shape, dtype)
                try:
                    want = LA.norm(a, order, axis, keepdims)
                except ValueError as e:
                    with pytest.raises(ValueError) as got:
                        LA.norm(lz.asarray(a), order, axis, keepdims)
                    assert str(got.value) == str(e)
                    continue
                close(LA.norm(lz.asarray(a), order, axis, keepdims), want)


def test_norms_of_the_array_api():
    a = matrices((2, 3, 4))
    x = lz.asarray(a)
    for keepdims in (False, True):
        for axis in (None, 0, -1, (0, 2)):
            for order in (1, 2, np.inf, 3):
                close(
                    LA.vector_norm(x, axis=axis, ord=order, keepdims=keepdims),
                    LA.vector_norm(a, axis=axis, ord=order, keepdims=keepdims),
                )
        for order in ("fro", "nuc", 1, 2):
            close(LA.matrix_norm(x, ord=order, keepdims=keepdims), LA.matrix_norm(a, ord=order, keepdims=keepdims))
    close(LA.multi_dot([x[0], x[1].T, x[0]]), LA.multi_dot([a[0], a[1].T, a[0]]))
    close(LA.multi_dot([x[0, 0], x[1].T, x[0], x[0, 1]]), LA.multi_dot([a[0, 0], a[1].T, a[0], a[0, 1]]))
    close(LA.outer(x[0, 0], x[0, 1]), LA.outer(a[0, 0], a[0, 1]))
    close(LA.matrix_transpose(x), LA.matrix_transpose(a))
    close(LA.diagonal(x, offset=1), LA.diagonal(a, offset=1))


def test_the_norm_of_a_vector_is_one_pass_and_a_root():
    with lz.options(eager_below=0):
        x = lz.asarray(matrices((5000,)))
        text = lz.explain(LA.norm(x * 2 - 1))
        assert "reads 40.0 kB, writes 8 B" in text and "reads 8 B, writes 8 B" in text and "\n2 passes" in text


# --- Laziness and errors ---------------------------------------------------------------------------------------------


def test_results_are_lazy_and_share_one_decomposition():
    with lz.options(eager_below=0):
        x = lz.asarray(positive((60, 60)))
        u, s, vh = LA.svd(x)
        assert not any(r.is_computed for r in (u, s, vh))
        text = lz.explain(u * s, vh + 1, x)
        assert text.count("opaque: svd (60,60)") == 1
        assert "not fused: every element of the result needs the whole matrix" in text
        u += 1  # its own array
        close(vh, np.asarray(vh))


SINGULAR = [
    (LA.inv, np.ones((3, 3)), "Singular matrix"),
    (LA.inv, np.stack([np.eye(2), np.zeros((2, 2))]), "Singular matrix"),
    (lambda a: LA.solve(a, np.ones(len(a))), np.zeros((2, 2)), "Singular matrix"),
    (LA.cholesky, -np.eye(3), "Matrix is not positive definite"),
    (LA.cholesky, np.array([[1.0, 2], [2, 1]]), "Matrix is not positive definite"),
    (lambda a: LA.matrix_power(a, -1), np.zeros((2, 2)), "Singular matrix"),
]


@pytest.mark.parametrize("case", range(len(SINGULAR)))
def test_errors_of_values_come_when_they_are_computed(case):
    function, a, text = SINGULAR[case]
    with lz.options(eager_below=0):
        x = lz.asarray(a)
        y = function(x)
        for _ in range(2):
            with pytest.raises(LA.LinAlgError, match=text):
                y.compute()
        np.testing.assert_array_equal(np.asarray(x + 0), a)


WRONG = [
    (LA.inv, (2, 3)),
    (LA.inv, (3,)),
    (LA.inv, ()),
    (LA.det, (2, 3)),
    (LA.slogdet, (3, 2)),
    (LA.cholesky, (2, 3)),
    (LA.qr, (3,)),
    (lambda a: LA.qr(a, "x"), (3, 3)),
    (LA.svd, (3,)),
    (LA.eigh, (3, 2)),
    (lambda a: LA.eigh(a, "x"), (3, 3)),
    (LA.eigvalsh, (3,)),
    (LA.matrix_power, (2, 3)),
    (lambda a: LA.matrix_power(a, 1.5), (3, 3)),
    (lambda a: LA.matrix_power(a, 2), (2, 3)),
    (lambda a: LA.solve(a, a), (2, 3)),
    (lambda a: LA.solve(a, a[:2]), (3, 3)),
    (lambda a: LA.solve(a, a[0, :2]), (3, 3)),
    (lambda a: LA.solve(a, a[0, 0]), (3, 3)),
    (lambda a: LA.lstsq(a, a[:2]), (3, 3)),
    (lambda a: LA.lstsq(a, a[0]), (2, 3, 3)),
    (lambda a: LA.norm(a, "x"), (2, 3)),
    (lambda a: LA.norm(a, 2), (2, 3, 4)),
    (lambda a: LA.norm(a, axis=(0, 0)), (2, 3)),
    (lambda a: LA.norm(a, axis=2), (2, 3)),
    (LA.matrix_norm, (3,)),
    (lambda a: LA.cond(a), (0, 3)),
    (lambda a: LA.pinv(a, rcond=1, rtol=1), (2, 3)),
    (lambda a: LA.multi_dot([a]), (2, 3)),
    (lambda a: LA.outer(a, a), (2, 3)),
]


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_errors_of_shapes_are_numpys(case):
    function, shape = WRONG[case]
    if function is LA.matrix_power:
        function = lambda a: LA.matrix_power(a, 3)  # noqa: E731
    with pytest.raises(Exception) as want:  # noqa: PT011  (NumPy says which)
        function(np.ones(shape))
    with pytest.raises(type(want.value)) as got:
        function(lz.asarray(np.ones(shape)))
    assert str(got.value) == str(want.value)


def test_what_is_not_ours_is_numpys():
    a = matrices((3, 3))
    np.testing.assert_allclose(np.asarray(lz.linalg.eigvals(lz.asarray(a))), LA.eigvals(a))
    assert "linalg.eigvals" in lz.explain(lz.asarray(a))
    z = a + 1j
    np.testing.assert_allclose(lz.linalg.inv(z), LA.inv(z))
    with pytest.raises(AttributeError):
        getattr(lz.linalg, "no_such_function")  # noqa: B009


# --- Threads, targets, interruption ----------------------------------------------------------------------------------

HASHES = """
import hashlib, numpy as np, lazulite as lz
rng = np.random.default_rng(5)
h = hashlib.sha256()
LA = lz.linalg
for shape in [(3, 3), (40, 40), (150, 150), (60, 7, 7)]:
    a = rng.standard_normal(shape)
    x = lz.asarray(a)
    s = x @ x.mT + 2 * np.eye(shape[-1])
    parts = [LA.inv(x), LA.det(x), LA.cholesky(s), *LA.qr(x), *LA.svd(x), *LA.eigh(s), LA.solve(x, s)]
    for p in lz.compute(*parts):
        h.update(np.ascontiguousarray(p))
print(h.hexdigest())
"""


def test_the_same_bits_for_any_number_of_threads_and_every_target_with_fma():
    digests = set()
    for name, value in [("NUM_THREADS", "1"), ("NUM_THREADS", "7"), ("SIMD", "avx2"), ("SIMD", "avx3")]:
        result = subprocess.run(
            [sys.executable, "-c", HASHES],
            env={**os.environ, f"LAZULITE_{name}": value},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode == 0:
            digests.add(result.stdout)
        else:
            assert "LAZULITE_SIMD" in result.stderr  # a CPU without the target
    assert len(digests) == 1


INTERRUPTED = """
import os, signal, sys, threading, numpy as np, lazulite as lz
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
x = lz.asarray(np.random.default_rng(0).standard_normal((int(sys.argv[2]),) * 2))
y = getattr(lz.linalg, sys.argv[1])(x @ x.T)
y = y[0] if isinstance(y, tuple) else y
reader, writer = os.pipe()
main = threading.get_ident()
threading.Thread(target=lambda: (os.read(reader, 1), signal.pthread_kill(main, signal.SIGINT))).start()
try:
    os.write(writer, b"x")
    for _ in range(1000):
        y.compute()
        y = getattr(lz.linalg, sys.argv[1])(x @ x.T + _)
        y = y[0] if isinstance(y, tuple) else y
    print("never")
except KeyboardInterrupt:
    print("interrupted")
assert abs(float((x @ lz.linalg.inv(x))[3, 3]) - 1) < 1e-6
"""


@pytest.mark.parametrize("name", ["svd", "eigh", "qr", "inv"])
def test_interruption(name):
    size = "200" if SANITIZED else "700"  # sanitizers take their time
    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, name, size], capture_output=True, text=True, check=True, timeout=120
    )
    assert result.stdout.strip() == "interrupted"
