"""Bit generators: ARS-7 and Philox4x32-10 as streams, jumps, and numpy.random.Philox word by word."""

import pickle

import numpy as np
import pytest

from oracle import lz, same

STREAMS = {
    "ars": lambda seed: lz.random.ARS(seed),
    "philox": lambda seed: lz.random.Philox(seed),
    "numpy": lambda seed: lz.random.Philox(seed, numpy_compatible=True),
}
OURS = ("ars", "philox")


def philox4x32(key, high, counter):
    """Ten rounds by the paper's definition; two words of 64 bits."""
    c = [counter & 0xFFFFFFFF, counter >> 32, high & 0xFFFFFFFF, high >> 32]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & 0xFFFFFFFF, a >> 32 ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return [c[0] | c[1] << 32, c[2] | c[3] << 32]


def test_default_rng_draws_from_ars():
    for seed in (0, 42, [1, 2], np.random.SeedSequence(5)):
        want = np.asarray(lz.random.default_rng(seed).random(9))
        same(lz.random.Generator(lz.random.ARS(seed)).random(9), want)
        same(lz.random.default_rng(lz.random.ARS(seed)).random(9), want)
    assert repr(lz.random.default_rng(1)).startswith("Generator(ARS7)")


def test_philox_is_the_cipher_of_the_seeds_words():
    key = [int(w) for w in np.random.SeedSequence(42).generate_state(2, np.uint64)]
    want = [w for block in range(40) for w in philox4x32(key[0], key[1], block)]
    assert lz.random.Philox(42).random_raw(80).tolist() == want
    draw = lz.random.Generator(lz.random.Philox(42)).random(80)
    same(draw, np.array([(w >> 11) * 2.0**-53 for w in want]))
    at = lz.random.Philox(42).advance(2 * (2**40 + 5))
    assert at.random_raw(2).tolist() == philox4x32(key[0], key[1], 2**40 + 5)


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("law", ["random", "standard_normal", "standard_exponential"])
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_an_element_depends_on_its_place_only(stream, law, dtype):
    def new():
        return lz.random.Generator(STREAMS[stream](3))

    whole = np.asarray(getattr(new(), law)(1000, dtype=dtype))
    rng = new()
    same(np.concatenate([np.asarray(getattr(rng, law)(n, dtype=dtype)) for n in (1, 2, 61, 64, 100, 772)]), whole)
    draw = getattr(new(), law)((10, 100), dtype=dtype)
    same(draw[3:7, 11::2], whole.reshape(10, 100)[3:7, 11::2])
    same(draw.T + 0, whole.reshape(10, 100).T)
    for threads in (2, 7):
        with lz.num_threads(threads):
            same(getattr(new(), law)(1000, dtype=dtype), whole)
    mean = {"random": 0.5, "standard_normal": 0, "standard_exponential": 1}[law]
    assert abs(whole.mean() - mean) < 0.2


@pytest.mark.parametrize("stream", STREAMS)
def test_every_law_draws_from_every_stream(stream):
    rng = lz.random.Generator(STREAMS[stream](1))
    assert abs(float(rng.gamma(3, size=4000).mean()) - 3) < 0.15
    assert abs(float(rng.poisson(20, size=4000).mean()) - 20) < 0.4
    assert abs(float(rng.integers(0, 11, size=4000).mean()) - 5) < 0.3
    assert sorted(rng.permutation(9).tolist()) == list(range(9))
    assert len(rng.bytes(11)) == 11


@pytest.mark.parametrize("stream", STREAMS)
def test_spawn_state_pickle(stream):
    a, b = STREAMS[stream](1), STREAMS[stream](1)
    words = {tuple(g.random_raw(4).tolist()) for g in (*a.spawn(2), b, *a.spawn(1))}
    assert len(words) == 4
    a.random_raw(5)
    state = a.state
    first = np.asarray(a.random_raw(9))
    a.state = state
    copy = pickle.loads(pickle.dumps(lz.random.Generator(a)))
    same(a.random_raw(9), first)
    same(copy.bit_generator.random_raw(9), first)
    assert type(copy.bit_generator) is type(a)
    lazy = lz.random.Generator(a).random(2000) * 2
    same(pickle.loads(pickle.dumps(lazy)), np.asarray(lazy))
    assert isinstance(a.random_raw(), int) and a.random_raw((2, 3)).shape == (2, 3)


@pytest.mark.parametrize("stream", OURS)
def test_jumped(stream):
    a = STREAMS[stream](1)
    a.random_raw(7)
    same(a.jumped().random_raw(20), np.asarray(STREAMS[stream](1).advance(7 + 2**48).random_raw(20)))
    same(a.jumped(3).random_raw(20), np.asarray(a.jumped().jumped(2).random_raw(20)))
    same(a.jumped(0).random_raw(20), np.asarray(a.random_raw(20)))
    g = lz.random.Generator(a)
    same(g.jumped(5).random(9), np.asarray(lz.random.Generator(a.jumped(5)).random(9)))
    for jumps in (2**16, 2**64, 2**200):
        with pytest.raises(OverflowError, match="beyond the stream's end"):
            a.jumped(jumps)
    with pytest.raises(ValueError):
        a.jumped(-1)
    with pytest.raises(TypeError):
        a.jumped(1.5)


