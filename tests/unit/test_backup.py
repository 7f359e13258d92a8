"""Copies and putting them back: which are kept, what a restore adds and keeps, what is refused and named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.errors import StoreDamagedError, StoreError, UnreadableError
from quiz.store.backup import (
    DAYS,
    MOST_REMOVED,
    SETTLED,
    back_up,
    backups,
    choose,
    daily,
    ranked,
    superfluous,
    thin,
    verify,
)
from quiz.store.database import SCHEMA_VERSION
from quiz.store.events import Event
from quiz.store.examine import examine
from quiz.store.history import History
from quiz.store.missing import let_go
from quiz.store.restore import restore
from tests.support.clocks import DAY, FixedClock
from tests.support.desks import Place, choice, give, learned, sound, study
from tests.support.old_stores import as_version
from tests.support.syncing import Device


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def path(tmp_path: Path, clock: FixedClock) -> Path:
    """A history of some answers, closed."""
    history = History(tmp_path / "history.sqlite", clock)
    for card in "abcdefgh":
        learned(history, card, 3, 1, 3)
    history.close()
    return history.path


def events(path: Path, clock: FixedClock) -> list[Event]:
    """Return the events of a history, which is looked through first."""
    history = History(path, clock)
    assert examine(history).sound
    assert sound(history)
    found = list(history.events())
    history.close()
    return found


def answer(path: Path, clock: FixedClock, card: str = "new") -> Event:
    history = History(path, clock)
    (event,) = learned(history, card, 3)
    history.close()
    return event


# -- every day --------------------------------------------------------------------------------------------------------


def test_a_copy_is_made_at_the_end_of_the_first_run_of_a_day_that_wrote_something(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(*(choice(f"c{n}") for n in range(4)))

    def made() -> list[str]:
        return [b.path.name for b in backups(place.paths.history)]

    with place.open():
        pass
    assert made() == [], "nothing was written"
    with place.open() as desk:
        session = study(desk)
        give(session)
        assert made() == [], "never while somebody waits"
    assert made() == ["history-2026-11-22T10-00-00-daily.sqlite"]
    with place.open() as desk:
        give(study(desk))
    assert len(made()) == 1
    place.clock.forward(days=1)
    with place.open() as desk:
        give(study(desk))
    assert [verify(b.path).events for b in backups(place.paths.history)] == [3, 1]


def test_a_copy_that_cannot_be_made_is_told_and_does_no_harm(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(choice("a"))
    place.paths.profile.mkdir(parents=True)
    place.paths.backups.write_text("a file where the folder should be")
    with place.open() as desk:
        give(study(desk))
    assert desk.uncopied is not None
    assert "not a directory" in desk.uncopied.what


TODAY = date(2026, 11, 22)


def test_what_is_kept_of_a_daily_copy_over_three_years() -> None:
    kept: set[date] = set()
    for age in range(3 * 365, -1, -1):
        today = TODAY - timedelta(days=age)
        kept |= {today}
        kept -= superfluous(kept, today)
    ages = sorted((TODAY - day).days for day in kept)
    assert ages[: DAYS + 1] == list(range(DAYS + 1))
    weeks = [age for age in ages if DAYS < age <= 60]
    assert [after - before for before, after in pairwise(weeks[1:])] == [7] * (len(weeks) - 2)
    assert len(weeks) in (7, 8, 9)
    assert 10 <= len([age for age in ages if 60 < age <= 366]) <= 11
    assert [(TODAY - timedelta(days=age)).year for age in ages if age > 366][-2:] == [2024, 2023]
    assert len(kept) <= 32


@given(st.sets(st.integers(-400, 4000)), st.integers(0, 40))
def test_thinning_keeps_the_newest_and_what_is_to_come_and_is_done_once(ages: set[int], later: int) -> None:
    days = {TODAY - timedelta(days=age) for age in ages}
    gone = superfluous(days, TODAY)
    assert all((TODAY - day).days > DAYS for day in gone)
    assert not superfluous(days - gone, TODAY), "what was kept once is kept"
    if days:
        assert max(days) not in gone
    again = superfluous(days - gone, TODAY + timedelta(days=later))
    assert {day.year for day in days} == {day.year for day in days - gone - again}


def test_a_clock_that_jumps_ahead_removes_nothing_and_two_copies_a_day_once_it_is_believed(
    path: Path, clock: FixedClock
) -> None:
    for _ in range(12):
        daily(path, clock.at)
        clock.forward(days=1)
    before = {b.path for b in backups(path)}
    for day in range(SETTLED + 1):
        clock.forward(days=3650 if not day else 1)
        daily(path, clock.at)
        gone = before - {b.path for b in backups(path)}
        assert len(gone) == (MOST_REMOVED if day == SETTLED else 0), "what days with a copy lead up to is believed"


def test_nothing_is_removed_after_a_copy_that_holds_less(path: Path, clock: FixedClock) -> None:
    for _ in range(20):
        daily(path, clock.at)
        clock.forward(days=1)
    before = {b.path for b in backups(path)}
    path.unlink()
    answer(path, clock)
    daily(path, clock.at)
    assert before < {b.path for b in backups(path)}


def test_a_copy_of_a_clock_that_was_ahead_neither_shields_nor_thins_others(path: Path, clock: FixedClock) -> None:
    def days(runs: int) -> None:
        for _ in range(runs):
            answer(path, clock)
            daily(path, clock.at)
            clock.forward(days=1)

    def names(future: bool) -> list[str]:
        return sorted(b.stamp[:10] for b in backups(path) if b.stamp.startswith("2036") == future)

    days(30)
    before = names(future=False)
    clock.forward(days=3650)
    days(5)
    assert (names(future=False), len(names(future=True))) == (before, 5)
    clock.set_back(days=3655)
    days(40)
    assert len(names(future=True)) == 5
    kept: set[date] = set()
    for run in range(70):
        today = TODAY + timedelta(days=run)
        kept |= {today}
        kept -= superfluous(kept, today)
    assert names(future=False) == sorted(map(str, kept)), "as if the clock had been right all the time"


def test_the_last_copies_of_a_history_that_was_begun_anew_stay(path: Path, clock: FixedClock) -> None:
    for _ in range(3):
        daily(path, clock.at)
        clock.forward(days=1)
    whole = {b.path for b in backups(path)}
    path.unlink()
    for _ in range(20):
        answer(path, clock)
        daily(path, clock.at)
        clock.forward(days=1)
    assert whole < {b.path for b in backups(path)}, "the new one still holds less"


def test_what_only_a_copy_holds_is_kept_when_an_older_file_stands_in_the_place_of_the_history(
    path: Path, clock: FixedClock
) -> None:
    """As a cloud tool or a copied folder puts it there: soon it holds more than the one that it took the place of."""
    clock.forward(days=1)  # to a Monday, of which no copy is kept for long
    older = path.read_bytes()
    lost = answer(path, clock, "lost").id
    first = daily(path, clock.at)
    assert first is not None
    path.write_bytes(older)

    def days(runs: int) -> int:
        for _ in range(runs):
            clock.forward(days=1)
            answer(path, clock)
            daily(path, clock.at)
        return len(backups(path))

    before = days(30)
    assert lost in ids(first)
    assert lost not in ids(path)
    restore(path, first, clock)
    assert days(8) <= before, "once it is put back they are thinned again"
    assert not first.exists()


@pytest.mark.parametrize("where", ["in the middle", "nowhere: the copy is cut off"])
def test_a_copy_that_may_hold_more_than_the_history_is_not_thinned(path: Path, clock: FixedClock, where: str) -> None:
    clock.forward(days=1)  # to a Monday, of which no copy is kept for long
    first = daily(path, clock.at)
    assert first is not None
    if where == "in the middle":
        spoiled(path, "delete from event where number = 5")
    else:
        first.write_bytes(first.read_bytes()[:20_000])
    for _ in range(30):
        clock.forward(days=1)
        answer(path, clock)
        daily(path, clock.at)
    assert first.exists()
    assert len(backups(path)) < 31, "others are"


def ids(copy: Path) -> set[str]:
    """Return the ids of the events that a copy holds."""
    with closing(sqlite3.connect(copy)) as db:
        return {event for (event,) in db.execute("select id from event")}


def test_only_daily_copies_are_thinned(tmp_path: Path) -> None:
    names = ["2020-01-01T10-00-00-by-hand", "2020-01-02T10-00-00-daily", "2020-01-03T10-00-00-before-version-3"]
    for name in names:
        (tmp_path / "backups").mkdir(exist_ok=True)
        (tmp_path / "backups" / f"history-{name}.sqlite").touch()
    found = backups(tmp_path / "history.sqlite")
    assert [b.reason for b in found] == ["before-version-3", "daily", "by-hand"]
    thin([b for b in found if b.reason == "daily"], TODAY, found[0].path)
    assert len(backups(tmp_path / "history.sqlite")) == 3, "the only one of its year"


def test_what_a_killed_program_left_half_written_is_removed_by_the_next_copy(path: Path, clock: FixedClock) -> None:
    folder = path.parent / "backups"
    folder.mkdir()
    for name in ("history-0123456789ab.part", "history-0123456789ab.part-journal"):
        (folder / name).write_bytes(b"half")
    back_up(path, "by-hand", clock.at)
    assert [p.name for p in folder.iterdir()] == ["history-2026-11-22T10-00-00-by-hand.sqlite"]


# -- which one a restore takes ----------------------------------------------------------------------------------------


def test_the_copy_with_the_most_is_taken_and_not_the_one_with_the_latest_time(path: Path, clock: FixedClock) -> None:
    future = back_up(path, "daily", clock.at + 3650 * DAY)
    answer(path, clock)
    true = back_up(path, "daily", clock.at)
    chosen = choose(path, clock.at)
    assert chosen.taken is not None
    assert (chosen.taken.backup.path, chosen.taken.held.events) == (true, 25)
    assert [seen.backup.path for seen in chosen.later] == [future]
    true.write_bytes(true.read_bytes()[:9000])
    chosen = choose(path, clock.at)
    assert chosen.taken is not None
    assert chosen.taken.backup.path == future
    assert chosen.damaged == [], "it is neither fuller, as far as one sees, nor later"


def test_of_copies_that_hold_the_same_the_later_is_taken(path: Path, clock: FixedClock) -> None:
    made = [back_up(path, "daily", clock.at + n * DAY) for n in range(3)]
    assert [seen.backup.path for seen in ranked(backups(path), clock.at)] == made[::-1]


def test_what_was_let_go_on_purpose_is_not_what_a_restore_takes_by_itself(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "before-sync", clock.at)
    answer(path, clock, "somebody else's")
    clock.forward(days=1)
    back_up(path, "daily", clock.at)
    restore(path, backup, clock, exactly=True)
    chosen = choose(path, clock.at)
    assert chosen.taken is not None
    assert (chosen.taken.backup.reason, chosen.taken.held.events) == ("as-restored", 24)
    clock.forward(days=1)
    answer(path, clock)
    daily(path, clock.at)
    chosen = choose(path, clock.at)
    assert chosen.taken is not None
    assert (chosen.taken.backup.reason, chosen.taken.held.events) == ("daily", 25)
    assert "somebody else's" not in {e.card for e in events(path, clock)}


@pytest.mark.parametrize("wrong", ["its end is missing", "one event was changed"])
def test_where_what_was_put_back_exactly_is_damaged_the_copies_from_before_are_better_than_nothing(
    path: Path, clock: FixedClock, wrong: str
) -> None:
    whole = back_up(path, "by-hand", clock.at)
    clock.forward(days=1)
    answer(path, clock)
    restore(path, whole, clock, exactly=True)
    (put_back,) = (b.path for b in backups(path) if b.reason == "as-restored")
    if wrong == "its end is missing":
        put_back.write_bytes(put_back.read_bytes()[:20_000])
        assert ranked(backups(path), clock.at)
    else:
        spoiled(put_back, "update event set at = at + 1 where number = 2")
    path.unlink()
    found = choose(path, clock.at)
    assert found.taken is not None
    assert found.taken.held.events == 25
    clock.forward(days=1)
    restore(path, whole, clock)
    daily(path, clock.at)
    found = choose(path, clock.at)
    assert found.taken is not None
    assert (found.taken.backup.reason, found.taken.held.events) == ("daily", 24), "what came since is what was meant"


def test_a_copy_of_nothing_is_not_taken_for_what_was_meant(path: Path, clock: FixedClock) -> None:
    whole = back_up(path, "by-hand", clock.at)
    clock.forward(days=1)
    restore(path, whole, clock, exactly=True)
    (put_back,) = (b.path for b in backups(path) if b.reason == "as-restored")
    put_back.write_bytes(put_back.read_bytes()[:20_000])
    path.unlink()
    clock.forward(days=1)
    History(path, clock).close()  # begun anew
    restore(path, whole, clock)
    empty = backups(path)[0]
    assert (empty.reason, verify(empty.path).events) == ("before-restore", 0)
    path.unlink()
    found = choose(path, clock.at)
    assert found.taken is not None
    assert found.taken.held.events == 24


def test_a_history_that_was_emptied_on_purpose_stays_so(path: Path, clock: FixedClock) -> None:
    back_up(path, "by-hand", clock.at)
    path.unlink()
    clock.forward(days=1)
    with closing(History(path, clock)) as history:
        let_go(history)
    found = choose(path, clock.at)
    assert found.taken is not None
    assert (found.taken.backup.reason, found.taken.held.events) == ("as-meant", 0)


# -- putting one back -------------------------------------------------------------------------------------------------


def test_into_a_sound_history_what_it_lacks_is_added_and_nothing_is_taken_away(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    whole = events(path, clock)
    path.unlink()
    clock.forward(days=1)
    later = answer(path, clock)
    device = (path.parent / "device").read_text()
    done = restore(path, backup, clock)
    assert (done.events, done.added, done.newer, done.lost) == (25, 24, 1, 0)
    assert [e.id for e in events(path, clock)] == [*(e.id for e in whole), later.id]
    assert done.saved is not None
    assert verify(done.saved).events == 1
    assert (path.parent / "device").read_text() != device, "its numbers may have been given before"


def test_restoring_what_is_there_changes_nothing(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    later = answer(path, clock)
    before, device = events(path, clock), (path.parent / "device").read_text()
    done = restore(path, backup, clock)
    assert (done.added, done.newer) == (0, 1)
    assert events(path, clock) == before
    assert later.id in [e.id for e in before]
    assert (path.parent / "device").read_text() == device


def test_beside_another_program_that_has_it_open(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    path.unlink()
    other = History(path, clock)
    learned(other, "b", 3)
    assert restore(path, backup, clock).added == 24
    learned(other, "a", 1)
    assert other.state("a").answers == 4
    assert examine(other).integrity == "ok"
    assert sound(other)
    other.close()


def spoiled(path: Path, *sql: str) -> None:
    """Change events past the guards of the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        guards = db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"drop trigger {name}")
        for statement in (*sql, *(guard for _, guard in guards)):
            db.execute(statement)


