"""Progress as a table in CSV: a row for each number, with what it is about."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from quiz.report.document import document
from quiz.report.record_file import cell
from quiz.report.standing import Standing, there

HEADS = ("section", "about", "measure", "value")


def as_csv(found: Standing) -> str:
    """Return the numbers of a standing that is whole as CSV (RFC 4180): those of `quiz stats --json`, by their names.

    `about` is the topic, day, card or level that a number is about. Shares are 0 to 1; what is not known is empty.
    It begins with a byte order mark, and a cell is no formula, as in `quiz.report.record_file.as_csv`.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(HEADS)
    danger = [each.card.id for each in there(found.danger)]
    whole = document(found, danger)
    whole["decks"] = [
        deck | {"name": deck["title"]} for deck in whole["decks"]
    ]  # where the files are is nobody's concern
    for row in _rows(whole):
        table.writerow([_written(value) for value in row])
    return "\ufeff" + out.getvalue()


def _written(value: object) -> object:
    """Return what stands in a cell: a number as it is, also below 0."""
    if value is None:
        return ""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else cell(value)


_NAMES = ("day", "name", "card", "id", "certainty", "from")
_WORDS = {*"text asks title taken_for look_alikes proposals plan topics exam".split()}  # of rows: no numbers


def _rows(whole: dict[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    for section, value in whole.items():
        if isinstance(value, dict):
            yield from _of_part(section, value)
        elif isinstance(value, list):
            yield from _of_list(section, value)
        else:
            yield "whole", "", section, value


def _of_part(section: str, part: dict[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    for measure, value in part.items():
        if isinstance(value, dict):
            yield from ((section, measure, inner, each) for inner, each in _numbers(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _of_list(section, value)
        else:
            yield from ((section, "", name, each) for name, each in _numbers({measure: value}))


def _of_list(section: str, values: list[Any]) -> Iterator[tuple[str, str, str, Any]]:
    for at, each in enumerate(values, 1):
        if not isinstance(each, dict):
            yield section, str(at), "card", each
            continue
        about = next((str(each[name]) for name in _NAMES if name in each), str(at))
        yield from ((section, about, name, value) for name, value in _numbers(each) if name != "day")


def _numbers(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the single numbers of a part; an interval becomes two."""
    for name, value in values.items():
        if name in _NAMES[1:]:
            continue
        if name == "likely":
            least, most = value or (None, None)
            yield "likely_from", least
            yield "likely_to", most
        elif not isinstance(value, dict | list) and name not in _WORDS:
            yield name, value
