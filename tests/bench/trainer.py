"""The trainer's own scheduler as a policy: what `gather` queues, `Queue` asks and `derive.apply` makes of it.

Only the file is left out: `SimulatedRecords` keeps the states that a history would keep, and picks from them by the
rules of `History.due`, `fresh` and `resting` (tests/unit/test_exam_date.py holds the two to the same cards).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, cast

from quiz.deck.scope import Scope
from quiz.memory import DEFAULT_PARAMS, Rating, StudyDay, date_of
from quiz.memory.balance import MOST_MOVED, Dated, Moved, moved
from quiz.memory.outlook import LEVELS, Ahead, needed_a_day, prices, proposed
from quiz.settings import Settings, weekdays
from quiz.store.daily import MOST
from quiz.store.derive import NEW, CardState, apply
from quiz.store.events import Event
from quiz.store.history import Candidate
from quiz.study.modes import gather
from quiz.study.plan import Plan
from quiz.study.ports import Cards, Records
from quiz.study.queue import Drill, Queue

LOOKED_AT_EVERY = 14  # days: how often the learner looks at the proposal and takes it
NO_LIMIT = 500  # new cards a day: the most that the setting allows


class SimulatedRecords:
    """The states of one deck's cards, as `quiz.study.modes.gather` asks for them."""

    def __init__(self, cards: int, settings: Settings) -> None:
        self.settings, self.params = settings, DEFAULT_PARAMS
        self.balanced = True
        self.names = [f"card-{number:05d}" for number in range(cards)]
        self.states: dict[str, CardState] = {}

    def due(self, scope: Scope, day: StudyDay, most: int) -> list[Candidate]:
        """Return the due cards, the weakest memories first."""
        return self._weakest([c for c, state in self.states.items() if state.shown_from <= day], most)

    def resting(self, scope: Scope, day: StudyDay, most: int) -> list[Candidate]:
        """Return the cards met and not due, the weakest memories first."""
        return self._weakest([c for c, state in self.states.items() if state.shown_from > day], most)

    def fresh(self, scope: Scope, day: StudyDay, most: int, without: Collection[str] = ()) -> list[Candidate]:
        """Return the first new cards of the deck."""
        new = (name for name in self.names if name not in self.states and name not in without)
        return [Candidate(name, name, None, False, "") for name, _ in zip(new, range(most), strict=False)]

    def moved(self, day: StudyDay) -> Moved:
        """Return what the day moves, as `quiz.store.daily` does."""
        if not self.balanced:
            return Moved()
        cards = [
            Dated(card, m.stability, m.day, state.due, state.shown_from, state.last_recalled < m.day)
            for card, state in self.states.items()
            if (m := state.memory) is not None and state.shown_from <= day + MOST_MOVED
        ]
        if sum(card.shown_from > day - MOST_MOVED for card in cards) > MOST:
            return Moved()
        return moved(cards, (), day, self.settings.retention, weekdays(self.settings.easy_days))

    def among(self, scope: Scope, cards: Collection[str]) -> list[Candidate]:
        """Return these cards."""
        return self._weakest(sorted(cards), len(cards))

    def introduced(self, day: StudyDay) -> int:
        """Return how many cards were met first on a day."""
        return sum(state.first_day == day for state in self.states.values())

    def families_of(self, day: StudyDay) -> set[str]:
        """Return the cards answered on a day."""
        return {card for card, state in self.states.items() if state.memory is not None and state.memory.day == day}

    def answer(self, card: str, rating: Rating, day: StudyDay) -> None:
        """Apply an answer as the history does."""
        event = Event("", "answer", 0, 0, day, card, None, int(rating), 0.0, self.settings.retention, {})
        self.states[card] = apply(self.states.get(card, NEW), event)

    def _weakest(self, cards: list[str], most: int) -> list[Candidate]:
        found = [Candidate(card, card, self.states[card].memory, False, "") for card in cards]
        found.sort(key=lambda c: (c.memory.stability if c.memory else 0.0, c.card))
        return found[:most]


class OneDeck:
    """The decks, as far as `gather` asks for them in a study session: no names are looked up."""

    def named(self, names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
        """Return that no deck was named."""
        assert not names
        return (), []


class Trainer:
    """The trainer with an exam set for the end, or without; its proposals of retention are taken."""

    def __init__(
        self, cards: int, new: int, days: int, seconds: float, *, exam: bool = True, retention: float | None = None
    ) -> None:
        """retention: a fixed one; None to take what is proposed. new: 0 for no limit. seconds: there are a day."""
        target = f"{date_of(StudyDay(0))}..{date_of(StudyDay(days))}" if exam else ""
        settings = Settings(new=new or NO_LIMIT, retention=retention or 0.9, exam=target)
        self.records = SimulatedRecords(cards, settings)
        self._plan = Plan(minutes=max(1, round(seconds / 60)), seed=1)
        self._minutes, self._days, self._fixed, self._new = seconds / 60, days, retention is not None, new
        self._day = StudyDay(0)
        self._queue: Queue | Drill = Queue((), (), self._day, 1, set())

    def begin(self, day: StudyDay) -> None:
        """Begin a study day: look at the proposal now and then, and gather the session."""
        self._day = day
        if not self._fixed and day % LOOKED_AT_EVERY == 0:
            settings = replace(self.records.settings, retention=self._proposed(day))
            self.records.settings = settings
        self._queue = gather(cast(Records, self.records), cast(Cards, OneDeck()), self._plan, day)

    def next(self) -> tuple[int, bool] | None:
        """Return what the queue asks next."""
        found = self._queue.next()
        return None if found is None else (int(found[0].removeprefix("card-")), found[1])

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Keep an answer and let a failed card come back, as a session does."""
        name = self.records.names[card]
        self.records.answer(name, rating, self._day)
        if rating is Rating.AGAIN:
            self._queue.fail(name)
        else:
            self._queue.passed(name)

    def _proposed(self, day: StudyDay) -> float:
        memories = [state.memory for state in self.records.states.values() if state.memory is not None]
        unseen, days = len(self.records.names) - len(memories), self._days - day
        new = self._new or needed_a_day(unseen, days)
        ahead = Ahead(memories, unseen, day, days, new, self._minutes)
        levels = [level for level in LEVELS if 0.8 <= level <= 0.9]
        return proposed(prices(ahead, levels), self._minutes).retention


def state_of(records: SimulatedRecords) -> dict[str, Any]:
    """Return each card's memory, for comparing."""
    return {card: state.memory for card, state in records.states.items()}
