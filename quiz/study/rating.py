"""From the mark to the rating that the memory model is told (design, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from quiz.memory import Rating
from quiz.questions import Choice, Mark, Question
from quiz.questions.base import PARTLY_FROM, RIGHT_FROM

Certainty = Literal["low", "mid", "high"]
CERTAINTY: tuple[Certainty, ...] = ("low", "mid", "high")

MOST_MARKS = 9  # of a figure
_PICKED = ("choice", "select", "order", "match")


class Verdict(NamedTuple):
    """The rating, and the odds that a right answer was luck (0 where it cannot have been)."""

    rating: Rating
    chance: float


def verdict(question: Question, mark: Mark, certainty: Certainty | None, marks: int = MOST_MARKS) -> Verdict:
    """Return the rating of an answer; `marks` is the number of marks in the figure, if the question asks for one.

    Wrong is Again, right is Good, a part mark from 0.6 is Hard. A right pick is never Hard, which measured worst of
    all: it counts in the measure that the learner is likely to have known it, 1 in k being luck. "I guessed" (certainty
    low) is Again where the answer could be picked; "sure" leaves no room for luck. That all of several picks are luck
    (select, order, match) is not likely enough to count.
    """
    if not mark.right:
        return Verdict(Rating.HARD if mark.partly else Rating.AGAIN, 0.0)
    if certainty == "low" and _shows_its_answer(question):
        return Verdict(Rating.AGAIN, 0.0)
    return Verdict(Rating.GOOD, 0.0 if certainty == "high" else _luck(question, marks))


def _shows_its_answer(question: Question) -> bool:
    """Whether the answer stands on the screen, to be picked or put together."""
    return question.kind in _PICKED or _points(question)


def _points(question: Question) -> bool:
    """Whether the answer is the number of a mark in a figure."""
    if question.kind != "figure":
        return False
    from quiz.questions import FigureMark  # the program starts sooner without it

    return isinstance(question, FigureMark) and question.points


def _luck(question: Question, marks: int) -> float:
    """Return the odds of being right by a single blind pick; 0 where it takes more than that."""
    if isinstance(question, Choice):
        return 1 / len(question.options)
    return 1 / max(1, marks) if _points(question) else 0.0


def of_case(marks: Sequence[float]) -> Verdict:
    """Return the rating of a whole case from the marks (0 to 1) of its questions: by their mean."""
    mean = sum(marks) / len(marks)
    if mean >= RIGHT_FROM:
        return Verdict(Rating.GOOD, 0.0)
    return Verdict(Rating.HARD if mean >= PARTLY_FROM else Rating.AGAIN, 0.0)
