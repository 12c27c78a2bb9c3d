"""Products of vectors and matrices against NumPy: shapes, layouts, dtypes, errors, threads and targets."""

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle import DTYPES, lz, same

EXTENTS = [0, 1, 2, 3, 7, 8, 9, 17, 25, 70]
DEPTHS = [0, 1, 3, 16, 255, 257, 600]


def small_integers(shape, dtype, seed=0):
    """Values whose products and sums floats hold exactly, so that every order of adding gives the same."""
    return np.random.default_rng([seed, *shape]).integers(-5, 6, shape).astype(dtype)


def check(function, *arrays):
    got, want = function(*map(lz.asarray, arrays)), function(*arrays)
    assert isinstance(got, lz.Array)
    assert got.is_scalar == (not isinstance(want, np.ndarray))
    same(np.abs(np.asarray(got)) if got.dtype.kind == "f" else got, np.abs(want) if got.dtype.kind == "f" else want)
    if got.dtype.kind == "f":
        np.testing.assert_array_equal(np.asarray(got), want)


def matmul(a, b):
    return a @ b


# --- Matrices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_extent(dtype):
    for m, n, k in itertools.product(EXTENTS, EXTENTS, DEPTHS):
        check(matmul, small_integers((m, k), dtype), small_integers((k, n), dtype, 1))


def transposed(a):
    return np.ascontiguousarray(a.T).T


def every_other(a):
    wide = np.zeros((2 * a.shape[0] + 1, 2 * a.shape[1] + 1), a.dtype)
    wide[1::2, 1::2] = a
    return wide[1::2, 1::2]


def backwards(a):
    return np.ascontiguousarray(a[::-1, ::-1])[::-1, ::-1]


LAYOUTS = [np.ascontiguousarray, transposed, every_other, backwards]


@pytest.mark.parametrize("dtype", ["f", "d", "h", "?"])
@pytest.mark.parametrize("shape", [(5, 4, 3), (33, 70, 40), (1, 300, 70), (70, 300, 1), (200, 300, 210)], ids=str)
def test_layouts_give_the_same_values_without_a_copy(shape, dtype):
    m, k, n = shape
    a, b = small_integers((m, k), dtype), small_integers((k, n), dtype, 1)
    want = a @ b
    for left, right in itertools.product(LAYOUTS, LAYOUTS):
        x, y = lz.asarray(left(a), copy=False), lz.asarray(right(b), copy=False)
        z = x @ y
        if not z.is_computed:
            assert "\n1 pass" in lz.explain(z)
        same(np.abs(z), np.abs(want) if dtype in "fdh" else want)


def test_bits_do_not_depend_on_the_layout_the_batch_or_the_tile():
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((300, 700)), rng.standard_normal((700, 310))
    whole = np.asarray(lz.asarray(a) @ lz.asarray(b))
    np.testing.assert_allclose(whole, a @ b, rtol=1e-12, atol=1e-11)
    for left, right in itertools.product(LAYOUTS, LAYOUTS):
        same(lz.asarray(left(a), copy=False) @ lz.asarray(right(b), copy=False), whole)
    same(lz.asarray(a[17:40]) @ lz.asarray(b[:, 5:99]), whole[17:40, 5:99])
    same(lz.asarray(a[17:20]) @ lz.asarray(b[:, 5:8]), whole[17:20, 5:8])
    same(lz.asarray(a.reshape(30, 10, 700)) @ lz.asarray(b), whole.reshape(30, 10, 310))


def test_a_matrix_times_its_transpose_is_symmetric():
    for m, k in [(3, 5), (130, 70), (120, 17_000), (10, 50_000)]:
        a = np.random.default_rng(m).standard_normal((m, k))
        for x in (lz.asarray(a), lz.asarray(np.asfortranarray(a))):
            product = np.asarray(x @ x.T)
            same(product, product.T.copy())
            np.testing.assert_allclose(product, a @ a.T, rtol=1e-11, atol=1e-9)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((4, 3, 5), (4, 5, 2)),
        ((4, 3, 5), (5, 2)),
        ((3, 5), (4, 5, 2)),
        ((2, 1, 3, 5), (6, 5, 2)),
        ((1, 6, 3, 5), (2, 1, 5, 2)),
        ((0, 3, 5), (5, 2)),
        ((2, 3, 0), (2, 0, 4)),
        ((70, 40, 33), (70, 33, 45)),
        ((3, 90, 80), (80, 85)),
        ((50, 3, 3), (50, 3, 1)),
        ((5,), (4, 5, 2)),
        ((4, 3, 5), (5,)),
        ((5,), (5, 2)),
        ((3, 5), (5,)),
        ((5,), (5,)),
        ((1, 5), (5, 1)),
        ((7, 1), (1, 8)),
        ((700, 900), (900,)),
        ((900,), (900, 700)),
        ((20_000,), (20_000, 3)),
        ((2, 40_000), (40_000,)),
    ],
    ids=str,
)
def test_batches_and_vectors(left, right):
    for dtype in "dfbQ?":
        a, b = small_integers(left, dtype), small_integers(right, dtype, 1)
        check(matmul, a, b)
        check(lambda a, b: (a * 1) @ b.swapaxes(-1, -1) if b.ndim > 1 else a @ (b * 1), a, b)


