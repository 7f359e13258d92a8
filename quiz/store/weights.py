"""The weights of the memory model that hold for a learner, and what changes when others do.

Weights are a decision of the learner, kept as an event of the kind `settings` whose body has `weights`: the numbers w0
to w20 with spaces between (their number tells the version of the model, see `Params`), or "default". What a fit had to
say of them stands beside, under `fit`. The rule: **those of the last such event that counts hold, for all answers**, in
the order of events that all devices share. So what is derived follows from the events alone, on every device: a card's
memory is the replay of its answers with these weights, whichever held when they were given. What cannot be read here
(other bounds, another number of weights) is passed over.

Whatever brings such an event, or takes one back, derives all cards anew in the same transaction: the states in the file
always fit the events in the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from quiz.errors import UsageError
from quiz.memory import DEFAULT_PARAMS, Params
from quiz.store.database import writing
from quiz.store.derive import undone
from quiz.store.rows import SELECT, event_of

if TYPE_CHECKING:
    from quiz.store.history import History

DEFAULT = "default"

# The first condition is that of the index `event_by_kind`: without it SQLite would read all events.
_SET = (
    "select id, body, exists (select 1 from event u where u.target = event.id) from event "
    "where kind <> 'answer' and kind = 'settings' and instr(body, '\"weights\":') "
    "order by at desc, device desc, seq desc, id desc"
)
_UNDOS = f"{SELECT} where kind <> 'answer' and kind = 'undo'"


class Chosen(NamedTuple):
    """Weights that hold: the event that set them ("" for none), and what a fit said of them (empty if none did)."""

    params: Params
    event: str = ""
    fit: dict[str, Any] = {}


def params_of(text: str) -> Params:
    """Return the weights that a text means. Raises ValueError saying what is wrong with it."""
    if text.strip().casefold() == DEFAULT:
        return DEFAULT_PARAMS
    return Params(tuple(float(word) for word in text.replace(",", " ").split()))


def text_of(params: Params) -> str:
    """Return weights as they are kept."""
    return DEFAULT if params == DEFAULT_PARAMS else " ".join(map(repr, params.weights))


def chosen(db: sqlite3.Connection) -> Chosen:
    """Return the weights that hold in a history."""
    gone: set[str] | None = None
    for event, body, named in db.execute(_SET).fetchall():
        if named:
            gone = undone(map(event_of, db.execute(_UNDOS))) if gone is None else gone
            if event in gone:
                continue
        told = json.loads(body)
        try:
            return Chosen(params_of(str(told["weights"])), event, told.get("fit") or {})
        except (KeyError, ValueError):
            continue
    return Chosen(DEFAULT_PARAMS)


def kept_params(db: sqlite3.Connection) -> Params:
    """Return the weights that hold in a history, for a report that reads it."""
    return chosen(db).params


def choose(
    history: History,
    db: sqlite3.Connection,
    body: dict[str, Any] | None,
    progress: Callable[[int, int], None] | None,
    *,
    keep: bool,
) -> tuple[int, int]:
    """Do what `History.choose_weights` says, in one transaction on its connection `db`."""
    today = history.today()
    if body is not None:
        event = history.event("settings", body=body)
    else:
        target = chosen(db).event
        if not target:
            raise UsageError("there are no fitted weights to take back", "the default ones hold")
        event = history.event("undo", target=target)
    try:
        with writing(db):
            history.mind_others()
            before = due_cards(db, today)
            history.add(event)
            history.weigh([event], progress)
            after = due_cards(db, today)
            if not keep:
                raise _NotKept
    except _NotKept:
        pass
    return before, after


class _NotKept(Exception):
    """Takes a transaction back that was only tried."""


def due_cards(db: sqlite3.Connection, day: int) -> int:
    """Return how many cards are due on a study day, whatever their decks."""
    counted = db.execute("select count(*) from state where stability is not null and shown_from <= ?", (day,))
    return int(counted.fetchone()[0])
