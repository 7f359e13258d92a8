"""Exams as stories: what a learner does, what counts at the end, and what the schedule and the history are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.deck.scope import Scope
from quiz.store.events import body_fits
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import KEPT_EVERY, Exam, Stage, begin, held, left_off, plan_of, take_up, unfinished
from quiz.study.kept import LONGEST_ANSWER
from quiz.study.paper import draw
from quiz.study.result import Result
from quiz.study.session import AWAY_AFTER, Phase
from quiz.study.summary import summary
from tests.support.clocks import MINUTE
from tests.support.desks import Place, choice, choices_of, flip, learned, mixed, on_screen, sound, step, study, typed
from tests.support.exams import (
    answer_all,
    every_kind,
    exam_plan,
    in_force,
    reply,
    results,
    resumed,
    right_given,
    sit,
    wrong_given,
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    found.write(*(choice(f"c{n}", topic="xy"[n % 2], why=f"Reason {n}.") for n in range(5)))
    return found


def came(exam: Exam) -> Result:
    assert exam.result is not None
    return exam.result


def cards(exam: Exam) -> list[str]:
    return [exam.at(number).card.id for number in range(1, exam.size + 1)]


# -- sitting it -------------------------------------------------------------------------------------------------------


def test_a_whole_exam(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        assert (exam.size, exam.number, exam.stage, exam.missing()) == (5, 1, Stage.OPEN, (1, 2, 3, 4, 5))
        for number in range(1, 6):
            exam.go(number)
            place.clock.forward(seconds=10 * number)
            assert reply(exam, right=number not in (2, 4))
        assert exam.missing() == ()
        assert exam.hand_in()
        result = came(exam)
        assert (exam.stage, result.score.right, result.score.percent, result.passed) == (Stage.DONE, 3, 60.0, True)
        assert [q.ms for q in result.questions] == [10_000, 20_000, 30_000, 40_000, 50_000]
        assert result.ms == exam.elapsed_ms == 150_000
        assert list(result.missed) == [cards(exam)[1], cards(exam)[3]]
        assert sound(desk.history)


def test_an_answer_is_on_the_disk_before_the_learner_goes_on(place: Place) -> None:
    with place.killed() as desk:
        exam = sit(desk)
        reply(exam)
        with place.database() as db:
            (body,) = db.execute("select body from event where kind = 'answer'").fetchone()
    assert f'"exam":"{exam.id}"' in body
    assert '"mode":"exam"' in body


def test_an_answer_can_be_changed_until_the_end_and_the_first_stays_in_the_log(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        reply(exam, right=False)
        exam.go(2)
        exam.go(1)
        first = exam.reply()
        assert first is not None
        reply(exam, right=True, certainty="high")
        (counts,) = in_force(desk, exam)
        assert counts.body["given"] == right_given(exam.shown.question)
        assert (counts.body["instead_of"], counts.body["certainty"]) == (first.event, "high")
        assert [e.kind for e in desk.history.events()] == ["answer", "undo", "answer"]
        assert exam.missing() == (2, 3, 4, 5)
        answer_all(exam, but=(1,))
        assert exam.hand_in()
        assert came(exam).score.right == 5


def test_an_answer_longer_than_any_deck_holds_is_cut_and_other_devices_take_it(place: Place) -> None:
    place.write(typed("k"))
    with place.open() as desk:
        exam = sit(desk)
        assert exam.answer("x" * 150_000)
        study(desk).answer("y" * 150_000)
        given = [event.body["given"] for event in desk.history.events()]
        assert given == ["x" * LONGEST_ANSWER, "y" * LONGEST_ANSWER]
        assert all(body_fits(event.kind, event.body) for event in desk.history.events())


def test_the_same_answer_again_changes_nothing(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        for _ in range(3):
            reply(exam, right=False, certainty="low")
        assert len(list(desk.history.events())) == 1
        reply(exam, right=False, certainty="mid")
        assert [e.body["certainty"] for e in in_force(desk, exam)] == ["mid"]


def test_i_do_not_know_is_an_answer(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        exam.answer("", "high")
        found = exam.reply()
        assert found is not None
        assert (found.given, found.certainty, exam.missing()) == ("", None, (2, 3, 4, 5))


def test_the_navigator_tells_answered_flagged_and_where_one_is(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        reply(exam)
        exam.go(3)
        assert exam.flag()
        exam.flag(5)
        assert not exam.flag(5)
        told = [(c.number, c.answered, c.flagged, c.current) for c in exam.cells]
        assert told[0] == (1, True, False, False)
        assert told[2] == (3, False, True, True)
        assert exam.flagged() == (3,)


def test_an_exam_with_empty_questions_is_handed_in_only_when_that_is_confirmed(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        answer_all(exam, but=(3,))
        assert not exam.hand_in()
        assert (exam.stage, exam.missing(), results(desk)) == (Stage.OPEN, (3,), [])
        assert exam.hand_in(confirmed=True)
        assert came(exam).questions[2].given is None
        assert came(exam).score.percent == 80.0


def test_handing_in_twice_is_handing_in_once(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        answer_all(exam, wrong=(1, 2))
        exam.hand_in()
        events = list(desk.history.events())
        result = exam.result
        assert exam.hand_in()
        exam.pause()
        assert not exam.go(2)
        assert not reply(exam), "a key that was pressed as the exam ended"
        assert not exam.flag()
        assert list(desk.history.events()) == events
        assert exam.result is result
        assert len(results(desk)) == 1


# -- the clock --------------------------------------------------------------------------------------------------------


def test_when_the_time_is_up_the_exam_is_handed_in_as_it_stands(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(minutes=2))
        place.clock.forward(seconds=30)
        reply(exam)
        exam.go(2)
        assert exam.left_ms == 90_000
        place.clock.forward(seconds=89)
        assert exam.tick()
        place.clock.forward(seconds=5)
        assert not reply(exam), "this one came too late"
        assert (exam.stage, exam.out_of_time, came(exam).out_of_time) == (Stage.DONE, True, True)
        assert (came(exam).ms, came(exam).score.asked, came(exam).score.right) == (2 * MINUTE, 5, 1)
        assert len(in_force(desk, exam)) == 1


@pytest.mark.parametrize("way", ["tick", "go", "hand_in", "pause"])
def test_whatever_comes_after_the_time_hands_in(place: Place, way: str) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(minutes=1))
        place.clock.forward(minutes=2)
        {"tick": exam.tick, "go": lambda: exam.go(2), "hand_in": exam.hand_in, "pause": exam.pause}[way]()
        assert (exam.stage, exam.out_of_time, exam.left_ms) == (Stage.DONE, True, 0)
        assert len(results(desk)) == 1


def test_the_clock_stands_while_the_exam_is_paused(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(minutes=10))
        place.clock.forward(minutes=3)
        exam.pause()
        place.clock.forward(hours=30)
        assert (exam.elapsed_ms, exam.left_ms) == (3 * MINUTE, 7 * MINUTE)
        exam.go_on()
        place.clock.forward(minutes=1)
        assert exam.elapsed_ms == 4 * MINUTE
        assert exam.tick()


def test_without_a_limit_time_away_from_the_keyboard_is_not_counted(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        for _ in range(60):
            place.clock.forward(minutes=1)
            assert exam.tick()
        assert exam.elapsed_ms == AWAY_AFTER
        reply(exam)
        assert exam.elapsed_ms == AWAY_AFTER
        place.clock.forward(seconds=5)
        assert exam.elapsed_ms == AWAY_AFTER + 5000


def test_a_kill_loses_little_of_the_clock(place: Place) -> None:
    with place.killed() as desk:
        exam = sit(desk, exam_plan(minutes=10))
        for _ in range(95):
            place.clock.forward(seconds=1)
            exam.tick()
    with place.open() as desk:
        assert 95_000 - KEPT_EVERY < resumed(desk).elapsed_ms <= 95_000


# -- leaving and going on ---------------------------------------------------------------------------------------------


def test_an_exam_goes_on_after_a_kill_where_it_stood_even_weeks_later(place: Place) -> None:
    with place.killed() as desk:
        exam = sit(desk, exam_plan(minutes=30, tutor=False))
        place.clock.forward(seconds=20)
        reply(exam, right=False, certainty="mid")
        exam.go(4)
        exam.flag()
        place.clock.forward(seconds=7)
        exam.go(3)
    place.clock.forward(days=20, hours=5)
    with place.open() as desk:
        again = resumed(desk)
        assert (again.id, again.plan, again.number, again.flagged()) == (exam.id, exam.plan, 3, (4,))
        assert (cards(again), again.elapsed_ms, again.missing()) == (cards(exam), 27_000, (2, 3, 4, 5))
        assert [again.at(n).order for n in range(1, 6)] == [exam.at(n).order for n in range(1, 6)]
        assert again.reply(1) == exam.reply(1)
        answer_all(again, but=(1,))
        again.hand_in()
        assert came(again).started == exam.started
        assert (came(again).score.right, came(again).questions[3].flagged) == (4, True)
        assert unfinished(desk.history) is None


def test_what_is_left_unfinished_is_told_with_its_set_up(place: Place) -> None:
    with place.open() as desk:
        assert unfinished(desk.history) is None
        exam = sit(desk, exam_plan(minutes=3))
        exam.pause()
        saved = unfinished(desk.history)
        assert saved is not None
        assert plan_of(saved) == exam.plan
        place.clock.forward(minutes=1)
        newer = sit(desk, exam_plan(limit=2))
        assert resumed(desk).id == newer.id
        newer.hand_in(confirmed=True)
        assert resumed(desk).id == exam.id


def test_a_session_and_an_exam_that_were_left_do_not_take_each_other_up(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        session = desk.session(desk.plan(Scope(), seed=1))
        step(session)
        session.stop()
        assert resumed(desk).id == exam.id
        assert desk.session(desk.plan(Scope(), seed=1)).id == session.id


def test_a_traveller_whose_day_steps_back_keeps_the_answers(place: Place) -> None:
    place.clock.offset = 14 * 60
    with place.open() as desk:
        exam = sit(desk)
        place.clock.offset = -11 * 60
        reply(exam)
        assert in_force(desk, exam)[0].day < exam.day
        assert resumed(desk).missing() == (2, 3, 4, 5)


def test_a_question_that_the_deck_no_longer_holds_as_drawn_is_left_out(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        answer_all(exam, but=(5,))
        exam.go(5)
        exam.pause()
        gone, changed = cards(exam)[0], cards(exam)[1]
    kept = [choice(c, topic="xy"[int(c[1]) % 2], why=f"Reason {c[1]}.") for c in sorted(cards(exam)) if c != gone]
    for entry in kept:
        if entry["id"] == changed:
            entry["questions"][0]["choices"][1]["wrong"] = "another wrong one"
    place.write(*kept)
    with place.open() as desk:
        again = resumed(desk)
        assert (again.withdrawn, again.size, cards(again)) == (2, 3, cards(exam)[2:])
        assert (again.number, again.missing()) == (3, (3,))
        reply(again)
        again.hand_in()
        assert (came(again).score.asked, came(again).score.percent) == (3, 100.0)


@pytest.mark.parametrize(("stood", "stands"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_the_place_is_kept_when_questions_go(place: Place, stood: int, stands: int) -> None:
    """The second and the fifth question go; who stood at one of them stands at the next, or else at the last."""
    with place.open() as desk:
        exam = sit(desk)
        exam.go(stood)
        kept = [cards(exam)[n] for n in (0, 2, 3)]
    place.write(*(choice(card, topic="xy"[int(card[1]) % 2], why=f"Reason {card[1]}.") for card in kept))
    with place.open() as desk:
        assert (cards(resumed(desk)), resumed(desk).number) == (kept, stands)


def test_an_exam_waits_for_its_deck(place: Place) -> None:
    deck = (place.decks / "deck.yaml").read_text("utf-8")
    with place.open() as desk:
        exam = sit(desk)
        reply(exam)
        exam.flag()
        exam.go(3)
    place.write(choice("other"))
    with place.open() as desk:
        saved = unfinished(desk.history)
        assert saved is not None
        assert not held(desk.library, saved)
        assert left_off(desk.history, desk.library) is None
    (place.decks / "deck.yaml").write_text(deck, "utf-8")
    with place.open() as desk:
        again = resumed(desk)
        assert (again.size, again.missing(), again.flagged(), again.number) == (5, (2, 3, 4, 5), (1,), 3)


def test_questions_that_were_left_out_come_back_with_their_deck(place: Place) -> None:
    deck = (place.decks / "deck.yaml").read_text("utf-8")
    with place.open() as desk:
        exam = sit(desk)
        answer_all(exam, wrong=(1,), but=(5,))
    place.write(*(choice(card, topic="xy"[int(card[1]) % 2], why=f"Reason {card[1]}.") for card in cards(exam)[1:]))
    with place.open() as desk:
        again = resumed(desk)
        assert (again.withdrawn, again.size) == (1, 4)
        again.flag(4)
    (place.decks / "deck.yaml").write_text(deck, "utf-8")
    with place.open() as desk:
        whole = resumed(desk)
        assert (whole.withdrawn, sorted(cards(whole)), whole.missing()) == (0, sorted(cards(exam)), (4,))
        assert whole.reply(5) == exam.reply(1)


def test_who_goes_on_after_a_pause_starts_the_clock(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        exam.pause()
        place.clock.forward(minutes=1)
        exam.go(2)
        place.clock.forward(seconds=3)
        assert (exam.paused, exam.elapsed_ms) == (False, 3000)


@pytest.mark.parametrize(("plan", "taken"), [(None, True), (exam_plan(seed=9), True), (exam_plan(limit=3), False)])
def test_only_the_exam_that_is_asked_for_goes_on(place: Place, plan: ExamPlan | None, taken: bool) -> None:
    with place.open() as desk:
        assert left_off(desk.history, desk.library, plan) is None
        sit(desk)
        assert (left_off(desk.history, desk.library, plan) is not None) is taken


def test_an_exam_whose_result_is_known_is_not_taken_up_again(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        saved = unfinished(desk.history)
        assert saved is not None
        answer_all(exam)
        exam.hand_in()
        assert take_up(desk.history, desk.library, saved) is None
        assert len(results(desk)) == 1


def test_two_programs_that_hand_in_the_same_exam_make_one_result(place: Place) -> None:
    with place.open() as desk, place.open() as other:
        one = sit(desk)
        answer_all(one, wrong=(1,))
        two = resumed(other)
        one.hand_in()
        two.hand_in()
        assert two.result == one.result
        assert len(results(desk)) == 1
        assert sound(desk.history)


def test_what_the_disk_does_not_take_is_kept_and_handed_in_later(place: Place) -> None:
    place.write(*(choice(f"d{n:02d}") for n in range(60)))
    with place.open() as desk:
        exam = sit(desk, exam_plan(limit=60))
        answer_all(exam, wrong=tuple(range(1, 40)))
        (pages,) = next(iter(desk.history.query("pragma page_count")))
        desk.history.query(f"pragma max_page_count = {pages}")
        exam.hand_in()
        assert exam.stage is Stage.DONE
        assert desk.history.trouble is not None
        desk.history.query("pragma max_page_count = 100000")
        assert desk.history.flush()
        assert len(results(desk)) == 1
        assert unfinished(desk.history) is None
        assert sound(desk.history)


# -- the schedule -----------------------------------------------------------------------------------------------------


def test_a_wrong_answer_makes_its_card_due_and_a_right_one_leaves_it_alone(place: Place) -> None:
    with place.open() as desk:
        for card in ("c0", "c1", "c2"):
            learned(desk.history, card, 3, 3)
        place.clock.forward(days=1)
        before = {card: desk.history.state(card) for card in ("c0", "c1", "c2", "c3", "c4")}
        exam = sit(desk)
        wrong = tuple(n for n, card in enumerate(cards(exam), 1) if card in ("c0", "c3"))
        empty = tuple(n for n, card in enumerate(cards(exam), 1) if card == "c4")
        answer_all(exam, wrong, empty)
        during = {card: desk.history.state(card) for card in before}
        assert all(during[c].memory == before[c].memory and during[c].due == before[c].due for c in before)
        exam.hand_in(confirmed=True)
        after = {card: desk.history.state(card) for card in before}
        for card in ("c1", "c2", "c4"):
            assert (after[card].memory, after[card].due) == (before[card].memory, before[card].due)
        tomorrow = desk.history.today() + 1
        assert after["c0"].due == after["c3"].due == tomorrow
        assert (after["c0"].lapses, after["c3"].lapses) == (1, 0)
        assert sound(desk.history)


def test_the_wrong_answer_is_replaced_by_the_same_one_rated_again(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        answer_all(exam, wrong=(2,), but=(1, 3, 4, 5))
        (given,) = in_force(desk, exam)
        place.clock.forward(hours=1)
        exam.hand_in(confirmed=True)
        (rated,) = in_force(desk, exam)
        assert (given.rating, rated.rating) == (None, 1)
        assert rated.body == given.body | {"instead_of": given.id}
        assert rated.retention == desk.history.settings.retention


def test_a_part_mark_that_counts_as_recalled_leaves_the_schedule_alone(place: Place) -> None:
    place.write(*every_kind())
    with place.open() as desk:
        exam = sit(desk, exam_plan(limit=1, kinds=("match",)))
        exam.answer("0,1,-")
        exam.hand_in()
        assert came(exam).score.percent == pytest.approx(100 * 2 / 3)
        assert came(exam).missed == ()
        assert desk.history.state("match").new


def test_sure_and_wrong_is_kept_with_the_answer(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        reply(exam, right=False, certainty="high")
        exam.hand_in(confirmed=True)
        (rated,) = in_force(desk, exam)
        assert (rated.rating, rated.body["certainty"]) == (1, "high")


def test_what_was_missed_can_be_studied_at_once(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        answer_all(exam, wrong=(1, 4), but=(5,))
        exam.hand_in(confirmed=True)
        expected = {cards(exam)[n] for n in (0, 3, 4)}
        session = desk.session(came(exam).study_missed(seed=3), resume=False)
        asked = set()
        while session.phase is not Phase.DONE:
            asked.add(on_screen(session))
            step(session)
        assert asked == expected
        assert summary(session).asked == 3


# -- tutor ------------------------------------------------------------------------------------------------------------


def test_a_tutor_tells_at_once_and_the_answer_stands(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(tutor=True))
        reply(exam, right=False)
        assert exam.locked()
        looked = exam.reviewed()
        assert not looked.mark.right
        assert [r.taken for r in looked.reasons].count(True) == 1
        assert next(r for r in looked.reasons if r.taken).why.startswith("because")
        (event,) = in_force(desk, exam)
        assert (event.rating, "instead_of" in event.body) == (1, False)
        assert desk.history.state(exam.shown.card.id).due == desk.history.today() + 1
        with pytest.raises(AssertionError):
            exam.answer("0")
        exam.go(2)
        assert not exam.locked()
        reply(exam)
        assert in_force(desk, exam)[-1].rating is None
        answer_all(exam, but=(1, 2))
        exam.hand_in()
        assert came(exam).score.right == 4
        assert len([e for e in desk.history.events() if e.kind == "undo"]) == 0


def test_reading_the_feedback_is_not_time_for_the_question(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(tutor=True))
        place.clock.forward(seconds=10)
        reply(exam)
        place.clock.forward(seconds=50)
        exam.go(2)
        assert exam.reviewed(1).ms == 10_000
        assert exam.elapsed_ms == 60_000


# -- answers that only the learner can mark ---------------------------------------------------------------------------


@pytest.fixture
def flips(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    found.write(flip("f0"), flip("f1"), flip("f2"), typed("t0"))
    return found


def test_self_marked_answers_are_marked_at_the_end(flips: Place) -> None:
    with flips.open() as desk:
        exam = sit(desk, exam_plan(limit=4))
        for number in range(1, 5):
            exam.go(number)
            exam.answer("t0" if exam.shown.question.kind == "typed" else f"what I think of {number}")
        assert exam.hand_in()
        assert (exam.stage, exam.result, len(exam.to_mark())) == (Stage.MARKING, None, 3)
        assert results(desk) == []
        one, two, three = exam.to_mark()
        exam.mark_own(one, True)
        exam.mark_own(two, False)
        assert exam.stage is Stage.MARKING
        exam.mark_own(three, True)
        assert (exam.stage, came(exam).score.right, came(exam).score.percent) == (Stage.DONE, 3, 75.0)
        assert came(exam).questions[one - 1].given == f"what I think of {one}"
        assert desk.history.state(exam.at(two).card.id).due == desk.history.today() + 1
        assert desk.history.state(exam.at(one).card.id).new
        assert {e.body["given"] for e in in_force(desk, exam) if "wrote" in e.body} == {"0", "1"}
        assert sound(desk.history)


def test_marking_goes_on_after_a_kill(flips: Place) -> None:
    with flips.killed() as desk:
        exam = sit(desk, exam_plan(limit=4))
        for number in range(1, 5):
            exam.go(number)
            exam.answer("words" if number < 4 else "")
        exam.hand_in()
        waiting = exam.to_mark()
        exam.mark_own(waiting[0], False)
    with flips.open() as desk:
        again = resumed(desk)
        assert (again.stage, again.to_mark()) == (Stage.MARKING, waiting[1:])
        found = again.reply(waiting[1])
        assert found is not None
        assert found.wrote == "words"
        for number in waiting[1:]:
            again.mark_own(number, True)
        assert came(again).score.right == len(waiting) - 1
        assert unfinished(desk.history) is None


def test_a_self_marked_question_left_to_i_do_not_know_needs_no_mark(flips: Place) -> None:
    with flips.open() as desk:
        exam = sit(desk, exam_plan(limit=4))
        for number in range(1, 5):
            exam.go(number)
            exam.answer("")
        exam.hand_in()
        assert (exam.stage, came(exam).score.right) == (Stage.DONE, 0)
        assert len(came(exam).missed) == 4


def test_a_tutor_takes_the_own_mark_at_once(flips: Place) -> None:
    with flips.open() as desk:
        exam = sit(desk, exam_plan(limit=1, kinds=("flip",), tutor=True))
        exam.answer("roughly")
        assert (exam.locked(), exam.to_mark()) == (False, (1,))
        exam.mark_own(1, False)
        assert (exam.locked(), exam.to_mark(), exam.stage) == (True, (), Stage.OPEN)
        assert desk.history.state(exam.shown.card.id).due == desk.history.today() + 1
        exam.hand_in()
        assert came(exam).score.right == 0


def test_marking_whose_last_question_has_gone_ends_with_a_result(flips: Place) -> None:
    with flips.open() as desk:
        exam = sit(desk, exam_plan(limit=4))
        for number in range(1, 5):
            exam.go(number)
            exam.answer("t0" if exam.shown.question.kind == "typed" else "")
        flip_at = next(n for n in range(1, 5) if exam.at(n).question.kind == "flip")
        exam.go(flip_at)
        exam.answer("words")
        exam.hand_in()
        gone = exam.at(flip_at).card.id
    flips.write(*(flip(f) for f in ("f0", "f1", "f2") if f != gone), typed("t0"))
    with flips.open() as desk:
        again = resumed(desk)
        assert (again.stage, came(again).score.asked) == (Stage.DONE, 3)
        assert unfinished(desk.history) is None


# -- every kind -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("right", [True, False])
def test_every_kind_of_question_works_without_a_case_of_its_own(tmp_path: Path, right: bool) -> None:
    place = Place(tmp_path)
    place.write(*every_kind())
    with place.open() as desk:
        exam = sit(desk, exam_plan(limit=8))
        assert {exam.at(n).question.kind for n in range(1, 9)} == {entry["id"] for entry in every_kind()}
        for number in range(1, 9):
            exam.go(number)
            given = right_given(exam.shown.question) if right else wrong_given(exam.shown.question)
            assert exam.shown.question.problem(given) == ""
            exam.answer(given)
        again = resumed(desk)
        again.hand_in()
        again.mark_own(again.to_mark()[0], right)
        assert came(again).score.percent == (100.0 if right else 0.0)
        for looked in again.review():
            assert looked.mark.right is right
            assert any(reason.right and reason.taken for reason in looked.reasons) is (right and bool(looked.reasons))


def test_the_review_has_every_reason(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk)
        reply(exam, right=False, certainty="mid")
        exam.flag()
        exam.hand_in(confirmed=True)
        looked = exam.review()[0]
        assert (looked.number, looked.flagged, looked.reply and looked.reply.certainty) == (1, True, "mid")
        assert [r.number for r in looked.reasons] == [1, 2, 3, 4]
        assert [r.text for r in looked.reasons] == looked.shown.options
        assert sum(r.right for r in looked.reasons) == 1
        assert sorted(r.why for r in looked.reasons) == ["", "because 1", "because 2", "because 3"]
        assert exam.review()[1].reply is None
        assert exam.review()[1].mark.words == "No answer was given."


@pytest.mark.parametrize(("setting", "asks"), [("off", False), ("on", True), ("exam", True)])
def test_certainty_is_asked_for_where_it_is_switched_on(place: Place, setting: str, asks: bool) -> None:
    with place.open() as desk:
        desk.history.change_settings({"certainty": setting})
        assert sit(desk).asks_certainty is asks


def test_the_result_in_the_history_is_the_result(place: Place) -> None:
    with place.open() as desk:
        exam = sit(desk, exam_plan(minutes=9, pass_mark=75))
        place.clock.forward(seconds=3)
        reply(exam, certainty="high")
        exam.go(2)
        reply(exam, right=False, certainty="low")
        place.clock.forward(hours=0.1)
        exam.hand_in(confirmed=True)
        (event,) = results(desk)
        assert Result.from_json(event.body) == exam.result
        body = event.body
        assert (body["exam"], body["asked"], body["right"], body["percent"], body["pass"]) == (exam.id, 5, 1, 20.0, 75)
        assert (body["passed"], body["ms"], body["started"]) == (False, 363_000, "2026-11-22T10:00:00.000Z")
        assert body["certainty"] == {"stated": 2, "marks": 3, "most": 6}
        assert {topic["topic"] for topic in body["topics"]} == {"x", "y"}
        assert set(body) & {"id", "device", "seq", "at", "day", "kind", "card", "target", "rating"} == set()


def test_mixed_cards_keep_their_other_questions_for_study(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(mixed("m0"), {"id": "m1", "questions": [choices_of("m1")]})
    with place.open() as desk:
        exam = sit(desk, exam_plan(limit=2))
        answer_all(exam)
        exam.hand_in()
        session = desk.session(desk.plan(Scope(), seed=1))
        assert session.phase is Phase.ASK, "an exam answered right leaves the cards new"
        assert len(draw(desk.library, exam_plan(limit=2), desk.history.state).items) == 2
        assert begin(desk.history, exam.plan, draw(desk.library, exam.plan, desk.history.state)).id != exam.id
