"""Flipped bits and cut files, at random places: never a wrong state in silence.

Whatever is damaged is refused, named, or made anew from what is whole; or the damage makes no difference at all.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from quiz.cli.main import main
from quiz.errors import StoreError
from quiz.store import database
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.rescue import rescue, rescue_file, take_in
from quiz.store.sync.lines import line_of
from tests.support.clocks import FixedClock
from tests.support.desks import sound
from tests.support.old_histories import DEVICE, lived_in
from tests.support.shell import Shell

PLACES = 100
CHECKSUMS = " crc " in Path(database.__file__).with_name("schema.sql").read_text("utf-8")


def damaged(content: bytes, seed: int) -> bytes:
    """Return the content with one bit flipped, or, for every fifth seed, cut off, at a random place."""
    chance = random.Random(seed)
    place = chance.randrange(len(content))
    if seed % 5 == 4:
        return content[:place]
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def bodies(events: list[Event]) -> dict[str, str]:
    """Return what each event says but for its place, which it gets when it is written."""
    return {event.id: json.dumps({**json.loads(event.as_json()), "seq": 0}, sort_keys=True) for event in events}


def whole_or_told(history: History, given: list[Event], seed: int) -> None:
    """See that every event there is one that was given, word for word, and that none is missing unless that is told."""
    right, found = bodies(given), bodies(list(history.events()))
    assert found.items() <= right.items(), f"seed {seed}: a changed answer was taken in"
    assert len(found) >= len(right) - 2 or seed % 5 == 4, f"seed {seed}: sound answers are missing"
    assert len(found) == len(right) or history.notes, f"seed {seed}: lost in silence"
    assert sound(history)


# -- answers on their way ---------------------------------------------------------------------------------------------


def test_a_damaged_journal_is_told_and_its_sound_answers_are_taken_in(tmp_path: Path) -> None:
    """A program was killed with six answers in its journal; then a bit flips there. At most the answers hit are lost.

    What is left of them is set aside. A journal that was cut off has lost its end, which is told as well.
    """
    start = tmp_path / "start"
    history = History(start / "history.sqlite", FixedClock())
    given = [
        history.event("answer", card=f"c{n}", rating=1 + n % 4, body={"question": "q", "mark": 1.0}) for n in range(6)
    ]
    for event in given:
        history.keep([event])
    history._journal.close()  # killed: the files are closed, and nothing else happens
    history._db.close()
    content = (start / "answers-1.journal").read_bytes()
    used = content.rstrip(b"\0")
    for seed in range(PLACES):
        folder = tmp_path / str(seed)
        shutil.copytree(start, folder)
        broken = damaged(used, seed)
        (folder / "answers-1.journal").write_bytes(broken + b"\0" * (len(content) - len(broken)))
        for again in (False, True):
            with closing(History(folder / "history.sqlite", FixedClock())) as history:
                if again:
                    assert not history.notes, "told once"
                    continue
                if seed % 5 == 4 and broken.count(b"\n") < 6 and not broken.endswith(b"\n") and broken:
                    assert history.notes, f"seed {seed}"
                history.notes.extend(["cut at the end of an entry"] * (seed % 5 == 4))
                whole_or_told(history, given, seed)
            lost = len(bodies(given)) - _count(folder / "history.sqlite")
            assert not lost or seed % 5 == 4 or len(list((folder / "aside").iterdir())) == 1
        shutil.rmtree(folder)


def _count(path: Path) -> int:
    with closing(History(path, FixedClock())) as history:
        return history.count()


def test_a_damaged_rescue_file_is_told_and_its_sound_answers_are_taken_in(tmp_path: Path) -> None:
    """The file on another disk, for answers that found no room on their own: it is left until nothing is damaged."""
    start = tmp_path / "start"
    with closing(History(start / "history.sqlite", FixedClock())) as history:
        given = [
            history.event("answer", card=f"c{n}", rating=1 + n % 4, body={"question": "q", "mark": 1.0})
            for n in range(6)
        ]
    for seed in range(PLACES):
        folder = tmp_path / str(seed)
        shutil.copytree(start, folder)
        path = rescue(folder / "history.sqlite", given)
        assert path is not None
        content = path.read_bytes()
        path.write_bytes(damaged(content, seed))
        with closing(History(folder / "history.sqlite", FixedClock())) as history:
            take_in(history)
            assert bool(history.notes) == path.exists()
            history.notes.extend(["cut between two lines"] * (seed % 5 == 4))
            whole_or_told(history, given, seed)
        rescue_file(folder / "history.sqlite").unlink(missing_ok=True)
        shutil.rmtree(folder)


# -- the history itself -----------------------------------------------------------------------------------------------


def machine(folder: Path, events: list[Event]) -> Shell:
    """Make a machine with a history and a deck."""
    (folder / "decks").mkdir(parents=True)
    cards = "".join(f"  - {{id: c{n}, ask: What is c{n}?, answer: It is c{n}}}\n" for n in range(30))
    (folder / "decks" / "deck.yaml").write_text(f"title: Deck\ncards:\n{cards}")
    profile = folder / "home" / "profiles" / "default"
    profile.mkdir(parents=True)
    (profile / "device").write_text(DEVICE + "\n")
    with closing(History(profile / "history.sqlite", FixedClock())) as history:
        history.merge(events)
    return Shell(folder)


def examined(folder: Path) -> int:
    """Return what `quiz doctor` ends with."""
    return main(["doctor", "--home", str(folder / "home"), "--decks", str(folder / "decks")], FixedClock())


def found_by_nobody(folder: Path, given: list[Event]) -> bool:
    """Return whether a damaged history is taken for a sound one: no start and no doctor says so, and it is not."""
    path = folder / "home" / "profiles" / "default" / "history.sqlite"
    if examined(folder):
        return False
    try:
        with closing(History(path, FixedClock())) as history:
            return list(history.events()) != given or not sound(history)
    except StoreError:
        return False


@pytest.mark.skipif(not CHECKSUMS, reason="the events of this version have no checksums: nobody could tell")
def test_a_history_damaged_at_a_hundred_places_is_never_taken_for_a_sound_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused in a line, or `quiz doctor` ends with 1; or every event and every state is as it was."""
    given = lived_in(150, 25)
    machine(tmp_path / "start", given)
    assert examined(tmp_path / "start") == 0
    silent = []
    for seed in range(PLACES):
        folder = tmp_path / str(seed)
        shutil.copytree(tmp_path / "start", folder)
        path = folder / "home" / "profiles" / "default" / "history.sqlite"
        path.write_bytes(damaged(path.read_bytes(), seed))
        if found_by_nobody(folder, given):
            silent.append(seed)
        assert "Traceback" not in capsys.readouterr().err
        shutil.rmtree(folder)
    assert not silent


