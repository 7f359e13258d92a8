"""How each kind is asked in lines: what is printed, what a typed line means, what is said about one that means none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.cli import asking
from quiz.cli.asking import Line
from quiz.deck.figures import Figure, Label
from quiz.deck.model import Card
from quiz.questions import Choice, FigureMark, Flip, Match, Number, Option, Order, Question, Select, Typed
from quiz.questions.cloze import Cloze
from quiz.store.derive import NEW
from quiz.study.rating import Certainty
from quiz.study.shown import Shown

OPTIONS = (Option("a"), Option("b"), Option("c"), Option("d"))
CHOICE = Choice("Which?", OPTIONS, 0)
SELECT = Select("All?", OPTIONS, (0, 2))
TWO = Select("Two?", OPTIONS, (0, 2), choose=2)
ORDER = Order("In order?", ("one", "two", "three"))
MATCH = Match("Match?", ("l1", "l2", "l3"), ("r1", "r2", "r3", "r4"), (0, 1, 2))
NUMBER = Number("How hot?", 80, 80, "°C")
TYPED = Typed("Nerve?", "medial branch")
CLOZE = Cloze("It is ", "spasticity", ".")
FLIP = Flip("What?", "That")
POINT = FigureMark("Which mark is the nerve?", "fig", 3)
NAME = FigureMark("What is at [3]?", "fig", 3, "medial branch", ("the nerve",))
# Shown backwards: number 1 is the last part of the deck.
ORDERS: dict[str, tuple[int, ...]] = {
    "choice": (3, 2, 1, 0),
    "select": (3, 2, 1, 0),
    "order": (2, 0, 1),
    "match": (3, 2, 1, 0),
}


def shown(question: Question) -> Shown:
    card = Card("id", "id", "Deck", "file", 1, (question,))
    return Shown(card, question, "q", NEW, ORDERS.get(question.kind, ()), False)


@pytest.mark.parametrize(
    ("question", "lines", "prompt"),
    [
        (CHOICE, ["1. d", "2. c", "3. b", "4. a"], "1-4, or ? for I don't know"),
        (SELECT, ["1. d", "2. c", "3. b", "4. a"], "all that apply, as in 1 4; ? for I don't know"),
        (TWO, ["1. d", "2. c", "3. b", "4. a"], "choose 2, as in 2 1; ? for I don't know"),
        (ORDER, ["1. three", "2. one", "3. two"], "the numbers in the right order, as in 2 1 3; ? for I don't know"),
        (
            MATCH,
            ["A. l1", "B. l2", "C. l3", "1. r4", "2. r3", "3. r2", "4. r1"],
            "a number for each letter, as in A2 B1 C3; ? for I don't know",
        ),
        (NUMBER, [], "a number in °C; ? for I don't know"),
        (TYPED, [], "? for I don't know"),
        (CLOZE, [], "? for I don't know"),
        (FLIP, [], "in a few words of your own, you mark it yourself; ? for I don't know"),
        (POINT, [], "the number of the mark; ? for I don't know"),
        (NAME, [], "? for I don't know"),
    ],
)
def test_what_is_asked(question: Question, lines: list[str], prompt: str) -> None:
    assert list(asking.told(shown(question))) == lines
    assert asking.prompt(shown(question)) == f"Your answer ({prompt}):"


@pytest.mark.parametrize(
    ("question", "text", "given"),
    [
        (CHOICE, "1", "3"),
        (CHOICE, "4.", "0"),
        (CHOICE, "2)", "2"),
        (SELECT, "4 2", "0,2"),
        (SELECT, "1", "3"),
        (SELECT, "42", "0,2"),
        (SELECT, "4, 2, 4", "0,2"),
        (SELECT, "1 2 3 4", "0,1,2,3"),
        (TWO, "2,4", "0,2"),
        (ORDER, "2 3 1", "0,1,2"),
        (ORDER, "231", "0,1,2"),
        (ORDER, "1, 2, 3", "2,0,1"),
        (MATCH, "A4 B3 C2", "0,1,2"),
        (MATCH, "c2 a4 b3", "0,1,2"),
        (MATCH, "4 3 2", "0,1,2"),
        (MATCH, "432", "0,1,2"),
        (MATCH, "A4 B- C-", "0,-,-"),
        (MATCH, "4-1", "0,-,3"),
        (MATCH, "A4B3C2", "0,1,2"),
        (MATCH, "A: 4, B: 3, C: 4", "0,1,0"),
        (NUMBER, "80 °C", "80 °C"),
        (TYPED, "medial branch", "medial branch"),
        (CLOZE, "spasticity", "spasticity"),
        (FLIP, "that, I think", "that, I think"),
        (POINT, "3", "3"),
        (NAME, "the nerve", "the nerve"),
    ],
)
def test_what_a_line_means(question: Question, text: str, given: str) -> None:
    assert asking.read(shown(question), text) == Line(given)
    assert question.problem(given) == ""


EVERY = (CHOICE, SELECT, TWO, ORDER, MATCH, NUMBER, TYPED, CLOZE, FLIP, POINT, NAME)


@pytest.mark.parametrize("question", EVERY)
def test_a_question_mark_is_i_do_not_know(question: Question) -> None:
    assert asking.read(shown(question), "?") == Line("")


@pytest.mark.parametrize(
    ("question", "text", "problem"),
    [
        (CHOICE, "", "Type a number from 1 to 4, or ? if you do not know."),
        (CHOICE, "5", "Type a number from 1 to 4, or ? if you do not know."),
        (CHOICE, "a", "Type a number from 1 to 4, or ? if you do not know."),
        (SELECT, "", "Type numbers from 1 to 4, as in 1 4, or ? if you do not know."),
        (SELECT, "1 5", "Type numbers from 1 to 4, as in 1 4, or ? if you do not know."),
        (SELECT, "1 x", "Type numbers from 1 to 4, as in 1 4, or ? if you do not know."),
        (TWO, "1 2 3", "3 options taken - choose at most 2."),
        (ORDER, "1 2", "Type each number from 1 to 3 once, first step first, as in 2 1 3; or ? if you do not know."),
        (ORDER, "1 2 2", "Type each number from 1 to 3 once, first step first, as in 2 1 3; or ? if you do not know."),
        (ORDER, "0 1 2", "Type each number from 1 to 3 once, first step first, as in 2 1 3; or ? if you do not know."),
        (TYPED, "", "Type your answer, or ? if you do not know."),
        (FLIP, "", "Type your answer, or ? if you do not know."),
        (NUMBER, "", "Type your answer, or ? if you do not know."),
        (POINT, "x", "That is no number of a mark - give one digit, as it stands in the figure."),
    ],
)
def test_what_means_nothing_is_told_in_one_line(question: Question, text: str, problem: str) -> None:
    assert asking.read(shown(question), text) == Line("", problem)


@pytest.mark.parametrize(
    "text", ["", "A4", "A4 B3", "A4 B3 C5", "A4 A3 C2", "A4 B3 D2", "4 3", "x", "A4 B3 C2 x", "0 1 2"]
)
def test_what_is_no_set_of_pairs_is_told_in_one_line(text: str) -> None:
    said = "Type for each letter a number from 1 to 4 (or - for none), as in A2 B1 C3; or ? if you do not know."
    assert asking.read(shown(MATCH), text) == Line("", said)


def test_a_number_that_cannot_be_read_is_told_with_the_mend() -> None:
    found = asking.read(shown(NUMBER), "hot")
    assert found.problem
    assert "\n" not in found.problem


@pytest.mark.parametrize(
    ("question", "given", "words"),
    [
        (CHOICE, "3", "1. d"),
        (SELECT, "0,2", "2. c; 4. a"),
        (ORDER, "2,0,1", "three, one, two"),
        (MATCH, "0,-,3", "A4, B-, C1"),
        (TYPED, "words", "words"),
        (POINT, "3", "3"),
        (CHOICE, "", "I don't know"),
    ],
)
def test_an_answer_so_far_is_told_as_the_learner_gave_it(question: Question, given: str, words: str) -> None:
    assert asking.in_words(shown(question), given) == words


@given(st.sampled_from(EVERY), st.text(max_size=12) | st.from_regex(r"[A-D0-9 ,-]{0,12}", fullmatch=True))
def test_any_line_is_an_answer_that_can_be_marked_or_has_a_problem(question: Question, text: str) -> None:
    found = asking.read(shown(question), text)
    assert not (found.given and found.problem)
    if not found.problem:
        assert question.problem(found.given) == ""
        assert 0 <= question.mark(found.given).value <= 1
        assert asking.in_words(shown(question), found.given)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2 !h", ("2", "high")),
        ("2!h", ("2", "high")),
        ("medial branch !L", ("medial branch", "low")),
        ("!m", ("", "mid")),
        ("wow!h", ("wow!h", None)),
        ("2", ("2", None)),
    ],
)
def test_an_answer_may_end_in_how_sure_it_is(line: str, said: tuple[str, Certainty | None]) -> None:
    assert asking.with_certainty(line) == said


@pytest.mark.parametrize(("line", "sure"), [("h", "high"), ("2", "mid"), ("Low", "low"), ("", None)])
def test_how_sure_one_is(line: str, sure: Certainty | None) -> None:
    assert asking.certainty(line) == (sure, "")


def test_how_sure_one_is_must_be_one_of_three() -> None:
    assert asking.certainty("x") == (None, asking.SURE_PROBLEM)


FIGURE = Figure(
    "fig",
    "A joint",
    "wide [3] ┃",
    "narrow [3]",
    "A joint from behind. Mark 3 is the nerve. The medial branch crosses the bone. Mark 13 is far away.",
    (Label(3, "medial branch"),),
)


@pytest.mark.parametrize("question", [POINT, NAME])
def test_a_figure_is_told_without_what_would_be_the_answer(question: Any) -> None:
    drawing, words = asking.pictured(FIGURE, question)
    assert drawing == "wide [3] ┃"
    assert words == "The figure in words: A joint from behind. Mark 13 is far away."
