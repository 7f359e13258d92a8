"""The record of competency as a file: a page in Markdown or HTML, or a table in CSV; and the check of such a file.

The check needs no history: a page carries its own data, and a CSV file is nothing but data. The fingerprint is made
over the data; a page carries a second number, its seal, over all the words that stand on it.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from quiz.errors import UnreadableError
from quiz.report.pages import Page, as_html, as_markdown, write_text
from quiz.report.record import EXAM, NO_DECK, DeckVersion, Item, Record, fingerprint_of, grouped
from quiz.report.record_page import blocks_of, heading

ENDINGS = (".md", ".html", ".csv")
MOST_BYTES = 20_000_000  # of a file to be checked


def write(record: Record, path: Path) -> None:
    """Write a record in the form that the ending of `path` says; see `quiz.report.pages.write_text` for the errors."""
    ending = path.suffix.lower()
    write_text(as_csv(record) if ending == ".csv" else as_page(record, ending), path)


# -- as a page --------------------------------------------------------------------------------------------------------


def as_page(record: Record, ending: str) -> str:
    """Return the record as Markdown (`.md`) or HTML (`.html`), with its data and its seal."""
    draw = as_markdown if ending == ".md" else as_html
    facts = record.as_json() | {"fingerprint": record.fingerprint}
    blocks = tuple(blocks_of(record))

    def drawn(data: dict[str, Any]) -> str:
        return draw(Page(heading(record), (*blocks, _Data(data))))

    return drawn(facts | {"seal": seal(drawn(facts))})


def seal(text: str) -> str:
    """Return 32 hex digits over the words of a page without its data: white space and line ends do not count."""
    start, end = _place(text)
    words = " ".join((text[:start] + text[end:]).split())
    return grouped(hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32])


@dataclass(frozen=True, slots=True)
class _Data:
    """The data of a record, for the check: folded away on a screen, and not printed."""

    data: dict[str, Any]

    def markdown(self) -> Iterator[str]:
        yield "The same as data, for the check:"
        yield ""
        yield "```json"
        yield from _json_lines(self.data)
        yield "```"

    def html(self) -> Iterator[str]:
        yield '<details class="small"><summary>The same as data, for the check</summary>'
        yield f'<pre id="record">{html.escape(chr(10).join(_json_lines(self.data)), quote=False)}</pre></details>'


# What stands before and after the data. Both begin where no text of a record can: its line ends are all our own.
_IN_MARKDOWN = "\n```json\n", "\n```"
_IN_HTML = '<pre id="record">', "</pre>"


def _is_html(text: str) -> bool:
    return text.lstrip().startswith("<!doctype")


def _place(text: str) -> tuple[int, int]:
    """Return where the data are in a page, from where to where. Raises ValueError where there are none."""
    before, after = _IN_HTML if _is_html(text) else _IN_MARKDOWN
    start = text.index(before + "{\n") + len(before)
    end = text.rindex("\n}" + after) + len("\n}")
    if end <= start:
        raise ValueError("no data")
    return start, end


def _json_lines(data: dict[str, Any]) -> Iterator[str]:
    """Yield JSON with a line for each fact, question and deck."""
    yield "{"
    for at, (key, value) in enumerate(data.items()):
        end = "," * (at + 1 < len(data))
        if isinstance(value, list | tuple) and value:
            yield f"{_json(key)}: ["
            yield from (f"{_json(each)}{',' * (i + 1 < len(value))}" for i, each in enumerate(value))
            yield f"]{end}"
        else:
            yield f"{_json(key)}: {_json(value)}{end}"
    yield "}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# -- as a table -------------------------------------------------------------------------------------------------------

# What a spreadsheet takes for a formula (OWASP, "CSV injection"), the signs in full width included.
_FORMULA = re.compile("'|\\s*[=+\\-@\t\r＝＋－＠]")
_OF_RECORD = [field.name for field in fields(Record) if field.name not in ("items", "decks")]
_OF_ITEM = [field.name for field in fields(Item) if field.name != "deck"]
_OF_DECK = [field.name for field in fields(DeckVersion)]
COLUMNS = [*_OF_ITEM, *(f"deck_{name}" for name in _OF_DECK), *_OF_RECORD, "fingerprint"]


def as_csv(record: Record) -> str:
    """Return the record as CSV (RFC 4180): a row for each question, with all that belongs to its deck and the record.

    It begins with a byte order mark: without one Excel takes UTF-8 for the code page of the machine. What a spreadsheet
    could take for a formula is led by an apostrophe, and so is what begins with one.
    """
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    whole = {name: getattr(record, name) for name in _OF_RECORD} | {"fingerprint": record.fingerprint}
    for item in record.items:
        deck = asdict(record.decks[item.deck]) if item.deck != NO_DECK else dict.fromkeys(_OF_DECK, "")
        row = {name: getattr(item, name) for name in _OF_ITEM}
        row |= {f"deck_{name}": value for name, value in deck.items()} | whole
        table.writerow({name: cell(value) for name, value in row.items()})
    return "\ufeff" + out.getvalue()


def from_csv(text: str) -> tuple[dict[str, Any], str]:
    """Return the plain values of the record that a CSV file holds, and the fingerprint that it states.

    Raises KeyError, TypeError or ValueError for anything that `as_csv` did not write.
    """
    rows = [
        {name: _uncell(value) for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    ]
    heads = [[row[name] for name in (*_OF_RECORD, "fingerprint")] for row in rows]
    if not rows or heads.count(heads[0]) != len(heads):
        raise ValueError("the rows are not of one record")
    decks: dict[tuple[str, ...], int] = {}
    items = []
    for row in rows:
        deck = tuple(row[f"deck_{name}"] for name in _OF_DECK)
        place = decks.setdefault(deck, len(decks)) if any(deck) else NO_DECK
        items.append(_read(Item, row) | {"deck": place})
    versions = [_read(DeckVersion, dict(zip(_OF_DECK, deck, strict=True))) for deck in decks]
    return _read(Record, rows[0]) | {"items": items, "decks": versions}, rows[0]["fingerprint"]


def cell(value: Any) -> str:
    """Return the text of a value in a table, with an apostrophe before what a spreadsheet could take for a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _uncell(text: Any) -> str:
    if not isinstance(text, str):  # a row that is too short or too long
        raise TypeError("a row has another number of cells")
    return text[1:] if text.startswith("'") else text


