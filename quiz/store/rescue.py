"""The last resort for answers that the disk did not take by the end of the program: a file on another disk.

It lies in the folder for temporary files, under a name that follows from the profile; the next start takes it in.
Other users may write to that folder and know the name: what they put there (a link, a pipe, a file) is never opened to
its harm, read, or written to.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from quiz.digest import blake2b
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.whereabouts import ASIDE


def rescue_file(history: Path) -> Path:
    """Return where the answers of a profile are put when its own disk is full."""
    name = blake2b(os.fsencode(history.absolute()), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir(), f"quiz-rescue-{name}.jsonl")


def rescue(history: Path, events: Sequence[Event]) -> Path | None:
    """Write events that could not be kept into the rescue file; return it, or None when that fails too."""
    path = rescue_file(history)
    texts = (event.as_json().encode("utf-8", "replace") for event in events)
    lines = b"".join(b"%08x %b\n" % (zlib.crc32(text), text) for text in texts)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _CAREFULLY, 0o600)
    except OSError:
        return None
    try:
        if not _ours(file) or os.write(file, lines) != len(lines):
            return None
        os.fsync(file)
    except OSError:
        return None
    finally:
        os.close(file)
    return path


def take_in(history: History) -> int:
    """Write rescued events into the history and remove the file; return how many there were.

    An event that is there already is passed over. A file of another user is left; so is one of which not every line can
    be read, which is told.
    """
    path = rescue_file(history.path)
    try:
        file = os.open(path, os.O_RDONLY | _CAREFULLY)
    except OSError:
        return 0
    if not _ours(file):
        os.close(file)
        return 0
    with open(file, "rb") as found:  # noqa: PTH123 - the descriptor was opened without following links
        lines = [line for line in found.read().split(b"\n") if line.strip()]
    events = [event for line in lines if (event := _event(line))]
    damaged = len(lines) - len(events)
    if damaged:
        history.notes.append(f"{damaged} of {len(lines)} answers in {path} are damaged and not taken in; it is left.")
    if not history.record(events):
        return 0
    history.settle(events)
    history.reread_settings()  # some of them may be settings
    if not damaged:
        with contextlib.suppress(OSError):
            path.unlink()
    return len(events)


# No link is followed, and a pipe that another user has put there is not waited for.
_CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _event(line: bytes) -> Event | None:
    """Return the event of a line, if it is as it was written. Lines of earlier versions have no checksum."""
    text = line if line.startswith(b"{") else line[9:]
    if text is not line and line[:9] != b"%08x " % zlib.crc32(text):
        return None
    try:
        return Event.from_json(json.loads(text))
    except (ValueError, KeyError, TypeError):
        return None


def set_aside(profile: Path, name: str, content: bytes) -> Path | None:
    """Keep a damaged file of a profile for whoever can read it; return where, or None where it cannot be written."""
    path = profile / ASIDE / f"{name}-{zlib.crc32(content):08x}"
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_bytes(content)
    except OSError:
        return None
    return path


def _ours(file: int) -> bool:
    """Whether an open file is a plain one of this user's (where the system knows users), with no other name."""
    about = os.fstat(file)
    plain = stat.S_ISREG(about.st_mode) and about.st_nlink == 1
    return plain and (not hasattr(os, "getuid") or about.st_uid == os.getuid())
