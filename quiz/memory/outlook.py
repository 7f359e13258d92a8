"""What lies ahead: the load of the coming days, what each retention costs, and how long a backlog takes.

Study is played forward card by card with the model's own odds. What is recalled and what is not is told by a sequence
that fills 0 to 1 evenly (the additive recurrence of Roberts 2018), not by chance: equal questions have equal answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from quiz.memory.balance import EASY, is_easy
from quiz.memory.days import StudyDay
from quiz.memory.exam import FIRST_GRADES, Expected, expected_on, met, sprint_begins, worth
from quiz.memory.model import DEFAULT_PARAMS, Memory, Params, Rating, recall, step, whole_interval
from quiz.memory.pace import AVERAGE_PACE, Pace
from quiz.memory.shift import shifted

LEVELS = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
"""The levels of retention whose prices are worth comparing."""

LEAST_PROPOSED = 0.8
"""No lower level is proposed: in simulation 0.7 knows less in the same minutes, 0.8 most where minutes are short."""

SPARE = 0.85
"""A level is affordable up to this part of the minutes: days differ, and so do learners from the average."""

WORTH_IT = 0.9
"""A lower level has to cost less than this part of a higher one to be worth it."""

LATER = 30  # days after the end at which is looked what is left
SAMPLE = 500  # cards that stand for all of them
NEW_EVERY = 4  # as `quiz.study.queue`
_STEPS = (0.7548776662466927, 0.5698402909980532)  # of the recurrence, by card and by answer


class Ahead(NamedTuple):
    """What is to be studied from `day` on for `days` days.

    `memories` are those of the cards met, `unseen` the number of those to be met, `new` of them a day (at most).
    `minutes` a day are there (0: as many as it takes). With an `exam` the last days are a sprint towards it, which
    takes `sprint` minutes a day, or those that are there; without a limit as many as a day would take at the
    retention, with no exam.
    `due` are the study days on which the memories come up, one for each; without them they follow from the retention.
    `new_today` takes the place of `new` on the first day, where some were met already. On the weekdays `easy` (0 is
    Monday) there is half of the minutes, of the new cards and of what is due: the rest waits for the day after.
    """

    memories: Sequence[Memory]
    unseen: int
    day: StudyDay
    days: int
    new: int
    minutes: float = 0.0
    exam: StudyDay | None = None
    since: StudyDay | None = None
    due: Sequence[int] = ()
    new_today: int | None = None
    easy: frozenset[int] = frozenset()
    sprint: float = 0.0


class Outlook(NamedTuple):
    """How it goes: for each day the minutes spent and the due cards left over, the share known at the end,
    and the share that is left of that 30 days later, without study (1 where nothing is known).

    `asked` is the number of cards asked on each day, `met` how many of them were new.
    """

    minutes: tuple[float, ...]
    left: tuple[float, ...]
    known: Expected
    left_later: float
    asked: tuple[float, ...] = ()
    met: tuple[float, ...] = ()

    @property
    def minutes_a_day(self) -> float:
        """The mean over the days; 0 without days."""
        return math.fsum(self.minutes) / len(self.minutes) if self.minutes else 0.0

    @property
    def days_to_catch_up(self) -> int | None:
        """The number of days until no due card is left over: 1 if today does; None if no day of these does."""
        return next((number for number, left in enumerate(self.left, 1) if left < 0.5), None)


class Level(NamedTuple):
    """What a retention costs, in minutes a day, and the share of the cards known at the end of it."""

    retention: float
    minutes: float
    known: float


class _Card:
    """A card that stands for others: its memory, the day on which it is due, and how many answers it has had."""

    __slots__ = ("answers", "due", "memory", "number")

    def __init__(self, number: int, memory: Memory | None, due: float) -> None:
        self.number, self.memory, self.due, self.answers = number, memory, due, 0

    def draw(self) -> float:
        """Return the next number, 0 to less than 1, of this card's own even sequence."""
        self.answers += 1
        return (0.5 + self.number * _STEPS[0] + self.answers * _STEPS[1]) % 1.0


