"""What comes in the next 30 days: the cards that are due day by day, and what they and new cards take in minutes.

Today is what home and `quiz due` say (`quiz.report.today`). On later days cards stand where their memory asks for them,
of siblings one a day: what load balance will move by then is not foreseen.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any, NamedTuple

from quiz.deck.scope import Scope
from quiz.memory import Memory, StudyDay, date_of
from quiz.memory.outlook import Ahead, outlook
from quiz.report.overview import Overview, overview, own_pace
from quiz.report.today import due_today
from quiz.settings import Settings, weekdays
from quiz.store.derive import NEVER
from quiz.store.history import introduced
from quiz.store.weights import kept_params
from quiz.study.modes import new_on
from quiz.study.target import kept_target

DAYS = 30
WEEK = 7
BACKLOG = 2  # times the busiest of the other days: from here on today stands out of the plot


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One study day to come.

    `due` cards come up on it as the schedule stands now, siblings apart. `reviews` counts them with those that will
    have come back until then, in `minutes`. `cards` and `minutes_with_new` are with the new cards that are set and
    their reviews.
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

    `met` cards were met and may be asked. `before_exam` says what the days before an exam ask, "" where none is near:
    then all that gains by it is due today, and the same cards come up on their own days too.

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
    met: int
    before_exam: str = ""

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


class _Met(NamedTuple):
    """A card that was met: its memory, the day from which it may be asked, and that on which it comes."""

    memory: Memory
    shown_from: int
    on: int


def days_ahead(db: sqlite3.Connection, scope: Scope, today: StudyDay, settings: Settings) -> Ahead:
    """Return what is to be studied in the next `DAYS` days within the minutes set. Suspended cards are left out.

    `db` is a history with its catalogue attached as `deck`.
    """
    return _ahead(db, *_cards(db, scope, today, settings), today, settings)


def _ahead(db: sqlite3.Connection, met: Sequence[_Met], unseen: int, today: StudyDay, settings: Settings) -> Ahead:
    return Ahead(
        memories=[card.memory for card in met],
        unseen=unseen,
        day=today,
        days=DAYS,
        new=settings.new,
        minutes=settings.minutes,
        due=[card.on for card in met],
        new_today=max(0, new_on(today, settings) - introduced(db, today)),
        easy=weekdays(settings.easy_days),
    )


def _cards(db: sqlite3.Connection, scope: Scope, today: StudyDay, settings: Settings) -> tuple[list[_Met], int]:
    """Return the cards of a scope that were met and may be asked, and how many are to be met."""
    where, values = scope.where()
    rows = db.execute(
        "select s.stability, s.difficulty, s.day, s.shown_from, c.id, c.family "
        "from deck.card c left join state s on s.card = c.id "
        f"where {where} and coalesce(s.shown_from, 0) < ?",
        (*values, NEVER),
    ).fetchall()
    rows, unseen = [row for row in rows if row[0] is not None], sum(row[0] is None for row in rows)
    target = kept_target(settings.exam)
    if target is not None and target.sprints_on(today):  # due is then what gains by the exam, again on each day
        days = [max(today, shown_from) for *_, shown_from, _, _ in rows]
    else:
        asked = due_today(db, today, scope)
        days = [today if card in asked else max(today + 1, shown_from) for *_, shown_from, card, _ in rows]
    days = _apart(days, [family for *_, family in rows])
    met = [_Met(Memory(row[0], row[1], StudyDay(row[2])), row[3], on) for row, on in zip(rows, days, strict=True)]
    return met, unseen


def _apart(days: Sequence[int], families: Sequence[str]) -> list[int]:
    """Return the days of cards with one of a family on each: the next one waits for the day after."""
    found, last = list(days), dict[str, int]()
    for at in sorted(range(len(found)), key=found.__getitem__):
        found[at] = max(found[at], last.get(families[at], found[at] - 1) + 1)
        last[families[at]] = found[at]
    return found


def forecast(db: sqlite3.Connection, today: StudyDay, settings: Settings, seen: Overview | None = None) -> Forecast:
    """Return the forecast: what is due is done on its day, as far as the minutes set allow, at the learner's own pace.

    `db` is a history with its catalogue attached as `deck`, `seen` what home says of today, if it is known already.
    What is recalled and what is not follows the model's odds (`quiz.memory.outlook`); of more than 500 cards, so many
    stand for all.
    """
    now = seen if seen is not None else overview(db, Scope(), today, settings.new)
    met, unseen = _cards(db, Scope(), today, settings)
    ahead = _ahead(db, met, unseen, today, settings)
    on = Counter(ahead.due)
    params, pace = kept_params(db), own_pace(db)
    alone = outlook(ahead._replace(new=0, new_today=0), settings.retention, params, pace)
    whole = outlook(ahead, settings.retention, params, pace)
    needed = outlook(ahead._replace(minutes=0.0), settings.retention, params, pace) if ahead.minutes else whole
    days = [
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
    ]
    days[0] = _as_home_says(days[0], now)
    return Forecast(
        days=tuple(days),
        overdue=sum(card.on == today > card.shown_from for card in met),
        later=sum(card.on >= today + DAYS for card in met),
        new_a_day=settings.new,
        unseen=unseen,
        given=settings.minutes,
        needed=needed.minutes_a_day,
        left=whole.left[-1],
        met=len(met),
        before_exam=now.before_exam(),
    )


def _as_home_says(day: DayAhead, now: Overview) -> DayAhead:
    """Return today with the numbers of home; where the minutes cut a backlog, what fits is as it was played through."""
    if now.exam:
        minutes = min(now.minutes, now.given) if now.given else now.minutes
        reviews, new = float(now.today), float(now.new_today)
        return replace(
            day, due=now.due, reviews=reviews, new=new, cards=reviews + new, minutes=minutes, minutes_with_new=minutes
        )
    day = replace(day, due=now.due)
    if now.today < now.due:
        return day
    return replace(day, reviews=float(now.due), new=float(now.new), cards=float(now.due + now.new))
