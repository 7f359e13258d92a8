"""The gate through which outside text is drawn: what it makes has the width it should have, and is never markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from quiz.text import FORBIDDEN
from quiz.tui import present
from tests.support.hostile import ESCAPES, MARKUP

TEXTS = st.text(st.sampled_from(list("ab [/]\n\t@=$脊髄é❤\ufe0f👩\u200d⚕🇩🇪\u0301\u200bعصب\x1b")), max_size=60)
WIDTHS = st.integers(2, 60)


@given(TEXTS, WIDTHS)
def test_a_fitted_text_has_exactly_its_width_and_one_line(text: str, width: int) -> None:
    fitted = present.fitted(text, width)
    assert cell_len(fitted) == width
    assert "\n" not in fitted


@given(TEXTS, st.integers(8, 60))
def test_hanging_lines_keep_within_the_width_and_below_each_other(text: str, width: int) -> None:
    lines = present.hanging("1  ", present.plain(text), width).plain.split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert lines[0].startswith("1  ")
    assert all(line.startswith("   ") for line in lines[1:])


@given(st.lists(st.text("ab", min_size=1, max_size=12), max_size=12), st.integers(12, 60))
def test_pieces_flow_in_order_on_lines_that_are_not_too_long(pieces: list[str], width: int) -> None:
    lines = present.flowed([Content(piece) for piece in pieces], width).plain.split("\n")
    assert all(len(line) <= width for line in lines)
    assert " ".join(lines).split() == pieces


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_markup_stays_as_it_is_written(text: str) -> None:
    for made in (present.plain(text), present.styled(text, "bold"), present.joined(text, (text, "bold"))):
        assert made.plain.startswith(text)
    assert present.button(text, "app.quit").plain == text


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
def test_nothing_that_a_terminal_obeys_is_let_through(text: str) -> None:
    made = (
        present.plain(text),
        present.styled(text, "bold"),
        present.joined(text, (text, "bold")),
        present.button(text, ""),
    )
    for content in made:
        assert not FORBIDDEN.search(content.plain)
    assert not FORBIDDEN.search(present.fitted(text, 20))


def test_a_click_runs_the_action_of_a_button_and_none_without_one() -> None:
    assert present.button("Go on", "screen.go_on").spans
    assert not present.button("1-4 Answer", "").spans


@pytest.mark.parametrize(
    ("share", "bar"), [(0, "░░░░"), (0.5, "██░░"), (1, "████"), (-3, "░░░░"), (7, "████"), (0.9, "████")]
)
def test_a_bar_is_filled_by_its_share(share: float, bar: str) -> None:
    assert present.bar(share, 4) == bar


def test_paragraphs_have_a_line_between_them_and_empty_ones_fall_away() -> None:
    parts = [present.plain("one"), present.plain(""), present.plain("two")]
    assert present.paragraphs(parts).plain == "one\n\ntwo"
