"""The events of a history: what happened, once and for all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from quiz.clock import Instant, iso
from quiz.memory import RETENTION_MIN, StudyDay, date_of, day_of

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Kind = Literal["answer", "undo", "suspend", "bury", "flag", "reset", "alias", "settings", "session"]
KINDS: tuple[Kind, ...] = ("answer", "undo", "suspend", "bury", "flag", "reset", "alias", "settings", "session")
AIM = 0.9  # the `retention` of an event that was given none
# Of the lines that `Event.as_json` gives. Programs of the first form, which has no `v`, demand a field `at` and take
# what they do not know for part of the body: a line without that field is refused by them.
_FORM = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `seq` is given when it is written; until then it is 0.

    `rating` is 1 to 4 where an answer moves the schedule, else None. `chance` is the odds (0 to 1) that a right answer
    was luck. `body` holds the rest: for an answer the session, question, fingerprints, mode, order of the options, what
    was given, mark, certainty and milliseconds.
    """

    id: str
    kind: Kind
    at: int
    offset: int
    day: StudyDay
    card: str | None = None
    target: str | None = None
    rating: int | None = None
    chance: float = 0.0
    retention: float = AIM
    body: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    seq: int = 0

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Where the event stands among others: by study time, then device, then sequence.

        The id decides between events of two copies of one device, so that every device has the same order.
        """
        return (self.at, self.device, self.seq, self.id)

    def as_json(self) -> str:
        """Return the event as one line, as `quiz export` writes it: all of it, so that `from_json` gives an equal one.

        The body stands apart: a setting may have the name of a field.
        """
        data: dict[str, Any] = {
            "v": _FORM,
            "id": self.id,
            "device": self.device,
            "seq": self.seq,
            "time": iso(self.at),
            "at_ms": self.at,
            "offset_min": self.offset,
            "day": date_of(self.day).isoformat(),
            "kind": self.kind,
        }
        about = {"card": self.card, "target": self.target, "rating": self.rating}
        data |= {name: value for name, value in about.items() if value is not None}
        data |= {"chance": self.chance, "retention": self.retention, "body": self.body}
        return json.dumps(data, ensure_ascii=False)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Event:
        """Return the event that `as_json` gave. Raises KeyError, TypeError or ValueError for anything else.

        Lines of the first form are read as well: there what stands beside the fields is the body.
        """
        rest = dict(data)
        form = rest.pop("v", 1)
        if form not in (1, _FORM):
            raise ValueError(f"form {form} of an event, known is {_FORM}: a newer version of this program wrote it")
        head = (str(rest.pop("id")), rest.pop("kind"), int(rest.pop("at_ms")), int(rest.pop("offset_min")))
        day = day_of(date.fromisoformat(rest.pop("day")))
        device, seq = str(rest.pop("device")), int(rest.pop("seq"))
        apart = form == _FORM
        del rest["time" if apart else "at"]
        # The first form had odds only beside a rating: without one, `retention` is the setting of that name, and what
        # an answer had was not written.
        odds = apart or "rating" in rest
        about = (rest.pop("card", None), rest.pop("target", None), rest.pop("rating", None))
        shares = (float(rest.pop("chance", 0.0)), float(rest.pop("retention", AIM))) if odds else (0.0, AIM)
        body = rest.pop("body") if apart else rest
        if head[1] not in KINDS:
            raise ValueError(f"no kind of event: {head[1]}")
        if apart and rest:
            raise ValueError(f"no field of an event: {next(iter(rest))}")
        return Event(*head, day, *about, *shares, body, device, seq)


def setting_of(body: dict[str, Any], retention: float) -> dict[str, Any]:
    """Return the settings that an event of that kind changes, from its body and its field `retention`.

    Earlier versions took the setting `retention` of an exported line for the field of that name, and such an event is
    never changed: it means what the device that made it set. No other one has an aim of its own or an empty body, and
    `retention` is always set alone; so {} with 0.9 is the setting 0.9.
    """
    lost = "retention" not in body and (retention != AIM or not body)
    return {**body, "retention": retention} if lost else body


_LONGEST_ID = 1000  # characters
_FIRST_AT, _LAST_AT = -62_135_596_800_000, 253_402_300_799_999  # UTC milliseconds: the years 1 to 9999, as dates go
_FIRST_DAY, _LAST_DAY = -719_162, 2_567_000  # study days of the years 1 to 8998: due days after them are dates as well
_MOST_OFFSET = 24 * 60 - 1  # minutes

DEEPEST = 32  # of JSON in a body: the program writes three levels
_LARGEST = 2**53  # whole numbers beyond it are not the same in every reader of JSON
_LONGEST_TEXT = 100_000  # characters: an answer that was typed is marked again when its card changes
_TEXTS = frozenset(
    "session mode question prompt answer key stem given certainty exam wrote instead_of import weights".split()
)
_NUMBERS = frozenset(("ms", "mark", "until", "waits"))
_TABLES = frozenset(("fit",))


def wrong_with(event: Event) -> str:
    """Say why an event from elsewhere, whatever its fields hold, cannot be taken in; "" for one that can. Never raises.

    This is the one way in, for sync as for imports: what was taken in stays for ever. Refused is what a replay or a
    report would stumble over (all of `implausible.sql` is among it), and nothing that is only odd: a study day that is
    not that of its time, for one, is what a clock that was set leaves behind.
    """
    names = (event.id, event.device, *(name for name in (event.card, event.target) if name is not None))
    if not all(isinstance(name, str) and 0 < len(name) <= _LONGEST_ID and name.isprintable() for name in names):
        return "an id is missing or too long, or no plain text"
    if event.kind not in KINDS:
        return "its kind is not known"
    return _wrong_numbers(event) or _wrong_content(event)


def _wrong_numbers(event: Event) -> str:
    """Say what is wrong with the time, the place on its device or the rating of an event."""
    if not _is_whole(event.at, _FIRST_AT, _LAST_AT):
        return "its time is none of the years 1 to 9999"
    if not _is_whole(event.offset, -_MOST_OFFSET, _MOST_OFFSET):
        return "its time zone is no distance from UTC in minutes"
    if not _is_whole(event.day, _FIRST_DAY, _LAST_DAY):
        return "its study day is none"
    if not _is_whole(event.seq, 1, _LARGEST - 1):
        return "its 'seq' is no place on a device"
    if event.rating is not None and not _is_whole(event.rating, 1, 4):
        return "its 'rating' is none of 1 to 4"
    if not _is_share(event.chance):
        return "its 'chance' is not from 0 to 1"
    rated = event.kind == "answer" and event.rating is not None  # else nothing is aimed at
    if not _is_share(event.retention) or (rated and not RETENTION_MIN <= event.retention < 1):
        return f"its 'retention' is not from {RETENTION_MIN} to 1"
    return ""


def _wrong_content(event: Event) -> str:
    """Say what is wrong with what an event is about, and with its body."""
    if event.kind == "answer" and event.card is None:
        return "it answers no card"
    if not body_fits(event.kind, event.body):
        return "a field has a value that cannot be"
    if event.kind == "session":
        return ""
    if not _is_share(event.body.get("mark", 0)):
        return "its 'mark' is not from 0 to 1"
    if not _FIRST_DAY <= event.body.get("until", 0) <= _LAST_DAY:
        return "its 'until' is no study day"
    return ""


def _is_whole(value: object, first: int, last: int) -> bool:
    return type(value) is int and first <= value <= last


def _is_share(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1  # type: ignore[operator]


def body_fits(kind: Kind, body: object) -> bool:
    """Whether the body of an event from elsewhere has nothing in it that the program would stumble over.

    What was taken in stays for ever, so it is looked at before: names that are read have values of their type, and
    everything is JSON in the strict sense, of bounded depth, with finite numbers and whole characters. The result in a
    `session` is looked at by who reads it.
    """
    if not isinstance(body, dict) or not _strict(body):
        return False
    return kind == "session" or all(_is_of_type(name, value) for name, value in body.items())


def _is_of_type(name: str, value: object) -> bool:
    """Whether the value of a name in the body of an answer or a decision is of its type."""
    if name in _TEXTS:
        return isinstance(value, str)
    if name in _NUMBERS:
        return type(value) in (int, float)
    if name in _TABLES:
        return isinstance(value, dict)
    return name != "rated" or value in (None, 1, 2, 3, 4)


def _strict(body: object) -> bool:
    """Whether a value is JSON in the strict sense, not too deep. Walked without recursion."""
    level: list[object] = [body]
    for _ in range(DEEPEST):
        inner: list[object] = []
        for value in level:
            if isinstance(value, dict):
                inner += value
                inner += value.values()
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str):
                if len(value) > _LONGEST_TEXT or not (value.isascii() or value == _whole(value)):
                    return False
            elif isinstance(value, int | float) and not -_LARGEST < value < _LARGEST:  # nor infinite, nor no number
                return False
        if not inner:
            return True
        level = inner
    return False


def _whole(text: str) -> str:
    """Return a text without halves of characters, which no file takes."""
    return text.encode("utf-8", "replace").decode()


def new_event(event_id: str, kind: Kind, now: Instant, day: StudyDay, **fields: Any) -> Event:
    """Return an event that happens `now`."""
    return Event(event_id, kind, now.at, now.offset, day, **fields)
