"""True retention apart for young and mature cards: by how long the memory was to last when the review came."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quiz.memory import DEFAULT_PARAMS, Memory, Params, Rating, StudyDay, knew_odds_by_chance, step
from quiz.report.stats import Retention, Review, taken_back
from quiz.store.derive import reset_before
from quiz.store.events import Event
from quiz.store.rows import SELECT, event_of
from quiz.store.weights import kept_params

if TYPE_CHECKING:
    from quiz.memory.bulk import Rated

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
    counts = {young: [0, 0] for young in (True, False)}
    for card, day, stability in _all_stabilities(db, by_card):
        count = counts[stability < MATURE_FROM]
        count[0] += 1
        count[1] += by_card[card][day]
    return Ages(Retention(*counts[True]), Retention(*counts[False]))


def _all_stabilities(
    db: sqlite3.Connection, by_card: Mapping[str, Collection[StudyDay]]
) -> Iterator[tuple[str, StudyDay, float]]:
    """Yield each card and day with the stability at its beginning.

    Answers before the first of all these days are replayed in bulk: there may be a million.
    """
    from quiz.memory.bulk import replay_states

    gone, params = taken_back(db), kept_params(db)
    moved = {card for (card,) in db.execute(_MOVED)}
    first = min((min(days) for days in by_card.values()), default=StudyDay(0))
    rest: dict[str, list[_Answer]] = {}

    def before() -> Iterator[tuple[str, list[Rated]]]:
        for card in by_card.keys() - moved:
            answers = [
                (day, rating, chance) for id_, day, rating, chance in db.execute(_RATED, (card,)) if id_ not in gone
            ]
            at = next((i for i, answer in enumerate(answers) if answer[0] >= first), len(answers))
            rest[card] = answers[at:]
            yield card, [(*answer, 0.0) for answer in answers[:at]]

    known = replay_states(before(), params)
    for card, answers in rest.items():
        standing = known.get(card)
        memory = standing.memory if standing else None
        yield from ((card, *found) for found in stabilities(answers, sorted(by_card[card]), memory, params))
    olds = _names(db, gone) if moved else {}
    for card in by_card.keys() & moved:
        answers = _answers_that_count(_events(db, card, olds, gone))
        yield from ((card, *found) for found in stabilities(answers, sorted(by_card[card]), params=params))


# In the order of the index `event_by_card`.
_RATED = (
    "select id, day, rating, chance from event where card = ? and kind = 'answer' and rating is not null "
    "order by at, device, seq"
)
_MOVED = "select distinct card from event indexed by event_that_moves where kind in ('alias', 'reset')"

_Answer = tuple[int, int | None, float]
"""Study day, rating (None: the memory is forgotten here), and the odds of luck."""


def stabilities(
    answers: Sequence[_Answer], days: Sequence[StudyDay], memory: Memory | None = None, params: Params = DEFAULT_PARAMS
) -> Iterator[tuple[StudyDay, float]]:
    """Yield the stability (days) that a card had at the beginning of each of `days`; 0 without a memory.

    answers: those of the card that count, in their order. days: in order. memory: that before the first of them.
    """
    at = 0
    for day in days:
        while at < len(answers) and answers[at][0] < day:
            on, rating, chance = answers[at]
            memory = _after(memory, StudyDay(on), rating, chance, params)
            at += 1
        yield day, memory.stability if memory else 0.0


def _after(memory: Memory | None, day: StudyDay, rating: int | None, chance: float, params: Params) -> Memory | None:
    if rating is None:
        return None
    return step(memory, Rating(rating), day, params, knew=knew_odds_by_chance(memory, day, chance, params))


def _answers_that_count(events: Sequence[Event]) -> list[_Answer]:
    """Return the answers and resets of a card that its memory follows from, as `quiz.store.derive` has it."""
    before = reset_before(events)
    return [
        (event.day, event.rating, event.chance)
        for event in events
        if (event.kind == "reset" and "before" not in event.body)
        or (event.kind == "answer" and event.rating is not None and event.day >= before)
    ]


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
