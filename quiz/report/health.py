"""Is everything in order? The history, what was derived from it, the decks and the clock."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from quiz.deck.library import Library
from quiz.places import Problem
from quiz.report.orphans import unheld
from quiz.store.history import History

CLOCK_TOLERANCE = 60_000  # milliseconds: two devices differ by as much


@dataclass(frozen=True, slots=True)
class Health:
    """What an examination found.

    `integrity` is `ok` or what SQLite says; `differing` counts the cards whose kept state is not what their events
    give; `unheld` are answered cards that no deck holds (their history is kept: no fault); `behind` is by how many
    milliseconds the clock is behind the latest answer.
    """

    integrity: str
    events: int
    cards: int
    differing: int
    unheld: tuple[str, ...]
    problems: tuple[Problem, ...]
    behind: int

    @property
    def sound(self) -> bool:
        """Whether nothing needs to be mended."""
        whole = self.integrity == "ok" and not self.differing
        return whole and not self.problems and self.behind <= CLOCK_TOLERANCE


def examine(history: History, library: Library) -> Health:
    """Examine an open history whose catalogue is attached, and the decks. Reads every event once."""
    cards = differing = 0
    for _, kept, right in history.rebuilt():
        cards += 1
        differing += kept != right
    with closing(history.reader()) as db:
        without_deck = unheld(db)
    return Health(
        integrity=history.integrity(),
        events=history.count(),
        cards=cards,
        differing=differing,
        unheld=tuple(without_deck),
        problems=tuple(library.problems()),
        behind=history.behind(),
    )
