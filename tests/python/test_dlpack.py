"""DLPack, both ways: what NumPy takes from us and we from NumPy, whose memory it is, and what is refused."""

import ctypes
import gc
import weakref

import numpy as np
import pytest

from oracle import DTYPES, layout_variants, lz, same, values

SIZES = [3, 300, 20_000]


def name_of(capsule):
    get = ctypes.pythonapi.PyCapsule_GetName
    get.restype, get.argtypes = ctypes.c_char_p, [ctypes.py_object]
    return get(capsule)


class Producer:
    """A library with a tensor: an ndarray behind DLPack's two methods."""

    def __init__(self, array, device=(1, 0), **fixed):
        self.array, self.device, self.fixed = array, device, fixed

    def __dlpack_device__(self):
        return self.device

    def __dlpack__(self, **kwargs):
        return self.array.__dlpack__(**{**kwargs, **self.fixed})


class OldProducer(Producer):
    def __dlpack__(self, stream=None):
        return self.array.__dlpack__()


class Taken(Producer):
    """Gives the same capsule twice."""

    def __init__(self, array):
        super().__init__(array)
        self.capsule = array.__dlpack__()

    def __dlpack__(self, **kwargs):
        return self.capsule


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_and_layout_both_ways(dtype):
    a = values(dtype, 24).reshape(4, 6)
    x = lz.asarray(a)
    for view in (lambda v: v, lambda v: v[:0], lambda v: v[1, 2:3].reshape(()), *layout_variants(2)):
        for source, like in ((x, a), (Producer(a), a), (OldProducer(a), a)):
            if isinstance(source, Producer):
                source = type(source)(view(a))
                got = lz.from_dlpack(source)
            else:
                source = view(source)
                got = np.from_dlpack(source)
                assert got.strides == np.from_dlpack(view(like)).strides or got.size == 0
                same(lz.from_dlpack(source), view(like))
            same(got, view(like))


@pytest.mark.parametrize("n", SIZES)
def test_an_export_shares_memory(n):
    x = lz.arange(float(n)) * 2
    before = x + 1
    m = np.from_dlpack(x)
    assert np.shares_memory(m, np.asarray(x)) and m.flags.writeable
    m[1] = 70
    after = x + 0
    m[1] = 80
    assert (float(before[1]), float(after[1]), float(x[1])) == (3, 70, 80)
    x += 1
    assert m[1] == 81
    own = np.from_dlpack(x, copy=True)
    own[1] = 0
    assert float(x[1]) == 81
    again = lz.from_dlpack(x)  # ourselves as the consumer
    again[1] = 5
    assert m[1] == 5 and float(x[1]) == 5


@pytest.mark.parametrize("n", SIZES)
def test_an_import_shares_memory(n):
    a = np.arange(float(n))
    x = lz.from_dlpack(a)
    assert np.shares_memory(np.asarray(x), a) and x.is_writeable
    before = x + 1
    window = x[1:] * 1
    a[1] = 70
    assert (float(before[1]), float(window[0]), float(x[1])) == (2, 1, 70)
    x[2] = 5
    x += 1
    assert a[2] == 6 and a[1] == 71
    own = lz.from_dlpack(a, copy=True)
    for old in (own, lz.from_dlpack(OldProducer(a), copy=True)):
        assert old.is_writeable and not np.shares_memory(np.asarray(old), a)
    a[1] = 0
    assert float(own[1]) == 71
    back = np.from_dlpack(lz.from_dlpack(a))
    assert np.shares_memory(back, a)


def test_read_only_arrays():
    a = np.arange(6.0)
    a.setflags(write=False)
    x = lz.from_dlpack(a)
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 1
    for v in (x, a, lz.broadcast_to(lz.ones(3), (2, 3))):
        assert not np.from_dlpack(v).flags.writeable
        assert np.from_dlpack(v, copy=True).flags.writeable
        with pytest.raises(BufferError, match="Cannot export readonly array"):
            v.__dlpack__()
    assert not lz.from_dlpack(OldProducer(np.ones(3))).is_writeable  # as NumPy's


def test_scalars_give_copies():
    s = lz.arange(5.0).sum()
    m = np.from_dlpack(s)
    m[...] = 0
    assert float(s) == 10 and m.shape == ()


def test_memory_goes_back_and_lives_as_long_as_needed():
    x = lz.arange(5000.0) * 2
    m = np.from_dlpack(x)
    del x
    gc.collect()
    for _ in range(20):
        (lz.ones(5000) * 7).compute()
    same(m, np.arange(5000.0) * 2)

    class Owner(np.ndarray):
        pass

    owner = np.arange(5000.0).view(Owner)
    alive = weakref.ref(owner)
    x = lz.from_dlpack(owner)
    y = x + 1
    del owner
    gc.collect()
    assert alive() is not None
    del x
    same(y, np.arange(1.0, 5001.0))
    lz.ones(3)  # a Lazulite call lets go of what was freed
    assert alive() is None

    x = lz.ones(20_000)
    for version in (None, (1, 0)):
        capsule = x.__dlpack__(max_version=version)  # that nobody takes
        del capsule
    in_use = lz.memory()["in_use"]
    z = x + 0  # not exported any more: read in place
    assert lz.memory()["in_use"] == in_use
    same(z, np.ones(20_000))


def test_capsules_and_arguments_as_numpys():
    a = np.ones(3)
    for v in (a, lz.ones(3)):
        assert v.__dlpack_device__() == (1, 0)
        assert name_of(v.__dlpack__()) == b"dltensor"
        assert name_of(v.__dlpack__(max_version=(0, 8))) == b"dltensor"
        assert name_of(v.__dlpack__(max_version=(1, 0))) == b"dltensor_versioned"
        assert name_of(v.__dlpack__(max_version=(2, 7), dl_device=(1, 0))) == b"dltensor_versioned"
        for error, kwargs in (
            (TypeError, {"max_version": 3}),
            (TypeError, {"max_version": (1,)}),
            ((RuntimeError, ValueError), {"stream": 1}),  # ValueError since NumPy 2.5
            (BufferError, {"dl_device": (2, 0)}),
            (BufferError, {"dl_device": (1, 1)}),
            (TypeError, {"dl_device": 3}),
            (ValueError, {"copy": "x"}),
        ):
            with pytest.raises(error):
                v.__dlpack__(**kwargs)
    for library in (np, lz):
        same(np.asarray(library.from_dlpack(a, device="cpu")), a)
        with pytest.raises(AttributeError, match="__dlpack"):
            library.from_dlpack(3)
        with pytest.raises(ValueError, match="Device not understood"):
            library.from_dlpack(a, device="gpu")
        taken = Taken(a)
        library.from_dlpack(taken)
        with pytest.raises(ValueError, match="PyCapsule"):
            library.from_dlpack(taken)
    with pytest.raises(BufferError, match="Unsupported dtype"):
        lz.from_dlpack(np.zeros(3, "c16"))
