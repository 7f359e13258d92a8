"""All that a patient session needs from files, read when `quiz teach` starts: four small files and what they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.figures import Figure, read_figure
from quiz.deck.files import figure_files, sources_files
from quiz.deck.local import Local, read_local
from quiz.deck.model import Source
from quiz.deck.reader import read_sources
from quiz.deck.sessions import PatientSession, Sessions, read_sessions
from quiz.errors import UsageError
from quiz.places import Problem
from quiz.text import clean, nearest


@dataclass(frozen=True, slots=True)
class Lessons:
    """The patient sessions under some roots, and the ward's own layer."""

    roots: tuple[Path, ...]
    sessions: Sessions
    local: Local

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files, and was left out."""
        return (*self.sessions.problems, *self.local.problems)

    def session(self, procedure: str) -> PatientSession:
        """Return the session about a procedure. Raises UsageError with the nearest name where there is none."""
        found = self.sessions.of(procedure)
        if found:
            return found
        known = [session.procedure for session in self.sessions.found]
        guess = nearest(procedure, known)
        mend = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(known)}"
        raise UsageError(f"there is no patient session about '{clean(procedure, lines=False)}'", mend)

    def figures(self, session: PatientSession) -> dict[str, Figure]:
        """Return the figures that a session shows, by name; one that cannot be read is not among them."""
        wanted = {point.figure for point in session.points if point.figure}
        paths = [path for root in self.roots for path in figure_files(root)] if wanted else []
        read = (read_figure(path)[0] for path in paths)
        return {figure.id: figure for figure in read if figure and figure.id in wanted}

    def sources(self) -> dict[str, Source]:
        """Return the bibliography."""
        found: dict[str, Source] = {}
        for root in self.roots:
            for path in sources_files(root):
                found |= read_sources(path)[0]
        return found


@dataclass(frozen=True, slots=True)
class TeachPlan:
    """A patient session to be held on the screens; None for the `session` lets it be chosen there.

    `target` is where the page to take home is to be written, if that was said before.
    """

    lessons: Lessons
    session: PatientSession | None = None
    target: Path | None = None


def open_lessons(roots: Sequence[Path], local: Path) -> Lessons:
    """Read the patient sessions and the ward's own layer. Raises UsageError when there is no session at all."""
    lessons = Lessons(tuple(roots), read_sessions(roots), read_local(local))
    if not lessons.sessions.found:
        problems = lessons.sessions.problems
        where = ", ".join(str(root) for root in roots)
        mend = f"mend {problems[0]}" if problems else "they are .yaml files in a folder 'patients' beside decks"
        raise UsageError(f"there is no patient session in {where}", mend)
    return lessons
