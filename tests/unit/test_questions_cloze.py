"""Cloze questions: holes and their keys."""

from __future__ import annotations

import pytest

from quiz import questions
from quiz.questions import Cloze
from tests.support.decks import assert_said, card, deck, problems

FAULTS = {
    "no hole": ("cloze: abc", ["3:12 | no hole | {{two braces}}"]),
    "a hole that is not closed": ("cloze: 'a {{b'", ["3:12 | not closed | {{answer}}"]),
    "a hole that is not opened": ("cloze: 'a b}}'", ["3:12 | not closed | {{answer}}"]),
    "a hole in a hole": ("cloze: 'a {{b {{c}} }}'", ["3:12 | not closed | {{answer}}"]),
    "an empty hole": ("cloze: 'a {{ }}'", ["3:12 | a hole is empty | {{answer}}"]),
    "an empty hole with a key": ("cloze: 'a {{a: }}'", ["3:12 | a hole is empty | {{answer}}"]),
    "holes without keys": ("cloze: '{{a}} {{b}}'", ["3:12 | not each has its own key | {{a: …}} {{b: …}}"]),
    "two holes of one key": ("cloze: '{{a: x}} {{a: y}}'", ["3:12 | not each has its own key | {{a: …}}"]),
    "one hole without a key": ("cloze: '{{a: x}} {{y}}'", ["3:12 | not each has its own key | {{a: …}}"]),
    "accept for two holes": ("cloze: '{{a: x}} {{b: y}}'\naccept: [z]", ["3:12 | which hole | for each hole"]),
    "two holes in one of several": (
        "questions:\n  - cloze: '{{a: x}} {{b: y}}'",
        ["4:16 | this cloze has 2 holes | leave one hole"],
    ),
    "a blank sentence": ("cloze: ''", ["3:12 | 'cloze' is blank | write a text"]),
    "a prompt beside it": ("ask: a\ncloze: 'a {{b}}'", ["3:5 | 'ask' in a cloze card | known fields: accept, cloze"]),
    "a misspelt field": ("cloze: 'a {{b}}'\nacept: [c]", ["4:5 | 'acept' in a card | 'accept'?"]),
    "an answer that is refused": ("cloze: 'a {{b}}'\nreject: [B]", ["4:5 | both right and in 'reject' | take it out"]),
}


@pytest.mark.parametrize(("entry", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(entry: str, expected: list[str]) -> None:
    assert_said(problems(deck(entry)), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SDR lowers {{spasticity}}.", Cloze("SDR lowers ", "spasticity", ".")),
        ("{{ Spasticity }} falls.", Cloze("", "Spasticity", " falls.")),
        ("It is {{80 °C}}", Cloze("It is ", "80 °C", "")),
        ("The ratio is {{1:10}}", Cloze("The ratio is ", "1:10", "")),
        ("Not {this} but {{that}}", Cloze("Not {this} but ", "that", "")),
        ("[/b] {{[@click=app.quit]x[/]}}", Cloze("[/b] ", "[@click=app.quit]x[/]", "")),
    ],
)
def test_the_hole_is_what_stands_in_double_braces(text: str, expected: Cloze) -> None:
    (found,) = card(f"cloze: '{text}'").questions
    assert found == expected


def test_a_key_before_the_answer_is_not_shown() -> None:
    found = card("id: x\ncloze: 'a {{target: medial branch}} b'")
    assert found.id == "x/target"
    assert found.questions == (Cloze("a ", "medial branch", " b"),)


def test_the_stem_has_a_blank_and_the_whole_has_none() -> None:
    question = Cloze("SDR lowers ", "spasticity", ".")
    assert (question.stem, question.whole, question.key) == (
        "SDR lowers ____.",
        "SDR lowers spasticity.",
        "spasticity",
    )


def test_a_hole_is_marked_like_a_typed_answer() -> None:
    question = Cloze("a ", "medial branch", "", ("nerve",), ("lateral branch",))
    given = ("Medial Branches", "nerve", "lateral branch", "")
    assert [question.mark(text).value for text in given] == [1.0, 1.0, 0.0, 0.0]


def test_it_comes_back_from_json() -> None:
    question = Cloze("a ", "b", " c", ("d",), ("e",), proof=True)
    assert questions.from_json(question.as_json()) == question
