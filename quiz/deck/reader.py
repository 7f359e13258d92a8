"""Deck file to deck: strict and kind. Every problem is told at once, with its place and its mend.

A faulty card is left out and the others stay; a file that cannot be read at all gives a deck without cards.
The rules for the fields are those of the design's section 3; `decks/README.md` and `quiz new` show them by example.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from quiz.deck.model import AUDIENCES, CERTAINTIES, TIERS, Card, Deck, Source, content_id
from quiz.deck.yaml import collector_paused, parse
from quiz.places import Place, Problem
from quiz.questions import Question, cloze, flip, kinds
from quiz.questions.fields import Reading, shown
from quiz.questions.nodes import Map, Node, Seq, Text, kind_of
from quiz.text import FORBIDDEN, clean, folded, name_of

LAST = 10_000  # the order of decks that name none
MOST_BYTES = 256 * 1024 * 1024
DECK_FIELDS = frozenset(
    {"title", "order", "topic", "procedure", "audience", "sources", "certainty", "checked", "tier", "tags", "cards"}
)
CARD_FIELDS = frozenset(
    "id claim why case sources certainty checked tier safety corrects contrast_with topic procedure audience tags "
    "evidence exceptions questions both_ways same-as reset".split()
)
_SIMPLE_FIELDS = CARD_FIELDS | kinds.FIELDS
_TOP_TEXTS, _TEXTS = ("topic", "procedure"), ("topic", "procedure", "claim", "why", "case")
_TOP_LISTS, _LISTS = ("sources", "tags", "audience"), ("sources", "tags", "audience", "corrects", "contrast_with")
Fields = dict[str, Any]  # by name, the fields of a `Card` that come straight from the file
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ID_WITH_PART = re.compile(rf"{ID.pattern}(?:/[A-Za-z0-9][A-Za-z0-9._-]{{0,79}})?")
ID_MEND = "use letters, digits, '-', '_' and '.', at most 80 of them"
_BEGIN = "write 'title:' and 'cards:' into it, or start with: quiz new FILE"
_ORDER = re.compile(r"[1-9][0-9]{0,3}")
_SENTENCE = re.compile(r"S[0-9]{2}")
_SOURCE_FIELDS = frozenset({"title", "kind", "authors", "journal", "year", "doi", "pmcid", "url"})


def read_deck(path: Path) -> Deck:
    """Read one deck file. Never raises for what is in the file or its folder: the problems say what is wrong."""
    reading = Reading(clean(str(path), lines=False))
    text = read_text(path, reading)
    if text is None:
        return Deck(str(path), _stem(path), LAST, (), tuple(reading.problems))
    with collector_paused():
        return _deck(parse(text, reading), path, reading)


def read_sources(path: Path) -> tuple[dict[str, Source], tuple[Problem, ...]]:
    """Read a bibliography: a map from source id to its fields."""
    reading = Reading(clean(str(path), lines=False))
    text = read_text(path, reading)
    with collector_paused():
        root = parse(text, reading) if text is not None else None
    found: dict[str, Source] = {}
    if isinstance(root, Map):
        for name, node in root.items():
            if not isinstance(node, Map):
                reading.problem(node.mark, f"source '{shown(name)}' is {kind_of(node)}", "write its fields below it")
                continue
            if not ID.fullmatch(name):
                reading.problem(reading.key(root, name), f"source id '{shown(name)}' cannot be used", ID_MEND)
                continue
            reading.no_others(node, _SOURCE_FIELDS, "a source")
            title = reading.text(node, "title", required=True)
            rest = {f: reading.text(node, f) or "" for f in sorted(_SOURCE_FIELDS - {"title"}) if f in node}
            if title:
                found[str(name)] = Source(str(name), title, **rest)
    elif root is not None:
        reading.problem(root.mark, f"the bibliography is {kind_of(root)}", "write 'source-id:' with its fields below")
    return found, tuple(reading.problems)


class _RefusedError(Exception):
    """A file that is not the text of a deck: what is wrong, the mend, and line and column (0: the whole file)."""

    def __init__(self, what: str, mend: str, line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.what, self.mend, self.line, self.column = what, mend, line, column


def read_text(path: Path, reading: Reading, begin: str = _BEGIN) -> str | None:
    """Return the text of a file, or None with the problem recorded. Opens nothing but plain files.

    `begin` says what to write into an empty one.
    """
    text = decoded(path, reading, begin)
    if text is None:
        return None
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = list(FORBIDDEN.finditer(plain))
    for found in bad[:20]:
        line = plain.count("\n", 0, found.start()) + 1
        place = Place(reading.file, line, found.start() - plain.rfind("\n", 0, found.start()))
        reading.problems.append(Problem(place, f"holds {name_of(found[0])}", "take this invisible character out"))
    return None if bad else text


def decoded(path: Path, reading: Reading, begin: str = _BEGIN) -> str | None:
    """Do what `read_text` does, but let every character through: for files whose texts are cleaned later."""
    try:
        return _decoded(_bytes(path), begin)
    except _RefusedError as error:
        place = Place(reading.file, error.line, error.column)
        reading.problems.append(Problem(place, error.what, error.mend))
        return None


def _stem(path: Path) -> str:
    """Return the title of a deck that names none."""
    return clean(path.stem, lines=False) or "deck"


def _bytes(path: Path) -> bytes:
    """Return what is in a plain file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()  # one that may not be entered is told as such
            raise _RefusedError("is a folder", "name a deck file, or move it out of the decks")
        if not stat.S_ISREG(mode):
            raise _RefusedError("is not a plain file", "a deck must be a plain text file")
        if path.stat().st_size > MOST_BYTES:
            raise _RefusedError("is larger than 256 MB", "split it into several decks")
        return path.read_bytes()
    except FileNotFoundError as error:
        what = "is a broken link" if path.is_symlink() else "is not there"
        raise _RefusedError(what, "check the name and the path") from error
    except PermissionError as error:
        raise _RefusedError("may not be read", "give yourself the right to read it (chmod u+rX)") from error
    except OSError as error:
        what = f"cannot be read ({(error.strerror or 'input error').lower()})"
        raise _RefusedError(what, "check the disk and the path") from error


