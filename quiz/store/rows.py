"""From events, card states and saved sessions to rows of the tables, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from quiz.memory import Memory, StudyDay
from quiz.store.derive import Asked, CardState
from quiz.store.events import Event, to_json


class SavedSession(NamedTuple):
    """Where a session stands: its plan and its queue as JSON values."""

    id: str
    day: StudyDay
    started: int
    open: bool
    body: dict[str, Any]


EVENT_COLUMNS = "id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body"
SELECT = f"select {EVENT_COLUMNS} from event"
INSERT = (
    f"insert into event ({EVENT_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing"
)
# Backwards from the newest event, which nearly always is this device's own: that needs no index.
LAST_SEQ = "select seq from event where device = ? order by number desc limit 1"


def event_row(e: Event, seq: int | None = None) -> tuple[object, ...]:
    """Return the row of an event, with a sequence number in place of its own."""
    # Half a character, as a terminal may send one, must not keep an answer from being written.
    body = to_json(e.body).encode("utf-8", "replace").decode()
    head = (e.id, e.device, e.seq if seq is None else seq, e.at, e.offset, e.day, e.kind, e.card, e.target)
    return (*head, e.rating, e.chance, e.retention, body)


def session_row(session: SavedSession) -> tuple[str | int, ...]:
    """Return the row of a session."""
    return (session.id, session.day, session.started, session.open, to_json(session.body))


def saved_session(row: Sequence[Any]) -> SavedSession:
    """Return the session of a row."""
    return SavedSession(row[0], StudyDay(row[1]), row[2], bool(row[3]), json.loads(row[4]))


def event_of(row: tuple[Any, ...]) -> Event:
    """Return the event of a row that `SELECT` gave."""
    event_id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body = row
    rest = (card, target, rating, chance, retention, json.loads(body), device, seq)
    return Event(event_id, kind, at, offset, StudyDay(day), *rest)


STATE_COLUMNS = (
    "stability, difficulty, day, due, answers, lapses, days, last_recalled, first_day, suspended, buried_until, "
    "flagged, danger, asked"
)
# After the state: whether no other card and no comparison with the decks hangs on the card, and whether the event is
# its last one, so that one more step is enough.
STATE_IF_LAST = (
    f"select {STATE_COLUMNS}, "
    "not exists (select 1 from revised r where r.card = s.card) "
    "and not exists (select 1 from event e where e.target = s.card and e.kind = 'alias'), "
    "not exists (select 1 from event e where e.card = s.card and (e.at, e.device, e.seq, e.id) > (?1, ?2, ?3, ?4)) "
    "and not exists (select 1 from event e where e.target = ?4) "
    "and not exists (select 1 from event e indexed by event_that_moves where e.card = s.card "
    "and e.kind in ('alias', 'reset')) from state s where s.card = ?5"
)
PUT_STATE = (
    f"insert or replace into state (card, shown_from, {STATE_COLUMNS}) "
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def state_row(card: str, s: CardState, shown_from: int | None = None) -> tuple[object, ...]:
    """Return the values of `PUT_STATE`, perhaps with another day from which the card is shown."""
    memory = (s.memory.stability, s.memory.difficulty, s.memory.day) if s.memory else (None, None, None)
    asked = to_json({question: a if a.answer else a[:3] for question, a in s.asked.items()})
    counts = (s.due, s.answers, s.lapses, s.days, s.last_recalled, s.first_day)
    return (
        card,
        s.shown_from if shown_from is None else shown_from,
        *memory,
        *counts,
        s.suspended,
        s.buried_until,
        s.flagged,
        s.danger,
        asked,
    )


def card_state(row: tuple[Any, ...]) -> CardState:
    """Return the state of a row of `STATE_COLUMNS`."""
    stability, difficulty, day, due, answers, lapses, days, last, first, suspended, buried, flagged, danger, asked = row
    memory = None if stability is None else Memory(stability, difficulty, StudyDay(day))
    # Four of them: a history that came from version 1 to 3 at once may hold the right answer twice.
    seen = {question: Asked(*values[:4]) for question, values in json.loads(asked).items()}
    counts = (due, answers, lapses, days, last, first)
    return CardState(memory, *counts, bool(suspended), buried, bool(flagged), danger, seen)
