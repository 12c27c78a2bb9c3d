"""Files that are whole or not there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from lazulite.monte_carlo.errors import InputError


@contextmanager
def whole_file(file: str, option: str) -> Iterator[BinaryIO]:
    """A new file next to the target under a temporary name, which is its name when all went well: a reader never sees
    half a file. What is no file (/dev/stdout, a pipe) is written as it is. `option` is what asked for it."""
    temporary = None
    try:
        try:
            if os.path.exists(file) and not os.path.isfile(file):
                with open(file, "wb") as out:
                    yield out
                return
            target = os.path.realpath(file)  # a link stays one
            handle, temporary = tempfile.mkstemp(prefix=".lazulite-mc-", dir=os.path.dirname(target))
            with os.fdopen(handle, "wb") as out:
                yield out
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
            os.replace(temporary, target)
        except BaseException:
            if temporary and os.path.exists(temporary):
                os.unlink(temporary)
            raise
    except OSError as error:
        problem = f"cannot be written ({os.strerror(error.errno or 0)})"
        raise InputError(f"{file}: {problem}; give {option} a file in a folder that you may write to") from None


def check_room(file: str, size: int, remedy: str) -> None:
    """Room on the disk, before anything is written."""
    try:
        disk = shutil.disk_usage(os.path.dirname(file) or ".")
    except OSError:
        return
    if size > disk.free and disk.total:
        problem = f"needs {size / 1e9:.1f} GB, and the disk has {disk.free / 1e9:.1f} GB left"
        raise InputError(f"{file}: {problem}; {remedy}")
