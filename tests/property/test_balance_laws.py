"""Load balance: what may be moved, how far, and that a day stays as large as it was in the morning."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.scope import Scope
from quiz.desk import Desk
from quiz.memory import StudyDay, fuzzed_interval
from quiz.memory.balance import FEWEST, MOST_MOVED, Dated, Moved, is_easy, moved, share, wait, window
from quiz.report.overview import overview
from quiz.report.stats import next_due
from quiz.store.daily import moved_on
from quiz.store.derive import CardState
from quiz.study.session import Phase, Session
from tests.bench.load import run as simulated
from tests.support.clocks import FixedClock
from tests.support.desks import Entry, Place, flip, give, learned, on_screen, study, to_the_end, typed
from tests.support.exams import answer_all, exam_plan, sit

TODAY = StudyDay(20_000)
CARDS = 120  # of a real history
WEEKEND = frozenset({5, 6})


def dated(name: str, stability: float, ago: int, fixed: bool = False) -> Dated:
    """Return a card whose last answer was so many days ago, with the due day that fuzz gives it."""
    due = TODAY - ago + fuzzed_interval(stability, name, 1)
    return Dated(name, stability, TODAY - ago, due, due, fixed)


@st.composite
def collections(draw: st.DrawFn) -> list[Dated]:
    """Cards of all ages, those that are due in their windows among them."""
    seed, number = draw(st.integers(0, 10**6)), draw(st.integers(0, 120))
    rng = random.Random(seed)
    cards = []
    for n in range(number):
        stability = rng.choice([1.0, 4.0, 9.0, 30.0, 150.0]) * rng.uniform(0.7, 1.4)
        ago = max(1, round(stability) + rng.randint(-10, 6))
        cards.append(dated(f"c{n:03d}", stability, ago, rng.random() < 0.1))
    return cards


THIS = frozenset(weekday for weekday in range(7) if is_easy(TODAY, frozenset({weekday})))
easy_days = st.sampled_from([frozenset[int](), WEEKEND, THIS])


@given(collections(), easy_days)
def test_nothing_leaves_its_window_and_what_is_fixed_stays(cards: list[Dated], easy: frozenset[int]) -> None:
    found = moved(cards, (), TODAY, 0.9, easy)
    by_name = {card.card: card for card in cards}
    for name in found.waiting | found.early:
        card = by_name[name]
        assert not card.fixed
        bounds = window(card, 0.9)
        assert bounds is not None
        assert bounds[0] <= TODAY <= bounds[1]
        assert abs(card.due - TODAY) <= MOST_MOVED
    for name in found.waiting:
        bounds = window(by_name[name], 0.9)
        assert bounds is not None
        assert bounds[1] > TODAY, "tomorrow would be too late"
        assert by_name[name].shown_from <= TODAY
    assert all(by_name[name].shown_from > TODAY for name in found.early)


@given(collections(), easy_days, st.randoms(use_true_random=False))
def test_a_day_stays_as_large_as_it_was_while_its_cards_are_answered(
    cards: list[Dated], easy: frozenset[int], rng: random.Random
) -> None:
    def to_do(left: list[Dated], answered: list[int]) -> set[str]:
        found = moved(left, answered, TODAY, 0.9, easy)
        return {c.card for c in left if c.shown_from <= TODAY and c.card not in found.waiting} | found.early

    left, answered = list(cards), list[int]()
    wanted = to_do(left, answered)
    while wanted:
        chosen = rng.choice(sorted(wanted))
        card = next(c for c in left if c.card == chosen)
        waits = wait(card, TODAY, 0.9)
        assert waits is not None
        left.remove(card)
        answered.append(waits)
        wanted.discard(card.card)
        assert to_do(left, answered) == wanted


@given(collections(), st.randoms(use_true_random=False))
def test_the_order_of_the_cards_does_not_matter(cards: list[Dated], rng: random.Random) -> None:
    mixed = list(cards)
    rng.shuffle(mixed)
    assert moved(cards, (), TODAY, 0.9) == moved(mixed, (), TODAY, 0.9)


@given(st.integers(0, 40), st.integers(0, 12), st.sets(st.integers(0, 6), max_size=6))
def test_the_odds_of_a_window_make_one_card(start: int, left: int, easy: set[int]) -> None:
    days, still, came = frozenset(easy), 1.0, 0.0
    for number in range(left + 1):
        odds = share(start + number, left - number, days)
        came += still * odds
        still *= 1 - odds
    assert came == pytest.approx(1.0)
    assert still == pytest.approx(0.0)


def full(number: int) -> list[Dated]:
    """Return as many cards that are due and may still wait for some days."""
    found, n = list[Dated](), 0
    while len(found) < number:
        card, n = dated(f"c{n:04d}", 30.0, 29), n + 1
        if card.due == TODAY:
            found.append(card)
    return found


def test_a_light_day_is_left_alone_and_a_heavy_one_lightened() -> None:
    assert moved(full(FEWEST), (), TODAY, 0.9) == Moved()
    found = moved(full(60), (), TODAY, 0.9)
    assert 20 < len(found.waiting) <= 50


def test_an_easy_day_asks_at_most_half_but_for_what_must_come() -> None:
    cards = full(60)
    ordinary = 60 - len(moved(cards, (), TODAY, 0.9).waiting)
    lightened = 60 - len(moved(cards, (), TODAY, 0.9, THIS).waiting)
    assert lightened <= ordinary / 2 + 1
    fixed = [card._replace(fixed=True) for card in cards]
    assert moved(fixed, (), TODAY, 0.9, THIS) == Moved()


def test_another_retention_than_the_due_day_was_set_by_moves_nothing() -> None:
    assert moved(full(60), (), TODAY, 0.8) == Moved()


# -- on a real history ------------------------------------------------------------------------------------------------


def lived(place: Place, card: Callable[[str], Entry] = flip) -> None:
    """Learn some cards on one day so that most come back within a few days of each other, weeks later."""
    place.write(*(card(f"c{n:03d}") for n in range(CARDS)))
    with place.open() as desk:
        desk.history.change_settings({"new": 0})
        for n in range(CARDS):
            learned(desk.history, f"c{n:03d}", 3)
        for days in (2, 8):
            place.clock.forward(days=days)
            for n in range(CARDS):
                learned(desk.history, f"c{n:03d}", 3)


def to_come(session: Session) -> int:
    """Return how many questions a session has still to ask."""
    return session.left + (session.phase is not Phase.DONE)


def test_home_and_session_say_the_same_number_at_every_moment(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lived(place)
    with place.open() as desk, closing(desk.history.reader()) as db:
        history = desk.history
        asked, fewer = dict[str, int](), 0
        for _ in range(45):
            day = history.today()
            raw = sum(history.state(f"c{n:03d}").shown_from <= day for n in range(CARDS))
            session = study(desk)
            left = overview(db, Scope(), day, 0).due
            fewer += left < raw
            assert left == to_come(session)
            while session.phase is not Phase.DONE:
                asked[on_screen(session)] = day
                give(session)
                session.next()
                history.flush()
                assert overview(db, Scope(), day, 0).due == to_come(session)
            following = next_due(db, Scope(), day)
            if any(history.state(f"c{n:03d}").shown_from <= day for n in range(CARDS)):
                assert following == day + 1
            place.clock.forward(days=1)
        assert len(asked) == CARDS
        assert fewer, "nothing was ever moved"


def until_some_wait(desk: Desk, clock: FixedClock) -> None:
    """Let the days go by until some cards that are due wait for another day."""
    while len(desk.history.moved(desk.history.today()).waiting) < 3:
        clock.forward(days=1)


def of_today(desk: Desk) -> set[str]:
    """Return the cards that are to be asked today."""
    history, day = desk.history, desk.history.today()
    found = history.moved(day)
    return {c.card for c in history.due(Scope(), day, CARDS) if c.card not in found.waiting} | found.early


@pytest.mark.parametrize("tutor", [False, True])
def test_what_an_exam_shows_to_be_forgotten_brings_in_no_other_card(tmp_path: Path, tutor: bool) -> None:
    place = Place(tmp_path)
    lived(place, typed)
    with place.open() as desk:
        until_some_wait(desk, place.clock)
        before = of_today(desk)
        asked = sorted(before)[:8]
        exam = sit(desk, exam_plan(scope=Scope(cards=tuple(asked)), limit=8, tutor=tutor))
        answer_all(exam, wrong=tuple(range(1, 9)))
        assert exam.hand_in()
        assert all(desk.history.state(card).last_recalled < desk.history.today() for card in asked)
        assert of_today(desk) == before - set(asked)


def test_cards_that_no_deck_holds_change_no_day(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lived(place)
    place.write(*(flip(f"c{n:03d}") for n in range(CARDS // 2)))
    of_others, light = f"delete from state where card >= 'c{CARDS // 2:03d}'", 0
    with place.open() as desk:
        history = desk.history
        for _ in range(60):
            day = history.today()
            found = history.moved(day)
            with place.database() as db:
                db.execute("attach ? as deck", (str(desk.library.path),))
                db.execute("begin")
                db.execute(of_others)
                assert moved_on(db, day, history.settings, history.params) == found
                db.execute("rollback")
            light += 0 < len(history.due(Scope(), day, CARDS)) <= FEWEST
            to_the_end(study(desk))
            place.clock.forward(days=1)
    assert light


def failed_last(state: CardState) -> bool:
    """Whether a card was not recalled on the day on which it was asked last."""
    return state.memory is not None and state.last_recalled < state.memory.day


def test_a_card_that_must_be_known_or_was_failed_is_never_put_off(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lived(place)
    with place.open() as desk:
        history = desk.history
        for _ in range(45):
            day = history.today()
            waiting = history.moved(day).waiting
            assert not [c for c in waiting if failed_last(history.state(c))]
            for n in range(0, CARDS, 7):
                if history.state(f"c{n:03d}").shown_from <= day:
                    learned(history, f"c{n:03d}", 1)
            place.clock.forward(days=1)


def test_balanced_days_are_more_even_and_learning_is_no_worse() -> None:
    plain, balanced = ([simulated(n, 5, way, "", cards=400, days=100) for n in range(3)] for way in (False, True))
    for even, uneven in zip(balanced, plain, strict=True):
        assert even.cv < 0.9 * uneven.cv
    assert fmean(seen.peak for seen in balanced) < fmean(seen.peak for seen in plain)
    assert fmean(seen.known for seen in balanced) > fmean(seen.known for seen in plain) - 0.01
    assert fmean(seen.minutes for seen in balanced) < 1.05 * fmean(seen.minutes for seen in plain)


def test_easy_days_take_about_half() -> None:
    seen = simulated(1, 5, True, "sat,sun", cards=500, days=110)
    assert seen.easy < 0.65
