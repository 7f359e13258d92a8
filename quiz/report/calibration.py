"""Said sure, was right: how well a learner's certainty fits what the answers turn out to be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from quiz.memory import StudyDay
from quiz.questions.base import RIGHT_FROM
from quiz.report.stats import taken_back
from quiz.report.words import percent
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.result import CERTAINTY_MARKS
from quiz.text import counted

SPAN = 180  # days
FEWEST = 10  # answers: below that nothing is said of a level
Z = 1.959964  # standard deviations on both sides that hold 95 % of a normal distribution

NAMES: dict[Certainty, str] = {"low": "a guess", "mid": "fairly sure", "high": "sure"}

Judgement = Literal["too few", "too sure", "too careful", "fits", "open"]
JUDGED: dict[Judgement, str] = {
    "too few": "too few answers to tell",
    "too sure": "you are surer than you are right",
    "too careful": "you know more than you think",
    "fits": "what you say fits",
    "open": "more answers will tell",
}


@dataclass(frozen=True, slots=True)
class Level:
    """The answers of one level of certainty: how many, how many of them `right` and how many earned nothing (`wrong`).

    `marks` is the sum of their marks (0 to 1 each): a part mark is neither right nor wrong.
    """

    certainty: Certainty
    answers: int = 0
    right: int = 0
    wrong: int = 0
    marks: float = 0.0

    @property
    def share(self) -> float | None:
        """The share that was right (0 to 1); None without answers."""
        return self.right / self.answers if self.answers else None

    @property
    def likely(self) -> tuple[float, float]:
        """The 95 % interval of the share; the whole of 0 to 1 without answers."""
        return wilson(self.right, self.answers)

    def earned_as(self, certainty: Certainty) -> float:
        """Return the certainty mark per answer that these answers would have earned on a level."""
        if not self.answers:
            return 0.0
        right, wrong = CERTAINTY_MARKS[certainty]
        return (right * self.marks + wrong * self.wrong) / self.answers

    @property
    def earned(self) -> float:
        """The certainty mark per answer."""
        return self.earned_as(self.certainty)

    @property
    def best(self) -> Certainty:
        """The level that would have earned most; of two that earn the same the one stated, else the lower."""
        return max(CERTAINTY, key=lambda level: (self.earned_as(level), level == self.certainty))

    @property
    def judgement(self) -> Judgement:
        """What can be said of the level: whether the share fits it, as far as the number of answers tells."""
        if self.answers < FEWEST:
            return "too few"
        floor, ceiling = pays(self.certainty)
        least, most = self.likely
        if most < floor:
            return "too sure"
        if least > ceiling:
            return "too careful"
        return "fits" if floor <= self.right / self.answers <= ceiling else "open"

    def as_json(self) -> dict[str, Any]:
        """Return the level as plain values; what needs answers is null without any."""
        known = bool(self.answers)
        return {
            "certainty": self.certainty,
            "answers": self.answers,
            "right": self.right,
            "share": self.share,
            "likely": list(self.likely) if known else None,
            "marks_per_answer": round(self.earned, 4) if known else None,
            "best": self.best if known else None,
            "judgement": self.judgement.replace(" ", "_"),
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """The three levels, from low to high."""

    levels: tuple[Level, ...]

    @property
    def answers(self) -> int:
        """How many answers there are at all."""
        return sum(level.answers for level in self.levels)

    @property
    def earned(self) -> float | None:
        """The certainty mark per answer over all levels; None without answers."""
        if not self.answers:
            return None
        return sum(level.earned * level.answers for level in self.levels) / self.answers

    def as_json(self) -> dict[str, Any]:
        """Return the table as plain values."""
        earned = self.earned
        return {
            "days": SPAN,
            "answers": self.answers,
            "marks_per_answer": round(earned, 4) if earned is not None else None,
            "levels": [level.as_json() for level in self.levels],
        }


def calibration(db: sqlite3.Connection, today: StudyDay) -> Calibration:
    """Return the calibration of the last `SPAN` days.

    Only first tries count: who is asked again has just read the answer. What was taken back is left out.
    """
    # The body is searched as text before it is read as JSON: most answers state no certainty.
    rows = db.execute(
        "select json_extract(e.body, '$.certainty', '$.mark'), count(*) from event e indexed by event_by_day "
        "where e.day between ? and ? and e.kind = 'answer' and instr(e.body, '\"certainty\":') "
        "and not instr(e.body, '\"retry\":true') and e.id not in (select value from json_each(?)) group by 1",
        (today - SPAN + 1, today, json.dumps(sorted(taken_back(db)))),
    )
    return tabled((*json.loads(pair), number) for pair, number in rows)


def tabled(answers: Iterable[tuple[str | None, float | None, int]]) -> Calibration:
    """Return the calibration of some answers, given as certainty, mark (0 to 1), and how many there were of these."""
    by_level: dict[str | None, list[tuple[float, int]]] = {}
    for certainty, mark, number in answers:
        if mark is not None:
            by_level.setdefault(certainty, []).append((mark, number))
    return Calibration(tuple(_level(certainty, by_level.get(certainty, ())) for certainty in CERTAINTY))


def wilson(right: int, answers: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share, from 0 to 1 (Wilson 1927, J Am Stat Assoc 22:209-212).

    Unlike the simple one it stays within 0 and 1 and is honest for few answers and for shares near the ends.
    """
    if not answers:
        return 0.0, 1.0
    share, square = right / answers, Z * Z / answers
    middle = share + square / 2
    half = Z * sqrt(share * (1 - share) / answers + square / (4 * answers))
    least, most = (middle - half) / (1 + square), (middle + half) / (1 + square)
    return (0.0 if right == 0 else max(0.0, least)), (1.0 if right == answers else min(1.0, most))


