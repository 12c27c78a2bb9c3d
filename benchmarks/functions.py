"""The elementary functions against NumPy's, one thread: `functions.py [--n 100000] [--rounds 9] [NAME...]`.

Both sides in turn; NumPy writes to an array that exists already. A ratio above 1 is in our favour. The last column is
the bound of our error in units in the last place, from the op table; NumPy's float32 functions are off by up to 4.
"""

import argparse
import statistics

import numpy as np
import timing
from run import warm

import lazulite as lz

#: Where the functions are used: the ranges of their arguments, uniform.
RANGES = {
    "exp": [(-10, 10)],
    "exp2": [(-10, 10)],
    "expm1": [(-5, 5)],
    "log": [(0.01, 100)],
    "log2": [(0.01, 100)],
    "log10": [(0.01, 100)],
    "log1p": [(-0.9, 10)],
    "sin": [(-10, 10)],
    "cos": [(-10, 10)],
    "tan": [(-10, 10)],
    "arcsin": [(-1, 1)],
    "arccos": [(-1, 1)],
    "arctan": [(-10, 10)],
    "sinh": [(-5, 5)],
    "cosh": [(-5, 5)],
    "tanh": [(-3, 3)],
    "arcsinh": [(-10, 10)],
    "arccosh": [(1, 10)],
    "arctanh": [(-0.99, 0.99)],
    "cbrt": [(-100, 100)],
    "sqrt": [(0, 100)],
    "degrees": [(-10, 10)],
    "radians": [(-360, 360)],
    "spacing": [(-10, 10)],
    "power": [(0.1, 10), (-5, 5)],
    "hypot": [(-10, 10), (-10, 10)],
    "arctan2": [(-10, 10), (-10, 10)],
    "logaddexp": [(-10, 10), (-10, 10)],
    "logaddexp2": [(-10, 10), (-10, 10)],
    "fmod": [(-100, 100), (1, 10)],
    "heaviside": [(-1, 1), (0, 1)],
    "nextafter": [(-1, 1), (-1, 1)],
}
DTYPES = [np.dtype(np.float64), np.dtype(np.float32)]


def measure(name, dtype, n, rounds):
    """Nanoseconds an element of ours and NumPy's, and the ratio."""
    rng = np.random.default_rng(1)
    theirs = [(lo + (hi - lo) * rng.random(n)).astype(dtype) for lo, hi in RANGES[name]]
    ours = [lz.asarray(a) for a in theirs]
    out = np.empty(n, dtype)
    function, reference = getattr(lz, name), getattr(np, name)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(np.asarray(function(*ours)), reference(*theirs), rtol=1e-5, atol=1e-6)
    result = timing.compare(lambda: function(*ours).compute(), lambda: reference(*theirs, out=out), rounds)
    return result["ours"] / n * 1e9, result["theirs"] / n * 1e9, result["ratio"], result["disturbed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    warm()
    lz.set_num_threads(1)
    print(f"n = {options.n}, one thread, NumPy {np.__version__}; ns an element")
    print(f"{'':12}{'':9}{'ours':>8}{'NumPy':>8}{'ratio':>8}{'ulp':>6}")
    for dtype in DTYPES:
        ratios = []
        for name in options.names or RANGES:
            ours, theirs, ratio, disturbed = measure(name, dtype, options.n, options.rounds)
            ratios.append(ratio)
            mark = "  (disturbed)" if disturbed else ""
            bound = f"{getattr(lz, name).ulp:.1f}"
            print(f"{name:12}{dtype!s:9}{ours:8.3f}{theirs:8.3f}{ratio:8.2f}{bound:>6}{mark}", flush=True)
        print(f"{'geometric mean':21}{'':16}{statistics.geometric_mean(ratios):8.2f}\n")


if __name__ == "__main__":
    main()
