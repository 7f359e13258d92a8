"""Somebody who sits an exam, or holds a huddle, on the screens: opens them, answers, and looks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from quiz.desk import open_desk
from quiz.paths import find
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Exam, begin
from quiz.study.huddle import Huddle, draw_for_group
from quiz.study.paper import draw
from quiz.tui.app import QuizApp
from quiz.tui.screens.exam import ExamScreen
from quiz.tui.screens.huddle import HuddleScreen
from tests.support.exams import right_given, wrong_given
from tests.support.pilots import HOME_SIZE, PilotClock, Seat, Size, write_decks

NEVER = 100_000.0  # seconds between two ticks: a test ticks by hand


def choices(number: int, topic: str, **fields: Any) -> dict[str, Any]:
    """Return a card with a choice of three, all of which have their reasons."""
    return {
        "id": f"{topic}{number}",
        "topic": topic,
        "claim": f"{topic.capitalize()} {number} is so.",
        "why": f"Because of {topic} {number}.",
        "sources": ["atlas"],
        "questions": [
            {
                "ask": f"What holds for {topic} {number}?",
                "choices": [
                    {"right": f"Right {number}"},
                    {"wrong": f"Wrong {number}", "why": f"It is not so in {topic}."},
                    {"wrong": f"Other {number}", "why": "That is something else."},
                ],
            }
        ],
        **fields,
    }


def small_deck(*cards: dict[str, Any]) -> str:
    """Return a deck: these cards or, without any, six of anatomy and four of risks (two of them must-pass)."""
    several = [choices(n, "anatomy", audience=["student"]) for n in range(1, 7)]
    several += [choices(n, "risks", safety=n < 3, audience=["nurse"]) for n in range(1, 5)]
    return json.dumps({"title": "Small deck", "cards": list(cards) or several}, ensure_ascii=False)


class ExamSeat(Seat):
    """A seat in front of the exam screen. With a `pace` the clock goes on by so many milliseconds a key only."""

    pace = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.clock.counter += self.pace
            await super().press(key)

    @property
    def exam(self) -> Exam:
        """The exam of the screen on top (or of the one below a dialog)."""
        found = [screen for screen in self.app.screen_stack if isinstance(screen, ExamScreen)]
        assert found, f"{self.app.screen} is on top"
        return found[-1].exam

    @property
    def huddle(self) -> Huddle:
        """The huddle of the screen on top."""
        assert isinstance(self.app.screen, HuddleScreen), f"{self.app.screen} is on top"
        return self.app.screen.huddle

    def digit(self, *, right: bool = True) -> str:
        """Return the digit of the right (or else of a wrong) option on the screen."""
        shown = self.exam.shown
        given = right_given(shown.question) if right else wrong_given(shown.question)
        return str(shown.order.index(int(given)) + 1)

    async def answer(self, *, right: bool = True) -> None:
        """Answer the choice on the screen."""
        await self.press(self.digit(right=right))

    async def answer_all(self, wrong: tuple[int, ...] = ()) -> None:
        """Answer every choice from this one to the last, `wrong` ones wrongly."""
        for _ in range(self.exam.number, self.exam.size + 1):
            await self.answer(right=self.exam.number not in wrong)

    async def tick(self, ms: int = 0) -> None:
        """Let so many milliseconds pass, and the screen see it."""
        self.clock.counter += ms
        found = [screen for screen in self.app.screen_stack if isinstance(screen, ExamScreen)]
        found[-1]._tick()
        await self.settle()


@asynccontextmanager
async def examined(
    home: Path,
    plan: ExamPlan | None = None,
    *,
    decks: Path | None = None,
    size: Size = HOME_SIZE,
    settings: dict[str, Any] | None = None,
    group: bool = False,
    setup: bool = False,
    at_home: bool = False,
    clock: PilotClock | None = None,
    pace: int = 0,
) -> AsyncIterator[ExamSeat]:
    """Open an exam of this plan at its first question, a huddle, a set-up, or the home screen.

    Nothing but a test lets the clock of the exam tick. `pace` is that of the seat.
    """
    clock = clock or PilotClock(step=0 if pace else 1000)
    decks = decks or (home / "decks")
    if not decks.exists():
        write_decks(decks, small=small_deck())
        (decks / "sources.yaml").write_text("atlas: {title: An atlas of nerve roots}\n", "utf-8")
    plan = plan or ExamPlan(limit=5, seed=1)
    desk = open_desk(find(str(home), "default", {}), [str(decks)], clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ExamScreen, "TICK", NEVER)
        patch.setattr("quiz.tui.screens.exam_setup.new_seed", lambda: 7)
        try:
            if settings:
                desk.history.change_settings(settings)
            what: ExamPlan | Exam | Huddle | None = plan
            if at_home:
                what = None
            elif group:
                what = Huddle(draw_for_group(desk.library, plan))
            elif not setup:
                what = begin(desk.history, plan, draw(desk.library, plan, desk.history.state))
            app = QuizApp(desk, exam=what)
            async with app.run_test(size=size, notifications=True) as pilot:
                seat = ExamSeat(app, pilot, desk, clock)
                seat.pace = pace
                await seat.settle()
                yield seat
        finally:
            desk.close()
