"""--plot: a picture with a panel for every job, by matplotlib."""

from __future__ import annotations

import math
import os
from typing import Any, BinaryIO

import numpy as np

from lazulite.monte_carlo.errors import InputError
from lazulite.monte_carlo.outcome import Z95, Outcome
from lazulite.monte_carlo.report import number

LINE, BAND, SIGNAL, EXACT, OTHER = "#1f4e79", "#a9c5e2", "#c0392b", "#333333", "#e3e3e3"
COLUMNS = 2
WIDE, HIGH = 6.4, 3.9  # inches, of a panel


def load(file: str) -> Any:
    """matplotlib's figures, or an error before anything is simulated."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError('--plot needs matplotlib; install it: pip install "lazulite[runner]"') from None
    kinds = sorted(Figure().canvas.get_supported_filetypes())
    if kind_of(file) not in kinds:
        raise InputError(f"{file}: no kind of picture; give --plot a file name that ends in .png, .svg or .pdf")
    return Figure


def kind_of(file: str) -> str:
    return os.path.splitext(file)[1].lower().removeprefix(".")


def draw(figure: Any, out: BinaryIO, file: str, outcomes: list[Outcome]) -> None:
    panels = [part for outcome in outcomes for part in parts(outcome)]
    columns = min(len(panels), COLUMNS)
    rows = math.ceil(len(panels) / columns)
    fig = figure(figsize=(WIDE * columns, HIGH * rows), dpi=130, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.15, h_pad=0.1)
    for i, (panel, outcome) in enumerate(panels):
        axes = fig.add_subplot(rows, columns, i + 1)
        panel(axes, outcome)
        axes.set_title(outcome.job.name.replace("$", r"\$"), loc="left", fontweight="bold")
        axes.spines[["top", "right"]].set_visible(False)
    fig.savefig(out, format=kind_of(file))


def parts(outcome: Outcome) -> list[tuple]:
    """The panels of a job, by what it has left in its trace."""
    if outcome.random:
        return [(convergence, outcome), (errors, outcome)]
    return [(days if outcome.trace.days else losses if outcome.trace.edges is not None else convergence, outcome)]


def means(outcome: Outcome) -> list[np.ndarray]:
    """Paths, the mean of so many, its standard error: up to the result."""
    result, paths = outcome.results[0], outcome.job["paths"]
    points = [p for p in outcome.trace.points if p[0] < paths] + [(paths, result.value, result.error)]
    return [np.array(column) for column in zip(*points, strict=True)]


def convergence(axes: Any, outcome: Outcome) -> None:
    result = outcome.results[0]
    n, value, error = means(outcome)
    if outcome.random:
        paths, mean, spread = means(outcome.random)
        axes.fill_between(paths, mean - Z95 * spread, mean + Z95 * spread, color=OTHER, lw=0)
        axes.plot(paths, mean, color=EXACT, lw=1.0, label="random numbers, 95 % interval")
    axes.fill_between(n, value - Z95 * error, value + Z95 * error, color=BAND, label="95 % interval", lw=0)
    label = f"{result.quantity} {number(result.value, result.error)} ± {number(Z95 * result.error, result.error)}"
    axes.plot(n, value, color=LINE, lw=1.5, label=label)
    if result.closed_form is not None:
        label = f"closed form {number(result.closed_form, result.error)}"
        axes.axhline(result.closed_form, color=EXACT, lw=1.0, ls="--", label=label)
    # The first few paths say next to nothing: their band would flatten all that comes after.
    start = min(int(np.searchsorted(n, 20 * n[0])), len(n) - 1)
    reach = 1.3 * max(Z95 * error[start], np.abs(value[start:] - value[-1]).max())
    if reach > 0.0:
        axes.set_ylim(value[-1] - reach, value[-1] + reach)
    axes.set_xscale("log")
    axes.set_xlim(n[0], n[-1])
    axes.set_xlabel("paths")
    axes.set_ylabel(result.quantity)
    axes.legend(frameon=False, loc="upper right", fontsize="small")


def errors(axes: Any, outcome: Outcome) -> None:
    """How the standard errors fall, of Sobol's points and of random numbers."""
    for kind, color, name in ((outcome, LINE, "Sobol's points"), (outcome.random, EXACT, "random numbers")):
        n, _, error = means(kind)
        some = error > 0.0
        axes.plot(n[some], error[some], color=color, lw=1.5, label=f"{name}: {kind.results[0].error:.2g}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("paths")
    axes.set_ylabel(f"standard error, {outcome.results[0].quantity}")
    axes.legend(frameon=False, loc="lower left", fontsize="small")


def losses(axes: Any, outcome: Outcome) -> None:
    trace, (risk, shortfall) = outcome.trace, outcome.results
    total = trace.counts.sum() + trace.below + trace.above
    share = 100.0 * trace.counts / total
    axes.stairs(share, trace.edges, fill=True, color=BAND)
    beyond = np.maximum(trace.edges, risk.value)  # the bin that value at risk is in has two colours
    axes.stairs(np.where(beyond[1:] > risk.value, share, 0.0), beyond, fill=True, color=SIGNAL, alpha=0.6)
    for result, style in ((risk, "-"), (shortfall, "--")):
        name = result.quantity.capitalize()
        axes.axvline(
            result.value, color=SIGNAL, lw=1.3, ls=style, label=f"{name}: {number(result.value, result.error)}"
        )
    axes.axvline(0.0, color=EXACT, lw=0.6)
    axes.set_xlim(min(trace.edges[0], 0.0), max(trace.edges[-1], shortfall.value * 1.15))
    axes.set_ylim(0.0, 1.3 * share.max())  # room for the legend
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.10g}")
    axes.xaxis.set_major_locator(_few())
    axes.set_xlabel("loss, in the money of the holdings")
    axes.set_ylabel("paths in a bin, %")
    axes.legend(frameon=False, loc="upper left", fontsize="small")


def days(axes: Any, outcome: Outcome) -> None:
    loss, forecast = map(np.array, outcome.trace.days)
    day = np.arange(1, len(loss) + 1)
    beyond = loss > forecast
    axes.vlines(day, 0.0, loss, color=BAND, lw=0.7, label="loss of the day")
    level = f"{100.0 * outcome.inputs.level:g} %"
    axes.plot(day, forecast, color=LINE, lw=1.1, label=f"value at risk, {level}, forecast")
    expected = f"{(1.0 - outcome.inputs.level) * len(loss):.1f}"
    label = f"beyond it: {beyond.sum()} days, {expected} expected"
    axes.plot(day[beyond], loss[beyond], "o", color=SIGNAL, ms=3.5, label=label)
    axes.axhline(0.0, color=EXACT, lw=0.6)
    axes.set_xlim(0, len(loss) + 1)
    axes.margins(y=0.22)
    axes.yaxis.set_major_formatter(lambda x, _: f"{x:,.10g}")
    axes.set_xlabel("day of the backtest")
    axes.set_ylabel("loss, in the money of the holdings")
    axes.legend(frameon=False, loc="upper left", fontsize="small", ncols=2)


def _few() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(6)
