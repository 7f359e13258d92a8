"""A full disk under every command that writes: one line and an exit code, nothing lost, all well once there is room.

The disk is a real one of two megabytes, where this machine lets us mount one; everywhere, files that may not grow over
a limit stand for it.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from quiz.clock import SystemClock
from quiz.store.examine import integrity_of
from quiz.store.history import History
from quiz.store.sync.lines import line_of
from tests.support.anki_packages import BASIC, AnkiNote, package
from tests.support.desks import sound
from tests.support.old_histories import OLD, lived_in, write_old
from tests.support.shell import QUIZ, Shell

MINE, THEIRS = lived_in(300, 40), lived_in(300, 40, 2, "0d0e0f00")
DECK = "title: Deck\ncards:\n" + "".join(
    f"  - {{id: c{n}, ask: What is c{n}?, answer: It is c{n}}}\n" for n in range(40)
)
SAFETY = "title: Safety\ncards:\n  - {id: s, safety: true, ask: What is s?, answer: It is s}\n"
OWN = "title: Own\ncards:\n" + "".join(f"  - ask: What is n{n}?\n    answer: It is {n}\n" for n in range(400))


class Operation(NamedTuple):
    """A command that writes, and the lines it is told; `before` is one that has to be run first.

    `again` is whether it may be run again after it was done. `version` is that of the history, where it is an old one.
    """

    argv: list[str]
    lines: str = ""
    before: tuple[str, ...] = ()
    again: bool = True
    version: int = 0


DECKS = ["--decks", "decks"]
OPERATIONS = {
    "answering": Operation(["study", "--plain", "decks", "--limit", "12", "--seed", "1"], "3\n1\n4\n3\n" * 5),
    "syncing": Operation(["sync", "shared"]),
    "migrating": Operation(["due", *DECKS], version=OLD[0]),
    "backing up": Operation(["backup"]),
    "importing a package": Operation(["import", *DECKS, "theirs.apkg"]),
    "importing a history": Operation(["import", "theirs.jsonl"]),
    "exporting the history": Operation(["export", "--to", "out.jsonl"], again=False),
    "exporting a package": Operation(["export", *DECKS, "--history", "--to", "out.apkg"], again=False),
    "writing a report": Operation(
        ["report", *DECKS, "--to", "out.html"], before=("study", "--plain", "--safety", "decks"), again=False
    ),
    "changing a setting": Operation(["config", "new", "33"]),
    "repairing": Operation(["doctor", "--repair", *DECKS]),
    "reading decks": Operation(["decks", *DECKS]),
    "starting a deck": Operation(["new", "fresh.yaml"], again=False),
    "writing ids": Operation(["ids", "own.yaml"]),
}


def history_of(folder: Path) -> Path:
    return folder / "home" / "profiles" / "default" / "history.sqlite"


def prepare(folder: Path, operation: Operation) -> None:
    """Make a machine with a history and with all that the operations take."""
    (folder / "decks").mkdir(parents=True)
    (folder / "shared").mkdir()
    (folder / "decks" / "deck.yaml").write_text(DECK)
    (folder / "decks" / "safety.yaml").write_text(SAFETY)
    (folder / "own.yaml").write_text(OWN)
    (folder / "shared" / "0d0e0f00-2023.jsonl").write_bytes(b"".join(map(line_of, THEIRS)))
    (folder / "theirs.jsonl").write_text("".join(event.as_json() + "\n" for event in THEIRS))
    logs = [{0: [(1_700_000_000_000 + n, 3, 1, 2500)]} for n in range(60)]
    package(
        folder, *(AnkiNote(BASIC, (f"Front {n}", "Back"), log=log) for n, log in enumerate(logs)), name="theirs.apkg"
    )
    if operation.version:
        write_old(history_of(folder), operation.version, MINE)
    else:
        with closing(History(history_of(folder), SystemClock())) as history:
            history.merge(MINE)
    if operation.before:
        done = Shell(folder).run(*operation.before, lines="3\n" * 5)
        assert (done.returncode, done.stderr) == (0, ""), done


def files(folder: Path) -> set[str]:
    """Return what is there: no half-written file may stay."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def run(shell: Shell, operation: Operation, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run an operation; no file grows over `limit` bytes meanwhile."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [*QUIZ, *operation.argv],
        input=operation.lines,
        capture_output=True,
        timeout=120,
        text=True,
        cwd=shell.folder,
        env=shell.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # Python before 3.14 would keep half a .pyc file for good
        check=False,
        preexec_fn=limited,
    )