@pytest.mark.parametrize("left", DTYPES, ids=str)
def test_promotion(left):
    for right in DTYPES:
        check(matmul, small_integers((3, 4), left), small_integers((4, 5), right))
        check(matmul, small_integers((4,), left), small_integers((4,), right))


def test_integers_wrap_around():
    for dtype in "bBhHiIqQ":
        info = np.iinfo(dtype)
        for shape in [((2, 3), (3, 2)), ((40, 300), (300, 50)), ((40, 300), (300,)), ((300,), (300, 50))]:
            rng = np.random.default_rng(1)
            a, b = (rng.integers(info.min, info.max, s, dtype, endpoint=True) for s in shape)
            check(matmul, a, b)


def test_infinities_and_nans():
    a = np.array([[np.inf, 1, 0], [1, np.nan, 2], [0, 0, -np.inf]])
    with np.errstate(all="ignore"):
        same(lz.asarray(a) @ lz.asarray(np.eye(3)[:, :2]), a @ np.eye(3)[:, :2])
        same(lz.asarray(a) @ lz.asarray(a), a @ a)


@given(st.data())
def test_random_shapes(data):
    draw = data.draw
    extent = st.integers(0, 20)
    m, n, k = draw(extent), draw(extent), draw(st.sampled_from([0, 1, 2, 5, 30, 260]))
    batch = draw(st.lists(st.integers(0, 3), max_size=2))
    left = [draw(st.sampled_from([d, 1])) for d in batch[draw(st.integers(0, len(batch))) :]]
    right = [draw(st.sampled_from([d, 1])) for d in batch]
    dtype = draw(st.sampled_from("dfiB?"))
    a = small_integers((*left, m, k), dtype)
    b = small_integers((*right, k, n), dtype, 1)
    x, y = lz.asarray(a), lz.asarray(b)
    if draw(st.booleans()):
        a, x = a.copy().swapaxes(-1, -2).copy().swapaxes(-1, -2), (x + 0 if dtype != "?" else x | x)
    same(np.abs(x @ y), np.abs(a @ b))


# --- Laziness --------------------------------------------------------------------------------------------------------


def test_neighbours_fuse_up_to_the_product():
    a = np.random.default_rng(0).random((60, 60))
    with lz.options(eager_below=0):
        x = lz.asarray(a)
        y = np.exp(-((x + 1) @ (x * 2) / 100)).sum()
        text = lz.explain(y)
        assert "\n3 passes" in text
        assert "opaque: matmul (60,60)x(60,60)" in text
        assert "not fused: every element needs a row of one operand and a column of the other" in text
    np.testing.assert_allclose(float(y), np.exp(-((a + 1) @ (a * 2) / 100)).sum(), rtol=1e-12)


def test_dot_products_of_vectors_fuse():
    a = np.random.default_rng(0).random(5000)
    with lz.options(eager_below=0):
        x = lz.asarray(a)
        y = np.dot(x - 1, np.exp(x))
        assert "\n1 pass" in lz.explain(y)
    np.testing.assert_allclose(float(y), np.dot(a - 1, np.exp(a)), rtol=1e-12)


def test_equal_products_are_computed_once():
    x = lz.asarray(np.random.default_rng(0).random((100, 90)))
    with lz.options(eager_below=0):
        y = (x.T @ x).sum() + np.sqrt(x.T @ x).max()
        assert lz.explain(y).count("opaque") == 1


def test_numpys_functions_and_operators_stay_lazy():
    a, b = np.random.default_rng(0).random((2, 80, 80))
    x, y = lz.asarray(a), lz.asarray(b)
    for z in (np.matmul(x, y), np.matmul(a, y), a @ y, x @ b, np.dot(x, y), x.dot(y), np.tensordot(x, y, 1)):
        assert isinstance(z, lz.Array)
        assert not z.is_computed
        np.testing.assert_allclose(np.asarray(z), a @ b, rtol=1e-13)


