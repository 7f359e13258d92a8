"""The files of a sync folder: which they are, what is in them, and how this device's own grow."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
import zlib
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from quiz.errors import UnreadableError
from quiz.store.events import Event
from quiz.store.sync.lines import MOST, DamagedError, NewerError, UnfitError, event_of
from quiz.store.sync.marks import Fault, Mark, tail_of

# A copy that a file sync made of two versions of one file is read too: `0a1b2c3d-2026.sync-conflict-….jsonl`.
_NAME = re.compile(r"[0-9a-f]{8}-\d{4}([ ._(~-].*)?\.jsonl")
_CHUNK = 1024 * 1024  # bytes written at once
LARGEST = 2 * 1024 * 1024 * 1024  # bytes of a file: a device that gives a million answers a year writes a quarter of it
MOST_FAULTS = 1000  # of one file that are told, each with its line


def names_in(folder: Path) -> list[str]:
    """Return the names of the files of devices in a folder; all others are none of ours.

    Raises UnreadableError when the folder is not there or cannot be read. It is never made: it may be a stick that is
    not plugged in.
    """
    try:
        return sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except FileNotFoundError:
        raise UnreadableError(f"the folder {folder} is not there", "check the path, or make the folder first") from None
    except NotADirectoryError:
        raise UnreadableError(f"{folder} is not a folder", "name the folder that your devices share") from None
    except OSError as error:
        raise unreadable(folder, error) from error


def unreadable(path: Path, error: OSError, done: str = "read") -> UnreadableError:
    """Return in words why a folder or a file of it cannot be read (or `done`)."""
    reason = (error.strerror or str(error)).lower()
    mend = "make room or check the folder and your rights there" if done == "written" else "check your rights there"
    return UnreadableError(f"{path} cannot be {done} ({reason})", mend)


class Reader:
    """Reads what is new in one file. `faults` and `mark` are whole when `events` has come to its end."""

    def __init__(self, folder: Path, name: str, mark: Mark) -> None:
        """Nothing is opened yet. With a mark the file is read on from there."""
        self.path, self.name = folder / name, name
        self.faults: list[Fault] = list(mark.faults)
        self.mark = mark
        self.damaged = False  # a line in the middle is not as it was written
        self.newer = False  # something was written by a later version
        self.cut = False  # the last line has no end
        self.unread = False  # the file could not be read to its end

    def events(self) -> Generator[tuple[Event, int], None, None]:
        """Yield the sound events of whole lines, each with the number of its line."""
        try:
            with open_plainly(self.path) as file:
                yield from self._events(file)
        except OSError as error:
            self.unread = True
            self.faults.append(Fault(self.name, 0, f"cannot be read ({(error.strerror or str(error)).lower()})"))

    def _events(self, file: BinaryIO) -> Generator[tuple[Event, int], None, None]:
        about = os.fstat(file.fileno())
        size, number, whole = self.mark.size, self.mark.lines, self.mark.whole
        file.seek(size)
        untold = 0
        while line := next_line(file):
            if not line.endswith(b"\n"):
                self.cut = True
                break
            number += 1
            size = file.tell()
            whole = zlib.crc32(line, whole)
            try:
                if text := line.rstrip(b"\r\n"):  # git may have changed the ends of lines
                    yield event_of(text), number
            except UnfitError as error:
                self.damaged |= isinstance(error, DamagedError)
                self.newer |= isinstance(error, NewerError)
                if len(self.faults) < MOST_FAULTS:
                    self.faults.append(Fault(self.name, number, _told(error)))
                else:
                    untold += 1
        if untold:
            self.faults.append(Fault(self.name, number, f"up to here {untold} more lines are not right"))
        touched = about.st_size, about.st_mtime_ns
        self.mark = Mark(size, number, tail_of(file, size), tuple(self.faults), touched, whole)
        if self.cut:  # not among the faults of the mark: it is read again
            self.faults.append(Fault(self.name, number + 1, "cut short; it is taken in when the rest has come"))

    def refuse(self, line: int, what: str) -> None:
        """Note that the event of a line was not taken."""
        self.faults.append(Fault(self.name, line, what))

    @property
    def final_mark(self) -> Mark:
        """The mark with all that was found, to be kept."""
        kept = [fault for fault in self.faults if fault.line and fault.line <= self.mark.lines]
        return replace(self.mark, faults=tuple(sorted(kept)))


def next_line(file: BinaryIO) -> bytes:
    """Return the next line; of one longer than any event the beginning and the end."""
    line = file.readline(MOST)
    if len(line) < MOST or line.endswith(b"\n"):
        return line
    while rest := file.readline(MOST):
        if rest.endswith(b"\n"):
            return line[:100] + b"\n"
    return line[:100]


def _told(error: UnfitError) -> str:
    if isinstance(error, NewerError):
        return f"{error}; it is not taken in: update this program"
    return f"{error}; its event is not taken in"


def open_plainly(path: Path, *, write: bool = False) -> BinaryIO:
    """Open a plain file of bounded size to be read, or to be read and cut with `write`. Raises OSError for others.

    A pipe would wait for ever, a link could lead out of the folder to any file of this user, and a file with a hole
    costs nobody anything to make as large as one likes.
    """
    if path.is_symlink():
        raise OSError(0, "a link, which is not followed")
    plainly = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(path, (os.O_RDWR if write else os.O_RDONLY) | plainly)
    about = os.fstat(file)
    wrong = "not a plain file" if not stat.S_ISREG(about.st_mode) else "too large" if about.st_size > LARGEST else ""
    if wrong:
        os.close(file)
        raise OSError(0, wrong)
    return os.fdopen(file, "rb+" if write else "rb")


def year_of(event: Event) -> str:
    """Return the year of an event in UTC, which names its file; 0000 where the clock showed none that there is."""
    try:
        return f"{datetime.fromtimestamp(event.at // 1000, UTC).year:04d}"
    except (ValueError, OverflowError, OSError):
        return "0000"


class OwnFile:
    """One of this device's files, to which lines are added. What does not reach the disk whole is taken back."""

    def __init__(self, path: Path, size: int | None) -> None:
        """Open a file that was read up to `size` bytes (None: there is none yet).

        Raises UnreadableError when it cannot be written, or has changed since it was read.
        """
        self.path = path
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            self._file = os.open(path, flags | (os.O_CREAT | os.O_EXCL if size is None else 0), 0o600)
            self._size = os.fstat(self._file).st_size
        except OSError as error:
            raise unreadable(path, error, "written") from error
        self._waiting = bytearray()
        if self._size != (size or 0):
            os.close(self._file)
            raise UnreadableError(f"{path} changed while it was read", "sync again")

    def __enter__(self) -> OwnFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
        os.close(self._file)

    def add(self, line: bytes) -> None:
        """Add a line. Raises UnreadableError."""
        self._waiting += line
        if len(self._waiting) >= _CHUNK:
            self._write()

    def finish(self) -> None:
        """See that everything is on the disk. Raises UnreadableError."""
        self._write()
        try:
            os.fsync(self._file)
            sync_folder(self.path.parent)
        except OSError as error:
            raise unreadable(self.path, error, "written") from error

    def _write(self) -> None:
        try:
            while self._waiting:
                written = os.write(self._file, self._waiting)
                del self._waiting[:written]
        except OSError as error:
            raise unreadable(self.path, error, "written") from error


