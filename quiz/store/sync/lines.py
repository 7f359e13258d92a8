"""One event as one line of a sync file, and back.

A line is `{"v":1,"crc":"89abcdef","event":{...}}`: JSON, with the CRC-32 (8 hex digits) of the event's own bytes at a
fixed place before them, so that damage is told from truncation without guessing.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from quiz.memory import StudyDay
from quiz.store.events import KINDS, Event, to_json, wrong_with

VERSION = 1
MOST = 4 * 1024 * 1024  # bytes of a line: no answer comes near it
_HEAD, _MIDDLE = b'{"v":%d,"crc":"' % VERSION, b'","event":'
_EVENT = len(_HEAD) + 8 + len(_MIDDLE)  # where the event begins


class UnfitError(ValueError):
    """A line that is no event of this version; the message says why."""


class DamagedError(UnfitError):
    """A line that is not as it was written."""


class NewerError(UnfitError):
    """A line of a later version of this program."""


def line_of(event: Event) -> bytes:
    """Return the line of an event, with its newline."""
    data: dict[str, Any] = {
        "id": event.id,
        "device": event.device,
        "seq": event.seq,
        "at": event.at,
        "offset": event.offset,
        "day": event.day,
        "kind": event.kind,
        "card": event.card,
        "target": event.target,
        "rating": event.rating,
        "chance": event.chance,
        "retention": event.retention,
        "body": event.body,
    }
    text = to_json(data).encode("utf-8", "replace")
    return b"%b%08x%b%b}\n" % (_HEAD, zlib.crc32(text), _MIDDLE, text)


def event_of(line: bytes) -> Event:
    """Return the event of a line (without its newline). Raises UnfitError for anything else, and never another error.

    What it returns can be replayed: a line that is whole but would break the replay is refused as well, by the rules
    of `quiz.store.events.wrong_with`.
    """
    text = line[_EVENT:-1]
    whole = line.startswith(_HEAD) and line[_EVENT - len(_MIDDLE) : _EVENT] == _MIDDLE and line.endswith(b"}")
    if not whole or line[len(_HEAD) : len(_HEAD) + 8] != b"%08x" % zlib.crc32(text):
        raise _why(line)
    try:
        data = json.loads(text)
        if data["kind"] not in KINDS:
            raise NewerError(f"an event of a kind that this version does not know ({str(data['kind'])[:40]})")
        event = Event(**{**data, "day": StudyDay(data["day"])})
        wrong = wrong_with(event)
    except NewerError:
        raise
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise UnfitError("not an event") from error
    if wrong:
        raise UnfitError(f"an event that cannot be ({wrong})")
    return event


def _why(line: bytes) -> UnfitError:
    """Return why a line cannot be taken: it is of a later version, or damaged."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    version = data.get("v") if isinstance(data, dict) else None
    if isinstance(version, int) and version > VERSION:
        return NewerError(f"written by a newer version of this program (format {version}, known {VERSION})")
    return DamagedError("damaged (its checksum does not fit)")
