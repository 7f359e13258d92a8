"""Load balance: which cards wait for a lighter day and which come early, each within the window of its own interval.

Due days follow from a card's own answers and are the same on every device. What one day asks of them is decided here
when its queue is built, and nothing of that is kept. Each card whose window is open is to come on each day that is left
of it with equal odds, as fuzz has it; the day then takes as many as that makes on the whole, not as many as chance has
drawn. Only the number is evened out: on the mean a card comes neither sooner nor later than without.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quiz.memory.days import StudyDay
from quiz.memory.fuzz import due_window
from quiz.memory.model import DEFAULT_PARAMS, Params, interval

MOST_MOVED = 7
"""Days by which a card is moved at most, however wide its window is: cards farther away need not be looked at."""

SHORTEST = 3
"""Days: a card with a shorter interval is never moved, and neither is one that was not recalled when last asked."""

FEWEST = 10
"""Cards: a day with no more of them than that is light, whatever the others are; half of it on an easy day."""

EASY = 0.5
"""An easy day is to be as much of an ordinary one."""


class Dated(NamedTuple):
    """A card that was met, as far as moving it needs it. `fixed`: it must not be moved, as a must-pass card.

    `stability` and `day` are those of its memory, `due` is the day that this asks for, and `shown_from` the one from
    which a session may ask it.
    """

    card: str
    stability: float
    day: int
    due: int
    shown_from: int
    fixed: bool


class Open(NamedTuple):
    """A card whose window is open and that may still wait: when it was to come, and whether that is by today."""

    due_on: int
    card: str
    due: bool


class Moved(NamedTuple):
    """Due cards that wait for another day, and cards that come today though they are due later."""

    waiting: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()


def window(card: Dated, retention: float, params: Params = DEFAULT_PARAMS) -> tuple[int, int] | None:
    """Return the first and the last study day on which a card may come: None if it is not to be moved.

    So it is with short intervals, and where the due day is none that this retention leads to: it was set by another
    one, is that of a card in danger, or was put off.
    """
    days = card.due - card.day
    if card.fixed or days < SHORTEST or card.due != card.shown_from:
        return None
    first, last = due_window(interval(card.stability, retention, params))
    if not first <= days <= last:
        return None
    return card.due - min(days - first, MOST_MOVED), card.due + min(last - days, MOST_MOVED)


def wait(card: Dated, day: int, retention: float, params: Params = DEFAULT_PARAMS) -> int | None:
    """Return how many days a card may still wait on `day`: 0 where it must come, None where it must not come yet."""
    due, found = card.shown_from <= day, window(card, retention, params)
    if found is None:
        return 0 if due else None
    first, last = found
    return max(0, last - day) if due or first <= day else None


def is_easy(day: int, easy: frozenset[int]) -> bool:
    """Whether a study day falls on one of these weekdays (Monday is 0). Day 0 was a Thursday."""
    return (day + 3) % 7 in easy


def share(day: int, left: int, easy: frozenset[int] = frozenset()) -> float:
    """Return the odds (0 to 1) that a card comes on `day` if it may wait `left` days more; easy days count half."""
    parts = [EASY if is_easy(day + later, easy) else 1.0 for later in range(left + 1)]
    return parts[0] / math.fsum(parts)


def moved(
    cards: Iterable[Dated],
    answered: Sequence[int],
    day: StudyDay,
    retention: float,
    easy: frozenset[int] = frozenset(),
    params: Params = DEFAULT_PARAMS,
    *,
    late: int = 0,
) -> Moved:
    """Return what is moved on `day`.

    cards: those due, and those due within `MOST_MOVED` days. answered: of each card that was due or whose window was
    open when it was answered today, how many days it might have waited. So the day stays as large as it was in the
    morning, and a card is not put off or brought in because others were answered.
    easy: the weekdays (Monday is 0) on which there is to be less.
    late: how many cards there are besides that have waited as long as they may.
    """
    odds = [share(day, left, easy) for left in range(2 * MOST_MOVED + 1)]
    shares, must, open_ = [odds[left] for left in answered], late, []
    for card in cards:
        left = wait(card, day, retention, params)
        if left:
            shares.append(odds[left])
            open_.append(Open(card.due, card.card, card.shown_from <= day))
        elif left == 0:
            must += 1
    due = sum(card.due for card in open_) + must + len(answered)
    # Exact sums, rounded once: they do not hang on the order, nor on which of the cards were answered already.
    level = math.fsum([*shares, must])
    size = _size(must + answered.count(0), due, level, easy_day=is_easy(day, easy))
    wanted = size - len(answered) - must
    # In the order that fuzz has drawn. With what can wait least first, those that can wait longer would pile up, and
    # all would come late.
    open_.sort()
    taken = open_[: max(0, wanted)]
    return Moved(
        frozenset(card.card for card in open_[len(taken) :] if card.due),
        frozenset(card.card for card in taken if not card.due),
    )


def _size(must: int, due: int, level: float, *, easy_day: bool) -> int:
    """Return how many cards are to be asked in the whole day.

    `must` cannot wait, `due` are due, and `level` is what the shares of all cards come to. A light day is left alone.
    """
    few = round(EASY * FEWEST) if easy_day else FEWEST
    # The shares of what can wait are halved on an easy day already: what must come takes from that half.
    size = max(must, round(level - EASY * must)) if easy_day else max(must, round(level))
    if size < due:
        return max(size, min(due, few))
    return size if size > few else due
