"""The events of a history: what happened, once and for all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from quiz.clock import Instant, iso
from quiz.memory import StudyDay, date_of, day_of

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Kind = Literal["answer", "undo", "suspend", "bury", "flag", "reset", "alias", "settings", "session"]
KINDS: tuple[Kind, ...] = ("answer", "undo", "suspend", "bury", "flag", "reset", "alias", "settings", "session")


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
    retention: float = 0.9
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
        """Return the event as one line, as `quiz export` writes it."""
        data: dict[str, Any] = {
            "id": self.id,
            "device": self.device,
            "seq": self.seq,
            "at": iso(self.at),
            "at_ms": self.at,
            "offset_min": self.offset,
            "day": date_of(self.day).isoformat(),
            "kind": self.kind,
        }
        if self.card is not None:
            data["card"] = self.card
        if self.target is not None:
            data["target"] = self.target
        if self.rating is not None:
            data |= {"rating": self.rating, "chance": self.chance, "retention": self.retention}
        return json.dumps(data | self.body, ensure_ascii=False)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Event:
        """Return the event that `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        rest = dict(data)
        head = (str(rest.pop("id")), rest.pop("kind"), int(rest.pop("at_ms")), int(rest.pop("offset_min")))
        day = day_of(date.fromisoformat(rest.pop("day")))
        device, seq = str(rest.pop("device")), int(rest.pop("seq"))
        del rest["at"]
        about = (rest.pop("card", None), rest.pop("target", None), rest.pop("rating", None))
        odds = (float(rest.pop("chance", 0.0)), float(rest.pop("retention", 0.9)))
        if head[1] not in KINDS:
            raise ValueError(f"no kind of event: {head[1]}")
        return Event(*head, day, *about, *odds, rest, device, seq)


def new_event(event_id: str, kind: Kind, now: Instant, day: StudyDay, **fields: Any) -> Event:
    """Return an event that happens `now`."""
    return Event(event_id, kind, now.at, now.offset, day, **fields)
