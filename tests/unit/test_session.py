"""Sessions as stories: what a learner does, and what the program asks, says and keeps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from quiz.deck.model import fingerprint, question_id
from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.errors import UsageError
from quiz.memory import Rating, recall
from quiz.memory.pace import AVERAGE_PACE
from quiz.questions import Choice, Flip
from quiz.report.overview import Overview, overview
from quiz.store.derive import NEVER
from quiz.store.journal import read
from quiz.study.rating import Certainty
from quiz.study.session import AWAY_AFTER, Phase, Session
from quiz.study.summary import TopicScore, summary
from tests.support.clocks import DAY, HOUR, MINUTE
from tests.support.desks import (
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
    to_the_end,
    typed,
    wrong_answer,
)

AGAIN, HARD, GOOD, EASY = Rating


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def all_due(place: Place, number: int, new: int = 0) -> None:
    """Write a deck of `number` cards that are all due now, d00 first, and `new` ones that were never met."""
    place.write(*(choice(f"d{n:02d}") for n in range(number)), *(choice(f"n{n:02d}") for n in range(new)))
    with place.open() as desk:
        for n in range(number):
            learned(desk.history, f"d{n:02d}", AGAIN)
    place.clock.forward(days=9)


def kinds(cards: list[str]) -> str:
    return "".join(card[0] for card in cards)


def answers(desk: Desk, session: Session) -> list[tuple[str | None, int | None]]:
    """Return the answers of the session that count: card and rating."""
    return [(e.card, e.rating) for e in desk.history.answers_of(session.id, session.day)]


# -- the first session of a newcomer ----------------------------------------------------------------------------------


def test_a_newcomer_meets_the_first_cards_of_the_decks(place: Place) -> None:
    place.write(*(choice(f"c{n:02d}") for n in range(14)))
    with place.open() as desk:
        session = study(desk)
        assert (session.phase, session.number, session.left) == (Phase.ASK, 1, 9)
        assert not session.can_undo
        shown = session.shown
        assert shown is not None
        assert shown.state.new
        assert sorted(shown.options) == ["c00 no 1", "c00 no 2", "c00 no 3", "c00 yes"]

        wrong = wrong_answer(shown.question)
        feedback = session.answer(wrong)
        assert session.phase is Phase.FEEDBACK
        assert (feedback.mark.value, feedback.rating, feedback.given) == (0.0, AGAIN, wrong)
        assert feedback.reason == "because 1"
        assert desk.history.count() == 1, "the answer is kept before the feedback is read"

        session.next()
        place.clock.forward(seconds=7)
        right = give(session)
        assert (right.mark.right, right.rating, right.reason) == (True, GOOD, "")
        asked = ["c00", "c01"]
        session.next()
        asked += to_the_end(session)
        assert list(dict.fromkeys(asked)) == [f"c{n:02d}" for n in range(10)], "ten new cards a day"
        assert asked.count("c00") == 2
        assert 3 <= asked.index("c00", 1) - 1 <= 8
        whole = summary(session)
        assert (whole.asked, whole.right, whole.retries, whole.new) == (10, 9, 1, 10)
        assert whole.missed == ("c00",)
        assert (session.left, session.shown, session.feedback) == (0, None, None)
        assert sound(desk.history)


def test_an_answer_is_kept_with_all_that_later_questions_may_need(place: Place) -> None:
    place.write(mixed("word", topic="risks"))
    place.clock.offset = 60
    with place.open() as desk:
        session = study(desk)
        shown = session.shown
        assert shown is not None
        question = shown.question
        assert isinstance(question, Choice)
        place.clock.forward(seconds=4)
        feedback = session.answer("2", "high")
        (event,) = desk.history.events_of("word")
        assert event.id == feedback.event
        assert (event.at, event.offset, event.day) == (place.clock.at, 60, desk.history.today())
        assert (event.rating, event.chance, event.retention) == (AGAIN, 0.0, 0.9)
        assert event.body == {
            "session": session.id,
            "mode": "study",
            "question": question_id(question),
            "prompt": fingerprint(question.prompt_parts),
            "answer": fingerprint(question.answer_parts),
            "key": question.key,
            "stem": fingerprint((question.stem,)),
            "given": "2",
            "mark": 0.0,
            "ms": 4000,
            "order": list(shown.order),
            "certainty": "high",
            "unseen": True,
            "new": True,
        }


def test_fingerprints_change_with_the_words_and_not_with_the_white_space(place: Place) -> None:
    def prints(ask: str, answer: str) -> tuple[str, str]:
        place.write({"id": "a", "ask": ask, "answer": answer, "accept": []})
        with place.open() as desk:
            give(study(desk))
            event = desk.history.events_of("a")[-1]
            place.clock.forward(days=desk.history.state("a").due - desk.history.today())
        return event.body["prompt"], event.body["answer"]

    first = prints("Where is it cut?", "at the root")
    assert prints("Where  is it\n cut?", "at the root") == first
    reworded = prints("Where do they cut?", "at the root")
    assert (reworded[0] != first[0], reworded[1]) == (True, first[1])
    assert prints("Where is it cut?", "at the rootlet")[1] != first[1]


def test_an_answer_that_holds_an_escape_code_is_cleaned(place: Place) -> None:
    place.write(typed("a"))
    with place.open() as desk:
        feedback = study(desk).answer("\x1b[31ma\x07")
        assert (feedback.given, feedback.mark.right) == ("a", True)
        assert desk.history.events_of("a")[0].body["given"] == "a"


# -- what is asked, and in which order --------------------------------------------------------------------------------


def test_with_forty_due_every_fourth_card_is_new(place: Place) -> None:
    all_due(place, 40, 12)
    with place.open() as desk:
        asked = to_the_end(study(desk))
    assert kinds(asked) == "dddn" * 10 + "d" * 10


def test_due_cards_come_by_what_is_lost_most(place: Place) -> None:
    place.write(*(choice(card) for card in ("slow", "fast", "fast-and-safe")), choice("later"))
    place.write(choice("safe", safety=True), name="safety")
    with place.open() as desk:
        for card in ("slow", "fast", "safe", "later"):
            learned(desk.history, card, EASY if card == "slow" else GOOD)
        place.clock.forward(days=20)
        learned(desk.history, "later", EASY)
        assert to_the_end(study(desk, limit=3)) == ["safe", "fast", "slow"]


def test_siblings_are_never_asked_on_one_day(place: Place) -> None:
    place.write(*(flip(f"f{n}", both_ways=True) for n in range(4)), {"id": "c", "cloze": "{{a: one}} and {{b: two}}"})
    with place.open() as desk:
        first = to_the_end(study(desk))
        assert first == ["f0", "f1", "f2", "f3", "c/a"]
        assert to_the_end(study(desk)) == []
        place.clock.forward(days=1)
        second = to_the_end(study(desk))
        assert second == ["f0/back", "f1/back", "f2/back", "f3/back", "c/b"]
        place.clock.forward(days=30)
        third = to_the_end(study(desk))
        assert len({card.split("/")[0] for card in third}) == len(third) == 5


def test_siblings_do_not_use_up_the_new_cards_of_the_day(place: Place) -> None:
    place.write(*(flip(f"f{n:02d}", both_ways=True) for n in range(30)))
    with place.open() as desk:
        assert len(to_the_end(study(desk))) == 10


def test_only_cards_of_the_scope_are_asked(place: Place) -> None:
    place.write(choice("a", topic="risks"), choice("b", topic="history"), choice("c", topic="risks", safety=True))
    place.write(choice("d", topic="risks"), name="other")
    with place.open() as desk:
        deck = str(place.decks / "deck.yaml")
        assert to_the_end(study(desk, scope=Scope(topics=("risks",), decks=(deck,)))) == ["a", "c"]
        assert to_the_end(study(desk, scope=Scope(safety=True))) == []
        assert to_the_end(study(desk, scope=Scope(topics=("history", "risks")))) == ["b", "d"]


def test_an_empty_scope_is_done_at_once_and_keeps_nothing(place: Place) -> None:
    place.write(choice("a"))
    with place.open() as desk:
        session = study(desk, scope=Scope(topics=("nothing",)))
        assert (session.phase, session.left, session.shown) == (Phase.DONE, 0, None)
        assert session.undo() is False
        assert desk.history.count() == 0
        assert desk.unfinished() is None
        assert summary(session).asked == 0


def test_when_all_is_done_there_is_nothing_more_today_and_something_tomorrow(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(3)))
    with place.open() as desk:
        session = study(desk)
        step(session, right=False)
        to_the_end(session)
        assert study(desk).phase is Phase.DONE
        place.clock.forward(days=30)
        assert len(to_the_end(study(desk))) == 3


def test_the_new_cards_of_a_day_are_shared_by_its_sessions_and_come_again_with_the_next_day(place: Place) -> None:
    place.write(*(choice(f"c{n:02d}") for n in range(30)))
    with place.open() as desk:
        assert len(to_the_end(study(desk, limit=4))) == 4
        assert len(to_the_end(study(desk, limit=4))) == 4
        assert len(to_the_end(study(desk))) == 2
        assert to_the_end(study(desk)) == []
        place.clock.set_to("2026-11-23 03:59")
        assert to_the_end(study(desk)) == [], "at four in the morning it is still the same study day"
        place.clock.forward(minutes=1)
        for new in (10, 3, 1, 0):
            desk.history.change_settings({"new": new})
            session = desk.session(desk.plan(Scope(), minutes=0), resume=False)
            assert session.left + (session.phase is Phase.ASK) == new


def test_new_cards_of_another_scope_count_for_the_day_too(place: Place) -> None:
    place.write(*(choice(f"a{n}", topic="a") for n in range(6)), *(choice(f"b{n}", topic="b") for n in range(6)))
    with place.open() as desk:
        assert len(to_the_end(study(desk, scope=Scope(topics=("a",))))) == 6
        assert len(to_the_end(study(desk, scope=Scope(topics=("b",))))) == 4


# -- failed cards -----------------------------------------------------------------------------------------------------


def test_failed_cards_come_back_after_three_to_eight_others_until_right(place: Place) -> None:
    all_due(place, 30)
    failing = {"d03": 2, "d04": 1, "d10": 3}
    asked: list[str] = []
    with place.open() as desk:
        session = study(desk)
        while session.phase is not Phase.DONE:
            card = on_screen(session)
            fails = failing.get(card, 0)
            failing[card] = fails - 1
            asked.append(step(session, right=fails <= 0))
        assert summary(session).retries == 6
    for card, times in (("d03", 3), ("d04", 2), ("d10", 4)):
        places = [n for n, other in enumerate(asked) if other == card]
        assert len(places) == times
        assert all(4 <= b - a <= 9 for a, b in pairwise(places))


def test_a_card_alone_comes_back_at_once_with_what_has_just_been_learned_about_it(place: Place) -> None:
    """The next try is picked before the failure is on the disk; it must be shown as it stands after it."""
    place.write(mixed("word"))
    with place.open() as desk:
        session = study(desk)
        assert session.shown is not None
        assert session.shown.question.kind == "choice"
        give(session, right=False)
        assert session.left == 1
        session.next()
        shown = session.shown
        assert shown is not None
        assert (shown.retry, shown.state.answers, shown.state.new) == (True, 1, False)
        assert shown.question.kind == "typed", "a question that was not asked before"
        assert shown.state == desk.history.state("word")
        feedback = give(session)
        assert desk.history.state("word").due == feedback.outcomes[GOOD].due
        session.next()
        assert session.phase is Phase.DONE
        assert summary(session).new == 1
        assert sound(desk.history)


# -- certainty, ratings, intervals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certainty", "rating", "chance"),
    [(None, GOOD, 0.25), ("mid", GOOD, 0.25), ("high", GOOD, 0.0), ("low", AGAIN, 0.0)],
)
def test_how_sure_somebody_was_goes_into_the_schedule(
    place: Place, certainty: Certainty | None, rating: Rating, chance: float
) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        feedback = give(session, certainty=certainty)
        assert (feedback.rating, feedback.certainty, feedback.mark.right) == (rating, certainty, True)
        (event,) = desk.history.events_of("a")
        assert (event.rating, event.chance) == (rating, chance)
        assert event.body.get("certainty") == certainty
        session.next()
        assert on_screen(session) == "b"
        step(session)
        assert (session.phase is Phase.DONE) == (rating is not AGAIN), "a guess comes back like a failure"


@pytest.mark.parametrize("rating", list(Rating))
@pytest.mark.parametrize("kind", [choice, flip, typed])
@pytest.mark.parametrize("met", [False, True])
def test_the_days_told_beside_each_rating_are_the_days_that_come(
    place: Place, kind: Callable[..., dict[str, object]], rating: Rating, met: bool
) -> None:
    place.write(kind("a"))
    with place.open() as desk:
        if met:
            learned(desk.history, "a", GOOD)
            place.clock.forward(days=20)
        session = study(desk)
        before = session.outcomes()
        if isinstance(session.shown and session.shown.question, Flip):
            session.reveal()
            feedback = session.rate(rating)
            assert feedback.outcomes == before
        else:
            feedback = give(session)
            assert desk.history.state("a").due == feedback.outcomes[GOOD].due
            feedback = session.rate(rating)
        if rating is not GOOD:
            assert desk.history.state("a").due == feedback.outcomes[rating].due == before[rating].due
        assert feedback.rating is rating
        assert sound(desk.history)


def test_the_days_told_hold_when_the_day_ends_during_the_question(place: Place) -> None:
    place.write(typed("a"))
    with place.open() as desk:
        learned(desk.history, "a", GOOD)
        place.clock.forward(days=20)
        place.clock.at += 18 * HOUR - place.clock.at % DAY + 10 * HOUR - MINUTE  # one minute before four in the morning
        session = study(desk)
        place.clock.forward(minutes=2)
        feedback = give(session)
        assert desk.history.events_of("a")[-1].day == session.day + 1
        assert desk.history.state("a").due == feedback.outcomes[GOOD].due
        assert feedback.outcomes[GOOD].interval == feedback.outcomes[GOOD].due - session.day - 1


def test_a_rating_taken_back_is_an_undo_and_a_new_event(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        place.clock.forward(seconds=3)
        first = give(session)
        second = session.rate(EASY)
        assert (second.rating, second.mark, second.given) == (EASY, first.mark, first.given)
        events = desk.history.events_of("a")
        assert [(e.kind, e.rating) for e in events] == [("answer", GOOD), ("undo", None), ("answer", EASY)]
        assert events[1].target == first.event
        assert events[2].body == events[0].body | {"instead_of": first.event}
        assert (events[0].chance, events[2].chance) == (0.25, 0.0), "a rating set by hand leaves no room for luck"
        assert answers(desk, session) == [("a", EASY)]
        assert session.rate(EASY) is session.feedback, "the same rating again changes nothing"
        assert len(desk.history.events_of("a")) == 3
        assert sound(desk.history)


def test_from_right_to_again_the_card_comes_back_and_from_again_to_right_it_does_not(place: Place) -> None:
    place.write(choice("a"))
    with place.open() as desk:
        session = study(desk)
        give(session)
        assert session.left == 0
        session.rate(AGAIN)
        assert session.left == 1
        session.rate(HARD)
        assert session.left == 0
        session.rate(AGAIN)
        session.next()
        assert on_screen(session) == "a"
        assert session.shown is not None
        assert session.shown.retry
        give(session, right=False)
        assert session.left == 1
        session.rate(GOOD)
        session.next()
        assert session.phase is Phase.DONE
        assert sound(desk.history)


def test_the_next_question_is_picked_anew_after_a_change_of_rating(place: Place) -> None:
    """The override may bring in or take out the very card that was to come next."""
    place.write(mixed("a"))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False)
        session.rate(GOOD)
        session.rate(AGAIN)
        session.next()
        assert session.shown is not None
        assert session.shown.state == desk.history.state("a")
        assert session.shown.state.answers == 1
    place.clock.forward(days=40)
    all_due(place, 12)
    with place.open() as desk:
        session = study(desk)
        plain = [step(session) for _ in range(4)]
        session.undo()
        give(session)
        for rating in (AGAIN, GOOD, EASY, GOOD):
            session.rate(rating)
        session.next()
        assert plain + to_the_end(session) == [f"d{n:02d}" for n in range(12)]


def test_an_undo_after_a_change_of_rating_takes_the_whole_answer_back(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False)
        session.rate(GOOD)
        assert session.undo()
        assert on_screen(session) == "a"
        assert answers(desk, session) == []
        assert desk.history.state("a").answers == 0
        assert not session.can_undo
        assert to_the_end(session) == ["a", "b"]
        assert sound(desk.history)


# -- undo -------------------------------------------------------------------------------------------------------------


def test_undo_asks_the_same_question_again_in_the_same_order(place: Place) -> None:
    place.write(mixed("a"), mixed("b"))
    with place.open() as desk:
        session = study(desk)
        shown = session.shown
        give(session, right=False)
        assert session.undo()
        assert session.shown == shown
        assert (session.phase, session.number, session.left) == (Phase.ASK, 1, 1)
        assert session.undo() is False
        give(session)
        session.next()
        assert on_screen(session) == "b"
        assert session.undo()
        assert session.shown == shown
        assert to_the_end(session) == ["a", "b"]
        assert answers(desk, session) == [("a", GOOD), ("b", GOOD)]


@pytest.mark.parametrize("phase", list(Phase))
def test_undo_works_in_each_phase(place: Place, phase: Phase) -> None:
    place.write(*(flip(f"f{n}") for n in range(3)))
    with place.open() as desk:
        session = study(desk)
        step(session)
        step(session, right=False)
        if phase is Phase.REVEALED:
            session.reveal()
        elif phase is Phase.FEEDBACK:
            give(session)
        elif phase is Phase.DONE:
            to_the_end(session)
        assert session.phase is phase
        last = session.answered[-1].card
        number = len(session.answered)
        assert session.undo()
        assert (session.phase, on_screen(session)) == (Phase.ASK, last)
        assert len(answers(desk, session)) == number - 1
        assert desk.unfinished() is not None
        rest = to_the_end(session)
        assert rest[0] == last
        assert {card for card, _ in answers(desk, session)} == {"f0", "f1", "f2"}
        assert sound(desk.history)


def test_a_whole_session_can_be_taken_back_and_done_again(place: Place) -> None:
    all_due(place, 12, 4)
    with place.open() as desk:
        first = study(desk)
        asked = to_the_end(first, failing={"d02", "d05", "n00"})
        while first.undo():
            pass
        assert answers(desk, first) == []
        assert first.left == 15
        assert desk.history.introduced(first.day) == 0
        assert to_the_end(first, failing={"d02", "d05", "n00"}) == asked
        assert sound(desk.history)


def test_undo_goes_back_over_a_restart(place: Place) -> None:
    place.write(*(mixed(f"c{n}") for n in range(3)))
    with place.killed() as desk:
        session = study(desk)
        step(session)
        second = session.shown
        step(session, right=False)
    with place.open() as desk:
        session = study(desk)
        assert session.can_undo
        assert session.undo()
        assert session.shown == second
        assert session.undo()
        assert on_screen(session) == "c0"
        assert session.undo() is False
        assert answers(desk, session) == []
        assert list(dict.fromkeys(to_the_end(session))) == ["c0", "c1", "c2"]
        assert sound(desk.history)


def test_undo_of_a_card_whose_deck_has_gone_takes_it_back_and_goes_on(place: Place) -> None:
    place.write(choice("b"), choice("c"), choice("d"))
    gone = place.write(choice("a"), name="aaa", order=1)
    with place.killed() as desk:
        step(study(desk))
    gone.unlink()
    with place.open() as desk:
        session = study(desk)
        assert on_screen(session) == "b"
        assert session.undo()
        assert on_screen(session) == "b"
        assert answers(desk, session) == []
        assert to_the_end(session) == ["b", "c", "d"]


def test_an_undone_answer_does_not_keep_its_siblings_away(place: Place) -> None:
    place.write(flip("f", both_ways=True))
    with place.open() as desk:
        session = study(desk)
        give(session)
        session.undo()
        session.suspend()
        assert to_the_end(study(desk)) == ["f/back"]


# -- suspend, bury, flag ----------------------------------------------------------------------------------------------


def test_a_suspended_card_is_left_out_until_it_is_asked_for_again(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(3)))
    with place.open() as desk:
        session = study(desk)
        session.suspend()
        assert on_screen(session) == "c1"
        assert desk.history.state("c0").shown_from == NEVER
        assert to_the_end(session) == ["c1", "c2"]
        place.clock.forward(days=400)
        assert sorted(to_the_end(study(desk))) == ["c1", "c2"]
        desk.history.record([desk.history.event("suspend", card="c0", body={"on": False})])
        assert to_the_end(study(desk)) == ["c0"]


def test_a_buried_card_comes_tomorrow(place: Place) -> None:
    place.write(*(flip(f"c{n}", both_ways=True) for n in range(2)))
    with place.open() as desk:
        session = study(desk)
        session.reveal()
        session.bury()
        assert (session.phase, on_screen(session)) == (Phase.ASK, "c1")
        step(session)
        assert session.phase is Phase.DONE
        assert on_screen(study(desk)) == "c0/back"
        place.clock.forward(days=1)
        assert to_the_end(study(desk)) == ["c0", "c1/back"]


def test_a_card_buried_after_the_day_has_ended_waits_for_the_day_after(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    place.clock.set_to("2026-11-23 03:50")
    with place.open() as desk:
        session = study(desk)
        place.clock.forward(minutes=20)
        session.bury()
        assert desk.history.state("a").buried_until == desk.history.today() + 1 == session.day + 2


def test_suspending_after_the_answer_keeps_the_answer_and_calls_off_the_next_try(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False)
        assert session.left == 2
        session.suspend()
        assert (on_screen(session), session.left) == ("b", 0)
        assert answers(desk, session) == [("a", AGAIN)]
        assert to_the_end(session) == ["b"]
        assert summary(session).asked == 2


@pytest.mark.parametrize("how", ["suspend", "bury"])
def test_the_sibling_of_a_card_put_away_does_not_come_in_this_session_even_after_a_restart(
    place: Place, how: str
) -> None:
    place.write(*(flip(f"f{n}", both_ways=True) for n in range(3)))
    with place.killed() as desk:
        session = study(desk)
        getattr(session, how)()
        left = session.left
    with place.open() as desk:
        session = study(desk)
        assert session.left == left
        step(session)
        assert session.undo()
        assert to_the_end(session) == ["f1", "f2"]


def test_suspending_the_only_card_ends_the_session(place: Place) -> None:
    place.write(choice("a"))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False)
        session.suspend()
        assert session.phase is Phase.DONE
        assert desk.unfinished() is None
        assert session.undo()
        assert on_screen(session) == "a"
        state = desk.history.state("a")
        assert (state.suspended, state.answers) == (False, 0), "taking the answer back takes the suspension back"
        assert sound(desk.history)


def test_a_card_put_off_without_an_answer_does_not_use_up_the_limit(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(6)))
    with place.open() as desk:
        session = study(desk, limit=3)
        session.bury()
        session.suspend()
        assert session.left == 2
        assert to_the_end(session) == ["c2", "c3", "c4"]


def test_a_flag_is_kept_with_its_note_and_changes_nothing_else(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        shown = session.shown
        session.flag("the figure is\x1b[2J wrong")
        assert shown is not None
        assert session.shown is not None
        assert session.shown.question is shown.question
        assert session.shown.state == desk.history.state("a")
        assert desk.history.state("a").flagged
        (event,) = desk.history.events_of("a")
        assert event.body == {"on": True, "note": "the figure is wrong", "question": question_id(shown.question)}
        session.flag("")
        assert not desk.history.state("a").flagged
        assert to_the_end(session) == ["a", "b"]


# -- limits, time -----------------------------------------------------------------------------------------------------


def test_a_limit_counts_cards_and_a_failed_one_still_comes_back(place: Place) -> None:
    all_due(place, 20)
    with place.open() as desk:
        session = study(desk, limit=5)
        assert session.left == 4
        step(session, right=False)
        assert session.left == 4
        asked = to_the_end(session)
        assert sorted(asked) == ["d00", "d01", "d02", "d03", "d04"]
        assert session.left == 0


def test_the_minutes_left_count_one_that_has_begun_and_end_what_they_have_no_room_for(place: Place) -> None:
    all_due(place, 20)
    with place.open() as desk:
        session = study(desk, minutes=2)
        told = []
        for seconds in (0, 59, 2, 58, 2):
            place.clock.forward(seconds=seconds)
            told.append(session.minutes_left)
        assert told == [2, 2, 1, 1, 0]
        assert session.ends_by_time
        assert not study(desk, minutes=30).ends_by_time
        for free in (study(desk), study(desk, limit=5, minutes=1)):
            assert not free.ends_by_time
        assert study(desk).minutes_left is None


def test_when_the_time_is_up_the_session_ends_after_the_question_on_the_screen(place: Place) -> None:
    all_due(place, 20)
    with place.open() as desk:
        session = study(desk, minutes=1)
        place.clock.forward(seconds=40)
        step(session)
        assert session.phase is Phase.ASK
        place.clock.forward(seconds=21)
        assert session.phase is Phase.ASK, "a question is not taken away"
        give(session, right=False)
        assert session.left == 0
        session.next()
        assert (session.phase, session.out_of_time) == (Phase.DONE, True)
        assert summary(session).out_of_time
        assert desk.unfinished() is None
        assert len(to_the_end(study(desk))) == 18


def test_reading_the_feedback_is_time_too_and_being_away_is_not(place: Place) -> None:
    all_due(place, 5)
    with place.open() as desk:
        session = study(desk)
        place.clock.forward(seconds=10)
        assert session.elapsed_ms == 10_000
        give(session)
        place.clock.forward(seconds=20)
        assert session.elapsed_ms == 30_000
        session.next()
        assert session.elapsed_ms == 30_000
        place.clock.forward(hours=3)
        give(session)
        assert session.elapsed_ms == 30_000 + AWAY_AFTER
        assert desk.history.answers_of(session.id, session.day)[-1].body["ms"] == AWAY_AFTER
        session.undo()
        assert session.elapsed_ms == 30_000 + AWAY_AFTER, "the time was spent all the same"


def test_a_clock_set_during_a_question_does_not_count_as_time(place: Place) -> None:
    all_due(place, 5)
    with place.open() as desk:
        session = study(desk, minutes=5)
        place.clock.set_back(days=-1)
        step(session)
        place.clock.set_back(days=3)
        step(session)
        assert session.elapsed_ms == 0
        assert sound(desk.history)


# -- stop and resume --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("during", ["the question", "the feedback"])
def test_a_killed_session_goes_on_at_the_same_question(place: Place, during: str) -> None:
    all_due(place, 20, 5)
    with place.killed() as desk:
        session = study(desk, limit=8, seed=7)
        for right in (True, False, True, True):
            step(session, right)
        if during == "the feedback":
            give(session)
            upcoming = session._upcoming
        else:
            upcoming = session.shown
        left = session.left - (during == "the feedback")
        expected = [a.card for a in session.answered]
        identity = session.id
    assert upcoming is not None
    with place.open() as desk:
        assert desk.unfinished() is not None
        session = study(desk, limit=8, seed=99)
        assert session.id == identity
        assert session.plan.seed == 7
        assert session.shown == upcoming, "the same question, the same order of options"
        assert session.left == left
        assert [a.card for a in session.answered] == expected
        rest = to_the_end(session)
        assert "d01" in rest, "the failed card comes back"
        whole = summary(session)
        assert (whole.asked, whole.retries, whole.new) == (8, 1, 2)


def test_a_session_that_was_killed_ends_as_one_that_was_not(tmp_path: Path) -> None:
    """Killed before every single question, it asks the same cards in the same order and leaves the same history."""
    runs = []
    for killed in (False, True):
        (tmp_path / str(killed)).mkdir()
        place = Place(tmp_path / str(killed))
        all_due(place, 14, 6)
        failing = {"d02", "d07", "n01"}
        asked = []
        while True:
            with place.killed() as desk:
                session = study(desk, limit=15)
                while session.phase is not Phase.DONE:
                    place.clock.forward(seconds=5)
                    card = on_screen(session)
                    asked.append((session.shown and session.shown.order, step(session, card not in failing)))
                    failing.discard(card)
                    if killed:
                        break
                if session.phase is Phase.DONE:
                    states = {card: desk.history.state(card) for _, card in asked}
                    runs.append((asked, states, summary(session).missed, session.elapsed_ms))
                    break
    assert runs[0] == runs[1]


def test_another_plan_is_another_session_and_the_first_can_still_be_taken_up(place: Place) -> None:
    place.write(*(choice(f"c{n}", topic="t" if n > 2 else "s") for n in range(6)))
    with place.open() as desk:
        first = study(desk)
        step(first)
        first.stop()
        place.clock.forward(minutes=1)
        second = study(desk, scope=Scope(topics=("t",)))
        assert second.id != first.id
        assert to_the_end(second) == ["c3", "c4", "c5"]
        assert desk.unfinished() == first.plan
        again = study(desk)
        assert again.id == first.id
        assert to_the_end(again) == ["c1", "c2"]


def test_tomorrow_a_new_session_begins(place: Place) -> None:
    all_due(place, 10)
    with place.open() as desk:
        first = study(desk)
        step(first)
        first.stop()
        place.clock.forward(days=1)
        assert desk.unfinished() is None
        second = study(desk)
        assert second.id != first.id
        assert second.answered == []
        assert second.left == 8


def test_without_resume_a_session_begins_anew(place: Place) -> None:
    all_due(place, 10)
    with place.open() as desk:
        step(study(desk))
        session = desk.session(desk.plan(Scope(), minutes=0, seed=1), resume=False)
        assert session.answered == []
        assert on_screen(session) == "d01"


@pytest.mark.parametrize("during", ["the question", "the feedback"])
def test_cards_that_vanish_from_the_deck_in_between_are_passed_over(place: Place, during: str) -> None:
    place.write(*(choice(f"c{n}") for n in range(8)))
    with place.killed() as desk:
        session = study(desk, limit=6)
        step(session)
        step(session, right=False)
        if during == "the feedback":
            give(session)
    left = [n for n in range(8) if n not in (1, 2, 3, 5)]  # the failed one, the next ones and a later one go
    place.write(*(choice(f"c{n}") for n in left))
    with place.open() as desk:
        session = study(desk, limit=6)
        assert session.left == len(to_the_end(study(desk, limit=6))) - 1
        assert {card for card, _ in answers(desk, session)} >= {"c0", "c4", "c6", "c7"}
    place.write(*(choice(f"c{n}") for n in range(8)))
    with place.open() as desk:
        assert desk.history.state("c1").answers == 1, "its history stays and returns with the card"


def test_a_question_that_vanishes_is_replaced_by_another_of_the_card(place: Place) -> None:
    place.write(mixed("a"))
    with place.killed() as desk:
        session = study(desk)
        assert session.shown is not None
        assert session.shown.question.kind == "choice"
    place.write({"id": "a", "questions": mixed("a")["questions"][1:3]})
    with place.open() as desk:
        session = study(desk)
        assert session.shown is not None
        assert session.shown.question.kind == "cloze"
        assert to_the_end(session) == ["a"]


def test_the_same_seed_and_answers_give_the_same_session(tmp_path: Path) -> None:
    def run(name: str, seed: int) -> list[tuple[object, ...]]:
        (tmp_path / name).mkdir()
        place = Place(tmp_path / name)
        all_due(place, 20, 5)
        seen: list[tuple[object, ...]] = []
        with place.open() as desk:
            session = study(desk, seed=seed)
            while session.phase is not Phase.DONE:
                shown = session.shown
                assert shown is not None
                seen.append((shown.card.id, shown.order, shown.retry))
                step(session, right=len(seen) % 4 != 2)
        return seen

    first, second, other = run("one", 5), run("two", 5), run("three", 6)
    assert first == second
    assert [card for card, *_ in first if card] != [card for card, *_ in other] or first != other
    assert {order for _, order, _ in first} != {(0, 1, 2, 3)}, "the options are shuffled"


def test_a_pending_answer_is_not_asked_again_by_a_new_session(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(3)))
    with place.open() as desk:
        desk.history.hold([desk.history.event("answer", card="c0", rating=GOOD, body={"question": "q", "mark": 1.0})])
        session = desk.session(desk.plan(Scope(), minutes=0, seed=1), resume=False)
        assert on_screen(session) == "c1"


# -- question rotation over days --------------------------------------------------------------------------------------


def test_over_the_days_each_question_is_asked_once_before_any_comes_again_and_the_proof_last(place: Place) -> None:
    place.write(mixed("a"))
    asked: list[str] = []
    stability: list[float] = []
    with place.open() as desk:
        for _ in range(7):
            session = study(desk)
            assert session.shown is not None
            asked.append(session.shown.question.kind + ("*" if session.shown.question.proof else ""))
            memory = session.shown.state.memory
            stability.append(memory.stability if memory else 0.0)
            give(session, certainty="high")
            session.next()
            assert session.phase is Phase.DONE
            place.clock.forward(days=desk.history.state("a").due - desk.history.today())
    assert asked[:4] == ["choice", "typed", "cloze", "flip"]
    assert asked[4] == ("typed*" if stability[4] >= 21 else "choice")
    assert asked.count("typed*") == 1


# -- the summary ------------------------------------------------------------------------------------------------------


def test_the_summary_counts_first_tries_by_topic_worst_first(place: Place) -> None:
    cards = [choice("r1", topic="risks"), choice("r2", topic="risks"), choice("h1", topic="history"), choice("x")]
    place.write(*cards)
    with place.open() as desk:
        session = study(desk)
        for right in (False, True, True, False):
            place.clock.forward(seconds=5)
            step(session, right)
        to_the_end(session)
        whole = summary(session)
    assert (whole.asked, whole.right, whole.retries, whole.new) == (4, 2, 2, 4)
    assert whole.topics == (TopicScore("other", 1, 0), TopicScore("risks", 2, 1), TopicScore("history", 1, 1))
    assert whole.missed == ("r1", "x")
    assert whole.ms == 20_000
    assert not whole.out_of_time


# -- the overview -----------------------------------------------------------------------------------------------------


def home(desk: Desk, new: int = 10) -> Overview:
    """Return the numbers of the home screen with so many new cards a day."""
    with closing(desk.history.reader()) as db:
        return overview(db, Scope(), desk.history.today(), new)


def test_the_home_screen_counts_what_a_session_will_ask(place: Place) -> None:
    place.write(*(flip(f"f{n}", both_ways=True, topic="flips") for n in range(3)))
    place.write(*(choice(f"c{n}", topic="choices") for n in range(4)), name="other")
    with place.open() as desk:
        desk.history.change_settings({"new": 5})

        def counts() -> tuple[int, int]:
            found = home(desk, desk.history.settings.new)
            assert sum(deck.due for deck in found.decks) == sum(topic.due for topic in found.topics) == found.due
            return found.due, found.new

        assert counts() == (0, 5)
        desk.history.record([desk.history.event("suspend", card="c0", body={"on": True})])
        for _ in range(12):
            due, new = counts()
            session = desk.session(desk.plan(Scope(), minutes=0), resume=False)
            assert (session.left + 1 if session.phase is Phase.ASK else 0) == due + new
            to_the_end(session)
            assert counts() == (0, 0), "after all is done nothing is left for today"
            place.clock.forward(days=1)


def test_the_minutes_expected_follow_the_pace_of_the_learner(place: Place) -> None:
    place.write(*(choice(f"c{n:02d}") for n in range(40)))
    with place.open() as desk:
        before = home(desk)
        assert before.minutes == pytest.approx(10 * AVERAGE_PACE.new / 60)
        for n in range(30):
            learned(desk.history, f"c{n:02d}", AGAIN, ms=24_000)
        place.clock.forward(days=9)
        desk.history.change_settings({"minutes": 1})
        after = home(desk, new=0)
        assert (after.due, after.new, len(after.behind)) == (30, 0, 30)
        one = sum(AVERAGE_PACE.seconds(recall(card.memory, after.day)) for card in after.behind) / 30
        assert AVERAGE_PACE.recalled < one < AVERAGE_PACE.failed
        assert after.minutes == pytest.approx(30 * one * 2 / 60)


def test_an_answer_taken_back_or_rated_anew_counts_once_or_not_at_all(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:

        def answered() -> int:
            return home(desk).answered_today

        session = study(desk)
        give(session)
        assert answered() == 1
        session.rate(EASY)
        assert answered() == 1
        session.undo()
        assert answered() == 0


# -- the desk ---------------------------------------------------------------------------------------------------------


def test_a_plan_takes_its_minutes_from_the_settings_unless_a_limit_is_given(place: Place) -> None:
    place.write(choice("a"))
    with place.open() as desk:
        desk.history.change_settings({"minutes": 25})
        assert (desk.plan(Scope()).minutes, desk.plan(Scope()).limit) == (25, 0)
        assert (desk.plan(Scope(), limit=5).minutes, desk.plan(Scope(), limit=5).limit) == (0, 5)
        assert desk.plan(Scope(), limit=5, minutes=3).minutes == 3
        assert desk.plan(Scope(), seed=0).seed == 0


def test_a_scope_is_made_of_names_or_refused_with_the_nearest(place: Place) -> None:
    from quiz.desk import scope_of

    path = place.write(choice("a", topic="risks", procedure="sdr", audience=["nurse"]))
    with place.open() as desk:
        assert scope_of(desk.library, ["deck"], topics=("risks",)) == Scope(decks=(str(path),), topics=("risks",))
        cases: list[tuple[list[str], dict[str, tuple[str, ...] | bool], str]] = [
            (["dekc"], {}, "there is no deck 'dekc' - did you mean 'deck'?"),
            ([], {"topics": ("risk",)}, "no card has the topic 'risk' - did you mean 'risks'?"),
            ([], {"procedures": ("xyz",)}, "no card has the procedure 'xyz' - there are: sdr"),
            ([], {"audiences": ("nurses",)}, "no card has the audience 'nurses' - did you mean 'nurse'?"),
        ]
        for names, fields, words in cases:
            with pytest.raises(UsageError) as refused:
                scope_of(desk.library, names, **fields)
            assert str(refused.value) == words


def test_feedback_can_be_read_only_after_the_answer_is_kept(place: Place) -> None:
    place.write(choice("a"), choice("b"))
    with place.open() as desk:
        session = study(desk)
        feedback = give(session)
        assert session.feedback is feedback
        journal = next(desk.history.path.parent.glob("*.journal"))
        (((kept,), saved),), _ = read(journal.read_bytes())
        assert kept[0] == feedback.event
        assert saved is not None
        assert '"card":"b"' in saved[4], "and with it, in one line, where the session stands"
        desk.history.flush()
        with place.database() as beside:
            assert beside.execute("select id from event").fetchall() == [(feedback.event,)]
            ((body,),) = beside.execute("select body from session where open").fetchall()
        assert '"card":"b"' in body, "and with it, in one transaction, where the session stands"


def test_a_question_with_many_options_is_shuffled_fairly(place: Place) -> None:
    place.write(*({"id": f"c{n:03d}", "questions": [choices_of(f"c{n:03d}")]} for n in range(200)))
    with place.open() as desk:
        desk.history.change_settings({"new": 500})
        session = study(desk)
        first = []
        while session.phase is not Phase.DONE:
            assert session.shown is not None
            first.append(session.shown.order.index(0))
            step(session)
    counts = [first.count(place_) for place_ in range(4)]
    assert sum(counts) == 200
    assert min(counts) >= 30, counts
