"""Reads SQL files, so that statements live in files that read well alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path


def statements(path: Path) -> Iterator[str]:
    """Yield the statements of an SQL file one by one: `executescript` would end the transaction that is open."""
    text = ""
    for line in path.read_text("utf-8").splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            yield text
            text = ""
