"""Volatility filters, filtered simulation and backtests of the Monte-Carlo runner."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

import lazulite as lz
from lazulite.monte_carlo import backtest, estimate, garch, models
from lazulite.monte_carlo.draws import Draws
from lazulite.monte_carlo.optimise import minimise
from lazulite.monte_carlo.prices import Prices
from monte_carlo_jobs import CSV, HELD, job_text, run_json

RETURNS = {name: estimate.returns(Prices(str(CSV)).column(name), "log") for name in ("DAX", "SMI", "CAC", "FTSE")}


def test_the_simplex_method_finds_least_values():
    value, x = minimise(lambda x: (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2, [-1.2, 1.0])  # Rosenbrock's
    assert value < 1e-9
    assert x == pytest.approx([1.0, 1.0], abs=1e-4)
    value, x = minimise(lambda x: math.cosh(x[0] - 3.0), [0.0])
    assert (value, x[0]) == (pytest.approx(1.0, abs=1e-9), pytest.approx(3.0, abs=1e-4))
    value, x = minimise(lambda x: math.inf if x[0] < 1.0 else x[0] + abs(x[1]), [2.0, 1.0])  # at the edge of a region
    assert x == pytest.approx([1.0, 0.0], abs=1e-6)


def test_the_dax_has_its_published_parameters():
    """The example of `garch` in R's package tseries: these prices, without a mean, 4.639e-06, 0.06833 and 0.8891."""
    _, _, omega, alpha, beta = garch.fit(RETURNS["DAX"], "garch")
    assert (omega, alpha, beta) == (
        pytest.approx(4.639e-6, rel=0.05),
        pytest.approx(0.06833, rel=0.01),
        pytest.approx(0.8891, rel=0.005),
    )


@pytest.mark.parametrize("kind", ["garch", "ewma"])
@pytest.mark.parametrize(("name", "first"), [("DAX", 0), ("SMI", 0), ("FTSE", 0), ("CAC", 1300), ("FTSE", 400)])
def test_no_other_parameters_are_likelier(name, first, kind):
    returns = RETURNS[name][first : first + 800]
    average, variance, omega, alpha, beta = garch.fit(returns, kind)
    squares = [(r - average) ** 2 / variance for r in returns]
    found = garch.deviance(squares, omega / variance, alpha, beta)
    form, starts = garch.FORMS[kind]
    for start in [*starts, [0.3] * len(starts[0])]:
        best = optimize.minimize(
            lambda x: garch.deviance(squares, *form(list(x))), start, method="Nelder-Mead", options={"fatol": 1e-12}
        )
        assert found < best.fun + 1e-7
    assert omega >= 0.0 and alpha >= 0.0 and beta >= 0.0 and alpha + beta <= 1.0


def test_the_likelihood_is_that_of_normal_residuals():
    returns = RETURNS["CAC"][:300]
    average, variance, omega, alpha, beta = fitted = garch.fit(returns, "garch")
    variances, residuals = garch.filter_returns(returns, fitted)
    assert len(variances) == len(returns) + 1
    np.testing.assert_allclose(average + np.sqrt(variances[:-1]) * residuals, returns, atol=1e-15)
    for t in range(5):
        e = returns[t] - average
        assert variances[t + 1] == omega + alpha * (e * e) + beta * variances[t]
    logs = stats.norm.logpdf(np.array(returns) - average, scale=np.sqrt(variances[:-1]))
    squares = [(r - average) ** 2 / variance for r in returns]
    deviance = garch.deviance(squares, omega / variance, alpha, beta)
    assert -2.0 * logs.mean() == pytest.approx(deviance + math.log(2.0 * math.pi * variance), rel=1e-12)


def test_a_flat_likelihood_ends_the_search():
    """Returns without any clustering, and one that a variance of 0 would suit."""
    rng = np.random.default_rng(1)
    _, _, _, alpha, _ = garch.fit(rng.normal(size=5000).tolist(), "garch")
    assert alpha < 0.05
    assert garch.deviance([0.0, 1.0], 0.0, 0.0, 0.0) == math.inf


def filtered(horizon, **changes):
    residuals = np.random.default_rng(3).standard_t(5, 400).tolist()
    one = {"mean": 0.001, "omega": 2e-6, "alpha": 0.1, "beta": 0.88, "variance": 3e-4, "residuals": residuals} | changes
    other = one | {"mean": 0.0, "residuals": residuals[::-1]}
    return models.Filtered(["A", "B"], [1000.0, -400.0], [models.Filter(**one), models.Filter(**other)], horizon, 0.99)


def test_filtered_paths_are_the_recursion_on_drawn_days():
    """Against a loop over paths and days, from the same draws."""
    p, n = filtered(5), 1000
    (loss,) = models.filtered_loss(lz, Draws(lz.random.default_rng(8)), n, p)
    rng = lz.random.default_rng(8)
    days = [np.asarray(lz.floor(rng.random(n) * 400)).astype(int) for _ in range(5)]
    assert np.min(days) >= 0 and np.max(days) <= 399
    for path in range(0, n, 50):
        expected = 0.0
        for holding, f in zip(p.holdings, p.filters, strict=True):
            variance, total = f.variance, 0.0
            for day in days:
                e = math.sqrt(variance) * f.residuals[day[path]]
                total += f.mean + e
                variance = f.omega + f.alpha * e * e + f.beta * variance
            expected -= holding * math.expm1(total)
        assert float(loss[path]) == pytest.approx(expected, rel=1e-9)


