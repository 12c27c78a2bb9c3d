"""Seawater: how the enthalpy changes with temperature, by the 48-term equation of state.

TEOS-10's rational function of 48 terms for the density of seawater (IOC, SCOR and IAPSO, "The international
thermodynamic equation of seawater", 2010, appendix K; McDougall, Barker, Feistel and Jackett 2013). With s the absolute
salinity (g/kg), t the Conservative Temperature (deg C) and p the pressure (dbar),

    density = (b0 + 2 b1 p + b2 p^2) / (a0 + a1 p + a2 p^2 + a3 p^3),

where the a and b are polynomials in s, sqrt(s) and t. The dynamic enthalpy, which is the integral of one over the
density by the pressure, has a closed form (appendix A.30 there); below stands its derivative by t, term by term.
pyhpc-benchmarks has made that derivative, written otherwise, a common benchmark. NumPy computes 366 ops for it.
"""

B0 = (999.8420897506056, 2.839940833161907, -3.147759265588511e-2, 1.181805545074306e-3)  # powers of t
B0_S = (-6.698001071123802, -2.986498947203215e-2, 2.327859407479162e-4)  # times s
B0_SR = (-3.988822378968490e-2, 5.095422573880500e-4, -1.426984671633621e-5, 1.645039373682922e-7)  # times s sqrt(s)
B1 = (-2.233269627352527e-2, -3.436090079851880e-4, 3.726050720345733e-6)
B1_S = (-1.806789763745328e-4, 6.876837219536232e-7)
B2 = (-3.087032500374211e-7, -1.988366587925593e-8, -1.061519070296458e-11)
B2_S = 1.550932729220080e-10
A0 = (1.0, 2.775927747785646e-3, -2.349607444135925e-5, 1.119513357486743e-6, 6.743689325042773e-10)
A0_S = (
    -7.521448093615448e-3,
    -2.764306979894411e-5,
    1.262937315098546e-7,
    9.527875081696435e-10,
    -1.811147201949891e-11,
)
A0_SR = (
    -3.303308871386421e-5,
    3.801564588876298e-7,
    -7.672876869259043e-9,
    -4.634182341116144e-11,
    2.681097235569143e-12,
)
A0_SS = 5.419326551148740e-6
A1 = (-2.742185394906099e-5, -3.212746477974189e-7, 3.191413910561627e-9, -1.931012931541776e-12)
A1_S = (-1.105097577149576e-7, 6.211426728363857e-10)
A2 = (-1.119011592875110e-10, -1.941660213148725e-11, -1.864826425365600e-14)
A2_ST = 1.119522344879478e-14
A3 = (-1.200507748551599e-15, 6.057902487546866e-17)


def value(c, t):
    """The polynomial with coefficients c, lowest power first, by Horner's rule."""
    y = t * c[-1] + c[-2]
    for a in c[-3::-1]:
        y = y * t + a
    return y


def slope(c, t):
    """Its derivative."""
    return value([k * a for k, a in enumerate(c)][1:], t) if len(c) > 2 else c[1]


def enthalpy_by_temperature(s, t, p, xp):
    r = xp.sqrt(s)
    a0 = value(A0, t) + s * (value(A0_S, t) + A0_SS * s + r * value(A0_SR, t))
    a1 = value(A1, t) + s * value(A1_S, t)
    a2 = value(A2, t) + A2_ST * s * t
    a3 = value(A3, t)
    b0 = value(B0, t) + s * (value(B0_S, t) + r * value(B0_SR, t))
    b1 = 0.5 * (value(B1, t) + s * value(B1_S, t))
    b2 = value(B2, t) + B2_S * s

    a0_t = slope(A0, t) + s * (slope(A0_S, t) + r * slope(A0_SR, t))
    a1_t = slope(A1, t) + s * slope(A1_S, t)
    a2_t = slope(A2, t) + A2_ST * s
    a3_t = slope(A3, t)
    b0_t = slope(B0, t) + s * (slope(B0_S, t) + r * slope(B0_SR, t))
    b1_t = 0.5 * (slope(B1, t) + s * slope(B1_S, t))
    b2_t = slope(B2, t)

    # The numerator by the denominator: a quotient of first degree, and a rest n + m p.
    n = a0 + (2 * a3 * b0 * b1 / b2 - a2 * b0) / b2
    m = a1 + (4 * a3 * b1**2 / b2 - a3 * b0 - 2 * a2 * b1) / b2
    n_t = (
        a0_t
        + (2 * (a3_t * b0 * b1 + a3 * b0_t * b1 + a3 * b0 * b1_t) / b2 - 2 * a3 * b0 * b1 * b2_t / b2**2) / b2
        - (a2_t * b0 + a2 * b0_t) / b2
        - (2 * a3 * b0 * b1 / b2 - a2 * b0) * b2_t / b2**2
    )
    m_t = (
        a1_t
        + (4 * (a3_t * b1**2 + 2 * a3 * b1 * b1_t) / b2 - 4 * a3 * b1**2 * b2_t / b2**2) / b2
        - (a3_t * b0 + a3 * b0_t + 2 * (a2_t * b1 + a2 * b1_t)) / b2
        - (4 * a3 * b1**2 / b2 - a3 * b0 - 2 * a2 * b1) * b2_t / b2**2
    )
    # The denominator's roots.
    root = xp.sqrt(b1**2 - b0 * b2)
    root_t = 0.5 * (2 * b1 * b1_t - (b0_t * b2 + b0 * b2_t)) / root
    low, high = b1 - root, b1 + root
    low_t, high_t = b1_t - root_t, b1_t + root_t
    part = (n * b2 - m * b1) / (b2 * (high - low))
    part_t = (n_t * b2 + n * b2_t - (m_t * b1 + m * b1_t)) / (b2 * (high - low)) - part * (
        b2_t / b2 + (high_t - low_t) / (high - low)
    )
    # Both logarithms.
    x = 1 + p * (2 * b1 + b2 * p) / b0
    x_t = p * (2 * b1_t + b2_t * p) / b0 - p * (2 * b1 + b2 * p) * b0_t / b0**2
    below = low * (high + b2 * p)
    above = b2 * p * (high - low)
    y = 1 + above / below
    y_t = (b2_t * p * (high - low) + b2 * p * (high_t - low_t)) / below - above * (
        low_t * (high + b2 * p) + low * (high_t + b2_t * p)
    ) / below**2

    start = (
        p * (a2_t - 2 * (a3_t * b1 + a3 * b1_t) / b2 + 2 * a3 * b1 * b2_t / b2**2 + 0.5 * a3_t * p) / b2
        - p * (a2 - 2 * a3 * b1 / b2 + 0.5 * a3 * p) * b2_t / b2**2
    )
    first = (m_t / (2 * b2) - m * b2_t / (2 * b2**2)) * xp.log(x) + m / (2 * b2) * x_t / x
    second = part_t * xp.log(y) + part * y_t / y
    return 1e4 * (start + first + second)
