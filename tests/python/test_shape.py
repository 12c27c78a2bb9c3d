"""Shape and joining functions against NumPy: values, dtypes, views that write through, layouts, errors."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from oracle import DTYPES, lz, same, values

SHAPES = [(), (0,), (1,), (5,), (12,), (4, 6), (3, 3), (1, 4), (0, 3), (2, 3, 4), (3, 1, 2), (40, 30)]

LAYOUTS = {
    "contiguous": lambda v: v,
    "transposed": lambda v: v.T,
    "reversed": lambda v: v[(slice(None, None, -1),) * v.ndim],
    "strided": lambda v: v[(*(slice(None),) * (v.ndim - 1), slice(None, None, 2))] if v.ndim else v,
}

#: Functions of a module (numpy or lazulite) and an array. Those that write through come first.
VIEWS = {
    "moveaxis": lambda m, v: m.moveaxis(v, 0, -1),
    "moveaxis of two": lambda m, v: m.moveaxis(v, (0, 1), (-1, -2)),
    "swapaxes": lambda m, v: m.swapaxes(v, 0, -1),
    "swapaxes method": lambda m, v: v.swapaxes(0, 1),
    "ravel": lambda m, v: m.ravel(v),
    "ravel F": lambda m, v: v.ravel(order="F"),
    "ravel A": lambda m, v: v.ravel("A"),
    "ravel K": lambda m, v: m.ravel(v, order="K"),
    "flatten": lambda m, v: v.flatten(),
    "flatten F": lambda m, v: v.flatten("F"),
    "flatten K": lambda m, v: v.flatten("K"),
    "reshape F": lambda m, v: m.reshape(v, (-1, 2), order="F"),
    "reshape A": lambda m, v: v.reshape(2, -1, order="A"),
    "flip": lambda m, v: m.flip(v),
    "flip one": lambda m, v: m.flip(v, axis=-1),
    "flip two": lambda m, v: m.flip(v, (0, 1)),
    "fliplr": lambda m, v: m.fliplr(v),
    "flipud": lambda m, v: m.flipud(v),
    **{f"rot90 {k}": lambda m, v, k=k: m.rot90(v, k) for k in range(-1, 4)},
    "rot90 axes": lambda m, v: m.rot90(v, 1, (2, 0)),
    "diagonal": lambda m, v: m.diagonal(v),
    "diagonal above": lambda m, v: v.diagonal(1, 1, 0),
    "diagonal below": lambda m, v: m.diagonal(v, offset=-2, axis1=0, axis2=-1),
    "diagonal beyond": lambda m, v: v.diagonal(50),
    "array_split": lambda m, v: m.array_split(v, 3),
    "array_split at": lambda m, v: m.array_split(v, [1, 3, -1, 50], axis=-1),
    "split": lambda m, v: m.split(v, 2),
    "split at": lambda m, v: m.split(v, (1, 2), axis=1),
    "hsplit": lambda m, v: m.hsplit(v, 3),
    "vsplit": lambda m, v: m.vsplit(v, [1]),
    "dsplit": lambda m, v: m.dsplit(v, 2),
    "atleast_1d": lambda m, v: m.atleast_1d(v),
    "atleast_2d": lambda m, v: m.atleast_2d(v),
    "atleast_3d": lambda m, v: m.atleast_3d(v),
    "atleast of two": lambda m, v: m.atleast_2d(v, v[..., :1]),
}

ARRAYS = {
    "concatenate": lambda m, v: m.concatenate([v, v[:2], v[::-1]]),
    "concatenate last": lambda m, v: m.concatenate((v, v), axis=-1),
    "concatenate flat": lambda m, v: m.concatenate([v, v[..., :1], 3], axis=None),
    "concatenate one": lambda m, v: m.concatenate([v]),
    "concatenate dtype": lambda m, v: m.concatenate([v, v], dtype="f4", casting="unsafe"),
    "concatenate safe": lambda m, v: m.concatenate([v, v], dtype="i4", casting="safe"),
    "concatenate array": lambda m, v: m.concatenate(v) if v.ndim else v + 0,
    "concatenate mixed": lambda m, v: m.concatenate([v, np.ones(v.shape, "i2")]),
    "concatenate odd": lambda m, v: m.concatenate([v, v[..., None]]),
    "concatenate lengths": lambda m, v: m.concatenate([v, v[:, 1:]]),
    "stack": lambda m, v: m.stack([v, v, v]),
    "stack last": lambda m, v: m.stack((v, np.ones(v.shape)), axis=-1),
    "stack odd": lambda m, v: m.stack([v, v[1:]]),
    "stack axis": lambda m, v: m.stack([v], axis=9),
    "hstack": lambda m, v: m.hstack([v, v]),
    "vstack": lambda m, v: m.vstack([v, v]),
    "dstack": lambda m, v: m.dstack([v, v]),
    "column_stack": lambda m, v: m.column_stack([v, v]),
    "append": lambda m, v: m.append(v, [[1, 2]]),
    "append axis": lambda m, v: m.append(v, v, axis=0),
    "block": lambda m, v: m.block([[v, v * 2], [v, v]]),
    "block one": lambda m, v: m.block(v),
    "block numbers": lambda m, v: m.block([v, v, 1.5]),
    "block odd": lambda m, v: m.block([[v, v[:1]], [v, v]]),
    "block depths": lambda m, v: m.block([[v], v]),
    "block empty": lambda m, v: m.block([[v], []]),
    "block tuple": lambda m, v: m.block((v, v)),
    "tile": lambda m, v: m.tile(v, 2),
    "tile more": lambda m, v: m.tile(v, (2, 1, 3)),
    "tile once": lambda m, v: m.tile(v, (1, 1)),
    "tile none": lambda m, v: m.tile(v, (0, 2)),
    "repeat": lambda m, v: m.repeat(v, 3),
    "repeat axis": lambda m, v: v.repeat(2, axis=-1),
    "repeat once": lambda m, v: v.repeat(1, 0),
    "repeat none": lambda m, v: m.repeat(v, 0, axis=0),
    "repeat each": lambda m, v: m.repeat(v, [2], axis=0),
    "repeat of every element": lambda m, v: m.repeat(v, np.arange(v.size) % 4),
    "repeat of every row": lambda m, v: v.repeat(np.arange(v.shape[0]), axis=0),
    "repeat, too few": lambda m, v: m.repeat(v, [1, 2], axis=-1),
    "repeat, floats": lambda m, v: m.repeat(v, [0.5], axis=-1),
    "repeat, negative": lambda m, v: m.repeat(v, [-1], axis=-1),
    "repeat far axis": lambda m, v: m.repeat(v, 2, axis=5),
    "roll": lambda m, v: m.roll(v, 3),
    "roll axis": lambda m, v: m.roll(v, -1, axis=-1),
    "roll axes": lambda m, v: m.roll(v, (1, 2), axis=(0, 1)),
    "roll twice": lambda m, v: m.roll(v, (1, 2), axis=(0, 0)),
    "roll both": lambda m, v: m.roll(v, 1, axis=(0, -1)),
    "diff": lambda m, v: m.diff(v),
    "diff 2": lambda m, v: m.diff(v, n=2, axis=0),
    "diff 0": lambda m, v: m.diff(v, 0) if m is not lz or v.ndim else v,
    "diff ends": lambda m, v: m.diff(v, prepend=0, append=v[..., :1]),
    "triu": lambda m, v: m.triu(v),
    "triu 1": lambda m, v: m.triu(v, 1),
    "tril": lambda m, v: m.tril(v, k=-1),
    "tril far": lambda m, v: m.tril(v, 90),
    "meshgrid": lambda m, v: m.meshgrid(v.ravel()[:5], v.ravel()[:3] * 2),
    "meshgrid ij": lambda m, v: m.meshgrid(v.ravel()[:5], v.ravel()[:3], v.ravel()[:2], indexing="ij"),
    "meshgrid sparse": lambda m, v: m.meshgrid(v.ravel()[:5], v.ravel()[:3], sparse=True),
    "pad": lambda m, v: m.pad(v, 2),
    "pad value": lambda m, v: m.pad(v, (1, 2), constant_values=7),
    "pad values": lambda m, v: m.pad(v, ((0, 1), (2, 0)), constant_values=((1, 2), (3, 4))),
    "pad nothing": lambda m, v: m.pad(v, 0),
    **{
        f"pad {k}": lambda m, v, k=k: m.pad(v, (1, 2), k)
        for k in ("edge", "reflect", "symmetric", "wrap", "linear_ramp")
    },
    **{f"pad far {k}": lambda m, v, k=k: m.pad(v, (9, 14), mode=k) for k in ("edge", "reflect", "symmetric", "wrap")},
    **{f"pad {k}": lambda m, v, k=k: m.pad(v, (1, 2), k) for k in ("maximum", "minimum")},
    **{f"pad {k}, lengths": lambda m, v, k=k: m.pad(v, (2, 1), k, stat_length=(1, 2)) for k in ("maximum", "minimum")},
    "pad odd": lambda m, v: m.pad(v, 2, "reflect", reflect_type="odd"),
}

MISTAKES = {
    "swapaxes": lambda m, v: m.swapaxes(v, 0, 9),
    "moveaxis": lambda m, v: m.moveaxis(v, 0, (0, 1)),
    "moveaxis twice": lambda m, v: m.moveaxis(v, (0, 0), (0, 1)),
    "moveaxis far": lambda m, v: m.moveaxis(v, 7, 0),
    "flip": lambda m, v: m.flip(v, 4),
    "rot90": lambda m, v: m.rot90(v, 1, (0, 0)),
    "rot90 far": lambda m, v: m.rot90(v, 1, (0, 8)),
    "rot90 three": lambda m, v: m.rot90(v, 1, (0, 1, 2)),
    "diagonal": lambda m, v: v.diagonal(0, 1, 1),
    "diagonal far": lambda m, v: v.diagonal(0, 4, 1),
    "ravel": lambda m, v: v.ravel("X"),
    "reshape": lambda m, v: v.reshape(-1, order="K"),
    "reshape copy": lambda m, v: m.reshape(v.T, -1, copy=False),
    "split": lambda m, v: m.split(v, 7),
    "array_split": lambda m, v: m.array_split(v, 0),
    "split far": lambda m, v: m.split(v, 2, axis=5),
    "nothing": lambda m, v: m.concatenate([]),
    "no arrays": lambda m, v: m.stack([]),
    "0-d": lambda m, v: m.concatenate([3, 4]),
    "far axis": lambda m, v: m.concatenate([v, v], axis=3),
    "out and dtype": lambda m, v: m.concatenate([v, v], out=v, dtype=float),
    "out shape": lambda m, v: m.concatenate([v, v], out=v),
    "out axes": lambda m, v: m.concatenate([v, v], out=v[0]),
    "out type": lambda m, v: m.concatenate([v, v], out=3),
    "casting": lambda m, v: m.concatenate([v, v], dtype="i8"),
    "casting name": lambda m, v: m.concatenate([v, v], dtype="i8", casting="odd"),
    "casting name of nothing": lambda m, v: m.concatenate([v, v], casting="odd"),
    "roll": lambda m, v: m.roll(v, 1, axis=2),
    "roll lengths": lambda m, v: m.roll(v, (1, 2, 3), axis=(0, 1)),
    "diff": lambda m, v: m.diff(v, n=-1),
    "diff axis": lambda m, v: m.diff(v, axis=3),
    "pad": lambda m, v: m.pad(v, 1.5),
    "pad negative": lambda m, v: m.pad(v, -1),
    "pad by nothing": lambda m, v: m.pad(v, 1, "maximum", stat_length=0),
    "pad by less": lambda m, v: m.pad(v, 1, "mean", stat_length=-1),
    "pad pairs": lambda m, v: m.pad(v, ((1, 1),) * 3),
    "pad mode": lambda m, v: m.pad(v, 1, "odd"),
    "pad keyword": lambda m, v: m.pad(v, 1, "edge", constant_values=1),
    "meshgrid": lambda m, v: m.meshgrid(v[0], v[1], indexing="ab"),
    "repeat": lambda m, v: v.repeat(-1),
    "tile": lambda m, v: m.tile(v, 1.5),
}


def outcome(function, module, array):
    """Results as a list, or the exception's type and text."""
    try:
        result = function(module, array)
    except Exception as e:
        return type(e), str(e)
    return list(result) if isinstance(result, (list, tuple)) else [result]


