"""The formulas of the Monte-Carlo runner, against textbooks, each other and numerical integration."""

import math
from dataclasses import replace

import numpy as np
import pytest

import lazulite as lz
from lazulite.monte_carlo import closed_form, models
from lazulite.monte_carlo.closed_form import normal_cdf, normal_density
from lazulite.monte_carlo.draws import Draws
from monte_carlo_jobs import BASKET, OPTION, job_text, run_json


def option(**changes):
    given = {"call": True, "spot": 100.0, "strike": 105.0, "rate": 0.03, "dividend": 0.01, "volatility": 0.25}
    return models.Option(**(given | {"maturity": 1.0, "steps": 4} | changes))


def basket(**changes):
    factor = np.linalg.cholesky([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]]).tolist()
    given = {
        "call": True,
        "assets": ["X", "Y", "Z"],
        "weights": [0.5, 0.3, 0.2],
        "spots": [100.0, 90.0, 50.0],
        "volatilities": [0.2, 0.3, 0.25],
        "dividends": [0.0, 0.01, 0.02],
        "factor": factor,
        "strike": 80.0,
        "rate": 0.03,
        "maturity": 1.0,
    }
    return models.Basket(**(given | changes))


@pytest.mark.parametrize(("call", "price"), [(True, 4.76), (False, 0.81)])
def test_black_scholes_is_the_textbook_value(call, price):
    """Hull, Options, Futures, and Other Derivatives: S = 42, K = 40, r = 0.1, sigma = 0.2, T = 0.5."""
    o = option(call=call, spot=42.0, strike=40.0, rate=0.1, dividend=0.0, volatility=0.2, maturity=0.5)
    assert closed_form.european(o) == pytest.approx(price, abs=0.005)


def test_closed_forms_obey_parity_and_limits():
    call, put = option(), option(call=False)
    forward = call.spot * math.exp(-call.dividend) - call.strike * math.exp(-call.rate)
    assert closed_form.european(call) - closed_form.european(put) == pytest.approx(forward, abs=1e-12)
    for is_call in (True, False):
        far = option(call=is_call, barrier=1e9)
        assert closed_form.up_and_out(far) == pytest.approx(closed_form.european(far), abs=1e-9)
    assert closed_form.up_and_out(option(barrier=110.0)) < closed_form.up_and_out(option(barrier=120.0))
    assert closed_form.up_and_out(option(barrier=100.0)) == 0.0
    assert closed_form.geometric_asian(option(steps=1)) == pytest.approx(closed_form.european(option()), rel=1e-12)
    one = basket(assets=["X"], weights=[2.0], spots=[50.0], volatilities=[0.25], dividends=[0.01], factor=[[1.0]])
    assert closed_form.geometric_basket(replace(one, strike=105.0)) == pytest.approx(closed_form.european(call))


def test_the_normal_quantile_undoes_the_distribution():
    for p in (0.5, 0.95, 0.99, 0.999, 1 - 1e-9):
        assert normal_cdf(closed_form.normal_quantile(p)) == pytest.approx(p, rel=1e-14)
    assert closed_form.normal_quantile(0.975) == pytest.approx(1.959963984540054, abs=1e-13)


@pytest.mark.parametrize("antithetic", [False, True])
@pytest.mark.parametrize(
    ("model", "inputs"),
    [
        ("european", option()),
        ("european", option(call=False, steps=1)),
        ("asian", option(steps=50)),
        ("asian", option(call=False)),
        ("barrier", option(barrier=130.0)),
        ("basket", basket()),
        ("basket", basket(call=False)),
    ],
)
def test_control_variates_pay_what_is_expected(model, inputs, antithetic):
    n = 200_000
    sample = {"european": models.european, "asian": models.asian, "barrier": models.up_and_out, "basket": models.basket}
    _, control = sample[model](lz, Draws(lz.random.default_rng(5)).again(antithetic), n, inputs)
    error = float(control.std()) / n**0.5
    assert abs(float(control.mean()) - closed_form.control(model, inputs)) < 4 * error


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("call", [True, False])
def test_greeks_agree_with_black_and_scholes(capsys, tmp_path, call, seed):
    """The derivatives themselves, not differences of prices: the steps' bias is far below the standard error."""
    o = option(call=call)
    sign = 1.0 if call else -1.0
    root = o.volatility * math.sqrt(o.maturity)
    d1 = (math.log(o.spot / o.strike) + (o.rate - o.dividend + 0.5 * o.volatility**2) * o.maturity) / root
    d2 = d1 - root
    carried, owed = o.spot * math.exp(-o.dividend * o.maturity), o.strike * o.discount
    delta = sign * math.exp(-o.dividend * o.maturity) * normal_cdf(sign * d1)
    vega = carried * normal_density(d1) * math.sqrt(o.maturity)
    decay = -carried * normal_density(d1) * o.volatility / (2.0 * math.sqrt(o.maturity))
    owed_by = sign * normal_cdf(sign * d2) * owed
    greeks = {
        "delta": delta,
        "gamma": carried * normal_density(d1) / (o.spot**2 * root),
        "vega": vega,
        "rho": o.maturity * owed_by,
        "theta": decay - o.rate * owed_by + o.dividend * delta * o.spot,
    }
    line = 'option = "call"' if call else 'option = "put"'
    text = job_text("european", OPTION, line, "greeks = true", "antithetic = true", f"seed = {seed}")
    (job,) = run_json(capsys, tmp_path, text)
    results = {r["quantity"]: r for r in job["results"]}
    assert list(results) == ["price", *greeks]
    for name, expected in greeks.items():
        assert abs(results[name]["value"] - expected) < 4 * results[name]["standard_error"], name
        assert results[name]["closed_form"] == pytest.approx(expected, rel=2e-3)


