"""Is the file at the path of a history still the one that is open?

SQLite does not ask: in a file that was deleted, moved or replaced under the running program it goes on writing, out of
sight, and its write-ahead log would be taken for that of the file in its place, which it then destroys.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

# Folders beside a history:
ASIDE = "aside"  # for what nothing reads any more, and somebody may still want
LOST = "lost"  # for the copies in which runs went on that lost it, see `quiz.store.beside`

Identity = tuple[int, int]
_UNSEEN: Identity = (-1, -1)  # whether the file is there cannot be told now


def _identity(path: str) -> Identity | None:
    """Return device and number of a file; None when it is not there."""
    try:
        there = os.stat(path)  # noqa: PTH116 - asked before every write: without making a path each time
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return _UNSEEN
    return there.st_dev, there.st_ino


class Whereabouts:
    """Knows an open history by its number on the disk, and its write-ahead log too."""

    def __init__(self, path: Path) -> None:
        """Call it while the history at `path` is open and was read, so that it has its log."""
        self._path, self._log_path = str(path), f"{path}-wal"
        self._file, self._log = _identity(self._path), _identity(self._log_path)

    def lost(self) -> bool:
        """Whether the file at the path, or its log, is another one by now, or none. A disk that fails tells nothing."""
        return self._gone(self._path, self._file) or self._gone(self._log_path, self._log)

    def written(self) -> None:
        """Be told that the history was written: from then on at the latest it has a log."""
        if self._log is None:
            self._log = _identity(self._log_path)

    def part(self, *, at_end: bool = False) -> None:
        """Take the log from beside another file that stands at the path now, which must never be read with it.

        Where there is none the log waits for the file to come back, up to the end of the run. Call it when all that the
        log holds was copied. Who has it open keeps it.
        """
        if self._log is None or not self._gone(self._path, self._file) or _identity(self._log_path) != self._log:
            return
        if at_end or _identity(self._path) is not None:
            set_log_aside(Path(self._path))

    @staticmethod
    def _gone(path: str, was: Identity | None) -> bool:
        return was not in (None, _UNSEEN) and _identity(path) not in (was, _UNSEEN)


def set_log_aside(history: Path) -> None:
    """Move the log at the path of a history to where nothing is read with it; what cannot be moved stays."""
    folder, name = history.parent / ASIDE, os.urandom(4).hex()
    for ending in ("-wal", "-shm"):
        with contextlib.suppress(OSError):
            log = Path(f"{history}{ending}")
            if log.exists():
                folder.mkdir(exist_ok=True, mode=0o700)
                log.rename(folder / f"{history.name}-{name}{ending}")
