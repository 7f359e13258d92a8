"""The ways of study: refresher, look-alikes, pretest, cramming, cases that unfold, and the danger list."""

from __future__ import annotations

import re
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.errors import UsageError
from quiz.memory import Rating
from quiz.store.derive import IN_DANGER
from quiz.study.modes import ALTERNATED, BLOCKED, DRILLED
from quiz.study.plan import Mode, Plan
from quiz.study.session import Phase, Session
from tests.support.desks import (
    Entry,
    Place,
    choice,
    choices_of,
    flip,
    give,
    learned,
    mixed,
    on_screen,
    sound,
    step,
    study,
    typed,
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def begin(desk: Desk, mode: Mode, scope: Scope | None = None, *, limit: int = 0, minutes: int = 0) -> Session:
    return desk.session(Plan(scope or Scope(), limit, minutes, 1, mode))


def question(session: Session) -> str:
    assert session.shown is not None
    return session.shown.question.stem


def case(card: str, **fields: Any) -> Entry:
    """A case of three questions; something new is told before the second."""
    asked = [
        typed(card, ask="First?"),
        {**choices_of(card), "case": "An hour later the leg is weak."},
        typed(card, ask="Third?"),
    ]
    for entry in asked:
        entry.pop("id", None)
    return {"id": card, "case": "A woman has had facet radiofrequency.", "questions": asked, **fields}


# -- sure and wrong ---------------------------------------------------------------------------------------------------


def test_sure_and_wrong_comes_back_in_the_session_tomorrow_and_in_a_week(place: Place) -> None:
    place.write(choice("a"), *(choice(f"b{n}") for n in range(4)))
    with place.open() as desk:
        learned(desk.history, "a", 4, 4, 4)
        place.clock.forward(days=400)
        session = study(desk)
        assert on_screen(session) == "a"
        feedback = give(session, right=False, certainty="high")
        assert feedback.danger
        session.next()
        asked = []
        while session.phase is not Phase.DONE:
            asked.append(on_screen(session))
            came = give(session, certainty="high")
            assert not came.danger
            if asked[-1] == "a":
                assert came.outcomes[Rating.EASY].interval == 1, "however well it is known"
            session.next()
        assert "a" in asked, "back in this session"
        today = desk.history.today()
        assert desk.history.state("a").danger == IN_DANGER
        assert desk.history.state("a").due == today + 1
        place.clock.forward(days=1)
        session = study(desk, limit=1)
        assert on_screen(session) == "a"
        assert give(session).outcomes[Rating.GOOD].interval <= 7
        assert desk.history.state("a").danger == 1
        assert desk.history.state("a").due <= today + 8
        place.clock.forward(days=7)
        learned(desk.history, "a", 3)
        assert desk.history.state("a").danger == 0
        assert sound(desk.history)


@pytest.mark.parametrize(("certainty", "danger"), [("low", 0), ("mid", 0), (None, 0), ("high", IN_DANGER)])
def test_only_sure_and_wrong_is_danger(place: Place, certainty: Any, danger: int) -> None:
    place.write(choice("a"))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False, certainty=certainty)
        assert desk.history.state("a").danger == danger


def test_an_undo_takes_the_danger_back(place: Place) -> None:
    place.write(choice("a"))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False, certainty="high")
        session.undo()
        assert desk.history.state("a").danger == 0
        assert session.unsettled == ()
        assert sound(desk.history)


def test_time_is_up_only_after_a_must_pass_card_in_danger_was_asked_again(place: Place) -> None:
    place.write(choice("a", safety=True), *(choice(f"b{n}") for n in range(6)))
    with place.open() as desk:
        session = study(desk, minutes=1)
        give(session, right=False, certainty="high")
        assert list(session.unsettled) == ["a"]
        place.clock.forward(seconds=90)
        assert session.left == 1
        session.next()
        assert (on_screen(session), session.out_of_time) == ("a", False)
        give(session)
        assert list(session.unsettled) == []
        assert session.left == 0
        session.next()
        assert session.phase is Phase.DONE
        assert session.out_of_time
        assert desk.history.open_session(2) is None


def test_a_must_pass_card_in_danger_that_is_suspended_holds_nobody(place: Place) -> None:
    place.write(choice("a", safety=True), *(choice(f"b{n}") for n in range(6)))
    with place.open() as desk:
        session = study(desk, minutes=1)
        give(session, right=False, certainty="high")
        place.clock.forward(seconds=90)
        session.suspend()
        assert session.phase is Phase.DONE