def test_a_quiet_day_today_means_less_risk(capsys, tmp_path):
    """What filters are for: the same residuals, today's volatility. 1993 to 1995 was calm, August 1998 was not."""
    lines = CSV.read_text().splitlines()
    (tmp_path / "calm.csv").write_text("\n".join(lines[:1000]) + "\n")
    held = 'holdings = {{ DAX = 1e6 }}\nprices = "{}"\npaths = 50_000'
    text = job_text("filtered", held.format(tmp_path / "calm.csv")) + job_text("filtered", held.format(CSV))
    calm, wild = run_json(capsys, tmp_path, text)
    assert wild["results"][0]["value"] > 1.5 * calm["results"][0]["value"]


@pytest.mark.parametrize(
    ("days", "level", "fewest", "most"),
    [(255, 0.99, 1, 6), (510, 0.99, 2, 10), (1000, 0.99, 5, 16), (255, 0.95, 7, 20), (1000, 0.95, 38, 64)],
)
def test_kupiecs_regions(days, level, fewest, most):
    """The numbers of failures that Kupiec (1995) does not reject, at the 5 % level (his 0 is out by the ratio)."""
    p_values = [
        stats.chi2.sf(backtest.kupiec([True] * x + [False] * (days - x), 1.0 - level), 1) for x in range(days + 1)
    ]
    assert [x for x, p in enumerate(p_values) if p > 0.05] == list(range(fewest, most + 1))


def test_christoffersens_ratio_is_that_of_the_contingency_table():
    rng = np.random.default_rng(2)
    beyond = (rng.random(500) < 0.1).tolist()
    table = np.zeros((2, 2))
    for before, now in zip(beyond, beyond[1:], strict=False):
        table[int(before), int(now)] += 1
    expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert backtest.christoffersen(beyond) == pytest.approx(expected, rel=1e-9)
    clustered = [False] * 200 + [True] * 20 + [False] * 280
    assert stats.chi2.sf(backtest.christoffersen(clustered), 1) < 1e-6
    for constant in ([False] * 50, [True] * 50, [True]):
        assert backtest.christoffersen(constant) == 0.0


@pytest.mark.parametrize("method", ["normal", "garch", "ewma"])
def test_forecasts_look_at_the_past_only(capsys, tmp_path, method):
    """Other prices after a day change no forecast up to it."""
    r = [RETURNS["DAX"][:350], RETURNS["FTSE"][:350]]
    gains = [1e6 * math.expm1(a) - 3e5 * math.expm1(b) for a, b in zip(*r, strict=True)]

    def forecasts(returns, gains):
        b = backtest.Backtest(["DAX", "FTSE"], [1e6, -3e5], returns, gains, method, 0.99, 200, 60)
        if method == "normal":
            return backtest.normal(b, lambda done: None)
        return backtest.filtered(b, backtest.Backend.lazulite(), lambda done: None)

    whole = forecasts(r, gains)
    assert len(whole) == 150
    day = 273
    cut = forecasts([x[:day] + [0.1] * (350 - day) for x in r], gains[:day] + [1.0] * (350 - day))
    assert cut[: day - 200 + 1] == whole[: day - 200 + 1]
    assert cut[day - 200 + 1] != whole[day - 200 + 1]


def test_the_normal_forecast_is_the_portfolio_jobs(capsys, tmp_path):
    lines = CSV.read_text().splitlines()
    (tmp_path / "first.csv").write_text("\n".join(lines[:502]) + "\n")  # 501 prices: 500 returns
    held = HELD.replace(str(CSV), str(tmp_path / "first.csv"))
    (job,) = run_json(capsys, tmp_path, job_text("portfolio", held, 'returns = "simple"', "paths = 1000"))
    prices = np.loadtxt(CSV, delimiter=",", skiprows=1)[:502]
    gains = ((prices[1:] / prices[:-1] - 1.0) @ [600_000, 250_000, 150_000, -300_000]).tolist()
    b = backtest.Backtest([], [], [], gains, "normal", 0.99, 500, 1)
    assert backtest.normal(b, lambda done: None) == pytest.approx([job["results"][0]["closed_form"]], rel=1e-9)


def test_filters_pass_where_the_normal_model_fails(capsys, tmp_path):
    text = "".join(job_text("backtest", HELD, f'method = "{method}"') for method in ("garch", "ewma", "normal"))
    p_values = []
    for job in run_json(capsys, tmp_path, text):
        results = {r["quantity"]: r for r in job["results"]}
        failures = results["losses beyond value at risk, 99 %"]
        assert results["days forecast"]["value"] == 1359
        assert failures["closed_form"] == pytest.approx(13.59)
        p_values.append(results["Kupiec's test, p-value"]["value"])
    garch_p, ewma_p, normal_p = p_values
    assert min(garch_p, ewma_p) > 0.05 > 1e-3 > normal_p
