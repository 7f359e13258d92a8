"""Pages to print, as Markdown and as HTML: a page is a list of blocks, and each block knows both ways to be written.

What is outside text in a block is escaped here, once. The HTML stands alone: no script, no font, nothing to be fetched.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from quiz.errors import UnreadableError, UsageError
from quiz.paths import named
from quiz.text import clean, nearest
from quiz.whole import whole_file

ENDINGS = (".md", ".html")
BLANK = "_" * 20
_ROW, _FULL, _EMPTY = 25, "●", "○"
_MARKS = re.compile(r"([\\`*_{}\[\]<>|~])|&(?=#?\w+;)")
_AT_START = re.compile(r"^(\s*\d*)([#+.)-])(?=[\s#-]|$)")  # headings, lists and lines

# A full person and one in outline: told apart without colour.
_PERSON = (
    '<g id="{name}" fill="{fill}" stroke="currentColor"><circle cx="6" cy="4.5" r="2.5"/>'
    '<path d="M3 17.5v-5.5a3 3 0 0 1 6 0v5.5z"/></g>'
)
_PEOPLE = f"""\
<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>
{_PERSON.format(name="full", fill="currentColor")}
{_PERSON.format(name="empty", fill="none")}
</defs></svg>
"""
_STYLE = """\
@page { margin: 14mm 16mm; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1a1a1a; font: 17px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 1.7rem 0 .5rem; break-after: avoid; }
h3 { font-size: 1rem; margin: 0; break-after: avoid; }
p { margin: .5rem 0; }
ul { margin: .4rem 0; padding-left: 1.3rem; }
li { margin: .25rem 0; }
ul.boxes { list-style: none; padding-left: 0; }
ul.boxes li { padding-left: 1.9rem; position: relative; }
ul.boxes li::before { content: ""; position: absolute; left: 0; top: .3rem; width: 1rem; height: 1rem;
  border: 1.5px solid currentColor; }
.alert { border: 1.5px solid currentColor; border-radius: 6px; padding: .5rem 1rem; margin: .8rem 0;
  break-inside: avoid; }
.alert.most { border-width: 4px; }
.alert ul { columns: 2 17rem; column-gap: 2rem; }
.alert li { break-inside: avoid; margin: 0 0 .25rem; }
.lines { margin: .5rem 0; }
.lines div { display: flex; gap: .6rem; align-items: baseline; min-height: 2.1rem; break-inside: avoid; }
.lines dd { margin: 0; flex: 1; font-weight: 600; }
.lines dd.blank { border-bottom: 1px solid currentColor; min-width: 6rem; }
.lines dd.blank::before { content: "\\00a0"; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0 1.5rem; }
.columns section { break-inside: avoid; margin: .4rem 0; }
.hundred { display: inline-block; vertical-align: top; width: min(100%, 19.25rem); margin: .6rem 1rem .6rem 0;
  break-inside: avoid; }
