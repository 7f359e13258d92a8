"""From a note of Anki's to entries of a deck, and which card of Anki's became which card of ours.

Ids come from the note's guid, which stays the same in every export and on every machine. A note with one card is one
entry; two cards that mirror each other, and the holes of one text, are siblings in one entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from quiz.digest import blake2b
from quiz.exchange import anki_own
from quiz.exchange.anki_holes import Sentence, sentence
from quiz.exchange.anki_package import Note, NoteType
from quiz.exchange.anki_template import Template, TooLongError, read_template, render
from quiz.exchange.anki_text import plain
from quiz.questions import Flip, Question, Typed
from quiz.questions.cloze import read_holes
from quiz.questions.fields import Reading
from quiz.questions.nodes import Map, Text

Entry = dict[str, Any]
LONGEST_TYPED = 100  # characters: longer answers are turned, not typed
_MEDIA = re.compile(r"\[(?:image|sound|video|media)(?:: [^\]\n]*)?\]")
_OCCLUSION = "image-occlusion:"
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
NO_FRONT = "nothing but pictures or sounds is on the front, and these are not taken over"
NO_BACK = "nothing but pictures or sounds is on the back, and these are not taken over"
NO_HOLE = "a cloze note without a hole"
OTHER_HOLES = "its holes are not those that were written here any more"
NO_TYPE = "the note type is missing in the package"
TOO_LONG = "the template is longer than can be read"
PICTURE = "image occlusion asks about a picture, and pictures are not taken over"


@dataclass(slots=True)
class _Nowhere:
    """The place of what stands in no file."""

    line: int = 0
    column: int = 0


class Became(NamedTuple):
    """What a card of Anki's became: the id of ours, and the question it asks."""

    card: str
    question: Question


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of one note. `cards` is by the number of Anki's card in the note.

    `left` holds pairs for cards that were not taken: how the card begins, and why.
    """

    entries: tuple[Entry, ...] = ()
    cards: Mapping[int, Became] = field(default_factory=dict)
    left: tuple[tuple[str, str], ...] = ()
    media: tuple[str, ...] = ()


class NoteReader:
    """Reads the notes of one package; each template is read once."""

    def __init__(self, types: Mapping[int, NoteType]) -> None:
        self._types = types
        self._templates: dict[tuple[int, int], Template | None] = {}

    def read(self, note: Note, ordinals: tuple[int, ...], topic: str) -> Taken:
        """Return what a note becomes. `ordinals` are the cards it has, `topic` the part of the deck's name below."""
        kind = self._types.get(note.type)
        if kind is None:
            return Taken(left=((_begins(note.fields), NO_TYPE),))
        values = dict(zip(kind.fields, note.fields, strict=False))
        media = tuple(name for text in note.fields for name in plain(text).media)
        common = _common(note, topic)
        try:
            if own := anki_own.own_id(note.guid, values):
                taken = _own(own, values, kind, anki_own.fields_of(common.get("tags", ())))
            elif kind.cloze:
                taken = self._cloze(note, values, common)
            else:
                taken = self._sides(note, values, ordinals, common)
        except TooLongError:
            taken = Taken(left=((_begins(note.fields), TOO_LONG),))
        return Taken(taken.entries, taken.cards, taken.left, media)

    def _template(self, note: Note, ordinal: int) -> Template:
        """Return a template of the note's type. Raises TooLongError."""
        key = (note.type, ordinal)
        if key not in self._templates:
            templates = self._types[note.type].templates
            front, back = templates[ordinal] if 0 <= ordinal < len(templates) else ("", "")
            try:
                self._templates[key] = read_template(front, back)
            except TooLongError:
                self._templates[key] = None
        found = self._templates[key]
        if found is None:
            raise TooLongError
        return found

    def _sides(self, note: Note, values: Mapping[str, str], ordinals: tuple[int, ...], common: Entry) -> Taken:
        """Read a note whose cards have a front and a back."""
        base = _id(note.guid)
        read = {n: _asked(self._template(note, n), values) for n in ordinals}
        left = tuple((_begins(note.fields), said) for said in read.values() if isinstance(said, str))
        asked = {n: found for n, found in read.items() if not isinstance(found, str)}
        if asked.keys() == {0, 1} and _mirrored(asked[0], asked[1]):
            flip = asked[0].question
            entry = {"id": base, **_fields(flip), "both_ways": True, **_why(asked[0]), **common}
            cards = {0: Became(base, flip), 1: Became(f"{base}/back", asked[1].question)}
            return Taken((entry,), cards, left)
        ids = {n: f"{base}-{n + 1}" if n else base for n in asked}
        entries = ({"id": ids[n], **_fields(a.question), **_why(a), **common} for n, a in asked.items())
        return Taken(tuple(entries), {n: Became(ids[n], a.question) for n, a in asked.items()}, left)

    def _cloze(self, note: Note, values: Mapping[str, str], common: Entry) -> Taken:
        """Read a cloze note: a cloze with keyed holes where ours can say it, else a card to turn for each number."""
        template = self._template(note, 0)
        name = template.cloze_field or next(iter(values), "")
        text = sentence(values.get(name, ""))
        if _OCCLUSION in text.text:
            return Taken(left=((_begins(note.fields), PICTURE),))
        if not text.holes:
            return Taken(left=((_begins(note.fields), NO_HOLE),))
        behind = plain(render(template.back, {**values, name: ""}, on_back=True).html).text
        why = {"why": behind} if _seen(behind) else {}
        base = _id(note.guid)
        keys = tuple(f"c{hole.numbers[0]}" for hole in text.holes)
        if keyed := _keyed(base, text, keys, {**why, **common}):
            return keyed
        entries, cards, left = [], {}, []
        for number in text.numbers:
            found = _flip(text.hiding(number), "; ".join(text.answers(number)))
            if isinstance(found, str):
                left.append((_begins(note.fields), found))
                continue
            entries.append({"id": f"{base}-c{number}", **_fields(found), **why, **common})
            cards[number - 1] = Became(f"{base}-c{number}", found)
        return Taken(tuple(entries), cards, tuple(left))


