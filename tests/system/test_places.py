"""Where the program runs: homes of odd names or none, disks that are read-only, slow or fail, and others' locks."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quiz.clock import SystemClock
from quiz.store.examine import integrity_of
from quiz.store.history import History
from tests.support.desks import sound
from tests.support.shell import QUIZ, Shell, read_until

PROMPT = "4 Easy)? "
CARDS = 40


def write_decks(folder: Path) -> str:
    decks = folder / "decks"
    decks.mkdir()
    cards = "".join(f"  - {{id: c{n}, ask: What is c{n}?, answer: It is c{n}}}\n" for n in range(CARDS))
    (decks / "deck.yaml").write_text(f"title: Deck\ncards:\n{cards}")
    return str(decks)


def history_of(folder: Path) -> Path:
    return folder / "home" / "profiles" / "default" / "history.sqlite"


def answers(path: Path) -> int:
    """Return how many answers there are; each is there once, and what is derived follows."""
    with closing(History(path, SystemClock())) as history:
        assert sound(history)
        assert integrity_of(history.path) == "ok"
        ids = [event.id for event in history.events() if event.kind == "answer"]
    assert len(set(ids)) == len(ids)
    return len(ids)


def confirmed(said: str) -> int:
    return said.count("recalled it.") + said.count("recall it.")


# -- homes ------------------------------------------------------------------------------------------------------------

HOMES = {
    "with spaces": b"me and you",
    "with accents": "Zoë Café".encode(),
    "in no encoding": b"caf\xe9 x",
    "with signs of a URL": b"a%20b?c#d;e&f",
    "with a line break": b"one\ntwo",
}


@pytest.mark.parametrize("home", HOMES)
def test_a_home_of_any_name_holds_a_history(tmp_path: Path, home: str) -> None:
    """Whatever bytes are in the path of the home folder, every command works there and finds the same history."""
    decks = write_decks(tmp_path)
    folder = os.fsencode(tmp_path) + b"/" + HOMES[home]
    Path(os.fsdecode(folder)).mkdir()
    (tmp_path / "shared").mkdir()
    environ: dict[bytes, bytes] = {os.fsencode(k): os.fsencode(v) for k, v in Shell(tmp_path).environ.items()}
    del environ[b"QUIZ_HOME"]
    environ[b"HOME"] = folder
    out = os.fsdecode(folder) + "/out.jsonl"
    for argv in (
        ["study", "--plain", decks, "--limit", "3", "--seed", "1"],
        ["decks", "--json", "--decks", decks],
        ["stats", "--json", "--decks", decks],
        ["backup"],
        ["export", "--to", out],
        ["sync", str(tmp_path / "shared")],
        ["paths"],
        ["doctor", "--decks", decks],
    ):
        done = subprocess.run([*QUIZ, *argv], input=b"3\n" * 3, capture_output=True, env=environ, check=False)
        assert (done.returncode, done.stderr) == (0, b""), (argv, done)
    assert b"it holds 3 events" in done.stdout
    assert b"Everything is in order." in done.stdout
    assert Path(out).read_bytes().count(b"\n") == 3
    (history,) = Path(os.fsdecode(folder)).rglob("history.sqlite")
    assert answers(history) == 3


def test_without_any_home_the_way_out_is_told(tmp_path: Path) -> None:
    """HOME is not set and the system knows no user of this number, as in a container: one line, and --home works."""
    decks = write_decks(tmp_path)
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sitecustomize.py").write_text(
        "import pwd\ndef unknown(who):\n    raise KeyError(who)\npwd.getpwuid = pwd.getpwnam = unknown\n"
    )
    shell = Shell(tmp_path)
    for name in ("HOME", "QUIZ_HOME"):
        del shell.environ[name]
    shell.environ["PYTHONPATH"] = f"{tmp_path / 'python'}:{shell.environ['PYTHONPATH']}"
    argv = ["study", "--plain", decks, "--limit", "2"]
    done = shell.run(*argv, lines="3\n3\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "quiz: your home folder is not known - set HOME, or choose a folder with --home DIR\n"
    done = shell.run("--home", str(tmp_path / "home"), *argv, lines="3\n3\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert answers(history_of(tmp_path)) == 2


# -- a disk that may only be read -------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which can be made read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_on_a_read_only_disk_every_command_says_so_in_a_line_and_changes_nothing(disk: Path) -> None:
    """No answer is taken that could not be kept."""
    decks = write_decks(disk)
    shell = Shell(disk)
    shell.run("study", "--plain", decks, "--limit", "3", lines="3\n" * 3)
    before = everything(disk)
    remount(disk, "ro")
    for argv in (["study", "--plain", decks], ["due"], ["sync", decks], ["backup"], ["config", "new", "3"], ["doctor"]):
        done = shell.run(*argv, lines="3\n" * 3)
        assert done.returncode == 3, done
        assert done.stdout == ""
        assert re.fullmatch(r"quiz: .*(cannot be|read-only).* - .*--home DIR.*\n", done.stderr), done
    assert everything(disk) == before
    remount(disk, "rw")
    assert answers(history_of(disk)) == 3


# -- somebody else's lock ---------------------------------------------------------------------------------------------


def lock(path: Path) -> sqlite3.Connection:
    """Hold the lock of a history, as a program does that writes for long."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("begin immediate")
    return db