def _flag(text: str) -> bool:
    return {"no": False, "yes": True}[text]


_READ: dict[str, Callable[[str], Any]] = {"str": str, "int": int, "float": float, "bool": _flag}


def _read(kind: type[Item | DeckVersion | Record], row: dict[str, str]) -> dict[str, Any]:
    """Return the values of a row by the types of the fields; a field that stands in no single cell is left out."""
    return {f.name: _READ[str(f.type)](row[f.name]) for f in fields(kind) if f.name in row and f.type in _READ}


# -- the check --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a file found: whether it is as it was written, and that in words."""

    unchanged: bool
    said: str


def check(path: Path) -> Checked:
    """Say whether a record is as it was written. Raises UnreadableError for a file that cannot be read."""
    try:
        content = _content(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"{path} cannot be read ({reason})", "check the path and your rights") from error
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        data, stated, whole = _from_table(text) if path.suffix.lower() == ".csv" else _from_page(text)
        made = fingerprint_of(data)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, csv.Error, RecursionError):
        return Checked(False, "no whole record is in it: it was changed, or is none")
    about = f"{'an exam' if data.get('about') == EXAM else 'a safety refresher'} of {str(data.get('day'))[:20]}"
    if stated != made:
        return Checked(False, f"changed: what this record of {about} says does not fit its fingerprint")
    if not whole:
        return Checked(False, f"changed: the words of this record of {about} are not those that were written")
    return Checked(True, f"unchanged: the record of {about}, fingerprint {stated}")


def _content(path: Path) -> bytes:
    """Return what is in a plain file of bounded size. Raises OSError for anything else: a pipe would wait for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a plain file")
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(0, f"larger than {MOST_BYTES // 1_000_000} MB, as no record is")
    return content


def _from_table(text: str) -> tuple[dict[str, Any], str, bool]:
    return *from_csv(text), True


def _from_page(text: str) -> tuple[dict[str, Any], str, bool]:
    """Return the data of a page, the fingerprint that it states, and whether its words are as they were."""
    start, end = _place(text)
    found = text[start:end]
    data = json.loads(html.unescape(found) if _is_html(text) else found)
    stated, sealed = str(data.pop("fingerprint")), data.pop("seal")
    return data, stated, sealed == seal(text)