def test_in_place():
    a, b = small_integers((6, 70, 70), "d"), small_integers((70, 70), "d", 1)
    x, view = lz.asarray(a), None
    view = x[1]
    x @= lz.asarray(b)
    n = a @ b
    same(x, n)
    same(view, n[1])
    view @= b
    n[1] @= b
    same(x, n)
    v = lz.asarray(a[0, 0].copy())
    v @= b
    same(v, a[0, 0] @ b)
    n = a.copy()
    n @= lz.asarray(b)
    same(n, a @ b)


@pytest.mark.parametrize("out", [(2, 4), (5, 2, 4)])
def test_out(out):
    a, b = small_integers((2, 3), "d"), small_integers((3, 4), "d", 1)
    want = np.matmul(a, b, out=np.empty(out))
    for make in (np.empty, lz.empty):
        target = make(out)
        assert np.matmul(lz.asarray(a), b, out=target) is target
        same(target, want)
    target = lz.empty((2, 4))
    assert np.dot(lz.asarray(a), b, out=target) is target
    same(target, a @ b)


# --- NumPy's other products ------------------------------------------------------------------------------------------

PRODUCTS = [
    (np.dot, (3,), (3,)),
    (np.dot, (), (3, 4)),
    (np.dot, (2, 3), ()),
    (np.dot, (2, 3), (3,)),
    (np.dot, (2, 3, 4), (5, 4, 6)),
    (np.dot, (4,), (5, 4, 6)),
    (np.dot, (2, 0), (0, 3)),
    (np.inner, (3,), (3,)),
    (np.inner, (2, 3), (4, 3)),
    (np.inner, (2, 3, 4), (5, 4)),
    (np.inner, (2, 3), ()),
    (np.vdot, (2, 3), (2, 3)),
    (np.vdot, (2, 3), (6,)),
    (np.outer, (2, 3), (4,)),
    (np.outer, (), (4,)),
    (np.vecdot, (2, 3), (3,)),
    (np.vecdot, (5, 1, 3), (4, 3)),
    (np.matvec, (2, 3), (3,)),
    (np.matvec, (2, 3), (5, 3)),
    (np.matvec, (6, 1, 2, 3), (5, 3)),
    (np.vecmat, (3,), (3, 2)),
    (np.vecmat, (5, 3), (3, 2)),
    (np.vecmat, (5, 3), (6, 1, 3, 2)),
    (np.tensordot, (2, 3, 4), (3, 4, 5)),
    (lambda a, b: np.tensordot(a, b, axes=1), (2, 3, 4), (4, 5)),
    (lambda a, b: np.tensordot(a, b, axes=0), (2, 3), (4,)),
    (lambda a, b: np.tensordot(a, b, axes=([0, -1], [2, 1])), (3, 2, 4), (5, 4, 3)),
    (lambda a, b: np.tensordot(a, b, axes=(0, 1)), (3, 2), (5, 3)),
    (lambda a, b: np.tensordot(a, b, axes=2), (2, 3), (2, 3)),
    (lambda a, b: np.vecdot(a, b, axis=0), (3, 2), (3, 2)),
    (lambda a, b: np.matmul(a, b, dtype="f4"), (3, 2), (2, 3)),
]


@pytest.mark.parametrize("case", range(len(PRODUCTS)))
def test_products(case):
    function, left, right = PRODUCTS[case]
    for dtype in "dfbQ?":
        a, b = small_integers(left, dtype), small_integers(right, dtype, 1)
        got, want = function(lz.asarray(a), lz.asarray(b)), function(a, b)
        assert isinstance(got, lz.Array)
        assert got.is_scalar == (not isinstance(want, np.ndarray))
        same(np.abs(got), np.abs(want))


def test_products_with_numbers():
    a = small_integers((3,), "f")
    for function in (np.dot, np.inner, np.outer):
        for number in (3.0, 3, np.float32(2)):
            same(function(lz.asarray(a), number), function(a, number))
            same(function(number, lz.asarray(a)), function(number, a))


# --- Errors ----------------------------------------------------------------------------------------------------------