@pytest.mark.parametrize("moment", ["at the start", "in the session"])
def test_a_lock_that_is_held_for_a_while_is_waited_for(tmp_path: Path, moment: str) -> None:
    """Nothing is told and nothing lost: the program waits, and goes on."""
    decks = write_decks(tmp_path)
    shell = Shell(tmp_path)
    shell.run("study", "--plain", decks, "--limit", "3", "--seed", "1", lines="3\n" * 3)
    held = lock(history_of(tmp_path)) if moment == "at the start" else None
    program = shell.start("study", "--plain", decks, "--limit", "5", "--seed", "2")
    release = threading.Timer(0.7, lambda: held.execute("rollback") if held else None)
    if held is None:
        read_until(program, PROMPT)
        held = lock(history_of(tmp_path))
    release.start()
    said, complaint = program.communicate("3\n" * 5)
    release.join()
    held.close()
    assert (program.returncode, complaint) == (0, "")
    assert "Attention" not in said
    assert answers(history_of(tmp_path)) == 8


def test_a_lock_that_is_never_let_go_is_told_and_no_answer_is_lost(tmp_path: Path) -> None:
    """A start is refused in a line. A session that runs says so, and its answers wait beside the history."""
    decks = write_decks(tmp_path)
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sitecustomize.py").write_text(
        "import quiz.store.database\nquiz.store.database.BUSY_SECONDS = 0.1\n"  # else the test waits long
    )
    shell = Shell(tmp_path)
    shell.environ["PYTHONPATH"] = f"{tmp_path / 'python'}:{shell.environ['PYTHONPATH']}"
    program = shell.start("study", "--plain", decks, "--limit", "9", "--seed", "1")
    said = read_until(program, PROMPT)
    held = lock(history_of(tmp_path))
    rest, complaint = program.communicate("3\n" * 9)
    said += rest
    assert "Attention: another program is writing to" in said
    assert program.returncode == 3
    assert "9 entries" in complaint or "10 entries" in complaint
    assert "answers-1.journal until the next start\n" in complaint
    done = shell.run("due", "--decks", decks)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("quiz: another program is writing to")
    held.execute("rollback")
    held.close()
    assert answers(history_of(tmp_path)) == confirmed(said) == 9


# -- a slow disk, and one that fails ----------------------------------------------------------------------------------


def traced(shell: Shell, *options: str, lines: str, argv: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the command while strace meddles with what the system answers it."""
    strace = shutil.which("strace")
    able = strace and subprocess.run(
        [strace, "-e", "inject=fsync:delay_enter=1", "true"], capture_output=True, check=False
    )
    if not able or able.returncode:
        pytest.skip("no strace here that may meddle")
    command = [str(strace), "-f", "-qq", *options, *QUIZ, *argv]
    return subprocess.run(
        command,
        input=lines,
        capture_output=True,
        text=True,
        env=shell.environ,
        cwd=shell.folder,
        check=False,
        timeout=120,
    )


def test_on_a_slow_disk_no_answer_is_confirmed_before_the_disk_has_it(tmp_path: Path) -> None:
    """Each write to the disk takes 30 ms. Before each feedback is printed, one was waited for to its end."""
    decks = write_decks(tmp_path)
    trace = tmp_path / "trace"
    shell = Shell(tmp_path)
    options = ["-o", str(trace), "-s", "200", "-e", "trace=write,fdatasync", "-e", "inject=fdatasync:delay_exit=30000"]
    argv = ["study", "--plain", decks, "--limit", "6", "--seed", "1"]
    done = traced(shell, *options, argv=argv, lines="3\n" * 6)
    assert (done.returncode, done.stderr) == (0, "")
    assert confirmed(done.stdout) == 6 == answers(history_of(tmp_path))
    synced, told = False, 0
    for line in trace.read_text().splitlines():
        if "write(1, " in line and "How did it go" in line:
            synced = False
        elif "fdatasync(" in line and "= 0" in line:
            synced = True
        elif "write(1, " in line and "recalled it." in line:
            assert synced, "told before it was on the disk"
            told += 1
    assert told == 6


FAULTS = [("fdatasync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("pwrite64", "EROFS")]


@pytest.mark.parametrize(("call", "error"), FAULTS)
def test_a_disk_that_fails_in_a_session_loses_no_answer(tmp_path: Path, call: str, error: str) -> None:
    """From the third answer on the disk returns errors: it is told, and all confirmed is there at the next start."""
    start = tmp_path / "start"
    start.mkdir()
    decks = write_decks(start)
    Shell(start).run("study", "--plain", decks, "--limit", "3", "--seed", "1", lines="3\n" * 3)
    argv = ["study", "--plain", decks, "--limit", "7", "--seed", "2"]
    first, second = Shell(tmp_path / "first"), Shell(tmp_path / "second")
    for shell in (first, second):
        shutil.copytree(start, shell.folder)
    trace = tmp_path / "trace"
    traced(first, "-o", str(trace), "-s", "200", "-e", f"trace=write,{call}", argv=argv, lines="3\n" * 7)
    before = trace.read_text().partition("You recalled it.")[2].partition("You recalled it.")[0]
    calls = trace.read_text().partition(before)[0].count(f"{call}(") + before.count(f"{call}(")
    options = ["-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={calls + 1}+"]
    done = traced(second, *options, argv=argv, lines="3\n" * 7)
    assert done.returncode == 3, done
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "Attention: " in done.stdout
    assert confirmed(done.stdout) == 7, "it goes on"
    done = second.run("doctor", "--decks", decks)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert answers(history_of(second.folder)) == 3 + 7
