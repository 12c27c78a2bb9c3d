"""Job files: TOML, checked against the table in schema.py, with the line of every mistake."""

from __future__ import annotations

import math
import os
import re
import tomllib

from lazulite.monte_carlo.errors import InputError, at, closest, read_bytes
from lazulite.monte_carlo.schema import FILE_KEYS, KEYS, MODEL_KEYS, Key

STARTER = "`lazulite-mc keys european` prints one to start from"


class Lines:
    """Where a TOML file has its keys: tomllib keeps no line numbers, so the text is looked through again."""

    HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
    ASSIGNMENT = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(?:=|\.)""")
    NO_BRACKETS = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")  # texts and comments

    def __init__(self, text: str):
        self.found: dict[tuple, int] = {}
        path: tuple = ()
        jobs = 0
        depth = 0  # of lists that go on over several lines
        for number, line in enumerate(text.splitlines(), 1):
            inside, plain = depth, self.NO_BRACKETS.sub("", line)
            depth += plain.count("[") - plain.count("]")
            if inside:
                continue
            header = self.HEADER.match(line)
            assignment = None if header else self.ASSIGNMENT.match(line)
            if header:
                names = [name.strip().strip("\"'") for name in header[2].split(".")]
                if names[0] == "job":
                    jobs += names == ["job"]
                    names[:1] = ["job", max(jobs - 1, 0)]
                path = tuple(names)
                self.found.setdefault(path, number)
            elif assignment:
                name = next(group for group in assignment.groups() if group is not None)
                self.found.setdefault((*path, name), number)

    def of(self, *path) -> int:
        """The line of a key, or else of the table that it is (or should be) in."""
        while path and path not in self.found:
            path = path[:-1]
        return self.found.get(path, 1)


class Job:
    """One [[job]]: its checked values, those of the file above it, and the defaults."""

    def __init__(self, file: JobFile, index: int, table: dict):
        self.file, self.index = file, index
        self.values: dict[str, object] = {}
        model = table.get("model")
        if model is None:
            raise self.error("model", f"the job has no model; add for example model = {KEYS['model'].example}")
        self.values["model"] = self.model = check(self, KEYS["model"], model)
        keys = MODEL_KEYS[self.model]
        for name in table:
            if name not in keys:
                known = closest(name, list(keys))
                hint = f"did you mean '{known}'?" if known else f"{self.model} has {', '.join(keys)}"
                raise self.error(name, f"unknown key '{name}' in a {self.model} job; {hint}")
        for name in keys:
            key = KEYS[name]
            if name in table:
                self.values[name] = check(self, key, table[name])
            else:
                self.values[name] = file.values.get(name, key.default)
        self.name = self.values["name"] or self.model

    def error(self, key: str, problem: str) -> InputError:
        return at(self.file.name, self.file.lines.of("job", self.index, *key.split("/")), problem)

    def __getitem__(self, name: str):
        """A value that the job must have, from the file or by default."""
        value = self.values[name]
        if value is None:
            raise self.error(name, f"the {self.model} job has no {name}; add for example {name} = {KEYS[name].example}")
        return value

    def get(self, name: str):
        """A value, or None; None, too, for a key that the model does not have."""
        return self.values.get(name)

    def prices_file(self) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.file.name), self["prices"]))


class JobFile:
    """A job file. `values` holds what stands above the first [[job]]."""

    def __init__(self, name: str):
        self.name = name
        text = read_bytes(name, STARTER).decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        try:
            text.encode("utf-8")
            table = tomllib.loads(text)
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise at(name, line, "not valid TOML: not UTF-8 text; save the file as UTF-8") from None
        except tomllib.TOMLDecodeError as error:
            where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
            line = int(where[1]) if where and where[1] else text.rstrip().count("\n") + 1
            message = str(error)[: where.start()] if where else str(error)
            raise at(name, line, f"not valid TOML: {message}; correct the line (https://toml.io)") from None
        self.lines = Lines(text)
        self.values: dict[str, object] = {}
        for key in table:
            if key not in FILE_KEYS and key != "job":
                known = closest(key, [*FILE_KEYS, "job"])
                hint = f"did you mean '{known}'?" if known else f"there may stand {', '.join(FILE_KEYS)}"
                raise self.error(key, f"unknown key '{key}' above the first [[job]]; {hint}")
        for key in FILE_KEYS:
            if key in table:
                self.values[key] = check(self, KEYS[key], table[key])
        jobs = table.get("job")
        if not isinstance(jobs, list) or not jobs or not all(isinstance(job, dict) for job in jobs):
            raise self.error("job", f"the file has no [[job]]; {STARTER}")
        self.jobs = [Job(self, index, job) for index, job in enumerate(jobs)]

    def error(self, key: str, problem: str) -> InputError:
        return at(self.name, self.lines.of(key), problem)


def check(place: Job | JobFile, key: Key, value: object):
    """The value as its key's type, or an error that says what to write instead."""
    if key.kind == "table":
        if not isinstance(value, dict) or not value:
            raise place.error(key.name, f"{key.name} is {kind(value)}, not a table; write {key.name} = {key.example}")
        path = {name: f"{key.name}/{name}" for name in value}
        return {name: number(place, path[name], name, key, item) for name, item in value.items()}
    if key.kind in ("texts", "numbers", "matrix"):
        return items(place, key, value, key.name, key.kind)
    if key.kind == "text":
        return text(place, key, value, key.name)
    if key.kind == "flag":
        if not isinstance(value, bool):
            raise place.error(key.name, f"{key.name} is {kind(value)}; write true or false, without quotes")
        return value
    if key.kind == "integer":
        if isinstance(value, float):
            raise place.error(key.name, f"{key.name} is {value:g}; {key.range.words}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise place.error(key.name, f"{key.name} is {kind(value)} where a number belongs; {key.range.words}")
        if not key.range.holds(value):
            raise place.error(key.name, f"{key.name} is {value}; {key.range.words}")
        return value
    return number(place, key.name, key.name, key, value)


def items(place: Job | JobFile, key: Key, value: object, name: str, of: str) -> list:
    """A list of texts or numbers, or a matrix: a list of lists of numbers."""
    if not isinstance(value, list) or not value:
        problem = f"{name} is {kind(value)}, not a list of {'lists' if of == 'matrix' else of}"
        raise place.error(key.name, f"{problem}; write {key.name} = {key.example}")
    if of == "matrix":
        return [items(place, key, row, f"row {i} of {name}", "numbers") for i, row in enumerate(value, 1)]
    if of == "texts":
        return [text(place, key, item, f"name {i} of {name}") for i, item in enumerate(value, 1)]
    return [number(place, key.name, f"number {i} of {name}", key, item) for i, item in enumerate(value, 1)]


def text(place: Job | JobFile, key: Key, value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise place.error(key.name, f"{name} is {kind(value)}; write {key.name} = {key.example}")
    if any(ord(c) < 32 for c in value):
        raise place.error(key.name, f"{name} has a line break or control character in it; leave it out")
    if key.choices and value not in key.choices:
        raise place.error(key.name, f"{name} is '{value}'; use one of {', '.join(key.choices)}")
    return value


def number(place: Job | JobFile, path: str, name: str, key: Key, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        example = f"{name} = 60_000" if key.kind == "table" else f"{key.name} = {key.example}"
        raise place.error(path, f"{name} is {kind(value)} where a number belongs; write for example {example}")
    try:
        value = float(value)
    except OverflowError:
        value = math.inf
    if math.isnan(value):
        raise place.error(path, f"{name} is not a number (nan); {key.range.words}")
    if not key.range.holds(value):
        raise place.error(path, f"{name} is {value:g}; {key.range.words}")
    return value


def kind(value: object) -> str:
    """What a TOML value is, in the words of the errors."""
    if isinstance(value, str):
        return f"the text '{value}'" if value.isprintable() and value else "a text"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"the number {value:g}"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "a table" if isinstance(value, dict) else "a date"
