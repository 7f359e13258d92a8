"""Is a history what was written? Its file, its events one by one and in their order, and what was derived from them.

An event is sound when its checksum holds and a replay can take it. Nothing here changes an event: what is derived can
be made anew (`repair`), and what was answered can only be put back from a copy (`quiz.store.restore`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from quiz.sql import statements
from quiz.store.bulk import Row, compared, mend_states, states
from quiz.store.database import read_only, store_error, writing
from quiz.store.events import KINDS
from quiz.store.history import History
from quiz.store.rows import ADOPTED, EVENT_COLUMNS, INSERT, PUT_STATE, event_row, state_row
from quiz.store.seals import Sums, seal
from quiz.store.twins import unsettled

TOLERANCE_MS = 60_000  # two clocks differ by as much
SET_BACK_MS = 3_600_000  # what a clock goes back by itself is less
LONG_PAUSE_MS = 3650 * 86_400_000  # nobody comes back after ten years: the clock was set
DERIVED = ("state", "compared", "revised")  # tables that can be made anew
MOST_TOLD = 100  # events, gaps and jumps that are told one by one

_SCHEMA = Path(__file__).with_name("schema.sql")
_CRC = EVENT_COLUMNS.count(",") + 1  # the place after the columns


class Unsound(NamedTuple):
    """An event that is not as it was written: its place in the file, its id and card as they now read, and why."""

    number: int
    id: str
    card: str | None
    wrong: str


class Gap(NamedTuple):
    """Sequence numbers of a device, `first` to `last`, that no event has. `own` is whether it is this device."""

    device: str
    first: int
    last: int
    own: bool


class Jump(NamedTuple):
    """The clock of a device was set between two events: `at` the first (UTC ms), by `ms` (negative: back)."""

    device: str
    at: int
    ms: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination of the store found.

    `integrity` is `ok` or what SQLite says. `structure` names tables, indexes and triggers that are not as they should
    be. `unreadable` says why the kept states could not be compared, if they could not; `differing` counts those that
    are not what the events give. `doubled` counts sequence numbers that two events share (a history was begun anew, and
    an older one put back into it: no fault, they stand in the order of time), `sessions` the places of sessions that
    cannot be read, `future` the events that are dated after now, `unsealed` those that are sound as far as can be told,
    but have no checksum: a program of an older version wrote them beside this one (no fault, and a repair seals them).
    `twice` counts what is to be taken back so that each review that came through Anki counts once: an older version let
    it count beside the answer that was given here.
    """

    integrity: str = "ok"
    structure: tuple[str, ...] = ()
    events: int = 0
    unsound: tuple[Unsound, ...] = ()
    gaps: tuple[Gap, ...] = ()
    doubled: int = 0
    sessions: int = 0
    cards: int = 0
    differing: int = 0
    unreadable: str = ""
    future: int = 0
    unsealed: int = 0
    twice: int = 0
    jumps: tuple[Jump, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every event is there and as it was written."""
        return self.integrity == "ok" and not self.unsound and not any(gap.own for gap in self.gaps)

    @property
    def sound(self) -> bool:
        """Whether nothing in the store needs to be mended."""
        return self.whole and not (self.structure or self.differing or self.unreadable or self.sessions or self.twice)


def examine(history: History) -> Examined:
    """Examine an open history. Every event is read once; the file itself is looked at meanwhile, in a thread."""
    history.flush()
    now = history.clock.now().at
    integrity: list[str] = []
    thread = threading.Thread(target=lambda: integrity.append(integrity_of(history.path)))
    thread.start()
    try:
        with reading(history.path) as db:
            found = _of_store(db, now, history.device)
    except (sqlite3.Error, ValueError, TypeError) as error:
        found = _of_unreadable(history.path, str(error))
    finally:
        thread.join()
    if integrity[0] != "ok":
        found["integrity"] = integrity[0]
    return Examined(**found)  # type: ignore[arg-type]


def _of_unreadable(path: Path, reason: str) -> dict[str, object]:
    """Return the fields of `Examined` for a store that cannot be read as usual: the events, one by one."""
    try:
        with reading(path, lenient=True) as db:
            unsound = tuple(unsound_events(db))
            (events,) = db.execute("select count(*) from event").fetchone()
    except sqlite3.Error as error:
        return {"integrity": str(error), "unreadable": reason}
    # Sound events that cannot be read all the same: the fault is in what was derived, or else in the file.
    return {"unsound": unsound, "events": events, "unreadable": reason}


def _of_store(db: sqlite3.Connection, now: int, device: str) -> dict[str, object]:
    """Return the fields of `Examined` but for the integrity of the file. Raises whatever damage may lead to."""
    db.execute("begin")  # one view, whatever another program writes meanwhile
    unsound = list(unsound_events(db)) if any(implausible(db)) else []
    (events,) = db.execute("select count(*) from event").fetchone()
    found: dict[str, object] = {"structure": tuple(structure(db)), "events": events}
    gaps, doubled = _sequence(db, device)
    (future,) = db.execute("select count(*) from event where at > ?", (now + TOLERANCE_MS,)).fetchone()
    (sessions,) = db.execute("select count(*) from session where not json_valid(body)").fetchone()
    jumps = tuple(_jumps(db)) if not unsound else ()
    found |= {"gaps": gaps, "doubled": doubled, "future": future, "sessions": sessions, "jumps": jumps}
    changed = unsealed = 0
    holds = Sums(db).hold

    def look(row: Row) -> None:
        nonlocal changed, unsealed
        held = holds(row[_CRC + 1], row[_CRC], row[:_CRC])
        changed += held is False
        unsealed += held is None

    if unsound:
        found["unreadable"] = "events are damaged"
    else:
        try:
            cards = differing = 0
            for _, right in compared(db, look):
                cards += 1
                differing += right is not None
            found |= {"cards": cards, "differing": differing}
        except (sqlite3.Error, ValueError, TypeError) as error:
            found["unreadable"] = str(error)
        for row in db.execute(f"select {EVENT_COLUMNS}, crc, number from event where card is null"):
            look(row)
        found["twice"] = len(unsettled(db)) if "unreadable" not in found else 0
        if changed or "unreadable" in found:
            unsound = list(unsound_events(db))
    return found | {"unsound": tuple(unsound), "unsealed": unsealed}


@contextmanager
def reading(path: Path, *, lenient: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a history to read it alone. Bytes that are no text raise an error, unless `lenient` lets them through."""
    with closing(sqlite3.connect(read_only(path), uri=True, isolation_level=None)) as db:
        if lenient:
            db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        yield db


def integrity_of(path: Path) -> str:
    """Return `ok`, or the first thing that SQLite finds wrong in the file, in one line."""
    try:
        with reading(path) as db:
            said = str(db.execute("pragma integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        said = str(error)
    return " ".join(said.split())


def unsound_events(db: sqlite3.Connection) -> Iterator[Unsound]:
    """Yield the events that are not as they were written or that no replay can take, in their order of arrival."""
    wrong = {event.number: event for event in implausible(db)}
    sums = Sums(db)
    for number, *row in db.execute(f"select number, {EVENT_COLUMNS}, crc from event order by number"):
        if number in wrong:
            yield wrong[number]
        elif sums.hold(number, row[_CRC], row[:_CRC]) is False:
            yield Unsound(number, str(row[0]), _text(row[7]), "it was changed after it was written")


def implausible(db: sqlite3.Connection) -> Iterator[Unsound]:
    """Yield the events that no replay can take, in their order of arrival."""
    (statement,) = statements(Path(__file__).with_name("implausible.sql"))
    for number, event_id, card, wrong in db.execute(statement, {"kinds": json.dumps(KINDS)}):
        yield Unsound(number, str(event_id), _text(card), wrong)


def _text(card: object) -> str | None:
    return None if card is None else str(card)


def _sequence(db: sqlite3.Connection, own: str) -> tuple[tuple[Gap, ...], int]:
    """Return the gaps in the numbering of the devices, and how many numbers stand twice."""
    gaps: list[Gap] = []
    doubled = 0
    counted = (
        "select device, count(*), count(distinct seq), min(seq), max(seq) from event where seq <= ? group by device"
    )
    for device, events, different, first, last in db.execute(counted, (ADOPTED,)).fetchall():
        doubled += events - different
        if first > 1:
            gaps.append(Gap(device, 1, first - 1, device == own))
        if last - first + 1 > different:
            rows = db.execute(
                "select seq + 1, following - 1 from "
                "(select seq, lead(seq) over (order by seq) as following from event "
                "where device = ? and seq <= ?) where following > seq + 1 limit ?",
                (device, ADOPTED, MOST_TOLD),
            )
            gaps += [Gap(device, after, before, device == own) for after, before in rows]
    return tuple(gaps[:MOST_TOLD]), doubled


def _jumps(db: sqlite3.Connection) -> Iterator[Jump]:
    """Yield where the clock of a device was set back, or ahead by years, while it wrote events.

    In the order in which the device numbered them: sync brings them in the order of cards. Where a number stands twice,
    two histories became one, and what came before and after is not known.
    """
    told = 0
    before: tuple[str, int | None] = ("", None)
    rows = db.execute("select device, seq, at from event where seq <= ? order by device, seq", (ADOPTED,))
    for (device, _), some in groupby(rows, key=itemgetter(0, 1)):
        (_, _, at), *doubled = some
        last = before[1] if before[0] == device else None
        before = device, None if doubled else at
        if doubled or last is None or -SET_BACK_MS <= at - last <= LONG_PAUSE_MS:
            continue
        yield Jump(device, last, at - last)
        told += 1
        if told == MOST_TOLD:
            return


def structure(db: sqlite3.Connection) -> Iterator[str]:
    """Name the tables, indexes and triggers that are missing or unlike those of a new history."""
    right, found = _structure_of_new(), _structure(db)
    for name, shape in right.items():
        if name not in found:
            yield f"{name} is missing"
        elif found[name] != shape:
            yield f"{name} is not as it should be"
    yield from (f"{name} is unknown" for name in found.keys() - right.keys() if name.startswith("trigger"))


@cache
def _structure_of_new() -> dict[str, object]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for statement in statements(_SCHEMA):
            db.execute(statement)
        return _structure(db)


def _structure(db: sqlite3.Connection) -> dict[str, object]:
    """Return the shape of each thing by its kind and name. A column that a migration added may stand elsewhere."""
    found: dict[str, object] = {}
    things = db.execute("select type, name, sql from main.sqlite_master where sql is not null").fetchall()
    for kind, name, sql in things:
        if kind == "table":
            columns = db.execute("select name, type, \"notnull\", pk from pragma_table_info(?, 'main')", (name,))
            found[f"table {name}"] = frozenset(columns.fetchall())
        else:
            found[f"{kind} {name}"] = " ".join(sql.split())
    return found


def repair(history: History, found: Examined) -> int:
    """Make anew what is derived: kept states, indexes, triggers; return how many cards stood wrong.

    Events are not touched; those without a checksum get one, and what counts twice is taken back by new ones. Where
    they are not `whole` nothing is done, since states would be derived from what was never answered. Raises StoreError
    when the file does not take it.
    """
    if (found.sound and not found.unsealed) or not (found.whole or _only_indexes(found)):
        return 0
    history.flush()
    db = history.connection
    try:
        with writing(db):
            if found.structure or found.integrity != "ok":
                renew_structure(db)
            if found.unsealed:
                seal(db)
            if found.sessions:
                db.execute("delete from session where not json_valid(body)")
            if found.twice:
                db.executemany(INSERT, map(event_row, unsettled(db)))
            if found.unreadable or found.integrity != "ok":
                return renew_states(db)
            return mend_states(db)
    except sqlite3.Error as error:
        raise store_error(history.path, error) from error


def _only_indexes(found: Examined) -> bool:
    """Whether the file is damaged in its indexes alone, as far as SQLite says: they follow from the tables."""
    return "index" in found.integrity and not found.unsound and not found.gaps


def renew_states(db: sqlite3.Connection) -> int:
    """Make the tables of what is derived anew; return how many cards there are."""
    for table in DERIVED:
        db.execute(f"drop table if exists {table}")
    _make_derived(db)
    renew_structure(db)
    return db.executemany(PUT_STATE, (state_row(*there) for there in list(states(db)))).rowcount


def _make_derived(db: sqlite3.Connection) -> None:
    """Make those tables that are missing of what is derived, and of the places of sessions: no answer is in them."""
    for statement in statements(_SCHEMA):
        if any(statement.find(f"create table {table} (") >= 0 for table in (*DERIVED, "session")):
            db.execute(statement.replace("create table", "create table if not exists", 1))


def renew_structure(db: sqlite3.Connection) -> None:
    """Make the indexes and triggers of a new history, in place of those that are there, and what is derived a home."""
    things = "select type, name from main.sqlite_master where sql is not null and type in ('index', 'trigger')"
    for kind, name in db.execute(things).fetchall():
        db.execute(f'drop {kind} "{name}"')
    wrong = list(structure(db))
    for table in DERIVED:
        if any(what.startswith(f"table {table} ") for what in wrong):
            db.execute(f"drop table if exists {table}")
    _make_derived(db)
    for statement in statements(_SCHEMA):
        if "create index" in statement or "create trigger" in statement:
            db.execute(statement)
    for (name,) in db.execute("select name from main.sqlite_master where type = 'index'").fetchall():
        db.execute(f'reindex main."{name}"')  # never those of the decks, which may be attached to be read alone
