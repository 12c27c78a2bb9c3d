"""Interleaved timing on a machine that others may use too: both sides in turn, the median of the rounds.

A measurement during which the process waited for a processor that somebody else held is repeated; what stays disturbed
after some attempts is marked in the table.
"""

import os
import statistics
import time
from dataclasses import dataclass

LEAST = 2e-3  # seconds of one measurement
DISTURBED = 0.02  # share of the time spent waiting for a processor
ATTEMPTS = 12
BUDGET = 3.0  # seconds for one case's repetitions


@dataclass
class Sample:
    seconds: float  # a call
    waited: float  # share of the time that the process's threads were ready to run and did not


def waiting():
    """Seconds that this process's threads have waited for a processor, where the kernel counts them (else 0)."""
    total = 0
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/schedstat") as file:
                total += int(file.read().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return total * 1e-9


def calls_for(function, least=LEAST):
    """How many calls take `least` seconds or so; they also warm the function up."""
    count, spent = 1, 0.0
    while True:
        start = time.perf_counter()
        for _ in range(count):
            function()
        spent = time.perf_counter() - start
        if spent >= least / 4:
            return max(1, round(count * least / spent))
        count *= 4


def once(function, calls, clock=time.perf_counter):
    before = waiting()
    start, wall = clock(), time.perf_counter()
    for _ in range(calls):
        function()
    seconds, wall = clock() - start, time.perf_counter() - wall
    return Sample(seconds / calls, (waiting() - before) / wall)


def undisturbed(measure, deadline):
    """The first undisturbed of several measurements, else the least disturbed."""
    best = measure()
    for _ in range(ATTEMPTS):
        if best.waited < DISTURBED or time.perf_counter() > deadline:
            break
        best = min(best, measure(), key=lambda s: s.waited)
    return best


def in_turn(measures, rounds):
    """The samples of every measure, `rounds` of each, one after the other in every round."""
    deadline = time.perf_counter() + BUDGET
    turns = [[undisturbed(m, deadline) for m in measures] for _ in range(rounds)]
    return list(zip(*turns, strict=True))


def compare(ours, theirs, rounds, clock=time.perf_counter):
    """Median seconds of both sides, the median of theirs / ours, and whether waiting disturbed it."""
    counts = [calls_for(ours), calls_for(theirs)]
    a, b = in_turn([lambda f=f, n=n: once(f, n, clock) for f, n in zip((ours, theirs), counts, strict=True)], rounds)
    return {
        "ours": statistics.median(s.seconds for s in a),
        "theirs": statistics.median(s.seconds for s in b),
        "ratio": statistics.median(t.seconds / o.seconds for o, t in zip(a, b, strict=True)),
        "disturbed": clock is time.perf_counter and disturbed(a + b),
    }


def disturbed(samples):
    return statistics.median(s.waited for s in samples) > DISTURBED