def test_danger_outlives_a_restart_of_the_session(place: Place) -> None:
    place.write(choice("a", safety=True), choice("b"))
    with place.killed() as desk:
        session = study(desk)
        give(session, right=False, certainty="high")
        session.next()
    with place.open() as desk:
        assert study(desk).unsettled == ("a",)


# -- cases ------------------------------------------------------------------------------------------------------------


def test_a_case_is_asked_to_its_end_in_the_order_written_and_counts_once(place: Place) -> None:
    place.write(case("c"), choice("d"))
    with place.open() as desk:
        session = study(desk)
        asked, seen = [], []
        for _ in range(3):
            assert session.shown is not None
            asked.append((on_screen(session), session.shown.step, session.left))
            seen.append(len(session.shown.card.case_at(session.shown.question)))
            counts = give(session).counts
            assert counts == (session.shown.step == 2)
            session.next()
        assert asked == [("c", 0, 3), ("c", 1, 2), ("c", 2, 1)]
        assert seen == [1, 2, 2], "what unfolds is told from its question on"
        assert on_screen(session) == "d"
        events = desk.history.events_of("c")
        assert [e.rating for e in events] == [None, None, 3]
        assert desk.history.state("c").answers == 3
        assert desk.history.state("c").days == 1


@pytest.mark.parametrize(
    ("right", "rating"), [((True, True, True), 3), ((True, True, False), 2), ((False, True, False), 1)]
)
def test_a_case_is_rated_by_the_mean_of_its_questions(place: Place, right: tuple[bool, ...], rating: int) -> None:
    place.write(case("c"), *(choice(f"d{n}") for n in range(3)))
    with place.open() as desk:
        session = study(desk)
        for one in right:
            step(session, one)
        assert desk.history.events_of("c")[-1].rating == rating
        rest = []
        while session.phase is not Phase.DONE:
            rest.append(step(session))
        assert rest.count("c") == (3 if rating == 1 else 0), "a case that failed comes back as a whole"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["right", "wrong", "undo", "kill", "bury", "time"]), max_size=14), st.integers(0, 2))
