"""What to ask next: due by what is lost most, a reserved share of new cards, siblings apart, failures again soon."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from quiz.memory import StudyDay, recall
from quiz.store.history import Candidate, family_of

NEW_EVERY = 4  # while others are due, every fourth first try is a new card: without it, new cards starve
RETRY_AFTER = (3, 8)  # other cards between a failure and its next try


def loss(candidate: Candidate, day: StudyDay) -> float:
    """Return the recall (0 to 1) that one more day without the card costs; a must-pass card counts twice."""
    if candidate.memory is None:
        return 0.0
    tomorrow = StudyDay(day + 1)
    lost = recall(candidate.memory, day) - recall(candidate.memory, tomorrow)
    return 2 * lost if candidate.safety else lost


@dataclass(frozen=True, slots=True)
class Retry:
    """A failed card that comes back once `ready` cards were asked in all."""

    card: str
    ready: int


class Queue:
    """The cards still to be asked in one session: one of each family.

    `asked` counts the cards that were picked, retries included; `firsts` counts them without retries.
    """

    def __init__(self, due: Iterable[Candidate], fresh: Iterable[Candidate], day: StudyDay, seed: int, done: set[str]):
        """`done` are families already asked today: their other cards wait for another day."""
        families = set(done)
        ranked = sorted(due, key=lambda c: (-loss(c, day), c.card))
        # The next one is last: taking it costs nothing.
        self._due = _one_of_each(ranked, families)[::-1]
        self._fresh = _one_of_each(fresh, families)[::-1]
        self._retries: list[Retry] = []
        self._taken: dict[str, Retry] = {}
        self._dropped: set[str] = set()
        self._seed = seed
        self.asked = 0
        self.firsts = 0

    @property
    def firsts_left(self) -> int:
        """How many cards are left that this session has not asked yet."""
        return len(self._due) + len(self._fresh)

    @property
    def retries_left(self) -> int:
        """How many failed cards wait to come back."""
        return len(self._retries)

    def next(self, limit: int = 0) -> tuple[str, bool] | None:
        """Return the next card and whether it is a retry; None when nothing is left or `limit` first tries are done."""
        ready = next((r for r in self._retries if r.ready <= self.asked), None)
        if ready is None and self.firsts_left and not (limit and self.firsts >= limit):
            self.asked += 1
            self.firsts += 1
            return self._first().card, False
        if ready is None:
            ready = min(self._retries, key=lambda r: r.ready, default=None)
        if ready is None:
            return None
        self._retries.remove(ready)
        self._taken[ready.card] = ready
        self.asked += 1
        return ready.card, True

    def fail(self, card: str) -> None:
        """Bring a failed card back after 3 to 8 others."""
        self.passed(card)
        gap = random.Random(f"{self._seed}:{card}:{self.asked}").randint(*RETRY_AFTER)
        # The list is in the order of failing, and `next` takes the first that is ready. As each pick fails at most one
        # card, even those that are ready together come before they have waited for more than 8.
        self._retries.append(Retry(card, self.asked + gap))

    def passed(self, card: str) -> None:
        """Take a card off the list of those that come back."""
        self._retries = [r for r in self._retries if r.card != card]

    def put_back(self, candidate: Candidate, *, retry: bool) -> None:
        """Undo a `next`: the card is the next of its kind again."""
        self.uncount(retry=retry)
        self._dropped.discard(candidate.family)
        if retry:
            self._retries.insert(0, self._taken.get(candidate.card, Retry(candidate.card, self.asked)))
        elif candidate.memory is None:
            self._fresh.append(candidate)
        else:
            self._due.append(candidate)

    def uncount(self, *, retry: bool) -> None:
        """Take back that a card was counted as asked: it was not answered."""
        self.asked -= 1
        self.firsts -= not retry

    def drop(self, family: str) -> None:
        """Leave a family out for the rest of the session: one of its cards was suspended or buried."""
        self.take(family)
        self._dropped.add(family)

    def take(self, family: str) -> None:
        """Take a family out of what is left: one of its cards is on the screen, or has been."""
        self._due = [c for c in self._due if c.family != family]
        self._fresh = [c for c in self._fresh if c.family != family]
        self._retries = [r for r in self._retries if family_of(r.card) != family]

    def as_json(self) -> dict[str, Any]:
        """Return what cannot be found out again from the history."""
        return {
            "asked": self.asked,
            "firsts": self.firsts,
            "new": len(self._fresh),
            "retries": [(r.card, r.ready) for r in self._retries],
            "dropped": sorted(self._dropped),
        }

    def restore(self, data: dict[str, Any], there: Callable[[str], bool]) -> None:
        """Take up what `as_json` gave; of the failed cards those that are still `there`."""
        self.asked, self.firsts = data["asked"], data["firsts"]
        self._retries = [Retry(card, ready) for card, ready in data["retries"] if there(card)]
        for family in data["dropped"]:
            self.drop(family)
        # What was put away was among the day's new cards; it does not bring in another one.
        self._fresh = self._fresh[max(0, len(self._fresh) - data["new"]) :]

    def _first(self) -> Candidate:
        """Take the next card that is not a retry, keeping the share of new ones."""
        new_turn = self.firsts % NEW_EVERY == 0
        return (self._fresh if self._fresh and (new_turn or not self._due) else self._due).pop()


def _one_of_each(candidates: Iterable[Candidate], families: set[str]) -> list[Candidate]:
    """Return the first candidate of each family that is not yet among `families`, to which they are added."""
    kept = []
    for candidate in candidates:
        if candidate.family not in families:
            families.add(candidate.family)
            kept.append(candidate)
    return kept
