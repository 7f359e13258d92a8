"""New parameters of the memory: where every card stands is worked out anew from its answers, in one transaction.

Only memories and due days follow from parameters; the rest of a state stays. Answers are read in one pass and go
through `quiz.memory.bulk`, and of the due days only the last is worked out. A card with an undo, a reset or ids that it
had before goes through `derive.replay`. Tests hold the two to equality.
"""

from __future__ import annotations

import contextlib
import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from quiz.memory import Params, fuzzed_interval, interval
from quiz.memory.bulk import replay_states
from quiz.sql import statements
from quiz.store.derive import CardState, due_in_danger

Row = tuple[Any, ...]
Progress = Callable[[int, int], None]

EVERY = 4000  # cards after which is told how far it is

# Both from the index alone: the answers of a card are far from each other in the file.
_FROM = "from event indexed by event_by_card where kind = 'answer' and card is not null"
_CARDS = f"select card, count(rating), count(*) {_FROM} group by card order by card"
_RATED = f"select day, rating, chance, retention {_FROM} and rating is not null order by card, at, device, seq, id"
_WHOLE = (
    "select distinct card from event where kind <> 'answer' and kind in ('undo', 'reset', 'alias') and card is not null"
)

# What was put off stays so, and what comes back at once because its answer changed (`quiz.store.revision`).
_PUT = (
    "update state set stability = ?1, difficulty = ?2, due = ?3, shown_from = case when suspended "
    "or exists (select 1 from revised r where r.card = ?4 and r.due) then shown_from else max(?3, buried_until) end "
    "where card = ?4"
)
_INDEX = "state_by_day"


class States(Protocol):
    """The history, as far as single cards are replayed. Works inside the transaction that is open."""

    def replayed(self, card: str) -> CardState:
        """Return the state to which all events of a card lead, by the weights that hold now."""

    def put(self, card: str, state: CardState) -> None:
        """Write where a card stands."""


def rewrite(db: sqlite3.Connection, params: Params, states: States, progress: Progress | None = None) -> int:
    """Write where every card stands by these parameters; return how many cards that are. Runs inside a transaction.

    states: the history, which goes by these parameters already. progress: told how many cards of how many are done.
    Raises sqlite3.Error.
    """
    whole = {card for (card,) in db.execute(_WHOLE)}
    with _no_collection():
        rows = [row for row in _rewritten(db, params, progress) if row[-1] not in whole]
    with _without_index(db):
        db.executemany(_PUT, rows)
        for card in sorted(whole):
            states.put(card, states.replayed(card))
    return len(rows) + len(whole)


@contextlib.contextmanager
def _without_index(db: sqlite3.Connection) -> Iterator[None]:
    """Make the index of the due days anew at the end: to move every card within it takes longer."""
    try:
        db.execute(f"drop index if exists {_INDEX}")
    except sqlite3.OperationalError:  # a statement that reads is not at its end
        yield
        return
    yield
    schema = statements(Path(__file__).with_name("schema.sql"))
    db.execute(next(each for each in schema if f"create index {_INDEX} " in each))


def _rewritten(db: sqlite3.Connection, params: Params, progress: Progress | None) -> Iterator[Row]:
    """Yield the values of `_PUT` for every card with answers that were rated, as if it had nothing but answers.

    What is done for every answer is done without a step of Python but that of the model: there may be a million. So a
    card is named once, with the number of its answers, and these are read beside it.
    """
    cards = db.execute(_CARDS).fetchall()
    standings = replay_states(_by_card(_told(cards, progress), db.execute(_RATED)), params)
    uncounted = _uncounted(db, [card for card, rated, answers in cards if rated < answers])
    danger: dict[str, int] = dict(db.execute("select card, danger from state where danger > 0"))
    for card, (stability, difficulty, day, rated, retention) in standings.items():
        answers = rated + uncounted.get(card, 0)
        due = day + fuzzed_interval(interval(stability, retention, params), card, answers)
        yield stability, difficulty, due_in_danger(due, day, danger.get(card, 0)), card


def _by_card(cards: Iterable[Row], answers: Iterator[Row]) -> Iterator[tuple[str, Iterator[Any]]]:
    """Yield each card with its part of the answers, which has to be taken before the next."""
    for card, rated, _ in cards:
        yield card, islice(answers, rated)


def _told(cards: list[Row], progress: Progress | None) -> Iterator[Row]:
    """Yield cards, and tell how many of them are done."""
    for number, card in enumerate(cards):
        if progress is not None and not number % EVERY:
            progress(number, len(cards))
        yield card
    if progress is not None:
        progress(len(cards), len(cards))


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Switch the garbage collector off: rows of a database make no circles, and it would look at all of them often."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _uncounted(db: sqlite3.Connection, cards: Iterable[str]) -> dict[str, int]:
    """Return how many answers each of these cards had before its last rated one that were not rated themselves."""
    found: dict[str, int] = {}
    for card in cards:
        ratings = [
            rating
            for (rating,) in db.execute(
                "select rating from event where card = ? and kind = 'answer' order by at, device, seq, id", (card,)
            )
        ]
        while ratings and ratings[-1] is None:
            ratings.pop()
        found[card] = ratings.count(None)
    return found
