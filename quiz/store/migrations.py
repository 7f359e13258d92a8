"""Brings the tables of older versions up to date, each step inside the transaction of `open_database`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from quiz.sql import statements
from quiz.store.derive import replay
from quiz.store.rows import PUT_STATE, SELECT, checksum, event_of, state_row


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
    """Give every event a checksum, so that one that is changed later can be told.

    Events are never changed, and so they are copied into a table that has the column, in their order of arrival.
    """
    db.create_function("event_checksum", 13, checksum, deterministic=True)
    for statement in statements(Path(__file__).with_name("to_version_3.sql")):
        db.execute(statement)
