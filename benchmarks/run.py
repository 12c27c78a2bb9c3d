"""Lazulite against NumPy, ratios in one interleaved run: `./dev bench`, or `python benchmarks/run.py --help`.

Every case first checks that both sides give the same values. NumPy is measured warm: its allocator is told to keep its
memory, because default NumPy varies up to twelvefold with page faults.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

WARM = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "34359738368",
    "MALLOC_TOP_PAD_": "268435456",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
HERE = pathlib.Path(__file__).resolve().parent


def check_equal(ours, theirs, tolerance):
    import numpy as np

    ours, theirs = (v if isinstance(v, tuple) else (v,) for v in (ours, theirs))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(np.asarray(a), b, rtol=tolerance, atol=tolerance)


def run_case(name, make, targets, rounds):
    from timing import ratio

    import lazulite as lz

    ours, theirs, tolerance = make()
    check_equal(ours(), theirs(), tolerance)
    for threads, target in targets.items():
        with lz.num_threads(threads):
            a, b, r = ratio(ours, theirs, rounds)
        yield {"case": name, "threads": threads, "ours": a, "theirs": b, "ratio": r, "target": target}


def against_hand_loop(rounds):
    """Horner degree 8, n = 32768, one thread: shares of the speed of a hand-written fused loop."""
    from cases import horner
    from timing import once, per_call

    import lazulite as lz

    program = HERE.parent / "build" / "release" / "benchmarks" / "horner"
    if not program.exists():
        print(f"(left out: {program} is not built; ./dev bench builds it)", file=sys.stderr)
        return
    n = 32768
    ours, _, _ = horner(n)
    with lz.num_threads(1):
        calls = per_call(ours)
        loops, python = [], []
        for _ in range(rounds):  # in turn, as the other cases
            loops.append(
                json.loads(subprocess.run([program, str(n)], capture_output=True, text=True, check=True).stdout)
            )
            python.append(once(ours, calls))
    hand = statistics.median(x["hand"] for x in loops) * n * 1e-9
    alone = statistics.median(x["pass"] for x in loops) * n * 1e-9
    for what, seconds, target in (
        ("the pass alone", alone, 0.8),
        ("built and computed", statistics.median(python), 0.6),
    ):
        yield {
            "case": f"Horner degree 8, n = 32768, {what} / hand-written loop",
            "threads": 1,
            "ours": seconds,
            "theirs": hand,
            "ratio": hand / seconds,
            "target": target,
        }


def first_results(rounds):
    """Wall clock of the first result of a 12-op expression whose structure the engine has not seen."""
    import numpy as np

    import lazulite as lz

    x = lz.asarray(np.random.default_rng(1).random(10_000))
    (x * 2).compute()
    ops = [lambda v: v + 1.5, lambda v: v * x, lambda v: v - x, lambda v: v * 0.5, lambda v: lz.maximum(v, x)]
    times = []
    with lz.num_threads(1):
        for k in range(rounds):
            start = time.perf_counter()
            y, code = x, 5**11 + 7919 * k
            for _ in range(12):
                y = ops[code % 5](y)
                code //= 5
            y.compute()
            times.append(time.perf_counter() - start)
    yield {
        "case": "first result of a new 12-op expression, n = 10^4 (limit 100 us)",
        "threads": 1,
        "ours": statistics.median(times),
        "theirs": 100e-6,
        "ratio": 100e-6 / statistics.median(times),
        "target": 1.0,
    }


def scale():
    """Seconds for a chain of a million nodes."""
    import pickle

    import lazulite as lz

    with lz.options(flush_nodes=None, eager_below=0):
        clock = [time.perf_counter()]
        x = lz.ones(3)
        for _ in range(1_000_000):
            x = x + 1
        clock.append(time.perf_counter())
        lz.explain(x)
        clock.append(time.perf_counter())
        pickle.dumps(x)  # computes it
        clock.append(time.perf_counter())
        y = lz.ones(3)
        for _ in range(1_000_000):
            y = y + 1
        built = time.perf_counter()
        del y
        freed = time.perf_counter() - built
    steps = [b - a for a, b in zip(clock, clock[1:], strict=False)]
    print(
        "chain of 10^6 nodes: built in {:.2f} s, explained in {:.2f} s, computed and pickled in {:.2f} s, "
        "an uncomputed one freed in {:.2f} s".format(*steps, freed)
    )


def print_row(row):
    def human(s):
        return f"{s * 1e6:10.2f} us" if s < 0.01 else f"{s * 1e3:10.2f} ms"

    met = "" if row["ratio"] >= row["target"] else "   below"
    print(
        f"{row['case']:62} {row['threads']} {human(row['ours'])} {human(row['theirs'])} "
        f"{row['ratio']:7.2f} {row['target']:7.2f}{met}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="WORD", default="", help="cases whose names contain WORD")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each measurement (default 9)")
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--json", metavar="FILE", help="also write the rows to FILE")
    args = parser.parse_args()
    if any(os.environ.get(k) != v for k, v in WARM.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **WARM})
    sys.path.insert(0, str(HERE))
    from cases import CASES

    import lazulite as lz

    lz.show_config()
    rounds = 3 if args.quick else args.rounds
    print(f"\n{'case':62} threads   Lazulite         other   ratio  target")
    rows = []
    sources = [lambda n=n, c=c: run_case(n, *c, rounds) for n, c in CASES.items() if args.only in n]
    if args.only in "Horner degree 8, n = 32768":
        sources.append(lambda: against_hand_loop(rounds))
    if args.only in "first result":
        sources.append(lambda: first_results(200))
    for source in sources:
        for row in source():
            rows.append(row)
            print_row(row)
    if not args.only:
        scale()
    if args.json:
        temporary = pathlib.Path(args.json + ".tmp")
        temporary.write_text(json.dumps(rows, indent=1) + "\n")
        temporary.replace(args.json)


if __name__ == "__main__":
    main()
