"""Laws of an exam: whatever the learner does on the way, what counts is what stands at the end."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.desk import Desk
from quiz.memory import Rating
from quiz.questions.base import PARTLY_FROM
from quiz.report.attempts import attempts
from quiz.store.derive import CardState
from quiz.study.blueprint import ExamPlan
from quiz.study.exam import Exam, Stage, unfinished
from quiz.study.paper import self_marked
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.result import Result
from tests.support.clocks import MINUTE
from tests.support.desks import Entry, Place, choice, flip, learned, mixed, sound
from tests.support.exams import every_kind, exam_plan, in_force, results, resumed, right_given, sit, wrong_given

CARDS: list[Entry] = [
    *every_kind(),
    *(choice(f"c{n}", topic="x") for n in range(3)),
    *(mixed(f"m{n}", topic="y") for n in range(2)),
    *(flip(f"f{n}", both_ways=True) for n in range(2)),
]
PAST = ("choice", "typed", "c0", "m0", "f0")
SIZE = 15
Said = tuple[str, Certainty | None]  # right, wrong or not known; and how sure

said = st.tuples(st.sampled_from(["right", "wrong", "unknown"]), st.sampled_from([None, *CERTAINTY]))
moves = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), said),
        st.tuples(st.just("answer"), said),
        st.tuples(st.just("go"), st.integers(1, SIZE)),
        st.tuples(st.sampled_from(["flag", "pause", "kill", "tick", "refused"])),
        st.tuples(st.just("time"), st.sampled_from([1, 30, 500])),
    ),
    max_size=40,
)


class Sitting:
    """An exam that is left and taken up again at will. `answers` is what should be in force, by place."""

    def __init__(self, folder: Path, plan: ExamPlan) -> None:
        self.place = Place(folder)
        self.place.write(*CARDS)
        self._open = ExitStack()
        self.desk = self._enter()
        for number, card in enumerate(PAST):
            learned(self.desk.history, card, 1 + number % 4)
        self.place.clock.forward(days=2)
        self.before = self.states()
        self.exam = sit(self.desk, plan)
        self.answers: dict[int, Said] = {}
        self.flags: set[int] = set()

    def _enter(self) -> Desk:
        return self._open.enter_context(self.place.killed())

    def close(self) -> None:
        self._open.close()

    def states(self) -> dict[str, CardState]:
        return {card.id: self.desk.history.state(card.id) for card in self.desk.library.cards()}

    def do(self, what: str, *how: Any) -> None:
        exam = self.exam
        if exam.paused:
            exam.go_on()
        match what:
            case "answer":
                self.answer(exam.number, *how)
            case "go":
                exam.go(min(how[0], exam.size))
            case "flag":
                if exam.tick():  # else the time is up, and nothing is flagged any more
                    self.flags ^= {exam.number}
                    assert exam.flag() == (exam.number in self.flags)
            case "pause":
                exam.pause()
            case "tick":
                exam.tick()
            case "refused":
                if exam.missing():
                    assert not exam.hand_in() or exam.out_of_time
            case "kill":
                self.close()
                self.desk = self._enter()
                self.exam = resumed(self.desk)
                self.same(exam)
            case "time":
                self.place.clock.forward(seconds=how[0])

    def answer(self, number: int, said: Said) -> None:
        question, (what, certainty) = self.exam.at(number).question, said
        given = "" if what == "unknown" else right_given(question) if what == "right" else wrong_given(question)
        if self.exam.answer(given, certainty):
            self.answers[number] = said

    def same(self, before: Exam) -> None:
        """Check that a kill has lost nothing but a little of the clock."""
        now = self.exam
        assert (now.id, now.plan, now.number, now.cells) == (before.id, before.plan, before.number, before.cells)
        for number in range(1, now.size + 1):
            one, other = now.at(number), before.at(number)
            assert (one.card, one.name, one.order) == (other.card, other.name, other.order)
            assert now.reply(number) == before.reply(number)

    def check(self) -> None:
        """Check what holds at every moment before the end."""
        exam = self.exam
        assert set(exam.missing()) == set(range(1, exam.size + 1)) - set(self.answers)
        assert set(exam.flagged()) == self.flags
        counted = {e.id: e for e in in_force(self.desk, exam)}
        replies = [reply for n in self.answers if (reply := exam.reply(n))]
        assert set(counted) == {reply.event for reply in replies}
        assert all(e.rating is None for e in counted.values())
        after = self.states()
        assert all((after[c].memory, after[c].due) == (s.memory, s.due) for c, s in self.before.items())

    def hand_in(self) -> Result:
        """End the exam; self-marked answers are marked as they were meant."""
        assert self.exam.hand_in(confirmed=True)
        while self.exam.stage is Stage.MARKING:
            number = self.exam.to_mark()[0]
            self.exam.mark_own(number, self.answers[number][0] == "right")
        assert self.exam.result is not None
        return self.exam.result


def summed(result: Result) -> list[tuple[str, float, Certainty | None, bool, str | None]]:
    """Return what a result says but for times."""
    return [(q.card, q.mark, q.certainty, q.flagged, q.given) for q in result.questions]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(moves, st.integers(1, 4))
def test_only_the_answers_in_force_at_the_end_count(taken: list[tuple[Any, ...]], seed: int) -> None:
    plan = exam_plan(limit=SIZE, seed=seed)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as another:
        wandering = Sitting(Path(folder), plan)
        try:
            assert wandering.exam.size == SIZE
            for move in taken:
                wandering.do(*move)
                wandering.check()
            if wandering.exam.paused:
                wandering.exam.go_on()
            came = wandering.hand_in()
            after = wandering.states()
            check_end(wandering, came, after)
        finally:
            wandering.close()
        # The same answers, each given once and in the order of the paper, lead to the same.
        straight = Sitting(Path(another), plan)
        try:
            straight.place.clock.at = wandering.place.clock.at
            for number, answer in sorted(wandering.answers.items()):
                straight.exam.go(number)
                straight.answer(number, answer)
            for number in wandering.flags:
                straight.exam.flag(number)
            assert summed(straight.hand_in()) == summed(came)
            assert straight.states() == after
        finally:
            straight.close()


def check_end(sat: Sitting, came: Result, after: dict[str, CardState]) -> None:
    """Check the result against what was answered, the schedule against the result, and the state against replay."""
    for number, scored in enumerate(came.questions, 1):
        what, certainty = sat.answers.get(number, (None, None))
        assert scored.mark == (1.0 if what == "right" else 0.0)
        assert scored.certainty == (None if what in (None, "unknown") else certainty)
        assert (scored.given is None) == (what is None)
        before, now = sat.before[scored.card], after[scored.card]
        if what in ("wrong", "unknown"):
            assert now.due == sat.desk.history.today() + 1
        else:
            assert (now.memory, now.due, now.lapses) == (before.memory, before.due, before.lapses)
        assert now.answers == before.answers + (what is not None)
    assert sum(q.ms for q in came.questions) == came.ms
    asked = {scored.card for scored in came.questions}
    assert all(after[card] == state for card, state in sat.before.items() if card not in asked)
    ratings = {e.card: e.rating for e in in_force(sat.desk, sat.exam)}
    assert {c for c, rating in ratings.items() if rating == Rating.AGAIN} == {
        q.card for q in came.questions if q.mark < PARTLY_FROM and q.given is not None
    }
    assert sound(sat.desk.history)
    (event,) = results(sat.desk)
    assert Result.from_json(event.body) == came
    assert unfinished(sat.desk.history) is None
    assert [a.result for a in attempts([event]).all] == [came]
    sat.exam.hand_in()
    assert len(results(sat.desk)) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves, st.sampled_from([1, 5]))
def test_the_time_limit_holds_whatever_the_learner_does(taken: list[tuple[Any, ...]], minutes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sat = Sitting(Path(folder), exam_plan(limit=SIZE, minutes=minutes, kinds=("choice", "typed", "cloze")))
        try:
            for move in taken:
                if sat.exam.stage is not Stage.OPEN:
                    break
                sat.do(*move)
                assert 0 <= sat.exam.elapsed_ms <= minutes * MINUTE
                left = sat.exam.left_ms
                assert left is not None
                assert left + sat.exam.elapsed_ms == minutes * MINUTE
            came = sat.hand_in()
            assert came.ms <= minutes * MINUTE
            assert came.out_of_time == sat.exam.out_of_time
            assert [q.given is not None for q in came.questions] == [
                n in sat.answers for n in range(1, sat.exam.size + 1)
            ]
            assert len(results(sat.desk)) == 1
            assert sound(sat.desk.history)
        finally:
            sat.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(said, min_size=1, max_size=SIZE), st.integers(0, 3))
def test_a_tutor_leads_to_the_result_and_the_schedule_of_an_exam(answers: list[Said], seed: int) -> None:
    found = []
    for tutor in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            sat = Sitting(Path(folder), exam_plan(limit=SIZE, seed=seed, tutor=tutor))
            try:
                for number, answer in enumerate(answers, 1):
                    sat.exam.go(number)
                    sat.answer(number, answer)
                    reply = sat.exam.reply(number)
                    if tutor and reply and reply.mark is None:
                        assert self_marked(sat.exam.at(number).question)
                        sat.exam.mark_own(number, answer[0] == "right")
                    assert sat.exam.locked(number) is tutor
                came = sat.hand_in()
                check_end(sat, came, sat.states())
                found.append((summed(came), sat.states()))
            finally:
                sat.close()
    assert found[0] == found[1]
