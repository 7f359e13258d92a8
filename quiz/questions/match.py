"""Match: each left side gets one of the right sides, which may serve several left sides or none (distractors)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import NOT_ANSWERED, Json, Mark, indexes, quoted, shuffled

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions import nodes
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"ask", "match", "distractors", "proof"})
FEWEST, MOST = 2, 8
MOST_RIGHTS = 9  # one key for each right side
NONE = "-"  # in an answer: this left side got nothing


@dataclass(frozen=True, slots=True)
class Match:
    """`rights` are the right sides, each once, in the deck's own order, distractors last.

    `rights[answers[i]]` belongs to `lefts[i]`. An answer has for each left side the index of the right side chosen, or
    `-` for none, joined by commas: `1,0,-`.
    """

    kind: ClassVar[str] = "match"
    ask: str
    lefts: tuple[str, ...]
    rights: tuple[str, ...]
    answers: tuple[int, ...]
    proof: bool = False

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        return "; ".join(f"{left} - {right}" for left, right in self.pairs)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each left side with the right side that belongs to it, in the deck's own order."""
        return tuple((left, self.rights[i]) for left, i in zip(self.lefts, self.answers, strict=True))

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.ask, *sorted(self.lefts), "", *sorted(self.rights))

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return tuple(side for pair in sorted(self.pairs) for side in pair)

    def chosen(self, given: str) -> tuple[int | None, ...]:
        """Return for each left side the index of the right side chosen (None: none); empty when it cannot be read."""
        parts = [part.strip() for part in given.split(",")]
        if len(parts) != len(self.lefts):
            return ()
        found = indexes(",".join("0" if part == NONE else part for part in parts), len(self.rights))
        return tuple(None if p == NONE else i for p, i in zip(parts, found, strict=True)) if found else ()

    def verdicts(self, given: str) -> tuple[bool, ...]:
        """Return for each left side whether it got what belongs to it (all False when the answer cannot be read)."""
        chosen = self.chosen(given) or (None,) * len(self.lefts)
        return tuple(i == right for i, right in zip(chosen, self.answers, strict=True))

    def mark(self, given: str) -> Mark:
        """Mark the pairs: the share that is right."""
        chosen = self.chosen(given)
        if not given or (chosen and all(i is None for i in chosen)):
            return NOT_ANSWERED
        if not chosen:
            return Mark(0.0, self.problem(given))
        verdicts = self.verdicts(given)
        right, of = sum(verdicts), len(verdicts)
        if right == of:
            return Mark(1.0, "Right.")
        missed = (
            f"{quoted(left)} goes with {quoted(belongs)}"
            for (left, belongs), fits in zip(self.pairs, verdicts, strict=True)
            if not fits
        )
        return Mark(right / of, f"{right} of {of} pairs are right: {', '.join(missed)}.")

    def problem(self, given: str) -> str:
        if not given or self.chosen(given):
            return ""
        return f"that is no set of pairs - choose one of the {len(self.rights)} right sides for each left side"

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the right sides in the order shown; the same seed gives the same order everywhere."""
        return shuffled(len(self.rights), seed)

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "lefts": self.lefts,
            "rights": self.rights,
            "answers": self.answers,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> Match | None:
    """Read a match question; None when a field is wrong (the problem is recorded)."""
    from quiz.questions.fields import alike
    from quiz.questions.nodes import Map, Text, kind_of

    before = len(reading.problems)
    ask, proof = reading.text(fields, "ask", required=True), reading.flag(fields, "proof")
    pairs = fields["match"]
    if not isinstance(pairs, Map):
        mend = "write 'left: right' for each pair below 'match:'"
        reading.problem(pairs.mark, f"'match' is {kind_of(pairs)}", mend)
        return None
    if not FEWEST <= len(pairs) <= MOST:
        mend = f"a match needs {FEWEST} to {MOST} pairs"
        reading.problem(pairs.mark, f"{len(pairs)} pair{'s' * (len(pairs) != 1)}", mend)
    lefts = reading.unequal((key for key in pairs if isinstance(key, Text)), "a left side", "two left sides are equal")
    rights: dict[str, str] = {}  # each once, by what makes it the same
    answers: list[int] = []
    for node in pairs.values():
        value = reading.scalar(node, "a right side")
        if value is not None:
            rights.setdefault(alike(value), value)
            answers.append(list(rights).index(alike(value)))
    if len(rights) == 1 and len(answers) > 1 and "distractors" not in fields:
        reading.problem(pairs.mark, "all right sides are equal", "add another right side, or 'distractors: [ … ]'")
    for value, mark in _distractors(fields, reading):
        if alike(value) in rights:
            mend = "change it or take it out"
            reading.problem(mark, f"'{reading.shown(value)}' is a right side already", mend)
        rights.setdefault(alike(value), value)
    if len(rights) > MOST_RIGHTS:
        mend = f"leave at most {MOST_RIGHTS}, distractors included"
        reading.problem(pairs.mark, f"{len(rights)} right sides", mend)
    if len(reading.problems) > before or not ask:
        return None
    return Match(ask, lefts, tuple(rights.values()), tuple(answers), proof)


def _distractors(fields: Map, reading: Reading) -> list[tuple[str, nodes.Mark]]:
    """Return the right sides that belong to no left side, with their places."""
    if "distractors" not in fields:
        return []
    found = reading.seq(fields, "distractors")
    read = ((reading.scalar(node, "an item of 'distractors'"), node.mark) for node in found or ())
    return [(value, mark) for value, mark in read if value is not None]
