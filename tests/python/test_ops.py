"""Every row of the op table against NumPy: dtypes x layouts x lengths."""

import numpy as np
import pytest

from lazulite import _fallback
from oracle import DTYPES, LENGTHS, layouts, lz, quiet, rows, same, values

#: NumPy's own elementary functions are up to 4 ulp off; the rows' bounds are held against MPFR in the C++ tests.
NUMPY_ULP = 4.0
EXACT = {"negative", "absolute", "sign", "square", "reciprocal", "sqrt", "floor", "ceil", "trunc", "rint"}


def expected(ufunc, *args):
    with quiet():
        return getattr(np, ufunc.__name__)(*args)


def tolerance(ufunc):
    return NUMPY_ULP if ufunc.ulp >= 1 else 0.0


def least(ufunc):
    """Near 0, where the sum cancels, NumPy's logaddexp has only the precision of larger results."""
    return 4.0 if ufunc.__name__.startswith("logaddexp") else 0.0


def outcome(function, *args):
    """The value, or the type of the exception."""
    try:
        with quiet():
            return function(*args), None
    except (TypeError, ValueError, OverflowError) as e:
        return None, type(e)


@pytest.mark.parametrize("ufunc", rows("unary", "test"), ids=lambda u: u.__name__)
def test_unary(ufunc):
    reference = getattr(np, ufunc.__name__, None)
    if reference is None or reference is np.i0:  # np.i0 is infinite from 710 on, where the function is not yet
        pytest.skip("NumPy has no such function: test_elementary or test_special has this one")
    for dtype in DTYPES:
        for n in LENGTHS:
            a = values(dtype, n)
            for name, layout in layouts(a) if n < 300 else [("contiguous", lambda x: x)]:
                want, error = outcome(reference, layout(a))
                got, mine = outcome(ufunc, layout(lz.asarray(a)))
                assert mine == error, (ufunc, dtype, mine, error)
                if want is not None:
                    same(got, want, tolerance(ufunc), f"{ufunc.__name__} {dtype} {n} {name}")


@pytest.mark.parametrize("ufunc", rows("binary", "compare"), ids=lambda u: u.__name__)
def test_binary_on_every_pair_of_dtypes(ufunc):
    reference = getattr(np, ufunc.__name__)
    n = 300
    for s in DTYPES:
        for t in DTYPES:
            a, b = values(s, n, 1), values(t, n, 2)
            want, error = outcome(reference, a, b)
            got, mine = outcome(ufunc, lz.asarray(a), lz.asarray(b))
            assert mine == error, (ufunc, s, t, mine, error)
            if want is not None:
                same(got, want, tolerance(ufunc), f"{ufunc.__name__} {s} {t}", least(ufunc))


@pytest.mark.parametrize("ufunc", rows("binary", "compare"), ids=lambda u: u.__name__)
def test_binary_lengths_and_layouts(ufunc):
    reference = getattr(np, ufunc.__name__)
    for dtype in (np.dtype("d"), np.dtype("f"), np.dtype("i"), np.dtype("B")):
        for n in LENGTHS:
            a, b = values(dtype, n, 3), values(dtype, n, 4)
            for name, layout in layouts(a) if n < 300 else [("contiguous", lambda x: x)]:
                for other, second in (("array", layout(b)), ("scalar", 3)):
                    want, error = outcome(reference, layout(a), second)
                    y = layout(lz.asarray(b)) if other == "array" else second
                    got, mine = outcome(ufunc, layout(lz.asarray(a)), y)
                    assert mine == error, (ufunc, dtype, mine, error)
                    if want is not None:
                        same(got, want, tolerance(ufunc), f"{ufunc.__name__} {dtype} {n} {name} {other}", least(ufunc))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_where_and_clip(dtype):
    for n in LENGTHS:
        c, x, y = values("?", n, 5), values(dtype, n, 6), values(dtype, n, 7)
        C, X, Y = lz.asarray(c), lz.asarray(x), lz.asarray(y)
        one = x[:1][0] if n else dtype.type(1)
        same(lz.where(C, X, Y), np.where(c, x, y))
        same(lz.where(C, X, one), np.where(c, x, one))
        same(lz.where(C, one, Y), np.where(c, one, y))
        same(lz.where(X, Y, X), np.where(x, y, x))
        low, high = dtype.type(0), dtype.type(1)
        with quiet():
            same(np.clip(X, low, high), np.clip(x, low, high))
            # Which zero wins where x == bound == 0 differs between NumPy's own loops: only the values count.
            assert np.array_equal(np.asarray(lz.clip(X, Y, high)), np.clip(x, y, high), equal_nan=dtype.kind == "f")


@pytest.mark.parametrize("source", DTYPES, ids=str)
def test_casts(source):
    for target in DTYPES:
        for n in (1, 5, 64, 100, 300, 1000):
            a = values(source, n)
            if source.kind == "f" and target.kind in "iu":
                # Out of range is undefined in C, and NumPy's answer depends on the loop that the compiler chose.
                info = np.iinfo(target)
                with quiet():
                    a = a[(a > max(float(info.min), -(2.0**63))) & (a < float(info.max) * 0.999)]
            with quiet():
                want = a.astype(target)
            same(lz.asarray(a).astype(target), want, 0, f"{source} -> {target} {n}")