def test_a_changed_event_is_taken_from_the_backup(path: Path, clock: FixedClock) -> None:
    whole = events(path, clock)
    backup = back_up(path, "by-hand", clock.at)
    clock.forward(days=1)
    later = [answer(path, clock, card) for card in ("a", "z")]
    spoiled(path, "update event set rating = 3 where number = 2", "update event set card = 'q' where number = 26")
    done = restore(path, backup, clock)
    assert (done.events, done.newer, done.lost) == (25, 1, 1)
    assert [e.id for e in events(path, clock)] == [*(e.id for e in whole), later[0].id]
    assert done.saved is not None
    with closing(sqlite3.connect(done.saved)) as db:
        assert db.execute("select id from event where number = 26").fetchone() == (later[1].id,), "kept, if not counted"


RUINS = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"\x00" * 9000),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:9000]),
    "scrambled": lambda path: path.write_bytes(path.read_bytes()[:100] + b"\x5a" * 9000),
}


@pytest.mark.parametrize("ruin", RUINS)
def test_a_ruined_history_is_refused_and_put_back(path: Path, clock: FixedClock, ruin: str) -> None:
    backup = back_up(path, "by-hand", clock.at)
    whole = events(path, clock)
    RUINS[ruin](path)
    raw = path.read_bytes() if path.exists() else None
    if raw is not None:
        with pytest.raises(StoreDamagedError, match="quiz backup --restore"):
            History(path, clock)
    done = restore(path, backup, clock)
    assert events(path, clock) == whole
    assert (done.saved.read_bytes() if done.saved else None) == raw


