"""The buffer protocol: memoryview, struct, hashlib, numpy.frombuffer on lazy arrays, as on NumPy's."""

import gc
import hashlib
import io
import os
import signal
import struct
import threading
import time
import weakref

import numpy as np
import pytest

from oracle import DTYPES, layout_variants, lz, same, values

SIZES = [3, 300, 20_000]


def read_only(a):
    """A lazy array that cannot be written, and its like of NumPy's."""
    return lz.broadcast_to(lz.asarray(a), (2, *a.shape)), np.broadcast_to(a, (2, *a.shape))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_a_memoryview_is_numpys(dtype):
    a = values(dtype, 24)
    for n in (a, a.reshape(4, 6), a[:0], a[0:1].reshape(())):
        x = lz.asarray(n)
        for view in (lambda v: v, *layout_variants(n.ndim)):
            try:
                want = memoryview(view(n))
            except IndexError:  # no such view of so few axes
                continue
            got = memoryview(view(x))
            assert (got.format, got.itemsize, got.shape) == (want.format, want.itemsize, want.shape)
            assert got.tobytes() == want.tobytes() and got.readonly == want.readonly
            assert got.c_contiguous == want.c_contiguous and got.f_contiguous == want.f_contiguous
            if n.size > 1:
                assert got.strides == want.strides


@pytest.mark.parametrize("n", SIZES)
def test_readers_of_bytes(n):
    a = np.arange(float(n))
    x = lz.asarray(a) * 2
    assert hashlib.sha256(x).digest() == hashlib.sha256(a * 2).digest()
    assert bytes(x) == bytearray(x) == b"".join([x]) == (a * 2).tobytes()
    assert struct.unpack_from("=d", x, 16) == (4.0,)
    assert memoryview(x)[1] == 2.0 and memoryview(x).cast("B").nbytes == 8 * n
    out = io.BytesIO()
    out.write(x)
    same(np.frombuffer(out.getvalue()), a * 2)
    target = lz.zeros(n)
    assert io.BytesIO(a.tobytes()).readinto(target) == 8 * n
    same(target, a)


@pytest.mark.parametrize("n", SIZES)
def test_values_recorded_before_and_after_an_export(n):
    a = np.arange(float(n))
    x = lz.asarray(a)
    before = x + 1
    m = memoryview(x)
    after = x * 3
    m[1] = 70.0
    same(before, a + 1)
    same(after, a * 3)
    now = x + 0
    m[1] = 80.0
    assert float(now[1]) == 70 and float(x[1]) == 80
    x[0] = 5  # and the other way round
    x += 1
    assert m[0] == 6 and m[1] == 81
    later = x * 2
    m.release()
    x[1] = 0
    assert float(later[1]) == 162 and float(later[0]) == 12


def test_frombuffer_and_views_share_memory():
    x = lz.asarray(np.arange(12.0)).reshape(3, 4).copy()
    m = np.frombuffer(x).reshape(3, 4)
    column = memoryview(x[:, 1])
    m[2, 1] = -1
    assert column[2] == -1 and float(x[2, 1]) == -1
    column[0] = -2
    assert m[0, 1] == -2 and float(x.T[1, 0]) == -2
    assert np.shares_memory(np.asarray(x), m)


def test_the_export_ends_with_its_view():
    x = lz.ones(20_000)
    m = memoryview(x)
    y = x + 0
    in_use = lz.memory()["in_use"]
    m.release()
    z = x + 0  # reads in place again
    assert lz.memory()["in_use"] == in_use
    same(y + z, np.full(20_000, 2.0))


def test_a_buffer_outlives_its_array():
    m = memoryview(lz.arange(5000.0) * 2)
    gc.collect()
    for _ in range(20):
        (lz.ones(5000) * 7).compute()
    assert m.tobytes() == (np.arange(5000.0) * 2).tobytes()
    x = lz.arange(5000.0)
    alive = weakref.ref(x)
    m = memoryview(x)
    del x
    assert alive() is not None
    m.release()
    assert alive() is None


