"""Cases against NumPy, continued: grids, masks, transposes, bytes, several results, rows, a long formula."""

import numpy as np
from cases import Case
from seawater import enthalpy_by_temperature

import lazulite as lz


def both(function, *operands):
    """The function of NumPy's arrays and of ours; it takes the package as its last argument. Its results are computed
    together."""
    ours = [lz.asarray(a) for a in operands]

    def lazy():
        result = function(*ours, lz)
        return lz.compute(*result) if isinstance(result, tuple) else result.compute()

    return lazy, lambda: function(*operands, np)


def neighbours(a):
    return 0.2 * (a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])


def stencil():
    return both(lambda a, xp: neighbours(a), np.random.default_rng(1).random((1000, 1000)))


def jacobi_steps(a, b, xp):
    a, b = a.copy(), b.copy()
    for _ in range(50):
        b[1:-1, 1:-1] = neighbours(a)
        a[1:-1, 1:-1] = neighbours(b)
    return a


def jacobi():
    rng = np.random.default_rng(1)
    return both(jacobi_steps, rng.random((350, 350)), rng.random((350, 350)))


def choice():
    rng = np.random.default_rng(1)
    n = 10_000_000
    return both(lambda m, a, b, xp: xp.where(m, xp.exp(a), b), rng.random(n) < 0.5, rng.random(n), rng.random(n))


def masked_mean():
    return both(lambda x, xp: x[x > 0].mean(), np.random.default_rng(1).standard_normal(10_000_000))


def transposed():
    rng = np.random.default_rng(1)
    return both(lambda a, b, xp: a + 2 * b.T, rng.random((2000, 2000)), rng.random((2000, 2000)))


def gamma():
    def correct(x, xp):
        return xp.clip((x / 255.0) ** (1 / 2.2) * 255 + 0.5, 0, 255).astype(xp.uint8)

    return both(correct, np.random.default_rng(1).integers(0, 256, 10_000_000, dtype=np.uint8))


def moments():
    def four(a, b, xp):
        y = a * b + 1
        return y.mean(), y.std(), y.min(), y.max()

    rng = np.random.default_rng(1)
    return both(four, rng.random(10_000_000), rng.random(10_000_000))


def softmax():
    def rows(x, xp):
        e = xp.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    return both(rows, np.random.default_rng(1).standard_normal((4096, 1024), dtype=np.float32))


def seawater():
    rng = np.random.default_rng(1)
    n = 2**20
    return both(enthalpy_by_temperature, 30 + 10 * rng.random(n), 30 * rng.random(n), 100 + 5000 * rng.random(n))


CASES = [
    Case("5-point stencil by slices, 1000^2", stencil, {1: 3, 2: 5}, 0),
    Case("Jacobi 2-D, 350^2, 100 steps", jacobi, {1: 4, 2: 6}, 0),
    Case("where(random mask, exp(a), b), n = 10^7", choice, {1: 6, 2: 8}, 1e-15),
    Case("x[x > 0].mean(), n = 10^7", masked_mean, {1: 5, 2: 8}, 1e-14),
    Case("A + 2*B.T, 2000^2", transposed, {1: 1.7, 2: 2.5}, 0),
    Case("uint8 -> gamma in float64 -> uint8, n = 10^7", gamma, {1: 2, 2: 4}, 0),
    Case("mean, std, min and max of one expression, n = 10^7", moments, {1: 3, 2: 5}, 1e-12),
    Case("softmax of rows, float32, 4096 x 1024", softmax, {1: 3, 2: 5}, 1e-6),
    Case("equation of state of seawater, 366 ops, n = 2^20", seawater, {1: 10, 2: 18}, 1e-10),
]
