"""The replay of whole collections gives every card exactly what the replay of its own events gives."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.memory import StudyDay
from quiz.sql import statements
from quiz.store import bulk, database
from quiz.store.derive import replay
from quiz.store.events import Event
from quiz.store.rows import INSERT, PUT_STATE, event_row, state_row
from quiz.store.rows import events_of as events_of_card

DAY_MS = 86_400_000

answer = st.tuples(
    st.just("answer"),
    st.sampled_from(["a", "b", "b/back", "é", "\U0001f9e0"]),
    st.integers(-3, 900),  # days from the first
    st.sampled_from([None, 1, 2, 3, 4]),
    st.sampled_from([0.0, 0.25, 1 / 3]),
    st.sampled_from([0.7, 0.9, 0.97]),
    st.fixed_dictionaries(
        {},
        optional={
            "question": st.sampled_from(["q", "ü", "q2"]),
            "mark": st.one_of(st.sampled_from([0, 1, 0.5]), st.floats(0, 1)),
            "certainty": st.sampled_from(["low", "high", None]),
            "answer": st.sampled_from(["", "k1", "k2", None, 7]),
        },
    ),
)
other = st.tuples(
    st.sampled_from(["suspend", "bury", "flag", "reset", "undo", "alias"]),
    st.sampled_from(["a", "b", "é"]),
    st.integers(-3, 900),
    st.none(),
    st.just(0.0),
    st.just(0.9),
    st.fixed_dictionaries({}, optional={"before": st.integers(20_000, 20_900)}),
)


def events_of(drawn: list[tuple[Any, ...]]) -> list[Event]:
    """Return the events; an undo names the one drawn before it, an alias the card of that one or one without events."""
    events: list[Event] = []
    for number, (kind, card, day, rating, chance, retention, body) in enumerate(drawn):
        target = events[-1].id if kind == "undo" and events else "none" if kind == "undo" else None
        if kind == "alias":
            target = (events[-1].card if events else None) or "other"
        card = events[-1].card if kind == "undo" and events else card
        at = (20_000 + day) * DAY_MS + number
        head = (f"{number:032x}", kind, at, 0, StudyDay(20_000 + day), card, target, rating, chance, retention)
        events.append(Event(*head, body, "d", number + 1))
    return events


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(answer, answer, answer, other), max_size=40), st.randoms(use_true_random=False))
def test_all_cards_at_once_stand_where_each_stands_alone(drawn: list[tuple[Any, ...]], shuffler: Any) -> None:
    events = events_of(drawn)
    arrived = list(events)
    shuffler.shuffle(arrived)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for statement in statements(Path(database.__file__).with_name("schema.sql")):
            db.execute(statement)
        db.executemany(INSERT, map(event_row, arrived))
        alone = {event.card: replay(events_of_card(db, event.card)) for event in events if event.card}
        assert dict(bulk.states(db)) == alone
        db.executemany(PUT_STATE, [state_row(card, state) for card, state in alone.items()])
        assert {card for card, right in bulk.compared(db) if right is None} == set(alone)
        if alone:
            wrong = sorted(alone)[len(alone) // 2]
            db.execute("update state set shown_from = shown_from + 1 where card = ?", (wrong,))
            assert [card for card, right in bulk.compared(db) if right is not None] == [wrong]
