"""All kinds together: each is found by its name, made from its values, and loaded only when it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from quiz import questions
from quiz.questions import KINDS, Choice, Cloze, FigureMark, Flip, Match, Number, Option, Order, Question, Select, Typed

OPTIONS = (Option("b"), Option("c"), Option("d"))
EACH: tuple[Question, ...] = (
    Flip("a", "b"),
    Choice("a", OPTIONS, 0),
    Typed("a", "b"),
    Cloze("a ", "b", ""),
    Select("a", OPTIONS, (0, 1)),
    Number("a", 1, 2),
    Order("a", ("b", "c", "d")),
    Match("a", ("b", "c"), ("d", "e"), (0, 1)),
    FigureMark("a", "f", 1),
)
LOADED = (
    "import sys, quiz.deck.library; print([kind for kind in sys.argv[1:] if f'quiz.questions.{kind}' in sys.modules])"
)


def test_there_are_nine() -> None:
    assert tuple(question.kind for question in EACH) == KINDS


@pytest.mark.parametrize("question", EACH)
def test_each_is_found_by_its_name_and_made_from_its_values(question: Question) -> None:
    assert getattr(questions, type(question).__name__) is type(question)
    assert questions.from_json(question.as_json()) == question


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Essay'"):
        _ = questions.Essay  # type: ignore[attr-defined]


def test_the_decks_are_opened_without_the_kinds_that_are_rare() -> None:
    command = [sys.executable, "-c", LOADED, "flip", "select", "number", "order", "match", "figure"]
    assert subprocess.run(command, capture_output=True, check=True, text=True).stdout == "['flip']\n"