def _decoded(raw: bytes, begin: str) -> str:
    """Return the text of UTF-8 bytes, without a byte order mark."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (len(raw) > 3 and 0 in raw[:2]):
        raise _RefusedError("is UTF-16, not UTF-8", "save it as UTF-8 in your editor")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        what = f"is not UTF-8 (byte {raw[error.start]:#04x}; perhaps Latin-1)"
        raise _RefusedError(what, "save it as UTF-8 in your editor", line, column) from error
    if not text.strip():
        raise _RefusedError("is empty", begin)
    return text


def _deck(root: Node | None, path: Path, reading: Reading) -> Deck:
    """Read the top of the file, then each card with the deck's defaults."""
    title, order = _stem(path), LAST
    cards: tuple[Card, ...] = ()
    if root is None:
        if not reading.problems:
            place = Place(reading.file, 1, 1)
            reading.problems.append(Problem(place, "holds no deck", "write 'title:' and 'cards:' into it"))
    elif not isinstance(root, Map):
        reading.problem(root.mark, f"the deck is {kind_of(root)}", "begin with 'title: …' and 'cards:' below it")
    else:
        reading.no_others(root, DECK_FIELDS, "the deck")
        title = folded(reading.text(root, "title", required=True) or title)
        order = _order(root, reading)
        cards = read_cards(root, _read_card_fields(root, reading, None), title, reading)
    return Deck(str(path), title, order, cards, tuple(sorted(reading.problems)))


def _order(root: Map, reading: Reading) -> int:
    """Return the deck's place among others: 1 comes first, no number last."""
    value = reading.text(root, "order")
    if value is None:
        return LAST
    if not _ORDER.fullmatch(value):
        reading.problem(root["order"].mark, f"'order' is '{shown(value)}'", "write a whole number from 1 to 9999")
        return LAST
    return int(value)


def read_cards(root: Map, defaults: Fields, title: str, reading: Reading) -> tuple[Card, ...]:
    """Read all cards; those with problems, and all that share an id, are left out."""
    items = root.get("cards")
    if items is None:
        reading.problem(root.mark, "field 'cards' is missing", "add 'cards:' and a list of cards below it")
        return ()
    if not isinstance(items, Seq) or not items:
        what = f"'cards' is {kind_of(items) if not isinstance(items, Seq) else 'an empty list'}"
        reading.problem(items.mark, what, "write a line '- ask: …' for each card below 'cards:'")
        return ()
    found: list[Card] = []
    first: dict[str, Map] = {}
    twice: set[str] = set()
    for item in items:
        if not isinstance(item, Map):
            reading.problem(item.mark, f"this card is {kind_of(item)}", "write '- ask: …' and 'answer: …' below it")
            continue
        made = _card(item, defaults, title, reading)
        found += made
        for family in {card.family for card in made}:
            other = first.setdefault(family, item)
            if other is not item:
                what = f"id '{family}'" if "id" in item else "this card"
                what = f"{what} stands twice (also in line {other.mark.line + 1})"
                mend = "give one of the two cards another id" if "id" in item else "take one of the two out"
                reading.problem(reading.key(item, "id"), what, mend)
                twice.add(family)
    return tuple(card for card in found if card.family not in twice)


