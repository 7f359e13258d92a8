"""The cards that a study day moves (`quiz/memory/balance.py`), from a history and its decks.

The home screen, `quiz due` and the session ask here, so that they count the same cards.
"""

from __future__ import annotations

import sqlite3

from quiz.memory import Params, StudyDay
from quiz.memory.balance import MOST_MOVED, Dated, Moved, moved
from quiz.settings import Settings, weekdays

MOST = 3000
"""Cards that may be moved from which on nothing is: such a day is a backlog, and cut to the minutes there are anyhow.
It bounds what is looked at before the first question."""

LOOKED_AT = 1000
"""Cards late by more than any window that are looked up in the decks, the latest first: one that has lost its deck is
late for ever, and goes to the end. More of them would change nothing: they come in any case."""

_NEAR = (
    "select count(*) from (select 1 from state indexed by state_by_day where stability is not null and shown_from > ? "
    "and shown_from <= ? limit ?)"
)
# Those that a deck has: devices may have other decks.
_LATE = (
    "select coalesce(sum(exists (select 1 from deck.card c where c.id = s.card and c.live)), 0) "
    "from (select card from state indexed by state_by_day where stability is not null and shown_from <= ? "
    "order by shown_from desc limit ?) s"
)
# What cannot come early is left out of what is not due yet, as far as it can be before the decks are looked at. The
# window of a card begins at most twice its half width before its day: 1 day and 15 % of the interval at most.
_CARDS = (
    "select s.card, s.stability, s.day, s.due, s.shown_from, s.danger > 0 or s.last_recalled < s.day or c.safety "
    "from state s indexed by state_by_day cross join deck.card c on c.id = s.card and c.live "
    "where s.stability is not null and s.shown_from > ?1 - ?2 and s.shown_from <= ?1 + ?2 and s.day < ?1 "
    "and (s.shown_from <= ?1 or (s.shown_from - ?1 <= 2 + 0.3 * (s.due - s.day) and s.due = s.shown_from "
    "and s.danger = 0 and s.last_recalled >= s.day)) and (s.shown_from <= ?1 or not c.safety)"
)
# Of several answers to one card today the first tells, and one that was taken back does not.
_ANSWERED = (
    "select max(json_extract(e.body, '$.waits')) from event e join state s on s.card = e.card and s.day >= e.day "
    "where e.day = ? and e.kind = 'answer' "
    "and exists (select 1 from deck.card c where c.id = e.card and c.live) group by e.card"
)


def moved_on(db: sqlite3.Connection, day: StudyDay, settings: Settings, params: Params) -> Moved:
    """Return what is moved on `day`. `db` is a history with its catalogue attached as `deck`."""
    # Within what a card can wait: events come from elsewhere too.
    answered = [max(0, min(int(left), MOST_MOVED)) for (left,) in db.execute(_ANSWERED, (day,)) if left is not None]
    (near,) = db.execute(_NEAR, (day - MOST_MOVED, day + MOST_MOVED, MOST + 1)).fetchone()
    if near + len(answered) > MOST:
        return Moved()
    (late,) = db.execute(_LATE, (day - MOST_MOVED, LOOKED_AT)).fetchone()
    cards = map(Dated._make, db.execute(_CARDS, (day, MOST_MOVED)))
    return moved(cards, answered, day, settings.retention, weekdays(settings.easy_days), params, late=late)
