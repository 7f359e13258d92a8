"""Files in and out: read with bounds, written whole or not at all."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from quiz.deck.reader import decoded
from quiz.errors import QuizError, UnreadableError
from quiz.places import Problem
from quiz.questions.fields import Reading
from quiz.text import clean, counted
from quiz.whole import whole_file

MOST_BYTES = 64 * 1024 * 1024  # of a table or GIFT file: some 100,000 cards
MOST_TOLD = 100  # problems, after which the rest is only counted


class RefusedError(QuizError):
    """A file that has to be mended before it can be taken in: `problems` are all that is wrong (exit code 1)."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        """`file` is the name for people. Problems are kept in the order of the file."""
        self.problems = tuple(sorted(problems))
        super().__init__(
            f"{file} has {counted(len(self.problems), 'problem')}; nothing was taken in", "mend them first"
        )


def named(path: Path) -> str:
    """Return a path fit to be printed."""
    return clean(str(path), lines=False)


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """Return the text of a UTF-8 file (a byte order mark is dropped), every character as it stands.

    Raises UnreadableError for what is not there, no plain file, too large, empty or in another encoding.
    """
    try:
        status = path.stat()
    except OSError:
        status = None  # told by the reader below
    if status and stat.S_ISDIR(status.st_mode):
        raise UnreadableError(f"{named(path)} is a folder", "name a file")
    if status and not stat.S_ISREG(status.st_mode):
        raise UnreadableError(f"{named(path)} is not a plain file", "copy what it gives into a file first")
    if status and status.st_size > most:
        raise UnreadableError(f"{named(path)} is larger than {most >> 20} MB", "split it into several files")
    reading = Reading(named(path))
    text = decoded(path, reading, "look whether it is the right file")
    if text is None:
        problem = reading.problems[0]
        raise UnreadableError(f"{problem.place}: {problem.what}" if problem.place.line else told(problem), problem.mend)
    return text


def told(problem: Problem) -> str:
    """Return what is wrong with a file as a whole."""
    return f"{problem.place} {problem.what}"


def write_file(path: Path, content: bytes, *, over: bool = False) -> None:
    """Write a file in one step: it is whole on the disk, or as it was before.

    Raises UnreadableError when it cannot be written, or is there already and not to be written `over`.
    """
    try:
        with whole_file(path, over=over) as file:
            file.write(content)
    except FileExistsError as error:
        raise UnreadableError(f"{named(path)} is there already", "name a new file") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(
            f"{named(path)} cannot be written ({reason})", "check the folder and its rights"
        ) from error
