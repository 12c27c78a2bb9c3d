"""The laws of lazulite.random against NumPy's Generator, one thread: `laws.py [--n 100000] [--rounds 9] [LAW...]`.

Both sides draw in turn. A ratio above 1 is in our favour. That the draws follow their laws is tested by
tests/python/test_random_laws.py.
"""

import argparse
import functools
import statistics

import numpy as np
import timing
from run import warm

import lazulite as lz

CASES = [
    ("random",),
    ("standard_normal",),
    ("standard_exponential",),
    ("integers", 0, 1000),
    ("uniform", -1, 3),
    ("normal", 1, 2),
    ("lognormal", 0.5, 0.7),
    ("laplace", 1, 2),
    ("logistic", 1, 2),
    ("gumbel", 1, 2),
    ("rayleigh", 2),
    ("weibull", 1.5),
    ("pareto", 3),
    ("power", 2.5),
    ("triangular", -1, 0, 3),
    ("standard_cauchy",),
    ("wald", 2, 3),
    ("standard_gamma", 0.5),
    ("standard_gamma", 2.5),
    ("beta", 2, 3),
    ("beta", 0.2, 0.3),
    ("chisquare", 3),
    ("f", 3, 7),
    ("standard_t", 3.5),
    ("vonmises", 0, 0.7),
    ("poisson", 3),
    ("poisson", 20),
    ("poisson", 1000),
    ("binomial", 10, 0.5),
    ("binomial", 100, 0.3),
    ("hypergeometric", 30, 20, 10),
    ("hypergeometric", 3000, 2000, 500),
    ("negative_binomial", 3, 0.4),
    ("geometric", 0.2),
    ("logseries", 0.6),
    ("zipf", 2.5),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("laws", nargs="*")
    options = parser.parse_args()
    warm()
    lz.set_num_threads(1)
    ours, theirs = lz.random.default_rng(1), np.random.default_rng(1)
    print(f"n = {options.n}, one thread, NumPy {np.__version__}; ns a draw")
    print(f"{'':32}{'ours':>8}{'NumPy':>8}{'ratio':>8}")
    ratios = []
    for name, *args in CASES:
        if options.laws and name not in options.laws:
            continue
        draw, reference = (functools.partial(getattr(g, name), *args, size=options.n) for g in (ours, theirs))
        row = timing.compare(lambda draw=draw: draw().compute(), reference, options.rounds)
        ratios.append(row["ratio"])
        mark = " ~" if row["disturbed"] else ""
        label = f"{name}({', '.join(map(str, args))})"
        ns = [row[side] / options.n * 1e9 for side in ("ours", "theirs")]
        print(f"{label:32}{ns[0]:8.2f}{ns[1]:8.2f}{ratios[-1]:8.2f}{mark}")
    print(f"geometric mean {statistics.geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    main()
