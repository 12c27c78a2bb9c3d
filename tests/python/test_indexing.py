"""Indexing against NumPy, reading and writing: basic keys, index arrays, masks, and their mixtures."""

import numpy as np
import pytest

from lazulite import _fallback
from oracle import DTYPES, LENGTHS, layouts, lz, same, values

A = np.arange(60.0).reshape(4, 5, 3)
N, L = np.newaxis, slice(None)

#: C order, Fortran order, and a window that runs backwards over a transposed copy.
LAYOUTS = [lambda x: x, lambda x: x.T.copy().T, lambda x: x.transpose(0, 2, 1).copy().transpose(0, 2, 1)[::-1, :, ::-1]]

BASIC = [
    0, -1, L, slice(1, 3), slice(None, None, -1), slice(3, 0, -2), slice(10, 20), slice(-2, None),
    (0, 1), (L, 2), (..., 1), (N, 0), (0, N, L), (slice(1, None), slice(None, None, -1)),
    (...,), (0, ..., N), (), (slice(2, 2),), np.int64(1), (np.int32(-1), slice(None, None, 2)),
]  # fmt: skip

#: Index arrays and masks of every kind; some leave an axis, some cross a slice, some broadcast against each other.
ARRAYS = [
    [0, 2], [], [-1, 0, -4], [[1, 0], [2, 3]], [[]], range(3), ([0, 1],), (L, [4, 0, 0]), (..., [2, -1]),
    ([0, 1], [1, 0]), ([0, 1], L, [2, 0]), (L, [0, 4], [2, 0]), ([[0], [3]], [[1, 2, 3]]), ([0, 1], 2), (0, L, [0, 2]),
    (0, [1, 2]), ([3], ..., 0), ([0], N, [1]), (N, [0, 1]), ([0, 1], L, L, N), (slice(None, None, -2), [0, 1]),
    ([1], [1], [1]), ([0, 1], ..., [0, 1]), (L, [0], ..., [0, 1]), (slice(1, 1), [0, 1]),
    A > 30, A < 0, A[:, :, 0] > 20, A[:, 0, 0] > 20, (L, A[0] > 5), (L, A[0, :, 0] > 5), (..., A[0, 0] > 1),
    (A[:, 0, 0] > 20, [0]), ([0], A[0, :, 0] > 8), (A[:, 0, 0] > 20, L, [0, 2]), (A[:, :, 0] > 20, 1), (A > 30, ...),
    True, False, np.True_, (True, True), (False, [0]), (L, True), ([0, 2], True), (N, False), np.zeros(4, bool),
    np.array(2), np.array(True), (np.array(1), np.array(1)), (np.array(1), [0, 1]), (1, np.array(0), L),
    np.array([1, 3], "u1"), np.array([1, 3], ">i2"), np.asfortranarray([[0, 1, 1], [3, 2, 0]]),
    [True, False, False, True], np.arange(4)[::-2], np.array([[0, 3]], np.uint64),
]  # fmt: skip


def as_lazy(key):
    """The key with lazy arrays in place of ndarrays and lists."""
    if isinstance(key, tuple):
        return tuple(as_lazy(k) for k in key)
    if isinstance(key, (np.ndarray, list)) and np.size(key):
        x = lz.asarray(key)
        return x if x.dtype == bool or x.ndim == 0 else x + 0  # pending
    return key


def keys():
    return [pytest.param(k, id=f"{n}-{k!r}".replace("\n", "")[:60]) for n, k in enumerate(BASIC + ARRAYS)]


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("convert", [lambda k: k, as_lazy], ids=["numpy", "lazy"])
def test_reading(key, convert):
    for layout in LAYOUTS:
        a, x, k = layout(A), layout(lz.asarray(A)), convert(key)
        same(x[k], a[key])
        assert isinstance(x[k], lz.Array) and x[k].is_scalar == isinstance(a[key], np.generic)
        wanted = a[key].strides if np.size(a[key]) else ()
        assert all(s == t for s, t, n in zip(x[k].strides, wanted, np.shape(a[key]), strict=False) if n > 1)
        same((x * 2)[k], (a * 2)[key])
        same(x[k] * 2 + x[k], a[key] * 3)
        same(x[1:][k] if isinstance(key, slice) else x[...][k], a[1:][key] if isinstance(key, slice) else a[key])
        same(x[k].sum(), a[key].sum())


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("convert", [lambda k: k, as_lazy], ids=["numpy", "lazy"])
def test_writing(key, convert):
    k = convert(key)
    for layout in LAYOUTS:
        a, x = layout(A.copy()), layout(lz.asarray(A))
        for new in (-1, np.float32(2.5), lambda y, key: y[key] * 2 + 1, lambda y, key: y[..., ::-1][key]):
            a[key] = new(a, key) if callable(new) else new
            x[k] = new(x, k) if callable(new) else new
            same(x, a)
        shape = np.shape(a[key])
        a[key] = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        x[k] = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        same(x, a)
        a[key] += 3
        x[k] += 3
        same(x, a)
        np.add.at(a, key, 2)
        np.add.at(x, k, 2)
        same(x, a)