def outlook(
    ahead: Ahead,
    retention: float,
    params: Params = DEFAULT_PARAMS,
    pace: Pace = AVERAGE_PACE,
    sample: int = SAMPLE,
    shift: float = 0.0,
) -> Outlook:
    """Return how the days ahead go at a retention (0.01 to less than 1).

    Due cards come first, those that lose most by a day's delay before the others, and every fourth card is a new one;
    in the sprint before an exam those come first that gain most by it. Of more than `sample` cards, as many stand for
    all. `shift` on the logit corrects every recall, on the way and at the end (see `quiz.memory.shift`): who recalls
    less than the model says fails more often, and needs more time.
    Raises ValueError for a retention out of range.
    """
    total = len(ahead.memories) + ahead.unseen
    if not total:
        none = (0.0,) * ahead.days
        return Outlook(none, none, Expected(0.0, 0.0, 0.0), 1.0, none, none)
    weight = max(1.0, total / sample)
    cards = _sampled(ahead, retention, params, weight)
    fresh = [card for card in cards if card.memory is None][::-1]
    begins = None if ahead.exam is None else sprint_begins(ahead.since or ahead.day, ahead.exam)
    in_sprint = ahead.sprint or ahead.minutes
    if ahead.exam is not None and not in_sprint:
        in_sprint = outlook(ahead._replace(exam=None), retention, params, pace, sample, shift).minutes_a_day
    spent, left_over, asked_on, met_on = [], [], [], []
    allowance = 0.0  # of new cards: a fraction is kept for the next day
    over = 0.0  # seconds: a card that stands for many may take more than was left
    for number in range(ahead.days):
        day = StudyDay(ahead.day + number)
        sprint = ahead.exam is not None and begins is not None and begins <= day < ahead.exam
        part = EASY if is_easy(day, ahead.easy) else 1.0
        minutes = part * (in_sprint if sprint else ahead.minutes or math.inf)
        budget = minutes * 60 / weight - over
        if sprint and ahead.exam is not None:
            order = _by_worth(cards, day, ahead.exam, params, pace)
        else:
            new = int(part * ahead.new) if number or ahead.new_today is None else ahead.new_today
            allowance = min(allowance + new / weight, len(fresh))
            due = [card for card in cards if card.memory is not None and card.due <= day]
            due.sort(key=lambda card: _loss(card.memory, day, params), reverse=True)
            if number and part < 1.0:  # the first day's cards are known, with what waits for another day left out
                due = due[: math.ceil(part * len(due))]
            order = _mixed(due, fresh[len(fresh) - int(allowance) :][::-1])
        used, asked, before = 0.0, 0, len(fresh)
        for card in order:
            if used >= budget:
                break
            if card.memory is None:
                fresh.remove(card)
                allowance -= 1
            used += _ask(card, day, retention, params, pace, shift)
            asked += 1
        over = max(0.0, used - budget)
        spent.append(used * weight / 60)
        asked_on.append(asked * weight)
        met_on.append((before - len(fresh)) * weight)
        left_over.append(0.0 if sprint else weight * sum(card.memory is not None for card in order[asked:]))
    end = StudyDay(ahead.day + ahead.days)
    memories = [card.memory for card in cards if card.memory is not None]
    known = expected_on(end, memories, len(cards) - len(memories), params, each=weight, shift=shift)
    later = expected_on(StudyDay(end + LATER), memories, len(cards) - len(memories), params, shift=shift).share
    left_later = later / known.share if known.share else 1.0
    return Outlook(tuple(spent), tuple(left_over), known, left_later, tuple(asked_on), tuple(met_on))


def prices(
    ahead: Ahead,
    levels: Sequence[float] = LEVELS,
    params: Params = DEFAULT_PARAMS,
    pace: Pace = AVERAGE_PACE,
    shift: float = 0.0,
) -> tuple[Level, ...]:
    """Return what each level costs if all that is due is done: a curve to choose from, in the order of `levels`.

    The sprint before an exam takes the minutes that there are, at any level.
    """
    free = ahead._replace(minutes=0.0, sprint=ahead.sprint or ahead.minutes)
    found = ((level, outlook(free, level, params, pace, shift=shift)) for level in levels)
    return tuple(Level(level, seen.minutes_a_day, seen.known.share) for level, seen in found)


