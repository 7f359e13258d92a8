"""Said 90 %, was right in 87 %: which answers count, what the model said of them, and the numbers made of it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.memory import Memory, StudyDay, recall
from quiz.memory.exam import expected_on
from quiz.memory.shift import BOUND, shift_of, shifted
from quiz.report.model_calibration import (
    FEWEST,
    FEWEST_CORRECTED,
    FIT,
    Answer,
    Bin,
    ModelCalibration,
    corrected,
    correction,
    correction_in_words,
    in_words,
    judged,
    measured,
    model_calibration,
    predicted,
)
from quiz.report.towards import standing
from quiz.study.rating import Certainty
from tests.support.desks import Place, choice, flip, give, kept_states, learned, study, typed
from tests.support.logs import DAY_MS, FORGETFUL, NOON, drawn_log, take_in


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def of(desk: Desk, most: int = 1000) -> list[Answer]:
    with closing(desk.history.reader()) as db:
        return predicted(db, desk.history.today(), most=most)


def said(answers: int, right: int, recall: float = 0.9) -> list[Answer]:
    return [Answer(recall, 0.0, i < right, 5, StudyDay(0)) for i in range(answers)]


# -- which answers count ----------------------------------------------------------------------------------------------


def test_the_first_answer_of_a_later_day_counts_with_what_the_model_said(place: Place) -> None:
    place.write(flip("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3, 1, 3)
        assert of(desk) == []
        memory = desk.history.state("c").memory
        place.clock.forward(days=4)
        learned(desk.history, "c", 1, 3)
        (answer,) = of(desk)
    assert memory is not None
    assert answer == Answer(recall(memory, StudyDay(memory.day + 4)), 0.0, False, 4, StudyDay(memory.day + 4), "c")


@pytest.mark.parametrize(
    ("rating", "body", "counted"),
    [
        (3, {"mode": "study"}, 1),
        (1, {"mode": "refresher"}, 1),
        (1, {"mode": "exam"}, 0),  # of an exam only what is wrong moves the schedule
        (None, {"mode": "cram", "rated": 3}, 0),
        (None, {"mode": "study", "rated": 3}, 0),  # a step of a case
    ],
)
def test_only_what_moves_the_schedule_and_would_whichever_way_it_went_counts(
    place: Place, rating: int | None, body: dict[str, Any], counted: int
) -> None:
    place.write(flip("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3)
        place.clock.forward(days=3)
        whole = {"question": "q", "mark": 1.0, **body}
        assert desk.history.record([desk.history.event("answer", card="c", rating=rating, body=whole)])
        assert len(of(desk)) == counted


@pytest.mark.parametrize(("mode", "counted"), [("exam", 0), ("cram", 0), ("study", 1)])
def test_what_was_shown_earlier_that_day_is_no_test_of_the_memory(place: Place, mode: str, counted: int) -> None:
    place.write(flip("c"))
    with place.open() as desk:
        learned(desk.history, "c", 3)
        place.clock.forward(days=3)
        body = {"question": "q", "mark": 1.0, "mode": mode}
        assert desk.history.record([desk.history.event("answer", card="c", body=body)])
        learned(desk.history, "c", 3)
        assert len(of(desk)) == counted


def test_what_was_taken_back_and_what_was_reset_is_left_out(place: Place) -> None:
    place.write(flip("c"), flip("d"))
    with place.open() as desk:
        for card in ("c", "d"):
            learned(desk.history, card, 3)
        place.clock.forward(days=3)
        (event,) = learned(desk.history, "c", 1)
        learned(desk.history, "d", 3)
        assert [answer.right for answer in of(desk)] == [False, True]
        assert desk.history.record([desk.history.event("undo", card="c", target=event.id)])
        assert [answer.right for answer in of(desk)] == [True]
        assert desk.history.record([desk.history.event("reset", card="d")])
        assert of(desk) == []


def test_only_the_newest_answers_are_looked_at(place: Place) -> None:
    place.write(flip("c"), flip("d"))
    with place.open() as desk:
        for card in ("c", "d"):
            learned(desk.history, card, 3)
        for card in ("c", "d", "d"):
            place.clock.forward(days=3)
            learned(desk.history, card, 3)
        assert len(of(desk)) == 3
        assert len(of(desk, most=2)) == 2
        place.clock.forward(days=400)
        assert of(desk) == []


@pytest.mark.parametrize(
    ("right", "certainty", "luck"),
    [(True, None, 0.25), (False, None, 0.25), (True, "mid", 0.25), (True, "high", 0.0), (False, "low", 0.0)],
)
def test_a_pick_may_be_luck_unless_the_learner_said_how_sure(
    place: Place, right: bool, certainty: Certainty | None, luck: float
) -> None:
    place.write(choice("c"))
    with place.open() as desk:
        give(study(desk))
        place.clock.forward(days=9)
        give(study(desk), right, certainty)
        (answer,) = of(desk)
    assert (answer.luck, answer.right) == (luck, right)


def test_what_is_typed_is_never_luck(place: Place) -> None:
    place.write(typed("c"))
    with place.open() as desk:
        give(study(desk))
        place.clock.forward(days=9)
        give(study(desk), right=False)
        (answer,) = of(desk)
    assert (answer.luck, answer.right) == (0.0, False)


# -- the numbers ------------------------------------------------------------------------------------------------------


def test_without_answers_nothing_is_said() -> None:
    found = measured([])
    assert (found.answers, found.log_loss, found.rmse, found.shift) == (0, None, None, 0.0)
    assert in_words(found.whole) == "no answers yet"
    assert found.as_json()["said"] is None


def test_the_numbers_are_those_worked_out_by_hand() -> None:
    found = measured([*said(8, 6, 0.9), *said(2, 1, 0.6)])
    assert found.whole.said == pytest.approx(0.84)
    assert found.whole.right == 7
    assert [(each.low, each.answers, each.right) for each in found.bins if each.answers] == [(0.5, 2, 1), (0.9, 8, 6)]
    assert found.rmse == pytest.approx(math.sqrt((8 * 0.15**2 + 2 * 0.1**2) / 10))
    by_hand = -(6 * math.log(0.9) + 2 * math.log(0.1) + math.log(0.6) + math.log(0.4)) / 10
    assert found.log_loss == pytest.approx(by_hand)


def test_it_is_told_in_words() -> None:
    found = measured(said(412, 358))
    assert in_words(found.whole) == "said 90 %, was right in 87 % of 412 (likely 83 to 90 %)"
    assert in_words(measured(said(4, 3)).whole) == "said 90 %, was right in 75 % of 4 (too few to tell)"


@pytest.mark.parametrize(
    ("answers", "right", "words"),
    [
        (FEWEST - 1, 1, "After 10 reviews"),
        (100, 90, "The forecast fits."),
        (400, 300, "You recall less than it says."),
        (100_000, 88_500, "The forecast fits."),
        (400, 395, "You recall more than it says."),
    ],
)
def test_it_is_judged_only_where_the_answers_tell(answers: int, right: int, words: str) -> None:
    assert judged(measured(said(answers, right))).startswith(words)


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.25, 0.5]), st.booleans(), st.integers(1, 60))))
@example([(0.6, 0.25, False, 1)] * 3)
def test_every_answer_stands_in_one_bin_and_is_young_or_mature(given: list[tuple[float, float, bool, int]]) -> None:
    found: ModelCalibration = measured(Answer(*each, StudyDay(1)) for each in given)
    assert sum(each.answers for each in found.bins) == found.answers == len(given)
    assert found.young.answers + found.mature.answers == len(given)
    assert all(isinstance(each, Bin) and each.low <= each.said <= each.high for each in found.bins if each.answers)
    assert -BOUND <= found.shift <= BOUND
    if given:
        assert found.log_loss is not None
        assert math.isfinite(found.log_loss)


# -- the correction ---------------------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.floats(-BOUND, BOUND))
def test_a_shift_keeps_odds_within_0_and_1_in_order_and_can_be_taken_back(odds: float, shift: float) -> None:
    moved = shifted(odds, shift)
    assert 0 <= moved <= 1
    assert (moved >= odds - 1e-12) if shift >= 0 else (moved <= odds + 1e-12)
    assert shifted(moved, -shift) == pytest.approx(odds, abs=1e-9)


def test_few_answers_move_little_and_many_bring_out_the_truth() -> None:
    dice = random.Random(5)

    def picks(answers: int) -> list[tuple[float, float, bool]]:
        odds = [(dice.uniform(0.6, 0.97), dice.choice([0.0, 0.25])) for _ in range(answers)]
        return [(r, g, dice.random() < g + (1 - g) * shifted(r, -0.5)) for r, g in odds]

    assert shift_of(picks(20_000)) == pytest.approx(-0.5, abs=0.05)
    assert abs(shift_of([(0.9, 0.0, False)])) < 0.25
    assert shift_of([]) == 0.0
    assert shift_of([(0.99, 0.0, False)] * 500) == -BOUND


def drawn(seed: int, answers: int, truth: Callable[[float, int], float]) -> list[Answer]:
    """Answers over many days; `truth` makes the true recall of the one said, on a day from 0 to 99."""
    dice = random.Random(seed)
    odds = [(dice.uniform(0.7, 0.97), 100 * number // answers) for number in range(answers)]
    return [Answer(r, 0.0, dice.random() < truth(r, day), 5, StudyDay(day)) for r, day in odds]


@pytest.mark.parametrize("off", [-0.7, 0.5])
def test_a_level_that_is_off_is_corrected_and_what_comes_then_fits_better(off: float) -> None:
    known, to_come = (measured(drawn(seed, 1500, lambda r, _: shifted(r, off))) for seed in (1, 2))
    assert off * known.shift > 0
    after = measured(corrected(drawn(2, 1500, lambda r, _: shifted(r, off)), known.shift))
    assert to_come.log_loss is not None
    assert after.log_loss is not None
    assert after.log_loss < to_come.log_loss
    assert after.rmse is not None
    assert to_come.rmse is not None
    assert after.rmse < 0.8 * to_come.rmse


def test_a_level_that_goes_up_and_down_is_not_followed() -> None:
    assert correction(drawn(1, 1500, lambda r, day: shifted(r, 0.8 if day // 20 % 2 else -0.8))) == 0.0


@pytest.mark.parametrize("answers", [0, 1, FEWEST_CORRECTED - 1])
def test_few_answers_leave_the_level_alone(answers: int) -> None:
    assert correction(drawn(1, answers, lambda r, _: r / 9)) == 0.0


def test_the_correction_is_told_where_it_is_a_point_or_more() -> None:
    found = measured(drawn(1, 1500, lambda r, _: shifted(r, -0.7)))
    now = round(100 * shifted(0.9, found.shift))
    said = f"The outlook for an exam is corrected by the newest 500: 90 % becomes {now} %. {FIT}"
    assert correction_in_words(found) == said
    assert correction_in_words(measured([])) == ""


def test_what_is_expected_on_a_day_is_corrected_card_by_card() -> None:
    day = StudyDay(100)
    memories = [Memory(stability, 5.0, StudyDay(90)) for stability in (3.0, 20.0, 80.0)]
    plain = expected_on(day, memories, 1)
    for shift in (-0.5, 0.5):
        found = expected_on(day, memories, 1, shift=shift)
        assert found.share == pytest.approx(sum(shifted(recall(m, day), shift) for m in memories) / 4)
        assert (found.share > plain.share) == (shift > 0)
    assert expected_on(day, memories, 1, shift=0.0) == plain


def test_the_corrected_level_is_what_an_exam_day_is_told_with(tmp_path: Path) -> None:
    place = Place(tmp_path)
    log = drawn_log("a", FORGETFUL, 400, 100)
    place.write(*(flip(f"card-{number:05d}") for number in range(400)))
    with place.open() as desk:
        place.clock.at = take_in(desk.history, log) * DAY_MS + NOON
        today = desk.history.today()
        with closing(desk.history.reader()) as db:
            model = model_calibration(db, today)
            ahead = standing(db, Scope(), today, today, StudyDay(today + 20), 0.0, 0.9)
        memories = [state.memory for state in kept_states(desk.history).values() if state.memory is not None]
    assert model.shift < -0.1
    assert ahead.idle == expected_on(StudyDay(today + 20), memories, ahead.unseen, shift=model.shift)
    assert ahead.idle.share < expected_on(StudyDay(today + 20), memories, ahead.unseen).share


def test_no_correction_goes_against_the_answers_on_the_whole() -> None:
    """Guesses that fail say little of the memory, and may stand against few answers that say much of it."""
    dice = random.Random(3)
    answers = []
    for number in range(1000):
        recall, luck, true = (0.6, 0.0, 0.8) if number % 4 == 0 else (0.05, 0.25, 0.1)
        answers.append(Answer(recall, luck, dice.random() < true, 5, StudyDay(number // 10)))
    assert shift_of((a.recall, a.luck, a.right) for a in answers) > 0.1
    found = measured(answers)
    assert judged(found) == "You recall less than it says."
    assert (found.shift, correction_in_words(found)) == (0.0, "")


def test_the_greatest_correction_is_told_as_such() -> None:
    found = measured(drawn(1, 1500, lambda *_: 0.4))
    said = "The outlook for an exam is corrected by the newest 500: 90 % becomes 77 %; it is never corrected by more."
    assert correction_in_words(found) == f"{said} {FIT}"
