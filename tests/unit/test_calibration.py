"""Said sure, was right: the interval, the levels, what is said of them, and what is counted."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.cli.main import main
from quiz.desk import Desk
from quiz.memory import Rating
from quiz.report.calibration import (
    FEWEST,
    SPAN,
    Calibration,
    Level,
    calibration,
    in_words,
    mark_in_words,
    pays,
    tabled,
    wilson,
)
from quiz.study.exam import begin
from quiz.study.paper import draw
from quiz.study.rating import CERTAINTY, Certainty
from tests.support.desks import Place, choice, give, learned, study
from tests.support.exams import exam_plan, reply


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def of(desk: Desk) -> Calibration:
    with closing(desk.history.reader()) as db:
        return calibration(db, desk.history.today())


def counts(found: Calibration) -> dict[str, tuple[int, int]]:
    return {level.certainty: (level.answers, level.right) for level in found.levels}


def level(certainty: Certainty, right: int, answers: int) -> Level:
    return Level(certainty, answers, right, answers - right, float(right))


# -- the interval -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "answers", "least", "most"),
    [
        # Newcombe 1998, Stat Med 17:857-872, table I, method 3 (the score method)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_that_of_the_literature(right: int, answers: int, least: float, most: float) -> None:
    assert wilson(right, answers) == pytest.approx((least, most), abs=5e-5)


shares = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares)
def test_the_interval_holds_the_share_and_lies_within_0_and_1(share: tuple[int, int]) -> None:
    right, answers = share
    least, most = wilson(right, answers)
    assert 0 <= least <= right / answers <= most <= 1
    assert least < most


@given(shares)
def test_the_interval_of_what_was_wrong_is_its_mirror(share: tuple[int, int]) -> None:
    right, answers = share
    least, most = wilson(right, answers)
    assert wilson(answers - right, answers) == pytest.approx((1 - most, 1 - least))


@given(shares)
def test_more_answers_make_the_interval_narrower(share: tuple[int, int]) -> None:
    right, answers = share
    few, many = wilson(right, answers), wilson(right * 4, answers * 4)
    assert many[1] - many[0] < few[1] - few[0]


@given(shares.filter(lambda share: share[0] < share[1]))
def test_one_more_right_moves_the_interval_up(share: tuple[int, int]) -> None:
    right, answers = share
    assert all(
        before <= after for before, after in zip(wilson(right, answers), wilson(right + 1, answers), strict=True)
    )


# -- the levels -------------------------------------------------------------------------------------------------------


def test_between_which_shares_a_level_pays_follows_from_its_marks() -> None:
    assert pays("low") == pytest.approx((0, 2 / 3))
    assert pays("mid") == pytest.approx((2 / 3, 0.8))
    assert pays("high") == pytest.approx((0.8, 1))


@given(shares, st.sampled_from(CERTAINTY))
def test_the_level_that_pays_is_the_one_that_would_have_earned_most(share: tuple[int, int], stated: Certainty) -> None:
    found = level(stated, *share)
    floor, ceiling = pays(found.best)
    assert floor - 1e-9 <= share[0] / share[1] <= ceiling + 1e-9
    assert found.earned_as(found.best) >= found.earned - 1e-9


@pytest.mark.parametrize(
    ("certainty", "right", "answers", "earned", "best", "said"),
    [
        ("high", 9, 9, 3.0, "high", "too few answers to tell"),
        ("high", 10, 10, 3.0, "high", "what you say fits"),
        ("high", 50, 100, -1.5, "low", "you are surer than you are right - “a guess” would have earned +0.5"),
        ("high", 70, 100, 0.3, "mid", "you are surer than you are right - “fairly sure” would have earned +0.8"),
        ("high", 78, 100, 1.02, "mid", "more answers will tell"),
        ("mid", 75, 100, 1.0, "mid", "what you say fits"),
        ("mid", 96, 100, 1.84, "high", "you know more than you think - “sure” would have earned +2.6"),
        ("mid", 40, 100, -0.4, "low", "you are surer than you are right - “a guess” would have earned +0.4"),
        ("low", 0, 100, 0.0, "low", "what you say fits"),
        ("low", 100, 100, 1.0, "high", "you know more than you think - “sure” would have earned +3.0"),
    ],
)
def test_what_is_said_of_a_level_is_honest(
    certainty: Certainty, right: int, answers: int, earned: float, best: str, said: str
) -> None:
    found = level(certainty, right, answers)
    assert found.earned == pytest.approx(earned)
    assert found.best == best
    assert in_words(found).endswith(f"marks each: {said}")


def test_a_level_is_told_in_a_line() -> None:
    told = "40 answers, 36 right (90 %, likely 77 to 96 %), +2.1 marks each: what you say fits"
    assert in_words(level("high", 36, 40)) == told
    assert in_words(Level("low")) == "no answers yet"
    assert [mark_in_words(mark) for mark in (1.25, -0.44, -6, 0.04, -0.04)] == ["+1.2", "−0.4", "−6.0", "0", "0"]


def test_a_part_mark_earns_its_part_and_is_neither_right_nor_wrong() -> None:
    (_, _, sure) = tabled([("high", 1.0, 2), ("high", 0.5, 2), ("high", 0.0, 1)]).levels
    assert (sure.answers, sure.right, sure.wrong) == (5, 2, 1)
    assert sure.earned == pytest.approx((3 * 2 + 1.5 * 2 - 6) / 5)


@given(st.lists(st.tuples(st.sampled_from([*CERTAINTY, None, "odd"]), st.sampled_from([0.0, 0.5, 1.0, None]))))
def test_every_answer_with_a_certainty_is_counted_once(answers: list[tuple[str | None, float | None]]) -> None:
    found = tabled((certainty, mark, 1) for certainty, mark in answers)
    assert found.answers == sum(c in CERTAINTY and m is not None for c, m in answers)
    for each in found.levels:
        assert each.right == answers.count((each.certainty, 1.0))
        assert each.wrong == answers.count((each.certainty, 0.0))
    assert (found.earned is None) == (found.answers == 0)


# -- what is counted --------------------------------------------------------------------------------------------------


def test_first_tries_of_the_last_180_days_count(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(5)))
    with place.open() as desk:
        place.clock.forward(days=-SPAN)
        learned(desk.history, "c0", 3, certainty="high")  # a day too old
        place.clock.forward(days=1)
        learned(desk.history, "c1", 3, certainty="high")
        place.clock.forward(days=SPAN)
        learned(desk.history, "c2", 3, certainty="high")  # of tomorrow: the clock was ahead
        place.clock.forward(days=-1)
        learned(desk.history, "c3", 1, certainty="low")
        learned(desk.history, "c3", 3, certainty="high", retry=True)
        learned(desk.history, "c4", 3)
        assert counts(of(desk)) == {"low": (1, 0), "mid": (0, 0), "high": (1, 1)}


def test_what_was_taken_back_does_not_count_and_a_corrected_answer_counts_once(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(4)))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False, certainty="high")
        session.undo()
        give(session, certainty="mid")
        session.rate(Rating.EASY)
        assert counts(of(desk)) == {"low": (0, 0), "mid": (1, 1), "high": (0, 0)}


def test_a_failed_card_that_comes_back_counts_at_its_first_try_alone(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(5)))
    with place.open() as desk:
        session = study(desk)
        give(session, right=False, certainty="high")
        session.next()
        while session.shown is not None:
            give(session, certainty="high")
            session.next()
        assert counts(of(desk))["high"] == (5, 4)


def test_the_answers_of_an_exam_count_as_they_stood_at_its_end(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(3)))
    with place.open() as desk:
        plan = exam_plan(limit=3)
        exam = begin(desk.history, plan, draw(desk.library, plan, desk.history.state))
        reply(exam, True, "low")
        reply(exam, False, "high")  # changed
        exam.go(2)
        reply(exam, True, "mid")
        exam.hand_in(confirmed=True)
        assert counts(of(desk)) == {"low": (0, 0), "mid": (1, 1), "high": (1, 0)}


def test_an_answer_that_only_quotes_a_certainty_states_none(place: Place) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3, given='"certainty":"high"')
        assert of(desk).answers == 0


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def said(place: Place, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what `quiz stats` prints on this place."""

    def run(*argv: str) -> str:
        where = ["--home", str(place.paths.home), "--decks", str(place.decks)]
        assert main(["stats", *where, *argv], place.clock) == 0
        return capsys.readouterr().out

    return run


