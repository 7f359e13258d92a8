"""One event as one line of a sync file, and back.

A line is `{"v":1,"crc":"89abcdef","event":{...}}`: JSON, with the CRC-32 (8 hex digits) of the event's own bytes at a
fixed place before them, so that damage is told from truncation without guessing.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from quiz.memory import StudyDay, date_of
from quiz.store.derive import NEW, apply
from quiz.store.events import KINDS, Event, body_fits, to_json

VERSION = 1
MOST = 4 * 1024 * 1024  # bytes of a line: no answer comes near it
_HEAD, _MIDDLE = b'{"v":%d,"crc":"' % VERSION, b'","event":'
_EVENT = len(_HEAD) + 8 + len(_MIDDLE)  # where the event begins
_LARGEST = 2**53  # whole numbers beyond it are not the same in every reader of JSON
_LONGEST = 1000  # characters of an id
_DAY_MINUTES = 24 * 60


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

    What it returns can be replayed: a line that is whole but would break the replay is refused as well.
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
        if _is_sound(event):
            return event
    except NewerError:
        raise
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise UnfitError("not an event") from error
    raise UnfitError("an event with values that cannot be")


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


def _is_sound(event: Event) -> bool:
    """Whether every value is one that the program can have written, and can be replayed."""
    texts = (event.id, event.device, event.card or "", event.target or "")
    numbers = (event.seq, event.at, event.offset, event.day)
    fits = (
        all(isinstance(text, str) and len(text) <= _LONGEST and text.isprintable() for text in texts)
        and event.id != ""
        and all(type(number) is int and abs(number) < _LARGEST for number in numbers)
        and event.seq > 0
        and event.rating in (None, 1, 2, 3, 4)
        and type(event.rating) is not bool
        and all(type(share) in (int, float) and 0 <= share <= 1 for share in (event.chance, event.retention))
        and body_fits(event.kind, event.body)
        and abs(event.offset) <= _DAY_MINUTES
    )
    if not fits:
        return False
    date_of(event.day)
    return abs(apply(NEW, event).shown_from) < _LARGEST
