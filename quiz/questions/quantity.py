"""Is a typed number right? Reads it with its unit, converts it where that is exact, and tells how far off it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from quiz.questions.base import NOT_ANSWERED, PARTLY_FROM, Mark, quoted
from quiz.questions.numerals import Numeral, numeral, undressed
from quiz.questions.units import ANGLE, BARE, Unit, known, unit
from quiz.questions.words import normal, singular

if TYPE_CHECKING:
    from quiz.questions.number import Number

LONGEST = 80  # characters of an answer
_ABOUT = re.compile(
    r"(?:about|around|approx(?:imately|\.)?|roughly|circa|ca\.?|it is|it's|is|[~≈≅≃=∼]) ?", re.IGNORECASE
)
_BETWEEN = re.compile(r"(?:between|from) ", re.IGNORECASE)
_OUT_OF = re.compile(r"(?<=\d) ?(?:out of|in) ?(?=\d)", re.IGNORECASE)  # 8 in 10
_TO = re.compile(r" (?:to|until|through) | ?(?<!\^)(?<!\de)- ?", re.IGNORECASE)
_AND = re.compile(r" (?:and|to) | ?- ?", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:of )?an? (?=\w)", re.IGNORECASE)  # half an hour


class _UnreadableError(Exception):
    """An answer that is no number of this question: what is wrong, and the mend."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} - {mend}")


class _Said(NamedTuple):
    """The ends of what was said, the lower first, in the question's unit. `converted` is what was typed, if it was."""

    low: Fraction
    high: Fraction
    converted: str


def told(wanted: Number) -> str:
    """Return the right answer in words: `60 to 80 °C`."""
    low, high = exactly(wanted.low), exactly(wanted.high)
    return _with_unit(low if low == high else f"{low} to {high}", wanted.unit)


def problem_of(given: str, wanted: Number) -> str:
    """Return why an answer cannot be marked and how to mend it; "" when it can be, or when there is none."""
    if not given.strip():
        return ""
    try:
        _said(given, wanted)
    except _UnreadableError as error:
        return str(error)
    return ""


def mark_number(given: str, wanted: Number) -> Mark:
    """Mark a typed number: within the tolerance right, within twice the tolerance in part."""
    if not given.strip():
        return NOT_ANSWERED
    try:
        said = _said(given, wanted)
    except _UnreadableError as error:
        return Mark(0.0, str(error))
    low, high = Fraction(repr(wanted.low)), Fraction(repr(wanted.high))
    below, above = max(low - said.low, Fraction(0)), max(said.high - high, Fraction(0))
    if not below and not above:
        return Mark(1.0, f"Right: {said.converted} is {_span(said, wanted)}." if said.converted else "Right.")
    # Of a range that is off at both ends, the end that is further off tells the mark.
    times, off, way, room = max(_miss(below, low, "low", wanted), _miss(above, high, "high", wanted))
    within = _with_unit(_shown(room), wanted.unit)
    if times <= 1:
        return Mark(1.0, f"Right: within {within} of {told(wanted)}.")
    by = _with_unit(_shown(off), "points" if wanted.unit == "%" else wanted.unit)
    words = f"{_quote(said, wanted)} is {by} too {way}"
    if times <= 2:
        return Mark(PARTLY_FROM, f"Close: {words}; within {within} counts as right.")
    return Mark(0.0, f"{words[:1].upper()}{words[1:]}.")


def _miss(off: Fraction, bound: Fraction, way: str, wanted: Number) -> tuple[float, Fraction, str, Fraction]:
    """Return how many times the tolerance an end is off, how far, in which way, and the tolerance there."""
    room = Fraction(repr(wanted.tolerance))
    if wanted.percent:
        room = abs(bound) * room / 100
    times = 0.0 if not off else float("inf") if not room else 1.0 if off <= room else 2.0 if off <= 2 * room else 3.0
    return times, off, way, room


def _said(given: str, wanted: Number) -> _Said:
    """Read an answer. Raises _UnreadableError when it is none that this question can mark."""
    text = _stripped(given)
    if len(text) > LONGEST:
        raise _UnreadableError("that is too long for a number", "write the number alone")
    single = _quantity(text)
    if single is None or not (known(single.unit) or single.unit == ""):
        for left, right in _halves(text):
            return _range(left, right, text, given, wanted)
    if single is None:
        raise _UnreadableError(f"{quoted(given)} is no number", "write one in digits or in words, as in 12.5")
    value, converted = _value(single, single.unit or wanted.unit, wanted)
    return _Said(value, value, text if converted else "")


def _range(left: _Quantity, right: _Quantity, text: str, given: str, wanted: Number) -> _Said:
    """Return both ends of a range; the unit at its end holds for both."""
    if wanted.low == wanted.high:
        raise _UnreadableError(f"{quoted(given)} is a range", "write one number")
    ends = [_value(end, end.unit or right.unit or wanted.unit, wanted) for end in (left, right)]
    low, high = sorted(value for value, _ in ends)
    return _Said(low, high, text if any(converted for _, converted in ends) else "")


class _Quantity(NamedTuple):
    """A number as written, and the text of its unit ("" for none)."""

    number: Numeral
    unit: str


def _stripped(given: str) -> str:
    """Return an answer without what says nothing about the number."""
    text = undressed(given).strip(" ").rstrip(".!;: ")
    while found := _ABOUT.match(text):
        text = text[found.end() :]
    return _OUT_OF.sub("/", text)


