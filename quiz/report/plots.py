"""Plots of the progress page as SVG: drawn in one ink, told apart by pattern and shape, each with its title and words.

They stand alone: no script, no style from elsewhere, nothing to be fetched. All text that is drawn is escaped here.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from quiz.text import clean, shortened

WIDTH = 640
_INK = "#24566b"
_LEFT, _TEXT = 40, 13  # pixels of the scale at the left, and of the text
_END, _PER_CHAR = 45.0, 7.5  # pixels of a label that stands at the end, and of a character


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands below it ("" for nothing), its solid part at the foot and its hatched one above."""

    label: str
    solid: float
    hatched: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from 0 to 1 with its name and what is said at its end."""

    name: str
    share: float
    says: str


@dataclass(frozen=True, slots=True)
class Point:
    """A share (0 to 1) with where it likely lies, at the place of what was said (0 to 1)."""

    said: float
    share: float
    likely: tuple[float, float]


def columns(
    name: str, title: str, words: str, values: Sequence[Column], height: int = 150, most: float | None = None
) -> str:
    """Return columns side by side with a scale. What is more than `most` is cut and bears its number."""
    most = most or max((each.solid + each.hatched for each in values), default=0.0)
    top = _round(most)
    step = (WIDTH - _LEFT) / max(1, len(values))
    foot = height + 10

    def y(value: float) -> float:
        return foot - value / top * height

    lines = [f'<pattern id="{name}-new" width="5" height="5" patternUnits="userSpaceOnUse" '
             f'patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/>'
             f'<path d="M0 0V5" stroke="{_INK}" stroke-width="2.4"/></pattern>']  # fmt: skip
    for value in dict.fromkeys((0, top / 2, top)):
        lines.append(_line(_LEFT, y(value), WIDTH, y(value), "#bbb"))
        lines.append(_text(_LEFT - 6, y(value) + 4, f"{value:g}", "end"))
    for at, each in enumerate(values):
        x, wide = _LEFT + at * step + step * 0.14, step * 0.72
        if each.solid + each.hatched > top:
            lines.append(_rect(x, y(top), wide, foot - y(top), _INK))
            lines.append(_text(x + wide + 4, y(top) + 11, f"{each.solid + each.hatched:.0f}", "start"))
        elif each.solid:
            lines.append(_rect(x, y(each.solid), wide, foot - y(each.solid), _INK))
        if each.hatched and each.solid + each.hatched <= top:
            whole = y(each.solid + each.hatched)
            lines.append(_rect(x, whole, wide, y(each.solid) - whole, f"url(#{name}-new)"))
        if each.label:
            last = x > WIDTH - _END
            lines.append(_text(x + wide if last else x, foot + 18, each.label, "end" if last else "start"))
    return _svg(name, title, words, foot + 26, lines)


def bars(name: str, title: str, words: str, rows: Sequence[Bar]) -> str:
    """Return bars one below the other, each in a frame that is the whole."""
    lead, each = 190, 24
    says = 16 + _PER_CHAR * max((len(row.says) for row in rows), default=0)
    room = WIDTH - lead - says
    lines = []
    for at, row in enumerate(rows):
        y = at * each + 4
        lines.append(_text(lead - 8, y + 13, shortened(row.name, 26), "end"))
        lines.append(_rect(lead, y, room, 16, "#fff", _INK))
        if row.share > 0:
            lines.append(_rect(lead, y, room * min(1.0, row.share), 16, _INK))
        lines.append(_text(lead + room + 8, y + 13, row.says, "start"))
    return _svg(name, title, words, len(rows) * each + 8, lines)


def grid(name: str, title: str, words: str, weeks: Sequence[Sequence[int | None]], heads: Sequence[str]) -> str:
    """Return a calendar: a column for each week, a dot for each day, larger and fuller for a higher level.

    weeks: of each the levels of its seven days, 0 to 3; None for a day that is to come. heads: above each week.
    """
    step = min(24.0, (WIDTH - _LEFT) / max(1, len(weeks)))
    lines = [
        _text(_LEFT - 8, 24 + row * 20 + 5, day, "end") for row, day in enumerate(("Mo", "", "We", "", "Fr", "", "Su"))
    ]
    for at, (week, head) in enumerate(zip(weeks, heads, strict=True)):
        x = _LEFT + at * step + step / 2
        if head:
            lines.append(_text(x - 6, 11, head, "start"))
        for row, level in enumerate(week):
            if level is not None:
                lines.append(_dot(x, 24 + row * 20, level))
    return _svg(name, title, words, 168, lines)


def diagonal(name: str, title: str, words: str, points: Sequence[Point]) -> str:
    """Return what was said against what came: on the line both are equal."""
    side, left, top = 240, 60, 10

    def x(share: float) -> float:
        return left + share * side

    def y(share: float) -> float:
        return top + (1 - share) * side

    lines = [_rect(left, top, side, side, "none", "#bbb"), _line(x(0), y(0), x(1), y(1), "#777", "5 4")]
    for share in (0.0, 0.5, 1.0):
        lines.append(_text(left - 6, y(share) + 4, f"{share:.0%}".replace("%", " %"), "end"))
        lines.append(_text(x(share), top + side + 18, f"{share:.0%}".replace("%", " %"), "middle"))
    for point in points:
        least, most = point.likely
        lines.append(_line(x(point.said), y(least), x(point.said), y(most), _INK))
        lines.append(f'<circle cx="{x(point.said):.1f}" cy="{y(point.share):.1f}" r="5" fill="{_INK}"/>')
    lines.append(_text(left + side + 16, y(0.5), "up: were right", "start"))
    lines.append(_text(left + side + 16, y(0.5) + 20, "to the right: was said", "start"))
    lines.append(_text(left + side + 16, y(0.5) + 40, "on the broken line both are equal", "start"))
    lines.append(_text(left + side + 16, y(0.5) + 60, "upright lines: likely (95 %)", "start"))
    return _svg(name, title, words, top + side + 26, lines)


def _round(most: float) -> float:
    """Return the next of 1, 2, 3, 4, 5, 6, 8 and 10 times a power of ten, so that half of it is a short number too."""
    power = 10.0 ** floor(log10(most)) if most > 1 else 1.0
    return next((times * power for times in (1, 2, 3, 4, 5, 6, 8, 10) if times * power >= most), 10 * power)


def _svg(name: str, title: str, words: str, height: float, lines: Sequence[str]) -> str:
    head = (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'font-family="inherit" font-size="{_TEXT}">'
    )
    said = f'<title id="{name}-title">{_safe(title)}</title><desc id="{name}-desc">{_safe(words)}</desc>'
    return "\n".join([head + said, *lines, "</svg>"])


def _dot(x: float, y: float, level: int) -> str:
    radius, fill = ((1.2, _INK), (4.0, "#fff"), (6.0, "#fff"), (8.0, _INK))[level]
    ring = f'<circle cx="{x:.1f}" cy="{y}" r="{radius}" fill="{fill}" stroke="{_INK}" stroke-width="1.4"/>'
    return ring + (f'<circle cx="{x:.1f}" cy="{y}" r="2.6" fill="{_INK}"/>' if level == 2 else "")


def _rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "") -> str:
    line = f' stroke="{stroke}"' if stroke else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{line}/>'


def _line(x: float, y: float, to_x: float, to_y: float, ink: str, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{ink}" stroke-width="1.2"{dashed}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#1a1a1a">{_safe(text)}</text>'


def _safe(text: str) -> str:
    return html.escape(clean(text, lines=False))
