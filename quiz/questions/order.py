"""Order: steps to be laid in their order. What counts is the longest part that is laid in the right order."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import NOT_ANSWERED, Json, Mark, indexes, quoted, shuffled

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"ask", "order", "proof"})
FEWEST, MOST = 3, 9


@dataclass(frozen=True, slots=True)
class WrongStep:
    """The first step that is not the right one: its `place` from 1, what was `laid` there and what was `wanted`."""

    place: int
    laid: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Order:
    """`items` stand in the right order. An answer is their indexes in the order laid, joined by commas: `2,0,1`."""

    kind: ClassVar[str] = "order"
    ask: str
    items: tuple[str, ...]
    proof: bool = False

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        return " → ".join(self.items)

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.ask, *sorted(self.items))

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return self.items

    def laid(self, given: str) -> tuple[int, ...]:
        """Return the indexes of the items in the order laid; none when the answer cannot be read."""
        found = indexes(given, len(self.items))
        return found if found and sorted(found) == list(range(len(self.items))) else ()

    def first_wrong(self, given: str) -> WrongStep | None:
        """Return the first step that went wrong; None when all are right, or when the answer cannot be read."""
        for place, item in enumerate(self.laid(given)):
            if item != place:
                return WrongStep(place + 1, self.items[item], self.items[place])
        return None

    def mark(self, given: str) -> Mark:
        """Mark the order laid: with `n` items, of which at most `L` stand in the right order, (L - 1) / (n - 1)."""
        if not given:
            return NOT_ANSWERED
        laid = self.laid(given)
        wrong = self.first_wrong(given)
        if not laid:
            return Mark(0.0, self.problem(given))
        if wrong is None:
            return Mark(1.0, "Right.")
        kept, of = _longest_rise(laid), len(laid)
        part = f"{kept} of {of} are in the right order" if kept > 1 else "No two are in the right order"
        first = f"First wrong: step {wrong.place} is {quoted(wrong.wanted)}, not {quoted(wrong.laid)}."
        return Mark((kept - 1) / (of - 1), f"{part}. {first}")

    def problem(self, given: str) -> str:
        if not given or self.laid(given):
            return ""
        return f"that is no order of the {len(self.items)} steps - give each of them once"

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the items in the order first shown: hangs on the seed alone, never the right one."""
        right = tuple(range(len(self.items)))
        order = shuffled(len(self.items), seed)
        again = 0
        while order == right:
            again += 1
            order = shuffled(len(self.items), f"{seed} {again}")
        return order

    def as_json(self) -> Json:
        return {"kind": self.kind, "ask": self.ask, "items": self.items, "proof": self.proof}


def _longest_rise(laid: tuple[int, ...]) -> int:
    """Return the length of the longest increasing subsequence (Fredman 1975: the least end for each length)."""
    ends: list[int] = []
    for item in laid:
        at = bisect_left(ends, item)
        ends[at : at + 1] = [item]
    return len(ends)


def read(fields: Map, reading: Reading) -> Order | None:
    """Read an order question; None when a field is wrong (the problem is recorded)."""
    before = len(reading.problems)
    ask, proof = reading.text(fields, "ask", required=True), reading.flag(fields, "proof")
    nodes = reading.seq(fields, "order")
    if nodes is not None:
        items = reading.unequal(nodes, "an item of 'order'", "two steps are equal")
        if not FEWEST <= len(nodes) <= MOST:
            mend = f"an order needs {FEWEST} to {MOST} steps"
            reading.problem(nodes.mark, f"{len(nodes)} step{'s' * (len(nodes) != 1)}", mend)
    if len(reading.problems) > before or not ask or nodes is None:
        return None
    return Order(ask, items, proof)
