"""Flip questions: the learner's own verdict, and the card from its other side."""

from __future__ import annotations

import pytest

from quiz import questions
from quiz.questions import Flip
from quiz.questions.flip import back_of


@pytest.mark.parametrize(("given", "value"), [("1", 1.0), ("0", 0.0), ("", 0.0), ("yes", 0.0)])
def test_the_learner_gives_the_mark(given: str, value: float) -> None:
    assert Flip("a", "b").mark(given).value == value


def test_the_other_side_asks_for_the_prompt() -> None:
    assert back_of(Flip("a", "b")) == Flip("b", "a")


def test_it_comes_back_from_json() -> None:
    question = Flip("a", "b", proof=True)
    assert questions.from_json(question.as_json()) == question
