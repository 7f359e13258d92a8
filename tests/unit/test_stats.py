"""What counts as recalled in the numbers of the last days: exams, cases and cramming included."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quiz.desk import Desk
from quiz.memory import StudyDay
from quiz.report.stats import Stats, answers_by_day, stats
from tests.support.desks import Place, choice, give, learned, study


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def of(desk: Desk) -> Stats:
    with closing(desk.history.reader()) as db:
        return stats(db, desk.history.today())


def answered(desk: Desk, card: str, rating: int | None, **body: Any) -> None:
    whole = {"question": "q", "mark": 1.0, "mode": "study", **body}
    assert desk.history.record([desk.history.event("answer", card=card, rating=rating, body=whole)])


@pytest.mark.parametrize(
    ("rating", "body", "recalled", "reviews"),
    [
        (3, {}, 1, 1),
        (1, {}, 0, 1),
        (None, {"mode": "exam"}, 1, 1),  # a right answer in an exam leaves the schedule alone
        (None, {"mode": "exam", "mark": 0.7}, 1, 1),
        (None, {"mode": "exam", "mark": 0.5}, 0, 1),
        (1, {"mode": "exam", "mark": 0.0}, 0, 1),
        (None, {"mode": "cram", "rated": 3}, 1, 0),
        (None, {"mode": "cram", "rated": 1, "mark": 0.0}, 0, 0),
        (None, {"rated": 3}, 1, 0),  # a step of a case
    ],
)
def test_an_answer_is_recalled_by_its_rating_or_else_by_its_mark(
    place: Place, rating: int | None, body: dict[str, Any], recalled: int, reviews: int
) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3)
        place.clock.forward(days=1)
        answered(desk, "c", rating, **body)
        found = of(desk)
        assert (found.days[-1].answers, found.days[-1].recalled) == (1, recalled)
        assert found.retention.reviews == reviews
        assert found.retention.recalled == (recalled if reviews else 0)


def test_the_last_step_of_a_case_is_its_review(place: Place) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3)
        place.clock.forward(days=1)
        answered(desk, "c", None, rated=1, mark=0.0)
        answered(desk, "c", 2)
        assert of(desk).retention.reviews == 1
        assert of(desk).retention.recalled == 1


def test_what_was_crammed_on_a_day_is_no_review_on_it(place: Place) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3)
        place.clock.forward(days=1)
        answered(desk, "c", None, mode="cram", rated=1)
        answered(desk, "c", 3)
        assert of(desk).retention.reviews == 0


def test_answers_are_counted_by_day_and_those_taken_back_are_not(place: Place) -> None:
    place.write(*(choice(f"c{n}") for n in range(4)))
    with place.open() as desk:
        learned(desk.history, "c0", 3, 1)
        today = desk.history.today()
        place.clock.forward(days=2)
        session = study(desk)
        give(session)
        session.undo()
        give(session)
        with closing(desk.history.reader()) as db:
            assert answers_by_day(db, today, StudyDay(today + 2)) == {today: 2, today + 2: 1}
            assert answers_by_day(db, StudyDay(today + 1), StudyDay(today + 1)) == {}