def agree(function, module, x, a, what=""):
    """The results of both libraries, compared; nothing if both refuse."""
    got, wanted = outcome(function, module, x), outcome(function, np, a)
    if isinstance(wanted, tuple) or isinstance(got, tuple):
        assert got == wanted, what
        return [], []
    assert len(got) == len(wanted)
    for g, w in zip(got, wanted, strict=True):
        assert isinstance(g, lz.Array), what
        same(g, w, msg=what)
    return got, wanted


def arrays(shape, dtype="d"):
    """The same values for NumPy and Lazulite, in every layout, computed and pending: (name, x, a, their bases)."""
    for name, layout in LAYOUTS.items():
        for pending in (False, True) if shape else (False,):  # an expression of a 0-d array is a scalar
            a = values(dtype, int(np.prod(shape))).reshape(shape)
            x = lz.asarray(a)
            if pending:
                x = np.positive(x)
            yield f"{name} {shape} {'pending' if pending else 'computed'}", layout(x), layout(a), x, a


@pytest.mark.parametrize("name", VIEWS)
def test_views_write_through_where_numpys_do(name):
    for shape in SHAPES:
        for what, v, w, x, a in arrays(shape):
            got, wanted = agree(VIEWS[name], lz, v, w, what)
            for g, e in zip(got, wanted, strict=True):
                assert g.is_writeable == e.flags.writeable, what
                if e.size and e.flags.writeable:
                    assert g.strides == e.strides or 1 in e.shape, what
                    g[...] = g * 2 + 1
                    e[...] = e * 2 + 1
                elif e.size:
                    with pytest.raises((ValueError, TypeError), match="read-only|support item assignment"):
                        g[...] = 0
            same(x, a, msg=what)


