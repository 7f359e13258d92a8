"""What a session would ask today of the cards met before: what home, `quiz due`, `quiz decks` and `is:due` count.

It follows `quiz.study.modes.gather`, card by card and without its limit: of siblings one, and none when one of them was
asked today, unless its answer has changed since. What waits for a lighter day is not among it, what comes early is. In
the last days before an exam all that gains by it is due, and new cards of the exam come without the limit of a day.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from quiz.deck.library import decks_meant
from quiz.deck.scope import Scope
from quiz.memory import Memory, Params, StudyDay, recall
from quiz.memory.balance import Moved
from quiz.settings import Settings
from quiz.store.daily import moved_on
from quiz.store.history import families_done, fresh_cards, introduced, read_settings
from quiz.store.weights import kept_params
from quiz.study.modes import new_on
from quiz.study.plan import MOST_RANKED
from quiz.study.target import Target, kept_target


class Met(NamedTuple):
    """A card that was met. `due` is whether a session may ask it by its day, `about` whether the exam that is near is
    about it, `changed` whether its answer is another one since it was learned.
    """

    card: str
    family: str
    stability: float
    difficulty: float
    day: StudyDay
    safety: bool
    due: bool
    about: bool
    changed: bool
    path: str
    topic: str

    @property
    def memory(self) -> Memory:
        """What the learner's memory of the card is."""
        return Memory(self.stability, self.difficulty, self.day)


class Asking:
    """What a session over a scope would ask on a study day. `db` is a history with its catalogue attached as `deck`."""

    def __init__(self, db: sqlite3.Connection, scope: Scope, day: StudyDay) -> None:
        self.settings, self.params = read_settings(db), kept_params(db)
        self.asked = families_done(db, day)
        target = kept_target(self.settings.exam)
        self.exam = target if target is not None and target.sprints_on(day) else None
        self._about = about(db, scope, self.exam) if self.exam else None
        self.moved = moved_on(db, day, self.settings, self.params) if self.exam is None else Moved()
        self._db, self._scope, self._day = db, scope, day

    def met(self, *, asked: bool = False) -> Iterator[Met]:
        """Return the cards of the scope that were met; with `asked` only those that might be asked."""
        where, values = self._scope.where()
        about, more = self._about.where() if self._about is not None else ("0", [])
        # The state first: most of what was met is not due.
        first = "cross" if asked else ""
        if asked:
            where += f" and (s.shown_from <= ? or s.card in (select value from json_each(?)) or ({about}))"
            values = [*values, self._day, json.dumps(sorted(self.moved.early)), *more]
        rows = self._db.execute(
            "select s.card, c.family, s.stability, s.difficulty, s.day, c.safety, s.shown_from <= ?, "
            f"not s.suspended and s.buried_until <= ? and ({about}), "
            "exists (select 1 from revised r where r.card = s.card and r.due), "
            f"c.path, c.topic from state s {first} join deck.card c on c.id = s.card "
            f"where s.stability is not null and {where}",
            (self._day, self._day, *more, *values),
        )
        return map(Met._make, rows)

    def gain(self, card: Met) -> float | None:
        """Return None where a card is not asked today, siblings apart; else what asking it gains by the exam for each
        second (0.0 where no exam is near).
        """
        if self.exam is None:
            today = card.due and (card.changed or card.card not in self.moved.waiting)
            if not today and card.card not in self.moved.early:
                return None
            return 0.0 if card.changed or card.family not in self.asked else None
        if card.family in self.asked or not (card.about or card.due):
            return None
        from quiz.study.target import gain

        gained = gain(card.memory, card.safety, self._day, self.exam.day, self.params) if card.about else 0.0
        return gained if gained > 0 or card.due else None

    def new(self, met: set[str], new_a_day: int) -> int:
        """Return how many new cards come today; `met` are the families that are asked, or were met."""
        if self.exam is not None:
            if self._about is None:
                return 0
            return len(fresh_cards(self._db, self._about, self._day, MOST_RANKED, self.asked | met))
        budget = new_on(self._day, replace(self.settings, new=new_a_day)) - introduced(self._db, self._day)
        return len(fresh_cards(self._db, self._scope, self._day, max(0, budget), self.asked | met))


def about(db: sqlite3.Connection, scope: Scope, exam: Target) -> Scope | None:
    """Return the cards of a scope that an exam is about; None where there is none."""
    return exam.within(scope, lambda names: decks_meant(_decks(db), names))


def due_today(db: sqlite3.Connection, day: StudyDay, scope: Scope | None = None) -> frozenset[str]:
    """Return the cards met before that a session of a scope (None: of everything) would ask today: of siblings the one
    that it takes.
    """
    asking = Asking(db, scope or Scope(), day)
    found: dict[str, tuple[bool, float, str]] = {}  # of each family the first in the queue
    for card in asking.met(asked=True):
        gained = asking.gain(card)
        if gained is None:
            continue
        if gained:
            place = (False, -gained, card.card)
        elif asking.exam is not None:  # after what gains by it, the weakest memories
            place = (True, card.stability, card.card)
        else:
            place = (not card.changed, -_loss(card, day, asking.params), card.card)
        found[card.family] = min(place, found.get(card.family, place))
    return frozenset(card for _, _, card in found.values())


def moved_today(db: sqlite3.Connection, day: StudyDay, settings: Settings, params: Params) -> Moved:
    """Return which due cards wait for another day, and which come early. In the sprint before an exam none does."""
    target = kept_target(settings.exam)
    return Moved() if target is not None and target.sprints_on(day) else moved_on(db, day, settings, params)


def _loss(card: Met, day: StudyDay, params: Params) -> float:
    """Return what `quiz.study.queue.loss` does."""
    lost = recall(card.memory, day, params) - recall(card.memory, StudyDay(day + 1), params)
    return 2 * lost if card.safety else lost


def _decks(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return list(db.execute("select path, title from deck.file where place >= 0 order by place, path"))
