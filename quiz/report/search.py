"""What a filter finds: its terms (`quiz/deck/terms.py`) as SQL over decks and card states, and the rows to show.

`db` is a history with its catalogue attached as `deck`: `History.reader()`, or any connection like it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from quiz.deck.filter import Fault, parse, there_are, unknown
from quiz.deck.model import Card
from quiz.deck.terms import (
    OPEN_FIELDS,
    STATES,
    And,
    Everything,
    Field,
    Measure,
    Not,
    Or,
    Tree,
    Value,
    Word,
    fields_in,
)
from quiz.deck.wording import compared
from quiz.memory import Params, Rating, StudyDay
from quiz.memory.leech import LEARNED, LEECH
from quiz.report.today import due_today
from quiz.store.derive import CardState, undone
from quiz.store.events import Event, Kind
from quiz.store.weights import kept_params
from quiz.text import clean, folded

MOST_STUDIED = 200  # cards: the plan of a session is written with each answer, with the ids of all its cards

Query = Callable[[str, Sequence[Any]], Iterable[tuple[Any, ...]]]
"""Runs one reading statement: `db.execute`, or `History.query`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A card in a list: what it says in a line, and where it stands.

    `waits` is in how many days a session may ask it; 0 for a new card, and for one that is due. One that is put off
    for today, for a lighter day or for its sibling, waits at least until tomorrow.
    """

    card: str
    text: str
    new: bool
    waits: int
    suspended: bool
    flagged: bool

    @property
    def state(self) -> str:
        """The state in a word or two: `new`, `due`, `in 12 d`, `suspended`."""
        if self.suspended:
            return "suspended"
        if not self.waits:
            return "new" if self.new else "due"
        if self.waits < 60:
            return f"in {self.waits} d"
        return f"in {round(self.waits / 30.44)} mo" if self.waits < 730 else f"in {round(self.waits / 365.25)} y"

    def at(self, state: CardState, day: StudyDay) -> Row:
        """Return the row of the same card where it stands so."""
        waits = max(0, state.shown_from - day)
        return replace(self, new=state.new, waits=waits, suspended=state.suspended, flagged=state.flagged)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a card: an answer, or that it was suspended, put off, flagged or begun anew.

    `what` is the kind of event, `question` the name of the question answered, `mark` is from 0 to 1, `on` is false
    where a decision was taken back, `note` is that of a flag.
    """

    day: StudyDay
    what: Kind
    question: str = ""
    mark: float = 0.0
    rating: Rating | None = None
    certainty: str = ""
    mode: str = "study"
    on: bool = True
    note: str = ""


def read(db: sqlite3.Connection, text: str) -> Tree | Fault:
    """Return the tree of a filter, or what is wrong with it: here a value that no card has is a fault too."""
    line = clean(text, lines=False)
    tree = parse(line)
    if isinstance(tree, Fault):
        return replace(tree, mend=there_are(_values(db, tree.wanting))) if tree.wanting in OPEN_FIELDS else tree
    asked = ((field.name, value) for field in fields_in(tree) if field.name in OPEN_FIELDS for value in field.values)
    for name, value in asked:
        found = db.execute("select 1 from deck.wording where instr(traits, ?) limit 1", (_trait(name, value),))
        fault = None if found.fetchone() else unknown(line, name, value, _values(db, name))
        if fault is not None:
            return fault
    return tree


def cards_of(db: sqlite3.Connection, tree: Tree, day: StudyDay) -> list[str]:
    """Return the ids of the cards that a filter lets through on a study day, in the order of the decks."""
    condition = _Condition(day, kept_params(db), lambda: due_today(db, day))
    where = condition.of(tree)
    found = db.execute(f"{_CARDS} where {where} and c.live order by {_PLACE}", condition.values)
    return [card for (card,) in found]


def askable(db: sqlite3.Connection, tree: Tree, day: StudyDay, most: int) -> list[str]:
    """Return at most `most` of the cards that a session could ask on a study day: the weakest due ones, then new."""
    condition = _Condition(day, kept_params(db), lambda: due_today(db, day))
    where = f"{condition.of(tree)} and c.live and (coalesce(s.shown_from, 0) <= ? or {_AMONG})"
    order = f"s.stability is null, s.stability, {_PLACE}"
    found = db.execute(
        f"{_CARDS} where {where} order by {order} limit ?", (*condition.values, day, condition.due(), most)
    )
    return [card for (card,) in found]


def rows(query: Query, cards: Sequence[str], day: StudyDay, due: Collection[str]) -> list[Row]:
    """Return the rows of some cards, in their order; one that no deck holds any more has no text.

    due: the cards that a session asks today (`due_today`).
    """
    found = {
        card: (body, new, shown_from, suspended, flagged)
        for card, body, new, shown_from, suspended, flagged in query(_ROWS, (json.dumps(list(cards)),))
    }
    return [_row(card, day, card in due, *found.get(card, (None, True, 0, False, False))) for card in cards]


def past(events: Iterable[Event]) -> list[Moment]:
    """Return what happened to a card, the newest first; what was taken back is left out."""
    known = list(events)
    gone = undone(known)
    counting = [e for e in known if e.kind in _TOLD and e.id not in gone]
    return [_moment(event) for event in sorted(counting, key=lambda e: e.order, reverse=True)]


