"""Results as tables for people and as JSON for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from lazulite.monte_carlo.models import Basket, Filtered, Option, Portfolio
from lazulite.monte_carlo.outcome import Outcome, Result
from lazulite.monte_carlo.sobol import SCRAMBLINGS

SOBOL = f"From Sobol's points, {SCRAMBLINGS} scramblings of them: the standard error is that of their mean."


def number(value: float | None, error: float | None) -> str:
    """As many decimals as the standard error gives meaning to: two of its digits."""
    if value is None:
        return ""
    if not error or not error > 0.0:
        return f"{value:,.6g}"
    return f"{value:,.{max(0, 1 - math.floor(math.log10(error)))}f}"


def seconds(value: float) -> str:
    return f"{value * 1e3:.1f} ms" if value < 1.0 else f"{value:.2f} s"


def rate(value: float | None) -> str:
    if value is None:
        return ""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.2f} {unit}/s"
    return f"{value:.0f} /s"


def layout(rows: Sequence[Sequence[str]], left: int) -> str:
    """Columns as wide as their widest cell; the first `left` ones start at their left edge."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows = [rows[0], ["-" * width for width in widths], *rows[1:]]

    def line(row: Sequence[str]) -> str:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        return "  ".join(cells).rstrip()

    return "\n".join(map(line, rows))


def table(outcomes: list[Outcome]) -> str:
    head = ["job", "quantity", "value", "std error", "95 % interval", "closed form", "paths", "time", "paths/s"]
    rows = [head]
    for outcome in outcomes:
        for i, r in enumerate(outcome.results):
            interval = "" if r.error is None else " .. ".join(number(x, r.error) for x in r.interval)
            numbers = [number(x, r.error) for x in (r.value, r.error, r.closed_form)]
            row = [outcome.job.name, r.quantity, *numbers[:2], interval, numbers[2]]
            paths = outcome.job.get("paths")
            row += ["" if paths is None else f"{paths:,}", seconds(outcome.seconds), rate(outcome.rate)]
            rows.append(row if i == 0 else ["", *row[1:6], "", "", ""])
    return layout(rows, 2)


def comparison(outcomes: list[Outcome]) -> str:
    """Both answers and both times. The two draw different random numbers, so their answers differ by chance."""
    rows = [["job", "quantity", "lazulite", "numpy", "apart by", "lazulite", "numpy", "ratio"]]
    for outcome in outcomes:
        for i, (a, b) in enumerate(zip(outcome.results, outcome.numpy.results, strict=True)):
            values = [number(a.value, a.error), number(b.value, b.error), f"{apart(a, b):.1f} std errors"]
            times = [seconds(outcome.seconds), seconds(outcome.numpy.seconds)]
            ratio = f"{outcome.numpy.seconds / outcome.seconds:.1f} x"
            cells = [outcome.job.name, a.quantity, *values, *times, ratio]
            rows.append(cells if i == 0 else ["", *cells[1:5], "", "", ""])
    ours = sum(outcome.seconds for outcome in outcomes)
    theirs = sum(outcome.numpy.seconds for outcome in outcomes)
    rows.append(["all jobs", "", "", "", "", seconds(ours), seconds(theirs), f"{theirs / ours:.1f} x"])
    return layout(rows, 2)


def apart(a: Result, b: Result) -> float:
    error = math.hypot(a.error or 0.0, b.error or 0.0)
    return abs(a.value - b.value) / error if error > 0.0 else 0.0


def as_dict(outcome: Outcome) -> dict:
    job, inputs = outcome.job, outcome.inputs
    report: dict = {"name": job.name, "model": job.model, "paths": job.get("paths"), "seed": job.get("seed")}
    if outcome.sobol:
        report["sobol"] = {"scramblings": SCRAMBLINGS}
    if isinstance(inputs, Option):
        report["inputs"] = {"spot": inputs.spot, "volatility": inputs.volatility, "steps": inputs.steps}
    elif isinstance(inputs, Basket):
        names = ("assets", "spots", "volatilities", "factor")
        report["inputs"] = {name: getattr(inputs, name) for name in names}
    elif isinstance(inputs, Portfolio):
        report["inputs"] = {"assets": inputs.assets, "mean": inputs.mean, "factor": inputs.factor}
    elif isinstance(inputs, Filtered):
        names = ("mean", "omega", "alpha", "beta", "variance")
        filters = {name: [getattr(f, name) for f in inputs.filters] for name in names}
        report["inputs"] = {"assets": inputs.assets, **filters}
    report["results"] = [
        {
            "quantity": r.quantity,
            "value": r.value,
            "standard_error": r.error,
            "interval_95": r.interval and list(r.interval),
            "closed_form": r.closed_form,
        }
        for r in outcome.results
    ]
    report["seconds"] = outcome.seconds
    report["paths_per_second"] = outcome.rate
    if outcome.numpy:
        theirs = as_dict(outcome.numpy)
        report["numpy"] = {key: theirs[key] for key in ("results", "seconds", "paths_per_second")}
        report["numpy"]["ratio"] = outcome.numpy.seconds / outcome.seconds
    return report


def to_json(outcomes: list[Outcome]) -> str:
    return json.dumps({"jobs": [as_dict(outcome) for outcome in outcomes]}, indent=2, ensure_ascii=False)
