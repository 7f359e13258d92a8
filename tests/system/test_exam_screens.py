"""An exam in a real terminal: killed with all its answers on the disk, taken up where it stood, and handed in."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminals import SAME_KEY, Terminal

SIZE = 20
EXAM = ("exam", "--topics", "a=3,b=1", "--limit", str(SIZE), "--minutes", "60", "--seed", "5")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a deck of forty choices over two topics."""
    cards = [
        {
            "id": f"{topic}{n:02d}",
            "topic": topic,
            "ask": f"What is {topic}{n:02d}?",
            "choices": [{"right": f"yes {topic}{n:02d}"}, {"wrong": f"no {topic}{n:02d}", "why": f"Not {n:02d}."}],
        }
        for topic in "ab"
        for n in range(20)
    ]
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "small.yaml").write_text(json.dumps({"title": "Small deck", "cards": cards}), "utf-8")
    return tmp_path


@pytest.fixture
def begun() -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


def start(begun: list[Terminal], folder: Path, *command: str) -> Terminal:
    begun.append(Terminal(folder, "--decks", str(folder / "decks"), *command))
    return begun[-1]


def asked(terminal: Terminal, begin: int = 0) -> str:
    """Return the card whose question was drawn last."""
    found: list[str] = re.findall(r"Whatis([ab]\d\d)", terminal.said(begin))
    return found[-1]


def right_key(terminal: Terminal, begin: int, card: str) -> str:
    """Return the digit of the right option as it was drawn since `begin`."""
    said = terminal.said(begin)
    return "1" if said.rindex(f"yes{card}") < said.rindex(f"no{card}") else "2"


def test_an_exam_of_twenty_with_flag_pause_kill_resume_and_review(folder: Path, begun: list[Terminal]) -> None:
    terminal = start(begun, folder, *EXAM)
    terminal.wait_for("0 answered · 60 min left")
    cards, begin = [], 0
    for number in range(1, 8):
        terminal.quiet(SAME_KEY)
        cards.append(asked(terminal, begin))
        if number == 3:
            terminal.press("m", "! flagged")
        right = right_key(terminal, begin, cards[-1])
        key = {"1": "2", "2": "1"}[right] if number in (2, 5) else right
        begin = terminal.press(key, f"Answer {number} is kept.")
    terminal.press("p", "The question is hidden until you go on.")
    terminal.press("\r", "What is")
    terminal.quiet(0.3)
    here = asked(terminal)
    terminal.process.send_signal(signal.SIGKILL)
    terminal.end()
    assert terminal.answers() == cards

    again = start(begun, folder, "exam")
    again.wait_for("Go on with the exam you left: 7 of 20 answered")
    again.press("\r", f"What is {here}?")
    assert "Question8of20" in again.said()
    again.press("n", "7 answered, 13 empty, 1 flagged.")
    again.press("f", f"What is {cards[2]}?")
    again.press("x", "13 of 20 empty: 8 to 20.")
    again.press("3", "25 %")
    again.wait_for("✗ Not passed")
    again.wait_for("5 of 20 right.")
    again.press("\r", f"What is {cards[0]}?")
    again.press("w", "1 of 15 missed")
    assert f"Whatis{cards[1]}?" in again.said()
    again.press("q", "Result of the exam")
    again.press("s", "Small deck · ")
    again.press("q", "Stopped")
    again.quiet(SAME_KEY)
    again.press("q")
    assert again.end() == 0
    again.clean()


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), ("\x03", 130)]
)
def test_however_it_is_ended_the_terminal_is_clean_and_the_exam_goes_on(
    folder: Path, begun: list[Terminal], how: signal.Signals | str, code: int
) -> None:
    terminal = start(begun, folder, *EXAM)
    terminal.wait_for("0 answered")
    terminal.press("0", "Answer 1 is kept.")
    if isinstance(how, str):
        terminal.press(how)
    else:
        terminal.process.send_signal(how)
    assert terminal.end() == code
    terminal.clean()
    assert b"Traceback" not in terminal.raw
    again = start(begun, folder, *EXAM[:-2])
    again.wait_for("1 answered")
    assert "Question2of20" in again.said()


def test_keys_sent_before_the_first_question_answer_nothing(folder: Path, begun: list[Terminal]) -> None:
    terminal = start(begun, folder, *EXAM)
    os.write(terminal.master, b"1111\r\r1\r" * 20)
    terminal.wait_for("0 answered")
    terminal.quiet(0.5)
    assert terminal.answers() == []


def test_a_huddle_leaves_nothing_in_the_history(folder: Path, begun: list[Terminal]) -> None:
    terminal = start(begun, folder, "exam", "--group", "--limit", "1", "--seed", "3")
    terminal.wait_for("Huddle")
    terminal.press("4 6")
    terminal.press("\r", "of 10 hands right")
    terminal.quiet(SAME_KEY)
    terminal.press("\r", "Nothing was kept.")
    terminal.press("q")
    assert terminal.end() == 0
    terminal.clean()
    assert terminal.answers() == []
