"""Copies of a history: written beside it, opened again and compared before they count as made."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from quiz.clock import iso
from quiz.errors import StoreError
from quiz.paths import private_folder


def back_up(history: Path, reason: str, at: int) -> Path:
    """Copy `history` into `backups/` beside it and return the verified copy. The file may be open and in use.

    The copy is named after the time `at` (UTC milliseconds) and the reason.
    Raises StoreError when it cannot be written or does not hold what the original holds.
    """
    folder = history.parent / "backups"
    stamp = iso(at)[:19].replace(":", "-")
    path = folder / f"history-{stamp}-{reason}.sqlite"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"history-{stamp}-{reason}-{number}.sqlite"
    part = path.with_suffix(".part")
    try:
        private_folder(folder)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # nobody else reads it meanwhile
        # A connection of its own: the caller's may be inside the transaction of a migration.
        with (
            closing(sqlite3.connect(f"{history.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.execute("begin")  # one view of the history for the count and the copy: events may arrive meanwhile
            (there,) = source.execute("select count(*) from event").fetchone()
            source.backup(copy)
            copy.execute("pragma journal_mode = delete")
            (sound,) = copy.execute("pragma integrity_check(1)").fetchone()
            (copied,) = copy.execute("select count(*) from event").fetchone()
        if sound != "ok" or copied != there:
            part.unlink()
            raise StoreError(f"the backup {path} is not sound ({sound})", "check the disk")
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StoreError(f"the backup {path} cannot be written ({error})", "make room or check your rights") from error
    return path
