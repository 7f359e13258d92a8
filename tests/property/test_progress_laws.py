"""Laws of the numbers of Progress: the sums fit, whatever the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.memory import Memory, StudyDay, step
from quiz.memory.model import Rating
from quiz.report.ages import MATURE_FROM, ages, stabilities
from quiz.report.forecast import DAYS, forecast
from quiz.report.mastery import mastery
from quiz.report.stats import Review
from quiz.settings import Settings
from quiz.store.derive import NEVER, CardState, replay
from quiz.store.events import Event
from quiz.store.rows import INSERT, PUT_STATE, event_row, state_row
from tests.support.desks import Place, flip

CARDS = [f"c{n}" for n in range(12)]
TODAY = 20_000


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with TemporaryDirectory() as folder:
        made = Place(Path(folder))
        made.write(*(flip(card, topic=f"t{n % 3}", procedure=f"p{n % 2}") for n, card in enumerate(CARDS)))
        with made.open():
            pass
        yield made


MET = st.builds(
    CardState,
    memory=st.builds(
        Memory,
        stability=st.floats(0.1, 400),
        difficulty=st.floats(1, 10),
        day=st.integers(TODAY - 300, TODAY).map(StudyDay),
    ),
    due=st.integers(TODAY - 40, TODAY + 60),
    buried_until=st.sampled_from([0, TODAY + 3]),
    suspended=st.booleans(),
    answers=st.integers(1, 9),
)


@given(states=st.dictionaries(st.sampled_from(CARDS), MET), new=st.integers(0, 20))
def test_the_forecast_is_the_count_of_due_days(place: Place, states: dict[str, CardState], new: int) -> None:
    asked = [state.shown_from for state in states.values() if not state.suspended]
    with place.open() as desk:
        with place.database() as db:
            db.execute("delete from state")
            db.executemany(PUT_STATE, [state_row(card, state) for card, state in states.items()])
        with closing(desk.history.reader()) as db:
            found = forecast(db, StudyDay(TODAY), Settings(new=new, minutes=0))
            known = mastery(db, StudyDay(TODAY))
    on = Counter(max(TODAY, day) for day in asked)
    assert [day.due for day in found.days] == [on[TODAY + n] for n in range(DAYS)]
    assert sum(day.due for day in found.days) + found.later == found.met == len(asked)
    assert found.overdue == sum(day < TODAY for day in asked)
    assert found.unseen == len(CARDS) - len(states)
    assert found.days[0].reviews == found.days[0].due
    assert all(day.new <= new and day.cards >= day.new for day in found.days)
    assert sum(day.new for day in found.days) == min(found.unseen, new * DAYS)
    for rows in (known.topics, known.procedures):
        for part in ("cards", "seen", "recalled", "lasting", "provable", "proven"):
            assert sum(getattr(row, part) for row in rows) == pytest.approx(getattr(known.whole, part))
    assert all(state.shown_from < NEVER for state in states.values() if not state.suspended)


ANSWERS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 4), st.sampled_from([0.0, 0.25])), min_size=1, max_size=25
)


def events_of(answers: list[tuple[int, int, float]]) -> list[Event]:
    """Return answers with the gaps (days), ratings and odds of luck given."""
    day, events = TODAY, []
    for number, (gap, rating, chance) in enumerate(answers):
        day += gap
        body = {"question": "q", "mark": float(rating > 1)}
        rest = ("c0", None, rating, chance, 0.9, body, "d", number)
        events.append(Event(f"{number:032x}", "answer", day * 86_400_000 + number, 0, StudyDay(day), *rest))
    return events


@given(answers=ANSWERS)
def test_the_age_at_a_review_is_what_a_replay_of_all_before_it_gives(answers: list[tuple[int, int, float]]) -> None:
    events = events_of(answers)
    days = sorted({event.day for event in events})
    rated = [(event.day, event.rating, event.chance) for event in events]
    for day, stability in stabilities(rated, days):
        before = replay([event for event in events if event.day < day]).memory
        assert stability == pytest.approx(before.stability if before else 0.0)


@given(answers=ANSWERS)
def test_young_and_mature_are_all(place: Place, answers: list[tuple[int, int, float]]) -> None:
    events = events_of(answers)
    firsts = {event.day: event for event in reversed(events)}
    reviews = [Review("c0", day, event.rating != 1) for day, event in firsts.items()]
    with place.database() as db:
        db.execute("begin")
        db.executemany(INSERT, map(event_row, events))
        found = ages(db, reviews)
        db.execute("rollback")
    assert found.young.reviews + found.mature.reviews == len(reviews)
    assert found.young.recalled + found.mature.recalled == sum(review.recalled for review in reviews)
    memory, mature = None, 0
    for event in events:
        if firsts[event.day] is event:
            mature += memory is not None and memory.stability >= MATURE_FROM
        assert event.rating is not None
        if not event.chance:
            memory = step(memory, Rating(event.rating), event.day)
    if not any(event.chance for event in events):
        assert found.mature.reviews == mature
