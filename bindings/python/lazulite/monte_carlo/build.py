"""From a checked job to what the models take: numbers from the job file and estimates from the prices."""

from __future__ import annotations

import math
from typing import Any

from lazulite.monte_carlo import estimate, garch, greeks
from lazulite.monte_carlo.backtest import Backtest
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.models import Basket, Filtered, Option, Portfolio
from lazulite.monte_carlo.prices import Prices, count
from lazulite.monte_carlo.schema import KEYS, RANGES

MOST_ASSETS = 100
MOST_GREEK_ASSETS = 10  # each takes four more baskets, and all of them are one expression
MOST_HORIZON = 1000  # days that a filter looks ahead
FEWEST_BEYOND = 10  # losses beyond the quantile that a job must have


def model_inputs(job: Job) -> Any:
    if job.get("antithetic") and (job["paths"] % 2 or job["paths"] < 4):
        problem = f"paths is {job['paths']}, and antithetic paths come in pairs"
        raise job.error("paths", f"{problem}; give an even number of paths, at least 4")
    builders = {"pi": lambda _: None, "basket": basket, "portfolio": portfolio, "filtered": filtered}
    return builders.get(job.model, backtest if job.model == "backtest" else option)(job)


def option(job: Job) -> Option:
    spot, volatility = job.get("spot"), job.get("volatility")
    if job.get("asset") is not None and (spot is None or volatility is None):
        asset = job["asset"]
        prices = Prices(job.prices_file()).column(asset, job.error("asset", f"asset is '{asset}'"))
        if spot is None:
            spot = prices[-1]
        if volatility is None:
            volatility = volatility_of(job, "asset", asset, prices)
    for name, value in (("spot", spot), ("volatility", volatility)):
        if value is None:
            example = f"{name} = {KEYS[name].example}"
            remedy = f"add for example {example}, or name an asset of a prices file"
            raise job.error(name, f"the {job.model} job has no {name}; {remedy}")
    barrier = math.inf
    if job.model == "barrier":
        barrier = job["barrier"]
        if not barrier > spot:
            problem = f"barrier is {barrier:g}, and the spot {spot:g} has reached it already"
            raise job.error("barrier", f"{problem}; give a barrier above the spot")
    if job["greeks"] and volatility == 0.0:
        raise job.error("greeks", "greeks of a volatility of 0 are no differences; give a volatility above 0")
    o = Option(
        call=job["option"] == "call",
        spot=spot,
        strike=job["strike"],
        rate=job["rate"],
        dividend=job["dividend"],
        volatility=volatility,
        maturity=job["maturity"],
        steps=job["steps"],
        barrier=barrier,
    )
    evaluations = len(greeks.estimated(job.model, o, job["greeks"]).variants) * (2 if job["antithetic"] else 1)
    most = int(RANGES["steps"].high) // evaluations
    if o.steps > most:
        problem = f"every path is evaluated {evaluations} times, too often for {o.steps} steps"
        raise job.error("steps", f"{problem}; give at most {most} steps")
    return o


def volatility_of(job: Job, key: str, asset: str, prices: list[float]) -> float:
    """A year's, from all prices."""
    returns = estimate.returns(prices, "log")
    volatility = math.sqrt(estimate.covariance(returns, returns)) * math.sqrt(job["periods_per_year"])
    if not RANGES["volatility"].holds(volatility):
        raise job.error(key, f"the volatility of {asset} is {volatility:g}; {RANGES['volatility'].words}")
    return volatility


