"""A history that is lost under a running program holds what others wrote too: killed programs, and those beside it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quiz.errors import StoreError
from quiz.memory import DEFAULT_PARAMS
from quiz.store import beside, whereabouts
from quiz.store.backup import verify
from quiz.store.examine import examine
from quiz.store.history import History
from quiz.store.rescue import rescue, rescue_file, take_in
from quiz.store.rows import SavedSession
from quiz.store.weights import text_of
from tests.support.clocks import FixedClock
from tests.support.desks import sound
from tests.support.logs import FORGETFUL
from tests.support.programs import close, start, tell

Program = subprocess.Popen[str]


def opened(folder: Path, busy: float = 10) -> History:
    return History(folder / "history.sqlite", FixedClock(), busy)


def answer(history: History, card: str, **body: object) -> Any:
    return history.event("answer", card=card, rating=3, body={"question": "q", "mark": 1.0, **body})


def records(program: Program, *cards: str) -> None:
    """Let a program record answers, and see that it says of each that it was written."""
    for card in cards:
        tell(program, card)
        assert program.stdout is not None
        assert program.stdout.readline() == "written\n"


def kill(program: Program) -> None:
    program.kill()
    program.wait()
    close(program)


def killed(history: History) -> None:
    """End a history as the system does: all files are closed, and nothing else happens."""
    history._journal.close()
    for db, _ in history._left:
        db.close()
    history._db.close()


def cards(folder: Path) -> list[str]:
    """Open the history anew; return the cards of all answers. What is derived has to be right, and all in order."""
    with closing(opened(folder)) as history:
        assert not history.notes
        assert sound(history)
        assert examine(history).sound
        return sorted(event.card or "" for event in history.events() if event.kind == "answer")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = start("record", tmp_path)
    yield program
    if program.poll() is None:
        kill(program)


def full(db: sqlite3.Connection, path: Path, device: str) -> Path:
    raise OSError(28, "No space left on device", str(path))


def named(prefix: str, number: int) -> list[str]:
    return sorted(f"{prefix}{n}" for n in range(number))


# -- answers of others ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last_too", [False, True], ids=["left", "killed"])
def test_what_a_killed_program_left_in_the_log_outlives_a_file_that_is_moved(
    tmp_path: Path, program: Program, last_too: bool
) -> None:
    records(program, *named("k", 20))
    kill(program)
    history = opened(tmp_path)
    history.record([answer(history, "mine")])
    history.path.rename(tmp_path / "elsewhere")
    assert history.record([answer(history, "after")])
    if last_too:
        killed(history)
    else:
        assert [event.card for event in history.close()] == ["mine", "after"]
        assert history.aside is not None
    assert cards(tmp_path) == sorted(["mine", "after", *named("k", 20)])


def test_a_program_that_only_looked_carries_them_over_too(tmp_path: Path, program: Program) -> None:
    records(program, *named("k", 20))
    kill(program)
    history = opened(tmp_path)
    history.path.rename(tmp_path / "elsewhere")
    assert history.close() == []
    assert cards(tmp_path) == named("k", 20)


def test_a_file_that_is_away_for_a_moment_costs_the_program_beside_nothing(tmp_path: Path, program: Program) -> None:
    history = opened(tmp_path)
    records(program, "b1", "b2")
    history.path.rename(tmp_path / "elsewhere")
    assert history.record([answer(history, "a")])
    (tmp_path / "elsewhere").rename(history.path)
    records(program, "b3", "b4")
    history.close()
    kill(program)
    assert cards(tmp_path) == ["a", "b1", "b2", "b3", "b4"]


def test_two_programs_that_lose_one_file_both_go_on(tmp_path: Path, program: Program) -> None:
    """A third begins anew meanwhile, takes in what there is by then, and the next start has the rest."""
    history = opened(tmp_path)
    records(program, "b1")
    history.path.rename(tmp_path / "elsewhere")
    history.record([answer(history, "a1")])
    records(program, "b2")
    assert cards(tmp_path) == ["a1", "b1", "b2"]
    history.record([answer(history, "a2")])
    records(program, "b3")
    history.close()
    kill(program)
    assert cards(tmp_path) == ["a1", "a2", "b1", "b2", "b3"]
    assert not (tmp_path / whereabouts.LOST).exists()


def test_a_log_without_its_history_is_kept(tmp_path: Path, program: Program) -> None:
    """No program is open when the file is moved: the next one begins anew, and SQLite would remove the log."""
    records(program, *named("k", 20))
    kill(program)
    log = (tmp_path / "history.sqlite-wal").read_bytes()
    (tmp_path / "history.sqlite").rename(tmp_path / "elsewhere.sqlite")
    with closing(opened(tmp_path)) as history:
        assert [note.endswith("There is no copy of it.") for note in history.notes] == [True]
    assert cards(tmp_path) == []
    (kept,) = (tmp_path / whereabouts.ASIDE).glob("history.sqlite-*-wal")
    assert kept.read_bytes() == log
    kept.rename(tmp_path / "elsewhere.sqlite-wal")
    with closing(sqlite3.connect(tmp_path / "elsewhere.sqlite")) as db:
        assert db.execute("select count(*) from event").fetchone() == (20,)


def test_the_log_is_never_read_with_another_file(tmp_path: Path, program: Program) -> None:
    """A copy is put in the place of the history: whoever opens it next reads that copy alone."""
    history = opened(tmp_path)
    history.record([answer(history, "a")])
    copy = history.backup("by-hand")
    records(program, *named("b", 5))
    history.path.unlink()
    history.record([answer(history, "after")])
    history.path.write_bytes(copy.read_bytes())
    history.record([answer(history, "again")])
    with closing(sqlite3.connect(history.path)) as db:
        assert db.execute("select count(*) from event").fetchone() == (1,)
    history.close()
    kill(program)
    assert cards(tmp_path) == sorted(["a", "after", "again", *named("b", 5)])


# -- what is a loss ---------------------------------------------------------------------------------------------------


def test_a_disk_that_does_not_answer_once_is_no_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = opened(tmp_path)

    def fails(path: str) -> os.stat_result:
        raise OSError(5, "Input/output error", path)

    with monkeypatch.context() as patched:
        patched.setattr("quiz.store.whereabouts.os.stat", fails)
        assert history.record([answer(history, "a")])
    assert history.trouble is None
    assert history.close() == []
    assert not (tmp_path / whereabouts.LOST).exists()
    assert cards(tmp_path) == ["a"]


def test_more_than_the_journal_holds_is_carried_over(tmp_path: Path) -> None:
    """A thousand answers, and then more than the journal has room for, in a program that is killed."""
    history = opened(tmp_path)
    history.record_all([answer(history, card, given="x" * 500) for card in named("k", 1000)])
    history.path.rename(tmp_path / "elsewhere")
    for card in named("n", 300):
        history.keep([answer(history, card, given="x" * 1000)])
    history.flush()
    killed(history)
    assert cards(tmp_path) == sorted([*named("k", 1000), *named("n", 300)])


def test_where_no_copy_can_be_made_this_run_is_kept_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full as well: what is pending waits in the journal, and the end hands all of this run over."""
    history = opened(tmp_path)
    history.record([answer(history, "a")])
    with monkeypatch.context() as patched:
        patched.setattr(beside, "copy_of", full)
        history.path.rename(tmp_path / "elsewhere")
        assert not history.record([answer(history, "b")])
        rest = history.close()
    assert [event.card for event in rest] == ["a", "b"]
    assert history.aside is None
    assert rescue(history.path, rest) is not None
    with closing(opened(tmp_path)) as again:
        assert take_in(again) == 2
    assert cards(tmp_path) == ["a", "b"]


