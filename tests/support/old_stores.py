"""Histories as older versions of the program left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from quiz.sql import statements
from quiz.store import database


def as_version_2(path: Path) -> None:
    """Turn a history into one of version 2: its events have no checksums."""
    schema = statements(Path(database.__file__).with_name("to_version_3.sql"))
    table = next(text for text in schema if "create table event (" in text)
    columns = "number, id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("begin")
        db.execute("alter table event rename to newer")
        older = "\n".join(line for line in table.splitlines() if "crc integer" not in line)
        db.execute(older.replace("body text not null,", "body text not null"))
        db.execute(f"insert into event select {columns} from newer order by number")
        db.execute("drop table newer")
        for text in schema:
            if "create index" in text or "create trigger" in text:
                db.execute(text)
        db.execute("pragma user_version = 2")
        db.execute("commit")