def _quantity(text: str) -> _Quantity | None:
    """Return the one number with its unit that a text is; None when it is anything else."""
    found = numeral(text.strip())
    if found is None:
        return None
    rest = found.rest.strip()
    if rest.startswith("-") or (re.search(r"\d", rest) and not known(rest)):
        return None
    return _Quantity(found, _ARTICLE.sub("", rest, count=1))


def _halves(text: str) -> Iterator[tuple[_Quantity, _Quantity]]:
    """Yield the ways to read a text as a range."""
    begun = _BETWEEN.match(text)
    bare = text[begun.end() :] if begun else text
    for found in (_AND if begun and begun[0].lower() == "between " else _TO).finditer(bare):
        left, right = _quantity(bare[: found.start()]), _quantity(bare[found.end() :])
        if left and right:
            yield left, right


def _value(said: _Quantity, written: str, wanted: Number) -> tuple[Fraction, bool]:
    """Return a value in the question's unit, and whether it was converted."""
    asked = _unit_of(wanted)
    number = _meant(said.number, wanted)
    if not said.unit and not written.strip():
        return number, False
    own = unit(undressed(written))
    if not said.unit and said.number.part and asked == unit("%"):
        own = Unit(asked.dimension)  # a half is 50 %
    if not wanted.unit and not known(written) and _stands_in(wanted.ask, own):
        own = BARE  # "2 nerves" where the question is how many nerves
    if own == ANGLE and asked.dimension == ("temperature",):
        own = asked
    if own.dimension != asked.dimension:
        raise _other_unit(written, wanted)
    return asked.from_base(own.base(number)), own != asked


def _stands_in(ask: str, words: Unit) -> bool:
    """Whether the words after a number are words of the question."""
    return set(words.dimension) <= {singular(word) for word in normal(ask)}


def _unit_of(wanted: Number) -> Unit:
    return unit(undressed(wanted.unit)) if wanted.unit else BARE


def _other_unit(written: str, wanted: Number) -> _UnreadableError:
    """Return the error for a unit that cannot be converted into the question's."""
    if not wanted.unit:
        return _UnreadableError(f"{quoted(written)} is not asked for", "write the number alone")
    if not known(written):
        return _UnreadableError(f"{quoted(written)} is no unit of this answer", f"write the number in {wanted.unit}")
    return _UnreadableError(f"{quoted(written)} cannot be turned into {wanted.unit}", f"answer in {wanted.unit}")


def _meant(number: Numeral, wanted: Number) -> Fraction:
    """Return the value of a number that may have two: where the question tells which, and else it is an error.

    With whole bounds `1,000` is a thousand, and with others `1.125` is a decimal: nobody would write the other.
    """
    whole = wanted.low % 1 == 0 and wanted.high % 1 == 0
    if number.other is None or number.comma == whole:
        return number.value
    raise _UnreadableError(
        f"that {_two_meanings(number)}", f"write {' or '.join(map(_unmistakable, _meanings(number)))}"
    )


def _meanings(number: Numeral) -> list[Fraction]:
    """Return the values that a number may have, the English one first."""
    return [number.value] if number.other is None else [number.value, number.other]


def _two_meanings(number: Numeral) -> str:
    return f"can mean {' or '.join(_shown(value, 15) for value in _meanings(number))}"


def _unmistakable(value: Fraction) -> str:
    """Return a value so that it cannot be read in two ways: with no group of three digits after the point."""
    text = _shown(value, 15)
    whole, _, part = text.partition(".")
    return f"{text}0" if len(part) == 3 and len(whole) <= 4 else text


def _span(said: _Said, wanted: Number) -> str:
    low, high = _shown(said.low), _shown(said.high)
    return _with_unit(low if low == high else f"{low} to {high}", wanted.unit)


def _quote(said: _Said, wanted: Number) -> str:
    span = _span(said, wanted)
    return f"{said.converted} ({span})" if said.converted else span


def _with_unit(number: str, unit_text: str) -> str:
    return f"{number}{'' if unit_text in ('', '%', '°') else ' '}{unit_text}"


def _shown(value: Fraction, digits: int = 6) -> str:
    """Return a value in digits, rounded to so many of them that matter."""
    if value.denominator == 1 and abs(value) < 10**15:
        return str(value.numerator)
    return exactly(float(f"{float(value):.{digits}g}"))


def exactly(value: float) -> str:
    """Return a number in digits, all of them, without an exponent where that is readable."""
    number = Decimal(repr(value)).normalize()
    exponent = number.adjusted()
    return f"{number:f}" if -7 <= exponent < 15 else str(number).lower()


PLAIN = "write a number as in 80 or 0.5, or a range as in 60-80"


def plain_span(text: str) -> tuple[Fraction, Fraction] | tuple[str, str]:
    """Return the bounds that a deck gives, equal for a single number; else what is wrong, and the mend."""
    bare = undressed(text)
    if len(bare) > LONGEST:
        return "is no number", PLAIN
    single = _quantity(bare)
    ends = (single, single) if single else next(_halves(bare), None)
    if ends is None:
        return "is no number", PLAIN
    for end in ends:
        if end.unit:
            return "holds a unit", "write the number alone, and the unit in 'unit: …'"
        if end.number.other is not None and not end.number.comma:
            return _two_meanings(end.number), f"write {' or '.join(map(_unmistakable, _meanings(end.number)))}"
    return ends[0].number.value, ends[1].number.value
