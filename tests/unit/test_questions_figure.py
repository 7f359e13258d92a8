"""Questions about the marks of a figure: what a mark is (typed), or which mark has a name (its digit)."""

from __future__ import annotations

import pytest

from quiz import questions
from quiz.questions import Choice, Cloze, FigureMark, Flip, Option, Typed
from quiz.questions.base import NOT_ANSWERED
from tests.support.decks import assert_said, card, cards, deck, problems

NAMES = FigureMark("What is [3]?", "facet", 3, "medial branch", ("MB",), ("lateral branch",))
POINTS = FigureMark("Which mark is the medial branch?", "facet", 3)

FAULTS = {
    "no figure": ("mark: 1\nanswer: b", ["3:5 | field 'figure' is missing | add 'figure: …'"]),
    "a blank figure": ("figure:\nmark: 1", ["4:12 | 'figure' is blank | write a text"]),
    "mark 0": ("figure: x\nmark: 0", ["5:11 | 'mark' is '0' | whole number from 1 to 9"]),
    "mark 10": ("figure: x\nmark: 10", ["5:11 | 'mark' is '10' | whole number from 1 to 9"]),
    "mark in words": ("figure: x\nmark: one", ["5:11 | 'mark' is 'one' | whole number"]),
    "an empty mark": ("figure: x\nmark:", ["5:10 | 'mark' is blank | write a text"]),
    "nothing accepted": ("figure: x\nmark: 1\naccept: []", ["3:5 | this question has no answer | 'answer: …'"]),
    "only rejected": ("figure: x\nmark: 1\nreject: [b]", ["3:5 | this question has no answer | 'answer: …'"]),
    "both right and rejected": (
        "figure: x\nmark: 1\naccept: [b, c]\nreject: [C]",
        ["7:5 | 'C' is both right and in 'reject' | take it out"],
    ),
    "a number beside it": (
        "figure: x\nmark: 1\nnumber: 80",
        ["6:5 | 'number' cannot stand beside 'mark' | make two questions"],
    ),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(fields: str, expected: list[str]) -> None:
    assert_said(problems(deck(f"ask: a\n{fields}")), expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", FigureMark("a", "facet", 3)),
        ("answer: b", FigureMark("a", "facet", 3, "b")),
        ("answer: b\naccept: [c]", FigureMark("a", "facet", 3, "b", ("c",))),
        ("accept: [b, c]", FigureMark("a", "facet", 3, "b", ("c",))),
        ("accept: b\nreject: [c]", FigureMark("a", "facet", 3, "b", (), ("c",))),
    ],
)
def test_an_answer_asks_what_a_mark_is_and_none_asks_which_mark(fields: str, expected: FigureMark) -> None:
    found = card(f"ask: a\nfigure: facet\nmark: 3\n{fields}")
    assert found.questions == (expected,)
    assert found.figures == ("facet",)


def test_a_figure_alone_stands_above_a_question_of_any_kind() -> None:
    found = cards(
        "ask: a\nanswer: b\nfigure: facet",
        "ask: a\nanswer: b\naccept: []\nfigure: facet",
        "ask: a\nchoices: [{right: b}, {wrong: c}]\nfigure: facet",
        "cloze: 'a {{b}}'\nfigure: facet",
        "ask: b\nanswer: a\nboth_ways: true\nfigure: facet",
        "questions:\n  - {ask: c, answer: d}\n  - {ask: e, answer: f, figure: facet}",
    )
    assert [c.questions[0] for c in found[:4]] == [
        Flip("a", "b"),
        Typed("a", "b"),
        Choice("a", (Option("b"), Option("c")), 0),
        Cloze("a ", "b", ""),
    ]
    assert [c.figures for c in found] == [("facet",)] * 6 + [("", "facet")]
    last = found[-1]
    assert [last.figure_at(question) for question in last.questions] == ["", "facet"]


def test_a_figure_alone_is_no_question() -> None:
    said = ["3:5 | no answer of any known kind | add 'answer: …'"]
    assert_said(problems(deck("ask: a\nfigure: facet")), said)


def test_a_figure_that_is_no_text_is_told_once() -> None:
    assert_said(problems(deck("ask: a\nanswer: b\nfigure: [x]")), ["5:13 | 'figure' is a list | one text"])
    assert_said(problems(deck("ask: a\nmark: 1\nfigure: [x]")), ["5:13 | 'figure' is a list | one text"])


def test_the_name_of_a_mark_is_marked_like_a_typed_answer() -> None:
    given = ("Medial Branches", "mb", "medial brench", "lateral branch", "3", "")
    assert [NAMES.mark(text).value for text in given] == [1.0, 1.0, 0.8, 0.0, 0.0, 0.0]
    assert not any(NAMES.problem(text) for text in given)


@pytest.mark.parametrize("given", ["3", "[3]", " 3 ", "mark 3", "Mark [3]", "number 3", "no. 3"])
def test_the_number_of_the_mark_is_right_however_it_is_written(given: str) -> None:
    assert POINTS.mark(given).value == 1.0


def test_another_mark_is_wrong_and_named() -> None:
    mark = POINTS.mark("4")
    assert (mark.value, mark.words) == (0.0, "You chose [4].")


@pytest.mark.parametrize("given", ["0", "33", "medial branch", "3 or 4", "three", "[3", "³"])
def test_what_is_no_mark_is_told_and_earns_nothing(given: str) -> None:
    fits = given == "[3"  # a bracket left open is still that mark
    said = "" if fits else "that is no number of a mark - give one digit, as it stands in the figure"
    assert POINTS.problem(given) == said
    assert POINTS.mark(given).value == float(fits)


@pytest.mark.parametrize("question", [NAMES, POINTS])
def test_no_answer_is_no_problem(question: FigureMark) -> None:
    assert (question.problem(""), question.mark("")) == ("", NOT_ANSWERED)


def test_the_prompt_of_which_mark_does_not_tell_it() -> None:
    other = FigureMark(POINTS.ask, "facet", 4)
    assert other.prompt_parts == POINTS.prompt_parts
    assert other.answer_parts != POINTS.answer_parts
    assert (POINTS.key, NAMES.key) == ("[3]", "medial branch")


def test_the_mark_is_part_of_the_prompt_when_its_name_is_asked_for() -> None:
    assert FigureMark(NAMES.ask, "facet", 4, "x").prompt_parts != NAMES.prompt_parts


@pytest.mark.parametrize("question", [NAMES, POINTS])
def test_it_comes_back_from_json(question: FigureMark) -> None:
    assert questions.from_json(question.as_json()) == question
