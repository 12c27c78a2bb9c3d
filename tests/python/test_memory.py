"""Memory shared with NumPy: nothing is read later than its line, and everything goes back."""

import gc
import sys
import weakref

import numpy as np
import pytest

from oracle import lz, same

SIZES = [3, 300, 20_000]


@pytest.mark.parametrize("n", SIZES)
def test_an_operand_overwritten_after_its_line(n):
    a, b = np.arange(float(n)), np.ones(n)
    x = lz.asarray(b)
    y = x + a
    z = a * x
    s = np.exp(x) - a
    a[:] = -5
    same(y, 1 + np.arange(float(n)))
    same(z, np.arange(float(n)))
    same(s, np.exp(b) - np.arange(float(n)), 4)


@pytest.mark.parametrize("n", SIZES)
def test_exported_memory_is_shared_both_ways(n):
    x = lz.asarray(np.arange(float(n)))
    before = x * 2
    m = np.asarray(x)
    m[1] = 70
    assert float(x[1]) == 70
    same(before, np.arange(float(n)) * 2)
    after = x + 1
    m[2] = 80
    assert float(after[2]) == 3 and float(after[1]) == 71
    x[0] = 5
    assert m[0] == 5
    x += 1
    assert m[0] == 6 and m[1] == 71
    same(x, m)


@pytest.mark.parametrize("n", SIZES)
def test_exported_views(n):
    x = lz.asarray(np.arange(float(2 * n))).reshape(2, n).copy()
    view = np.asarray(x[:, ::-1])
    view[0, 0] = -1
    assert float(x[0, n - 1]) == -1
    x.T[0, 1] = -2
    assert view[1, -1] == -2
    assert np.asarray(x.T).strides == np.arange(float(2 * n)).reshape(2, n).T.strides


def test_a_broadcast_is_exported_read_only():
    m = np.asarray(lz.broadcast_to(lz.ones(3), (4, 3)))
    assert not m.flags.writeable
    same(m, np.ones((4, 3)))


def test_a_scalar_is_exported_as_a_copy():
    s = lz.arange(5.0).sum()
    m = np.asarray(s)
    m[...] = 0
    assert float(s) == 10


def test_memory_outlives_its_array():
    m = np.asarray(lz.arange(5000.0) * 2)
    gc.collect()
    for _ in range(20):
        (lz.ones(5000) * 7).compute()
    same(m, np.arange(5000.0) * 2)


def test_read_only_memory_is_used_in_place():
    a = np.frombuffer(np.arange(100_000.0).tobytes())
    before = lz.memory()["in_use"]
    x = lz.asarray(a)
    assert lz.memory()["in_use"] == before
    same(x * 2, a * 2)
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 1


def test_a_read_only_view_of_writable_memory_is_copied():
    a = np.arange(100_000.0)
    view = a[:]
    view.setflags(write=False)
    x = lz.asarray(view)
    own = np.arange(100_000.0)
    own.setflags(write=False)
    y = lz.asarray(own) * 1
    own.setflags(write=True)
    a[:] = own[:] = 0
    same(x, np.arange(100_000.0))
    same(y, np.arange(100_000.0))


def test_a_read_only_memory_map(tmp_path):
    path = tmp_path / "values"
    np.arange(100_000.0).tofile(path)
    for mode in ("r", "c", "r+"):
        a = np.memmap(path, mode=mode, dtype="d")
        x = lz.asarray(a) + 1
        if mode != "r":
            a[:] = 0
        same(x, np.arange(1.0, 100_001.0))
        del a, x
        np.arange(100_000.0).tofile(path)


def test_borrowed_memory_goes_back():
    a = np.arange(100_000.0)
    count = sys.getrefcount(a)
    x = lz.asarray(a, copy=False)
    assert np.shares_memory(np.asarray(x), a)
    y = (x * 2 + 1).sum()
    float(y)
    del x, y
    lz.ones(3)
    assert sys.getrefcount(a) == count


def test_what_an_array_held_dies_with_it():
    class Owner(np.ndarray):
        pass

    a = np.arange(100_000.0).view(Owner)
    alive = weakref.ref(a)
    x = lz.asarray(a.view(np.ndarray), copy=False) * 2
    x.compute()
    del a
    lz.ones(3)
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize(
    "a",
    [
        np.arange(10.0).astype(">f8"),
        np.frombuffer(b"\0" + np.arange(10.0).tobytes(), "u1")[1:].view("f8"),
        np.zeros(10, [("a", "u1"), ("b", "f8")])["b"],
        np.arange(20.0)[::-2],
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.lib.stride_tricks.as_strided(np.arange(10.0), (5, 5), (8, 8)),
        np.array(3.5),
        np.zeros((0, 4)),
        np.arange(4, dtype=np.longlong),
    ],
    ids=["big-endian", "unaligned", "field", "reversed", "fortran", "overlapping", "0-d", "empty", "longlong"],
)
def test_arrays_of_every_layout_come_in(a):
    for x in (lz.asarray(a), lz.array(a), lz.asarray(a, dtype=a.dtype.newbyteorder("="))):
        same(x * 1, a * 1)
        same(x, a.astype(a.dtype.newbyteorder("=")))


def test_dtypes_that_lazulite_has_not():
    for a in (np.zeros(3, "c16"), np.array(["a"]), np.array([None]), np.zeros(3, "M8[s]"), np.zeros(3, "f2")):
        with pytest.raises(TypeError, match="lazulite has no dtype"):
            lz.asarray(a)
    got = lz.ones(3) + np.zeros(3, "c16")
    assert isinstance(got, np.ndarray) and got.dtype == np.complex128


def test_views_from_numpys_functions_write_through():
    x, n = lz.arange(12.0).reshape(3, 4).copy(), np.arange(12.0).reshape(3, 4)
    for a in (x, n):
        np.swapaxes(a, 0, 1)[0, 1] = 50
        a.diagonal().sum()
        np.split(a, 3)[1][...] += 100
        np.moveaxis(a, 0, 1)[1:, 0] = 7
        a.flat[3] = 8
        a.sort(axis=1)
        np.fill_diagonal(a, -1)
    same(x, n)
