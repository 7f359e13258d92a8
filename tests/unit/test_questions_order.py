"""Order questions: what makes one, the longest part in the right order, and the first wrong step."""

from __future__ import annotations

import itertools

import pytest

from quiz import questions
from quiz.questions import Order
from quiz.questions.base import NOT_ANSWERED
from quiz.questions.order import WrongStep
from tests.support.decks import assert_said, card, deck, problems

STEPS = Order("In which order?", ("consent", "position", "numb", "heat"))

FAULTS = {
    "two steps": ("[a, b]", ["4:12 | 2 steps | 3 to 9 steps"]),
    "one step": ("[a]", ["4:12 | 1 step | 3 to 9 steps"]),
    "ten steps": ("[a, b, c, d, e, f, g, h, i, j]", ["4:12 | 10 steps | 3 to 9 steps"]),
    "equal steps": ("[Wait, test, wait.]", ["4:25 | two steps are equal: 'wait.' | change or remove one"]),
    "a blank step": ("[a, '', c]", ["4:16 | an item of 'order' is blank | write a text"]),
    "a list in the list": ("[a, [b], c]", ["4:16 | an item of 'order' is a list | one text"]),
    "a text": ("a b c", ["4:12 | 'order' is a text | write a list"]),
    "nothing": ("", ["4:11 | 'order' is nothing | write a list"]),
    "an empty list": ("[]", ["4:12 | 'order' is an empty list | at least one"]),
}


@pytest.mark.parametrize(("order", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(order: str, expected: list[str]) -> None:
    assert_said(problems(deck(f"ask: a\norder: {order}")), expected)


def test_an_order_beside_an_answer_is_told() -> None:
    said = ["4:5 | 'answer' cannot stand beside 'order' | make two questions"]
    assert_said(problems(deck("ask: a\nanswer: b\norder: [a, b, c]")), said)


def test_the_steps_stand_in_the_right_order() -> None:
    assert card("ask: a\norder: [one, two, three]").questions == (Order("a", ("one", "two", "three")),)


@pytest.mark.parametrize(
    ("given", "value", "words"),
    [
        ("0,1,2,3", 1.0, "Right."),
        ("1,0,2,3", 2 / 3, "3 of 4 are in the right order. First wrong: step 1 is “consent”, not “position”."),
        ("0,2,3,1", 2 / 3, "3 of 4 are in the right order. First wrong: step 2 is “position”, not “numb”."),
        ("0,1,3,2", 2 / 3, "3 of 4 are in the right order. First wrong: step 3 is “numb”, not “heat”."),
        ("1,0,3,2", 1 / 3, "2 of 4 are in the right order. First wrong: step 1 is “consent”, not “position”."),
        ("3,2,1,0", 0.0, "No two are in the right order. First wrong: step 1 is “consent”, not “heat”."),
    ],
)
def test_the_longest_part_in_the_right_order_counts(given: str, value: float, words: str) -> None:
    mark = STEPS.mark(given)
    assert mark.value == pytest.approx(value)
    assert mark.words == words


def test_the_mark_is_that_of_its_definition_for_every_order() -> None:
    def longest(laid: tuple[int, ...]) -> int:
        parts = (part for size in range(1, 6) for part in itertools.combinations(laid, size))
        return max(len(part) for part in parts if list(part) == sorted(part))

    question = Order("?", tuple("abcde"))
    for laid in itertools.permutations(range(5)):
        assert question.mark(",".join(map(str, laid))).value == (longest(laid) - 1) / 4


def test_the_first_wrong_step_names_what_was_laid_and_what_belongs_there() -> None:
    assert STEPS.first_wrong("0,3,1,2") == WrongStep(2, "heat", "position")
    assert [STEPS.first_wrong(given) for given in ("0,1,2,3", "", "0,0,1,2")] == [None, None, None]


@pytest.mark.parametrize("given", ["0,1,2", "0,1,2,2", "0,1,2,4", "0,1,2,3,3", "0 1 2 3", "heat", "-1,0,1,2"])
def test_what_is_no_order_of_the_steps_is_told_and_earns_nothing(given: str) -> None:
    assert STEPS.problem(given) == "that is no order of the 4 steps - give each of them once"
    assert (STEPS.mark(given).value, STEPS.laid(given)) == (0.0, ())


def test_no_answer_is_no_problem() -> None:
    assert (STEPS.problem(""), STEPS.mark("")) == ("", NOT_ANSWERED)


def test_each_order_but_the_right_one_may_be_shown_first() -> None:
    shown = {Order("?", ("a", "b", "c")).order(f"seed {n}") for n in range(300)}
    assert shown == set(itertools.permutations(range(3))) - {(0, 1, 2)}
    assert STEPS.order("a") == STEPS.order("a")


def test_the_prompt_does_not_tell_the_order_and_the_answer_does() -> None:
    other = Order(STEPS.ask, STEPS.items[::-1])
    assert other.prompt_parts == STEPS.prompt_parts
    assert other.answer_parts != STEPS.answer_parts
    assert STEPS.key == "consent → position → numb → heat"


def test_it_comes_back_from_json() -> None:
    question = Order("a", ("b", "c", "d"), proof=True)
    assert questions.from_json(question.as_json()) == question
