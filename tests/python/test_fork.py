"""Processes: children forked while other threads compute, and pools of them."""

import multiprocessing
import operator

import numpy as np
import pytest

from oracle import lz, same
from test_engine import child


def test_children_forked_while_threads_compute():
    printed = child(
        """
        import os, signal, sys, threading, warnings
        import numpy as np, lazulite as lz
        warnings.simplefilter("ignore")
        sys.setswitchinterval(1e-5)
        a = np.arange(200_000.0)
        want = float((a * 3).sum())
        stop = False

        def passes(x):
            while not stop:
                float(np.sin(x + 1).sum())

        def plans(x):
            k = 0
            while not stop:
                k += 1
                y = x[: 1000 + k % 500]
                lz.explain(y * k + y.sum())
                (y * 2 - k).compute()
                lz.trim()

        x = lz.asarray(a)
        threads = [threading.Thread(target=f, args=(lz.asarray(a),)) for f in (passes, passes, plans)]
        for t in threads:
            t.start()
        wrong = 0
        for k in range(60):
            pending = x * 3
            pid = os.fork()
            if pid == 0:
                signal.alarm(20)  # kills a child that waits for a lock
                ok = float(pending.sum()) == want and float((lz.asarray(a) * 3).sum()) == want
                lz.trim()
                ok &= lz.get_num_threads() == 1 and float(lz.random.default_rng(1).random(9).sum()) > 0
                os._exit(0 if ok else 1)
            wrong += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0
            if wrong:
                break
        stop = True
        for t in threads:
            t.join()
        print(wrong, float(x.sum()) == float(a.sum()))
        """
    )
    assert printed == "0 True"


def test_a_pool_of_forked_processes():
    printed = child(
        """
        import multiprocessing, warnings
        import numpy as np, lazulite as lz
        warnings.simplefilter("ignore")
        x = lz.arange(100_000.0)
        float((x * 2).sum())  # starts the threads
        pending = x + 1

        def part(k):
            return pending * k, float((pending * k).sum())

        with multiprocessing.get_context("fork").Pool(2) as pool:
            results = pool.map_async(part, range(4)).get(60)
        a = np.arange(100_000.0) + 1
        print(all(np.array_equal(y, a * k) and s == float((x * k + k).sum()) for k, (y, s) in enumerate(results)))
        """
    )
    assert printed == "True"


@pytest.mark.parametrize("n", [3, 20_000])
def test_a_pool_of_fresh_processes(n):
    x = lz.arange(float(n))
    pending = (x * 2)[::-1]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply_async(operator.methodcaller("sum"), (pending,)).get(60) == (n - 1) * n
        y = pool.apply_async(np.sqrt, (pending,)).get(60)
    assert isinstance(y, lz.Array)
    same(y, np.sqrt((np.arange(float(n)) * 2)[::-1]))
