"""Brings the tables of older versions up to date, each step inside the transaction of `open_database`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress

from quiz.store.derive import replay
from quiz.store.events import to_json
from quiz.store.rows import ANY_WEIGHTS, PUT_STATE, SELECT, event_of, state_row
from quiz.store.seals import SEALED, seal


def to_version_2(db: sqlite3.Connection) -> None:
    """Find results of exams without reading all answers; know the cards that were sure and wrong."""
    db.execute("drop index event_by_kind")
    db.execute("create index event_by_kind on event (kind, number) where kind <> 'answer'")
    db.execute("alter table state add column danger integer not null default 0")
    db.execute("create index state_in_danger on state (card) where danger > 0")
    sure = "select distinct card from event where rating = 1 and json_extract(body, '$.certainty') = 'high'"
    for (card,) in db.execute(sure).fetchall():
        rows = db.execute(f"{SELECT} where card = ? order by at, device, seq", (card,))
        db.execute(PUT_STATE, state_row(card, replay([event_of(row) for row in rows])))


def to_version_3(db: sqlite3.Connection) -> None:
    """Know with each question what was right when it was last answered, and what was compared with the decks."""
    db.execute("create index if not exists event_that_moves on event (card) where kind in ('alias', 'reset')")
    db.execute("create table if not exists compared (path text primary key, digest text not null) without rowid")
    db.execute(
        "create table if not exists revised "
        "(card text primary key, keys text not null, due integer not null) without rowid"
    )
    undone = {card for (card,) in db.execute("select distinct card from event where target is not null")}
    for card, text in db.execute("select card, asked from state").fetchall():
        if card in undone:
            rows = db.execute(f"{SELECT} where card = ? order by at, device, seq", (card,))
            db.execute(PUT_STATE, state_row(card, replay([event_of(row) for row in rows])))
            continue
        # A million answers are not replayed for this: of each question the last one is looked at.
        answers = dict(
            db.execute(
                "select json_extract(body, '$.question'), json_extract(body, '$.answer') from event "
                "where card = ? and kind = 'answer' order by at, device, seq",
                (card,),
            )
        )
        asked = {
            name: [*known[:3], answers[name]] if answers.get(name) else known
            for name, known in json.loads(text).items()
        }
        db.execute("update state set asked = ? where card = ?", (to_json(asked), card))


def to_version_4(db: sqlite3.Connection) -> None:
    """Know the checksum of every event, so that one that is changed later can be told: see `quiz.store.seals`.

    And find the last number of a device by an index; and let fitted weights hold for all cards, if any came through
    sync while this was still a program of version 3, which did not know them.
    """
    db.execute("alter table event add column crc integer")
    db.execute(SEALED)
    seal(db)
    db.execute("create index if not exists event_by_device on event (device, seq)")
    if db.execute(ANY_WEIGHTS).fetchone() is not None:
        from quiz.store.bulk import mend_states

        with suppress(ValueError, TypeError):  # of an event that no replay can take: `quiz doctor` tells of it
            mend_states(db)


def to_version_5(db: sqlite3.Connection) -> None:
    """Replay all answers in the order of an index that holds what they say, and find what is due by such a one.

    See `quiz.store.rewriting` and `quiz.store.daily`.
    """
    db.execute("drop index if exists state_by_day")
    db.execute(
        "create index state_by_day on state (shown_from, stability, difficulty, day, due, last_recalled, danger) "
        "where stability is not null"
    )
    db.execute("drop index if exists event_by_card")
    db.execute(
        "create index event_by_card on event (card, at, device, seq, id, kind, day, rating, chance, retention) "
        "where card is not null"
    )
