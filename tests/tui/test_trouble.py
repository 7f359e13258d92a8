"""A disk that does not take the answers: said at once, kept in memory, and taken back when they are saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.pilots import HOME_SIZE, SMALL, Seat, Size, asking, sit


@contextmanager
def full_disk(seat: Seat) -> Iterator[None]:
    """Let the history's file grow no further, and fill what room there is in it with events that mean nothing."""
    db = seat.desk.history._db
    (most,) = db.execute("pragma max_page_count").fetchone()
    db.execute("pragma max_page_count = 1")  # never below what is there already
    filler = (
        "insert into event (id, device, seq, at, offset, day, kind, body) values "
        "(hex(randomblob(16)), 'ffffffff', 1, 0, 0, 0, 'session', json_object('filler', hex(zeroblob(?))))"
    )
    for size in (400, 100, 10):
        with suppress(sqlite3.OperationalError):
            while True:
                db.execute(filler, (size,))
    try:
        yield
    finally:
        db.execute(f"pragma max_page_count = {most}")


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_a_full_disk_is_told_at_once_and_no_answer_is_lost(tmp_path: Path, size: Size) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad"), size=size) as seat:
        first = seat.card
        with full_disk(seat):
            await seat.press(seat.option())
            assert "Not saved yet (" in seat.told
            assert "the disk is full" in seat.told
            assert "make room; until then answers wait to be written" in seat.told
            assert "✓ Right" in seat.told or size == SMALL
            assert not seat.events()
            await seat.press("enter")
            assert "Not saved yet" in seat.told
            assert seat.card != first
        await seat.press(seat.option())
        assert "Not saved yet" not in seat.told
        assert len(seat.events()) == 2
        assert "Roots and nerves" in seat.told or "On the ward" in seat.told


async def test_trouble_is_told_on_the_summary_and_at_home_too(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        with full_disk(seat):
            await seat.press(seat.option(), "enter")
            assert "1 of 1 right" in seat.told
            assert "Not saved yet" in seat.told
            await seat.press("enter")
            assert "Not saved yet" in seat.told
            await seat.press("u")
        await seat.press("s", "right", "escape")
        assert "Not saved yet" not in seat.told
        assert len(seat.events()) == 1


async def test_a_history_that_is_moved_is_told_and_the_answers_are_saved_beside_it(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat", "pad"), size=HOME_SIZE) as seat:
        history = seat.desk.history.path
        history.rename(tmp_path / "elsewhere")
        await seat.press(seat.option())
        assert "Saved beside the history" in seat.told
        assert "moved, deleted or replaced" in " ".join(seat.told.split())
        await seat.press("enter", seat.option())
        assert "Not saved yet" not in seat.told
        (copy,) = (history.parent / "lost").glob("*.sqlite")
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("select count(*) from event where kind = 'answer'").fetchone() == (2,)


async def test_undo_works_while_the_disk_is_full(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        with full_disk(seat):
            await seat.press(seat.option(right=False))
            await seat.press("u")
            await seat.press(seat.option())
            assert "✓ Right" in seat.told
        await seat.press("enter")
        assert seat.desk.history.state("heat").answers == 1
        assert "Not saved yet" not in seat.told


async def test_what_is_not_saved_at_the_end_is_handed_back(tmp_path: Path) -> None:
    async with sit(tmp_path, plan=asking("heat")) as seat:
        with full_disk(seat):
            await seat.press(seat.option())
            unsaved = seat.desk.history.pending
            assert [event.card for event in unsaved if event.kind == "answer"] == ["heat"]
