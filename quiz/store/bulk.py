"""Where every card of a history stands, by replay of all events in one pass: for whole collections.

The cards with answers alone - nearly all - go through `quiz.memory.bulk` and a loop without objects, and every due day
but the last is left out; a card with undos or decisions goes through `derive.replay`. Tests hold the two to equality.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from quiz.memory import Params, StudyDay, due_day
from quiz.memory.bulk import Rated, Standing, replay_states
from quiz.store.derive import IN_DANGER, NEW, Asked, CardState, due_in_danger, replay
from quiz.store.revision import shown_from
from quiz.store.rows import EVENT_COLUMNS, PUT_STATE, STATE_COLUMNS, card_state, event_of, events_of, state_row
from quiz.store.weights import kept_params

BATCH = 500  # cards whose answers are replayed together

Row = tuple[Any, ...]

ROWS = (
    # The mark is taken as text: SQLite's own way from text to a number may err in the last digit.
    f"select {EVENT_COLUMNS}, crc, number, json_extract(body, '$.question'), json_extract(body, '$.answer'), "
    "json_extract(body, '$.mark', '$.certainty') from event where card is not null order by card, at, device, seq, id"
)
_DAY, _KIND, _CARD, _RATING, _CHANCE, _RETENTION, _BODY = map(
    EVENT_COLUMNS.split(", ").index, ("day", "kind", "card", "rating", "chance", "retention", "body")
)


class Compared(NamedTuple):
    """A card whose kept state and replay were compared. `right` is None where they are the same."""

    card: str
    right: CardState | None


def compared(db: sqlite3.Connection, look: Callable[[Row], None] | None = None) -> Iterator[Compared]:
    """Compare the kept state of every card, the column `shown_from` included, with what its events lead to.

    `look` is shown each event of a card on the way: its columns, the checksum in its row, and its number.
    Raises sqlite3.Error when the file is damaged, ValueError or TypeError for an event that no replay can take.
    """
    changed = {card for (card,) in db.execute("select card from revised where due")}
    for card, row, right in beside(db, look):
        yield Compared(card, None if row is not None and _tells(row, right, card in changed) else right)


def _tells(row: Row, right: CardState, changed: bool) -> bool:
    """Whether a row of the table says what is right. A damaged one may be no state at all."""
    try:
        return bool(row[0] == shown_from(right, at_once=changed) and card_state(row[1:]) == right)
    except (ValueError, TypeError, AttributeError):
        return False


def mend_states(db: sqlite3.Connection) -> int:
    """Put right the states that differ from what the events give; return how many did.

    What was found by comparing them with the decks is forgotten: the next start compares them anew.
    """
    wrong = [(card, right) for card, right in compared(db) if right is not None]
    db.executemany(PUT_STATE, [state_row(card, right) for card, right in wrong])
    if wrong:
        db.executemany("delete from revised where card = ?", [(card,) for card, _ in wrong])
        db.execute("delete from compared")
    return len(wrong)


def beside(
    db: sqlite3.Connection, look: Callable[[Row], None] | None = None
) -> Iterator[tuple[str, Row | None, CardState]]:
    """Yield each card with its row (`shown_from`, then `STATE_COLUMNS`; None if it has none) and what replay gives.

    A card that has a row and no events should be a new one.
    """
    rows = db.execute(f"select card, shown_from, {STATE_COLUMNS} from state order by card")
    kept = next(rows, None)
    for card, right in states(db, look):
        while kept is not None and kept[0] < card:
            yield kept[0], kept[1:], NEW
            kept = next(rows, None)
        if kept is not None and kept[0] == card:
            yield card, kept[1:], right
            kept = next(rows, None)
        else:
            yield card, None, right
    while kept is not None:
        yield kept[0], kept[1:], NEW
        kept = next(rows, None)


def _looked_at(rows: Iterable[Row], look: Callable[[Row], None]) -> Iterator[Row]:
    for row in rows:
        look(row)
        yield row


def states(db: sqlite3.Connection, look: Callable[[Row], None] | None = None) -> Iterator[tuple[str, CardState]]:
    """Yield where each card that has events stands, in the order of their ids; `look` as in `compared`."""
    rows, params = db.execute(ROWS), kept_params(db)
    cards = groupby(_looked_at(rows, look) if look else rows, key=itemgetter(_CARD))
    while batch := [_tally(db, card, list(events), params) for card, events in islice(cards, BATCH)]:
        memories = replay_states(((tally.card, tally.rated) for tally in batch), params)
        for tally in batch:
            standing = memories.get(tally.card)
            yield tally.card, tally.whole or tally.state(standing, params)


@dataclass(slots=True)
class _Tally:
    """What the answers of a card come to beside the memory; or, in `whole`, its state."""

    card: str
    whole: CardState | None = None
    rated: list[Rated] = field(default_factory=list)
    asked: dict[str, Asked] = field(default_factory=dict)
    answers: int = 0
    lapses: int = 0
    days: int = 0
    last_recalled: int = -1
    danger: int = 0
    at_last: int = 0  # how many answers there were with the last one that was rated

    def state(self, standing: Standing | None, params: Params) -> CardState:
        """Return the state with the memory of this standing."""
        if standing is None:
            return CardState(answers=self.answers, asked=self.asked)
        memory = standing.memory
        wanted = due_day(memory, standing.retention, self.card, self.at_last, params)
        due = due_in_danger(wanted, memory.day, self.danger)
        counts = (due, self.answers, self.lapses, self.days, self.last_recalled, StudyDay(self.rated[0][0]))
        return CardState(memory, *counts, danger=self.danger, asked=self.asked)


def _tally(db: sqlite3.Connection, card: str, rows: list[Row], params: Params) -> _Tally:
    """Return what the events of one card come to: `derive.replay` step by step, without the steps of the memory."""
    tally = _Tally(card)
    if any(row[_KIND] != "answer" or not _is_plain(row) for row in rows):
        goes_on = any(row[_KIND] == "alias" for row in rows)  # with the history of another id
        tally.whole = replay(events_of(db, card) if goes_on else [event_of(row) for row in rows], params)
        return tally
    asked, rated, last = tally.asked, tally.rated, None
    for row in rows:
        tally.answers += 1
        question = row[-3] or ""
        mark, sure = _marks(row[-1])
        before = asked.get(question)
        asked[question] = Asked(before[0] + 1 if before else 1, tally.answers, mark, row[-2] or "")
        rating, day = row[_RATING], row[_DAY]
        if rating is None:
            continue
        later = last is not None and day > last
        if rating == 1:
            tally.lapses += later
            tally.danger = IN_DANGER if sure or tally.danger else 0
        else:
            if day > tally.last_recalled:
                tally.days += 1
                tally.last_recalled = day
            if later and tally.danger:
                tally.danger -= 1
        rated.append((day, rating, row[_CHANCE], row[_RETENTION]))
        tally.at_last, last = tally.answers, day
    return tally


def _is_plain(row: Row) -> bool:
    """Whether an answer says which question and which right answer it was about as this program writes it, if at all.

    One that came from elsewhere may have something else there, which the replay takes as a text.
    """
    for value, null in ((row[-3], '"question":null'), (row[-2], '"answer":null')):
        if type(value) is not str and (value is not None or null in row[_BODY]):
            return False
    return True


_KNOWN: dict[str, tuple[float, bool]] = {}  # there are few different marks


def _marks(text: str) -> tuple[float, bool]:
    """Return the mark of an answer and whether it was sure, from JSON `[mark, certainty]`."""
    known = _KNOWN.get(text)
    if known is None:
        mark, certainty = json.loads(text)
        known = (0.0 if mark is None else float(mark), certainty == "high")
        if len(_KNOWN) < 10_000:
            _KNOWN[text] = known
    return known
