"""Powers and shifts against NumPy: all pairs of dtypes, Python numbers, negative exponents, widths."""

import itertools
import operator

import numpy as np
import pytest

from oracle import DTYPES, lz, quiet, same, values

NUMBERS = [2, 3, 1, 0, -1, 0.5, 2.0, -1.0, 1.0, -0.5, True, np.int8(2), np.float32(0.5), np.float64(2), np.uint8(2)]
INTS = [t for t in DTYPES if t.kind in "iu"]


def outcome(function, *operands):
    """The result, or the type and text of the error."""
    with quiet():
        try:
            return function(*operands)
        except (ValueError, TypeError, OverflowError) as error:
            return type(error), str(error)


def agree(function, *operands, ulp=4):
    """The same outcome with the arrays lazy; float16, which NumPy gives for the smallest integers, is NumPy's own."""
    want = outcome(function, *operands)
    got = outcome(function, *(lz.asarray(o) if isinstance(o, np.ndarray) else o for o in operands))
    message = f"{function} {[getattr(o, 'dtype', o) for o in operands]}"
    if isinstance(want, tuple):
        assert got == want, message
    elif np.asarray(want).dtype != np.float16:
        assert isinstance(got, lz.Array), message
        same(got, want, ulp if np.asarray(want).dtype.kind == "f" else 0, message)


def power(a, b):
    return a**b


@pytest.mark.parametrize("function", [power, np.power, np.float_power], ids=lambda f: f.__name__)
def test_powers_of_all_pairs_of_dtypes(function):
    for base, exponent in itertools.product(DTYPES, DTYPES):
        a, e = values(base, 300, 1), values(exponent, 300, 2)
        agree(function, a, e)
        if exponent.kind == "i":
            agree(function, a, e % 5)
            agree(function, a[:, None], e[:7] % 5)
            agree(function, a[:0], e[:1])
    for base, number in itertools.product(DTYPES, NUMBERS):
        agree(function, values(base, 300, 3), number)
        agree(function, number, values(base, 300, 3))
        agree(function, values(base, 1)[:0], number)


def test_numpys_fast_paths_give_numpys_bits():
    for dtype in "fd":
        a = values(dtype, 1000, 5)  # with -inf and -0.0, of which sqrt and pow think differently
        for exponent in (2, 1, 0.5, -1, 0, -1.0):
            one = np.array(exponent, dtype)
            for e in (exponent, float(exponent), one, one[()], one[None]):
                agree(power, a, e, ulp=0)
                agree(np.power, a, e, ulp=0)
            agree(power, a[:6].reshape(3, 2), one[None, None], ulp=0)
            agree(power, a[:1], one[None], ulp=1)
            with quiet():
                same(lz.asarray(a) ** lz.asarray(np.repeat(one, 3))[1], a**one, 0)
            agree(np.float_power, a, exponent, ulp=1)
            agree(power, np.arange(1, 9, dtype="i2"), float(exponent), ulp=0)
    for exponent in (2, 1, 3):
        for dtype in DTYPES[:-2]:
            agree(power, values(dtype, 300), exponent)


def test_fast_paths_are_cheap_ops_that_fuse():
    x = lz.asarray(np.arange(1.0, 1001))
    for exponent, op in [(2, "square"), (2.0, "square"), (0.5, "sqrt"), (-1, "reciprocal"), (np.float64(2), "square")]:
        text = lz.explain(x**exponent + 1).partition("not fused")[0]
        assert op in text
        assert "power" not in text
    assert "power" in lz.explain(x**3 + 1)
    assert "square" in lz.explain(lz.arange(1000) ** 2 + 1)


def test_the_copy_of_a_first_power_is_a_value():
    a = lz.arange(5.0)
    b = a**1
    a[0] = 7
    assert b[0] == 0


def test_powers_in_place():
    for base, exponent in itertools.product(DTYPES, [2, 1, 0.5, -1, 3, np.array([2, 1]), np.array([-1, 2])]):
        a = values(base, 2, 4)
        x = lz.asarray(a.copy())

        want, got = outcome(operator.ipow, a, exponent), outcome(operator.ipow, x, exponent)
        if isinstance(want, tuple):
            assert got[0] == want[0], (base, exponent)
        else:
            same(got, want, 4, f"{base} {exponent}")


def test_lazy_exponents_are_looked_at_on_the_line():
    a, e = lz.asarray(np.arange(1, 1001)), lz.asarray(np.arange(1000))
    power_of_lazy = a ** (e % 3)
    assert "power" in lz.explain(power_of_lazy)
    same(power_of_lazy, np.arange(1, 1001) ** (np.arange(1000) % 3))
    with pytest.raises(ValueError, match="Integers to negative integer powers are not allowed."):
        a ** (e - 5)


@pytest.mark.parametrize("function", [np.left_shift, np.right_shift], ids=lambda f: f.__name__)
def test_shifts_beyond_the_width_and_of_mixed_signs(function):
    counts = np.array([0, 1, 5, 7, 8, 9, 15, 16, 31, 32, 33, 63, 64, 100, 127])
    for base, dtype in itertools.product([np.dtype("?"), *INTS], [np.dtype("?"), *INTS]):
        for a in values(base, 12, 3):
            agree(function, np.full(len(counts), a), counts.astype(dtype))
            if dtype.kind == "i":
                agree(function, np.full(len(counts), a), -counts.astype(dtype))
    for base in INTS:
        for count in (0, 1, 8, 63, 64, -1):
            agree(function, values(base, 50), count)


@pytest.mark.parametrize("name", ["floor_divide", "remainder", "fmod", "add", "less", "equal", "maximum"])
def test_mixed_signs(name):
    function = getattr(np, name)
    for a, b in itertools.product(INTS, INTS):
        agree(function, values(a, 200, 1), values(b, 200, 2), ulp=1)
