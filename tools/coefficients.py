# Computes the polynomial coefficients of core/kernels/math_*-inl.h with mpmath: `coefficients.py exp log sin ...`.
"""Minimax polynomials by Remez exchange, in 60-digit arithmetic.

Each family below approximates a remainder after exact leading terms (say (e^r - 1 - r) / r^2), weighted so that the
printed error is relative to the ulp that matters: 2^-53 of the function's value for float64, 2^-24 for float32.
The coefficients are printed as hexadecimal floats, lowest power first, ready to be pasted.
"""

import struct
import sys

import mpmath
import numpy as np
from mpmath import cos, erf, erfc, exp, factorial, log, lu_solve, matrix, mp, mpf, pi, polyval, sqrt, tan, tanh, workdps
from scipy.optimize import linprog

mp.dps = 45


def remez(f, weight, lo, hi, degree, density=40, slack=1.02):
    """Coefficients c, lowest first, that minimise max |(p(x) - f(x)) * weight(x)| on [lo, hi]; and that maximum.

    The search ends when the extrema agree within `slack`, on a grid of `density` points for each coefficient.
    """
    lo, hi = mpf(lo), mpf(hi)
    n = degree + 2
    points = [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (2 * (n - 1 - i) + mpf("1.1")) / (2 * n)) for i in range(n)]
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * cos(pi * i / (density * n)) for i in range(density * n + 1)]
    values = [(x, f(x), weight(x)) for x in grid]
    for _ in range(12):
        a = matrix(n, n)
        b = matrix(n, 1)
        for i, x in enumerate(points):
            for k in range(degree + 1):
                a[i, k] = x**k
            a[i, degree + 1] = (-1) ** i / weight(x)
            b[i] = f(x)
        c = list(lu_solve(a, b))[: degree + 1]
        error = [(polyval(c[::-1], x) - y) * w for x, y, w in values]
        # The extremum of each run of equal sign.
        runs, start = [], 0
        for i in range(1, len(error) + 1):
            if i == len(error) or (error[i] > 0) != (error[start] > 0):
                runs.append(max(range(start, i), key=lambda j: abs(error[j])))
                start = i
        worst = max(abs(e) for e in error)
        while len(runs) > n:
            runs.pop(0 if abs(error[runs[0]]) < abs(error[runs[-1]]) else -1)
        if len(runs) < n:
            break
        points = [grid[i] for i in runs]
        if worst < slack * min(abs(error[i]) for i in runs):
            break
    return c, worst


def literal(v, bits):
    """The hexadecimal literal of v rounded to float64, or float32 for bits = 24."""
    text = (float(v) if bits == 53 else float(np.float32(float(v)))).hex()
    head, exponent = text.split("p")
    if "." in head:
        head = head.rstrip("0").rstrip(".")
    return "0" if float(v) == 0 else f"{head}p{int(exponent)}" + ("f" if bits == 24 else "")


def show(name, c, worst, bits):
    print(f"{name}: error 2^{float(log(worst, 2)):.1f}")
    print("  {" + ", ".join(literal(v, bits) for v in c) + "}")


def series(f, terms):
    """An evaluator that is safe near 0: f is analytic, given by the function of its Taylor coefficients."""
    return lambda x: sum(f(k) * x**k for k in range(terms))


def family_exp():
    p = series(lambda k: 1 / factorial(k + 2), 40)
    for bits, degree, steps in ((53, 5, 8), (24, 4, 1)):
        half = log(2) / (2 * steps) * mpf("1.0001")
        c, worst = remez(p, lambda r: r * r / exp(r), -half, half, degree)
        show(f"(e^r - 1 - r) / r^2, float{64 if bits == 53 else 32}", c, worst, bits)
    exact = [mpf(2) ** (mpf(j) / 8) for j in range(8)]
    rounded = [mpf(float(t)) for t in exact]
    show("2^(j/8)", rounded, mpf(2) ** -54, 53)
    show("log of 2^(j/8) over that", [log(t / v) for t, v in zip(exact, rounded, strict=True)], mpf(2) ** -108, 53)


