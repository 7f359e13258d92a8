"""Weights of the memory model as events: which hold, that all states follow them, and that devices agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from quiz.deck.filter import parse
from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.memory import DEFAULT_PARAMS, Params, recall
from quiz.report.overview import overview
from quiz.report.search import cards_of
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.weights import chosen, kept_params, params_of, text_of
from tests.support.clocks import FixedClock
from tests.support.desks import Place, choice, flip, give, kept_states, learned, sound, study
from tests.support.logs import FORGETFUL, drawn_log, events_of, take_in

OTHER = Params((*[weight * 2 for weight in DEFAULT_PARAMS.weights[:4]], *DEFAULT_PARAMS.weights[4:]))


def body(params: Params) -> dict[str, object]:
    return {"weights": text_of(params)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with closing(History(tmp_path / "history.db", FixedClock())) as opened:
        yield opened


def reopened(history: History) -> History:
    return History(history.path, history.clock)


# -- which hold -------------------------------------------------------------------------------------------------------


def test_without_a_choice_the_default_weights_hold(history: History) -> None:
    assert history.params == DEFAULT_PARAMS
    with pytest.raises(UsageError, match="no fitted weights"):
        history.choose_weights(None)


@pytest.mark.parametrize("params", [DEFAULT_PARAMS, FORGETFUL, OTHER])
def test_weights_are_kept_to_the_last_digit(params: Params) -> None:
    assert params_of(text_of(params)) == params


def test_the_last_choice_that_counts_holds_and_can_be_taken_back_step_by_step(history: History) -> None:
    history.choose_weights(body(FORGETFUL))
    history.choose_weights(body(OTHER))
    assert history.params == OTHER
    for expected in (FORGETFUL, DEFAULT_PARAMS):
        history.choose_weights(None)
        assert history.params == expected
        with closing(reopened(history)) as again:
            assert again.params == expected


def test_weights_that_cannot_be_read_are_passed_over(history: History) -> None:
    history.choose_weights(body(FORGETFUL))
    for text in ("", "1 2 3", "nonsense", " ".join(["1e9"] * 21), "nan " * 21):
        history.choose_weights({"weights": text})
        assert history.params == FORGETFUL
    history.choose_weights({"weights": "Default"})
    assert history.params == DEFAULT_PARAMS


def test_what_the_fit_said_is_kept_beside(history: History) -> None:
    history.choose_weights({**body(FORGETFUL), "fit": {"answers": 400}})
    with closing(history.reader()) as db:
        assert chosen(db).fit == {"answers": 400}
    assert history.settings.new == 10


# -- what follows -----------------------------------------------------------------------------------------------------


def test_all_states_follow_and_so_do_later_answers(history: History) -> None:
    take_in(history, drawn_log("x", cards=60, days=30))
    before = kept_states(history)
    history.choose_weights(body(FORGETFUL))
    assert sound(history)
    after = kept_states(history)
    assert {card for card in before if before[card].memory != after[card].memory} == set(before)
    learned(history, "card-00001", 3)
    learned(history, "new", 3, 1)
    assert sound(history)
    history.choose_weights(None)
    assert sound(history)


def test_what_was_decided_about_a_card_stays(place: Place) -> None:
    place.write(choice("a"), choice("b"), flip("c"), flip("d"), flip("e", **{"same-as": ["d"]}), flip("f"))
    with place.open() as desk:
        history = desk.history
        for card in "abcdf":
            learned(history, card, 3, 3)
            place.clock.forward(days=2)
            learned(history, card, 3)
        for kind, card, what in (("suspend", "a", {"on": True}), ("bury", "b", {"until": history.today() + 40})):
            history.record([history.event(kind, card=card, body=what)])  # type: ignore[arg-type]
        learned(history, "c", 1, certainty="high", mode="study")
        history.record([history.event("reset", card="f")])
        learned(history, "f", 3)
        place.clock.forward(days=3)
        give(study(desk, scope=Scope(safety=False)), right=False)
        history.flush()
        history.choose_weights(body(OTHER))
        assert sound(history)
        assert history.state("a").suspended
        assert history.state("b").shown_from == history.today() - 3 + 40
    with place.open() as desk:
        assert sound(desk.history)
        desk.history.choose_weights(None)
        assert sound(desk.history)


def test_a_card_whose_answer_changed_still_comes_back_at_once(place: Place) -> None:
    place.write(flip("c"))
    with place.open() as desk:
        give(study(desk))
        place.clock.forward(days=1)
    place.write({**flip("c"), "answer": "Something else"})
    with place.open() as desk:
        history = desk.history
        today = history.today()
        assert [found.changed for found in history.due(Scope(), today, 9)] == [True]
        history.choose_weights(body(OTHER))
        assert [found.changed for found in history.due(Scope(), today, 9)] == [True]


def test_a_trial_says_what_would_be_due_and_changes_nothing(history: History) -> None:
    clock = history.clock
    assert isinstance(clock, FixedClock)
    clock.at = take_in(history, drawn_log("x", cards=60, days=30)) * 86_400_000 + 40_000_000
    events, states = history.count(), kept_states(history)
    tried = history.choose_weights(body(FORGETFUL), keep=False)
    assert tried[1] > tried[0]
    assert (history.count(), history.params) == (events, DEFAULT_PARAMS)
    assert kept_states(history) == states
    assert history.choose_weights(body(FORGETFUL)) == tried


def test_progress_is_told_to_the_end(history: History) -> None:
    take_in(history, drawn_log("x", cards=30, days=10))
    told: list[tuple[int, int]] = []
    history.choose_weights(body(FORGETFUL), lambda done, of: told.append((done, of)))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 0


def test_what_is_cut_off_has_not_happened(history: History) -> None:
    take_in(history, drawn_log("x", cards=30, days=10))

    def cut(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        history.choose_weights(body(FORGETFUL), cut)
    assert history.params == DEFAULT_PARAMS
    assert sound(history)


def test_another_program_that_is_open_uses_them_from_its_next_answer_on(history: History) -> None:
    learned(history, "c", 3)
    with closing(reopened(history)) as other:
        history.choose_weights(body(OTHER))
        learned(other, "c", 3)
        learned(other, "d", 3)
        assert other.params == OTHER
        assert sound(other)
        history.choose_weights(None)
        other.merge(events_of(drawn_log("y", cards=5, days=3), "0c0c0c0c"))
        assert other.params == DEFAULT_PARAMS
        assert sound(other)


def test_reports_and_the_search_use_them(place: Place) -> None:
    place.write(flip("c"))
    with place.open() as desk:
        history = desk.history
        learned(history, "c", 3)
        place.clock.forward(days=9)
        history.choose_weights(body(FORGETFUL))
        memory, today = history.state("c").memory, history.today()
        assert memory is not None
        now = recall(memory, today, FORGETFUL)
        assert abs(now - recall(memory, today)) > 0.05
        with closing(history.reader()) as db:
            assert kept_params(db) == FORGETFUL
            assert overview(db, Scope(), today, 10).decks[0].mastery == pytest.approx(now)
            for share, found in ((now - 0.01, []), (now + 0.01, ["c"])):
                tree = parse(f"recall<{100 * share:.1f}%")
                assert cards_of(db, tree, today) == found  # type: ignore[arg-type]


# -- several devices --------------------------------------------------------------------------------------------------


def test_devices_agree_in_whatever_order_the_events_come(tmp_path: Path) -> None:
    with closing(History(tmp_path / "one" / "history.db", FixedClock())) as one:
        learned(one, "c", 3, 1)
        one.choose_weights(body(FORGETFUL))
        learned(one, "c", 3)
        one.choose_weights(body(OTHER))
        one.choose_weights(None)
        events = list(one.events())
        expected = one.state("c")
    assert [event.kind for event in events] == ["answer", "answer", "settings", "answer", "settings", "undo"]
    for number, order in enumerate(permutations(events)):
        if number % 12:  # one in twelve of the 720 orders
            continue
        with closing(History(tmp_path / str(number) / "history.db", FixedClock())) as other:
            for event in order:
                other.merge([event])
            assert other.params == FORGETFUL
            assert other.state("c") == expected
            assert sound(other)


def test_an_older_choice_that_comes_late_does_not_count(history: History, tmp_path: Path) -> None:
    with closing(History(tmp_path / "other" / "history.db", FixedClock("2026-11-20 10:00"))) as other:
        learned(other, "c", 3)
        other.choose_weights(body(OTHER))
        late: list[Event] = list(other.events())
    history.choose_weights(body(FORGETFUL))
    history.merge(late)
    assert history.params == FORGETFUL
    assert sound(history)


def test_states_of_a_file_always_fit_its_weights(history: History) -> None:
    learned(history, "c", 3)
    history.choose_weights(body(OTHER))
    with closing(sqlite3.connect(history.path)) as db:
        assert kept_params(db) == OTHER
        (stability,) = db.execute("select stability from state where card = 'c'").fetchone()
    assert stability == pytest.approx(OTHER.weights[2])


@pytest.mark.parametrize("kind", ["settings", "undo"])
def test_an_event_from_elsewhere_that_names_a_card_as_well_brings_other_weights_all_the_same(
    history: History, kind: str
) -> None:
    """What the file says and what is derived from it are one: it cannot be told who wrote it, or why with a card."""
    learned(history, "c", 3)
    learned(history, "d", 1)
    if kind == "settings":
        event = history.event("settings", card="c", body=body(OTHER))
    else:
        history.choose_weights(body(OTHER))
        event = history.event("undo", card="c", target=chosen(history.connection).event)
    history.merge([replace(event, device="deadbeef", seq=1)])
    assert history.params == kept_params(history.connection) == (OTHER if kind == "settings" else DEFAULT_PARAMS)
    assert sound(history)


def test_an_undo_of_an_undo_brings_them_back_whatever_comes_first(history: History, tmp_path: Path) -> None:
    learned(history, "c", 3)
    history.choose_weights(body(OTHER))
    history.choose_weights(None)
    (undo,) = history.of_kind("undo")
    history.record([history.event("undo", target=undo.id)])
    assert history.params == OTHER
    assert sound(history)
    events = list(history.events())
    for number, order in enumerate(permutations(events)):
        with closing(History(tmp_path / str(number) / "history.db", FixedClock())) as other:
            for event in order:
                other.merge([event])
            assert other.params == OTHER
            assert sound(other)


# -- the file ---------------------------------------------------------------------------------------------------------


def test_a_missing_index_is_made_anew(history: History) -> None:
    learned(history, "c", 3)
    (before,) = history.query("select sql from sqlite_schema where name = 'state_by_day'")
    history.query("drop index state_by_day")
    history.choose_weights(body(OTHER))
    assert list(history.query("select sql from sqlite_schema where name = 'state_by_day'")) == [before]
    assert sound(history)


def test_they_are_chosen_beside_a_statement_that_still_reads(history: History) -> None:
    take_in(history, drawn_log("x", cards=30, days=10))
    reads = iter(history.query("select card from state indexed by state_by_day where stability is not null"))
    next(reads)
    history.choose_weights(body(OTHER))
    assert history.params == OTHER
    assert sound(history)
    assert len(list(history.query("select 1 from sqlite_schema where name = 'state_by_day'"))) == 1


def test_weights_that_were_only_tried_are_not_said_to_hold(history: History) -> None:
    take_in(history, drawn_log("x", cards=30, days=10))
    history.choose_weights(body(FORGETFUL), keep=False)
    assert history.weighed is None
    history.choose_weights(body(FORGETFUL))
    assert history.weighed is not None
