"""The exams that were sat: of one set-up and of all, with the best, the last and the trend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from quiz.clock import iso
from quiz.memory import StudyDay, date_of
from quiz.store.events import Event
from quiz.study.blueprint import ExamPlan
from quiz.study.result import Result

Direction = Literal["rising", "steady", "falling"]
TREND_OVER = 5  # attempts
STEADY_WITHIN = 2.0  # percent points from one attempt to the next


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exam that was handed in, and the study day on which that was."""

    day: StudyDay
    result: Result

    @property
    def percent(self) -> float:
        """What was reached, in percent."""
        return self.result.score.percent

    def as_json(self) -> dict[str, Any]:
        """Return what a reader of all attempts wants to know of one."""
        score = self.result.score
        topics = [{"topic": s.topic, "asked": s.asked, "percent": round(s.percent, 2)} for s in self.result.topics]
        return {
            "exam": self.result.exam,
            "day": date_of(self.day).isoformat(),
            "started": iso(self.result.started),
            "ended": iso(self.result.ended),
            "ms": self.result.ms,
            "out_of_time": self.result.out_of_time,
            "plan": self.result.plan.as_json(),
            "asked": score.asked,
            "right": score.right,
            "percent": round(score.percent, 2),
            "pass": self.result.plan.pass_mark,
            "passed": self.result.passed,
            "topics": topics,
        }


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts in the order in which they were handed in."""

    all: tuple[Attempt, ...]

    @property
    def best(self) -> Attempt | None:
        """The attempt with the highest percentage; of equal ones the first."""
        return max(self.all, key=lambda attempt: attempt.percent, default=None)

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.all[-1] if self.all else None

    @property
    def slope(self) -> float | None:
        """The trend of the last attempts, in percent points from one to the next; None for fewer than two.

        It is the slope of the least-squares line through them.
        """
        return slope([attempt.percent for attempt in self.all[-TREND_OVER:]])

    @property
    def trend(self) -> Direction | None:
        """The trend in a word; None for fewer than two attempts."""
        if self.slope is None:
            return None
        return "steady" if abs(self.slope) < STEADY_WITHIN else "rising" if self.slope > 0 else "falling"

    def of(self, plan: ExamPlan) -> Attempts:
        """Return the attempts at the same set-up, whatever their seed."""
        return Attempts(tuple(a for a in self.all if a.result.plan.same_as(plan)))

    def as_json(self) -> dict[str, Any]:
        """Return the attempts with best, last and trend as plain values."""
        return {
            "attempts": [attempt.as_json() for attempt in self.all],
            "best": round(self.best.percent, 2) if self.best else None,
            "last": round(self.last.percent, 2) if self.last else None,
            "trend": self.trend,
            "slope": round(self.slope, 2) if self.slope is not None else None,
        }


def attempts(sessions: Iterable[Event]) -> Attempts:
    """Return the exams among `session` events, each once. Other sessions, and what cannot be read, are passed over."""
    found: dict[str, Attempt] = {}
    for event in sessions:
        with suppress(KeyError, TypeError, ValueError):
            result = Result.from_json(event.body)
            found.setdefault(result.exam, Attempt(event.day, result))
    return Attempts(tuple(found.values()))


def slope(values: Sequence[float]) -> float | None:
    """Return the slope of the least-squares line through values one step apart; None for fewer than two."""
    if len(values) < 2:
        return None
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    spread = sum((i - middle) ** 2 for i in range(len(values)))
    return sum((i - middle) * (value - mean) for i, value in enumerate(values)) / spread
