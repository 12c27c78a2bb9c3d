"""Copies of every kind: copy, deepcopy, pickle, np.save; and files mapped into memory as operands."""

import copy
import pickle

import numpy as np
import pytest

from oracle import DTYPES, SHADOWS, UNDER_TSAN, layout_variants, lz, same, values
from test_engine import child

COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {p}": lambda x, p=p: pickle.loads(pickle.dumps(x, p)) for p in range(2, pickle.HIGHEST_PROTOCOL + 1)},
}
copies = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


@copies
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_views(duplicate, dtype):
    a = values(dtype, 600).reshape(20, 30)
    x = lz.asarray(a)
    for view in (lambda v: v, lambda v: v[:0], lambda v: v[1, 2:3].reshape(()), *layout_variants(2)):
        got = duplicate(view(x))
        same(got, view(a))
        assert isinstance(got, lz.Array) and got.is_writeable and not got.is_view and not got.is_scalar
        got[...] = 0
        same(x, a)


@copies
@pytest.mark.parametrize("n", [3, 300, 20_000])
def test_graphs_that_are_not_computed(duplicate, n):
    a = np.arange(float(n))
    x = lz.asarray(a)
    y = np.sqrt(x * 2 + 1)[::-1]
    got = duplicate(y)
    x[:] = -1
    y[0] = 5
    same(got, np.sqrt(a * 2 + 1)[::-1])


@copies
def test_scalars(duplicate):
    total = duplicate(lz.arange(1000.0).sum())
    assert total.is_scalar and float(total) == 499_500 and hash(total) == hash(499_500.0)
    for t in DTYPES:
        one = duplicate(lz.ones(1, t)[0])
        assert one.is_scalar and one.dtype == t and int(one) == 1


@copies
def test_read_only_arrays(duplicate):
    x = lz.asarray(np.frombuffer(np.arange(10_000.0).tobytes()))
    assert not x.is_writeable
    for v in (x, x[::-2], lz.broadcast_to(lz.ones(3), (4, 3))):
        got = duplicate(v)
        same(got, np.asarray(v))
        got[0] = 1  # as NumPy's copies, it may be written


def test_files_of_numpys(tmp_path):
    x = lz.asarray(np.arange(24.0)).reshape(4, 6)
    for k, v in enumerate((x, x.T, x[:, ::2], x * 2, x.sum(), x[:0], x > 3)):
        path = tmp_path / f"{k}.npy"
        np.save(path, v)
        want = np.load(path)
        same(v, want)
        same(lz.load(path), want)
        lz.save(path, v)  # NumPy's order
        same(lz.load(path, allow_pickle=False), want)
        if want.size:
            same(lz.asarray(np.load(path, mmap_mode="r")) * 1, want * 1)
    np.savez(tmp_path / "all.npz", x=x, y=x + 1)
    with np.load(tmp_path / "all.npz") as f:
        same(x + 1, f["y"])


def test_a_mapped_file_is_streamed(tmp_path):
    n = 4_000_000  # 32 MB
    np.arange(float(n)).tofile(tmp_path / "values")
    a = np.memmap(tmp_path / "values", mode="r", dtype="d")
    lz.ones(3).sum().compute()
    before = lz.memory()["in_use"]
    with lz.options(memory_limit=before + 2_000_000):  # a copy would pass it
        x = lz.asarray(a)
        views = x[::2], x.reshape(2, -1)[:, 1:], lz.asarray(a[10:])
        assert float(x.sum()) == n * (n - 1) / 2
        assert float((lz.asarray(a) * 2 + a).max()) == 3 * (n - 1)
        assert float((np.float64(1) + lz.asarray(a[::-1]))[0]) == n
        for v, want in zip(views, (a[::2], a.reshape(2, -1)[:, 1:], a[10:]), strict=True):
            assert float(np.minimum(v, 7.0).max()) == 7 and v.shape == want.shape
        assert np.shares_memory(np.asarray(x), a)
        with pytest.raises(ValueError, match="read-only"):
            x[0] = 1
    assert lz.memory()["in_use"] - before < 2_000_000


@pytest.mark.skipif(UNDER_TSAN, reason=SHADOWS)
def test_a_mapped_file_takes_no_memory_of_ours(tmp_path):
    np.arange(4_000_000.0).tofile(tmp_path / "values")  # 32 MB
    printed = child(
        f"""
        import numpy as np, lazulite as lz

        def resident():  # but for the pages of files
            with open("/proc/self/status") as f:
                return next(int(line.split()[1]) for line in f if line.startswith("RssAnon"))

        a = np.memmap({str(tmp_path / "values")!r}, mode="r", dtype="d")
        b = lz.asarray(np.memmap({str(tmp_path / "values")!r}, mode="r", dtype="d", shape=(2000, 2000), order="F"))
        float((lz.asarray(a[:100_000]) * 2).sum())
        before = resident()
        right = float((lz.asarray(a) * 2 + a).max()) == 3 * 3_999_999
        right &= float(np.sqrt(b.T[::-2]).max()) == np.sqrt(3_999_999)
        with lz.options(eager_below=0):
            right &= float(np.add(a[::3], lz.asarray(a)[::3]).min()) == 0
        print(right, resident() - before < 10_000)  # kB
        """
    )
    assert printed == "True True"