@pytest.mark.parametrize("name", ARRAYS)
def test_new_arrays(name):
    for shape in SHAPES:
        for what, v, w, x, a in arrays(shape):
            if name.startswith("meshgrid") and w.ndim == 0:
                continue
            with np.errstate(all="ignore"):
                got, _ = agree(ARRAYS[name], lz, v, w, what)
            if name in ("diff 0", "meshgrid sparse"):
                continue
            for g in got:
                if g.size and g.is_writeable:
                    g[...] = 3
            same(x, a, msg=what + ": not a view")


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_dtypes_and_numpys_own_functions(dtype):
    a = values(dtype, 24).reshape(4, 6)
    x = lz.asarray(a)
    with np.errstate(all="ignore"):
        for name, function in (VIEWS | ARRAYS).items():
            agree(function, np, x, a, name)


@pytest.mark.parametrize("mode", ["mean", "median"])
def test_borders_of_means(mode):
    for dtype in "fdiB":
        a = (np.arange(24) * 37 % 50).reshape(4, 6).astype(dtype)
        for view in (lambda v: v, lambda v: v.T, lambda v: v[::-1, ::2], lambda v: v[0]):
            for kw in ({}, {"stat_length": 2}, {"stat_length": (1, 3)}):
                before = dict(lz._fallback.calls)
                got = np.pad(view(lz.asarray(a)), (1, 3), mode, **kw)
                assert isinstance(got, lz.Array) and dict(lz._fallback.calls) == before
                same(got, np.pad(view(a), (1, 3), mode, **kw), 4)


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_refused_in_numpys_words(name):
    a = np.arange(24.0).reshape(4, 6)
    wanted = outcome(MISTAKES[name], np, a)
    assert isinstance(wanted, tuple)
    for module in (lz, np):
        for x in (lz.asarray(a), lz.asarray(a) + 0):
            assert outcome(MISTAKES[name], module, x) == wanted


