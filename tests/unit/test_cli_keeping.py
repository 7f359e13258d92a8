"""`config`, `paths`, `doctor`, `backup`, `export`, `new` and `ids`: what is kept, and that it stays whole."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz.cli import console
from quiz.cli.commands.doctor import _lines
from quiz.clock import SystemClock
from quiz.deck.reader import read_deck
from quiz.report.health import Health
from quiz.store import beside
from quiz.store.examine import Examined
from quiz.store.history import History
from quiz.store.twins import named
from quiz.store.whereabouts import LOST
from tests.support.commands import Run, runner
from tests.support.old_stores import as_version
from tests.support.rights import NOBODY, as_nobody

DECK = """\
title: Small deck
cards:
  - id: one
    ask: What?
    answer: That
  - id: two
    ask: Who?
    answer: He
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run a command that returns `code`: it gives what was said (errors last)."""
    monkeypatch.setenv("QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(DECK, "utf-8")

    return runner(monkeypatch, capsys)


def history_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "profiles" / "default" / "history.sqlite"


# -- config and paths --------------------------------------------------------------------------------------------------


def test_settings_are_listed_shown_and_changed(run: Run) -> None:
    assert json.loads(run("config", "--json"))["new"] == 10
    assert run("config", "new") == "new = 10\n"
    assert run("config", "new", "20") == "new = 20\n"
    assert run("config", "retention", "85%") == "retention = 0.85\n"
    assert json.loads(run("config", "new", "--json")) == {"new": 20}
    assert "new = 20  (how many cards" in run("config")


def test_a_value_that_is_refused_changes_nothing(run: Run) -> None:
    assert "give a number from 0 to 500" in run("config", "new", "501", code=2)
    assert run("config", "new") == "new = 10\n"


def test_each_profile_has_its_own_settings(run: Run) -> None:
    run("config", "new", "20", "--profile", "ann")
    assert run("config", "new", "--profile", "ann") == "new = 20\n"
    assert run("config", "new") == "new = 10\n"


def test_paths_name_where_things_are_and_make_nothing(run: Run, tmp_path: Path) -> None:
    paths = json.loads(run("paths", "--json", "--profile", "ann"))
    assert paths["history"] == str(tmp_path / "home" / "profiles" / "ann" / "history.sqlite")
    assert (Path(paths["shipped_decks"]) / "rhizotomy").is_dir()
    assert f"own decks: {tmp_path / 'home' / 'decks'}\n" in run("paths")
    assert not (tmp_path / "home").exists()


# -- doctor ------------------------------------------------------------------------------------------------------------


def examined(run: Run, *argv: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("doctor", "--json", "--decks", "small.yaml", *argv, code=code))
    return found


def test_a_sound_history_is_in_order(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    found = examined(run)
    assert (found["sound"], found["integrity"], found["events"], found["cards"]) == (True, "ok", 2, 2)
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")


def test_derived_state_that_differs_is_told_and_repaired(run: Run, tmp_path: Path) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    before = examined(run)
    with closing(sqlite3.connect(history_file(tmp_path))) as db, db:
        db.execute("update state set stability = 99, due = 30000 where card = 'one'")
        db.execute("insert into state select 'ghost', 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, '{}'")
    assert examined(run, code=1)["cards_differing"] == 2
    assert "quiz doctor --repair" in run("doctor", "--decks", "small.yaml", code=1)
    repaired = examined(run, "--repair")
    assert (repaired["sound"], repaired["cards_repaired"], repaired["cards_differing"]) == (True, 2, 0)
    assert examined(run)["events"] == before["events"]


@pytest.mark.parametrize("lost", ["index event_by_card", "trigger event_is_never_changed", "table session"])
def test_what_the_file_has_lost_is_made_anew_beside_the_decks(run: Run, tmp_path: Path, lost: str) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    with closing(sqlite3.connect(history_file(tmp_path))) as db, db:
        db.execute(f"drop {lost}")
    assert "quiz doctor --repair" in run("doctor", "--decks", "small.yaml", code=1)
    assert "Everything is in order." in run("doctor", "--repair", "--decks", "small.yaml")
    assert "Everything is in order." in run("doctor", "--decks", "small.yaml")


def test_one_card_that_differs_is_told_in_the_singular(run: Run, tmp_path: Path) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    with closing(sqlite3.connect(history_file(tmp_path))) as db, db:
        db.execute("update state set stability = 99 where card = 'one'")
    assert "1 card of 2 differs from what the events say." in run("doctor", "--decks", "small.yaml", code=1)


def test_a_review_from_anki_that_an_older_version_counted_twice_is_told_and_repaired(run: Run, tmp_path: Path) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    before = examined(run)
    history = History(history_file(tmp_path), SystemClock())
    own = next(history.events())
    assert history.record([named(replace(own, body={"answer": "in Anki"}, chance=0.0))])
    history.close()
    assert "1 undo is missing. Mend it with: quiz doctor --repair" in run("doctor", "--decks", "small.yaml", code=1)
    repaired = examined(run, "--repair")
    assert (repaired["sound"], repaired["events_to_take_back"], repaired["cards_repaired"]) == (True, 0, 1)
    assert repaired["events"] == before["events"] + 2


def test_a_damaged_file_is_told_without_the_words_of_sqlite() -> None:
    said = "*** in database main *** Tree 2 page 2: btreeInitPage() returns error code 11"
    for events, told in ((0, ""), (7, "; 7 events can still be read")):
        store = Examined(integrity=said, events=events, unreadable="database disk image is malformed")
        first, *more = _lines(Health(store, (), (), 0), 0)
        assert first == f"The history is damaged: parts of its file cannot be read{told}."
        assert not any("btree" in line or "malformed" in line for line in more)
        assert more[-1] == "Something needs mending."


def test_answered_cards_that_no_deck_holds_are_no_fault(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    Path("small.yaml").write_text(DECK.replace("id: one", "id: other"), "utf-8")
    found = examined(run)
    assert (found["sound"], found["cards_without_deck"]) == (True, ["one"])
    assert "No deck holds 1 answered card; the history is kept: one" in run("doctor", "--decks", "small.yaml")


def test_problems_of_the_decks_are_told(run: Run) -> None:
    Path("small.yaml").write_text(DECK.replace("answer: He", "anser: He"), "utf-8")
    found = examined(run, code=1)
    assert found["sound"] is False
    assert {problem["line"] for problem in found["deck_problems"]} == {6, 8}


def test_a_clock_behind_the_last_answer_is_told(run: Run, tmp_path: Path) -> None:
    class Ahead(SystemClock):
        def now(self) -> Any:
            now = super().now()
            return type(now)(now.at + 7_200_000, now.offset)

    history = History(history_file(tmp_path), Ahead())
    history.record([history.event("flag", card="one", body={"on": True})])
    history.close()
    assert examined(run, code=1)["clock_behind_ms"] > 7_000_000
    assert "Set the date and time right." in run("doctor", "--decks", "small.yaml", code=1)


@pytest.mark.parametrize(
    ("ms", "told"),
    [
        (7_200_000, "2 hours"),
        (50 * 3_600_000, "2 days"),
        (400 * 86_400_000, "400 days"),
        (251_607_000_000_000, "7973 years"),
    ],
)
def test_how_far_the_clock_is_behind_is_told_in_words_that_one_can_grasp(ms: int, told: str) -> None:
    assert f"The clock is {told} behind the latest answer. Set the date and time right." in [
        *_lines(Health(Examined(), (), (), ms), 0)
    ]


# -- backup and export -------------------------------------------------------------------------------------------------


def test_a_backup_holds_what_the_history_holds(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n")
    path = Path(run("backup").strip())
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("select count(*) from event where kind = 'answer'").fetchone() == (1,)


def test_an_export_holds_every_event_one_a_line(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n:undo\n3\n:flag “odd” µ\n")
    assert run("export", "--to", "out.jsonl") == "4 events written to out.jsonl\n"
    events = [json.loads(line) for line in Path("out.jsonl").read_text("utf-8").splitlines()]
    assert sorted(event["kind"] for event in events) == ["answer", "answer", "flag", "undo"]
    assert all(event["time"].endswith("Z") and event["device"] and event["seq"] for event in events)
    assert "“odd” µ" in Path("out.jsonl").read_text("utf-8")


def test_an_export_never_writes_over_a_file(run: Run) -> None:
    Path("out.jsonl").write_text("mine")
    assert "is there already" in run("export", "--to", "out.jsonl", code=2)
    assert Path("out.jsonl").read_text() == "mine"


def test_a_failed_export_leaves_nothing_behind(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert "out.jsonl cannot be written (no space left on device)" in run("export", "--to", "out.jsonl", code=4)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".quiz", "out"))]


@pytest.fixture
def without_rights() -> Iterator[None]:
    """Be nobody where we are root: root may write everywhere."""
    with as_nobody():
        yield


def test_a_home_that_cannot_be_written_is_told_before_anything_is_asked(
    run: Run, tmp_path: Path, without_rights: None
) -> None:
    if os.geteuid() != NOBODY:
        tmp_path.chmod(0o500)
    try:
        said = run("study", "--plain", lines="1\n", code=3)
    finally:
        if os.geteuid() != NOBODY:
            tmp_path.chmod(0o700)
    assert said.startswith("quiz: ")
    assert said.count("\n") == 1
    assert "--home DIR" in said


# -- decks of one's own ------------------------------------------------------------------------------------------------


def test_a_starter_deck_can_be_checked_learnt_and_given_ids(run: Run) -> None:
    assert "quiz check my.yaml" in run("new", "my.yaml")
    assert "no problems" in run("check", "my.yaml")
    said = run("study", "--plain", "my.yaml", "--seed", "1", lines="3\nmedial branch\nspasticity\n")
    assert said.count("Question ") == 4
    assert "For learning" not in said
    before = [card.id for card in read_deck(Path("my.yaml")).cards]
    assert run("ids", "my.yaml") == f"4 ids written: {', '.join(before)}\n"
    assert [card.id for card in read_deck(Path("my.yaml")).cards] == before
    assert run("ids", "my.yaml") == "Every card has an id.\n"


def test_a_session_on_the_shipped_decks_begins_by_saying_what_it_is_for(run: Run) -> None:
    assert run("study", "--plain").startswith("For learning, not for deciding treatment.\n")


def test_ids_are_not_written_into_a_deck_with_problems(run: Run) -> None:
    text = DECK.replace("answer: He", "anser: He")
    Path("small.yaml").write_text(text, "utf-8")
    assert "then run 'quiz ids' again" in run("ids", "small.yaml", code=1)
    assert Path("small.yaml").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("name", "asked"),
    [("small", 2), ("Small deck", 2), ("decks/small.yaml", 2), ("decks", 3), (".", 3), ("decks/sub", 1)],
)
def test_decks_are_named_by_file_title_or_path(run: Run, name: str, asked: int) -> None:
    Path("decks/sub").mkdir(parents=True)
    Path("small.yaml").rename("decks/small.yaml")
    Path("decks/sub/other.yaml").write_text("title: Other\ncards:\n  - ask: Why?\n    answer: So\n", "utf-8")
    more = ["--decks", "decks"] if name in ("small", "Small deck") else []
    said = run("study", "--plain", name, *more, lines="4\n" * 9)
    assert f"Right at the first try: {asked} of {asked}" in said


def test_a_folder_without_decks_is_told(run: Run) -> None:
    Path("empty").mkdir()
    assert "there is no deck in " in run("study", "--plain", "empty", code=2)


def test_a_filter_that_nothing_fits_is_told(run: Run) -> None:
    assert "No card fits what you asked for." in run("study", "--plain", "small.yaml", "--safety")


def test_closing_says_what_could_not_be_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = History.__init__

    def full(self: History, *args: Any, **more: Any) -> None:
        before(self, *args, **more)
        (pages,) = next(iter(self.query("pragma page_count")))
        self.query(f"pragma max_page_count = {pages}")

    monkeypatch.setattr(History, "__init__", full)
    given = "x" * 9000
    Path("small.yaml").write_text(DECK.replace("answer: That", "answer: That\n    accept: []"), "utf-8")
    said = run("study", "--plain", "small.yaml", "--seed", "1", lines=f"{given}\n", code=3)
    assert said.count("Attention: the disk is full") == 1
    assert "quiz: 1 entry of this run could not be written: the disk is full" in said
    assert "until the next start; make room before that" in said


def test_closing_says_what_is_lost_when_there_is_no_room_anywhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.desk.rescue", lambda *_: None)
    monkeypatch.setattr("quiz.store.journal.ROOM", 0)
    before = History.__init__

    def full(self: History, *args: Any, **more: Any) -> None:
        before(self, *args, **more)
        (pages,) = next(iter(self.query("pragma page_count")))
        self.query(f"pragma max_page_count = {pages}")

    monkeypatch.setattr(History, "__init__", full)
    Path("small.yaml").write_text(DECK.replace("answer: That", "answer: That\n    accept: []"), "utf-8")
    said = run("study", "--plain", "small.yaml", "--seed", "1", lines=f"{'x' * 9000}\n", code=3)
    assert "quiz: 1 entry of this run could not be kept: the disk is full" in said


def test_orphans_are_listed_with_the_way_back(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="3\n3\n")
    assert "Every card that was answered stands in a deck." in run("decks", "--orphans", "--decks", "small.yaml")
    Path("small.yaml").write_text(DECK.replace("id: one", "id: other"), "utf-8")
    said = run("decks", "--orphans", "--decks", "small.yaml")
    assert "one: 1 answer, the last on " in said
    assert "The answer was: That" in said
    assert "The card 'other' asks the same now: with 'same-as: one' it goes on." in said
    (found,) = json.loads(run("decks", "--orphans", "--json", "--decks", "small.yaml"))
    assert (found["id"], found["answers"], found["last_key"], found["asked_now_by"]) == ("one", 1, "That", "other")
    Path("small.yaml").write_text(DECK.replace("id: one", "id: other\n    same-as: one"), "utf-8")
    assert json.loads(run("decks", "--orphans", "--json", "--decks", "small.yaml")) == []
    assert "It takes up the history of: one." in run("card", "other", "--decks", "small.yaml")
    assert "Its history goes on in: other." in run("card", "one", "--decks", "small.yaml")


def test_a_card_says_that_its_answer_changed(run: Run) -> None:
    run("study", "--plain", "small.yaml", "--seed", "1", lines="3\n3\n")
    Path("small.yaml").write_text(DECK.replace("answer: That", "answer: This"), "utf-8")
    said = run("card", "one", "--decks", "small.yaml")
    assert "Changed since you learned it. It was: That. Now: This" in said
    assert "Due at once: its answer changed." in said
    assert "1 due" in run("decks", "--decks", "small.yaml")
    (changed,) = json.loads(run("card", "one", "--json", "--decks", "small.yaml"))["changed"]
    assert (changed["was"], changed["now"]) == ("That", "This")


# -- an older version --------------------------------------------------------------------------------------------------


def test_it_is_told_that_an_old_history_takes_long_and_only_then(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("config", "new", "20")
    told = "bringing the history of an older version up to date"
    for patience, says in ((3600.0, False), (0.0, True)):
        as_version(history_file(tmp_path), 3)
        monkeypatch.setattr(console, "PATIENCE", patience)
        assert (told in run("config", "new")) == says
    assert run("config", "new") == "new = 20\n"


def test_it_is_told_that_taking_in_a_copy_takes_long_and_only_then(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "STEPS", 10)
    told = "taking in what earlier runs wrote to a copy of the history when they lost it"
    for patience, says in ((3600.0, False), (0.0, True)):
        run("config", "new", "20")
        lost = history_file(tmp_path).parent / LOST
        lost.mkdir()
        history_file(tmp_path).rename(lost / "history-0123456789ab.sqlite")
        monkeypatch.setattr(console, "PATIENCE", patience)
        assert (told in run("config", "new")) == says
    assert run("config", "new") == "new = 20\n"


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "says"), [(Terminal, True), (io.StringIO, False)])
def test_what_takes_long_is_told_to_somebody_at_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], says: bool
) -> None:
    said = stream()
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with console.Patience.alone("counting"):
        while says and not said.getvalue():
            time.sleep(0.001)
    assert said.getvalue().startswith("quiz: counting ..") == says
    assert said.getvalue().endswith("\n") == says


def test_a_list_of_copies_claims_no_more_than_it_looked_at_and_the_doctor_reads_the_latest(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "small.yaml").write_text("title: T\ncards:\n  - {id: one, ask: A?, answer: B}\n", "utf-8")
    run("config", "new", "20")
    first, last = (Path(run("backup").strip()) for _ in range(2))
    assert "latest copy" not in run("doctor", "--decks", "small.yaml")
    with closing(sqlite3.connect(last)) as db, db:
        db.execute("drop trigger event_is_never_changed")
        db.execute("update event set body = replace(body, '20', '21')")
    assert [line.partition(": ")[2][:7] for line in run("backup", "--list").splitlines()[:2]] == ["1 event", "1 event"]
    assert "sound" not in run("backup", "--list")
    said = run("doctor", "--decks", "small.yaml", code=1)
    assert f"The latest copy, {last.name}, is damaged (" in said
    assert "Make another with: quiz backup" in said
    told = json.loads(run("doctor", "--json", "--decks", "small.yaml", code=1))
    assert (told["sound"], told["latest_backup"]) == (False, str(last))
    assert told["latest_backup_damaged"]
    run("backup")
    assert "Everything is in order." in run("doctor", "--decks", "small.yaml")
    assert first.exists()


@pytest.mark.parametrize(
    ("name", "change", "events", "why"),
    [
        ("by-hand", lambda raw: raw, 1, ""),
        ("by-hand", lambda raw: raw[:-1], None, "its end is missing"),
        ("by-hand", lambda _: b"notes", None, "not a history file, or is damaged"),
        ("by-hand", lambda raw: raw[:68] + bytes(4) + raw[72:], None, "a database of another program"),
        ("damaged", lambda raw: raw, None, "a damaged history as it was found"),
    ],
)
def test_what_one_sees_of_a_copy_without_reading_it_is_listed(
    run: Run, name: str, change: Callable[[bytes], bytes], events: int | None, why: str
) -> None:
    run("config", "new", "20")
    copy = Path(run("backup").strip())
    raw = change(copy.read_bytes())
    copy = copy.rename(copy.with_name(copy.name.replace("by-hand", name)))
    copy.write_bytes(raw)
    listed = json.loads(run("backup", "--list", "--json", code=1 if why else 0))["backups"]
    (told,) = (one for one in listed if one["path"] == str(copy))
    assert (told["events"], told["bytes"], told["damaged"]) == (events, len(raw), why or None)
    assert (f"DAMAGED ({why})" in run("backup", "--list", code=1 if why else 0)) == bool(why)


def test_a_copy_is_listed_and_put_back_and_as_it_was_only_with_restore(run: Run, tmp_path: Path) -> None:
    run("config", "new", "20")
    name = Path(run("backup").strip()).name
    run("config", "new", "30")
    assert f"{name}: 1 event" in run("backup", "--list")
    assert run("backup", "--restore").startswith("Restored: 0 events put back")
    assert "30" in run("config", "new")
    assert run("backup", "--restore", name, "--exactly").startswith(f"Restored: 1 event, as {name} has them. What was")
    assert "20" in run("config", "new")
    assert "give --restore too" in run("backup", "--exactly", code=2)


def test_a_copy_of_a_clock_that_was_ahead_is_listed_as_such_and_passed_over(run: Run, tmp_path: Path) -> None:
    run("config", "new", "20")
    ahead = Path(run("backup").strip())
    ahead = ahead.rename(ahead.with_name("history-2126-01-01T10-00-00-daily.sqlite"))
    run("config", "new", "30")
    fuller = Path(run("backup").strip())
    first, *_, which, _ = run("backup", "--list").splitlines()
    assert first.startswith(f"{ahead.name}: 1 event, ")
    assert first.endswith(", FROM THE FUTURE (a clock was wrong)")
    assert which == f"A restore without a name takes the one that holds the most: {fuller.name}."
    told = json.loads(run("backup", "--list", "--json"))
    assert told["restore_takes"] == str(fuller)
    assert [one["from_future"] for one in told["backups"]][:2] == [True, False]
    history_file(tmp_path).write_bytes(b"")
    said = run("backup", "--restore")
    assert said.startswith(f"Taken: {fuller.name}, which holds the most. {ahead.name} holds only 1: not taken.\n")
    assert run("config", "new") == "new = 30\n"
    told = json.loads(run("backup", "--restore", "--json"))
    assert (told["restored"], told["later_with_less"]) == (str(fuller), [str(ahead)])


# -- a history that is gone --------------------------------------------------------------------------------------------


@pytest.fixture
def answered(run: Run, tmp_path: Path) -> Path:
    """Answer two cards, so that a copy is made; return the history."""
    run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n")
    assert len(list((history_file(tmp_path).parent / "backups").iterdir())) == 1
    return history_file(tmp_path)


def without(history: Path) -> None:
    for path in history.parent.glob("history.sqlite*"):
        path.unlink()


def test_a_history_that_was_begun_anew_beside_copies_is_told_until_they_are_put_back(run: Run, answered: Path) -> None:
    (copy,) = (answered.parent / "backups").iterdir()
    without(answered)
    told = (
        "Attention: The history that was here is gone, and a new one was begun. "
        f"Put 2 events back from the copy of {copy.name[8:18]} with: quiz backup --restore\n"
    )
    assert run("due", "--decks", "small.yaml").endswith(told)
    assert told in run("study", "--plain", "small.yaml", "--seed", "1", lines="1\n3\n3\n")
    assert run("due", "--decks", "small.yaml").endswith(told), "the answers since do not hide it"
    said = run("doctor", "--decks", "small.yaml", code=1)
    assert f"The copy {copy.name} holds 2 events, and the history lacks all.\n" in said
    assert "Put back what is missing with: quiz backup --restore" in said
    assert said.splitlines()[-2] == "Something needs mending."
    found = json.loads(run("doctor", "--json", "--decks", "small.yaml", code=1).partition("\nAttention")[0])
    assert (found["sound"], found["events_missing"], found["events_missing_are_in"]) == (False, 2, str(copy))
    run("backup", "--restore", copy.name)
    assert "Attention" not in run("due", "--decks", "small.yaml")
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")
    assert not (answered.parent / "begun-anew").exists()


@pytest.mark.parametrize(("wrong", "added"), [(1, 2), (4, 1)])
def test_what_is_sound_in_a_damaged_copy_comes_back_too_and_then_nothing_is_asked_for(
    run: Run, answered: Path, wrong: int, added: int
) -> None:
    run("config", "new", "20")
    run("config", "new", "30")
    copy = Path(run("backup").strip())
    spoiled(copy, f"update event set at = at + 1 where number = {wrong}")
    without(answered)
    assert "Attention" in run("due", "--decks", "small.yaml")
    said = run("backup", "--restore")
    assert "Restored: 2 events put back" in said
    assert f"{copy.name} is damaged (event {wrong}: it was changed after it was written). Only what is sound" in said
    assert f": {added} event{'s' * (added > 1)} put back from it that the history did not have; 1 event left" in said
    assert "Attention" not in run("due", "--decks", "small.yaml")
    assert not (answered.parent / "begun-anew").exists()
    assert run("config", "new") == f"new = {10 * added + 10}\n"


def test_what_was_let_go_on_purpose_is_asked_for_no_more(run: Run, answered: Path) -> None:
    Path("folder").mkdir()
    run("sync", "folder")
    copies = {path: path.read_bytes() for path in (answered.parent / "backups").iterdir()}
    without(answered)
    assert "Attention" in run("due", "--decks", "small.yaml")
    run("config", "new", "20")
    said = run("doctor", "--decks", "small.yaml", code=1)
    assert "If what is missing was let go on purpose, say so with: quiz backup --as-meant\n" in said
    run("backup", "--as-meant")
    assert "Attention" not in run("due", "--decks", "small.yaml")
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")
    assert all(path.read_bytes() == held for path, held in copies.items())
    run("backup", "--restore", next(iter(copies)).name)
    assert "it holds 3 events" in run("doctor", "--decks", "small.yaml"), "by its name a copy can still be had"


def test_a_sync_folder_that_is_gone_for_good_can_be_let_go(run: Run, answered: Path) -> None:
    Path("folder").mkdir()
    run("sync", "folder")
    for path in (*Path("folder").iterdir(), *(answered.parent / "backups").iterdir()):
        path.unlink()
    Path("folder").rmdir()
    without(answered)
    assert "(or is let go with: quiz backup --as-meant)" in run("due", "--decks", "small.yaml")
    run("doctor", "--decks", "small.yaml", code=1)
    run("backup", "--as-meant")
    assert "Attention" not in run("due", "--decks", "small.yaml")
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")


def test_where_all_copies_are_damaged_what_is_sound_in_them_comes_back(run: Run, answered: Path) -> None:
    (copy,) = (answered.parent / "backups").iterdir()
    spoiled(copy, "update event set at = at + 1 where number = 1")
    without(answered)
    assert "there is no sound backup in" in run("backup", "--restore", "--exactly", code=4)
    assert "Restored: 1 event put back" in run("backup", "--restore")
    assert "Attention" not in run("due", "--decks", "small.yaml")
    copy.write_bytes(copy.read_bytes()[:4096])
    without(answered)
    for other in (answered.parent / "backups").iterdir():
        if other != copy:
            other.unlink()
    assert "there is no sound backup in" in run("backup", "--restore", code=4)


def spoiled(path: Path, change: str) -> None:
    """Change events past the guards of the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        guards = db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"drop trigger {name}")
        for statement in (change, *(guard for _, guard in guards)):
            db.execute(statement)


