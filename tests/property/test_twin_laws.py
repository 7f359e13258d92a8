"""Laws of what came through Anki: however it was read, and in whatever order it came together, a review counts once.

`QUIZ_EXAMPLES=2000` tries more than a few cases.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.memory import study_day
from quiz.store.derive import replay, undone
from quiz.store.events import Event, Kind
from quiz.store.twins import ANKI, named, unsettled
from tests.support.clocks import HOUR
from tests.support.syncing import START, Device

EXAMPLES = int(os.environ.get("QUIZ_EXAMPLES", "25"))
CARDS = ("a", "b")


class Reading(NamedTuple):
    """How a package is read: by which settings and with which words, and how much of the log it holds."""

    offset: int
    rollover: int
    words: str
    most: int


class Review(NamedTuple):
    """A review: hours from the start and milliseconds that no other has; `here`: given here, and sent out to Anki."""

    hours: int
    number: int
    card: str
    rating: int
    kind: Kind
    here: bool

    @property
    def at(self) -> int:
        return START + self.hours * HOUR + self.number


READINGS = st.builds(
    Reading,
    st.sampled_from((0, 540, -480)),
    st.sampled_from((0, 4)),
    st.sampled_from(("old", "new")),
    st.integers(0, 9),
)
REVIEW = st.builds(
    Review,
    st.integers(0, 60),
    st.just(0),
    st.sampled_from(CARDS),
    st.integers(1, 4),
    st.sampled_from(("answer", "answer", "answer", "reset", "suspend")),
    here=st.booleans(),
)
REVIEWS = st.lists(REVIEW, min_size=1, max_size=9).map(
    lambda drawn: [review._replace(number=number * 2000) for number, review in enumerate(drawn)]
)


def told(review: Review, by: Reading) -> Event:
    """Return what a package says of a review."""
    day = study_day(review.at, by.offset, by.rollover)
    body = {"on": True, "answer": by.words}
    return named(Event("", review.kind, review.at, by.offset, day, review.card, rating=rating_of(review), body=body))


def rating_of(review: Review) -> int | None:
    return review.rating if review.kind == "answer" else None


def given_here(review: Review) -> Event:
    """Return what was answered or reset here, and went out to Anki."""
    event = Event(f"{review.number:032x}", review.kind, review.at, 60, study_day(review.at, 60), review.card)
    body = {"answer": "own"}
    return replace(event, rating=rating_of(review), body=body, device="0a0b0c0d", seq=review.number + 1)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(REVIEWS, st.lists(READINGS, min_size=2, max_size=3), st.booleans())
def test_each_review_counts_once_on_all_devices_whatever_the_order(
    reviews: list[Review], readings: list[Reading], origin: bool
) -> None:
    own = [given_here(review) for review in reviews if review.here and review.kind != "suspend" and origin]
    parts = [own, *([told(review, by) for review in reviews[: by.most]] for by in readings)]
    with tempfile.TemporaryDirectory() as name:
        ends = []
        device = Device(Path(name), "alone")
        for part in reversed(parts):
            device.merge(part)
        ends.append((device.events(), {card: device.state(card) for card in CARDS}))
        devices = [Device(Path(name), "x"), Device(Path(name), "y")]
        devices[0].merge([event for part in parts[::2] for event in part])
        devices[1].merge([event for part in parts[1::2] for event in part])
        folder = Path(name) / "folder"
        folder.mkdir()
        for device in (*devices, *devices):
            assert not device.sync(folder).faults
        ends += [(device.events(), {card: device.state(card) for card in CARDS}) for device in devices]
    assert all(end == ends[0] for end in ends)
    events, states = ends[0]
    gone = undone(events)
    counting = [(e.card, e.at) for e in events if e.kind != "undo" and e.id not in gone]
    told_of = {(review.card, review.at) for review in reviews[: max(by.most for by in readings)]}
    assert sorted(counting) == sorted(told_of | {(event.card, event.at) for event in own})
    assert not gone & {event.id for event in own}
    assert states == {card: replay([e for e in events if e.card == card]) for card in CARDS}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(REVIEWS, st.lists(READINGS, min_size=2, max_size=3), st.booleans(), st.data())
def test_a_review_is_taken_back_as_a_whole_whatever_the_order(
    reviews: list[Review], readings: list[Reading], origin: bool, data: st.DataObject
) -> None:
    own = [given_here(review) for review in reviews if review.here and review.kind != "suspend" and origin]
    told_by = [[told(review, by) for review in reviews[: by.most]] for by in readings]
    tellings = list({event.id: event for part in told_by for event in part}.values())
    undos: list[Event] = []
    for number in range(data.draw(st.integers(1, 6)) if tellings else 0):
        named_by = data.draw(st.sampled_from([*tellings, *undos]))
        device = data.draw(st.sampled_from(("0a0b0c0d", "1a1b1c1d")))
        at, place = START + 99 * HOUR + number, 1000 + number
        undo = Event(f"{place:032x}", "undo", at, 60, study_day(at, 60), named_by.card, named_by.id, device=device)
        undos.append(replace(undo, seq=place, body={"import": "000001"}))
    events = [*own, *tellings, *undos]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "folder"
        folder.mkdir()
        devices = [Device(Path(name), own_name) for own_name in ("x", "y", "alone")]
        for event in data.draw(st.permutations(events)):
            devices[data.draw(st.integers(0, 1))].merge([event])
            if data.draw(st.integers(0, 5)) == 0:
                assert not devices[data.draw(st.integers(0, 1))].sync(folder).faults
        for each in (*devices[:2], *devices[:2]):
            assert not each.sync(folder).faults
        devices[2].merge(data.draw(st.permutations(events)))
        ends = [device.events() for device in devices]
        states = [{card: device.state(card) for card in CARDS} for device in devices]
        history = devices[0].open()
        assert not unsettled(history.connection)
        history.close()
    assert ends[0] == ends[1]
    assert states[0] == states[1] == states[2]
    gone = undone(undos)
    void = {(event.card, event.at) for event in tellings if event.id in gone}
    given_too = {(event.card, event.at) for event in own}
    for end in ends:
        left = undone(end)
        counting = [(event.card, event.at) for event in end if event.kind != "undo" and event.id not in left]
        assert sorted(counting) == sorted({(event.card, event.at) for event in tellings} - void | given_too)


def test_one_id_never_stands_for_two_events() -> None:
    review = Review(1, 0, "a", 3, "answer", here=False)
    one = told(review, Reading(0, 4, "old", 1))
    others = [replace(one, **change) for change in CHANGES]
    assert len({named(other).id for other in (one, *others)}) == len(others) + 1
    assert named(replace(one, id="x", seq=9, device="0a0b0c0d")) == one
    assert one.device == ANKI


CHANGES: tuple[dict[str, Any], ...] = (
    {"at": 5},
    {"offset": 5},
    {"day": 5},
    {"kind": "reset"},
    {"card": "b"},
    {"rating": 1},
    {"body": {}},
)
