"""Takes events of other devices into a history: union by id, and only the cards they touch are derived anew.

The same events give the same states in whatever order and in however many parts they come.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple, Protocol

from quiz.memory import Params
from quiz.store.database import writing
from quiz.store.derive import CardState, apply
from quiz.store.events import AIM, Event, setting_of, to_json
from quiz.store.rows import (
    ADOPTED,
    INSERT,
    LAST_SEQ,
    SELECT,
    STATE_IF_LAST,
    card_state,
    event_of,
    event_row,
    event_values,
)
from quiz.store.twins import undos

_NO_ODDS = (0.0, AIM)  # what an event has that was given none


class Merged(NamedTuple):
    """What came of a merge: how many events were new, the cards they are about, and what was refused.

    Refused are events that bear the id of another one which says something else: that one stays.
    """

    new: int
    cards: frozenset[str]
    refused: tuple[Event, ...]


class States(Protocol):
    """Where the cards of a history stand. Works inside the transaction that is open."""

    @property
    def params(self) -> Params:
        """The weights of the memory model."""

    def mind_others(self) -> None:
        """Learn of other weights that another program has set meanwhile."""

    def weigh(self, events: Sequence[Event]) -> None:
        """Derive all cards anew if these events, which are in the file, bring other weights."""

    def replayed(self, card: str) -> CardState:
        """Return the state to which all events of a card lead."""

    def put(self, card: str, state: CardState) -> None:
        """Write where a card stands."""

    def followers(self, card: str) -> list[str]:
        """Return the cards that have taken up the history of this one."""


def merge(db: sqlite3.Connection, events: Sequence[Event], states: States) -> Merged:
    """Write what is new of `events`, with all that follows from it, in one transaction.

    The events keep their device and sequence number.
    """
    with writing(db):
        return _merged(db, events, states)


def add_own(db: sqlite3.Connection, events: Sequence[Event], device: str, states: States) -> Merged:
    """Do what `merge` does for new events of this device: they get its next sequence numbers, in the same transaction.

    However many they are, each card is derived anew once.
    """
    with writing(db):
        (last,) = db.execute(LAST_SEQ, (device, ADOPTED)).fetchone()
        first = int(last or 0) + 1
        return _merged(db, [replace(event, seq=first + number) for number, event in enumerate(events)], states)


def _merged(db: sqlite3.Connection, events: Sequence[Event], states: States) -> Merged:
    # Asked inside the transaction: another program may be taking in the same events.
    states.mind_others()
    fresh, refused = fresh_of(db, events)
    came = len(fresh)
    fresh += fresh_of(db, undos(db, fresh), fresh)[0]
    touched = sorted((e for e in fresh if e.card is not None), key=lambda e: (e.card or "", e.order))
    by_card = {card or "": [*some] for card, some in groupby(touched, key=lambda e: e.card)}
    undone = _targeted(db, fresh)
    bases = {card: _base(db, card, some, undone) for card, some in by_card.items()}
    db.executemany(INSERT, map(event_row, fresh))
    for card, some in by_card.items():
        state = bases[card]
        if state is None:
            state = states.replayed(card)
        else:
            for event in some:
                state = apply(state, event, states.params)
        states.put(card, state)
    followers = {follower for card in by_card for follower in states.followers(card)}
    for card in followers - by_card.keys():
        states.put(card, states.replayed(card))
    states.weigh(fresh)
    if fresh:  # they may bring old ids and old answers, which the decks have to be asked about
        db.execute("delete from compared")
    return Merged(came, frozenset(by_card), tuple(refused))


def same(one: Event, other: Event) -> bool:
    """Whether two events of one id say the same.

    The sequence number is left out: where a profile was copied as a whole, both copies may have numbered an event that
    still lay in the journal. So are the odds of an answer that moves no schedule where one of the two has none: the
    exports of earlier versions left them out. Settings are the same where they mean the same, see `setting_of`.
    """
    one, other = replace(_meant(one), seq=other.seq), _meant(other)
    if one.rating is None and _NO_ODDS in ((one.chance, one.retention), (other.chance, other.retention)):
        one = replace(one, chance=other.chance, retention=other.retention)
    return one == other or event_values(one) == event_values(other)


def _meant(event: Event) -> Event:
    """Return a change of settings with its body whole."""
    if event.kind != "settings" or (body := setting_of(event.body, event.retention)) is event.body:
        return event
    return replace(event, body=body, retention=AIM)


def fresh_of(
    db: sqlite3.Connection, events: Sequence[Event], besides: Sequence[Event] = ()
) -> tuple[list[Event], list[Event]]:
    """Return the events that the history does not have, each once, and those that contradict one that it has.

    `besides` are events that are about to be written.
    """
    ids = to_json([event.id for event in events])
    rows = db.execute(f"{SELECT} where id in (select value from json_each(?))", (ids,))
    known = {event.id: event for event in (*besides, *map(event_of, rows))}
    fresh, refused = [], []
    for event in events:
        before = known.get(event.id)
        if before is None:
            known[event.id] = event
            fresh.append(event)
        elif not same(event, before):
            refused.append(event)
    return fresh, refused


def _targeted(db: sqlite3.Connection, events: Sequence[Event]) -> frozenset[str]:
    """Return the ids of the events that an undo named before they arrived."""
    ids = to_json([event.id for event in events])
    rows = db.execute("select target from event where target in (select value from json_each(?))", (ids,))
    return frozenset(target for (target,) in rows)


def _base(db: sqlite3.Connection, card: str, events: Sequence[Event], undone: frozenset[str]) -> CardState | None:
    """Return the state onto which the new events of a card can simply be set; None when it has to be replayed.

    They can when they come after all that is known of the card, in the order of study, and none takes another back.
    """
    if not all(event.kind in _PLAIN and event.id not in undone for event in events):
        return None
    first = events[0]
    row = db.execute(STATE_IF_LAST, (first.at, first.device, first.seq, first.id, card)).fetchone()
    return card_state(row[:-2]) if row is not None and row[-1] else None


_PLAIN = ("answer", "suspend", "bury", "flag")
