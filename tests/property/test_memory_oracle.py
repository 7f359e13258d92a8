"""The memory model against py-fsrs, and laws that hold for every history."""

import math
import random
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import fsrs
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.memory import (
    DEFAULT_PARAMS,
    STABILITY_MAX,
    STABILITY_MIN,
    Memory,
    Params,
    Rating,
    StudyDay,
    bulk,
    date_of,
    due_day,
    due_window,
    fuzzed_interval,
    interval,
    knew_odds,
    preview,
    recall,
    replay,
    step,
    study_day,
    whole_interval,
)
from quiz.memory.bulk import Standing, replay_states

Rated = tuple[int, Rating]  # days since the answer before, rating
Answer = tuple[int, Rating, float]  # the same, and the chance that it was luck
Dated = tuple[int, int, float]  # study day, rating, chance: as `replay` takes them

DAY0 = StudyDay(20_000)

kinds_of_gap = ((0, 0), (1, 3), (4, 60), (61, 1_500), (-3, -1))
gaps = st.one_of(*(st.integers(least, most) for least, most in kinds_of_gap))
ratings = st.sampled_from(Rating)
retentions = st.floats(0.7, 0.97)
bounds = zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
weights = st.tuples(*(st.floats(low, high) for low, high in bounds))
any_params = weights.map(Params)
histories = st.lists(st.tuples(gaps, ratings), min_size=2, max_size=12)
chances = st.sampled_from([0.0, 0.0, 1 / 2, 1 / 4, 1 / 5])
answered = st.lists(st.tuples(gaps, ratings, chances), min_size=1, max_size=12)
memories = st.builds(Memory, st.floats(STABILITY_MIN, STABILITY_MAX), st.floats(1.0, 10.0), st.just(DAY0))
maybe_memories = st.one_of(st.none(), memories)
doubts = st.floats(0.0, 1.0)


def noon(day: StudyDay) -> datetime:
    return datetime.combine(date_of(day), time(12), UTC)


def dated(history: list[Answer]) -> list[Dated]:
    day, answers = int(DAY0), []
    for gap, rating, chance in history:
        day += gap
        answers.append((day, int(rating), chance))
    return answers


def by_steps(answers: list[Dated], params: Params) -> Memory | None:
    """What `replay` is defined as, one answer after the other."""
    memory: Memory | None = None
    for number, rating, chance in answers:
        day = StudyDay(number)
        knew = knew_odds(memory, day, round(1 / chance), params) if chance else 1.0
        memory = step(memory, Rating(rating), day, params, knew=knew)
    return memory


def rises(values: list[float]) -> bool:
    """Whether none is less than the one before it, but for rounding."""
    return all(one <= other * (1 + 1e-12) for one, other in pairwise(values))


def agrees_with_py_fsrs(history: list[Rated], params: Params, retention: float) -> None:
    """py-fsrs, fed noon of the study day, without steps and fuzz, holds the same states and due days."""
    scheduler = fsrs.Scheduler(params.weights, retention, (), (), enable_fuzzing=False)
    card, memory, day = fsrs.Card(card_id=1), None, DAY0
    for gap, rating in history:
        day = StudyDay(day + gap)
        memory = step(memory, rating, day, params)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), noon(day))
        assert card.stability is not None
        assert card.difficulty is not None
        if card.stability > STABILITY_MAX:
            # Its stability knows no upper bound; given ours, it goes on as we do. Its interval was for more.
            card.stability = STABILITY_MAX
        else:
            assert whole_interval(memory.stability, retention, params) == (card.due - noon(day)).days
        assert math.isclose(memory.stability, card.stability, rel_tol=1e-12)
        assert math.isclose(memory.difficulty, card.difficulty, rel_tol=1e-12)
        later = StudyDay(day + 17)
        assert math.isclose(
            recall(memory, later, params), scheduler.get_card_retrievability(card, noon(later)), rel_tol=1e-12
        )


@settings(max_examples=2_000, deadline=None)
@given(histories, retentions)
def test_default_weights_agree_with_py_fsrs(history: list[Rated], retention: float) -> None:
    agrees_with_py_fsrs(history, DEFAULT_PARAMS, retention)


@settings(max_examples=1_000, deadline=None)
@given(histories, any_params, retentions)
def test_any_weights_agree_with_py_fsrs(history: list[Rated], params: Params, retention: float) -> None:
    agrees_with_py_fsrs(history, params, retention)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(answered, min_size=1, max_size=6),
    st.one_of(st.just(DEFAULT_PARAMS), any_params),
    st.integers(0, 2**32),
)
def test_bulk_replay_equals_the_steps_exactly_however_cards_are_mixed(
    histories: list[list[Answer]], params: Params, seed: int
) -> None:
    dice = random.Random(seed)
    by_card = {f"card-{number}": dated(history) for number, history in enumerate(histories)}
    waiting = {card: list(answers) for card, answers in by_card.items()}
    rows: list[tuple[str, list[bulk.Rated]]] = [("card-0", [])]
    while waiting:
        card = dice.choice(sorted(waiting))
        some = dice.randint(1, len(waiting[card]))
        rows.append((card, [(*answer, 0.9) for answer in waiting[card][:some]]))
        del waiting[card][:some]
        if not waiting[card]:
            del waiting[card]
    expected = {card: (by_steps(answers, params), len(answers)) for card, answers in by_card.items()}
    standings = replay_states(rows, params)
    assert {card: (standing.memory, standing.answers) for card, standing in standings.items()} == expected
    assert {card: replay(answers, params) for card, answers in by_card.items()} == {
        card: memory for card, (memory, _) in expected.items()
    }
    cut = dice.randrange(len(rows) + 1)
    earlier: dict[str, Standing] = replay_states(rows[:cut], params)
    assert earlier | replay_states(rows[cut:], params, earlier) == standings