#: Keys that are wrong, for arrays of shape (4, 5, 3).
WRONG = [
    4, -5, (0, 0, 0, 0), (L, 5), (..., ...), 1.0, "a", b"a", {}, object(), 2**70, [4], [0, -5, 9],
    (L, [0, 5]), ([0, 1], [0, 1, 2]), ([0], [0], [0], [0]), np.zeros(3, bool), (L, np.zeros(4, bool)),
    np.zeros((4, 4), bool), np.zeros((4, 5, 3, 1), bool), [0.5], np.array([]), np.array([0.5]), np.array(["a"]),
    np.array([1], object), np.array([1], "m8"), [2**70], [[0], [1, 2]], ([0], ..., 0, 0, 0), (A > 30, 0), [None],
    (A[:, 0, 0] > 20, [0, 1, 2]), (False, [0, 1, 0]), np.array([2**63], np.uint64), (True, False, [0, 1, 2]),
    np.array([1.5 + 0j]), (L, L, [[0, 1, 3]]), (L, L, L, True, 0),
]  # fmt: skip


def raised(function):
    """The exception's type and text."""
    with pytest.raises(Exception) as e:
        function()
    return e.type, str(e.value)


@pytest.mark.parametrize("key", [pytest.param(k, id=f"{n}") for n, k in enumerate(WRONG)])
def test_wrong_keys_raise_numpys_errors_on_the_line(key):
    for a in (A, A * 0 + 1):
        x = lz.asarray(a) * 1
        want = raised(lambda a=a: a[key])
        assert raised(lambda x=x: x[key]) == want
        assert raised(lambda x=x: x.__setitem__(key, 1)) == raised(lambda a=a: a.copy().__setitem__(key, 1))
        assert raised(lambda x=x: np.add.at(x, key, 1)) == raised(lambda a=a: np.add.at(a.copy(), key, 1))
        same(x, a)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ([0, 1], np.zeros(4)), ([0, 1], np.zeros((2, 2, 5, 3))), (A > 30, np.zeros(3)), (A > 30, np.zeros((1, 29))),
        (A > 30, []), (A > 99, [1, 2]), (A > 99, [[1]]), (A[:, 0, 0] > 20, np.zeros(7)), ((L, A[0] > 5), np.zeros(4)),
        (False, np.zeros(4)), ([0], "a"), ((0, 0, 0), [1, 2]), (([0], [0], [0]), [1, 2]), (A > 30, "a"), (0, [1, 2]),
    ],
    ids=str,
)  # fmt: skip
def test_wrong_values_raise_numpys_errors_on_the_line(key, value):
    a, x = A.copy(), lz.asarray(A)
    assert raised(lambda: x.__setitem__(key, value)) == raised(lambda: a.__setitem__(key, value))
    same(x, A)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("n", LENGTHS[1:], ids=str)
def test_every_dtype_length_and_layout(dtype, n):
    a = values(dtype, n)
    rng = np.random.default_rng(n)
    for _, view in layouts(a):
        b, y = view(a), view(lz.asarray(a))
        index = rng.integers(-b.shape[0], b.shape[0], n if b.ndim == 1 else 5)
        mask = rng.random(b.shape) < 0.4
        same(y[index], b[index])
        same(y[mask], b[mask])
        same(y[..., ::-1][mask], b[..., ::-1][mask])
        same(lz.where(y[index] == y[index[::-1]], y[index], y[index[::-1]]),
             np.where(b[index] == b[index[::-1]], b[index], b[index[::-1]]))  # fmt: skip
        c, z = b.copy(), y.copy()
        c[index], z[index] = b[index[::-1]], y[index[::-1]]
        c[mask], z[mask] = b[mask][::-1], y[mask][::-1]
        same(z, c)


@pytest.mark.parametrize("n", [5, 1000, 200_000])
def test_values_are_those_of_the_line(n):
    a = np.arange(float(n))
    index, mask = np.arange(n)[::3].copy(), np.arange(n) % 5 == 0
    x, i, m = lz.asarray(a), lz.asarray(index), lz.asarray(mask)
    by_array, by_lazy, by_mask, by_numpy_mask = x[index], x[i], x[m], x[mask]
    later = x[m]
    same(later.size, np.array(a[mask].size)[()])
    x[...], index[...], i[...], mask[...], m[...] = -1, 0, 1, False, True
    for got, want in [
        (by_array, a[::3]),
        (by_lazy, a[::3]),
        (by_mask, a[::5]),
        (by_numpy_mask, a[::5]),
        (later, a[::5]),
    ]:
        same(got, want)
    y = lz.asarray(a)
    taken, total = y[y > 3], y[y > 3].sum()
    y[y > 3] = 0
    same(taken, a[a > 3])
    same(total, a[a > 3].sum())
    same(y, np.where(a > 3, 0, a))


def test_numpys_view_of_the_memory_sees_scattered_writes_and_not_the_gathered_reads():
    x = lz.zeros(1000)
    memory = np.asarray(x)
    y = x[[1, 2, 3]]
    x[[1, 2, 3]] = 7
    assert memory[1:4].tolist() == [7, 7, 7]
    memory[2] = 5
    assert x[[1, 2]].tolist() == [7, 5] and y.tolist() == [0, 0, 0]


