"""What to ask next: due by what is lost most, a reserved share of new cards, siblings apart, failures again soon."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from quiz.memory import DEFAULT_PARAMS, Params, StudyDay, recall
from quiz.store.history import Candidate, family_of

NEW_EVERY = 4  # while others are due, every fourth first try is a new card: without it, new cards starve
RETRY_AFTER = (3, 8)  # other cards between a failure and its next try


def loss(candidate: Candidate, day: StudyDay, params: Params = DEFAULT_PARAMS) -> float:
    """Return the recall (0 to 1) that one more day without the card costs; a must-pass card counts twice."""
    if candidate.memory is None:
        return 0.0
    tomorrow = StudyDay(day + 1)
    lost = recall(candidate.memory, day, params) - recall(candidate.memory, tomorrow, params)
    return 2 * lost if candidate.safety else lost


class Waiting(NamedTuple):
    """A card that is still to be asked, and its family."""

    card: str
    family: str


class Retry(NamedTuple):
    """A failed card that comes back once `ready` cards were asked in all."""

    card: str
    ready: int


class Queue:
    """The cards still to be asked in one session: one of each family.

    `asked` counts the cards that were picked, retries included; `firsts` counts them without retries.
    """

    def __init__(
        self,
        due: Iterable[Candidate],
        fresh: Iterable[Candidate],
        day: StudyDay,
        seed: int,
        done: set[str],
        rest: Iterable[Candidate] = (),
        params: Params = DEFAULT_PARAMS,
    ) -> None:
        """`done` are families already asked today: their other cards wait. `rest` comes after all that is due."""
        ranked = sorted(due, key=lambda c: (-loss(c, day, params), c.card))
        # What was learned and is no longer so comes first, and whatever was asked today.
        families: set[str] = set()
        changed = _one_of_each((c for c in ranked if c.changed), families)
        families |= done
        # The next one is last: taking it costs nothing.
        first = [*changed, *_one_of_each(ranked, families)]
        self._fresh = _one_of_each(fresh, families)[::-1]
        self._due = [*first, *_one_of_each(rest, families)][::-1]
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
        self._take_retry(ready)
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

    def waits(self, card: str) -> bool:
        """Whether a failed card is to come back."""
        return any(r.card == card for r in self._retries)

    def again(self, card: str) -> bool:
        """Take a failed card at once, whenever it was to come back; return whether it was waiting."""
        found = next((r for r in self._retries if r.card == card), None)
        if found is not None:
            self._take_retry(found)
        return found is not None

    def put_back(self, card: str, family: str, *, retry: bool, new: bool) -> None:
        """Undo a `next`: the card is the next of its kind again."""
        self.uncount(retry=retry)
        self._dropped.discard(family)
        if retry:
            self._retries.insert(0, self._taken.get(card, Retry(card, self.asked)))
        else:
            (self._fresh if new else self._due).append(Waiting(card, family))

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

    def _take_retry(self, retry: Retry) -> None:
        self._retries.remove(retry)
        self._taken[retry.card] = retry
        self.asked += 1

    def _first(self) -> Waiting:
        """Take the next card that is not a retry, keeping the share of new ones."""
        new_turn = self.firsts % NEW_EVERY == 0
        return (self._fresh if self._fresh and (new_turn or not self._due) else self._due).pop()


class Drill:
    """Cards in a fixed order in which they come again and again: `order` holds pairs of card and family.

    It stands in the place of a `Queue`. A failed card comes once more, after two others.
    """

    def __init__(self, order: Iterable[tuple[str, str]]) -> None:
        self._left = [Waiting(card, family) for card, family in order][::-1]
        self._extra: list[Waiting] = []  # of what is left, what a failure added
        self._met: list[str] = []
        self.firsts = 0

    @property
    def firsts_left(self) -> int:
        """How many questions are left, but for those that failures have added."""
        return len(self._left) - len(self._extra)

    @property
    def retries_left(self) -> int:
        """How many questions failures have added."""
        return len(self._extra)

    def next(self, limit: int = 0) -> tuple[str, bool] | None:  # noqa: ARG002 - as `Queue` has it
        """Return the next card and whether it was asked before; the limit is in the order already."""
        if not self._left:
            return None
        taken = self._left.pop()
        self._extra = [w for w in self._extra if w is not taken]
        return self._taken(taken.card)

    def waits(self, card: str) -> bool:
        """Whether a failed card is to come back."""
        return any(w.card == card for w in self._extra)

    def again(self, card: str) -> bool:
        """Take a failed card at once; return whether it was waiting."""
        found = next((w for w in self._extra if w.card == card), None)
        if found is not None:
            self.passed(card)
            self._taken(card)
        return found is not None

    def fail(self, card: str) -> None:
        """Bring a failed card back after two others."""
        self.passed(card)
        more = Waiting(card, family_of(card))
        self._left.insert(max(0, len(self._left) - 2), more)
        self._extra.append(more)

    def passed(self, card: str) -> None:
        """Take back what a failure of the card has added."""
        gone = [w for w in self._extra if w.card == card]
        self._extra = [w for w in self._extra if w.card != card]
        self._left = [w for w in self._left if all(w is not g for g in gone)]

    def put_back(self, card: str, family: str, *, retry: bool, new: bool) -> None:  # noqa: ARG002
        """Undo a `next`."""
        self.uncount(retry=retry)
        self._left.append(Waiting(card, family))

    def uncount(self, *, retry: bool) -> None:
        """Take back that a card was counted as asked."""
        self.firsts -= not retry
        if self._met:
            self._met.pop()

    def drop(self, family: str) -> None:
        """Leave a family out for the rest of the drill."""
        self._left = [w for w in self._left if w.family != family]
        self._extra = [w for w in self._extra if w.family != family]

    def take(self, family: str) -> None:
        """A card that was asked is asked again: nothing is taken out."""

    def as_json(self) -> dict[str, Any]:
        """Return all there is to know."""
        added = [any(w is e for e in self._extra) for w in self._left]
        left = [(w.card, more) for w, more in zip(self._left, added, strict=True)]
        return {"left": left, "met": self._met, "firsts": self.firsts}

    def restore(self, data: dict[str, Any], there: Callable[[str], bool]) -> None:
        """Take up what `as_json` gave, without the cards that are not `there` any more."""
        kept = [(Waiting(card, family_of(card)), more) for card, more in data["left"] if there(card)]
        self._left = [waiting for waiting, _ in kept]
        self._extra = [waiting for waiting, more in kept if more]
        self._met, self.firsts = list(data["met"]), data["firsts"]

    def _taken(self, card: str) -> tuple[str, bool]:
        retry = card in self._met
        self.firsts += not retry
        self._met.append(card)
        return card, retry


def _one_of_each(candidates: Iterable[Candidate], families: set[str]) -> list[Waiting]:
    """Return the first candidate of each family that is not yet among `families`, to which they are added."""
    kept = []
    for candidate in candidates:
        if candidate.family not in families:
            families.add(candidate.family)
            kept.append(Waiting(candidate.card, candidate.family))
    return kept
