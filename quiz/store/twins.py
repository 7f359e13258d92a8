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

What the learner takes back (as with a whole import) is the review, whichever telling of it was named: what takes back
one that does not count is repeated for the one that does, and so is what brings it back. Only answers from Anki are
taken back so; one that was given here counts until it is named itself.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
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
# By the index `event_by_card`. `?` is a list of [card, first time, last time] as JSON, no two of which overlap.
_NEAR = (
    "select e.id, e.device, e.kind, e.card, e.at, e.rating from json_each(?) f cross join event e "
    "on e.card = json_extract(f.value, '$[0]') and e.at between json_extract(f.value, '$[1]') "
    "and json_extract(f.value, '$[2]')"
)
_ALL = (
    "select e.id, e.device, e.kind, e.card, e.at, e.rating "
    "from (select distinct card from event where device = ? and card is not null) f cross join event e "
    "on e.card = f.card"
)
_NAMED = (
    "select id, device, kind, coalesce(card, ''), at, rating, target from event "
    "where id in (select value from json_each(?))"
)
_UNDOS = f"{SELECT} where target in (select value from json_each(?)) and kind = 'undo' and device <> ?"
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


class _Tellings:
    """Tellings, to be asked for those of one review: a question costs a step or two, however many are alike."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        self.of_anki: dict[tuple[str, str, int], list[Telling]] = {}  # of each review, the least id first
        own: dict[tuple[str, str, int | None], list[tuple[int, str]]] = {}
        for one in sorted(set(tellings), key=itemgetter(0)):
            if one.device == ANKI:
                self.of_anki.setdefault((one.card, one.kind, one.at), []).append(one)
            else:
                own.setdefault((one.card, one.kind, one.rating), []).append((one.at, one.id))
        self._own = {about: sorted(some) for about, some in own.items()}

    def best(self, review: Telling) -> str | None:
        """Return the id of the telling of a review from Anki that counts; None where there is none."""
        own = self._own.get((review.card, review.kind, review.rating), [])
        place = bisect_left(own, (review.at - _WITHIN + 1, ""))
        if place < len(own) and own[place][0] < review.at + _WITHIN:
            return own[place][1]
        some = self.of_anki.get((review.card, review.kind, review.at))
        return some[0].id if some else None


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
    found = {one.id: known for one in asked if (known := there.best(one)) and known != one.id}
    suspended = [one for one in asked if one.kind == "suspend" and one.id not in found]
    decided = {card: (at, name) for name, card, at in _rows(db, _SUSPENSIONS, [one.card for one in suspended], ANKI)}
    later = {one.id: decided[one.card][1] for one in suspended if decided.get(one.card, (0,))[0] >= one.at}
    names = found | later
    rows = db.execute(f"{SELECT} where id in (select value from json_each(?))", (to_json(sorted(set(names.values()))),))
    held = {event.id: event for event in map(event_of, rows)}
    return {event: held[name] for event, name in names.items()}


def undos(db: sqlite3.Connection, fresh: Sequence[Event]) -> list[Event]:
    """Return what takes back the tellings that count no longer, or do not, once `fresh` is in the history.

    Runs before these are written, or after. Costs next to nothing where nothing ever came from Anki.
    """
    if not any(event.device == ANKI for event in fresh) and db.execute(_ANY, (ANKI,)).fetchone() is None:
        return []
    new = [_telling(event) for event in fresh if event.kind in _TOLD and event.card is not None]
    new += _taken_back(db, fresh)
    return _settled(db, fresh, {*new, *_near(db, new)})


def unsettled(db: sqlite3.Connection) -> list[Event]:
    """Return what `undos` would have given, had all of the history come through it: what is not there yet of it.

    That is none, unless a version wrote the history that let a review count twice, or it was joined from others.
    """
    if db.execute(_ANY, (ANKI,)).fetchone() is None:
        return []
    found = _settled(db, (), [one for one in map(Telling._make, db.execute(_ALL, (ANKI,))) if one.kind in _TOLD])
    there = _held(db, [event.id for event in found])
    return list({event.id: event for event in found if event.id not in there}.values())


def tellings(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return, by the ids of events, the ids of all events from Anki that tell the same review; else the id alone."""
    rows = db.execute(_NAMED, (to_json(sorted(ids)),))
    asked = [one for row in rows if (one := Telling(*row[:-1])).device == ANKI and one.kind in _TOLD]
    groups = _Tellings([*asked, *_near(db, asked)]).of_anki.values()
    alike = {name: names for names in (frozenset(one.id for one in some) for some in groups) for name in names}
    return {name: alike.get(name, frozenset((name,))) for name in ids}


