"""Laws of the gate through which all outside text comes."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from quiz.text import FORBIDDEN, clean, folded, shortened
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
