"""The memory model: FSRS-6 in plain floats, counted in study days, with an update that knows about guessing.

The formulas are those of FSRS-6 (open-spaced-repetition, "The Algorithm", and py-fsrs 6.3). They keep the
order of operations of py-fsrs: where stability grows little, `e ** x - 1` loses digits, and `expm1`, better
as it is, would move away from the reference.
"""

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from quiz.memory.days import StudyDay

STABILITY_MIN = 0.001
"""The least stability, days (as in all FSRS engines)."""

STABILITY_MAX = 36_500.0
"""The greatest stability, days: 100 years, as in fsrs-rs. py-fsrs has no upper bound."""

INTERVAL_MAX = 36_500
"""The longest interval, days (py-fsrs's default)."""

RETENTION_MIN = 0.01
"""The least retention that can be asked for. Below it the curve's long tail overflows a float."""

NEW_CARD_RECALL = 0.76
"""The recall, 0 to 1, assumed for a card without memory when a right choice is weighed.

It is the share of first answers that are not Again (24 % are) in the averages that the reference FSRS
simulator ships, and the value that the weighing was measured with in simulation. With four options it gives
odds of 0.927.
"""

_E = math.e
_VERSIONS = {17: "FSRS-4.5", 19: "FSRS-5", 21: "FSRS-6", 35: "FSRS-7"}
_LOWEST = (0.001,) * 4 + (1.0, 0.001, 0.001, 0.001, 0, 0, 0.001, 0.001, 0.001, 0.001, 0, 0, 1.0, 0, 0, 0, 0.1)
_HIGHEST = (100.0,) * 4 + (10.0, 4, 4, 0.75, 4.5, 0.8, 3.5, 5, 0.25, 0.9, 4, 1.0, 6, 2, 2, 0.8, 0.8)
# Fitters work in 32-bit floats, where a bound of 0.8 comes back as 0.800000012.
_SLACK = 1e-7


