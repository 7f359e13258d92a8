"""What each retention costs, in words: one table for the settings, the exam date and the command line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from quiz.memory.outlook import Level
from quiz.report.words import percent
from quiz.text import counted

CELLS = 20  # of the longest bar


class PriceRow(NamedTuple):
    """A level in words: its share, a bar for its price, the minutes a day, the share known; set or proposed or not."""

    share: str
    bar: str
    minutes: str
    known: str
    set: bool
    proposed: bool

    def in_words(self, known: str) -> str:
        """Return the row in words alone, for lines; `known` says when the share is known: `known`, `on the day`."""
        marks = "".join([", set" * self.set, ", proposed" * self.proposed])
        return f"{self.share:>5}: {self.minutes} a day, {self.known} {known}{marks}"


def price_rows(levels: Sequence[Level], aim: float, advice: Level | None) -> list[PriceRow]:
    """Return a row for each level, in their order. `aim` is the retention set, `advice` the level proposed."""
    dearest = max((level.minutes for level in levels), default=0.0)
    return [
        PriceRow(
            percent(level.retention),
            _bar(level.minutes, dearest),
            minutes_in_words(level.minutes),
            percent(level.known),
            level.retention == aim,
            advice is not None and level.retention == advice.retention,
        )
        for level in levels
    ]


def minutes_in_words(number: float) -> str:
    """Return minutes a day in words: at least one where it is not nothing."""
    return counted(max(1, round(number)), "minute") if number > 0 else "0 minutes"


def _bar(minutes: float, dearest: float) -> str:
    """Return a bar: full for the level that costs most."""
    cells = math.ceil(CELLS * minutes / dearest) if dearest else 0
    return f"{'█' * cells}{'░' * (CELLS - cells)}"