def pays(certainty: Certainty) -> tuple[float, float]:
    """Return between which shares of right answers (0 to 1) a level earns most.

    It follows from the marks alone: two levels earn the same where their lines cross.
    """
    at = CERTAINTY.index(certainty)
    floor = _crossing(CERTAINTY[at - 1], certainty) if at else 0.0
    ceiling = _crossing(certainty, CERTAINTY[at + 1]) if at + 1 < len(CERTAINTY) else 1.0
    return floor, ceiling


def in_words(level: Level) -> str:
    """Return a level in a line: `42 answers, 38 right (90 %, likely 78 to 96 %), +2.1 marks each: …`."""
    if level.share is None:
        return judged(level)
    least, most = (percent(end).removesuffix(" %") for end in level.likely)
    share = (
        f"{counted(level.answers, 'answer')}, {level.right} right ({percent(level.share)}, likely {least} to {most} %)"
    )
    return f"{share}, {mark_in_words(level.earned)} marks each: {judged(level)}"


def judged(level: Level) -> str:
    """Return what can be said of a level, and which other one would have earned more."""
    said = JUDGED[level.judgement] if level.answers else "no answers yet"
    if level.judgement in ("too sure", "too careful") and level.best != level.certainty:
        return f"{said} - “{NAMES[level.best]}” would have earned {mark_in_words(level.earned_as(level.best))}"
    return said


def mark_in_words(mark: float) -> str:
    """Return a certainty mark per answer with its sign: `+2.1`, `-0.4`, `0`."""
    rounded = round(mark, 1)
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0"


def _crossing(lower: Certainty, higher: Certainty) -> float:
    """Return the share of right answers at which two levels earn the same."""
    (right, wrong), (more, less) = CERTAINTY_MARKS[lower], CERTAINTY_MARKS[higher]
    return (wrong - less) / (more - right + wrong - less)


def _level(certainty: Certainty, answers: Sequence[tuple[float, int]]) -> Level:
    return Level(
        certainty,
        answers=sum(number for _, number in answers),
        right=sum(number for mark, number in answers if mark >= RIGHT_FROM),
        wrong=sum(number for mark, number in answers if mark <= 0),
        marks=sum(mark * number for mark, number in answers),
    )