def family_log():
    # log(1 + f) = f - f^2/2 + s * (f^2/2 + R(s^2)), s = f / (2 + f): R(z) = 2/3 z + 2/5 z^2 + ...
    top = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2 * mpf("1.0001")
    p = series(lambda k: mpf(2) / (2 * k + 3), 80)
    c, worst = remez(p, lambda z: z, 0, top, 6)
    show("(log((1+s)/(1-s)) / s - 2) / s^2 in s^2, float64", c, worst, 53)

    # float32: log(1 + f) = f - f^2/2 + f^3 * P(f).
    def g(f):
        return (log(1 + f) - f + f * f / 2) / f**3 if abs(f) > mpf(10) ** -8 else mpf(1) / 3 - f / 4 + f * f / 5

    c, worst = remez(g, lambda f: f * f, sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1, 7)
    show("(log(1 + f) - f + f^2/2) / f^3, float32", c, worst, 24)


def rounded_to_floats(f, weight, lo, hi, degree):
    """As remez, with coefficients that are float32 numbers: one after the other is rounded, and those after it make up
    for that. By linear programming on a grid, in float64: enough for errors above 2^-40."""
    n = 100 * degree
    grid = [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (i + mpf("0.5")) / n) for i in range(n)]
    x, y, w = (
        np.array([float(v) for v in values]) for values in zip(*((g, f(g), weight(g)) for g in grid), strict=True)
    )
    unit = 2.0**-25  # of the error, for the solver's tolerances
    c = []
    for k in range(degree + 1):
        powers = np.stack([x**i for i in range(k, degree + 1)], axis=1) * w[:, None] / unit
        rest = (y - sum(v * x**i for i, v in enumerate(c))) * w / unit
        limits = np.block([[powers, -np.ones((n, 1))], [-powers, -np.ones((n, 1))]])
        objective = [0] * (degree + 1 - k) + [1]
        free = [(None, None)] * len(objective)
        c.append(float(np.float32(linprog(objective, limits, np.concatenate([rest, -rest]), bounds=free).x[0])))
    return c, max(abs(sum(v * x**i for i, v in enumerate(c)) - y) * w)


def family_logf():
    """Logarithms of floats to base 2 and 10: the factor of f in two parts, and the rest over f^2."""
    for base in (2, 10):
        factor = 1 / log(mpf(base))
        hi = mpf(float(np.float32(float(factor))))
        lo = mpf(float(np.float32(float(factor - hi))))

        def g(f, factor=factor, hi=hi, lo=lo):
            return (log(1 + f) * factor - hi * f - lo * f) / f**2

        def weight(f, factor=factor):
            return f * f / abs(log(1 + f) * factor)

        c, worst = rounded_to_floats(g, weight, sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1, 8)
        show(f"(log{base}(1 + f) - factor f) / f^2, after the factor", [hi, lo, *c], worst, 24)


def family_sin():
    s = series(lambda k: (-1) ** (k + 1) / factorial(2 * k + 3), 30)
    c = series(lambda k: (-1) ** k / factorial(2 * k + 4), 30)
    for bits, ds, dc in ((53, 5, 5), (24, 2, 2)):
        top = (pi / 4) ** 2 * (mpf("1.001") if bits == 53 else mpf("1.02"))
        a, worst = remez(s, lambda z: z, 0, top, ds)
        show(f"(sin r - r) / r^3 in r^2, float{bits}", a, worst, bits)
        a, worst = remez(c, lambda z: z * z, 0, top, dc)
        show(f"(cos r - 1 + r^2/2) / r^4 in r^2, float{bits}", a, worst, bits)