def test_joining_stays_with_lazulite_and_leaves_no_temporary():
    a = np.arange(100_000.0)
    x, y = lz.asarray(a), lz.asarray(a) * 3
    before = dict(lz._fallback.calls)
    for f in (
        lambda m, p, q: m.concatenate([p * 2, q, p]),
        lambda m, p, q: m.stack([p + q, q], axis=1),
        lambda m, p, q: m.hstack([a, q]),
        lambda m, p, q: m.tile(p, 3) + m.repeat(q, 3),
        lambda m, p, q: m.roll(q, 7) - p,
        lambda m, p, q: m.diff(p * q),
        lambda m, p, q: m.pad(q, 3, "reflect"),
    ):
        got = f(np, x, y)
        assert isinstance(got, lz.Array)
        same(got, f(np, a, a * 3))
    assert lz._fallback.calls == before
    for f in (
        lambda v: np.tile(v, 2), lambda v: np.repeat(v, 2), np.diff, lambda v: np.triu(v.reshape(100, -1)),
        lambda v: np.meshgrid(v, v[:2])[0],
    ):  # fmt: skip
        assert not f(x * 2).is_computed
    del got
    z = x * 5
    in_use = lz.memory()["in_use"]
    joined = np.concatenate([z, x + 1])
    assert lz.memory()["in_use"] - in_use <= 1.25 * joined.nbytes  # blocks come in classes of size
    assert not z.is_computed


