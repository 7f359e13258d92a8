"""The time, handed in from outside: the core never asks the system by itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NamedTuple, Protocol


class Instant(NamedTuple):
    """A moment: `at` in UTC milliseconds since 1970, `offset` of local time from UTC in minutes (east is positive)."""

    at: int
    offset: int


class Clock(Protocol):
    """Tells the wall time and a counter that never runs backwards."""

    def now(self) -> Instant:
        """Return the wall-clock time with the local offset."""

    def ticks(self) -> int:
        """Return milliseconds from an arbitrary start: for measuring how long an answer took."""


class SystemClock:
    """The machine's clock and time zone."""

    def now(self) -> Instant:
        """Return the machine's time; the offset is the one in force at that moment (summer time included)."""
        seconds = time.time()
        return Instant(int(seconds * 1000), time.localtime(seconds).tm_gmtoff // 60)

    def ticks(self) -> int:
        """Return the monotonic clock in milliseconds."""
        return time.monotonic_ns() // 1_000_000


def iso(at: int) -> str:
    """Return `at` (UTC milliseconds) as ISO 8601 with a Z, to the millisecond."""
    seconds, millis = divmod(at, 1000)
    try:
        stamp = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return f"{at} ms"
    return f"{stamp:%Y-%m-%dT%H:%M:%S}.{millis:03d}Z"
