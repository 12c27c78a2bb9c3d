#!/usr/bin/env python3
"""Measures how long after Ctrl-C each kind of pass raises KeyboardInterrupt; at most 100 ms is the aim.

./dev python benchmarks/interrupts.py [ROUNDS]
"""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "python"))
import lazulite as lz  # noqa: E402
import test_interrupts  # noqa: E402  (its kinds of passes)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    scope = {}
    exec(test_interrupts.PRELUDE, scope)
    worst = 0.0
    for name, code in test_interrupts.PASSES.items():
        for threads in (1, 2):
            lz.set_num_threads(threads)
            late = [scope["interrupted"](code) or float("nan") for _ in range(rounds)]
            worst = max(worst, *late)
            print(
                f"{name:22} {threads} threads: median {1e3 * np.median(late):5.1f} ms, most {1e3 * max(late):5.1f} ms"
            )
    print(f"most of all {1e3 * worst:.1f} ms")


if __name__ == "__main__":
    main()
