"""Select questions: what makes one, a point for each right option and one off for each wrong one, and the words."""

from __future__ import annotations

import itertools

import pytest

from quiz import questions
from quiz.questions import Option, Select
from quiz.questions.base import NOT_ANSWERED
from tests.support.decks import assert_said, card, deck, problems

OPTIONS = (Option("pain"), Option("rash", "No."), Option("fever"), Option("weakness"), Option("hair loss", "No."))
ALL = Select("Which follow?", OPTIONS, (0, 2, 3))
TWO = Select("Which follow?", OPTIONS, (0, 2, 3), choose=2)

CHOICES = "choices: [{right: pain}, {wrong: rash}, {right: fever}]"
FAULTS = {
    "no wrong option": ("choices: [{right: b}, {right: c}]", ["4:14 | no option is wrong | 'wrong:'"]),
    "equal options": ("choices: [{right: b}, {right: B.}, {wrong: c}]", ["4:27 | options are equal: 'B.' | remove"]),
    "choose none": (f"{CHOICES}\nchoose: 0", ["5:13 | 'choose' is '0' | 1 to 3"]),
    "choose more than there are": (f"{CHOICES}\nchoose: 4", ["5:13 | 'choose' is '4' | 1 to 3"]),
    "choose in words": (f"{CHOICES}\nchoose: two", ["5:13 | 'choose' is 'two' | whole number from 1 to 3"]),
    "choose a half": (f"{CHOICES}\nchoose: 1.5", ["5:13 | 'choose' is '1.5' | whole number"]),
    "choose nothing": (f"{CHOICES}\nchoose:", ["5:12 | 'choose' is blank | write a text"]),
    "choose where one is right": (
        "choices: [{right: b}, {wrong: c}]\nchoose: 1",
        ["5:5 | 'choose' stands where one option is right | more options with 'right:'"],
    ),
    "choose without options": ("answer: b\nchoose: 1", ["5:5 | 'choose' cannot stand beside 'answer' | take one out"]),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(fields: str, expected: list[str]) -> None:
    assert_said(problems(deck(f"ask: a\n{fields}")), expected)


def test_several_right_options_make_a_select() -> None:
    assert card(f"ask: a\n{CHOICES}\nchoose: 2\nproof: false").questions == (
        Select("a", (Option("pain"), Option("rash"), Option("fever")), (0, 2), 2),
    )


@pytest.mark.parametrize(
    ("given", "value", "words"),
    [
        ("0,2,3", 1.0, "Right."),
        ("3,0,2", 1.0, "Right."),
        (" 0 , 2 ,3", 1.0, "Right."),
        ("0,2", 2 / 3, "2 of 3 points (2 right, 0 wrong). Missed: “weakness”."),
        ("0,2,3,1", 2 / 3, "2 of 3 points (3 right, 1 wrong). Wrong: “rash”."),
        ("0,1", 0.0, "0 of 3 points (1 right, 1 wrong). Missed: “fever”, “weakness”. Wrong: “rash”."),
        (
            "1,4",
            0.0,
            "0 of 3 points (0 right, 2 wrong). Missed: “pain”, “fever”, “weakness”. Wrong: “rash”, “hair loss”.",
        ),
        ("0,1,2,3,4", 1 / 3, "1 of 3 points (3 right, 2 wrong). Wrong: “rash”, “hair loss”."),
    ],
)
def test_a_point_for_each_right_one_and_one_off_for_each_wrong_one(given: str, value: float, words: str) -> None:
    mark = ALL.mark(given)
    assert mark.value == pytest.approx(value)
    assert mark.words == words


@pytest.mark.parametrize(
    ("given", "value"), [("0,2", 1.0), ("2,3", 1.0), ("0", 0.5), ("0,1", 0.0), ("1,4", 0.0), ("0,2,3", 0.0)]
)
def test_with_fewer_to_choose_than_there_are_the_full_mark_takes_as_many(given: str, value: float) -> None:
    assert TWO.mark(given).value == value


def test_with_more_to_choose_than_are_right_all_right_ones_make_the_full_mark() -> None:
    question = Select("?", OPTIONS, (0, 2), choose=3)
    assert [question.mark(given).value for given in ("0,2", "0,2,1", "0")] == [1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("5", "that is no set of options - choose among the 5"),
        ("-1", "that is no set of options - choose among the 5"),
        ("0,0", "that is no set of options - choose among the 5"),
        ("0;2", "that is no set of options - choose among the 5"),
        ("a", "that is no set of options - choose among the 5"),
        ("٢", "that is no set of options - choose among the 5"),
        ("0,2,3", "3 options taken - choose at most 2"),
    ],
)
def test_what_is_no_selection_is_told_and_earns_nothing(given: str, said: str) -> None:
    assert TWO.problem(given) == said
    assert (TWO.mark(given).value, TWO.mark(given).words) == (0.0, said)


def test_no_answer_is_no_problem() -> None:
    assert (ALL.problem(""), ALL.mark("")) == ("", NOT_ANSWERED)


def test_what_was_taken_is_told_in_the_order_of_the_deck() -> None:
    assert [ALL.taken(given) for given in ("3,0", "", "9")] == [(0, 3), (), ()]


def test_one_seed_gives_one_order_and_each_order_comes() -> None:
    question = Select("?", OPTIONS[:3], (0, 2))
    assert {question.order(f"seed {n}") for n in range(200)} == set(itertools.permutations(range(3)))
    assert question.order("a") == question.order("a")


def test_the_order_of_the_options_changes_neither_prompt_nor_answer() -> None:
    turned = Select(ALL.ask, OPTIONS[::-1], (1, 2, 4))
    assert turned.prompt_parts == ALL.prompt_parts
    assert turned.answer_parts == ALL.answer_parts
    assert ALL.key == "pain; fever; weakness"


def test_it_comes_back_from_json() -> None:
    assert questions.from_json(TWO.as_json()) == TWO