def two_assets(b):
    """The price of a basket of two, by integrating Black and Scholes over the first one's growth."""
    z = np.linspace(-10.0, 10.0, 20_001)
    first = b.spots[0] * np.exp(b.drift[0] + b.vol[0] * z)
    (_, _), (rho, rest) = b.factor
    left = b.strike - b.weights[0] * first
    prices = []
    for k, x in zip(left, z, strict=True):
        forward = b.weights[1] * b.spots[1] * math.exp(b.drift[1] + b.vol[1] * rho * x + 0.5 * (b.vol[1] * rest) ** 2)
        if k <= 0.0:
            prices.append(forward - k)
            continue
        deviation = b.vol[1] * rest
        d1 = math.log(forward / k) / deviation + 0.5 * deviation
        prices.append(forward * normal_cdf(d1) - k * normal_cdf(d1 - deviation))
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return b.discount * float(np.trapezoid(np.array(prices) * density, z))


@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.7])
def test_a_basket_of_two_agrees_with_numerical_integration(capsys, tmp_path, rho):
    lines = (
        'assets = ["X", "Y"]',
        "weights = [0.6, 0.5]",
        "spots = [100.0, 90.0]",
        "volatilities = [0.2, 0.4]",
        f"correlation = [[1.0, {rho}], [{rho}, 1.0]]",
        "strike = 105.0",
        "rate = 0.03",
    )
    factor = [[1.0, 0.0], [rho, math.sqrt(1.0 - rho * rho)]]
    b = models.Basket(
        True,
        ["X", "Y"],
        [0.6, 0.5],
        [100.0, 90.0],
        [0.2, 0.4],
        [0.0, 0.0],
        factor,
        strike=105.0,
        rate=0.03,
        maturity=1.0,
    )
    expected = two_assets(b)
    (job,) = run_json(capsys, tmp_path, job_text("basket", *lines, "greeks = true"))
    results = {r["quantity"]: r for r in job["results"]}
    assert abs(results["price"]["value"] - expected) < 4 * results["price"]["standard_error"]
    moved = [two_assets(replace(b, spots=[100.0, 90.0 + h])) for h in (0.1, -0.1)]
    delta = (moved[0] - moved[1]) / 0.2
    assert abs(results["delta Y"]["value"] - delta) < 4 * results["delta Y"]["standard_error"]


def test_one_asset_is_an_option(capsys, tmp_path):
    lines = ("spots = [50.0]", "volatilities = [0.25]", "dividends = [0.01]", "strike = 105.0", "rate = 0.03")
    text = job_text("basket", 'assets = ["X"]', "weights = [2.0]", *lines, "greeks = true")
    (job,) = run_json(capsys, tmp_path, text)
    price, delta = job["results"][:2]
    # The geometric basket is the basket itself, and what it is expected to pay is known.
    assert price["value"] == pytest.approx(closed_form.european(option()), rel=1e-12)
    assert delta["value"] == pytest.approx(2.0 * 0.4989, abs=1e-3)


def test_spots_volatilities_and_correlations_come_from_the_prices(capsys, tmp_path):
    from monte_carlo_jobs import CSV

    text = f'periods_per_year = 260\nprices = "{CSV}"\n' + job_text(
        "basket", 'assets = ["FTSE", "DAX"]', "weights = [1, 1]", "strike = 1e4", "paths = 100"
    )
    (job,) = run_json(capsys, tmp_path, text)
    prices = np.loadtxt(CSV, delimiter=",", skiprows=1)[:, [3, 0]]
    returns = np.diff(np.log(prices), axis=0)
    assert job["inputs"]["spots"] == prices[-1].tolist()
    np.testing.assert_allclose(job["inputs"]["volatilities"], returns.std(axis=0, ddof=1) * 260**0.5, rtol=1e-12)
    factor = np.linalg.cholesky(np.corrcoef(returns.T))
    np.testing.assert_allclose(job["inputs"]["factor"], factor, rtol=1e-12)


def test_given_numbers_stand_before_the_prices(capsys, tmp_path):
    from monte_carlo_jobs import CSV

    text = f'prices = "{CSV}"\n' + job_text("basket", BASKET, "paths = 100")
    (job,) = run_json(capsys, tmp_path, text)  # the file has no column X
    assert job["inputs"]["spots"] == [100.0, 90.0, 50.0]
