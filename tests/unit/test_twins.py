"""Reviews from Anki that several events tell: settling them costs little, and every way into a history goes by it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from quiz.memory import StudyDay
from quiz.store.backup import back_up
from quiz.store.derive import undone
from quiz.store.events import Event
from quiz.store.examine import examine, repair
from quiz.store.journal import Journal
from quiz.store.rescue import rescue, take_in
from quiz.store.restore import restore
from quiz.store.rows import event_values
from quiz.store.twins import ANKI, PLACE, known_as, named, undos
from tests.support.desks import sound
from tests.support.syncing import START, Device, answered


def alike(number: int, apart: int) -> list[Event]:
    """Return answers on one card by one device of Anki, `apart` different milliseconds, and as many given here."""
    fields: dict[str, Any] = {"card": "k", "rating": 3}
    told = [
        Event(f"{n:032x}", "answer", START + n % apart, 0, StudyDay(20_000), **fields, device=ANKI, seq=PLACE)
        for n in range(number)
    ]
    own = [
        Event(f"{n:031x}f", "answer", START + n % apart, 0, StudyDay(20_000), **fields, device="0a0b0c0d", seq=n + 1)
        for n in range(number if apart > 1 else 0)
    ]
    return told + own


@pytest.mark.parametrize("apart", [1, 700])
def test_many_answers_at_one_moment_cost_as_much_more_as_they_are_more(apart: int, tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    steps = []
    for number in (700, 2800):
        history = device.open()
        done: list[int] = []
        events = alike(number, apart)
        try:
            db = history.connection
            db.set_progress_handler(partial(done.append, 100), 100)
            sys.setprofile(lambda *_, done=done: done.append(1))
            try:
                undos(db, events)
                known_as(db, events)
            finally:
                sys.setprofile(None)
                db.set_progress_handler(None, 0)
        finally:
            history.close()
        steps.append(sum(done))
        device.merge(events)
    assert steps[1] < 8 * steps[0]


# -- every way in -----------------------------------------------------------------------------------------------------

OWN = replace(answered(0, card="k", rating=3), seq=1)
TOLD = named(Event("", "answer", OWN.at, 0, OWN.day, "k", rating=3, body={"answer": "in Anki"}))


def counting(device: Device) -> list[Event]:
    """Return what counts in a history, of which nothing is to be mended."""
    history = device.open()
    try:
        assert examine(history).sound
        assert sound(history)
        found = list(history.events())
    finally:
        history.close()
    gone = undone(found)
    return [event for event in found if event.kind != "undo" and event.id not in gone]


def copied(device: Device, *events: Event) -> Path:
    """Return a copy of a history that holds these events; then the history is gone."""
    device.merge(events)
    copy = back_up(device.path, "by-hand", device.clock.now().at)
    for file in device.profile.glob("history.sqlite*"):
        file.unlink()
    return copy


@pytest.mark.parametrize(("first", "then"), [(OWN, TOLD), (TOLD, OWN)])
@pytest.mark.parametrize("harmed", [False, True])
def test_a_restore_lets_a_review_count_once(first: Event, then: Event, harmed: bool, tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    copy = copied(device, first)
    device.merge([then, answered(5)])
    if harmed:
        with closing(sqlite3.connect(device.path, isolation_level=None)) as db:
            db.execute("drop trigger event_is_never_changed")
            db.execute("update event set rating = 1 where id = ?", (answered(5).id,))
    done = restore(device.path, copy, device.clock)
    assert (done.added, done.newer) == (1, 2 - harmed)
    assert done.events == len(device.events()) == 4 - harmed
    assert [event for event in counting(device) if event.card == "k"] == [OWN]


def test_a_copy_in_which_a_review_counts_twice_is_settled_when_it_comes_back(tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    device.merge([OWN])
    doubled(device, TOLD)
    copy = copied(device)
    restore(device.path, copy, device.clock)
    assert counting(device) == [OWN]


def test_what_was_rescued_lets_a_review_count_once(tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    device.merge([TOLD])
    rescue(device.path, [OWN])
    history = device.open()
    assert take_in(history) == 1
    history.close()
    assert counting(device) == [OWN]


def test_what_waited_in_a_journal_lets_a_review_count_once(tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    device.merge([TOLD])
    journal = Journal(device.profile)
    assert journal.add([event_values(OWN)], None)
    journal.close()
    assert counting(device) == [OWN]


def doubled(device: Device, event: Event) -> None:
    """Write an event as an older version did, which let it count beside what tells the same."""
    history = device.open()
    assert history.record([event])
    history.close()


def test_a_history_that_an_older_version_doubled_is_told_and_put_right(tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    device.merge([OWN])
    doubled(device, TOLD)
    history = device.open()
    try:
        found = examine(history)
        assert (found.twice, found.sound, found.whole) == (1, False, True)
        assert repair(history, found) == 1
        assert repair(history, examine(history)) == 0
    finally:
        history.close()
    assert counting(device) == [OWN]
    other = Device(tmp_path, "b")
    other.merge([TOLD, OWN])
    assert other.events() == device.events()


def test_a_history_that_an_older_version_doubled_is_put_right_by_a_sync(tmp_path: Path) -> None:
    device, other = Device(tmp_path, "a"), Device(tmp_path, "b")
    device.merge([OWN])
    doubled(device, TOLD)
    folder = tmp_path / "folder"
    folder.mkdir()
    device.sync(folder)
    assert counting(device) == [OWN]
    other.sync(folder)
    assert other.events() == device.events()
