"""Cards that were answered and that no deck holds now: their history is kept, and where it could go on."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from quiz.memory import StudyDay
from quiz.text import clean

# An id is held by a card of its own, or by one that has taken up its history, straight or through others.
_UNHELD = """\
with recursive held(id) as (
    select id from deck.card
    union
    select e.target from event e join held h on e.card = h.id where e.kind = 'alias' and e.target is not null
)
select s.card, s.answers, s.asked, (select max(day) from event e where e.card = s.card and e.kind = 'answer')
from state s where s.answers > 0 and s.card not in (select id from held) order by s.card"""


class Orphan(NamedTuple):
    """A card without a deck: its number of answers, the study day of the last one and, as far as it was kept, the last
    right answer in words. `now` is a card that asks one of its questions now and could take its history up ("": none).
    """

    card: str
    answers: int
    last: StudyDay
    key: str
    now: str


def unheld(db: sqlite3.Connection) -> list[str]:
    """Return the ids of the cards without a deck. `db` is a history with its catalogue attached as `deck`."""
    return [card for card, *_ in db.execute(_UNHELD)]


def orphans(db: sqlite3.Connection) -> list[Orphan]:
    """Return all that is known of the cards without a deck. `db` is a history with its catalogue attached as `deck`."""
    found = []
    for card, answers, asked, last in db.execute(_UNHELD).fetchall():
        found.append(Orphan(card, answers, StudyDay(last or 0), _key(db, card), _asks_now(db, json.loads(asked))))
    return found


def _key(db: sqlite3.Connection, card: str) -> str:
    row = db.execute(
        "select json_extract(body, '$.key') from event where card = ? and kind = 'answer' order by at desc limit 1",
        (card,),
    ).fetchone()
    return clean(row[0], lines=False) if row and isinstance(row[0], str) else ""


def _asks_now(db: sqlite3.Connection, asked: dict[str, object]) -> str:
    """Return a card of the decks that was never answered and asks one of these questions."""
    for question in asked:
        row = db.execute(
            "select c.id from deck.card c where c.live and instr(' ' || c.keys, ?) "
            "and not exists (select 1 from state s where s.card = c.id and s.answers > 0) order by c.id limit 1",
            (f" {question}=",),
        ).fetchone()
        if row:
            return str(row[0])
    return ""
