"""What each retention costs, as it is drawn in the settings and for an exam."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from quiz.report.prices import PriceRow
from quiz.tui.present import joined


def curve(rows: Iterable[PriceRow], known: str, *, narrow: bool) -> Content:
    """Return a line for each level of recall, with its price as a bar and in words; the one proposed has a sign.

    known: says when the share is known. narrow: there is no room for bars, and the minutes are told in short.
    """
    lines = []
    for row in rows:
        sign = ("▸ ", "bold $text-accent") if row.proposed else "  "
        drawn = ("", "") if narrow else (f"{row.bar}  ", "$accent")
        minutes = row.minutes.partition(" ")[0]
        words = f"{minutes} min/day, {row.known} {known}" if narrow else f"{row.minutes} a day, {row.known} {known}"
        lines.append(joined(sign, (f"{row.share:>5}  ", "bold" if row.proposed else ""), drawn, words))
    return Content("\n").join(lines)
