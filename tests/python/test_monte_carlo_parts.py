"""The parts of the Monte-Carlo runner: models under NumPy, estimates, the band around a quantile, the progress bar."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lazulite.monte_carlo import estimate, models, progress
from lazulite.monte_carlo.cli import main
from lazulite.monte_carlo.outcome import Backend
from lazulite.monte_carlo.prices import Prices, split_row
from lazulite.monte_carlo.runner import run
from lazulite.monte_carlo.tail import BandMissed, Tail

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "monte_carlo"


@pytest.fixture(params=["lazulite", "numpy"])
def backend(request):
    return getattr(Backend, request.param)()


class PlainJob(dict):
    """What the runner asks of a job."""

    def __init__(self, model, paths, seed=7, **switches):
        super().__init__(paths=paths, seed=seed, **switches)
        self.model = self.name = model

    def error(self, key, problem):
        return AssertionError(f"{key}: {problem}")


def option(**changes):
    given = {"call": True, "spot": 100.0, "strike": 105.0, "rate": 0.03, "dividend": 0.01, "volatility": 0.25}
    return models.Option(**(given | {"maturity": 1.0, "steps": 12} | changes))


def portfolio(level=0.99):
    factor = [[0.02, 0.0], [0.01, 0.015]]
    return models.Portfolio(["A", "B"], [1000.0, -500.0], [0.001, 0.002], factor, "simple", level)


@pytest.mark.parametrize(
    ("model", "inputs", "paths"),
    [
        ("pi", None, 500_000),
        ("european", option(), 100_000),
        ("european", option(call=False), 100_000),
        ("barrier", option(barrier=140.0, steps=252), 20_000),
        ("barrier", option(call=False, barrier=140.0, steps=252), 20_000),
        ("portfolio", portfolio(), 400_000),
    ],
)
def test_both_engines_agree_with_the_closed_form(backend, model, inputs, paths):
    for result in run(PlainJob(model, paths), inputs, backend).results:
        assert result.error > 0.0
        assert abs(result.value - result.closed_form) <= 4.0 * result.error


def test_a_price_that_cannot_move_is_exact(backend):
    given = option(volatility=0.0, dividend=0.0, strike=90.0)
    (result,) = run(PlainJob("european", 1000), given, backend).results
    assert result.value == pytest.approx(100.0 - 90.0 * math.exp(-0.03), rel=1e-12)
    assert result.error == pytest.approx(0.0, abs=1e-6)


def test_estimates_are_numpys_up_to_rounding():
    prices = Prices(str(EXAMPLE / "data" / "eustockmarkets.csv"))
    assert prices.header == ["DAX", "SMI", "CAC", "FTSE"]
    columns = [prices.column(name) for name in prices.header]
    assert [len(column) for column in columns] == [1860] * 4
    returns = [estimate.returns(column, "log") for column in columns]
    matrix = [[estimate.covariance(a, b) for b in returns] for a in returns]
    np.testing.assert_allclose(matrix, np.cov(np.diff(np.log(columns), axis=1)), rtol=1e-12)
    factor, row = estimate.cholesky(matrix)
    assert row == -1
    np.testing.assert_allclose(factor, np.linalg.cholesky(matrix), rtol=1e-10, atol=1e-18)


def test_quoted_fields_hold_commas_and_quotes():
    assert split_row('"a,b", c ,"say ""x""",') == ["a,b", "c", 'say "x"', ""]


def tail_of(losses, chunk, **limits):
    tail = Tail(0.95, **limits)
    stored = 0
    for start in range(0, len(losses), chunk):
        part = losses[start : start + chunk]
        tail.add(np, lambda *arrays: None, len(part), part)
        stored = max(stored, tail.stored)
    return tail.result(), stored


@pytest.mark.parametrize("ties", [False, True])
def test_the_tail_is_exact_however_often_it_is_narrowed(ties):
    losses = np.random.default_rng(1).normal(size=200_000)
    losses = np.round(losses, 1) if ties else losses
    (risk, risk_error, shortfall, error), stored = tail_of(losses, 5000, limit=1000)
    assert stored < (1500 if ties else 20_000)
    assert risk == np.sort(losses)[math.ceil(0.95 * len(losses)) - 1]
    excess = np.maximum(losses - risk, 0.0) / (1.0 - 0.95)
    assert shortfall == pytest.approx(risk + excess.mean(), rel=1e-12)
    assert error == pytest.approx(excess.std() / math.sqrt(len(losses)), rel=1e-9)
    assert risk_error > 0 or ties


def test_a_quantile_that_leaves_the_band_is_noticed():
    with pytest.raises(BandMissed):
        tail_of(np.linspace(0.0, 1.0, 20_000), 1000, width=0.01, limit=100)


def test_a_missed_band_is_answered_by_a_wider_one(monkeypatch):
    wide = run(PlainJob("portfolio", 600_000), portfolio(0.9), Backend.lazulite()).results
    monkeypatch.setattr("lazulite.monte_carlo.tails.WIDTH", 1e-3)
    narrow = run(PlainJob("portfolio", 600_000), portfolio(0.9), Backend.lazulite()).results
    assert narrow[0].value == wide[0].value
    assert narrow[1].value == pytest.approx(wide[1].value, rel=1e-12)


def test_the_seed_chooses_the_numbers(capsys):
    answers = []
    for seed in ("1", "1", "2"):
        assert main(["run", str(EXAMPLE / "jobs" / "portfolio.toml"), "--paths", "2000", "--seed", seed, "--json"]) == 0
        answers.append([job["results"] for job in json.loads(capsys.readouterr().out)["jobs"]])
    assert answers[0] == answers[1] != answers[2]


def test_interrupting_says_so_in_one_line(monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lazulite.monte_carlo.cli.run", interrupt)
    assert main(["run", str(EXAMPLE / "jobs" / "pi.toml")]) == 130
    assert capsys.readouterr().err == "lazulite-mc: interrupted\n"


def test_a_terminal_gets_a_progress_bar_and_nothing_else_does(monkeypatch):
    written = []
    terminal = SimpleNamespace(isatty=lambda: True, write=written.append, flush=lambda: None)
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    with progress.plain("pi", 100) as update:
        update(50)
    assert "[###############...............]  50 %" in "".join(written)
    shown = len(written)
    with progress.progress("pi", 100, quiet=True) as update:
        update(100)
    terminal.isatty = lambda: False
    with progress.progress("pi", 100, quiet=False) as update:
        update(100)
    assert len(written) == shown
