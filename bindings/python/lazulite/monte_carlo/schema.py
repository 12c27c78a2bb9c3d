"""What a job file may say: every key with its type, its range, its default and one line of doc, in one table."""

from __future__ import annotations

from typing import NamedTuple


class Range(NamedTuple):
    """An interval, as a test and as words."""

    low: float
    high: float
    open: bool  # the ends are excluded
    words: str

    def holds(self, value: float) -> bool:
        return self.low < value < self.high if self.open else self.low <= value <= self.high


MOST_PATHS = 10**15
INF = float("inf")
FINITE = Range(-INF, INF, True, "it must be a finite number")
POSITIVE = Range(0.0, INF, True, "it must be above 0, and finite")
RATE = Range(-10.0, 10.0, False, "it is a rate a year between -10 and 10 (0.03 is 3 %)")
VOLATILITY = Range(0.0, 10.0, False, "it is a fraction a year between 0 and 10 (0.2 is 20 %)")
MATURITY = Range(0.0, 1000.0, True, "it is a number of years above 0 and below 1000")
LEVEL = Range(0.5, 1.0, True, "it must lie between 0.5 and 1 (0.99 is 99 %)")
PATHS = Range(2, MOST_PATHS, False, "give a whole number from 2 to 10^15")
SEED = Range(0, 2**63 - 1, False, "give a whole number from 0 to 2^63 - 1")
STEPS = Range(1, 100_000, False, "give a whole number from 1 to 100000")
THREADS = Range(1, 4096, False, "give a whole number from 1 to 4096")


class Key(NamedTuple):
    name: str
    kind: str  # number, integer, text, bool, or table (of numbers)
    example: str  # in TOML
    doc: str
    default: object = None
    range: Range = FINITE  # of a number, an integer, the numbers of a table
    choices: tuple[str, ...] = ()  # of a text


MODELS = ("pi", "european", "asian", "barrier", "portfolio")

# Above the first [[job]], for every job that does not say otherwise.
FILE_KEYS = ("paths", "seed", "prices", "periods_per_year")

_OPTION = ("option", "asset", "prices", "periods_per_year", "spot", "strike", "rate", "dividend", "volatility")
_COMMON = ("name", "model", "paths", "seed")
MODEL_KEYS = {
    "pi": _COMMON,
    "european": _COMMON + _OPTION + ("maturity", "steps"),
    "asian": _COMMON + _OPTION + ("maturity", "steps", "control"),
    "barrier": _COMMON + _OPTION + ("maturity", "steps", "barrier"),
    "portfolio": _COMMON + ("prices", "holdings", "returns", "horizon", "level"),
}

KEYS = {
    key.name: key
    for key in (
        Key("name", "text", '"DAX call"', "what the tables call the job (default: the model)"),
        Key("model", "text", '"european"', "what to simulate", choices=MODELS),
        Key("paths", "integer", "1_000_000", "how many paths to draw", 1_000_000, PATHS),
        Key("seed", "integer", "42", "chooses the random stream", 1, SEED),
        Key("prices", "text", '"../data/prices.csv"', "a CSV file of prices, seen from the job file"),
        Key("periods_per_year", "number", "252", "rows of the prices file in a year", 252.0, POSITIVE),
        Key("asset", "text", '"DAX"', "the column that gives spot (its last price) and volatility"),
        Key("option", "text", '"call"', "what the option gives a right to", "call", choices=("call", "put")),
        Key("spot", "number", "100.0", "the price today", None, POSITIVE),
        Key("strike", "number", "105.0", "the price agreed on", None, POSITIVE),
        Key("rate", "number", "0.03", "the riskless rate, continuously compounded", 0.0, RATE),
        Key("dividend", "number", "0.01", "the dividend yield, continuously compounded", 0.0, RATE),
        Key("volatility", "number", "0.2", "of the log price, a year", None, VOLATILITY),
        Key("maturity", "number", "1.0", "years until the option ends", 1.0, MATURITY),
        Key("steps", "integer", "252", "time steps to the end", 252, STEPS),
        Key("control", "bool", "true", "use the geometric Asian option as control variate", True),
        Key("barrier", "number", "130.0", "the option is worth nothing once a step ends here or above", None, POSITIVE),
        Key("holdings", "table", "{ DAX = 60_000, SMI = -20_000 }", "what is held of each column, in money"),
        Key("returns", "text", '"log"', "which returns are normal", "log", choices=("log", "simple")),
        Key("horizon", "number", "10", "rows of the prices file to look ahead", 1.0, POSITIVE),
        Key("level", "number", "0.99", "the confidence of value at risk and expected shortfall", 0.99, LEVEL),
    )
}


def describe(model: str) -> str:
    """A model's keys as a job that could be pasted into a file."""
    lines = ["[[job]]", f'model = "{model}"']
    for name in MODEL_KEYS[model]:
        key = KEYS[name]
        if name == "model":
            continue
        default = "" if key.default is None else f" (default: {toml(key.default)})"
        lines.append(f"{name} = {key.example}".ljust(44) + f"# {key.doc}{default}")
    return "\n".join(lines)


def toml(value: object) -> str:
    """A default as TOML spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