def told_in_a_line(done: subprocess.CompletedProcess[str]) -> None:
    """See that a command did what it had to, or said in one line why not.

    What it did stays done where there is no room for the day's copy; that is told as well.
    """
    assert done.returncode in (0, 3, 4), done
    assert done.stderr if done.returncode else done.stderr == "" or "quiz: the backup " in done.stderr, done
    assert done.stderr.count("\n") <= 1, done
    for word in ("Traceback", "the fault is its own"):
        assert word not in done.stderr, done


def confirmed(done: subprocess.CompletedProcess[str]) -> int:
    return done.stdout.count("recall it.") + done.stdout.count("recalled it.")


def all_well(shell: Shell, operation: Operation, starved: subprocess.CompletedProcess[str], before: set[str]) -> None:
    """See that there is room again: nothing is lost, nothing half done, and the command does what it has to."""
    left = {name for name in files(shell.folder) - before if name.endswith((".part", "-journal")) or "/.quiz-" in name}
    assert not left
    for name in ("out.jsonl", "out.apkg", "out.html", "fresh.yaml"):
        if (shell.folder / name).exists() and starved.returncode:
            raise AssertionError(f"{name} is there, but the command failed: {starved}")
    if operation.again or starved.returncode:
        done = run(shell, operation)
        assert (done.returncode, done.stderr) == (0, ""), done
    with closing(History(history_of(shell.folder), SystemClock())) as history:
        ids = [event.id for event in history.events()]
        assert len(set(ids)) == len(ids)
        assert {event.id for event in MINE} <= set(ids)
        answers = [event for event in history.events() if event.kind == "answer" and event.at > MINE[-1].at]
        if operation.argv[0] == "study":
            assert len(answers) == confirmed(starved) + confirmed(done)
        assert sound(history)
        assert integrity_of(history.path) == "ok"
    if operation.argv[0] == "ids":
        assert (shell.folder / "own.yaml").read_text().count("id: ") == 400
    if operation.argv[-1] == "out.jsonl":
        written = (shell.folder / "out.jsonl").read_text().splitlines()
        assert [json.loads(line)["id"] for line in written] == [event.id for event in MINE]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, free: int) -> Path:
    """Fill a disk until only `free` bytes are left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
        file.truncate(max(0, file.tell() // 4096 * 4096 - free))
    return filler


Starve = Callable[[Shell, Operation], subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("name", OPERATIONS)
def test_on_a_full_disk_no_command_loses_or_spoils_anything(small_disk: Path, tmp_path: Path, name: str) -> None:
    """With no room at all, and with room for the beginning: the command fails in a line, or does all it has to.

    Once there is room it does the rest: answers that were confirmed meanwhile are in the history.
    """
    operation = OPERATIONS[name]
    prepare(tmp_path / "start", operation)
    for free in (0, 16_384, 98_304):
        folder = small_disk / str(free)
        shutil.copytree(tmp_path / "start", folder)
        before = files(folder)
        shell = Shell(folder)
        filler = fill(small_disk, free)
        starved = run(shell, operation)
        filler.unlink()
        told_in_a_line(starved)
        all_well(shell, operation, starved, before)
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", OPERATIONS)
def test_where_files_may_not_grow_no_command_loses_or_spoils_anything(tmp_path: Path, name: str) -> None:
    """The same, where it is not the disk that is full but a limit that is reached, in the middle of a write."""
    operation = OPERATIONS[name]
    folder = tmp_path / "here"
    prepare(folder, operation)
    before = files(folder)
    shell = Shell(folder)
    starved = run(shell, operation, limit=9000)
    told_in_a_line(starved)
    all_well(shell, operation, starved, before)


def test_what_cannot_even_be_opened_on_a_full_disk_is_told_as_that(small_disk: Path, tmp_path: Path) -> None:
    """SQLite finds no room for the file that the readers of a history share, and calls it an error of the disk."""
    prepare(tmp_path / "start", OPERATIONS["backing up"])
    folder = small_disk / "full"
    shutil.copytree(tmp_path / "start", folder)
    fill(small_disk, 0)
    for argv in (["due", *DECKS], ["study", "--plain", "decks"], ["doctor", *DECKS], ["backup"], ["sync", "shared"]):
        done = Shell(folder).run(*argv, lines="3\n")
        assert done.returncode == 3, done
        assert f"quiz: the disk is full ({history_of(folder).parent}) - make room" in done.stderr
        assert done.stderr.count("\n") == 1
