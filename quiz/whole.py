"""Writes a file in one step: it is whole on the disk under its name, or nothing has changed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(target: Path, *, over: bool = False, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Yield a file to write into; when the block ends without an error, it takes the place of `target`.

    A file that is there is written over only with `over`, and then keeps its rights (a link is followed); `mode` sets
    the rights. Raises FileExistsError, or another OSError where it cannot be written.
    """
    if over:
        target = Path(os.path.realpath(target))
    part: Path | None = None
    try:
        # A name with a dot: other programs that look at the folder now must not take it for a deck.
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".quiz-", suffix=".part", delete=False) as file:
            part = Path(file.name)
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