@pytest.mark.parametrize("index_order", ["C", "F"])
@pytest.mark.parametrize("value_order", ["C", "F"])
def test_the_last_of_repeated_indices_stays(index_order, value_order):
    i = np.asarray([[0, 2], [2, 0], [0, 0]], order=index_order)
    j = np.asarray([[1, 1], [1, 1], [1, 1]], order="F")
    v = np.asarray([[1, 2.0], [-3, 4], [5, 6]], order=value_order)
    for shape, key, value in [
        ((4,), i, v), ((4, 3), i, v[..., None]), ((4, 3), (i, 1), v), ((4, 3), (i, slice(1, None)), v[..., None]),
        ((3, 4), (L, i), v), ((4, 3), (i, j), v), ((3, 4), (j, i), v), ((4,), i.T, v.T), ((4,), i[::-1], v),
    ]:  # fmt: skip
        a, x = np.ones(shape), lz.ones(shape)
        a[key], x[key] = value, value
        same(x, a)
        a[key], x[key] = -value, -lz.asarray(value)
        same(x, a)
        for ufunc in (np.copysign, np.multiply, np.add):
            ufunc.at(a, key, value)
            ufunc.at(x, key, value)
            same(x, a)
        same(x[key], a[key])
        assert x[key].strides == a[key].strides or len(shape) > 1 and not isinstance(key, tuple)


def test_a_gather_fuses_and_says_so():
    n = 10_000
    x = lz.asarray(np.arange(float(n)))
    i = lz.asarray(np.arange(n)[::-1].copy())
    calls = sum(_fallback.calls.values())
    text = lz.explain((x[i] * 2 + 1).sum())
    assert "1 pass;" in text and "1 operand gathered" in text and sum(_fallback.calls.values()) == calls
    rows = lz.asarray(np.arange(40_000.0).reshape(200, 200))[[3, 1, 3]] + 1
    assert "1 pass;" in lz.explain(rows)
    same(rows, np.arange(40_000.0).reshape(200, 200)[[3, 1, 3]] + 1)
    both = (x + 1)[i] * (x + 1)
    assert "2 passes" in lz.explain(both)
    same(both, np.arange(n)[::-1] * np.arange(1.0, n + 1) + np.arange(1.0, n + 1))


def test_windows_broadcasts_and_transposes_of_gathers():
    a = np.arange(600.0).reshape(20, 30)
    x, i = lz.asarray(a), np.arange(20)[::-3]
    for f in [
        lambda y: y[i][1:, ::2] + 1, lambda y: y[i].T * 2, lambda y: y[i][None] + y[i][:, None],
        lambda y: y[:, i].T + y[i, :20][:, i].sum(), lambda y: y[i].reshape(-1) + 1,
        lambda y: y[i][:, i] + y[i][:, i].T, lambda y: (y[i] + y[0]).sum(0),
        lambda y: y[i][i % len(i)] - 1, lambda y: (y[i] * 2)[..., i].mean(axis=1), lambda y: y[i].argmax(axis=1),
    ]:  # fmt: skip
        same(f(x), f(a))
        same(f(x * 1), f(a))


def test_an_element_is_a_scalar_and_a_full_ellipsis_is_not():
    x = lz.asarray(np.arange(6.0).reshape(2, 3))
    assert x[0, 1].is_scalar and x[0, 1].shape == () and not x[0, 1, ...].is_scalar
    assert repr(x[1, 2]) == "np.float64(5.0)"


@pytest.mark.parametrize("key", [(), ..., None, True, False, np.array(True), (None, True), 0, "a", [True], [0], 1.5])
def test_keys_of_scalars(key):
    a, x = np.float64(3), lz.asarray([3.0, 4.0])[0]
    try:
        want = a[key]
    except IndexError:
        assert raised(lambda: x[key]) == raised(lambda: a[key])
    else:
        same(x[key], want)


def test_zero_d_integer_arrays_copy_where_integers_give_views():
    a, x = np.zeros((2, 3)), lz.zeros((2, 3))
    one = np.array(1)
    for numpys, ours in [(1, 1), (one, one), (one, lz.asarray(one)), (1, lz.asarray([1])[0])]:
        b, y = a[numpys], x[ours]
        b[...], y[...] = 5, 5
        same(x, a)


def test_iteration_and_membership():
    x = lz.asarray(np.arange(6.0).reshape(3, 2))
    assert [float(r.sum()) for r in x] == [1, 5, 9]
    assert 4.0 in x and 7.0 not in x
    assert x.tolist() == [[0, 1], [2, 3], [4, 5]] and x[0].item(1) == 1.0


def test_values_that_lazulite_has_not_are_written_by_numpy():
    a, x = np.zeros(5), lz.zeros(5)
    a[[0, 1]] = np.array([1, 2], np.float16)
    x[[0, 1]] = np.array([1, 2], np.float16)
    a[a > 0] = "3"
    x[x > 0] = "3"
    same(x, a)
    assert "not fused: numpy indexing (a value that lazulite has not is written)" in lz.explain(x)
