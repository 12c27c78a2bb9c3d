"""What a job file may say: every key with its kind, range, default and line of doc, as keys.toml lists them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class Range(NamedTuple):
    """An interval, as a test and as words."""

    low: float
    high: float
    open: bool  # the ends are excluded
    words: str

    def holds(self, value: float) -> bool:
        return self.low < value < self.high if self.open else self.low <= value <= self.high


class Key(NamedTuple):
    name: str
    kind: str
    example: str  # in TOML
    doc: str
    default: object
    range: Range
    choices: tuple[str, ...]  # of a text


def _range(row: dict) -> Range:
    if "above" in row:
        return Range(row["above"], row["below"], True, row["words"])
    return Range(row["from"], row["to"], False, row["words"])


_TABLE = tomllib.loads((Path(__file__).parent / "keys.toml").read_text(encoding="utf-8"))
MODELS = tuple(_TABLE["models"])
MODEL_KEYS = {model: tuple(keys) for model, keys in _TABLE["model"].items()}
FILE_KEYS = tuple(_TABLE["file_keys"])
RANGES = {name: _range(row) for name, row in _TABLE["range"].items()}
KEYS = {
    name: Key(
        name,
        row["kind"],
        row["example"],
        row["doc"],
        row.get("default"),
        RANGES[row.get("range", "finite")],
        MODELS if name == "model" else tuple(row.get("choices", ())),
    )
    for name, row in _TABLE["key"].items()
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
