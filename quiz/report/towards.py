"""How it stands towards an exam: the recall expected on the day, with and without study, and what it costs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quiz.deck.scope import Scope
from quiz.memory import Memory, StudyDay, date_of
from quiz.memory.exam import TOO_LATE, Expected, expected_on
from quiz.memory.outlook import LATER, Ahead, Level, needed_a_day, outlook, prices, proposed
from quiz.report.model_calibration import model_calibration
from quiz.report.words import percent
from quiz.store.weights import kept_params
from quiz.study.target import Target
from quiz.text import counted


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands towards an exam `days` days ahead, about `met` cards met and `unseen` new ones.

    `new_a_day` new cards a day are met, so that all are in time. `idle` is the recall expected on the day without any
    study, `share` that with `minutes` a day. `aim` is the retention set, `levels` are what each one costs and `advice`
    is the one to take; None where no study day is left. `left_later` is the part of what is recalled on the day that is
    left 30 days later, without study.
    """

    days: int
    met: int
    unseen: int
    new_a_day: int
    idle: Expected
    share: Expected
    minutes: float
    aim: float
    levels: tuple[Level, ...]
    advice: Level | None
    left_later: float

    @property
    def too_late(self) -> bool:
        """Whether there are too few days for more than what fades soon."""
        return self.days < TOO_LATE


def standing(
    db: sqlite3.Connection, scope: Scope, today: StudyDay, since: StudyDay, exam: StudyDay, minutes: float, aim: float
) -> Standing:
    """Return how it stands. `db` is a history with its catalogue attached; `aim` is the retention set (0 to 1).

    minutes: those there are a day; 0 for as many as it takes. What is expected is corrected by the learner's own
    answers (see `quiz.report.model_calibration.correction`).
    """
    where, values = scope.where()
    rows = db.execute(
        "select s.stability, s.difficulty, s.day from deck.card c left join state s on s.card = c.id "
        f"where {where} and not coalesce(s.suspended, 0)",
        values,
    ).fetchall()
    memories = [Memory(row[0], row[1], StudyDay(row[2])) for row in rows if row[0] is not None]
    unseen, days = len(rows) - len(memories), max(0, exam - today)
    new = needed_a_day(unseen, days) if days else 0
    ahead = Ahead(memories, unseen, today, days, new, minutes, exam, since)
    params, shift = kept_params(db), model_calibration(db, today).shift
    levels = prices(ahead, params=params, shift=shift) if days else ()
    advice = (
        proposed([*levels, *prices(ahead, (aim,), params, shift=shift)], minutes, aim) if days and minutes else None
    )
    seen = outlook(ahead, advice.retention if advice else aim, params, shift=shift)
    idle = expected_on(exam, memories, unseen, params, shift=shift)
    return Standing(
        days, len(memories), unseen, new, idle, seen.known, seen.minutes_a_day, aim, levels, advice, seen.left_later
    )


def over(target: Target) -> str:
    """Say that an exam is behind."""
    return f"The exam of {date_of(target.day):%a %d %b %Y} is over."


def left(target: Target, found: Standing) -> str:
    """Say how much time there is, and how much there is to learn in it."""
    return (
        f"{counted(found.days, 'day')} left; {counted(found.met, 'card')} met, {found.unseen} new. "
        f"From {date_of(target.begins):%a %d %b %Y} on, what gains most by the exam comes first."
    )


def expected(found: Standing) -> str:
    """Say what is expected to be recalled on the day, with study and without."""
    low, high = (percent(share).removesuffix(" %") for share in (found.share.low, found.share.high))
    minutes = counted(round(found.minutes), "minute") if found.minutes >= 0.5 else "less than a minute"
    return (
        f"With {minutes} a day you are expected to recall {percent(found.share.share)} "
        f"on the day (four times in five between {low} and {high} %); without study, {percent(found.idle.share)}."
    )


def slow(found: Standing, new: int) -> str:
    """Say that `new` cards a day, as set, do not meet all in time; nothing where they do."""
    if found.new_a_day <= new:
        return ""
    return (
        f"That takes {counted(found.new_a_day, 'new card')} a day; your setting is {new}. Until the last days "
        "begin, no more than that are asked: raise it in the settings, or a part of the cards is met late."
    )


def fades(found: Standing) -> str:
    """Say how long what is learned so late lasts."""
    return (
        "That is too late for more than a first look: what is learned now fades soon after the exam. "
        f"Of what you recall on the day, {percent(found.left_later)} is left {LATER} days later without more study."
    )
