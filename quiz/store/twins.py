"""One review that two events tell: of an answer that went through Anki and came in more than once, one telling counts.

A review in Anki's log has no id of its own that every device would make the same event of: its study day follows from
the learner's settings and perhaps from the time zone of the machine, what it says of the card from its wording at the
time. So an event from Anki has an id made of all that it says (`named`), and two that say unlike things never bear one
id. Which of them count follows from the events alone, so that devices that have the same ones agree:

- an answer given here comes before the same one from Anki: of the same card, with the same rating, within a second (a
  person cannot answer a card twice in that time);
- of several from Anki about the same card at the same millisecond the one with the least id counts.

The others are taken back, in the transaction that brings one beside the other, by an undo whose id and content follow
from the event that it names: every device makes the same one.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from quiz.digest import blake2b
from quiz.memory import StudyDay
from quiz.store.events import Event, to_json
from quiz.store.rows import ADOPTED, SELECT, event_of

ANKI = blake2b(b"anki", digest_size=4).hexdigest()  # 8 hex digits: what events from Anki name as their device
# Their place on it is the same for all, and above those that are counted: a package may hold any part of a log, so
# there is nothing to count. Of two at one time the id decides.
PLACE = ADOPTED + 1
_TOLD = ("answer", "reset", "suspend")  # what is made of a package
_WITHIN = 1000  # milliseconds
_DAY = 86_400_000  # milliseconds

_ANY = "select 1 from event where device = ? limit 1"
# By the index `event_by_card`. `?` is a list of [card, time] as JSON.
_NEAR = (
    "select distinct e.id, e.device, e.kind, e.card, e.at, e.rating from json_each(?) f cross join event e "
    "on e.card = json_extract(f.value, '$[0]') and e.at between json_extract(f.value, '$[1]') - 1000 "
    "and json_extract(f.value, '$[1]') + 1000"
)
_SUSPENSIONS = (
    "select e.id, e.card, e.at from json_each(?) f cross join event e on e.card = f.value "
    "where e.kind = 'suspend' and e.device <> ? order by e.at"
)


class Telling(NamedTuple):
    """What tells one review from others; `at` is in UTC milliseconds, `rating` 1 to 4 or None."""

    id: str
    device: str
    kind: str
    card: str
    at: int
    rating: int | None

    @property
    def rank(self) -> tuple[bool, str]:
        """Which of several tellings counts: the least."""
        return (self.device == ANKI, self.id)

    def same(self, other: Telling) -> bool:
        """Whether another telling is of this review, which came from Anki."""
        if other.device == ANKI:
            return other.at == self.at
        return other.rating == self.rating and abs(other.at - self.at) < _WITHIN


class _Tellings:
    """Tellings, to be asked for those of one review."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        self._of: dict[tuple[str, str], list[Telling]] = {}
        for one in set(tellings):
            self._of.setdefault((one.card, one.kind), []).append(one)
        for some in self._of.values():
            some.sort(key=attrgetter("at"))

    def best(self, review: Telling) -> Telling | None:
        """Return the telling of a review from Anki that counts; None where there is none."""
        some = self._of.get((review.card, review.kind), [])
        first = bisect_left(some, review.at - _WITHIN, key=attrgetter("at"))
        last = bisect_left(some, review.at + _WITHIN, lo=first, key=attrgetter("at"))
        return min(filter(review.same, some[first:last]), key=attrgetter("rank"), default=None)


def named(event: Event) -> Event:
    """Return an event from Anki with the id and the place that it has on every device, whatever those it came with."""
    said = (event.kind, event.card, event.at, event.offset, event.day, event.rating, to_json(event.body))
    name = "\0".join(("anki", *map(str, said)))
    event_id = blake2b(name.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return replace(event, id=event_id, device=ANKI, seq=PLACE)


def known_as(db: sqlite3.Connection, events: Iterable[Event]) -> dict[str, Event]:
    """Return, by the ids of events from Anki, those of the history that tell the same under another id.

    The suspension of a card that the learner has suspended or freed since is left to that decision.
    """
    asked = list(_of_anki(events))
    there = _Tellings(_near(db, asked))
    found = {one.id: known.id for one in asked if (known := there.best(one)) and known.id != one.id}
    suspended = [one for one in asked if one.kind == "suspend" and one.id not in found]
    decided = {card: (at, name) for name, card, at in _rows(db, _SUSPENSIONS, [one.card for one in suspended], ANKI)}
    later = {one.id: decided[one.card][1] for one in suspended if decided.get(one.card, (0,))[0] >= one.at}
    names = found | later
    rows = db.execute(f"{SELECT} where id in (select value from json_each(?))", (to_json(sorted(set(names.values()))),))
    held = {event.id: event for event in map(event_of, rows)}
    return {event: held[name] for event, name in names.items()}


def undos(db: sqlite3.Connection, fresh: Sequence[Event]) -> list[Event]:
    """Return what takes back the tellings that count no longer, or do not, once `fresh` is in the history.

    Runs before these are written. Costs next to nothing where nothing ever came from Anki.
    """
    if not any(event.device == ANKI for event in fresh) and db.execute(_ANY, (ANKI,)).fetchone() is None:
        return []
    new = [_telling(event) for event in fresh if event.kind in _TOLD and event.card is not None]
    near = {*new, *_near(db, new)}
    tellings = _Tellings(near)
    void = (one for one in near if one.device == ANKI and tellings.best(one) != one)
    return [_undo(one) for one in sorted(void)]


def _undo(void: Telling) -> Event:
    """Return the event that takes a telling back: of its id, card and time alone, so the same on every device."""
    event_id = blake2b(f"told by another event\0{void.id}".encode("utf-8", "replace"), digest_size=16).hexdigest()
    day = StudyDay(void.at // _DAY)
    return Event(event_id, "undo", void.at, 0, day, void.card, void.id, device=ANKI, seq=PLACE)


def _of_anki(events: Iterable[Event]) -> Iterable[Telling]:
    return (_telling(event) for event in events if event.device == ANKI and event.kind in _TOLD and event.card)


def _telling(event: Event) -> Telling:
    return Telling(event.id, event.device, event.kind, event.card or "", event.at, event.rating)


def _near(db: sqlite3.Connection, asked: Sequence[Telling]) -> Iterable[Telling]:
    """Return what the history has about the cards asked for, within a second of them."""
    rows = db.execute(_NEAR, (to_json([(one.card, one.at) for one in asked]),))
    return (one for one in map(Telling._make, rows) if one.kind in _TOLD)


def _rows(db: sqlite3.Connection, sql: str, cards: Sequence[str], *values: str) -> Iterable[tuple[str, str, int]]:
    return db.execute(sql, (to_json(sorted(set(cards))), *values))
