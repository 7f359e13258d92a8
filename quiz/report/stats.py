"""How it goes: answers by day, the share recalled when it mattered, and when something is due next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from quiz.deck.scope import Scope
from quiz.memory import Rating, StudyDay
from quiz.questions.base import PARTLY_FROM
from quiz.report.today import about, moved_today
from quiz.store.derive import NEVER, undone
from quiz.store.events import Event
from quiz.store.history import read_settings
from quiz.store.weights import kept_params
from quiz.study.target import kept_target

SPAN = 30  # days


@dataclass(frozen=True, slots=True)
class DayCount:
    """One study day: answers that count, how many of them were recalled, and the minutes they took."""

    day: StudyDay
    answers: int
    recalled: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Retention:
    """True retention: of each card met on an earlier day, the first answer of each day. `recalled` were not Again."""

    reviews: int
    recalled: int

    @property
    def share(self) -> float | None:
        """The share recalled (0 to 1); None without reviews."""
        return self.recalled / self.reviews if self.reviews else None


class Review(NamedTuple):
    """A review that counts for true retention: the first answer of a day of a card met on an earlier one."""

    card: str
    day: StudyDay
    recalled: bool


@dataclass(frozen=True, slots=True)
class Stats:
    """One learner's numbers. `days` are the last `SPAN` study days, oldest first; `reviews` are those of these days."""

    answers: int
    seen: int
    suspended: int
    flagged: int
    days: tuple[DayCount, ...]
    reviews: tuple[Review, ...]

    @property
    def retention(self) -> Retention:
        """The true retention over these days."""
        return Retention(len(self.reviews), sum(review.recalled for review in self.reviews))


def stats(db: sqlite3.Connection, today: StudyDay) -> Stats:
    """Return the numbers of a history. Its cost follows the answers of the last `SPAN` days, not those of all years."""
    answers, seen, suspended, flagged = db.execute(
        "select coalesce(sum(answers), 0), count(case when answers > 0 then 1 end), "
        "coalesce(sum(suspended), 0), coalesce(sum(flagged), 0) from state"
    ).fetchone()
    first = StudyDay(today - SPAN + 1)
    rows = db.execute(
        "select e.day, e.card, coalesce(e.rating, json_extract(e.body, '$.rated')), json_extract(e.body, '$.mark'), "
        "e.rating is not null, json_extract(e.body, '$.mode'), coalesce(json_extract(e.body, '$.ms'), 0), "
        "s.first_day < e.day from event e left join state s on s.card = e.card "
        "where e.day between ? and ? and e.kind = 'answer' and e.id not in (select value from json_each(?)) "
        "order by e.at, e.device, e.seq",
        (first, today, json.dumps(sorted(taken_back(db)))),
    )
    days, reviews = _by_day(rows, first)
    return Stats(answers, seen, suspended, flagged, days, reviews)


def taken_back(db: sqlite3.Connection) -> set[str]:
    """Return the ids of the events that were taken back."""
    # The first condition is that of the index `event_by_kind`: without it SQLite would read all events.
    undos = db.execute("select id, at, day, target from event where kind <> 'answer' and kind = 'undo'")
    return undone([Event(id_, "undo", at, 0, StudyDay(day), target=target) for id_, at, day, target in undos])


def next_due(db: sqlite3.Connection, scope: Scope, today: StudyDay) -> StudyDay | None:
    """Return the earliest study day after `today` on which a card of the scope comes back; None when none does.

    In the last days before an exam all that was met and gains by it comes back every day.
    """
    where, values = scope.where()
    if waits_until_tomorrow(db, scope, today) or _asked_for_exam(db, scope, StudyDay(today + 1)):
        return StudyDay(today + 1)
    row = db.execute(
        "select s.shown_from from state s join deck.card c on c.id = s.card "
        f"where s.stability is not null and s.shown_from > ? and s.shown_from < ? and {where} "
        "order by s.shown_from limit 1",
        (today, NEVER, *values),
    ).fetchone()
    return StudyDay(row[0]) if row else None


def waits_until_tomorrow(db: sqlite3.Connection, scope: Scope, today: StudyDay) -> bool:
    """Whether a card of the scope that is due was put off for a lighter day."""
    waiting = moved_today(db, today, read_settings(db), kept_params(db)).waiting
    where, values = scope.where()
    of_these = f"select 1 from deck.card c where c.id in (select value from json_each(?)) and {where} limit 1"
    return bool(waiting) and db.execute(of_these, (json.dumps(sorted(waiting)), *values)).fetchone() is not None


def _asked_for_exam(db: sqlite3.Connection, scope: Scope, day: StudyDay) -> bool:
    """Whether a card of the scope that was met is asked on a day because an exam is near."""
    exam = kept_target(read_settings(db).exam)
    near = about(db, scope, exam) if exam is not None and exam.sprints_on(day) else None
    if near is None:
        return False
    where, values = near.where()
    met = (
        "select 1 from state s join deck.card c on c.id = s.card "
        f"where s.stability is not null and not s.suspended and s.buried_until <= ? and {where} limit 1"
    )
    return db.execute(met, (day, *values)).fetchone() is not None


def answers_by_day(db: sqlite3.Connection, first: StudyDay, last: StudyDay) -> dict[StudyDay, int]:
    """Return the number of answers that count on each study day from `first` to `last` that has any."""
    rows = db.execute(
        "select e.day, count(*) from event e indexed by event_by_day where e.day between ? and ? and e.kind = 'answer' "
        "and e.id not in (select value from json_each(?)) group by e.day",
        (first, last, json.dumps(sorted(taken_back(db)))),
    )
    return {StudyDay(day): number for day, number in rows}


_Row = tuple[int, str, int | None, float | None, int, str | None, int, int | None]


def _by_day(rows: Iterable[_Row], first: StudyDay) -> tuple[tuple[DayCount, ...], tuple[Review, ...]]:
    """Count answers by day, and find the first of each card on each later day.

    Rows: day, card, rating (or what it would have been), mark, whether the schedule was told, mode, ms, met before.
    """
    counts = [[0, 0, 0] for _ in range(SPAN)]
    met: set[tuple[int, str]] = set()
    reviews: list[Review] = []
    for day, card, rating, mark, told, mode, ms, met_before in rows:
        # A right answer in an exam leaves the schedule alone and has no rating at all.
        right = rating > Rating.AGAIN if rating is not None else (mark or 0.0) >= PARTLY_FROM
        count = counts[day - first]
        count[0] += 1
        count[1] += right
        count[2] += ms
        reviewed = told or mode == "exam"
        if met_before and reviewed and (day, card) not in met:
            reviews.append(Review(card, StudyDay(day), right))
        if reviewed or mode == "cram":  # else a step of a case, whose last one speaks for all
            met.add((day, card))
    days = (DayCount(StudyDay(first + i), n, right, ms / 60_000) for i, (n, right, ms) in enumerate(counts))
    return tuple(days), tuple(reviews)