# -- all that lies beside it ------------------------------------------------------------------------------------------

BESIDE: dict[str, Callable[[Path], Path]] = {
    "the name of the device": lambda home: home / "profiles" / "default" / "device",
    "the journal": lambda home: home / "profiles" / "default" / "answers-1.journal",
    "what was synced": lambda home: home / "profiles" / "default" / "sync.json",
    "the note of an import": lambda home: home / "profiles" / "default" / "imports" / "000001.json",
    "the catalogue of the decks": lambda home: next((home / "cache").glob("catalogue-*.sqlite")),
}


@pytest.mark.parametrize("how", ["garbage", "cut"])
@pytest.mark.parametrize("name", BESIDE)
def test_a_damaged_file_beside_the_history_costs_no_answer(tmp_path: Path, name: str, how: str) -> None:
    """Every command works, or says in a line what to do; the history stays whole and the next sync has everything."""
    given, others = lived_in(60, 25), lived_in(60, 25, 2, "0d0e0f00")
    shell = machine(tmp_path, given)
    decks, shared = str(tmp_path / "decks"), tmp_path / "shared"
    shared.mkdir()
    (shared / "0d0e0f00-2023.jsonl").write_bytes(b"".join(map(line_of, others)))
    (tmp_path / "cards.csv").write_text("front,back\nWhat?,That\n")
    for argv in (
        ["sync", str(shared)],
        ["import", "--decks", decks, "cards.csv"],
        ["study", "--plain", decks, "--limit", "1"],
    ):
        done = shell.run(*argv, lines="3\n")
        assert (done.returncode, done.stderr) == (0, ""), done
    path = BESIDE[name](tmp_path / "home")
    content = path.read_bytes()
    path.write_bytes({"garbage": b"\xff\x00{[\n garbage \x07" * 50, "cut": content[: len(content) // 2]}[how])
    for argv in (
        ["study", "--plain", decks, "--limit", "1"],
        ["sync", str(shared)],
        ["import", "--decks", decks, "--undo"],
        ["due", "--decks", decks],
    ):
        done = shell.run(*argv, lines="3\n")
        assert done.returncode in (0, 4), done
        assert done.stderr.count("\n") <= 1
        assert "the fault is its own" not in done.stderr
    done = shell.run("doctor", "--decks", decks)
    assert (done.returncode, done.stderr) == (0, ""), done
    with closing(History(tmp_path / "home" / "profiles" / "default" / "history.sqlite", FixedClock())) as history:
        there = {event.id for event in history.events()}
        assert {event.id for event in (*given, *others)} <= there
        assert (
            sum(event.kind == "answer" for event in history.events())
            == sum(event.kind == "answer" for event in (*given, *others)) + 2
        )
        assert sound(history)
    other = machine(tmp_path / "other", [])
    done = other.run("sync", str(shared))
    assert done.returncode == 0, done
    with closing(
        History(tmp_path / "other" / "home" / "profiles" / "default" / "history.sqlite", FixedClock())
    ) as history:
        assert {event.id for event in history.events()} == there
