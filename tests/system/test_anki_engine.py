"""Anki's own engine reads what we write, and we read what it writes: in a process of its own, under its own Python.

Skipped where `QUIZ_ANKI_PYTHON` does not name a Python that has the package `anki` (AGPL: never a dependency of ours).
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz.clock import SystemClock
from quiz.deck.model import Card, question_id
from quiz.deck.reader import read_deck
from quiz.exchange.anki_in import read_apkg
from quiz.exchange.anki_out import write_apkg
from quiz.exchange.anki_text import plain
from quiz.memory import study_day
from quiz.store.derive import replay
from quiz.store.events import Event
from tests.support.anki_packages import as_deck, unknown
from tests.support.clocks import DAY, FixedClock
from tests.support.decks import FLIP, cards
from tests.support.kinds import write_kinds

PYTHON = os.environ.get("QUIZ_ANKI_PYTHON", "")
DRIVER = Path(__file__).parents[1] / "support" / "anki_engine.py"

pytestmark = pytest.mark.skipif(not PYTHON, reason="QUIZ_ANKI_PYTHON names no Python that has the package anki")


def engine(folder: Path, *steps: list[Any]) -> list[Any]:
    """Let Anki's engine take these steps; return what each gave."""
    script = folder / "steps.json"
    script.write_text(json.dumps(steps))
    # Without our path: its Python must not see this package.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([PYTHON, DRIVER, script], capture_output=True, text=True, env=surroundings, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def clock(*, later: float = 0) -> FixedClock:
    """Return a clock that stands `later` seconds from now. Anki's engine goes by the clock of the machine."""
    fixed = FixedClock()
    now = SystemClock().now()
    fixed.at, fixed.offset = now.at + int(later * 1000), now.offset
    return fixed


def history_of(own: str, *given: tuple[float, int]) -> list[Event]:
    """Return answers of a card: how many days ago, with their ratings."""
    now = SystemClock().now()
    found = []
    for number, (days, rating) in enumerate(given):
        at = now.at - int(days * DAY)
        body = {"question": "q", "mark": float(rating > 1), "ms": 1500 + number}
        day = study_day(at, now.offset)
        found.append(Event(f"{own}-{number}", "answer", at, now.offset, day, own, rating=rating, body=body, device="a"))
    return found


def our_cards(folder: Path) -> tuple[Card, ...]:
    """Return cards of every kind, with siblings of both sorts."""
    write_kinds(folder)
    own = (
        "id: word-back\nask: rhiza\nanswer: root\nboth_ways: true",
        'id: parts\ncloze: "The {{a: pad}} is {{b: far::off}} <it> {x}"\nwhy: because\ntags: [my tag]',
        f"id: hard\nsafety: true\n{FLIP}",
    )
    return (*read_deck(folder / "kinds.yaml").cards, *cards(*own))


HISTORY = [
    *history_of("hard", (20, 1), (19, 3), (15, 3), (5, 1), (4, 3)),
    *history_of("word-back/back", (9, 3), (6, 4)),
    *history_of("parts/b", (3, 2)),
]


def test_anki_takes_in_what_we_write_and_a_second_time_updates_it(tmp_path: Path) -> None:
    given = our_cards(tmp_path)
    collection, first, second = (str(tmp_path / name) for name in ("c.anki2", "1.apkg", "2.apkg"))
    write_apkg(Path(first), "Nerves", given, HISTORY, clock=clock())
    changed = tuple(c if c.id != "word" else read_deck(_reworded(tmp_path)).cards[0] for c in given)
    later = [*HISTORY, replace(history_of("hard", (1, 4))[0], id="later")]
    write_apkg(Path(second), "Nerves", changed, later, clock=clock(later=60))
    once, before, twice, after = engine(
        tmp_path,
        ["take_in", collection, first, True],
        ["dump", collection],
        ["take_in", collection, second, True],
        ["dump", collection],
    )
    assert once == {"new": 13, "updated": 0, "duplicate": 0, "conflicting": 0, "sound": True}
    assert twice == {"new": 0, "updated": 13, "duplicate": 0, "conflicting": 0, "sound": True}
    assert len(before) == len(after) == 13

    notes = {note["fields"]["Id"]: note for note in after}
    assert plain(notes["word"]["cards"][0]["answer"]).text.endswith("Cutting a nerve root\nThe Greek rhiza is a root.")
    assert {note["cards"][0]["deck"] for note in after} == {"Nerves::All kinds", "Nerves::Test"}
    assert notes["parts"]["tags"] == ["my_tag"]
    assert notes["hard"]["tags"] == ["safety"]
    front, back = (plain(notes["parts"]["cards"][1][side]).text for side in ("question", "answer"))
    assert front == "The pad is [...] <it> {x}"
    assert back == "The pad is far::off <it> {x}\nbecause"

    # Anki takes over answers and schedules of cards that it did not have: none twice, and none of later ones.
    assert [[card["log"] for card in note["cards"]] for note in after] == [
        [card["log"] for card in note["cards"]] for note in before
    ]
    for own, ordinal, sibling in (("hard", 0, "hard"), ("word-back", 1, "word-back/back"), ("parts", 1, "parts/b")):
        found = {note["fields"]["Id"]: note for note in before}[own]["cards"][ordinal]
        ours = [event for event in HISTORY if event.card == sibling]
        state = replay(ours)
        assert state.memory
        assert [row[:2] for row in found["log"]] == [[event.at, event.rating] for event in ours]
        today = study_day(SystemClock().now().at, SystemClock().now().offset)
        assert found["due_in"] == state.due - today
        assert found["stability"] == pytest.approx(state.memory.stability, abs=1e-3)


