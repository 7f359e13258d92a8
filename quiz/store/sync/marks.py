"""How far each file of a sync folder was read: a cache beside the history. Without it everything is read again.

A mark says that the history holds what was read. That is so for good as long as nothing takes events away or puts some
at places that were given out already, which only a restore does: it removes the marks (`forget`).
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from quiz import __version__
from quiz.store.history import History
from quiz.whole import whole_file

_FILE = "sync.json"
_TAIL = 4096  # bytes before the mark that are compared: lines are only ever added after them


class Fault(NamedTuple):
    """What is wrong with a line (counted from 1) of a file, or (line 0) with the file."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A file was read up to the byte `size`, which ends `lines` lines; `tail` is the checksum of what is before it.

    `faults` were found on the way. `stat` (bytes, time of change) tells whether the file was touched since.
    """

    size: int = 0
    lines: int = 0
    tail: int = 0
    faults: tuple[Fault, ...] = ()
    stat: tuple[int, int] = (0, 0)

    def fits(self, file: BinaryIO) -> bool:
        """Whether the file still holds what was read."""
        return os.fstat(file.fileno()).st_size >= self.size and tail_of(file, self.size) == self.tail


def tail_of(file: BinaryIO, size: int) -> int:
    """Return the checksum of the last bytes before `size`."""
    start = max(0, size - _TAIL)
    file.seek(start)
    return zlib.crc32(file.read(size - start))


@dataclass(slots=True)
class Marks:
    """All marks of one folder. The events of the history up to the number `sent` are known to be in the folder."""

    sent: int = 0
    files: dict[str, Mark] = field(default_factory=dict)


def load(history: History, folder: Path) -> Marks:
    """Return the marks of a folder; empty ones where there are none that can be relied on.

    Where an older copy of the history was put in its place by hand, it lacks the newest event of the marks, and they
    count no more. Nor do those of another version, which may have passed over what this one understands.
    """
    try:
        whole = json.loads((history.path.parent / _FILE).read_text("utf-8"))
        if whole["program"] != __version__:
            return Marks()
        kept = whole["folders"][str(folder)]
        if not history.holds(*kept["newest"]):
            return Marks()
        return Marks(int(kept["sent"]), {name: _mark(name, *values) for name, *values in kept["files"]})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Marks()


def forget(history: Path) -> None:
    """Remove the marks beside the history at this path: the next sync reads every file as a whole. Raises OSError."""
    (history.parent / _FILE).unlink(missing_ok=True)


def save(history: History, folder: Path, marks: Marks) -> None:
    """Keep the marks of a folder. Nothing is lost when it fails: the next sync reads more."""
    path = history.path.parent / _FILE
    try:
        whole = json.loads(path.read_text("utf-8"))
        folders = dict(whole["folders"]) if whole["program"] == __version__ else {}
    except (OSError, ValueError, KeyError, TypeError):
        folders = {}
    files = [
        [name, mark.size, mark.lines, mark.tail, [fault[1:] for fault in mark.faults], mark.stat]
        for name, mark in marks.files.items()
    ]
    folders[str(folder)] = {"sent": marks.sent, "newest": history.newest(), "files": files}
    with contextlib.suppress(OSError), whole_file(path, over=True, mode=0o600) as file:
        file.write(json.dumps({"program": __version__, "folders": folders}).encode())


def _mark(name: str, size: int, lines: int, tail: int, faults: Any, stat: Any) -> Mark:
    bytes_, changed = stat
    return Mark(size, lines, tail, tuple(Fault(name, line, what) for line, what in faults), (bytes_, changed))
