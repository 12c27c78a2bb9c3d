"""Passes that run together, some rows after the other: the bits of passes that run alone, whatever the threads."""

import numpy as np
import pytest

import lazulite as lz

ROWS = 301  # neither a multiple of the rows of a block nor of the threads


def softmax(x, step):
    e = lz.exp(x - step(x.max(axis=-1, keepdims=True)))
    return e / step(e.sum(axis=-1, keepdims=True))


def standardised(x, step):
    return (x - step(x.mean(axis=-1, keepdims=True))) / step(x.std(axis=-1, keepdims=True))


def layer_norm(x, step):
    centred = step(x - step(x.mean(axis=-1, keepdims=True)))
    return centred / lz.sqrt(step((centred * centred).mean(axis=-1, keepdims=True)) + 1e-5)


def ranges(x, step):
    low = step(x.min(axis=-1))
    return (x - low[..., None]) / (step(x.max(axis=-1)) - low)[..., None]


def positive_mean(x, step):
    return x - step(lz.where(x > 0, x, 0).sum(axis=-1, keepdims=True)) / x.shape[-1]


CHAINS = [softmax, standardised, layer_norm, ranges, positive_mean]


def together(a):
    """A step whose result stays pending."""
    return a


def alone(a):
    """A step that is computed at once: the passes behind it read a stored array."""
    return a.compute()


def data(shape, dtype):
    rng = np.random.default_rng(7)
    if np.dtype(dtype).kind == "i":
        return rng.integers(-1000, 1000, shape).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


@pytest.fixture(autouse=True)
def _lazy():
    with lz.options(eager_below=0):
        yield


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
@pytest.mark.parametrize("length", [1, 7, 64, 1000, 1024, 20000])
def test_a_chain_of_rows_gives_the_bits_of_its_passes(chain, dtype, length):
    x = lz.asarray(data((ROWS if length < 20000 else 11, length), dtype))
    with np.errstate(all="ignore"):
        expected = np.asarray(chain(x, alone))
        for threads in (1, 2, 7):
            with lz.num_threads(threads):
                np.testing.assert_array_equal(np.asarray(chain(x, together)), expected, strict=True)


@pytest.mark.parametrize("chain", CHAINS)
def test_numpy_agrees(chain):
    values = data((ROWS, 1000), "float64")
    result = chain(lz.asarray(values), together)
    with np.errstate(all="ignore"):
        expected = np.asarray(lz.asarray(values))  # NumPy's functions on NumPy's arrays
        rows = {
            softmax: lambda a: (
                np.exp(a - a.max(axis=1, keepdims=True))
                / np.exp(a - a.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
            ),
            standardised: lambda a: (a - a.mean(axis=1, keepdims=True)) / a.std(axis=1, keepdims=True),
            layer_norm: lambda a: (a - a.mean(axis=1, keepdims=True)) / np.sqrt(a.var(axis=1, keepdims=True) + 1e-5),
            ranges: lambda a: (a - a.min(axis=1, keepdims=True)) / np.ptp(a, axis=1, keepdims=True),
            positive_mean: lambda a: a - np.where(a > 0, a, 0).sum(axis=1, keepdims=True) / 1000,
        }[chain](expected)
    np.testing.assert_allclose(np.asarray(result), rows, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize(
    "layout",
    [
        lambda a: a,
        lambda a: a[:, ::2],
        lambda a: a[::-1, ::-1],
        lambda a: a.T,
        lambda a: a[::3],
        lambda a: a.reshape(43, 7, -1),
        lambda a: a.reshape(43, 7, -1).transpose(1, 0, 2),
        lambda a: a.reshape(43, 7, -1).swapaxes(1, 2),
    ],
)
def test_layouts_and_higher_ranks(chain, layout):
    x = layout(lz.asarray(data((ROWS, 1400), "float32")))
    expected = np.asarray(chain(x, alone))
    for threads in (1, 3):
        with lz.num_threads(threads):
            np.testing.assert_array_equal(np.asarray(chain(x, together)), expected, strict=True)


def test_explain_says_that_passes_run_together():
    x = lz.asarray(data((ROWS, 1000), "float32"))
    assert "passes 1 to 3 run together" in lz.explain(softmax(x, together))
    assert "passes 1 to 2 run together" in lz.explain(standardised(x, together))
    # Another row's result is needed, or all rows' one: these wait for the whole pass before.
    m = x.max(axis=1, keepdims=True)
    assert "together" not in lz.explain(x - m[::-1])
    assert "together" not in lz.explain(x - m.max())
    assert "together" not in lz.explain(x - x.max(axis=0))


def test_what_other_rows_gave_is_complete():
    values = data((ROWS, 1000), "float64")
    x = lz.asarray(values)
    m = x.max(axis=1, keepdims=True)
    np.testing.assert_array_equal(np.asarray(x - m[::-1]), values - values.max(axis=1, keepdims=True)[::-1])
    np.testing.assert_array_equal(np.asarray(x[1:] - m[:-1]), values[1:] - values.max(axis=1, keepdims=True)[:-1])
    np.testing.assert_array_equal(
        np.asarray((x - m).max(axis=0)), (values - values.max(axis=1, keepdims=True)).max(axis=0)
    )


@pytest.mark.parametrize("part", [np.s_[:], np.s_[1:], np.s_[:, ::2], np.s_[::2]])
def test_written_over_its_own_operand(part):
    values = data((ROWS, 512), "float64")
    x = lz.array(values)
    x[part] = softmax(x[part], together)
    fresh = lz.array(values)
    expected = values.copy()
    expected[part] = np.asarray(softmax(fresh[part], alone))
    np.testing.assert_array_equal(np.asarray(x), expected)

    x = lz.array(values)
    x[1:] = x[:-1] - x[:-1].max(axis=1, keepdims=True)
    expected = values.copy()
    expected[1:] = values[:-1] - values[:-1].max(axis=1, keepdims=True)
    np.testing.assert_array_equal(np.asarray(x), expected)


def test_several_results_at_once():
    values = data((ROWS, 1000), "float64")
    x = lz.asarray(values)
    m, s = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    z = (x - m) / s
    worst = lz.absolute(z).max(axis=1)
    lz.compute(z, worst, m)
    again = lz.asarray(values)
    np.testing.assert_array_equal(np.asarray(z), np.asarray(standardised(again, alone)))
    np.testing.assert_array_equal(np.asarray(worst), np.abs(np.asarray(z)).max(axis=1))
    np.testing.assert_array_equal(np.asarray(m), np.asarray(again.mean(axis=1, keepdims=True)))


def test_rows_with_nan_and_infinities_stay_among_themselves():
    values = data((ROWS, 1000), "float64")
    values[17, 3], values[40, 999], values[200, 0] = np.nan, np.inf, -np.inf
    x = lz.asarray(values)
    with np.errstate(all="ignore"):
        result = np.asarray(softmax(x, together))
    bad = np.isnan(result).any(axis=1)
    assert list(np.flatnonzero(bad)) == [17, 40]
    np.testing.assert_allclose(result[~bad].sum(axis=1), 1)
