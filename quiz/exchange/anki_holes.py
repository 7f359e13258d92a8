"""Anki's cloze deletions: `{{c1::answer::hint}}`, several of one number, and one inside another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from quiz.exchange.anki_text import Plain, plain

LONGEST_HOLE = 60  # characters that people can be asked to type; a longer hole is a card to be turned
_OPENING = re.compile(r"\{\{c([1-9][0-9]{0,3}(?:,[1-9][0-9]{0,3})*)::")
# Private characters that stand for the braces while the HTML is taken off: a tag may begin within a hole.
_OPEN, _NUMBERED, _CLOSE, _HINT = "\ue000", "\ue001", "\ue002", "\ue003"
_SIGN = re.compile(f"{_OPEN}([0-9,]+){_NUMBERED}|{_CLOSE}")
_OWN_SIGNS = re.compile(f"[{_OPEN}{_NUMBERED}{_CLOSE}{_HINT}]")


class Hole(NamedTuple):
    """One hole: `numbers` of the cards that hide it, and where its answer stands in the text, with its hint."""

    numbers: tuple[int, ...]
    start: int
    end: int
    hint: str
    nested: bool


class Sentence(NamedTuple):
    """A text with nothing hidden, its holes in the order in which they begin, and the media it names."""

    text: str
    holes: tuple[Hole, ...]
    media: tuple[str, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the cards that it makes, ascending."""
        return tuple(sorted({number for hole in self.holes for number in hole.numbers}))

    @property
    def simple(self) -> bool:
        """Whether it may be a cloze of ours: each number stands once, and every hole is short enough to be typed."""
        return len(self.numbers) == len(self.holes) and all(map(self._short, self.holes))

    def _short(self, hole: Hole) -> bool:
        answer = self.answer(hole)
        return not hole.nested and len(hole.numbers) == 1 and len(answer) <= LONGEST_HOLE and "\n" not in answer

    def answer(self, hole: Hole) -> str:
        """Return what stands in a hole."""
        return self.text[hole.start : hole.end]

    def hiding(self, number: int) -> str:
        """Return the text as Anki asks it on the card of this number: the holes show their hint, or dots."""
        shown, at = [], 0
        for hole in self.holes:
            if number in hole.numbers and hole.start >= at:
                shown += [self.text[at : hole.start], f"[{hole.hint or '…'}]"]
                at = hole.end
        return "".join((*shown, self.text[at:]))

    def answers(self, number: int) -> tuple[str, ...]:
        """Return what the card of this number hides, each text once."""
        return tuple(dict.fromkeys(self.answer(hole) for hole in self.holes if number in hole.numbers))

    def written(self, keys: Sequence[str]) -> str:
        """Return the text as a cloze of a deck, each hole with its key ("": none). A hint stands behind its hole."""
        shown, at = [], 0
        for hole, key in zip(self.holes, keys, strict=True):
            answer = self.answer(hole)
            hint = f" ({hole.hint})" if hole.hint else ""
            shown += [self.text[at : hole.start], "{{", f"{key}: " if key else "", answer, "}}", hint]
            at = hole.end
        return "".join((*shown, self.text[at:]))


def sentence(field: str) -> Sentence:
    """Return a field with cloze deletions. Holes with nothing in them are not counted."""
    marked = _marked(_OWN_SIGNS.sub("", field))
    read: Plain = plain(marked)
    return _without_signs(read)


def _marked(field: str) -> str:
    """Put signs in place of the braces; those that close nothing stay."""
    shown: list[str] = []
    at = opened = 0
    while True:
        found = _OPENING.search(field, at)
        opening = found.start() if found else len(field)
        close = field.find("}}", at, opening) if opened else -1
        if close >= 0:
            shown += [field[at:close].replace("::", _HINT, 1), _CLOSE]
            at, opened = close + 2, opened - 1
        elif found:
            shown += [field[at:opening], _OPEN, found[1], _NUMBERED]
            at, opened = found.end(), opened + 1
        else:
            return "".join((*shown, field[at:]))


class _Open(NamedTuple):
    numbers: tuple[int, ...]
    start: int
    place: int  # in the order in which the holes begin
    nested: bool


def _without_signs(read: Plain) -> Sentence:
    """Take the signs out of the text and keep where they stood."""
    shown: list[str] = []
    length = at = begun = 0
    open_: list[_Open] = []
    found: dict[int, Hole] = {}
    for sign in _SIGN.finditer(read.text):
        piece = read.text[at : sign.start()]
        at = sign.end()
        if sign[1]:
            shown.append(piece)
            length += len(piece)
            if open_:
                open_[-1] = open_[-1]._replace(nested=True)
            numbers = tuple(sorted({int(n) for n in sign[1].split(",")}))
            open_.append(_Open(numbers, length, begun, bool(open_)))
            begun += 1
            continue
        answer, _, hint = piece.partition(_HINT)
        shown.append(answer)
        length += len(answer)
        if open_:
            hole = open_.pop()
            found[hole.place] = Hole(hole.numbers, hole.start, length, " ".join(hint.split()), hole.nested)
    text = "".join((*shown, read.text[at:]))
    trimmed = (_trimmed(text, found[place]) for place in sorted(found))
    return Sentence(_OWN_SIGNS.sub("", text), tuple(hole for hole in trimmed if hole.start < hole.end), read.media)


def _trimmed(text: str, hole: Hole) -> Hole:
    """Leave white space at the ends of an answer outside its hole."""
    answer = text[hole.start : hole.end]
    start = hole.start + len(answer) - len(answer.lstrip())
    return hole._replace(start=start, end=max(start, hole.start + len(answer.rstrip())))
