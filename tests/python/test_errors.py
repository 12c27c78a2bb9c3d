"""A wrong line raises on that line, with NumPy's exception type and wording."""

import math
import operator

import numpy as np
import pytest

from oracle import DTYPES, lz, quiet, rows, same

A = np.arange(12.0).reshape(3, 4)
N = np.arange(12, dtype="i4")

#: What is wrong, as a function of the array and the library; the message must be NumPy's, or contain the given text.
WRONG = {
    "broadcast": (lambda x, xp: x + x[:, :3], "operands could not be broadcast together with shapes (3,4) (3,3)"),
    "reshape": (lambda x, xp: x.reshape(5, 5), None),
    "two unknowns": (lambda x, xp: x.reshape(-1, -1), None),
    "index": (lambda x, xp: x[3], None),
    "second index": (lambda x, xp: x[0, -5], None),
    "too many indices": (lambda x, xp: x[0, 0, 0], None),
    "bad index": (lambda x, xp: x["a"], None),
    "axis": (lambda x, xp: x.sum(axis=2), None),
    "duplicate axis": (lambda x, xp: x.sum(axis=(0, 0)), None),
    "assign shape": (lambda x, xp: operator.setitem(x, 0, [1, 2, 3]), None),
    "truth": (lambda x, xp: bool(x), None),
    "empty truth": (lambda x, xp: bool(x[:0]), None),
    "float": (lambda x, xp: float(x), None),
    "transpose": (lambda x, xp: x.transpose(0), None),
    "in-place shape": (lambda x, xp: operator.iadd(x[0], x), None),
    "broadcast_to": (lambda x, xp: xp.broadcast_to(x, (2, 2)), None),
    "squeeze": (lambda x, xp: xp.squeeze(x, 0), None),
    "boolean minus": (lambda x, xp: (x > 1) - (x > 2), None),
    "negative of bool": (lambda x, xp: -(x > 1), None),
    "float bits": (lambda x, xp: x & 1, "bitwise_and"),
    "min of nothing": (lambda x, xp: x[:0].min(), None),
    "argmax of nothing": (lambda x, xp: x[:0].argmax(), None),
    "len": (lambda x, xp: len(x.sum()), None),
    "iterate": (lambda x, xp: iter(x.sum()), None),
    "deletion": (lambda x, xp: operator.delitem(x, 0), None),
    "keepdims": (lambda x, xp: x.sum(keepdims="x"), None),
    "clip shapes": (
        lambda x, xp: xp.clip(x, x[:, :3], 1),
        "operands could not be broadcast together with shapes (3,4) (3,3) ()",
    ),
    "integer beyond float": (lambda x, xp: x + 10**400, None),
    "out of a reduction": (
        lambda x, xp: x.sum(axis=0, out=x),
        "non-broadcastable output operand with shape (3,4) doesn't match the broadcast shape (4,)",
    ),
    "float axis": (lambda x, xp: x.sum(axis=1.0), None),
    "axes of argmax": (lambda x, xp: x.argmax(axis=(0,)), None),
    "float index": (lambda x, xp: x[1.0], None),
    "float in a slice": (lambda x, xp: x[0:1.5], None),
    "zero step": (lambda x, xp: x[::0], None),
    "two ellipses": (lambda x, xp: x[..., ...], None),
    "index array out of bounds": (lambda x, xp: x[[99]], None),
    "mask of another length": (lambda x, xp: x[np.array([True, False])], None),
    "text to assign": (lambda x, xp: operator.setitem(x, 0, "a"), None),
    "too long to assign": (lambda x, xp: operator.setitem(x, slice(2), [1, 2]), None),
    "text to add": (lambda x, xp: x + "a", None),
    "None to compare": (lambda x, xp: x < None, None),
    "float shift": (lambda x, xp: x << 1, None),
    "inverted float": (lambda x, xp: ~x, None),
    "int of many": (lambda x, xp: int(x), None),
    "item of many": (lambda x, xp: x.item(), None),
    "item out of bounds": (lambda x, xp: x.item(99), None),
    "repeated axis": (lambda x, xp: x.transpose(0, 0), None),
    "transpose axis out of bounds": (lambda x, xp: x.transpose(0, 2), None),
    "expand_dims out of bounds": (lambda x, xp: xp.expand_dims(x, 5), None),
    "write to a broadcast": (lambda x, xp: operator.setitem(xp.broadcast_to(x, (2, 3, 4)), 0, 1), None),
    "unknown dtype": (lambda x, xp: x.astype("zz"), None),
    "unsafe cast": (lambda x, xp: x.astype("i4", casting="safe"), None),
    "unsafe dtype": (lambda x, xp: xp.add(x, 1, dtype="i4"), None),
    "unknown keyword": (lambda x, xp: xp.add(x, 1, foo=2), None),
    "one operand of two": (lambda x, xp: xp.add(x), None),
    "out of no array": (lambda x, xp: xp.add(x, 1, out=3), None),
    "where with one branch": (lambda x, xp: xp.where(x > 1, x), None),
    "matmul": (lambda x, xp: x @ x, None),
    "negative length": (lambda x, xp: xp.zeros(-1), None),
    "float length": (lambda x, xp: xp.zeros(1.5), None),
    "no step": (lambda x, xp: xp.arange(0, 1, 0), None),
    "scalar is no array": (lambda x, xp: x[0, 0][0], None),
    "text as an axis": (lambda x, xp: x.min(axis="a"), None),
}