def test_composed_expressions_fuse_to_one_pass():
    a, b = values("d", 1000, 8), values("d", 1000, 9)
    with quiet():
        want = np.where(a > b, np.sqrt(a * a + b * b) / (np.abs(b) + 1), -(a - b) * 2) + (a < 0)
    A, B = lz.asarray(a), lz.asarray(b)
    y = lz.where(A > B, lz.sqrt(A * A + B * B) / (abs(B) + 1), -(A - B) * 2) + (A < 0)
    assert lz.explain(y).count("pass 1:") == 1 and "pass 2:" not in lz.explain(y)
    same(y, want)


@pytest.mark.parametrize("dtype", ["b", "B", "i", "Q", "f", "d"])
def test_division_shift_and_power_operators(dtype):
    a, b = values(dtype, 400, 11), values(dtype, 400, 12)
    x, y = lz.asarray(a), lz.asarray(b)
    with quiet():
        for got, want in zip(divmod(x, y) + divmod(7, x), divmod(a, b) + divmod(np.array(7, dtype), a), strict=True):
            same(got, want)
        same(np.divmod(x, y)[1], np.divmod(a, b)[1])
        x //= y
        a //= b
        same(x, a)
        x %= 3
        a %= 3
        same(x, a)
        same(x**3, a**3, 4)
        same(2**y, 2**b, 4) if b.dtype.kind != "i" else None
        same(lz.float_power(x, 2), np.float_power(a, 2), 4)
        if a.dtype.kind in "iu":
            shifts = (b % 16).astype(dtype)
            x <<= lz.asarray(shifts)
            a <<= shifts
            same(x, a)
            same(x >> y, a >> b)


def test_integer_powers():
    """NumPy looks at integer exponents at once: a negative one is an error on its line."""
    a = np.array([2, -3, 5])
    x, e = lz.asarray(a), lz.asarray(np.array([1, 2, 3]))
    for base in (a, x):
        with pytest.raises(ValueError, match="Integers to negative integer powers are not allowed"):
            base**-1
    same(x**e, a ** np.array([1, 2, 3]))
    with pytest.raises(ValueError, match="negative integer powers"):
        x ** (-e)
    same(x ** lz.asarray(np.array([1, 2, 3], "u1")), a ** np.array([1, 2, 3], "u1"))


@pytest.mark.parametrize("name", ["true_divide", "bitwise_not", "abs", "acos", "asin", "atan"])
def test_numpys_other_names_are_the_same_functions(name):
    reference = getattr(np, name, None)  # NumPy 1 has no acos
    if reference is not None:
        assert getattr(lz, name) is getattr(lz, reference.__name__)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_divmod_is_two_rows(dtype):
    a, b = values(dtype, 40), values(dtype, 40, 1)
    _fallback.calls.clear()
    with quiet():
        for x, y in ((a, b), (a[::-2], b[1]), (a.reshape(5, 8).T, b[:5])):
            want, error = outcome(np.divmod, x, y)
            for function in (np.divmod, lz.divmod):
                got, mine = outcome(function, lz.asarray(x), lz.asarray(y))
                assert mine == error
                for g, w in zip(got or (), want or (), strict=True):
                    assert isinstance(g, lz.Array)
                    same(g, w)
        if dtype.kind == "b":
            return
        assert not _fallback.calls
        targets = [lz.empty(40, dtype), np.empty(40, dtype)]
        got = np.divmod(lz.asarray(a), b, out=tuple(targets))
        for g, target, w in zip(got, targets, np.divmod(a, b), strict=True):
            assert g is target
            same(g, w)
        with pytest.raises(TypeError, match="'out' must be a tuple of arrays"):
            lz.divmod(lz.asarray(a), b, out=lz.empty(40, dtype))
        same(lz.divmod(lz.asarray(a), b, where=True)[0], np.divmod(a, b)[0])


@pytest.mark.parametrize("ufunc", rows("unary", "test", "binary", "compare", "composite"), ids=lambda u: u.__name__)
def test_dtype_argument(ufunc):
    reference = getattr(np, ufunc.__name__, None)
    if not isinstance(reference, np.ufunc):
        return
    for loop in DTYPES:
        for source in DTYPES:
            a = np.array([0, 1, 1, 0, 1]).astype(source)
            for others in ([a] * (ufunc.nin - 1), [2] * (ufunc.nin - 1), [0.5] * (ufunc.nin - 1)):
                want, error = outcome(lambda *x, t=loop: reference(*x, dtype=t), a, *others)
                got, mine = outcome(lambda *x, t=loop: ufunc(*x, dtype=t), lz.asarray(a), *others)
                assert mine == error, (loop, source, others, mine, error)
                if want is not None:
                    same(got, want, tolerance(ufunc), f"{loop} {source} {others}")


def test_a_scalar_is_what_a_ufunc_makes_of_0_d_arrays():
    for dtype in DTYPES[1:]:
        for name in ("floor", "ceil", "trunc", "absolute", "positive"):
            x = lz.asarray(np.ones((), dtype))
            assert getattr(lz, name)(x).is_scalar, (name, dtype)
            if name != "absolute":
                assert getattr(lz, name)(x, dtype=np.float64).is_scalar, (name, dtype)
