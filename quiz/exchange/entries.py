"""Cards as entries of a deck file in plain data, and back: what every format is written from and read into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from quiz.deck.model import Card
from quiz.digest import blake2b
from quiz.exchange.parcel import LeftOut
from quiz.questions import Choice, Cloze, FigureMark, Flip, Match, Number, Order, Question, Select, Typed
from quiz.questions.nodes import Map, Mark, Node, Seq, Text
from quiz.text import folded

Entry = dict[str, Any]
MOST_TEXT = 20_000  # characters in one text: what a person could still read on a screen
MOST_CARDS = 100_000
KEYED = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}:\s")  # what a cloze would take for the key of a hole
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
_TEXTS = ("claim", "why", "case", "certainty", "checked", "tier", "topic", "procedure")
_LISTS = ("sources", "corrects", "contrast_with", "audience", "tags")
_DEFAULTS = {"certainty": "high", "tier": "core"}


@dataclass(slots=True)
class Spot:
    """A place in a file as the deck reader wants it: line and column count from 0."""

    line: int
    column: int


def text_at(value: str, mark: Mark) -> Text:
    """Return a text that knows its place."""
    node = Text(value)
    node.mark = mark
    return node


def seq_at(items: Iterable[Node], mark: Mark) -> Seq:
    """Return a list that knows its place."""
    node = Seq(items)
    node.mark = mark
    return node


def map_at(fields: Iterable[tuple[str, Node]], mark: Mark) -> Map:
    """Return a group of fields; each name stands where its value does."""
    node = Map((text_at(name, value.mark), value) for name, value in fields)
    node.mark = mark
    return node


def nodes_of(value: Any, mark: Mark) -> Node:
    """Return plain data as nodes that all stand at one place. What is neither list nor map is a text."""
    if isinstance(value, dict):
        return map_at(((str(k), nodes_of(v, mark)) for k, v in value.items()), mark)
    if isinstance(value, list | tuple):
        return seq_at((nodes_of(item, mark) for item in value), mark)
    return text_at("true" if value is True else "false" if value is False else str(value), mark)


def plain(node: Node) -> Any:
    """Return nodes as plain data."""
    if isinstance(node, Map):
        return {str(k): plain(v) for k, v in node.items()}
    if isinstance(node, Seq):
        return [plain(item) for item in node]
    return str(node)


def texts_in(node: Node) -> Iterator[Text]:
    """Yield all texts among nodes, the names of fields and left sides included."""
    waiting: list[Node] = [node]
    while waiting:
        top = waiting.pop()
        if isinstance(top, Map):
            waiting += [*top.values(), *(key for key in top if isinstance(key, Text))]
        elif isinstance(top, Seq):
            waiting += top
        else:
            yield top


def derived_id(*parts: str) -> str:
    """Return an id made from texts: 12 letters and digits, the same at every import. Only white space may differ."""
    text = "\x1f".join(folded(part) for part in parts)
    number = int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(0, 60, 5))


def figures_of(value: float | Decimal) -> str:
    """Return a number so that a deck takes it for nothing else: in plain digits, never three behind the point."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("", "-0"):
        return "0"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text  # 1.234 could be 1234


def entries_of(cards: Sequence[Card]) -> tuple[list[Entry], tuple[LeftOut, ...]]:
    """Return cards as entries of a deck, siblings made from one entry joined again; and what could not be."""
    found: list[Entry] = []
    left_out: list[LeftOut] = []
    for family, group in groupby(cards, key=lambda card: card.family):
        members = tuple(group)
        asked = _asked(family, members)
        if asked is None:
            left_out.append(LeftOut(members[0].id, "it is part of an entry whose other parts are not here", 1))
        else:
            found.append({"id": family, **_fields(members[0]), **asked})
    return found, tuple(left_out)


def _fields(card: Card) -> Entry:
    """Return what stands on a card, without what is so by itself."""
    found: Entry = {n: value for n in _TEXTS if (value := getattr(card, n)) and value != _DEFAULTS.get(n)}
    found |= {name: list(value) for name in _LISTS if (value := getattr(card, name))}
    return found | ({"safety": True} if card.safety else {})


