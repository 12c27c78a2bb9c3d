"""Random expressions against NumPy: the op table x dtypes x layouts x broadcasts x lengths, in one graph."""

import math

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st

from oracle import DTYPES, layout_variants, lz, quiet, rows, same, values

#: Lengths around vectors and strips, broadcasts, several axes, more than a block, more than one thread's share.
SHAPES = [(), (1,), (5,), (64,), (65,), (129,), (3, 7), (8, 64), (33, 70), (2, 3, 5), (2, 1, 3, 4), (4, 0), (130, 257),
          (40_000,)]  # fmt: skip

# Those whose bits are NumPy's.
UNARY, BINARY = (
    [u for u in rows(*kinds) if u.ulp < 1 and hasattr(np, u.__name__)]
    for kinds in (("unary", "test"), ("binary", "compare"))
)
REDUCTIONS = ["sum", "min", "max", "any", "all", "argmin", "argmax"]
ERRORS = (TypeError, ValueError, OverflowError)


class Pool:
    """The arrays of a program, in NumPy and in Lazulite."""

    def __init__(self, draw):
        self.draw, self.pairs = draw, []
        shape = draw(st.sampled_from(SHAPES))
        for k in range(draw(st.integers(1, 4))):
            self.add_input(shape, k)

    def pick(self):
        return self.draw(st.sampled_from(self.pairs))

    def pick_for(self, *shapes):
        """One that broadcasts with these."""
        fitting = [p for p in self.pairs if broadcasts(p[0].shape, *shapes)]
        return self.draw(st.sampled_from(fitting))

    def add(self, want, got):
        self.pairs.append((np.asarray(want), got))

    def add_input(self, shape, k):
        draw = self.draw
        if draw(st.integers(0, 6)) == 0:  # draws, made in whichever pass uses them: alone, and here
            law = draw(st.sampled_from(["random", "standard_normal"]))
            alone, here = (getattr(lz.random.default_rng(k), law)(shape) for _ in range(2))
            return self.add(np.array(alone.compute()), here)
        dtype = draw(st.sampled_from(DTYPES))
        a = values(dtype, math.prod(shape), k).reshape(shape)
        if draw(st.booleans()):
            a = np.asfortranarray(a)
        note(f"v{len(self.pairs)} = {dtype}{shape}, strides {a.strides}")
        x = lz.asarray(a)
        if a.ndim and draw(st.integers(0, 4)) == 0:
            a, x = a[:1], x[:1]
        return self.add(a, x)


def broadcasts(*shapes):
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return False
    return True


def outcome(function, *args, **kwargs):
    try:
        return function(*args, **kwargs), None
    except ERRORS as e:
        return None, type(e)


def apply_row(pool, row, args):
    want, error = outcome(getattr(np, row.__name__), *[a[0] for a in args])
    if want is not None and want.dtype == np.float16:
        return  # a dtype that Lazulite has not yet
    got, mine = outcome(row, *[a[1] for a in args])
    note(f"v{len(pool.pairs)} = {row.__name__}({', '.join(f'{np.asarray(a[0]).dtype}' for a in args)})")
    assert mine == error, (row.__name__, mine, error)
    if want is None:
        return
    if row.__name__ in ("fmin", "fmax") and want.dtype.kind == "f":
        want, got = want + 0, got + 0  # which zero it is differs between NumPy's own loops
    pool.add(want, got)


def step(pool):
    draw, a = pool.draw, pool.pick()
    shape = a[0].shape
    kind = draw(st.sampled_from("unary binary binary number where cast layout compute out export reduce".split()))
    if kind == "unary":
        apply_row(pool, draw(st.sampled_from(UNARY)), [a])
    elif kind == "binary":
        args = draw(st.permutations([a, pool.pick_for(shape)]))
        apply_row(pool, draw(st.sampled_from(BINARY)), args)
    elif kind == "number":
        number = draw(st.sampled_from([0, 1, 2, -1, 0.5, True, 300, 2**40]))
        args = draw(st.permutations([a, (number, number)]))
        apply_row(pool, draw(st.sampled_from(BINARY)), args)
    elif kind == "where":
        b = pool.pick_for(shape)
        apply_row(pool, lz.where, draw(st.permutations([a, b, pool.pick_for(shape, b[0].shape)])))
    elif kind == "cast":
        dtype = draw(st.sampled_from(DTYPES))
        if a[0].dtype.kind != "f" or dtype.kind not in "iu":  # out of range is undefined
            pool.add(a[0].astype(dtype), a[1].astype(dtype))
    elif kind == "layout":
        change = draw(st.sampled_from(layout_variants(len(shape))))
        pool.add(change(a[0]), change(a[1]))
    elif kind == "compute":
        a[1].compute()
    elif kind == "out":
        b, dtype = pool.pick_for(shape), draw(st.sampled_from(DTYPES))
        target = np.zeros(np.broadcast_shapes(shape, b[0].shape), dtype)
        mine = lz.asarray(target)
        error = outcome(np.add, a[0], b[0], out=target)[1]
        assert outcome(np.add, a[1], b[1], out=mine)[1] == error
        if error is None and (target.dtype.kind == "f" or np.result_type(a[0], b[0]).kind != "f"):
            pool.add(target, mine)
    elif kind == "export" and a[0].size and a[0].flags.writeable:
        memory = np.asarray(a[1])
        if memory.flags.writeable and not a[1].is_scalar:
            a[0].flat[0] = memory.flat[0] = 1
            same(a[1], a[0])
    elif kind == "reduce":
        reduce(pool, a)


def reduce(pool, a):
    """A reduction, which later statements use; float sums have a test of their own (test_reductions)."""
    draw = pool.draw
    name = draw(st.sampled_from(REDUCTIONS if a[0].dtype.kind != "f" else [r for r in REDUCTIONS if r != "sum"]))
    axis, keepdims = draw(st.sampled_from([None, *range(a[0].ndim)])), draw(st.booleans())
    want, error = outcome(getattr(a[0], name), axis=axis, keepdims=keepdims)
    got, mine = outcome(getattr(a[1], name), axis=axis, keepdims=keepdims)
    assert mine == error, (name, mine, error)
    if want is None:
        return
    note(f"v{len(pool.pairs)} = {name}({a[0].dtype}{a[0].shape}, axis={axis}, keepdims={keepdims})")
    if name in ("min", "max") and a[0].dtype.kind == "f":
        want, got = want + 0, got + 0  # which zero it is depends on the order of the elements
    pool.add(want, got)


@settings(max_examples=400)
@given(st.data())
def test_random_expressions(data):
    with quiet():
        pool = Pool(data.draw)
        for _ in range(data.draw(st.integers(1, 12))):
            step(pool)
        if data.draw(st.booleans()):
            lz.compute(*[got for _, got in pool.pairs])
        for k, (want, got) in enumerate(pool.pairs):
            same(got, want, 0, f"v{k}")
            strides = np.asarray(got).strides
            different = [k for k, n in enumerate(want.shape) if n > 1 and strides[k] != want.strides[k]]
            assert got.size == 0 or not different, f"v{k} {want.shape}: strides {strides}, NumPy's {want.strides}"
