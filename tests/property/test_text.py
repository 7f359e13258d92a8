"""Laws of the gate through which all outside text comes."""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.deck.wording import compared
from quiz.questions import Number, Typed
from quiz.text import _MARKS, FORBIDDEN, Form, clean, folded, normalized, shortened
from tests.support.hostile import ESCAPES

# Any character with even odds for those that make trouble, and the beginnings and ends of escape sequences.
pieces = st.one_of(
    st.text(max_size=5),
    st.characters(codec=None),
    st.sampled_from(
        [*ESCAPES.values(), "\x1b", "[", "]", "P", "\\", "\x07", "\x9c", "m", "0;", "\r\n", "\r", "\t", " "]
    ),
)
dirty = st.lists(pieces, max_size=12).map("".join)


@given(dirty)
@example("\x1b\x1b[0m[31m")
@example("\x1b]0;a\x1b\x1b\\")
@example("\ud800\udc00")
def test_nothing_forbidden_comes_through(raw: str) -> None:
    for lines in (True, False):
        text = clean(raw, lines=lines)
        assert not FORBIDDEN.search(text)
        assert "\x1b" not in text
        text.encode()


@given(dirty)
@example("e\x00\u0301")
@example("a\t\t b")
def test_what_came_through_comes_through_unchanged(raw: str) -> None:
    for lines in (True, False):
        text = clean(raw, lines=lines)
        assert clean(text, lines=lines) == text
        assert unicodedata.is_normalized("NFC", text)


@given(dirty)
@example("  two  spaces  ")
def test_without_lines_it_is_one_line_with_single_spaces(raw: str) -> None:
    text = clean(raw, lines=False)
    assert text == " ".join(text.split())


plain = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))).filter(lambda t: not FORBIDDEN.search(t))


@given(plain)
@example("👩\u200d⚕\ufe0f می\u200cخواهم")
def test_plain_text_is_only_brought_into_one_form(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@given(st.lists(plain.map(lambda t: t.replace("\n", "")), max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_stay_lines(lines: list[str], ending: str) -> None:
    assert clean(ending.join(lines)) == unicodedata.normalize("NFC", "\n".join(lines))


@given(plain, st.integers(1, 30))
def test_a_shortened_text_is_one_line_of_that_width_at_most(text: str, width: int) -> None:
    short = shortened(text, width)
    assert len(short) <= width
    assert short == folded(text) or short.endswith("…")


# -- many marks on one letter -----------------------------------------------------------------------------------------

# Marks of many classes, those that join a letter, those that are two in one, and the halves of Japanese and Korean.
marks = (
    "\u0301\u0316\u0323\u0308\u0344\u0345\u0327\u0338\u0f73\u0f71\u0f74\u093c\u05b0\u05bc\u064b\u0651\u3099\uff9e"
    "\u302e\U0001d165"
)
others = "aeAé\u1e69\u212b\u03b9\u0915\uff76\u1100\u1161\u11a8\uac00½²…–\ufb01\ufdfa\u034f\ud800 "
runs = st.tuples(st.text(st.sampled_from(marks + others) | st.characters(codec=None), max_size=8), st.integers(1, 600))
forms: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")


@given(st.lists(runs, max_size=6), st.sampled_from(forms))
@example([("a", 1), ("\u0301\u0316", 600)], "NFC")
@example([("\u1e69", 1), ("\u0323\u0307", 300), ("\uff9e\u0301", 300)], "NFKD")
def test_a_text_with_many_marks_gets_the_form_that_the_standard_gives_it(
    drawn: list[tuple[str, int]], form: Form
) -> None:
    text = "".join(piece * times for piece, times in drawn)
    assert normalized(form, text) == unicodedata.normalize(form, text)


def test_every_character_that_may_stand_in_a_run_of_marks_is_seen_as_one() -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1))
    joining = [char for char in every if unicodedata.combining(unicodedata.normalize("NFKD", char)[0])]
    assert len(joining) > 800
    assert all(_MARKS.search(char * 200) for char in joining)


@pytest.mark.parametrize(
    "of", ["\u0301\u0316", "\u0301" * 5000 + "\u0316" * 5000, "\uff9e\u0301"], ids=["two", "blocks", "kana"]
)
def test_no_long_run_of_marks_is_left_to_be_put_in_order_one_by_one(of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """That would take time by the square of its length, and an answer may be as long as somebody can paste."""
    text = "a" + (of * 40_000)[:40_000]
    plain, most = unicodedata.normalize, 0

    def noted(form: Form, text: str) -> str:
        nonlocal most
        if len(text) > 1:
            apart: Form = "NFKD" if "K" in form else "NFD"
            most = max(most, swaps("".join(plain(apart, char) for char in text)))
        return plain(form, text)

    monkeypatch.setattr(unicodedata, "normalize", noted)
    clean(text)
    compared(text)
    assert not Typed("What?", "A thing").mark(text).right
    assert not Number("How many?", 1, 2).mark(text).right
    assert most < 1000


def swaps(text: str) -> int:
    """Return how many marks have to pass another one until those of each letter are in order."""
    number, before = 0, Counter[int]()
    for kind in map(unicodedata.combining, text):
        if kind:
            number += sum(times for other, times in before.items() if other > kind)
            before[kind] += 1
        else:
            before.clear()
    return number
