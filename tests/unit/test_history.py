"""The history: written once, derived in the same transaction, read back the same."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.errors import StoreDamagedError, StoreError
from quiz.memory import StudyDay
from quiz.store import database
from quiz.store import history as store
from quiz.store.backup import back_up
from quiz.store.derive import NEW, replay
from quiz.store.events import Event
from quiz.store.examine import examine, repair
from quiz.store.history import History
from quiz.store.rows import SavedSession
from tests.support.clocks import DAY, FixedClock
from tests.support.desks import Place, choice, differing, flip, learned, sound
from tests.support.old_stores import as_version

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def history(tmp_path: Path, clock: FixedClock) -> Iterator[History]:
    opened = History(tmp_path / "profile" / "history.sqlite", clock)
    yield opened
    opened.close()


def rows(history: History, sql: str) -> list[tuple[object, ...]]:
    return list(history.query(sql))


# -- events are written once and never changed ------------------------------------------------------------------------


def test_an_answer_is_on_the_disk_when_record_returns(history: History, clock: FixedClock) -> None:
    event = history.event("answer", card="a", rating=GOOD, body={"question": "q", "mark": 1.0})
    assert history.record([event])
    with sqlite3.connect(history.path) as beside:
        row = beside.execute("select id, device, seq, at, offset, day, kind, card, rating, body from event").fetchone()
    beside.close()
    day = history.today()
    assert row[:9] == (event.id, history.device, 1, clock.at, 0, day, "answer", "a", GOOD)
    assert json.loads(row[9]) == {"question": "q", "mark": 1.0}


@pytest.mark.parametrize(
    "statement", ["update event set rating = 4", "delete from event", "update event set body = ''"]
)
def test_the_file_itself_refuses_to_change_an_event(history: History, statement: str) -> None:
    learned(history, "a", GOOD)
    before = rows(history, "select * from event")
    with pytest.raises(sqlite3.IntegrityError, match="events are never"):
        history._db.execute(statement)
    assert rows(history, "select * from event") == before


def test_no_statement_of_the_program_changes_or_deletes_an_event() -> None:
    package = Path(database.__file__).parents[1]
    forbidden = re.compile(r"\b(update\s+event\b|delete\s+from\s+event\b|replace\s+into\s+event\b)", re.IGNORECASE)
    sources = [*package.rglob("*.py"), *package.rglob("*.sql")]
    assert len(sources) > 30
    assert [str(path) for path in sources if forbidden.search(path.read_text("utf-8"))] == []


def test_what_a_day_of_study_does_leaves_earlier_events_as_they_were(history: History, clock: FixedClock) -> None:
    first = learned(history, "a", GOOD)[0]
    before = rows(history, "select * from event")
    clock.forward(days=3)
    learned(history, "a", AGAIN, GOOD)
    history.record([history.event("undo", card="a", target=first.id)])
    history.record([history.event("reset", card="a")])
    history.connection.execute("update state set due = 1")
    assert repair(history, examine(history)) == 1
    assert rows(history, "select * from event where number = 1") == before


def test_an_event_written_twice_counts_once(history: History) -> None:
    event = history.event("answer", card="a", rating=AGAIN, body={"question": "q", "mark": 0.0})
    assert history.record([event])
    assert history.record([event])
    assert history.count() == 1
    assert history.state("a").answers == 1
    assert sound(history)


def test_an_interruption_between_write_and_return_writes_nothing_twice(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C can fall right after the commit, when the program does not know yet that the answer is kept."""
    real = history._put_session

    def interrupted(session: SavedSession) -> None:
        real(session)
        history._db.execute("commit")
        raise KeyboardInterrupt

    monkeypatch.setattr(history, "_put_session", interrupted)
    event = history.event("answer", card="a", rating=GOOD, body={"question": "q", "mark": 1.0})
    with pytest.raises(KeyboardInterrupt):
        history.record([event], SavedSession("s", history.today(), 0, True, {}))
    monkeypatch.undo()
    assert history.flush()
    assert history.trouble is None
    assert history.count() == 1
    assert history.state("a").answers == 1
    assert sound(history)


