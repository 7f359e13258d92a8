"""Is the file at the path of a history still the one that is open?

SQLite does not ask: in a file that was deleted, moved or replaced under the running program it goes on writing, out of
sight, and its write-ahead log would be taken for that of the file in its place, which it then destroys.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def _identity(path: str) -> tuple[int, int] | None:
    """Return device and number of a file; None when it cannot be seen."""
    try:
        there = os.stat(path)  # noqa: PTH116 - asked before every write: without making a path each time
    except OSError:
        return None
    return there.st_dev, there.st_ino


class Whereabouts:
    """Knows an open history by its number on the disk, and its write-ahead log too."""

    def __init__(self, path: Path) -> None:
        """Call it while the history at `path` is open."""
        self._path = str(path)
        self._file, self._log = _identity(self._path), _identity(f"{self._path}-wal")
        self._lost = False

    def lost(self) -> bool:
        """Whether the file at the path is another one by now, or none, or was so once: even if it is back."""
        self._lost = self._lost or _identity(self._path) != self._file
        return self._lost

    def written(self) -> None:
        """Be told that the history was written: from then on at the latest it has a log."""
        if self._log is None:
            self._log = _identity(f"{self._path}-wal")

    def tidy(self) -> None:
        """Remove the log of a history that was lost: no other file may be read with it. Who has it open keeps it."""
        if self._log is not None and _identity(f"{self._path}-wal") == self._log:
            for ending in ("-wal", "-shm"):
                with contextlib.suppress(OSError):
                    Path(self._path + ending).unlink()
