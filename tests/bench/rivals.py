"""The schedulers that ours is measured against: FSRS at a fixed retention, SM-2, Leitner, random and in order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from quiz.memory import Memory, Rating, StudyDay, recall, step, whole_interval

REPEATED_AFTER = 0  # a failed card is repeated at once, as the simulator of the report has it
BOXES = (1, 2, 4, 8, 16, 32, 64)  # days, of Leitner


class Scheduled:
    """Reviews first, those due; then new cards, at most `new` a day (0: no limit)."""

    def __init__(self, cards: int, new: int) -> None:
        self.day = StudyDay(0)
        self.due: list[int | None] = [None] * cards
        self._new = new
        self._met = 0
        self._repeat: int | None = None
        self._order: Iterator[int] = iter(())

    def begin(self, day: StudyDay) -> None:
        """Begin a study day."""
        self.day, self._repeat = day, None
        waiting = [card for card, due in enumerate(self.due) if due is not None and due <= day]
        last = min(self._met + self._new, len(self.due)) if self._new else len(self.due)
        self._order = iter([*self.ranked(waiting), *range(self._met, last)])

    def next(self) -> tuple[int, bool] | None:
        """Return the card that failed just now, else the next in order."""
        if self._repeat is not None:
            return self._repeat, True
        card = next(self._order, None)
        return None if card is None else (card, False)

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Take note of an answer."""
        self._repeat = card if rating is Rating.AGAIN else None
        self._met = max(self._met, card + 1)
        self.due[card] = self.day + self.interval(card, rating, retry=retry)

    def ranked(self, waiting: list[int]) -> Iterable[int]:
        """Return the due cards in the order of asking: those due longest first."""
        return sorted(waiting, key=lambda card: self.due[card] or 0)

    def interval(self, card: int, rating: Rating, *, retry: bool) -> int:
        """Return the days until the card comes back."""
        raise NotImplementedError


class Fsrs(Scheduled):
    """FSRS-6 with default weights at a fixed retention; what is remembered least comes first."""

    def __init__(self, cards: int, new: int, retention: float) -> None:
        super().__init__(cards, new)
        self._retention = retention
        self._memories: list[Memory | None] = [None] * cards

    def ranked(self, waiting: list[int]) -> Iterable[int]:
        """Return the due cards, the one remembered least first."""
        return sorted(waiting, key=lambda card: recall(self._memories[card] or Memory(1, 1, self.day), self.day))

    def interval(self, card: int, rating: Rating, *, retry: bool) -> int:
        """Return the days until recall has fallen to the retention."""
        self._memories[card] = memory = step(self._memories[card], rating, self.day)
        return whole_interval(memory.stability, self._retention)


class Sm2(Scheduled):
    """SuperMemo 2 (Wozniak 1990): Again is grade 2, Easy 5; the repeat on the same day changes nothing."""

    def __init__(self, cards: int, new: int) -> None:
        super().__init__(cards, new)
        self._state = [(2.5, 0, 0)] * cards  # ease, repetitions, interval

    def interval(self, card: int, rating: Rating, *, retry: bool) -> int:
        """Return the days until the card comes back."""
        ease, times, days = self._state[card]
        if retry:
            return days
        grade = rating + 1
        following = 1 if times == 0 else 6 if times == 1 else round(days * ease)
        days, times = (following, times + 1) if grade > 2 else (1, 0)
        self._state[card] = max(1.3, ease + 0.1 - (5 - grade) * (0.08 + (5 - grade) * 0.02)), times, days
        return days


class Leitner(Scheduled):
    """Boxes of 1 to 64 days: up by one when right, back to the first when wrong."""

    def __init__(self, cards: int, new: int) -> None:
        super().__init__(cards, new)
        self._box = [-1] * cards

    def interval(self, card: int, rating: Rating, *, retry: bool) -> int:
        """Return the days of the box that the card is put into."""
        if not retry:
            self._box[card] = 0 if rating is Rating.AGAIN else min(self._box[card] + 1, len(BOXES) - 1)
        return BOXES[self._box[card]]


class Shuffled:
    """Any card at any time: a new order of the whole deck on each day."""

    def __init__(self, cards: int, seed: str) -> None:
        self._cards = cards
        self._rng = random.Random(seed)
        self._left: list[int] = []
        self._repeat: int | None = None

    def begin(self, day: StudyDay) -> None:
        """Begin a study day."""
        self._left = self._rng.sample(range(self._cards), self._cards)
        self._repeat = None

    def next(self) -> tuple[int, bool] | None:
        """Return the card that failed just now, else the next in order."""
        if self._repeat is not None:
            return self._repeat, True
        return (self._left[-1], False) if self._left else None

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Take note of an answer."""
        if not retry:
            self._left.pop()
        self._repeat = card if rating is Rating.AGAIN else None


class InOrder(Shuffled):
    """The deck from front to back, over and over, at most once a day."""

    def __init__(self, cards: int) -> None:
        super().__init__(cards, "")
        self._place = 0

    def begin(self, day: StudyDay) -> None:
        """Begin a study day where the last one ended."""
        self._left = [(self._place + i) % self._cards for i in range(self._cards)][::-1]
        self._repeat = None

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Take note of an answer."""
        super().answered(card, rating, retry=retry)
        self._place = (card + 1) % self._cards
