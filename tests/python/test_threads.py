"""Threads that read, write and hand out the same arrays: whatever the order, nothing breaks."""

import random
import sys
import threading
import time

import numpy as np

from oracle import UNDER_TSAN, lz

SECONDS = 1.0


def element(shared, i, r):
    shared[i][r.randrange(50_000)] = 1.0


def in_place(shared, i, r):
    shared[i] *= 0.5


def rebind(shared, i, r):
    shared[i] = shared[i] * 0.5


def reduce(shared, i, r):
    float(np.exp(-abs(shared[i]) * 1e-6).sum())


def export(shared, i, r):
    np.asarray(shared[i])[:10] = 2


def overlapping(shared, i, r):
    shared[i][1:] -= shared[i][:-1]


def explain(shared, i, r):
    lz.explain(shared[i] + 1)


def together(shared, i, r):
    lz.compute(*[a * 2 for a in shared])


def foreign_view(shared, i, r):
    memory = np.asarray(shared[i][::2])
    shared[i] *= 0.9
    float(memory[3])


STATEMENTS = [rebind, reduce, explain, together]
# Threads that write the same elements race for them, as in NumPy: that is for the users to order, and ThreadSanitizer,
# which is right to complain, does not see these.
if not UNDER_TSAN:
    STATEMENTS += [element, in_place, export, overlapping, foreign_view]


def test_random_statements_in_many_threads():
    shared = [lz.asarray(np.arange(50_000.0)) for _ in range(3)]
    errors, interval, end = [], sys.getswitchinterval(), time.monotonic() + SECONDS

    def work(seed):
        r = random.Random(seed)
        try:
            while time.monotonic() < end:
                r.choice(STATEMENTS)(shared, r.randrange(3), r)
        except BaseException as e:
            errors.append(e)

    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(60)
    finally:
        sys.setswitchinterval(interval)
    assert not errors and not any(t.is_alive() for t in threads)
    for a in shared:
        assert np.asarray(a * 0 == 0).shape == (50_000,)


def test_sixteen_threads_build_and_compute_on_shared_arrays():
    n, rounds = 20_000, 12
    values = np.random.default_rng(1).standard_normal((3, n))
    a, b, c = map(lz.asarray, values)
    shared = np.exp(a * 0.1) + b  # pending: whoever comes first computes it, or several do
    expected_shared = np.asarray(np.exp(lz.asarray(values[0]) * 0.1) + values[1])
    generator = lz.random.default_rng(7)
    stream = np.sort(np.asarray(lz.random.default_rng(7).random(16 * rounds * 10)))
    draws, errors = [], []
    start = threading.Barrier(16)

    def work(k):
        try:
            start.wait(60)
            for r in range(rounds):
                y = (a * k + b) / (abs(c) + r)
                view = y[k::7]
                np.testing.assert_array_equal(view, ((values[0] * k + values[1]) / (abs(values[2]) + r))[k::7])
                assert float(y.max()) == ((values[0] * k + values[1]) / (abs(values[2]) + r)).max()
                np.testing.assert_array_equal(shared * k, expected_shared * k)
                own = lz.zeros(n)
                own[k::2] = a[k::2] if r % 2 else shared[k::2]
                own += 1
                want = np.zeros(n)
                want[k::2] = values[0][k::2] if r % 2 else expected_shared[k::2]
                np.testing.assert_array_equal(own, want + 1)
                draws.append(np.asarray(generator.random(10)))
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(120)
    assert not errors, errors[0]
    np.testing.assert_array_equal(np.sort(np.concatenate(draws)), stream)  # every element of the stream once
