"""True retention apart for young and mature cards: by how long the memory was to last when the review came."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quiz.memory import Memory, Rating, StudyDay, knew_odds_by_chance, step
from quiz.report.stats import Retention, Review, taken_back
from quiz.store.events import Event
from quiz.store.rows import SELECT, event_of

MATURE_FROM = 21.0  # days of stability, as Anki's manual counts mature cards from an interval of 21 days


@dataclass(frozen=True, slots=True)
class Ages:
    """Together they are all reviews of the days looked at."""

    young: Retention
    mature: Retention


def ages(db: sqlite3.Connection, reviews: Sequence[Review]) -> Ages:
    """Return the reviews parted by the stability that the card had when the day began: `MATURE_FROM` days or less.

    A card whose memory was reset begins young. Only the cards reviewed are replayed, each from its first answer.
    """
    by_card: dict[str, dict[StudyDay, bool]] = defaultdict(dict)
    for review in reviews:
        by_card[review.card][review.day] = review.recalled
    gone = taken_back(db)
    olds = _names(db, gone)
    counts = {young: [0, 0] for young in (True, False)}
    for card, days in by_card.items():
        events = _events(db, card, olds, gone)
        for day, stability in stabilities(events, sorted(days)):
            count = counts[stability < MATURE_FROM]
            count[0] += 1
            count[1] += days[day]
    return Ages(Retention(*counts[True]), Retention(*counts[False]))


def stabilities(events: Sequence[Event], days: Sequence[StudyDay]) -> Iterator[tuple[StudyDay, float]]:
    """Yield the stability (days) that a card had at the beginning of each of `days`; 0 without a memory.

    events: those of the card that count, in their order. days: in order.
    """
    void_before = max(
        (before for e in events if e.kind == "reset" and isinstance(before := e.body.get("before"), int)), default=None
    )
    memory: Memory | None = None
    at = 0
    for day in days:
        while at < len(events) and events[at].day < day:
            memory = _after(memory, events[at], void_before)
            at += 1
        yield day, memory.stability if memory else 0.0


def _after(memory: Memory | None, event: Event, void_before: int | None) -> Memory | None:
    """Return the memory after an event of the card, as `quiz.store.derive` has it."""
    if event.kind == "reset":
        return memory if "before" in event.body else None
    if event.kind != "answer" or event.rating is None or (void_before is not None and event.day < void_before):
        return memory
    knew = knew_odds_by_chance(memory, event.day, event.chance)
    return step(memory, Rating(event.rating), event.day, knew=knew)


def _names(db: sqlite3.Connection, gone: Collection[str]) -> dict[str, list[str]]:
    """Return the ids that cards had before, by their id now."""
    rows = db.execute(
        "select card, target from event where kind <> 'answer' and kind = 'alias' "
        "and id not in (select value from json_each(?))",
        (json.dumps(sorted(gone)),),
    )
    olds: dict[str, list[str]] = defaultdict(list)
    for card, old in rows:
        olds[card].append(old)
    return olds


def _events(db: sqlite3.Connection, card: str, olds: Mapping[str, list[str]], gone: Collection[str]) -> list[Event]:
    """Return the answers and resets of a card that count, those under earlier ids among them, in their order."""
    names = [card]
    for name in names:  # grows meanwhile
        names += [old for old in olds.get(name, ()) if old not in names]
    found: list[Event] = []
    for name in names:
        rows = db.execute(f"{SELECT} where card = ? and kind in ('answer', 'reset') order by at, device, seq", (name,))
        found += [event for event in map(event_of, rows) if event.id not in gone]
    return found if len(names) == 1 else sorted(found, key=lambda e: e.order)
