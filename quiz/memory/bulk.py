"""Replay of whole collections: `replay` for many cards in one loop, since there may be a million answers.

The formulas of `model` stand here a second time, without calls and objects. Tests hold the two to equality.
"""

import math
from collections.abc import Hashable, Iterable, Mapping
from functools import partial
from typing import NamedTuple, TypeVar

from quiz.memory.days import StudyDay
from quiz.memory.model import DEFAULT_PARAMS, NEW_CARD_RECALL, STABILITY_MAX, STABILITY_MIN, Memory, Params

Card = TypeVar("Card", bound=Hashable)

Rated = tuple[int, int, float, float]
"""An answer: study day, rating 1 to 4, chance as in `replay`, and the recall aimed at, which is only handed on."""

_NEVER_MET = (0.0, 0.0, 0, 0, 0.0)


class Standing(NamedTuple):
    """Where a card stands after its answers: its memory, spread out since there may be a hundred thousand."""

    stability: float
    """Days, as in `Memory`."""
    difficulty: float
    """As in `Memory`."""
    day: StudyDay
    """Study day of the last answer."""
    answers: int
    """How many answers it has had, 1 or more: `due_day` asks for it."""
    retention: float
    """The recall aimed at with the last one: `due_day` asks for it."""

    @property
    def memory(self) -> Memory:
        """The memory after the last answer."""
        return Memory(self.stability, self.difficulty, self.day)


def replay_states(
    cards: Iterable[tuple[Card, Iterable[Rated]]],
    params: Params = DEFAULT_PARAMS,
    start: Mapping[Card, Standing] | None = None,
    odds: list[float] | None = None,
) -> dict[Card, Standing]:
    """Where every card stands after its answers; for each card exactly what `replay` gives.

    cards: with some of their answers each, in the order of study. A card may come again, with later ones.
    start: where cards stood before. Cards without answers are not in the result.
    odds: takes, for each answer in turn, the recall that the model gave before it: 1.0 on the day of the last answer,
        `NEW_CARD_RECALL` for a first one.

    Raises ValueError, naming the card, for a rating outside 1 to 4 or a chance outside 0 to 1.
    """
    w, e, least, most = params.weights, math.e, STABILITY_MIN, STABILITY_MAX
    decay, factor, growth, divisor = params.decay, params.factor, params.growth, params.lapse_divisor
    pull, keep = params.difficulty_pull, 1 - w[7]
    w9, w10, w11, w12, w13, w14, w19 = -w[9], w[10], w[11], -w[12], w[13], w[14], -w[19]
    # A place in front lets a rating be the index.
    first = ((0.0, 0.0), *params.first)
    shift = (0.0, *params.difficulty_shift)
    part = (0.0, *params.growth_by_rating)
    short = (0.0, *params.same_day)

    states: dict[Card, Standing] = {}
    before, standing = start or {}, partial(tuple.__new__, Standing)  # its own constructor takes twice as long
    for card, answers in cards:
        s, d, last, count, aim = states.get(card) or before.get(card) or _NEVER_MET
        for day, rating, chance, aim in answers:  # noqa: B007 - the last one is kept
            if not 1 <= rating <= 4 or not 0.0 <= chance <= 1.0:
                raise ValueError(f"card {card}: rating {rating}, chance {chance}: give 1 to 4, and 0 to 1")
            if count and day <= last:
                recalled = 1.0
                increase = short[rating] * s**w19
                s *= 1.0 if rating > 1 and increase < 1.0 else increase
                d = pull + keep * (d + (10.0 - d) * shift[rating] / 9.0)
            else:
                recalled = (1 + factor * (day - last) / s) ** decay if count else NEW_CARD_RECALL
                lost_s = lost_d = 0.0
                if not count:
                    s, d = first[rating]
                    lost_s, lost_d = first[1]
                else:
                    if rating == 1 or chance:
                        lost_s = w11 * d**w12 * ((s + 1) ** w13 - 1) * e ** ((1 - recalled) * w14)
                        lost_s = s / divisor if lost_s > s / divisor else lost_s
                        lost_s = least if lost_s < least else most if lost_s > most else lost_s
                        lost_d = pull + keep * (d + (10.0 - d) * shift[1] / 9.0)
                        lost_d = 1.0 if lost_d < 1.0 else 10.0 if lost_d > 10.0 else lost_d
                    if rating == 1:
                        s, d = lost_s, lost_d
                    else:
                        s *= 1 + growth * (11 - d) * s**w9 * (e ** ((1 - recalled) * w10) - 1) * part[rating]
                        s = most if s > most else s
                        d = pull + keep * (d + (10.0 - d) * shift[rating] / 9.0)
                        d = 1.0 if d < 1.0 else 10.0 if d > 10.0 else d
                if chance and rating > 1:
                    knew = recalled / (recalled + (1 - recalled) * chance)
                    s = s**knew * lost_s ** (1 - knew)
                    d = d * knew + lost_d * (1 - knew)
            s = least if s < least else most if s > most else s
            d = 1.0 if d < 1.0 else 10.0 if d > 10.0 else d
            if odds is not None:
                odds.append(recalled)
            last = day
            count += 1
        if count:
            states[card] = standing((s, d, last, count, aim))
    return states