def basket(job: Job) -> Basket:
    assets, weights, given = job["assets"], job["weights"], job.get("correlation")
    n = len(assets)
    for i, asset in enumerate(assets):
        if asset in assets[:i]:
            raise job.error("assets", f"assets names '{asset}' twice; add up its weights")
    if n > MOST_ASSETS:
        raise job.error("assets", f"assets has {n} names; give at most {MOST_ASSETS}")
    if job["greeks"] and n > MOST_GREEK_ASSETS:
        raise job.error("greeks", f"greeks of {n} assets are too many; give at most {MOST_GREEK_ASSETS} assets")
    spots, volatilities, dividends = job.get("spots"), job.get("volatilities"), job.get("dividends")
    for name in ("weights", "spots", "volatilities", "dividends", "correlation"):
        value = job.get(name)
        if value is not None and len(value) != n:
            unit = "row" if name == "correlation" else "number"
            problem = f"{name} has {count(len(value), unit)}, and assets {count(n, 'name')}"
            raise job.error(name, f"{problem}; give one {unit} an asset")
    if spots is None or volatilities is None or (given is None and n > 1):
        if job.get("prices") is None:
            missing = "spots" if spots is None else "volatilities" if volatilities is None else "correlation"
            remedy = f"add for example {missing} = {KEYS[missing].example}, or prices with a column for each asset"
            raise job.error(missing, f"the basket job has no {missing}; {remedy}")
        file = Prices(job.prices_file())
        prices = [file.column(asset, job.error("assets", f"assets names '{asset}'")) for asset in assets]
        if spots is None:
            spots = [column[-1] for column in prices]
        if volatilities is None:
            volatilities = [volatility_of(job, "assets", *pair) for pair in zip(assets, prices, strict=True)]
        if given is None:
            returns = [estimate.returns(column, "log") for column in prices]
            for asset, r in zip(assets, returns, strict=True):
                moving(job, "assets", asset, r)
            given = estimate.correlation(returns)
    else:
        given = given or [[1.0]]
    if job["greeks"] and min(volatilities) == 0.0:
        raise job.error("greeks", "greeks of a volatility of 0 are no differences; give volatilities above 0")
    return Basket(
        call=job["option"] == "call",
        assets=assets,
        weights=weights,
        spots=spots,
        volatilities=volatilities,
        dividends=dividends or [0.0] * n,
        factor=correlation_factor(job, assets, given),
        strike=job["strike"],
        rate=job["rate"],
        maturity=job["maturity"],
    )


def moving(job: Job, key: str, asset: str, returns: list[float]) -> None:
    if not estimate.covariance(returns, returns) > 0.0:
        raise job.error(key, f"the prices of {asset} do not move in {len(returns) + 1} rows; leave it out of {key}")


def correlation_factor(job: Job, assets: list[str], matrix: list[list[float]]) -> list[list[float]]:
    """The Cholesky factor of a correlation matrix that may come from the job file."""
    n = len(assets)
    for i, row in enumerate(matrix):
        if len(row) != n:
            problem = f"row {i + 1} of correlation has {count(len(row), 'number')}, and assets {count(n, 'name')}"
            raise job.error("correlation", f"{problem}; give one number an asset")
        if row[i] != 1.0:
            problem = f"correlation of {assets[i]} with itself is {row[i]:g}"
            raise job.error("correlation", f"{problem}; write 1 on the diagonal")
        for j in range(i):
            if row[j] != matrix[j][i]:
                problem = f"correlation of {assets[i]} and {assets[j]} is {row[j]:g} in one place"
                raise job.error("correlation", f"{problem} and {matrix[j][i]:g} in the other; make them equal")
    factor, row = estimate.cholesky(matrix)
    if row < 0:
        return factor
    least = estimate.smallest_eigenvalue(matrix)
    problem = f"correlation is not positive definite: its smallest eigenvalue is {least:.4g}, and must be above 0"
    # All but the diagonal times k moves every eigenvalue x to 1 + k (x - 1).
    k = math.floor(1000.0 / (1.0 - least)) / 1000.0
    k = k if 1.0 - k * (1.0 - least) > 1e-6 else k - 0.001
    remedy = f"multiply the numbers off its diagonal by {k:g} or less, or leave it out and give prices"
    if job.get("correlation") is None:
        remedy = f"leave {assets[row]} out of assets, whose prices follow from those before it, or give a correlation"
    raise job.error("correlation" if job.get("correlation") is not None else "assets", f"{problem}; {remedy}")