@pytest.mark.parametrize("name", WRONG)
def test_numpys_error(name):
    wrong, text = WRONG[name]
    with pytest.raises(Exception) as theirs:
        wrong(A.copy(), np)
    with pytest.raises(type(theirs.value)) as mine:
        wrong(lz.asarray(A), lz)
    assert (text or str(theirs.value)) in str(mine.value)


INTEGER_WRONG = {
    "in-place cast": lambda x: operator.iadd(x, 1.5),
    "in-place divide": lambda x: operator.itruediv(x, 2),
    "python int too large": lambda x: x + 2**40,
    "python int too large to assign": lambda x: operator.setitem(x, 0, 2**40),
    "NaN to assign": lambda x: operator.setitem(x, 0, math.nan),
    "infinity to assign": lambda x: operator.setitem(x, slice(2), -math.inf),
    "python float too large to assign": lambda x: operator.setitem(x, ..., 1e300),
    "python float out of the dtype's range": lambda x: x.fill(1e10),
    "negative integer power": lambda x: x**-1,
}


@pytest.mark.parametrize("name", INTEGER_WRONG)
def test_numpys_error_on_integers(name):
    wrong = INTEGER_WRONG[name]
    with pytest.raises(Exception) as theirs:
        wrong(N.copy())
    with pytest.raises(type(theirs.value)) as mine:
        wrong(lz.asarray(N))
    if not isinstance(theirs.value, OverflowError):
        assert str(theirs.value) in str(mine.value)


def test_out_of_shape_and_dtype():
    x, out = lz.zeros(3), lz.zeros(4)
    with pytest.raises(ValueError, match="non-broadcastable output operand"):
        lz.add(x, 1, out=out)
    with pytest.raises(TypeError, match="same_kind"):
        lz.add(x, 1, out=lz.zeros(3, dtype="i4"))
    n = np.zeros(3)
    assert lz.add(x, 1, out=n) is n and n.tolist() == [1, 1, 1]
    y = lz.zeros(3)
    assert np.add(x, 2, out=y) is y and np.asarray(y).tolist() == [2, 2, 2]
    for wide in (lz.zeros((2, 3)), np.zeros((2, 3))):  # out stretches nothing, the result may be repeated
        assert lz.add(x, 3, out=wide) is wide and np.asarray(wide).tolist() == [[3, 3, 3]] * 2


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_python_numbers_are_weak(dtype):
    a = np.array([0, 1, 1], dtype)
    x = lz.asarray(a)
    for number in (2, -1, 2.5, True, 300, 2**63, -(2**63), 1e300):
        for op in (operator.add, operator.mul, operator.lt, operator.eq, operator.ge, *rows("binary", "compare")):
            reference = getattr(np, op.__name__) if isinstance(op, type(lz.add)) else op
            for swap in (False, True):
                with quiet():
                    try:
                        want, error = (reference(number, a) if swap else reference(a, number)), None
                    except (OverflowError, TypeError, ValueError) as e:
                        want, error = None, type(e)
                    try:
                        got, mine = (op(number, x) if swap else op(x, number)), None
                    except (OverflowError, TypeError, ValueError) as e:
                        got, mine = None, type(e)
                if want is not None and want.dtype == np.float16:
                    continue  # a dtype that Lazulite has not yet
                assert error == mine, (dtype, number, op, error, mine)
                if error is None:
                    same(got, want, 4 if getattr(op, "ulp", 0) >= 1 else 0, f"{dtype} {op} {number} {swap}")


def test_numpy_scalars_are_strong():
    x = lz.ones(3, dtype="f4")
    assert (x * np.float64(2)).dtype == np.float64
    assert (x * 2.0).dtype == np.float32
    assert (np.float64(2) * x).dtype == np.float64
