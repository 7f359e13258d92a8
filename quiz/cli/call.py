"""One call of the command line: its options, and what a command opens with them."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.errors import QuizError, StoreError, StoreFullError
from quiz.text import clean, counted

# A command loads what it needs: `quiz --version` must not wait for the database, nor `quiz due` for the decks' reader.
if TYPE_CHECKING:
    from quiz.cli.console import Console, Patience
    from quiz.clock import Clock
    from quiz.deck.lessons import TeachPlan
    from quiz.deck.library import Library
    from quiz.desk import Desk
    from quiz.paths import Paths
    from quiz.store.history import History
    from quiz.study.blueprint import ExamPlan
    from quiz.study.exam import Exam
    from quiz.study.huddle import Huddle
    from quiz.study.plan import Plan


@dataclass(frozen=True, slots=True)
class Call:
    """What a command is given. `decks` are the folders and files of `--decks`.

    `tui` opens the screens: at home (None), at a patient session, at an exam or its set-up, at a huddle, or at a plan,
    and there with True the session that was left unfinished.
    """

    options: Namespace
    decks: tuple[str, ...]
    paths: Paths
    clock: Clock
    console: Console
    tui: Callable[[Desk, Plan | TeachPlan | ExamPlan | Exam | Huddle | None, bool], int]

    @contextmanager
    def desk(self, more_decks: Sequence[str] = ()) -> Iterator[Desk]:
        """Open history and decks. Raises StoreError at the end if an answer could not be written."""
        from quiz.desk import open_desk

        with self._patience() as tick:
            desk = open_desk(self.paths, (*self.decks, *more_decks), self.clock, tick=tick)
        _warn(desk.history.notes)
        try:
            yield desk
        finally:
            with self._copying():
                unsaved = desk.close()
            if unsaved:
                reason = unsaved.trouble.what if unsaved.trouble else "the history cannot be written"
                entries = counted(unsaved.events, "entry", "entries")
                if unsaved.rescued is None:
                    what = f"{entries} of this run could not be kept: {reason}"
                    raise StoreError(what, "what was kept before is safe")
                room = "; make room before that" if isinstance(unsaved.trouble, StoreFullError) else ""
                mend = f"kept in {unsaved.rescued} until the next start{room}"
                raise StoreError(f"{entries} of this run could not be written: {reason}", mend)
            self._tell(desk.uncopied)

    @contextmanager
    def session(self, more_decks: Sequence[str] = ()) -> Iterator[Desk]:
        """Open the desk for a session; with a sync folder in the settings, sync at its end.

        The session counts even if the sync does not come about: what hinders it is told in one line.
        """
        with self.desk(more_decks) as desk:
            yield desk
            folder = desk.history.settings.sync
        if folder:
            self._sync(desk, folder)

    def _sync(self, desk: Desk, folder: str) -> None:
        from quiz.cli.telling_sync import troubles_of
        from quiz.store.sync.courier import Courier

        courier = desk.courier or Courier(desk.history.path, self.clock, Path(folder))
        try:
            report = courier.end(lambda: self.console.say("Syncing … (Ctrl+C leaves at once; nothing is lost)"))
        except QuizError as error:
            print(f"Not synced: {clean(str(error), lines=False)}", file=sys.stderr, flush=True)
            return
        if report.came:
            self.console.say(f"Synced: {counted(report.came, 'event')} came in from your other devices.")
        for line in troubles_of(report):
            self.console.say(line)

    @contextmanager
    def history(self) -> Iterator[History]:
        """Open the history alone. Raises StoreError at the end if something could not be written."""
        from quiz.store.history import History

        with self._patience() as tick:
            history = History(self.paths.history, self.clock, tick=tick)
        _warn(history.notes)
        try:
            yield history
        finally:
            if history.close() and history.trouble:
                raise history.trouble
            with self._copying():
                trouble = history.copy_of_today()
            self._tell(trouble)

    def _patience(self) -> Patience:
        from quiz.cli.console import Patience
        from quiz.store.whereabouts import LOST

        if os.path.lexists(self.paths.history.parent / LOST):  # a folder that cannot be entered is told by the store
            return Patience("taking in what earlier runs wrote to a copy of the history when they lost it")
        return Patience("bringing the history of an older version up to date, after a copy of it")

    @staticmethod
    def _copying() -> AbstractContextManager[None]:
        from quiz.cli.console import Patience

        return Patience.alone("copying the history, as once a day")

    def _tell(self, trouble: StoreError | None) -> None:
        """Say on stderr, in one line, what went wrong without harm to what was asked for."""
        if trouble is not None:
            self.console.warn(str(trouble))

    @contextmanager
    def library(self) -> Iterator[Library]:
        """Open the decks alone."""
        from quiz.desk import open_library

        library = open_library(self.paths, self.decks)
        try:
            yield library
        finally:
            library.close()


def _warn(notes: Sequence[str]) -> None:
    """Tell what was found at the start: on stderr, so that no script takes it for what was asked."""
    for note in notes:
        print(f"Attention: {clean(note, lines=False)}", file=sys.stderr, flush=True)
