"""Results: score, topics, certainty marks, what was missed; and the attempts of a set-up, with best, last and trend."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.memory import StudyDay
from quiz.report.attempts import Attempts, attempts, slope
from quiz.store.events import Event
from quiz.study.blueprint import ExamPlan
from quiz.study.rating import CERTAINTY, Certainty
from quiz.study.result import Result, Score, Scored, certainty_mark

START = 1_795_341_600_000  # 2026-11-22 10:00 UTC


def scored(mark: float, topic: str = "x", certainty: Certainty | None = None, card: str = "c") -> Scored:
    return Scored(card, "q", topic, "0", mark, 1000, certainty, False)


def result(*questions: Scored, exam: str = "e1", plan: ExamPlan | None = None) -> Result:
    return Result(exam, plan or ExamPlan(), START, START + 60_000, 60_000, False, questions)


@pytest.mark.parametrize(
    ("mark", "certainty", "earned"),
    [
        (1.0, "low", 1),
        (1.0, "mid", 2),
        (1.0, "high", 3),
        (0.0, "low", 0),
        (0.0, "mid", -2),
        (0.0, "high", -6),
        (1.0, None, 0),
        (0.0, None, 0),
        (0.5, "high", 1.5),
    ],
)
def test_certainty_marks(mark: float, certainty: Certainty | None, earned: float) -> None:
    assert certainty_mark(mark, certainty) == earned


def test_it_pays_to_say_how_sure_one_is() -> None:
    """The mark expected is highest for low below 2 in 3, for mid up to 4 in 5, for high above (Gardner-Medwin 2006)."""

    def best(odds: float) -> Certainty:
        return max(CERTAINTY, key=lambda c: odds * certainty_mark(1, c) + (1 - odds) * certainty_mark(0, c))

    assert [best(odds) for odds in (0.1, 0.65, 0.68, 0.79, 0.81, 0.99)] == ["low", "low", "mid", "mid", "high", "high"]


def test_the_score_by_topic_begins_with_the_weakest() -> None:
    came = result(scored(1, "a"), scored(0, "b"), scored(0.5, "b"), scored(1, "c"), scored(0, "c"), scored(1, ""))
    assert [(s.topic, s.asked, s.right, s.percent) for s in came.topics] == [
        ("b", 2, 0, 25.0),
        ("c", 2, 1, 50.0),
        ("a", 1, 1, 100.0),
        ("other", 1, 1, 100.0),
    ]
    assert (came.score.right, came.score.marks) == (3, 3.5)


@pytest.mark.parametrize(
    ("marks", "pass_mark", "passed"),
    [([1, 1, 1, 0, 0], 60, True), ([1, 1, 1, 0, 0], 61, False), ([1 / 3, 1 / 3, 1 / 3], 33, True), ([0], 0, True)],
)
def test_the_pass_mark(marks: list[float], pass_mark: int, passed: bool) -> None:
    assert result(*map(scored, marks), plan=ExamPlan(pass_mark=pass_mark)).passed is passed


def test_sums_of_fractions_that_make_the_pass_mark_pass() -> None:
    assert Score("", 30, 0, sum([0.2] * 30)).reaches(20)


@pytest.mark.parametrize(("mark", "missed"), [(0.0, True), (0.59, True), (0.6, False), (1.0, False)])
def test_what_was_missed_is_what_would_not_count_as_recalled(mark: float, missed: bool) -> None:
    assert result(scored(mark)).missed == (("c",) if missed else ())


def test_the_missed_cards_can_be_studied_whenever_they_are_due() -> None:
    plan = result(scored(0, card="a"), scored(1, card="b"), scored(0, card="c")).study_missed(seed=4)
    assert (plan.scope, plan.limit, plan.mode, plan.seed) == (Scope(cards=("a", "c")), 2, "cram", 4)


certainties = st.sampled_from([None, *CERTAINTY])
questions = st.lists(
    st.builds(
        Scored,
        card=st.text(max_size=4),
        question=st.text(max_size=4),
        topic=st.sampled_from(["", "x", "y"]),
        given=st.none() | st.text(max_size=4),
        mark=st.floats(0, 1),
        ms=st.integers(0, 10**7),
        certainty=certainties,
        flagged=st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


@given(questions, st.integers(0, 4 * 10**12), st.booleans())
def test_a_result_survives_json(asked: list[Scored], ended: int, out_of_time: bool) -> None:
    came = replace(result(*asked), ended=ended, out_of_time=out_of_time)
    assert Result.from_json(json.loads(json.dumps(came.as_json()))) == came


@given(questions)
def test_the_topics_add_up_to_the_whole(asked: list[Scored]) -> None:
    came = result(*asked)
    assert sum(s.asked for s in came.topics) == came.score.asked == len(asked)
    assert sum(s.right for s in came.topics) == came.score.right
    assert sum(s.marks for s in came.topics) == pytest.approx(came.score.marks)
    assert 0 <= came.score.percent <= 100


# -- attempts ---------------------------------------------------------------------------------------------------------


def sat(*percents: int, plan: ExamPlan | None = None) -> list[Event]:
    """Return the events of exams with 100 questions, so many of them right, one on each day."""
    events = []
    for number, percent in enumerate(percents):
        asked = [scored(1.0 if i < percent else 0.0) for i in range(100)]
        body = result(*asked, exam=f"e{number}-{plan}", plan=plan or ExamPlan(seed=number)).as_json()
        events.append(Event(f"{number}", "session", START + number, 0, StudyDay(20_000 + number), body=body))
    return events


@pytest.mark.parametrize(
    ("percents", "best", "last", "trend"),
    [
        ([], None, None, None),
        ([70], 70, 70, None),
        ([50, 60, 70], 70, 70, "rising"),
        ([70, 60, 50], 70, 50, "falling"),
        ([60, 61, 60], 61, 60, "steady"),
        ([95, 20, 30, 40, 50, 60], 95, 60, "rising"),
    ],
)
def test_best_last_and_trend(percents: list[int], best: int | None, last: int | None, trend: str | None) -> None:
    found = attempts(sat(*percents))
    assert (found.best and found.best.percent, found.last and found.last.percent, found.trend) == (best, last, trend)


def test_attempts_at_another_set_up_are_told_apart() -> None:
    mine, other = ExamPlan(limit=100, minutes=30), ExamPlan(limit=100)
    found = attempts([*sat(50, 70, plan=mine), *sat(90, plan=other)])
    assert [a.percent for a in found.of(replace(mine, seed=77)).all] == [50, 70]
    assert [a.percent for a in found.of(other).all] == [90]
    assert len(found.all) == 3


def test_an_exam_handed_in_on_two_devices_counts_once() -> None:
    event = sat(80)[0]
    assert len(attempts([event, replace(event, id="other", device="b")]).all) == 1


@pytest.mark.parametrize("body", [{}, {"refresher": 1}, {"exam": "x"}, {"exam": "x", "plan": 3}])
def test_other_sessions_are_passed_over(body: dict[str, object]) -> None:
    assert attempts([Event("1", "session", START, 0, StudyDay(1), body=body)]) == Attempts(())


def test_attempts_are_told_as_json() -> None:
    told = attempts(sat(50, 60)).as_json()
    assert json.loads(json.dumps(told)) == told
    assert (told["best"], told["last"], told["trend"], told["slope"]) == (60.0, 60.0, "rising", 10.0)
    assert [a["day"] for a in told["attempts"]] == ["2024-10-04", "2024-10-05"]
    assert told["attempts"][0]["percent"] == 50.0


@given(st.floats(-50, 50), st.floats(0, 100), st.integers(2, 9))
def test_the_slope_of_a_straight_line_is_its_own(step: float, first: float, count: int) -> None:
    assert slope([first + step * i for i in range(count)]) == pytest.approx(step, abs=1e-6)
