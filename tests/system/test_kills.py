"""Kill -9 at random moments: nothing that was confirmed is missing, nothing is there twice, the next start works.

Real processes of the real command are killed. Each test kills `KILLS` of them; all together 200. More: QUIZ_KILLS=10
kills ten times as many. A moment follows from the seed in the test's name and from how fast the machine is.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from quiz.clock import SystemClock
from quiz.deck.reader import read_deck
from quiz.store.events import Event
from quiz.store.examine import integrity_of
from quiz.store.history import History
from quiz.store.sync.lines import line_of
from tests.support.anki_packages import BASIC, AnkiNote, package
from tests.support.desks import sound
from tests.support.old_histories import KEPT, OLD, lived_in, write_old
from tests.support.shell import Shell

TIMES = int(os.environ.get("QUIZ_KILLS", "1"))
KILLS = 10  # in a test
IN_A_ROW = 4  # on one profile, before it is looked at
ANSWERING, OTHERS = 8, 3  # tests of answering, and of each other operation


def history_of(folder: Path) -> Path:
    return folder / "home" / "profiles" / "default" / "history.sqlite"


def everything(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of all events, seen by another program than ours."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(f"select {KEPT} from event order by number").fetchall()


def in_order(shell: Shell) -> None:
    """See that the next start works, that the examination finds nothing, and that what is derived follows."""
    done = shell.run("doctor", "--decks", str(shell.folder / "decks"))
    assert (done.returncode, done.stderr) == (0, ""), done
    assert "Everything is in order." in done.stdout
    with closing(History(history_of(shell.folder), SystemClock())) as history:
        assert sound(history)
        assert integrity_of(history.path) == "ok"


# -- answering --------------------------------------------------------------------------------------------------------

CARDS = 600
CONFIRMED = re.compile(
    r"What is (c\d+)\?\nHow did it go \([^)]*\)\? (\d)\nYou (?:recalled|did not recall) it\.|(taken back)\."
)
Done = tuple[str, ...]


def confirmed_in(said: str) -> list[Done]:
    """Return what a program has confirmed: the answers with their cards and ratings, and what was taken back."""
    return [("undo",) if undo else (card, rating) for card, rating, undo in CONFIRMED.findall(said)]


def wait_for_a_moment(program: subprocess.Popen[str], chance: random.Random) -> str:
    """Wait until somewhere in the start, or in an answer, of the program; return what it said meanwhile."""
    assert program.stdout is not None
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0.02, 0.25))
        return ""
    said = ""
    for _ in range(chance.randint(0, 20)):
        while True:
            line = program.stdout.readline()
            assert line, f"it ended before it was killed:\n{said}"
            said += line
            if line.startswith("The answer:") or "taken back" in line:
                break
    end = time.perf_counter() + chance.uniform(0, 0.006)
    while time.perf_counter() < end:  # a sleep would be too coarse
        pass
    return said


def answer_and_be_killed(shell: Shell, chance: random.Random) -> list[Done]:
    """Start a session that is told all its answers at once, kill it, and return what it had confirmed."""
    again = ["--seed", str(chance.randrange(1000))] if chance.random() < 0.3 else []
    program = shell.start("study", "--plain", str(shell.folder / "decks"), "--limit", str(CARDS), *again)
    assert program.stdin is not None
    assert program.stdout is not None
    assert program.stderr is not None
    lines = [chance.choice(("1", "2", "3", "3", "3", "4", "3\n:undo")) for _ in range(CARDS)]
    program.stdin.write("\n".join(lines) + "\n")
    program.stdin.close()
    said = wait_for_a_moment(program, chance)
    program.kill()
    said += program.stdout.read()
    complaints = program.stderr.read()
    program.stdout.close()
    program.stderr.close()
    assert program.wait() == -9, said
    assert complaints == ""
    return confirmed_in(said)


@pytest.mark.parametrize("seed", range(ANSWERING * TIMES))
def test_no_answer_that_was_confirmed_is_lost_when_the_program_is_killed(tmp_path: Path, seed: int) -> None:
    """Every answer whose feedback was printed, and every one taken back, is in the history: once, in this order.

    Of each killed program there may be one more, that it was just about to confirm. Each killed program is the next
    start after the one killed before.
    """
    chance = random.Random(seed)
    shell = Shell(tmp_path)
    (tmp_path / "decks").mkdir()
    cards = "".join(f"  - {{id: c{n}, ask: What is c{n}?, answer: It is c{n}}}\n" for n in range(CARDS))
    (tmp_path / "decks" / "deck.yaml").write_text(f"title: Deck\ncards:\n{cards}")
    shell.run("config", "new", "500")
    killed = [answer_and_be_killed(shell, chance) for _ in range(KILLS)]
    in_order(shell)
    with closing(History(history_of(tmp_path), SystemClock())) as history:
        rows = list(
            history.query("select kind, card, rating from event where kind in ('answer', 'undo') order by number")
        )
        assert len({event.id for event in history.events()}) == history.count()
        own = [event.seq for event in history.events()]
        assert sorted(own) == list(range(1, len(own) + 1))
    there: list[Done] = [("undo",) if kind == "undo" else (card, str(rating)) for kind, card, rating in rows]
    ends = {0}
    for confirmed in killed:
        ends = {
            end + len(confirmed) + more
            for end in ends
            if there[end : end + len(confirmed)] == confirmed
            for more in (0, 1)
        }
        assert ends, f"missing or doubled: {confirmed}\nof {there}"
    assert len(there) in ends, f"{len(there)} in the history, confirmed: {[len(each) for each in killed]}"


# -- whatever else writes ---------------------------------------------------------------------------------------------


class Operation(NamedTuple):
    """Something that writes: how its folder is made, what is run there, and what must hold once it was run again.

    `check` is given the shell and a folder in which the same was done undisturbed.
    """

    prepare: Callable[[Path], None]
    argv: Callable[[Path], list[str]]
    check: Callable[[Shell, Path], None]


MINE, THEIRS = lived_in(1500, 100), lived_in(1500, 100, 2, "0d0e0f00")
THEIR_FILE = "0d0e0f00-2023.jsonl"
MIGRATED = lived_in(4000, 300)


def _with_history(folder: Path, events: list[Event]) -> None:
    (folder / "decks").mkdir(parents=True)
    with closing(History(history_of(folder), SystemClock())) as history:
        history.merge(events)
        history.change_settings({"new": 7})


def _prepare_sync(folder: Path) -> None:
    _with_history(folder, MINE)
    (folder / "shared").mkdir()
    (folder / "shared" / THEIR_FILE).write_bytes(b"".join(map(line_of, THEIRS)))


def _check_sync(shell: Shell, undisturbed: Path) -> None:
    """All events of both are in the history and in the folder, once; what another device wrote is untouched."""
    shared, reference = shell.folder / "shared", undisturbed / "shared"
    assert (shared / THEIR_FILE).read_bytes() == (reference / THEIR_FILE).read_bytes()
    written = [line for path in shared.glob("*.jsonl") for line in path.read_bytes().splitlines()]
    right = [line for path in reference.glob("*.jsonl") for line in path.read_bytes().splitlines()]
    assert sorted(written) == sorted(right)
    kept, wanted = everything(history_of(shell.folder)), everything(history_of(undisturbed))
    assert sorted(row[1:] for row in kept) == sorted(row[1:] for row in wanted)


def _check_migration(shell: Shell, undisturbed: Path) -> None:
    """Every event is as it was, in its place; the copy made before holds them too, in the old tables."""
    kept = everything(history_of(shell.folder))
    assert kept == everything(history_of(undisturbed))
    assert len(kept) == len(MIGRATED)
    copies = list((history_of(shell.folder).parent / "backups").glob("*.sqlite"))
    assert copies
    for copy in copies:
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("pragma user_version").fetchone()[0] in OLD
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert everything(copy) == kept


def _migration(version: int) -> Operation:
    def prepare(folder: Path) -> None:
        (folder / "decks").mkdir(parents=True)
        write_old(history_of(folder), version, MIGRATED)

    return Operation(prepare, lambda _: ["config"], _check_migration)


def _check_backup(shell: Shell, undisturbed: Path) -> None:
    """The history is as it was; whatever has the name of a copy is one, and whole."""
    kept = everything(history_of(shell.folder))
    assert [row[:-1] for row in kept] == [row[:-1] for row in everything(history_of(undisturbed))]
    copies = list((history_of(shell.folder).parent / "backups").glob("*.sqlite"))
    assert copies
    for copy in copies:
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert everything(copy) == kept


def _prepare_import(folder: Path) -> None:
    _with_history(folder, MINE[:300])
    day = 86_400_000
    notes = [
        AnkiNote(
            BASIC,
            (f"Front {n}", f"Back {n}"),
            log={0: [(1_700_000_000_000 + n + d * day, 3, 1, 2500) for d in range(4)]},
        )
        for n in range(60)
    ]
    package(folder, *notes, name="theirs.apkg")


def _check_import(shell: Shell, undisturbed: Path) -> None:
    """Repeated, the import has brought everything once; taken back, none of it counts any more."""
    (deck,) = (shell.folder / "home" / "decks").glob("*.yaml")
    (right,) = (undisturbed / "home" / "decks").glob("*.yaml")
    assert read_deck(deck).cards
    assert [card.id for card in read_deck(deck).cards] == [card.id for card in read_deck(right).cards]
    kept, wanted = everything(history_of(shell.folder)), everything(history_of(undisturbed))
    assert sorted(row[1] for row in kept) == sorted(row[1] for row in wanted)  # type: ignore[type-var]
    assert len(kept) > 300 + 200
    done = shell.run("import", "--undo")
    assert done.returncode == 0, done
    assert not deck.exists()


OPERATIONS = {
    "syncing": Operation(_prepare_sync, lambda folder: ["sync", str(folder / "shared")], _check_sync),
    "migrating": _migration(OLD[0]),
    "backing up": Operation(lambda folder: _with_history(folder, MIGRATED), lambda _: ["backup"], _check_backup),
    "importing": Operation(_prepare_import, lambda folder: ["import", str(folder / "theirs.apkg")], _check_import),
}


@pytest.mark.parametrize("seed", range(OTHERS * TIMES))
@pytest.mark.parametrize("name", OPERATIONS)
def test_what_was_killed_is_whole_once_it_is_run_again(tmp_path: Path, name: str, seed: int) -> None:
    """Killed up to four times in a row and then let run, an operation ends as one that was never disturbed."""
    operation = OPERATIONS[name] if name != "migrating" else _migration(OLD[seed % len(OLD)])
    chance = random.Random(seed)
    start, undisturbed = tmp_path / "start", tmp_path / "undisturbed"
    operation.prepare(start)
    shutil.copytree(start, undisturbed)
    began = time.monotonic()
    done = Shell(undisturbed).run(*operation.argv(undisturbed))
    assert done.returncode == 0, done
    longest = time.monotonic() - began
    kills = rounds = 0
    while kills < KILLS:
        rounds += 1
        folder = tmp_path / f"round{rounds}"
        shutil.copytree(start, folder)
        shell = Shell(folder)
        for _ in range(IN_A_ROW):
            began = time.monotonic()
            program = shell.start(*operation.argv(folder))
            with suppress(subprocess.TimeoutExpired):
                program.wait(chance.uniform(0.3, 1) * longest)
                longest = time.monotonic() - began  # it was faster than the one before
            program.kill()
            said = program.communicate()
            if program.returncode != -9:
                assert program.returncode == 0, said
                break
            kills += 1
        else:
            done = shell.run(*operation.argv(folder))
            assert (done.returncode, done.stderr) == (0, ""), done
        operation.check(shell, undisturbed)
        in_order(shell)
        shutil.rmtree(folder)
