"""Writes a file in one step: it is whole on the disk under its name, or nothing has changed.

Until then it has a name of its own, `.quiz-….part`, and is held by a lock: what a killed program left is known by that,
and removed by the next one that writes to the folder.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:
    fcntl = None

_PREFIX, _SUFFIX = ".quiz-", ".part"


@contextmanager
def whole_file(target: Path, *, over: bool = False, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Yield a file to write into; when the block ends without an error, it takes the place of `target`.

    A file that is there is written over only with `over`, and then keeps its rights (a link is followed); `mode` sets
    the rights. Raises FileExistsError, or another OSError where it cannot be written.
    """
    if over:
        target = Path(os.path.realpath(target))
    part: Path | None = None
    held = -1
    sweep(target.parent)
    try:
        with _part_in(target.parent) as file:
            part = Path(file.name)
            held = os.dup(file.fileno()) if fcntl else -1  # the lock is kept until the file has its name
            yield file
            file.flush()
            os.fsync(file.fileno())
        if over and mode is None and target.exists():
            mode = target.stat().st_mode & 0o7777
        if mode is not None:
            part.chmod(mode)
        if over:
            part.replace(target)
        else:
            put(part, target)
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
        if held >= 0:
            os.close(held)


def _part_in(folder: Path) -> IO[bytes]:
    """Make a new file in a folder and lock it. Raises OSError."""
    while True:
        # A name with a dot: other programs that look at the folder now must not take it for a deck.
        file = tempfile.NamedTemporaryFile(dir=folder, prefix=_PREFIX, suffix=_SUFFIX, delete=False)  # noqa: SIM115
        if not lock(file.fileno(), wait=True) or os.path.lexists(file.name):
            return file
        file.close()  # another program took it for one that was left, before it was locked


def sweep(folder: Path, parts: str = f"{_PREFIX}*{_SUFFIX}") -> None:
    """Remove what killed programs left half written in a folder, where locks can tell. `parts` is what they are called.

    See `lock`: who writes such a file holds it.
    """
    with suppress(OSError):
        for left in folder.glob(parts):
            with suppress(OSError):
                file = os.open(left, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
                try:
                    if stat.S_ISREG(os.fstat(file).st_mode) and lock(file):
                        left.unlink()
                finally:
                    os.close(file)


def lock(file: int, *, wait: bool = False) -> bool:
    """Lock an open file until it is closed; return False where another program has it, or there are no locks."""
    if fcntl is None:  # Windows: a file that is open cannot be removed anyway
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def put(part: Path, target: Path) -> None:
    """Give a written file its name. Raises FileExistsError for one that has come there: it is never written over."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise FileExistsError from None
        part.replace(target)
