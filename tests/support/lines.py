"""Conversations for tests of line modes: lines that take time to type, and golden text to compare with."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

from tests.support.clocks import FixedClock

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


class Typing(io.StringIO):
    """Lines that take five seconds each to type; what is said goes to `out`."""

    def __init__(self, lines: Sequence[str], clock: FixedClock, seconds: float = 5) -> None:
        super().__init__("".join(f"{line}\n" for line in lines))
        self.out = io.StringIO()
        self._clock, self._seconds = clock, seconds

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # the bases in typeshed disagree
        self._clock.forward(seconds=self._seconds)
        return super().readline(size)


def assert_golden(name: str, text: str) -> None:
    """Compare with a file of tests/golden; with QUIZ_UPDATE_GOLDEN=1 the file is written first."""
    path = GOLDEN / name
    if os.environ.get("QUIZ_UPDATE_GOLDEN") == "1":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
