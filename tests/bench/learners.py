"""Learners who exist only as numbers: how they remember and forget, and how long they take, drawn with a seed.

True memory follows the FSRS-6 equations with the learner's own weights, drawn around the published default with the
spread that the reference optimizer has as its prior, and each card has a hidden easiness. Grades and seconds are drawn
from the averages that the reference simulator ships. A scheduler sees the day and the grade, and nothing of this.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import NamedTuple, Protocol

from quiz.memory import DEFAULT_PARAMS, Memory, Params, Rating, StudyDay, recall, step

FIRST = (0.24, 0.094, 0.495, 0.171)  # shares of the grades at first sight
PASSED = (0.224, 0.631, 0.145)  # of Hard, Good and Easy where it is recalled
SECONDS_NEW = (19.58, 18.79, 13.78, 10.71)  # by grade
SECONDS_SEEN = (19.38, 17.59, 12.38, 8.94)
SECONDS_AGAIN = 12.32  # the repeat on the day of a failure
STEEP = 0.5  # decay: forgetting along a curve without the long tail of the default, 0.15

# fmt: off
_SPREAD = (0, 0, 0, 0, .57, .28, .6, .12, .39, .18, .33, .3, .09, .16, .57, .25, 1.03, .31, .32, .14, .27)
_LOW = (*[.001] * 4, 1, .001, .001, .001, 0, 0, .001, .001, .001, .001, 0, 0, 1, 0, 0, 0, .1)
_HIGH = (*[100.] * 4, 10, 4, 4, .75, 4.5, .8, 3.5, 5, .25, .9, 4, 1, 6, 2, 2, .8, .8)
# fmt: on


class Learner(NamedTuple):
    """One learner: the true weights of the memory, and the easiness of each card (a factor on its first stability)."""

    weights: Params
    easiness: tuple[float, ...]


def draw(seed: str, cards: int, decay: float = 0.0) -> Learner:
    """Return the learner of a seed; with `decay`, one whose forgetting curve has this exponent."""
    rng = random.Random(seed)
    w = [
        weight + rng.gauss(0, 1) * spread * 0.6 for weight, spread in zip(DEFAULT_PARAMS.weights, _SPREAD, strict=True)
    ]
    level = rng.gauss(0, 1) * 0.5
    w[:4] = sorted(first * math.exp(level + rng.gauss(0, 1) * 0.25) for first in DEFAULT_PARAMS.weights[:4])
    w[20] = decay or DEFAULT_PARAMS.weights[20] * math.exp(rng.gauss(0, 1) * 0.5)
    bounded = (min(max(weight, low), high) for weight, low, high in zip(w, _LOW, _HIGH, strict=True))
    return Learner(Params(tuple(map(float, bounded))), tuple(math.exp(rng.gauss(0, 1) * 0.5) for _ in range(cards)))


class Policy(Protocol):
    """What decides which card comes next. Cards are numbers from 0; the first of them stands first in the deck."""

    def begin(self, day: StudyDay) -> None:
        """Begin a study day."""

    def next(self) -> tuple[int, bool] | None:
        """Return the next card and whether it is the repeat of one failed today; None when the day is done."""

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Take note of an answer to the card returned last."""


class Outcome(NamedTuple):
    """What a learner has of it: the share of the deck recalled on the day after the last (0 to 1), that 30 days later,
    the share met, and the minutes spent."""

    known: float
    later: float
    met: float
    minutes: float
    answers: int


def study(policy: Policy, learner: Learner, days: int, seconds: float, seed: str) -> Outcome:
    """Let a learner study from day 0 on, at most `seconds` a day; what takes longer than is left is not begun."""
    rng = random.Random(seed)
    cards = len(learner.easiness)
    minds: list[Memory | None] = [None] * cards
    spent, answers = 0.0, 0
    for number in range(days):
        day, left = StudyDay(number), seconds
        policy.begin(day)
        while (found := policy.next()) is not None:
            card, retry = found
            rating = _grade(minds[card], day, retry, rng, learner.weights)
            took = SECONDS_AGAIN if retry else (SECONDS_NEW if minds[card] is None else SECONDS_SEEN)[rating - 1]
            if took > left:
                break
            left -= took
            answers += 1
            minds[card] = _learned(minds[card], rating, day, learner, card)
            policy.answered(card, rating, retry=retry)
        spent += seconds - left

    def share(day: int) -> float:
        return sum(recall(m, StudyDay(day), learner.weights) for m in minds if m is not None) / cards

    return Outcome(share(days), share(days + 30), sum(m is not None for m in minds) / cards, spent / 60, answers)


def _grade(mind: Memory | None, day: StudyDay, retry: bool, rng: random.Random, weights: Params) -> Rating:
    """Draw the grade of an answer: a card failed today is recalled when it is repeated."""
    if retry:
        return Rating.GOOD
    if mind is None:
        return Rating(rng.choices((1, 2, 3, 4), FIRST)[0])
    return Rating(rng.choices((2, 3, 4), PASSED)[0]) if rng.random() < recall(mind, day, weights) else Rating.AGAIN


def _learned(mind: Memory | None, rating: Rating, day: StudyDay, learner: Learner, card: int) -> Memory:
    after = step(mind, rating, day, learner.weights)
    return after if mind is not None else after._replace(stability=max(after.stability * learner.easiness[card], 0.001))


Maker = Callable[[], Policy]
