"""Puts a backup back, and loses nothing by it.

The history as it is now is saved first. Then the result is the union by id of the backup's events and of every sound
event of the present history: what was answered after the backup was made stays, since to take answers back is what
undo is for, and since a numbering that began anew would not merge with what other devices have.

That is, unless the history is to be `exactly` what the backup holds, as after a sync with the folder of somebody else:
then it is replaced, and what it has beside stays in the copy that was made first (and comes back through sync).

Where the present history is sound, what it lacks is added to it in one transaction: other programs may have it open.
Where it is damaged, a new file is made beside it and takes its place in one step; nobody else may have it open then.
Events that are damaged in both stay in the saved file alone, and are told.

Of a backup that is damaged those events are put back of which a checksum says that they are as they were written.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from quiz.clock import Clock
from quiz.errors import StoreDamagedError, StoreError, UnreadableError
from quiz.store.backup import (
    BEFORE,
    DAMAGED,
    PUT_BACK,
    Backup,
    Seen,
    back_up,
    backups,
    choose,
    folder_of,
    free_name,
    part_in,
    put_in_place,
    unwritten,
    verify,
)
from quiz.store.bulk import mend_states
from quiz.store.database import (
    BUSY_SECONDS,
    DEVICE,
    SCHEMA_VERSION,
    file_error,
    foreign,
    open_database,
    store_error,
    writing,
)
from quiz.store.examine import examine, reading, renew_states, renew_structure
from quiz.store.history import History, device_of
from quiz.store.merge import same
from quiz.store.rows import EVENT_COLUMNS, INSERT, checksum, event_of, event_row
from quiz.store.seals import Sums
from quiz.store.sync.folder import sync_folder
from quiz.store.sync.lines import event_of as event_of_line
from quiz.store.sync.lines import line_of
from quiz.store.sync.marks import forget
from quiz.store.twins import unsettled
from quiz.whole import whole_file

SHARED_FIRST, SHARED_SIZE = 0x40000002, 510  # the bytes that SQLite locks in a file that is open (its pager's format)

_WIDTH = EVENT_COLUMNS.count(",") + 1
_ROWS = f"select number, {EVENT_COLUMNS}, crc from event where number > ? order by number"
_PUT = f"insert into event (number, {EVENT_COLUMNS}, crc) values ({', '.join('?' * (_WIDTH + 2))})"

Row = tuple[Any, ...]


class Restored(NamedTuple):
    """What was put back.

    `saved` is the history as it was (None if there was none), `added` counts the events that the present history did
    not have, `newer` those that the backup does not have, `lost` those that could be read in neither. `unchecked` are
    those of `newer` that come from a damaged file of an older version, which had no checksums: they can be what was
    answered, and nothing tells whether they are. `fault` is what is wrong with the backup, and `left` how many of its
    events were read and left out for it; what cannot be read is not counted.
    """

    backup: Path
    saved: Path | None
    events: int
    added: int
    newer: int
    lost: int
    unchecked: int = 0
    fault: str = ""
    left: int = 0


class PutBack(NamedTuple):
    """What a restore without a name came to: of the copy that was taken, and of damaged ones that held more.

    `later` are copies with a later time that hold less, and were passed over.
    """

    done: Restored
    besides: tuple[Restored, ...] = ()
    later: tuple[Seen, ...] = ()


def restore_fullest(
    history: Path, clock: Clock, passed_over: Callable[[Backup, str], None], *, exactly: bool = False
) -> PutBack:
    """Put back the sound copy that holds the most, then what is sound in damaged ones that may hold more.

    `passed_over` is told each damaged one and what is wrong with it. Raises UnreadableError where nothing sound is to
    be had, StoreError as `restore` does.
    """
    found = choose(history, clock.now().at)
    for backup, why in found.damaged:
        passed_over(backup, why)
    done = [restore(history, found.taken.backup.path, clock, exactly=exactly)] if found.taken else []
    for backup, _ in () if exactly else found.damaged:
        # No error of a damaged copy may hide that a sound one was put back.
        with suppress(UnreadableError, *([StoreError] if done else [])):
            more = restore(history, backup.path, clock)
            done += [more] if more.added else []
    if not done:
        raise UnreadableError(f"there is no sound backup in {folder_of(history)}", "name a file to restore")
    return PutBack(done[0], tuple(done[1:]), tuple(found.later) if found.taken else ())


def restore(
    history: Path, backup: Path, clock: Clock, busy: float = BUSY_SECONDS, *, exactly: bool = False
) -> Restored:
    """Put a backup back; with `exactly`, without what the present history has beside.

    Raises UnreadableError for a backup that is none, one of which no sound event can be read, and with `exactly` one
    that is damaged; StoreError when the history cannot be written or is in use. Then everything is as it was.
    """
    _, version, fault = verify(backup)
    if fault and (exactly or version > SCHEMA_VERSION or not _ours(backup)):
        raise _damaged(backup, fault)
    at = clock.now().at
    try:
        with part_in(folder_of(history)) as part:
            left = _read_out(backup, part, fault) if fault else 0
            if not fault:
                _brought_up(backup, part)
            forget(history)  # whatever becomes of this: the next sync reads all and writes all that is not there
            opened = _sound(history, clock, busy)
            if opened is None:
                return _replaced(history, backup, part, clock, exactly=exactly)._replace(fault=fault, left=left)
            with closing(opened):
                if fault and _has_all(opened, part):
                    return Restored(backup, None, opened.count(), 0, 0, 0, fault=fault, left=left)
                if not exactly:
                    return _added(opened, backup, part, at)._replace(fault=fault, left=left)
                saved = back_up(opened.path, BEFORE, at)
            return _exchanged(history, backup, part, clock, saved)
    except sqlite3.Error as error:
        raise store_error(history, error) from error
    except OSError as error:
        raise file_error(history, error) from error


def _brought_up(backup: Path, part: Path) -> None:
    """Copy a backup to where it may be changed, and bring its tables to this program's version."""
    shutil.copyfile(backup, part)
    with closing(sqlite3.connect(part)) as db:
        (version,) = db.execute("pragma user_version").fetchone()
    if version < SCHEMA_VERSION:
        with closing(open_database(part, lambda _: None)) as db:
            db.execute("pragma journal_mode = delete")
    if fault := verify(part).fault:
        raise UnreadableError(f"the backup {backup} cannot be used ({fault}); nothing was restored", "take another")


