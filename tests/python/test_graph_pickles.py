"""Pickles of arrays that are not computed: as graphs where those are smaller than the values."""

import pickle
import random
import subprocess
import sys

import numpy as np
import pytest

from oracle import SANITIZED, lz, same
from test_engine import child

N = 20_000


def draw(n=N, seed=1):
    return lz.random.default_rng(seed).standard_normal(n)


def box(*shape):
    return lz.random.default_rng(2).random(shape)


A = np.arange(30.0)


def spread(value, shape):
    """An array to the whole of which a pending value of a smaller shape was written."""
    x = lz.zeros(shape)
    x[...] = value
    return x


#: Graphs over no leaves, or small ones: every kind of node.
GRAPHS = {
    "draw": lambda: draw(),
    "row written to all rows": lambda: spread(draw(500), (40, 500)),
    "number written to all": lambda: spread(draw().sum(), N),
    "float32": lambda: np.exp(lz.random.default_rng(3).random(N, dtype="f4")),
    "elementwise": lambda: np.where(draw() > 0, np.sqrt(abs(draw())) * 2, draw(seed=2) - 1),
    "compare": lambda: (draw() > 0.5) & ~np.isnan(draw()),
    "casts": lambda: (draw() * 100).astype("i2").astype("u1"),
    "leaf": lambda: box(1000, 30) * lz.asarray(A) + 1,
    "wide leaf": lambda: box(1000, 30) * lz.asarray(np.arange(100_000.0))[10:40],
    "two windows": lambda: box(1000, 30) * lz.asarray(np.arange(1000.0))[10:40] + lz.asarray(np.arange(99.0))[60:0:-2],
    "transposed": lambda: (box(30, 1000).T * lz.asarray(A))[::-2, 3:],
    "broadcast": lambda: lz.broadcast_to(draw(300)[:, None], (300, 400)) + 1,
    "outer": lambda: box(200, 300) - box(200, 300).mean(axis=1, keepdims=True) / box(200, 300).std(axis=0, ddof=1),
    "extremes": lambda: box(50, 60, 70).max(axis=1) + box(50, 60, 70).argmin(axis=1),
    "bools": lambda: (box(50, 60, 70) > 0.5).any(axis=0).astype("q") + (box(50, 60, 70) > 2).all(axis=0),
    "shared": lambda: doubled(draw(), 40),
    "view": lambda: (draw() + 1)[5::3],
    "written": lambda: written(draw() * 2),
}


def doubled(x, times):
    for _ in range(times):
        x = x + x
    return x


def written(x):
    x[...] = x - 5
    return x


def parts(x):
    """The graph and the leaves of a pickle, or None for a pickle of values."""
    restore, arguments = x.__reduce_ex__(5)
    return arguments[:2] if restore.__name__ == "_restore_graph" else None


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
@pytest.mark.parametrize("protocol", [2, 5])
def test_graphs_survive(make, protocol):
    x = make()
    pickled = pickle.dumps(x, protocol)
    assert len(pickled) < x.nbytes / 4 and not x.is_computed
    y = pickle.loads(pickled)
    assert not y.is_computed and y.dtype == x.dtype and y.strides == np.asarray(x).strides
    same(y, x)
    y[...] = 0  # its own array
    same(make(), x)


def test_scalars_survive():
    total = (draw() * 2).sum()
    restored = pickle.loads(pickle.dumps(total))
    assert restored.is_scalar and float(restored) == float(total)


def test_the_smaller_form_is_chosen():
    a = lz.asarray(np.arange(10_000.0))
    assert parts(np.sqrt(a)) is None  # the value is as small as its leaf
    wide = box(100, 3000) * a[:3000]
    assert [leaf.size for leaf in parts(wide)[1]] == [3000]  # the window's values, not its base's
    wide = box(100, 4000) * a[:4000] * a[4000:8000] - a[6000:]
    assert [leaf.size for leaf in parts(wide)[1]] == [10_000]  # the base once, since its windows have more elements
    wide = box(100, 3000) * a[:3000] + a.max()
    assert [leaf.size for leaf in parts(wide)[1]] == [10_000]  # read as a whole, too
    computed = draw()
    computed.compute()
    assert parts(computed) is None


