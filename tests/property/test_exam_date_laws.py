"""Laws of studying towards a day: what a card is worth, what is expected on the day, what lies ahead, the backlog."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.memory import DEFAULT_PARAMS, Memory, Rating, StudyDay, day_of, recall, step
from quiz.memory.backlog import backlog, by_risk, fits
from quiz.memory.exam import expected_on, sprint_begins, worth
from quiz.memory.outlook import LEAST_PROPOSED, Ahead, Level, needed_a_day, outlook, prices, proposed
from quiz.memory.pace import AVERAGE_PACE
from quiz.store.history import Candidate
from quiz.study.target import Target, by_worth, common, kept_target, read_target

TODAY = StudyDay(20_000)


def memories(most_ago: int = 400, least_ago: int = 0) -> st.SearchStrategy[Memory]:
    return st.builds(
        lambda s, d, ago: Memory(s, d, StudyDay(TODAY - ago)),
        st.floats(0.01, 2000.0),
        st.floats(1.0, 10.0),
        st.integers(least_ago, most_ago),
    )


some = st.lists(memories(), max_size=30)
left = st.integers(1, 200)


# -- what a card is worth ---------------------------------------------------------------------------------------------


@given(memories(), left)
def test_a_card_is_never_worth_less_than_nothing_and_nothing_when_it_was_asked_today(memory: Memory, days: int) -> None:
    value = worth(memory, TODAY, StudyDay(TODAY + days))
    assert 0.0 <= value <= 1.0 / AVERAGE_PACE.recalled
    assert worth(memory._replace(day=TODAY), TODAY, StudyDay(TODAY + days)) == 0.0


@given(memories(least_ago=1), left)
def test_worth_is_the_gain_that_the_model_expects_for_each_second(memory: Memory, days: int) -> None:
    exam, now = StudyDay(TODAY + days), recall(memory, TODAY)
    right = recall(step(memory, Rating.GOOD, TODAY), exam)
    wrong = recall(step(step(memory, Rating.AGAIN, TODAY), Rating.GOOD, TODAY), exam)
    gain = now * right + (1 - now) * wrong - recall(memory, exam)
    seconds = now * AVERAGE_PACE.recalled + (1 - now) * AVERAGE_PACE.failed
    assert worth(memory, TODAY, exam) == pytest.approx(max(0.0, gain / seconds))


@given(left, left)
def test_a_new_card_is_worth_more_the_nearer_the_exam(one: int, other: int) -> None:
    near, far = sorted((one, other))
    assert worth(None, TODAY, StudyDay(TODAY + near)) >= worth(None, TODAY, StudyDay(TODAY + far)) > 0.0


@given(st.integers(0, 2000))
def test_the_sprint_is_the_last_sixth_and_at_least_a_week(days: int) -> None:
    exam = StudyDay(TODAY + days)
    length = exam - sprint_begins(TODAY, exam)
    assert length == max(7, math.ceil(days / 6))


@given(st.lists(st.tuples(memories(), st.booleans()), max_size=20), left)
def test_cards_are_ranked_by_worth_and_must_pass_cards_count_twice(cards: list[tuple[Memory, bool]], days: int) -> None:
    exam = StudyDay(TODAY + days)
    candidates = [Candidate(f"c{i}", f"c{i}", memory, safe, "") for i, (memory, safe) in enumerate(cards)]
    ranked = by_worth(candidates, TODAY, exam)
    values = [worth(c.memory, TODAY, exam) * (2 if c.safety else 1) for c in ranked]
    assert values == sorted(values, reverse=True)
    assert {c.card for c in candidates} - {c.card for c in ranked} == {
        c.card for c in candidates if worth(c.memory, TODAY, exam) == 0.0
    }


# -- what is expected on the day --------------------------------------------------------------------------------------


@given(some, st.integers(0, 30), left)
def test_the_band_holds_the_share_and_stays_possible(known: list[Memory], unseen: int, days: int) -> None:
    exam = StudyDay(TODAY + days)
    found = expected_on(exam, known, unseen)
    assert 0.0 <= found.low <= found.share <= found.high + 1e-12
    assert found.high <= 1.0
    assert expected_on(exam, known[::-1], unseen) == pytest.approx(found)
    assert expected_on(exam, known, unseen + 1).share <= found.share


@given(st.lists(memories(), min_size=1, max_size=30), left)
def test_doubt_about_the_learner_only_widens_the_band(known: list[Memory], days: int) -> None:
    exam = StudyDay(TODAY + days)
    sure, unsure = expected_on(exam, known, doubt=0.0), expected_on(exam, known, doubt=1.0)
    assert unsure.share == sure.share
    assert unsure.low <= sure.low
    assert unsure.high >= sure.high


@given(some, some, left)
def test_the_share_of_all_is_the_mean_of_the_parts(one: list[Memory], other: list[Memory], days: int) -> None:
    exam = StudyDay(TODAY + days)
    parts = len(one) * expected_on(exam, one).share + len(other) * expected_on(exam, other).share
    assert expected_on(exam, one + other).share * (len(one) + len(other)) == pytest.approx(parts)


# -- what lies ahead --------------------------------------------------------------------------------------------------


@given(some, st.integers(0, 40), st.integers(0, 25), st.integers(0, 10), st.integers(1, 30), st.booleans())
def test_an_outlook_keeps_to_its_minutes_and_repeats_itself(
    known: list[Memory], unseen: int, days: int, new: int, minutes: int, exam: bool
) -> None:
    ahead = Ahead(known, unseen, TODAY, days, new, minutes, StudyDay(TODAY + days) if exam else None)
    found = outlook(ahead, 0.9)
    assert found == outlook(ahead, 0.9)
    assert len(found.minutes) == len(found.left) == days
    # The card that is begun last may take longer than is left; the next day pays for it.
    assert sum(found.minutes) <= days * minutes + AVERAGE_PACE.failed / 60 + 1e-9
    assert min((*found.minutes, *found.left, 0.0)) == 0.0
    assert 0.0 <= found.known.share <= 1.0
    assert 0.0 <= found.left_later <= 1.0


@given(some, st.integers(0, 40), st.integers(1, 25))
def test_study_never_leaves_less_known_than_no_study(known: list[Memory], unseen: int, days: int) -> None:
    day = StudyDay(TODAY + days)
    idle = expected_on(day, known, unseen).share
    studied = outlook(Ahead(known, unseen, TODAY, days, 5, 30.0, day), 0.9).known.share
    # What fails loses stability, and a day may be all there is: more than a card's chance it cannot cost.
    assert studied >= idle - 2.0 / max(1, len(known) + unseen)


def test_higher_retention_costs_more_and_knows_more() -> None:
    levels = prices(Ahead([], 1000, TODAY, 90, 15), (0.95, 0.9, 0.8, 0.7))
    assert [level.minutes for level in levels] == sorted((level.minutes for level in levels), reverse=True)
    assert [level.known for level in levels] == sorted((level.known for level in levels), reverse=True)
    assert levels[1].minutes == pytest.approx(14, abs=2)  # the simulator of the report: 1382 minutes in 90 days
    assert levels[1].known == pytest.approx(0.951, abs=0.02)


level_lists = st.lists(
    st.builds(Level, st.sampled_from((0.7, 0.75, 0.8, 0.85, 0.9, 0.95)), st.floats(0, 60), st.floats(0, 1)),
    min_size=1,
    max_size=8,
)


@given(level_lists, st.floats(0, 90), st.floats(0, 90), st.sampled_from((0.7, 0.8, 0.9, 0.95)))
def test_more_minutes_never_lower_the_proposal(levels: list[Level], one: float, other: float, aim: float) -> None:
    levels = [*levels, Level(aim, 30.0, 0.9)]
    few, many = sorted((one, other))
    some_, more = proposed(levels, few, aim), proposed(levels, many, aim)
    for found in (some_, more):
        assert min(aim, LEAST_PROPOSED) <= found.retention <= aim
    if some_.minutes <= few * 0.85:
        assert more.retention >= some_.retention


def test_without_a_level_up_to_the_aim_there_is_nothing_to_propose() -> None:
    with pytest.raises(ValueError, match="no level"):
        proposed([Level(0.95, 1.0, 1.0)], 20, 0.9)


@given(st.integers(0, 5000), st.integers(1, 400))
def test_the_new_cards_needed_meet_all_within_three_quarters_of_the_time(unseen: int, days: int) -> None:
    assert needed_a_day(unseen, days) * max(1.0, 0.75 * days) >= unseen


# -- backlog ----------------------------------------------------------------------------------------------------------


class Card(NamedTuple):
    card: str
    memory: Memory | None
    safety: bool


cards = st.lists(st.tuples(memories(least_ago=1), st.booleans()), max_size=30).map(
    lambda pairs: [Card(f"c{i:02d}", memory, safe) for i, (memory, safe) in enumerate(pairs)]
)


@given(cards, st.randoms())
def test_a_backlog_has_safety_first_then_what_loses_most_in_whatever_order_it_was_found(
    due: list[Card], random: object
) -> None:
    ranked = by_risk(due, TODAY)
    shuffled = due[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert by_risk(shuffled, TODAY) == ranked
    assert [c.safety for c in ranked] == sorted((c.safety for c in due), reverse=True)
    for safe in (True, False):
        group = [c.memory for c in ranked if c.safety is safe and c.memory is not None]
        losses = [recall(m, TODAY) - recall(m, StudyDay(TODAY + 1)) for m in group]
        assert losses == sorted(losses, reverse=True)


@given(cards, st.integers(0, 20))
def test_what_fits_and_what_waits_are_all_that_is_due(due: list[Card], minutes: int) -> None:
    known = [c.memory for c in due if c.memory is not None]
    found = backlog(due, Ahead(known, 0, TODAY, 0, 0, minutes), 0.9)
    assert found.today + found.waiting == len(due)
    assert found.days is None or (found.days == 1) == (found.waiting == 0)


@given(cards, st.floats(0, 20), st.floats(0, 20))
def test_more_minutes_fit_more(due: list[Card], one: float, other: float) -> None:
    known = [c.memory for c in due if c.memory is not None]
    few, many = sorted((one, other))
    assert fits(known, TODAY, few, DEFAULT_PARAMS) <= fits(known, TODAY, many, DEFAULT_PARAMS) <= len(known)


def test_a_backlog_is_caught_up_sooner_with_more_minutes() -> None:
    due = [Card(f"c{i:03d}", Memory(5.0 + i / 10, 5.0, StudyDay(TODAY - 30)), False) for i in range(300)]
    known = [c.memory for c in due if c.memory is not None]
    found = [backlog(due, Ahead(known, 0, TODAY, 0, 0, m), 0.9).days for m in (1, 15, 30, 200)]
    assert found[0] is None
    assert found[1] is not None
    assert found[2] is not None
    assert found[1] > found[2] > 1
    assert found[3] == 1


# -- the setting ------------------------------------------------------------------------------------------------------

words = st.lists(
    st.sampled_from(("sdr", "risks", "lumbar-facet-rf", "my own deck", "one, two", 'the "old" one', '"', "and", "a:b")),
    unique=True,
    max_size=2,
).map(tuple)
scopes = st.builds(
    Scope, topics=words, procedures=words, audiences=words, decks=words, safety=st.booleans(), cards=st.just(())
)


@given(st.integers(0, 30_000), st.integers(1, 2000), scopes)
def test_an_exam_reads_as_it_is_written(since: int, days: int, scope: Scope) -> None:
    target = Target(StudyDay(since), StudyDay(since + days), scope)
    assert kept_target(str(target)) == target
    assert read_target(str(target), StudyDay(since + days)) == target


@given(st.text(max_size=40))
def test_no_kept_text_breaks_a_session(text: str) -> None:
    found = kept_target(text)
    assert found is None or found.since < found.day


def test_a_date_alone_begins_today() -> None:
    today = day_of(date(2026, 11, 22))
    target = read_target("2027-01-15 procedure:sdr", today)
    assert target is not None
    assert (target.since, target.day) == (today, day_of(date(2027, 1, 15)))
    assert target.scope == Scope(procedures=("sdr",))
    assert target.begins == target.day - 9
    assert [target.sprints_on(StudyDay(target.day - n)) for n in (10, 9, 1, 0)] == [False, True, True, False]


@given(scopes, scopes)
def test_what_is_common_does_not_depend_on_the_order_and_everything_adds_nothing(one: Scope, other: Scope) -> None:
    both, turned = common(one, other), common(other, one)
    assert (both is None) == (turned is None)
    if both is not None and turned is not None:
        assert {n: set(v) if isinstance(v, (tuple, list)) else v for n, v in both.as_json().items()} == {
            n: set(v) if isinstance(v, (tuple, list)) else v for n, v in turned.as_json().items()
        }
    assert common(one, Scope()) == one
    assert common(one, one) == one


def met_at_random(cards: int) -> list[Memory]:
    return [Memory(1.0 + 37 * n % 90, 1.0 + n % 9, StudyDay(TODAY - n % 60)) for n in range(cards)]


def test_without_a_limit_the_last_days_are_a_sprint_too() -> None:
    plain = Ahead(met_at_random(200), 50, TODAY, 30, 3)
    before_exam = plain._replace(exam=StudyDay(TODAY + 30))
    free, sprint = outlook(plain, 0.9), outlook(before_exam, 0.9)
    assert sprint.known.share > free.known.share
    assert sprint.minutes_a_day == pytest.approx(free.minutes_a_day, rel=0.25)
    (price,) = prices(before_exam, (0.9,))
    assert (price.minutes, price.known) == (sprint.minutes_a_day, sprint.known.share), "headline and table are one"
    ample = outlook(before_exam._replace(minutes=3 * free.minutes_a_day), 0.9)
    assert ample.known.share >= sprint.known.share, "more minutes know no less"


def test_the_price_of_the_aim_that_is_set_is_what_is_told_of_it() -> None:
    ample = Ahead(met_at_random(200), 50, TODAY, 30, 3, 60.0, StudyDay(TODAY + 30))
    told = outlook(ample, 0.9)
    (price,) = prices(ample, (0.9,))
    assert (price.minutes, price.known) == (told.minutes_a_day, told.known.share), "the sprint has the same minutes"


def test_who_recalls_less_than_the_model_says_needs_more_time_and_knows_less() -> None:
    ahead = Ahead(met_at_random(300), 0, TODAY, 40, 0, exam=StudyDay(TODAY + 40))
    less, plain, more = (outlook(ahead, 0.9, shift=shift) for shift in (-1.0, 0.0, 1.0))
    assert less.minutes_a_day > 1.1 * plain.minutes_a_day > 1.2 * more.minutes_a_day
    assert less.known.share < plain.known.share < more.known.share
    short = ahead._replace(minutes=0.7 * plain.minutes_a_day)
    assert outlook(short, 0.9, shift=-1.0).left[-11] > outlook(short, 0.9).left[-11], "and stays behind for longer"


def test_easy_days_have_half_the_minutes_and_half_the_new_cards() -> None:
    ahead = Ahead(met_at_random(300), 100, TODAY, 14, 6, 10.0, easy=frozenset({5, 6}))
    found = outlook(ahead, 0.9)
    easy = [(TODAY + day + 3) % 7 in (5, 6) for day in range(14)]
    assert all(met <= (3 if half else 6) for met, half in zip(found.met, easy, strict=True))
    assert sum(m for m, half in zip(found.minutes, easy, strict=True) if half) <= 4 * 5.0 + AVERAGE_PACE.failed / 60
    assert sum(found.minutes) < sum(outlook(ahead._replace(easy=frozenset()), 0.9).minutes)


def test_where_a_lower_level_hardly_costs_less_none_is_proposed() -> None:
    flat = [Level(0.9, 103.0, 0.9), Level(0.85, 102.0, 0.88), Level(0.8, 101.0, 0.86)]
    assert proposed(flat, 15).retention == 0.9
    falling = [Level(0.9, 103.0, 0.9), Level(0.85, 80.0, 0.88), Level(0.8, 60.0, 0.86)]
    assert proposed(falling, 15).retention == 0.8