def proposed(levels: Sequence[Level], minutes: float, aim: float = 0.9) -> Level:
    """Return the highest level up to `aim` that the minutes a day suffice for with some to spare, else the cheapest.

    The prices are to be those without an exam: its sprint takes what there is, at any level. Where the cheapest hardly
    costs less than the highest, it is that one: what is forgotten has its price too. Levels below `LEAST_PROPOSED` are
    left out unless the aim itself is below. Raises ValueError if none is left.
    """
    open_ = [level for level in levels if min(aim, LEAST_PROPOSED) <= level.retention <= aim]
    if not open_:
        raise ValueError(f"no level from {LEAST_PROPOSED} to {aim} among {[level.retention for level in levels]}")
    paid = [level for level in open_ if level.minutes <= SPARE * minutes]
    if paid:
        return max(paid, key=lambda level: level.retention)
    highest, cheapest = max(open_), min(open_, key=lambda level: level.minutes)
    return cheapest if cheapest.minutes < WORTH_IT * highest.minutes else highest


def needed_a_day(unseen: int, days: int) -> int:
    """Return how many new cards a day meet `unseen` cards within the first three quarters of `days` days."""
    return math.ceil(unseen / max(1.0, 0.75 * days))


def _sampled(ahead: Ahead, retention: float, params: Params, weight: float) -> list[_Card]:
    """Return the cards that stand for all: memories evenly from the weakest to the strongest, then new ones."""
    days = ahead.due or [m.day + whole_interval(m.stability, retention, params) for m in ahead.memories]
    ranked = sorted(zip(ahead.memories, days, strict=True))
    seen = [
        ranked[int((i + 0.5) * weight)]
        for i in range(int(len(ranked) / weight + 0.5))
        if (i + 0.5) * weight < len(ranked)
    ]
    cards = [_Card(i, memory, due) for i, (memory, due) in enumerate(seen)]
    return cards + [_Card(len(seen) + i, None, math.inf) for i in range(math.ceil(ahead.unseen / weight))]


def _loss(memory: Memory | None, day: StudyDay, params: Params) -> float:
    assert memory is not None
    return recall(memory, day, params) - recall(memory, StudyDay(day + 1), params)


def _by_worth(cards: Sequence[_Card], day: StudyDay, exam: StudyDay, params: Params, pace: Pace) -> list[_Card]:
    new = worth(None, day, exam, params, pace)
    worths = [(new if c.memory is None else worth(c.memory, day, exam, params, pace), c) for c in cards]
    worths.sort(key=lambda pair: -pair[0])
    return [card for value, card in worths if value > 0]


def _mixed(due: list[_Card], fresh: list[_Card]) -> list[_Card]:
    """Return both in one order: every fourth a new one while there are both."""
    order: list[_Card] = []
    waiting, new = due[::-1], fresh[::-1]
    while waiting or new:
        turn = len(order) % NEW_EVERY == NEW_EVERY - 1
        order.append((new if new and (turn or not waiting) else waiting).pop())
    return order


def _ask(card: _Card, day: StudyDay, retention: float, params: Params, pace: Pace, shift: float) -> float:
    """Let a card be answered; return the seconds it takes."""
    drawn = card.draw()
    if card.memory is None:
        grades = (sum(FIRST_GRADES[: i + 1]) for i in range(4))
        grade = next((i for i, upto in enumerate(grades) if drawn < upto), 3)
        card.memory, seconds = met(day, params)[grade], pace.new
    elif drawn < shifted(recall(card.memory, day, params), shift):
        card.memory, seconds = step(card.memory, Rating.GOOD, day, params), pace.recalled
    else:
        failed = step(card.memory, Rating.AGAIN, day, params)
        card.memory, seconds = step(failed, Rating.GOOD, day, params), pace.failed
    card.due = day + whole_interval(card.memory.stability, retention, params)
    return seconds
