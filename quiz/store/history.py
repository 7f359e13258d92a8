"""One learner's history: events are added once; where each card stands follows in the same transaction."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quiz.clock import Clock, Instant
from quiz.deck.scope import Scope
from quiz.errors import StoreError
from quiz.memory import DEFAULT_PARAMS, Memory, Params, StudyDay, study_day
from quiz.settings import LOCAL, Settings
from quiz.store.database import ANEW, BUSY_SECONDS, DEVICE, Tick, file_error, open_database, store_error, writing
from quiz.store.derive import NEW, CardState, apply, replay, undone
from quiz.store.events import Event, Kind, new_event, setting_of, to_json
from quiz.store.journal import Journal
from quiz.store.rows import (
    ADOPTED,
    ANY_WEIGHTS,
    EVENT_COLUMNS,
    INSERT,
    LAST_ADOPTED,
    LAST_AT,
    LAST_SEQ,
    PUT_STATE,
    SELECT,
    STATE_COLUMNS,
    STATE_IF_LAST,
    SavedSession,
    card_state,
    event_of,
    event_row,
    event_values,
    events_of,
    names,
    saved_session,
    session_row,
    state_row,
)
from quiz.store.whereabouts import LOST, Whereabouts

if TYPE_CHECKING:  # not needed to study
    from quiz.deck.model import Card
    from quiz.memory.balance import Moved
    from quiz.store.changes import Change
    from quiz.store.merge import Merged

BATCH = 8  # answers that go into the file together, where nobody takes a breath between them
SPARE_CANDIDATES = 20  # due cards picked besides, for those that no deck holds any more


class Candidate(NamedTuple):
    """A card that a session may ask. `memory` is None for a new one; `changed`: it was learned with another answer."""

    card: str
    family: str
    memory: Memory | None
    safety: bool
    topic: str
    changed: bool = False


class History:
    """The history of one profile.

    An answer may be kept in two steps: `keep` puts it into the journal, which is on the disk when it returns, and
    `flush` writes it with all that follows from it, once the learner has begun to read or when something wants to know.
    Until then it is in `pending` and counts all the same. What the disk refuses stays there and is tried again.
    """

    def __init__(self, path: Path, clock: Clock, busy: float = BUSY_SECONDS, tick: Tick | None = None) -> None:
        """Open the history at `path`; a write waits `busy` seconds for another program's.

        `tick` is called again and again while a history of an older version is brought up to date, or what is in a
        copy beside it is taken in. Raises StoreError when the file cannot be used.
        """
        self.path = path
        self.clock = clock
        self.pending: list[Event] = []
        self.trouble: StoreError | None = None
        self.notes: list[str] = []  # what was found at the start and has to be told
        self._waiting: SavedSession | None = None
        self._wrote = False  # whether anything went into the file
        self._journaled = 0  # how many of `pending` are in the journal
        self._written: list[str] = []  # the events that went into the file in this run
        self._file = path  # the one that is written to: another one where that was lost, see `quiz.store.beside`
        self._astray: StoreError | None = None  # how it was lost
        self._uncopied = False  # it was lost and could not be copied
        self._left: list[tuple[sqlite3.Connection, Whereabouts]] = []  # what was lost, still open
        self._busy = busy
        self._db = open_database(path, lambda reason: self.backup(reason, tick), busy, tick)
        self._attached = False
        self._catalogue: Path | None = None
        self._aliased: bool | None = None  # as far as this program knows
        self.params: Params = DEFAULT_PARAMS
        self.weighed: tuple[int, int] | None = None  # cards due before and after other weights came to hold, if any did
        self._version = -1  # of the file, as SQLite counts what other programs write
        try:
            self.mind_others()
            self.device = device_of(path.parent) or self._new_device()
            self.settings = self._read_settings()
            self._whereabouts = Whereabouts(path)
            self._journal = Journal(path.parent)
            self._take_in(tick)
            if (path.parent / ANEW).exists():
                self._note_missing()
        except sqlite3.Error as error:
            self._db.close()
            raise store_error(path, error) from error
        except OSError as error:
            self._db.close()
            raise file_error(path, error) from error

    # -- time ---------------------------------------------------------------------------------------------------------

    def today(self) -> StudyDay:
        """Return the learner's study day now."""
        return self.day_at(self.clock.now())

    def day_at(self, now: Instant) -> StudyDay:
        """Return the study day of a moment."""
        return study_day(now.at, now.offset, self.settings.rollover)

    def last_at(self) -> int | None:
        """Return the latest time among the newest events of each device (UTC milliseconds), or None.

        By their numbers: sync brings events in the order of cards. A time that was wrong is forgotten after some
        answers of this device.
        """
        latest: int | None = self._db.execute(LAST_AT, {"own": self.device}).fetchone()[0]
        return latest

    def behind(self) -> int:
        """Return by how many milliseconds the clock is behind the newest events; 0 when it is not."""
        latest = self.last_at()
        return max(0, latest - self.clock.now().at) if latest is not None else 0

    # -- writing ------------------------------------------------------------------------------------------------------

    def event(self, kind: Kind, **fields: Any) -> Event:
        """Return a new event that happens now, with a random id. It is not written yet.

        What a learner decides counts from then on, even if events were written while the clock was ahead: such an event
        is set just after them. Answers and undos keep their time.
        """
        now = self.clock.now()
        if kind in _DECISIONS:
            latest = self._latest(kind, fields.get("card"))
            now = now if now.at >= latest else now._replace(at=latest + 1)
        return new_event(os.urandom(16).hex(), kind, now, self.day_at(now), device=self.device, **fields)

    def hold(self, events: Sequence[Event], session: SavedSession | None = None) -> None:
        """Let events count from now on; the next `record` or `flush` writes them, and the session's place."""
        self.pending += events
        self._waiting = session or self._waiting
        if any(event.kind == "alias" for event in events):
            self._aliased = True

    def record(self, events: Sequence[Event], session: SavedSession | None = None) -> bool:
        """Write the events, what follows from them and the session's place in one transaction.

        Returns whether they are in the file. When they are not, they stay in `pending` (and in the journal, if it
        takes them) and count all the same, `trouble` says why, and the next call (or `flush`) tries again.
        """
        self.hold(events, session)
        if self.flush():
            return True
        self._put_aside()
        return False

    def keep(self, events: Sequence[Event], session: SavedSession | None = None) -> None:
        """Do what `record` does in two steps: only the first, into the journal, is waited for.

        The second is left to the next `flush`, unless the journal does not take it or several answers wait already.
        """
        self.hold(events, session)
        if len(self.pending) >= BATCH or self.trouble is not None or not self._put_aside():
            self.record(())

    def flush(self) -> bool:
        """Write what is pending, if anything; return whether nothing is left."""
        if not self.pending and self._waiting is None:
            return True
        if not self._has_file():
            return False
        try:
            with writing(self._db):
                self.mind_others()
                for event in self.pending:
                    self._add(event)
                self.weigh(self.pending)
                if self._waiting:
                    self._put_session(self._waiting)
        except sqlite3.Error as error:
            self._version = -1  # what was read inside the transaction may have been taken back
            self.trouble = store_error(self.path, error)
            return False
        self._whereabouts.written()
        self._written += [event.id for event in self.pending]
        self.pending.clear()
        self._journaled = 0
        self._journal.clear()
        self._waiting = None
        self.trouble = self._astray
        self._wrote = True
        return True

    def close(self) -> list[Event]:
        """Try once more to write what is pending, close the file, and return what could not be written.

        That is all of this run if the history was lost. What the journal or a copy of the history holds is taken in at
        the next start: see `aside`.
        """
        self._uncopied = False  # tried once more
        self._has_file()
        self.flush()
        rest = [*self._of_this_run(), *self.pending] if self._astray or self._uncopied else [*self.pending]
        self._put_aside()
        for db, whereabouts in self._left:
            whereabouts.part(at_end=True)
            db.close()
        self._journal.close()
        self._db.close()
        return rest

    @property
    def aside(self) -> Path | None:
        """Where all that `close` returned is kept: the journal, or the copy of a history that was lost."""
        if self._uncopied:
            return None
        if self._astray and not self.pending:
            return self._file
        held = self.pending and not self._astray and self._journaled == len(self.pending) and self._journal.there()
        return self._journal.path if held else None

    def _has_file(self) -> bool:
        """Return whether there is a file to write to: where the history was lost, a copy of what is still seen there.

        The next start takes that copy in.
        """
        for _, whereabouts in self._left:
            whereabouts.part()
        if not self._whereabouts.lost():
            self._uncopied = False
            return True
        return not self._uncopied and self._go_on_beside()

    def _go_on_beside(self) -> bool:
        """Go on in a copy of the history that was lost; return whether it could be made. Once it failed, `close` alone
        tries again.
        """
        from quiz.store.beside import copy_of

        what = f"the history {self.path} was moved, deleted or replaced while it was in use"
        self.trouble = StoreError(what, "begin anew: what was answered in this run waits until then")
        try:
            file = copy_of(self._db, self.path, self.device)
            db = open_database(file, lambda _: None, self._busy)
            if self._catalogue:
                db.execute("attach ? as deck", (f"{self._catalogue.as_uri()}?mode=ro",))
        except (sqlite3.Error, OSError, StoreError):
            self._uncopied = True
            return False
        self._whereabouts.part()
        self._left.append((self._db, self._whereabouts))
        self._db, self._file, self._version = db, file, -1
        self.mind_others()
        self._whereabouts = Whereabouts(file)
        self._astray = self.trouble
        return True

    def _of_this_run(self) -> list[Event]:
        """Return what this run wrote."""
        try:
            return [event for name in self._written if (event := self.find(name))]
        except sqlite3.Error:  # the file was cut off
            return []

    def _put_aside(self) -> bool:
        """Put what is pending and not there yet into the journal; return whether it took it."""
        new = [event_values(event) for event in self.pending[self._journaled :]]
        if not new or not self._journal.add(new, session_row(self._waiting) if self._waiting else None):
            return False
        self._journaled = len(self.pending)
        return True

    def _take_in(self, tick: Tick | None) -> None:
        """Take in what earlier programs have left: in their journals, and in a copy of a history that they lost.

        Where everything of an entry has arrived in the file, so has the session's place, or a later one.
        """
        for found in self._journal.damaged:
            from quiz.store.rescue import set_aside

            kept = set_aside(self.path.parent, "answers.journal", found)
            where = f"what is left is kept in {kept}" if kept else "it could not be set aside"
            self.notes.append(f"An answer that was on its way when the program ended is damaged: {where}.")
        for rows, session in self._journal.left:
            events = [event for event in map(event_of, map(tuple, rows)) if not self._knows(event)]
            self.hold(events)
            if events and session is not None:
                self._waiting = saved_session(session)
        self._journaled = len(self.pending)
        left = [*self.pending]
        if not left:
            self._journal.clear()
        elif self.flush():
            self.settle(left)
        if (self.path.parent / LOST).exists():
            from quiz.store.beside import take_in

            take_in(self, tick)
        self.reread_settings()

    def _note_missing(self) -> None:
        """Note what there was before this history was begun anew, as long as it may be put back."""
        from quiz.store.missing import note

        if said := note(self):
            self.notes.append(said)

    def _knows(self, event: Event) -> bool:
        return self._db.execute("select 1 from event where id = ?", (event.id,)).fetchone() is not None

    def change_settings(self, changes: dict[str, Any]) -> None:
        """Write changed settings (values as `Setting.parse` gives them) as an event."""
        self.record([self.event("settings", body=changes)])
        self.settings = replace(self.settings, **changes)

    def _add(self, event: Event) -> None:
        """Insert one event and bring the state of its card up to date. Runs inside the transaction.

        An event that is there already is passed over: the disk may have taken a write and reported that it did not.
        One that has its sequence number keeps it: another device gave it, and all have to agree on the order.
        """
        seq = event.seq or self._next_seq(event.device)
        if not self._db.execute(INSERT, event_row(event, seq)).rowcount or event.card is None:
            return
        # One more step is enough for an event that comes last and that no undo named before it arrived, if the card
        # has neither taken up the history of another id nor been reset.
        place = (event.at, event.device, seq, event.id, event.card)
        row = self._db.execute(STATE_IF_LAST, place).fetchone() if event.kind not in _NO_STEP else None
        if row is not None and row[-1]:
            state, alone = apply(card_state(row[:-2]), event, self.params), row[-2]
        else:
            state, alone = self.replayed(event.card), False
        if alone:
            self._db.execute(PUT_STATE, state_row(event.card, state))
        else:
            self.put(event.card, state)
            for follower in self.followers(event.card):
                self.put(follower, self.replayed(follower))
        if event.device != self.device:  # it may bring old ids and old answers, which the decks have to be asked about
            self._db.execute("delete from compared")

    def _next_seq(self, device: str) -> int:
        """Return the number for an event of this device, or of the name that it had before."""
        if device != self.device:
            (last,) = self._db.execute(LAST_ADOPTED, (device, ADOPTED)).fetchone()
            return int(last or ADOPTED) + 1
        (last,) = self._db.execute(LAST_SEQ, (device, ADOPTED)).fetchone()
        return int(last or 0) + 1

    def put(self, card: str, state: CardState) -> None:
        """Write where a card stands. One whose answer was found changed is compared again."""
        self._db.execute(PUT_STATE, state_row(card, state))
        if self._db.execute("select 1 from revised where card = ?", (card,)).fetchone() is None:
            return
        if self._attached:
            from quiz.store.revision import compare

            compare(self, self._db, card)
        else:  # the next start with the decks at hand does it
            self._db.execute("delete from revised where card = ?", (card,))
            self._db.execute("delete from compared")

    def followers(self, card: str) -> list[str]:
        """Return the cards that have taken up the history of this one, straight or through others."""
        found: dict[str, None] = {}
        waiting = [card]
        while waiting:
            rows = self._db.execute("select card from event where target = ? and kind = 'alias'", (waiting.pop(),))
            new = [name for (name,) in rows if name not in found and name != card]
            found.update(dict.fromkeys(new))
            waiting += new
        return list(found)

    def replayed(self, card: str) -> CardState:
        """Return the state to which the events of a card lead."""
        return replay(self._events_of(card), self.params)

    def choose_weights(
        self, body: dict[str, Any] | None, progress: Callable[[int, int], None] | None = None, *, keep: bool = True
    ) -> tuple[int, int]:
        """Let other weights of the memory model hold, and derive all cards anew: see `quiz.store.weights`.

        body: of the event, with `weights`; None takes back the event that set those that hold now. With `keep` off
        nothing is written. Returns how many cards were due today before, and how many are afterwards. Raises
        UsageError where there is nothing to take back, StoreError when it cannot be written.
        """
        from quiz.store.weights import choose

        self._make_ready()
        weighed, done = self.weighed, False
        try:
            counts = choose(self, self._db, body, progress, keep=keep)
            done = keep
        except sqlite3.Error as error:
            raise store_error(self.path, error) from error
        else:
            return counts
        finally:
            self.weighed = self.weighed if done else weighed
            self._wrote = self._wrote or done
            self._version = -1  # where it was not kept, the old ones hold again
            self.mind_others()

    def _make_ready(self) -> None:
        """Make ready for a transaction of other modules: write what is pending. Raises StoreError where that fails."""
        if not (self._has_file() and self.flush()) and self.trouble is not None:
            raise self.trouble

    def add(self, event: Event) -> None:
        """Write one event inside the transaction that is open."""
        self._add(event)

    def weigh(self, events: Iterable[Event], progress: Callable[[int, int], None] | None = None) -> None:
        """Let other weights of the memory model hold if these events bring any. Runs inside their transaction."""
        if not any(event.kind in ("settings", "undo") and self._may_weigh(event) for event in events):
            return
        from quiz.store.rewriting import rewrite  # hardly ever
        from quiz.store.weights import due_cards, kept_params

        params = kept_params(self._db)
        if params != self.params:
            self.params, today = params, self.today()
            before = self.weighed[0] if self.weighed else due_cards(self._db, today)
            rewrite(self._db, params, self, progress)
            self.weighed = before, due_cards(self._db, today)

    def _may_weigh(self, event: Event) -> bool:
        """Whether a change of settings or an undo can bring other weights; of a card, too: it may be from elsewhere."""
        if event.kind == "settings":
            return True
        known = self._db.execute("select kind from event where id = ?", (event.target,)).fetchone()
        return known is not None and known[0] in ("settings", "undo")

    def mind_others(self) -> None:
        """Read the weights anew if another program has written since: it may have set some."""
        (version,) = self._db.execute("pragma data_version").fetchone()
        if version != self._version:
            if self._db.execute(ANY_WEIGHTS).fetchone() is None:
                self.params = DEFAULT_PARAMS
            else:
                from quiz.store.weights import kept_params  # few learners have any

                self.params = kept_params(self._db)
            self._version = version

    def put_sessions(self, sessions: Iterable[tuple[Any, ...]]) -> None:
        """Write where sessions stand, as rows of the table. Raises sqlite3.Error."""
        with writing(self._db):
            self._db.executemany("insert or replace into session values (?, ?, ?, ?, ?)", sessions)

    def _put_session(self, session: SavedSession) -> None:
        self._db.execute("insert or replace into session values (?, ?, ?, ?, ?)", session_row(session))

    # -- reading ------------------------------------------------------------------------------------------------------

    def state(self, card: str) -> CardState:
        """Return where a card stands, what is pending included."""
        return replay(self._all_events_of(card), self.params) if self._is_pending(card) else self._state(card)

    def _is_pending(self, card: str) -> bool:
        """Return whether something waits to be written that counts for a card."""
        if any(event.card == card for event in self.pending):
            return True
        if not self.pending or not self._has_aliases():
            return False
        names = self.names(card)
        return any(event.card in names for event in self.pending)

    def _has_aliases(self) -> bool:
        """Return whether any card goes on with the history of another id, as few do.

        Asked once: one that another program brings meanwhile counts here as soon as what is pending is written.
        """
        if self._aliased is None:
            known = self._db.execute("select 1 from event where kind <> 'answer' and kind = 'alias'").fetchone()
            self._aliased = known is not None
        return self._aliased

    def _all_events_of(self, card: str) -> list[Event]:
        """Return the events of a card, what is pending included: it is not written by this."""
        known, names = self._events_of(card), self.names(card)
        seen = {e.id for e in known}  # another program may have taken the journal in
        waiting = [e for e in self.pending if e.card in names and e.id not in seen]
        return [*known, *(replace(e, seq=_NOT_YET + i) for i, e in enumerate(waiting))]

    def events_of(self, card: str) -> list[Event]:
        """Return all events of a card, those of ids that it had before included, in the order of study."""
        self.flush()
        return self._events_of(card)

    def kept_state(self, card: str) -> CardState:
        """Return where a card stands by the file alone, for what runs while it is written."""
        return self._state(card)

    def kept_events(self, card: str) -> list[Event]:
        """Return the events of a card that are in the file, for what runs while it is written."""
        return self._events_of(card)

    def changes(self, card: Card, state: CardState) -> tuple[Change, ...]:
        """Return which answers of a card changed since they were learned; `state` is where it stands."""
        if not any(was.answer for was in state.asked.values()):
            return ()
        from quiz.store.changes import changes, may_have_changed

        return changes(card, state.asked, self._all_events_of(card.id)) if may_have_changed(card, state.asked) else ()

    def _events_of(self, card: str) -> list[Event]:
        return events_of(self._db, card, self.pending)

    def names(self, card: str) -> list[str]:
        """Return a card's id, and the ids whose history it has taken up, straight or through others."""
        return names(self._db, card, self.pending)

    def events(self) -> Iterator[Event]:
        """Yield all events in the order of study."""
        self.flush()
        for row in self._db.execute(f"{SELECT} order by at, device, seq, id"):
            yield event_of(row)

    def open_session(
        self, form: int | str, day: StudyDay | None = None, fits: Callable[[SavedSession], bool] = lambda _: True
    ) -> SavedSession | None:
        """Return the latest unfinished session (of a day, if one is named) that was saved in this format and fits."""
        self.flush()
        rows = self._db.execute(
            "select id, day, started, open, body from session where open and (? is null or day = ?) "
            "order by started desc",
            (day, day),
        )
        return next((s for s in map(saved_session, rows) if s.body.get("format") == form and fits(s)), None)

    def of_kind(self, kind: Kind) -> list[Event]:
        """Return the events of one kind, in the order of study: not for answers, of which there may be a million."""
        rows = self._db.execute(f"{SELECT} where kind <> 'answer' and kind = ? order by at, device, seq, id", (kind,))
        return [*map(event_of, rows), *(e for e in self.pending if e.kind == kind)]

    def answers_of(self, session: str, day: StudyDay) -> list[Event]:
        """Return the answers of a session that count, in the order in which they were given."""
        # The index is named because SQLite would rather read all events than sort a few.
        recent = "indexed by event_by_day where day >= ? and kind = 'answer' order by number"
        rows = self._db.execute(f"{SELECT} {recent}", (day,))
        events = [*map(event_of, rows), *self.pending]
        gone = undone([*events, *map(event_of, self._db.execute(f"{SELECT} where target is not null"))])
        return [e for e in events if e.kind == "answer" and e.id not in gone and e.body.get("session") == session]

    def count(self) -> int:
        """Return the number of events in the file."""
        self.flush()
        (number,) = self._db.execute("select count(*) from event").fetchone()
        return int(number)

    # -- with the decks -----------------------------------------------------------------------------------------------

    def attach(self, catalogue: Path) -> None:
        """Make the catalogue of the decks known, so that cards can be picked by where they stand and by scope."""
        if self._attached:
            self._db.execute("detach deck")
        # Read-only: a transaction here must never wait for somebody who is reading decks into the catalogue.
        self._db.execute("attach ? as deck", (f"{catalogue.as_uri()}?mode=ro",))
        self._attached, self._catalogue = True, catalogue

    def revise(self) -> None:
        """Take in what decks that changed mean for this history. Costs next to nothing when none did.

        What cannot be written now is left to the next start: no answer hangs on it.
        """
        try:
            if self._db.execute(_ANY_CHANGED).fetchone() is not None:
                from quiz.store.revision import revise

                revise(self, self._db)
        except sqlite3.OperationalError:
            return

    def due(self, scope: Scope, day: StudyDay, most: int) -> list[Candidate]:
        """Return at most `most` cards of the scope that are due on `day`: first those whose answer changed, then the
        weakest memories.

        A weak memory is lost soonest, so the session's own ranking finds the right ones among them.
        """
        self.flush()
        weakest = self._weakest_due(scope, day, most)
        if self._db.execute("select 1 from revised where due").fetchone() is None:
            return weakest
        of_these = f"(select t.* from revised r cross join state t on t.card = r.card where r.due and t.{_DUE}) s"
        changed = [c._replace(changed=True) for c in self._candidates(of_these, (day,), scope, most)]
        names = {candidate.card for candidate in changed}
        return [*changed, *(c for c in weakest if c.card not in names)][:most]

    def _weakest_due(self, scope: Scope, day: StudyDay, most: int) -> list[Candidate]:
        picked = most + SPARE_CANDIDATES
        counted = f"select count(*) from (select 1 from state where {_DUE} limit ?)"
        if scope == Scope() and self._db.execute(counted, (day, picked)).fetchone()[0] == picked:
            # Picked by the index alone before the decks are looked at: else all that is due would be joined.
            weakest = f"(select card, stability, difficulty, day from state where {_DUE} order by stability limit ?) s"
            found = self._candidates(weakest, (day, picked), scope, most)
            if len(found) == most:
                return found
        return self._candidates(f"(select * from state where {_DUE}) s", (day,), scope, most)

    def resting(self, scope: Scope, day: StudyDay, most: int) -> list[Candidate]:
        """Return at most `most` cards of the scope that were met and are not due yet, the weakest memories first.

        What was put off until later is not among them.
        """
        self.flush()
        met = (
            "(select * from state where stability is not null and not suspended and shown_from > ? "
            "and buried_until <= ?) s"
        )
        return self._candidates(met, (day, day), scope, most)

    def _candidates(self, states: str, values: tuple[object, ...], scope: Scope, most: int) -> list[Candidate]:
        where, more = scope.where()
        # Must-pass cards are few and have an index: what is due is then looked up from them.
        tables = ("deck.card c", states) if scope.safety else (states, "deck.card c")
        rows = self._db.execute(
            "select s.card, c.family, s.stability, s.difficulty, s.day, c.safety, c.topic "
            f"from {' cross join '.join(tables)} on c.id = s.card where {where} order by s.stability, s.card limit ?",
            (*values, *more, most),
        )
        return [
            Candidate(card, family, Memory(stability, difficulty, StudyDay(last)), bool(safety), topic)
            for card, family, stability, difficulty, last, safety, topic in rows
        ]

    def moved(self, day: StudyDay) -> Moved:
        """Return which due cards wait for another day, and which come today though they are due later."""
        from quiz.store.daily import moved_on

        self.flush()
        return moved_on(self._db, day, self.settings, self.params)

    def among(self, scope: Scope, cards: Collection[str]) -> list[Candidate]:
        """Return those of some cards, met before, that are in the scope."""
        these = "(select t.* from json_each(?) n cross join state t on t.card = n.value where stability is not null) s"
        return self._candidates(these, (to_json(sorted(cards)),), scope, len(cards)) if cards else []

    def fresh(self, scope: Scope, day: StudyDay, most: int, without: Collection[str] = ()) -> list[Candidate]:
        """Return up to `most` new cards of the scope in the order of the decks: one of each family not in `without`."""
        self.flush()
        return fresh_cards(self._db, scope, day, most, without)

    def introduced(self, day: StudyDay) -> int:
        """Return how many cards were met for the first time on `day`."""
        self.flush()
        return introduced(self._db, day)

    def families_of(self, day: StudyDay) -> set[str]:
        """Return the families of the cards answered on `day`: their siblings wait for another day."""
        return families_done(self._db, day) | {family_of(e.card) for e in self.pending if e.card and e.day == day}

    def query(self, sql: str, values: Sequence[object] = ()) -> Iterable[tuple[Any, ...]]:
        """Run a reading statement for a report; `deck.card` is the catalogue."""
        self.flush()
        return self._db.execute(sql, values)

    def reader(self) -> sqlite3.Connection:
        """Return a second connection that only reads: for a thread beside the one that writes. The caller closes it.

        Call it in the thread that writes: what is pending is written before.
        """
        self.flush()
        db = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, timeout=5, check_same_thread=False)
        if self._catalogue:  # not asked of SQLite: it cannot tell a path whose bytes are no UTF-8
            db.execute("attach ? as deck", (f"{self._catalogue.as_uri()}?mode=ro",))
        return db

    # -- other devices ------------------------------------------------------------------------------------------------

    def merge(self, events: Sequence[Event]) -> Merged:
        """Take in events of other devices in one transaction: see `quiz.store.merge`. Raises StoreError."""
        from quiz.store.merge import merge

        self._make_ready()
        try:
            merged = merge(self._db, events, self)
            self._wrote = self._wrote or merged.new > 0
            self._aliased = None
            if any(event.kind == "settings" for event in events):
                self.settings = self._read_settings()
        except sqlite3.Error as error:
            self._version = -1
            raise store_error(self.path, error) from error
        return merged

    def record_all(self, events: Sequence[Event]) -> None:
        """Write many new events of this device in one transaction, each card derived once. Raises StoreError."""
        from quiz.store.merge import add_own

        self._make_ready()
        try:
            add_own(self._db, events, self.device, self)
            self._written += [event.id for event in events]
            self._wrote = self._wrote or bool(events)
        except sqlite3.Error as error:
            self._version = -1
            raise store_error(self.path, error) from error
        self._aliased = None

    def kept(self, ids: Sequence[str]) -> set[str]:
        """Return those of these ids that are of events in the file."""
        known = "select id from event where id in (select value from json_each(?))"
        return {event for (event,) in self._db.execute(known, (to_json(ids),))}

    def news(self, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """Return which events `merge` would take in, and which it would refuse. Writes nothing."""
        from quiz.store.merge import fresh_of

        self.flush()
        return fresh_of(self._db, events)

    def known_as(self, events: Iterable[Event]) -> dict[str, Event]:
        """Return, by the ids of events from Anki, what is here in their place: see `quiz.store.twins`."""
        from quiz.store.twins import known_as

        self.flush()
        return known_as(self._db, events)

    def tellings(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Return, by the ids of events, those of all events from Anki that tell the same review; else the id alone."""
        from quiz.store.twins import tellings

        self.flush()
        return tellings(self._db, ids)

    def settle(self, events: Sequence[Event] | None = None) -> None:
        """Let what these events (or all), which are in the file, tell of a review from Anki count once.

        Where that cannot be written now, `quiz doctor` tells it.
        """
        from quiz.store.twins import undos, unsettled

        with suppress(sqlite3.Error, StoreError):
            if found := unsettled(self._db) if events is None else undos(self._db, events):
                self.merge(found)

    def reread_settings(self) -> None:
        """Make settings count that came or were taken back as events."""
        self.settings = self._read_settings()

    def arrived_after(self, number: int, known: Callable[[str], bool]) -> Iterator[tuple[int, Event | None]]:
        """Yield the events that arrived in this file after the one with this number, each with its own number.

        Of those whose id is `known` only the number: there may be a million.
        """
        self.flush()
        rows = self._db.execute(
            f"select number, {EVENT_COLUMNS} from event where number > ? order by number", (number,)
        )
        for row in rows:
            yield row[0], None if known(row[1]) else event_of(row[1:])

    def lacks(self, events: Sequence[Event]) -> bool:
        """Whether any of these events is not in the file."""
        ids = to_json([event.id for event in events])
        known = "select count(*) from event where id in (select value from json_each(?))"
        return bool(self._db.execute(known, (ids,)).fetchone()[0] < len({event.id for event in events}))

    def find(self, event: str) -> Event | None:
        """Return the event with this id."""
        row = self._db.execute(f"{SELECT} where id = ?", (event,)).fetchone()
        return event_of(row) if row else None

    def waiting_undos(self) -> int:
        """Return how many undos name an event that has not arrived: they count when it does."""
        (number,) = self._db.execute(
            "select count(*) from event u where u.kind <> 'answer' and u.kind = 'undo' and u.target is not null "
            "and not exists (select 1 from event e where e.id = u.target)"
        ).fetchone()
        return int(number)

    def newest(self) -> tuple[int, str]:
        """Return the number and the id of the event that arrived last; (0, "") where there is none."""
        row = self._db.execute("select number, id from event order by number desc limit 1").fetchone()
        return row or (0, "")

    def holds(self, number: int, event: str) -> bool:
        """Whether this event is the one with this number: then the file has all that it had when that one arrived."""
        row = self._db.execute("select id from event where number = ?", (number,)).fetchone()
        return row is not None and row[0] == event

    def part_from_copy(self) -> bool:
        """Take a new device name if two events bear one number of this device's; return whether it was so.

        Then this profile is a copy of another one, or was brought back from a backup, and both went on under one name.
        """
        twice = "select 1 from event where device = ? group by seq having count(*) > 1 limit 1"
        if self._db.execute(twice, (self.device,)).fetchone() is None:
            return False
        own = {name: value for name, value in self._own_settings().items() if value}
        (self.path.parent / DEVICE).unlink(missing_ok=True)
        self.device = self._new_device()
        if own:
            self.change_settings(own)
        return True

    def go_by_new_name(self, old: str) -> None:
        """Go by the name that stands beside the history now; the settings of this device alone go with it.

        `old` is the name that it had.
        """
        self.device = device_of(self.path.parent) or self._new_device()
        self.adopt_settings(old)

    def adopt_settings(self, old: str) -> None:
        """Take over the settings of the one device alone from a name that it had before: those not set under its own.

        Raises sqlite3.Error.
        """
        here = {key for event in self.of_kind("settings") if event.device == self.device for key in event.body}
        settings = self._read_settings(old)
        own = {key: value for key in LOCAL - here if (value := getattr(settings, key))}
        if own:
            self.change_settings(own)

    # -- the rest -----------------------------------------------------------------------------------------------------

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection that writes: for the modules of the store that mend the file itself."""
        return self._db

    def backup(self, reason: str, tick: Tick | None = None) -> Path:
        """Write a verified copy of the history and return its path; `tick` is called meanwhile. Raises StoreError."""
        from quiz.store.backup import back_up

        self.flush()
        return back_up(self.path, reason, self.clock.now().at, tick)

    def copy_of_today(self) -> StoreError | None:
        """Make today's copy, if this run wrote something and there is none yet; return what kept it from being made.

        To be called after `close`, when nobody waits for a question any more.
        """
        if not self._wrote or self._astray:
            return None
        from quiz.store.backup import daily

        try:
            daily(self.path, self.clock.now().at)
        except StoreError as error:
            return error
        return None

    def _state(self, card: str) -> CardState:
        row = self._db.execute(f"select {STATE_COLUMNS} from state where card = ?", (card,)).fetchone()
        return card_state(row) if row else NEW

    def _read_settings(self, device: str = "") -> Settings:
        """Return the settings as they are for this device, or for another one."""
        undos = [event for event in self.pending if event.kind == "undo"]
        return read_settings(self._db, device or self.device, undos)

    def _own_settings(self) -> dict[str, Any]:
        """Return the settings that are this device's own."""
        return {key: getattr(self.settings, key) for key in LOCAL}

    def _latest(self, kind: Kind, card: str | None) -> int:
        """Return the time of the latest event that one of this kind (of this card) has to come after."""
        where, values = (_SETTINGS, ()) if kind == "settings" else ("card = ?", (card,))
        (latest,) = self._db.execute(f"select coalesce(max(at), 0) from event where {where}", values).fetchone()
        return max(int(latest), *(e.at for e in self.pending if e.card == card), 0)

    def _new_device(self) -> str:
        """Give this device its name. In the transaction of two programs that start at once, one waits for the other."""
        with writing(self._db):
            name = device_of(self.path.parent) or os.urandom(4).hex()
            (self.path.parent / DEVICE).write_text(name + "\n", "ascii")
        return name


def read_settings(db: sqlite3.Connection, device: str = "", undos: Sequence[Event] = ()) -> Settings:
    """Return the settings of a history, with those that are a device's own only where it is named.

    undos: those that are not in the file yet.
    """
    values: dict[str, Any] = {}
    rows = db.execute(
        "select id, device, body, retention, exists (select 1 from event u where u.target = event.id) "
        f"from event where {_SETTINGS} order by at, device, seq, id"
    ).fetchall()
    gone: Collection[str] = ()
    if any(named for *_, named in rows):
        kept = db.execute(f"{SELECT} where kind <> 'answer' and kind = 'undo' order by at, device, seq, id")
        gone = undone([*map(event_of, kept), *undos])
    for event_id, of_device, body, retention, _ in rows:
        if event_id in gone:
            continue
        changed = setting_of(json.loads(body), retention)
        values |= changed if of_device == device else {k: v for k, v in changed.items() if k not in LOCAL}
    return Settings.of(values)


def family_of(card: str) -> str:
    """Return the family of a card: siblings made from one entry are called `family/part`."""
    return card.split("/")[0]


def families_done(db: sqlite3.Connection, day: StudyDay) -> set[str]:
    """Return the families of the cards answered on `day`, answers taken back or reset since then left out."""
    rows = db.execute(
        "select distinct e.card from event e join state s on s.card = e.card and s.day >= e.day "
        "where e.day = ? and e.kind = 'answer'",
        (day,),
    )
    return {family_of(card) for (card,) in rows}


def introduced(db: sqlite3.Connection, day: StudyDay) -> int:
    """Return how many cards were met for the first time on `day`."""
    (number,) = db.execute(
        "select count(distinct e.card) from event e join state s on s.card = e.card and s.first_day = e.day "
        "where e.day = ? and e.kind = 'answer'",
        (day,),
    ).fetchone()
    return int(number)


def fresh_cards(
    db: sqlite3.Connection, scope: Scope, day: StudyDay, most: int, without: Collection[str]
) -> list[Candidate]:
    """Return what `History.fresh` does. `db` is a history with its catalogue attached as `deck`."""
    where, values = scope.where()
    found: dict[str, Candidate] = {}
    for (path,) in db.execute("select path from deck.file where place >= 0 order by place, path").fetchall():
        if len(found) >= most:
            break
        if scope.decks and path not in scope.decks:
            continue
        rows = db.execute(
            f"select c.id, c.family, c.safety, c.topic from deck.card c where c.path = ? and {where} "
            "and not exists (select 1 from state s where s.card = c.id "
            "and (s.stability is not null or s.shown_from > ?)) order by c.position",
            (path, *values, day),
        )
        for card, family, safety, topic in rows:
            if family not in without:
                found.setdefault(family, Candidate(card, family, None, bool(safety), topic))
            if len(found) >= most:
                break
    return list(found.values())


def device_of(folder: Path) -> str:
    """Return this device's name, 8 hex digits, or nothing if it has none yet.

    It lies beside the history, not in it: a copy is another device's.
    """
    try:
        name = (folder / DEVICE).read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return name if len(name) == 8 and all(c in "0123456789abcdef" for c in name) else ""


_NO_STEP = ("undo", "alias", "reset")  # after one of these a card is replayed
_ANY_CHANGED = (
    "select 1 from deck.file f left join compared k on k.path = f.path "
    "where f.place >= 0 and f.digest is not k.digest limit 1"
)
_DECISIONS = ("suspend", "bury", "flag", "reset", "settings")
_NOT_YET = 2**62  # sequence numbers for what is pending: after everything written

# Written with the very condition of the index `event_by_kind`: without it SQLite would read all events.
_SETTINGS = "kind <> 'answer' and kind = 'settings'"

_DUE = "stability is not null and shown_from <= ?"
