"""The one gate through which outside text is drawn: everything becomes `Content`, nothing is parsed as markup.

A plain `str` given to a Textual widget is markup: `[/b]` in a deck would crash the program and `[@click=…]` would run
an action. So no module but this one turns text from decks, answers, notes or file names into something that is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from quiz.text import clean

MUTED = "$foreground 70%"  # for what may be read later: sources, hints, keys
RIGHT = "bold $text-success"
LONGEST = 500  # characters of what is typed or pasted: an answer, a note

_JOINER = "\u200d"  # at the end of a text it would join with what follows

Part = str | tuple[str, str | Style] | Content


def plain(text: str) -> Content:
    """Return `text` as it stands, cleaned of what a terminal would obey."""
    return Content(clean(text))


def styled(text: str, style: str) -> Content:
    """Return `text` in one style (theme tokens: `bold $accent`)."""
    return Content.styled(clean(text), style)


def joined(*parts: Part) -> Content:
    """Return several parts as one text: plain strings, (text, style) pairs, or finished content."""
    return Content.assemble(*(_cleaned(part) for part in parts))


def paragraphs(parts: Iterable[Content]) -> Content:
    """Return the parts with an empty line between them."""
    return Content("\n\n").join([part for part in parts if len(part)])


def button(label: Part, action: str, style: str = "") -> Content:
    """Return a text that runs `action` (if there is one) when it is clicked."""
    content = joined(label)
    if style:
        content = content.stylize(style)
    return content.stylize(Style.from_meta({"@click": action})) if action else content


def restyled(text: Content, start: int, end: int, style: str, action: str = "") -> Content:
    """Return `text` with one stretch of it in another style; a click on it runs `action`, if there is one."""
    text = text.stylize(style, start, end) if style else text
    return text.stylize(Style.from_meta({"@click": action}), start, end) if action else text


def hanging(lead: Part, text: Content, width: int) -> Content:
    """Return `lead` and `text` wrapped to `width` cells, with the lines of the text below each other."""
    head = Content.assemble(_cleaned(lead))
    indent = min(cell_len(head.plain), max(0, width - 4))
    lines = text.wrap(max(2, width - indent))
    rest = [Content.assemble(" " * indent, line) for line in lines[1:]]
    return Content("\n").join([Content.assemble(head, lines[0] if lines else ""), *rest])


def wrapped(text: Content, width: int) -> Content:
    """Return `text` on lines of at most `width` cells."""
    return Content("\n").join(text.wrap(max(2, width)))


def beside(left: Content, right: Content, width: int) -> Content:
    """Return two texts in columns, the right one beginning `width` cells from the left; both are wrapped already."""
    lefts, rights = (text.split("\n", allow_blank=True) for text in (left, right))
    lines = []
    for i in range(max(len(lefts), len(rights))):
        first = lefts[i] if i < len(lefts) else Content("")
        space = " " * max(1, width - first.cell_length)
        lines.append(Content.assemble(first, space, rights[i]) if i < len(rights) else first)
    return Content("\n").join(lines)


def flowed(pieces: Sequence[Content], width: int, gap: int = 2) -> Content:
    """Return the pieces side by side, `gap` cells apart, on as many lines of `width` cells as they need."""
    lines: list[list[Content]] = [[]]
    used = 0
    for piece in pieces:
        if lines[-1] and used + gap + piece.cell_length > width:
            lines.append([])
            used = 0
        used += piece.cell_length + (gap if lines[-1] else 0)
        lines[-1].append(piece)
    return Content("\n").join([Content(" " * gap).join(line) for line in lines])


def bar(share: float, width: int) -> str:
    """Return a bar of `width` cells, filled by `share` (0 to 1)."""
    filled = round(max(0.0, min(1.0, share)) * width)
    return "█" * filled + "░" * (width - filled)


def fitted(text: str, width: int) -> str:
    """Return `text` cut or padded to exactly `width` cells."""
    line = clean(text, lines=False).rstrip(_JOINER)
    if cell_len(line) > width:
        cut = ""
        for char in line:
            if cell_len(cut + char) > width - 1:
                break
            cut += char
        line = cut.rstrip(_JOINER + " ") + "…"
    return line + " " * max(0, width - cell_len(line))


def _cleaned(part: Part) -> Part:
    if isinstance(part, Content):
        return part
    if isinstance(part, tuple):
        return (clean(part[0]), part[1])
    return clean(part)
