"""What decks that changed mean for a history: ids that go on under another name, resets, answers that are new.

Runs when a deck file is not the one that was compared last (`History.revise`). What decks say about histories becomes
events, so that two devices agree once they have each other's events, whichever decks they have. That an answer changed
is no event: it follows from the deck and the last answer, and brings the card back by its `shown_from` alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from quiz.deck.model import Card
from quiz.memory import StudyDay, day_of
from quiz.store.changes import changes, may_have_changed
from quiz.store.database import writing
from quiz.store.derive import NEVER, CardState
from quiz.store.events import Event

if TYPE_CHECKING:
    from quiz.store.history import History

MOST_CARDS = 300  # compared at one start, some tenths of a millisecond each; the next starts go on with the rest

_CHANGED_FILES = (
    "select f.path, f.digest from deck.file f left join compared k on k.path = f.path "
    "where f.place >= 0 and f.digest is not k.digest order by f.path"
)
# Cards of which an answer that was learned is not its question's now, or of a lost question none of theirs; and those
# that were compared with other answers than they have now.
_CANDIDATES = """\
select c.id from deck.card c join state s on s.card = c.id where c.path = ? and c.live and exists (
    select 1 from json_each(s.asked) a
    where json_extract(a.value, '$[3]') <> ''
    and not instr(' ' || c.keys || ' ', ' ' || a.key || '=' || json_extract(a.value, '$[3]') || ' ')
    and (instr(' ' || c.keys, ' ' || a.key || '=') or not instr(c.keys, '=' || json_extract(a.value, '$[3]')))
) and not exists (select 1 from revised r where r.card = c.id and r.keys = c.keys)
union
select c.id from deck.card c join revised r on r.card = c.id where c.path = ? and c.live and r.keys <> c.keys
limit ?"""


def revise(history: History, db: sqlite3.Connection) -> None:
    """Take in what the changed decks say about this history. `db` is its connection, with the catalogue attached.

    Raises sqlite3.Error when it cannot be written; the next start tries again.
    """
    left, today = MOST_CARDS, history.today()
    for path, digest in db.execute(_CHANGED_FILES).fetchall():
        if not history.record(_aliases(history, db, path)):
            return
        resets, to_come = _resets(history, db, path, today)
        if not history.record(resets):
            return
        with writing(db):
            cards = [card for (card,) in db.execute(_CANDIDATES, (path, path, left)).fetchall()]
            for card in cards:
                compare(history, db, card)
            left -= len(cards)
            doubtful = db.execute("select 1 from deck.card where path = ? and not live limit 1", (path,)).fetchone()
            if left > 0 and not to_come and not doubtful:
                db.execute("insert or replace into compared values (?, ?)", (path, digest))
        if left <= 0:
            return


def compare(history: History, db: sqlite3.Connection, card_id: str) -> None:
    """Find out whether a card has to come back because its answer changed, and note it. Runs inside a transaction."""
    row = db.execute("select body, keys from deck.card where id = ? and live", (card_id,)).fetchone()
    if row is None:
        return
    card, state = Card.from_json(row[0]), history.kept_state(card_id)
    found = changes(card, state.asked, history.kept_events(card_id)) if may_have_changed(card, state.asked) else ()
    due = state.memory is not None and any(change.due for change in found)
    db.execute("insert or replace into revised values (?, ?, ?)", (card_id, row[1], due))
    db.execute("update state set shown_from = ? where card = ?", (shown_from(state, at_once=due), card_id))


def shown_from(state: CardState, *, at_once: bool) -> int:
    """Return the study day from which a card is shown: at once for a changed answer, unless the learner put it off."""
    if not at_once:
        return state.shown_from
    return NEVER if state.suspended else state.buried_until


def _aliases(history: History, db: sqlite3.Connection, path: str) -> list[Event]:
    """Return the events by which cards take up the history of ids that they had before, where there is any."""
    rows = db.execute(
        "select a.card, a.old from deck.same_as a where a.path = ? "
        "and exists (select 1 from deck.card c where c.id = a.card and c.live) "
        "and exists (select 1 from event e indexed by event_by_card where e.card = a.old) "
        "and not exists (select 1 from event e where e.target = a.old and e.card = a.card and e.kind = 'alias') "
        "order by a.card, a.old",
        (path,),
    ).fetchall()
    return [history.event("alias", card=card, target=old) for card, old in rows]


def _resets(history: History, db: sqlite3.Connection, path: str, today: StudyDay) -> tuple[list[Event], bool]:
    """Return the events of the resets whose day has come, and whether some day is to come."""
    rows = db.execute(
        "select r.card, r.day from deck.reset r where r.path = ? "
        "and exists (select 1 from deck.card c where c.id = r.card and c.live) order by r.card",
        (path,),
    ).fetchall()
    days = [(card, day_of(date.fromisoformat(day))) for card, day in rows]
    new = (
        history.event("reset", card=card, body={"before": day})
        for card, day in days
        if day <= today and not _known(history.kept_events(card), card, day)
    )
    return list(new), any(day > today for _, day in days)


def _known(events: Iterable[Event], card: str, day: StudyDay) -> bool:
    """Return whether a reset says nothing new: it was made, or nothing was answered before its day."""
    mine = list(events)
    made = any(e.kind == "reset" and e.card == card and e.body.get("before") == day for e in mine)
    return made or not any(e.kind == "answer" and e.day < day for e in mine)
