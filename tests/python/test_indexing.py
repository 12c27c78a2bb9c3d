"""Basic indexing against NumPy, reading and writing; index arrays and masks through NumPy."""

import numpy as np
import pytest

from oracle import lz, same

INDICES = [
    0, -1, slice(None), slice(1, 3), slice(None, None, -1), slice(3, 0, -2), slice(10, 20), slice(-2, None),
    (0, 1), (slice(None), 2), (Ellipsis, 1), (None, 0), (0, None, slice(None)), (slice(1, None), slice(None, None, -1)),
    (Ellipsis,), (0, Ellipsis, None), (), (slice(2, 2),), np.int64(1), (np.int32(-1), slice(None, None, 2)),
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(INDICES)))
def test_basic(k):
    index = INDICES[k]
    a = np.arange(60.0).reshape(4, 5, 3)
    x = lz.asarray(a)
    same(x[index], a[index])
    same((x * 2)[index], (a * 2)[index])
    b, y = a.copy(), lz.asarray(a)
    b[index] = -1
    y[index] = -1
    same(y, b)
    b[index] = b[index] * 2 + 1
    y[index] = y[index] * 2 + 1
    same(y, b)


def test_element_is_a_scalar_and_full_ellipsis_is_not():
    x = lz.asarray(np.arange(6.0).reshape(2, 3))
    assert x[0, 1].is_scalar and x[0, 1].shape == () and not x[0, 1, ...].is_scalar
    assert repr(x[1, 2]) == "np.float64(5.0)"


@pytest.mark.parametrize(
    "index", [[0, 2], np.array([True, False, True]), ([0, 1], [1, 0]), (slice(None), [0, 0])], ids=str
)
def test_advanced_goes_to_numpy_and_is_said(index):
    a = np.arange(12.0).reshape(3, 4)
    x = lz.asarray(a)
    same(x[index], a[index])
    b = a.copy()
    b[index] = 9
    x[index] = 9
    same(x, b)
    assert "not fused: numpy indexing" in lz.explain(x)


def test_masked_write_stays_lazy():
    a = np.arange(1000.0)
    x = lz.asarray(a) * 1
    x[x > 500] = 0
    a[a > 500] = 0
    same(x, a)


def test_iteration_and_membership():
    x = lz.asarray(np.arange(6.0).reshape(3, 2))
    assert [float(r.sum()) for r in x] == [1, 5, 9]
    assert 4.0 in x and 7.0 not in x
    assert x.tolist() == [[0, 1], [2, 3], [4, 5]] and x[0].item(1) == 1.0
