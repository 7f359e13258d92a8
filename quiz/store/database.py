"""Opens the file of a history, makes or migrates its tables, and says politely when it cannot be used."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from quiz.errors import StoreError, StoreFullError
from quiz.sql import statements

SCHEMA_VERSION = 1
APPLICATION_ID = 0x71_75_69_7A  # "quiz": tells our files from other SQLite files
BUSY_SECONDS = 10.0

# From each old version to the next: what to do inside one transaction. A backup is made before the first of them.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}

_HEADER = b"SQLite format 3\x00"


def open_database(path: Path, backup: Callable[[str], object]) -> sqlite3.Connection:
    """Open (or make) the history at `path`, ready to be written.

    `backup(reason)` is called before a migration. Raises StoreError when the file cannot be used; a file
    that is not a history of this program is never written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_foreign(path)
        db = sqlite3.connect(
            path.absolute().as_uri(), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
        )
        try:
            _prepare(db, path, backup)
        except BaseException:
            db.close()
            raise
        with contextlib.suppress(OSError):
            path.chmod(0o600)
    except sqlite3.Error as error:
        raise store_error(path, error) from error
    except OSError as error:
        what = f"the history {path} cannot be opened ({(error.strerror or str(error)).lower()})"
        raise StoreError(what, "check the folder and your rights there, or choose another with --home DIR") from error
    return db


def _refuse_foreign(path: Path) -> None:
    """Raise StoreError for a file that is not SQLite's. It stays as it is."""
    if not path.exists():
        return
    if not path.is_file():
        raise StoreError(f"{path} is not a plain file", "move it away, or choose another folder with --home DIR")
    with path.open("rb") as file:
        head = file.read(len(_HEADER))
    if head and head != _HEADER:
        mend = f"it is left as it is; move it away and put a backup from {path.parent / 'backups'} in its place"
        raise StoreError(f"{path} is not a history file, or is damaged", mend)


def _prepare(db: sqlite3.Connection, path: Path, backup: Callable[[str], object]) -> None:
    """Set the connection up and bring the tables to this program's version."""
    # FULL: a confirmed answer survives a power cut. It costs one fsync, 0.1 to 10 ms, each time somebody has answered.
    version = db.execute("pragma user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        what = f"{path} was written by a newer version of this program (store {version}, known {SCHEMA_VERSION})"
        raise StoreError(what, "update the program; nothing was changed")
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    db.execute("begin immediate")
    try:
        version = db.execute("pragma user_version").fetchone()[0]
        tables = db.execute("select count(*) from sqlite_master").fetchone()[0]
        if version == 0:
            if tables:
                raise StoreError(f"{path} is a database of another program", "move it away; nothing was changed")
            for statement in statements(Path(__file__).with_name("schema.sql")):
                db.execute(statement)
            db.execute(f"pragma application_id = {APPLICATION_ID}")
            version = SCHEMA_VERSION
        elif version < SCHEMA_VERSION:
            backup(f"before-version-{SCHEMA_VERSION}")
        while version < SCHEMA_VERSION:
            MIGRATIONS[version](db)
            version += 1
        db.execute(f"pragma user_version = {version}")
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def store_error(path: Path, error: sqlite3.Error) -> StoreError:
    """Return what went wrong in words, with the way out."""
    said = str(error).lower()
    if "full" in said:
        return StoreFullError(f"the disk is full ({path.parent})", "make room; until then answers are kept in memory")
    if "locked" in said or "busy" in said:
        return StoreError(f"another program is writing to {path}", "close it, or try again in a moment")
    if "readonly" in said or "unable to open" in said:
        mend = "check your rights there, or choose another folder with --home DIR"
        return StoreError(f"the history {path} cannot be written", mend)
    if "malformed" in said or "not a database" in said:
        mend = f"it is left as it is; put a backup from {path.parent / 'backups'} in its place"
        return StoreError(f"{path} is damaged", mend)
    return StoreError(f"the history {path} cannot be used ({said})", f"check the disk ({os.fspath(path.parent)})")
