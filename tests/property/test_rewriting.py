"""New parameters of the memory: the fast pass over a whole history gives what replay gives, card by card."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.memory import DEFAULT_PARAMS, Params, StudyDay
from quiz.store.derive import replay
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.weights import text_of
from tests.property.test_sync_laws import CARDS, event_lists
from tests.support.clocks import FixedClock
from tests.support.desks import kept_states, sound
from tests.support.syncing import answered

WEIGHTS = DEFAULT_PARAMS.weights
OTHERS = Params((0.5, 2.0, *WEIGHTS[2:8], WEIGHTS[8] * 0.9, *WEIGHTS[9:20], 0.3))


def weigh(history: History, params: Params) -> None:
    """Let these parameters hold, as a fit does."""
    history.choose_weights({"weights": text_of(params)})


def shown_from(history: History) -> dict[str, int]:
    """Return the column that sessions pick cards by."""
    return dict(history.query("select card, shown_from from state"))


@settings(max_examples=150, deadline=None)
@given(event_lists(most=30), st.booleans())
def test_rewriting_gives_what_replay_gives_by_the_same_parameters(events: list[Event], undone: bool) -> None:
    kept = events if undone else [e for e in events if e.kind not in ("undo", "reset")]
    with tempfile.TemporaryDirectory() as place:
        history = History(Path(place, "history.sqlite"), FixedClock())
        try:
            history.merge(kept)
            weigh(history, OTHERS)
            for card in CARDS:
                right = replay([e for e in kept if e.card == card], OTHERS)
                assert history.state(card) == right
                assert shown_from(history).get(card, right.shown_from) == right.shown_from
            weigh(history, DEFAULT_PARAMS)
            assert all(state == history.replayed(card) for card, state in kept_states(history).items())
            assert sound(history)
        finally:
            history.close()


def test_rewriting_reads_more_answers_than_are_held_at_once(tmp_path: Path) -> None:
    chance = random.Random(1)
    many = [replace(answered(n), id=f"{chance.getrandbits(128):032x}", card=f"c{n % 997}") for n in range(25_000)]
    unrated = [replace(e, rating=None) if n % 11 == 0 else e for n, e in enumerate(many)]
    history = History(tmp_path / "history.sqlite", FixedClock())
    try:
        history.merge(unrated)
        weigh(history, OTHERS)
        for card in ("c0", "c1", "c500"):
            assert history.state(card) == replay(history.events_of(card), OTHERS)
        indexes = {name for (name,) in history.query("select name from sqlite_schema where type = 'index'")}
        assert "state_by_day" in indexes, "sessions look due cards up by it"
    finally:
        history.close()


def test_a_card_that_comes_back_because_its_answer_changed_still_does(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", FixedClock())
    try:
        history.merge([answered(0, card="c"), answered(1, card="d")])
        history._db.execute("insert into revised values ('c', '', 1)")
        history._db.execute("update state set shown_from = 0 where card = 'c'")
        weigh(history, OTHERS)
        assert shown_from(history)["c"] == 0
        assert shown_from(history)["d"] == history.state("d").due > StudyDay(0)
        assert history.state("c") == replay(history.events_of("c"), OTHERS)
    finally:
        history.close()
