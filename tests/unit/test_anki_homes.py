"""Anki packages among homes, time zones and settings, as people use them: no answer twice, one state for all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quiz.clock import SystemClock
from quiz.memory import date_of
from quiz.store.derive import CardState, undone
from quiz.store.events import Event
from quiz.store.history import History
from tests.support.anki_packages import BASIC, AnkiNote, package
from tests.support.clocks import DAY, HOUR, at_utc
from tests.support.commands import Run, runner
from tests.support.desks import kept_states, sound

NIGHT = at_utc("2026-05-02 02:00")  # a day of its own if the day begins at midnight, else still the day before
LOG = [(NIGHT, 3, 0, 0), (NIGHT + 12 * HOUR, 1, 1, 2500), (NIGHT + 5 * DAY, 3, 1, 2500)]
MORE = (NIGHT + 9 * DAY, 3, 1, 2500)
DECK = "title: My deck\ncards:\n" + "".join(f"  - {{id: k-{n}, ask: Question {n}?, answer: A{n}}}\n" for n in range(4))
At = Callable[..., str]


@pytest.fixture
def at(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """Return a way to run a command in a home, there in a time zone, which returns `code`: it gives what was said."""
    monkeypatch.chdir(tmp_path)
    Path("shipped").mkdir()
    monkeypatch.setattr("quiz.desk.shipped_decks", lambda: tmp_path / "shipped")  # reading all takes seconds
    run: Run = runner(monkeypatch, capsys)

    def call(home: str, *argv: str, tz: str = "UTC", **options: Any) -> str:
        monkeypatch.setenv("TZ", tz)
        time.tzset()
        return run(*argv, "--home", str(tmp_path / home), **options)

    yield call
    monkeypatch.undo()
    time.tzset()


def end(home: str) -> tuple[list[Event], dict[str, CardState]]:
    """Return all events of a home and where its cards stand, after a look that these follow from those."""
    history = History(Path(home, "profiles", "default", "history.sqlite"), SystemClock())
    try:
        assert sound(history)
        return list(history.events()), kept_states(history)
    finally:
        history.close()


def answers(home: str) -> list[tuple[str | None, int]]:
    """Return the answers of a home that count: card and time."""
    events, _ = end(home)
    gone = undone(events)
    return [(event.card, event.at) for event in events if event.kind == "answer" and event.id not in gone]


def anki(words: str = "q", log: list[tuple[int, int, int, int]] = LOG, **options: Any) -> None:
    """Write the package `deck.apkg` with one card of Anki's that was answered."""
    package(Path.cwd(), AnkiNote(BASIC, [words, "a"], log={0: log}, suspended=True), **options)


def synced(at: At, *homes: str) -> None:
    """Sync homes through one folder until all have all, and see that nothing contradicts and all stand alike."""
    Path("folder").mkdir(exist_ok=True)
    for home in (*homes, *homes):
        assert "contradicts" not in at(home, "sync", "folder")
    assert all(end(home) == end(homes[0]) for home in homes)
    assert "Everything is in order" in at(homes[0], "doctor")


def numbers(at: At, home: str) -> dict[str, Any]:
    """Return what the statistics of a home count, which hangs on no day."""
    told: dict[str, Any] = json.loads(at(home, "stats", "--json"))
    return {name: value for name, value in told.items() if isinstance(value, int)}


OTHERWISE: dict[str, tuple[dict[str, Any], str, str]] = {
    "another time zone": ({}, "Asia/Tokyo", "4"),
    "another time zone, of a collection with its own": ({"config": {"creationOffset": 300}}, "Asia/Tokyo", "4"),
    "another hour at which the day begins": ({}, "UTC", "0"),
    "another wording": ({"words": "reworded"}, "UTC", "4"),
    "another format": ({"new": True}, "UTC", "4"),
    "all of it, and one answer more": ({"words": "new", "log": [*LOG, MORE], "new": True}, "America/Los_Angeles", "0"),
}


