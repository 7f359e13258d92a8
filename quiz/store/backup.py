"""Copies of a history: written beside it, opened again and compared before they count as made.

A copy is made before each migration, before each restore, by hand, and at the end of the first run of a day (UTC) that
wrote something: never before a question. Only the daily ones are thinned, and only after a new one was verified that
has the last event of each of them. None is removed that holds an event which the new one lacks. Of those kept is

- each of the last 8 days,
- the last one of each week (Monday to Sunday) of the last 60 days,
- the last one of each month of the last 366 days,
- the last one of each year before that.

At most two are removed at a time. Time is what a clock says, and clocks are wrong now and then: a copy from the future
is left alone and counts for nothing, and after more than 30 days without a copy nothing is removed until there were
copies on 14 days, so that a clock that is ahead by years for a while thins nothing.

Which copy a restore takes by itself is told by what it holds, not by its time (`ranked`).
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from quiz.clock import iso
from quiz.errors import StoreDamagedError, StoreError
from quiz.paths import private_folder
from quiz.store import database
from quiz.store.sync.folder import sync_folder
from quiz.whole import lock, put, sweep

DAY_MS = 86_400_000
DAYS, WEEKS, MONTHS = 8, 60, 366  # ages in days up to which one is kept for each day, week and month
MOST_REMOVED = 2
LEAP = 30  # days without a copy after which the clock may have been set ahead,
SETTLED = 14  # and days with one until it is believed
PAGES = 4096  # copied between two ticks
DAILY, DAMAGED = "daily", "damaged"
BEFORE, PUT_BACK = "before-restore", "as-restored"  # before a restore; and after one that gave exactly what a copy held
AS_MEANT = "as-meant"  # of a history of which somebody said that what it lacks is let go
RAW = "a damaged history as it was found"  # what is wrong with such a copy
_NAME = re.compile(r"history-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)-([a-z0-9-]+)\.sqlite")


class Backup(NamedTuple):
    """A copy: its file, when it was made (`2026-11-22T10-00-00`, UTC) and why. One that is `damaged` is raw bytes."""

    path: Path
    stamp: str
    reason: str


class Verified(NamedTuple):
    """What a copy holds, and what is wrong with it, if anything. `version` is that of its tables."""

    events: int
    version: int
    fault: str


def folder_of(history: Path) -> Path:
    """Return where the copies of a history lie."""
    return history.parent / database.COPIES


def backups(history: Path) -> list[Backup]:
    """Return the copies there are, the latest first. Raises StoreError when the folder cannot be read."""
    folder = folder_of(history)
    try:
        names = [path.name for path in folder.iterdir()] if folder.exists() else []
    except OSError as error:
        raise database.file_error(history, error) from error
    found = [Backup(folder / name, *match.groups()) for name in names if (match := _NAME.fullmatch(name))]
    return sorted(found, key=lambda b: (b.stamp, len(b.path.name), b.path.name), reverse=True)


def back_up(history: Path, reason: str, at: int, tick: database.Tick | None = None) -> Path:
    """Copy `history` into `backups/` beside it and return the verified copy. The file may be open and in use.

    The copy is named after the time `at` (UTC milliseconds) and the reason; `tick` is called again and again.
    Raises StoreDamagedError when the original is damaged, StoreError when the copy cannot be written.
    """
    path = next(_names(history, reason, at))
    try:
        with part_in(folder_of(history)) as part:
            there = _copy(history, part, tick)
            sound, copied = _counted(part, tick)
            if sound != "ok":
                raise StoreDamagedError(f"{history} is damaged ({' '.join(sound.split())})", database.RESTORE)
            if copied != there:
                raise StoreError(f"the backup {path} does not hold what the history holds", "check the disk")
            return put_in_place(part, _names(history, reason, at))
    except sqlite3.Error as error:
        damaged = database.store_error(history, error)
        raise (damaged if isinstance(damaged, StoreDamagedError) else unwritten(path, error)) from error
    except OSError as error:
        raise unwritten(path, error) from error


def unwritten(path: Path, error: Exception) -> StoreError:
    """Return in words that a copy could not be written."""
    return StoreError(f"the backup {path} cannot be written ({error})", "make room or check your rights")


def _copy(history: Path, part: Path, tick: database.Tick | None) -> int:
    """Copy the database as it is at one moment and return how many events it held."""
    # A connection of its own: the caller's may be inside the transaction of a migration.
    with (
        closing(sqlite3.connect(f"{history.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        copy.execute("pragma synchronous = off")  # the whole file is brought to the disk once, before it gets its name
        source.execute("begin")  # one view of the history for the count and the copy: events may arrive meanwhile
        (there,) = source.execute("select count(*) from event").fetchone()
        if tick:
            tick()
        source.backup(copy, pages=PAGES, progress=(lambda *_: tick()) if tick else None)
        copy.execute("pragma journal_mode = delete")
    return int(there)


def _counted(path: Path, tick: database.Tick | None) -> tuple[str, int]:
    """Return what SQLite finds wrong in a file, or `ok`, and how many events it holds.

    Whether the indexes agree with the tables, which takes ten times longer, is left to `verify` and `quiz doctor`: they
    can be made anew.
    """
    with closing(sqlite3.connect(database.read_only(path), uri=True)) as db:
        db.set_progress_handler(tick, database.STEPS)
        (sound,) = db.execute("pragma quick_check(1)").fetchone()
        (events,) = db.execute("select count(*) from event").fetchone()
    return str(sound), int(events)


def _stamp(at: int) -> str:
    return iso(at)[:19].replace(":", "-")


def _names(history: Path, reason: str, at: int) -> Iterator[Path]:
    """Yield names for a copy: the first that is free will be taken."""
    stem = f"history-{_stamp(at)}-{reason}"
    yield folder_of(history) / f"{stem}.sqlite"
    for number in range(2, 10_000):
        yield folder_of(history) / f"{stem}-{number}.sqlite"


def free_name(history: Path, reason: str, at: int) -> Path:
    """Return a name for a copy that no file has."""
    return next(path for path in _names(history, reason, at) if not os.path.lexists(path))


@contextmanager
def part_in(folder: Path) -> Iterator[Path]:
    """Yield a new file in `folder` to be filled, and remove it at the end if it is still there.

    Its name is nobody else's, and it is held by a lock: what a killed program left is known by that, and removed.
    Raises OSError.
    """
    private_folder(folder)
    _sweep(folder)
    part = folder / f"history-{os.urandom(6).hex()}.part"
    held = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        lock(held)
        yield part
    finally:
        os.close(held)
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{part}{ending}").unlink()


def _sweep(folder: Path) -> None:
    """Remove what killed programs left half written, and what SQLite had laid beside it."""
    sweep(folder, "history-*.part")
    for rest in folder.glob("history-*.part-*"):
        if not Path(str(rest).rpartition("-")[0]).exists():
            with suppress(OSError):
                rest.unlink()


def put_in_place(part: Path, named: Iterable[Path]) -> Path:
    """Bring a file to the disk and give it the first of the names that is free; return it. Raises OSError."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.chmod(0o600)
    for name in named:
        with suppress(FileExistsError):
            put(part, name)
            sync_folder(name.parent)
            return name
    raise FileExistsError(str(part))