class Rating(IntEnum):
    """What the memory model is told about an answer."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Params:
    """The weights of the model, and what follows from them alone.

    Raises ValueError if the number of weights is not 21 (FSRS-6), or if a weight is NaN or outside the bounds
    that py-fsrs and fsrs-rs share. That a better rating never gives less stability rests on those bounds.
    """

    weights: tuple[float, ...]
    """w0 to w20."""
    decay: float = field(init=False, repr=False, compare=False)
    """Exponent of the forgetting curve, -0.8 to -0.1."""
    factor: float = field(init=False, repr=False, compare=False)
    """Scale of the forgetting curve: recall is 0.9 when as many days have passed as the stability has."""
    first: tuple[tuple[float, float], ...] = field(init=False, repr=False, compare=False)
    """Stability (days) and difficulty after a first answer, by rating - 1."""
    difficulty_shift: tuple[float, ...] = field(init=False, repr=False, compare=False)
    """Undamped change of difficulty, by rating - 1."""
    difficulty_pull: float = field(init=False, repr=False, compare=False)
    """Where difficulty is drawn to (that of a first Easy, not clamped), times the weight of it, w7."""
    growth: float = field(init=False, repr=False, compare=False)
    """e ** w8."""
    growth_by_rating: tuple[float, ...] = field(init=False, repr=False, compare=False)
    """Factor on the growth of stability, by rating - 1: w15 for Hard, w16 for Easy, else 1."""
    same_day: tuple[float, ...] = field(init=False, repr=False, compare=False)
    """e ** (w17 * (rating - 3 + w18)), by rating - 1."""
    lapse_divisor: float = field(init=False, repr=False, compare=False)
    """e ** (w17 * w18): a lapse leaves at most the stability before it divided by this."""

    def __post_init__(self) -> None:
        w = self.weights
        _check_weights(w)
        decay = -w[20]
        difficulty = [w[4] - _E ** (w[5] * grade) + 1 for grade in range(4)]
        derived = {
            "decay": decay,
            "factor": 0.9 ** (1 / decay) - 1,
            "first": tuple((_stable(w[i]), _difficult(difficulty[i])) for i in range(4)),
            "difficulty_shift": tuple(-(w[6] * (rating - 3)) for rating in Rating),
            "difficulty_pull": w[7] * difficulty[3],
            "growth": _E ** w[8],
            "growth_by_rating": (1.0, w[15], 1.0, w[16]),
            "same_day": tuple(_E ** (w[17] * (rating - 3 + w[18])) for rating in Rating),
            "lapse_divisor": _E ** (w[17] * w[18]),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def version(self) -> int:
        """Generation of FSRS, told by the number of weights: 6, the only one accepted now."""
        return 6


def _check_weights(weights: tuple[float, ...]) -> None:
    count = len(weights)
    if count != len(_LOWEST):
        known = f" ({_VERSIONS[count]})" if count in _VERSIONS else ""
        raise ValueError(f"{count} weights given{known}: this model is FSRS-6 and takes 21")
    outside = [
        f"w{i} = {weight} is not within {low:g} to {high:g}"
        for i, (weight, low, high) in enumerate(zip(weights, _LOWEST, _HIGHEST, strict=True))
        if not low * (1 - _SLACK) <= weight <= high * (1 + _SLACK)
    ]
    if outside:
        raise ValueError("; ".join(outside))


def _stable(days: float) -> float:
    return min(max(days, STABILITY_MIN), STABILITY_MAX)


def _difficult(value: float) -> float:
    return min(max(value, 1.0), 10.0)


# fmt: off
DEFAULT_PARAMS = Params((
    0.212, 1.2931, 2.3065, 8.2956,   # stability after a first answer, by rating
    6.4133, 0.8334, 3.0194, 0.001,   # difficulty
    1.8722, 0.1666, 0.796,           # success
    1.4835, 0.0614, 0.2629, 1.6483,  # lapse
    0.6014, 1.8729,                  # Hard, Easy
    0.5425, 0.0912, 0.0658,          # the same day
    0.1542,                          # decay
))
# fmt: on
"""The published default of FSRS-6 (py-fsrs 6.3)."""


class Memory(NamedTuple):
    """What the model holds about one card after an answer."""

    stability: float
    """Days until recall has fallen to 0.9; 0.001 to 36,500."""
    difficulty: float
    """1 (easy) to 10."""
    day: StudyDay
    """Study day of the last answer."""


def step(
    memory: Memory | None,
    rating: Rating,
    day: StudyDay,
    params: Params = DEFAULT_PARAMS,
    *,
    knew: float = 1.0,
) -> Memory:
    """The memory after an answer.

    memory: before the answer; None for a card that was never answered.
    day: study day of the answer. On the day of the last answer the short-term formula holds; a day before it
        (a flight westwards, a clock set right) counts as that day, and the new memory still carries `day`.
    knew: odds, 0 to 1, that the learner knew it and did not just guess right (`knew_odds`). Below 1 the
        result is the average of this rating's update and that of Again, weighed by `knew`: geometric for
        stability, arithmetic for difficulty. Again itself is not changed by it.

    Raises ValueError for a rating outside 1 to 4 or odds outside 0 to 1.
    """
    if not 1 <= rating <= 4:
        raise ValueError(f"rating {rating}: give 1 (Again) to 4 (Easy)")
    if not 0.0 <= knew <= 1.0:
        raise ValueError(f"odds of {knew}: give 0 to 1")
    stability, difficulty = _updated(memory, rating, day, params)
    if knew < 1.0 and rating != Rating.AGAIN:
        lost_stability, lost_difficulty = _updated(memory, Rating.AGAIN, day, params)
        # Clamped once more: the mean of two equal bounds may leave them by a rounding error.
        stability = _stable(stability**knew * lost_stability ** (1 - knew))
        difficulty = _difficult(difficulty * knew + lost_difficulty * (1 - knew))
    return Memory(stability, difficulty, day)


def _updated(memory: Memory | None, rating: int, day: StudyDay, params: Params) -> tuple[float, float]:
    """Stability and difficulty after an answer that counts in full."""
    if memory is None:
        return params.first[rating - 1]
    if day <= memory.day:
        stability = _after_same_day(memory.stability, rating, params)
    elif rating == Rating.AGAIN:
        stability = _after_lapse(memory, recall(memory, day, params), params)
    else:
        stability = _after_success(memory, rating, recall(memory, day, params), params)
    return _stable(stability), _next_difficulty(memory.difficulty, rating, params)


def _after_same_day(stability: float, rating: int, params: Params) -> float:
    increase: float = params.same_day[rating - 1] * stability ** -params.weights[19]
    if rating != Rating.AGAIN:
        increase = max(increase, 1.0)
    return stability * increase


def _after_lapse(memory: Memory, recalled: float, params: Params) -> float:
    w = params.weights
    difficulty_part = w[11] * memory.difficulty ** -w[12]
    left: float = difficulty_part * ((memory.stability + 1) ** w[13] - 1) * _E ** ((1 - recalled) * w[14])
    return min(left, memory.stability / params.lapse_divisor)


def _after_success(memory: Memory, rating: int, recalled: float, params: Params) -> float:
    w = params.weights
    s = memory.stability
    size = params.growth * (11 - memory.difficulty) * s ** -w[9]
    grown: float = s * (1 + size * (_E ** ((1 - recalled) * w[10]) - 1) * params.growth_by_rating[rating - 1])
    return grown


def _next_difficulty(difficulty: float, rating: int, params: Params) -> float:
    damped = difficulty + (10.0 - difficulty) * params.difficulty_shift[rating - 1] / 9.0
    return _difficult(params.difficulty_pull + (1 - params.weights[7]) * damped)


def recall(memory: Memory, day: StudyDay, params: Params = DEFAULT_PARAMS) -> float:
    """Odds, 0 to 1, of recalling the card on a study day (retrievability).

    (1 + factor * days / stability) ** decay, hence 1.0 on the day of the last answer, and so before it.
    Within a day the model predicts worse than a constant does: do not show the odds then.
    """
    elapsed = max(day - memory.day, 0)
    odds: float = (1 + params.factor * elapsed / memory.stability) ** params.decay
    return odds


def interval(stability: float, retention: float, params: Params = DEFAULT_PARAMS) -> float:
    """Days, a float above 0 and without upper bound, after which recall has fallen to `retention`.

    The inverse of `recall`. At retention 0.9 it is the stability (days) itself.
    Raises ValueError for a retention below 0.01, or not below 1.
    """
    if not RETENTION_MIN <= retention < 1.0:
        raise ValueError(f"retention {retention}: give {RETENTION_MIN} or more, and less than 1")
    days: float = stability / params.factor * (retention ** (1 / params.decay) - 1)
    return days


def whole_interval(stability: float, retention: float, params: Params = DEFAULT_PARAMS) -> int:
    """`interval` in whole days, 1 to 36,500, rounded half to even as in py-fsrs.

    Raises ValueError as `interval` does.
    """
    return whole_days(interval(stability, retention, params))


def whole_days(days: float) -> int:
    """An interval in whole days: rounded half to even, 1 to 36,500."""
    return max(1, round(min(days, INTERVAL_MAX)))


def knew_odds(memory: Memory | None, day: StudyDay, options: int, params: Params = DEFAULT_PARAMS) -> float:
    """Odds, 0 to 1, that a learner who chose the one right option of `options` knew it.

    p = R / (R + (1 - R) / options), where R is the recall on that day: Bayes' rule, if whoever does not know
    takes each option alike. A card without memory has R = `NEW_CARD_RECALL`. On the day of the last answer R
    and so p are 1.

    Raises ValueError for fewer than two options.
    """
    if options < 2:
        raise ValueError(f"{options} options: a choice has at least two")
    return knew_odds_by_chance(memory, day, 1 / options, params)


def knew_odds_by_chance(
    memory: Memory | None,
    day: StudyDay,
    chance: float,
    params: Params = DEFAULT_PARAMS,
) -> float:
    """As `knew_odds`, from the chance, 0 to 1, of being right without knowing; 1.0 where there is none.

    Raises ValueError for a chance outside 0 to 1.
    """
    if not 0.0 <= chance <= 1.0:
        raise ValueError(f"chance {chance}: give 0 to 1")
    if chance == 0.0:
        return 1.0
    recalled = NEW_CARD_RECALL if memory is None else recall(memory, day, params)
    return recalled / (recalled + (1 - recalled) * chance)
