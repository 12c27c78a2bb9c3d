# Computes the tables of core/kernels/math_incomplete_tables.h: `coefficients_incomplete.py gamma temme`.
"""Factors of the gamma function, and Temme's uniform expansion of the incomplete gamma functions.

1 / gamma(1 + a) of a from 0 to 1, and Stirling's factor (a/e)^a sqrt(2 pi a) / gamma(1 + a) of a from 1 on, in 1/a.
Temme: "The asymptotic expansion of the incomplete gamma functions", SIAM J. Math. Anal. 10 (1979); here the form of the
Digital Library of Mathematical Functions, 8.12.7 to 8.12.12. The coefficients c_k(eta) are Taylor series in many
digits, fitted where they are used: for x from a/2 to 2a and a from 20 on, each as precise as its power of a asks for.
"""

import sys

from coefficients import literal, remez
from coefficients_gamma import centre as near_double
from mpmath import exp, log, loggamma, mp, mpf, pi, polyval, rgamma, sqrt

mp.dps = 50
EDGE = mpf(10) ** -20
LEAST_A = 20
TERMS = 120


def numbers(c):
    return "{" + ", ".join(literal(v, 53) for v in c) + "}"


def family_gamma():
    c, worst = remez(lambda a: (rgamma(1 + a) - 1) / (a * (1 - a)), lambda a: a * (1 - a), EDGE, 1 - EDGE, 14, 20)
    print(f"// (1 / gamma(1 + a) - 1) / (a (1 - a)) in a; error 2^{float(log(worst, 2)):.1f}.")
    print(f"inline constexpr double kRgammaOfOnePlus[] = {numbers(c)};")

    def stirling(z):
        if z < mpf(10) ** -15:
            return 1 - z / 12
        a = 1 / z
        return exp(a * log(a) - a + log(2 * pi * a) / 2 - loggamma(a + 1))

    columns, errors = [], []
    for k in range(8):
        lo, hi = mpf(k) / 8, mpf(k + 1) / 8
        centre = mpf(0) if k == 0 else near_double(stirling, (lo + hi) / 2)
        base = mpf(float(stirling(centre)))
        slope = -mpf(1) / 12

        def g(h, centre=centre, base=base, slope=slope):
            return slope if abs(h) < mpf(10) ** -15 else (stirling(centre + h) - base) / h

        c, worst = remez(g, lambda h: abs(h), lo - centre + EDGE, hi - centre + EDGE, 8, 12, 1.2)
        columns.append([centre, base, *c])
        errors.append(round(float(log(worst, 2)), 1))
    print(f"// Stirling's factor by eighths of 1/a: the centre, the value there, and the rest over h; errors {errors}.")
    print("inline constexpr double kStirlingFactorRows[][8] = {")
    for row in zip(*columns, strict=True):
        print(f"    {numbers(row)},")
    print("};")


def temme_series(count):
    """Taylor coefficients of c_0, ..., c_(count-1) in eta."""
    # mu(eta), where eta^2 / 2 = mu - log(1 + mu): mu mu' = eta (1 + mu), coefficient by coefficient.
    mu = [mpf(0), mpf(1)]
    for n in range(2, TERMS):
        mu.append(mu[n - 1] / (n + 1) - sum(mu[i] * mu[n + 1 - i] for i in range(2, n)) / 2)
    inverse = [mpf(1)]  # eta / mu
    for n in range(1, TERMS - 1):
        inverse.append(-sum(mu[i + 1] * inverse[n - i] for i in range(1, n + 1)))
    series = [inverse[1:]]
    for _ in range(1, count):
        last = series[-1]
        g = -last[1]  # (-1)^k g_k: the pole of the derivative cancels
        series.append([(n + 2) * last[n + 2] + g * series[0][n] for n in range(len(last) - 2)])
    return series


def family_temme():
    lo, hi = (s * sqrt(2 * (v - 1 - log(v))) for s, v in ((-1, mpf("0.4999")), (1, mpf("2.0002"))))
    print("// c_k(eta) of the expansion in 1/a, lowest power of eta first.")
    for k, series in enumerate(temme_series(12)):
        for degree in range(24):
            c, worst = remez(lambda e, s=series: polyval(s[::-1], e), lambda e: mpf(1), lo, hi, degree, 10, 1.2)
            if worst / mpf(LEAST_A) ** k < mpf(2) ** -57:
                break
        print(f"inline constexpr double kTemme{k}[] = {numbers(c)};")
        sys.stdout.flush()


if __name__ == "__main__":
    for family in sys.argv[1:]:
        globals()["family_" + family]()
