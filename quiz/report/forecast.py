"""What comes in the next 30 days: the cards that are due day by day, and what they and new cards take in minutes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Any

from quiz.memory import Memory, StudyDay, date_of
from quiz.memory.exam import AVERAGE_PACE, Pace
from quiz.memory.outlook import Ahead, outlook
from quiz.report.overview import pace_of
from quiz.store.derive import NEVER
from quiz.store.history import introduced
from quiz.store.weights import kept_params

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

    `new_a_day` is what is set, `unseen` how many cards there are to be met.
    """

    days: tuple[DayAhead, ...]
    overdue: int
    later: int
    new_a_day: int
    unseen: int

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
        """The day with the most minutes, today left out: what is due today can be seen."""
        return max(self.days[1:], key=lambda day: day.minutes_with_new)

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
            "unseen": self.unseen,
        }


def forecast(db: sqlite3.Connection, today: StudyDay, new_a_day: int, retention: float) -> Forecast:
    """Return the forecast: all that is due is done on its day, at the learner's own pace. Suspended cards are left out.

    `db` is a history with its catalogue attached as `deck`. `retention` is the recall aimed at, 0.01 to less than 1.
    What is recalled and what is not follows the model's odds (`quiz.memory.outlook`); of more than 500 cards, so many
    stand for all.
    """
    rows = db.execute(
        "select s.stability, s.difficulty, s.day, s.shown_from from deck.card c left join state s on s.card = c.id "
        "where c.live and coalesce(s.shown_from, 0) < ?",
        (NEVER,),
    ).fetchall()
    met = [row for row in rows if row[0] is not None]
    due = [max(today, shown_from) for *_, shown_from in met]
    on = Counter(due)
    memories = [Memory(stability, difficulty, StudyDay(day)) for stability, difficulty, day, _ in met]
    unseen = len(rows) - len(met)
    ahead = Ahead(memories, unseen, today, DAYS, 0, due=due)
    slower = pace_of(db)
    pace = Pace(*(seconds * slower for seconds in AVERAGE_PACE))
    params = kept_params(db)
    alone = outlook(ahead, retention, params, pace)
    new_today = max(0, new_a_day - introduced(db, today))
    whole = outlook(ahead._replace(new=new_a_day, new_today=new_today), retention, params, pace)
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
    overdue = sum(shown_from < today for *_, shown_from in met)
    return Forecast(days, overdue, sum(day >= today + DAYS for day in due), new_a_day, unseen)
