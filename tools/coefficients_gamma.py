# Computes the tables of core/kernels/math_gamma-inl.h: `coefficients_gamma.py gammaln gamma digamma`.
"""Rows of eight regions of log gamma, gamma and digamma, printed ready to be pasted.

A region's column: its centre, what the centre lacks of a zero of f, f(centre), and the coefficients of
(f(centre + h) - f(centre)) / h in h. Errors are relative to f; at a zero in the centre they stay so. Columns stand in
the order of the lowest three bits of exponent and first fraction bit of x, once 5/16 are added to its fraction.
"""

import sys

import mpmath
from coefficients import literal, remez
from mpmath import findroot, log, mp, mpf

mp.dps = 40

HALF_OCTAVES = [mpf(e) for e in ("0.59375", "0.84375", "1.1875", "1.6875", "2.375", "3.375", "4.75", "6.75", "9.5")]
FIRST = 5  # the column of the first region


def centre(f, x):
    """A double near x whose f is nearly one, too."""
    candidates = [mpf(float(x)) + i * mpf(2) ** -21 for i in range(-100, 100)]
    return min(candidates, key=lambda a: abs(f(a) / mpf(float(f(a))) - 1))


def column(f, lo, hi, degree, fixed, zeros):
    zero = next((z for z in zeros if lo <= z < hi), None)
    if zero is not None:
        c = mpf(float(zero))
        rest, base = zero - c, mpf(0)
    else:
        c = next((mpf(v) for v in fixed if lo <= v < hi), None)
        c = centre(f, (lo + hi) / 2) if c is None else c
        rest, base = mpf(0), mpf(float(f(c)))
    exact = c + rest
    with mpmath.workdps(60):
        taylor = mpmath.taylor(f, exact, 3)

    def g(h):
        if abs(h) < mpf(10) ** -8:
            return taylor[1] + h * (taylor[2] + h * taylor[3])
        return (f(exact + h) - base) / h

    def weight(h):
        if abs(h) < mpf(10) ** -8:
            return abs(1 / taylor[1]) if zero is not None else abs(h / base)
        return abs(h / f(exact + h))

    c_, worst = remez(g, weight, lo - exact - mpf(10) ** -6, hi - exact + mpf(10) ** -6, degree, 8, 1.2)
    return [c, rest, base, *c_], worst


def rows(name, f, regions, degree, fixed=(), zeros=()):
    edges = HALF_OCTAVES[: regions + 1]
    columns = [column(f, lo, hi, degree, fixed, zeros) for lo, hi in zip(edges, edges[1:], strict=False)]
    print(f"{name}: errors", [round(float(log(w, 2)), 1) for _, w in columns])
    columns = [c for c, _ in columns] + [[mpf(0)] * len(columns[0][0])] * (8 - regions)
    columns = columns[-FIRST:] + columns[:-FIRST]
    for k, row in enumerate(zip(*columns, strict=True)):
        if k != 1 or any(row):
            print("    {" + ", ".join(literal(v, 53) for v in row) + "},")
    sys.stdout.flush()


def family_gammaln():
    rows("gammaln", mpmath.loggamma, 8, 15, zeros=(1, 2))


def family_gamma():
    rows("gamma", mpmath.gamma, 6, 16, fixed=(1, 2, 3, 4))


def family_digamma():
    rows("digamma", mpmath.digamma, 8, 16, zeros=(findroot(mpmath.digamma, 1.46),))


if __name__ == "__main__":
    for family in sys.argv[1:]:
        globals()["family_" + family]()
