"""Anki's templates, rendered simply: fields, conditions, the front side on the back, typed answers.

Written from the manual (docs.ankiweb.net/templates). Of the filters, `type` and `hint` change what is shown; the others
(furigana, text to speech and those of add-ons) show the field as it is. Deck, tags and the like are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quiz.exchange.anki_text import plain

LONGEST = 200_000  # characters of a template, and of what it makes: one may name the same field a thousand times
MOST_TAGS = 500
_LINE = re.compile(r"<hr\b[^>]{0,200}\bid\s{0,9}=\s{0,9}[\"']?answer\b[^>]{0,200}>", re.IGNORECASE)


class TooLongError(Exception):
    """A template, or what it makes, is longer than that of any card that people read."""


class Part(NamedTuple):
    """Some text of a template, with the tag that follows it: a field to show, or a condition that begins or ends.

    `does` is `show`, `if`, `unless`, `end`, or "" at the end of the template.
    """

    text: str
    does: str = ""
    filters: tuple[str, ...] = ()
    field: str = ""


class Side(NamedTuple):
    """A side of a card as HTML, and the fields whose content has to be typed."""

    html: str
    typed: tuple[str, ...]


class Template(NamedTuple):
    """Both sides of a card's template; the back is only what it adds to the front."""

    front: tuple[Part, ...]
    back: tuple[Part, ...]

    @property
    def cloze_field(self) -> str:
        """The field in which a cloze template looks for its holes; "" when it names none."""
        shown = (part.field for part in self.front if "cloze" in part.filters or "cloze-only" in part.filters)
        return next(shown, "")


def read_template(front: str, back: str) -> Template:
    """Return a template read once for all its notes. Raises TooLongError.

    Of the back what stands below the line counts, or else all but the front side.
    """
    if len(front) + len(back) > LONGEST:
        raise TooLongError
    line = _LINE.search(back)
    read = Template(tuple(_parts(front)), tuple(_parts(back[line.end() :] if line else back)))
    if len(read.front) + len(read.back) > MOST_TAGS:
        raise TooLongError
    return read


def render(parts: tuple[Part, ...], fields: Mapping[str, str], *, on_back: bool) -> Side:
    """Render a side. On the front, hints and what has to be typed are not shown. Raises TooLongError."""
    shown: list[str] = []
    typed: dict[str, None] = {}
    length = 0
    conditions: list[tuple[str, bool]] = []  # those that are open, each with whether it hides
    hiding = 0
    for part in parts:
        pieces = [part.text]
        if part.does == "show" and not hiding and part.field in fields:
            asked = "type" in part.filters
            if asked:
                typed[part.field] = None
            if on_back or not (asked or "hint" in part.filters):
                pieces.append(fields[part.field])
        if not hiding:
            shown += pieces
            length += sum(map(len, pieces))
        if length > LONGEST:
            raise TooLongError
        if part.does in ("if", "unless"):
            empty = not plain(fields.get(part.field, "")).text
            hides = empty == (part.does == "if")
            conditions.append((part.field, hides))
            hiding += hides
        elif part.does == "end" and conditions and conditions[-1][0] == part.field:
            hiding -= conditions.pop()[1]
    return Side("".join(shown), tuple(typed))


_SIGNS = {"#": "if", "^": "unless", "/": "end"}


def _parts(template: str) -> Iterator[Part]:
    at = 0
    while (opening := template.find("{{", at)) >= 0:
        close = template.find("}}", opening + 2)
        if close < 0:
            break
        tag = template[opening + 2 : close].strip("{} \t\r\n")
        text = template[at:opening]
        if tag[:1] in _SIGNS:
            yield Part(text, _SIGNS[tag[0]], field=tag[1:].strip())
        else:
            *filters, field = (word.strip() for word in tag.split(":"))
            yield Part(text, "show", tuple(filters), field)
        at = close + 2
    yield Part(template[at:])
