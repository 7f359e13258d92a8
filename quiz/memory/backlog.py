"""More due than there is time for: what first, how much of it today, and how many days until it is caught up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from quiz.memory.balance import EASY, is_easy
from quiz.memory.days import StudyDay
from quiz.memory.model import DEFAULT_PARAMS, Memory, Params, recall
from quiz.memory.outlook import Ahead, outlook
from quiz.memory.pace import AVERAGE_PACE, Pace

FAR = 60  # days ahead that are looked at: who has not caught up by then needs other advice


class Due(Protocol):
    """A due card, as far as its place in a backlog needs it."""

    @property
    def card(self) -> str: ...
    @property
    def memory(self) -> Memory | None: ...
    @property
    def safety(self) -> bool: ...


Card = TypeVar("Card", bound=Due)


class Backlog(NamedTuple):
    """How many due cards fit into today, how many wait, and the days to catch up (today is 1; None: not in 60 days)."""

    today: int
    waiting: int
    days: int | None


def by_risk(due: Iterable[Card], day: StudyDay, params: Params = DEFAULT_PARAMS) -> list[Card]:
    """Return due cards in the order in which to work a backlog off: must-pass cards first, none of which may wait.

    Within each of the two, what loses most recall by one more day comes first: a memory that is nearly gone can wait,
    and so can one that lasts. Equals come in the order of their names.
    """

    def rank(card: Card) -> tuple[bool, float, str]:
        if card.memory is None:
            return not card.safety, 0.0, card.card
        lost = recall(card.memory, day, params) - recall(card.memory, StudyDay(day + 1), params)
        return not card.safety, -lost, card.card

    return sorted(due, key=rank)


def fits(memories: Iterable[Memory], day: StudyDay, minutes: float, params: Params, pace: Pace = AVERAGE_PACE) -> int:
    """Return how many of these cards, in their order, fit into minutes, by the time each is expected to take."""
    left, count = minutes * 60, 0
    for memory in memories:
        left -= pace.seconds(recall(memory, day, params))
        if left < 0:
            break
        count += 1
    return count


def backlog(
    due: Sequence[Card], ahead: Ahead, retention: float, params: Params = DEFAULT_PARAMS, pace: Pace = AVERAGE_PACE
) -> Backlog:
    """Return how a backlog stands.

    due: the cards due on `ahead.day`. ahead: all that is to be studied, these cards with it, with the minutes a day
    (0: no limit, so that everything fits into today). While it is worked off, `ahead.new` cards a day are met.
    """
    memories = [card.memory for card in by_risk(due, ahead.day, params) if card.memory is not None]
    if not ahead.minutes:
        return Backlog(len(memories), 0, 1)
    minutes = ahead.minutes * (EASY if is_easy(ahead.day, ahead.easy) else 1.0)
    today = fits(memories, ahead.day, minutes, params, pace)
    if today == len(memories):
        return Backlog(today, 0, 1)
    coming = outlook(ahead._replace(days=FAR, exam=None), retention, params, pace)
    # The sample may find place today for what, counted card by card, has none.
    days = coming.days_to_catch_up
    return Backlog(today, len(memories) - today, days if days is None else max(2, days))
