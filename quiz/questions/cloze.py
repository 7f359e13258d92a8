"""Cloze: a sentence with one hole, written `{{answer}}`, or `{{key: answer}}` where a card has several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import Json, Mark
from quiz.questions.typed import refuse_overlap

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"cloze", "accept", "reject", "proof"})
BLANK = "____"
# No hole begins within another: so a text of open braces alone is searched once, and not from each of them to its end.
_HOLE = re.compile(r"\{\{(?:([a-z0-9][a-z0-9_-]{0,19}):\s+)?((?:(?!\{\{).)*?)\}\}", re.DOTALL)
MOST_HOLES = 100  # each makes a card that holds the whole sentence


@dataclass(frozen=True, slots=True)
class Cloze:
    """`text` holds one hole; the rest is shown. `accept` are other words that may fill it."""

    kind: ClassVar[str] = "cloze"
    before: str
    answer: str
    after: str
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    proof: bool = False

    @property
    def stem(self) -> str:
        return f"{self.before}{BLANK}{self.after}"

    @property
    def key(self) -> str:
        return self.answer

    @property
    def whole(self) -> str:
        """The sentence with its hole filled."""
        return f"{self.before}{self.answer}{self.after}"

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.before, self.after)

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
            "before": self.before,
            "answer": self.answer,
            "after": self.after,
            "accept": self.accept,
            "reject": self.reject,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> Cloze | None:
    """Read a cloze with exactly one hole; None when a field is wrong (the problem is recorded)."""
    holes = read_holes(fields, reading)
    if holes is None:
        return None
    if len(holes) > 1:
        mend = "leave one hole; a card of its own that is only a cloze may have several keyed ones ({{a: …}} {{b: …}})"
        reading.problem(fields["cloze"].mark, f"this cloze has {len(holes)} holes", mend)
        return None
    return holes[0][1]


def read_holes(fields: Map, reading: Reading) -> list[tuple[str, Cloze]] | None:
    """Read a cloze with one or several holes: pairs of the hole's key (empty if it has none) and the question."""
    text = reading.text(fields, "cloze", required=True)
    accept, reject = reading.texts(fields, "accept"), reading.texts(fields, "reject")
    proof = reading.flag(fields, "proof")
    if text is None:
        return None
    mark = fields["cloze"].mark
    found = list(_HOLE.finditer(text))
    plain = _HOLE.sub("", text)
    if "{{" in plain or "}}" in plain:
        reading.problem(mark, "a hole is not closed", "write each hole as {{answer}}")
        return None
    if not found:
        reading.problem(mark, "this cloze has no hole", "put the words to be recalled in {{two braces}}")
        return None
    if len(found) > MOST_HOLES:
        reading.problem(mark, f"this cloze has {len(found)} holes", f"write at most {MOST_HOLES} in one sentence")
        return None
    if any(not m[2].strip() for m in found):
        reading.problem(mark, "a hole is empty", "write the answer between the braces: {{answer}}")
        return None
    if len(found) > 1 and accept:
        reading.problem(mark, "'accept' does not say which hole it belongs to", "write a question for each hole")
        return None
    keys = [m[1] or "" for m in found]
    if len(found) > 1 and ("" in keys or len(set(keys)) < len(keys)):
        mend = "give each hole a key of its own: {{a: …}} {{b: …}}"
        reading.problem(mark, "several holes, but not each has its own key", mend)
        return None
    answers = [m[2].strip() for m in found]
    refuse_overlap(fields, reading, (*answers, *accept), reject)
    result = []
    for i, hole in enumerate(found):
        before = _HOLE.sub(lambda m: m[2].strip(), text[: hole.start()])
        after = _HOLE.sub(lambda m: m[2].strip(), text[hole.end() :])
        result.append((keys[i], Cloze(before, answers[i], after, accept, reject, proof)))
    return result