def _held(db: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    return {row[0] for row in db.execute(_NAMED, (to_json(ids),))}


def _settled(db: sqlite3.Connection, fresh: Sequence[Event], near: Collection[Telling]) -> list[Event]:
    """Return the undos that follow from these tellings, and from what takes them back in the history or in `fresh`."""
    there = _Tellings(near)
    void = [one for some in there.of_anki.values() for one in some if there.best(one) != one.id]
    first = {one.id: some[0] for some in there.of_anki.values() for one in some[1:]}
    return [*map(_undo, void), *_repeated(db, fresh, first)]


def _repeated(db: sqlite3.Connection, fresh: Sequence[Event], first: dict[str, Telling]) -> Iterator[Event]:
    """Yield what takes back a telling, and what brings it back, once more for the first telling of its review.

    `first` tells that one for the ids of all others.
    """
    fresh_of: dict[str, list[Event]] = {}
    for event in fresh:
        if event.kind == "undo" and event.target and event.device != ANKI:
            fresh_of.setdefault(event.target, []).append(event)
    stands_for = {name: one.id for name, one in first.items()}  # what an undo of it names in its place
    level, known = dict(first), set(first)
    while level:
        kept = map(event_of, db.execute(_UNDOS, (to_json([*level]), ANKI)))
        found = {e.id: e for e in (*kept, *(e for name in level for e in fresh_of.get(name, ())))}
        below: dict[str, Telling] = {}
        for event in found.values():
            if event.id not in known and event.target:
                one = below[event.id] = level[event.target]
                stands_for[event.id] = _name("the same review", event.id, one.id)
                target = stands_for[event.target]
                yield replace(event, id=stands_for[event.id], card=one.card, target=target, device=ANKI, seq=PLACE)
        known |= below.keys()
        level = below


def _taken_back(db: sqlite3.Connection, fresh: Sequence[Event]) -> list[Telling]:
    """Return the tellings that fresh undos name, straight or through others."""
    new = {event.id: event for event in fresh}
    targets = {event.target for event in fresh if event.kind == "undo" and event.device != ANKI and event.target}
    known: set[str] = set()
    found: list[Telling] = []
    while targets := targets - known:
        known |= targets
        rows = [(*_telling(new[name]), new[name].target) for name in targets if name in new]
        rows += db.execute(_NAMED, (to_json(sorted(targets - new.keys())),))
        found += (Telling(*row[:-1]) for row in rows if row[1] == ANKI and row[2] in _TOLD)
        targets = {row[-1] for row in rows if row[2] == "undo" and row[-1]}
    return found


def _name(why: str, *names: str) -> str:
    return blake2b("\0".join((why, *names)).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _undo(void: Telling) -> Event:
    """Return the event that takes a telling back: of its id, card and time alone, so the same on every device."""
    event_id = _name("told by another event", void.id)
    day = StudyDay(void.at // _DAY)
    return Event(event_id, "undo", void.at, 0, day, void.card, void.id, device=ANKI, seq=PLACE)


def _of_anki(events: Iterable[Event]) -> Iterable[Telling]:
    return (_telling(event) for event in events if event.device == ANKI and event.kind in _TOLD and event.card)


def _telling(event: Event) -> Telling:
    return Telling(event.id, event.device, event.kind, event.card or "", event.at, event.rating)


def _near(db: sqlite3.Connection, asked: Iterable[Telling]) -> Iterable[Telling]:
    """Return what the history has about the cards asked for, within a second of them."""
    spans: list[tuple[str, int, int]] = []  # one for all that lie near each other: many may be about one moment
    for card, at in sorted({(one.card, one.at) for one in asked}):
        if spans and spans[-1][0] == card and at - _WITHIN <= spans[-1][2]:
            spans[-1] = (card, spans[-1][1], at + _WITHIN)
        else:
            spans.append((card, at - _WITHIN, at + _WITHIN))
    rows = db.execute(_NEAR, (to_json(spans),))
    return (one for one in map(Telling._make, rows) if one.kind in _TOLD)


def _rows(db: sqlite3.Connection, sql: str, cards: Sequence[str], *values: str) -> Iterable[tuple[str, str, int]]:
    return db.execute(sql, (to_json(sorted(set(cards))), *values))
