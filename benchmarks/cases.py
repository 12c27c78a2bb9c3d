"""The cases against NumPy. Each gives what Lazulite computes and what NumPy computes, on operands made once."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import erf

import lazulite as lz

S0, K, R, SIGMA, T = 100.0, 105.0, 0.03, 0.2, 1.0
DRIFT, VOLATILITY, DISCOUNT = (R - 0.5 * SIGMA**2) * T, SIGMA * math.sqrt(T), math.exp(-R * T)


@dataclass
class Case:
    name: str
    make: object  # () -> (what Lazulite does, what NumPy does), both giving their results
    targets: dict  # threads: least ratio, NumPy's time over Lazulite's
    tolerance: float  # relative and absolute distance of the results; 0: the same bits


def antithetic_call(z, xp):
    """One step of geometric Brownian motion and of its mirror image, payoffs, discounted: 12 temporaries in NumPy."""
    shock = VOLATILITY * z
    up = S0 * xp.exp(DRIFT + shock)
    down = S0 * xp.exp(DRIFT - shock)
    return 0.5 * DISCOUNT * (xp.maximum(up - K, 0.0) + xp.maximum(down - K, 0.0))


def monte_carlo_draws():
    n = 1_000_000
    ours, theirs = lz.random.default_rng(1), np.random.default_rng(1)
    return (
        lambda: float(antithetic_call(ours.standard_normal(n), lz).mean()),
        lambda: float(antithetic_call(theirs.standard_normal(n), np).mean()),
    )


def monte_carlo_given():
    z = np.random.default_rng(1).standard_normal(1_000_000)
    x = lz.asarray(z)
    return lambda: float(antithetic_call(x, lz).mean()), lambda: float(antithetic_call(z, np).mean())


def hypotenuse():
    rng = np.random.default_rng(1)
    a, b, c = (rng.random(10_000_000) for _ in range(3))
    x, y, z = map(lz.asarray, (a, b, c))
    return lambda: (lz.sqrt(x**2 + y**2) / (z + 1)).compute(), lambda: np.sqrt(a**2 + b**2) / (c + 1)


def twelve_ops(a, b):
    return ((((a * b + 1.0) - b) * a + 2.0) / (b + 3.0) - a) * 0.5 + (a - b) * 2.0


def elementwise(function, n, operands):
    """The function of `operands` arrays of n elements in [1, 2)."""
    theirs = [np.random.default_rng(k).random(n) + 1 for k in range(operands)]
    ours = [lz.asarray(a) for a in theirs]
    return lambda: function(*ours).compute(), lambda: function(*theirs)


COEFFICIENTS = [0.1 * k for k in range(1, 10)]


def horner(x):
    r = x * COEFFICIENTS[0] + COEFFICIENTS[1]
    for c in COEFFICIENTS[2:]:
        r = r * x + c
    return r


def price(s, k, t, xp, erf):
    """Black and Scholes's call, and the put by parity."""
    root = xp.sqrt(t) * SIGMA
    d1 = (xp.log(s / k) + (R + 0.5 * SIGMA**2) * t) / root
    d2 = d1 - root
    present = k * xp.exp(-R * t)
    call = s * (0.5 * (1 + erf(d1 / math.sqrt(2)))) - present * (0.5 * (1 + erf(d2 / math.sqrt(2))))
    return call, call - s + present


def black_scholes():
    rng = np.random.default_rng(1)
    theirs = 80 + 40 * rng.random(10**6), 80 + 40 * rng.random(10**6), 0.2 + rng.random(10**6)
    ours = [lz.asarray(a) for a in theirs]
    return lambda: lz.compute(*price(*ours, lz, lz.erf)), lambda: price(*theirs, np, erf)


def draws(law):
    n = 10_000_000
    ours, theirs = lz.random.default_rng(1), np.random.default_rng(1)
    return lambda: float(getattr(ours, law)(n).sum()) / n, lambda: float(getattr(theirs, law)(n).sum()) / n


# Two streams differ, so their means agree within some standard errors only.
CASES = [
    Case("Monte-Carlo step, normals drawn inside, 10^6 paths", monte_carlo_draws, {1: 5, 2: 10}, 0.01),
    Case("Monte-Carlo step, normals given, 10^6 paths", monte_carlo_given, {1: 5, 2: 8}, 1e-12),
    Case("sqrt(a**2+b**2)/(c+1), n = 10^7", hypotenuse, {2: 4}, 0),
    Case("12-op expression, n = 100", lambda: elementwise(twelve_ops, 100, 2), {1: 1 / 0.8}, 0),
    Case("one op, n = 10", lambda: elementwise(lambda a, b: a + b, 10, 2), {1: 1}, 0),
    Case("one op, n = 100", lambda: elementwise(lambda a, b: a + b, 100, 2), {1: 1}, 0),
    Case("Horner degree 8, n = 10^5", lambda: elementwise(horner, 100_000, 1), {1: 8, 2: 12}, 0),
    Case("Black-Scholes call and put, n = 10^6", black_scholes, {1: 6, 2: 11}, 1e-11),
    Case("random, 10^7 summed", lambda: draws("random"), {1: 4}, 1e-3),
    Case("standard_normal, 10^7 summed", lambda: draws("standard_normal"), {1: 8}, 3e-3),
]


def check_equal(case, ours, theirs):
    """Stops the benchmark where the two sides compute different things."""
    ours, theirs = (v if isinstance(v, tuple) else (v,) for v in (ours, theirs))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(np.asarray(a), b, rtol=case.tolerance, atol=case.tolerance, err_msg=case.name)