def cut_off(path: Path, size: int, aside: Path) -> None:
    """Set the end of an own file after `size` bytes aside, into the new file `aside`, and cut it off.

    Its event is in the history, and is written again whole. Raises UnreadableError.
    """
    try:
        with open_plainly(path, write=True) as file:
            file.seek(size)
            _set_aside(aside, file.read(MOST))
            file.truncate(size)
            os.fsync(file.fileno())
    except OSError as error:
        raise unreadable(path, error, "written") from error


def renew(path: Path, aside: Path) -> None:
    """Write an own file anew without its damaged lines; the old one is set aside whole. Raises UnreadableError.

    The events of those lines are in the history, and are written again.
    """
    part: Path | None = None
    try:
        # A new file with a name that nobody knows before: others who write to the folder could have put a link there.
        number, name = tempfile.mkstemp(".part", f".{path.name}-", path.parent)
        part = Path(name)
        with os.fdopen(number, "wb") as new, open_plainly(path) as old:
            with aside.open("xb") as kept:
                while line := old.readline(MOST):  # a longer one comes in pieces, and all of it is kept
                    kept.write(line)
                    if not _is_damaged(line):
                        new.write(line)
                kept.flush()
                os.fsync(kept.fileno())
            new.flush()
            os.fsync(new.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise unreadable(path, error, "written") from error


def _is_damaged(line: bytes) -> bool:
    try:
        event_of(line.rstrip(b"\r\n"))
    except DamagedError:
        return True
    except UnfitError:
        return False
    return False


def _set_aside(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk, where the system can do that."""
    with contextlib.suppress(PermissionError):  # as on Windows, where folders cannot be opened
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        except OSError:  # some network folders cannot
            pass
        finally:
            os.close(number)
