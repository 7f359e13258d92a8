"""Does a history lack what it held once? What lies beside it tells: its copies, and what the last syncs knew.

A history that was deleted is begun anew at the next start, and one that was put in the place of another is whole as
well: nothing in the file itself tells. But events are never taken away, but for a restore to exactly what a copy held
(`quiz.store.backup.meant` knows those) or what was let go (`let_go`). So an event of a copy that is not there was lost,
and so was the newest event that a sync noted.

`found` looks at every event of the copies that have more, for `quiz doctor`. A start that makes a history anew where
there was one leaves a mark beside it (`ANEW`), and as long as it is there each start looks at the end of each copy
(`note`): a stat is all that any other start pays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from quiz.errors import StoreError
from quiz.store.backup import AS_MEANT, Seen, backups, glance, is_raw, meant, ranked, verify
from quiz.store.database import ANEW, read_only
from quiz.store.examine import reading
from quiz.store.history import History
from quiz.store.rows import EVENT_COLUMNS, checksum
from quiz.store.seals import Sums
from quiz.store.sync.marks import forget, newest_known
from quiz.text import counted


class Copy(NamedTuple):
    """A copy that holds `missing` of its `events` alone; `first` is whether a restore takes it by itself."""

    path: Path
    events: int
    missing: int
    first: bool


class Missing(NamedTuple):
    """What a history lacks: the copy that holds most of it, if any, and the folders whose last sync knew more."""

    copy: Copy | None = None
    folders: tuple[str, ...] = ()


NOTHING = Missing()
LET_GO = "quiz backup --as-meant"  # the command that ends every question for it


def found(history: History) -> Missing:
    """Compare a history with its copies, event by event where they have more, and with what the last syncs knew.

    Raises StoreError when the folder of the copies cannot be read.
    """
    best: Copy | None = None
    for seen, first in _with_more(history):
        path = seen.backup.path
        with suppress(sqlite3.Error):
            events, missing = _compared(history, path)
            if missing > (best.missing if best else 0) and not verify(path).fault:
                best = Copy(path, events, missing, first)
    return Missing(best, _folders(history))


def note(history: History) -> str:
    """Return in a line what a history that was begun anew may still get back; "" where there is nothing any more.

    Then the mark is removed that makes each start ask.
    """
    try:
        more = _fullest_with_more(history)
    except StoreError:
        return ""
    begun = "The history that was here is gone, and a new one was begun."
    if more:
        seen, first = more
        name = "" if first else f" {seen.backup.path.name}"
        held = counted(seen.held.events, "event")
        return f"{begun} Put {held} back from the copy of {seen.backup.stamp[:10]} with: quiz backup --restore{name}"
    if folders := _folders(history):
        return f"{begun} What was synced comes back with: quiz sync {folders[0]} (or is let go with: {LET_GO})"
    with suppress(OSError):
        (history.path.parent / ANEW).unlink()
    return "" if history.newest()[0] else f"{begun} There is no copy of it."


def let_go(history: History) -> Path:
    """Take the history as it is for what is meant, and return the copy that says so.

    What older copies and syncs hold beside is asked for no more. The copies stay, and the next sync reads the whole
    folder. Raises StoreError when the copy cannot be made; then nothing is changed.
    """
    path = history.backup(AS_MEANT)
    with suppress(OSError):
        forget(history.path)
        (history.path.parent / ANEW).unlink(missing_ok=True)
    return path


def _with_more(history: History) -> Iterator[tuple[Seen, bool]]:
    """Yield the copies that may hold events which the history lacks, the fullest first, and whether it is the first.

    Events arrive in an order, so the last one of a copy tells - but where some are gone from the middle of the history:
    so the first copy is among them in any case.
    """
    for place, seen in enumerate(ranked(backups(history.path), history.clock.now().at)):
        last = _last(seen.backup.path)
        if not place or (last is not None and history.find(last[1]) is None):
            yield seen, not place


def _fullest_with_more(history: History) -> tuple[Seen, bool] | None:
    """Return the fullest of the copies whose last event the history lacks, and whether it is the fullest of all.

    By the number of that event, which is found at once: the events are counted only of the copy that is returned.
    """
    copies = meant((b for b in backups(history.path) if not is_raw(b)), history.clock.now().at)
    lasts = [(*last, b) for b in copies if (last := _last(b.path))]
    for place, (_, event, backup) in enumerate(sorted(lasts, key=lambda at: (at[0], at[2].stamp), reverse=True)):
        if history.find(event) is None and not (held := glance(backup)).fault:
            return Seen(backup, held), not place
    return None


def _last(copy: Path) -> tuple[int, str] | None:
    """Return number and id of the sound event that arrived last in a copy; None where none can be read.

    One that was changed afterwards is not put back, so that to ask for it would never end.
    """
    with suppress(sqlite3.Error, ValueError, TypeError), reading(copy) as db:
        if not any(name == "crc" for _, name, *_ in db.execute("pragma table_info(event)")):
            row = db.execute("select number, id from event order by number desc limit 1").fetchone()
            return (int(row[0]), str(row[1])) if row else None
        sums: Sums | None = None
        for number, *row, crc in db.execute(f"select number, {EVENT_COLUMNS}, crc from event order by number desc"):
            if crc is None and sums is None:  # those of before version 4 stand elsewhere
                sums = Sums(db)
            right = crc if sums is None else sums.of(number, crc)
            if right is None or checksum(*row) == right:
                return int(number), str(row[0])
    return None


def _compared(history: History, copy: Path) -> tuple[int, int]:
    """Return how many events a copy has, and how many of them the history lacks. Raises sqlite3.Error."""
    with closing(history.reader()) as db:
        db.execute("attach ? as copied", (read_only(copy),))
        (events,) = db.execute("select count(*) from copied.event").fetchone()
        (missing,) = db.execute(
            "select count(*) from copied.event c where not exists (select 1 from main.event e where e.id = c.id)"
        ).fetchone()
    return int(events), int(missing)


def _folders(history: History) -> tuple[str, ...]:
    """Return the sync folders whose last sync knew an event that the history does not hold."""
    return tuple(folder for folder, event in newest_known(history.path) if event and history.find(event) is None)
