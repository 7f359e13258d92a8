"""What an import brings: a deck in plain data, answers as events, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from quiz.store.events import Event


class LeftOut(NamedTuple):
    """Something that was not taken over, and why. `cards` counts the cards of which nothing is written for it."""

    what: str
    why: str
    cards: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file of another program holds.

    `cards` are entries of a deck file as plain data (what stands below `cards:`), each with an `id` that is the same at
    every import. `events` are answers from its review log, with ids that are the same at every import, so that a second
    import adds nothing twice. `media` are names of files that were listed and not taken over.

    `joined`: the events are of this program's own devices, which gave them their ids. They are joined as in a sync.
    """

    title: str
    cards: tuple[dict[str, Any], ...]
    events: tuple[Event, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    media: tuple[str, ...] = ()
    joined: bool = False
