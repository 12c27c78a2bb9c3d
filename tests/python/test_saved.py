"""Expressions in files: what is saved, what runs on other inputs, and what is refused."""

import os
import runpy
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from oracle import lz, same

N = 1000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "expression.lz"


def array(n=N, seed=1, dtype="f8"):
    return lz.asarray(np.random.default_rng(seed).random(n).astype(dtype))


def black_scholes(spot, vol):
    d1 = (np.log(spot / 100.0) + 0.5 * vol**2) / vol
    price = spot * lz.special.ndtr(d1) - 100.0 * lz.special.ndtr(d1 - vol)
    return {"price": price, "delta": lz.special.ndtr(d1)}


def test_new_inputs_give_the_same_bits(path):
    spot, vol = array() * 50 + 75, array(seed=2) + 0.1
    lz.save(black_scholes(spot, vol), path, inputs={"spot": spot, "vol": vol})
    f = lz.load(path)
    assert f.inputs == {"spot": (np.dtype("f8"), (N,)), "vol": (np.dtype("f8"), (N,))}
    assert f.outputs == {"price": (np.dtype("f8"), (N,)), "delta": (np.dtype("f8"), (N,))}
    for n in (N, 1, 0, 17, 100_000):  # other lengths, too
        s, v = array(n, 3) * 60 + 70, array(n, 4) + 0.2
        got, expected = f(spot=s, vol=v), black_scholes(s, v)
        assert list(got) == ["price", "delta"]
        for name in got:
            same(got[name], expected[name])
    same(f(spot=s, vol=np.float64(0.3))["price"], black_scholes(s, 0.3)["price"])  # broadcast


def test_results_are_lazy(path):
    x = array(100_000)
    lz.save(np.exp(x) * 2, path, inputs={"x": x})
    y = lz.load(path)(x=x)
    assert not y.is_computed
    same(y, np.exp(x) * 2)


def test_names_are_of_any_script(path):
    x = array()
    lz.save({"дельта €": x * 2}, path, inputs={"σ 𝛼": x})
    same(lz.load(path)(**{"σ 𝛼": x})["дельта €"], x * 2)


def test_functions_are_written_out_however_small_their_inputs(path):
    lz.save(lambda x: (np.exp(x) - x).sum(), path, inputs={"x": [1.0, 2.0]})
    f = lz.load(path)
    y = f(x=[1.0, 5.0, 3.0])
    assert y.is_scalar
    x = lz.asarray([1.0, 5.0, 3.0])
    assert float(y) == float((np.exp(x) - x).sum())


def test_values_that_are_no_inputs_are_saved(path):
    x, weights = array(), array(seed=5)
    lz.save((x * weights).sum(), path, inputs={"x": x})
    expected = (x * weights).sum()
    weights[...] = 0  # after the line
    same(lz.load(path)(x=x), expected)


def test_inputs_values_are_saved_only_when_asked_for(path):
    x = array()
    lz.save(np.sqrt(x), path, inputs={"x": x})
    assert os.path.getsize(path) < 500
    with pytest.raises(ValueError, match="inputs are missing, of which no values were saved: x"):
        lz.load(path)()
    lz.save(np.sqrt(x), path, inputs={"x": x}, keep_inputs=True)
    same(lz.load(path)(), np.sqrt(x))
    same(lz.load(path)(x=x * 2), np.sqrt(x * 2))


def test_an_expression_is_saved_again_with_values(path, tmp_path):
    x = array()
    lz.save(np.sqrt(x), path, inputs={"x": x})
    again = tmp_path / "again.lz"
    lz.load(path).save(again, x=x)
    same(lz.load(again)(), np.sqrt(x))
    lz.load(path).save(again)
    assert again.read_bytes() == path.read_bytes()
    lz.load(path).save(again, x=x[:3])
    assert lz.load(again).outputs == {"": (np.dtype("f8"), (3,))}
    same(lz.load(again)(), np.sqrt(x[:3]))


def test_one_array_may_be_given_to_several_inputs(path):
    x, y, z = array(), array(seed=2), array(seed=3)
    lz.save(x / y - z, path, inputs={"x": x, "y": y, "z": z})
    lz.load(path).save(path, x=x, y=x, z=z)
    f = lz.load(path)
    same(f(), x / x - z)
    same(f(y=y), x / y - z)


