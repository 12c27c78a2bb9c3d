"""Ctrl-C in every kind of pass: KeyboardInterrupt, nothing half done, and everything goes on working.

How soon it comes is measured by benchmarks/interrupts.py; here only that it comes, long before the pass would end.
"""

import json

from test_engine import child

#: Kinds of passes that would take minutes or hours; x has 1000 elements, m is 1000 x 1000, w many rows of 16000, all
#: between 1 and 2.
PASSES = {
    "map": "chain(lz.asarray(m))",
    "transposed": "chain(m.T * m)",
    "short rows": "chain(lz.broadcast_to(x[:500_000:200], (400_000, 5)))",
    "strided write": "assign(x)",
    "inner reduction": "lz.broadcast_to(x, (10**9, 1000)).sum(axis=1, keepdims=True).max()",
    "long inner reduction": "np.sin(lz.broadcast_to(x[:1], (10**13,))).sum()",
    "rows together": "np.exp(w - w.max(axis=1, keepdims=True)).sum(axis=1).max()",
    "outer reduction": "np.sin(lz.broadcast_to(x, (10**10, 1000))).sum(axis=0)",
    "variance": "lz.broadcast_to(x, (10**10, 1000)).var()",
    "extreme": "lz.broadcast_to(m, (10**7, 1000, 1000)).argmax(axis=0)",
    "draws": "lz.random.default_rng(1).standard_normal(10**13).sum()",
    "draws to bools": "(lz.random.default_rng(1).random((10**7, 10**6)) > 2).any(axis=1).sum()",
    "powers": "(lz.broadcast_to(x, (10**10, 1000)) ** 1.3).sum()",
    "remainders": "np.fmod(lz.broadcast_to(x, (10**10, 1000)), 0.3).sum()",
    "casts": "lz.broadcast_to(x, (10**10, 1000)).astype('u1').astype('q').sum()",
    "selection": "np.where(lz.broadcast_to(x > 1.5, (10**10, 1000)), x, -x).min()",
}

PRELUDE = """
import signal, sys, threading, os, time
import numpy as np, lazulite as lz
signal.signal(signal.SIGINT, signal.default_int_handler)
values = 1 + np.random.default_rng(0).random(1_000_000)
x, m = lz.asarray(values[:1000]), lz.asarray(values.reshape(1000, 1000))
w = lz.broadcast_to(lz.asarray(values[:16_000]), (10**7, 16_000))

def chain(y):
    for _ in range(5000):
        y = np.sin(y) + 1.5
    return y.compute()

def assign(x):
    target = lz.zeros(2_000_000)
    y = lz.asarray(values)
    for _ in range(5000):
        y = np.sin(y) + 1.5
    target[::2] = y

def interrupted(code):
    sent = []
    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)
    timer = threading.Timer(0.1, interrupt)
    try:
        timer.start()
        y = eval(code)
        np.asarray(y)
    except KeyboardInterrupt:
        return time.perf_counter() - sent[0]
    return None
"""


def test_every_kind_of_pass_can_be_interrupted():
    printed = child(
        PRELUDE
        + f"""
for name, code in {json.dumps(PASSES)}.items():
    for threads in 1, 3:
        lz.set_num_threads(threads)
        late = interrupted(code)
        if late is None:
            print(name, "was not interrupted,", threads, "threads")
        if not np.array_equal(x * 2, values[:1000] * 2) or not np.array_equal(m.ravel(), values):
            print(name, "left its operands damaged")
print("done")
"""
    )
    assert printed == "done"


def test_another_threads_pass_goes_on():
    printed = child(
        PRELUDE
        + """
result = []
def work():
    y = lz.asarray(values)
    for _ in range(300):
        y = np.sin(y) + 1.5
    result.append(float(y.sum()))
t = threading.Thread(target=work)
t.start()
late = interrupted("np.sin(lz.broadcast_to(x, (10**10, 1000))).sum()")
t.join()
first = result[0]
work()
print(late is not None, result[1] == first)
"""
    )
    assert printed == "True True"
