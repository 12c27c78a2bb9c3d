#!/usr/bin/env python3
"""Writes docs/cpp_reference.md, the functions of the C++ header library, from the op table.

    tools/cpp_reference.py [--check]

--check: only says whether the page is what the table gives.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/cpp_reference.md"
ROW = re.compile(r'^LZ_([A-Z]+) *\((.*), *"(.*)"\)$')
ARGUMENTS = dict.fromkeys(("UNARY", "ELEMENTARY", "TEST"), "a")
ARGUMENTS |= dict.fromkeys(("BINARY", "LARGE", "COMPARE"), "a, b") | {"TERNARY": "a, b, x"}
TYPES = {
    "kAll": "all",
    "kNumbers": "numbers",
    "kFloats": "floats",
    "kInts": "integers",
    "kBools": "bool",
}
HEAD = """# Functions of the C++ header library

Made by `tools/cpp_reference.py` from [`core/ops.def`](../core/ops.def), which is where to change it.

*loops*: the types that the function computes in; operands of others are converted by NumPy's rules first, where it has
any for them. *ulp*: the largest distance from the exact result, in units in the last place, of float results; 0.5 is
correctly rounded. `bool` operands of arithmetic take the logical functions, as in NumPy.

| function | loops | ulp | |
|---|---|---|---|
"""


def columns(text: str) -> list[str]:
    """The columns of a row, whose commas may stand in parentheses."""
    parts, depth = [""], 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [p.strip() for p in parts]


def page() -> str:
    lines, reductions = [], []
    for line in (ROOT / "core/ops.def").read_text(encoding="utf-8").splitlines():
        match = ROW.match(line)
        if not match:
            continue
        kind, rest, doc = match.groups()
        row = columns(rest)
        if kind in ARGUMENTS:
            lines.append(f"| `{row[0]}({ARGUMENTS[kind]})` | {TYPES[row[1]]} | {row[3]} | {doc} |")
        elif kind == "WHERE":
            lines.append(f"| `{row[0]}(condition, a, b)` | {TYPES[row[1]]} | {row[3]} | {doc} |")
        elif kind == "REDUCE" and row[0] in ("sum", "prod", "mean", "min", "max", "any", "all"):
            reductions.append(f"| `{row[0]}(a)`, `{row[0]}(a, axis)`, `{row[0]}(a, axes(...))` | {doc} |")
    tail = (
        "\n## Reductions\n\nEach takes `keepdims` as its last argument, after an axis.\n\n| function | |\n|---|---|\n"
    )
    return HEAD + "\n".join(lines) + "\n" + tail + "\n".join(reductions) + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if "--check" in arguments:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            print(f"{PAGE.name} is not what core/ops.def gives: run tools/cpp_reference.py")
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