@pytest.mark.parametrize(("changes", "tz", "rollover"), OTHERWISE.values(), ids=OTHERWISE)
def test_two_devices_that_take_in_one_package_and_sync_end_in_one_state(
    changes: dict[str, Any], tz: str, rollover: str, at: At
) -> None:
    config = {"config": changes["config"]} if "config" in changes else {}
    at("one", "config", "rollover", "4")
    at("two", "config", "rollover", rollover)
    anki(**config)
    at("one", "import", "deck.apkg")
    anki(**changes)
    at("two", "import", "deck.apkg", tz=tz)
    there, told = answers("two"), numbers(at, "two")
    synced(at, "one", "two")
    assert answers("one") == there
    assert numbers(at, "one") == numbers(at, "two") == told
    assert "Nothing to do" in at("two", "import", "deck.apkg", tz="Europe/Paris")


def test_one_package_gives_the_same_bytes_wherever_it_is_taken_in(at: At) -> None:
    anki(config={"creationOffset": 300})
    for home, tz in (("one", "UTC"), ("two", "Asia/Tokyo"), ("three", "America/Los_Angeles")):
        at(home, "import", "deck.apkg", tz=tz)
    assert end("one") == end("two") == end("three")


def test_a_package_whose_cards_were_edited_is_taken_in_and_what_is_known_stays(at: At) -> None:
    anki()
    at("one", "import", "deck.apkg")
    before, _ = end("one")
    anki("reworded", [*LOG, MORE])
    said = at("one", "import", "deck.apkg", tz="America/New_York")
    assert "1 card (0 new, 1 changed, 0 the same)" in said
    # The card's suspension stands after its last answer, as in Anki.
    assert "5 entries of a history: 2 new (of them 1 answer), 3 here already" in said
    assert [event for event in end("one")[0] if event.at < MORE[0]] == before


def test_the_study_day_begins_when_the_learner_says(at: At) -> None:
    anki(log=LOG[:1])
    at("one", "config", "rollover", "0")
    for home in ("one", "two"):
        at(home, "import", "deck.apkg")
    days = [[date_of(e.day).isoformat() for e in end(home)[0] if e.kind == "answer"] for home in ("one", "two")]
    assert days == [["2026-05-02"], ["2026-05-01"]]


def test_an_import_that_was_taken_back_counts_again_wherever_it_is_repeated(at: At) -> None:
    anki()
    at("one", "import", "deck.apkg")
    whole = answers("one")
    at("one", "import", "--undo")
    assert not answers("one")
    said = at("one", "import", "deck.apkg", tz="Asia/Tokyo")
    assert "4 entries of a history: 0 new (of them 0 answers), 4 taken back before, 0 here already" in said
    assert answers("one") == whole


@pytest.fixture
def package_of_ten(at: At) -> int:
    """Write a package of ten cards, taken in by two homes in two time zones; return how many answers it has."""
    notes = [
        AnkiNote(BASIC, [f"q{n}", f"a{n}"], log={0: [(NIGHT + n * 60_000, 3, 0, 0), (NIGHT + 2 * DAY + n, 3, 1, 2500)]})
        for n in range(10)
    ]
    package(Path.cwd(), *notes)
    at("one", "import", "deck.apkg")
    at("two", "import", "deck.apkg", tz="Asia/Tokyo")
    return 20


