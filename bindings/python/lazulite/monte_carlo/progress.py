"""A progress bar on a terminal: rich's where it is installed, else one of our own; nothing elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(label: str, paths: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Gives a function to call with the number of paths done so far."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    except ImportError:
        with plain(label, paths) as update:
            yield update
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label.replace("[", r"\["), total=paths)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def plain(label: str, paths: int) -> Iterator[Callable[[int], None]]:
    shown = 0.0

    def update(done: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 0.1:
            shown = time.monotonic()
            filled = 30 * done // paths
            sys.stderr.write(f"\r{label}  [{'#' * filled}{'.' * (30 - filled)}] {100 * done // paths:3d} %")
            sys.stderr.flush()

    try:
        yield update
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
