"""Where a run goes on whose history was moved, deleted or replaced under it: in a copy of what it still sees there.

The connection that is open sees all that was committed, also what other runs left in the write-ahead log. So the copy
lacks nothing, and the run writes to it as it wrote to the history. The next start takes in what the history at the path
lacks of it - whatever stands there by then - and puts the copy to the backups. Nothing is removed on the way. The name
of a copy tells which device wrote it: a history that is begun anew has a new name for it, to which its own settings go.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.errors import StoreError
from quiz.store.backup import folder_of, free_name, part_in, put_in_place
from quiz.store.database import STEPS, Tick, open_database
from quiz.store.events import Event
from quiz.store.rows import EVENT_COLUMNS, checksum, event_of
from quiz.store.seals import Sums
from quiz.store.sync.folder import sync_folder
from quiz.store.whereabouts import LOST

if TYPE_CHECKING:
    from quiz.store.history import History

BATCH = 20_000  # events taken in together: there may be a million
_NAME = re.compile(r"history-([0-9a-f]{8})-[0-9a-f]{12}\.sqlite")
_ROWS = f"select number, {EVENT_COLUMNS}, crc from event order by number"


def copy_of(db: sqlite3.Connection, history: Path, device: str) -> Path:
    """Copy what an open connection of this device sees into a file of its own; return it.

    Raises OSError, or sqlite3.Error, also for a history that is damaged.
    """
    folder = history.parent / LOST
    with part_in(folder) as part:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            copy.execute("pragma synchronous = off")  # the whole file is brought to the disk before it gets its name
            db.backup(copy)
            (sound,) = copy.execute("pragma quick_check(1)").fetchone()
            if sound != "ok":
                raise sqlite3.DatabaseError(sound)
            copy.execute("pragma journal_mode = delete")
        return put_in_place(part, [folder / f"history-{device}-{os.urandom(6).hex()}.sqlite"])


def take_in(history: History, tick: Tick | None = None) -> None:
    """Take in what the history lacks of the copies that lie beside it; `tick` is called again and again meanwhile.

    A copy that another program still writes to is read all the same, and left for the next start; so is one that cannot
    be read, which is told.
    """
    folder = history.path.parent / LOST
    for copy in sorted(folder.glob("history-*.sqlite")):
        try:
            _take(history, copy, tick)
            if not Path(f"{copy}-wal").exists():  # the last one to close a file removes its log
                _keep(history, copy)
        except (StoreError, sqlite3.Error, OSError, ValueError, TypeError) as error:  # the last two: of an odd event
            history.notes.append(f"What an earlier run wrote to {copy} is not in the history yet: {error}.")
    with suppress(OSError):
        folder.rmdir()


def _take(history: History, copy: Path, tick: Tick | None) -> None:
    with closing(open_database(copy, lambda _: None, tick=tick)) as db, _ticking(tick, db, history.connection):
        lacking, came = _lacking(history, db), False
        while events := list(islice(lacking, BATCH)):
            history.merge(events)
            came = True
        if came:
            history.put_sessions(db.execute("select id, day, started, open, body from session").fetchall())
        # Also when nothing came: an earlier start may have been killed before it got here.
        history.part_from_copy()
        if named := _NAME.fullmatch(copy.name):
            history.adopt_settings(named[1])


@contextmanager
def _ticking(tick: Tick | None, *connections: sqlite3.Connection) -> Iterator[None]:
    """Call `tick` again and again while the connections work."""
    for db in connections:
        db.set_progress_handler(tick, STEPS)
    try:
        yield
    finally:
        for db in connections:
            db.set_progress_handler(None, 0)


def _lacking(history: History, db: sqlite3.Connection) -> Iterator[Event]:
    """Yield the events of a copy that the history lacks. One that is not as it was written stays in the copy alone."""
    known = {name for (name,) in history.connection.execute("select id from event")}
    sums = Sums(db)
    for number, *row, crc in db.execute(_ROWS):
        if row[0] not in known and sums.of(number, crc) in (None, checksum(*row)):
            yield event_of(tuple(row))


def _keep(history: History, copy: Path) -> None:
    """Put a copy that was taken in to the backups."""
    kept = free_name(history.path, LOST, history.clock.now().at)
    kept.parent.mkdir(exist_ok=True, mode=0o700)
    copy.rename(kept)
    sync_folder(folder_of(history.path))
