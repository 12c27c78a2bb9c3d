"""Views, overlapping writes, and the rule that values are those of the line that used them."""

import numpy as np
import pytest

from oracle import lz, same

SIZES = [5, 64, 65, 300, 1000, 20_000]


def pair(n, dtype="d"):
    a = (np.arange(n) % 13).astype(dtype)
    return a, lz.asarray(a)


@pytest.mark.parametrize("n", SIZES)
def test_overlapping_writes(n):
    n += n % 2
    a, x = pair(n)
    a[1:] += a[:-1]
    x[1:] += x[:-1]
    same(x, a)
    a[::2] = a[1::2]
    x[::2] = x[1::2]
    same(x, a)
    a[:] = a[::-1]
    x[:] = x[::-1]
    same(x, a)
    a[n // 2 :] = a[: n // 2] * 2 + a[n // 2 :]
    x[n // 2 :] = x[: n // 2] * 2 + x[n // 2 :]
    same(x, a)


def test_view_of_a_view_and_transposed_write():
    a = np.arange(60.0).reshape(5, 12)
    x = lz.asarray(a.copy())
    for v in (a, x):
        w = v[1:4][:, ::3]
        w[0] = -1
        w.T[2] *= 10
        v.T[3:5, 1:] += v[1:, 3:5].T
        v.reshape(-1)[7] = 99
        v.T.reshape(12, 5)[0, 0] = 5
    same(x, a)


def test_reshape_is_a_view_exactly_where_numpys_is():
    a = np.arange(24.0).reshape(4, 6)
    x = lz.asarray(a.copy())
    for make in (
        lambda v: v.T.reshape(-1),
        lambda v: (v.T + v.T).reshape(-1),
        lambda v: (v.T + v.T).T.reshape(-1),
        lambda v: v[:, ::2].reshape(-1),
        lambda v: v[::2].reshape(2, 2, 3),
        lambda v: v[:, None].reshape(4, 6),
    ):
        for v in (a, x):
            r = make(v)
            r[...] = r * 2
        same(x, a)
        same(make(x), make(a))


def test_layout_follows_numpys_k_order():
    a = np.arange(24.0).reshape(2, 3, 4)
    x = lz.asarray(a)
    for f in (
        lambda v: v.T + 1,
        lambda v: v.transpose(1, 0, 2) * v.transpose(1, 0, 2),
        lambda v: v[::-1].T - 1,
        lambda v: v + v[:, :1],
        lambda v: v.transpose(2, 0, 1) + np.float64(1),
    ):
        assert np.asarray(f(x)).strides == f(a).strides == f(x).strides


def test_operands_changed_later_do_not_change_the_result():
    for n in SIZES:
        a = np.arange(float(n))
        x = lz.asarray(a)
        y = x + 1  # the ndarray's values now
        a[:] = -1
        same(y, np.arange(float(n)) + 1)
        z = x * 2
        x += 1
        x[0] = 50
        same(z, np.arange(float(n)) * 2)
        view = x[1:3]
        w = view + 0
        view[:] = 0
        same(w, np.arange(2.0, 4.0))


def test_exported_memory_is_shared_both_ways():
    for n in SIZES:
        x = lz.asarray(np.arange(float(n)))
        pending = x + 1
        m = np.asarray(x)
        m[0] = 100  # the array sees it, what was written before does not
        assert float(x[0]) == 100 and float(pending[0]) == 1
        later = x + 1
        m[0] = 200
        assert float(later[0]) == 101 and float((x + 1)[0]) == 201
        x[1] = 7
        assert m[1] == 7
        x += 1
        assert m[1] == 8
        del m
        assert float((x + 1)[1]) == 9


def test_scalars_are_values():
    x = lz.asarray([1.0, 2.0, 3.0])
    t = x[0]
    t += 1
    assert float(x[0]) == 1 and float(t) == 2
    s = x.sum()
    u = s
    s += 1
    assert (float(s), float(u)) == (7, 6)
    v = x[0, ...]
    v += 10
    assert float(x[0]) == 11
    assert hash(x[1]) == hash(2.0)
    with pytest.raises(TypeError):
        hash(x)
    with pytest.raises(TypeError):
        x[0][...] = 3


def test_read_only_views():
    b = lz.broadcast_to(lz.ones(3), (4, 3))
    with pytest.raises(ValueError, match="read-only"):
        b[0] = 1
    assert not np.asarray(b).flags.writeable
    m = np.frombuffer(bytes(80_000))
    assert np.shares_memory(np.asarray(lz.asarray(m)), m)
    with pytest.raises(ValueError, match="read-only"):
        lz.asarray(m)[0] = 1


def test_a_recurrence_stays_linear():
    n = 2000
    x = lz.zeros(n)
    before = lz.memory()["in_use"]
    for i in range(1, n):
        x[i] = x[i - 1] + 1
    same(x, np.arange(float(n)))
    assert lz.memory()["in_use"] - before < 100_000


def test_pickle_and_copy():
    import copy
    import pickle

    x = lz.asarray(np.arange(1000.0))
    y = (x * 2)[::3]
    for f in (lambda v: pickle.loads(pickle.dumps(v)), copy.copy, copy.deepcopy):
        z = f(y)
        same(z, np.arange(1000.0)[::3] * 2)
        z[0] = -1
        assert float(y[0]) == 0
    assert len(pickle.dumps(lz.zeros(100_000)[:10])) < 1000
