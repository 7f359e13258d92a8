"""Reads SQL files, so that statements live in files that read well alone."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path


@cache
def statements(path: Path) -> tuple[str, ...]:
    """Return the statements of an SQL file one by one: `executescript` would end the transaction that is open."""
    found, text = [], ""
    for line in path.read_text("utf-8").splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            found.append(text)
            text = ""
    return tuple(found)
