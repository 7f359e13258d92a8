"""Study days, the memory model's published numbers, fuzz, previews and replay, case by case."""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import fsrs
import pytest

from quiz.memory import (
    DEFAULT_PARAMS,
    INTERVAL_MAX,
    STABILITY_MAX,
    STABILITY_MIN,
    Memory,
    Params,
    Rating,
    StudyDay,
    date_of,
    day_of,
    due_day,
    due_window,
    fuzzed_interval,
    interval,
    knew_odds,
    knew_odds_by_chance,
    preview,
    recall,
    replay,
    step,
    study_day,
    whole_interval,
)
from quiz.memory.bulk import Rated, Standing, replay_states

AGAIN, HARD, GOOD, EASY = Rating
DAY0 = StudyDay(20_000)
MEMORY = Memory(stability=10.0, difficulty=5.0, day=DAY0)


def after(days: int) -> StudyDay:
    return StudyDay(DAY0 + days)


def ms(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1000)


def with_weight(index: int, value: float) -> Params:
    weights = list(DEFAULT_PARAMS.weights)
    weights[index] = value
    return Params(tuple(weights))


# Study days


@pytest.mark.parametrize(
    ("local", "begins_on"),
    [
        ("2026-11-22T03:59:59.999+00:00", "2026-11-21"),
        ("2026-11-22T04:00:00+00:00", "2026-11-22"),
        ("2026-11-23T03:59:59.999+00:00", "2026-11-22"),
        # east: half and three quarters of an hour, and beyond twelve hours
        ("2026-11-22T03:59:59.999+05:30", "2026-11-21"),
        ("2026-11-22T04:00:00+05:30", "2026-11-22"),
        ("2026-11-22T03:59:59.999+05:45", "2026-11-21"),
        ("2026-11-22T04:00:00+05:45", "2026-11-22"),
        ("2026-11-22T04:00:00+14:00", "2026-11-22"),
        # west
        ("2026-11-22T03:59:59.999-03:30", "2026-11-21"),
        ("2026-11-22T04:00:00-03:30", "2026-11-22"),
        ("2026-11-22T23:30:00-08:00", "2026-11-22"),
        ("2026-11-22T03:59:59.999-12:00", "2026-11-21"),
        # before 1970, where rounding towards zero would be a day late
        ("1970-01-01T03:59:59.999+00:00", "1969-12-31"),
        ("1969-12-31T04:00:00+00:00", "1969-12-31"),
        ("1969-12-31T03:59:59.999+00:00", "1969-12-30"),
        ("1955-02-28T12:00:00-05:00", "1955-02-28"),
    ],
)
def test_a_study_day_begins_at_four_local_time(local: str, begins_on: str) -> None:
    offset = datetime.fromisoformat(local).utcoffset()
    assert offset is not None
    day = study_day(ms(local), round(offset.total_seconds() / 60))
    assert date_of(day) == date.fromisoformat(begins_on)


@pytest.mark.parametrize(
    ("switch", "before", "afterwards", "hours"),
    [
        ("2026-03-29T01:00Z", 60, 120, 23),  # Berlin, 02:00 becomes 03:00
        ("2026-10-25T01:00Z", 120, 60, 25),  # Berlin, 03:00 becomes 02:00
        ("2026-03-08T07:00Z", -300, -240, 23),  # New York
        ("2026-11-01T06:00Z", -240, -300, 25),
        ("2026-04-04T15:00Z", 660, 630, 24.5),  # Lord Howe Island, by half an hour
    ],
)
def test_where_the_clock_is_changed_a_day_is_longer_or_shorter_but_still_begins_at_four(
    switch: str, before: int, afterwards: int, hours: float
) -> None:
    beginnings = []
    previous = None
    for at in range(ms(switch) - 36 * 3_600_000, ms(switch) + 36 * 3_600_000, 15 * 60_000):
        offset = before if at < ms(switch) else afterwards
        day = study_day(at, offset)
        if previous is not None and day != previous:
            assert day == previous + 1
            assert datetime.fromtimestamp(at / 1000 + offset * 60, UTC).strftime("%H:%M") == "04:00"
            beginnings.append(at)
        previous = day
    assert [(later - sooner) / 3_600_000 for sooner, later in pairwise(beginnings)] == [hours, 24]


