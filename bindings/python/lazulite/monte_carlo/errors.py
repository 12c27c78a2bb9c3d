"""The one exception for bad input: a line that names the file, the line and the remedy."""

from __future__ import annotations

import os


class InputError(Exception):
    """What the user can mend: `str()` is the whole message, on one line."""


def at(file: str, line: int | None, problem: str) -> InputError:
    """An InputError about a place in a file."""
    place = file if line is None else f"{file}:{line}"
    return InputError(f"{place}: {problem}")


def read_bytes(file: str, remedy: str) -> bytes:
    """The contents of a file that must exist, be readable and say something; `remedy` is for an empty one."""
    try:
        with open(file, "rb") as handle:
            contents = handle.read()
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise at(file, None, f"cannot be read ({reason}); check the path and its permissions") from None
    if not contents.strip():
        raise at(file, 1, f"the file is empty; {remedy}")
    return contents


def closest(word: str, choices: list[str]) -> str | None:
    """The choice that is at most two edits away, for 'did you mean'."""

    def distance(a: str, b: str) -> int:
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            diagonal, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
        return row[-1]

    best = min(choices, key=lambda choice: distance(word, choice), default=None)
    return best if best is not None and distance(word, best) <= 2 else None