@settings(max_examples=300, deadline=None)
@given(answered, st.randoms(use_true_random=False))
def test_answers_in_any_order_replay_alike_once_sorted(history: list[Answer], dice: random.Random) -> None:
    answers = dated([(abs(gap), rating, chance) for gap, rating, chance in history])
    arrived = list(enumerate(answers))
    dice.shuffle(arrived)
    in_order = [answer for _, answer in sorted(arrived, key=lambda item: (item[1][0], item[0]))]
    assert replay(in_order) == by_steps(answers, DEFAULT_PARAMS)


@given(memories, st.integers(0, 10**6), st.integers(1, 1_000))
def test_recall_falls_with_every_day(memory: Memory, elapsed: int, more: int) -> None:
    sooner = recall(memory, StudyDay(DAY0 + elapsed))
    later = recall(memory, StudyDay(DAY0 + elapsed + more))
    assert 0.0 < later < sooner <= 1.0


@settings(max_examples=400)
@given(memories, st.integers(0, 20_000))
def test_a_better_rating_leaves_more_stability_and_less_difficulty(memory: Memory, elapsed: int) -> None:
    again, hard, good, easy = (step(memory, rating, StudyDay(DAY0 + elapsed)) for rating in Rating)
    assert again.stability < hard.stability <= good.stability <= easy.stability or (
        memory.stability == STABILITY_MIN and elapsed == 0
    )
    assert again.difficulty >= hard.difficulty >= good.difficulty >= easy.difficulty
    if elapsed:
        assert again.stability <= memory.stability <= hard.stability


@settings(max_examples=300)
@given(memories, any_params, st.integers(-10, 10**7), ratings, doubts)
def test_states_stay_within_their_bounds_for_any_weights(
    memory: Memory, params: Params, elapsed: int, rating: Rating, knew: float
) -> None:
    day = StudyDay(DAY0 + elapsed)
    after = step(memory, rating, day, params, knew=knew)
    assert STABILITY_MIN <= after.stability <= STABILITY_MAX
    assert 1.0 <= after.difficulty <= 10.0
    assert after.day == day


@settings(max_examples=300)
@given(maybe_memories, st.integers(0, 5_000), ratings, doubts, doubts)
def test_the_surer_the_more_stable(
    memory: Memory | None, elapsed: int, rating: Rating, one: float, other: float
) -> None:
    day = StudyDay(DAY0 + elapsed)
    less, more = (step(memory, rating, day, knew=knew) for knew in sorted((one, other)))
    known, lost = step(memory, rating, day), step(memory, Rating.AGAIN, day)
    assert rises([lost.stability, less.stability, more.stability, known.stability])
    assert rises([known.difficulty, more.difficulty, less.difficulty, lost.difficulty])


@given(maybe_memories, st.integers(1, 20_000), st.integers(2, 9))
def test_more_options_make_luck_less_likely(memory: Memory | None, elapsed: int, options: int) -> None:
    day = StudyDay(DAY0 + elapsed)
    recalled = 0.76 if memory is None else recall(memory, day)
    assert recalled < knew_odds(memory, day, options) < knew_odds(memory, day, options + 1) < 1.0


@given(memories, any_params, st.floats(0.05, 0.99))
def test_interval_is_the_inverse_of_recall(memory: Memory, params: Params, retention: float) -> None:
    days = interval(memory.stability, retention, params)
    sooner = recall(memory, StudyDay(DAY0 + math.floor(days)), params)
    later = recall(memory, StudyDay(DAY0 + math.ceil(days)), params)
    assert later * (1 - 1e-9) <= retention <= sooner * (1 + 1e-9)


@given(st.floats(0.01, 60_000.0), st.floats(0.0, 100.0), st.text(max_size=20), st.integers(0, 10**6))
def test_fuzz_stays_in_its_window_and_in_order(days: float, more: float, card: str, answers: int) -> None:
    shorter, longer = (fuzzed_interval(d, card, answers) for d in (days, days + more))
    first, last = due_window(days)
    assert 1 <= first <= shorter <= last <= 36_500
    assert first <= min(max(1, round(days)), 36_500) <= last
    assert shorter <= longer
    assert shorter == fuzzed_interval(days, card, answers)


@settings(max_examples=300)
@given(maybe_memories, st.integers(0, 3_000), any_params, retentions, chances, st.integers(0, 50))
def test_previews_are_in_order_and_true(
    memory: Memory | None, elapsed: int, params: Params, retention: float, chance: float, answers: int
) -> None:
    day = StudyDay(DAY0 + elapsed)
    outcomes = preview(memory, day, retention, params, "card", answers, chance=chance)
    intervals = [outcomes[rating].interval for rating in Rating]
    assert intervals == sorted(intervals)
    assert intervals[0] >= 1
    for rating, outcome in outcomes.items():
        assert outcome.memory == replay([(day, rating, chance)], params, memory)
        if memory is not None or list(params.weights[:4]) == sorted(params.weights[:4]):
            assert outcome.due == due_day(outcome.memory, retention, "card", answers + 1, params)


@given(st.integers(-(10**12) * 2, 10**12 * 7), st.integers(-1439, 1439), st.integers(0, 23))
def test_study_day_is_the_local_date_shifted_by_the_rollover(at_ms: int, offset: int, rollover: int) -> None:
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)
    shifted = utc + timedelta(minutes=offset) - timedelta(hours=rollover)
    assert date_of(study_day(at_ms, offset, rollover)) == shifted.date()