def _damaged(backup: Path, fault: str) -> UnreadableError:
    return UnreadableError(f"the backup {backup} is damaged ({fault}); nothing was restored", "take another")


def _ours(backup: Path) -> bool:
    """Whether the first page of a file says that it is a history of this program."""
    try:
        return backup.is_file() and not foreign(backup)
    except OSError:
        return False


def _read_out(backup: Path, part: Path, fault: str) -> int:
    """Fill a new history with the sound events of a damaged backup; return how many were read that are not sound.

    Raises UnreadableError where there are none, or no checksum tells (a copy of an older version).
    """
    with closing(open_database(part, lambda _: None)) as db:
        db.execute("pragma journal_mode = delete")
    left, unchecked, _ = _union(part, [backup], exactly=True)
    if unchecked or not _events_in(part) or verify(part).fault:
        raise _damaged(backup, fault)
    return left


def _has_all(opened: History, part: Path) -> bool:
    """Whether the present history has every event of a file."""
    with reading(part) as source:
        return all(opened.find(event) is not None for (event,) in source.execute("select id from event"))


def _sound(history: Path, clock: Clock, busy: float) -> History | None:
    """Return the present history, opened, if all that is in it can be kept there."""
    if not history.exists():
        return None
    try:
        opened = History(history, clock, busy)
    except StoreDamagedError:
        return None
    found = examine(opened)
    tables = any(what.startswith("table") for what in found.structure)
    if found.integrity == "ok" and not (found.unsound or found.unreadable or tables):
        return opened
    opened.close()
    return None


# -- into a sound history ---------------------------------------------------------------------------------------------


def _added(opened: History, backup: Path, part: Path, at: int) -> Restored:
    """Add what the history lacks, in one transaction."""
    saved = back_up(opened.path, BEFORE, at)
    db = opened.connection
    with reading(part) as source, writing(db):
        sums, held = Sums(source), Sums(db)
        known = {i: held.of(number, crc) for number, i, crc in db.execute("select number, id, crc from event")}
        rows = (_with_sum(row, sums) for row in source.execute(_ROWS, (-1,)))
        missing = [row for row in rows if not _there(opened, known, row, backup)]
        newer = len(known) + len(missing) - source.execute("select count(*) from event").fetchone()[0]
        if missing:
            _put(db, missing)
        settled = _settle(db)
        if missing or settled:
            mend_states(db)
        if missing:
            _name_anew(opened.path)
    if missing:
        forget(opened.path)  # another program may have synced meanwhile
        opened.go_by_new_name(opened.device)
    return Restored(backup, saved, len(known) + len(missing) + settled, len(missing), newer, 0)