def family_tanf():
    def g(z):
        return (tan(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3 if z > mpf(10) ** -10 else mpf(1) / 3 + 2 * z / 15

    c, worst = remez(g, lambda z: z * sqrt(z) / tan(sqrt(z)) if z else mpf(10) ** -30, 0, mpf("0.793") ** 2, 6, *COARSE)
    show("(tan r - r) / r^3 in r^2", c, worst, 24)


def family_expm1():
    half = log(2) / 2 * mpf("1.0001")
    p = series(lambda k: 1 / factorial(k + 3), 30)
    for bits, degree in ((53, 9), (24, 4)):
        c, worst = remez(p, lambda r: r * r, -half, half, degree, *COARSE)
        show(f"(e^r - 1 - r - r^2/2) / r^3, relative to r, float{bits}", c, worst, bits)


def family_tanhf():
    """Rows of core/kernels/math_tanh-inl.h for floats: [0, 3/4), then two regions for each power of two."""
    edges = [mpf(v) for v in ("0.75", "1", "1.5", "2", "3", "4", "6", "9.02")]

    def g(z):
        return tanh(sqrt(z)) / sqrt(z) - 1 if z > mpf(10) ** -12 else -z / 3

    c, worst = remez(g, lambda z: 1 / (1 + g(z)), 0, edges[0] ** 2 * mpf("1.0001"), 6, *COARSE)
    columns = [([mpf(0), mpf(0), *c], worst)]
    for lo, hi in zip(edges, edges[1:], strict=False):
        a, value = tanh_centre((lo + hi) / 2)
        t = mpmath.taylor(tanh, a, 4)

        def f(h, a=a, t=t):
            return (tanh(a + h) - t[0]) / h if abs(h) > mpf(10) ** -6 else t[1] + h * (t[2] + h * t[3])

        c, worst = remez(f, lambda h, a=a: abs(h) / tanh(a + h), lo - a, hi - a, 6, *COARSE)
        columns.append(([a, value, *c], worst))
    print("errors", [round(float(log(w, 2)), 1) for _, w in columns])
    for row in zip(*[c for c, _ in columns], strict=True):
        print("      {" + ", ".join(literal(v, 24) for v in row) + "},")


def tanh_centre(x):
    """The float from x on, not far, whose tanh is nearest to a float."""
    candidates = [np.float32(float(x))]
    for _ in range(2000):
        candidates.append(np.nextafter(candidates[-1], np.float32(100)))

    def off(a):
        value = tanh(mpf(float(a)))
        return abs(value - mpf(float(np.float32(float(value)))))

    a = mpf(float(min(candidates, key=off)))
    return a, mpf(float(np.float32(float(tanh(a)))))


def family_tanh():
    half = log(2) / 2 * mpf("1.0001")
    p = series(lambda k: 1 / factorial(k + 2), 30)
    for bits, degree in ((53, 10), (24, 4)):
        c, worst = remez(p, abs, -half, half, degree, *COARSE)
        show(f"(e^r - 1 - r) / r^2, relative to r, float{bits}", c, worst, bits)


def family_sinh():
    s = series(lambda k: 1 / factorial(2 * k + 3), 30)
    c = series(lambda k: 1 / factorial(2 * k + 2), 30)
    for bits, ds, dc in ((53, 4, 4), (24, 2, 2)):
        top = (log(2) / 2 * mpf("1.0001")) ** 2
        a, worst = remez(s, lambda z: z, 0, top, ds)
        show(f"(sinh r - r) / r^3 in r^2, float{bits}", a, worst, bits)
        a, worst = remez(c, lambda z: z, 0, top, dc)
        show(f"(cosh r - 1) / r^2 in r^2, float{bits}", a, worst, bits)


def family_atan():
    # Taylor's coefficients: the terms fall like 0.18^k.
    p = series(lambda k: mpf(-1) ** (k + 1) / (2 * k + 3), 60)
    top = ((sqrt(2) - 1) * mpf("1.0001")) ** 2
    for bits, degree in ((53, 10), (24, 4)):
        c, worst = remez(p, lambda z: z, 0, top, degree)
        show(f"(arctan(t) / t - 1) / t^2 in t^2, float{bits}", c, worst, bits)


def family_asin():
    # Taylor's coefficients: (2k)! / (4^k k!^2 (2k + 1)).
    p = series(lambda k: factorial(2 * k + 2) / (mpf(4) ** (k + 1) * factorial(k + 1) ** 2 * (2 * k + 3)), 80)
    for bits, degree in ((53, 12), (24, 4)):
        c, worst = remez(p, lambda z: z, 0, mpf("0.2501"), degree)
        show(f"(arcsin(s) / s - 1) / s^2 in s^2, float{bits}", c, worst, bits)


COARSE = (16, 1.05)  # enough where the function itself is slow to compute

# The regions of erf: [0, edge) in x^2; then `near` regions of width w1 and 7 - near of width w2, in h = x - centre.
ERF_REGIONS = {53: (12, "0.9", "0.595", 5, "1.0315"), 24: (5, "0.8", "0.449", 7, "0.449")}


def family_erf():
    """Rows of core/kernels/math_erf-inl.h: one column for each of 8 regions."""
    for bits, (degree, edge, w1, near, w2) in ERF_REGIONS.items():
        edge, w1, w2 = mpf(edge), mpf(w1), mpf(w2)
        columns = [erf_near_zero(edge, degree)]
        for i in range(7):
            lo = edge + min(i, near) * w1 + max(i - near, 0) * w2
            columns.append(erf_around(lo, lo + (w1 if i < near else w2), degree, bits))
        print(f"float{bits}: errors", [round(float(log(w, 2)), 1) for _, w in columns])
        for row in zip(*[c for c, _ in columns], strict=True):
            print("      {" + ", ".join(literal(v, bits) for v in row) + "},")


def erf_near_zero(edge, degree):
    """0, 0 and the coefficients of erf(x) / x - 1 in x^2; the error relative to erf(x)."""

    def f(z):
        return erf(sqrt(z)) / sqrt(z) - 1 if z > 0 else 2 / sqrt(pi) - 1

    c, worst = remez(f, lambda z: 1 / (f(z) + 1), 0, (edge + mpf("0.0001")) ** 2, degree, *COARSE)
    return [0, 0] + c, worst


def erf_around(lo, hi, degree, bits):
    """A centre a, erf(a) and the coefficients of (erf(a + h) - erf(a)) / h; the error relative to erf(a + h)."""
    a, value = centre((lo + hi) / 2, bits)
    t = taylor(a, 60)
    lo, hi = lo - a - mpf("0.0001"), hi - a + mpf("0.0001")
    c, worst = remez(lambda h: polyval(t[:0:-1], h), lambda h: abs(h) / erf(a + h), lo, hi, degree, *COARSE)
    return [a, value] + c, worst


def taylor(a, terms):
    """Taylor coefficients of erf at a, by Hermite's recurrence."""
    a = mpf(a)
    c = [erf(a), 2 / sqrt(pi) * exp(-a * a)]
    for k in range(2, terms):
        c.append(-2 * (a * (k - 1) * c[k - 1] + (k - 2) * c[k - 2]) / (k * (k - 1)))
    return c


def centre(x, bits):
    """A float near x whose erf is nearly a float too."""
    step = mpf(2) ** -21  # far above an ulp: where erf is nearly 1 it hardly changes
    best = None
    for i in range(-200, 200):
        a = float(x) + float(i * step)
        value = erf(mpf(a))
        rounded = float(value) if bits == 53 else float(np.float32(float(value)))
        error = abs(value - rounded)
        if best is None or error < best[0]:
            best = (error, a, rounded)
    return best[1:]


def family_erfcx():
    """Rows of core/kernels/math_erfc-inl.h: q(t) = erfcx(y) / t with t = 1 / (1 + y/2), in eight regions of t."""
    columns = []
    for i in range(8):
        lo, hi = (mpf(i) - mpf("0.002")) / mpf("7.998"), (mpf(i) + mpf("1.002")) / mpf("7.998")
        lo = max(lo, mpf(0))
        a, value = centre_of(erfcx_over_t, (lo + hi) / 2)

        def f(h, a=a, value=value):
            h = h if abs(h) > mpf(10) ** -15 else mpf(10) ** -15
            return (erfcx_over_t(a + h) - value) / h

        c, worst = remez(f, lambda h, a=a: abs(h) / erfcx_over_t(a + h), lo - a, hi - a, 9, *COARSE)
        columns.append(([a, value, *c], worst))
    show_rows(columns)


def erfcx_over_t(t):
    return erfcx(2 * (1 - t) / t) / t if t > 0 else 1 / (2 * sqrt(pi))


def erfcx(y):
    """e^(y^2) erfc(y) for y >= 0; beyond 30 by the asymptotic series."""
    if y < 30:
        return exp(y * y) * erfc(y)
    total, term, k = mpf(0), mpf(1), 0
    while abs(term) > mpf(10) ** -50:
        total += term
        k += 1
        term *= -(2 * k - 1) / (2 * y * y)
    return total / (y * sqrt(pi))


def centre_of(f, x):
    """A double near x, of few bits, whose f is nearly a double, too."""
    off = {}
    for i in range(-500, 500):
        a = round(x * 2**20 + i) / mpf(2) ** 20
        off[a] = abs(f(a) / mpf(float(f(a))) - 1)
    a = min(off, key=off.get)
    return a, mpf(float(f(a)))


def show_rows(columns):
    print("errors", [round(float(log(w, 2)), 1) for _, w in columns])
    for row in zip(*[c for c, _ in columns], strict=True):
        print("      {" + ", ".join(literal(v, 53) for v in row) + "},")


def family_erfinv():
    """Rows of core/kernels/math_erfinv-inl.h, for erfc E = 2u, c = 1 - 2u and w = -log u."""
    top = (1 - 2 * exp(mpf("-1.5"))) * mpf("1.0001")

    def g(z):
        return mpmath.erfinv(sqrt(z)) / sqrt(z) - 1 if z > mpf(10) ** -20 else sqrt(pi) / 2 - 1

    c, worst = remez(g, lambda z: 1 / (1 + g(z)), 0, top * top, 14, *COARSE)
    columns = [([mpf(0), mpf(0), *c], worst)]
    for lo in ("1.5", "2", "3", "4", "6", "8", "12"):
        lo = mpf(lo)
        hi = lo * (mpf(4) / 3 if lo in (mpf("1.5"), 3, 6, 12) else mpf("1.5"))
        a, value = centre_of(erfc_inverse, (lo + hi) / 2)

        def f(h, a=a, value=value):
            h = h if abs(h) > mpf(10) ** -15 else mpf(10) ** -15
            return (erfc_inverse(a + h) - value) / h

        c, worst = remez(f, lambda h, a=a: abs(h) / erfc_inverse(a + h), lo - a, hi - a, 14, *COARSE)
        columns.append(([a, value, *c], worst))
    show_rows(columns[2:] + columns[:2])
    # Beyond, E - s in s = sqrt(w); the first two columns, of the indices that do not occur, are empty.
    columns = [([mpf(0)] * 17, mpf(1))] * 2
    for lo, hi in ((4, 6), (6, 8), (8, 12), (12, 16), (16, 24), (24, 28)):
        a = mpf(lo + hi) / 2
        c, worst = remez(
            lambda h, a=a: erfc_inverse((a + h) ** 2) - (a + h),
            lambda h, a=a: 1 / (a + h),
            lo - a,
            hi - a,
            15,
            *COARSE,
        )
        columns.append(([a, *c], worst))
    show_rows(columns)


def erfc_inverse(w):
    """E with erfc E = 2 e^-w, by Newton's method on the logarithm."""
    x = sqrt(max(w - log(mpf(2)) - log(max(sqrt(w), mpf("1.3"))), mpf("0.1")))
    for _ in range(60):
        g = erfcx(x)
        dx = (log(g) - x * x - log(mpf(2)) + w) * sqrt(pi) * g / 2
        x += dx
        if abs(dx) < mpf(10) ** -40 * x:
            break
    return x


POW_BITS, POW_UNIT = 7, mpf(2) ** -43  # log2 of the number of intervals; of the logarithms' first parts


def family_pow():
    """The table of core/kernels/math_pow_double-inl.h: each mantissa z in [0.704, 1.409) is in an interval of 2^45 bit
    patterns, which has an approximate inverse of 7 fraction bits: z times that, less 1, is a double."""
    step, n = 1 << (52 - POW_BITS), 1 << POW_BITS
    start = as_bits(2**-0.5)
    start -= (start - as_bits(1.0) + 2 * step // 3) % step  # 1 where its interval reaches as far below as above
    print(f"first: 0x{start:016X}")
    widest = 0
    for i in range(n):
        lo, hi = mpf(from_bits(start + i * step)), mpf(from_bits(start + (i + 1) * step))
        grain = 2**POW_BITS if hi <= 1 else 2 ** (POW_BITS + 1)
        middle = round(grain * 2 / (lo + hi))
        inverse = min((mpf(k) / grain for k in (middle - 1, middle, middle + 1)), key=lambda v: radius(v, lo, hi))
        inverse = mpf(1) if lo <= 1 < hi else inverse
        widest = max(widest, radius(inverse, lo, hi))
        hi_part = round(-log(inverse) / POW_UNIT) * POW_UNIT
        rest = float(-log(inverse) - hi_part) or 2.0**-200  # of log 1: too small to matter, and no subnormal
        rest = as_bits(rest) >> 20 << 20 | as_bits(float(inverse)) >> 44
        print(f"    {{{literal(hi_part, 53)}, {literal(from_bits(rest), 53)}}},")
    two = round(log(2) / POW_UNIT) * POW_UNIT
    show("log 2 in two parts", [two, log(2) - two], mpf(2) ** -97, 53)
    p = series(lambda k: mpf(-1) ** k / (k + 3), 60)
    c, worst = remez(p, lambda r: r * r, -widest * mpf("1.0001"), widest * mpf("1.0001"), 5)
    show("(log(1 + r) - r + r^2/2) / r^3", c, worst, 53)


def family_powf():
    """Rows of eight and polynomials of core/kernels/math_pow-inl.h: log2 and exp2 in double for float's pow."""
    step = 1 << 49
    start = as_bits(2**-0.5)
    start -= (start - as_bits(1.0) + 2 * step // 3) % step
    print(f"first: 0x{start:016X}")
    inverses, widest = [], 0
    for i in range(8):
        lo, hi = mpf(from_bits(start + i * step)), mpf(from_bits(start + (i + 1) * step))
        inverses.append(mpf(1) if lo <= 1 < hi else mpf(float(2 / (lo + hi))))
        widest = max(widest, radius(inverses[-1], lo, hi)) * mpf("1.0001")
    # The first rows are those where the index, which counts from `start`, is 0.
    show("1/c", inverses, mpf(2) ** -53, 53)
    show("log2 c", [-log(v) / log(2) for v in inverses], mpf(2) ** -53, 53)
    c, worst = remez(series(lambda k: mpf(-1) ** k / ((k + 1) * log(2)), 60), lambda r: 1, -widest, widest, 6)
    show("log2(1 + r) / r", c, worst, 53)
    sixteenth = mpf("1.0001") / 16
    p = series(lambda k: log(2) ** (k + 1) / factorial(k + 1), 30)
    c, worst = remez(p, abs, -sixteenth, sixteenth, 3)
    show("(2^f - 1) / f", c, worst, 53)
    powers = [mpf(from_bits(as_bits(float(mpf(2) ** (mpf(j) / 8))) - (j << 49))) for j in range(8)]
    show("2^(j/8), its bits less j in the top of the fraction", powers, mpf(2) ** -53, 53)


def radius(inverse, lo, hi):
    return max(abs(lo * inverse - 1), abs(hi * inverse - 1))


def as_bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(u):
    return struct.unpack("<d", struct.pack("<Q", u))[0]


def family_cbrt():
    lo, hi = sqrt(mpf(1) / 2) * mpf("0.9999"), sqrt(mpf(2)) * mpf("1.0001")
    third, n = mpf(1) / 3, [0, 1, 2, 3, -4, -3, -2, -1]
    for bits, degree in ((53, 5), (24, 2)):
        c, worst = remez(lambda m: m**-third, lambda m: m**third, lo, hi, degree)
        show(f"m^(-1/3) in m, float{bits}", c, worst, bits)
        show("2^(n/3)", [mpf(2) ** (k * third) for k in n], mpf(2) ** -bits, bits)
        show("4^(-n/3) / 3", [mpf(2) ** (-2 * k * third) / 3 for k in n], mpf(2) ** -bits, bits)


def family_inverse():
    """Inverses of some bits for small corrections, exact where their argument is 0."""
    lo, hi = (sqrt(mpf(1) / 2) - 1) * mpf("1.001"), (sqrt(mpf(2)) - 1) * mpf("1.001")
    c, worst = remez(lambda f: -1 / (1 + f), lambda f: mpf(1), lo, hi, 2)
    show("(1 / (1 + f) - 1) / f", c, worst, 24)
    c, worst = remez(lambda g: 1 / (2 * (2 - g)), lambda g: 2 - g, 0, mpf("1.0001"), 4)
    show("(1 / (2 - g) - 1/2) / g", c, worst, 24)


def family_pi():
    """pi/2 in three parts for each type, and 64-bit words of 2/pi, one word of zeros first."""
    with workdps(500):
        for bits in (53, 24):
            rest, parts = pi / 2, []
            for _ in range(3):
                parts.append(float(rest) if bits == 53 else float(np.float32(float(rest))))
                rest -= parts[-1]
            show(f"pi/2, float{bits}", parts, rest, bits)
        show("2/pi", [2 / pi], 1, 53)
        digits = int(2 / pi * mpf(2) ** 1280)
        print("  0, " + ", ".join(f"0x{digits >> (64 * i) & (2**64 - 1):016X}" for i in range(19, -1, -1)))
        print("pi * 2^126:", hex(int(pi * mpf(2) ** 126)))


if __name__ == "__main__":
    for family in sys.argv[1:]:
        globals()["family_" + family]()
