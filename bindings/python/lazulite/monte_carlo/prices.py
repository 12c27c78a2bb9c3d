"""Prices from a CSV file: a header that names the columns, then one row a period, oldest first."""

from __future__ import annotations

import math
import re

from lazulite.monte_carlo.errors import InputError, at, read_bytes

# Narrower than float(): "1_000", " 3" and "infinity" are typing errors here. The C++ runner has the same rule.
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
ABSENT = ("", "nan", "na", "n/a", "null")
FEWEST = 3  # prices: two returns, the least that has a variance


def split_row(line: str) -> list[str]:
    """The fields of a row. A field may stand in double quotes, and then hold commas and doubled quotes."""
    fields, i = [], 0
    while True:
        field = ""
        while i < len(line) and line[i] in " \t":
            i += 1
        if i < len(line) and line[i] == '"':
            i += 1
            while i < len(line):
                if line[i] == '"':
                    if line[i + 1 : i + 2] != '"':
                        break
                    i += 1
                field += line[i]
                i += 1
            i += 1
        end = line.find(",", i)
        end = len(line) if end < 0 else end
        fields.append(field + line[i:end].strip(" \t"))
        if end == len(line):
            return fields
        i = end + 1


class Prices:
    """The columns that were asked for, checked: every price is a finite number above 0."""

    def __init__(self, file: str):
        self.file = file
        remedy = "its first line names the columns, every further line holds one price a column"
        text = read_bytes(file, remedy).decode("utf-8", "surrogateescape")
        lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
        self.rows = [(number, split_row(line)) for number, line in enumerate(lines, 1) if line.strip(" \t")]
        self.header_line, self.header = self.rows.pop(0)
        for i, name in enumerate(self.header):
            if name in self.header[:i]:
                raise at(file, self.header_line, f"two columns are called '{name}'; rename one")
        for number, row in self.rows:
            if len(row) != len(self.header):
                problem = f"{count(len(row), 'field')} where the header has {len(self.header)}"
                raise at(file, number, f"{problem}; give every row one field a column")
        self.at_least(FEWEST)

    def at_least(self, rows: int, reason: str = "") -> None:
        if len(self.rows) < rows:
            last = self.rows[-1][0] if self.rows else self.header_line
            raise at(self.file, last, f"{count(len(self.rows), 'row')} of prices{reason}; give at least {rows}")

    def column(self, name: str, asked: InputError | None = None) -> list[float]:
        """The prices in a column. `asked` carries the place in the job file that names it."""
        if name not in self.header:
            place = f"{asked}: " if asked else ""
            problem = f"{self.file}:{self.header_line} has no column '{name}' (it has {', '.join(self.header)})"
            raise InputError(f"{place}{problem}; name one of these, or add the column")
        index = self.header.index(name)
        return [self.price(number, name, row[index]) for number, row in self.rows]

    def price(self, line: int, name: str, text: str) -> float:
        if text.lower() in ABSENT:
            raise at(self.file, line, f"{name} has no price ('{text}'); fill it in or remove the row")
        if not NUMBER.fullmatch(text):
            raise at(self.file, line, f"{name} is '{text}', not a number; write a price such as 1628.75")
        value = float(text)
        if not value > 0:
            raise at(self.file, line, f"{name} is {text}, and a price is above 0; correct it or remove the row")
        if math.isinf(value):
            raise at(self.file, line, f"{name} is {text}, too large for a number; correct it or remove the row")
        return value


def count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