def _settle(db: sqlite3.Connection) -> int:
    """Let each review that came through Anki count once; return how many events that took."""
    found = unsettled(db)
    db.executemany(INSERT, map(event_row, found))
    return len(found)


def _with_sum(row: Row, sums: Sums) -> Row:
    """Return an event with its checksum, wherever that stands. One that has none gets it now."""
    known = sums.of(row[0], row[-1])
    return (*row[:-1], checksum(*row[1:-1]) if known is None else known)


def _there(opened: History, known: dict[str, int | None], row: Row, backup: Path) -> bool:
    """Whether an event is known; `known` are the checksums by id. Raises StoreError if the known one says otherwise."""
    if row[1] not in known:
        return False
    if known[row[1]] == row[-1]:
        return True
    here = opened.find(row[1])
    if here is None or not same(here, event_of(row[1:-1])):
        what = f"the event {row[1]} of the card {row[8]} says one thing in the history and another in {backup}"
        raise StoreError(f"{what}; nothing was restored", "keep both files and report it")
    return True


def _put(db: sqlite3.Connection, rows: Iterable[Row]) -> int:
    """Insert events, each at its own place in the order of arrival if that is free; return how many."""
    added = 0
    for row in rows:
        taken = db.execute("select 1 from event where number = ?", (row[0],)).fetchone()
        db.execute(_PUT, (None, *row[1:]) if taken else row)
        added += 1
    return added


def _name_anew(history: Path) -> None:
    """Give this device another name: numbers it has given already may be unknown to it now."""
    path = history.parent / DEVICE
    with whole_file(path, over=True, mode=0o600) as file:
        file.write(os.urandom(4).hex().encode() + b"\n")


# -- in place of a damaged one ----------------------------------------------------------------------------------------


def _exchanged(history: Path, backup: Path, part: Path, clock: Clock, saved: Path) -> Restored:
    """Let the backup take the place of a sound history, of which a copy was `saved`."""
    old = device_of(history.parent)
    with _alone_with(history):
        if verify(saved).events != _events_in(history):
            raise StoreError(f"the history {history} was written to meanwhile", "restore again")
        _put_there(part, history)
    _go_on(history, clock, old)
    with suppress(StoreError):  # it tells the next restore where to begin, see `quiz.store.backup.meant`
        back_up(history, PUT_BACK, clock.now().at)
    return Restored(backup, saved, verify(backup).events, 0, 0, 0)


def _events_in(history: Path) -> int:
    with reading(history) as db:
        return int(db.execute("select count(*) from event").fetchone()[0])


def _put_there(part: Path, history: Path) -> None:
    """Let a file take the place of the history, under another name of this device."""
    with part.open("rb+") as ready:
        os.fsync(ready.fileno())
    _name_anew(history)
    # Before the file, never after: frames of the old one would be taken for part of the new.
    for ending in ("-wal", "-shm"):
        Path(f"{history}{ending}").unlink(missing_ok=True)
    part.replace(history)
    sync_folder(history.parent)


def _go_on(history: Path, clock: Clock, old: str) -> None:
    """Let the settings of this device alone go with its new name."""
    if old:
        with closing(History(history, clock)) as opened:
            opened.go_by_new_name(old)


def _replaced(history: Path, backup: Path, part: Path, clock: Clock, *, exactly: bool) -> Restored:
    """Save the damaged file byte for byte, and let the backup with all that could be read there take its place."""
    old = device_of(history.parent)
    with _alone_with(history) as file:
        saved = _save_raw(history, file, clock.now().at) if file is not None else None
        held = _events_in(part)
        damaged = [] if exactly else [b.path for b in backups(history) if b.reason.startswith(DAMAGED)]
        lost, unchecked, settled = _union(part, damaged, exactly=exactly)
        found = verify(part)
        if found.fault:
            raise StoreError(
                f"the restored history is not sound ({found.fault}); nothing was changed", "check the disk"
            )
        _put_there(part, history)
    _go_on(history, clock, old)
    if exactly:
        with suppress(StoreError):
            back_up(history, PUT_BACK, clock.now().at)
    return Restored(backup, saved, found.events, held, found.events - held - settled, lost, unchecked)


