"""Laws of sync: the union of histories does not depend on order, grouping, repetition or how files are cut up.

All run through real files: histories in SQLite, lines in a folder. `QUIZ_EXAMPLES=2000` tries more than a few cases.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.memory import StudyDay
from quiz.store.derive import CardState, replay
from quiz.store.events import Event, Kind
from quiz.store.sync.lines import line_of
from tests.support.syncing import Device, contents

CARDS = ("a", "b", "b/back")
DEVICES = ("0a0a0a0a", "0b0b0b0b", "0c0c0c0c")
START = 1_795_000_000_000
State = tuple[list[Event], dict[str, CardState]]


@st.composite
def event_lists(draw: st.DrawFn, most: int = 20) -> list[Event]:
    """Draw what some devices did: answers, decisions, undos (of undos too, and of what never comes)."""
    events: list[Event] = []
    numbers = dict.fromkeys(DEVICES, 0)
    for number in range(draw(st.integers(1, most))):
        device, card = draw(st.sampled_from(DEVICES)), draw(st.sampled_from(CARDS))
        numbers[device] += 1
        # Few different times, so that device and sequence decide; and clocks that go backwards.
        at = START + draw(st.integers(0, 6)) * 40_000_000
        kind: Kind = draw(st.sampled_from(["answer", "answer", "answer", "undo", "suspend", "bury", "flag", "reset"]))
        event = Event(
            f"{number:032x}", kind, at, 0, StudyDay(at // 86_400_000), card, device=device, seq=numbers[device]
        )
        if kind == "answer":
            rating = draw(st.sampled_from([None, 1, 2, 3, 4]))
            body = {"question": draw(st.sampled_from("qp")), "mark": float((rating or 0) > 1)}
            body |= {"certainty": "high"} if draw(st.booleans()) else {}
            event = replace(event, rating=rating, chance=draw(st.sampled_from([0.0, 0.25])), body=body)
        elif kind == "undo":
            target = draw(st.integers(0, most))
            about = events[target].card if target < len(events) else card
            event = replace(event, card=about, target=f"{target:032x}")
        elif kind == "bury":
            event = replace(event, body={"until": event.day + draw(st.integers(-2, 4))})
        elif kind in ("suspend", "flag"):
            event = replace(event, body={"on": draw(st.booleans())})
        events.append(event)
    return events


def state_of(device: Device) -> State:
    return device.events(), {card: device.state(card) for card in CARDS}


def by_hand(events: Sequence[Event]) -> State:
    """Return what any device has to come to: all events in the order of study, and what replay makes of them."""
    ordered = sorted(events, key=lambda e: e.order)
    return ordered, {card: replay([e for e in ordered if e.card == card]) for card in CARDS}


def dealt(events: Sequence[Event], hands: int, chance: random.Random) -> list[list[Event]]:
    """Deal events out, each to at least one hand."""
    found: list[list[Event]] = [[] for _ in range(hands)]
    for event in events:
        for hand in chance.sample(found, chance.randint(1, hands)):
            hand.append(event)
    return found


def merged(folder: str, name: str, parts: Sequence[Sequence[Event]]) -> State:
    device = Device(Path(folder), name)
    for part in parts:
        device.merge(part)
    return state_of(device)


chances = st.randoms(use_true_random=False)
EXAMPLES = int(os.environ.get("QUIZ_EXAMPLES", "20"))
quick = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@quick
@given(event_lists(), chances)
def test_merging_is_commutative_associative_and_idempotent(events: list[Event], chance: random.Random) -> None:
    x, y, z = dealt(events, 3, chance)
    with tempfile.TemporaryDirectory() as folder:
        expected = by_hand(events)
        assert merged(folder, "xyz", [x, y, z]) == expected
        assert merged(folder, "zyx", [z, y, x]) == expected
        assert merged(folder, "x(yz)", [x, [*y, *z]]) == expected
        assert merged(folder, "(xy)z", [[*x, *y], z]) == expected
        assert merged(folder, "twice", [x, y, z, x, [*z, *y], z]) == expected


def test_an_event_that_comes_twice_at_once_counts_once(tmp_path: Path) -> None:
    first, second = (
        Event(
            f"{n:032x}",
            "answer",
            at,
            0,
            StudyDay(20775),
            "a",
            body={"question": "q", "mark": 0.0},
            device="0a0a0a0a",
            seq=n,
        )
        for n, at in ((1, 1_795_040_000_000), (2, 1_795_050_000_000))
    )
    assert merged(str(tmp_path), "twice", [[first], [second, second]]) == by_hand([first, second])


@quick
@given(event_lists(), chances)
def test_any_order_and_any_split_of_the_files_lead_to_one_state(events: list[Event], chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as place:
        shared = Path(place, "shared")
        shared.mkdir()
        device = Device(Path(place), "reader")
        for number, hand in enumerate(dealt(events, chance.randint(1, 4), chance)):
            chance.shuffle(hand)
            name = f"{number:02x}{chance.getrandbits(24):06x}-{chance.randint(1970, 2100)}.jsonl"
            (shared / name).write_bytes(b"".join(map(line_of, hand)))
            if chance.random() < 0.5:
                device.sync(shared, batch=chance.randint(1, 5), window=chance.randint(1, 12))
        report = device.sync(shared, batch=chance.randint(1, 5), window=chance.randint(1, 12))
        assert report.faults == ()
        assert report.went == 0, "everything was there already"
        assert state_of(device) == by_hand(events)


@quick
@given(event_lists(), chances)
def test_files_that_grow_bit_by_bit_lead_to_the_state_of_whole_ones(events: list[Event], chance: random.Random) -> None:
    """A file sync may bring any beginning of a file, lines cut in two included."""
    with tempfile.TemporaryDirectory() as place:
        shared = Path(place, "shared")
        shared.mkdir()
        device = Device(Path(place), "reader")
        whole = {f"{n:08x}-2026.jsonl": b"".join(map(line_of, hand)) for n, hand in enumerate(dealt(events, 2, chance))}
        for _ in range(3):
            for name, content in whole.items():
                (shared / name).write_bytes(content[: chance.randint(0, len(content))])
            device.sync(shared)
        for name, content in whole.items():
            (shared / name).write_bytes(content)
        assert device.sync(shared).faults == ()
        assert state_of(device) == by_hand(events)


@quick
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(CARDS), st.sampled_from([1, 3, 0])), max_size=14), chances)
def test_devices_that_answer_and_sync_at_will_end_alike_and_lose_no_lapse(
    steps: list[tuple[int, str, int]], chance: random.Random
) -> None:
    """Each step is an answer of one device, or (0) a sync of it; nobody sees anything that was not synced."""
    with tempfile.TemporaryDirectory() as place:
        shared = Path(place, "shared")
        shared.mkdir()
        devices = [Device(Path(place), f"d{n}") for n in range(3)]
        done: list[Event] = []
        for number, card, rating in steps:
            device = devices[number]
            device.clock.forward(days=chance.randint(0, 9), hours=chance.randint(0, 20))
            if rating:
                done += device.answer(card, rating)
            else:
                device.sync(shared)
        for device in [*devices, *chance.sample(devices, 3)]:
            device.sync(shared)
        first = state_of(devices[0])
        assert all(state_of(device) == first for device in devices)
        assert {e.id for e in first[0]} == {e.id for e in done}
        for card in CARDS:
            mine = sorted((e for e in first[0] if e.card == card), key=lambda e: e.order)
            assert first[1][card].lapses == lapses_of(mine)
        before = contents(shared)
        assert [device.sync(shared).went for device in devices] == [0, 0, 0]
        assert contents(shared) == before


def lapses_of(events: Sequence[Event]) -> int:
    """Count the failures on a later day than the last answer before them, by the plainest reading of the rule."""
    days = [int(e.day) for e in events]
    return sum(e.rating == 1 and i > 0 and days[i] > days[i - 1] for i, e in enumerate(events))
