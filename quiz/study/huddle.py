"""A huddle: a group answers by a show of hands. One question at a time, counts, tally, reasons; nothing is stored.

It is given questions and nothing to write to. A front shows `shown`, takes one number for each of `choices` and calls
`count`; the `Tally` says how it went, with the reasons of every option. `next` goes on (also without a count: skipped),
and `totals` sums up at any time.
"""

from __future__ import annotations

from dataclasses import dataclass

from quiz.deck.model import Card
from quiz.errors import UsageError
from quiz.questions import Question
from quiz.store.derive import NEW
from quiz.study.blueprint import ExamPlan
from quiz.study.paper import Paper, draw
from quiz.study.ports import Cards
from quiz.study.seats import Reason, reasons
from quiz.study.shown import Shown
from quiz.text import clean, counted

MOST_HANDS = 9999
HAD_IT = ("had it right", "had not")


@dataclass(frozen=True, slots=True)
class Tally:
    """The hands on one question: for each of `choices` how many, and which of these are right."""

    shown: Shown
    choices: tuple[str, ...]
    counts: tuple[int, ...]
    rights: tuple[bool, ...]
    reasons: tuple[Reason, ...]

    @property
    def hands(self) -> int:
        """How many hands were counted."""
        return sum(self.counts)

    @property
    def right(self) -> int:
        """How many of them were right."""
        return sum(count for count, right in zip(self.counts, self.rights, strict=True) if right)

    @property
    def share(self) -> float:
        """The share of the hands that were right, 0 to 1."""
        return self.right / self.hands


@dataclass(frozen=True, slots=True)
class Totals:
    """All questions so far: those counted, the hands on them, and the cards by how few hands were right."""

    asked: int
    hands: int
    right: int
    weakest: tuple[Card, ...]

    @property
    def share(self) -> float:
        """The share of all hands that were right, 0 to 1."""
        return self.right / self.hands if self.hands else 0.0


class Huddle:
    """One huddle over a paper. Questions are numbered from 1."""

    def __init__(self, paper: Paper) -> None:
        self._items = paper.items
        self._at = 0
        self._tallies: list[Tally] = []
        self.tally: Tally | None = None

    @property
    def size(self) -> int:
        """How many questions there are."""
        return len(self._items)

    @property
    def number(self) -> int:
        """The number of the question on the screen."""
        return self._at + 1

    @property
    def shown(self) -> Shown | None:
        """The question on the screen; None when all are done."""
        return self._items[self._at] if self._at < self.size else None

    @property
    def open_ended(self) -> bool:
        """Whether the question has no options: then its answer is shown first, and hands say who had it right."""
        return not self._reasons()

    @property
    def choices(self) -> tuple[str, ...]:
        """What hands are raised for, in the order shown."""
        return tuple(reason.text for reason in self._reasons()) or HAD_IT

    def problem(self, line: str) -> str:
        """Return why a typed line is no count of hands and how to mend it; "" when it is one."""
        return "" if self._counts(line) else self._wanted()

    def count(self, line: str) -> Tally:
        """Take the counts as typed (`3 10 2 0`), for each of `choices` one; counting again replaces them.

        Raises UsageError where `problem` would say something.
        """
        assert self.shown is not None
        counts = self._counts(line)
        if not counts:
            raise UsageError(self._wanted())
        found = self._reasons()
        rights = tuple(reason.right for reason in found) or (True, False)
        if self.tally is not None:
            self._tallies.pop()
        self.tally = Tally(self.shown, self.choices, counts, rights, found)
        self._tallies.append(self.tally)
        return self.tally

    def next(self) -> None:
        """Go on to the next question."""
        assert self.shown is not None
        self._at += 1
        self.tally = None

    def totals(self) -> Totals:
        """Sum up what was counted so far."""
        weakest = sorted((t for t in self._tallies if t.share < 1), key=lambda t: t.share)
        return Totals(
            asked=len(self._tallies),
            hands=sum(t.hands for t in self._tallies),
            right=sum(t.right for t in self._tallies),
            weakest=tuple(t.shown.card for t in weakest),
        )

    def _reasons(self) -> tuple[Reason, ...]:
        assert self.shown is not None
        return reasons(self.shown, None)

    def _counts(self, line: str) -> tuple[int, ...]:
        """Return the counts that a line holds; none when it is no count for each choice, or nobody raised a hand."""
        parts = clean(line, lines=False).replace(",", " ").split()
        numbers = tuple(int(p) for p in parts if p.isascii() and p.isdecimal() and len(p) < 5)
        fits = len(numbers) == len(parts) == len(self.choices) and any(numbers) and max(numbers) <= MOST_HANDS
        return numbers if fits else ()

    def _wanted(self) -> str:
        example = " ".join("3 10 2 0 1 4 2 0 1".split()[: len(self.choices)])
        return f"type {counted(len(self.choices), 'number')}, the hands for each in turn, as in: {example}"


def has_options(question: Question) -> bool:
    """Whether hands can be raised for something."""
    return bool(getattr(question, "options", ()))


def draw_for_group(cards: Cards, plan: ExamPlan) -> Paper:
    """Draw the questions of a huddle: those with options first. Raises UsageError when nothing fits."""
    return draw(cards, plan, lambda _: NEW, has_options)
