"""Flip: a prompt and its answer, marked by the learner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import NOT_ANSWERED, Json, Mark

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"ask", "answer", "proof"})


@dataclass(frozen=True, slots=True)
class Flip:
    """`ask` is shown; `answer` is shown on demand and the learner says how it went."""

    kind: ClassVar[str] = "flip"
    ask: str
    answer: str
    proof: bool = False

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        return self.answer

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.ask,)

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return (self.answer,)

    def mark(self, given: str) -> Mark:
        """Return the learner's own verdict: `given` is `1` for recalled and `0` for not."""
        if given == "1":
            return Mark(1.0, "You recalled it.")
        return Mark(0.0, "You did not recall it.") if given else NOT_ANSWERED

    def problem(self, _: str, /) -> str:
        return ""  # every text can be marked

    def as_json(self) -> Json:
        return {"kind": self.kind, "ask": self.ask, "answer": self.answer, "proof": self.proof}


def read(fields: Map, reading: Reading) -> Flip | None:
    """Read a flip question; None when a field is wrong (the problem is recorded)."""
    ask, answer = reading.text(fields, "ask", required=True), reading.text(fields, "answer", required=True)
    proof = reading.flag(fields, "proof")
    return Flip(ask, answer, proof) if ask and answer else None


def back_of(question: Flip) -> Flip:
    """Return the same card asked from the other side (`both_ways`)."""
    return Flip(question.answer, question.ask, question.proof)
