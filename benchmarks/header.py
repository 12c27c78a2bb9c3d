#!/usr/bin/env python3
"""Runs build/release/benchmarks/header_benchmark and prints, per case and size, how many times as long the others take.

    benchmarks/header.py [PROGRAM] [--filter REGEX]

Repetitions of all are interleaved; figures are medians. Above 1: lazulite is faster.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import defaultdict
from pathlib import Path
from statistics import median

DEFAULT = Path(__file__).resolve().parent.parent / "build/release/benchmarks/header_benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default=DEFAULT)
    parser.add_argument("--filter", default=".")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--min-time", default="0.02")
    options = parser.parse_args()
    command = [
        str(options.program),
        "--benchmark_format=json",
        f"--benchmark_filter={options.filter}",
        f"--benchmark_repetitions={options.repetitions}",
        f"--benchmark_min_time={options.min_time}",
        "--benchmark_enable_random_interleaving=true",
    ]
    runs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
    times = defaultdict(list)
    for run in runs:
        if run.get("run_type") != "iteration":
            continue
        name, size = run["name"].split("/")[:2]
        case, library = name.rsplit("_", 1)
        times[case, int(size), library].append(run["cpu_time"])
    print(f"{'case':14} {'n':>9} {'lazulite ns/element':>20}   others / lazulite")
    for case, size in sorted({key[:2] for key in times}):
        ours = median(times[case, size, "lazulite"])
        ratios = [
            f"{library} {median(values) / ours:.2f}"
            for (c, s, library), values in sorted(times.items())
            if (c, s) == (case, size) and library != "lazulite"
        ]
        print(f"{case:14} {size:9} {ours / size:20.3f}   {'  '.join(ratios)}")


if __name__ == "__main__":
    main()
