"""The file of the history is deleted, moved or replaced under the running program."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from quiz.clock import SystemClock
from quiz.store.history import History
from tests.support.desks import sound
from tests.support.shell import Shell, read_until, say

PROMPT = "4 Easy)? "


def history_of(shell: Shell) -> Path:
    return shell.folder / "home" / "profiles" / "default" / "history.sqlite"


def studied(shell: Shell) -> list[tuple[str, int]]:
    """Return cards and ratings of all answers; what is derived from them has to be right, and all be in order."""
    done = shell.run("doctor", "--decks", str(shell.folder / "decks"))
    assert (done.returncode, done.stderr) == (0, ""), done
    with closing(History(history_of(shell), SystemClock())) as history:
        assert sound(history)
        events = [event for event in history.events() if event.kind == "answer"]
        assert len({event.id for event in events}) == len(events)
        return [(event.card or "", event.rating or 0) for event in events]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A machine on which five answers were given, and a copy made."""
    shell = Shell(tmp_path)
    (tmp_path / "decks").mkdir()
    cards = "".join(f"  - {{id: c{n}, ask: What is c{n}?, answer: It is c{n}}}\n" for n in range(40))
    (tmp_path / "decks" / "deck.yaml").write_text(f"title: Deck\ncards:\n{cards}")
    shell.run("config", "new", "40")
    shell.run("study", "--plain", str(tmp_path / "decks"), "--limit", "5", "--seed", "1", lines="3\n" * 5)
    shell.run("backup")
    return shell


def copy_of(path: Path) -> Path:
    (copy,) = (path.parent / "backups").glob("*-by-hand.sqlite")
    return copy


def replace(path: Path) -> None:
    shutil.copy(copy_of(path), path.with_name("other"))
    path.with_name("other").replace(path)


def delete_all(path: Path) -> None:
    for file in path.parent.glob("history.sqlite*"):
        file.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def move_and_begin_anew(path: Path) -> None:
    """Another program has begun a new history meanwhile."""
    move(path)
    History(path, SystemClock()).close()


CHANGES: dict[str, Callable[[Path], object]] = {
    "is deleted": Path.unlink,
    "is deleted with all beside it": delete_all,
    "is deleted with its folder": lambda path: shutil.rmtree(path.parent),
    "is moved": move,
    "is moved, and another one begun": move_and_begin_anew,
    "is replaced by an older one": replace,
    "is not moved, its log is": lambda path: Path(f"{path}-wal").unlink(),
}


@pytest.mark.parametrize("killed", [False, True], ids=["left", "killed"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_a_run_answered_outlives_its_file(shell: Shell, change: str, killed: bool) -> None:
    """The file is gone: all that was in it and all answers of this run are in the history at the next start.

    The program says at once that something is wrong. One that is killed then has lost nothing either.
    """
    alter = CHANGES[change]
    program = shell.start("study", "--plain", str(shell.folder / "decks"), "--limit", "30", "--seed", "2")
    told = read_until(program, PROMPT)
    for number in range(6):
        if number == 3:
            alter(history_of(shell))
        say(program, str(2 + number % 3))
        told += read_until(program, PROMPT)
    assert "was moved, deleted or replaced while it was in use" in told
    if killed:
        program.kill()
        program.communicate()
    else:
        say(program, ":quit")
        _, complaint = program.communicate()
        assert program.returncode == 3
        assert complaint.startswith("quiz: 6 entries of this run could not be written: the history ")
        assert "until the next start" in complaint
        assert complaint.count("\n") == 1
    answers = studied(shell)
    assert len(answers) == 5 + 6
    assert [rating for _, rating in answers[5:]] == [2, 3, 4, 2, 3, 4]
    assert not (history_of(shell).parent / "lost").exists()
    assert len(list((history_of(shell).parent / "backups").glob("*-lost.sqlite"))) == 1


def test_a_moved_file_that_comes_back_has_every_answer_once(shell: Shell) -> None:
    """The run that lost it goes on in its copy; the next one takes that in."""
    path = history_of(shell)
    program = shell.start("study", "--plain", str(shell.folder / "decks"), "--limit", "30", "--seed", "2")
    read_until(program, PROMPT)
    for number in range(6):
        if number == 2:
            move(path)
        if number == 4:
            path.with_name("elsewhere").rename(path)
        say(program, "3")
        read_until(program, PROMPT)
    say(program, ":quit")
    _, complaint = program.communicate()
    assert program.returncode == 3
    assert "6 entries of this run" in complaint
    assert len(studied(shell)) == 11


@pytest.mark.parametrize("content", ["an older one", "nothing"])
def test_a_file_that_is_written_over_in_place_is_never_taken_for_a_sound_one(shell: Shell, content: str) -> None:
    """Nobody can see that coming. It is told, here or by `quiz doctor`; or else every answer is there.

    With the copy put in its place, as the program says, the history is sound and holds what the copy held.
    """
    path = history_of(shell)
    program = shell.start("study", "--plain", str(shell.folder / "decks"), "--limit", "30", "--seed", "2")
    read_until(program, PROMPT)
    copy = copy_of(path)
    held = copy.read_bytes()
    for number in range(6):
        if number == 3:
            path.write_bytes(held if content == "an older one" else b"")
        say(program, "3")
        if number < 3 or content == "an older one":
            read_until(program, PROMPT)
    program.stdin.close()  # type: ignore[union-attr]
    program.stdin = None
    _, complaint = program.communicate()
    assert complaint.count("\n") <= 1
    assert "Traceback" not in complaint
    done = shell.run("doctor", "--decks", str(shell.folder / "decks"))
    assert done.returncode in (1, 3) or len(studied(shell)) == 11, done
    if done.returncode:
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        shutil.copy(copy, path)
        assert len(studied(shell)) >= 5
