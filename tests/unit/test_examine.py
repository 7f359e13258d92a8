"""What an examination of the store finds, and what a repair makes anew: case by case, broken by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quiz.store.database import SCHEMA_VERSION
from quiz.store.examine import Examined, Gap, examine, repair, structure
from quiz.store.history import History
from tests.support.clocks import DAY, FixedClock
from tests.support.desks import learned, sound
from tests.support.old_stores import as_version


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def history(tmp_path: Path, clock: FixedClock) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", clock)
    for card in "abc":
        learned(opened, card, 3, 1, certainty="high")
    yield opened
    opened.close()


def changed(history: History, *sql: str) -> None:
    """Change the file past its own guards, as a fault of the disk does."""
    with closing(sqlite3.connect(history.path, isolation_level=None)) as db:
        guards = db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"drop trigger {name}")
        for statement in sql:
            db.execute(statement)
        for _, statement in guards:
            db.execute(statement)


def test_a_sound_history_is_found_sound(history: History) -> None:
    assert examine(history) == Examined("ok", events=6, cards=3)
    assert examine(history).sound


FAULTS = {
    "update event set rating = 3 where number = 2": "changed after",
    "update event set body = replace(body, '1.0', '0.5') where number = 1": "changed after",
    "update event set card = 'x' where number = 1": "changed after",
    "update event set id = 'x' || substr(id, 2) where number = 4": "changed after",
    "update event set day = day + 1, at = at + 86400000 where number = 1": "changed after",
    "update event set crc = null where number = 3": "no checksum",
    "update event set rating = 7 where number = 2": "rating cannot be",
    "update event set kind = 'anwser' where number = 2": "kind is unknown",
    "update event set chance = 2 where number = 2": "chance",
    "update event set chance = null where number = 2": "chance",
    "update event set retention = 1 where number = 2": "retention",
    "update event set seq = -5 where number = 2": "sequence number",
    "update event set at = 'then' where number = 2": "time is no number",
    "update event set offset = 9000 where number = 2": "time zone",
    "update event set day = day + 40 where number = 2": "study day",
    "update event set body = '{' where number = 2": "content cannot be read",
    "update event set body = '[]' where number = 2": "content cannot be read",
    'update event set body = \'{"mark": "high"}\' where number = 2': "mark is no number",
    "update event set body = '{\"mark\": 8}' where number = 2": "mark is not from",
    "update event set card = null where number = 2": "answers no card",
    "update event set card = x'ff00' where number = 2": "card is no text",
}


@pytest.mark.parametrize("sql", FAULTS)
def test_an_event_that_is_not_as_it_was_written_is_named_and_nothing_is_derived_from_it(
    history: History, sql: str
) -> None:
    before = history.state("a"), history.state("b"), history.state("c")
    changed(history, sql)
    found = examine(history)
    assert [FAULTS[sql] in event.wrong for event in found.unsound] == [True]
    assert not found.whole
    assert repair(history, found) == 0
    assert (history.state("a"), history.state("b"), history.state("c")) == before


def test_missing_and_doubled_numbers_are_told(history: History) -> None:
    changed(history, "delete from event where seq in (2, 4, 5)", "delete from event where seq = 1")
    found = examine(history)
    own = history.device
    assert found.gaps == (Gap(own, 1, 2, True), Gap(own, 4, 5, True))
    assert not found.whole


def test_a_gap_in_the_numbers_of_another_device_is_no_fault(history: History) -> None:
    (history.path.parent / "device").write_text("0123abcd\n")
    other = History(history.path, history.clock)
    changed(other, "delete from event where seq = 6")
    changed(other, "delete from event where seq = 3")
    found = examine(other)
    assert [(gap.first, gap.last, gap.own) for gap in found.gaps] == [(3, 3, False)]
    assert found.whole
    other.close()


DERIVED = {
    "a column": "update state set stability = 99 where card = 'a'",
    "what sessions search by": "update state set shown_from = 1 where card = 'a'",
    "what was asked": "update state set asked = '{' where card = 'a'",
    "no text": "update state set asked = x'80', lapses = 'many' where card = 'a'",
    "a lost row": "delete from state where card = 'a'",
    "an index": "drop index event_by_card",
    "an index over less": "drop index state_in_danger; create index state_in_danger on state (card) where danger > 9",
    "a guard": "drop trigger event_is_never_deleted",
    "a guard of something else": (
        "drop trigger event_is_never_changed; "
        "create trigger event_is_never_changed before update on session begin select 1; end"
    ),
    "where a session stood": "insert into session values ('s', 1, 1, 1, '{')",
}


@pytest.mark.parametrize("what", DERIVED)
def test_what_is_derived_is_found_and_made_anew(history: History, what: str) -> None:
    events = list(history.events())
    for statement in DERIVED[what].split("; ") if "begin" not in DERIVED[what] else [DERIVED[what]]:
        with closing(sqlite3.connect(history.path)) as db:
            db.executescript(statement)
    found = examine(history)
    assert found.whole
    assert not found.sound
    repair(history, found)
    assert examine(history) == Examined("ok", events=6, cards=3)
    assert list(history.events()) == events
    assert sound(history)


def test_clocks_that_were_set_and_events_from_the_future_are_told_and_are_no_fault(
    history: History, clock: FixedClock
) -> None:
    clock.forward(days=10)
    learned(history, "a", 3)
    clock.set_back(days=10)
    learned(history, "b", 3)
    found = examine(history)
    assert found.sound
    assert [(jump.ms, jump.device) for jump in found.jumps] == [(-10 * DAY, history.device)]
    assert found.future == 1
    clock.forward(days=11 * 365)
    learned(history, "b", 3)
    assert [jump.ms > 0 for jump in examine(history).jumps] == [False, True]


def test_a_history_of_version_2_gets_checksums_and_keeps_every_event(tmp_path: Path, clock: FixedClock) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "é", 3, 1, given="“µ”", chance=0.1)
    history.record([history.event("suspend", card="é", body={"on": True}), history.event("settings", body={"new": 3})])
    before = list(history.events())
    history.close()
    as_version(history.path, 2)
    history = History(tmp_path / "history.sqlite", clock)
    assert list(history.query("pragma user_version")) == [(SCHEMA_VERSION,)]
    assert list(history.events()) == before
    assert examine(history) == Examined("ok", events=4, cards=1)
    with closing(sqlite3.connect(history.path)) as db:
        assert list(structure(db)) == []
    history.close()


def test_a_state_table_that_cannot_be_read_at_all_is_made_anew(history: History) -> None:
    with closing(sqlite3.connect(history.path)) as db, db:
        db.execute("update state set card = cast(x'80ff' as text) where card = 'b'")
    found = examine(history)
    assert found.whole
    assert found.unreadable
    assert repair(history, found) == 3
    assert examine(history).sound
