"""Typed: a short answer written by the learner and marked by the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import Json, Mark

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"ask", "answer", "accept", "reject", "proof"})


@dataclass(frozen=True, slots=True)
class Typed:
    """`answer` is the key that is shown; `accept` are other right ones, `reject` are near ones that are wrong."""

    kind: ClassVar[str] = "typed"
    ask: str
    answer: str
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
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
        return (self.answer, *sorted(self.accept))

    def mark(self, given: str) -> Mark:
        from quiz.questions.answers import mark_typed  # its tables are built when the first answer is typed

        return mark_typed(given, (self.answer, *self.accept), self.reject)

    def problem(self, _: str, /) -> str:
        return ""  # every text can be marked

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "answer": self.answer,
            "accept": self.accept,
            "reject": self.reject,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> Typed | None:
    """Read a typed question; None when a field is wrong (the problem is recorded)."""
    ask, answer = reading.text(fields, "ask", required=True), reading.text(fields, "answer", required=True)
    accept, reject = reading.texts(fields, "accept"), reading.texts(fields, "reject")
    proof = reading.flag(fields, "proof")
    if not (ask and answer):
        return None
    refuse_overlap(fields, reading, (answer, *accept), reject)
    return Typed(ask, answer, accept, reject, proof)


def refuse_overlap(fields: Map, reading: Reading, accepted: tuple[str, ...], rejected: tuple[str, ...]) -> None:
    """Record a problem for an answer that is both accepted and rejected."""
    if not rejected:
        return
    from quiz.questions.answers import among

    for wrong in among(rejected, accepted):
        what = f"'{reading.shown(wrong)}' is both right and in 'reject'"
        reading.problem(reading.key(fields, "reject"), what, "take it out of one of the two")
