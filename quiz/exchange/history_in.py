"""The history of another profile or machine in: JSON lines, one event each, as `quiz export --to FILE.jsonl` writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from quiz.exchange.files import RefusedError, named, read_text
from quiz.exchange.parcel import Parcel
from quiz.places import Place, Problem
from quiz.store.events import KINDS, Event, wrong_with
from quiz.store.merge import same
from quiz.text import clean

MOST_BYTES = 2 * 1024 * 1024 * 1024
_MEND = "export it again, or take the line out"


class _BadLineError(Exception):
    """A line that is no event; the message says what is wrong."""


def read_history(path: Path) -> Parcel:
    """Read events from JSON lines. Raises UnreadableError, or RefusedError with every problem and its line."""
    file = named(path)
    events, problems = parse(read_text(path, MOST_BYTES), file)
    if problems:
        raise RefusedError(file, problems)
    return Parcel("", (), tuple(events), joined=True)


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
        if not same(before[1], event):
            what = f"event {event.id} is not the same as in line {before[0]}"
            problems.append(Problem(Place(file, number, 1), what, "keep the true one of the two"))
    if not found and not problems:
        problems.append(Problem(Place(file), "holds no event", "a history has one event a line"))
    return [event for _, event in found.values()], problems


def _event(line: str) -> Event:
    """Return the event of a line. Raises _BadLineError.

    Its texts stay as they are, as they do in sync: under the same id, an event says the same everywhere. What they hold
    is made safe where it is shown.
    """
    try:
        data = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _BadLineError("is no line of JSON; is it cut off?") from None
    if not isinstance(data, dict):
        raise _BadLineError("is no event")
    try:
        event = Event.from_json(data)
    except KeyError as error:
        raise _BadLineError(f"has no field {error}") from None
    except RecursionError:
        raise _BadLineError("is nested too deeply") from None
    except (ValueError, TypeError, OverflowError) as error:
        kind = clean(str(data.get("kind")), lines=False)[:20]
        what = f"kind '{kind}' is not known" if data.get("kind") not in KINDS else f"a field is wrong ({error})"
        raise _BadLineError(clean(what, lines=False)) from None
    # Without a place on its device it gets one later.
    if wrong := wrong_with(event if event.seq else replace(event, seq=1)):
        raise _BadLineError(wrong)
    return event


def _no_constant(name: str) -> None:
    raise ValueError(name)
