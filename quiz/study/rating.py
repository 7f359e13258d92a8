"""From the mark to the rating that the memory model is told (design, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quiz.memory import Rating
from quiz.questions import Choice, Mark, Question

Certainty = Literal["low", "mid", "high"]
CERTAINTY: tuple[Certainty, ...] = ("low", "mid", "high")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rating, and the odds that a right answer was luck (0 where it cannot have been)."""

    rating: Rating
    chance: float


def verdict(question: Question, mark: Mark, certainty: Certainty | None) -> Verdict:
    """Return the rating of an answer.

    Wrong is Again, right is Good, a part mark from 0.6 is Hard. A right choice is never Hard, which measured worst of
    all: it counts in the measure that the learner is likely to have known it, 1 in k being luck. "I guessed" (certainty
    low) is Again; "sure" leaves no room for luck.
    """
    if not mark.right:
        return Verdict(Rating.HARD if mark.partly else Rating.AGAIN, 0.0)
    if isinstance(question, Choice):
        if certainty == "low":
            return Verdict(Rating.AGAIN, 0.0)
        return Verdict(Rating.GOOD, 0.0 if certainty == "high" else 1 / len(question.options))
    return Verdict(Rating.GOOD, 0.0)
