"""Match questions: pairs and distractors, many to one, and a mark for each pair."""

from __future__ import annotations

import itertools

import pytest

from quiz import questions
from quiz.questions import Match
from quiz.questions.base import NOT_ANSWERED
from tests.support.decks import assert_said, card, deck, problems

TARGETS = Match(
    "Which target?", ("facet RF", "SDR", "sacral RF"), ("medial branch", "dorsal rootlets", "cornea"), (0, 1, 0)
)
PAIRS = "match: {facet RF: medial branch, SDR: dorsal rootlets}"
NINE = ", ".join(f"l{n}: r{n}" for n in range(9))

FAULTS = {
    "one pair": ("match: {a: b}", ["4:12 | 1 pair | 2 to 8 pairs"]),
    "nine pairs": (f"match: {{{NINE}}}", ["4:12 | 9 pairs | 2 to 8 pairs"]),
    "no pair": ("match: {}", ["4:12 | 0 pairs | 2 to 8 pairs"]),
    "a list": ("match: [a, b]", ["4:12 | 'match' is a list | 'left: right' for each pair"]),
    "nothing": ("match:", ["4:11 | 'match' is nothing | 'left: right'"]),
    "a right side that is a list": ("match: {a: [b], c: d}", ["4:16 | a right side is a list | one text"]),
    "a blank right side": ("match: {a: , c: d}", ["4:16 | a right side is blank | write a text"]),
    "equal left sides": ("match: {SDR: b, The SDR: d}", ["4:21 | two left sides are equal: 'The SDR' | change"]),
    "one left side twice": ("match: {a: b, a: c, d: e}", ["4:19 | field 'a' stands twice | keep one"]),
    "equal right sides and no other": ("match: {a: b, c: b}", ["4:12 | all right sides are equal | 'distractors:"]),
    "a distractor that is right": (
        f"{PAIRS}\ndistractors: [Medial branch]",
        ["5:19 | 'Medial branch' is a right side already | change it or take it out"],
    ),
    "a distractor twice": (f"{PAIRS}\ndistractors: [x, X]", ["5:22 | 'X' is a right side already | change it"]),
    "distractors that are a text": (f"{PAIRS}\ndistractors: x", ["5:18 | 'distractors' is a text | write a list"]),
    "more right sides than keys": (
        f"{PAIRS}\ndistractors: [1, 2, 3, 4, 5, 6, 7, 8]",
        ["4:12 | 10 right sides | at most 9, distractors included"],
    ),
    "distractors alone": ("answer: b\ndistractors: [x]", ["5:5 | 'distractors' cannot stand beside 'answer' | out"]),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_faults_are_told(fields: str, expected: list[str]) -> None:
    assert_said(problems(deck(f"ask: a\n{fields}")), expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (PAIRS, Match("a", ("facet RF", "SDR"), ("medial branch", "dorsal rootlets"), (0, 1))),
        (
            f"{PAIRS}\ndistractors: [cornea]",
            Match("a", ("facet RF", "SDR"), ("medial branch", "dorsal rootlets", "cornea"), (0, 1)),
        ),
        ("match: {a: x, b: y, c: X}", Match("a", ("a", "b", "c"), ("x", "y"), (0, 1, 0))),
        ("match: {a: x, b: x}\ndistractors: [y]", Match("a", ("a", "b"), ("x", "y"), (0, 0))),
        ("match: {1: no, 2: yes}", Match("a", ("1", "2"), ("no", "yes"), (0, 1))),
    ],
)
def test_pairs_are_read_and_a_right_side_may_serve_several(fields: str, expected: Match) -> None:
    assert card(f"ask: a\n{fields}").questions == (expected,)


@pytest.mark.parametrize(
    ("given", "value", "verdicts", "words"),
    [
        ("0,1,0", 1.0, (True, True, True), "Right."),
        (" 0, 1 ,0", 1.0, (True, True, True), "Right."),
        ("0,1,2", 2 / 3, (True, True, False), "2 of 3 pairs are right: “sacral RF” goes with “medial branch”."),
        ("0,-,-", 1 / 3, (True, False, False), None),
        ("1,0,1", 0.0, (False, False, False), None),
    ],
)
def test_each_pair_counts(given: str, value: float, verdicts: tuple[bool, ...], words: str | None) -> None:
    mark = TARGETS.mark(given)
    assert mark.value == pytest.approx(value)
    assert TARGETS.verdicts(given) == verdicts
    assert words is None or mark.words == words


@pytest.mark.parametrize("given", ["0,1", "0,1,0,0", "0,1,3", "0,1,x", "0;1;0", "0,1,", "--,0,1", "medial branch"])
def test_what_is_no_set_of_pairs_is_told_and_earns_nothing(given: str) -> None:
    said = "that is no set of pairs - choose one of the 3 right sides for each left side"
    assert TARGETS.problem(given) == said
    assert (TARGETS.mark(given).value, TARGETS.mark(given).words) == (0.0, said)
    assert (TARGETS.chosen(given), any(TARGETS.verdicts(given))) == ((), False)


@pytest.mark.parametrize("given", ["", "-,-,-"])
def test_no_answer_is_no_problem(given: str) -> None:
    assert (TARGETS.problem(given), TARGETS.mark(given)) == ("", NOT_ANSWERED)


def test_what_was_chosen_is_told_for_each_left_side() -> None:
    assert TARGETS.chosen("2,-,0") == (2, None, 0)


def test_one_seed_gives_one_order_of_the_right_sides_and_each_order_comes() -> None:
    assert {TARGETS.order(f"seed {n}") for n in range(200)} == set(itertools.permutations(range(3)))
    assert TARGETS.order("a") == TARGETS.order("a")


def test_the_order_of_the_pairs_changes_neither_prompt_nor_answer() -> None:
    turned = Match(
        TARGETS.ask, ("SDR", "sacral RF", "facet RF"), ("dorsal rootlets", "medial branch", "cornea"), (0, 1, 1)
    )
    assert turned.prompt_parts == TARGETS.prompt_parts
    assert turned.answer_parts == TARGETS.answer_parts


def test_another_pairing_is_another_answer_to_the_same_prompt() -> None:
    other = Match(TARGETS.ask, TARGETS.lefts, TARGETS.rights, (1, 0, 0))
    assert other.prompt_parts == TARGETS.prompt_parts
    assert other.answer_parts != TARGETS.answer_parts


def test_sides_that_change_places_make_another_prompt() -> None:
    assert (
        Match("?", ("a", "b"), ("c", "d"), (0, 1)).prompt_parts
        != Match("?", ("a",), ("b", "c", "d"), (0,)).prompt_parts
    )


def test_the_key_names_each_pair() -> None:
    assert TARGETS.key == "facet RF - medial branch; SDR - dorsal rootlets; sacral RF - medial branch"


def test_it_comes_back_from_json() -> None:
    assert questions.from_json(TARGETS.as_json()) == TARGETS
