"""What an exam came to: each question with its mark, and what follows from these. It is kept as a `session` event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quiz.clock import iso
from quiz.deck.scope import Scope
from quiz.questions.base import PARTLY_FROM, RIGHT_FROM
from quiz.study.blueprint import ExamPlan
from quiz.study.plan import Plan
from quiz.study.rating import Certainty

# For right and wrong answers (Gardner-Medwin 2006: so set that it pays to say how sure one really is).
CERTAINTY_MARKS: dict[Certainty, tuple[int, int]] = {"low": (1, 0), "mid": (2, -2), "high": (3, -6)}
MOST_CERTAIN = max(right for right, _ in CERTAINTY_MARKS.values())
_LONGEST_MS = 2**53
_NEARLY = 1e-9  # marks are sums of fractions


def certainty_mark(mark: float, certainty: Certainty | None) -> float:
    """Return the certainty mark of an answer with a mark of 0 to 1; a part mark earns its part, as in Moodle."""
    if certainty is None:
        return 0.0
    right, wrong = CERTAINTY_MARKS[certainty]
    return right * mark if mark > 0 else wrong


@dataclass(frozen=True, slots=True)
class Scored:
    """One question of an exam that was handed in. `given` is None where it was left empty; `ms` is the time it took."""

    card: str
    question: str
    topic: str
    given: str | None
    mark: float
    ms: int
    certainty: Certainty | None
    flagged: bool

    @property
    def right(self) -> bool:
        """Whether it earned the full mark."""
        return self.mark >= RIGHT_FROM

    @property
    def missed(self) -> bool:
        """Whether it is to be learned again: wrong, empty, or with less than the part mark that counts as recalled."""
        return self.mark < PARTLY_FROM

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {name: getattr(self, name) for name in Scored.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Score:
    """Questions `asked`, those `right`, and the `marks` of all (part marks included); of one topic or of the whole."""

    topic: str
    asked: int
    right: int
    marks: float

    @property
    def percent(self) -> float:
        """The marks in percent of those there were."""
        return 100 * self.marks / self.asked if self.asked else 0.0

    def reaches(self, pass_mark: int) -> bool:
        """Whether the marks reach a pass mark in percent."""
        return self.percent >= pass_mark - _NEARLY

    @staticmethod
    def of(questions: Sequence[Scored], topic: str = "") -> Score:
        """Return the score of some questions."""
        return Score(topic, len(questions), sum(q.right for q in questions), sum(q.mark for q in questions))


@dataclass(frozen=True, slots=True)
class Result:
    """A finished exam. `started` and `ended` are UTC milliseconds; `ms` is the time spent, without the pauses."""

    exam: str
    plan: ExamPlan
    started: int
    ended: int
    ms: int
    out_of_time: bool
    questions: tuple[Scored, ...]

    @property
    def score(self) -> Score:
        """The score of the whole exam."""
        return Score.of(self.questions)

    @property
    def passed(self) -> bool:
        """Whether the pass mark was reached."""
        return self.score.reaches(self.plan.pass_mark)

    @property
    def topics(self) -> tuple[Score, ...]:
        """The score of each topic ("other" for cards without one), the weakest first."""
        names = dict.fromkeys(q.topic or "other" for q in self.questions)
        scores = (Score.of([q for q in self.questions if (q.topic or "other") == name], name) for name in names)
        return tuple(sorted(scores, key=lambda s: (s.percent, s.topic)))

    @property
    def sure(self) -> tuple[Scored, ...]:
        """The questions for which a certainty was stated."""
        return tuple(q for q in self.questions if q.certainty)

    @property
    def certainty_marks(self) -> float:
        """The sum of the certainty marks; at most `MOST_CERTAIN` for each question in `sure`."""
        return sum(certainty_mark(q.mark, q.certainty) for q in self.sure)

    @property
    def missed(self) -> tuple[str, ...]:
        """The cards to be learned again, in the order of the paper."""
        return tuple(q.card for q in self.questions if q.missed)

    def study_missed(self, seed: int) -> Plan:
        """Return the plan of a session over the missed cards: at once, whenever they are due."""
        return Plan(Scope(cards=self.missed), limit=len(self.missed), seed=seed, mode="cram")

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values: what was done, then what follows from it, for those who only read."""
        score = self.score
        return {
            "exam": self.exam,
            "plan": self.plan.as_json(),
            "started": iso(self.started),
            "ended": iso(self.ended),
            "ms": self.ms,
            "out_of_time": self.out_of_time,
            "asked": score.asked,
            "right": score.right,
            "marks": round(score.marks, 6),
            "percent": round(score.percent, 2),
            "pass": self.plan.pass_mark,
            "passed": self.passed,
            "topics": [
                {
                    "topic": s.topic,
                    "asked": s.asked,
                    "right": s.right,
                    "marks": round(s.marks, 6),
                    "percent": round(s.percent, 2),
                    "passed": s.reaches(self.plan.pass_mark),
                }
                for s in self.topics
            ],
            "certainty": {
                "stated": len(self.sure),
                "marks": round(self.certainty_marks, 6),
                "most": MOST_CERTAIN * len(self.sure),
            }
            if self.sure
            else None,
            "missed": list(self.missed),
            "questions": [question.as_json() for question in self.questions],
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Result:
        """Return the result that `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        questions = tuple(Scored(**question) for question in data["questions"])
        if not questions or not all(map(_is_sound, questions)) or not 0 <= data["ms"] < _LONGEST_MS:
            raise ValueError("no result of an exam")
        return Result(
            str(data["exam"]),
            ExamPlan.from_json(data["plan"]),
            _milliseconds(data["started"]),
            _milliseconds(data["ended"]),
            data["ms"],
            data["out_of_time"],
            questions,
        )


def _is_sound(scored: Scored) -> bool:
    """Whether a question of a result, which may be from elsewhere, has values that can be."""
    return (
        all(isinstance(text, str) for text in (scored.card, scored.question, scored.topic))
        and isinstance(scored.given, str | None)
        and 0 <= scored.mark <= 1
        and 0 <= scored.ms < _LONGEST_MS
        and (scored.certainty is None or scored.certainty in CERTAINTY_MARKS)
    )


def _milliseconds(stamp: str) -> int:
    """Return UTC milliseconds of a time as `iso` writes it."""
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)
