"""Choice: single best answer. The right option is marked in place; options are shuffled with a seed that is kept."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import NOT_ANSWERED, Json, Mark
from quiz.text import folded

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions import nodes
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map, Seq

FIELDS = frozenset({"ask", "choices", "proof"})
FIELDS_OF_OPTION = frozenset({"right", "wrong", "why"})
LETTERS = "abcdefghi"  # one key for each option; more than nine options cannot be answered by one key
FEWEST, MOST = 2, len(LETTERS)


@dataclass(frozen=True, slots=True)
class Option:
    """One option, with the reason why it is wrong (or, for the key, what makes it right beyond the card's why)."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """`right` is the index of the key in `options`, in the deck's own order."""

    kind: ClassVar[str] = "choice"
    ask: str
    options: tuple[Option, ...]
    right: int
    proof: bool = False

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        return self.options[self.right].text

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.ask, *sorted(o.text for o in self.options))

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return (self.key,)

    def mark(self, given: str) -> Mark:
        if not given:
            return NOT_ANSWERED
        if int(given) == self.right:
            return Mark(1.0, "Right.")
        return Mark(0.0, f"You chose “{self.options[int(given)].text}”.")

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the options in the order shown; the same seed gives the same order everywhere."""
        order = list(range(len(self.options)))
        random.Random(seed).shuffle(order)
        return tuple(order)

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "options": [(o.text, o.why) for o in self.options],
            "right": self.right,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> Choice | None:
    """Read a choice question; None when a field is wrong (the problem is recorded)."""
    before = len(reading.problems)
    ask, proof = reading.text(fields, "ask", required=True), reading.flag(fields, "proof")
    items = reading.seq(fields, "choices")
    found = _options(items, reading) if items is not None else None
    if len(reading.problems) > before or not ask or not found:
        return None
    options, right = found
    return Choice(ask, options, right, proof)


def _options(items: Seq, reading: Reading) -> tuple[tuple[Option, ...], int] | None:
    """Return the options and the index of the right one; None when they are no question (the problems are recorded)."""
    from quiz.questions.nodes import Map

    before = len(reading.problems)
    options: list[Option] = []
    marks: list[nodes.Mark] = []
    rights: list[int] = []
    for item in items:
        if not isinstance(item, Map):
            reading.problem(item.mark, "this option is not marked", "write '- right: …' or '- wrong: …'")
            continue
        reading.no_others(item, FIELDS_OF_OPTION, "an option")
        if ("right" in item) == ("wrong" in item):
            if FIELDS_OF_OPTION.issuperset(item):  # else a misspelt one was told
                mend = "write either 'right: …' or 'wrong: …' in each option"
                reading.problem(item.mark, "this option is neither right nor wrong, or both", mend)
            continue
        text = reading.text(item, "right" if "right" in item else "wrong")
        why = reading.text(item, "why") or ""
        if text:
            if "right" in item:
                rights.append(len(options))
            options.append(Option(text, why))
            marks.append(item.mark)
    if len(reading.problems) > before:
        return None
    if not rights:
        reading.problem(items.mark, "no option is right", "mark the key with 'right:' in place of 'wrong:'")
    if len(rights) > 1:
        what = f"{len(rights)} options are right"
        reading.problem(items.mark, what, "leave one 'right:' (select-all questions are not known to this version)")
    if not FEWEST <= len(options) <= MOST:
        what = f"{len(options)} option{'s' * (len(options) != 1)}"
        reading.problem(items.mark, what, f"a choice needs {FEWEST} to {MOST} options; 3 or 4 are best")
    seen: set[str] = set()
    for option, mark in zip(options, marks, strict=True):
        bare = folded(option.text).casefold().removeprefix("the ").rstrip(" .") or option.text
        if bare in seen:
            reading.problem(mark, f"two options are equal: '{reading.shown(option.text)}'", "change or remove one")
        seen.add(bare)
    return (tuple(options), rights[0]) if len(reading.problems) == before else None
