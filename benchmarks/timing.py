"""Interleaved timing: both sides in turn, the median of the rounds' ratios."""

import statistics
import time


def per_call(function, least=2e-3):
    """A number of calls that takes `least` seconds or so, and its caller."""
    function()
    start = time.perf_counter()
    function()
    once = time.perf_counter() - start
    return max(1, int(least / max(once, 1e-8)))


def once(function, calls):
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def ratio(ours, theirs, rounds=9):
    """Median seconds of each side, and the median of theirs / ours, measured in turn."""
    n_ours, n_theirs = per_call(ours), per_call(theirs)
    pairs = [(once(ours, n_ours), once(theirs, n_theirs)) for _ in range(rounds)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(b / a for a, b in pairs),
    )
