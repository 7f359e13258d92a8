"""What comes in the next 30 days: the cards that are due day by day, and what they and new cards take in minutes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from math import fsum
from typing import Any

from quiz.deck.scope import Scope
from quiz.memory import Memory, StudyDay, date_of
from quiz.memory.outlook import Ahead, outlook
from quiz.report.overview import own_pace
from quiz.settings import Settings, weekdays
from quiz.store.derive import NEVER
from quiz.store.history import introduced
from quiz.store.weights import kept_params
from quiz.study.modes import new_on

DAYS = 30
WEEK = 7
BACKLOG = 2  # times the busiest of the other days: from here on today stands out of the plot


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One study day to come.

    `due` cards come up on it as the schedule stands now. `reviews` counts them with those that will have come back
    until then, in `minutes`. `cards` and `minutes_with_new` are with the new cards that are set and their reviews.
    """

    day: StudyDay
    due: int
    reviews: float
    minutes: float
    new: float
    cards: float
    minutes_with_new: float

    def as_json(self) -> dict[str, Any]:
        """Return the day as plain values."""
        return {
            "day": date_of(self.day).isoformat(),
            "due": self.due,
            "reviews": round(self.reviews, 1),
            "minutes": round(self.minutes, 1),
            "new": round(self.new, 1),
            "cards_with_new": round(self.cards, 1),
            "minutes_with_new": round(self.minutes_with_new, 1),
        }


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days from today on. `overdue` of the cards due today were due before; `later` ones come after these days.

    `new_a_day` is what is set, `unseen` how many cards there are to be met. `given` minutes a day are set (0: no
    limit), `needed` would do all that is due, new cards among it; `left` due cards wait on the last evening.
    """

    days: tuple[DayAhead, ...]
    overdue: int
    later: int
    new_a_day: int
    unseen: int
    given: int
    needed: float
    left: float

    @property
    def met(self) -> int:
        """How many cards have been met and may be asked."""
        return sum(day.due for day in self.days) + self.later

    @property
    def with_new(self) -> bool:
        """Whether new cards are still to come."""
        return bool(self.new_a_day and self.unseen)

    @property
    def busiest(self) -> DayAhead:
        """The day with the most cards; the first of these."""
        return max(self.days, key=lambda day: day.cards)

    @property
    def minutes_a_day(self) -> float:
        """The mean over the days, new cards included."""
        return fsum(day.minutes_with_new for day in self.days) / len(self.days)

    @property
    def scale(self) -> float:
        """What a plot shows at full height, in cards: a backlog of today would leave no room for the rest."""
        rest = max(day.cards for day in self.days[1:])
        today = self.days[0].cards
        return rest if rest and today > BACKLOG * rest else max(today, rest)

    def weeks(self) -> tuple[tuple[DayAhead, ...], ...]:
        """Return the days in weeks from today on; the last one may be short."""
        return tuple(self.days[at : at + WEEK] for at in range(0, len(self.days), WEEK))

    def as_json(self) -> dict[str, Any]:
        """Return the forecast as plain values."""
        return {
            "days": [day.as_json() for day in self.days],
            "overdue": self.overdue,
            "due_later": self.later,
            "new_a_day": self.new_a_day,
            "minutes_given": self.given,
            "minutes_needed": round(self.needed, 1),
            "left_over": round(self.left, 1),
            "unseen": self.unseen,
        }


def days_ahead(db: sqlite3.Connection, scope: Scope, today: StudyDay, settings: Settings) -> Ahead:
    """Return what is to be studied in the next `DAYS` days within the minutes set. Suspended cards are left out.

    `db` is a history with its catalogue attached as `deck`.
    """
    where, values = scope.where()
    rows = db.execute(
        "select s.stability, s.difficulty, s.day, s.shown_from from deck.card c left join state s on s.card = c.id "
        f"where {where} and coalesce(s.shown_from, 0) < ?",
        (*values, NEVER),
    ).fetchall()
    met = [row for row in rows if row[0] is not None]
    return Ahead(
        memories=[Memory(stability, difficulty, StudyDay(day)) for stability, difficulty, day, _ in met],
        unseen=len(rows) - len(met),
        day=today,
        days=DAYS,
        new=settings.new,
        minutes=settings.minutes,
        due=[shown_from for *_, shown_from in met],
        new_today=max(0, new_on(today, settings) - introduced(db, today)),
        easy=weekdays(settings.easy_days),
    )


def forecast(db: sqlite3.Connection, today: StudyDay, settings: Settings) -> Forecast:
    """Return the forecast: what is due is done on its day, as far as the minutes set allow, at the learner's own pace.

    `db` is a history with its catalogue attached as `deck`. What is recalled and what is not follows the model's odds
    (`quiz.memory.outlook`); of more than 500 cards, so many stand for all.
    """
    ahead = days_ahead(db, Scope(), today, settings)
    on = Counter(max(today, due) for due in ahead.due)
    params, pace = kept_params(db), own_pace(db)
    alone = outlook(ahead._replace(new=0, new_today=0), settings.retention, params, pace)
    whole = outlook(ahead, settings.retention, params, pace)
    needed = outlook(ahead._replace(minutes=0.0), settings.retention, params, pace) if ahead.minutes else whole
    days = tuple(
        DayAhead(
            day=StudyDay(today + n),
            due=on[today + n],
            reviews=alone.asked[n],
            minutes=alone.minutes[n],
            new=whole.met[n],
            cards=whole.asked[n],
            minutes_with_new=whole.minutes[n],
        )
        for n in range(DAYS)
    )
    return Forecast(
        days=days,
        overdue=sum(due < today for due in ahead.due),
        later=sum(due >= today + DAYS for due in ahead.due),
        new_a_day=settings.new,
        unseen=ahead.unseen,
        given=settings.minutes,
        needed=needed.minutes_a_day,
        left=whole.left[-1],
    )