def test_wrong_arguments():
    with pytest.raises(TypeError, match="numpy_compatible"):
        lz.random.Philox(key=3)
    with pytest.raises(ValueError, match="for a Philox PRNG"):
        lz.random.Philox(1).state = lz.random.ARS(1).state
    with pytest.raises(ValueError):
        lz.random.ARS(-1)
    for wrong in (
        lambda philox: philox(1, key=2),
        lambda philox: philox(key=2**128),
        lambda philox: philox(key=-1),
        lambda philox: philox(1, counter=2**256),
        lambda philox: setattr(philox(1), "state", 3),
        lambda philox: setattr(philox(1), "state", {"bit_generator": "PCG64"}),
        lambda philox: philox(key=1).spawn(1),
    ):
        with pytest.raises(Exception) as want:
            wrong(np.random.Philox)
        with pytest.raises(want.type):
            wrong(lambda *args, **kwargs: lz.random.Philox(*args, **kwargs, numpy_compatible=True))


def same_state(ours, theirs):
    assert ours.keys() == theirs.keys()
    for part in ("counter", "key"):
        same(ours["state"][part], theirs["state"][part])
    assert ours["buffer_pos"] == theirs["buffer_pos"] and ours["has_uint32"] == theirs["has_uint32"]
    same(ours["buffer"], theirs["buffer"])
    if theirs["has_uint32"]:
        assert ours["uinteger"] == theirs["uinteger"]


@pytest.mark.parametrize("seed", [0, 42, [1, 2, 3]])
def test_numpys_philox_bit_for_bit(seed):
    ours, theirs = lz.random.Philox(seed, numpy_compatible=True), np.random.Philox(seed)
    same_state(ours.state, theirs.state)
    for n in (1, 3, 17, 100, 1001):
        same(ours.random_raw(n), theirs.random_raw(n))
    assert ours.random_raw() == theirs.random_raw()
    a, b = lz.random.Generator(ours), np.random.Generator(theirs)
    kinds = np.random.default_rng(1).integers(0, 3, 60)
    for kind, n in zip(kinds, np.resize([1, 2, 3, 5, 64, 1000, 7, 7, 33], 60), strict=True):
        if kind == 2:
            same(ours.random_raw(n), theirs.random_raw(n))
        else:
            dtype = (np.float64, np.float32)[kind]
            same(a.random(int(n), dtype=dtype), b.random(int(n), dtype=dtype))
        same_state(ours.state, theirs.state)
    same(a.random((3, 5), dtype="f4"), b.random((3, 5), dtype="f4"))
    assert float(a.random()) == b.random()
    for jumps in (1, 7):
        same(ours.jumped(jumps).random_raw(10), theirs.jumped(jumps).random_raw(10))
    ours.advance(5)
    theirs.advance(5)
    same(a.random(9, dtype="f4"), b.random(9, dtype="f4"))
    for child, other in zip(ours.spawn(2), theirs.spawn(2), strict=True):
        same(child.random_raw(5), other.random_raw(5))


def test_numpys_philox_states_go_both_ways():
    ours, theirs = lz.random.Philox(1, numpy_compatible=True), np.random.Philox(9)
    a, b = lz.random.Generator(ours), np.random.Generator(theirs)
    for n in (1, 2, 3, 4, 6):
        b.random(n)
        b.random(3, dtype="f4")
        b.random(1)
        ours.state = theirs.state  # a half waits, of a word before the last
        same(a.random(n, dtype="f4"), b.random(n, dtype="f4"))
        theirs.state = ours.state
        same(a.random(n), b.random(n))
        same_state(ours.state, theirs.state)


@pytest.mark.parametrize("counter", [5, 2**64 - 3, 2**64 - 1, 2**128 - 2, 2**192 - 1, 2**256 - 2])
def test_numpys_philox_carries_its_counter(counter):
    ours = lz.random.Philox(counter=counter, key=2**100 + 5, numpy_compatible=True)
    theirs = np.random.Philox(counter=counter, key=2**100 + 5)
    same(ours.random_raw(100), theirs.random_raw(100))
    same_state(ours.state, theirs.state)
    same(ours.jumped().random_raw(9), theirs.jumped().random_raw(9))


def test_numpys_philox_draws_on_from_a_new_base(monkeypatch):
    monkeypatch.setattr("lazulite._numpy_philox._MOST", 10)
    ours, theirs = lz.random.Philox(6, numpy_compatible=True), np.random.Philox(6)
    a, b = lz.random.Generator(ours), np.random.Generator(theirs)
    for n in (7, 5, 12, 3, 22, 1, 9, 40, 2, 13):
        same(a.random(n, dtype="f4"), b.random(n, dtype="f4"))
        same(a.random(n), b.random(n))
