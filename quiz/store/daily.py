"""The cards that a study day moves (`quiz/memory/balance.py`), from a history and its decks.

The home screen, `quiz due` and the session ask here, so that they count the same cards.
"""

from __future__ import annotations

import sqlite3

from quiz.memory import Memory, StudyDay
from quiz.memory.balance import MOST_MOVED, Dated, Moved, moved
from quiz.settings import Settings, weekdays

MOST = 2000
"""Cards due from which on nothing is moved: such a day is a backlog, and cut to the minutes there are anyhow. It bounds
what is looked at before the first question."""

# Only the index is read for the count. `c.live`: what no deck holds is not asked, so it is no load.
_DUE = (
    "select count(*) from (select 1 from state indexed by state_by_day where stability is not null and shown_from <= ? "
    "limit ?)"
)
_CARDS = (
    "select s.card, s.stability, s.difficulty, s.day, s.due, s.shown_from, "
    "s.danger > 0 or s.last_recalled < s.day or c.safety from state s indexed by state_by_day "
    "cross join deck.card c on c.id = s.card and c.live "
    "where s.stability is not null and s.shown_from <= ? and s.day < ?"
)
# Of several answers to one card today the first tells, and one that was taken back does not.
_ANSWERED = (
    "select max(json_extract(e.body, '$.waits')) from event e join state s on s.card = e.card and s.day >= e.day "
    "where e.day = ? and e.kind = 'answer' group by e.card"
)


def moved_on(db: sqlite3.Connection, day: StudyDay, settings: Settings) -> Moved:
    """Return what is moved on `day`. `db` is a history with its catalogue attached as `deck`."""
    answered = [left for (left,) in db.execute(_ANSWERED, (day,)) if left is not None]
    (due,) = db.execute(_DUE, (day, MOST + 1)).fetchone()
    if due + len(answered) > MOST:
        return Moved()
    rows = db.execute(_CARDS, (day + MOST_MOVED, day))
    cards = [
        Dated(card, Memory(stability, difficulty, StudyDay(last)), due_on, shown_from, bool(fixed))
        for card, stability, difficulty, last, due_on, shown_from, fixed in rows
    ]
    return moved(cards, answered, day, settings.retention, weekdays(settings.easy_days))
