"""From a checked job to what the models take: numbers from the job file and estimates from the prices."""

from __future__ import annotations

import math

from lazulite.monte_carlo import estimate
from lazulite.monte_carlo.job import Job
from lazulite.monte_carlo.models import Option, Portfolio
from lazulite.monte_carlo.prices import Prices
from lazulite.monte_carlo.schema import KEYS

MOST_ASSETS = 100
FEWEST_BEYOND = 10  # losses beyond the quantile that a portfolio job must have


def model_inputs(job: Job) -> Option | Portfolio | None:
    if job.model == "pi":
        return None
    return portfolio(job) if job.model == "portfolio" else option(job)


def option(job: Job) -> Option:
    spot, volatility = job.get("spot"), job.get("volatility")
    if job.get("asset") is not None and (spot is None or volatility is None):
        asset = job["asset"]
        prices = Prices(job.prices_file()).column(asset, job.error("asset", f"asset is '{asset}'"))
        if spot is None:
            spot = prices[-1]
        if volatility is None:
            returns = estimate.returns(prices, "log")
            volatility = math.sqrt(estimate.covariance(returns, returns)) * math.sqrt(job["periods_per_year"])
            if not KEYS["volatility"].range.holds(volatility):
                words = KEYS["volatility"].range.words
                raise job.error("asset", f"the volatility of {asset} is {volatility:g}; {words}")
    for name, value in (("spot", spot), ("volatility", volatility)):
        if value is None:
            example = f"{name} = {KEYS[name].example}"
            remedy = f"add for example {example}, or name an asset of a prices file"
            raise job.error(name, f"the {job.model} job has no {name}; {remedy}")
    barrier = math.inf
    if job.model == "barrier":
        barrier = job["barrier"]
        if not barrier > spot:
            problem = (
                f"barrier is {barrier:g}, and the spot {spot:g} has reached it already; give a barrier above the spot"
            )
            raise job.error("barrier", problem)
    return Option(
        call=job["option"] == "call",
        spot=spot,
        strike=job["strike"],
        rate=job["rate"],
        dividend=job["dividend"],
        volatility=volatility,
        maturity=job["maturity"],
        steps=job["steps"],
        barrier=barrier,
        control=job.model == "asian" and job["control"],
    )


def portfolio(job: Job) -> Portfolio:
    level, paths = job["level"], job["paths"]
    if (1.0 - level) * paths < FEWEST_BEYOND - 0.5:
        fewest = math.ceil((FEWEST_BEYOND - 0.5) / (1.0 - level))
        problem = f"{paths} paths leave fewer than {FEWEST_BEYOND} beyond the level {level:g}"
        raise job.error("paths", f"{problem}; give at least {fewest} paths, or a lower level")
    prices = Prices(job.prices_file())
    wanted = job["holdings"]
    if len(wanted) > MOST_ASSETS:
        raise job.error("holdings", f"holdings names {len(wanted)} columns; give at most {MOST_ASSETS}")
    for asset in wanted:
        if asset not in prices.header:
            prices.column(asset, job.error(f"holdings/{asset}", f"holdings names '{asset}'"))
    # In the order of the file's columns: the order of the sums, and so their last bits, depend on nothing else.
    assets = [name for name in prices.header if name in wanted]
    returns = [estimate.returns(prices.column(asset), job["returns"]) for asset in assets]
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
        holdings=[wanted[asset] for asset in assets],
        mean=[estimate.mean(r) * horizon for r in returns],
        factor=[[scale * x for x in row] for row in factor],
        returns=job["returns"],
        level=level,
    )
