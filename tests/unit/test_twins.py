"""Reviews from Anki that several events tell: what settles them costs little, and every way into a history goes by it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from quiz.memory import StudyDay
from quiz.store.events import Event
from quiz.store.twins import ANKI, PLACE, known_as, undos
from tests.support.syncing import START, Device


def alike(number: int, apart: int) -> list[Event]:
    """Return answers on one card by one device of Anki, `apart` different milliseconds, and as many given here."""
    fields = {"card": "k", "rating": 3}
    told = [
        Event(f"{n:032x}", "answer", START + n % apart, 0, StudyDay(20_000), **fields, device=ANKI, seq=PLACE)
        for n in range(number)
    ]
    own = [
        Event(f"{n:031x}f", "answer", START + n % apart, 0, StudyDay(20_000), **fields, device="0a0b0c0d", seq=n + 1)
        for n in range(number if apart > 1 else 0)
    ]
    return told + own


@pytest.mark.parametrize("apart", [1, 700])
def test_many_answers_at_one_moment_cost_as_much_more_as_they_are_more(apart: int, tmp_path: Path) -> None:
    device = Device(tmp_path, "a")
    steps = []
    for number in (700, 2800):
        history, count = device.open(), [0]
        events = alike(number, apart)
        try:
            db = history.connection
            db.set_progress_handler(lambda count=count: count.__setitem__(0, count[0] + 100), 100)
            sys.setprofile(lambda *_, count=count: count.__setitem__(0, count[0] + 1))
            try:
                undos(db, events)
                known_as(db, events)
            finally:
                sys.setprofile(None)
                db.set_progress_handler(None, 0)
        finally:
            history.close()
        steps.append(count[0])
        device.merge(events)
    assert steps[1] < 8 * steps[0]
