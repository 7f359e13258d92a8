"""The terms of a filter: a small tree, and the text that reads as it. `quiz/deck/filter.py` is the way there.

Pure: what a term means for decks and a history is said in `quiz/report/search.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from quiz.deck.model import AUDIENCES, CERTAINTIES, TIERS
from quiz.questions import KINDS

STATES = ("due", "new", "seen", "suspended", "flagged", "safety", "leech", "danger")
OPEN_FIELDS = ("topic", "procedure", "deck", "source", "tag")
"""Fields whose values are the decks' own, so that only these know which there are."""

CLOSED_FIELDS: dict[str, tuple[str, ...]] = {
    "is": STATES,
    "audience": AUDIENCES,
    "tier": TIERS,
    "certainty": CERTAINTIES,
    "kind": KINDS,
}
FIELDS = (*OPEN_FIELDS, *CLOSED_FIELDS)
MEASURES = ("recall", "stability", "lapses", "due")
OPERATORS = ("<", "<=", ">", ">=", "=")

QUOTES = '"“”„'
KEYWORDS = frozenset({"and", "or", "not"})
_BARE = re.compile(rf"[^\s(){QUOTES}:<>=≤≥*,;\\-][^\s(){QUOTES}:<>=≤≥*,;\\]*")  # never read as anything else


@dataclass(frozen=True, slots=True)
class Everything:
    """Lets every card through: an empty filter, or `*`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, part of a word, or a phrase that stands somewhere in the card (see `quiz.deck.wording`)."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field; with `begins` every value that begins so (`ri*`). `column` counts from 1."""

    text: str
    begins: bool = False
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field that has one of some values: `topic:risks,technique`, `is:due`."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of the card's memory: `recall` (0 to 1), `stability` and `due` (days, `due` from today), `lapses`."""

    name: str
    operator: str
    number: float


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not let through. Made by `negated`."""

    part: Tree


@dataclass(frozen=True, slots=True)
class And:
    """What each of two or more parts lets through. Made by `all_of`."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What one of two or more parts lets through. Made by `any_of`."""

    parts: tuple[Tree, ...]


Tree = Everything | Word | Field | Measure | Not | And | Or


def all_of(parts: Sequence[Tree]) -> Tree:
    """Return what all parts let through; without parts everything."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, And) else (part,)) if p != Everything()]
    return And(tuple(flat)) if len(flat) > 1 else flat[0] if flat else Everything()


def any_of(parts: Sequence[Tree]) -> Tree:
    """Return what one of the parts lets through."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, Or) else (part,))]
    if Everything() in flat:
        return Everything()
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def negated(part: Tree) -> Tree:
    """Return what the part does not let through."""
    return part.part if isinstance(part, Not) else Not(part)


def fields_in(tree: Tree) -> Iterator[Field]:
    """Yield the fields that a filter names."""
    match tree:
        case Field():
            yield tree
        case Not(part):
            yield from fields_in(part)
        case And(parts) | Or(parts):
            for one in parts:
                yield from fields_in(one)


def written(tree: Tree) -> str:
    """Return the text that reads as this tree."""
    return "" if tree == Everything() else _written(tree)


def _written(tree: Tree) -> str:
    match tree:
        case Everything():
            return "*"
        case Word(text):
            return text if _BARE.fullmatch(text) and text.lower() not in KEYWORDS else _quoted(text)
        case Field(name, values):
            return f"{name}:{','.join(map(_value, values))}"
        case Measure(name, operator, number):
            return f"{name}{operator}{_decimal(number)}"
        case Not(part):
            return f"-({_written(part)})" if isinstance(part, And | Or) else f"-{_written(part)}"
        case And(parts):
            return " ".join(f"({_written(p)})" if isinstance(p, Or) else _written(p) for p in parts)
        case Or(parts):
            return " or ".join(map(_written, parts))


def _value(value: Value) -> str:
    plain = value.begins if not value.text else _BARE.fullmatch(value.text)
    return f"{value.text if plain else _quoted(value.text)}{'*' * value.begins}"


def _quoted(text: str) -> str:
    return '"' + re.sub(rf"[{QUOTES}\\]", r"\\\g<0>", text) + '"'


def _decimal(number: float) -> str:
    """Return a number as short as it can be read again, without an exponent."""
    return format(Decimal(repr(number)), "f").removesuffix(".0")