def test_a_file_that_comes_back_before_a_copy_could_be_made_is_written_to_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = opened(tmp_path)
    monkeypatch.setattr(beside, "copy_of", full)
    history.path.rename(tmp_path / "elsewhere")
    assert not history.record([answer(history, "a")])
    (tmp_path / "elsewhere").rename(history.path)
    assert history.record([answer(history, "b")])
    assert history.trouble is None
    assert history.close() == []
    assert cards(tmp_path) == ["a", "b"]


# -- what else is written ---------------------------------------------------------------------------------------------


def test_an_import_and_weights_written_after_the_loss_are_in_the_history_at_the_next_start(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.record([answer(history, "a")], SavedSession("s", history.today(), 7, True, {"format": 1, "at": 3}))
    history.path.rename(tmp_path / "elsewhere")
    history.record_all([answer(history, card) for card in named("i", 5)])
    assert history.trouble is not None
    history.choose_weights({"weights": text_of(FORGETFUL)})
    assert len(history.close()) == 6
    assert cards(tmp_path) == ["a", *named("i", 5)]
    with closing(opened(tmp_path)) as again:
        assert again.params == FORGETFUL
        saved = again.open_session(1)
        assert saved is not None
        assert saved.body["at"] == 3


def test_where_no_copy_can_be_made_they_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = opened(tmp_path)
    monkeypatch.setattr(beside, "copy_of", full)
    history.path.rename(tmp_path / "elsewhere")
    event = answer(history, "a")
    with pytest.raises(StoreError, match="moved, deleted or replaced"):
        history.record_all([event])
    with pytest.raises(StoreError, match="moved, deleted or replaced"):
        history.merge([event])
    with pytest.raises(StoreError, match="moved, deleted or replaced"):
        history.choose_weights({"weights": text_of(FORGETFUL)})
    assert history.params == DEFAULT_PARAMS
    assert history.close() == []


def test_the_copy_lies_with_the_backups_in_the_end_and_is_a_sound_one(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.record([answer(history, "a")])
    history.path.rename(tmp_path / "elsewhere")
    history.close()
    assert cards(tmp_path) == ["a"]
    (copy,) = (tmp_path / "backups").iterdir()
    assert verify(copy)[::2] == (1, "")


# -- settings that wait -----------------------------------------------------------------------------------------------


def changed(history: History) -> None:
    assert history.settings.new != 7
    history.change_settings({"new": 7})


def test_settings_that_waited_in_the_journal_count_at_the_next_start(tmp_path: Path) -> None:
    history = opened(tmp_path, busy=0.1)
    with closing(sqlite3.connect(history.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        changed(history)
        assert history.trouble is not None
        killed(history)
        other.execute("rollback")
    with closing(opened(tmp_path)) as again:
        assert again.settings.new == 7


def test_settings_that_were_rescued_count_at_once(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "one")) as history:
        changed(history)
        events = list(history.events())
    with closing(opened(tmp_path)) as again:
        rescue(again.path, events)
        assert rescue_file(again.path).exists()
        assert take_in(again) == 1
        assert again.settings.new == 7


def test_settings_of_a_history_that_was_lost_count_at_the_next_start(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.path.rename(tmp_path / "elsewhere")
    changed(history)
    history.close()
    with closing(opened(tmp_path)) as again:
        assert again.settings.new == 7


def lost_with_a_folder(tmp_path: Path) -> str:
    """Let a history with a sync folder be lost, which is a setting of its device alone; return the device's name."""
    history = opened(tmp_path)
    history.change_settings({"sync": "/stick"})
    history.path.rename(tmp_path / "elsewhere")
    history.close()
    return history.device


def test_settings_of_the_one_device_go_with_it_to_its_new_name(tmp_path: Path) -> None:
    old = lost_with_a_folder(tmp_path)
    with closing(opened(tmp_path)) as again:
        assert again.device != old
        assert again.settings.sync == "/stick"
    with closing(opened(tmp_path)) as third:
        assert third.settings.sync == "/stick"
        assert third.count() == 2, "carried over once"


def test_settings_that_the_new_name_has_of_its_own_stay(tmp_path: Path) -> None:
    lost_with_a_folder(tmp_path)
    (copy,) = (tmp_path / "lost").iterdir()
    copy.rename(tmp_path / copy.name)
    with closing(opened(tmp_path)) as again:
        again.change_settings({"sync": ""})
    (tmp_path / "lost").mkdir(exist_ok=True)
    (tmp_path / copy.name).rename(copy)
    with closing(opened(tmp_path)) as third:
        assert not third.notes
        assert third.count() == 2
        assert third.settings.sync == ""


def test_settings_are_carried_over_by_the_next_start_where_one_is_killed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost_with_a_folder(tmp_path)

    def kill_it(_: History) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(History, "part_from_copy", kill_it)
        with pytest.raises(KeyboardInterrupt):
            opened(tmp_path)
    with closing(opened(tmp_path)) as again:
        assert again.settings.sync == "/stick"


# -- how it goes ------------------------------------------------------------------------------------------------------


def test_taking_in_tells_that_it_goes_on_and_nothing_else_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "STEPS", 100)
    ticks: list[int] = []
    history = opened(tmp_path)
    history.record_all([answer(history, f"c{n}") for n in range(200)])
    history.path.rename(tmp_path / "elsewhere")
    history.close()
    with closing(History(tmp_path / "history.sqlite", FixedClock(), tick=lambda: ticks.append(1))) as again:
        told = len(ticks)
        assert told > 20
        assert again.count() == 200
        again.record([answer(again, "after")])
    with closing(History(tmp_path / "history.sqlite", FixedClock(), tick=lambda: ticks.append(1))) as third:
        assert third.count() == 201
    assert len(ticks) == told


# -- the copy of the day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["an import", "weights", "nothing"])
def test_a_run_that_only_imported_or_chose_weights_makes_the_copy_of_the_day(tmp_path: Path, what: str) -> None:
    history = opened(tmp_path)
    if what == "an import":
        history.record_all([answer(history, "a")])
    else:
        history.choose_weights({"weights": text_of(FORGETFUL)}, keep=what == "weights")
    history.close()
    assert history.copy_of_today() is None
    assert len(list(tmp_path.glob("backups/*-daily.sqlite"))) == (what != "nothing")