def _reworded(folder: Path) -> Path:
    path = folder / "reworded.yaml"
    path.write_text(
        (folder / "kinds.yaml").read_text("utf-8").replace("Cutting a root", "Cutting a nerve root"), "utf-8"
    )
    text = path.read_text("utf-8")
    path.write_text("title: All kinds\ncards:\n" + text[text.index("  - id: word\n") :], "utf-8")
    return path


@pytest.mark.parametrize("name", ["old.apkg", "new.apkg", "old.colpkg", "new.colpkg"])
def test_our_answers_come_back_from_anki_with_those_given_there(name: str, tmp_path: Path) -> None:
    given = our_cards(tmp_path)
    collection, out, back = (str(tmp_path / file) for file in ("c.anki2", "out.apkg", name))
    write_apkg(Path(out), "Nerves", given, HISTORY, clock=clock())
    engine(
        tmp_path,
        ["take_in", collection, out, True],
        ["answer", collection, {_guid("hard"): [3], _guid("parts"): [1]}],
        ["export", collection, back, name.startswith("old")],
    )
    parcel = read_apkg(Path(back))
    news = unknown(parcel.events, HISTORY)
    assert [(event.card, event.rating) for event in news] == [("hard", 3), ("parts/a", 1)]
    assert len(parcel.events) == len(HISTORY) + 2
    deck = as_deck(parcel, tmp_path)
    assert not deck.problems
    assert {c.id for c in deck.cards} == {c.id for c in given}
    ours = {c.id: c for c in given}
    for found in deck.cards:
        if found.family in ("parts", "word-back", "hard", "word"):
            assert found.questions == ours[found.id].questions
            assert (found.why, found.safety) == (ours[found.id].why, ours[found.id].safety)


def _guid(own: str) -> str:
    from quiz.exchange.anki_own import guid_of

    return guid_of(own)


OWN_SIDES = [["Q: {{Front}}{{#Extra}} <i>({{Extra}})</i>{{/Extra}}", "{{FrontSide}}<hr id=answer>{{Back}}"]]
NOTES = [
    ["Basic", "Neuro::Facet RF", ["What is <b>cut</b>?", "dorsal &amp; rootlets"], ["sdr", "a::b"]],
    ["Basic (and reversed card)", "Neuro::Facet RF", ["front", "back"], []],
    ["Basic (type in the answer)", "Neuro", ["Which nerve?", "medial branch"], []],
    ["Cloze", "Neuro", ["The {{c1::pad}} is {{c2::far::where}}", "more"], []],
    ["Cloze", "Neuro", ["{{c1::a}} and {{c1::b}}", ""], []],
    ["Basic (optional reversed card)", "Neuro", ["f", "b", "y"], []],
    ["Own", "Neuro", ["one", "two", "ex"], []],
]


