"""Opens the file of a history, makes or migrates its tables, and says politely when it cannot be used."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from quiz.errors import StoreDamagedError, StoreError, StoreFullError
from quiz.paths import keep_private, private_folder
from quiz.sql import statements
from quiz.store.whereabouts import set_log_aside

SCHEMA_VERSION = 5
APPLICATION_ID = 0x71_75_69_7A  # "quiz": tells our files from other SQLite files
RESTORE = "it is left as it is; put a backup in its place with: quiz backup --restore"
DEVICE = "device"  # the file beside a history that names this device
COPIES = "backups"  # the folder beside a history for its copies, see `quiz.store.backup`
ANEW = "begun-anew"  # the file beside a history that was made where there had been one, see `quiz.store.missing`
BUSY_SECONDS = 10.0  # how long a write waits for another program's
ROOM = 256 * 1024  # bytes on a disk below which an error of it is for want of room
STEPS = 500_000  # of SQLite's machine between two ticks of what takes long: some hundredths of a second

Tick = Callable[[], None]


def _to_version_2(db: sqlite3.Connection) -> None:
    from quiz.store.migrations import to_version_2  # once in the life of a history

    to_version_2(db)


def _to_version_3(db: sqlite3.Connection) -> None:
    from quiz.store.migrations import to_version_3

    to_version_3(db)


def _to_version_4(db: sqlite3.Connection) -> None:
    from quiz.store.migrations import to_version_4

    to_version_4(db)


def _to_version_5(db: sqlite3.Connection) -> None:
    from quiz.store.migrations import to_version_5

    to_version_5(db)


# From each old version to the next: what to do inside one transaction. A backup is made before the first of them.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {
    1: _to_version_2,
    2: _to_version_3,
    3: _to_version_4,
    4: _to_version_5,
}

NO_DATABASE = "not a history file, or is damaged"
_HEADER = b"SQLite format 3\x00"
_HEADER_BYTES, _APPLICATION_AT = 100, 68  # of SQLite's file format, section 1.3


def open_database(
    path: Path, backup: Callable[[str], object], busy: float = BUSY_SECONDS, tick: Tick | None = None
) -> sqlite3.Connection:
    """Open (or make) the history at `path`, ready to be written.

    `backup(reason)` is called before a migration, `tick` again and again during one; `busy` is in seconds. Raises
    StoreError when the file cannot be used; a file that is not a history of this program is never written to.
    """
    try:
        private_folder(path.parent)
        keep_private(path.parent)  # it may have come from a backup or another machine with the rights of all
        _refuse_foreign(path)
        if not path.exists():
            set_log_aside(path)  # SQLite would remove it, and it may be all that is left of what was answered
        # Made here and not by SQLite, so that nobody else may read it from the first moment; -wal and -shm follow it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        db = sqlite3.connect(
            path.absolute().as_uri(), timeout=busy, isolation_level=None, check_same_thread=False, uri=True
        )
        try:
            _prepare(db, path, backup, busy, tick)
        except BaseException:
            db.close()
            raise
        keep_private(path)
    except sqlite3.Error as error:
        raise store_error(path, error) from error
    except OSError as error:
        raise file_error(path, error) from error
    return db


def read_only(path: Path) -> str:
    """Return the address of a file that is only read. Nothing is made beside it, as SQLite would, if nobody has it open
    (then a log lies beside it) and its folder is that of the copies.
    """
    still = path.parent.name == COPIES and not Path(f"{path}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


@contextlib.contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction that is written or, whatever is raised, wholly taken back."""
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def _refuse_foreign(path: Path) -> None:
    """Raise StoreError for a file that is no history of this program. It stays as it is: SQLite never opens it.

    The tables are made before the file is switched to WAL, so that even of a history whose last program was killed the
    first page names the application.
    """
    if not path.exists():
        return
    if not path.is_file():
        raise StoreError(f"{path} is not a plain file", "move it away, or choose another folder with --home DIR")
    if not path.stat().st_size and (path.parent / DEVICE).exists():
        # A device is named only after the tables were made: there was a history, and now there are no answers in it.
        raise StoreDamagedError(f"{path} is empty, and was not", RESTORE)
    what = foreign(path) if path.stat().st_size else ""
    if what == NO_DATABASE:
        raise StoreDamagedError(f"{path} is {what}", RESTORE)
    if what:
        raise StoreError(f"{path} is {what}", "it is left as it is; move it away")


def foreign(path: Path) -> str:
    """Say what a file is instead of a history of this program; nothing if its first page says that it is one."""
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if not head.startswith(_HEADER):
        return NO_DATABASE
    if int.from_bytes(head[_APPLICATION_AT : _APPLICATION_AT + 4], "big") != APPLICATION_ID:
        return "a database of another program"
    return ""