@pytest.mark.parametrize("version", [0, 1, 2, 3, -1])
def test_a_version_that_does_not_fit_the_tables_is_damage_and_is_put_back(
    path: Path, clock: FixedClock, version: int
) -> None:
    backup = back_up(path, "by-hand", clock.at)
    later = answer(path, clock)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"pragma user_version = {version}")
    with pytest.raises(StoreDamagedError, match=f"its version cannot be {version}.*quiz backup --restore"):
        History(path, clock)
    assert [b.path for b in backups(path)] == [backup], "no copy is made of what would be no good"
    assert verify(path).fault == f"its version cannot be {version}"
    restore(path, backup, clock)
    assert later.id in [e.id for e in events(path, clock)]


def test_answers_in_the_readable_part_of_a_damaged_file_are_kept(tmp_path: Path, clock: FixedClock) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    for n in range(100):
        learned(history, f"c{n}", 3, pad="x" * 300)
    backup = history.backup("by-hand")
    for n in range(100, 200):
        learned(history, f"c{n}", 3, pad="x" * 300)
    history.close()
    content = bytearray(history.path.read_bytes())
    with closing(sqlite3.connect(history.path)) as db:
        (root,) = db.execute("select rootpage from sqlite_master where name = 'event_by_day'").fetchone()
    leaf = content.rindex(b"x" * 300) // 4096  # one of the pages with the last answers
    for page in (root - 1, leaf):
        content[page * 4096 : (page + 1) * 4096] = b"\x5a" * 4096
    history.path.write_bytes(content)
    done = restore(history.path, backup, clock)
    assert 150 < done.events < 200
    assert done.newer == done.events - 100
    assert len(events(history.path, clock)) == done.events