def test_a_pending_array_may_be_an_input(path):
    x = array(20_000)
    y = np.exp(x)
    lz.save(y * 2 + 1, path, inputs={"y": y})
    same(lz.load(path)(y=x), x * 2 + 1)


EXPRESSIONS = {
    "elementwise": lambda x: np.where(x > 0.5, np.sqrt(x), x - 1),
    "casts": lambda x: (x * 100).astype("i4").astype("f4"),
    "rows": lambda x: x - x.mean(axis=1, keepdims=True),
    "columns": lambda x: x.std(axis=0, ddof=1),
    "all": lambda x: x.max(),
    "transposed": lambda x: x.T + 1,
    "new axes": lambda x: x[:, None, :] - x.sum(axis=-1)[None, :, None],
    "arg": lambda x: x.argmax(axis=1),
    "bools": lambda x: (x > 0.5).any(axis=0),
    "draws": lambda x: x.sum() + lz.random.default_rng(1).standard_normal(30),
    "itself": lambda x: x,
    "constant": lambda x: {"a": x + 1, "b": lz.ones(3) * 2},
}


@pytest.mark.parametrize("make", EXPRESSIONS.values(), ids=EXPRESSIONS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_shapes_follow_the_inputs(path, make, order):
    x = lz.asarray(np.asarray(np.random.default_rng(1).random((20, 30)), order=order))
    lz.save(make, path, inputs={"x": x})
    f = lz.load(path)
    for shape in ((20, 30), (7, 7), (3, 500), (500, 3)):
        values = np.random.default_rng(2).random(shape)
        for given in (lz.asarray(values), lz.asarray(np.asfortranarray(values)), lz.asarray(values[::-1].copy())[::-1]):
            # It is laid out as the saved input was: sums along other orders of the axes may round differently.
            got, expected = f(x=given), make(lz.asarray(np.asarray(values, order=order)))
            if not isinstance(expected, dict):
                got, expected = {"": got}, {"": expected}
            for name, value in expected.items():
                same(got[name], value)


def test_slices_keep_the_shapes_that_they_were_saved_with(path):
    x = array()
    lz.save(x[1:] - x[:-1], path, inputs={"x": x})
    f = lz.load(path)
    same(f(x=x * 2), (x * 2)[1:] - (x * 2)[:-1])
    with pytest.raises(ValueError, match=r"for x \(17,\): a slice or a reshape of an array of shape \(1000,\)"):
        f(x=array(17))
    lz.save(lambda x: x.sum(axis=1), path, inputs={"x": lz.ones((4, 5))})
    with pytest.raises(ValueError, match="the number of axes has to stay"):
        lz.load(path)(x=lz.ones(3))
    lz.save(lambda x, y: x + y, path, inputs={"x": lz.ones(300), "y": lz.ones(300)})
    with pytest.raises(ValueError, match=r"do not broadcast: \(4,\) \(5,\)"):
        lz.load(path)(x=lz.ones(4), y=lz.ones(5))


@pytest.mark.parametrize("dtype", "? b B h H i I q Q f d".split())
def test_every_dtype(path, dtype):
    x, values = array() * 200 - 100, array(seed=7) * 200 - 100
    x, values = x.astype(dtype), values.astype(dtype)
    expression = x != values if dtype == "?" else x + values
    lz.save(expression, path, inputs={"x": x})
    same(lz.load(path)(x=x), expression)


def test_parts_without_a_form_are_computed_where_they_need_no_input(path):
    x, a = array(30), lz.asarray(np.random.default_rng(1).random((30, 30)))
    lz.save(lambda x: x + a @ a[:, 0], path, inputs={"x": x})
    same(lz.load(path)(x=x), x + a @ a[:, 0])
    with pytest.raises(TypeError, match="save: matmul of an input has no portable form yet"):
        lz.save(lambda x: a @ x + 1, path, inputs={"x": x})
    mask = np.arange(30) % 2 == 0
    lz.save(lambda x: x + a[0][mask].sum(), path, inputs={"x": x})
    same(lz.load(path)(x=x), x + a[0][mask].sum())


def test_a_masked_reduction_pickles():
    import pickle

    x = array(5000)
    y = lz.random.default_rng(1).random(100_000) * x[x > 0.5].sum()
    same(pickle.loads(pickle.dumps(y)), y)


def test_inputs_that_are_none_are_refused(path):
    x, other = array(), array(seed=3)
    y = np.sqrt(x)
    for inputs, message in [
        ({"other": other}, "does not read the input 'other'"),
        ({"x": x[:5]}, "is a view"),
        ({"x": x, "z": x}, "has two names"),
        ({"": x}, "1 to 200 printable"),
        ({"a\n": x}, "1 to 200 printable"),
    ]:
        with pytest.raises(ValueError, match=message):
            lz.save(y, path, inputs=inputs)
    with pytest.raises(TypeError, match="is a string"):
        lz.save(y, path, inputs={3: x})
    with pytest.raises(ValueError, match="no expression"):
        lz.save({}, path)
    small = lz.ones(2)
    with lz.options(eager_below=256), pytest.raises(ValueError, match="at most 256 elements are computed at once"):
        lz.save(small + 1, path, inputs={"small": small})
    assert not path.exists()
    lz.save(y, path, inputs={"x": x})
    f = lz.load(path)
    with pytest.raises(ValueError, match="there is no input 'y'; there are: x"):
        f(y=x)
    with pytest.raises(
        TypeError, match=r"is float32\(1000,\), and was saved as float64\(1000,\): convert it to float64"
    ):
        f(x=x.astype("f4"))


def test_files_that_are_not_there(path, tmp_path):
    with pytest.raises(FileNotFoundError, match="expression.lz"):
        lz.load(path)
    with pytest.raises(IsADirectoryError):
        lz.load(tmp_path)
    with pytest.raises(FileNotFoundError):
        lz.save(array(), tmp_path / "nowhere" / "x.lz")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="pipe: it is not a regular file"):
        lz.load(tmp_path / "pipe")
    (tmp_path / "pipe").unlink()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        lz.save(array(), tmp_path / "folder")
    for function in (lz.load, lambda p: lz.save(array(), p)):
        with pytest.raises(ValueError, match="null byte"):
            function(f"{path}\0other")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder"]  # nothing half written is left
    odd = tmp_path / "\udcff \u00e9"
    lz.save(array(), odd)
    same(lz.load(odd)(), array())


