"""Exams on the screens: set up, sat, handed in, looked at again - by keyboard, by mouse, and against the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Stage
from quiz.study.setup import MOST_QUESTIONS, Setup
from quiz.tui.gate import QUIET_MS, Gate
from quiz.tui.screens.exam import ExamScreen
from quiz.tui.screens.exam_hand_in import HandInScreen
from quiz.tui.screens.exam_overview import OverviewScreen
from quiz.tui.screens.exam_paused import PausedScreen
from quiz.tui.screens.exam_result import ResultScreen
from quiz.tui.screens.exam_review import ReviewScreen
from quiz.tui.screens.exam_setup import ExamSetupScreen
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.study import StudyScreen
from tests.support.exam_seats import ExamSeat, choices, examined, small_deck
from tests.support.kinds import write_kinds
from tests.support.pilots import HOME_SIZE, LARGE, SMALL, PilotClock, Size, write_decks

MINUTE = 60_000


# -- the whole way ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL, LARGE])
async def test_from_home_to_the_cards_that_were_missed(tmp_path: Path, size: Size) -> None:
    async with examined(tmp_path, at_home=True, size=size) as seat:
        await seat.press("e")
        assert seat.on(ExamSetupScreen)
        assert "10 of 10 questions" in seat.told
        await seat.press("enter")
        await seat.answer_all(wrong=(2, 5))
        assert "No question is empty." in seat.told
        await seat.press("enter")
        assert seat.on(ResultScreen)
        assert "✓ Passed 80 %, and 60 % passes" in seat.told
        assert "8 of 10 right." in seat.told
        await seat.press("enter")
        assert seat.on(ReviewScreen)
        await seat.press("w")
        assert "1 of 2 missed" in seat.told
        await seat.press("q", "s")
        assert seat.on(StudyScreen)
        assert seat.session.number + seat.session.left == 2


async def test_from_home_to_the_result_by_mouse_alone(tmp_path: Path) -> None:
    async with examined(tmp_path, at_home=True) as seat:
        await seat.click("e Exam")
        for _ in range(10):
            await seat.click("◂")
        assert "2 of 10 questions" in seat.told
        await seat.click("Begin")
        await seat.click("m Flag")
        await seat.click("→ Next")
        await seat.click("n All")
        assert "1 ·!" in seat.told
        await seat.click("1 ·!")
        assert seat.exam.number == 1
        await seat.click("p Pause")
        await seat.click("Go on")
        for _ in range(2):
            await seat.click(seat.exam.shown.options[0])
        await seat.click("Hand in now")
        await seat.click("Enter Review")
        await seat.click("→ Next")
        assert "2 of 2" in seat.told
        await seat.click("o Source")
        assert "An atlas of nerve roots" in seat.told
        await seat.click("q Result")
        await seat.click("q Leave")
        assert seat.on(HomeScreen)


# -- setting up -------------------------------------------------------------------------------------------------------


async def test_the_choices_of_the_set_up_make_the_plan(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(), setup=True) as seat:
        await seat.press(
            "down", "left", "left", "down", *["right"] * 4, "down", "minus", "down", "plus", "down", "down"
        )
        assert "◂ 10 ▸" in seat.told
        assert "◂ 20 minutes ▸" in seat.told
        assert "◂ 55 % ▸" in seat.told
        assert "◂ after each answer (tutor) ▸" in seat.told
        await seat.press("down", "right", "down", "down", "right")
        assert "◂ nurse ▸" in seat.told
        assert "◂ must-pass only ▸" in seat.told
        assert "2 of 2 questions" in seat.told
        assert "! That is more than there are: 2 questions of the 10 asked for." in seat.told
        await seat.press("enter")
        plan = seat.exam.plan
        assert (plan.limit, plan.minutes, plan.pass_mark, plan.tutor) == (10, 20, 55, True)
        assert (plan.scope.audiences, plan.scope.safety) == (("nurse",), True)
        assert "There are fewer questions than asked for: 2 of 10." in seat.told


async def test_a_blueprint_by_digits_and_its_shortage(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=9), setup=True) as seat:
        await seat.press("up")
        assert "▸ risks" in seat.told
        assert "Without any weight, topics come as chance has them." in seat.told
        await seat.press("2", "up", "1")
        assert "3 of 6" in seat.told
        assert "6, only 4 there" in seat.told
        assert "7 of 10 questions ! That is more than there are: risks 4 of 6." in seat.told
        await seat.press("enter")
        topics = [seat.exam.at(n).card.topic for n in range(1, seat.exam.size + 1)]
        assert (topics.count("risks"), topics.count("anatomy")) == (4, 3)
        assert seat.exam.plan.weights == (("anatomy", 1), ("risks", 2))


async def test_the_certainty_of_the_set_up_is_the_setting(tmp_path: Path) -> None:
    async with examined(tmp_path, setup=True) as seat:
        await seat.press(*["down"] * 5)
        assert "Ask how sure ◂ no ▸" in seat.told
        await seat.press("right")
        assert seat.desk.history.settings.certainty == "on"
        await seat.press("right")
        assert "Ask how sure ◂ in exams ▸" in seat.told


@pytest.mark.parametrize("marked", [0, 1, 4])
async def test_of_a_deck_or_topic_marked_at_home_the_exam_is_set_up(tmp_path: Path, marked: int) -> None:
    async with examined(tmp_path, at_home=True) as seat:
        await seat.press(*["o"] * (marked > 1), *["down"] * min(marked, 1), "e")
        assert ("◂ Small deck ▸" in seat.told) == (marked == 1)
        assert ("6 of 6 questions" in seat.told) == (marked == 4), "the first topic is anatomy"


def test_the_numbers_of_a_set_up_stay_within_their_ends(tmp_path: Path) -> None:
    from tests.support.desks import Place

    place = Place(tmp_path)
    place.write(choices(1, "risks"))
    with place.open() as desk:
        setup = Setup(desk.library, ExamPlan(limit=10))
        seen = []
        for _ in range(60):
            setup.shift("number", 1)
            seen.append(setup.number)
        assert seen[:2] == [15, 20]
        assert seen[-1] == MOST_QUESTIONS
        for _ in range(60):
            setup.shift("number", -1)
            seen.append(setup.number)
        assert seen[-1] == 1
        assert 10 in seen[60:]
        for name, ends in (("minutes", (0, 300)), ("pass_mark", (0, 100))):
            for step, end in zip((-1, 1), ends, strict=True):
                for _ in range(80):
                    setup.shift(name, step)
                assert getattr(setup, name) == end
        for weight, kept in ((12, 9), (-3, 0), (4, 4)):
            setup.weigh("risks", weight)
            assert setup.weights["risks"] == kept


async def test_an_exam_that_was_left_is_offered_first_and_goes_on_at_its_question(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.answer(right=True)
        await seat.answer(right=False)
        await seat.press("right", "m")
        asked = seat.exam.shown.name, seat.exam.shown.order
        replies = [seat.exam.reply(n) for n in (1, 2, 3)]
        await seat.press("q")
        assert seat.app.return_code == 0
    async with examined(tmp_path, at_home=True) as seat:
        await seat.press("e")
        assert "▸ Go on with the exam you left: 2 of 5 answered" in seat.told
        await seat.press("enter")
        assert seat.exam.number == 4
        assert (seat.exam.shown.name, seat.exam.shown.order) == asked
        assert [seat.exam.reply(n) for n in (1, 2, 3)] == replies
        assert "! flagged" in seat.told
        await seat.press("q")
        assert "The exam waits at question 4: e goes on." in seat.told
        await seat.press("e", "down", "enter")
        assert (seat.exam.number, seat.exam.missing()) == (1, (*range(1, 11),)), "or a new one is begun"


async def test_attempts_of_the_same_set_up_are_told(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=4), setup=True) as seat:
        assert "Sat" not in seat.told
        for wrong in ((1, 2), (1,), ()):
            await seat.press("enter")
            await seat.answer_all(wrong)
            await seat.press("enter")
            last = seat.told
            await seat.press("n")
        assert "Attempt 3: best 100 %, the trend is rising. 50 → 75 → 100 %" in last
        assert "Sat 3 times: best 100 %, last 100 %, rising." in seat.told
        await seat.press("down", "right")
        assert "Sat" not in seat.told, "five questions are another set-up"


# -- sitting ----------------------------------------------------------------------------------------------------------


async def test_an_answer_is_kept_at_once_and_can_be_changed(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.answer(right=False)
        assert "Answer 1 is kept. Until you hand in you can go back (←) and change it." in seat.told
        assert "Question 2 of 5" in seat.told
        assert [event.body["mark"] for event in seat.events()] == [0.0]
        await seat.press("left")
        assert f"● {seat.digit(right=False)} " in seat.told
        await seat.answer(right=True)
        assert seat.exam.number == 2
        reply = seat.exam.reply(1)
        assert reply is not None
        assert reply.mark is not None
        assert reply.mark.right


async def test_i_dont_know_is_an_answer(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.press("0")
        assert seat.exam.missing() == (2, 3, 4, 5)


async def test_what_stands_in_the_line_or_is_ticked_counts_when_one_goes_elsewhere(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks")
    write_kinds(decks)
    async with examined(tmp_path, ExamPlan(limit=30, seed=3), decks=decks) as seat:
        found = {}
        for number in range(1, seat.exam.size + 1):
            kind = seat.exam.shown.question.kind
            found[kind] = number
            if kind in ("typed", "cloze", "flip"):
                await seat.write("some words", "escape", "right")
            elif kind == "select":
                await seat.press("1", "right")
            else:
                await seat.press("escape" if seat.app.focused else "down", "right")
        assert {"typed", "select"} <= found.keys()
        for kind, number in found.items():
            reply = seat.exam.reply(number)
            told = (reply.wrote or reply.given) if reply else ""
            assert (told == "some words") == (kind in ("typed", "cloze", "flip"))
            assert bool(reply) == (kind in ("typed", "cloze", "flip", "select")), kind
        before = len(seat.events())
        await seat.press("n", *str(found["typed"]), "enter")
        assert "some words" in seat.told
        await seat.press("escape", "right", "left")
        assert len(seat.events()) == before, "what was not touched is not kept again"


async def test_certainty_is_asked_before_the_answer_is_kept(tmp_path: Path) -> None:
    async with examined(tmp_path, settings={"certainty": "exam"}) as seat:
        digit = seat.digit()
        await seat.press(digit)
        assert "How sure are you?" in seat.told
        assert not seat.events()
        await seat.press("escape")
        assert "How sure are you?" not in seat.told
        await seat.press(digit, "3")
        assert seat.exam.number == 2
        assert seat.events()[0].body["certainty"] == "high"
        await seat.answer(right=False)
        await seat.click("3 sure")
        await seat.press("x", "2")
        assert "Certainty marks: -3 of at most 6, for 2 answers." in seat.told
        assert "Sure and wrong: 2." in seat.told


async def test_as_tutor_the_feedback_comes_at_once_and_the_answer_stands(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, tutor=True)) as seat:
        card = seat.exam.shown.card
        await seat.answer(right=False)
        assert "✗ Wrong Answer: Right" in seat.told
        assert f"Why: {card.why}" in seat.told
        await seat.press("o")
        assert "An atlas of nerve roots" in seat.told
        digit = seat.digit()
        await seat.press(digit)
        assert len(seat.events()) == 1, "it cannot be changed"
        await seat.press("enter")
        assert seat.exam.number == 2
        await seat.press("left")
        assert "✗ Wrong" in seat.told


async def test_a_self_marked_answer_is_written_and_marked_after_the_exam(tmp_path: Path) -> None:
    flips = [{"id": name, "topic": "t", "ask": f"What is {name}?", "answer": f"It is {name}"} for name in ("ab", "cd")]
    decks = write_decks(tmp_path / "decks", flips=small_deck(*flips))
    async with examined(tmp_path, ExamPlan(limit=2, seed=1), decks=decks) as seat:
        await seat.write("my own words", "enter")
        await seat.write("others", "enter")
        await seat.press("enter")
        assert "Mark your own answer: question 1 2 to mark" in seat.told
        assert "my own words" in seat.told
        assert "Answer: It is" in seat.told
        await seat.press("3", "enter", "n", "x", "right")
        assert seat.exam.to_mark() == (1, 2)
        await seat.press("2")
        assert "others" in seat.told
        await seat.click("1 Not right")
        assert "1 of 2 right." in seat.told
        await seat.press("enter", "enter")
        assert "✗ Not known" in seat.told
        assert "others" in seat.told


async def test_leaving_while_own_answers_wait_to_be_marked_goes_on_there(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks", f=small_deck({"id": "f", "topic": "t", "ask": "What?", "answer": "That"}))
    async with examined(tmp_path, ExamPlan(limit=1, seed=1), decks=decks) as seat:
        await seat.write("this", "enter")
        await seat.press("enter", "q")
    async with examined(tmp_path, setup=True, decks=decks) as seat:
        await seat.press("enter")
        assert "Was your answer right?" in seat.told
        await seat.press("2")
        assert "1 of 1 right." in seat.told


# -- the overview -----------------------------------------------------------------------------------------------------


async def overview(seat: ExamSeat) -> None:
    """Answer the first, flag the third, and open the overview at the fourth."""
    await seat.answer()
    await seat.press("right", "m", "right", "n")
    assert seat.on(OverviewScreen)


async def test_the_overview_shows_each_place_in_signs_and_words(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=10, seed=1)) as seat:
        await overview(seat)
        assert "1 ■ 2 · 3 ·! ▸ 4 · 5 ·" in seat.told
        assert "1 answered, 9 empty, 1 flagged." in seat.told
        assert "■ answered · empty ! flagged" in seat.told


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["right", "enter"], 5),
        (["left", "left", "enter"], 2),
        (["home", "enter"], 1),
        (["end", "space"], 10),
        (["down", "enter"], 4),
        (["1", "0", "enter"], 10),
        (["7", "enter"], 7),
        (["1", "7", "enter"], 7),
        (["1", "0", "backspace", "enter"], 1),
        (["e"], 2),
        (["f"], 3),
        (["escape"], 4),
        (["n"], 4),
    ],
)
async def test_from_the_overview_one_goes_to_any_place(tmp_path: Path, keys: list[str], place: int) -> None:
    async with examined(tmp_path, ExamPlan(limit=10, seed=1), size=LARGE) as seat:
        await overview(seat)
        await seat.press(*keys)
        assert seat.on(ExamScreen)
        assert seat.exam.number == place


async def test_in_a_grid_of_several_rows_arrows_go_up_and_down(tmp_path: Path) -> None:
    decks = write_decks(tmp_path / "decks", many=small_deck(*[choices(n, "risks") for n in range(1, 41)]))
    async with examined(tmp_path, ExamPlan(limit=40, seed=1), decks=decks, size=SMALL) as seat:
        await seat.press("n", "down", "down")
        assert "▸ 9 ·" in seat.told
        await seat.press("end")
        assert "▸40 ·" in seat.told, "its row comes into sight"
        await seat.press("up", "enter")
        assert seat.exam.number == 36


# -- handing in -------------------------------------------------------------------------------------------------------


async def test_handing_in_names_what_is_empty_and_flagged_and_enter_goes_there(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.answer()
        await seat.press("m", "x")
        assert "4 of 5 empty: 2 to 5. 1 flagged: 2." in seat.told
        await seat.press("enter")
        assert (seat.exam.stage, seat.exam.number) == (Stage.OPEN, 2)
        await seat.press("x", "down", "down", "enter")
        assert seat.on(ResultScreen)
        assert "Left empty: 2 to 5." in seat.told


@pytest.mark.parametrize("way", ["escape", "4", "q"])
async def test_handing_in_can_be_left(tmp_path: Path, way: str) -> None:
    async with examined(tmp_path) as seat:
        await seat.press("m", "x", way)
        assert seat.on(ExamScreen)
        await seat.answer()
        assert seat.exam.missing() == (2, 3, 4, 5)


async def test_an_enter_that_is_held_after_the_last_answer_does_not_hand_in(tmp_path: Path) -> None:
    decks = write_decks(
        tmp_path / "d", one=small_deck({"id": "t", "topic": "t", "ask": "T?", "answer": "x", "accept": []})
    )
    clock = PilotClock(step=10)
    async with examined(tmp_path, ExamPlan(limit=1, seed=1), decks=decks, clock=clock) as seat:
        clock.counter += 5_000
        await seat.press("x", *["enter"] * 30)
        assert seat.on(HandInScreen)
        clock.counter += 5_000
        await seat.press("enter")
        assert seat.on(ResultScreen)


# -- the clock --------------------------------------------------------------------------------------------------------


async def test_the_clock_tells_minutes_and_at_the_end_seconds(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, minutes=10), clock=PilotClock(step=1)) as seat:
        assert "0 answered · 10 min left" in seat.told
        await seat.tick(4 * MINUTE + 100)
        assert "6 min left" in seat.told
        await seat.tick(4 * MINUTE + 30_000)
        assert "1 min 30 s left" in seat.told
        await seat.tick(60_000)
        assert "30 s left" in seat.told
        assert seat.exam.stage is Stage.OPEN


async def test_without_a_limit_the_time_so_far_is_told(tmp_path: Path) -> None:
    async with examined(tmp_path, clock=PilotClock(step=1)) as seat:
        await seat.tick(100_000)
        assert "0 answered · 1 min" in seat.told
        assert "left" not in seat.told


@pytest.mark.parametrize("over", [[], ["n"], ["x"], ["question_mark"], ["ctrl+p"], ["n", "1"]])
async def test_when_the_time_is_up_the_exam_is_handed_in_whatever_is_open(tmp_path: Path, over: list[str]) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, minutes=5)) as seat:
        await seat.answer()
        await seat.press(*over)
        await seat.tick(6 * MINUTE)
        assert seat.on(ResultScreen)
        assert "The time was up: it was handed in as it stood." in seat.told
        assert "Left empty: 2 to 5." in seat.told
        await seat.press("enter", "q", "q")


async def test_when_the_time_is_up_in_a_terminal_too_small_the_result_waits_for_it_to_grow(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, minutes=5)) as seat:
        await seat.resize(30, 8)
        await seat.tick(6 * MINUTE)
        assert "Too small" in seat.told
        await seat.resize(*HOME_SIZE)
        await seat.tick()
        assert seat.on(ResultScreen)


async def test_what_is_typed_when_the_time_runs_out_counts(tmp_path: Path) -> None:
    decks = write_decks(
        tmp_path / "d", one=small_deck({"id": "t", "topic": "t", "ask": "T?", "answer": "x", "accept": []})
    )
    plan = ExamPlan(limit=1, seed=1, minutes=5)
    async with examined(tmp_path, plan, decks=decks, clock=PilotClock(step=1)) as seat:
        seat.clock.counter += 5_000
        await seat.write("x")
        left = seat.exam.left_ms
        assert left is not None
        await seat.tick(left - 900)
        await seat.tick(2_000)
        assert "1 of 1 right." in seat.told


async def test_an_answer_after_the_time_is_not_taken(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, minutes=5)) as seat:
        digit = seat.digit()
        seat.clock.counter += 6 * MINUTE
        await seat.press(digit)
        assert seat.on(ResultScreen)
        assert "0 of 5 right." in seat.told


@pytest.mark.parametrize("way", ["p", "escape"])
async def test_a_pause_hides_the_question_and_stops_the_clock(tmp_path: Path, way: str) -> None:
    async with examined(tmp_path, ExamPlan(limit=5, seed=1, minutes=10), clock=PilotClock(step=1)) as seat:
        seat.clock.counter += 5_000
        stem = seat.exam.shown.question.stem
        assert stem in seat.told
        await seat.press(way)
        assert seat.on(PausedScreen)
        assert stem not in seat.told
        await seat.tick(60 * MINUTE)
        assert seat.exam.stage is Stage.OPEN
        await seat.press("enter")
        assert stem in seat.told
        assert "10 min left" in seat.told


async def test_from_a_pause_one_leaves(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.press("p", "q")
        assert seat.app.return_code == 0


# -- keys that come too soon ------------------------------------------------------------------------------------------


async def test_a_held_key_answers_one_question_only(tmp_path: Path) -> None:
    clock = PilotClock(step=10)
    async with examined(tmp_path, clock=clock) as seat:
        clock.counter += 5_000
        await seat.press(*["1"] * 30)
        assert seat.exam.missing() == (2, 3, 4, 5)


async def test_arrows_go_on_however_fast_they_come_but_answer_keys_wait(tmp_path: Path) -> None:
    clock = PilotClock(step=1)
    async with examined(tmp_path, clock=clock) as seat:
        clock.counter += 5_000
        await seat.press("right", "right", "right", "1", "enter", "0")
        assert seat.exam.number == 4
        assert len(seat.exam.missing()) == 5


async def test_a_pasted_text_answers_nothing(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.paste("1\n2\n3\nx\n")
        assert len(seat.exam.missing()) == 5


def test_keys_that_are_free_pass_a_shut_gate_without_opening_it() -> None:
    gate = Gate()
    gate.admits("a", 0)
    gate.shut(frozenset({"right"}))
    assert [gate.admits("right", now) for now in (1, 2, 3)] == [True] * 3
    assert not gate.admits("1", 500), "nothing is drawn yet"
    gate.drawn()
    assert gate.admits("right", 501)
    assert not gate.admits("1", 501 + QUIET_MS - 1)
    gate.shut()
    assert not gate.admits("right", 9_000)


# -- result and review ------------------------------------------------------------------------------------------------


async def test_the_result_tells_the_topics_the_weakest_first_and_the_slowest_questions(tmp_path: Path) -> None:
    async with examined(tmp_path, ExamPlan(limit=10, seed=1)) as seat:
        risks = tuple(n for n in range(1, 11) if seat.exam.at(n).card.topic == "risks")
        for number in range(1, 11):
            seat.clock.counter += 60_000 * (number == 3)
            await seat.answer(right=number not in risks)
        await seat.press("enter")
        assert "✓ Passed 60 %, and 60 % passes" in seat.told
        assert "risks ░░░░░░░░░░ ✗ 0 of 4" in seat.told
        assert "anatomy ██████████ ✓ 6 of 6" in seat.told
        assert seat.told.index("risks") < seat.told.index("anatomy")
        assert "The longest: question 3 (1 minute" in seat.told


async def test_a_wrong_answer_makes_its_card_due_and_a_right_one_leaves_the_schedule_alone(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        cards = [seat.exam.at(n).card.id for n in range(1, 6)]
        await seat.answer_all(wrong=(2,))
        await seat.press("enter")
        new = [seat.desk.history.state(card).new for card in cards]
        assert new == [True, False, True, True, True]


async def test_the_review_shows_answer_key_and_every_reason(tmp_path: Path) -> None:
    async with examined(tmp_path, size=LARGE) as seat:
        card = seat.exam.shown.card
        wrong, right = seat.digit(right=False), seat.digit()
        await seat.answer_all(wrong=(1,))
        await seat.press("enter", "enter")
        assert f"✗ {wrong} " in seat.told
        assert f"✓ {right} Right" in seat.told
        assert "✗ Wrong Answer: Right" in seat.told
        assert "Option by option" in seat.told
        assert f"It is not so in {card.topic}." in seat.told
        assert "That is something else." in seat.told
        assert f"Why: {card.why}" in seat.told
        assert "An atlas" not in seat.told
        await seat.press("o")
        assert "An atlas of nerve roots" in seat.told
        await seat.press("right", "right", "left")
        assert "Question 2 ·" in seat.told
        await seat.press("w")
        assert "1 of 1 missed" in seat.told
        assert "Question 1 ·" in seat.told
        await seat.press("w")
        assert "1 of 5" in seat.told


async def test_in_the_review_enter_shows_what_is_below_and_then_the_next(tmp_path: Path) -> None:
    async with examined(tmp_path, size=SMALL) as seat:
        await seat.answer_all(wrong=(1,))
        await seat.press("enter", "enter")
        why = "Why: Because of"
        assert why not in seat.told
        for _ in range(9):
            if why in seat.told:
                break
            await seat.press("enter")
        assert why in seat.told
        assert "1 of 5" in seat.told
        for _ in range(9):
            if "2 of 5" in seat.told:
                break
            await seat.press("enter")
        assert "2 of 5" in seat.told


async def test_after_the_last_question_the_review_leads_back_to_the_result(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.press("x", "2", "enter", *["right"] * 4)
        assert "5 of 5" in seat.told
        assert "· Not answered Answer: Right" in seat.told
        await seat.press("right")
        assert seat.on(ResultScreen)


async def test_when_all_is_right_there_is_nothing_to_study(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.answer_all()
        await seat.press("enter")
        assert "s Study" not in seat.told
        await seat.press("s")
        assert "Nothing was missed." in seat.told
        await seat.press("enter", "w")
        assert "1 of 5" in seat.told


async def test_where_the_program_was_opened_for_an_exam_leaving_its_result_ends_it(tmp_path: Path) -> None:
    async with examined(tmp_path) as seat:
        await seat.press("x", "2", "q")
        assert seat.app.return_code == 0
