"""What is left of an answer when everything that may differ is taken away."""

from __future__ import annotations

import pytest

from quiz.questions.words import ARTICLE, normal, same_word, spoken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Medial-Branch (nerve).", ("medial", "branch", "nerve")),
        ("L3, L4", ("l", "3", "and", "l", "4")),
        ("C5/6", ("c", "5", "6")),
        ("2/3 or 1 : 10", ("2/3", "or", "1:10")),
        ("-70 to -60 mV", ("minus", "70", "to", "minus", "60", "mv")),
        ("80 degrees Celsius", ("80", "c")),
        ("≤ 50 per cent", ("≤", "50", "%")),
        ("1,234,567.50", ("1234567.5",)),
        ("007", ("7",)),
        ("0", ("0",)),
        ("sym\u00adpathetic\u200b", ("sympathetic",)),
        ("haemorrhage, anaesthetise", ("hemorrhage", "anesthetize")),
        ("Ænima ŁÓDŹ", ("aenima", "lodz")),
        ("if a = b", ("if", "b")),
        ("the", ("the",)),
        ("…", ("…",)),
        (" \n", ()),
    ],
)
def test_an_answer_comes_down_to_these_words(text: str, words: tuple[str, ...]) -> None:
    assert normal(text) == words


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("a nerve", ("nerve",), (ARTICLE, "nerve")),
        ("A fibers", ("a", "fibers"), (ARTICLE, "fibers")),
        ("a-delta", ("a", "delta"), ("a", "delta")),
        ("type-a fibers", ("type", "a", "fibers"), ("type", "a", "fibers")),
        ("vitamin a", ("vitamin", "a"), ("vitamin", "a")),
        ("group A.", ("group", "a"), ("group", "a")),
    ],
)
def test_an_a_is_an_article_or_a_name(text: str, key: tuple[str, ...], said: tuple[str, ...]) -> None:
    """In a deck its case tells which; a learner may mean either."""
    assert normal(text) == key
    assert spoken(text) == said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("root", "roots", True),
        ("biopsy", "biopsies", True),
        ("plexus", "plexuses", True),
        ("diagnosis", "diagnoses", True),
        ("nucleus", "nuclei", True),
        ("plexus", "plexu", False),
        ("pelvis", "pelvi", False),
        ("gas", "ga", False),
        ("l", "ls", False),
        ("root", "rootlets", False),
    ],
)
def test_a_plural_is_the_same_word(one: str, other: str, same: bool) -> None:
    assert same_word(one, other) is same
    assert same_word(other, one) is same