def _asked(family: str, members: tuple[Card, ...]) -> Entry | None:
    """Return the questions of an entry; None when these cards are not all that was made from it."""
    first = members[0]
    if len(members) == 1 and first.id == family:
        return _questions(first)
    asked = [card.questions[0] for card in members]
    parts = [card.id.removeprefix(f"{family}/") for card in members]
    front, back = asked[0], asked[-1]
    if [card.id for card in members] == [family, f"{family}/back"] and isinstance(front, Flip) and front.answer:
        swapped = isinstance(back, Flip) and (back.ask, back.answer) == (front.answer, front.ask)
        return {**question_fields(front), "both_ways": True, **_beside(first, 0)} if swapped else None
    holes = [q for q in asked if isinstance(q, Cloze)]
    if len(holes) < len(members) or len({q.whole for q in holes}) > 1 or any(c.id == family for c in members):
        return None
    return {**_several_holes(parts, holes), **_beside(first, 0)}


def _several_holes(parts: Sequence[str], holes: Sequence[Cloze]) -> Entry:
    """Return the cloze with keyed holes that these questions were made from."""
    found: Entry = {"cloze": keyed(parts, holes)}
    if holes[0].accept:
        found["accept"] = list(holes[0].accept)
    if holes[0].reject:
        found["reject"] = list(holes[0].reject)
    return found


def keyed(parts: Sequence[str], holes: Sequence[Cloze]) -> str:
    """Return the sentence that has all these holes, each with its key."""
    text = holes[0].whole
    for part, hole in sorted(zip(parts, holes, strict=True), key=lambda pair: -len(pair[1].before)):
        start = len(hole.before)
        text = f"{text[:start]}{{{{{part}: {hole.answer}}}}}{text[start + len(hole.answer) :]}"
    return text


def _questions(card: Card) -> Entry:
    """Return the questions of a card that is one entry: on the card itself where there is one."""
    asked = [{**question_fields(q), **_beside(card, n)} for n, q in enumerate(card.questions)]
    only = card.questions[0]
    keyed = isinstance(only, Cloze) and KEYED.match(only.answer)  # on the card itself it would make siblings
    return asked[0] if len(asked) == 1 and not card.unfolds[0] and not keyed else {"questions": asked}


def _beside(card: Card, number: int) -> Entry:
    """Return what stands beside a question but does not belong to its kind."""
    figure = card.figures[number] if not isinstance(card.questions[number], FigureMark) else ""
    return {
        **({"case": card.unfolds[number]} if card.unfolds[number] else {}),
        **({"figure": figure} if figure else {}),
    }


def question_fields(question: Question) -> Entry:
    """Return a question as the fields of a deck."""
    fields: Entry
    match question:
        case Flip():
            fields = {"ask": question.ask, "answer": question.answer}
        case Typed():
            fields = {"ask": question.ask, "answer": question.answer, "accept": list(question.accept)}
        case Cloze():
            key = "a: " if KEYED.match(question.answer) else ""
            fields = {"cloze": f"{question.before}{{{{{key}{question.answer}}}}}{question.after}"}
            if question.accept:
                fields["accept"] = list(question.accept)
        case Choice():
            fields = {"ask": question.ask, "choices": _options(question, {question.right})}
        case Select():
            fields = {"ask": question.ask, "choices": _options(question, set(question.rights))}
            if question.choose:
                fields["choose"] = question.choose
        case Number():
            fields = {"ask": question.ask, "number": span_of(question)}
            if question.unit:
                fields["unit"] = question.unit
            if question.tolerance:
                fields["tolerance"] = figures_of(question.tolerance) + "%" * question.percent
        case Order():
            fields = {"ask": question.ask, "order": list(question.items)}
        case Match():
            fields = {"ask": question.ask, "match": dict(question.pairs)}
            distractors = [right for i, right in enumerate(question.rights) if i not in question.answers]
            if distractors:
                fields["distractors"] = distractors
        case FigureMark():
            fields = {"ask": question.ask, "figure": question.figure, "mark": question.at}
            if question.answer:
                fields |= {"answer": question.answer, "accept": list(question.accept)}
        case _:
            raise TypeError(f"no kind of question: {question.kind}")
    if isinstance(question, Typed | Cloze | FigureMark) and question.reject:
        fields["reject"] = list(question.reject)
    return fields | ({"proof": True} if question.proof else {})


def span_of(question: Number) -> str:
    """Return the right number, or the range of them, as a deck has it."""
    low, high = figures_of(question.low), figures_of(question.high)
    return low if low == high else f"{low} to {high}"


def _options(question: Choice | Select, rights: set[int]) -> list[Entry]:
    return [
        {"right" if i in rights else "wrong": option.text} | ({"why": option.why} if option.why else {})
        for i, option in enumerate(question.options)
    ]
