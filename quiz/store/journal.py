"""Answers on their way into the history: a file of fixed size beside it, written over in place.

An answer is on the disk when one short line of this file is: that costs a third of a transaction, and it works on a
disk that is full, because the file has all its room from the start. The history itself is written a moment later, when
nobody waits. What a killed program left here is taken in by the next one that opens the history.

Each running program has a file of its own, held by a lock (of `flock`, which ends with the program, however it ends).
Where there is no such lock there is no journal, and each answer goes into the history at once.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quiz.store.events import to_json

ROOM = 128 * 1024  # bytes: some 150 answers, where a full disk keeps them waiting
MOST_FILES = 16
_END = b"\0" * 16
_SUM = 9  # bytes before a line's JSON: its checksum in hex digits, and a space

_POSSIBLE = hasattr(os, "pwrite")  # not on Windows, where there is no `flock` either
Row = Sequence[object]
Entry = tuple[list[list[Any]], list[Any] | None]


class Journal:
    """This program's file, and what earlier ones left in theirs.

    An entry is some rows of events and, perhaps, the row of the session. They are taken in only if the history does not
    know them, so it does no harm that an entry may be read which has arrived there already.
    """

    def __init__(self, folder: Path) -> None:
        """Take the first file in `folder` that no running program holds. None is made before there is an answer."""
        self._folder = folder
        self._files: list[int] = []  # the first one is written to
        self._at = 0
        self._room = False  # whether the first file has all its room
        self._there = False
        self.left: list[Entry] = []
        self.damaged: list[bytes] = []  # journals of which not every line is as it was written
        self.path: Path | None = None
        for number in range(1, MOST_FILES + 1):
            path = self._named(number)
            if not (_POSSIBLE and path.exists()):
                break
            self._take(path)

    def add(self, events: Sequence[Row], session: Row | None) -> bool:
        """Put an entry on the disk; return whether it is there."""
        if not (self._room or self._make()):
            return False
        text = to_json([events, session]).encode("utf-8", "replace")
        line = b"%08x %b\n" % (zlib.crc32(text), text)
        if self._at + len(line) + len(_END) > ROOM:
            return False
        try:
            # The end is written with it, so that no older entry is read after it.
            if os.pwrite(self._files[0], line + _END, self._at) != len(line) + len(_END):
                return False
            _sync(self._files[0])
        except OSError:
            return False
        self._at += len(line)
        return True

    def clear(self) -> None:
        """Forget all entries: the history has them."""
        self._at = 0
        self.left.clear()
        for file in self._files:
            try:
                os.pwrite(file, _END, 0)
            except OSError:
                continue  # then they are read again, and known
        for file in self._files[1:]:
            os.close(file)
        del self._files[1:]

    def there(self) -> bool:
        """Whether the file that is written to is still in its folder; after the end, whether it was."""
        if self._files and self.path:
            try:
                self._there = os.path.samestat(os.fstat(self._files[0]), self.path.stat())
            except OSError:
                self._there = False
        return self._there

    def close(self) -> None:
        """Let the file go, with what it still holds."""
        self.there()
        for file in self._files:
            os.close(file)
        self._files.clear()

    def _named(self, number: int) -> Path:
        return self._folder / f"answers-{number}.journal"

    def _make(self) -> bool:
        """Give the first file all its room, and make one where there is none; return whether it is there."""
        for number in range(1, MOST_FILES + 1):
            if self._files or not _POSSIBLE:
                break
            self._take(self._named(number), os.O_CREAT)
        if not self._files:
            return False
        try:
            size = os.fstat(self._files[0]).st_size
            os.pwrite(self._files[0], b"\0" * (ROOM - size), size)
            os.fsync(self._files[0])
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError:
            return False
        self._room = os.fstat(self._files[0]).st_size >= ROOM
        return self._room

    def _take(self, path: Path, flags: int = 0) -> None:
        """Open a file and hold it, unless another program holds it or it cannot be opened."""
        try:
            file = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | flags, 0o600)
        except OSError:
            return
        try:
            _hold(file)
            found = os.pread(file, ROOM, 0)
        except OSError:
            os.close(file)
            return
        entries, end = read(found)
        if not self._files:
            self.path, self._at, self._room = path, end, len(found) >= ROOM
        self._files.append(file)
        self.left += entries
        if any(text is None for text, _ in _lines(found)):
            self.damaged.append(found.rstrip(b"\0"))


def _hold(file: int) -> None:
    """Lock a file until it is closed or the program ends. Raises OSError when another program holds it."""
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def read(found: bytes) -> tuple[list[Entry], int]:
    """Return the sound entries of a journal, and where they end. Those behind a damaged one count all the same."""
    entries, end = [], 0
    for text, after in _lines(found):
        if text is not None:
            events, session = json.loads(text)
            entries.append((events, session))
            end = after
    return entries, end


def _lines(found: bytes) -> Iterator[tuple[bytes | None, int]]:
    """Yield the lines and the place after each, up to the end; None for one whose checksum is not right.

    What stands behind the end is older and was written over. A single byte of the end may be damaged itself.
    """
    start = 0
    while start < len(found) and found[start : start + len(_END)].count(0) < len(_END) - 1:
        stop = found.find(b"\n", start)
        cut = found.find(_END, start, stop if stop >= 0 else len(found))
        if cut >= 0 or stop < 0:  # the last one was cut off
            yield None, start
            return
        line = found[start:stop]
        right = line[:_SUM] == b"%08x " % zlib.crc32(line[_SUM:])
        start = stop + 1
        yield line[_SUM:] if right else None, start


# Where the system can leave the file's dates out, an answer costs half.
_sync = getattr(os, "fdatasync", os.fsync)
