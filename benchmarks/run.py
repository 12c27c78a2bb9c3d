"""Lazulite against NumPy, ratios in one interleaved run: `./dev bench`, or `python benchmarks/run.py --help`.

Every case first checks that both sides give the same values, within the tolerance that the table states. Then both are
timed in turn, and the medians of several rounds are printed. NumPy computes on one thread and is measured warm: its
allocator is told to keep its memory, because default NumPy varies up to twelvefold with page faults. Rows marked ~
were measured while the process had to wait for processors that other work held, and say nothing.

  ./dev bench                      everything, some five minutes
  ./dev bench --quick --only Horner
  ./dev bench --clock cpu          processor time, for a busy machine: rows of one thread only
"""

import argparse
import json
import os
import pathlib
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
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
HORNER = HERE.parent / "build" / "release" / "benchmarks" / "horner"


def warm():
    """Starts the program again where NumPy's allocator and BLAS are not set as the comparison wants them."""
    if any(os.environ.get(k) != v for k, v in WARM.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **WARM})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="WORD", default="", help="rows whose names contain WORD")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each measurement (default 15)")
    parser.add_argument("--quick", action="store_true", help="five rounds")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="wall clock (default) or processor time")
    parser.add_argument("--json", metavar="FILE", help="also write the rows to FILE")
    parser.add_argument("--horner", metavar="PROGRAM", type=pathlib.Path, default=HORNER, help="the built horner.cpp")
    args = parser.parse_args()
    if args.quick:
        args.rounds = 5
    if args.rounds < 1:
        parser.error("--rounds must be at least 1")
    return args


def against_numpy(case, args):
    from cases import check_equal
    from timing import compare

    import lazulite as lz

    ours, theirs = case.make()
    check_equal(case, ours(), theirs())
    for threads, target in case.targets.items():
        if args.clock == "cpu" and threads > 1:
            continue  # the sum over the threads would be no time that anybody waits
        with lz.num_threads(threads):
            row = compare(ours, theirs, args.rounds, CLOCKS[args.clock])
        yield {"case": case.name, "threads": threads, **row, "target": target, "tolerance": case.tolerance}


def sources(args):
    """(names of its rows, function that gives them) of every part, in the table's order."""
    import array_cases
    import cases
    import hand_loop
    import scale

    for case in cases.CASES + array_cases.CASES:
        yield case.name, lambda case=case: against_numpy(case, args)
    if args.horner.exists():
        name = f"Horner degree 8, n = {hand_loop.N}, pass alone, built and computed / hand loop"
        yield name, lambda: hand_loop.rows(args.horner, args.rounds, CLOCKS[args.clock])
    elif args.only in "Horner":
        print(f"(no hand-written loop: {args.horner} is not built; ./dev bench builds it)", file=sys.stderr)
    yield "first result of a new 12-op expression", lambda: scale.first_result(args.rounds)
    yield "peak memory, nodes evaluated", scale.without_peer


def human(value, unit="s"):
    if unit == "B":
        return f"{value / 1e6:.1f} MB"
    if unit == "":
        return f"{value:g}"
    return f"{value * 1e6:.2f} us" if value < 1e-3 else f"{value * 1e3:.2f} ms"


def met(row):
    return row["ratio"] >= row["target"]


def line(row):
    unit = row.get("unit", "s")
    verdict = "~" if row["disturbed"] else "met" if met(row) else "BELOW"
    same = "" if "tolerance" not in row else "same bits" if row["tolerance"] == 0 else f"{row['tolerance']:g}"
    return (
        f"{row['case']:60} {row['threads']:2} {human(row['ours'], unit):>11} {human(row['theirs'], unit):>11} "
        f"{row['ratio']:7.2f} {row['target']:7.2f}  {verdict:5}  {same}"
    )


def main():
    args = arguments()
    warm()
    import lazulite as lz

    lz.show_config()
    print(f"{'clock':12} {args.clock}; load {' '.join(f'{x:.1f}' for x in os.getloadavg())} at the start")
    print(f"\n{'case':60} th    Lazulite       other   ratio  target         results equal to")
    rows = []
    for name, give in sources(args):
        if args.only not in name:
            continue
        for row in give():
            rows.append(row)
            print(line(row), flush=True)
    seconds = {}
    if args.only in "chain of 10^6 nodes":
        import scale

        seconds = scale.long_chain()
        print("chain of 10^6 nodes: " + ", ".join(f"{k} {v:.2f} s" for k, v in seconds.items()))
    steady = [r for r in rows if not r["disturbed"]]
    below = sum(not met(r) for r in steady)
    print(f"{len(rows)} rows: {len(steady) - below} met, {below} below, {len(rows) - len(steady)} disturbed")
    if args.json:
        table = {"clock": args.clock, "target": lz._core.target(), "rows": rows, "long_chain": seconds}
        temporary = pathlib.Path(args.json + ".tmp")
        temporary.write_text(json.dumps(table, indent=1) + "\n")
        temporary.replace(args.json)


if __name__ == "__main__":
    main()