@pytest.mark.parametrize(("rollover", "expected"), [(0, 1), (1, 1), (2, 0), (23, 0)])
def test_the_rollover_hour_can_be_set(rollover: int, expected: int) -> None:
    assert study_day(ms("1970-01-02T01:00Z"), 0, rollover) == expected


def test_a_flight_westwards_can_bring_an_earlier_study_day() -> None:
    in_tokyo = study_day(ms("2026-05-02T05:00+09:00"), 540)
    in_los_angeles = study_day(ms("2026-05-01T18:00-07:00"), -420)
    assert ms("2026-05-01T18:00-07:00") > ms("2026-05-02T05:00+09:00")
    assert in_los_angeles == in_tokyo - 1


@pytest.mark.parametrize(
    ("offset", "rollover"), [(1440, 4), (-1440, 4), (0, -1), (0, 24)], ids=["east", "west", "low", "high"]
)
def test_impossible_offsets_and_rollover_hours_are_refused(offset: int, rollover: int) -> None:
    with pytest.raises(ValueError, match=str(offset or rollover)):
        study_day(0, offset, rollover)


@pytest.mark.parametrize(("day", "on"), [(0, "1970-01-01"), (-1, "1969-12-31"), (20_000, "2024-10-04")])
def test_days_have_dates(day: int, on: str) -> None:
    assert date_of(StudyDay(day)) == date.fromisoformat(on)
    assert day_of(date.fromisoformat(on)) == day


# The model's published numbers

# The row of py-fsrs's own test_review_card. A 0 is a step of minutes: the next answer is on the same day.
PUBLISHED_RATINGS = [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5
PUBLISHED_INTERVALS = [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_intervals_published_for_fsrs_6() -> None:
    memory, day = None, DAY0
    for rating, days in zip(PUBLISHED_RATINGS, PUBLISHED_INTERVALS, strict=True):
        memory = step(memory, rating, day)
        if days:
            assert whole_interval(memory.stability, 0.9) == days
        day = StudyDay(day + days)


def test_py_fsrs_with_its_minute_steps_and_real_times_gives_the_same_states() -> None:
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    card, at = fsrs.Card(card_id=1), datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
    memory, days = None, []
    for rating in PUBLISHED_RATINGS:
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), at)
        memory = step(memory, rating, study_day(round(at.timestamp() * 1000), 0))
        assert card.stability is not None
        assert card.difficulty is not None
        assert memory.stability == pytest.approx(card.stability, rel=1e-12)
        assert memory.difficulty == pytest.approx(card.difficulty, rel=1e-12)
        days.append((card.due - at).days)
        at = card.due
    assert days == PUBLISHED_INTERVALS


def test_memory_state_published_for_the_reference_history() -> None:
    memory, day = None, DAY0
    for rating, gap in zip([AGAIN] + [GOOD] * 5, [0, 0, 1, 3, 8, 21], strict=True):
        day = StudyDay(day + gap)
        memory = step(memory, rating, day)
    assert memory is not None
    assert memory.stability == pytest.approx(53.6269, abs=1e-4)
    assert memory.difficulty == pytest.approx(6.3575, abs=1e-4)
    assert memory.day == day


@pytest.mark.parametrize(
    ("rating", "stability", "difficulty"),
    [(AGAIN, 0.212, 6.4133), (HARD, 1.2931, 5.1122), (GOOD, 2.3065, 2.1181), (EASY, 8.2956, 1.0)],
)
def test_first_answers(rating: Rating, stability: float, difficulty: float) -> None:
    memory = step(None, rating, DAY0)
    assert memory.stability == stability
    assert memory.difficulty == pytest.approx(difficulty, abs=1e-4)
    assert memory.day == DAY0


# The model's laws at its edges (the laws in general are in tests/property)


def test_recall_is_nine_tenths_after_as_many_days_as_the_stability() -> None:
    assert recall(MEMORY, after(10)) == pytest.approx(0.9)
    assert recall(MEMORY, after(9)) > 0.9 > recall(MEMORY, after(11))


def test_recall_is_certain_on_the_day_and_before_it() -> None:
    assert recall(MEMORY, after(0)) == 1.0
    assert recall(MEMORY, after(-5)) == 1.0


