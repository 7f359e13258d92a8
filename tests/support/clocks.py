"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime

from quiz.clock import Instant

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def at_utc(text: str) -> int:
    """Return UTC milliseconds of a time written like `2026-11-22 10:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class FixedClock:
    """Wall time, zone and counter, each moved by hand. It starts on a Sunday morning in November, in UTC."""

    def __init__(self, start: str = "2026-11-22 10:00", offset: int = 0) -> None:
        """`start` is in UTC, `offset` the local time's distance from it in minutes."""
        self.at = at_utc(start)
        self.offset = offset
        self.counter = 0

    def now(self) -> Instant:
        """Return the wall time."""
        return Instant(self.at, self.offset)

    def ticks(self) -> int:
        """Return the counter in milliseconds. Only `forward` moves it: a clock that is set does not."""
        return self.counter

    def forward(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0, ms: int = 0
    ) -> None:
        """Let time pass: both the wall time and the counter move."""
        passed = int(days * DAY + hours * HOUR + minutes * MINUTE + seconds * 1000) + ms
        self.at += passed
        self.counter += passed

    def set_back(self, *, days: float = 0, hours: float = 0) -> None:
        """Set the wall time back (or ahead, if negative), as somebody does by hand: no time passes."""
        self.at -= int(days * DAY + hours * HOUR)

    def set_to(self, text: str) -> None:
        """Set the wall time to a time in UTC."""
        self.at = at_utc(text)
