"""What an examination of the store finds, and what a repair makes anew: case by case, broken by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from quiz.memory import DEFAULT_PARAMS, Params, StudyDay
from quiz.store.backup import backups, verify
from quiz.store.database import SCHEMA_VERSION
from quiz.store.events import Event
from quiz.store.examine import Examined, Gap, examine, repair, structure
from quiz.store.history import History
from quiz.store.rescue import rescue, take_in
from quiz.store.restore import restore
from quiz.store.rows import EVENT_COLUMNS
from quiz.store.seals import BLOCK
from quiz.store.weights import text_of
from tests.support.clocks import DAY, FixedClock
from tests.support.desks import learned, sound
from tests.support.old_stores import as_version
from tests.support.syncing import Device


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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "folder"
    path.mkdir()
    return path


def test_a_sound_history_is_found_sound(history: History) -> None:
    assert examine(history) == Examined("ok", events=6, cards=3)
    assert examine(history).sound


FAULTS = {
    "update event set rating = 3 where number = 2": "changed after",
    "update event set body = replace(body, '1.0', '0.5') where number = 1": "changed after",
    "update event set card = 'x' where number = 1": "changed after",
    "update event set id = 'x' || substr(id, 2) where number = 4": "changed after",
    "update event set day = day + 1, at = at + 86400000 where number = 1": "changed after",
    "update event set rating = 7 where number = 2": "rating cannot be",
    "update event set kind = 'anwser' where number = 2": "kind is unknown",
    "update event set chance = 2 where number = 2": "chance",
    "update event set chance = null where number = 2": "chance",
    "update event set retention = 1 where number = 2": "retention",
    "update event set seq = -5 where number = 2": "sequence number",
    "update event set at = 'then' where number = 2": "time is no number",
    "update event set offset = 9000 where number = 2": "changed after",
    "update event set day = day + 40 where number = 2": "changed after",
    "update event set body = '{' where number = 2": "content cannot be read",
    "update event set body = '[]' where number = 2": "content cannot be read",
    'update event set body = \'{"mark": "high"}\' where number = 2': "mark is no number",
    "update event set body = '{\"mark\": 8}' where number = 2": "changed after",
    "update event set card = null where number = 2": "changed after",
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
    "a lost table": "drop table state",
    "a lost table of sessions": "drop table session",
    "a lost table of comparisons": "drop table revised",
    "a card that is shown early": "update state set shown_from = 0 where card = 'b'",
    "a comparison that never was": "insert into revised values ('a', '', 1)",
    "where a session stood": "insert into session values ('s', 1, 1, 1, '{')",
}


def answered_bytes(history: History) -> list[tuple[str, ...]]:
    """Return each event as it stands in the file: every column, with its type, and the checksums of old ones."""
    columns = [name for _, name, *_ in history.query("pragma table_info(event)")]
    quoted = ", ".join(f"quote({name})" for name in columns)
    rows = list(history.query(f"select {quoted} from event indexed by sqlite_autoindex_event_1 order by id"))
    rows += history.query(f"select {quoted} from event order by number")
    return [*rows, *history.query("select quote(block), quote(sums) from seal order by block")]


@pytest.mark.parametrize("what", DERIVED)
def test_what_is_derived_is_found_and_made_anew(history: History, what: str) -> None:
    events = answered_bytes(history)
    for statement in DERIVED[what].split("; ") if "begin" not in DERIVED[what] else [DERIVED[what]]:
        with closing(sqlite3.connect(history.path)) as db:
            db.executescript(statement)
    found = examine(history)
    assert found.whole
    assert not found.sound
    repair(history, found)
    assert examine(history) == Examined("ok", events=6, cards=3)
    assert answered_bytes(history) == events, "what was answered is not touched"
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


def test_a_decision_after_a_clock_that_was_ahead_is_no_damage(history: History, clock: FixedClock) -> None:
    clock.forward(days=10)
    history.record([history.event("suspend", card="a", body={"on": True})])
    history.change_settings({"new": 5})
    clock.set_back(days=10)
    ahead = history.today() + 10
    history.record([history.event("suspend", card="a", body={"on": False})])
    history.change_settings({"new": 6})
    assert [e.day for e in history.events() if e.kind in ("suspend", "settings")] == [ahead] * 4
    assert examine(history).sound
    assert verify(history.backup("by-hand")).fault == ""


def test_an_event_that_is_only_odd_is_no_damage(history: History) -> None:
    (event,) = learned(history, "d", 3)
    odd = [
        replace(event, day=StudyDay(event.day - 700)),
        replace(event, kind="suspend"),
        replace(event, kind="undo", rating=None, body={}),
        replace(event, card=None),
        replace(event, offset=1440),
        replace(event, body={"mark": 5}),
        replace(event, rating=None, retention=0.0),
    ]
    history.merge([replace(e, id=f"{n:032x}", device="0a0b0c0d", seq=n) for n, e in enumerate(odd, 1)])
    assert examine(history).sound
    assert verify(history.backup("by-hand")).fault == ""


def test_a_quiet_month_that_came_by_sync_holds_no_jump_of_a_clock(tmp_path: Path, folder: Path) -> None:
    away, here = Device(tmp_path, "away"), Device(tmp_path, "here")
    for _ in range(30):
        away.clock.forward(days=1)
        away.answer("c", 3)
        away.answer("b", 3)
        away.answer("a", 3)
    away.sync(folder)
    here.clock.forward(days=31)
    here.answer("x", 3)
    assert here.sync(folder).came == 90
    history = here.open()
    assert examine(history).jumps == ()
    history.close()


def test_where_two_histories_became_one_no_jump_is_told_between_them(history: History) -> None:
    (event,) = learned(history, "d", 3)
    copies = [
        replace(event, id=f"{seq:016x}{day:016x}", device="0a0b0c0d", seq=seq, at=event.at + day * DAY)
        for day in (0, 30)
        for seq in (1, 2, 3)
    ]
    history.merge(copies)
    found = examine(history)
    assert (found.doubled, found.jumps) == (3, ())


@pytest.mark.parametrize("version", [1, 2, 3])
def test_fitted_weights_that_an_older_program_took_in_by_sync_hold_for_all_cards(
    history: History, clock: FixedClock, version: int
) -> None:
    weights = Params(tuple(w * 1.3 if n < 4 else w for n, w in enumerate(DEFAULT_PARAMS.weights)))
    history.close()
    as_version(history.path, version)
    body = json.dumps({"weights": text_of(weights)}, separators=(",", ":"))
    with closing(sqlite3.connect(history.path)) as db, db:
        db.execute(
            f"insert into event ({EVENT_COLUMNS}) values ('{'e' * 32}', '0a0b0c0d', 1, ?, 0, ?, 'settings', "
            "null, null, null, 0.0, 0.9, ?)",
            (clock.at, clock.at // DAY, body),
        )
    opened = History(history.path, clock)
    assert opened.params == weights
    assert examine(opened) == Examined("ok", events=7, cards=3)
    opened.close()


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_history_of_an_older_version_gets_checksums_and_keeps_every_event(
    tmp_path: Path, clock: FixedClock, version: int
) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "é", 3, 1, given="“µ”", chance=0.1)
    history.record([history.event("suspend", card="é", body={"on": True}), history.event("settings", body={"new": 3})])
    before = list(history.events())
    history.close()
    as_version(history.path, version)
    ticks: list[int] = []
    history = History(tmp_path / "history.sqlite", clock, tick=lambda: ticks.append(1))
    assert ticks, "it is told that it goes on"
    assert list(history.query("pragma user_version")) == [(SCHEMA_VERSION,)]
    assert list(history.events()) == before
    had = len(before) if version >= 4 else 0
    assert len(list(history.query("select crc from event where crc is not null"))) == had, "none was written again"
    learned(history, "b", 3)
    assert examine(history) == Examined("ok", events=5, cards=2)
    with closing(sqlite3.connect(history.path)) as db:
        assert list(structure(db)) == []
    history.close()
    (copy,) = backups(history.path)
    assert (copy.reason, verify(copy.path)[:2]) == (f"before-version-{SCHEMA_VERSION}", (4, version))


@pytest.fixture
def old(history: History, clock: FixedClock) -> Iterator[History]:
    """The history again, as it is after it was brought up from version 3."""
    history.close()
    as_version(history.path, 3)
    opened = History(history.path, clock)
    yield opened
    opened.close()


OLD_FAULTS = {
    **FAULTS,
    "update event set crc = 1 where number = 2": "changed after",
    "update seal set sums = cast(substr(sums, 1, 8) || x'01020304' || substr(sums, 13) as blob)": "changed after",
}


@pytest.mark.parametrize("sql", OLD_FAULTS)
def test_an_event_that_is_older_than_checksums_is_told_as_well(old: History, sql: str) -> None:
    changed(old, sql)
    found = examine(old)
    assert [OLD_FAULTS[sql] in event.wrong for event in found.unsound] == [True]
    assert repair(old, found) == 0


UNSEALED = {
    "of an older program that still ran after the migration": "update event set crc = null where number = 7",
    "at the end of a block": "update seal set sums = substr(sums, 1, 24)",
    "in a block of its own": "update event set number = 7000 where number = 6",
}


@pytest.mark.parametrize("which", UNSEALED)
def test_an_event_without_a_checksum_is_no_damage_and_gets_one_by_a_repair(
    old: History, clock: FixedClock, which: str
) -> None:
    learned(old, "d", 3)
    before = list(old.events())
    changed(old, UNSEALED[which])
    found = examine(old)
    assert (found.unsealed, found.unsound, found.sound) == (1, (), True)
    copy = old.backup("by-hand")
    assert verify(copy).fault == ""
    assert restore(old.path, copy, clock).added == 0
    assert repair(old, found) == 0
    assert examine(old).unsealed == 0
    assert list(old.events()) == before
    changed(old, "update event set rating = 2 where number >= 6")
    assert len(examine(old).unsound) == 2, "its checksum is known now"


def test_an_event_without_a_checksum_that_no_replay_can_take_is_damage(history: History) -> None:
    changed(history, "update event set crc = null, rating = 7 where number = 2")
    assert [event.wrong for event in examine(history).unsound] == ["its rating cannot be"]


def test_what_was_written_without_a_checksum_is_restored_with_one(
    history: History, tmp_path: Path, clock: FixedClock
) -> None:
    changed(history, "update event set crc = null where number = 3")
    copy = history.backup("by-hand")
    (tmp_path / "else").mkdir()
    other = tmp_path / "else" / "history.sqlite"
    History(other, clock).close()
    assert restore(other, copy, clock).added == 6
    restored = History(other, clock)
    assert (examine(restored).unsealed, examine(restored).sound) == (0, True)
    restored.close()


def test_without_the_table_of_checksums_no_old_event_counts_as_sound(old: History) -> None:
    changed(old, "drop table seal")
    assert not examine(old).whole
    assert "seal" in verify(old.path).fault


def test_checksums_of_many_events_stand_in_blocks(tmp_path: Path, clock: FixedClock) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "a", *[3, 1] * (BLOCK + 10))
    history.close()
    changed(history, f"delete from event where number in ({BLOCK - 1}, {BLOCK}, {2 * BLOCK - 1})")
    as_version(history.path, 3)
    history = History(tmp_path / "history.sqlite", clock)
    assert len(list(history.query("select * from seal"))) == 3
    assert [gap.first for gap in examine(history).gaps] == [BLOCK - 1, 2 * BLOCK - 1]
    assert not examine(history).unsound
    changed(history, f"update event set rating = 2 where number in (1, {BLOCK + 1}, {2 * BLOCK + 20})")
    assert [event.number for event in examine(history).unsound] == [1, BLOCK + 1, 2 * BLOCK + 20]
    history.close()


def test_a_state_table_that_cannot_be_read_at_all_is_made_anew(history: History) -> None:
    with closing(sqlite3.connect(history.path)) as db, db:
        db.execute("update state set card = cast(x'80ff' as text) where card = 'b'")
    found = examine(history)
    assert found.whole
    assert found.unreadable
    assert repair(history, found) == 3
    assert examine(history).sound


def test_every_way_in_gives_an_event_its_checksum(history: History, clock: FixedClock) -> None:
    def answered(card: str) -> Event:
        event = history.event(
            "answer", card=card, rating=3, chance=0, body={"question": "q", "given": "\ud83e", "mark": 1}
        )
        return replace(event, retention=0.5)

    rescued, kept = answered("r"), answered("k")
    history.merge([replace(answered("m"), device="0a0b0c0d", seq=3)])
    assert rescue(history.path, [rescued])
    history.keep([kept])
    history._journal.close()  # killed
    again = History(history.path, clock)
    assert take_in(again) == 1
    assert {"m", "r", "k"} <= {event.card for event in again.events()}
    assert list(again.query("select 1 from event where crc is null")) == []
    assert not examine(again).unsound
    again.close()
