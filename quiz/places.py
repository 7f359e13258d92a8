"""Places in files, and the problems found there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: line and column count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a file, with the way to mend it. One line when printed."""

    place: Place
    what: str
    mend: str
    card: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.what} - {self.mend}"

    def as_json(self) -> dict[str, object]:
        """Return the problem for editors and scripts."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "what": self.what,
            "mend": self.mend,
            "card": self.card or None,
        }
