"""Threads, limits and what this build is made of."""

import contextlib
import platform
import sys

import numpy as np

from lazulite import _core
from lazulite._version import __version__


def set_num_threads(n):
    """Use at most `n` threads for every computation from now on (`LAZULITE_NUM_THREADS` sets the first value)."""
    _core.set_num_threads(n)


def get_num_threads():
    """The number of threads that computations may use."""
    return _core.get_num_threads()


@contextlib.contextmanager
def num_threads(n):
    """`with lz.num_threads(2): ...`: use at most `n` threads inside the block."""
    before = _core.get_num_threads()
    _core.set_num_threads(n)
    try:
        yield
    finally:
        _core.set_num_threads(before)


class options:  # noqa: N801  (used as a function and in `with`)
    """Set limits: `lz.options(eager_below=0)`, or `with lz.options(...):` for a block. 0 or None turns a limit off.

    eager_below: ops on computed arrays of at most this many elements run at once (default 256).
    flush_nodes: pending nodes before a graph is computed (default 100,000).
    flush_bytes: bytes that only pending nodes keep alive before they are computed (default: an eighth of RAM).
    memory_limit: bytes that arrays may hold in all; beyond it a pass raises MemoryError (default: no limit).
    """

    def __init__(self, **limits):
        self._before = _core.get_options()
        for name, value in limits.items():
            _core.set_option(name, 0 if value is None else value)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for name, value in self._before.items():
            _core.set_option(name, value)

    def __repr__(self):
        return "options(" + ", ".join(f"{k}={v}" for k, v in _core.get_options().items()) + ")"


def memory():
    """Bytes of arrays in use, and of freed blocks kept for reuse: `{'in_use': ..., 'cached': ...}`."""
    return _core.memory()


def trim():
    """Give the blocks kept for reuse back to the system."""
    _core.trim()


def show_config():
    """Print the version, the SIMD target, the threads and the libraries in use."""
    lines = {
        "lazulite": __version__,
        "SIMD target": _core.target(),
        "threads": _core.get_num_threads(),
        "options": ", ".join(f"{k}={v}" for k, v in _core.get_options().items()),
        "memory": ", ".join(f"{k} {v / 1e6:.1f} MB" for k, v in _core.memory().items()),
        "NumPy": np.__version__,
        "Python": sys.version.split()[0] + " on " + platform.machine(),
    }
    for name, value in lines.items():
        print(f"{name:12} {value}")