def test_read_only_arrays():
    x, n = read_only(np.arange(3.0))
    for a in (x, n):
        m = memoryview(a)
        assert m.readonly
        with pytest.raises(TypeError, match="read-only"):
            m[0, 0] = 1.0
        with pytest.raises(ValueError, match="read-only"):
            np.asarray(a)[0, 0] = 1
        with pytest.raises(TypeError, match="read-write bytes-like object"):
            io.BytesIO(bytes(48)).readinto(a)
    borrowed = lz.asarray(np.frombuffer(bytes(80_000)))
    assert memoryview(borrowed).readonly and memoryview(borrowed[::2]).readonly


def test_layouts_that_a_reader_cannot_take():
    a = np.arange(12.0).reshape(3, 4)
    for v in (a, lz.asarray(a)):
        for view in (v[:, ::2], v.T, v[::-1]):
            with pytest.raises(ValueError, match="ndarray is not C-contiguous"):
                hashlib.sha256(view)
            with pytest.raises((ValueError, BufferError), match="is not C-contiguous"):
                np.frombuffer(view)


def test_scalars_give_copies():
    s = lz.arange(5.0).sum()
    m = memoryview(s)
    assert (m.format, m.shape, m.ndim, m[()]) == ("d", (), 0, 10.0)
    with pytest.raises(TypeError, match="read-write bytes-like object"):
        io.BytesIO(bytes(8)).readinto(s)
    copy = np.asarray(s)
    copy[...] = 0
    assert float(s) == 10 and memoryview(s)[()] == 10
    assert np.asarray([s, s + 1]).tolist() == [10, 11]


def test_objects_with_buffers_and_array_interfaces_come_in():
    a = np.arange(6.0).reshape(2, 3)

    class Interface:
        def __init__(self, name):
            self.name = name

        def __getattr__(self, name):
            if name != self.name:
                raise AttributeError(name)
            return getattr(a, name)

    for o in (Interface("__array_interface__"), Interface("__array_struct__"), memoryview(a)):
        x = lz.asarray(o)
        y = lz.asarray(o, dtype="f4") + lz.array(o)
        shared = lz.asarray(o, copy=False)
        assert np.shares_memory(np.asarray(shared), a)
        same(lz.ones(3) + x, a + 1)
        a[0, 0] = 7
        assert float(x[0, 0]) == 0 and float(y[0, 0]) == 0 and float(shared[0, 0]) == 7
        a[0, 0] = 0
    for o in ([1.0, 2.0], a.tolist()):
        with pytest.raises(ValueError, match="Unable to avoid copy"):
            lz.asarray(o, copy=False)
    with pytest.raises(ValueError, match="Unable to avoid copy"):
        lz.asarray(a, dtype="f4", copy=False)


@pytest.mark.parametrize("n", SIZES)
def test_the_array_interface_of_an_array(n):
    class Holder:  # what a library does that knows this protocol only
        def __init__(self, array):
            self.__array_interface__ = array.__array_interface__
            self.array = array

    x = lz.arange(float(n)) * 2
    before = x + 1
    assert x.__array_interface__["typestr"] == "<f8" and x.__array_interface__["shape"] == (n,)
    m = np.asarray(Holder(x))
    m[1] = 70
    assert float(x[1]) == 70 and float(before[1]) == 3
    after = x + 1
    m[1] = 80
    assert float(after[1]) == 71
    x += 1
    assert m[1] == 81
    column = x.reshape(-1, 1)[::2]
    assert column.__array_interface__["strides"] == (16, 8)
    same(np.asarray(Holder(column)), np.asarray(column))
    assert Holder(lz.broadcast_to(x, (2, n))).__array_interface__["data"][1]  # read-only
    alive = weakref.ref(x)
    del x, m, before, after, column
    gc.collect()
    assert alive() is None


def test_an_interrupt_in_numpys_hands_is_not_lost():
    x = lz.ones(50_000_000)
    for _ in range(40):
        x = np.sin(x) + 1
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    start = time.monotonic()
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            np.asarray(x)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert time.monotonic() - start < 5
    assert not x.is_computed
    small = lz.ones(3) + 1
    same(small, np.full(3, 2.0))
