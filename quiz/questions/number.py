"""Number: a measured or counted value, with its unit and a tolerance, or a range in which every value is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from quiz.questions.base import Json, Mark
from quiz.text import folded

if TYPE_CHECKING:  # the reader's own modules are not needed to ask what was read before
    from quiz.questions.fields import Reading
    from quiz.questions.nodes import Map

FIELDS = frozenset({"ask", "number", "unit", "tolerance", "proof"})
MOST_OF_UNIT = 24  # characters: it stands beside the field for the answer
_TOLERANCE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(%?)")


@dataclass(frozen=True, slots=True)
class Number:
    """Right is every value from `low` to `high` (equal for a single number) in `unit` ("" for a bare number).

    `tolerance` is in the same unit or, with `percent`, in percent of the bound that is nearer. An answer is what was
    typed.
    """

    kind: ClassVar[str] = "number"
    ask: str
    low: float
    high: float
    unit: str = ""
    tolerance: float = 0.0
    percent: bool = False
    proof: bool = False

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        from quiz.questions.quantity import told

        return told(self)

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        return (self.ask, self.unit) if self.unit else (self.ask,)

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return (repr(float(self.low)), repr(float(self.high)), self.unit)

    def mark(self, given: str) -> Mark:
        from quiz.questions.quantity import mark_number  # its tables are built when the first answer is typed

        return mark_number(given, self)

    def problem(self, given: str) -> str:
        from quiz.questions.quantity import problem_of

        return problem_of(given, self)

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "tolerance": self.tolerance,
            "percent": self.percent,
            "proof": self.proof,
        }


def read(fields: Map, reading: Reading) -> Number | None:
    """Read a number question; None when a field is wrong (the problem is recorded)."""
    before = len(reading.problems)
    ask, proof = reading.text(fields, "ask", required=True), reading.flag(fields, "proof")
    unit = folded(reading.text(fields, "unit") or "")
    if len(unit) > MOST_OF_UNIT:
        reading.problem(fields["unit"].mark, f"'unit' is '{reading.shown(unit)}'", "write it short, as in mg or °C")
    bounds = _bounds(fields, reading)
    tolerance, percent = _tolerance(fields, unit, reading)
    if len(reading.problems) > before or not ask or not bounds:
        return None
    found = Number(ask, *bounds, unit, tolerance, percent, proof)
    if not found.mark(found.key).right:  # a unit such as "/10" makes another number of it
        mend = "take it out, and say in 'ask' what the number is"
        reading.problem(fields["unit"].mark, f"with the unit '{reading.shown(unit)}' no number can be read", mend)
        return None
    return found


def _bounds(fields: Map, reading: Reading) -> tuple[float, float] | None:
    """Return the bounds of the right answer, equal for a single number; None when they are wrong (recorded)."""
    from fractions import Fraction

    from quiz.questions.quantity import plain_span

    text = reading.text(fields, "number")
    if text is None:
        return None
    mark = fields["number"].mark
    one, other = plain_span(text)
    if isinstance(one, str) or isinstance(other, str):
        reading.problem(mark, f"'number' is '{reading.shown(text)}', which {one}", str(other))
        return None
    low, high = float(one), float(other)
    if (Fraction(repr(low)), Fraction(repr(high))) != (one, other):
        mend = "round it, and allow for that with 'tolerance: …'"
        reading.problem(mark, f"'number' is '{reading.shown(text)}', which has no end in digits", mend)
    elif low > high:
        reading.problem(mark, f"the range '{reading.shown(text)}' runs down", "write the lower number first")
    else:
        return low, high
    return None


def _tolerance(fields: Map, unit: str, reading: Reading) -> tuple[float, bool]:
    """Return how far off an answer may be, and whether that is in percent of it."""
    text = reading.text(fields, "tolerance")
    if text is None:
        return 0.0, False
    mark = fields["tolerance"].mark
    found = _TOLERANCE.fullmatch(text)
    if not found:
        mend = "write it as in 5 or 0.5 (in the unit of the answer), or as in 10%"
        reading.problem(mark, f"'tolerance' is '{reading.shown(text)}'", mend)
        return 0.0, False
    if found[2] and unit == "%":
        mend = f"write 'tolerance: {found[1]}' for percentage points"
        reading.problem(mark, "a tolerance in percent of percent", mend)
    return float(found[1]), bool(found[2])
