"""NumPy's scalars against its 0-d arrays: which result is which, and calls with Python numbers only."""

import numpy as np
import pytest

from oracle import DTYPES, lz, quiet, same

CALLS = {
    "positive": lambda xp: xp.positive(3.0),
    "positive of int8": lambda xp: xp.positive(np.int8(5)),
    "positive, dtype": lambda xp: xp.positive(3, dtype="f4"),
    "sum of a number": lambda xp: xp.sum(3),
    "max of a number": lambda xp: xp.max(5),
    "mean of a number": lambda xp: xp.mean(2),
    "argmax of a number": lambda xp: xp.argmax(7),
    "axis of a 0-d array": lambda xp: xp.sum(xp.asarray(3.0), axis=0),
    "where": lambda xp: xp.where(True, 1, 2),
    "where with a strong operand": lambda xp: xp.where(True, np.float32(1), 2),
    "clip": lambda xp: xp.clip(5, 1, 2),
    "clip of int8": lambda xp: xp.clip(np.int8(5), 1, 2),
    "maximum": lambda xp: xp.maximum(3, np.float32(2)),
    "add": lambda xp: xp.add(1, 2),
    "add with out": lambda xp: xp.add(np.float64(1), 1, out=xp.zeros(())),
    "sum with out": lambda xp: xp.sum(5, out=xp.zeros(())),
    "0-d arrays": lambda xp: xp.asarray(5) + xp.asarray(6),
    "0-d array and number": lambda xp: xp.zeros(()) + 1,
    "element": lambda xp: xp.arange(3.0)[1],
    "element by 0-d array": lambda xp: xp.arange(3.0)[xp.asarray(1)],
    "element and ellipsis": lambda xp: xp.arange(3.0)[1, ...],
    "element with a new axis": lambda xp: xp.arange(3.0)[1, None],
    "whole of 0-d": lambda xp: xp.zeros(())[()],
    "scalar with ellipsis": lambda xp: xp.arange(3.0).sum()[...],
    "copy of a 0-d array": lambda xp: xp.asarray(3.0).copy(),
    "full": lambda xp: xp.full((), 3),
    "reshape": lambda xp: xp.reshape(5, (1, 1)),
    "squeeze": lambda xp: xp.squeeze(xp.ones((1, 1))),
    "truth": lambda xp: xp.logical_not(3),
    "comparison": lambda xp: xp.arange(3.0).sum() > 2,
    "keepdims": lambda xp: xp.sum(xp.ones((2, 2)), keepdims=True),
    "in place on a scalar": lambda xp: in_place(xp.arange(3.0).sum()),
    "in place on a 0-d array": lambda xp: in_place(xp.asarray(3.0)),
}


def in_place(x):
    x += 1
    return x


@pytest.mark.parametrize("name", CALLS)
def test_scalar_or_array(name):
    with quiet():
        want, got = CALLS[name](np), CALLS[name](lz)
    assert got.is_scalar == isinstance(want, np.generic)
    same(got, want)
    assert repr(got) == repr(want)


def test_promotion_of_three_operands():
    for s in "?bBhHiIqQfd":
        for t in "?bBhHiIqQfd":
            a, b = np.ones(3, s), np.ones(3, t)
            x, y = lz.asarray(a), lz.asarray(b)
            same(lz.where(a > 0, x, y), np.where(a > 0, a, b))
            same(lz.clip(x, 0, y), np.clip(a, 0, b))
            for number in (1, 1.5, True, a.dtype.type(1)):
                same(lz.where(x, number, y), np.where(a, number, b))


def test_conversions():
    x = lz.asarray([1.5, 2.5])
    assert (float(x[0]), int(x[1]), complex(x[0]), bool(x[0]), round(x[0])) == (1.5, 2, 1.5 + 0j, True, 2)
    assert [10, 20, 30][lz.arange(3)[1]] == 20 and list(range(lz.arange(4)[3])) == [0, 1, 2]
    assert f"{x[1]:.3f} {x.sum()}" == "2.500 4.0"
    assert {lz.arange(5)[3]: "x"}[3] == "x"


def test_numbers_alone_make_arrays_with_values():
    """Ops that give back an operand, and that operand a number."""
    for dtype in DTYPES[1:]:
        one = lz.asarray(np.ones((), dtype))
        same(np.power(np.int8(3), one), np.power(np.int8(3), np.ones((), dtype)))
    same(lz.floor(np.int8(3), dtype=np.int32), np.int32(3))


def test_where_takes_the_low_bits_of_a_number():
    mask = np.array([True, False])
    for dtype in DTYPES[1:9]:
        a = np.ones(2, dtype)
        for number in (-3, 300, 2**40, 2**64 - 1):
            try:
                wants = np.where(mask, a, number), np.where(mask, number, a)
            except OverflowError:  # from NumPy 2.5 on, of what the dtype does not hold
                continue
            same(lz.where(mask, lz.asarray(a), number), wants[0])
            same(np.where(mask, number, lz.asarray(a)), wants[1])
        with pytest.raises(OverflowError):
            lz.where(mask, lz.asarray(a), 2**64)
