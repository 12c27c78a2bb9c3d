"""The Monte-Carlo runner against QuantLib's prices."""

import pytest

from lazulite.monte_carlo import closed_form, models
from monte_carlo_jobs import BASKET, OPTION, job_text, run_json

ql = pytest.importorskip("QuantLib", reason="QuantLib is not installed (it has no wheel for this machine)")

DAYS = ql.Actual365Fixed()
TODAY = ql.Date(1, 1, 2025)
END = TODAY + 365


@pytest.fixture(autouse=True)
def today():
    ql.Settings.instance().evaluationDate = TODAY


def process(spot=100.0, dividend=0.01, rate=0.03, volatility=0.25):
    def curve(x):
        return ql.YieldTermStructureHandle(ql.FlatForward(TODAY, x, DAYS))

    quote = ql.QuoteHandle(ql.SimpleQuote(spot))
    surface = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(TODAY, ql.NullCalendar(), volatility, DAYS))
    return ql.BlackScholesMertonProcess(quote, curve(dividend), curve(rate), surface)


def payoff(call, strike=105.0):
    return ql.PlainVanillaPayoff(ql.Option.Call if call else ql.Option.Put, strike)


def option(call, **changes):
    return models.Option(call, 100.0, 105.0, 0.03, 0.01, 0.25, 1.0, **({"steps": 4} | changes))


def kind(call):
    return 'option = "call"' if call else 'option = "put"'


def agree(result, expected):
    assert abs(result["value"] - expected) < 4 * result["standard_error"], (result, expected)


@pytest.mark.parametrize("call", [True, False])
def test_european_and_its_greeks(capsys, tmp_path, call):
    o = ql.EuropeanOption(payoff(call), ql.EuropeanExercise(END))
    o.setPricingEngine(ql.AnalyticEuropeanEngine(process()))
    assert closed_form.european(option(call)) == pytest.approx(o.NPV(), rel=1e-12)
    (job,) = run_json(capsys, tmp_path, job_text("european", OPTION, kind(call), "greeks = true"))
    for result, expected in zip(
        job["results"], [o.NPV(), o.delta(), o.gamma(), o.vega(), o.rho(), o.theta()], strict=True
    ):
        agree(result, expected)


@pytest.mark.parametrize("call", [True, False])
def test_asian(capsys, tmp_path, call):
    dates = [TODAY + 73 * k for k in range(1, 6)]
    prices = {}
    for average, engine in (
        (ql.Average.Geometric, ql.AnalyticDiscreteGeometricAveragePriceAsianEngine),
        (ql.Average.Arithmetic, ql.ChoiAsianEngine),
    ):
        start = 1.0 if average == ql.Average.Geometric else 0.0  # what has accumulated: the product, the sum
        o = ql.DiscreteAveragingAsianOption(average, start, 0, dates, payoff(call), ql.EuropeanExercise(END))
        o.setPricingEngine(engine(process()))
        prices[average] = o.NPV()
    assert closed_form.geometric_asian(option(call, steps=5)) == pytest.approx(prices[ql.Average.Geometric], rel=1e-9)
    (job,) = run_json(capsys, tmp_path, job_text("asian", OPTION.replace("= 4", "= 5"), kind(call)))
    agree(job["results"][0], prices[ql.Average.Arithmetic])


@pytest.mark.parametrize("call", [True, False])
def test_barrier_watched_all_the_time(call):
    """Our formula moves the barrier for the steps; with enough of them it does not move."""
    o = ql.BarrierOption(ql.Barrier.UpOut, 140.0, 0.0, payoff(call), ql.EuropeanExercise(END))
    o.setPricingEngine(ql.AnalyticBarrierEngine(process()))
    given = option(call, barrier=140.0, steps=10**18)
    assert closed_form.up_and_out(given) == pytest.approx(o.NPV(), rel=1e-7)


@pytest.mark.parametrize("call", [True, False])
def test_basket(capsys, tmp_path, call):
    processes = [process(100.0, 0.0, 0.03, 0.2), process(90.0, 0.01, 0.03, 0.3), process(50.0, 0.02, 0.03, 0.25)]
    correlation = ql.Matrix([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]])
    o = ql.BasketOption(ql.AverageBasketPayoff(payoff(call, 80.0), ql.Array([0.5, 0.3, 0.2])), ql.EuropeanExercise(END))
    o.setPricingEngine(ql.ChoiBasketEngine(processes, correlation, 15))
    (job,) = run_json(capsys, tmp_path, job_text("basket", BASKET, kind(call)))
    agree(job["results"][0], o.NPV())
