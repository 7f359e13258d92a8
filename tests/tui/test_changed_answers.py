"""A card whose answer changed since it was learned, on the screens: at every size, and without colours."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from quiz.clock import SystemClock
from quiz.deck.scope import Scope
from quiz.desk import open_desk
from quiz.memory import Rating
from quiz.paths import find
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import begin
from quiz.study.paper import draw
from quiz.tui.app import QuizApp
from quiz.tui.screens.exam_review import ReviewScreen
from tests.support.commands import runner
from tests.support.exam_seats import examined
from tests.support.exams import resumed, right_given
from tests.support.pilots import HOME_SIZE, ROOTS, SMALL, PilotClock, Seat, Size, asking, sit, write_decks

CARDS = ("heat", "branch", "rootlets", "word")
NOW = (
    ROOTS.replace("right: Alternating current", "right: Direct current")
    .replace("answer: medial branch", "answer: lateral branch")
    .replace("{{dorsal}}", "{{ventral}}")
    .replace("answer: Cutting a root", "answer: Cutting a nerve root")
)
OLD = {"heat": "Alternating current", "branch": "medial branch", "rootlets": "dorsal", "word": "Cutting a root"}
NEW = {"heat": "Direct current", "branch": "lateral branch", "rootlets": "ventral", "word": "Cutting a nerve root"}
WARNING = "! Its answer has changed since you learned it."


async def learn(home: Path, clock: PilotClock) -> Path:
    """Learn all cards, and let their answers change."""
    decks = write_decks(home / "decks", roots=ROOTS)
    async with sit(home, decks=decks, plan=asking(*CARDS), clock=clock) as seat:
        for _ in CARDS:
            if seat.card == "heat":
                await seat.press(seat.option(), "enter")
            elif seat.card == "word":
                await seat.press("enter", "3")
            else:
                await seat.write(OLD[seat.card], "enter", "enter")
    clock.forward(days=1)
    return write_decks(home / "decks", roots=NOW)


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
@pytest.mark.parametrize("colours", [True, False])
async def test_the_old_and_the_new_answer_are_told_once_the_question_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size, colours: bool
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    clock = PilotClock()
    decks = await learn(tmp_path, clock)
    seen = []
    async with sit(tmp_path, decks=decks, plan=asking(*CARDS), clock=clock, size=size) as seat:
        for _ in CARDS:
            card = seat.card
            seen.append(card)
            assert WARNING in seat.told, "told before, so that nobody answers out of habit"
            assert NEW[card] not in seat.told or card == "heat", "but not what it is now"
            if card == "heat":
                await seat.press(seat.option())
            elif card == "word":
                await seat.press("enter")
            else:
                await seat.write(OLD[card], "enter")
            await seat.press("pagedown")
            told = f"! Changed since you learned it. It was: {OLD[card]}. Now: {NEW[card]}"
            above = seat.told
            await seat.press("pageup")
            assert told in above or told in seat.told
            await seat.press("3" if card == "word" else "enter")
    assert sorted(seen) == sorted(CARDS)


async def test_the_verdict_and_the_change_are_in_sight_at_once(tmp_path: Path) -> None:
    clock = PilotClock()
    decks = await learn(tmp_path, clock)
    async with sit(tmp_path, decks=decks, plan=asking("heat"), clock=clock) as seat:
        await seat.press(seat.option(right=False))
        assert "✗ Wrong" in seat.told
        assert "It was: Alternating current. Now: Direct current" in seat.told


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_in_an_exam_the_change_is_told_with_the_feedback_and_never_before(tmp_path: Path, size: Size) -> None:
    clock = PilotClock()
    decks = await learn(tmp_path, clock)
    plan = ExamPlan(limit=1, seed=1, tutor=True, scope=Scope(cards=("heat",)))
    async with examined(tmp_path, plan, decks=decks, clock=clock, size=size) as seat:
        assert "hanged since" not in seat.told
        await seat.answer(right=False)
        above = seat.told
        await seat.press("pagedown")
        told = "! Changed since you learned it. It was: Alternating current. Now: Direct current"
        assert told in above or told in seat.told


@pytest.mark.parametrize("size", [HOME_SIZE, SMALL])
async def test_the_review_of_an_exam_tells_it_though_the_exam_was_left_meanwhile(tmp_path: Path, size: Size) -> None:
    clock = PilotClock()
    decks = await learn(tmp_path, clock)
    plan = ExamPlan(limit=2, seed=1, scope=Scope(cards=("heat", "branch")))
    with closing(open_desk(find(str(tmp_path), "default", {}), [str(decks)], clock)) as desk:
        exam = begin(desk.history, plan, draw(desk.library, plan, desk.history.state))
        exam.answer(right_given(exam.shown.question))
        exam.pause()
    with closing(open_desk(find(str(tmp_path), "default", {}), [str(decks)], clock)) as desk:
        exam = resumed(desk)
        exam.go(2)
        exam.answer(right_given(exam.shown.question))
        exam.hand_in()
        app = QuizApp(desk, exam=exam)
        async with app.run_test(size=size) as pilot:
            seat = Seat(app, pilot, desk, clock)
            await seat.settle()
            app.show(ReviewScreen(exam))
            await seat.settle()
            for place in (1, 2):
                card = exam.at(place).card.id
                await seat.press("pagedown")
                below = seat.told
                await seat.press("pageup")
                told = f"! Changed since you learned it. It was: {OLD[card]}. Now: {NEW[card]}"
                assert told in below or told in seat.told
                await seat.press("right")


@pytest.mark.parametrize("tutor", [True, False])
def test_the_line_mode_tells_it_with_each_feedback_and_in_the_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tutor: bool
) -> None:
    run = runner(monkeypatch, capsys, ["--home", str(tmp_path), "--decks", str(tmp_path / "decks"), "--plain"])
    write_decks(tmp_path / "decks", roots=ROOTS)
    with closing(open_desk(find(str(tmp_path), "default", {}), [str(tmp_path / "decks")], SystemClock())) as desk:
        for card in ("branch", "rootlets", "word"):
            session = desk.session(asking(card), resume=False)
            if card == "word":
                session.reveal()
                session.rate(Rating.GOOD)
            else:
                session.answer(OLD[card])
    write_decks(tmp_path / "decks", roots=NOW)
    said = run("exam", "--kinds", "typed,cloze,flip", *["--tutor"] * tutor, lines="y\n" * 6)
    for card in ("branch", "rootlets", "word"):
        assert f"Changed since you learned it. It was: {OLD[card]}. Now: {NEW[card]}" in said
