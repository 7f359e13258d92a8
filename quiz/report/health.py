"""Is everything in order? The history, what was derived from it, the decks and the clock."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.library import Library
from quiz.errors import StoreError
from quiz.places import Problem
from quiz.report.orphans import unheld
from quiz.store.backup import backups, glance, is_raw, ranked, verify
from quiz.store.examine import Examined
from quiz.store.examine import examine as examine_store
from quiz.store.history import History
from quiz.store.missing import NOTHING, Missing, found

CLOCK_TOLERANCE = 60_000  # milliseconds: two devices differ by as much


@dataclass(frozen=True, slots=True)
class Health:
    """What an examination found.

    `store` is what was found in the file; `unheld` are answered cards that no deck holds (their history is kept: no
    fault); `behind` is by how many milliseconds the clock is behind the latest answer. `copy` is the latest backup, if
    there is one, and `copy_fault` what is wrong with it (or with the folder of the backups), if anything. `missing` is
    what the history held once and lacks now, as far as what lies beside it tells.
    """

    store: Examined
    unheld: tuple[str, ...]
    problems: tuple[Problem, ...]
    behind: int
    copy: Path | None = None
    copy_fault: str = ""
    missing: Missing = NOTHING

    @property
    def sound(self) -> bool:
        """Whether nothing needs to be mended."""
        whole = self.store.sound and not any(self.missing)
        return whole and not (self.problems or self.copy_fault) and self.behind <= CLOCK_TOLERANCE


def examine(history: History, library: Library) -> Health:
    """Examine an open history whose catalogue is attached, and the decks. Reads every event once.

    So it does with the copy that a restore would put back, and with each that has what the history lacks.
    """
    import sqlite3

    store = examine_store(history)
    try:
        with closing(history.reader()) as db:
            without_deck = tuple(unheld(db))
    except sqlite3.Error:  # the file is damaged, which was found above
        without_deck = ()
    problems = tuple(library.problems())
    return Health(store, without_deck, problems, history.behind(), *_latest_copy(history), _missing(history))


def _missing(history: History) -> Missing:
    import sqlite3

    try:
        return found(history)
    except (sqlite3.Error, StoreError):  # the file is damaged, or the copies cannot be looked at: told already
        return NOTHING


def _latest_copy(history: History) -> tuple[Path | None, str]:
    """Return the latest backup, if there is one, and what is wrong with it or with their folder.

    Where nothing is seen to be wrong with it, the one that a restore would put back.
    """
    try:
        found = [backup for backup in backups(history.path) if not is_raw(backup)]
    except StoreError as error:
        return None, error.what
    if not found:
        return None, ""
    if fault := glance(found[0]).fault:
        return found[0].path, fault
    order = ranked(found, history.clock.now().at)
    copy = order[0].backup.path if order else found[0].path
    return copy, verify(copy).fault
