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
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from quiz.errors import UsageError
from quiz.memory import DEFAULT_PARAMS, Params, due_day
from quiz.store.database import writing
from quiz.store.derive import due_in_danger, undone
from quiz.store.rows import SELECT, event_of

if TYPE_CHECKING:
    from quiz.store.history import History

DEFAULT = "default"
TOLD_EVERY = 1_000  # cards between two words of progress

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


def weigh_anew(
    db: sqlite3.Connection,
    params: Params,
    by_itself: Callable[[str], None],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Derive every card's memory and due day with other weights. Runs inside a transaction.

    Only these hang on the weights: lapses, days and danger follow from the ratings. `by_itself` derives one card
    whole: for those that were reset, that go on with the history of another id, or whose answer changed. `progress`
    is told how many steps of how many are done.
    """
    from quiz.memory.bulk import replay_states  # reports read the weights, and need no replay

    special = {card for (card,) in db.execute(_SPECIAL)}
    cards = [row for row in db.execute(_STATES) if row[0] not in special]
    total = 2 * len(cards) + len(special)  # each of the many is read and placed
    told = _Told(progress, total)
    last: dict[str, tuple[int, float]] = {}  # card -> answers up to the last that moved the schedule, retention then
    standing = replay_states(_rated(_answers(db, special), last, told), params)

    def placed() -> Iterator[tuple[float, float, int, int, str]]:
        for card, danger, suspended_from, buried in cards:
            told.one_more()
            if card in standing:
                memory, (answers, retention) = standing[card].memory, last[card]
                due = due_in_danger(due_day(memory, retention, card, answers, params), memory.day, danger)
                shown = suspended_from if suspended_from is not None else max(due, buried)
                yield memory.stability, memory.difficulty, due, shown, card

    db.executemany(_PUT, placed())
    for card in sorted(special):
        told.one_more()
        by_itself(card)
    if progress is not None:
        progress(total, total)


class _Told:
    """Counts steps and tells of them now and then."""

    def __init__(self, progress: Callable[[int, int], None] | None, of: int) -> None:
        self._progress, self._done, self._of = progress, 0, of

    def one_more(self) -> None:
        """Count a step."""
        if self._progress is not None and self._done % TOLD_EVERY == 0:
            self._progress(min(self._done, self._of), self._of)
        self._done += 1


def _answers(db: sqlite3.Connection, without: set[str]) -> Iterator[tuple[str, int, int | None, float, float]]:
    """Yield the answers that count, card by card in the order of study: card, day, rating, luck, retention."""
    gone = undone(map(event_of, db.execute(_UNDOS)))
    for event, *answer in db.execute(_ALL):
        if event not in gone and answer[0] not in without:
            yield tuple(answer)


def _rated(
    answers: Iterable[tuple[str, int, int | None, float, float]], last: dict[str, tuple[int, float]], told: _Told
) -> Iterator[tuple[str, int, int, float]]:
    """Yield those that moved the schedule, and note in `last` what the due day of each card needs."""
    card, count = "", 0
    for name, day, rating, chance, retention in answers:
        if name != card:
            told.one_more()
            card, count = name, 0
        count += 1
        if rating is not None:
            last[card] = count, retention
            yield card, day, rating, chance


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


_ALL = (
    "select id, card, day, rating, chance, retention from event indexed by event_by_card "
    "where card is not null and kind = 'answer' order by card, at, device, seq, id"
)
_STATES = (
    "select card, danger, case when suspended then shown_from end, buried_until from state "
    "where stability is not null order by card"
)
_SPECIAL = (
    "select card from event indexed by event_that_moves where kind in ('alias', 'reset') and card is not null "
    "union select card from revised"
)
_PUT = "update state set stability = ?, difficulty = ?, due = ?, shown_from = ? where card = ?"
