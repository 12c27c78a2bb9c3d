"""The special functions against SciPy's, one thread: `special.py [--n 100000] [--rounds 9] [NAME...]`.

Both sides in turn; SciPy writes to an array that exists already. A ratio above 1 is in our favour. Errors are in units
in the last place, of 500 of the arguments, by mpmath: ours and SciPy's.
"""

import argparse
import statistics

import mpmath
import numpy as np
import scipy
import scipy.special
import timing
from run import warm

import lazulite as lz


def inverse_gammainc(a, p):
    """The x with P(a, x) = p, by Newton's method from SciPy's."""
    x = mpmath.mpf(float(scipy.special.gammaincinv(float(a), float(p))))
    for _ in range(4):
        slope = x ** (a - 1) * mpmath.exp(-x) / mpmath.gamma(a)
        x -= (mpmath.gammainc(a, 0, x, regularized=True) - p) / slope
    return x


def inverse_betainc(a, b, p):
    """The x with I(x; a, b) = p, by Newton's method from SciPy's."""
    x = mpmath.mpf(float(scipy.special.betaincinv(float(a), float(b), float(p))))
    for _ in range(4):
        slope = x ** (a - 1) * (1 - x) ** (b - 1) / mpmath.beta(a, b)
        x -= (mpmath.betainc(a, b, 0, x, regularized=True) - p) / slope
    return x


#: The ranges of the arguments, uniform, and the exact function.
FUNCTIONS = {
    "erf": ([(-3, 3)], mpmath.erf),
    "erfc": ([(-3, 10)], mpmath.erfc),
    "erfcx": ([(-3, 20)], lambda x: mpmath.exp(x * x) * mpmath.erfc(x)),
    "erfinv": ([(-1, 1)], mpmath.erfinv),
    "erfcinv": ([(0, 2)], lambda p: mpmath.erfinv(1 - p)),
    "ndtr": ([(-8, 4)], lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2),
    "log_ndtr": ([(-8, 4)], lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2)),
    "ndtri": ([(0, 1)], lambda p: mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)),
    "expit": ([(-20, 20)], lambda x: 1 / (1 + mpmath.exp(-x))),
    "logit": ([(0, 1)], lambda p: mpmath.log(p) - mpmath.log1p(-p)),
    "log_expit": ([(-20, 20)], lambda x: -mpmath.log1p(mpmath.exp(-x))),
    "exprel": ([(-5, 5)], lambda x: mpmath.expm1(x) / x),
    "gammaln": ([(0, 30)], mpmath.loggamma),
    "gamma": ([(0, 30)], mpmath.gamma),
    "rgamma": ([(0, 30)], mpmath.rgamma),
    "digamma": ([(0, 30)], mpmath.digamma),
    "beta": ([(0, 30), (0, 30)], mpmath.beta),
    "betaln": ([(0, 30), (0, 30)], lambda a, b: mpmath.log(mpmath.beta(a, b))),
    "gammainc": ([(0, 30), (0, 30)], lambda a, x: mpmath.gammainc(a, 0, x, regularized=True)),
    "gammaincc": ([(0, 30), (0, 30)], lambda a, x: mpmath.gammainc(a, x, regularized=True)),
    "gammaincinv": ([(0, 30), (0, 1)], inverse_gammainc),
    "betaincinv": ([(0, 30), (0, 30), (0, 1)], inverse_betainc),
    "betainc": ([(0, 30), (0, 30), (0, 1)], lambda a, b, x: mpmath.betainc(a, b, 0, x, regularized=True)),
    "i0": ([(-30, 30)], lambda x: mpmath.besseli(0, x)),
    "i0e": ([(-30, 30)], lambda x: mpmath.besseli(0, x) * mpmath.exp(-abs(x))),
    "i1": ([(-30, 30)], lambda x: mpmath.besseli(1, x)),
    "i1e": ([(-30, 30)], lambda x: mpmath.besseli(1, x) * mpmath.exp(-abs(x))),
    "j0": ([(-50, 50)], lambda x: mpmath.besselj(0, x)),
    "j1": ([(-50, 50)], lambda x: mpmath.besselj(1, x)),
    "y0": ([(0, 50)], lambda x: mpmath.bessely(0, x)),
    "y1": ([(0, 50)], lambda x: mpmath.bessely(1, x)),
    "xlogy": ([(0, 5), (0, 5)], lambda x, y: x * mpmath.log(y)),
    "xlog1py": ([(0, 5), (0, 5)], lambda x, y: x * mpmath.log1p(y)),
    "entr": ([(0, 5)], lambda x: -x * mpmath.log(x)),
    "rel_entr": ([(0, 5), (0, 5)], lambda x, y: x * mpmath.log(x / y)),
    "kl_div": ([(0, 5), (0, 5)], lambda x, y: x * mpmath.log(x / y) - x + y),
}
DTYPES = [np.dtype(np.float64), np.dtype(np.float32)]


def worst(values, exact):
    """The largest error of `values`, in units in the last place of the exact results."""
    return max(
        float(abs(mpmath.mpf(float(v)) - e) / mpmath.mpf(float(np.spacing(np.abs(v.dtype.type(float(e)))))))
        for v, e in zip(values, exact, strict=True)
    )


def measure(name, dtype, n, rounds):
    """Ours and SciPy's nanoseconds an element, the ratio, and the errors of both."""
    ranges, exact = FUNCTIONS[name]
    rng = np.random.default_rng(1)
    theirs = [(lo + (hi - lo) * rng.random(n)).astype(dtype) for lo, hi in ranges]
    ours = [lz.asarray(a) for a in theirs]
    out = np.empty(n, dtype)
    function, reference = getattr(lz.special, name), getattr(scipy.special, name)
    np.testing.assert_allclose(np.asarray(function(*ours)), reference(*theirs), rtol=1e-4, atol=1e-6)
    with mpmath.workdps(50):
        some = [exact(*(mpmath.mpf(float(a[k])) for a in theirs)) for k in range(min(n, 500))]
        errors = [worst(np.asarray(f(*a))[:500], some) for f, a in ((function, ours), (reference, theirs))]
    result = timing.compare(lambda: function(*ours).compute(), lambda: reference(*theirs, out=out), rounds)
    return result["ours"] / n * 1e9, result["theirs"] / n * 1e9, result["ratio"], *errors, result["disturbed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("names", nargs="*", choices=[*FUNCTIONS, []], metavar="NAME")
    options = parser.parse_args()
    warm()
    lz.set_num_threads(1)
    print(f"n = {options.n}, one thread, SciPy {scipy.__version__}; ns an element, errors in ulp")
    print(f"{'':12}{'':9}{'ours':>8}{'SciPy':>8}{'ratio':>8}{'error':>8}{'SciPy':>10}")
    for dtype in DTYPES:
        ratios = []
        for name in options.names or FUNCTIONS:
            ours, theirs, ratio, error, their_error, disturbed = measure(name, dtype, options.n, options.rounds)
            ratios.append(ratio)
            mark = "  (disturbed)" if disturbed else ""
            print(
                f"{name:12}{dtype!s:9}{ours:8.2f}{theirs:8.2f}{ratio:8.2f}{error:8.2f}{their_error:10.4g}{mark}",
                flush=True,
            )
        print(f"{'geometric mean':21}{'':16}{statistics.geometric_mean(ratios):8.2f}\n")


if __name__ == "__main__":
    main()