def test_a_history_that_is_gone_without_a_copy_is_told_once(run: Run, answered: Path) -> None:
    without(answered)
    (copy,) = (answered.parent / "backups").iterdir()
    copy.unlink()
    assert "a new one was begun. There is no copy of it." in run("due", "--decks", "small.yaml")
    assert "Attention" not in run("due", "--decks", "small.yaml")
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")


def test_a_new_profile_is_told_nothing_of_the_kind(run: Run) -> None:
    assert "Attention" not in run("due", "--decks", "small.yaml")
    assert "Attention" not in run("due", "--decks", "small.yaml")


def test_what_was_synced_is_told_to_be_in_the_folder(run: Run, answered: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    run("sync", "shared")
    without(answered)
    for copy in (answered.parent / "backups").iterdir():
        copy.unlink()
    folder = tmp_path / "shared"
    assert f"What was synced comes back with: quiz sync {folder} (or" in run("due", "--decks", "small.yaml")
    said = run("doctor", "--decks", "small.yaml", code=1)
    assert f"The last sync with {folder} knew events that the history lacks." in said
    run("sync", "shared")
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")


def test_an_older_copy_in_the_place_of_the_history_is_found_by_the_doctor(run: Run, answered: Path) -> None:
    older = answered.read_bytes()
    run("study", "--plain", "small.yaml", "--seed", "1", "--safety")
    run("config", "new", "20")
    run("config", "new", "30")
    newer = Path(run("backup").strip())
    without(answered)
    answered.write_bytes(older)
    said = run("doctor", "--decks", "small.yaml", code=1)
    assert f"The copy {newer.name} holds 4 events, and the history lacks 2 of them.\n" in said
    run("backup", "--restore")
    assert run("config", "new") == "new = 30\n"
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")


def test_what_an_exact_restore_left_out_is_not_missing(run: Run, answered: Path) -> None:
    first = Path(run("backup").strip())
    run("config", "new", "20")
    run("backup")
    run("backup", "--restore", first.name, "--exactly")
    assert run("doctor", "--decks", "small.yaml").endswith("Everything is in order.\n")


def test_a_fuller_history_of_now_hides_no_copy_of_one_that_is_gone(run: Run, answered: Path) -> None:
    (old,) = (answered.parent / "backups").iterdir()
    without(answered)
    for number in range(3):
        run("config", "new", str(number))
    new = Path(run("backup").strip())
    said = run("doctor", "--decks", "small.yaml", code=1)
    assert f"The copy {old.name} holds 2 events, and the history lacks all.\n" in said
    assert f"Put back what is missing with: quiz backup --restore {old.name}\n" in said
    assert new.name not in said
