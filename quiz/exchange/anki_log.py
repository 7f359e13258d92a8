"""Anki's review log as events of ours.

From one package the same events come wherever and whenever it is read, as long as the hour at which the study day
begins is the same: the time zone is that in which the collection was made, which the package names; their ids follow
from what they say. Where it differs all the same (another hour, another wording of the card, an old package without a
time zone), `quiz.store.twins` tells which event of a review counts.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from quiz.deck.model import fingerprint, question_id
from quiz.exchange.anki_cards import Became
from quiz.exchange.anki_package import Review
from quiz.memory import study_day
from quiz.store.events import Event, Kind
from quiz.store.twins import named

Offsets = Callable[[int], int]
# A time before 1980 or after 2200 is a slip: Anki is of 2006, but takes over logs from older programs.
_EARLIEST, _LATEST = 315_532_800_000, 7_258_118_400_000
_LEARNED, _CRAMMED, _BY_HAND = (0, 2), 3, 4  # kinds of row: new or relearned, filtered deck, set by hand
_EASE = {2: 3, 3: 4}  # what the buttons of the first scheduler are called now, while a card is learned
SESSION = "anki"
NO_CARD, NO_TIME, NO_RATING = "no card", "no time", "no rating"


class Origin(NamedTuple):
    """The card of Anki's that a review is about: its note's guid and its number in it, and what it became."""

    guid: str
    ordinal: int
    became: Became


def local_offset(at: int) -> int:
    """Return by how many minutes this machine's local time differed from UTC at a time (UTC milliseconds)."""
    return time.localtime(at // 1000).tm_gmtoff // 60


def events_of(
    reviews: Iterable[Review],
    origins: Mapping[int, Origin],
    offset_at: Offsets,
    rollover: int,
    *,
    first_scheduler: bool,
) -> tuple[list[Event], Counter[str]]:
    """Return the events of a review log, in the order of time, and how many rows were left out for which reason.

    An answer of a filtered deck that did not move Anki's schedule does not move ours. A card that was set back to new
    is reset. Rows that only moved a due day are no answers: they are passed over and not counted.
    """
    bodies: dict[int, dict[str, Any]] = {}
    found: list[Event] = []
    left: Counter[str] = Counter()
    for review in reviews:
        origin = origins.get(review.card)
        if not _EARLIEST <= review.id <= _LATEST:
            left[NO_TIME] += 1
        elif review.ease == 0 or review.kind > _CRAMMED:
            if review.kind == _BY_HAND and review.factor == 0 and origin:
                found.append(_event(review, origin, offset_at, rollover, "reset", None, {}))
        elif not 1 <= review.ease <= 4:
            left[NO_RATING] += 1
        elif origin is None:
            left[NO_CARD] += 1
        else:
            learned = first_scheduler and review.kind in _LEARNED
            rating = _EASE.get(review.ease, review.ease) if learned else review.ease
            if review.card not in bodies:
                bodies[review.card] = _about(origin.became)
            counts = review.kind != _CRAMMED or review.factor != 0
            body = bodies[review.card] | {
                "mode": "study" if counts else "cram",
                "mark": float(rating > 1),
                "ms": max(0, review.took),
            }
            body |= {} if counts else {"rated": rating}
            found.append(_event(review, origin, offset_at, rollover, "answer", rating if counts else None, body))
    return found, left


def suspension(origin: Origin, last: Event) -> Event:
    """Return the event for a card that is suspended in Anki: just after its last answer."""
    return named(Event("", "suspend", last.at + 1, last.offset, last.day, origin.became.card, body={"on": True}))


def _about(became: Became) -> dict[str, Any]:
    """Return what the events of one card share."""
    question = became.question
    return {
        "session": SESSION,
        "question": question_id(question),
        "prompt": fingerprint(question.prompt_parts),
        "answer": fingerprint(question.answer_parts),
        "given": "",
    }


def _event(
    review: Review,
    origin: Origin,
    offset_at: Offsets,
    rollover: int,
    kind: Kind,
    rating: int | None,
    body: dict[str, Any],
) -> Event:
    offset = offset_at(review.id)
    day = study_day(review.id, offset, rollover)
    return named(Event("", kind, review.id, offset, day, origin.became.card, rating=rating, body=body))