def test_a_view_takes_its_window_only():
    x = lz.asarray(np.arange(1e6))
    assert len(pickle.dumps(x[10:20])) < 1000
    y = draw(1_000_000) * lz.asarray(np.arange(1e6))
    part = y[::100_000]
    restored = pickle.loads(pickle.dumps(part))
    assert len(pickle.dumps(part)) < 2000
    same(restored, part)


def test_another_process_computes_the_same_bits():
    x = np.exp(draw() * 0.1).reshape(100, -1).sum(axis=1)
    code = "import pickle, sys; x = pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(bytes(memoryview(x)))"
    run = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(x), capture_output=True, timeout=60)
    assert run.stdout == bytes(memoryview(x)), run.stderr


def test_a_million_nodes():
    nodes = 100_000 if SANITIZED else 1_000_000  # sanitizers take their time
    assert (
        child(
            f"""
            import pickle, numpy as np, lazulite as lz
            lz.options(flush_nodes=None, eager_below=0)
            x = lz.random.default_rng(1).random(10_000_000)  # the value would take 80 MB
            for _ in range({nodes}):
                x = x + 1.0
            pickled = pickle.dumps(x)
            y = pickle.loads(pickled)
            print(len(pickled) < 50e6, y.is_computed, float(y[7]) == float(x[7]))
            """
        )
        == "True False True"
    )


def attempt(nodes, leaves, scalar=False):
    """A graph that may be damaged is refused with a ValueError, or is a graph that can be computed."""
    from lazulite import _methods

    try:
        x = _methods._restore_graph(nodes, leaves, scalar)
    except ValueError as e:
        assert "graph" in str(e) or "scalar" in str(e)
        return False
    if x.size < 10**7:
        try:
            np.asarray(x)
        except (MemoryError, ValueError) as e:  # an intermediate value may be of any size
            assert str(e)
    return True


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_damaged_graphs_are_refused(make):
    nodes, leaves = parts(make())
    r = random.Random(1)
    with lz.options(memory_limit=lz.memory()["in_use"] + 400_000_000):
        assert attempt(nodes, leaves)
        for cut in range(0, len(nodes), max(1, len(nodes) // 50)):
            assert not attempt(nodes[:cut], leaves)
        assert not attempt(nodes + b"\0", leaves)
        for _ in range(150):
            damaged = bytearray(nodes)
            for _ in range(r.choice((1, 1, 2, 8))):
                at = r.randrange(len(damaged))
                damaged[at] = r.choice((0, 1, 2, 255, damaged[at] ^ (1 << r.randrange(8)), r.randrange(256)))
            attempt(bytes(damaged), leaves)
        if leaves:
            assert not attempt(nodes, leaves[:-1])
            attempt(nodes, [leaf[:1] for leaf in leaves])
            attempt(nodes, [leaf.astype("i1") for leaf in leaves])


def test_damaged_pickles_say_so():
    from lazulite import _core, _methods

    with pytest.raises(ValueError, match="unpickling a lazulite graph: it does not begin as one"):
        _methods._restore_graph(b"", [], False)
    constant = b"lazulite graph 1\n\2\x0fsource constant\7float64\1\0\1" + bytes(8)
    with pytest.raises(ValueError, match="unpickling a lazulite graph: it is a constant"):
        _methods._restore_graph(constant, [], False)
    nodes, leaves = parts(draw())
    with pytest.raises(ValueError, match="has no op 'source rand0m'"):
        _methods._restore_graph(nodes.replace(b"source random", b"source rand0m"), leaves, False)
    with pytest.raises(ValueError, match="scalar"):
        _methods._restore_graph(nodes, leaves, True)
    for arguments in ((3, [], False), (nodes, 3, False), (nodes, [object()], False), (nodes, None, None)):
        with pytest.raises((TypeError, ValueError)):
            _methods._restore_graph(*arguments)
    for value in (object(), "text", np.zeros(3, "M8[s]"), None):
        with pytest.raises((TypeError, ValueError)):
            _methods._restore(value, False)
    for function in (_core.from_ndarray, _core.read_ndarray):
        with pytest.raises(TypeError):
            function(3)
    generator = pickle.dumps(lz.random.default_rng(1))
    r = random.Random(2)
    for _ in range(300):
        damaged = bytearray(generator)
        damaged[r.randrange(len(damaged))] = r.randrange(256)
        try:
            pickle.loads(bytes(damaged)).random(3).sum().compute()
        except Exception as e:
            assert not isinstance(e, SystemError)
