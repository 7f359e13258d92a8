"""Plots in characters: what is not nothing is seen, more is never drawn lower, and nothing leaves its line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.tui.screens.plots import FULL, LIGHT, MORE, columns, scale

HEIGHTS = " ▁▂▃▄▅▆▇█"
ROWS = 5
VALUES = st.lists(st.floats(0, 300), min_size=1, max_size=30)


def drawn(solid: list[float], light: list[float], width: int = 76, most: float | None = None) -> list[str]:
    return [line.plain for line in columns(solid, light, {0: "today"}, width, ROWS, most)]


def column(lines: list[str], at: int, number: int, width: int = 76) -> str:
    """Return the cells of a column from its foot up."""
    lead = len(lines[-1]) - len(lines[-1].lstrip())
    each = 2 if width - lead >= 2 * number else 1
    return "".join(line.ljust(width)[lead + each * at] for line in reversed(lines[:ROWS]))


@given(values=VALUES, width=st.sampled_from([36, 38, 56, 76, 88]))
def test_columns_keep_their_order_and_their_line(values: list[float], width: int) -> None:
    lines = drawn(values, [0.0] * len(values), width)
    assert all(len(line) <= width for line in lines)
    ranked = sorted(range(len(values)), key=lambda at: values[at])
    heights = []
    for at in ranked:
        cells = column(lines, at, len(values), width)
        heights.append(sum(HEIGHTS.index(cell) for cell in cells))
        assert (heights[-1] > 0) is (values[at] > 0)
        assert "█ " not in cells.rstrip()  # no gap on the way up
    assert all(lower <= higher for lower, higher in pairwise(heights))
    if values[ranked[-1]] >= 1:
        assert heights[-1] > 8 * (ROWS - 1) / 2


@pytest.mark.parametrize(
    ("solid", "light", "cells"),
    [
        (10, 0, "█████"),
        (0, 10, "░░░░░"),
        (4, 6, "██░░░"),
        (6, 4, "███░░"),
        (0.1, 0, "▁    "),
        (0, 0.1, "░    "),
        (0, 0, "     "),
        (1, 0, "▄    "),
    ],
)
def test_what_stands_above_is_told_from_what_stands_below(solid: float, light: float, cells: str) -> None:
    lines = drawn([solid, 10], [light, 0])
    assert column(lines, 0, 2) == cells
    assert FULL != LIGHT


def test_what_is_more_than_the_scale_ends_in_an_arrow() -> None:
    lines = drawn([50, 10], [0, 0], most=10)
    assert column(lines, 0, 2) == f"████{MORE}"
    assert column(lines, 1, 2) == "█████"
    assert lines[0].startswith("10 ")


def test_labels_stand_below_their_columns_and_never_on_each_other() -> None:
    *_, labels = columns([1.0] * 30, [0.0] * 30, {0: "today", 1: "lost", 7: "28 Nov", 29: "20 Dec"}, 64, ROWS)
    assert labels.plain == "   today         28 Nov"  # the last one would leave the line
    assert labels.plain.index("28 Nov") == 3 + 2 * 7


@given(share=st.floats(0, 1), likely=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), cells=st.integers(8, 40))
def test_a_scale_has_its_cells_and_one_dot(share: float, likely: list[float], cells: int) -> None:
    signs = [sign for sign, _ in scale(share, (likely[0], likely[1]), cells, range(2, 4), 0.5)]
    assert len(signs) == cells
    assert signs.count("●") == 1
    assert signs.index("●") == min(cells - 1, int(share * cells))
    assert [sign for sign, _ in scale(None, (0.0, 1.0), cells)] == [" "] * cells
