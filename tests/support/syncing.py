"""Devices for tests of sync: a profile each, made in a line, and a folder that they share."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from quiz.memory import StudyDay
from quiz.store.derive import CardState
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.sync import Report, sync
from tests.support.clocks import FixedClock
from tests.support.desks import learned, sound

START = 1_795_000_000_000


class Device:
    """One device: its history is opened for each step and closed after it, as a program does."""

    def __init__(self, root: Path, name: str, clock: FixedClock | None = None) -> None:
        self.clock = clock or FixedClock()
        self.profile = root / name
        self.path = self.profile / "history.sqlite"

    def open(self) -> History:
        """Open the history; the caller closes it."""
        return History(self.path, self.clock)

    @property
    def name(self) -> str:
        """The name that the device gave itself."""
        return (self.profile / "device").read_text("ascii").strip()

    def answer(self, card: str, *ratings: int) -> list[Event]:
        """Record answers now."""
        history = self.open()
        try:
            return learned(history, card, *ratings)
        finally:
            history.close()

    def record(self, kind: str, **fields: object) -> Event:
        """Record another event now."""
        history = self.open()
        try:
            event = history.event(kind, **fields)  # type: ignore[arg-type]
            assert history.record([event])
            return event
        finally:
            history.close()

    def merge(self, events: Iterable[Event]) -> None:
        """Take in events in one step."""
        history = self.open()
        try:
            history.merge([*events])
        finally:
            history.close()

    def sync(self, folder: Path, batch: int = 5000, window: int = 50_000) -> Report:
        """Sync, and see that what is derived is what replay gives."""
        history = self.open()
        try:
            return sync(history, folder, batch, window=window)
        finally:
            assert sound(history)
            history.close()

    def events(self) -> list[Event]:
        """Return all events in the order of study."""
        history = self.open()
        try:
            return list(history.events())
        finally:
            history.close()

    def state(self, card: str) -> CardState:
        """Return where a card stands."""
        history = self.open()
        try:
            return history.state(card)
        finally:
            history.close()


def answered(number: int, device: str = "0a0b0c0d", **fields: object) -> Event:
    """Return an answer of another device: its `number` makes its id, its time and its place there."""
    values: dict[str, object] = {
        "card": f"c{number % 7}",
        "rating": 1 + number % 4,
        "body": {"question": "q", "mark": 1.0},
    }
    values |= {"device": device, "seq": number + 1} | fields
    at = START + number * 3_600_000
    return Event(f"{number:032x}", "answer", at, 0, StudyDay(at // 86_400_000), **values)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    found = {}
    for path in folder.iterdir():
        with suppress(OSError):
            found[path.name] = path.read_bytes()
    return found
