"""Laws of the history, through the real file: whatever happens, what is derived is what replay gives.

The steps are drawn by hypothesis: answers, undos (of undos too), decisions, clocks that are set, restarts, a disk that
is full for a while.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.store.derive import NEW, CardState, replay
from quiz.store.events import Event
from quiz.store.history import History
from tests.support.clocks import DAY, HOUR, FixedClock
from tests.support.desks import sound

CARDS = ("a", "b", "b/back")

card = st.sampled_from(CARDS)
answer = st.tuples(
    st.just("answer"),
    card,
    st.sampled_from([None, 1, 2, 3, 4]),
    st.sampled_from([0.0, 0.25, 0.5]),
    st.sampled_from(["q", "p", "r"]),
)
undo = st.tuples(st.just("undo"), st.integers(0, 50))
decision = st.one_of(
    st.tuples(st.just("suspend"), card, st.booleans()),
    st.tuples(st.just("bury"), card, st.integers(-3, 5)),
    st.tuples(st.just("flag"), card, st.booleans()),
    st.tuples(st.just("reset"), card),
    st.tuples(st.just("settings"), st.integers(0, 12)),
)
time = st.one_of(
    st.tuples(st.just("clock"), st.sampled_from([0, 1, 60_000, HOUR, DAY, 9 * DAY, -1, -HOUR, -10 * DAY, 3653 * DAY])),
    st.tuples(st.just("1970")),
    st.tuples(st.just("zone"), st.sampled_from([-720, -480, 0, 60, 330, 840])),
)
store = st.one_of(st.tuples(st.just("reopen")), st.tuples(st.just("full")), st.tuples(st.just("room")))
steps = st.lists(st.one_of(answer, answer, answer, undo, undo, decision, time, time, store), min_size=1, max_size=25)


class Learner:
    """Does the steps, and keeps a list of its own of all that happened."""

    def __init__(self, path: Path) -> None:
        self.clock = FixedClock()
        self.history = History(path, self.clock)
        self.done: list[Event] = []
        self.room = True

    def do(self, what: str, *how: Any) -> None:
        """Do one step."""
        history = self.history
        match what, how:
            case "answer", (card, rating, chance, question):
                body = {"question": question, "mark": float((rating or 0) > 1)}
                self.keep(history.event("answer", card=card, rating=rating, chance=chance, body=body))
            case "undo", (number,) if self.done:
                target = self.done[number % len(self.done)]
                self.keep(history.event("undo", card=target.card, target=target.id))
            case "bury", (card, days):
                self.keep(history.event("bury", card=card, body={"until": history.today() + days}))
            case (("suspend" | "flag"), (card, on)):
                self.keep(history.event(what, card=card, body={"on": on}))
            case "reset", (card,):
                self.keep(history.event("reset", card=card))
            case "settings", (hour,) if self.room:
                history.change_settings({"rollover": hour})
            case "clock", (ms,):
                self.clock.at += ms
            case "1970", ():
                self.clock.set_to("1970-01-01 12:00")
            case "zone", (offset,):
                self.clock.offset = offset
            case "reopen", () if self.room:
                history.close()
                self.history = History(history.path, self.clock)
            case "full", ():
                history._db.execute("pragma max_page_count = 1")  # never below what is there already
                self.room = False
            case "room", ():
                history._db.execute("pragma max_page_count = 1000000")
                assert history.flush()
                self.room = True

    def keep(self, event: Event) -> None:
        """Record an event; with a full disk it has to count all the same."""
        self.done.append(event)
        assert self.history.record([event]) or not self.room


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(steps)
def test_what_is_derived_is_what_replay_gives(taken: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        learner = Learner(Path(folder, "history.sqlite"))
        try:
            for step in taken:
                before = {card: learner.history.state(card) for card in CARDS}
                learner.do(*step)
                changed = {card for card in CARDS if learner.history.state(card) != before[card]}
                assert len(changed) <= 1
            learner.do("room")
            history = learner.history
            assert sound(history)
            kept = [event for event in history.events() if event.kind != "settings"]
            assert sorted(e.id for e in kept) == sorted(e.id for e in learner.done), "nothing lost, nothing twice"
            assert [replace(e, seq=0) for e in sorted(kept, key=lambda e: e.seq)] == learner.done
            every = list(history.events())
            assert sorted(e.seq for e in every) == list(range(1, len(every) + 1))
            assert [e.order for e in every] == sorted(e.order for e in every)
            for card in CARDS:
                state = history.state(card)
                assert state == by_hand(kept, card)
                assert no_negative_interval(state)
        finally:
            learner.history.close()


def by_hand(events: list[Event], card: str) -> CardState:
    """Return where a card stands, by the plainest reading of the rules: an event counts unless an undo that counts
    names it."""
    mine = [event for event in events if event.card == card]
    undos = [event for event in mine if event.kind == "undo"]

    def counts(event: Event) -> bool:
        return not any(undo.target == event.id and counts(undo) for undo in undos)

    return replay([event for event in mine if event.kind != "undo" and counts(event)])


def no_negative_interval(state: CardState) -> bool:
    """Whether the card comes back after its last answer."""
    return state.memory is None or state.due > state.memory.day


@settings(max_examples=150, deadline=None)
@given(steps, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(taken: list[tuple[Any, ...]], shuffler: random.Random) -> None:
    """Two devices merge their events in whatever order the files come: each card ends where it would have."""
    with tempfile.TemporaryDirectory() as folder:
        learner = Learner(Path(folder, "history.sqlite"))
        for step in taken:
            learner.do(*step)
        learner.do("room")
        events = list(learner.history.events())
        states = {card: learner.history.state(card) for card in CARDS}
        learner.history.close()
    for state, card in ((states[card], card) for card in CARDS):
        mine = [event for event in events if event.card == card]
        shuffler.shuffle(mine)
        assert replay(mine) == state
        assert replay(mine + mine[:0]) == replay(sorted(mine, key=lambda e: e.id))


@settings(max_examples=100, deadline=None)
@given(steps, st.randoms(use_true_random=False))
def test_events_that_reach_a_file_in_any_order_lead_to_the_same_states(
    taken: list[tuple[Any, ...]], shuffler: random.Random
) -> None:
    """The step-by-step way of the store must notice whenever one more step is not enough."""
    with tempfile.TemporaryDirectory() as folder:
        learner = Learner(Path(folder, "one", "history.sqlite"))
        for step in taken:
            learner.do(*step)
        learner.do("room")
        learner.history.close()
        events = [event for event in learner.done if event.kind != "settings"]
        shuffler.shuffle(events)
        other = History(Path(folder, "two", "history.sqlite"), FixedClock())
        try:
            for event in events:
                assert other.record([event])
                assert other.state(event.card or "") == replay(other.events_of(event.card or ""))
            assert sound(other)
        finally:
            other.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(answer, min_size=1, max_size=12))
def test_taking_back_everything_leaves_a_new_card(taken: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        learner = Learner(Path(folder, "history.sqlite"))
        try:
            for step in taken:
                learner.do(*step)
            for event in list(learner.done):
                learner.keep(learner.history.event("undo", card=event.card, target=event.id))
            assert all(learner.history.state(card) == NEW for card in CARDS)
            assert sound(learner.history)
        finally:
            learner.history.close()