def _card(item: Map, defaults: Fields, title: str, reading: Reading) -> list[Card]:
    """Read one entry of the file: one card, or several siblings. Empty when something is wrong with it."""
    before = len(reading.problems)
    given = _id(item, reading)
    reading.card = given or ""
    fields = _read_card_fields(item, reading, defaults)
    asked = _questions(item, reading)
    if any(qs and all(a.question.proof for a in qs) for _, qs in asked):
        mark = item["questions"].mark if "questions" in item else reading.key(item, "proof")
        mend = "leave at least one question without 'proof: true' for practice"
        reading.problem(mark, "every question of this card is held back as proof", mend)
    reading.card = ""
    family = given or content_id(tuple(a.question for _, qs in asked for a in qs))
    same_as = _same_as(item, family, [part for part, _ in asked], reading)
    if len(reading.problems) > before or reading.spoilt(item):
        return []
    at: Fields = {"family": family, "deck": title, "file": reading.file, "line": item.mark.line + 1}
    return [
        Card(id=_with_part(family, part), same_as=same_as[part], **_beside(qs), **at, **fields) for part, qs in asked
    ]


def _with_part(family: str, part: str) -> str:
    return f"{family}/{part}" if part else family


def _same_as(item: Map, family: str, parts: Sequence[str], reading: Reading) -> dict[str, tuple[str, ...]]:
    """Return for each card of an entry, by its part, the ids whose history it takes up.

    An id with a part (`old/back`) means that very card. One without means the same part of the old entry; where all
    cards of this one are parts, it means besides the card that the old entry was when it was one.
    """
    found: dict[str, dict[str, None]] = {part: {} for part in parts}
    if "same-as" not in item:
        return dict.fromkeys(parts, ())
    whole, own = "" in parts, {_with_part(family, part) for part in parts}
    names = reading.texts(item, "same-as")
    for at, name in enumerate(names):
        mark = item["same-as"].mark
        if not _ID_WITH_PART.fullmatch(name):
            reading.problem(mark, f"'same-as' names '{shown(name)}', which is no id", "name the id the card had before")
        elif name in own:
            reading.problem(mark, f"'same-as' names the card itself ('{shown(name)}')", "name the id it had before")
        elif name in names[:at]:
            reading.problem(mark, f"'same-as' names '{shown(name)}' twice", "take one of the two out")
        for part in parts:
            if "/" in name:
                found[part][name] = None
                continue
            found[part][_with_part(name, part)] = None
            if not whole:
                found[part][name] = None
    return {part: tuple(n for n in olds if n != _with_part(family, part)) for part, olds in found.items()}


def _beside(asked: Sequence[_Asked]) -> Fields:
    """Return the questions of a card, and what stands beside each of them."""
    return {
        "questions": tuple(a.question for a in asked),
        "unfolds": tuple(a.unfolds for a in asked),
        "figures": tuple(a.figure for a in asked),
        "lines": tuple(a.line for a in asked),
    }


def _id(item: Map, reading: Reading) -> str | None:
    value = reading.text(item, "id")
    if value is not None and not ID.fullmatch(value):
        reading.problem(item["id"].mark, f"id '{shown(value)}' cannot be used", ID_MEND)
        return None
    return value


