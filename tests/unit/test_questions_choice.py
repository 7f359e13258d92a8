"""Choice questions: what makes a set of options a question, how they are marked and shuffled."""

from __future__ import annotations

import itertools

import pytest

from quiz import questions
from quiz.questions import Choice
from quiz.questions.choice import MOST, Option
from tests.support.decks import CHOICE, assert_said, card, deck, problems

QUESTION = Choice("Which?", (Option("left", "No."), Option("right"), Option("middle")), right=1)

FAULTS = {
    "no right option": ("[{wrong: b}, {wrong: c}]", ["4:14 | no option is right | 'right:' in place of 'wrong:'"]),
    "no wrong option": ("[{right: b}, {right: c}]", ["4:14 | no option is wrong | add one with 'wrong:'"]),
    "one option": ("[{right: b}]", ["4:14 | 1 option | 2 to 9 options"]),
    "no option": ("[]", ["4:14 | 'choices' is an empty list | at least one"]),
    "30 options": (
        f"[{{right: b}}, {', '.join(f'{{wrong: w{n}}}' for n in range(29))}]",
        ["4:14 | 30 options | 2 to 9 options"],
    ),
    "two equal options": ("[{right: b}, {wrong: c}, {wrong: C}]", ["4:39 | options are equal: 'C' | change or remove"]),
    "two that are marked alike": ("[{right: The root}, {wrong: root.}]", ["4:34 | equal: 'root.' | change or remove"]),
    "a text": ("b", ["4:14 | 'choices' is a text | write a list"]),
    "a group of fields": ("{right: b, wrong: c}", ["4:14 | 'choices' is a group of fields | write a list"]),
    "nothing": ("", ["4:13 | 'choices' is nothing | write a list"]),
    "an option without a mark": ("[b, {right: c}]", ["4:15 | not marked | '- right: …'"]),
    "an option of both marks": (
        "[{right: b, wrong: c}, {wrong: d}]",
        ["4:15 | neither right nor wrong, or both | either"],
    ),
    "an option of a reason alone": ("[{right: b}, {why: c}]", ["4:27 | neither right nor wrong, or both | either"]),
    "a blank option": ("[{right: }, {wrong: c}]", ["4:23 | 'right' is blank | write a text"]),
    "a misspelt mark": ("[{rigth: b}, {wrong: c}]", ["4:16 | 'rigth' in an option | 'right'?"]),
    "an option that is a list": ("[{right: [b]}, {wrong: c}]", ["4:23 | 'right' is a list | write one text"]),
    "a blank reason": ("[{right: b}, {wrong: c, why: }]", ["4:43 | 'why' is blank | take the field out"]),
}


@pytest.mark.parametrize(("choices", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_options_that_are_no_question_are_told(choices: str, expected: list[str]) -> None:
    assert_said(problems(deck(f"ask: a\nchoices: {choices}")), expected)


def test_all_faults_of_a_question_are_told_at_once() -> None:
    assert_said(
        problems(deck("choices: [{wrong: b}, {wrong: b}]")),
        ["3:5 | 'ask' is missing | add", "3:14 | no option is right | 'right:'", "3:27 | equal: 'b' | change"],
    )


def test_an_answer_beside_choices_is_told() -> None:
    assert_said(
        problems(deck(f"{CHOICE}\nanswer: b")), ["10:5 | 'answer' cannot stand beside 'choices' | two questions"]
    )


@pytest.mark.parametrize(
    "pair",
    [
        ("< 50 %", "> 50 %"),
        ("L3", "L4"),
        ("-70 mV", "70 mV"),
        ("1.0", "10"),
        ("↑ tone", "↓ tone"),
        ("A fibers", "fibers"),
    ],
)
def test_options_that_differ_in_a_sign_are_not_equal(pair: tuple[str, str]) -> None:
    (question,) = card(f'ask: a\nchoices: [{{right: "{pair[0]}"}}, {{wrong: "{pair[1]}"}}]').questions
    assert isinstance(question, Choice)


def test_as_many_options_as_there_are_keys_are_taken() -> None:
    wrong = ", ".join(f"{{wrong: w{n}}}" for n in range(MOST - 1))
    (question,) = card(f"ask: a\nchoices: [{wrong}, {{right: b}}]").questions
    assert isinstance(question, Choice)
    assert (question.right, question.key) == (MOST - 1, "b")


def test_only_the_key_is_right() -> None:
    marks = [QUESTION.mark(str(index)) for index in range(3)]
    assert [mark.value for mark in marks] == [0.0, 1.0, 0.0]
    assert marks[0].words == "You chose “left”."


def test_no_answer_is_not_right() -> None:
    assert QUESTION.mark("").value == 0.0


def test_one_seed_gives_one_order_and_each_order_comes() -> None:
    orders = {QUESTION.order(f"seed {n}") for n in range(200)}
    assert orders == set(itertools.permutations(range(3)))
    assert QUESTION.order("a") == QUESTION.order("a")
    assert QUESTION.order("the same on every machine, for ever") == (2, 0, 1)


def test_the_prompt_is_the_same_in_any_order_of_the_options() -> None:
    turned = Choice("Which?", QUESTION.options[::-1], right=1)
    assert turned.prompt_parts == QUESTION.prompt_parts
    assert turned.answer_parts == QUESTION.answer_parts


def test_it_comes_back_from_json() -> None:
    assert questions.from_json(QUESTION.as_json()) == QUESTION
