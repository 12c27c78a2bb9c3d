"""The benchmarks' cases. Each gives what Lazulite computes and what NumPy computes, on operands made once."""

import math

import numpy as np
from scipy.special import erf

import lazulite as lz

S0, K, R, SIGMA, T = 100.0, 105.0, 0.03, 0.2, 1.0
DRIFT, VOLATILITY, DISCOUNT = (R - 0.5 * SIGMA**2) * T, SIGMA * math.sqrt(T), math.exp(-R * T)


def antithetic_call(s, z, xp):
    """One step of geometric Brownian motion and its mirror image, the payoffs, discounted: a dozen temporaries."""
    up = s * xp.exp(DRIFT + VOLATILITY * z)
    down = s * xp.exp(DRIFT - VOLATILITY * z)
    return DISCOUNT * 0.5 * (xp.maximum(up - K, 0.0) + xp.maximum(down - K, 0.0))


def lazy(a):
    return lz.asarray(a)


def monte_carlo_draws():
    n = 1_000_000
    mine, theirs = lz.random.default_rng(1), np.random.default_rng(1)
    return (
        lambda: float(antithetic_call(S0, mine.standard_normal(n), lz).mean()),
        lambda: float(antithetic_call(S0, theirs.standard_normal(n), np).mean()),
        0.02,  # different streams: equal within the standard error
    )


def monte_carlo_given():
    z = np.random.default_rng(1).standard_normal(1_000_000)
    x = lazy(z)
    return (
        lambda: float(antithetic_call(S0, x, lz).mean()),
        lambda: float(antithetic_call(S0, z, np).mean()),
        1e-12,
    )


def hypotenuse():
    rng = np.random.default_rng(1)
    a, b, c = (rng.random(10_000_000) for _ in range(3))
    x, y, z = map(lazy, (a, b, c))
    return (
        lambda: (lz.sqrt(x**2 + y**2) / (z + 1)).compute(),
        lambda: np.sqrt(a**2 + b**2) / (c + 1),
        0.0,
    )


def twelve_ops(n):
    rng = np.random.default_rng(1)
    a, b = rng.random(n) + 1, rng.random(n) + 1

    def f(x, y):
        return ((((x * y + 1.0) - y) * x + 2.0) / (y + 3.0) - x) * 0.5 + (x - y) * 2.0

    x, y = lazy(a), lazy(b)
    return lambda: f(x, y).compute(), lambda: f(a, b), 0.0


def one_op(n):
    rng = np.random.default_rng(1)
    a, b = rng.random(n), rng.random(n)
    x, y = lazy(a), lazy(b)
    return lambda: (x + y).compute(), lambda: a + b, 0.0


def horner(n):
    a = np.random.default_rng(1).random(n)
    c = [0.1 * k for k in range(1, 10)]

    def f(x):
        r = x * c[0] + c[1]
        for k in c[2:]:
            r = r * x + k
        return r

    x = lazy(a)
    return lambda: f(x).compute(), lambda: f(a), 0.0


def black_scholes():
    rng = np.random.default_rng(1)
    s, k, t = 80 + 40 * rng.random(10**6), 80 + 40 * rng.random(10**6), 0.2 + rng.random(10**6)

    def f(s, k, t, xp, erf):
        root = xp.sqrt(t) * SIGMA
        d1 = (xp.log(s / k) + (R + 0.5 * SIGMA**2) * t) / root
        d2 = d1 - root
        present = k * xp.exp(-R * t)
        call = s * (0.5 * (1 + erf(d1 / math.sqrt(2)))) - present * (0.5 * (1 + erf(d2 / math.sqrt(2))))
        return call, call - s + present

    x = [lazy(v) for v in (s, k, t)]
    return lambda: lz.compute(*f(*x, lz, lz.erf)), lambda: f(s, k, t, np, erf), 1e-11


def draws(law):
    mine, theirs = lz.random.default_rng(1), np.random.default_rng(1)
    n = 10_000_000
    return (
        lambda: float(getattr(mine, law)(n).sum()) / n,
        lambda: float(getattr(theirs, law)(n).sum()) / n,
        2e-3,
    )


#: name: (case, {threads: ratio to reach}). Ratios are NumPy's time over Lazulite's.
CASES = {
    "Monte-Carlo step, 12 temporaries, normals drawn inside": (monte_carlo_draws, {1: 5, 2: 10}),
    "Monte-Carlo step, normals given": (monte_carlo_given, {1: 5, 2: 8}),
    "sqrt(a**2+b**2)/(c+1), n = 10^7": (hypotenuse, {2: 4}),
    "12-op expression on 100 elements": (lambda: twelve_ops(100), {1: 1.25}),
    "one op on 10 elements": (lambda: one_op(10), {1: 1.0}),
    "one op on 100 elements": (lambda: one_op(100), {1: 1.0}),
    "Horner degree 8, n = 10^5": (lambda: horner(100_000), {1: 8, 2: 12}),
    "Black-Scholes call and put, n = 10^6": (black_scholes, {1: 6, 2: 11}),
    "random, 10^7 summed": (lambda: draws("random"), {1: 4}),
    "standard_normal, 10^7 summed": (lambda: draws("standard_normal"), {1: 8}),
}
