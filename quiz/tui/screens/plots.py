"""Plots of the Progress screen, in characters that are told apart without colour."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import ceil

from textual.content import Content

from quiz.tui.present import MUTED, joined, styled

FULL, LIGHT, MORE = "█", "░", "▲"
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEAST = 1 / 8  # of a cell: what is not nothing is seen

Part = tuple[str, str]


def columns(
    solid: Sequence[float],
    light: Sequence[float],
    labels: Mapping[int, str],
    width: int,
    rows: int,
    most: float | None = None,
) -> Iterator[Content]:
    """Yield columns side by side, each `solid` at the foot and `light` above it, with a scale and labels below.

    solid, light: values of 0 or more, one for each column. labels: what stands below a column, by its place.
    width: cells of a line; a column takes two where there is room. rows: lines of the plot.
    most: the value of full height (else the greatest); what is more ends in an arrow.
    """
    totals = [a + b for a, b in zip(solid, light, strict=True)]
    most = most or max(totals, default=0.0)
    top = f"{ceil(most)}" if most else "0"
    lead = max(len(top), 2) + 1
    each = 2 if width - lead >= 2 * len(totals) else 1
    for row in reversed(range(rows)):
        name = top if row == rows - 1 else "0" if row == 0 else ""
        cells = [_cell(a, total, ceil(most), row, rows) for a, total in zip(solid, totals, strict=True)]
        yield joined((f"{name:>{lead - 1}} ", MUTED), *[(cell.ljust(each), "$accent") for cell in cells])
    line, end = " " * lead, 0
    for at, label in sorted(labels.items()):
        place = lead + each * at
        if place >= end and place + len(label) <= width:
            line = f"{line:<{place}}{label}"
            end = place + len(label) + 1
    yield styled(line, MUTED)


def _cell(solid: float, total: float, most: int, row: int, rows: int) -> str:
    """Return the character of a column in one row, counted from below."""
    if not total:
        return " "
    height, foot = total / most * rows, solid / most * rows
    filled = max(height, _LEAST) - row
    if row == rows - 1 and total > most:
        return MORE
    if filled <= 0:
        return " "
    if foot - row >= 0.5 or total == solid:
        part = min(1.0, filled if total == solid else min(filled, max(foot - row, 0.5)))
        return FULL if total > solid else _EIGHTHS[max(1, min(8, round(part * 8)))]
    return LIGHT if filled >= 0.5 or not row else " "


def scale(
    share: float | None,
    likely: tuple[float, float],
    cells: int,
    ground: Collection[int] = (),
    mark: float | None = None,
) -> Iterator[Part]:
    """Yield a scale from 0 to 100 %: where the share likely lies (`─`), and the share itself (`●`).

    ground: cells that are shaded (`░`). mark: a place (0 to 1) that is pointed out (`┃`).
    """
    signs = [LIGHT if at in ground else " " for at in range(cells)]
    if share is not None:
        least, most = likely
        for at in range(int(least * cells), min(cells, ceil(most * cells))):
            signs[at] = "─"
    if mark is not None:
        signs[_place(mark, cells)] = "┃"
    if share is not None:
        signs[_place(share, cells)] = "●"
    yield from ((sign, "bold $text-accent" if sign == "●" else "$accent") for sign in signs)


def axis(lead: int, cells: int) -> Content:
    """Return what stands below scales: 0, 50 and 100 %."""
    middle = cells // 2 - 1
    return styled(" " * lead + f"{'0':<{middle}}50{'100 %':>{cells - middle - 2}}", MUTED)


def _place(share: float, cells: int) -> int:
    return min(cells - 1, int(share * cells))