def _read_card_fields(item: Map, reading: Reading, defaults: Fields | None) -> Fields:
    """Read what stands on a card, over the `defaults`; without them, read the defaults at the top of the deck."""
    fields = dict(defaults or {})
    top = defaults is None
    for name in _TOP_TEXTS if top else _TEXTS:
        if name in item:
            text = reading.text(item, name) or ""
            fields[name] = folded(text) if name in _TOP_TEXTS else text
    for name in _TOP_LISTS if top else _LISTS:
        if name in item:
            fields[name] = reading.texts(item, name)
    if "certainty" in item:  # a misspelt one at the top must not pass for "high"
        fields["certainty"] = reading.one_of(item, "certainty", CERTAINTIES, CERTAINTIES[-1])
    if "tier" in item:
        fields["tier"] = reading.one_of(item, "tier", TIERS, TIERS[0])
    if "audience" in item:
        for value in fields["audience"]:
            reading.known(value, item["audience"].mark, "'audience'", AUDIENCES)
    if "corrects" in item and not top:
        for value in fields["corrects"]:
            if not _SENTENCE.fullmatch(value):
                what = f"'corrects' names '{shown(value)}'"
                reading.problem(item["corrects"].mark, what, "name sentences of the source text, S01 to S16")
    if "checked" in item:
        fields["checked"] = _date(item, "checked", reading)
    if "reset" in item and not top:
        fields["reset"] = _date(item, "reset", reading)
    for name in ("evidence", "exceptions"):
        if name in item and not top:
            fields[name] = reading.pairs(item, name)
    if "safety" in item and not top:
        fields["safety"] = reading.flag(item, "safety")
    return fields


def _date(item: Map, name: str, reading: Reading) -> str:
    value = reading.text(item, name) or ""
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        what = f"'{name}' is '{shown(value)}', which is not a date"
        reading.problem(item[name].mark, what, "write it as 2026-11-22")
        return ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it stands in the file, with what belongs to it but not to its kind."""

    question: Question
    line: int
    unfolds: str = ""
    figure: str = ""


def _questions(item: Map, reading: Reading) -> list[tuple[str, tuple[_Asked, ...]]]:
    """Return the questions of an entry, by part: `""` for the card itself, else the key of the sibling."""
    both_ways = reading.flag(item, "both_ways")
    if "questions" in item:
        reading.no_others(item, CARD_FIELDS, "a card with 'questions'")
        if both_ways:
            mend = "use it on a card that is only 'ask' and 'answer'"
            reading.problem(reading.key(item, "both_ways"), "'both_ways' beside 'questions'", mend)
        return [("", _several(item, reading))]
    reading.no_others(item, _SIMPLE_FIELDS, "a card")
    parts = _simple(item, both_ways, reading)
    figure = _figure(item, reading)
    return [(part, (_Asked(question, item.mark.line + 1, figure=figure),)) for part, question in parts]


def _simple(item: Map, both_ways: bool, reading: Reading) -> Sequence[tuple[str, Question]]:
    """Return the question that stands on the card itself, or those that its both sides or its holes make, by part."""
    asked = Map((k, v) for k, v in item.items() if k in kinds.FIELDS)
    asked.mark = item.mark
    if "cloze" in asked and not both_ways:
        reading.no_others(asked, cloze.FIELDS | {"figure"}, "a cloze card")
        return cloze.read_holes(asked, reading) or ()
    question = kinds.read(asked, reading)
    if question is None:
        return ()
    if not both_ways:
        return (("", question),)
    if not isinstance(question, flip.Flip):
        what = "'both_ways' on a card that is not a simple flip card"
        reading.problem(reading.key(item, "both_ways"), what, "take it out, or leave only 'ask' and 'answer'")
        return ()
    return (("", question), ("back", flip.back_of(question)))


def _several(item: Map, reading: Reading) -> tuple[_Asked, ...]:
    """Read the list under `questions`; two that show the same are a problem."""
    nodes = reading.seq(item, "questions")
    if nodes is None:
        return ()
    found: list[_Asked] = []
    prompts: set[tuple[str, ...]] = set()
    for node in nodes:
        if not isinstance(node, Map):
            reading.problem(node.mark, f"this question is {kind_of(node)}", "write '- ask: …' with its answer below")
            continue
        question = kinds.read(node, reading)
        unfolds, figure = reading.text(node, "case") or "", _figure(node, reading)
        if unfolds and "case" not in item:
            mend = "write how it begins in a 'case:' of the card, above 'questions:'"
            reading.problem(reading.key(node, "case"), "'case' unfolds at a question, but the card has none", mend)
        if question is None:
            continue
        prompt = (question.kind, *map(folded, question.prompt_parts))
        if prompt in prompts:
            reading.problem(node.mark, "this question stands twice in the card", "change or remove one of the two")
        prompts.add(prompt)
        found.append(_Asked(question, node.mark.line + 1, unfolds, figure))
    return tuple(found)


def _figure(fields: Map, reading: Reading) -> str:
    """Return the id of the figure that is shown with a question; "" when there is none."""
    found = fields.get("figure")
    if "mark" in fields:  # the reader of its kind tells what is wrong with it
        return folded(found) if isinstance(found, Text) else ""
    return folded(reading.text(fields, "figure") or "")
