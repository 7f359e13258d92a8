"""CSV and TSV out: a row for each question, the columns that quiz/exchange/csv_in.py reads; no cell can be run."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from pathlib import Path

from quiz.deck.model import Card
from quiz.exchange.csv_names import NAMES, WORD_LISTS, joined, joined_pairs
from quiz.exchange.entries import Entry, entries_of
from quiz.exchange.files import write_file
from quiz.exchange.parcel import LeftOut
from quiz.exchange.table import written

_SAME_NAME = ("accept", "reject", "choose", "unit", "tolerance", "proof")
_OF_QUESTION = frozenset(
    "ask answer accept reject cloze choices choose number unit tolerance order match distractors proof case figure "
    "both_ways".split()
)


def write_csv(path: Path, title: str, cards: Sequence[Card]) -> tuple[LeftOut, ...]:
    """Write cards as a table in UTF-8 with a byte order mark, which spreadsheets need. Returns what was left out.

    The title of the deck is the name of the file. Raises UnreadableError when the file cannot be written.
    """
    del title
    tab = path.suffix.lower() in (".tsv", ".tab")
    text, left_out = table_of(cards, "\t" if tab else ",")
    write_file(path, codecs.BOM_UTF8 + text.encode("utf-8"))
    return left_out


def table_of(cards: Sequence[Card], delimiter: str) -> tuple[str, tuple[LeftOut, ...]]:
    """Return cards as the text of a table, and what it cannot say."""
    entries, alone = entries_of(cards)
    left_out = list(alone)
    rows: list[dict[str, str]] = []
    for entry in entries:
        asked: list[Entry] = entry.get("questions", [entry])
        if any("figure" in question for question in asked):
            left_out.append(LeftOut(str(entry["id"]), "it shows a figure, which a table cannot hold", 1))
        elif "questions" in entry and len(asked) == 1 and "cloze" in asked[0]:
            left_out.append(LeftOut(str(entry["id"]), "its hole holds a colon, which a table takes for a key", 1))
        else:
            rows += _rows(entry, asked)
    used = [name for name in NAMES if name in ("question", "answer") or any(name in row for row in rows)]
    lines: Iterable[Sequence[str]] = [used, *([row.get(name, "") for name in used] for row in rows)]
    return written(lines, delimiter), tuple(left_out)


def _rows(entry: Entry, asked: Sequence[Entry]) -> list[dict[str, str]]:
    """Return the rows of one entry: what its questions share stands in the first one."""
    shared = {
        name: value for name, value in entry.items() if name not in _OF_QUESTION and name not in ("id", "questions")
    }
    if "case" in entry:
        shared["case"] = entry["case"]
    found = []
    for number, question in enumerate(asked):
        row = {"id": str(entry["id"]), **_question(question)}
        if "questions" in entry and "case" in question:
            row["goes on"] = question["case"]
        if not number:
            row |= {name.replace("_", " "): _told(name.replace("_", " "), value) for name, value in shared.items()}
        found.append(row)
    return found


def _told(name: str, value: object) -> str:
    """Return a field as the text of a cell."""
    if isinstance(value, list):
        return joined([str(item) for item in value], words=name in WORD_LISTS)
    return "true" if value is True else str(value)


def _question(fields: Entry) -> dict[str, str]:
    """Return the cells of a question."""
    row = {name: _told(name, fields[name]) for name in _SAME_NAME if fields.get(name)}
    if fields.get("both_ways"):
        row["both ways"] = "true"
    if "cloze" in fields:
        return row | {"kind": "cloze", "question": fields["cloze"]}
    row["question"] = fields["ask"]
    if "choices" in fields:
        return row | _options(fields["choices"])
    if "number" in fields:
        return row | {"kind": "number", "answer": str(fields["number"])}
    if "order" in fields:
        return row | {"kind": "order", "answer": joined(fields["order"])}
    if "match" in fields:
        wrong = {"wrong": joined(fields["distractors"])} if "distractors" in fields else {}
        return row | {"kind": "match", "answer": joined_pairs(list(fields["match"].items()))} | wrong
    return row | {"kind": "typed" if "accept" in fields else "flip", "answer": fields["answer"]}


def _options(options: Sequence[Entry]) -> dict[str, str]:
    """Return the cells of the options: all in their order, the right ones by their text, and the reasons."""
    rights = [str(option["right"]) for option in options if "right" in option]
    row = {
        "kind": "choice" if len(rights) == 1 else "select",
        "answer": joined(rights),
        "choices": joined([str(option.get("right", option.get("wrong"))) for option in options]),
    }
    reasons = [option.get("why", "") for option in options]
    return row | ({"reasons": joined(reasons)} if any(reasons) else {})