@contextmanager
def _alone_with(history: Path) -> Iterator[int | None]:
    """Open the file (None if there is none) so that no other program has it open. Raises StoreError if one has."""
    try:
        file = os.open(history, os.O_RDWR)
    except FileNotFoundError:
        yield None
        return
    try:
        with suppress(ImportError):
            import fcntl

            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_SIZE, SHARED_FIRST)
            except (BlockingIOError, PermissionError) as error:
                mend = "close it, then restore again"
                raise StoreError(f"another program has the history {history} open", mend) from error
        yield file
    finally:
        os.close(file)


def _save_raw(history: Path, file: int, at: int) -> Path:
    """Copy a damaged file, and the writes that wait beside it, byte for byte. `file` is the file, open.

    It must not be opened a second time: closing that would let the lock go.
    """
    name = free_name(history, DAMAGED, at)
    wal = Path(f"{history}-wal")
    try:
        with part_in(folder_of(history)) as part:
            if wal.exists():
                shutil.copyfile(wal, part)
                put_in_place(part, [Path(f"{name}-wal")])
        with part_in(folder_of(history)) as part:
            with part.open("wb") as copy:
                os.lseek(file, 0, os.SEEK_SET)
                while block := os.read(file, 1 << 20):
                    copy.write(block)
            return put_in_place(part, [name])
    except OSError as error:
        raise unwritten(name, error) from error


def _union(part: Path, damaged: Iterable[Path], *, exactly: bool) -> tuple[int, int, int]:
    """Add every sound event of damaged files to a backup, and nothing else if it is to be `exactly`; derive the states.

    Return how many could not be read, how many had no checksum, and how many were written so that nothing counts twice.
    """
    lost: set[object] = set()
    unchecked = settled = 0
    with closing(sqlite3.connect(part, isolation_level=None)) as db:
        db.execute("pragma synchronous = off")  # brought to the disk as a whole before it is used
        with writing(db):
            renew_structure(db)
            for path in damaged:
                here = _salvage(db, path)
                lost |= here.lost
                unchecked += here.unchecked
            known = {number for (number,) in db.execute("select number from event")}
            if not exactly:
                settled = _settle(db)
            renew_states(db)
    return len(lost - known), unchecked, settled


class _Salvaged(NamedTuple):
    lost: set[object]  # the places of events that are not sound
    unchecked: int


def _salvage(db: sqlite3.Connection, damaged: Path) -> _Salvaged:
    """Add the sound events of a damaged file."""
    lost: set[object] = set()
    unchecked = 0
    with suppress(sqlite3.Error), reading(damaged, lenient=True) as source:
        older = not any(name == "crc" for _, name, *_ in source.execute("pragma table_info(event)"))
        sums = Sums(source, lenient=True)
        for row in _readable(source, _ROWS.replace(", crc ", ", null ") if older else _ROWS):
            held = None if older else sums.hold(row[0], row[-1], row[1:-1])
            if not (_can_be(row) if held is None else held):
                lost.add(row[0])
            elif not db.execute("select 1 from event where id = ?", (row[1],)).fetchone():
                _put(db, [_with_sum(row, sums)])
                unchecked += held is None
    Path(f"{damaged}-shm").unlink(missing_ok=True)
    return _Salvaged(lost, unchecked)


def _can_be(row: Row) -> bool:
    """Whether an event without a checksum is one that a program can have written."""
    try:
        event_of_line(line_of(event_of(row[1:-1])).rstrip(b"\n"))
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _readable(source: sqlite3.Connection, rows: str) -> Iterator[Row]:
    """Yield the events that SQLite can still read, and step over those that it cannot, further each time."""
    after, step = -1, 1
    while after < 2**62:
        try:
            for row in source.execute(rows, (after,)):
                yield row
                if row[0] > after:  # a damaged tree may lead back
                    after, step = row[0], 1
        except sqlite3.Error:
            after += step
            step *= 2
        else:
            return