def test_out_and_ndarrays_keep_their_own_values():
    a = np.arange(1000.0)
    x = lz.asarray(a) + 1
    for out in (np.zeros(2000), lz.zeros(2000), lz.zeros(2000, "f4"), np.zeros(4000, "f4")[::2]):
        assert np.concatenate([x, a], out=out) is out
        same(out, np.concatenate([a + 1, a]).astype(out.dtype))
    whole = lz.zeros(1000)
    view = whole[:]
    np.concatenate([x], out=whole)
    same(view, a + 1)
    memory = np.zeros(1000)
    np.concatenate([x], out=memory)
    same(memory, a + 1)
    joined, single, stacked = lz.concatenate([a, x]), lz.concatenate([a, []]), lz.stack([a])
    b = a.copy()
    a[:] = -1
    same(joined, np.concatenate([b, b + 1]))
    same(single, b)
    same(stacked, b[None])
    read_only = lz.broadcast_to(lz.zeros(1), (2000,))
    with pytest.raises(ValueError, match="read-only"):
        lz.concatenate([x, x], out=read_only)


def test_inside_fuse():
    @lz.fuse
    def f(x, y):
        x[:3] = np.flip(y)[:3]
        left, right = np.split(y, 2)
        left *= 2
        return np.concatenate([x, right * 2]), np.pad(y + 1, 1), np.swapaxes(y.reshape(2, -1), 0, 1)

    for n in (6, 2000):
        results = []
        for function in (f, f.__wrapped__):
            x, y = np.arange(float(n)), np.arange(float(n)) + 100
            results.append([*function(x, y), x, y])
        for got, wanted in zip(*results, strict=True):
            assert type(got) is np.ndarray
            same(got, wanted)


def test_scalars_are_not_written_through():
    s = lz.asarray(np.arange(5.0)).sum()
    for f in (lz.atleast_1d, lz.ravel, np.atleast_2d, lambda v: v.reshape(1), lambda v: lz.expand_dims(v, 0)):
        v = f(s)
        v[...] = -1
        assert float(s) == 10
    same(lz.stack([s, s * 2, 3.0]), np.array([10.0, 20.0, 3.0]))


def test_other_dtypes_and_subclasses_go_to_numpy():
    c = np.arange(4) * 1j
    x = lz.arange(4.0)
    for f in (
        lambda m, v: m.concatenate([v, c]),
        lambda m, v: m.stack([v, c]),
        lambda m, v: m.flip(c),
        lambda m, v: m.tile(c, 2),
        lambda m, v: m.atleast_2d(c),
        lambda m, v: m.meshgrid(v, c)[1],
        lambda m, v: m.concatenate([v, v], dtype=complex),
        lambda m, v: m.append(c, v),
    ):
        same(f(lz, x), f(np, np.arange(4.0)))
    masked = np.ma.array([1.0, 2.0], mask=[True, False])
    assert type(lz.flip(masked)) is np.ma.MaskedArray


STEPS = [f for n, f in VIEWS.items() if "split" not in n and "of two" not in n] + [
    f for n, f in ARRAYS.items() if "meshgrid" not in n and "pad linear_ramp" not in n and "pad odd" not in n
]


@given(st.sampled_from(SHAPES), st.lists(st.sampled_from(STEPS), max_size=5), st.integers(0, 3))
def test_chains(shape, steps, seed):
    a = values("d", int(np.prod(shape)), seed).reshape(shape)
    x = lz.asarray(a) + 0
    v, w = x, a = x, a + 0
    with np.errstate(all="ignore"):
        for step in steps:
            got, wanted = outcome(step, lz, v), outcome(step, np, w)
            if isinstance(wanted, tuple):
                assert got == wanted
                continue
            (v,), (w,) = got, wanted
            if w.size > 20_000:
                break
            if w.size and w.flags.writeable:
                first = (..., slice(1)) if w.ndim else ...
                v[first] = 7
                w[first] = 7
    same(v, w)
    same(x, a)