ERRORS = [
    (np.matmul, (2, 3), (4, 5)),
    (np.matmul, (3,), (4, 5)),
    (np.matmul, (4, 5), (3,)),
    (np.matmul, (3,), (4,)),
    (np.matmul, (), (3,)),
    (np.matmul, (3,), ()),
    (np.matmul, (2, 3, 4), (5, 4, 6)),
    (np.matmul, (2, 2, 3, 4), (5, 4, 6)),
    (np.matmul, (2, 3, 4), (5, 4, 1)),
    (np.dot, (2, 3), (4, 5)),
    (np.dot, (3,), (4,)),
    (np.dot, (2, 3), (2, 4, 5)),
    (np.inner, (2, 3), (3, 4)),
    (np.vdot, (2, 3), (4, 2)),
    (np.vecdot, (2, 3), (4,)),
    (np.vecdot, (2, 3), (3, 3)),
    (np.vecdot, (), (3,)),
    (np.matvec, (2, 3), (4,)),
    (np.matvec, (3,), (3,)),
    (np.matvec, (4, 2, 3), (5, 3)),
    (np.vecmat, (2,), (3, 2)),
    (np.tensordot, (2, 3), (4, 5)),
    (np.tensordot, (3,), (1, 3)),
    (lambda a, b: np.tensordot(a, b, axes=((0, 1), (0,))), (2, 3), (2, 5)),
    (lambda a, b: a.__imatmul__(b), (2, 3), (3, 4)),
    (lambda a, b: a.__imatmul__(b), (3,), (3, 4)),
    (lambda a, b: a.__imatmul__(b), (2, 3), (3,)),
    (lambda a, b: a.__imatmul__(b), (2, 3), (5, 3, 3)),
    (lambda a, b: a.__imatmul__(b), (), (3, 3)),
    (lambda a, b: np.matmul(a, b, out=np.zeros((2, 5))), (2, 3), (3, 4)),
    (lambda a, b: np.matmul(a, b, out=np.zeros(4)), (2, 3), (3, 4)),
    (lambda a, b: np.matmul(a, b, out=np.zeros((2, 4))), (2, 3), (3,)),
    (lambda a, b: np.dot(a, b, out=np.zeros((2, 5))), (2, 3), (3, 4)),
    (lambda a, b: np.dot(a, b, out=np.zeros((2, 4), "f4")), (2, 3), (3, 4)),
]


@pytest.mark.parametrize("case", range(len(ERRORS)))
def test_errors_are_numpys(case):
    function, left, right = ERRORS[case]
    a, b = np.ones(left), np.ones(right)
    with pytest.raises(Exception) as want:  # noqa: PT011  (NumPy says which)
        function(a, b)
    with pytest.raises(type(want.value)) as got:
        function(lz.asarray(a), lz.asarray(b))
    assert str(got.value) == str(want.value)


def test_casting_errors():
    x = lz.asarray(np.ones((2, 3), "i4"))
    with pytest.raises(TypeError, match="Cannot cast ufunc 'matmul' output"):
        x @= np.ones((3, 3))


# --- Threads and targets ---------------------------------------------------------------------------------------------

HASHES = """
import hashlib, numpy as np, lazulite as lz
rng = np.random.default_rng(5)
h = hashlib.sha256()
shapes = [((300, 400), (400, 350)), ((20, 50_000), (50_000, 10)), ((400, 300), (300,)), ((300,), (300, 4000)),
          ((30, 40, 50), (30, 50, 60)), ((5, 7), (7, 3)), ((4000, 64), (64, 10)), ((40_000,), (40_000, 3))]
for dtype in "df":
    for left, right in shapes:
        a, b = (rng.standard_normal(s).astype(dtype) for s in (left, right))
        h.update(np.ascontiguousarray(lz.asarray(a) @ lz.asarray(b)))
print(h.hexdigest())
"""


def digest(**environment):
    result = subprocess.run(
        [sys.executable, "-c", HASHES], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_the_same_bits_for_any_number_of_threads_and_every_target_with_fma():
    digests = {digest(LAZULITE_NUM_THREADS=n) for n in ("1", "2", "7")}
    for target in ("avx2", "avx3", "avx3_dl"):
        try:
            digests.add(digest(LAZULITE_SIMD=target))
        except subprocess.CalledProcessError as e:  # noqa: PERF203
            assert "LAZULITE_SIMD" in e.stderr  # a CPU without it
    assert len(digests) == 1


def test_the_target_without_fma():
    a, b = np.random.default_rng(0).standard_normal((2, 90, 90))
    code = f"""
import numpy as np, lazulite as lz
a, b = np.random.default_rng(0).standard_normal((2, 90, 90))
for x, y in ((a, b), (a, b[0]), (a[0], b), (a[:, :5], b[:5, :3])):
    np.testing.assert_allclose(np.asarray(lz.asarray(x) @ lz.asarray(y)), x @ y, rtol=1e-10, atol=1e-12)
i = (a * 100).astype("b")
assert (np.asarray(lz.asarray(i) @ lz.asarray(i)) == i @ i).all()
print({a.shape[0]})
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LAZULITE_SIMD": "sse4"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "90"