_CARDS = (
    "select c.id from deck.wording w cross join deck.card c on c.rowid = w.card left join state s on s.card = c.id "
    "join deck.file f on f.path = c.path"
)
_AMONG = "c.id in (select value from json_each(?))"
_PLACE = "f.place, f.path, c.position"
_ROWS = (
    "select c.id, c.body, s.stability is null, coalesce(s.shown_from, 0), coalesce(s.suspended, 0), "
    "coalesce(s.flagged, 0) from deck.card c left join state s on s.card = c.id "
    "where c.live and c.id in (select value from json_each(?))"
)
_TOLD = ("answer", "suspend", "bury", "flag", "reset")


def _row(card: str, day: StudyDay, due: bool, body: str | None, new: bool, shown_from: int, *marks: bool) -> Row:
    held = Card.from_json(body) if body else None
    text = folded(held.claim or held.questions[0].stem) if held else ""
    waits = 0 if due else max(0 if new else 1, shown_from - day)
    return Row(card, text, bool(new), waits, *map(bool, marks))


def _moment(event: Event) -> Moment:
    body = event.body
    return Moment(
        event.day,
        event.kind,
        question=str(body.get("question") or ""),
        mark=float(body.get("mark", 0.0)),
        rating=Rating(event.rating) if event.rating else None,
        certainty=str(body.get("certainty") or ""),
        mode=str(body.get("mode", "study")),
        on=bool(body.get("on", True)),
        note=str(body.get("note") or ""),
    )


class _Condition:
    """Turns a tree into SQL and gathers its `values`. What it says is never null, so that `not` is the rest."""

    def __init__(self, day: StudyDay, params: Params, due: Callable[[], Iterable[str]]) -> None:
        """`due` finds the cards that a session asks today: only where the tree, or `due`, asks for them."""
        self.values: list[Any] = []
        self._day, self._params, self._find = day, params, due
        self._due = ""

    def due(self) -> str:
        """Return the cards that a session asks today, as JSON."""
        self._due = self._due or json.dumps(sorted(self._find()))
        return self._due

    def of(self, tree: Tree) -> str:
        match tree:
            case Everything():
                return "1"
            case Word(text):
                return self._with("instr(w.words, ?)", compared(text))
            case Field("is", values):
                names = [state for state in STATES if any(_means(value, state) for value in values)]
                return _joined(" or ", map(self._state, names))
            case Field(name, values):
                return _joined(" or ", (self._with("instr(w.traits, ?)", _trait(name, v)) for v in values))
            case Measure():
                return self._measure(tree)
            case Not(part):
                return f"not {self.of(part)}"
            case And(parts):
                return _joined(" and ", map(self.of, parts))
            case Or(parts):
                return _joined(" or ", map(self.of, parts))

    def _with(self, sql: str, *values: Any) -> str:
        self.values += values
        return sql

    def _state(self, name: str) -> str:
        match name:
            case "due":
                return self._with(_AMONG, self.due())
            case "new":
                return "(s.stability is null)"
            case "seen":
                return "(s.stability is not null)"
            case "safety":
                return "c.safety"
            case "leech":
                return self._with("(coalesce(s.lapses >= ? and s.stability < ?, 0))", LEECH, LEARNED)
            case "danger":
                return "(coalesce(s.danger, 0) > 0)"
            case _:
                return f"coalesce(s.{name}, 0)"

    def _measure(self, measure: Measure) -> str:
        operator, number = measure.operator, measure.number
        match measure.name:
            case "recall":
                # Recall has fallen below a share when so many times the stability has passed: no power to be taken.
                sql = f"coalesce(max(? - s.day, 0) {_TURNED[operator]} ? * s.stability, 0)"
                return self._with(sql, self._day, _stabilities(number, self._params))
            case "due":
                sql = f"(s.stability is not null and not s.suspended and s.shown_from - ? {operator} ?)"
                return self._with(sql, self._day, number)
            case "lapses":
                return self._with(f"(coalesce(s.lapses, 0) {operator} ?)", number)
            case _:
                return self._with(f"coalesce(s.{measure.name} {operator} ?, 0)", number)


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def _joined(word: str, parts: Iterable[str]) -> str:
    return f"({word.join(parts)})"


def _means(value: Value, name: str) -> bool:
    said = compared(value.text)
    return name.startswith(said) if value.begins else name == said


def _trait(name: str, value: Value) -> str:
    return f"\n{name}:{compared(value.text)}" + ("" if value.begins else "\n")


def _stabilities(share: float, params: Params) -> float:
    """Return after how many times its stability the recall of a card has fallen to a share (0 to 1)."""
    if share <= 0:
        return inf
    days: float = (share ** (1 / params.decay) - 1) / params.factor
    return days


def _values(db: sqlite3.Connection, name: str) -> list[str]:
    """Return the values of a field that cards have. Reads all cards: only for what is misspelt."""
    start = f"{name}:"
    lines = (line for (text,) in db.execute("select distinct traits from deck.wording") for line in text.split("\n"))
    return sorted({line.removeprefix(start) for line in lines if line.startswith(start)})