def test_an_interruption_in_the_middle_of_a_write_leaves_nothing_half_written(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(session: SavedSession) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(history, "_put_session", interrupted)
    event = history.event("answer", card="a", rating=GOOD, body={"question": "q", "mark": 1.0})
    with pytest.raises(KeyboardInterrupt):
        history.record([event], SavedSession("s", history.today(), 0, True, {}))
    assert list(history._db.execute("select id from event")) == []
    assert [e.id for e in history.pending] == [event.id]
    monkeypatch.undo()
    assert history.flush()
    assert history.count() == 1


def test_sequence_numbers_count_up_over_restarts(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "history.sqlite"
    for _ in range(3):
        history = History(path, clock)
        learned(history, "a", GOOD, GOOD)
        history.close()
    with sqlite3.connect(path) as db:
        assert [row[0] for row in db.execute("select seq from event order by number")] == [1, 2, 3, 4, 5, 6]
        assert db.execute("select count(distinct device) from event").fetchone() == (1,)
    db.close()


def test_a_copy_without_the_device_file_is_another_device(tmp_path: Path, clock: FixedClock) -> None:
    first = History(tmp_path / "one" / "history.sqlite", clock)
    learned(first, "a", GOOD)
    first.close()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "history.sqlite").write_bytes((tmp_path / "one" / "history.sqlite").read_bytes())
    second = History(tmp_path / "two" / "history.sqlite", clock)
    assert second.device != first.device
    learned(second, "a", GOOD)
    assert sorted(rows(second, "select seq from event")) == [(1,), (1,)]
    assert second.state("a").answers == 2
    second.close()


def test_a_program_that_starts_at_the_same_moment_takes_the_name_that_the_other_gave(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.device_of
    calls: list[str] = []

    def look(folder: Path) -> str:
        calls.append("look")
        if len(calls) == 1:
            (folder / "device").write_text("0123abcd\n")  # the other program is just a moment faster
            return ""
        other = sqlite3.connect(folder / "history.sqlite", timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")
        other.close()
        return real(folder)

    monkeypatch.setattr(store, "device_of", look)
    history = History(tmp_path / "history.sqlite", clock)
    history.close()
    assert history.device == "0123abcd"
    assert len(calls) == 2, "looked at once more inside the transaction"


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"\xff\xfe\x00", b"ABCDEF01\n"])
def test_a_damaged_device_file_is_made_anew(tmp_path: Path, clock: FixedClock, content: bytes) -> None:
    (tmp_path / "device").write_bytes(content)
    history = History(tmp_path / "history.sqlite", clock)
    history.close()
    assert re.fullmatch("[0-9a-f]{8}", history.device)
    assert (tmp_path / "device").read_text() == history.device + "\n"


def test_half_a_character_does_not_keep_an_answer_from_being_written(history: History) -> None:
    body = {"question": "q", "mark": 0.0, "given": "a\udc80b"}
    assert history.record([history.event("answer", card="a", rating=AGAIN, body=body)])
    assert history.events_of("a")[0].body["given"] == "a?b"


def test_an_event_is_exported_with_iso_times_and_everything_that_is_known(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", FixedClock("2026-11-23 03:30", 60))
    learned(history, "a", GOOD, given="ö")
    (event,) = history.events_of("a")
    history.close()
    data = json.loads(event.as_json())
    assert data == {
        "v": 2,
        "id": event.id,
        "device": history.device,
        "seq": 1,
        "time": "2026-11-23T03:30:00.000Z",
        "at_ms": history.clock.now().at,
        "offset_min": 60,
        "day": "2026-11-23",
        "kind": "answer",
        "card": "a",
        "rating": GOOD,
        "chance": 0.0,
        "retention": 0.9,
        "body": {"question": "q", "mark": 1.0, "given": "ö"},
    }
    assert "ö" in event.as_json()


# -- how the file is kept ---------------------------------------------------------------------------------------------


def test_an_answer_survives_a_power_cut_because_wal_and_full_are_in_force(history: History) -> None:
    learned(history, "a", GOOD)
    assert rows(history, "pragma journal_mode") == [("wal",)]
    assert rows(history, "pragma synchronous") == [(2,)]
    history.close()
    again = History(history.path, history.clock)
    assert rows(again, "pragma journal_mode") == [("wal",)]
    assert rows(again, "pragma synchronous") == [(2,)]
    again.close()


def test_nobody_else_may_read_the_history(history: History) -> None:
    learned(history, "a", GOOD)
    backup = history.backup("test")
    for path in (*history.path.parent.glob("history.sqlite*"), backup):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert {path.name for path in history.path.parent.glob("history.sqlite*")} == {
        "history.sqlite",
        "history.sqlite-wal",
        "history.sqlite-shm",
    }
    for folder in (history.path.parent, backup.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_rights_that_were_too_wide_are_narrowed(tmp_path: Path, clock: FixedClock) -> None:
    History(tmp_path / "history.sqlite", clock).close()
    (tmp_path / "history.sqlite").chmod(0o644)
    History(tmp_path / "history.sqlite", clock).close()
    assert stat.S_IMODE((tmp_path / "history.sqlite").stat().st_mode) == 0o600


STATEMENTS = [
    "select coalesce(max(seq), 0) from event where device = 'd'",
    "select 1 from event where card = 'c' and (at, device, seq) > (1, 'd', 2)",
    "select 1 from event where target = 'i'",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_of_a_session_reads_the_whole_history(history: History, statement: str) -> None:
    plan = " / ".join(str(row[3]) for row in rows(history, f"explain query plan {statement}"))
    assert "SEARCH" in plan
    assert "SCAN" not in plan


def test_opening_reads_no_answer(tmp_path: Path, clock: FixedClock) -> None:
    """A million answers must not make the start slower: what `History` asks of the file at its start uses an index."""
    path = tmp_path / "history.sqlite"
    History(path, clock).close()
    traced: list[str] = []
    history = History(path, clock)
    history._db.set_trace_callback(traced.append)
    history.settings = history._read_settings()
    history._db.set_trace_callback(None)
    assert len(traced) == 1
    assert "SCAN event" not in " ".join(str(row[3]) for row in rows(history, f"explain query plan {traced[0]}"))
    history.close()


def test_taking_up_a_session_reads_only_the_answers_of_its_days(history: History) -> None:
    traced: list[str] = []
    history._db.set_trace_callback(traced.append)
    history.answers_of("s", history.today())
    history.families_of(history.today())
    history.introduced(history.today())
    history.open_session(1, history.today())
    history._db.set_trace_callback(None)
    assert len(traced) == 5
    for statement in traced:
        plan = " / ".join(str(row[3]) for row in rows(history, f"explain query plan {statement}"))
        assert "SCAN event" not in plan
        assert "SCAN state" not in plan, statement


# -- undo -------------------------------------------------------------------------------------------------------------


def test_an_undo_takes_back_the_answer_it_names_and_no_other(history: History, clock: FixedClock) -> None:
    learned(history, "a", GOOD)
    before = history.state("a")
    clock.forward(days=5)
    (event,) = learned(history, "a", AGAIN)
    assert history.state("a") != before
    history.record([history.event("undo", card="a", target=event.id)])
    assert history.state("a") == before
    assert history.count() == 3
    assert sound(history)


def test_an_undo_of_an_undo_brings_the_answer_back(history: History) -> None:
    (event,) = learned(history, "a", GOOD)
    answered = history.state("a")
    undo = history.event("undo", card="a", target=event.id)
    history.record([undo])
    assert history.state("a") == NEW
    again = history.event("undo", card="a", target=undo.id)
    history.record([again])
    assert history.state("a") == answered
    history.record([history.event("undo", card="a", target=again.id)])
    assert history.state("a") == NEW
    assert sound(history)


@pytest.mark.parametrize("earlier", [0, DAY])
def test_an_undo_may_arrive_before_its_event(history: History, clock: FixedClock, earlier: int) -> None:
    """Two devices merge in any order; the undo may even bear the earlier time, if a clock was set back."""
    event = history.event("answer", card="a", rating=GOOD, body={"question": "q", "mark": 1.0})
    clock.at -= earlier
    history.record([history.event("undo", card="a", target=event.id)])
    clock.at += earlier
    history.record([event])
    assert history.state("a") == NEW
    assert sound(history)


def test_an_undo_of_a_suspension_brings_the_card_back(history: History) -> None:
    learned(history, "a", GOOD)
    before = history.state("a")
    suspend = history.event("suspend", card="a", body={"on": True})
    history.record([suspend])
    assert history.state("a").suspended
    history.record([history.event("undo", card="a", target=suspend.id)])
    assert history.state("a") == before


def test_undo_works_after_a_restart(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "history.sqlite"
    history = History(path, clock)
    (event,) = learned(history, "a", GOOD)
    history.close()
    history = History(path, clock)
    history.record([history.event("undo", card="a", target=event.id)])
    assert history.state("a") == NEW
    history.close()


# -- time -------------------------------------------------------------------------------------------------------------


def test_the_study_day_begins_at_the_hour_set_and_in_local_time(tmp_path: Path) -> None:
    clock = FixedClock("2026-11-23 02:59", 60)  # 03:59 local: still the day before
    history = History(tmp_path / "history.sqlite", clock)
    before = history.today()
    clock.forward(minutes=1)
    assert history.today() == before + 1
    history.change_settings({"rollover": 5})
    assert history.today() == before
    clock.forward(hours=1)
    assert history.today() == before + 1
    history.close()


@pytest.mark.parametrize("back", ["ten days", "1970", "the first day", "ten years ahead"])
def test_a_clock_that_is_set_leads_to_no_negative_interval(tmp_path: Path, clock: FixedClock, back: str) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "a", GOOD)
    clock.forward(days=3)
    learned(history, "a", GOOD)
    if back == "ten days":
        clock.set_back(days=10)
    elif back == "1970":
        clock.set_to("1970-01-01 12:00")
    elif back == "the first day":
        clock.set_to("1969-12-31 23:00")
        clock.offset = -480
    else:
        clock.set_back(days=-3653)
    for rating in (GOOD, AGAIN, HARD, EASY):
        learned(history, "a", rating)
        state = history.state("a")
        assert state.memory is not None
        assert state.due > state.memory.day
        assert state.memory.stability > 0
        clock.forward(minutes=10)
    assert state.answers == 6
    assert sound(history)
    history.close()


def test_a_clock_behind_the_history_is_told_by_how_much(history: History, clock: FixedClock) -> None:
    assert history.behind() == 0
    learned(history, "a", GOOD)
    assert history.behind() == 0
    clock.set_back(days=10)
    assert history.behind() == 10 * DAY
    learned(history, "b", GOOD)
    assert history.behind() == 10 * DAY, "one more answer does not make the clock right"
    clock.set_back(days=-10)
    assert history.behind() == 0


def test_a_clock_ahead_is_told_once_it_is_set_right(history: History, clock: FixedClock) -> None:
    clock.set_back(days=-3650)
    learned(history, "a", GOOD)
    assert history.behind() == 0
    clock.set_back(days=3650)
    assert history.behind() == 3650 * DAY


def test_a_decision_counts_even_if_events_were_written_while_the_clock_was_ahead(
    tmp_path: Path, clock: FixedClock
) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    clock.set_back(days=-3650)
    learned(history, "a", GOOD)
    history.record([history.event("suspend", card="a", body={"on": True})])
    history.change_settings({"new": 3})
    clock.set_back(days=3650)
    history.record([history.event("suspend", card="a", body={"on": False})])
    assert not history.state("a").suspended
    history.record([history.event("reset", card="a")])
    assert history.state("a").new
    history.change_settings({"new": 7})
    history.close()
    history = History(history.path, clock)
    assert history.settings.new == 7
    assert sound(history)
    history.close()


def test_an_answer_keeps_the_time_at_which_it_was_given(history: History, clock: FixedClock) -> None:
    learned(history, "a", GOOD)
    clock.set_back(days=1)
    learned(history, "a", GOOD)
    assert [event.at for event in history.events_of("a")] == [clock.at, clock.at + DAY]


def test_flying_and_summer_time_move_the_study_day_and_nothing_else(tmp_path: Path) -> None:
    clock = FixedClock("2026-03-29 00:30", 60)  # the night in which Europe goes to summer time
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "a", GOOD)
    clock.forward(hours=2)
    clock.offset = 120  # 04:30 summer time: a new study day
    learned(history, "a", GOOD)
    clock.forward(hours=1)
    clock.offset = -480  # in San Francisco it is still the evening before
    learned(history, "a", GOOD)
    events = history.events_of("a")
    assert [e.offset for e in events] == [60, 120, -480]
    assert [e.day - events[0].day for e in events] == [0, 1, 0]
    state = history.state("a")
    assert state.memory is not None
    assert state.memory.day == events[2].day
    assert state.due > state.memory.day
    assert state.days == 2
    assert sound(history)
    history.close()


# -- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_kept_and_the_latest_counts(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "history.sqlite"
    history = History(path, clock)
    history.change_settings({"new": 3, "certainty": "on"})
    clock.forward(seconds=1)
    history.change_settings({"new": 5})
    assert (history.settings.new, history.settings.certainty) == (5, "on")
    history.close()
    history = History(path, clock)
    assert (history.settings.new, history.settings.certainty, history.settings.minutes) == (5, "on", 15)
    history.close()


def test_a_setting_written_by_a_program_that_knows_more_does_no_harm(tmp_path: Path, clock: FixedClock) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    history.record(
        [history.event("settings", body={"new": 9999, "retention": "much", "colour": "blue", "minutes": 20})]
    )
    history.close()
    history = History(history.path, clock)
    assert (history.settings.new, history.settings.retention, history.settings.minutes) == (10, 0.9, 20)
    history.close()


# -- what a session asks ----------------------------------------------------------------------------------------------


def test_only_cards_of_the_scope_are_due(tmp_path: Path, clock: FixedClock) -> None:
    place = Place(tmp_path, clock)
    place.write(*(choice(f"c{n}", topic="odd" if n % 2 else "even") for n in range(6)))
    with place.open() as desk:
        for n in range(6):
            learned(desk.history, f"c{n}", AGAIN)
            clock.forward(days=1)
        learned(desk.history, "elsewhere", AGAIN)
        desk.history.record([desk.history.event("suspend", card="c1", body={"on": True})])
        today = desk.history.today()
        assert [c.card for c in desk.history.due(Scope(), today, 99)] == ["c0", "c2", "c3", "c4", "c5"]
        assert [c.card for c in desk.history.due(Scope(topics=("odd",)), today, 99)] == ["c3", "c5"]
        assert desk.history.due(Scope(topics=("nothing",)), today, 99) == []
        assert desk.history.due(Scope(), StudyDay(today - 6), 99) == []
        candidate = desk.history.due(Scope(cards=("c2",)), today, 99)[0]
        assert candidate.memory == desk.history.state("c2").memory


def test_new_cards_come_in_the_order_of_the_decks_without_what_was_met(tmp_path: Path, clock: FixedClock) -> None:
    place = Place(tmp_path, clock)
    place.write(choice("z1"), choice("z2"), name="zebra", order=1)
    place.write(choice("a1"), choice("a2"), choice("a3"), name="ant", order=2)
    with place.open() as desk:
        history, today = desk.history, desk.history.today()
        assert [c.card for c in history.fresh(Scope(), today, 4)] == ["z1", "z2", "a1", "a2"]
        learned(history, "z2", GOOD)
        history.record([history.event("suspend", card="a1", body={"on": True})])
        history.record([history.event("bury", card="a2", body={"until": today + 1})])
        assert [c.card for c in history.fresh(Scope(), today, 4)] == ["z1", "a3"]
        assert [c.card for c in history.fresh(Scope(), StudyDay(today + 1), 4)] == ["z1", "a2", "a3"]
        ant = str(place.decks / "ant.yaml")
        assert [c.card for c in history.fresh(Scope(decks=(ant,)), today, 4)] == ["a3"]
        assert history.fresh(Scope(), today, 0) == []


def test_new_siblings_take_one_place_among_the_new_cards(tmp_path: Path, clock: FixedClock) -> None:
    place = Place(tmp_path, clock)
    place.write(*(flip(f"f{n}", both_ways=True) for n in range(4)))
    with place.open() as desk:
        today = desk.history.today()
        assert [c.card for c in desk.history.fresh(Scope(), today, 3)] == ["f0", "f1", "f2"]
        assert [c.card for c in desk.history.fresh(Scope(), today, 3, {"f0", "f2"})] == ["f1", "f3"]


def test_a_reset_card_is_new_again(tmp_path: Path, clock: FixedClock) -> None:
    place = Place(tmp_path, clock)
    place.write(choice("a"))
    with place.open() as desk:
        learned(desk.history, "a", GOOD, AGAIN)
        desk.history.record([desk.history.event("reset", card="a")])
        today = desk.history.today()
        assert [c.card for c in desk.history.fresh(Scope(), today, 4)] == ["a"]
        assert desk.history.due(Scope(), StudyDay(today + 100), 99) == []
        assert desk.history.families_of(today) == set()


def test_cards_met_today_are_counted_and_an_undo_takes_them_off(history: History, clock: FixedClock) -> None:
    learned(history, "old", GOOD)
    clock.forward(days=1)
    learned(history, "old", GOOD)
    (event,) = learned(history, "a", GOOD)
    learned(history, "b/back", AGAIN, GOOD)
    assert history.introduced(history.today()) == 2
    assert history.families_of(history.today()) == {"old", "a", "b"}
    history.record([history.event("undo", card="a", target=event.id)])
    assert history.introduced(history.today()) == 1
    assert history.families_of(history.today()) == {"old", "b"}
    assert history.introduced(StudyDay(history.today() - 1)) == 1


@pytest.mark.parametrize("gone", [0, 3, 40])
def test_of_many_due_cards_the_weakest_are_ranked(tmp_path: Path, clock: FixedClock, gone: int) -> None:
    """Also when decks have lost the weakest of all, more of them than are picked to spare."""
    place = Place(tmp_path, clock)
    cards = [flip(f"c{n:02}") for n in range(60)]
    place.write(*cards)
    with place.open() as desk:
        events = [desk.history.event("answer", card=f"c{n:02}", rating=GOOD if n >= 45 else AGAIN) for n in range(60)]
        assert desk.history.record(events)
    place.write(*cards[gone:])
    clock.forward(days=30)
    with place.open() as desk:
        found = [c.card for c in desk.history.due(Scope(), desk.history.today(), 10)]
        assert found == [f"c{n:02}" for n in range(gone, gone + 10)]
        assert len(desk.history.due(Scope(), desk.history.today(), 99)) == 60 - gone


def test_the_answers_of_a_session_come_as_they_were_given_without_those_taken_back(
    history: History, clock: FixedClock
) -> None:
    day = history.today()
    events = []
    for n in range(4):
        events += learned(history, f"c{n}", GOOD, session="s")
        clock.set_back(hours=1 if n == 1 else -1)
    learned(history, "other", GOOD, session="t")
    history.record([history.event("undo", card="c0", target=events[0].id)])
    assert [e.card for e in history.answers_of("s", day)] == ["c1", "c2", "c3"]
    clock.set_back(days=2)
    history.record([history.event("undo", card="c3", target=events[3].id)])
    assert [e.card for e in history.answers_of("s", day)] == ["c1", "c2"], "an undo counts whatever day it bears"


def test_the_latest_session_of_the_day_that_was_not_finished_is_found(history: History, clock: FixedClock) -> None:
    day = history.today()
    assert history.open_session(1, day) is None
    for number, still_open in enumerate((True, True, False)):
        history.record((), SavedSession(f"s{number}", day, clock.at + number, still_open, {"format": 1, "n": number}))
    found = history.open_session(1, day)
    assert found == SavedSession("s1", day, clock.at + 1, True, {"format": 1, "n": 1})
    assert history.open_session(1, StudyDay(day + 1)) is None
    history.record((), SavedSession("s1", day, clock.at + 1, False, {}))
    found = history.open_session(1, day)
    assert found is not None
    assert found.id == "s0"


# -- state and its repair ---------------------------------------------------------------------------------------------


def test_a_state_that_was_damaged_is_found_and_rebuilt(history: History, clock: FixedClock) -> None:
    for card in "abc":
        learned(history, card, GOOD, AGAIN)
    right = {card: history.state(card) for card in "abc"}
    history._db.execute("update state set stability = 999, due = 1 where card = 'a'")
    history._db.execute("delete from state where card = 'b'")
    history._db.execute("insert into state select 'ghost', " + ", ".join(COLUMNS[1:]) + " from state where card = 'c'")
    assert sorted(differing(history)) == ["a", "b", "ghost"]
    assert repair(history, examine(history)) == 3
    assert examine(history).sound
    assert {card: history.state(card) for card in "abc"} == right
    assert history.state("ghost") == NEW


COLUMNS = (
    "card stability difficulty day due shown_from answers lapses days last_recalled first_day suspended buried_until "
    "flagged danger asked".split()
)


def test_a_state_says_from_when_the_card_is_shown(history: History) -> None:
    """`shown_from` is what sessions search by; it must follow from the rest, whatever was the last event."""
    learned(history, "a", GOOD)
    for kind, body in (("bury", {"until": 50_000}), ("suspend", {"on": True}), ("suspend", {"on": False})):
        history.record([history.event(kind, card="a", body=body)])  # type: ignore[arg-type]
        ((shown_from,),) = rows(history, "select shown_from from state where card = 'a'")
        assert shown_from == history.state("a").shown_from


def test_a_repair_says_politely_when_the_file_is_in_use(tmp_path: Path, clock: FixedClock) -> None:
    history = History(tmp_path / "history.sqlite", clock, busy=0.01)
    learned(history, "a", GOOD)
    history.connection.execute("update state set due = 1")
    found = examine(history)
    with sqlite3.connect(history.path, isolation_level=None) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="another program is writing"):
            repair(history, found)
        other.execute("rollback")
    other.close()
    assert repair(history, found) == 1
    assert sound(history)
    history.close()


def test_a_reader_works_beside_the_writer_and_cannot_write(tmp_path: Path, clock: FixedClock) -> None:
    place = Place(tmp_path, clock)
    place.write(choice("a"))
    with place.open() as desk:
        reader = desk.history.reader()
        learned(desk.history, "a", GOOD)
        found: list[object] = []

        def look() -> None:
            found.append(reader.execute("select count(*) from event").fetchone()[0])
            found.append(reader.execute("select id from deck.card").fetchone()[0])

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert found == [1, "a"]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("insert into session values ('x', 1, 1, 1, '')")
        reader.close()


def test_pending_answers_count_in_the_order_in_which_they_were_given(history: History, clock: FixedClock) -> None:
    learned(history, "a", GOOD)
    held = [history.event("answer", card="a", rating=r, body={"question": "q", "mark": 0.0}) for r in (AGAIN, EASY)]
    history.hold(held)  # at the very same moment
    before = history.state("a")
    assert before.answers == 3
    assert history.families_of(history.today()) == {"a"}
    assert history.flush()
    assert history.state("a") == before
    assert sound(history)


# -- schema -----------------------------------------------------------------------------------------------------------


def test_a_newer_history_is_refused_politely_and_left_as_it_is(tmp_path: Path, clock: FixedClock) -> None:
    history = History(tmp_path / "history.sqlite", clock)
    learned(history, "a", GOOD)
    history._db.execute("pragma user_version = 99")
    history.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StoreError, match=r"newer version .*store 99, known \d.*update the program"):
        History(history.path, clock)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


NEXT = database.SCHEMA_VERSION + 1


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A program whose store has the next version; the list tells how often the migration ran."""
    ran: list[int] = []

    def migrate(db: sqlite3.Connection) -> None:
        ran.append(1)
        db.execute("alter table session add column note text not null default ''")

    monkeypatch.setattr(database, "SCHEMA_VERSION", NEXT)
    monkeypatch.setitem(database.MIGRATIONS, database.SCHEMA_VERSION - 1, migrate)
    return ran


def test_a_history_of_version_one_gets_its_index_of_sessions_and_its_danger_list(
    tmp_path: Path, clock: FixedClock
) -> None:
    path = old_history(tmp_path, clock)
    history = History(path, clock)
    sure = {"question": "q", "mark": 0.0, "certainty": "high"}
    history.record([history.event("answer", card="b", rating=AGAIN, body=sure)])
    history.close()
    as_version(path, 1)
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("update state set due = due + 50, shown_from = shown_from + 50 where card = 'b'")
    db.close()
    history = History(path, clock)
    assert rows(history, "select card from state where danger > 0") == [("b",)]
    assert sound(history)
    history.record([history.event("session", body={"n": 1})])
    assert [e.body for e in history.of_kind("session")] == [{"n": 1}]
    (plan,) = rows(history, "explain query plan select id from event where kind <> 'answer' and kind = 'session'")
    assert "event_by_kind" in str(plan)
    history.close()


def old_history(folder: Path, clock: FixedClock) -> Path:
    history = History(folder / "history.sqlite", clock)
    learned(history, "a", GOOD)
    history.close()
    return history.path


def test_an_old_history_is_backed_up_and_then_migrated_once(
    tmp_path: Path, clock: FixedClock, request: pytest.FixtureRequest
) -> None:
    path = old_history(tmp_path, clock)
    ran = request.getfixturevalue("next_version")
    for _ in range(2):
        history = History(path, clock)
        assert rows(history, "select note from session") == []
        assert rows(history, "pragma user_version") == [(NEXT,)]
        assert history.state("a").answers == 1
        history.close()
    assert ran == [1]
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name == f"history-2026-11-22T10-00-00-before-version-{NEXT}.sqlite"
    with sqlite3.connect(backup) as db:
        assert db.execute("pragma user_version").fetchone() == (NEXT - 1,)
        assert db.execute("select count(*) from event").fetchone() == (1,)
    db.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_history(tmp_path, clock)
    before = path.read_bytes()

    def half(db: sqlite3.Connection) -> None:
        db.execute("alter table session add column note text not null default ''")
        db.execute("insert into session (id, day, started, open, body) values ('x', 1, 1, 1, '')")
        db.execute("alter table absent add column note text")

    monkeypatch.setattr(database, "SCHEMA_VERSION", NEXT)
    monkeypatch.setitem(database.MIGRATIONS, database.SCHEMA_VERSION - 1, half)
    with pytest.raises(StoreError, match="no such table"):
        History(path, clock)
    assert path.read_bytes() == before
    assert len(list((tmp_path / "backups").iterdir())) == 1
    monkeypatch.undo()
    history = History(path, clock)
    assert history.state("a").answers == 1
    history.close()


def test_without_a_backup_nothing_is_migrated(
    tmp_path: Path, clock: FixedClock, request: pytest.FixtureRequest
) -> None:
    path = old_history(tmp_path, clock)
    before = path.read_bytes()
    ran = request.getfixturevalue("next_version")
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"backup .* cannot be written"):
        History(path, clock)
    assert ran == []
    assert path.read_bytes() == before


# -- backups ----------------------------------------------------------------------------------------------------------


def test_a_backup_of_a_history_in_use_holds_every_answer(history: History, clock: FixedClock) -> None:
    learned(history, "a", GOOD, AGAIN, GOOD)
    first, second = history.backup("by-hand"), history.backup("by-hand")
    assert (first.name, second.name) == (
        "history-2026-11-22T10-00-00-by-hand.sqlite",
        "history-2026-11-22T10-00-00-by-hand-2.sqlite",
    )
    copy = History(first, clock)
    assert [e.id for e in copy.events()] == [e.id for e in history.events()]
    assert copy.state("a") == history.state("a")
    copy.close()
    assert [p.suffix for p in first.parent.iterdir() if p.name.startswith("history-")].count(".part") == 0


def test_a_backup_of_a_damaged_history_says_so_and_leaves_no_part(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    with pytest.raises(StoreError, match="is damaged"):
        back_up(tmp_path / "history.sqlite", "test", 0)
    assert list((tmp_path / "backups").iterdir()) == []


# -- order ------------------------------------------------------------------------------------------------------------


@given(st.permutations(range(8)))
def test_replay_is_by_time_then_device_then_sequence_whatever_the_order_of_arrival(order: list[int]) -> None:
    def event(n: int, at: int, device: str, seq: int, rating: int) -> Event:
        body = {"question": f"q{n % 3}", "mark": float(rating > 1)}
        day = StudyDay(20_000 + at // 10)
        return Event(f"{n:032x}", "answer", at, 0, day, "a", None, rating, 0.0, 0.9, body, device, seq)

    events = [
        event(0, 5, "b", 1, GOOD),
        event(1, 5, "a", 2, AGAIN),
        event(2, 5, "a", 10, EASY),  # as a number 10 comes after 2, as text it would not
        event(3, 15, "b", 2, HARD),
        event(4, 15, "a", 3, GOOD),
        event(5, 35, "a", 11, AGAIN),
        event(6, 100, "b", 3, GOOD),
        event(7, 100, "b", 20, GOOD),
    ]
    assert sorted(events, key=lambda e: e.order) == [events[i] for i in (1, 2, 0, 4, 3, 5, 6, 7)]
    assert replay([events[i] for i in order]) == replay(events)


def test_a_history_whose_version_the_disk_has_changed_keeps_the_name_of_its_device(
    tmp_path: Path, clock: FixedClock
) -> None:
    path = old_history(tmp_path, clock)
    name = (tmp_path / "device").read_text()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 0")
    db.close()
    with pytest.raises(StoreDamagedError, match="its version cannot be 0"):
        History(path, clock)
    assert (tmp_path / "device").read_text() == name