class _Asked(NamedTuple):
    question: Flip | Typed
    why: str = ""


def _asked(template: Template, values: Mapping[str, str]) -> _Asked | str:
    """Return what a card with two sides asks; a text says why it cannot be asked."""
    front = render(template.front, values, on_back=False)
    typed = plain(values[front.typed[0]]).text if len(front.typed) == 1 else ""
    back = render(template.back, values, on_back=True)
    ask, answer = plain(front.html).text, _without(plain(back.html).text, plain(front.html).text)
    if typed and "\n" not in typed and len(typed) <= LONGEST_TYPED and _told(typed) and _told(ask):
        rest = plain(render(template.back, {**values, front.typed[0]: ""}, on_back=True).html).text
        why = _without(rest, ask)
        return _Asked(Typed(ask, typed), why if _seen(why) else "")
    found = _flip(ask, answer)
    return found if isinstance(found, str) else _Asked(found)


def _flip(ask: str, answer: str) -> Flip | str:
    if not _told(ask):
        return NO_FRONT
    return Flip(ask, answer) if _told(answer) else NO_BACK


def _without(back: str, front: str) -> str:
    """Return a back without the front that some templates write out above it."""
    rest = back.removeprefix(front).lstrip() if front else back
    return rest or back


def _mirrored(one: _Asked, other: _Asked) -> bool:
    """Whether two cards are the two ways to ask a simple flip card."""
    a, b = one.question, other.question
    if not (isinstance(a, Flip) and isinstance(b, Flip)):
        return False
    return (a.ask, a.answer) == (b.answer, b.ask)


def _keyed(base: str, text: Sentence, keys: tuple[str, ...], rest: Entry) -> Taken | None:
    """Return a cloze whose holes have keys ("" for the only hole of a card without siblings).

    None when the reader of decks does not find these holes in it, as in a text that has braces of its own.
    """
    if not text.simple:
        return None
    written = Text(text.written(keys))
    fields = Map({Text("cloze"): written})
    written.mark = fields.mark = _Nowhere()
    found = read_holes(fields, Reading(base)) or []
    if [(key, cloze.answer) for key, cloze in found] != [
        (key, text.answer(hole)) for hole, key in zip(text.holes, keys, strict=True)
    ]:
        return None
    cards = {
        hole.numbers[0] - 1: Became(f"{base}/{key}" if key else base, cloze)
        for hole, (key, cloze) in zip(text.holes, found, strict=True)
    }
    return Taken(({"id": base, "cloze": str(written), **rest},), cards)


def _own(own: str, values: Mapping[str, str], kind: NoteType, common: Entry) -> Taken:
    """Read a note that was made from a card of ours: it keeps its id, and so its history."""
    about = {"claim": plain(values.get(anki_own.CLAIM, "")).text, "why": plain(values.get(anki_own.WHY, "")).text}
    rest = {name: text for name, text in about.items() if text} | common
    if kind.cloze:
        text = sentence(values.get(anki_own.TEXT, ""))
        keys = tuple(plain(values.get(anki_own.KEYS, "")).text.split())
        holes = {hole.numbers[0]: hole for hole in text.holes}
        if sorted(holes) != list(range(1, max(1, len(keys)) + 1)):
            return Taken(left=((text.text, OTHER_HOLES),))
        named = tuple(keys[hole.numbers[0] - 1] if keys else "" for hole in text.holes)
        return _keyed(own, text, named, rest) or Taken(left=((text.text, OTHER_HOLES),))
    front, back = plain(values.get(anki_own.FRONT, "")).text, plain(values.get(anki_own.BACK, "")).text
    flip = _flip(front, back)
    if isinstance(flip, str):
        return Taken(left=((front, flip),))
    both = len(kind.templates) > 1
    entry = {"id": own, **_fields(flip), **({"both_ways": True} if both else {}), **rest}
    cards = {0: Became(own, flip)}
    if both:
        cards[1] = Became(f"{own}/back", Flip(flip.answer, flip.ask))
    return Taken((entry,), cards)


def _fields(question: Flip | Typed) -> Entry:
    found: Entry = {"ask": question.ask, "answer": question.answer}
    if isinstance(question, Typed):
        found["accept"] = []
    return found


def _why(asked: _Asked) -> Entry:
    return {"why": asked.why} if asked.why else {}


def _common(note: Note, topic: str) -> Entry:
    """Return what all entries of a note share: its tags, and the name of its deck below the others' name."""
    tags = [tag for tag in (plain(tag).text for tag in note.tags) if _seen(tag)]
    return ({"topic": topic} if topic else {}) | ({"tags": tags} if tags else {})


def _id(guid: str) -> str:
    """Return the id of a note's entry."""
    number = int.from_bytes(blake2b(guid.encode(), digest_size=8).digest(), "big")
    return "anki-" + "".join(_BASE32[(number >> shift) & 31] for shift in range(0, 60, 5))


def _told(text: str) -> bool:
    """Whether something is left that can be read once pictures and sounds are taken away."""
    return _seen(_MEDIA.sub("", text))


def _seen(text: str) -> bool:
    return any(char.isprintable() and not char.isspace() for char in text)


def _begins(fields: tuple[str, ...]) -> str:
    """Return how a note begins, to name it by."""
    return next((text for text in (plain(value).text for value in fields) if _seen(text)), "a note with nothing in it")
