"""The gate for outside text, case by case, and the small words of messages."""

from __future__ import annotations

import pytest

from quiz.text import clean, counted, name_of, nearest, shortened
from tests.support.hostile import ESCAPES, MARKUP

COME_TO = {
    "colour": "red",
    "clear screen": "",
    "window title": "",
    "hyperlink": "x",
    "clipboard": "",
    "title without an end": "",
    "device control": "",
    "reset": "",
    "other character set": "lqk",
    "eight-bit CSI": "red",
    "eight-bit OSC": "0;owned",
    "lone escape": "",
    "function key": "",
    "function key of the console": "",
    "bell and backspace": "ab",
    "NUL": "ab",
    "delete": "ab",
    "bidi override": "abcdcba",
    "bidi isolate": "abcd",
    "line separator": "a\nb",
    "next line": "a\nb",
    "byte order mark inside": "ab",
    "tag characters": "ab",
    "lone surrogate": "ab",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_what_a_terminal_would_obey_is_taken_out(name: str) -> None:
    assert clean(f"({ESCAPES[name]}") == f"({COME_TO[name]}"


@pytest.mark.parametrize("name", MARKUP)
def test_markup_is_left_as_it_is(name: str) -> None:
    assert clean(MARKUP[name]) == MARKUP[name]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\x1b]0;a title\nand what follows", "\nand what follows"),
        ("\x1b]0;one\x07two\x1b]0;three\x07four", "twofour"),
        ("\x1b[38;2;1;2;3mred", "red"),
        ("\x1b[?1049hscreen", "screen"),
        ("\x1bOAarrow", "arrow"),
        ("a\r\nb\rc\x0bd\x0ce", "a\nb\nc\nd\ne"),
        ("a\tb", "a    b"),
        ("e\u0301", "é"),
        ("quote\x9d and more", "quote and more"),
    ],
)
def test_sequences_go_whole_and_words_stay(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize("text", ["👩\u200d⚕\ufe0f", "می\u200cخواهم", "क्\u200dष", "❤\ufe0f", "נָא\u200f", "ก็"])
def test_joiners_selectors_and_marks_stay(text: str) -> None:
    assert clean(text) == text


def test_many_openings_of_sequences_take_no_time() -> None:
    """Each opening without an end must not look through the rest of the text again."""
    assert clean("\x1b]" * 200_000) == ""
    assert clean("\x1b]\n" * 200_000) == "\n" * 200_000


def test_one_line_is_folded_even_where_nothing_is_dirty() -> None:
    assert clean("  a   b ", lines=False) == "a b"
    assert clean("  a   b ") == "  a   b "


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\x1b", "U+001B control character"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\uffff", "U+FFFF which is no character"),
    ],
)
def test_a_character_is_named_so_that_it_can_be_searched_for(char: str, name: str) -> None:
    assert name_of(char) == name


@pytest.mark.parametrize(
    ("word", "found"),
    [("anser", "answer"), ("ANSWER", "answer"), ("choise", "choices"), ("x" * 500, None), ("", None)],
)
def test_the_nearest_known_word_is_found_or_none(word: str, found: str | None) -> None:
    assert nearest(word, {"answer", "ask", "choices"}) == found


def test_counting_in_words() -> None:
    assert [counted(0, "card"), counted(1, "card"), counted(2, "entry", "entries")] == [
        "0 cards",
        "1 card",
        "2 entries",
    ]


@pytest.mark.parametrize(
    ("text", "width", "short"), [("a  b", 9, "a b"), ("abcdef", 4, "abc…"), ("ab cdef", 4, "ab…"), ("abc", 1, "…")]
)
def test_shortening(text: str, width: int, short: str) -> None:
    assert shortened(text, width) == short
