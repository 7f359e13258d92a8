"""Typed questions: which fields make one, and what may not stand in both lists."""

from __future__ import annotations

import pytest

from quiz import questions
from quiz.questions import Typed
from tests.support.decks import assert_said, card, deck, problems

FAULTS = {
    "no answer": ("ask: a\naccept: [b]", ["3:5 | 'answer' is missing | add 'answer: …'"]),
    "no prompt": ("answer: a\naccept: [b]", ["3:5 | 'ask' is missing | add 'ask: …'"]),
    "accept is nothing": ("ask: a\nanswer: b\naccept:", ["5:12 | 'accept' is blank | take the field out"]),
    "accept is a group of fields": ("ask: a\nanswer: b\naccept: {x: y}", ["5:13 | 'accept' is a group | [one, two]"]),
    "a blank item": ("ask: a\nanswer: b\naccept: [x, '']", ["5:17 | an item of 'accept' is blank | write a text"]),
    "a list in the list": ("ask: a\nanswer: b\naccept: [[x]]", ["5:14 | an item of 'accept' is a list | one text"]),
    "both right and rejected": (
        "ask: a\nanswer: Root\nreject: [leaf, the root]",
        ["5:5 | 'the root' is both right and in 'reject' | take it out"],
    ),
    "both accepted and rejected": (
        "ask: a\nanswer: b\naccept: [c]\nreject: C",
        ["6:5 | 'C' is both right and in 'reject' | take it out"],
    ),
    "choices beside it": (
        "ask: a\nanswer: b\naccept: []\nchoices: [{right: b}, {wrong: c}]",
        ["5:5 | 'accept', 'answer' cannot stand beside 'choices' | two questions"],
    ),
}


@pytest.mark.parametrize(("entry", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(entry: str, expected: list[str]) -> None:
    assert_said(problems(deck(entry)), expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("accept: []", Typed("a", "b")),
        ("accept: c", Typed("a", "b", ("c",))),
        ("accept: [c, d]", Typed("a", "b", ("c", "d"))),
        ("reject: [c]", Typed("a", "b", (), ("c",))),
        ("accept: [c]\nreject: [d]", Typed("a", "b", ("c",), ("d",))),
    ],
)
def test_accept_or_reject_makes_an_answer_typed(fields: str, expected: Typed) -> None:
    assert card(f"ask: a\nanswer: b\n{fields}").questions == (expected,)


def test_the_order_of_accepted_answers_does_not_change_the_answer() -> None:
    assert Typed("a", "b", ("c", "d")).answer_parts == Typed("a", "b", ("d", "c")).answer_parts


def test_what_is_rejected_does_not_change_the_answer() -> None:
    """Or each answer that a deck learns to reject would bring the card back as changed."""
    assert Typed("a", "b", (), ("c",)).answer_parts == Typed("a", "b").answer_parts


def test_it_comes_back_from_json() -> None:
    question = Typed("a", "b", ("c",), ("d",), proof=True)
    assert questions.from_json(question.as_json()) == question