def enough_beyond(job: Job, name: str, draws: int, what: str, fewest_beyond: int) -> None:
    """Enough losses beyond the level for a quantile that means something."""
    level = job["level"]
    if (1.0 - level) * draws < fewest_beyond - 0.5:
        fewest = math.ceil((fewest_beyond - 0.5) / (1.0 - level))
        problem = f"{draws} {what} leave fewer than {fewest_beyond} beyond the level {level:g}"
        raise job.error(name, f"{problem}; give at least {fewest} {what}, or a lower level")


def held(job: Job, rows: int = 0) -> tuple[list[str], list[float], list[list[float]]]:
    """The assets of holdings, what is held of them, and their prices: `rows` of them, for a filter."""
    prices = Prices(job.prices_file())
    prices.at_least(rows, ", too few to see how volatility moves")
    wanted = job["holdings"]
    if len(wanted) > MOST_ASSETS:
        raise job.error("holdings", f"holdings names {len(wanted)} columns; give at most {MOST_ASSETS}")
    for asset in wanted:
        if asset not in prices.header:
            prices.column(asset, job.error(f"holdings/{asset}", f"holdings names '{asset}'"))
    # In the order of the file's columns: the order of the sums, and so their last bits, depend on nothing else.
    assets = [name for name in prices.header if name in wanted]
    return assets, [wanted[asset] for asset in assets], [prices.column(asset) for asset in assets]


def portfolio(job: Job) -> Portfolio:
    enough_beyond(job, "paths", job["paths"], "paths", FEWEST_BEYOND)
    assets, holdings, prices = held(job)
    returns = [estimate.returns(column, job["returns"]) for column in prices]
    if len(returns[0]) <= len(assets):
        problem = f"{len(returns[0])} returns cannot tell {len(assets)} assets apart"
        raise job.error("holdings", f"{problem}; give more rows of prices, or fewer holdings")
    covariance = [[estimate.covariance(a, b) for b in returns] for a in returns]
    factor, row = estimate.cholesky(covariance)
    if row >= 0:
        problem = f"the prices of {assets[row]} never move, or follow from those of the columns before it"
        raise job.error("holdings", f"{problem}; leave it out of holdings")
    horizon = job["horizon"]
    scale = math.sqrt(horizon)
    return Portfolio(
        assets=assets,
        holdings=holdings,
        mean=[estimate.mean(r) * horizon for r in returns],
        factor=[[scale * x for x in row] for row in factor],
        returns=job["returns"],
        level=job["level"],
    )


def filtered(job: Job) -> Filtered:
    enough_beyond(job, "paths", job["paths"], "paths", FEWEST_BEYOND)
    horizon = job["horizon"]
    if horizon != math.floor(horizon) or horizon > MOST_HORIZON:
        problem = f"horizon is {horizon:g}, and a filter goes on row by row"
        raise job.error("horizon", f"{problem}; give a whole number from 1 to {MOST_HORIZON}")
    assets, holdings, prices = held(job, garch.FEWEST_ROWS)
    returns = [estimate.returns(column, "log") for column in prices]
    for asset, r in zip(assets, returns, strict=True):
        moving(job, "holdings", asset, r)
    filters = [garch.filtered(r, job["filter"]) for r in returns]
    return Filtered(assets, holdings, filters, int(horizon), job["level"])


def backtest(job: Job) -> Backtest:
    window, method = job["window"], job["method"]
    if method != "normal":
        enough_beyond(job, "window", window, "rows", 1)
    assets, holdings, prices = held(job)
    returns = [estimate.returns(column, "log") for column in prices]
    rows = len(returns[0])
    if rows <= window:
        problem = f"a window of {window} rows leaves none of {rows} returns to test"
        raise job.error("window", f"{problem}; give a smaller window, or more rows of prices")
    for start in range(0, rows - window, job["refit"]) if method != "normal" else ():
        for asset, r in zip(assets, returns, strict=True):
            moving(job, "holdings", asset, r[start : start + window])
    gains = []
    for t in range(rows):
        gain = 0.0
        for holding, column in zip(holdings, prices, strict=True):
            gain = gain + holding * (column[t + 1] / column[t] - 1.0)
        gains.append(gain)
    return Backtest(assets, holdings, returns, gains, method, job["level"], window, job["refit"])
