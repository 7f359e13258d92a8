"""Figure: asks what a numbered mark of a figure is (typed), or which mark has a name (its digit)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import NOT_ANSWERED, Json, Mark
from quiz.questions.typed import refuse_overlap
from quiz.text import folded

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"ask", "figure", "mark", "answer", "accept", "reject", "proof"})
MOST = 9  # marks of a figure: one key for each
_DIGIT = re.compile(r"(?:mark |number |no\.? ?)?\[?([1-9])\]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FigureMark:
    """Mark `at` (1 to 9) of the figure with the id `figure`. Without an `answer` its number is what is asked for.

    `points` tells the two apart: an answer then is the digit (`3`), else what was typed.
    """

    kind: ClassVar[str] = "figure"
    ask: str
    figure: str
    at: int
    answer: str = ""
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    proof: bool = False

    @property
    def points(self) -> bool:
        """Whether the learner has to point at a mark, not to name one."""
        return not self.answer

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        return self.answer or f"[{self.at}]"

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.ask, self.figure) if self.points else (self.ask, self.figure, str(self.at))

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return (str(self.at),) if self.points else (self.answer, *sorted(self.accept))

    def mark(self, given: str) -> Mark:
        if not self.points:
            from quiz.questions.answers import mark_typed  # its tables are built when the first answer is typed

            return mark_typed(given, (self.answer, *self.accept), self.reject)
        if not given.strip():
            return NOT_ANSWERED
        taken = self.pointed(given)
        if taken == self.at:
            return Mark(1.0, "Right.")
        return Mark(0.0, f"You chose [{taken}]." if taken else self.problem(given))

    def pointed(self, given: str) -> int | None:
        """Return the number of the mark that an answer points at; None when it is none."""
        found = _DIGIT.fullmatch(given.strip())
        return int(found[1]) if found else None

    def problem(self, given: str) -> str:
        if not self.points or not given.strip() or self.pointed(given):
            return ""
        return "that is no number of a mark - give one digit, as it stands in the figure"

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "figure": self.figure,
            "at": self.at,
            "answer": self.answer,
            "accept": self.accept,
            "reject": self.reject,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> FigureMark | None:
    """Read a question about a mark of a figure; None when a field is wrong (the problem is recorded)."""
    before = len(reading.problems)
    ask, proof = reading.text(fields, "ask", required=True), reading.flag(fields, "proof")
    figure, at = reading.text(fields, "figure", required=True), reading.whole(fields, "mark", 1, MOST)
    answer, accept, reject = (
        reading.text(fields, "answer"),
        reading.texts(fields, "accept"),
        reading.texts(fields, "reject"),
    )
    if not answer and accept:
        answer, accept = accept[0], accept[1:]
    if not answer and "answer" not in fields and ("accept" in fields or "reject" in fields):
        reading.problem(
            fields.mark, "this question has no answer", "add 'answer: …', or take 'accept' and 'reject' out"
        )
    if len(reading.problems) > before or not (ask and figure and at):
        return None
    if answer:
        refuse_overlap(fields, reading, (answer, *accept), reject)
    return FigureMark(ask, folded(figure), at, answer or "", accept, reject, proof)