# -- every day --------------------------------------------------------------------------------------------------------


def daily(history: Path, at: int) -> Path | None:
    """Make today's copy unless there is one, and thin the old ones; return the copy. Raises StoreError.

    `at` is now, in UTC milliseconds.
    """
    today = iso(at)[:10]
    before = [b for b in backups(history) if not is_raw(b)]
    if any(b.stamp[:10] == today for b in before):
        return None
    path = back_up(history, DAILY, at)
    sweep(history.parent)
    with suppress(sqlite3.Error, OSError, ValueError):
        # Where one has what came later, an older history stands in the place of this one, or it was begun anew. Until
        # that is put back nothing is removed: not even one from years ago, which may be all there is.
        if all(_holds_last(path, b.path) for b in meant(before, at)):
            thin([b for b in before if b.reason.startswith(DAILY)], date.fromisoformat(today), path)
    return path


def _holds_last(whole: Path, copy: Path) -> bool:
    """Whether a copy has the event that arrived last in another; so it is where that has none that can be read."""
    try:
        with closing(sqlite3.connect(database.read_only(copy), uri=True)) as db:
            last = db.execute("select id from event order by number desc limit 1").fetchone()
    except sqlite3.Error:
        return True
    with closing(sqlite3.connect(database.read_only(whole), uri=True)) as db:
        return last is None or db.execute("select 1 from event where id = ?", last).fetchone() is not None


