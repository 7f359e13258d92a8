"""Choice: single best answer. The right option is marked in place; options are shuffled with a seed that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from quiz.questions.base import NOT_ANSWERED, Json, Mark, indexes, shuffled

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions import nodes
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map, Seq
    from quiz.questions.select import Select

FIELDS = frozenset({"ask", "choices", "choose", "proof"})
FIELDS_OF_OPTION = frozenset({"right", "wrong", "why"})
LETTERS = "abcdefghi"  # one key for each option; more than nine options cannot be answered by one key
FEWEST, MOST = 2, len(LETTERS)


class Option(NamedTuple):
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
        taken = indexes(given, len(self.options))
        if taken is None or len(taken) != 1:
            return Mark(0.0, self.problem(given))
        if taken[0] == self.right:
            return Mark(1.0, "Right.")
        return Mark(0.0, f"You chose “{self.options[taken[0]].text}”.")

    def problem(self, given: str) -> str:
        taken = indexes(given, len(self.options)) if given else (0,)
        return "" if taken and len(taken) == 1 else f"that is no option - choose one of the {len(self.options)}"

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the options in the order shown; the same seed gives the same order everywhere."""
        return shuffled(len(self.options), seed)

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "options": [(o.text, o.why) for o in self.options],
            "right": self.right,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> Choice | Select | None:
    """Read a question with options: several right ones make it a `Select`. None when a field is wrong (recorded)."""
    from quiz.questions.select import Select

    before = len(reading.problems)
    ask, proof = reading.text(fields, "ask", required=True), reading.flag(fields, "proof")
    items = reading.seq(fields, "choices")
    options, rights = _options(items, reading) if items is not None else ((), ())
    choose = reading.whole(fields, "choose", 1, max(1, len(options)))
    if "choose" in fields and len(rights) == 1:
        what = "'choose' stands where one option is right"
        reading.problem(reading.key(fields, "choose"), what, "take it out, or mark more options with 'right:'")
    if len(reading.problems) > before or not ask or not rights:
        return None
    return (
        Choice(ask, options, rights[0], proof) if len(rights) == 1 else Select(ask, options, rights, choose or 0, proof)
    )


def _options(items: Seq, reading: Reading) -> tuple[tuple[Option, ...], tuple[int, ...]]:
    """Return the options and the indexes of the right ones. What makes them no question is recorded as a problem."""
    from quiz.questions.fields import alike
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
        return (), ()
    if not rights:
        reading.problem(items.mark, "no option is right", "mark the key with 'right:' in place of 'wrong:'")
    if not FEWEST <= len(options) <= MOST:
        what = f"{len(options)} option{'s' * (len(options) != 1)}"
        reading.problem(items.mark, what, f"a choice needs {FEWEST} to {MOST} options; 3 or 4 are best")
    elif len(rights) == len(options):
        reading.problem(items.mark, "no option is wrong", "add one with 'wrong:'")
    seen: set[str] = set()
    for option, mark in zip(options, marks, strict=True):
        bare = alike(option.text)
        if bare in seen:
            reading.problem(mark, f"two options are equal: '{reading.shown(option.text)}'", "change or remove one")
        seen.add(bare)
    return tuple(options), tuple(rights)
