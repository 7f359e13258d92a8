"""Histories as earlier versions of the program left them, made by the tables that those versions had.

`schemas/version-N.sql` are those tables, word for word. They are never changed; a new version adds a file.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from quiz.memory import StudyDay
from quiz.sql import statements
from quiz.store.database import APPLICATION_ID, SCHEMA_VERSION
from quiz.store.derive import replay
from quiz.store.events import Event
from quiz.store.rows import STATE_COLUMNS, event_row, state_row

SCHEMAS = Path(__file__).with_name("schemas")
OLD = [version for version in (1, 2, 3, 4) if version < SCHEMA_VERSION]
KEPT = "number, id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body"
DEVICE = "0a0b0c0d"
_START = 1_700_000_000_000
_STATE = ["card", "shown_from", *STATE_COLUMNS.split(", ")]


def lived_in(answers: int, cards: int, seed: int = 1, device: str = DEVICE) -> list[Event]:
    """Return the events of somebody who answered for months: some surely and wrongly, some taken back."""
    chance = random.Random(seed)
    events: list[Event] = []
    for number in range(answers):
        at = _START + number * 600_000
        card, rating = f"c{chance.randrange(cards)}", chance.choice((1, 2, 3, 3, 3, 4))
        sure = {"certainty": "high"} if chance.random() < 0.1 else {}
        body = {"question": chance.choice("qr"), "mark": float(rating > 1), "answer": f"{number % 3:08x}", **sure}
        head = (at, 60, StudyDay(at // 86_400_000))
        seq = len(events) + 1
        answer = Event(_id(device, seq), "answer", *head, card, rating=rating, body=body, device=device, seq=seq)
        events.append(answer)
        if chance.random() < 0.03:
            undo = Event(_id(device, seq + 1), "undo", at + 1, *head[1:], card, answer.id, device=device, seq=seq + 1)
            events.append(undo)
    return events


def _id(device: str, seq: int) -> str:
    return f"{device}{seq:024x}"


def write_old(path: Path, version: int, events: Sequence[Event]) -> None:
    """Write a history of an earlier version, closed as that program closed it."""
    path.parent.mkdir(parents=True)
    (path.parent / "device").write_text(DEVICE + "\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("begin")
        for statement in statements(SCHEMAS / f"version-{version}.sql"):
            db.execute(statement)
        db.execute(f"pragma application_id = {APPLICATION_ID}")
        db.execute(f"pragma user_version = {version}")
        columns = KEPT.removeprefix("number, ") + (", crc" if version >= 4 else "")
        marks = ", ".join("?" * len(columns.split(", ")))
        rows = (event_row(event)[: marks.count("?")] for event in events)
        db.executemany(f"insert into event ({columns}) values ({marks})", rows)
        _write_states(db, version, events)
        db.execute("commit")
        db.execute("pragma journal_mode = wal")


def _write_states(db: sqlite3.Connection, version: int, events: Sequence[Event]) -> None:
    """Write where the cards stand, in the columns that the version had."""
    had = {name for _, name, *_ in db.execute("pragma table_info(state)")}
    columns = [name for name in _STATE if name in had]
    of_card: dict[str, list[Event]] = {}
    for event in events:
        of_card.setdefault(event.card or "", []).append(event)
    for card, own in of_card.items():
        state = replay(own)
        values = dict(zip(_STATE, state_row(card, state), strict=True))
        if version < 3:  # which answer was right was not kept then
            values["asked"] = (
                "{" + ",".join(f'"{q}":[{a.times},{a.last},{a.mark}]' for q, a in state.asked.items()) + "}"
            )
        marks = ", ".join("?" * len(columns))
        db.execute(f"insert into state ({', '.join(columns)}) values ({marks})", [values[name] for name in columns])
