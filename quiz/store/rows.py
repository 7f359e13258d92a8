"""From events, card states and saved sessions to rows of the tables, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from quiz.memory import Memory, StudyDay
from quiz.store.derive import Asked, CardState, undone
from quiz.store.events import Event, to_json

if TYPE_CHECKING:
    import sqlite3


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
    f"insert into event ({EVENT_COLUMNS}, crc) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "on conflict (id) do nothing"
)
_COLUMNS = EVENT_COLUMNS.count(",") + 1
# What waited in a journal while this device got another name (as by a restore) keeps its old one, but which numbers
# that has given may be forgotten: such events are numbered from here on.
ADOPTED = 2**40
LAST_ADOPTED = "select max(seq) from event where device = ? and seq > ?"
# Asked anew in every transaction: another program of this device may have written meanwhile, and sync may have brought
# events of its own back, in the order of cards. By the index `event_by_device` it is one step.
LAST_SEQ = "select max(seq) from event where device = ? and seq < ?"

# The latest time among the newest 50 events of each device: of others, as long as this one has not written 50 since
# they arrived. A few steps for each device, by the same index.
LAST_AT = """
with recursive known (name) as (
    select min(device) from event
    union all
    select (select min(device) from event where device > name) from known where name is not null
)
select max((
    select max(at) from (select at, number from event where device = name order by seq desc limit 50)
    where name = :own
    or number >= coalesce((select number from event where device = :own order by seq desc limit 1 offset 49), 0)
)) from known
"""

# With the condition of the index `event_by_kind`.
ANY_WEIGHTS = "select 1 from event where kind <> 'answer' and kind = 'settings' and instr(body, '\"weights\":') limit 1"


def event_row(e: Event, seq: int | None = None) -> tuple[object, ...]:
    """Return the row of an event with its checksum, perhaps with a sequence number in place of its own."""
    row = event_values(e, seq)
    return (*row, checksum(*row))


def event_values(e: Event, seq: int | None = None) -> tuple[object, ...]:
    """Return the columns `EVENT_COLUMNS` of an event, perhaps with a sequence number in place of its own."""
    # Half a character, as a terminal may send one, must not keep an answer from being written.
    body = to_json(e.body).encode("utf-8", "replace").decode()
    head = (e.id, e.device, e.seq if seq is None else seq, e.at, e.offset, e.day, e.kind, e.card, e.target)
    # A minus zero, as another program may have it, comes back from the file as a plain one: its checksum would not fit.
    return (*head, e.rating, e.chance + 0.0, e.retention + 0.0, body)


def checksum(*values: object) -> int:
    """Return the CRC-32 of the columns `EVENT_COLUMNS` of an event as they stand in the file.

    It tells an event that the disk or another program changed: nothing else can, for a rating that reads 3 instead of 2
    is as good a rating. Every number comes back from the file as it went in, and so has one text.
    """
    return zlib.crc32("\x1f".join(map(str, values)).encode("utf-8", "surrogatepass"))


def session_row(session: SavedSession) -> tuple[str | int, ...]:
    """Return the row of a session."""
    return (session.id, session.day, session.started, session.open, to_json(session.body))


def saved_session(row: Sequence[Any]) -> SavedSession:
    """Return the session of a row."""
    return SavedSession(row[0], StudyDay(row[1]), row[2], bool(row[3]), json.loads(row[4]))


def event_of(row: tuple[Any, ...]) -> Event:
    """Return the event of a row that `SELECT`, `event_row` or `event_values` gave."""
    event_id, device, seq, at, offset, day, kind, card, target, rating, chance, retention, body = row[:_COLUMNS]
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


def names(db: sqlite3.Connection, card: str, pending: Sequence[Event] = ()) -> list[str]:
    """Return a card's id, and the ids whose history it has taken up, straight or through others.

    `pending` are events that count already and are not in the file.
    """
    found = [card]
    for name in found:  # grows meanwhile
        olds = "select 1 from event indexed by event_that_moves where card = ? and kind in ('alias', 'reset')"
        waiting = [e for e in pending if e.card == name and e.kind in ("alias", "undo")]
        known = db.execute(olds, (name,)).fetchone()
        if not known and not waiting:
            continue
        kept = db.execute(f"{SELECT} where card = ? and kind in ('alias', 'undo')", (name,))
        events = [*map(event_of, kept), *waiting]
        gone = undone(events)
        found += [
            e.target for e in events if e.kind == "alias" and e.target and e.id not in gone and e.target not in found
        ]
    return list(dict.fromkeys(found))


def events_of(db: sqlite3.Connection, card: str, pending: Sequence[Event] = ()) -> list[Event]:
    """Return the events of a card in the file, those of ids that it had before included, in the order of study."""
    found: list[Event] = []
    for name in names(db, card, pending):
        rows = db.execute(f"{SELECT} where card = ? order by at, device, seq", (name,))
        found += map(event_of, rows)
    return sorted(found, key=lambda e: e.order)
