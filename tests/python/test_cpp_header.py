"""The C++ header library and the Python package give the same bits: files written by both are compared."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

import lazulite as lz

PROGRAMS = sorted((Path(lz._core.__file__).parents[2] / "tests").glob("header_bits*"))


def numbers(seed):
    k = np.arange(37 * 541, dtype=np.int64)
    return lz.asarray((((k + seed) * 2654435761) % 4294967296 / 4294967296.0 * 8 - 4).reshape(37, 541))


def expressions():
    """By name, as tests/cpp/header/bits.cpp writes them."""
    a, b, c = numbers(1), numbers(1000), numbers(77_777)
    f, g = a.astype("float32"), b.astype("float32")
    i, j = (a * 1000).astype("int32"), (b * 10).astype("int32")
    u = lz.absolute(c * 20).astype("uint8")
    s, k = lz.exp(a), lz.exp(b)
    d1 = (lz.log(s / k) + 0.045) / 0.3
    d2 = d1 - 0.3
    e = lz.exp(f - f.max(axis=1, keepdims=True))
    rng = lz.random.default_rng(5)
    first = rng.standard_exponential(100)
    return {
        "horner": ((((0.25 * a - 1.5) * a + 0.75) * a - 2) * a + 3.25) * a - 0.125,
        "hypotenuse": lz.sqrt(a * a + b * b) / (lz.absolute(c) + 1),
        "black_scholes": s * lz.special.ndtr(d1) - k * 0.98 * lz.special.ndtr(d2),
        "elementary": lz.sin(a * b) * lz.cos(c) + lz.tanh(a) - lz.arctan2(b, c) * lz.log1p(lz.absolute(a)) + lz.cbrt(b),
        "power": lz.absolute(a) ** b + c**2 - lz.absolute(a) ** 0.5 * c**3,
        "float32": lz.exp(f) * g - lz.sqrt(lz.absolute(f)) / 3.5,
        "mixed": f * i + a - u,
        "integers": (i % j + i // j) * 3 - (i & 12) + (u << 2),
        "comparisons": (a < b) & (i != j) | (f >= 1),
        "where": lz.where((a < b) & (f > 0), a * 2, f),
        "where_of_float32": lz.where(a < b, f, 7),
        "casts": (a * 100).astype("int16") + u.astype("int16"),
        "extremes": lz.clip(a, -1, 2.5) + lz.minimum(b, c) * lz.maximum(a, 0),
        "row": a - a.mean(axis=0) * c[:, 0:1],
        "stencil": 0.25 * (a[1:-1, :-2] + a[1:-1, 2:] + a[:-2, 1:-1] + a[2:, 1:-1]),
        "softmax": e / e.sum(axis=1, keepdims=True),
        "sum": (a * b).sum(),
        "sum_float32": (f * g).sum(),
        "mean": lz.exp(a).mean(),
        "mean_of_integers": i.mean(),
        "sum_of_integers": u.sum(),
        "max": (a * b - c).max(),
        "sum_rows": (a * b).sum(axis=1),
        "sum_columns": (a * b).sum(axis=0),
        "mean_columns_float32": f.mean(axis=0),
        "min_rows": i.min(axis=1),
        "var": (a * b).var(),
        "std_float32": f.std(ddof=1),
        "std_of_integers": u.std(),
        "var_rows": (a * b).var(axis=1),
        "var_columns_float32": f.var(axis=0, ddof=1),
        "argmin": (a * b).argmin(),
        "argmax_rows": f.argmax(axis=1),
        "argmin_columns": u.argmin(axis=0),
        "cumsum": (a * b).cumsum(),
        "cumsum_columns_float32": f.cumsum(axis=0),
        "cumsum_rows_of_integers": u.cumsum(axis=1),
        "cumprod_rows": (1 + a * 1e-3).cumprod(axis=1),
        "normal": lz.random.default_rng(2024).normal(0.5, 2, size=(37, 541)),
        "philox": lz.random.Generator(lz.random.Philox(7)).standard_normal(1001),
        "random_float32": lz.random.default_rng(11).random(1001, dtype="float32"),
        "second_draw": first + rng.uniform(-1, 3, 100),
    }


@pytest.mark.skipif(not PROGRAMS, reason="the C++ tests are not built")
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_files_of_both_are_the_same(program, tmp_path):
    run = subprocess.run([program, tmp_path], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    written = {p.stem: p.read_bytes() for p in tmp_path.glob("*.bin")}
    ours = {name: np.ascontiguousarray(np.asarray(x)).tobytes() for name, x in expressions().items()}
    assert sorted(written) == sorted(ours)
    different = [name for name in ours if written[name] != ours[name]]
    assert not different, f"other bits in C++: {different}"