def test_a_day_before_the_last_answer_counts_as_its_day_but_is_kept() -> None:
    early, same = step(MEMORY, GOOD, after(-2)), step(MEMORY, GOOD, after(0))
    assert (early.stability, early.difficulty) == (same.stability, same.difficulty)
    assert (early.day, same.day) == (after(-2), after(0))


def test_stability_stays_within_its_bounds() -> None:
    strong = Memory(36_500.0, 1.0, DAY0)
    assert step(strong, EASY, after(50_000)).stability == STABILITY_MAX == 36_500.0
    weak = Memory(0.001, 10.0, DAY0)
    assert step(weak, AGAIN, after(0)).stability == STABILITY_MIN == 0.001
    assert step(weak, AGAIN, after(1)).stability == 0.001


def test_after_a_thousand_years_numbers_stay_finite() -> None:
    far = after(365_250)
    assert 0 < recall(MEMORY, far) < 0.5
    for rating in Rating:
        assert STABILITY_MIN <= step(MEMORY, rating, far).stability <= STABILITY_MAX


@pytest.mark.parametrize(
    ("stability", "days"), [(0.001, 1), (1.5, 2), (2.5, 2), (3.5, 4), (36_499.6, 36_500), (36_500.0, 36_500)]
)
def test_whole_intervals_round_half_to_even_from_one_day(stability: float, days: int) -> None:
    # decay 0.5 makes the curve's factor exact enough for ties: interval(s, 0.9) == s
    params = with_weight(20, 0.5)
    assert interval(stability, 0.9, params) == stability
    assert whole_interval(stability, 0.9, params) == days


def test_lower_retention_gives_longer_intervals_up_to_a_hundred_years() -> None:
    assert interval(10.0, 0.8) > interval(10.0, 0.9) > interval(10.0, 0.95) > 0
    assert interval(36_500.0, 0.7) > INTERVAL_MAX
    assert whole_interval(36_500.0, 0.7) == INTERVAL_MAX
    assert whole_interval(36_500.0, 0.01, with_weight(20, 0.1)) == INTERVAL_MAX


@pytest.mark.parametrize("retention", [0.0, 0.009, 1.0, 1.1, -0.9, math.nan])
def test_impossible_retentions_are_refused(retention: float) -> None:
    with pytest.raises(ValueError, match="retention"):
        interval(10.0, retention)


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_impossible_ratings_are_refused(rating: int) -> None:
    with pytest.raises(ValueError, match=str(rating)):
        step(MEMORY, rating, after(1))  # type: ignore[arg-type]  # what an untyped caller could do
    with pytest.raises(ValueError, match=str(rating)):
        replay([(0, rating, 0.0)])
    with pytest.raises(ValueError, match=f"card a: rating {rating}"):
        replay_states([("a", [(0, rating, 0.0, 0.9)])])


@pytest.mark.parametrize("odds", [-0.01, 1.01, math.nan])
def test_impossible_odds_are_refused(odds: float) -> None:
    with pytest.raises(ValueError, match="odds"):
        step(MEMORY, GOOD, after(1), knew=odds)
    with pytest.raises(ValueError, match="chance"):
        knew_odds_by_chance(MEMORY, after(1), odds)
    with pytest.raises(ValueError, match="chance"):
        replay([(0, 1, odds)])
    with pytest.raises(ValueError, match=r"card a: .*chance"):
        replay_states([("a", [(0, 1, odds, 0.9)])])