def test_stats_tell_the_table(place: Place, said: Any) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        for _ in range(FEWEST):
            learned(desk.history, "c", 3, certainty="high")
        learned(desk.history, "c", 1, certainty="low")
    assert said().splitlines()[-4:] == [
        "How sure you were, and how right, in the last 180 days",
        "  said “a guess”: 1 answer, 0 right (0 %, likely 0 to 79 %), 0 marks each: too few answers to tell",
        "  said “fairly sure”: no answers yet",
        "  said “sure”: 10 answers, 10 right (100 %, likely 72 to 100 %), +3.0 marks each: what you say fits",
    ]
    found = json.loads(said("--json"))["calibration"]
    assert (found["days"], found["answers"]) == (180, 11)
    assert found["marks_per_answer"] == pytest.approx(30 / 11, abs=1e-4)
    low, mid, high = found["levels"]
    assert (low["certainty"], low["answers"], low["right"], low["best"]) == ("low", 1, 0, "low")
    assert mid["share"] is mid["likely"] is mid["marks_per_answer"] is mid["best"] is None
    assert high["likely"] == [pytest.approx(0.7225, abs=1e-4), 1.0]
    assert [each["judgement"] for each in (low, mid, high)] == ["too_few", "too_few", "fits"]


def test_stats_are_silent_about_certainty_where_none_was_stated(place: Place, said: Any) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3)
    assert "How sure" not in said()
    assert json.loads(said("--json"))["calibration"]["answers"] == 0