@pytest.mark.parametrize("name", ["old.apkg", "new.apkg", "old.colpkg", "new.colpkg"])
def test_what_anki_writes_becomes_our_cards_and_answers(name: str, tmp_path: Path) -> None:
    collection, package = str(tmp_path / "c.anki2"), tmp_path / name
    _, guids = engine(
        tmp_path,
        ["add_type", collection, "Own", ["Front", "Back", "Extra"], OWN_SIDES],
        ["make", collection, NOTES],
    )
    ratings = {guids[0]: [3, 1, 3], guids[1]: [4, 2], guids[3]: [1], guids[6]: [3]}
    engine(
        tmp_path,
        ["answer", collection, ratings],
        ["forget", collection, guids[1]],
        ["suspend", collection, guids[3]],
        ["export", collection, str(package), name.startswith("old")],
    )
    parcel = read_apkg(package)
    assert parcel.title == "Neuro"
    bare = [{key: value for key, value in entry.items() if key != "id"} for entry in parcel.cards]
    assert bare == [
        {"ask": "What is cut?", "answer": "dorsal & rootlets", "topic": "Facet RF", "tags": ["a::b", "sdr"]},
        {"ask": "front", "answer": "back", "both_ways": True, "topic": "Facet RF"},
        {"ask": "Which nerve?", "answer": "medial branch", "accept": []},
        {"cloze": "The {{c1: pad}} is {{c2: far}} (where)", "why": "more"},
        {"ask": "[…] and […]", "answer": "a; b"},
        {"ask": "f", "answer": "b", "both_ways": True},
        {"ask": "Q: one (ex)", "answer": "two"},
    ]
    deck = as_deck(parcel, tmp_path)
    assert not deck.problems
    asked = {c.id: question_id(c.questions[0]) for c in deck.cards}
    answers = [event for event in parcel.events if event.kind == "answer"]
    assert all(asked[event.card or ""] == event.body["question"] for event in answers)
    ids = [str(entry["id"]) for entry in parcel.cards]
    expected = {ids[0]: [3, 1, 3], ids[1]: [4, 2], f"{ids[3]}/c1": [1], ids[6]: [3]}
    for own, given in expected.items():
        log = sorted((event for event in answers if event.card == own), key=lambda event: event.at)
        assert [event.rating for event in log] == given
        assert [log[-1].day - event.day for event in log] == list(range(len(given)))[::-1]
    assert len(answers) == sum(map(len, expected.values()))
    assert replay([event for event in parcel.events if event.card == ids[1]]).new
    assert replay([event for event in parcel.events if event.card == f"{ids[3]}/c1"]).suspended
    assert read_apkg(package) == parcel


@pytest.mark.parametrize("name", ["old.apkg", "new.apkg", "old.colpkg", "new.colpkg"])
def test_the_time_zone_in_which_the_collection_was_made_is_told_wherever_it_is_exported(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, package = str(tmp_path / "c.anki2"), tmp_path / name
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    (guids,) = engine(tmp_path, ["make", collection, NOTES[:1]])
    monkeypatch.setenv("TZ", "America/New_York")
    engine(tmp_path, ["answer", collection, {guids[0]: [3, 3]}], ["export", collection, str(package), "old" in name])
    events = read_apkg(package, offset_at=lambda _: 0).events
    assert [event.offset for event in events] == [540, 540]


def test_a_note_changed_in_anki_comes_back_changed_under_its_id(tmp_path: Path) -> None:
    collection, out, back = (str(tmp_path / file) for file in ("c.anki2", "out.apkg", "back.apkg"))
    write_apkg(Path(out), "Nerves", our_cards(tmp_path), clock=clock())
    engine(
        tmp_path,
        ["take_in", collection, out, False],
        ["change", collection, _guid("hard"), 1, "the <b>dorsal</b> rootlets"],
        ["change", collection, _guid("parts"), 0, "Only {{c1::one}} hole"],
        ["export", collection, back, False],
    )
    parcel = read_apkg(Path(back))
    entries = {entry["id"]: entry for entry in parcel.cards}
    assert entries["hard"]["answer"] == "the dorsal rootlets"
    assert "parts" not in entries
    assert [left.why for left in parcel.left_out] == ["its holes are not those that were written here any more"]
    assert not parcel.events


def test_the_shipped_decks_go_through_anki_whole(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "decks" / "rhizotomy"
    shipped = [
        c for path in sorted(folder.glob("*.yaml")) if path.name != "sources.yaml" for c in read_deck(path).cards
    ]
    collection, out, back = (str(tmp_path / file) for file in ("c.anki2", "out.apkg", "back.apkg"))
    start = time.monotonic()
    left = write_apkg(Path(out), "Rhizotomy", shipped, clock=clock())
    print(f"{len(shipped)} cards written in {time.monotonic() - start:.2f} s; left out: {left}")
    (taken, _) = engine(tmp_path, ["take_in", collection, out, False], ["export", collection, back, False])
    families = {c.family for c in shipped}
    assert taken == {"new": len(families), "updated": 0, "duplicate": 0, "conflicting": 0, "sound": True}
    parcel = read_apkg(Path(back))
    assert {entry["id"] for entry in parcel.cards} == families
    deck = as_deck(parcel, tmp_path)
    assert not deck.problems
    assert {c.id for c in deck.cards} == {c.id for c in shipped}
    assert not parcel.left_out
