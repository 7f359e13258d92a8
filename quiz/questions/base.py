"""What all kinds of question share: the question, the response and the mark."""

from __future__ import annotations

import random
from typing import ClassVar, NamedTuple, Protocol

from quiz.text import clean, shortened

Json = dict[str, object]

RIGHT_FROM = 1.0
PARTLY_FROM = 0.6  # from here on a part mark is rated Hard, below it Again (design, "From mark to rating")


class Mark(NamedTuple):
    """What an answer earned: `value` from 0 to 1 and, in `words`, how it came about."""

    value: float
    words: str

    @property
    def right(self) -> bool:
        """Whether the answer earned the full mark."""
        return self.value >= RIGHT_FROM

    @property
    def partly(self) -> bool:
        """Whether it earned enough to count as recalled with effort."""
        return PARTLY_FROM <= self.value < RIGHT_FROM


class Question(Protocol):
    """One way to ask a card. Values only: it knows no clock, no store and no screen."""

    kind: ClassVar[str]

    @property
    def proof(self) -> bool:
        """Held back from practice: asked only to show mastery."""

    @property
    def stem(self) -> str:
        """What is shown before the answer. In a cloze the hole is a blank."""

    @property
    def key(self) -> str:
        """The right answer in words."""

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        """All that is shown as the prompt: what the prompt's fingerprint is made of."""

    @property
    def answer_parts(self) -> tuple[str, ...]:
        """All that makes an answer right: what the answer's fingerprint is made of."""

    def mark(self, given: str) -> Mark:
        """Mark the answer `given`, whatever it is: what was typed, or indexes in the deck's own order (see each kind).

        Empty is "I don't know". What cannot be read earns nothing, and the words are those of `problem`.
        """

    def problem(self, given: str, /) -> str:
        """Return why `given` cannot be marked as it stands and how to mend it, in one line; "" when it can be."""

    def as_json(self) -> Json:
        """Return the question as plain values for the catalogue."""


NOT_ANSWERED = Mark(0.0, "No answer was given.")


def indexes(given: str, count: int) -> tuple[int, ...] | None:
    """Return the indexes below `count` that stand in `given`, joined by commas; None when it is anything else."""
    parts = [part.strip() for part in given.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 3 and int(part) < count for part in parts):
        return None
    return tuple(map(int, parts))


def shuffled(count: int, seed: str) -> tuple[int, ...]:
    """Return the indexes below `count` in an order that hangs on the seed alone, the same on every machine."""
    order = list(range(count))
    random.Random(seed).shuffle(order)
    return tuple(order)


def quoted(text: str) -> str:
    """Return `text` in quotation marks on one line, fit to stand among the words of a mark."""
    return f"“{shortened(clean(text, lines=False), 60)}”"