@pytest.mark.parametrize("synced_before", [False, True])
@pytest.mark.parametrize("again", ["one", "two", "three"])
def test_an_import_that_two_devices_made_is_taken_back_as_a_whole(
    synced_before: bool, again: str, package_of_ten: int, at: At
) -> None:
    if synced_before:
        synced(at, "one", "two")
    said = at("one", "import", "--undo")
    assert f"{package_of_ten} entries of the history no longer count" in said
    assert not answers("one")
    synced(at, "one", "two", "three")
    assert not answers("one")
    assert "no longer count" not in at("two", "import", "--undo")
    synced(at, "one", "two", "three")
    said = at(again, "import", "deck.apkg", tz="America/New_York")
    assert f"{package_of_ten} entries of a history: 0 new (of them 0 answers), {package_of_ten} taken back" in said
    assert len(answers(again)) == package_of_ten
    synced(at, "one", "two", "three")
    assert len(answers("one")) == package_of_ten
    assert f"{package_of_ten} entries of the history no longer count" in at(again, "import", "--undo")
    synced(at, "one", "two", "three")
    assert not answers("one")


# -- our own packages --------------------------------------------------------------------------------------------------


def studied(at: At, home: str) -> None:
    """Answer two cards more of the deck in a home."""
    at(home, "study", "my.yaml", "--plain", "--limit", "2", "--seed", "1", lines="3\n1\n4\n2\n" + "3\n" * 8)


def exported(at: At, home: str, **options: str) -> None:
    """Write the package `own.apkg` with all that was answered."""
    Path("own.apkg").unlink(missing_ok=True)
    at(home, "export", "my.yaml", "--history", "--to", "own.apkg", **options)


@pytest.fixture
def learned(at: At) -> list[tuple[str | None, int]]:
    """Study in the home `one`, write that out as `own.apkg`, and return the answers."""
    Path("my.yaml").write_text(DECK, "utf-8")
    studied(at, "one")
    exported(at, "one")
    return answers("one")


def test_a_package_of_our_own_adds_nothing_to_its_home(at: At, learned: list[tuple[str | None, int]]) -> None:
    before = end("one")
    assert len(learned) >= 2
    said = at("one", "import", "own.apkg", tz="Asia/Tokyo")
    assert f"{len(learned)} entries of a history: 0 new (of them 0 answers), {len(learned)} here already" in said
    assert end("one") == before


def test_a_package_of_our_own_adds_what_a_home_lacks(at: At, learned: list[tuple[str | None, int]]) -> None:
    synced(at, "one", "two")
    studied(at, "one")
    exported(at, "one")
    whole = answers("one")
    new = len(whole) - len(learned)
    assert new > 0
    said = at("two", "import", "own.apkg")
    assert f": {new} new (of them {new} answers), {len(learned)} here already" in said
    assert answers("two") == whole
    synced(at, "two", "one", "three")
    assert answers("one") == whole


def test_a_package_of_our_own_that_came_before_the_sync_makes_nothing_count_twice(
    at: At, learned: list[tuple[str | None, int]]
) -> None:
    at("two", "import", "own.apkg", tz="Asia/Tokyo")
    assert answers("two") == learned
    before = end("one")[1]
    synced(at, "two", "one")
    assert answers("one") == learned
    assert end("one")[1] == before


def test_a_suspension_that_went_out_does_not_come_back_over_a_later_decision(at: At) -> None:
    Path("my.yaml").write_text(DECK, "utf-8")
    at("one", "study", "my.yaml", "--plain", "--limit", "1", "--seed", "1", lines=":suspend\n3\n3\n3\n")
    exported(at, "one")
    before = end("one")
    at("one", "import", "own.apkg")
    assert end("one") == before


@pytest.mark.parametrize("words", ["a", "b", "c", "d", "e", "f"])  # which of two tellings counts hangs on their content
def test_a_history_that_knows_the_same_reviews_by_other_words_takes_no_answer_away(words: str, at: At) -> None:
    anki()
    at("here", "import", "deck.apkg")
    at("there", "import", "deck.apkg")
    anki(words=words)
    at("elsewhere", "import", "deck.apkg")
    synced(at, "there", "elsewhere")
    at("elsewhere", "export", "--to", "all.jsonl")
    before = answers("here")
    at("here", "import", "all.jsonl")
    assert answers("here") == before
    assert end("here") == end("elsewhere")
