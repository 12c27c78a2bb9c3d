# Computes core/kernels/math_bessel_tables.h: `coefficients_bessel.py > THAT; clang-format -i THAT`, in some minutes.
"""Coefficients of the Bessel functions' kernels, as a header.

Tables have a column for each of eight regions of their argument: the centre, f(centre), and the coefficients of
(f(centre + h) - f(centre)) / h in h. Arrays hold the coefficients of one polynomial. Errors are relative to f.
"""

import mpmath
from coefficients import literal, remez
from mpmath import besseli, besselj, bessely, exp, log, mp, mpc, mpf, pi, sqrt

mp.dps = 40

SCALED = mpf(1) / 4  # t = 1 / (1 + x / 4) for I
FAR = mpf(12)  # z = 12 / x for J and Y, in (0, 8)
NEAR = FAR / 8


def centre(f, x):
    """A double near x, of few bits, whose f is nearly a double, too."""
    candidates = [mpf(round(x * 2**20) + i) / 2**20 for i in range(-60, 60)]
    return min(candidates, key=lambda a: abs(f(a) / mpf(float(f(a))) - 1))


def column(f, lo, hi, degree, at):
    c = centre(f, (lo + hi) / 2) if at is None else at
    base = mpf(float(f(c)))
    step = mpf(10) ** -8
    slope = (f(c + step) - f(c - step)) / (2 * step) if at is None else (f(c) - f(c - step)) / step

    def g(h):
        return (f(c + h) - base) / h if abs(h) > step else slope

    coefficients, worst = remez(g, lambda h: abs(h / f(c + h)), lo - c, hi - c, degree, 10, 1.1)
    return [c, base, *coefficients], worst


def table(name, what, f, edges, degree, last=None):
    """`last`: the centre of the last region, if it is to be a certain one."""
    at = [None] * 7 + [last]
    columns = [column(f, lo, hi, degree, c) for lo, hi, c in zip(edges, edges[1:], at, strict=False)]
    print(f"// {what}; errors at most {power(max(w for _, w in columns))}.")
    print(f"inline constexpr double {name}[][8] = {{")
    for row in zip(*[c for c, _ in columns], strict=True):
        print("    {" + ", ".join(literal(v, 53) for v in row) + "},")
    print("};", flush=True)


def array(name, what, f, weight, degree):
    """A polynomial of x^2 for x up to NEAR."""
    coefficients, worst = remez(f, weight, mpf(10) ** -6, NEAR**2 * mpf("1.0001"), degree, 10, 1.05)
    print(f"// {what}; error {power(worst)}.")
    print(f"inline constexpr double {name}[] = {{" + ", ".join(literal(v, 53) for v in coefficients) + "};", flush=True)


def power(error):
    return f"2^{float(log(error, 2)):.1f}"


# --- I ---------------------------------------------------------------------------------------------------------------


def scaled_i(order, x):
    """e^-x I(x); from 60 on by the asymptotic series."""
    if x < 60:
        return exp(-x) * besseli(order, x)
    total, term, k = mpf(0), mpf(1), 0
    while abs(term) > mpf(10) ** -45:
        total += term
        k += 1
        term *= ((2 * k - 1) ** 2 - 4 * order**2) / (8 * k * x)
    return total / sqrt(2 * pi * x)


def of_t(order):
    """e^-x I(x) / (x^order t^(order + 1/2)) as a function of t."""

    def f(t):
        if t < mpf(10) ** -30:
            return sqrt(SCALED / (2 * pi)) * SCALED**order
        x = (1 / t - 1) / SCALED
        if abs(x) < mpf(10) ** -30:
            return mpf(1) if order == 0 else mpf(1) / 2
        return scaled_i(order, x) / (x**order * t ** (order + mpf(1) / 2))

    return f


def family_i():
    # As core/kernels/math_bessel_i-inl.h takes the index: the regions overlap a little.
    edges = [(k - mpf("0.001") * (k > 0)) / mpf("7.998") for k in range(8)] + [mpf(1)]
    for order in (0, 1):
        what = "x " * order + "t^" + ("(3/2)" if order else "(1/2)")
        table(f"kI{order}", f"e^-x I{order}(x) / ({what}) in t = 1 / (1 + x/4)", of_t(order), edges, 13 + order, mpf(1))


# --- J and Y ---------------------------------------------------------------------------------------------------------


def hankel(order, x):
    """(J + i Y) e^(-i (x - pi/4 - order pi/2)), which goes slowly with x."""
    with mpmath.workdps(60):
        w = mpc(besselj(order, x), bessely(order, x))
        return +(w * mpmath.expj(-(x - (2 * order + 1) * pi / 4)))


def amplitude(order):
    def f(z):
        if z < mpf(10) ** -7:
            return sqrt(2 / (pi * FAR)) * (1 + (4 * order**2 - 1) / mpf(16) * (z / FAR) ** 2)
        return abs(hankel(order, FAR / z)) / sqrt(z)

    return f


def phase(order):
    def f(z):
        u = z / FAR
        first = (4 * order**2 - 1) / mpf(8)
        if z < mpf(10) ** -7:
            return (first + (4 * order**2 - 1) * (4 * order**2 - 25) / mpf(384) * u**2) / FAR
        return mpmath.arg(hankel(order, FAR / z)) / z

    return f


def family_far():
    edges = [mpf(k) for k in range(9)]
    for order in (0, 1):
        pair = f"(J{order}, Y{order})"
        table(f"kAmplitude{order}", f"|{pair}| / sqrt(z) in z = 12 / x", amplitude(order), edges, 11)
        table(f"kPhase{order}", f"The angle of {pair} less x - {2 * order + 1} pi/4, over z", phase(order), edges, 12)


def family_near():
    array(
        "kJ0",
        "(J0(x) - 1 + x^2/4) / x^4 in x^2, relative to J0 / x^4",
        lambda z: (besselj(0, sqrt(z)) - 1 + z / 4) / z**2,
        lambda z: z**2 / besselj(0, sqrt(z)),
        6,
    )
    array(
        "kJ1",
        "(J1(x) / x - 1/2) / x^2 in x^2, relative to J1 / x^3",
        lambda z: (besselj(1, sqrt(z)) / sqrt(z) - mpf(1) / 2) / z,
        lambda z: z * sqrt(z) / besselj(1, sqrt(z)),
        7,
    )
    at_zero = mpf(float(2 / pi * (mpmath.euler - log(2))))
    print("// Y0(x) - 2/pi log x at 0.")
    print(f"inline constexpr double kY0 = {literal(at_zero, 53)};")
    array(
        "kY0Rest",
        "(Y0(x) - 2/pi J0(x) log x - kY0) / x^2 in x^2, absolute times x^2",
        lambda z: (bessely(0, sqrt(z)) - besselj(0, sqrt(z)) * log(z) / pi - at_zero) / z,
        lambda z: z,
        7,
    )
    array(
        "kY1",
        "(Y1(x) - 2/pi (J1(x) log x - 1/x)) / x in x^2, absolute",
        lambda z: (bessely(1, sqrt(z)) - besselj(1, sqrt(z)) * log(z) / pi + 2 / (pi * sqrt(z))) / sqrt(z),
        lambda z: mpf(1),
        8,
    )


if __name__ == "__main__":
    print("// Coefficients of the Bessel functions, made by tools/coefficients_bessel.py.")
    print("#pragma once\n\nnamespace lazulite {\n")
    family_i()
    family_far()
    family_near()
    print("\n}  // namespace lazulite")
