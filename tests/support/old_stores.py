"""Histories as older versions of the program left them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path


def as_version(path: Path, version: int) -> None:
    """Turn a history of this program's version, closed, into one of an older version (1 to 4)."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("begin")
        db.execute("drop index event_by_card")
        db.execute("create index event_by_card on event (card, at, device, seq) where card is not null")
        db.execute("drop index state_by_day")
        db.execute("create index state_by_day on state (shown_from, stability) where stability is not null")
        if version < 4:
            _to_3(db)
        if version < 3:
            _to_2(db)
        if version < 2:
            _to_1(db)
        db.execute(f"pragma user_version = {version}")
        db.execute("commit")


def _to_3(db: sqlite3.Connection) -> None:
    """No event has a checksum, and the last number of a device is searched for."""
    db.execute("alter table event drop column crc")
    db.execute("drop table seal")
    db.execute("drop index event_by_device")


def _to_2(db: sqlite3.Connection) -> None:
    """What a question's right answer was is not known with the state, nor what was compared with the decks."""
    db.execute("drop index event_that_moves")
    db.execute("drop table compared")
    db.execute("drop table revised")
    for card, asked in db.execute("select card, asked from state").fetchall():
        short = {name: values[:3] for name, values in json.loads(asked).items()}
        db.execute("update state set asked = ? where card = ?", (json.dumps(short), card))


def _to_1(db: sqlite3.Connection) -> None:
    """Which cards were sure and wrong is not known."""
    db.execute("drop index event_by_kind")
    db.execute("create index event_by_kind on event (kind, number) where kind not in ('answer', 'session')")
    db.execute("drop index state_in_danger")
    db.execute("alter table state drop column danger")
