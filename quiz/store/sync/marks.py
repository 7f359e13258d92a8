"""How far each file of a sync folder was read: a cache beside the history. Without it everything is read again.

Of a file of another device only the end of what was read is compared: what is before it was taken in. What a file of
this device holds others may still have to read, so damage anywhere in it has to be found. Where it was touched by
somebody else (its size or time of change is not that of the mark), and in any case once a week, a checksum over all
that was read is compared; else a sync asks for nothing but size and time.

A mark says that the history holds what was read. That is so for good as long as nothing takes events away or puts some
at places that were given out already, which only a restore does: it removes the marks (`forget`).
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from quiz import __version__
from quiz.store.history import History
from quiz.whole import whole_file

_FILE = "sync.json"
_TAIL = 4096  # bytes before the mark that are compared: lines are only ever added after them
_CHUNK = 1024 * 1024  # bytes read at once
WEEK_MS = 7 * 86_400_000  # after which files are compared as a whole, touched or not: a disk forgets in silence


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

    `faults` were found on the way. `stat` (bytes, time of change) tells whether the file was touched since. `whole` is
    the checksum of all that was read.
    """

    size: int = 0
    lines: int = 0
    tail: int = 0
    faults: tuple[Fault, ...] = ()
    stat: tuple[int, int] = (0, 0)
    whole: int = 0

    def fits(self, file: BinaryIO) -> bool:
        """Whether the file still holds what was read, as far as its end tells."""
        return os.fstat(file.fileno()).st_size >= self.size and tail_of(file, self.size) == self.tail

    def touched(self, file: BinaryIO) -> bool:
        """Whether somebody else wrote the file since."""
        about = os.fstat(file.fileno())
        return (about.st_size, about.st_mtime_ns) != self.stat

    def holds(self, file: BinaryIO, tick: Callable[[], None] = lambda: None) -> bool:
        """Whether the file still holds every byte that was read; `tick` is called now and then."""
        file.seek(0)
        found, rest = 0, self.size
        while rest and (block := file.read(min(_CHUNK, rest))):
            found, rest = zlib.crc32(block, found), rest - len(block)
            tick()
        return not rest and found == self.whole


def tail_of(file: BinaryIO, size: int) -> int:
    """Return the checksum of the last bytes before `size`."""
    start = max(0, size - _TAIL)
    file.seek(start)
    return zlib.crc32(file.read(size - start))


@dataclass(slots=True)
class Marks:
    """All marks of one folder. The events of the history up to the number `sent` are known to be in the folder.

    `compared` is when the files were last compared as a whole (UTC ms).
    """

    sent: int = 0
    files: dict[str, Mark] = field(default_factory=dict)
    compared: int = 0


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
        number, event = _newest(kept)
        sent = _number(kept["sent"])
        if sent > number or not history.holds(number, event):
            return Marks()
        files = {_text(name): _mark(name, *values) for name, *values in kept["files"]}
        return Marks(sent, files, _number(kept["compared"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Marks()


def forget(history: Path) -> None:
    """Remove the marks beside the history at this path: the next sync reads every file as a whole. Raises OSError."""
    (history.parent / _FILE).unlink(missing_ok=True)


def newest_known(history: Path) -> list[tuple[str, str]]:
    """Return each folder that was synced with, and the id of the event that had arrived last in the history then."""
    try:
        folders = json.loads((history.parent / _FILE).read_text("utf-8"))["folders"]
        return [(_text(folder), _newest(kept)[1]) for folder, kept in folders.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def save(history: History, folder: Path, marks: Marks) -> None:
    """Keep the marks of a folder. Nothing is lost when it fails: the next sync reads more."""
    path = history.path.parent / _FILE
    try:
        whole = json.loads(path.read_text("utf-8"))
        folders = dict(whole["folders"]) if whole["program"] == __version__ else {}
    except (OSError, ValueError, KeyError, TypeError):
        folders = {}
    files = [
        [name, mark.size, mark.lines, mark.tail, [fault[1:] for fault in mark.faults], mark.stat, mark.whole]
        for name, mark in marks.files.items()
    ]
    known = {"sent": marks.sent, "newest": history.newest(), "compared": marks.compared, "files": files}
    folders[str(folder)] = known
    with contextlib.suppress(OSError), whole_file(path, over=True, mode=0o600) as file:
        file.write(json.dumps({"program": __version__, "folders": folders}).encode())


def _mark(name: str, size: Any, lines: Any, tail: Any, faults: Any, stat: Any, whole: Any) -> Mark:
    bytes_, changed = map(_number, stat)
    told = tuple(Fault(name, _number(line), _text(what)) for line, what in faults)
    return Mark(_number(size), _number(lines), _number(tail), told, (bytes_, changed), _number(whole))


def _newest(kept: Any) -> tuple[int, str]:
    """Return number and id of the event that was the newest."""
    number, event = kept["newest"]
    return _number(number), _text(event)


def _number(value: Any) -> int:
    """Return a number of the file. Raises ValueError for what SQLite or a file cannot take as one."""
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(f"no number: {value!r}")
    return value


def _text(value: Any) -> str:
    """Return a text of the file. Raises ValueError for what is none, half a character among it."""
    if not isinstance(value, str):
        raise ValueError(f"no text: {value!r}")
    value.encode()
    return value