def number(n):
    """Seven bits a byte, the lowest first."""
    out = b""
    while n >= 128:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def text(s):
    return number(len(s)) + s


def file(described, values=b"", version=1, **changes):
    """A file, written by the documentation alone (docs/saved_expressions.md)."""
    body = struct.pack("<Q", len(described)) + described
    if values:
        body += bytes(-(24 + len(body)) % 64) + values
    body = struct.pack("<Q", changes.get("length", 24 + len(body))) + body
    return b"lazulite" + struct.pack("<II", version, changes.get("crc", zlib.crc32(body))) + body


#: x + [1, 2, 3], x an input.
NODES = (
    b"lazulite graph 1\n"
    + number(3) + text(b"source leaf") + text(b"elementwise add") + text(b"float64")
    + number(3)
    + number(0) + number(0)  # leaf 0
    + number(0) + number(1)  # leaf 1
    + number(1) + number(2) + number(1) + number(6) + number(0) + number(2) + number(1)
)  # fmt: skip


def described(name=b"x", dtype=b"float64", extent=6, stored=0, node=2, nodes=NODES, scalar=0):
    leaf = text(dtype) + number(1) + number(extent) + number(0)
    return (
        number(2) + text(name) + leaf + number(stored) + text(b"") + text(b"float64") + number(1) + number(6) + b"\0\1"
        + number(1) + text(b"") + number(node) + number(scalar) + text(nodes)
    )  # fmt: skip


#: A lone constant, which only a hostile file makes an output.
CONSTANT = b"lazulite graph 1\n" + number(2) + text(b"source constant") + text(b"float64") + b"\1\0\1" + bytes(8)

VALUES = struct.pack("<3d", 1, 2, 3)