def test_a_second_restore_takes_up_what_an_interrupted_one_had_saved(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    later = answer(path, clock)
    spoiled(path, "update event set rating = 3 where number = 2")
    saved = path.parent / "backups" / "history-2026-11-22T10-00-00-damaged.sqlite"
    saved.write_bytes(path.read_bytes())
    path.write_bytes(b"")
    restore(path, backup, clock)
    assert later.id in [e.id for e in events(path, clock)]


def test_a_backup_of_an_older_version_is_brought_up(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "before-version-3", clock.at)
    as_version(backup, 2)
    before, content = events(path, clock), backup.read_bytes()
    path.write_bytes(b"")
    assert restore(path, backup, clock).events == 24
    assert events(path, clock) == before
    assert backup.read_bytes() == content


def test_a_backup_of_a_newer_version_is_refused(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    with closing(sqlite3.connect(backup)) as db:
        db.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(UnreadableError, match="newer version"):
        restore(path, backup, clock)


def test_a_damaged_backup_is_named_and_nothing_is_changed(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    spoiled(backup, "update event set rating = 3 where number = 2")
    before = path.read_bytes()
    with pytest.raises(UnreadableError, match=r"by-hand.sqlite is damaged \(event 2: it was changed"):
        restore(path, backup, clock, exactly=True)
    assert path.read_bytes() == before
    assert [b.reason for b in backups(path)] == ["by-hand"]


def test_of_a_damaged_backup_what_is_sound_is_put_back_and_the_rest_is_told(path: Path, clock: FixedClock) -> None:
    whole = events(path, clock)
    backup = back_up(path, "by-hand", clock.at)
    spoiled(backup, "update event set rating = 3 where number = 2")
    done = restore(path, backup, clock)
    assert (done.added, done.left, done.saved) == (0, 1, None), "nothing is missing, so that nothing is written"
    path.unlink()
    for written in (0, 1):
        if written:
            path.unlink()
            answer(path, clock)
        done = restore(path, backup, clock)
        assert (done.fault, done.left) == ("event 2: it was changed after it was written", 1)
        assert [e for e in events(path, clock) if e.card != "new"] == [whole[0], *whole[2:]]
    assert (done.added, done.newer) == (23, 1)


def test_of_a_damaged_backup_of_an_older_version_nothing_tells_what_is_sound(path: Path, clock: FixedClock) -> None:
    as_version(path, 3)
    backup = path.parent / "old.sqlite"
    backup.write_bytes(path.read_bytes())
    path.unlink()
    backup.write_bytes(backup.read_bytes()[:-4096])
    with pytest.raises(UnreadableError, match="is damaged"):
        restore(path, backup, clock)
    assert not path.exists()


def test_exactly_as_the_copy_was_and_what_was_answered_since_stays_in_another(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    before = events(path, clock)
    history = History(path, clock)
    history.change_settings({"sync": "/folder", "new": 3})
    learned(history, "later", 3)
    history.close()
    device = (path.parent / "device").read_text()
    done = restore(path, backup, clock, exactly=True)
    assert events(path, clock) == before
    assert (path.parent / "device").read_text() != device
    assert done.saved is not None
    assert (done.events, verify(done.saved).events) == (24, 26)
    restore(path, done.saved, clock)
    history = History(path, clock)
    assert history.count() == 26
    assert history.settings.new == 3
    history.close()


def test_the_settings_of_this_device_alone_go_with_its_new_name(path: Path, clock: FixedClock) -> None:
    history = History(path, clock)
    history.change_settings({"sync": "/folder", "new": 3})
    history.close()
    backup = back_up(path, "by-hand", clock.at)
    for ruined in (b"", None):
        if ruined is None:
            spoiled(path, "update event set rating = 3 where number = 2")
        else:
            path.write_bytes(ruined)
        restore(path, backup, clock)
        history = History(path, clock)
        assert (history.settings.sync, history.settings.new) == ("/folder", 3)
        assert {device for (device,) in history.query("select device from event where kind = 'settings'")} > {
            history.device
        }
        history.close()


def test_after_a_restore_no_number_is_given_twice_and_sync_brings_back_what_came_later(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    here, there = Device(tmp_path, "here"), Device(tmp_path, "there")
    here.answer("a", 3, 3)
    backup = back_up(here.path, "by-hand", here.clock.at)
    later = here.answer("b", 1, 3)
    here.sync(folder)
    for exactly in (True, False):
        if not exactly:
            here.path.write_bytes(b"")
        restore(here.path, backup, here.clock, exactly=exactly)
        here.clock.forward(days=1)
        new = here.answer("c", 3)
        assert not here.sync(folder).faults
        assert not there.sync(folder).faults
        for device in (here, there):
            history = device.open()
            assert {e.id for e in (*later, *new)} <= {e.id for e in history.events()}
            assert list(history.query("select 1 from event group by device, seq having count(*) > 1")) == []
            assert sound(history)
            history.close()


def test_after_a_restore_sync_brings_back_what_was_damaged_in_the_middle(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    here = Device(tmp_path, "here")
    for card in "ab":
        here.answer(card, 3, 3)
    backup = back_up(here.path, "by-hand", here.clock.at)
    lost = here.answer("c", 3, 3)
    here.answer("d", 3, 3)
    here.sync(folder)
    before = here.events()
    with closing(sqlite3.connect(here.path)) as db, db:
        db.execute("drop trigger event_is_never_changed")
        db.execute("update event set day = day + 1 where number in (5, 6)")
    assert restore(here.path, backup, here.clock).lost == 2
    assert not {e.id for e in lost} & {e.id for e in here.events()}
    assert here.sync(folder).came == 2
    assert here.events() == before


def test_what_a_restore_adds_at_a_place_of_before_goes_out_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    here, there = Device(tmp_path, "here"), Device(tmp_path, "there")
    (first,) = here.answer("a", 3)
    here.answer("b", 3)
    backup = back_up(here.path, "by-hand", here.clock.at)
    with closing(sqlite3.connect(here.path)) as db, db:
        (guard,) = db.execute("select sql from sqlite_master where name = 'event_is_never_deleted'").fetchone()
        db.execute("drop trigger event_is_never_deleted")
        db.execute("delete from event where number = 1")
        db.execute("delete from state where card = 'a'")
        db.execute(guard)
    here.sync(folder)
    assert restore(here.path, backup, here.clock).added == 1
    here.sync(folder)
    there.sync(folder)
    assert first.id in {event.id for event in there.events()}


def test_an_event_that_was_numbered_twice_is_no_contradiction(path: Path, tmp_path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    (tmp_path / "else").mkdir()
    other = History(tmp_path / "else" / "history.sqlite", clock)
    event = events(path, clock)[-1]
    other.merge([replace(event, seq=event.seq + 70)])
    other.close()
    assert restore(other.path, backup, clock).added == len(events(path, clock)) - 1


def test_an_answer_that_waits_in_a_journal_takes_no_number_that_was_given_before_a_restore(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    here = Device(tmp_path, "here")
    here.answer("a", 3)
    backup = back_up(here.path, "by-hand", here.clock.at)
    here.answer("b", 3)
    here.sync(folder)
    history = here.open()
    waiting = history.event("answer", card="w", rating=3, body={"question": "q", "mark": 1.0})
    history.keep([waiting])
    history._journal.close()  # killed
    history._db.close()
    here.path.write_bytes(b"")
    restore(here.path, backup, here.clock)
    assert not here.sync(folder).faults
    history = here.open()
    assert {e.card for e in history.events()} == {"a", "b", "w"}
    assert list(history.query("select 1 from event group by device, seq having count(*) > 1")) == []
    assert examine(history).sound
    assert not [gap for gap in examine(history).gaps if gap.last > 100]
    history.close()


def test_a_history_that_is_begun_anew_goes_by_another_name(path: Path, clock: FixedClock) -> None:
    device = (path.parent / "device").read_text()
    path.unlink()
    answer(path, clock)
    assert (path.parent / "device").read_text() != device


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_of_a_damaged_file_of_an_older_version_what_can_be_is_kept_and_told(
    path: Path, clock: FixedClock, version: int
) -> None:
    backup = back_up(path, "by-hand", clock.at)
    later = answer(path, clock)
    as_version(path, version)
    content = path.read_bytes()
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("select rootpage from sqlite_master where name = 'event_by_day'").fetchone()
    size = int.from_bytes(content[16:18], "big")
    path.write_bytes(content[: (root - 1) * size] + b"\x5a" * size + content[root * size :])
    with pytest.raises(StoreDamagedError, match="is damaged"):
        History(path, clock)
    done = restore(path, backup, clock)
    assert (done.newer, done.lost, done.unchecked) == (1, 0, version < 4)
    assert later.id in [e.id for e in events(path, clock)]


def test_one_event_that_says_two_things_is_an_error_that_names_it(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    with closing(sqlite3.connect(path)) as db:
        (event,) = db.execute("select id from event where number = 1").fetchone()
    path.unlink()
    history = History(path, clock)
    other = history.event("answer", card="z", rating=1, body={"question": "q", "mark": 0.0})
    history.record([Event(event, "answer", other.at, 0, other.day, "z", rating=1, body=other.body, device="d")])
    history.close()
    with pytest.raises(StoreError, match=f"the event {event} .*nothing was restored"):
        restore(path, backup, clock)
    assert len(events(path, clock)) == 1


def test_another_programs_file_is_left_alone(path: Path, clock: FixedClock) -> None:
    backup = back_up(path, "by-hand", clock.at)
    path.unlink()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("create table notes (text)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        restore(path, backup, clock)
    assert path.read_bytes() == before
