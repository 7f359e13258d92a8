"""Whether the minutes suffice: the days until a backlog is caught up, the minutes a day to come, what each level costs.

Study is played forward for this (`quiz/memory/outlook.py`), which takes a tenth of a second for each level: nothing
here is worked out before a first screen or question.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quiz.deck.scope import Scope
from quiz.memory import StudyDay
from quiz.memory.backlog import FAR, Backlog, backlog
from quiz.memory.outlook import LEVELS, WORTH_IT, Level, outlook, prices, proposed
from quiz.report.forecast import DAYS, days_ahead
from quiz.report.overview import Overview, Waiting, own_pace
from quiz.report.prices import PriceRow, minutes_in_words, price_rows
from quiz.report.words import percent
from quiz.settings import Settings
from quiz.store.weights import kept_params
from quiz.study.target import kept_target
from quiz.text import counted


@dataclass(frozen=True, slots=True)
class Prices:
    """What each retention costs over the next `DAYS` days, the highest first, and the level proposed.

    `minutes` are those there are a day; 0 for no limit, and then `advice` is None. `aim` is the level set. `exam` tells
    that one is set, for which another level may be the one to take.
    """

    levels: tuple[Level, ...]
    aim: float
    minutes: int
    advice: Level | None
    exam: bool = False

    @property
    def needed(self) -> float:
        """The minutes a day at the level set."""
        return next(level.minutes for level in self.levels if level.retention == self.aim)

    @property
    def too_dear(self) -> bool:
        """Whether the level set takes more minutes than there are, in whole minutes as they are told."""
        return bool(self.minutes) and round(self.needed) > self.minutes

    @property
    def flat(self) -> bool:
        """Whether a lower level would hardly cost less: what is forgotten has its price too."""
        lower = [level.minutes for level in self.levels if level.retention < self.aim]
        return bool(lower) and min(lower) > WORTH_IT * self.needed

    def rows(self) -> list[PriceRow]:
        """Return a row for each level, the highest first."""
        return price_rows(self.levels, self.aim, self.advice)

    def why(self) -> str:
        """Say why a level is proposed, or that none needs to be."""
        return self._why() + " What each costs until your exam stands with its date." * self.exam

    def _why(self) -> str:
        needed = f"{percent(self.aim)} takes about {minutes_in_words(self.needed)} a day"
        if self.advice is None:
            return f"{needed}; sessions have no limit of time."
        if self.advice.retention == self.aim:
            if self.too_dear:
                dear = " A lower aim would hardly cost less, for what is forgotten is asked again." * self.flat
                return f"{needed}, and you have {self.minutes}: fewer new cards or more minutes would help.{dear}"
            return f"{needed}, and you have {self.minutes}: that suffices."
        if round(self.advice.minutes) > self.minutes:
            return (
                f"{needed}, and you have {self.minutes}. Even {percent(self.advice.retention)}, the least that is "
                f"worth it, takes about {minutes_in_words(self.advice.minutes)}: fewer new cards or more minutes would "
                "help."
            )
        known = f"{percent(self.advice.known)} known after {DAYS} days"
        lower = f"{percent(self.advice.retention)} takes about {minutes_in_words(self.advice.minutes)}: {known}"
        if self.too_dear:
            return f"{needed}, and you have {self.minutes}. {lower}, and new cards are still met."
        return f"{needed}, and you have {self.minutes}: that suffices, with little to spare. {lower}."

    def as_json(self) -> dict[str, object]:
        """Return the prices as plain values."""
        return {
            "retention": self.aim,
            "minutes": self.minutes,
            "days": DAYS,
            "minutes_needed": round(self.needed, 1),
            "levels": [
                {"retention": v.retention, "minutes_a_day": round(v.minutes, 1), "known": round(v.known, 3)}
                for v in self.levels
            ],
            "proposed_retention": self.advice.retention if self.advice else None,
            "why": self.why(),
        }


def price_curve(db: sqlite3.Connection, scope: Scope, day: StudyDay, settings: Settings) -> Prices:
    """Return the prices for a scope. `db` is a history with its catalogue attached as `deck`."""
    ahead = days_ahead(db, scope, day, settings)
    aim = settings.retention
    levels = prices(ahead, sorted({*LEVELS, aim}, reverse=True), kept_params(db), own_pace(db))
    advice = proposed(levels, settings.minutes, aim) if settings.minutes else None
    target = kept_target(settings.exam)
    return Prices(levels, aim, settings.minutes, advice, target is not None and day < target.day)


def catching_up(
    db: sqlite3.Connection, scope: Scope, day: StudyDay, settings: Settings, due: Sequence[Waiting]
) -> Backlog:
    """Return how the backlog of these due cards stands."""
    return backlog(due, days_ahead(db, scope, day, settings), settings.retention, kept_params(db), own_pace(db))


def minutes_needed(db: sqlite3.Connection, scope: Scope, day: StudyDay, settings: Settings) -> float:
    """Return the minutes a day that the level set takes over the next `DAYS` days."""
    ahead = days_ahead(db, scope, day, settings)._replace(minutes=0.0)
    return outlook(ahead, settings.retention, kept_params(db), own_pace(db)).minutes_a_day


class Pressed(NamedTuple):
    """What it takes to catch up, and where it is shown what less would cost: `short` is for a narrow screen."""

    whole: str = ""
    short: str = ""


def in_a_line(db: sqlite3.Connection, scope: Scope, settings: Settings, seen: Overview) -> Pressed:
    """Say calmly, for the home screen, what it takes to catch up, and where it is shown what less would cost."""
    whole, short = [], []
    if seen.behind:
        days = caught_up_in(catching_up(db, scope, seen.day, settings, seen.behind).days)
        whole.append(f"The rest waits: {days}. Cards that must be known come first.")
        short.append(f"{days[:1].upper()}{days[1:]}.")
    needed = minutes_needed(db, scope, seen.day, settings)
    if round(needed) > settings.minutes:
        takes = f"{percent(settings.retention)} takes about {minutes_in_words(needed)} a day"
        whole.append(
            f"{takes}, and you have {settings.minutes}: s, then “Recall aimed at”, shows what each level costs."
        )
        short.append(f"{takes}: s shows what less costs.")
    return Pressed(" ".join(whole), " ".join(short))


def caught_up_in(days: int | None) -> str:
    """Say how long a backlog takes: `about 4 days to catch up`."""
    if days is None:
        return f"more than {FAR} days to catch up: fewer new cards would help"
    return f"about {counted(days, 'day')} to catch up"