# Parameters


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 weights"), (17, "17 .*FSRS-4.5"), (19, "19 .*FSRS-5"), (35, "35 .*FSRS-7")]
)
def test_other_numbers_of_weights_are_refused_by_number(count: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Params((0.5,) * count)


def test_the_version_is_told_by_the_number_of_weights() -> None:
    assert DEFAULT_PARAMS.version == 6
    assert len(DEFAULT_PARAMS.weights) == 21


def test_the_defaults_are_those_of_py_fsrs() -> None:
    assert DEFAULT_PARAMS.weights == fsrs.Scheduler().parameters


@pytest.mark.parametrize(
    ("index", "value"),
    [(20, 0.0), (20, 0.81), (0, 0.0), (15, 1.1), (16, 0.9), (7, math.nan), (4, math.inf)],
)
def test_weights_out_of_bounds_are_refused_by_name(index: int, value: float) -> None:
    with pytest.raises(ValueError, match=rf"^w{index} = {value} "):
        with_weight(index, value)


def test_a_bound_in_32_bit_floats_is_accepted() -> None:
    assert with_weight(20, 0.800000011920929).decay == -0.800000011920929


# Guessing


def test_odds_that_a_right_choice_was_known() -> None:
    at_nine_tenths = Memory(10.0, 5.0, DAY0)
    assert knew_odds(at_nine_tenths, after(10), 4) == pytest.approx(0.9 / (0.9 + 0.1 / 4))
    assert knew_odds(at_nine_tenths, after(10), 2) == pytest.approx(0.9 / (0.9 + 0.1 / 2))


def test_a_new_card_has_the_prior_of_the_simulation() -> None:
    assert knew_odds(None, DAY0, 4) == pytest.approx(0.76 / (0.76 + 0.24 / 4))


def test_an_answer_on_the_day_of_the_last_counts_as_known() -> None:
    assert knew_odds(MEMORY, after(0), 2) == 1.0
    assert knew_odds(MEMORY, after(-1), 2) == 1.0
    assert knew_odds(MEMORY, after(1), 2) < 1.0


@pytest.mark.parametrize("options", [1, 0, -4])
def test_a_choice_has_at_least_two_options(options: int) -> None:
    with pytest.raises(ValueError, match=str(options)):
        knew_odds(MEMORY, after(1), options)


@pytest.mark.parametrize("memory", [None, MEMORY], ids=["new", "seen"])
@pytest.mark.parametrize("rating", [HARD, GOOD, EASY])
def test_doubt_averages_the_given_rating_with_again(memory: Memory | None, rating: Rating) -> None:
    day, knew = after(12), 0.7
    known, lost = step(memory, rating, day), step(memory, AGAIN, day)
    mixed = step(memory, rating, day, knew=knew)
    assert mixed.stability == pytest.approx(known.stability**0.7 * lost.stability**0.3)
    assert mixed.difficulty == pytest.approx(0.7 * known.difficulty + 0.3 * lost.difficulty)
    assert mixed.day == day
    assert step(memory, rating, day, knew=0.0) == lost
    assert step(memory, rating, day, knew=1.0) == known


def test_doubt_does_not_change_again() -> None:
    assert step(MEMORY, AGAIN, after(12), knew=0.3) == step(MEMORY, AGAIN, after(12))


# Fuzz


def test_windows_are_those_of_py_fsrs(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler = fsrs.Scheduler()
    for days in [*range(1, 3_000), 10_000, 34_000, 36_000, 36_499, 36_500]:
        first, last = due_window(days)
        # py-fsrs takes round(random * (last - first + 1) + first): these hit the ends, if they are its own.
        for end, draw in ((first, 0.0), (last, (last - first + 0.4) / (last - first + 1))):
            monkeypatch.setattr("fsrs.scheduler.random", lambda draw=draw: draw)
            theirs = scheduler._get_fuzzed_interval(interval=timedelta(days=days))
            assert theirs == timedelta(days=end), (days, draw)


@pytest.mark.parametrize(
    ("days", "window"),
    [
        (0.2, (1, 1)),
        (2.4, (2, 2)),
        (2.5, (2, 2)),
        (2.6, (2, 4)),
        (7, (5, 9)),
        (20, (17, 23)),
        (100, (93, 107)),
    ],
)
def test_windows_of_intervals_in_parts_of_days(days: float, window: tuple[int, int]) -> None:
    assert due_window(days) == window


def test_an_interval_that_is_not_a_number_has_no_window() -> None:
    with pytest.raises(ValueError, match="NaN"):
        due_window(math.nan)


@pytest.mark.parametrize(
    ("days", "card_id", "answers", "drawn"),
    [
        (10, "rfa-risk-burn-pad", 3, 9),
        (10, "rfa-risk-burn-pad", 6, 8),
        (200.4, "größe/β", 7, 197),
        (2.2, "a", 1, 2),
    ],
)
def test_the_draw_never_changes(days: float, card_id: str, answers: int, drawn: int) -> None:
    """These are kept on people's devices: a change here moves their due days."""
    assert fuzzed_interval(days, card_id, answers) == drawn


def test_every_day_of_the_window_is_drawn_alike() -> None:
    first, last = due_window(30.0)
    drawn = Counter(fuzzed_interval(30.0, f"card-{n}", n % 5) for n in range(9_000))
    assert set(drawn) == set(range(first, last + 1))
    assert min(drawn.values()) > 0.85 * 9_000 / (last - first + 1)


def test_neighbours_in_id_and_number_of_answers_are_drawn_apart() -> None:
    assert len({fuzzed_interval(300.0, "card", answers) for answers in range(20)}) > 8
    assert fuzzed_interval(30_000.0, "card-1", 12) != fuzzed_interval(30_000.0, "card-11", 2)


# Previews and due days


@pytest.mark.parametrize("memory", [None, MEMORY], ids=["new", "seen"])
@pytest.mark.parametrize("chance", [0.0, 0.25])
def test_a_preview_says_what_answering_does(memory: Memory | None, chance: float) -> None:
    day = after(9)
    outcomes = preview(memory, day, 0.9, DEFAULT_PARAMS, "card", 4, chance=chance)
    assert list(outcomes) == list(Rating)
    for rating, outcome in outcomes.items():
        assert outcome.memory == replay([(day, rating, chance)], memory=memory)
        assert outcome.due == due_day(outcome.memory, 0.9, "card", 5)
        assert outcome.due == day + outcome.interval
    assert outcomes[AGAIN].interval < outcomes[GOOD].interval < outcomes[EASY].interval


def test_a_better_rating_is_never_shown_as_sooner_even_with_odd_weights() -> None:
    first_again_longest = with_weight(0, 50.0)
    outcomes = preview(None, DAY0, 0.9, first_again_longest, "card", 0)
    assert outcomes[AGAIN].interval > 40
    assert outcomes[HARD].interval == outcomes[GOOD].interval == outcomes[AGAIN].interval
    assert outcomes[GOOD].memory == step(None, GOOD, DAY0, first_again_longest)


def test_a_card_is_due_its_fuzzed_interval_after_the_last_answer() -> None:
    assert due_day(MEMORY, 0.9, "some-card", 6) == DAY0 + fuzzed_interval(10.0, "some-card", 6)


def test_retention_moves_the_due_day() -> None:
    long, short = (due_day(MEMORY, retention, "card", 1) for retention in (0.7, 0.95))
    assert long > after(20)
    assert after(1) <= short < after(10)


# Replay

HISTORY = [(20_000, 3, 0.25), (20_000, 1, 0.0), (20_003, 3, 0.25), (20_010, 4, 0.0), (20_090, 2, 0.5)]


def aimed(answers: Iterable[tuple[int, int, float]]) -> list[Rated]:
    """Return answers as a replay in bulk takes them."""
    return [(*answer, 0.9) for answer in answers]


def test_replay_derives_the_odds_from_the_memory_at_that_moment() -> None:
    memory = step(None, GOOD, DAY0, knew=knew_odds(None, DAY0, 4))
    memory = step(memory, AGAIN, DAY0)
    memory = step(memory, GOOD, after(3), knew=knew_odds(memory, after(3), 4))
    memory = step(memory, EASY, after(10))
    memory = step(memory, HARD, after(90), knew=knew_odds(memory, after(90), 2))
    assert replay(HISTORY) == memory
    assert replay_states([("card", aimed(HISTORY))]) == {"card": Standing(*memory, 5, 0.9)}


def test_nothing_answered_leaves_no_memory() -> None:
    assert replay([]) is None
    assert replay([], memory=MEMORY) == MEMORY
    assert replay_states([]) == {}


def test_replay_can_go_on_from_where_a_card_stood() -> None:
    assert replay(HISTORY[3:], memory=replay(HISTORY[:3])) == replay(HISTORY)
    rows = aimed(HISTORY)
    so_far = replay_states([("card", rows[:3]), ("other", [(20_000, 3, 0.0, 0.9)])])
    assert replay_states([("card", rows[3:])], start=so_far) == replay_states([("card", rows)])


def test_a_lucky_chance_leaves_less_stability_than_a_sure_answer() -> None:
    sure, doubtful = replay([(0, 3, 0.0), (9, 3, 0.0)]), replay([(0, 3, 0.0), (9, 3, 0.25)])
    assert sure is not None
    assert doubtful is not None
    assert doubtful.stability < sure.stability
    assert doubtful.difficulty > sure.difficulty