def test_the_documented_format_is_what_is_written(path):
    x = lz.ones(3)
    lz.save(lambda x: x + lz.asarray([1.0, 2.0, 3.0]), path, inputs={"x": x})
    assert path.read_bytes() == file(described(), VALUES)
    path.write_bytes(file(described(), VALUES))
    same(lz.load(path)(x=[1.0, 1.0, 1.0]), np.array([2.0, 3.0, 4.0]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a saved expression"),
        (b"lazulite", "ends early"),
        (file(described(), VALUES, version=2), "version 2 of the format; this Lazulite reads version 1"),
        (file(described(), VALUES)[:-1], "ends early"),
        (file(described(), VALUES) + b"\0", "more follows"),
        (file(described(), VALUES, crc=1), "checksum is wrong"),
        (file(described(), VALUES, length=2**63), "ends early"),
        (file(described(), VALUES, length=3), "length is wrong"),
        (file(described(), VALUES[:-8]), "length is wrong"),
        (file(described(extent=2**63), VALUES), "too big"),
        (file(described(extent=7), VALUES), "extent is negative"),
        (file(described(extent=2**60, stored=1), VALUES), "values are too many"),
        (file(described(name=b""), VALUES), "neither stored nor an input"),
        (file(described(name=b"\xff"), VALUES), "not UTF-8"),
        (file(described(name=b"\xe2\x82"), VALUES), "not UTF-8"),
        (file(described(name=b"\xed\xa0\x80"), VALUES), "not UTF-8"),
        (file(described(name=b"a" * 1001), VALUES), "name is too long"),
        (file(described(dtype=b"complex128"), VALUES), "no dtype 'complex128'"),
        (file(described(dtype=b"float32"), VALUES), "differ in dtype"),
        (file(described(node=3), VALUES), "an output is missing"),
        (file(described(scalar=1), VALUES), "a scalar has axes"),
        (file(described(nodes=NODES.replace(b"add", b"sub")), VALUES), "no op 'elementwise sub'"),
        (file(described(nodes=NODES[:-1]), VALUES), "ends early"),
        (file(number(2**62), VALUES), "ends early"),
        (file(described(nodes=CONSTANT, node=0), VALUES), "an output is a constant"),
    ],
)
def test_files_that_are_none_are_refused(path, content, message):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"load: .*expression.lz: .*{message}"):
        lz.load(path)


def test_every_flipped_byte_and_every_cut_is_noticed(path):
    whole = file(described(), VALUES)
    for k in range(len(whole)):
        for content in (whole[:k], whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :]):
            path.write_bytes(content)
            with pytest.raises(ValueError, match="expression.lz"):
                lz.load(path)


def test_another_process_gives_the_same_bits(path, tmp_path):
    x = array(50_000)
    lz.save({"y": np.exp(x), "sum": np.sin(x).sum()}, path, inputs={"x": x}, keep_inputs=True)
    code = "import sys, lazulite as lz; f = lz.load(sys.argv[1])(); sys.stdout.buffer.write(bytes(memoryview(f['y'])))"
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, timeout=60, check=True)
    assert run.stdout == bytes(memoryview(np.exp(x)))


def test_its_face(path):
    x = array()
    lz.save(x * 2, path, inputs={"x": x})
    assert repr(lz.load(path)) == f"<lazulite.Saved {path}: (x float64[1000]) -> result float64[1000]>"


def example():
    return Path(lz._core.__file__).resolve().parents[2] / "examples/cpp/saved_expression/saved_expression"


def test_cpp_gives_the_same_bits_and_saves_for_python(path, tmp_path):
    """examples/cpp/saved_expression: Python writes, C++ runs and saves, Python runs."""
    if not example().exists():
        pytest.skip("built without the examples")
    source = Path(__file__).parents[2] / "examples/cpp/saved_expression/write.py"
    call = runpy.run_path(str(source))["call"]
    subprocess.run([sys.executable, source, path], check=True, timeout=60)
    again = tmp_path / "again.lz"
    run = subprocess.run([example(), path, again], capture_output=True, text=True, check=True, timeout=60)
    spot = lz.asarray(70.0 + np.arange(61))
    vol = lz.asarray(0.1 + 0.005 * np.arange(61))
    expected = call(spot, vol)
    here = lz.load(again)()
    for name in ("price", "delta"):
        same(here[name], expected[name])
        printed = [float(line.split(name)[1].split()[0]) for line in run.stdout.splitlines()]
        assert printed == np.asarray(expected[name])[::10].tolist()
    path.write_bytes(path.read_bytes()[:-1])
    run = subprocess.run([example(), path], capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (1, f"load: {path}: it ends early\n")
