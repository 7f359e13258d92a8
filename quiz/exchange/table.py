"""Tables in text (CSV and TSV, RFC 4180): cells that know their place, and cells that no spreadsheet will run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from quiz.exchange.draft import Draft
from quiz.exchange.entries import Spot, text_at
from quiz.questions.nodes import Text

DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}
_SAMPLE = 20  # rows that tell the delimiter
_QUOTED = re.compile('"[^"]*(?:""[^"]*)*"')
_LINE_END = re.compile("\r\n|\n|\r")
# What a spreadsheet takes for a formula (OWASP, "CSV injection"), the signs in full width included.
_RUN = re.compile("'*\\s*[=+\\-@\t\r＝＋－＠]")
_GUARDED = re.compile("''*\\s*[=+\\-@\t\r＝＋－＠]")
_PLAIN = re.compile(r"[\w.]?(?:[\w .()-]*[\w.)])?")
Row = list[Text]


def rows_of(text: str, delimiter: str, draft: Draft, most: int | None = None) -> list[Row]:
    """Return the rows (the first `most`), blank ones left out. What is wrong with quotes is recorded."""
    return list(islice(_rows(text, delimiter, draft), most))


def _rows(text: str, delimiter: str, draft: Draft) -> Iterator[Row]:
    bare = re.compile(f"[^{re.escape(delimiter)}\r\n]*")
    at = line = start = 0
    row: Row = []
    while at < len(text):
        spot = Spot(line, at - start)
        found = _QUOTED.match(text, at)
        if found:
            cell, raw = found[0][1:-1].replace('""', '"'), found[0]
            for end in _LINE_END.finditer(raw):
                line, start = line + 1, at + end.end()
        elif text[at] == '"':
            draft.problem(spot, "a quote is not closed", 'close it with ", and write a quote inside as ""')
            return
        else:
            found = bare.match(text, at)
            assert found
            cell = found[0]
        at = found.end()
        row.append(text_at(cell, spot))
        rest = bare.match(text, at)
        assert rest
        if rest[0].strip():
            draft.problem(Spot(line, at - start), "text after a closing quote", 'write a quote inside as ""')
        at = rest.end()
        if at < len(text) and text[at] == delimiter:
            at += 1
            if at < len(text):
                continue
            row.append(text_at("", Spot(line, at - start)))
        end_of_line = _LINE_END.match(text, at)
        if end_of_line:
            line, at = line + 1, end_of_line.end()
            start = at
        if any(cell.strip() for cell in row):
            yield row
        row = []


def delimiter_of(text: str) -> str:
    """Return what parts the cells: the sign that cuts the first rows into the same number of cells, two at least.

    One by which quotes stand where quotes may stand comes before one by which they do not, then one that cuts more of
    its rows (a wrong one may make more rows of them, where it cuts within quotes). Where several do, a tab comes before
    a semicolon and that before a comma, which is common in sentences.
    """
    best = (False, False, 0.0, "")
    for sign in DELIMITERS:
        trial = Draft("", "")
        widths = [width(row) for row in rows_of(text, sign, trial, _SAMPLE)]
        if widths and max(widths) > 1:
            cut = sum(one > 1 for one in widths) / len(widths)
            found = (not trial.problems, min(widths) == max(widths), cut, sign)
            best = max(best, found, key=lambda found: found[:3])
    return best[3]


def width(row: Row) -> int:
    """Return how many cells a row has, empty ones at its end left out."""
    return max((n for n, cell in enumerate(row, 1) if cell.strip()), default=0)


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `unguarded` gives back what it was."""
    return f"'{cell}" if _RUN.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the sign that `guarded` put before it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def written(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Return rows as text: every cell guarded, and in quotes where it holds more than plain words."""
    return "".join(delimiter.join(map(_cell, row)) + "\r\n" for row in rows)


def _cell(text: str) -> str:
    safe = guarded(text)
    return safe if _PLAIN.fullmatch(safe) else '"' + safe.replace('"', '""') + '"'
