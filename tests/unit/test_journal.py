"""The journal: an answer is on the disk before the history is written, and arrives there whatever happens between."""

from __future__ import annotations

import os
import sqlite3
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.store import journal as module
from quiz.store.derive import replay
from quiz.store.events import Event, to_json
from quiz.store.history import BATCH, History
from quiz.store.journal import ROOM, Journal, read
from quiz.store.rows import SavedSession
from tests.support.clocks import FixedClock
from tests.support.desks import Place, choice, flip, give, sound, step, study


def opened(folder: Path) -> History:
    return History(folder / "history.sqlite", FixedClock())


def answer(history: History, card: str, rating: int = 3) -> Event:
    return history.event("answer", card=card, rating=rating, body={"question": "q", "mark": float(rating > 1)})


def killed(history: History) -> None:
    """End a program as the system does: all files are closed, and nothing else happens."""
    history._journal.close()
    history._db.close()


def in_the_file(history: History) -> list[str]:
    with sqlite3.connect(history.path) as beside:
        found = [row[0] for row in beside.execute("select id from event order by number")]
    beside.close()
    return found


def journals(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.journal"))


def held(folder: Path) -> list[str]:
    """Return the ids of the events in all journals."""
    entries = [entry for path in folder.glob("*.journal") for entry in read(path.read_bytes())[0]]
    return [event[0] for events, _ in entries for event in events]


def test_what_is_kept_is_on_the_disk_at_once_and_in_the_history_after_a_flush(tmp_path: Path) -> None:
    history = opened(tmp_path)
    event = answer(history, "a")
    history.keep([event], SavedSession("s", history.today(), 0, True, {"format": 1}))
    assert held(tmp_path) == [event.id]
    assert in_the_file(history) == []
    assert history.state("a").answers == 1, "it counts already"
    assert history.flush()
    assert held(tmp_path) == []
    assert in_the_file(history) == [event.id]
    history.close()


def test_an_answer_kept_before_a_kill_is_there_at_the_next_start_with_the_place_of_the_session(tmp_path: Path) -> None:
    history = opened(tmp_path)
    event, saved = answer(history, "a", 1), SavedSession("s", history.today(), 0, True, {"format": 1, "n": 7})
    history.keep([event], saved)
    counted = history.state("a")
    killed(history)
    again = opened(tmp_path)
    assert in_the_file(again) == [event.id]
    assert again.state("a") == counted
    assert again.open_session(1) == saved
    assert held(tmp_path) == []
    assert sound(again)
    again.close()
    assert journals(tmp_path) == ["answers-1.journal"], "its room is used again"


def test_what_arrived_before_a_kill_is_not_taken_in_twice(tmp_path: Path) -> None:
    history = opened(tmp_path)
    event, early = answer(history, "a"), SavedSession("s", history.today(), 0, True, {"format": 1, "n": 1})
    history.keep([event], early)
    journal = (tmp_path / "answers-1.journal").read_bytes()
    history.flush()
    late = SavedSession("s", history.today(), 0, True, {"format": 1, "n": 2})
    history.record((), late)
    killed(history)
    (tmp_path / "answers-1.journal").write_bytes(journal)  # the kill fell between the commit and the clearing
    again = opened(tmp_path)
    assert in_the_file(again) == [event.id]
    assert again.state("a").answers == 1
    assert again.open_session(1) == late, "an earlier place does not come back"
    again.close()


def test_a_session_killed_at_any_point_goes_on_where_it_stood(tmp_path: Path) -> None:
    """Killed after each answer before anything was flushed: no answer is lost, and the next question is the same."""
    place = Place(tmp_path)
    place.write(*(choice(f"c{n}") for n in range(6)))
    given_: list[str] = []
    ahead = ""
    for _ in range(6):
        with place.killed() as desk:
            session = study(desk)
            assert [a.event for a in session.answered] == given_
            assert session.shown is not None
            assert ahead in ("", session.shown.card.id)
            given_.append(give(session).event)
            assert given_[-1] not in in_the_file(desk.history)
            session.next()
            ahead = session.shown.card.id if session.shown else ""
    with place.open() as desk:
        assert [e.id for e in desk.history.events()] == given_
        assert desk.history.open_session(1) is None, "the session was over"
        assert sound(desk.history)


def test_several_answers_without_a_breath_are_written_together(tmp_path: Path) -> None:
    history = opened(tmp_path)
    events = [answer(history, f"c{n}") for n in range(BATCH + 2)]
    for event in events:
        history.keep([event])
    assert in_the_file(history) == [e.id for e in events[:BATCH]]
    assert held(tmp_path) == [e.id for e in events[BATCH:]]
    history.close()
    assert in_the_file(history) == [e.id for e in events]


@pytest.mark.parametrize("again", [1, 3])
def test_one_card_answered_twice_before_a_flush_stands_where_replay_puts_it(tmp_path: Path, again: int) -> None:
    history = opened(tmp_path)
    events = [answer(history, "a", 3), answer(history, "a", again)]
    for event in events:
        history.keep([event])
    waiting = history.state("a")
    history.flush()
    assert history.state("a") == waiting == replay(history.events_of("a"))
    history.close()


def test_two_programs_have_a_journal_each_and_none_takes_what_the_other_holds(tmp_path: Path) -> None:
    one, two = opened(tmp_path), opened(tmp_path)
    first, second = answer(one, "a"), answer(two, "b")
    one.keep([first])
    two.keep([second])
    assert journals(tmp_path) == ["answers-1.journal", "answers-2.journal"]
    three = opened(tmp_path)
    assert in_the_file(three) == []
    killed(one)
    killed(two)
    four = opened(tmp_path)
    assert sorted(in_the_file(four)) == sorted([first.id, second.id])
    assert held(tmp_path) == []
    three.close()
    four.close()


def test_the_room_that_was_taken_at_the_start_serves_when_the_disk_is_full(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.keep([answer(history, "a")])
    history.flush()
    (pages,) = next(iter(history.query("pragma page_count")))
    history.query(f"pragma max_page_count = {pages}")
    big = [
        history.event("answer", card=f"c{n}", rating=3, body={"question": "q", "mark": 1.0, "given": "x" * 5000})
        for n in range(12)
    ]
    for event in big:
        history.keep([event])
    assert history.trouble is not None
    assert history.pending
    assert history.aside == tmp_path / "answers-1.journal"
    killed(history)
    again = opened(tmp_path)
    assert [e.id for e in again.events()][1:] == [e.id for e in big]
    again.close()


def test_what_the_journal_does_not_take_goes_into_the_history_at_once(tmp_path: Path) -> None:
    history = opened(tmp_path)
    event = history.event("answer", card="a", rating=3, body={"question": "q", "mark": 1.0, "given": "x" * ROOM})
    history.keep([event])
    assert in_the_file(history) == [event.id]
    history.close()


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_a_thing_in_the_place_of_the_journal_is_passed_over(tmp_path: Path, kind: str) -> None:
    target, name = tmp_path / "elsewhere", tmp_path / "answers-1.journal"
    target.write_text("mine")
    if kind == "folder":
        name.mkdir()
    elif kind == "pipe":
        os.mkfifo(name)
    else:
        name.symlink_to(target)
    history = opened(tmp_path)
    event = answer(history, "a")
    history.keep([event])
    assert event.id in [*in_the_file(history), *held_in(tmp_path / "answers-2.journal")]
    history.close()
    assert target.read_text() == "mine"


def held_in(path: Path) -> list[str]:
    return [event[0] for events, _ in read(path.read_bytes())[0] for event in events] if path.exists() else []


def test_a_system_without_such_locks_writes_each_answer_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_POSSIBLE", False)
    history = opened(tmp_path)
    event = answer(history, "a")
    history.keep([event])
    assert in_the_file(history) == [event.id]
    assert journals(tmp_path) == []
    history.close()


def test_a_disk_that_refuses_the_line_gets_the_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = opened(tmp_path)
    history.keep([answer(history, "a")])
    history.flush()

    def refuse(file: int) -> None:
        raise OSError(5, "input error")

    monkeypatch.setattr(module, "_sync", refuse)
    event = answer(history, "b")
    history.keep([event])
    assert event.id in in_the_file(history)
    history.close()


def test_a_journal_cut_short_while_it_was_made_gets_its_room(tmp_path: Path) -> None:
    (tmp_path / "answers-1.journal").write_bytes(b"\0" * 10)
    history = opened(tmp_path)
    history.keep([answer(history, "a")])
    assert (tmp_path / "answers-1.journal").stat().st_size == ROOM
    history.close()


def test_an_undo_waits_for_nothing_and_takes_the_answer_along(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(flip("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        step(session)
        assert session.undo()
        assert [e.kind for e in desk.history.events()] == ["answer", "undo"]
        assert sound(desk.history)


entries = st.lists(
    st.tuples(st.lists(st.lists(st.text() | st.integers(), max_size=3), min_size=1, max_size=2), st.none()), max_size=6
)


@given(entries, st.integers(0, 2000), st.binary(max_size=40))
def test_a_torn_or_spoilt_journal_gives_the_whole_entries_before_the_fault(
    kept: list[tuple[list[list[str | int]], None]], cut: int, rubbish: bytes
) -> None:
    lines = []
    for entry in kept:
        text = to_json(entry).encode("utf-8", "replace")
        lines.append(b"%08x %b\n" % (zlib.crc32(text), text))
    whole = b"".join(lines)
    found, end = read(whole[:cut] + rubbish)
    complete = [line for i, line in enumerate(lines) if len(b"".join(lines[: i + 1])) <= cut]
    assert len(found) >= len(complete)
    assert (whole[:cut] + rubbish)[:end] == b"".join(lines[: len(found)])


def test_a_new_journal_reads_back_what_it_was_given(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.add([("a", 1)], None)
    assert journal.add([("b", 2), ("c", 3)], ("s", 1))
    journal.close()
    again = Journal(tmp_path)
    assert again.left == [([["a", 1]], None), ([["b", 2], ["c", 3]], ["s", 1])]
    assert again.add([("d", 4)], None), "it goes on behind them"
    again.close()
    assert len(Journal(tmp_path).left) == 3
