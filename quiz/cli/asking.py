"""How each kind of question is asked in lines: what stands below its stem, the prompt, and what a typed line means.

The one place of the line modes that knows the kinds. A line becomes `given`, the text that `question.mark` takes, or a
line that says why it cannot be taken and how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quiz.deck.figures import SIZES, Figure, spoken
from quiz.questions import Choice, FigureMark, Flip, Match, Number, Order, Question, Select
from quiz.study.rating import Certainty
from quiz.study.shown import Shown

DONT_KNOW, ZERO = "?", "0"
OR_NOT = f"{DONT_KNOW} for I don't know"
SURE_PROMPT = "How sure are you (l low, m middle, h high, or only Enter)?"
SURE_PROBLEM = "Type l, m or h (or 1, 2, 3); only Enter leaves it open."
WIDEST, MOST_ROWS = SIZES["wide"]  # of the drawing of a figure

_SURE: dict[str, Certainty] = {"l": "low", "m": "mid", "h": "high"}
_SURE_AT_END = re.compile(r"(?:^|\s|(?<=[0-9]))!([lmh])$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;.)]+")
_PAIR = re.compile(r"([A-Z])?[\s:=]*(\d+|-)[\s,;.)]*", re.IGNORECASE)
_PAIRS = re.compile(rf"(?:{_PAIR.pattern})+", re.IGNORECASE)
_RUN = re.compile(r"[0-9-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """What a typed line means: the answer as `question.mark` takes it, or in `problem` why there is none."""

    given: str
    problem: str = ""


def with_certainty(line: str) -> tuple[str, Certainty | None]:
    """Return an answer and, where it ends in !l, !m or !h, how sure the learner is of it."""
    found = _SURE_AT_END.search(line)
    return (line[: found.start()].strip(), _SURE[found[1].casefold()]) if found else (line, None)


def certainty(line: str) -> tuple[Certainty | None, str]:
    """Return how sure a learner says to be after `SURE_PROMPT` (None: left open), and what is wrong with the line."""
    key = {"1": "l", "2": "m", "3": "h"}.get(line, line.casefold()[:1])
    return (_SURE.get(key), "" if not key or key in _SURE else SURE_PROBLEM)


def number(text: str, most: int) -> int | None:
    """Return the number from 1 to `most` that a line is (`2`, `2.`, `2)`), or None."""
    digits = text.removesuffix(".").removesuffix(")")
    fits = digits.isascii() and digits.isdecimal() and len(digits) < 6 and 1 <= int(digits) <= most
    return int(digits) if fits else None


# -- what is asked ----------------------------------------------------------------------------------------------------


def told(shown: Shown) -> Iterator[str]:
    """Say what stands below the stem: options, steps or sides, by number (left sides by letter)."""
    question = shown.question
    match question:
        case Choice() | Select():
            parts = [question.options[i].text for i in shown.order]
        case Order():
            parts = [question.items[i] for i in shown.order]
        case Match():
            for at, left in enumerate(question.lefts):
                yield f"{_letter(at)}. {left}"
            parts = [question.rights[i] for i in shown.order]
        case _:
            parts = []
    for at, part in enumerate(parts, 1):
        yield f"{at}. {part}"


def pictured(figure: Figure, question: Question, columns: int = WIDEST) -> Iterator[str]:
    """Say a figure that goes with a question: its drawing, and its description without what would be the answer."""
    yield from drawn(figure, columns)
    words = spoken(figure, question)
    if words:
        yield f"The figure in words: {words}"


def drawn(figure: Figure, columns: int = WIDEST) -> Iterator[str]:
    """Say the drawing of a figure, if there is one for this many columns."""
    drawing = figure.drawing(columns, MOST_ROWS)
    if drawing:
        yield drawing


def labelled(figure: Figure, question: Question) -> Iterator[str]:
    """Say what the mark that was asked for is, once the answer is given."""
    label = figure.label(question.at) if isinstance(question, FigureMark) else None
    if label:
        yield f"[{label.mark}] is: {label.label}. {label.note}".rstrip()


def prompt(shown: Shown) -> str:
    """Return the words that ask for an answer."""
    question, parts = shown.question, len(shown.order)
    match question:
        case Choice():
            how = f"1-{parts}, or {OR_NOT}"
        case Select(choose=0):
            how = f"all that apply, as in 1 {parts}; {OR_NOT}"
        case Select():
            how = f"choose {question.choose}, as in {_example(question.choose)}; {OR_NOT}"
        case Order():
            how = f"the numbers in the right order, as in {_example(parts)}; {OR_NOT}"
        case Match():
            how = f"a number for each letter, as in {_pairs(len(question.lefts))}; {OR_NOT}"
        case Number():
            how = f"a number in {question.unit}; {OR_NOT}" if question.unit else f"a number; {OR_NOT}"
        case FigureMark(points=True):
            how = f"the number of the mark; {OR_NOT}"
        case Flip():
            how = f"in a few words of your own, you mark it yourself; {OR_NOT}"
        case _:
            how = OR_NOT
    return f"Your answer ({how}):"


# -- what was answered ------------------------------------------------------------------------------------------------


def read(shown: Shown, text: str) -> Line:
    """Return what a typed line means as an answer to a question.

    A 0 means what it means on the screens, I don't know, where no answer can be a 0.
    """
    if text == DONT_KNOW or (text == ZERO and shown.question.kind in _READERS):
        return Line("")
    reader = _READERS.get(shown.question.kind)
    found = reader(shown, text) if reader else Line(text, "" if text else _NOTHING)
    if not found.problem and (problem := shown.question.problem(found.given)):
        return Line("", f"{problem[0].upper()}{problem[1:]}".removesuffix(".") + ".")
    return found


def in_words(shown: Shown, given: str) -> str:
    """Return an answer as the learner would say it, by the numbers shown."""
    question = shown.question
    if not given:
        return "I don't know"
    places = {str(index): str(place) for place, index in enumerate(shown.order, 1)}
    parts = given.split(",")
    match question:
        case Choice() | Select():
            taken = sorted(places[part] for part in parts)
            return "; ".join(f"{at}. {question.options[shown.order[int(at) - 1]].text}" for at in taken)
        case Order():
            return ", ".join(question.items[int(part)] for part in parts)
        case Match():
            return ", ".join(f"{_letter(i)}{places.get(part, part)}" for i, part in enumerate(parts))
        case _:
            return given


def _choice(shown: Shown, text: str) -> Line:
    options = len(shown.order)
    found = number(text, options)
    if found is None:
        return Line("", f"Type a number from 1 to {options}, or {DONT_KNOW} if you do not know.")
    return Line(str(shown.order[found - 1]))


def _select(shown: Shown, text: str) -> Line:
    options = len(shown.order)
    found = [number(part, options) for part in _parts(text, options)]
    taken = sorted({shown.order[at - 1] for at in found if at})
    if not found or None in found:
        mend = f"Type numbers from 1 to {options}, as in 1 {options}, or {DONT_KNOW} if you do not know."
        return Line("", mend)
    return Line(",".join(map(str, taken)))


def _order(shown: Shown, text: str) -> Line:
    steps = len(shown.order)
    laid = [number(part, steps) or 0 for part in _parts(text, steps)]
    if sorted(laid) != list(range(1, steps + 1)):
        mend = f"Type each number from 1 to {steps} once, first step first, as in {_example(steps)}"
        return Line("", f"{mend}; or {DONT_KNOW} if you do not know.")
    return Line(",".join(str(shown.order[at - 1]) for at in laid))


def _match(shown: Shown, text: str) -> Line:
    """Take `A2 B1 C-`, in any order of the letters, or only the numbers in the order of the letters."""
    assert isinstance(shown.question, Match)
    letters = [_letter(i) for i in range(len(shown.question.lefts))]
    line = " ".join(text) if _RUN.fullmatch(text) else text
    pairs = list(_PAIR.finditer(line)) if _PAIRS.fullmatch(line) else []
    named = [pair[1].upper() for pair in pairs if pair[1]] or letters
    sides = [pair[2] for pair in pairs]
    known = all(side == "-" or number(side, len(shown.order)) for side in sides)
    if sorted(named) != letters or len(sides) != len(letters) or not known:
        mend = (
            f"Type for each letter a number from 1 to {len(shown.order)} (or - for none), as in {_pairs(len(letters))}"
        )
        return Line("", f"{mend}; or {DONT_KNOW} if you do not know.")
    chosen = dict(zip(named, sides, strict=True))
    given = (chosen[letter] for letter in letters)
    return Line(",".join(side if side == "-" else str(shown.order[int(side) - 1]) for side in given))


_NOTHING = f"Type your answer, or {DONT_KNOW} if you do not know."
_READERS: dict[str, Callable[[Shown, str], Line]] = {
    Choice.kind: _choice,
    Select.kind: _select,
    Order.kind: _order,
    Match.kind: _match,
}


def _parts(text: str, most: int) -> list[str]:
    """Return the numbers of a line; single digits may stand without anything between them where none is above 9."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return list(parts[0]) if len(parts) == 1 and most < 10 and parts[0].isdecimal() else parts


def _letter(at: int) -> str:
    return "ABCDEFGHIJ"[at]


def _example(count: int) -> str:
    """Return an example of so many numbers in some order: `2 1 3`."""
    return " ".join(map(str, [2, 1, *range(3, count + 1)][:count]))


def _pairs(lefts: int) -> str:
    return " ".join(f"{_letter(at)}{side}" for at, side in enumerate([2, 1, *range(3, lefts + 1)][:lefts]))