def _holds_all(whole: Path, copy: Path) -> bool:
    """Whether a copy has every event of another. What cannot be read to its end may hold more."""
    try:
        with closing(sqlite3.connect(database.read_only(whole), uri=True)) as db:
            db.execute("attach ? as copied", (database.read_only(copy),))
            # By the table itself: an index of a damaged file may lack some.
            lacking = "select 1 from copied.event not indexed where id not in (select id from main.event) limit 1"
            return db.execute(lacking).fetchone() is None
    except sqlite3.Error:
        return False


def thin(made: Iterable[Backup], today: date, whole: Path) -> None:
    """Remove daily copies that the rule above does not keep, the oldest first. Raises OSError.

    One that holds an event which the copy `whole` does not have stays.
    """
    by_day: dict[date, list[Backup]] = {}
    for backup in made:
        by_day.setdefault(date.fromisoformat(backup.stamp[:10]), []).append(backup)
    if not settled(by_day, today):
        return
    removed = 0
    for day in sorted(superfluous(by_day, today)):
        needless = [b for b in by_day[day] if _holds_all(whole, b.path)]
        for backup in needless:
            backup.path.unlink()
        removed += bool(needless)
        if removed == MOST_REMOVED:
            return


def settled(days: Iterable[date], today: date) -> bool:
    """Whether `today` can be relied on: the copies of the last days lead up to it without a leap."""
    recent = sorted((day for day in days if day <= today), reverse=True)[:SETTLED]
    return all((later - day).days <= LEAP for later, day in pairwise([today, *recent]))


def superfluous(days: Iterable[date], today: date) -> set[date]:
    """Return the days whose copy the rule does not keep."""
    latest: dict[object, date] = {}
    for day in days:
        age = (today - day).days
        if age <= DAYS:
            continue
        place: object = (day.isocalendar()[:2], "week")
        if age > MONTHS:
            place = day.year
        elif age > WEEKS:
            place = (day.year, day.month)
        latest[place] = max(latest.get(place, day), day)
    kept = set(latest.values())
    return {day for day in days if (today - day).days > DAYS and day not in kept}


# -- looking at one ---------------------------------------------------------------------------------------------------


def glance(backup: Backup) -> Verified:
    """Look at a copy without reading it: its first page, its length, and how many events an index counts.

    What else may be wrong with it only `verify` tells. A raw copy of a damaged history is never opened.
    """
    fault = RAW if is_raw(backup) else _not_ours(backup.path) or _cut_off(backup.path)
    if fault:
        return Verified(0, 0, fault)
    try:
        with closing(sqlite3.connect(database.read_only(backup.path), uri=True)) as db:
            (version,) = db.execute("pragma user_version").fetchone()
            (events,) = db.execute("select count(*) from event").fetchone()
    except sqlite3.Error as error:
        return Verified(0, 0, str(error))
    return Verified(int(events), int(version), "")


def _cut_off(path: Path) -> str:
    """Say that a file is shorter than its first page tells, if it is (SQLite's file format, section 1.3)."""
    try:
        with path.open("rb") as file:
            head, size = file.read(100), os.fstat(file.fileno()).st_size
    except OSError as error:
        return (error.strerror or str(error)).lower()
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big") if head[24:28] == head[92:96] else 0  # else an old program wrote it
    return "its end is missing" if size < (65_536 if page == 1 else page) * pages else ""


def is_raw(backup: Backup) -> bool:
    """Whether a copy is of a damaged history, byte for byte."""
    return backup.reason == DAMAGED or backup.reason.startswith(f"{DAMAGED}-")


def verify(path: Path) -> Verified:
    """Look through a copy: the file, its tables and every event. Nothing is written to it."""
    from quiz.store.examine import integrity_of, reading, structure, unsound_events

    fault = _not_ours(path)
    if fault:
        return Verified(0, 0, fault)
    integrity: list[str] = []
    thread = threading.Thread(target=lambda: integrity.append(integrity_of(path)))
    thread.start()
    events = version = 0
    try:
        with reading(path) as db:
            (version,) = db.execute("pragma user_version").fetchone()
            (events,) = db.execute("select count(*) from event").fetchone()
            if version == database.SCHEMA_VERSION:
                fault = next((what for what in structure(db) if what.startswith("table")), "")
                fault = fault or next((f"event {e.number}: {e.wrong}" for e in unsound_events(db)), "")
            elif version > database.SCHEMA_VERSION:
                fault = "written by a newer version of this program"
            elif not database.fits(db, version) or version == 0:
                fault = f"its version cannot be {version}"
    except (sqlite3.Error, ValueError, TypeError) as error:
        fault = str(error)
    finally:
        thread.join()
    return Verified(events, version, integrity[0] if integrity[0] != "ok" else fault)