def _prepare(
    db: sqlite3.Connection, path: Path, backup: Callable[[str], object], busy: float, tick: Tick | None
) -> None:
    """Set the connection up and bring the tables to this program's version."""
    # FULL: what is written survives a power cut, and only then may the journal forget it.
    db.execute("pragma synchronous = full")
    db.execute("pragma trusted_schema = off")  # it may be a file that somebody gave away
    with writing(db):
        # Asked inside the transaction: another program, perhaps a newer one, may be making or migrating the tables.
        (version,) = db.execute("pragma user_version").fetchone()
        if version > SCHEMA_VERSION:
            what = f"{path} was written by a newer version of this program (store {version}, known {SCHEMA_VERSION})"
            raise StoreError(what, "update the program; nothing was changed")
        if version < SCHEMA_VERSION:
            db.set_progress_handler(tick, STEPS)
            _bring_up(db, path, version, backup)
            db.set_progress_handler(None, 0)
            if version == 0:
                _mark_anew(path.parent)
                # A history that is begun anew, where there was one: no number of the old one may be given again.
                (path.parent / DEVICE).unlink(missing_ok=True)
    _write_ahead(db, busy)


def _mark_anew(profile: Path) -> None:
    """Leave a mark beside a new history if there was one before: a device with a name, or copies."""
    with contextlib.suppress(OSError):
        if (profile / DEVICE).exists() or any((profile / COPIES).glob("history-*.sqlite")):
            (profile / ANEW).touch(0o600)


def _write_ahead(db: sqlite3.Connection, busy: float) -> None:
    """Switch the file to WAL. SQLite does not wait by itself when two programs do so at the same moment."""
    end = time.monotonic() + busy
    while True:
        try:
            db.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.005)
        else:
            return


def fits(db: sqlite3.Connection, version: int) -> bool:
    """Whether the number of a version older than this one fits the tables: a bit of it may have flipped."""
    tables = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
    if version < 1:
        return version == 0 and not tables
    columns = {name for (name,) in db.execute("select name from pragma_table_info('event')")}
    columns |= {name for (name,) in db.execute("select name from pragma_table_info('state')")}
    later = {2: "danger" in columns, 3: "revised" in tables, 4: "crc" in columns}
    return not any(there for since, there in later.items() if since > version)


def _bring_up(db: sqlite3.Connection, path: Path, version: int, backup: Callable[[str], object]) -> None:
    """Make the tables of an empty file, or migrate those of an old one."""
    if not fits(db, version):
        raise StoreDamagedError(f"{path} is damaged (its version cannot be {version})", RESTORE)
    if version == 0:
        for statement in statements(Path(__file__).with_name("schema.sql")):
            db.execute(statement)
        db.execute(f"pragma application_id = {APPLICATION_ID}")
    else:
        backup(f"before-version-{SCHEMA_VERSION}")
        for old in range(version, SCHEMA_VERSION):
            MIGRATIONS[old](db)
    db.execute(f"pragma user_version = {SCHEMA_VERSION}")


def file_error(path: Path, error: OSError) -> StoreError:
    """Return in words why the folder of a history cannot be used."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return _full(path)
    what = f"the history {path} cannot be opened ({(error.strerror or str(error)).lower()})"
    return StoreError(what, "check the folder and your rights there, or choose another with --home DIR")


def _full(path: Path) -> StoreFullError:
    return StoreFullError(f"the disk is full ({path.parent})", "make room; until then answers wait to be written")


def _no_room(folder: Path) -> bool:
    """Whether a disk is as good as full: SQLite does not say so of the file that its readers share."""
    import shutil

    try:
        return shutil.disk_usage(folder).free < ROOM
    except OSError:
        return False


def store_error(path: Path, error: sqlite3.Error) -> StoreError:
    """Return what went wrong in words, with the way out."""
    said = str(error).lower()
    if "full" in said or ("i/o error" in said and _no_room(path.parent)):
        return _full(path)
    if "locked" in said or "busy" in said:
        return StoreError(f"another program is writing to {path}", "close it, or try again in a moment")
    if "readonly" in said or "unable to open" in said:
        mend = "check your rights there, or choose another folder with --home DIR"
        return StoreError(f"the history {path} cannot be written", mend)
    if "malformed" in said or "not a database" in said:
        return StoreDamagedError(f"{path} is damaged", RESTORE)
    return StoreError(f"the history {path} cannot be used ({said})", f"check the disk ({os.fspath(path.parent)})")
