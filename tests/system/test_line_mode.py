"""The command as a script and a shell see it: real processes, pipes, signals, and a kill after the feedback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUIZ = [sys.executable, "-m", "quiz"]
DECK = """\
title: Small deck
cards:
  - id: nerve
    ask: Which nerve is treated?
    answer: medial branch
    accept: []
  - id: tone
    ask: What does SDR lower?
    answer: spasticity
    accept: []
  - id: word
    ask: What does the word mean?
    answer: Cutting a root
"""
STUDY = ["study", "small.yaml", "--plain"]


def _noon() -> str:
    """Return a time zone in which it is about noon: a study day must not end in the middle of a test."""
    return f"NOON{time.gmtime().tm_hour - 12:+d}"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh machine, with a deck in the current folder."""
    (tmp_path / "small.yaml").write_text(DECK, "utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START") if name in os.environ}
    places = {"HOME": str(tmp_path), "QUIZ_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    return kept | places | {"TZ": _noon(), "LC_ALL": "C.UTF-8", "TERM": "dumb"}


Run = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def run(tmp_path: Path, environ: dict[str, str]) -> Run:
    """Return a way to run the command to its end."""

    def call(*argv: str, lines: str = "", command: list[str] = QUIZ, **more: Any) -> subprocess.CompletedProcess[str]:
        options: dict[str, Any] = {"input": lines, "capture_output": True, "timeout": 60} | more
        return subprocess.run([*command, *argv], text=True, encoding="utf-8", cwd=tmp_path, env=environ, **options)

    return call


@pytest.fixture
def start(tmp_path: Path, environ: dict[str, str]) -> Iterator[Start]:
    """Return a way to start the command and to talk to it. Whatever still runs after a minute is ended."""
    watched: list[threading.Timer] = []

    def call(*argv: str, terminal: int | None = None) -> subprocess.Popen[str]:
        end = subprocess.PIPE if terminal is None else terminal
        process = subprocess.Popen(
            [*QUIZ, *argv], stdin=end, stdout=end, stderr=end, text=True, encoding="utf-8", cwd=tmp_path, env=environ
        )
        watched.append(threading.Timer(60, process.kill))
        watched[-1].start()
        return process

    yield call
    for timer in watched:
        timer.cancel()


def read_until(stream: IO[str] | None, text: str) -> str:
    """Read until `text` was printed."""
    assert stream is not None
    said = ""
    while not said.endswith(text):
        char = stream.read(1)
        assert char, f"the output ended before {text!r}:\n{said}"
        said += char
    return said


def say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def test_a_session_by_pipe_changes_what_is_due(run: Run) -> None:
    before = json.loads(run("due", "--json", "--decks", "small.yaml").stdout)
    session = run(*STUDY, "--seed", "1", lines="medial branch\nwrong\n3\nspasticity\n")
    after = json.loads(run("due", "--json", "--decks", "small.yaml").stdout)
    assert (session.returncode, session.stderr) == (0, "")
    assert "Right at the first try: 2 of 3 (67 %)." in session.stdout
    assert (before["new"], before["answered_today"], before["next_due"]) == (3, 0, None)
    assert (after["new"], after["due"], after["answered_today"]) == (0, 0, 4)
    assert after["next_due"] > after["day"] == before["day"]


def test_the_end_of_the_input_ends_cleanly_and_the_next_run_asks_the_same_question(run: Run) -> None:
    first = run(*STUDY, lines="medial branch\n")
    second = run(*STUDY)
    assert (first.returncode, first.stderr, second.returncode, second.stderr) == (0, "", 0, "")
    question = first.stdout.split("\n\n")[1]
    assert question.startswith("Question 2")
    assert second.stdout.startswith(f"Going on where you stopped, after 1 answer.\n\n{question}")


def test_with_a_seed_the_session_begins_anew(run: Run) -> None:
    run(*STUDY, lines="medial branch\n")
    assert run(*STUDY, "--seed", "3").stdout.startswith("\nQuestion 1, 1 left.")


def test_the_last_line_needs_no_line_break(run: Run) -> None:
    assert "Right at the first try: 1 of 1" in run(*STUDY, lines="medial branch").stdout


@pytest.mark.parametrize("argv", [["study"], ["study", "small.yaml"], []])
def test_without_a_terminal_the_screens_do_not_open(run: Run, argv: list[str], tmp_path: Path) -> None:
    ran = run(*argv)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "quiz study --plain" in ran.stderr
    assert not (tmp_path / "home").exists()


def test_a_kill_after_the_feedback_loses_nothing(run: Run, start: Start) -> None:
    with start(*STUDY) as process:
        read_until(process.stdout, "for I don't know): ")
        say(process, "medial branch")
        read_until(process.stdout, "Right.\n")
        process.kill()
    card = json.loads(run("card", "nerve", "--json", "--decks", "small.yaml").stdout)
    assert [answer["given"] for answer in card["answers"]] == ["medial branch"]
    assert "Question 2" in run(*STUDY).stdout


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_session_and_keeps_the_answers(run: Run, start: Start, name: str) -> None:
    number = getattr(signal, name)
    with start(*STUDY) as process:
        say(process, "medial branch")
        read_until(process.stdout, "What does SDR lower?\n")
        process.send_signal(number)
        assert process.wait() == 128 + number
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert "Going on where you stopped, after 1 answer." in run(*STUDY).stdout


def test_what_is_typed_ahead_is_no_answer_to_a_question_not_yet_shown(run: Run, start: Start) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with start(*STUDY, terminal=theirs) as process, os.fdopen(ours, "r+b", buffering=0) as terminal:
        os.close(theirs)

        def until(text: bytes) -> bytes:
            said = b""
            while text not in said:
                said += terminal.read(1)
            return said

        until(b"know): ")
        terminal.write(b"medial branch\n\nspasticity\n3\n")
        said = until(b"What does SDR lower?") + until(b"know): ")
        terminal.write(b":quit\n")
        said += until(b"Summary.")
        assert b"Right at the first try: 1 of 1" in until(b"%).")
        assert b"\x1b" not in said
        assert process.wait() == 0


def test_the_next_question_is_asked_without_waiting_for_another_line(
    start: Start,
) -> None:
    """A program on the other side of the pipe answers only what it has read."""
    with start(*STUDY, "--seed", "1") as process:
        for question, answer in (
            ("Which nerve", "medial branch"),
            ("What does SDR", "spasticity"),
            ("What does the", "3"),
        ):
            assert question in read_until(process.stdout, "? " if answer == "3" else "know): ")
            say(process, answer)
        read_until(process.stdout, "Right at the first try: 3 of 3 (100 %).\n")
        assert process.stdout is not None
        assert process.stdout.read()
        assert process.wait() == 0


def test_a_reader_that_goes_away_is_no_error(start: Start) -> None:
    with start(*STUDY) as process:
        read_until(process.stdout, "know): ")
        assert process.stdout is not None
        process.stdout.close()
        say(process, "medial branch")
        assert process.wait() == 141
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("argv", [["due", "--json"], ["--help"], ["--version"]])
def test_output_that_cannot_be_written_is_told(run: Run, argv: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ran = run(*argv, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 4
    assert ran.stderr == "quiz: the output cannot be written (no space left on device) - check where it goes to\n"


def test_closed_streams_are_no_error(tmp_path: Path, environ: dict[str, str]) -> None:
    shell = f'"{sys.executable}" -m quiz study small.yaml --plain <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", shell], cwd=tmp_path, env=environ).returncode == 0


def test_bytes_that_are_no_text_are_an_answer_like_any_other(tmp_path: Path, environ: dict[str, str]) -> None:
    ran = subprocess.run(
        [*QUIZ, *STUDY], input=b"m\xe9dial \x00\x1b[2J\xff\n", capture_output=True, cwd=tmp_path, env=environ
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "Wrong. You wrote “m".encode() in ran.stdout
    assert b"\x1b" not in ran.stdout


def test_a_terminal_that_knows_only_ascii_gets_question_marks(run: Run, environ: dict[str, str]) -> None:
    environ["PYTHONIOENCODING"] = "ascii"
    ran = run(*STUDY, lines="wrong\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Wrong. You wrote ?wrong?." in ran.stdout
    card = run("card", "nerve", "--json", "--decks", "small.yaml")
    assert json.loads(card.stdout)["id"] == "nerve"


def test_no_escape_code_is_ever_printed(run: Run) -> None:
    said = run(*STUDY, lines="a\n:help\nb\n:source\n:flag x\n3\n").stdout + run("--help").stdout + run("stats").stdout
    assert {char for char in said if not char.isprintable()} == {"\n"}


def test_the_module_and_the_command_are_one(run: Run) -> None:
    installed = Path(sys.executable).with_name("quiz")
    # Without an installed command, what its script holds: the entry point named in pyproject.toml.
    entry = [str(installed)] if installed.exists() else [sys.executable, "-c", "from quiz.__main__ import main; main()"]
    for argv in (["--version"], ["paths", "--json"], ["stduy"]):
        by_module, by_command = run(*argv), run(*argv, command=entry)
        assert (by_module.returncode, by_module.stdout) == (by_command.returncode, by_command.stdout)
        assert by_module.stderr == by_command.stderr


def test_the_version_loads_neither_the_decks_nor_the_database(tmp_path: Path, environ: dict[str, str]) -> None:
    code = (
        "import sys\nfrom quiz.cli.main import main\nassert main(['--version']) == 0\n"
        "heavy = {'textual', 'rich', 'yaml', 'sqlite3', 'platformdirs', 'quiz.desk', 'quiz.memory'}\n"
        "assert not heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, check=True, capture_output=True)


def test_two_sessions_at_once_keep_every_answer(run: Run, start: Start) -> None:
    with start(*STUDY, "--seed", "1") as one, start(*STUDY, "--seed", "2") as two:
        for process in (one, two):
            read_until(process.stdout, "know): ")
        for process in (one, two):
            say(process, "medial branch")
        for process in (one, two):
            read_until(process.stdout, "What does SDR lower?")
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait() == 0
    assert json.loads(run("stats", "--json", "--decks", "small.yaml").stdout)["answers"] == 2
    assert run("doctor", "--decks", "small.yaml").returncode == 0
