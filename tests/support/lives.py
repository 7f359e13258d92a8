"""A history as some weeks leave it: answers, two exams, cards in danger and a refresher."""

from __future__ import annotations

from pathlib import Path

from quiz.desk import Desk, open_desk
from quiz.paths import find
from quiz.study.exam import begin
from quiz.study.paper import draw
from quiz.study.plan import Plan
from quiz.study.session import Phase
from tests.support.desks import give, learned
from tests.support.exams import exam_plan, reply
from tests.support.pilots import PilotClock, write_decks

REFRESHED = Plan(minutes=5, seed=7, mode="refresher")


def lived(home: Path, decks: Path | None = None) -> PilotClock:
    """Fill a history: some weeks of answers, two exams, cards in danger and a refresher; return the clock then."""
    clock = PilotClock()
    clock.forward(days=-40)
    decks = decks or write_decks(home / "some decks")
    desk = open_desk(find(str(home), "default", {}), [str(decks)], clock)
    for day in range(40):
        if day % 3:
            for _ in range(day % 14):
                learned(desk.history, "heat", 3 if day % 5 else 1, certainty="high", mode="study", ms=9000)
            learned(desk.history, "branch", 3, certainty="mid", mode="study", ms=9000)
        if day in (20, 30):
            _sit_an_exam(desk, clock, wrong=1 if day == 20 else 0)
        clock.forward(days=1)
    learned(desk.history, "pad", 1, certainty="high", mode="study", ms=9000)
    learned(desk.history, "word", 1, certainty="high", mode="study", ms=9000)
    clock.forward(days=2)
    session = desk.session(REFRESHED)
    while session.phase is not Phase.DONE:
        clock.forward(seconds=10)
        give(session, right=len(session.answered) != 1)
        session.next()
    desk.close()
    return clock


def _sit_an_exam(desk: Desk, clock: PilotClock, wrong: int) -> None:
    plan = exam_plan(limit=4, seed=3)
    exam = begin(desk.history, plan, draw(desk.library, plan, desk.history.state))
    for number in range(1, exam.size + 1):
        exam.go(number)
        clock.forward(seconds=20)
        reply(exam, number > wrong)
    exam.hand_in(confirmed=True)
    for number in exam.to_mark():
        exam.mark_own(number, True)
