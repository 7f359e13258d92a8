"""The filter language: from a text such as `burn topic:risks,consent -is:suspended recall<0.8` to its terms.

Terms side by side must all hold; `or` binds weaker, brackets bind strongest, `not` or `-` turns a term round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Never

from quiz.deck.terms import (
    CLOSED_FIELDS,
    FIELDS,
    MEASURES,
    QUOTES,
    Everything,
    Field,
    Measure,
    Tree,
    Value,
    Word,
    all_of,
    any_of,
    negated,
)
from quiz.deck.wording import compared
from quiz.text import clean, folded, nearest, shortened

LONGEST = 1000  # characters: within what SQLite takes as one condition
DEEPEST = 20  # brackets within brackets
_MOST = 1_000_000  # of a number in a filter


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no filter: `column` (from 1) in `text`, what is wrong, and the mend.

    `wanting` names the field of which a value is missing, for those who know which values there are.
    """

    text: str
    column: int
    what: str
    mend: str
    wanting: str = ""

    def __str__(self) -> str:
        return f"column {self.column}: {self.what} - {self.mend}"

    def pointed(self, width: int = 72) -> str:
        """Return the text, or the part of it about the fault, and below it a caret at the place."""
        start = max(0, self.column - 1 - width // 2) if len(self.text) > width else 0
        before = self.text[start : self.column - 1]
        return f"{self.text[start : start + width]}\n{' ' * sum(map(_cells, before))}^"


def parse(text: str) -> Tree | Fault:
    """Return the tree of a filter, or what is wrong with it. Never raises, whatever the text is."""
    line = clean(text, lines=False)
    if len(line) > LONGEST:
        return Fault(line, LONGEST, f"a filter has at most {LONGEST} characters", "make it shorter")
    try:
        return _Parser(line).whole()
    except _FaultyError as error:
        return error.fault


_PHRASE = re.compile(rf"[{QUOTES}]((?:[^{QUOTES}\\]|\\.)*)[{QUOTES}]")
_FIELD = re.compile(r"([A-Za-z_]+):")
_ITEM = re.compile(rf"[^\s(),{QUOTES}]+")
_WORD = re.compile(rf"[^\s(){QUOTES}]+")
_MEASURE = re.compile(rf"({'|'.join(MEASURES)})\s*(<=|>=|[<>=≤≥])\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(-?[0-9]{1,9}(?:[.,][0-9]{1,30})?)(%?)(?=[\s()]|$)")
_COMPARED = re.compile(r"([A-Za-z_]+)[<>=≤≥]")
_OPERATOR = {"≤": "<=", "≥": ">="}
_TERM_MEND = {
    "recall": "write recall<0.8",
    "stability": "write stability>30 (days)",
    "lapses": "write lapses>=3",
    "due": "write due<=7 (days from today), or is:due",
}


class _FaultyError(Exception):
    """Leaves the parser; `parse` hands the fault on as a value."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _Parser:
    """Reads one line from left to right; `at` is the index of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def whole(self) -> Tree:
        """Read everything."""
        self._skip()
        if self.at == len(self.text):
            return Everything()
        tree = self._or()
        if self.at < len(self.text):  # only a bracket ends a filter before its end
            self._closes_nothing()
        return tree

    def _closes_nothing(self) -> Never:
        self._fail(self.at, "this bracket closes nothing", "take it out, or open one before it")

    def _or(self) -> Tree:
        parts = [self._and()]
        while (keyword := self._keyword("or")) is not None:
            self._after(keyword, "or")
            parts.append(self._and())
        return any_of(parts)

    def _and(self) -> Tree:
        parts = [self._term()]
        while True:
            keyword = self._keyword("and")
            if keyword is not None:
                self._after(keyword, "and")
            elif self._ended() or self._keyword("or", take=False) is not None:
                return all_of(parts)
            parts.append(self._term())

    def _term(self) -> Tree:
        turned = False
        while True:
            self._skip()
            start = self.at
            if self._keyword("not") is not None:
                self._after(start, "not")
            elif self.text.startswith("-", self.at):
                self.at += 1
                if self.text[self.at : self.at + 1] in ("", " ", ")"):
                    self._fail(start, "something has to follow '-' at once", 'to search for it write "-"')
            else:
                break
            turned = not turned
        part = self._group() if self.text.startswith("(", self.at) else self._leaf()
        return negated(part) if turned else part

    def _group(self) -> Tree:
        start = self.at
        self.at += 1
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(start, f"more than {DEEPEST} brackets within each other", "take some out")
        self._skip()
        if self.text.startswith(")", self.at):
            self._fail(
                start, "there is nothing between these brackets", "write a filter between them, or take them out"
            )
        if self.at == len(self.text):
            self._fail(start, "this bracket is not closed", "add ')'")
        tree = self._or()
        if self.at == len(self.text):
            self._fail(start, "this bracket is not closed", "add ')'")
        self.at += 1
        self.depth -= 1
        return tree

    def _leaf(self) -> Tree:
        for name in ("and", "or"):
            start = self._keyword(name)
            if start is not None:
                self._fail(start, f"something has to stand before '{name}'", f'to search for the word write "{name}"')
        if self.text[self.at] == ")":
            self._closes_nothing()
        if self.text[self.at] in QUOTES:
            return Word(self._phrase())
        if found := _MEASURE.match(self.text, self.at):
            return self._measure(found)
        if found := _FIELD.match(self.text, self.at):
            return self._field(found)
        return self._word()

    def _word(self) -> Tree:
        start, found = self.at, _WORD.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        if against := _COMPARED.match(found[0]):
            self._not_a_measure(against[1], start)
        # A comma at its end is between words; a star says what is so anyway, as a part of a word will do.
        text = found[0].rstrip(",;") or found[0]
        text = text.rstrip("*")
        return Word(text) if text else Everything()

    def _not_a_measure(self, name: str, start: int) -> None:
        """Refuse a comparison of what is no number. One of anything else (`p<0.05`) is a word like others."""
        if name.lower() in FIELDS:
            self._fail(start, f"'{name.lower()}' has no number to compare", f"write {name.lower()}: and the value")
        if guess := nearest(name, MEASURES):
            self._fail(start, f"there is no number '{name}'", f"did you mean '{guess}'?")

    def _phrase(self) -> str:
        start, found = self.at, _PHRASE.match(self.text, self.at)
        if found is None:
            self._fail(start, "this quotation mark is not closed", 'add another " at the end of the phrase')
        self.at = found.end()
        text = folded(re.sub(r"\\(.)", r"\1", found[1]))
        if not text:
            self._fail(start, "there is nothing between these quotation marks", "write words between them")
        return text

    def _measure(self, found: re.Match[str]) -> Tree:
        name, number = found[1].lower(), _NUMBER.match(self.text, found.end())
        start, self.at = self.at, found.end()
        if number is None:
            self._fail(self.at, f"a number has to follow '{found[0].strip()}'", _TERM_MEND[name])
        self.at = number.end()
        value = float(number[1].replace(",", "."))
        if number[2]:
            value = float(Decimal(number[1].replace(",", ".")) / 100)
        if name == "recall" and not 0 <= value <= 1:
            mend = f"write {number[1]}%, or a share such as 0.8" if value <= 100 else "write a share such as 0.8"
            self._fail(start, "recall is a share from 0 to 1", mend)
        if name != "recall" and number[2]:
            self._fail(start, f"'{name}' is no share", _TERM_MEND[name])
        if abs(value) > _MOST:
            self._fail(start, f"{number[1]} is beyond all numbers here", _TERM_MEND[name])
        return Measure(name, _OPERATOR.get(found[2], found[2]), value + 0.0)

    def _field(self, found: re.Match[str]) -> Tree:
        start, name = self.at, found[1].lower()
        if name in MEASURES:
            self._fail(start, f"'{name}' is compared with a number", _TERM_MEND[name])
        if name not in FIELDS:
            self._fail(start, f"there is no field '{shortened(found[1], 30)}'", _field_mend(found[1]))
        self.at = found.end()
        values = [self._item(name)]
        while self.text.startswith(",", self.at):
            self.at += 1
            values.append(self._item(name))
        return Field(name, tuple(values))

    def _item(self, name: str) -> Value:
        """Read one value, which the colon or a comma stands before."""
        column, quoted = self.at + 1, self.text[self.at : self.at + 1] in tuple(QUOTES)
        if quoted:
            text, begins = self._phrase(), self.text.startswith("*", self.at)
            self.at += begins
        elif found := _ITEM.match(self.text, self.at):
            text, begins = found[0].rstrip("*"), found[0].endswith("*")
            self.at = found.end()
        else:
            raise _FaultyError(_wanting(self.text, column, name))
        known = CLOSED_FIELDS.get(name)
        if known is not None:
            problem = unknown(self.text, name, Value(text, begins, column), known)
            if problem is not None:
                raise _FaultyError(problem)
        return Value(text, begins, column)

    # -- the smallest steps -------------------------------------------------------------------------------------------

    def _skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _ended(self) -> bool:
        self._skip()
        return self.at == len(self.text) or self.text[self.at] == ")"

    def _keyword(self, name: str, *, take: bool = True) -> int | None:
        """Return the index of a keyword that stands here, and go behind it; None when none does."""
        self._skip()
        found = _WORD.match(self.text, self.at)
        if found is None or found[0].lower() != name:
            return None
        if take:
            self.at = found.end()
        return found.start()

    def _after(self, start: int, name: str) -> None:
        """Something has to follow what stands at `start`."""
        if self._ended():
            self._fail(start, f"something has to follow '{name}'", f'to search for it write "{name}"')

    def _fail(self, start: int, what: str, mend: str) -> Never:
        raise _FaultyError(Fault(self.text, start + 1, what, mend))


def unknown(text: str, name: str, value: Value, known: Sequence[str]) -> Fault | None:
    """Return the fault of a value that is none of the `known` ones (in the form of `compared`); None when it is one."""
    said = compared(value.text)
    if any(one.startswith(said) if value.begins else one == said for one in known):
        return None
    guess = next((one for one in known if said and one.startswith(said)), None) or nearest(said, tuple(known))
    called = "state" if name == "is" else name
    what = f"there is no {called} '{shortened(value.text, 30)}'"
    if value.begins:
        what = f"no {called} begins with '{shortened(value.text, 30)}'"
    if not known:
        what, mend = f"no card has a {called}", "leave it out"
    elif guess:
        mend = f"did you mean '{shortened(guess, 40)}'?"
    else:
        mend = there_are(known)
    return Fault(text, value.column, what, mend)


def there_are(known: Sequence[str]) -> str:
    """Return a mend that names what there is, or the first of it."""
    names = ", ".join(shortened(one, 30) for one in known[:8])
    return f"there are: {names}{' …' if len(known) > 8 else ''}" if known else "no card has one"


def _wanting(text: str, column: int, name: str) -> Fault:
    known = CLOSED_FIELDS.get(name)
    mend = there_are(known) if known else f"write {name}:value, with quotation marks if it has spaces"
    return Fault(text, column, f"a value has to follow '{name}:'", mend, name)


def _field_mend(name: str) -> str:
    guess = nearest(name, FIELDS)
    return f"did you mean '{guess}:'?" if guess else f'there are {", ".join(FIELDS)}; or search for it in "quotes"'


def _cells(char: str) -> int:
    """Return how many cells of a terminal a character takes."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
