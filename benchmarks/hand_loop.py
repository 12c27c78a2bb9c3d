"""Horner's rule of degree 8 on 32768 elements, one thread, as shares of the speed of a hand-written fused loop."""

import json
import statistics
import subprocess
import time

from cases import elementwise, horner
from timing import DISTURBED, Sample, calls_for, in_turn, once

import lazulite as lz

N = 32768


def run(program):
    """Seconds of the loop and of the pass, medians of nine short runs in random order. The program, horner.cpp, checks
    that both give the same bits."""
    options = ["--benchmark_format=json", f"--benchmark_filter=/{N}$", "--benchmark_repetitions=9"]
    options += ["--benchmark_min_time=0.005", "--benchmark_enable_random_interleaving=true"]
    done = subprocess.run([program, *options], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["benchmarks"]
    return {
        name: 1e-9 * next(b["real_time"] for b in found if b["name"] == f"{name}/{N}_median")
        for name in ("loop", "pass")
    }


def rows(program, rounds, clock=time.perf_counter):
    """The pass alone, and the expression built and computed from Python, against the loop; in turn, as other cases."""
    ours, theirs = elementwise(horner, N, 1)
    if (lz.asarray(theirs()) != ours()).any():
        raise AssertionError("Horner, n = 32768: results differ from NumPy's")
    loops = []

    def loop():
        loops.append(run(program))  # medians there: waiting shifts them little
        return Sample(loops[-1]["loop"], 0.0)

    with lz.num_threads(1):
        calls = calls_for(ours)
        hand, python = in_turn([loop, lambda: once(ours, calls, clock)], rounds)
    alone = {
        "ours": statistics.median(r["pass"] for r in loops),
        "ratio": statistics.median(r["loop"] / r["pass"] for r in loops),
        "disturbed": False,
    }
    built = {
        "ours": statistics.median(s.seconds for s in python),
        "ratio": statistics.median(h.seconds / p.seconds for h, p in zip(hand, python, strict=True)),
        "disturbed": clock is time.perf_counter and statistics.median(s.waited for s in python) > DISTURBED,
    }
    for what, row, target in (("pass alone", alone, 0.8), ("built and computed", built, 0.6)):
        theirs = statistics.median(h.seconds for h in hand)
        yield {"case": f"Horner degree 8, n = {N}, {what} / hand loop", "threads": 1, **row, "theirs": theirs} | {
            "target": target
        }
