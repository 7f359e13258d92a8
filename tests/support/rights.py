"""Gives up the rights of root for a while: no permission stops root."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import quiz.deck.library
import quiz.deck.reader
import quiz.store.database
from quiz.sql import statements

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run the block as a user with no rights, where we are root; else as we are."""
    if os.geteuid() != 0:
        yield
        return
    # What is loaded late, loaded now: this user may not be let into the folders of Python or of the checkout.
    codecs.lookup("utf-8-sig")
    for module, name in ((quiz.deck.library, "catalogue.sql"), (quiz.store.database, "schema.sql")):
        statements(Path(str(module.__file__)).with_name(name))
    assert quiz.deck.reader
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
