"""The history of another profile or machine in: JSON lines, one event each, as `quiz export --to FILE.jsonl` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quiz.exchange.files import RefusedError, named, read_text
from quiz.exchange.parcel import Parcel
from quiz.memory.days import date_of
from quiz.places import Place, Problem
from quiz.store.events import KINDS, Event, body_fits
from quiz.text import clean

MOST_BYTES = 2 * 1024 * 1024 * 1024
_MOST_AT = 253_402_300_799_999  # the end of the year 9999, in UTC milliseconds
_MOST_SEQ = 2**60
_LONGEST_ID = 128
_MEND = "export it again, or take the line out"


class _BadLineError(Exception):
    """A line that is no event; the message says what is wrong."""


def read_history(path: Path) -> Parcel:
    """Read events from JSON lines. Raises UnreadableError, or RefusedError with every problem and its line."""
    file = named(path)
    events, problems = parse(read_text(path, MOST_BYTES), file)
    if problems:
        raise RefusedError(file, problems)
    return Parcel("", (), tuple(events))


def parse(text: str, file: str) -> tuple[list[Event], list[Problem]]:
    """Return the events in a text, each once, and what is wrong. Never raises."""
    problems: list[Problem] = []
    found: dict[str, tuple[int, Event]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            event = _event(line)
        except _BadLineError as error:
            problems.append(Problem(Place(file, number, 1), str(error), _MEND))
            continue
        before = found.setdefault(event.id, (number, event))
        if before[1] != event:
            what = f"event {event.id} is not the same as in line {before[0]}"
            problems.append(Problem(Place(file, number, 1), what, "keep the true one of the two"))
    if not found and not problems:
        problems.append(Problem(Place(file), "holds no event", "a history has one event a line"))
    return [event for _, event in found.values()], problems


def _event(line: str) -> Event:
    """Return the event of a line, its texts cleaned. Raises _BadLineError."""
    try:
        data = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _BadLineError("is no line of JSON; is it cut off?") from None
    if not isinstance(data, dict):
        raise _BadLineError("is no event")
    try:
        event = Event.from_json(_cleaned(data))
        date_of(event.day)
    except KeyError as error:
        raise _BadLineError(f"has no field {error}") from None
    except RecursionError:
        raise _BadLineError("is nested too deeply") from None
    except (ValueError, TypeError, OverflowError) as error:
        kind = clean(str(data.get("kind")), lines=False)[:20]
        what = f"kind '{kind}' is not known" if data.get("kind") not in KINDS else f"a field is wrong ({error})"
        raise _BadLineError(clean(what, lines=False)) from None
    for sound, what in _checks(event):
        if not sound:
            raise _BadLineError(what)
    return event


def _checks(event: Event) -> list[tuple[bool, str]]:
    """Return what has to hold of an event before anything is derived from it, each with what is wrong else."""
    body = event.body
    mark = body.get("mark", 0.0)
    numbers = (event.chance, event.retention, mark, body.get("until", 0))
    finite = all(isinstance(n, int | float) and abs(n) < 2**63 for n in numbers)  # nor infinite, nor no number
    names = (event.id, event.device, event.card or "x", event.target or "x")
    rating = event.rating
    return [
        (all(isinstance(n, str) and 0 < len(n) <= _LONGEST_ID for n in names), "an id is missing or too long"),
        (0 <= event.at <= _MOST_AT, "'at_ms' is no time from 1970 to 9999"),
        (-1440 < event.offset < 1440, "'offset_min' is no distance from UTC in minutes"),
        (0 <= event.seq < _MOST_SEQ, "'seq' is no place on a device"),
        (rating is None or (type(rating) is int and 1 <= rating <= 4), "'rating' is none of 1 to 4"),
        (finite, "a number is none"),
        (not finite or 0 <= event.chance <= 1, "'chance' is not from 0 to 1"),
        (not finite or 0 < event.retention < 1, "'retention' is not between 0 and 1"),
        (not finite or 0 <= mark <= 1, "'mark' is not from 0 to 1"),
        (not finite or abs(body.get("until", 0)) < 2**40, "'until' is no study day"),
        (body_fits(event.kind, body), "a field has a value that cannot be"),
    ]


def _cleaned(value: Any) -> Any:
    """Return JSON values with every text in them safe to print."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)
