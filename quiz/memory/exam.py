"""Studying towards a day: what a card is worth per second, and the recall expected on the day.

In the last sixth of the time every card, met or not, is ranked by the recall on the day that a second spent on it is
expected to gain. In simulation that knows 3 to 25 points more of a deck than a fixed retention does, and used all the
time it knows less, where the learner's curve is not the one assumed: hence the last sixth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from quiz.memory.days import StudyDay
from quiz.memory.model import DEFAULT_PARAMS, Memory, Params, Rating, recall, step
from quiz.memory.pace import AVERAGE_PACE, Pace
from quiz.memory.shift import shifted

SPRINT_PART = 6
"""The sprint is this part of the time from the day the exam was set to the exam ..."""

SPRINT_LEAST = 7
"""... and at least as many days."""

TOO_LATE = 3
"""Below this many days what is learned for the exam is mostly gone soon after: say so."""

FIRST_GRADES = (0.24, 0.094, 0.495, 0.171)
"""Shares of Again, Hard, Good and Easy at first sight: the averages that the reference FSRS simulator ships."""

DOUBT = 0.45
"""Standard deviation (on the logit) of the recall of a learner about the default weights.

A guess, not a fit: tests/bench/learning.py prints how many of its learners lie within the band that is to hold 80 %. Of
40 learners 95, 88 and 75 % did in its three settings of ample time.
"""

_WITHIN_80 = 1.2816  # standard deviations to either side of the middle that hold 80 %


class Expected(NamedTuple):
    """The share (0 to 1) of the cards expected to be recalled, and the band that holds it in four cases of five."""

    share: float
    low: float
    high: float


def sprint_begins(since: StudyDay, exam: StudyDay) -> StudyDay:
    """Return the study day from which cards are ranked by what they gain: the last sixth, at least 7 days.

    since: the study day on which the exam was set. It may be later than the result: then the sprint has begun.
    """
    return StudyDay(exam - max(SPRINT_LEAST, math.ceil((exam - since) / SPRINT_PART)))


def worth(
    memory: Memory | None, day: StudyDay, exam: StudyDay, params: Params = DEFAULT_PARAMS, pace: Pace = AVERAGE_PACE
) -> float:
    """Return the recall on the day of the exam that asking a card on `day` is expected to gain, per second it takes.

    memory: None for a card that was never answered; without an answer it counts as not recalled. A failed card is
    repeated on the same day. 0.0 for a card that was answered on `day` already; never below 0.
    """
    if memory is None:
        return _worth_of_new(day, exam, params, pace)
    if memory.day >= day:
        return 0.0
    now = recall(memory, day, params)
    good = step(memory, Rating.GOOD, day, params)
    failed = _repeated(step(memory, Rating.AGAIN, day, params), day, params)
    after = now * recall(good, exam, params) + (1 - now) * recall(failed, exam, params)
    gain = after - recall(memory, exam, params)
    return max(0.0, gain / pace.seconds(now))


def _worth_of_new(day: StudyDay, exam: StudyDay, params: Params, pace: Pace) -> float:
    firsts = zip(FIRST_GRADES, met(day, params), strict=True)
    return sum(share * recall(memory, exam, params) for share, memory in firsts) / pace.new


def met(day: StudyDay, params: Params = DEFAULT_PARAMS) -> list[Memory]:
    """Return the memories that a first answer on `day` leaves, Again first: that one after its repeat."""
    again, *others = (step(None, rating, day, params) for rating in Rating)
    return [_repeated(again, day, params), *others]


def _repeated(memory: Memory, day: StudyDay, params: Params) -> Memory:
    return step(memory, Rating.GOOD, day, params)


def expected_on(
    exam: StudyDay,
    memories: Iterable[Memory],
    unseen: int = 0,
    params: Params = DEFAULT_PARAMS,
    doubt: float = DOUBT,
    each: float = 1.0,
    shift: float = 0.0,
) -> Expected:
    """Return the share of the cards expected to be recalled on a day if none is asked until then.

    unseen: cards that were never answered: they count as not recalled.
    doubt: how far learners lie about the weights, as a standard deviation on the logit; 0 for chance alone.
    each: how many cards each of these stands for.
    shift: by which the learner's own answers correct the odds, on the logit (`quiz.memory.shift`).

    The band joins two doubts: chance card by card (the variance of a sum of unlike coin throws), and the learner, whose
    memory is not that of the weights. Without cards all three are 0.
    """
    odds = [shifted(recall(memory, exam, params), shift) for memory in memories]
    cards = len(odds) + unseen
    if not cards:
        return Expected(0.0, 0.0, 0.0)
    share = math.fsum(odds) / cards
    chance = math.fsum(p * (1 - p) for p in odds) / cards**2 / each
    # A shift of the logit by x moves p by about p (1 - p) x, and all cards of one learner in the same direction.
    shift = doubt * math.fsum(p * (1 - p) for p in odds) / cards
    width = _WITHIN_80 * math.sqrt(chance + shift**2)
    return Expected(share, max(0.0, share - width), min(len(odds) / cards, share + width))