def test_a_case_stands_up_to_undo_kills_and_the_clock(moves: list[str], minutes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.write(case("c"), choice("d"), case("e", safety=True))
        with place.killed() as desk:
            session = study(desk, minutes=minutes)
            for move in moves:
                if session.phase is Phase.DONE:
                    break
                match move:
                    case "undo":
                        session.undo()
                    case "kill":
                        desk.history.flush()
                        before = session.shown
                        session = study(desk, minutes=minutes)
                        assert session.shown == before
                    case "bury":
                        session.bury()
                    case "time":
                        place.clock.forward(seconds=50)
                    case _:
                        left = session.left
                        give(session, move == "right")
                        assert left >= 0
                        more = session.left
                        session.next()
                        assert (session.phase is Phase.DONE) == (more == 0)
                if session.shown is not None and session.shown.step:
                    last = session.answered[-1]
                    assert last.card == session.shown.card.id, "the steps of a case follow one another"
            assert sound(desk.history)
            rated = [e for e in desk.history.events() if e.kind == "answer" and e.rating is not None and e.card == "c"]
            assert all(e.body["question"].startswith("typed") for e in rated)


# -- refresher --------------------------------------------------------------------------------------------------------


def test_a_refresher_asks_the_whole_must_pass_set_whatever_is_due(place: Place) -> None:
    place.write(*(choice(f"s{n}", safety=True) for n in range(4)), choice("other"))
    with place.open() as desk:
        desk.history.change_settings({"new": 1})
        learned(desk.history, "s0", 4)
        learned(desk.history, "s1", 1)
        place.clock.forward(days=2)
        session = begin(desk, "refresher", Scope(safety=True))
        asked = []
        while session.phase is not Phase.DONE:
            asked.append(step(session))
        assert sorted(asked) == ["s0", "s1", "s2", "s3"]
        assert asked.index("s1") < asked.index("s0"), "what is due comes before what is not"


def test_a_card_is_passed_only_on_a_question_not_seen_in_practice(place: Place) -> None:
    place.write(mixed("proved", safety=True), choice("once", safety=True))
    with place.open() as desk:
        learned(desk.history, "proved", 3)
        place.clock.forward(days=1)
        session = begin(desk, "refresher", Scope(safety=True))
        passed = {}
        while session.phase is not Phase.DONE:
            name, asked = on_screen(session), question(session)
            passed[name] = (asked, give(session).passed)
            session.next()
        assert passed["proved"] == ("Prove proved.", True), "the question held back, at once"
        assert passed["once"][1] is True, "never asked before"
        place.clock.forward(days=1)
        session = begin(desk, "refresher", Scope(safety=True))
        again = {}
        while session.phase is not Phase.DONE:
            again[on_screen(session)] = give(session).passed
            session.next()
        assert again == {"proved": True, "once": None}, "a question seen in practice shows nothing"


@pytest.mark.parametrize(("right", "passed"), [((True, True, True), True), ((False, True, True), False)])
def test_a_case_is_passed_only_as_a_whole(place: Place, right: tuple[bool, ...], passed: bool) -> None:
    place.write(case("c", safety=True))
    with place.open() as desk:
        session = begin(desk, "refresher", Scope(safety=True))
        told = []
        for one in right:
            told.append(give(session, one).passed)
            session.next()
        assert told == [None, None, passed]


def test_the_second_try_of_a_refresher_is_practice(place: Place) -> None:
    place.write(mixed("proved", safety=True), *(mixed(f"m{n}", safety=True) for n in range(4)))
    with place.open() as desk:
        session = begin(desk, "refresher", Scope(safety=True))
        first = on_screen(session)
        assert give(session, right=False).passed is False
        session.next()
        while on_screen(session) != first:
            step(session)
        assert "Prove" not in question(session)
        assert give(session).passed is None


def test_practice_never_asks_for_proof(place: Place) -> None:
    place.write(mixed("m"))
    with place.open() as desk:
        for _ in range(6):
            session = study(desk)
            while session.phase is not Phase.DONE:
                assert "Prove" not in question(session)
                step(session)
            place.clock.forward(days=1)


# -- look-alikes ------------------------------------------------------------------------------------------------------


def alike(place: Place, *names: str) -> None:
    place.write(*(mixed(name, contrast_with=[other for other in names if other != name]) for name in names), mixed("z"))


def test_look_alikes_are_learned_apart_and_then_asked_in_turn(place: Place) -> None:
    alike(place, "a", "b")
    with place.open() as desk:
        session = begin(desk, "contrast")
        asked = []
        while session.phase is not Phase.DONE:
            asked.append(step(session))
        assert asked[: 2 * BLOCKED] == ["a"] * BLOCKED + ["b"] * BLOCKED
        turns = asked[2 * BLOCKED :]
        assert len(turns) == 2 * ALTERNATED
        assert all(x != y for x, y in pairwise(turns)), "then always the other one"
        assert len({e.body["question"] for e in desk.history.events_of("a")}) == 4, "each time another question"
        assert [e.rating for e in desk.history.events_of("a")] == [3, None, None, None]


def test_a_drill_names_the_other_card(place: Place) -> None:
    alike(place, "a", "b")
    with place.open() as desk:
        session = begin(desk, "contrast")
        assert [card.id for card in session.look_alikes()] == ["b"]


def test_known_look_alikes_are_only_asked_in_turn_and_a_failure_comes_once_more(place: Place) -> None:
    alike(place, "a", "b", "c")
    with place.open() as desk:
        for card in "abc":
            learned(desk.history, card, 3)
        session = begin(desk, "contrast")
        asked = [on_screen(session)]
        step(session, right=False)
        while session.phase is not Phase.DONE:
            asked.append(step(session))
        assert len(asked) == 3 * ALTERNATED + 1
        assert asked.count(asked[0]) == ALTERNATED + 1


def test_a_drill_goes_on_where_it_was_left(place: Place) -> None:
    alike(place, "a", "b", "c")
    whole = []
    with place.open() as desk:
        session = begin(desk, "contrast")
        whole = [step(session, right=n != 1) for n in range(5)]
        following = on_screen(session)
    with place.open() as desk:
        session = begin(desk, "contrast")
        assert on_screen(session) == following
        assert len(session.answered) == len(whole)
        assert session.undo()
        assert on_screen(session) == whole[-1]
        while session.phase is not Phase.DONE:
            step(session)
        assert sound(desk.history)


def test_without_look_alikes_there_is_no_drill(place: Place) -> None:
    place.write(mixed("a", contrast_with=["b"]), mixed("b", contrast_with=["a"]), mixed("c"))
    with place.open() as desk:
        assert begin(desk, "contrast", Scope(cards=("c",))).phase is Phase.DONE


# -- pretest and cramming ---------------------------------------------------------------------------------------------


def test_a_pretest_asks_five_new_cards_and_starts_known_ones_further_out(place: Place) -> None:
    place.write(*(typed(f"t{n}", topic="risks") for n in range(8)))
    with place.open() as desk:
        learned(desk.history, "t0", 3)
        session = begin(desk, "pretest", Scope(topics=("risks",)))
        asked = []
        while session.phase is not Phase.DONE:
            asked.append(on_screen(session))
            assert not give(session, right=len(asked) != 2).counts
            session.next()
        assert asked == ["t1", "t2", "t3", "t4", "t5"], "once each, and failures do not come back"
        known, unknown = desk.history.state("t1"), desk.history.state("t2")
        assert known.memory is not None
        assert known.due - desk.history.today() > 4, "further out than a first Good"
        assert unknown.new
        assert unknown.answers == 1
        assert sound(desk.history)
        assert "t2" in {c.card for c in desk.history.fresh(Scope(), desk.history.today(), 9)}


def test_cramming_asks_anything_and_leaves_the_schedule_alone(place: Place) -> None:
    place.write(typed("due"), typed("later"), typed("new"))
    with place.open() as desk:
        learned(desk.history, "due", 1)
        learned(desk.history, "later", 4)
        place.clock.forward(days=2)
        before = {card: desk.history.state(card) for card in ("due", "later", "new")}
        session = begin(desk, "cram")
        asked = []
        while session.phase is not Phase.DONE:
            asked.append(on_screen(session))
            feedback = give(session, right=len(asked) > 1)
            assert not feedback.counts
            session.rate(Rating.EASY)
            session.next()
        assert set(asked) == {"due", "later", "new"}
        assert len(asked) == 4, "what failed comes back"
        for card, state in before.items():
            after = desk.history.state(card)
            assert (after.memory, after.due) == (state.memory, state.due)


@pytest.mark.parametrize("mode", ["refresher", "contrast", "pretest", "cram"])
def test_a_session_of_one_way_is_not_taken_up_by_another(place: Place, mode: Mode) -> None:
    alike(place, "a", "b")
    with place.open() as desk:
        first = begin(desk, mode)
        step(first)
        other = study(desk)
        assert other.id != first.id
        assert begin(desk, mode).id == first.id, "and each goes on where it was left"


def test_flip_cards_are_rated_in_every_way_of_study(place: Place) -> None:
    place.write(flip("a", contrast_with=["b"], safety=True), flip("b", contrast_with=["a"], safety=True))
    modes: tuple[Mode, ...] = ("refresher", "contrast", "pretest", "cram")
    for mode in modes:
        with place.open() as desk:
            session = begin(desk, mode)
            while session.phase is not Phase.DONE:
                step(session)
            assert sound(desk.history)


def test_a_drill_takes_whole_sets_and_ends_in_sight(place: Place) -> None:
    names = [f"c{n:02d}" for n in range(20)]
    pairs = {name: names[n ^ 1] for n, name in enumerate(names)}
    place.write(*(mixed(name, contrast_with=[other]) for name, other in pairs.items()))
    with place.open() as desk:
        first = []
        session = begin(desk, "contrast")
        while session.phase is not Phase.DONE:
            first.append(step(session))
        assert len(first) == DRILLED
        assert all(pairs[card] in first for card in first)
        assert on_screen(begin(desk, "contrast")) not in first, "the next drill takes others"


def test_a_card_that_many_name_makes_one_set_with_those_that_are_left(place: Place) -> None:
    place.write(
        mixed("a", contrast_with=["b"]), mixed("b"), mixed("c", contrast_with=["b"]), mixed("d", contrast_with=["c"])
    )
    with place.open() as desk:
        assert desk.library.contrasts(Scope()) == [("a", "b"), ("c", "d")]
        assert desk.library.contrasts(Scope(cards=("b", "a", "c"))) == [("b", "a", "c")], (
            "who was picked has all of its"
        )


def test_a_drill_of_one_card_has_all_that_it_is_taken_for(place: Place) -> None:
    place.write(mixed("a", contrast_with=["b"]), mixed("b"), mixed("c", contrast_with=["b"]), mixed("d"))
    place.write(mixed("far"), name="other")
    place.write(mixed("e", contrast_with=["far"]), name="third")
    with place.open() as desk:
        for card, others in (("b", {"a", "b", "c"}), ("e", {"e", "far"})):
            session = desk.session(desk.drill(card, minutes=0, seed=1))
            asked = set()
            while session.phase is not Phase.DONE:
                asked.add(step(session))
            assert asked == others
        learned(desk.history, "d", 3)
        desk.history.record([desk.history.event("suspend", card=card, body={"on": True}) for card in ("c", "far")])
        assert desk.drill("b").scope.cards == ("b", "a", "c")
        for card, said in (
            ("d", "no card is a look-alike of 'd'"),
            ("e", "no card is a look-alike of 'e'"),
            ("c", "'c' is suspended"),
            ("fat", "there is no card 'fat' - did you mean 'far'?"),
        ):
            with pytest.raises(UsageError, match=re.escape(said)):
                desk.drill(card)
