"""What to ask next: due by what is lost most, a reserved share of new cards, siblings apart, failures again soon."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quiz.memory import StudyDay, recall
from quiz.store.history import Candidate

NEW_SHARE = 0.25  # of the cards asked while others are due: without it, new cards starve when time is short
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
    """The cards still to be asked in one session. `asked` counts the cards that were picked, retries included."""

    def __init__(self, due: Iterable[Candidate], fresh: Iterable[Candidate], day: StudyDay, seed: int, done: set[str]):
        """`done` are families already asked today: their other cards wait for another day."""
        ranked = sorted(due, key=lambda c: (-loss(c, day), c.card))
        self._due = list(reversed(ranked))  # the next one is last: taking it costs nothing
        self._fresh = list(reversed(list(fresh)))
        self._retries: list[Retry] = []
        self._done = done
        self._seed = seed
        self.asked = 0
        self.new_asked = 0
        self.firsts = 0

    @property
    def remaining(self) -> int:
        """How many cards are left, retries included."""
        return len(self._due) + len(self._fresh) + len(self._retries)

    @property
    def due_left(self) -> int:
        """How many due cards are left."""
        return len(self._due)

    @property
    def new_left(self) -> int:
        """How many new cards are left."""
        return len(self._fresh)

    @property
    def retries_left(self) -> int:
        """How many failed cards wait to come back."""
        return len(self._retries)

    def next(self, limit: int = 0) -> tuple[str, bool] | None:
        """Return the next card and whether it is a retry; None when nothing is left or `limit` first tries are done."""
        ready = next((r for r in self._retries if r.ready <= self.asked), None)
        if ready is None and not (limit and self.firsts >= limit):
            card = self._first()
            if card is not None:
                self.asked += 1
                self.firsts += 1
                return card, False
        if ready is None and self._retries:
            ready = min(self._retries, key=lambda r: r.ready)
        if ready is None:
            return None
        self._retries.remove(ready)
        self.asked += 1
        return ready.card, True

    def fail(self, card: str) -> None:
        """Bring a failed card back after 3 to 8 others."""
        self.passed(card)
        gap = random.Random(f"{self._seed}:{card}:{self.asked}").randint(*RETRY_AFTER)
        self._retries.append(Retry(card, self.asked + gap))

    def passed(self, card: str) -> None:
        """Take a card off the list of those that come back."""
        self._retries = [r for r in self._retries if r.card != card]

    def put_back(self, candidate: Candidate, *, retry: bool) -> None:
        """Undo a `next`: the card is the next of its kind again."""
        self.asked -= 1
        if retry:
            self._retries.insert(0, Retry(candidate.card, 0))
            return
        self.firsts -= 1
        self._done.discard(candidate.family)
        if candidate.memory is None:
            self.new_asked -= 1
            self._fresh.append(candidate)
        else:
            self._due.append(candidate)

    def drop(self, family: str) -> None:
        """Forget all cards of a family: suspended or buried."""
        self._due = [c for c in self._due if c.family != family]
        self._fresh = [c for c in self._fresh if c.family != family]
        self._retries = [r for r in self._retries if r.card.split("/")[0] != family]

    def as_json(self) -> dict[str, Any]:
        """Return what cannot be found out again from the history."""
        retries = [(r.card, r.ready) for r in self._retries]
        return {"asked": self.asked, "new_asked": self.new_asked, "firsts": self.firsts, "retries": retries}

    def restore(self, data: dict[str, Any]) -> None:
        """Take up what `as_json` gave."""
        self.asked, self.new_asked, self.firsts = data["asked"], data["new_asked"], data["firsts"]
        self._retries = [Retry(card, ready) for card, ready in data["retries"]]
        waiting = {r.card for r in self._retries}
        self._due = [c for c in self._due if c.card not in waiting]

    def take(self, card: str) -> None:
        """Take one card out of what is left: it is on the screen already."""
        self._due = [c for c in self._due if c.card != card]
        self._fresh = [c for c in self._fresh if c.card != card]

    def _first(self) -> str | None:
        """Take the next card that is not a retry, keeping the share of new ones and siblings apart."""
        while self._due or self._fresh:
            new_turn = self.new_asked < NEW_SHARE * (self.firsts + 1) - 1e-9 and self.firsts % 4 == 3
            pile = self._fresh if self._fresh and (new_turn or not self._due) else self._due or self._fresh
            candidate = pile.pop()
            if candidate.family in self._done:
                continue
            self._done.add(candidate.family)
            self.new_asked += candidate.memory is None
            return candidate.card
        return None