.hundred svg { display: block; width: 100%; color: #24566b; margin: .4rem 0; }
.small { font-size: .85rem; }
@media print {
  html { font-size: 12pt; }
  body { font-size: 12pt; line-height: 1.35; }
  main { max-width: none; padding: 0; }
  h1 { margin-bottom: .6rem; }
  h2 { margin: .9rem 0 .3rem; }
  li { margin: .1rem 0; }
  .alert { margin: .5rem 0; padding: .3rem .9rem; }
  .lines div { min-height: 1.85rem; }
  .columns { grid-template-columns: repeat(3, 1fr); }
  .hundred { width: 46%; margin-right: 3%; }
  .hundred svg { color: #000; }
}
"""


# Should anything ever get past the escaping: a browser runs no script of this page, fetches nothing and sends nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Block(Protocol):
    """One part of a page."""

    def markdown(self) -> Iterator[str]:
        """Return its lines, without a blank one at either end."""

    def html(self) -> Iterator[str]:
        """Return its lines."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its heading, and what stands below."""

    heading: str
    blocks: tuple[Block, ...]
    style: str = ""  # CSS of its own, after that of all pages


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the page."""

    text: str

    def markdown(self) -> Iterator[str]:
        yield f"## {_md(self.text)}"

    def html(self) -> Iterator[str]:
        yield f"<h2>{_html(self.text)}</h2>"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `small` one is for what few will read."""

    text: str
    small: bool = False

    def markdown(self) -> Iterator[str]:
        yield _md(self.text)

    def html(self) -> Iterator[str]:
        yield f'<p class="small">{_html(self.text)}</p>' if self.small else f"<p>{_html(self.text)}</p>"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; with `boxes` each item can be ticked on the paper."""

    items: tuple[str, ...]
    boxes: bool = False

    def markdown(self) -> Iterator[str]:
        yield from (f"- {'[ ] ' if self.boxes else ''}{_md(item)}" for item in self.items)

    def html(self) -> Iterator[str]:
        yield '<ul class="boxes">' if self.boxes else "<ul>"
        yield from (f"<li>{_html(item)}</li>" for item in self.items)
        yield "</ul>"


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of terms with what there is to say about each."""

    terms: tuple[tuple[str, str], ...]

    def markdown(self) -> Iterator[str]:
        yield from (f"- **{_md(term)}:** {_md(text)}" for term, text in self.terms)

    def html(self) -> Iterator[str]:
        yield "<ul>"
        yield from (f"<li><strong>{_html(term)}:</strong> {_html(text)}</li>" for term, text in self.terms)
        yield "</ul>"


@dataclass(frozen=True, slots=True)
class Columns:
    """Short lists that follow one another: side by side where there is room."""

    columns: tuple[tuple[str, tuple[str, ...]], ...]

    def markdown(self) -> Iterator[str]:
        for i, (heading, items) in enumerate(self.columns):
            yield from ("",) * (i > 0)
            yield f"### {_md(heading)}"
            yield ""
            yield from Items(items).markdown()

    def html(self) -> Iterator[str]:
        yield '<div class="columns">'
        for heading, items in self.columns:
            yield f"<section><h3>{_html(heading)}</h3>"
            yield from Items(items).html()
            yield "</section>"
        yield "</div>"


@dataclass(frozen=True, slots=True)
class Alert:
    """A box that must not be overlooked: what to do, and when."""

    act: str
    signs: tuple[str, ...]
    most: bool = False  # the most urgent stands out most: by its frame, not by colour alone

    def markdown(self) -> Iterator[str]:
        yield f"> **{_md(self.act)}**"
        yield ">"
        yield from (f"> - {_md(sign)}" for sign in self.signs)

    def html(self) -> Iterator[str]:
        yield f'<section class="alert{" most" if self.most else ""}">'
        yield f"<p><strong>{_html(self.act)}</strong></p>"
        yield from Items(self.signs).html()
        yield "</section>"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with a label each; one without a value is to be written on."""

    lines: tuple[tuple[str, str], ...]

    def markdown(self) -> Iterator[str]:
        for label, value in self.lines:
            yield f"- {_md(label)}: {f'**{_md(value)}**' if value else BLANK}"

    def html(self) -> Iterator[str]:
        yield '<dl class="lines">'
        for label, value in self.lines:
            filled = f"<dd>{_html(value)}</dd>" if value else '<dd class="blank"></dd>'
            yield f"<div><dt>{_html(label)}:</dt>{filled}</div>"
        yield "</dl>"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of heads; the first cell of each row is its name. `beside` parts stand side by side."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    beside: int = 1

    def markdown(self) -> Iterator[str]:
        yield f"| {' | '.join(map(_md, self.heads))} |"
        yield f"|{'|'.join([' --- ', *[' ---: '] * (len(self.heads) - 1)])}|"
        yield from (f"| {' | '.join(map(_md, row))} |" for row in self.rows)

    def html(self) -> Iterator[str]:
        each = -(-len(self.rows) // self.beside) or 1
        yield '<div class="tables beside">' if self.beside > 1 else '<div class="tables">'
        for at in range(0, max(1, len(self.rows)), each):
            yield "<table>"
            heads = "".join(f'<th scope="col">{_html(head)}</th>' for head in self.heads)
            yield f"<thead><tr>{heads}</tr></thead>"
            yield "<tbody>"
            for name, *cells in self.rows[at : at + each]:
                row = "".join(f"<td>{_html(cell)}</td>" for cell in cells)
                yield f'<tr><th scope="row">{_html(name)}</th>{row}</tr>'
            yield "</tbody>"
            yield "</table>"
        yield "</div>"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture for the eye alone: in Markdown nothing stands for it, so that its words and table go with it."""

    svg: str  # made by `quiz.report.plots`, which escapes what comes from outside
    caption: str = ""

    def markdown(self) -> Iterator[str]:
        yield from ()

    def html(self) -> Iterator[str]:
        caption = f'<figcaption class="small">{_html(self.caption)}</figcaption>' if self.caption else ""
        yield f'<figure class="plot">{self.svg}{caption}</figure>'


@dataclass(frozen=True, slots=True)
class OutOf100:
    """So many out of 100, in words and as rows of icons; `count` (0 to 100) of them are full."""

    count: int
    words: tuple[str, ...]
    note: str = ""

    def markdown(self) -> Iterator[str]:
        yield " ".join(map(_md, self.words))
        yield ""
        yield "```text"
        icons = _FULL * self.count + _EMPTY * (100 - self.count)
        yield from (icons[at : at + _ROW] for at in range(0, 100, _ROW))
        yield "```"
        if self.note:
            yield ""
            yield _md(self.note)

    def html(self) -> Iterator[str]:
        yield '<section class="hundred">'
        yield f"<p>{' '.join(map(_html, self.words))}</p>"
        yield f'<svg viewBox="0 0 {_ROW * 12} {100 // _ROW * 20}" role="img" aria-label="{self.count} out of 100">'
        for i in range(100):
            x, y = i % _ROW * 12, i // _ROW * 20
            yield f'<use href="#{"full" if i < self.count else "empty"}" x="{x}" y="{y}"/>'
        yield "</svg>"
        if self.note:
            yield from Paragraph(self.note, small=True).html()
        yield "</section>"


def as_markdown(page: Page) -> str:
    """Return the page as Markdown that reads well as plain text too."""
    blocks = ["\n".join(block.markdown()) for block in page.blocks]
    return "\n\n".join([f"# {_md(page.heading)}", *filter(None, blocks)]) + "\n"


def as_html(page: Page) -> str:
    """Return the page as one HTML file that prints well."""
    title = _html(page.heading)
    body = "\n".join(line for block in page.blocks for line in block.html())
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{_STYLE}{page.style}</style>
</head>
<body>
{_PEOPLE}<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def target_for_page(name: str, endings: tuple[str, ...] = ENDINGS) -> Path:
    """Return the file that a page may be written to. What is there already is never overwritten.

    Raises UsageError for a name that cannot be taken, UnreadableError for a folder that cannot be written to.
    """
    path = named(name)
    if not name.strip() or path.suffix.lower() not in endings:
        told = f"{path} has no ending that is known" if name.strip() else "the page has no name"
        wanted = nearest(path.suffix, endings) or f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise UsageError(told, f"name a file that ends in {wanted}")
    if os.path.lexists(path):
        raise UsageError(f"{path} is there already", "choose another name: nothing is overwritten")
    if not path.parent.is_dir():
        raise UnreadableError(f"{path} cannot be written (there is no folder {path.parent})", "choose a folder that is")
    if not os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise UnreadableError(f"{path} cannot be written (permission denied)", "choose another folder")
    return path


def write_page(page: Page, path: Path, *, again: bool = False) -> None:
    """Write the page in the form that the ending of `path` says. See `write_text` for the rest."""
    write_text(as_markdown(page) if path.suffix.lower() == ".md" else as_html(page), path, again=again)


def write_text(text: str, path: Path, *, again: bool = False) -> None:
    """Write a file in UTF-8: it is whole, or not there. Line ends are written as they are.

    `again` replaces what this run wrote there before. Raises UsageError when the file is there already, UnreadableError
    when it cannot be written.
    """
    try:
        with whole_file(path, over=again, mode=_to_hand_on()) as file:
            file.write(text.encode())
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", "choose another name: nothing is overwritten") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"{path} cannot be written ({reason})", "choose another name or folder") from error


def _to_hand_on() -> int:
    """Return the rights of a page: it is handed on, so others may read it, unless the learner's umask says no."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o644 & ~mask


def _md(text: str) -> str:
    """Return outside text for Markdown: it shows as it stands and gives no order."""
    escaped = _MARKS.sub(lambda found: "\\" + found[0], clean(text, lines=False))
    return _AT_START.sub(r"\1\\\2", escaped)


def _html(text: str) -> str:
    """Return outside text for HTML."""
    return html.escape(clean(text, lines=False))
