"""Exams as a script and a shell see them: killed in the middle and taken up, on pipes and on a terminal."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from quiz.text import FORBIDDEN
from tests.support.shell import Shell, read_until, say

PROMPT = "for I don't know): "
EXAM = ["exam", "--plain", "--decks", "small.yaml", "--limit", "20", "--minutes", "60", "--topics", "a=3,b=1"]
SIZE = 20


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    cards = [
        {
            "id": f"{topic}{n:02d}",
            "topic": topic,
            "ask": f"Type {topic}{n:02d}.",
            "answer": f"{topic}{n:02d}",
            "accept": [],
        }
        for topic in "ab"
        for n in range(20)
    ]
    (tmp_path / "small.yaml").write_text(json.dumps({"title": "Small deck", "cards": cards}), "utf-8")
    return Shell(tmp_path)


def asked(said: str) -> str:
    """Return the answer to the question that was asked last."""
    return said.rpartition("Type ")[2][:3]


def test_an_exam_of_twenty_is_killed_in_the_middle_and_taken_up(shell: Shell) -> None:
    answers: dict[int, str] = {}
    with shell.start(*EXAM, "--seed", "5") as process:
        for number in range(1, 9):
            said = read_until(process, PROMPT)
            if number == 4:
                say(process, ":flag")
                read_until(process, PROMPT)
            answers[number] = "wrong" if number in (2, 5) else asked(said)
            say(process, answers[number])
        read_until(process, "Question 9 of 20.")
        process.send_signal(signal.SIGKILL)
        process.wait()
    listed = shell.run("exam", "--plain", "--decks", "small.yaml", lines=":list\n:go 2\n:list\n")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "Going on with the exam of " in listed.stdout
    assert "8 of 20 answered." in listed.stdout
    assert "Answered: 1 to 8. Empty: 9 to 20.\nFlagged: 4.\nYou are at question 9 of 20." in listed.stdout
    assert "Your answer so far: wrong" in listed.stdout
    assert listed.stdout.endswith("Paused at question 2 of 20: 'quiz exam' goes on here.\n")
    with shell.start(*EXAM) as process:
        read_until(process, "Question 9 of 20.")
        say(process, ":go 2")
        answers[2] = asked(read_until(process, "so far: wrong\n"))
        say(process, answers[2])
        for number in range(9, SIZE + 1):
            answers[number] = asked(read_until(process, f"Question {number} of 20.") + read_until(process, PROMPT))
            say(process, answers[number])
        assert process.stdin is not None
        process.stdin.close()
        said = read_until(process, "Review.\n")
        assert process.stdout is not None
        review = process.stdout.read()
        assert process.wait() == 0
    assert "Passed: 95 %, pass mark 60 %.\nRight: 19 of 20.\n" in said
    assert "Missed: 5.\n" in said
    assert review.count("\nQuestion ") == SIZE
    assert review.count("Wrong. You wrote “wrong”.") == 1
    due = json.loads(shell.run("due", "--json", "--decks", "small.yaml").stdout)
    stats = json.loads(shell.run("stats", "--json", "--decks", "small.yaml").stdout)
    assert (due["due"], stats["answers"]) == (0, SIZE)
    assert due["next_due"] > due["day"]
    missed = next(iter(line for line in review.split("\n\n") if "Wrong." in line))
    card = json.loads(shell.run("card", asked(missed), "--json", "--decks", "small.yaml").stdout)
    assert [(a["mode"], a["given"], a["rating"]) for a in card["answers"]] == [("exam", "wrong", 1)]
    assert shell.run("doctor", "--decks", "small.yaml").returncode == 0
    again = shell.run("exam", "--plain", "--decks", "small.yaml")
    assert "Going on" not in again.stdout


@pytest.mark.parametrize("place", ["at the first question", "with everything answered", "while marking"])
def test_a_kill_anywhere_leaves_an_exam_that_goes_on(shell: Shell, place: str) -> None:
    (shell.folder / "flips.yaml").write_text(
        "title: F\ncards:\n  - ask: One?\n    answer: a\n  - ask: Two?\n    answer: b\n"
    )
    argv = ["exam", "--plain", "--decks", "flips.yaml"]
    with shell.start(*argv) as process:
        read_until(process, PROMPT)
        if place != "at the first question":
            say(process, "one")
            read_until(process, PROMPT)
            say(process, ":go 1" if place == "with everything answered" else "two")
            read_until(process, PROMPT if place == "with everything answered" else "(y or n)? ")
        process.kill()
        process.wait()
    ran = shell.run(*argv, lines="y\ny\ny\ny\n")
    assert "Going on with the exam of " in ran.stdout
    assert ran.stdout.count("Result.") == 1
    assert "Passed: 100 %" in ran.stdout
    assert shell.run("doctor", "--decks", "flips.yaml").returncode == 0


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_pauses_the_exam(shell: Shell, name: str) -> None:
    with shell.start(*EXAM) as process:
        say(process, "x")
        read_until(process, "Question 2 of 20.")
        read_until(process, PROMPT)
        process.send_signal(getattr(signal, name))
        assert process.wait() == 128 + getattr(signal, name)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert "1 of 20 answered." in shell.run(*EXAM).stdout


def test_on_a_terminal_the_exam_asks_before_it_is_handed_in_and_offers_the_missed(shell: Shell) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    argv = ["exam", "--plain", "--decks", "small.yaml", "--limit", "2", "--seed", "1"]
    with shell.start(*argv, terminal=theirs) as process, os.fdopen(ours, "r+b", buffering=0) as terminal:
        os.close(theirs)

        def until(text: bytes) -> str:
            said = b""
            while text not in said:
                said += terminal.read(1)
            return said.decode().replace("\r\n", "\n")

        def answer(line: str) -> None:
            terminal.write(f"{line}\n".encode())

        said = until(b"know): ")
        answer("x")
        said += until(b"Question 2 of 2.") + until(b"know): ")
        answer("?")
        said += until(b"lists them)? ")
        answer("y")
        for _ in range(2):
            said += until(b"to end: ")
            answer("")
        said += until(b"missed now (y or n)? ")
        answer("y")
        said += until(b"Question 1, 1 left.") + until(b"know): ")
        answer(":quit")
        said += until(b"goes on here.")
        assert process.wait() == 0
    assert "Not passed: 0 %" in said
    assert FORBIDDEN.search(said) is None


def test_a_huddle_on_pipes_leaves_no_history(shell: Shell) -> None:
    ran = shell.run("exam", "--plain", "--group", "--decks", "small.yaml", "--limit", "2", lines="3 4\n5 0\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Totals: 2 questions, right: 8 of 12 hands (67 %)." in ran.stdout
    assert not list((shell.folder / "home").rglob("*history*"))
