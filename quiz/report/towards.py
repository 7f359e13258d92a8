"""How it stands towards an exam: the recall expected on the day, with and without study, and what it costs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quiz.deck.scope import Scope
from quiz.memory import Memory, StudyDay
from quiz.memory.exam import TOO_LATE, Expected, expected_on
from quiz.memory.outlook import Ahead, Level, needed_a_day, outlook, prices, proposed
from quiz.report.model_calibration import model_calibration
from quiz.store.weights import kept_params


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands towards an exam `days` days ahead, about `met` cards met and `unseen` new ones.

    `idle` is the recall expected on the day without any study, `share` that with `minutes` a day. `levels` are what
    each retention costs and `advice` is the one to take; None where no study day is left. `left_later` is the part
    of what is recalled on the day that is left 30 days later, without study.
    """

    days: int
    met: int
    unseen: int
    idle: Expected
    share: Expected
    minutes: float
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
    ahead = Ahead(memories, unseen, today, days, needed_a_day(unseen, days), minutes, exam, since)
    params, shift = kept_params(db), model_calibration(db, today).shift
    levels = prices(ahead, params=params, shift=shift) if days else ()
    advice = (
        proposed([*levels, *prices(ahead, (aim,), params, shift=shift)], minutes, aim) if days and minutes else None
    )
    seen = outlook(ahead, advice.retention if advice else aim, params, shift=shift)
    idle = expected_on(exam, memories, unseen, params, shift=shift)
    return Standing(days, len(memories), unseen, idle, seen.known, seen.minutes_a_day, levels, advice, seen.left_later)
