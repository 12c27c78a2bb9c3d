"""What is measured without a peer: first results, chains of a million nodes, doubled nodes, peak memory."""

import os
import pathlib
import pickle
import statistics
import subprocess
import sys
import threading
import time

import numpy as np

import lazulite as lz
from lazulite import _core

# Binary and unary steps of a random chain: the same function for both sides, so the same bits.
STEPS = [
    lambda v, x, xp: v + 1.5,
    lambda v, x, xp: v * x,
    lambda v, x, xp: v - x,
    lambda v, x, xp: v * 0.5,
    lambda v, x, xp: xp.maximum(v, x),
]


def chain(number, x, xp):
    """A chain of 12 ops; another number (below 4 * 5^11) gives another structure."""
    v, code = x, 5**11 + number
    for _ in range(12):
        v = STEPS[code % 5](v, x, xp)
        code //= 5
    return v


def first_result(rounds):
    """Wall clock of building and computing a 12-op expression whose structure the engine has not seen."""
    a = np.random.default_rng(1).random(10_000)
    x = lz.asarray(a)
    (x * 2).compute()
    times = []
    for k in range(rounds * 20):
        start = time.perf_counter()
        v = chain(7919 * k, x, lz).compute()
        times.append(time.perf_counter() - start)
        if k % 20 == 0:
            np.testing.assert_array_equal(np.asarray(v), chain(7919 * k, a, np))
    median = statistics.median(times)
    yield limit("first result of a new 12-op expression, n = 10^4", median, 100e-6, "s", lz.get_num_threads())


def limit(name, value, most, unit, threads=1):
    """A row that says how a figure compares with the most it may be."""
    return {"case": name, "threads": threads, "ours": value, "theirs": most, "ratio": most / value, "target": 1.0} | {
        "unit": unit,
        "disturbed": False,
    }


def long_chain(nodes=1_000_000):
    """Seconds to build, explain, compute, pickle and free a chain of a million pending nodes."""
    seconds = {}

    def timed(name, function):
        start = time.perf_counter()
        result = function()
        seconds[name] = time.perf_counter() - start
        return result

    def build():
        x = lz.ones(3)
        for _ in range(nodes):
            x = x + 1
        return x

    with lz.options(flush_nodes=None, eager_below=0):
        kept = [timed("build", build)]
        timed("explain", lambda: lz.explain(kept[0]))
        timed("compute", kept[0].compute)
        data = timed("pickle", lambda: pickle.dumps(kept[0]))
        np.testing.assert_array_equal(np.asarray(pickle.loads(data)), nodes + 1.0)
        kept[0] = build()
        timed("free uncomputed", kept.clear)
    return seconds


def doublings(times=40):
    """Nodes that passes evaluate for x = x + x, `times` times."""
    with lz.options(flush_nodes=None, eager_below=0):
        x = lz.ones(3)
        for _ in range(times):
            x = x + x
        before = _core.counters()["nodes"]
        np.testing.assert_array_equal(np.asarray(x), 2.0**times)
        return _core.counters()["nodes"] - before


# A process of its own, whose peak is set back to what it holds once the operands are there (proc(5), clear_refs).
PEAK = """
import lazulite as lz
from cases import twelve_ops

def memory(key):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key)) * 1024

x, y = (lz.random.default_rng(k).random(10**7).compute() for k in range(2))
(x[:1000] + y[:1000]).compute()
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
before = memory("VmRSS:")
z = twelve_ops(x, y).compute()
print(memory("VmHWM:") - before, z.nbytes)
"""


def peak_memory():
    """Bytes by which a 12-op expression on 10^7 elements raises the peak, its output included, and the output's."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MALLOC_")}
    command = [sys.executable, "-c", PEAK]
    here = pathlib.Path(__file__).parent
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here, env=plain)
    return tuple(map(int, done.stdout.split()))


def two_python_threads(rounds=9, passes=400):
    """Time of one Python thread for the passes over two arrays, over that of two threads with one array each; the
    engine has one thread. Both arrays in both: where their pages lie decides up to a factor of 1.6.
    """

    def work(x):
        for k in range(passes):
            float((np.exp(x * 0.5) - k).sum())

    arrays = [lz.random.default_rng(k).random(200_000).compute() for k in range(2)]
    ratios = []
    with lz.num_threads(1):
        for _ in range(rounds):
            start = time.perf_counter()
            for x in arrays:
                work(x)
            alone = time.perf_counter() - start
            threads = [threading.Thread(target=work, args=(x,)) for x in arrays]
            start = time.perf_counter()
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            ratios.append(alone / (time.perf_counter() - start))
    return statistics.median(ratios)


def without_peer():
    """Rows of limits."""
    scaling = two_python_threads()
    row = {"case": "two Python threads over one, independent passes", "threads": 1, "ours": scaling, "theirs": 1.0}
    yield row | {"ratio": scaling, "target": 1.7, "unit": "", "disturbed": False}
    peak, output = peak_memory()
    yield limit("peak memory of a 12-op expression, n = 10^7, output + 32 MB", peak, output + 32e6, "B")
    yield limit("nodes evaluated for x = x + x forty times", doublings(), 40, "")