def _not_ours(path: Path) -> str:
    """Say why a file is no history of this program, if it is none."""
    try:
        if not path.is_file():
            return "not a file"
        return database.foreign(path)
    except OSError as error:
        return (error.strerror or str(error)).lower()


# -- which one to take ------------------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """A copy, and what a glance at it tells."""

    backup: Backup
    held: Verified


def from_future(backup: Backup, at: int) -> bool:
    """Whether a copy bears a time that has not come (`at` is now, UTC ms): the clock was ahead, or is behind."""
    return backup.stamp > _stamp(at + DAY_MS)


def meant(found: Iterable[Backup], at: int) -> list[Backup]:
    """Return the copies without those that hold what somebody let go.

    Where a history was put back exactly as a copy had it, or was said to be as it is meant, those from before that have
    more, and it was not wanted. But where none since then can be opened, or only ones without an event that nobody
    said were meant (as is made before a restore into nothing), they are all there is.
    """
    found = list(found)
    marks = PUT_BACK, AS_MEANT
    let_go = [b.stamp for b in found if b.reason.startswith(marks) and not from_future(b, at)]
    if not let_go:
        return found
    since = max(let_go)
    kept = [b for b in found if b.stamp > since or (b.stamp == since and b.reason.startswith(marks))]
    held = ((b, glance(b)) for b in kept)
    return kept if any(not seen.fault and (seen.events or b.reason.startswith(marks)) for b, seen in held) else found


def ranked(found: Iterable[Backup], at: int) -> list[Seen]:
    """Return the copies that can be put back, as far as a glance tells, in the order in which a restore takes them.

    Those with the most events come first, of equal ones the later. By what they hold, not by their time: a copy that a
    clock made years ahead is the latest for years, and those of a history that was begun anew are later than those of
    the one that was there before. `at` is now, in UTC milliseconds.
    """
    return _ranked(b for b in meant(found, at) if not is_raw(b))


def _ranked(found: Iterable[Backup]) -> list[Seen]:
    seen = [Seen(b, glance(b)) for b in found]
    return sorted((s for s in seen if not s.held.fault), key=lambda s: (s.held.events, s.backup.stamp), reverse=True)


def _first_sound(order: Iterable[Seen]) -> tuple[Seen | None, list[tuple[Backup, str]]]:
    """Return the first copy in which nothing is wrong, if there is one, and the damaged ones before it."""
    damaged: list[tuple[Backup, str]] = []
    for seen in order:
        fault = verify(seen.backup.path).fault
        if not fault:
            return seen, damaged
        damaged.append((seen.backup, fault))
    return None, damaged


class Chosen(NamedTuple):
    """The copy that a restore takes by itself (None: there is none); those of a later time that hold less.

    `damaged` are those that would have come before it, or bear a later time, each with the reason.
    """

    taken: Seen | None
    later: list[Seen]
    damaged: list[tuple[Backup, str]]


def choose(history: Path, at: int) -> Chosen:
    """Find the first of the `ranked` copies that is sound: they are read for that. `at` is now, in UTC milliseconds.

    Raises StoreError when the folder cannot be read.
    """
    found = [b for b in backups(history) if not is_raw(b)]
    wanted = meant(found, at)
    order = _ranked(wanted)
    taken, damaged = _first_sound(order)
    if taken is None and len(wanted) < len(found):  # then those from before are better than nothing
        order += _ranked(b for b in found if b not in wanted)
        taken, more = _first_sound(order[len(damaged) :])
        damaged += more
    stamp, most = (taken.backup.stamp, taken.held.events) if taken else ("", 0)
    known = {seen.backup for seen in order}
    damaged += [(b, glance(b).fault) for b in wanted if b not in known and b.stamp > stamp]
    told = {b for b, _ in damaged}
    later = [s for s in order if s.backup.stamp > stamp and s.held.events < most and s.backup not in told]
    return Chosen(taken, sorted(later, key=lambda s: s.backup.stamp, reverse=True), damaged)
