"""Goodness of fit of every random law: `goodness_of_fit.py [--n 10000000] [--seed 1] [--philox] [NAME...]`.

The laws and parameters are those of tests/python/test_random_laws.py. A draw x becomes u = F(x), for a discrete law
F(x - 1) + v P(x) with v uniform (NumPy's), which is uniform if the law is right. Columns are p-values: Kolmogorov and
Smirnov's test of u; its first four moments about 1/2 (normal approximation); the number of u below 1e-5 and above
1 - 1e-5 (Poisson's law); the least and the largest u of all. Exit status 1 where one of them is below 1e-3 over their
number.
"""

import argparse
import pathlib
import sys

import numpy as np
from scipy import special, stats

import lazulite as lz

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "python"))
from test_random_laws import CONTINUOUS, DISCRETE  # noqa: E402

COLUMNS = ["KS", "mean", "variance", "skewness", "kurtosis", "low", "high", "least", "largest"]
TAIL = 1e-5
BLOCK = 1_000_000


def beyond_last(tail, x, toward, rng):
    """tail(x) for draws that rounding has put on the end of the support, where it is 0: uniform up to its value halfway
    to the next number, by the power law through the next two."""
    near = np.nextafter(x, toward)
    return rng.random(len(x)) * tail(near) ** 2 / tail(np.nextafter(near, toward))


def both_tails(x, law, discrete, rng):
    """u and 1 - u, each precise where it is small."""
    if not discrete:
        low, high = law.cdf(x), law.sf(x)
        for tail, of, toward in ((low, law.cdf, np.inf), (high, law.sf, -np.inf)):
            zero = np.flatnonzero(tail == 0)
            tail[zero] = beyond_last(of, x[zero], toward, rng)
        return low, high
    values, inverse = np.unique(x, return_inverse=True)
    v = rng.random(len(x))
    below, above, here = law.cdf(values - 1), law.sf(values), law.pmf(values)
    return (below[inverse] + v * here[inverse]), (above[inverse] + (1 - v) * here[inverse])


def two_sided_poisson(count, mean):
    return min(1.0, 2 * min(stats.poisson.cdf(count, mean), stats.poisson.sf(count - 1, mean)))


def p_values(name, args, law, discrete, n, generator, progress):
    rng = np.random.default_rng(1)  # of v
    sums = np.zeros(4)
    parts, low, high, least, largest = [], 0, 0, 1.0, 1.0
    for start in range(0, n, BLOCK):
        progress(f"{name}{args}: {start / n:.0%}")
        x = np.asarray(getattr(generator, name)(*args, size=min(BLOCK, n - start)))
        u, rest = both_tails(x, law, discrete, rng)
        d = u - 0.5
        sums += [(d**k).sum() for k in (1, 2, 3, 4)]
        low, high = low + (u < TAIL).sum(), high + (rest < TAIL).sum()
        least, largest = min(least, u.min()), min(largest, rest.min())
        parts.append(u)
    u = np.sort(np.concatenate(parts))
    grid = np.arange(n) / n
    distance = max((grid + 1 / n - u).max(), (u - grid).max())
    # Moments of d, uniform on [-1/2, 1/2]: E d^2k = 1 / (4^k (2k + 1)).
    even = [1 / (4**k * (2 * k + 1)) for k in range(5)]
    mean = np.array([0, even[1], 0, even[2]])
    variance = np.array([even[k] for k in (1, 2, 3, 4)]) - mean**2
    z = (sums / n - mean) / np.sqrt(variance / n)
    extremes = [-special.expm1(n * special.log1p(-min(e, 1 - 1e-16))) for e in (least, largest)]
    return [
        stats.kstwobign.sf(distance * np.sqrt(n)),
        *(2 * special.ndtr(-np.abs(z))),
        two_sided_poisson(low, n * TAIL),
        two_sided_poisson(high, n * TAIL),
        *(min(1.0, 2 * min(p, 1 - p)) for p in extremes),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=10_000_000, help="draws of each law")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--philox", action="store_true", help="draw from Philox4x32-10, not from ARS-7")
    parser.add_argument("names", nargs="*", metavar="NAME", help="laws; all without names")
    options = parser.parse_args()

    def progress(text):
        if sys.stderr.isatty():
            print(f"\r{text:60}\r", end="", file=sys.stderr, flush=True)

    print(f"{'p-values, n = ' + format(options.n, ','):38}" + "".join(f"{c:>9}" for c in COLUMNS))
    found = []
    for discrete, table in ((False, CONTINUOUS), (True, DISCRETE)):
        for name, args, law in table:
            if options.names and name not in options.names:
                continue
            with np.errstate(all="ignore"):
                if law.std() == 0:  # one value
                    continue
            stream = lz.random.Philox(options.seed) if options.philox else lz.random.ARS(options.seed)
            p = p_values(name, args, law, discrete, options.n, lz.random.Generator(stream), progress)
            found += p
            print(f"{name + str(args):38}" + "".join(f"{v:9.2g}" for v in p), flush=True)
    limit = 1e-3 / max(1, len(found))
    print(f"{len(found)} p-values, the least {min(found):.2g}; below 0.01: {sum(p < 0.01 for p in found)}")
    return 1 if min(found) < limit else 0


if __name__ == "__main__":
    sys.exit(main())
