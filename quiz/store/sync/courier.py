"""Syncs beside a session, so that nobody waits: in a thread with a history of its own, as a second program would.

Whatever happens to the thread is what happens to a program that is killed: nothing is lost, the next sync goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from quiz.clock import Clock
from quiz.errors import UnreadableError
from quiz.store.history import History
from quiz.store.sync.run import Report, sync

BATCH = 200  # events with one transaction: some ten milliseconds, so that no answer waits for it
SILENCE = 20.0  # seconds without any progress after which a folder is given up


class Courier:
    """Takes one profile's events to a folder and back: once in the background, and once more at the end."""

    def __init__(self, history: Path, clock: Clock, folder: Path, silence: float = SILENCE) -> None:
        self._history, self._clock, self._folder, self._silence = history, clock, folder, silence
        self._thread: threading.Thread | None = None
        self._report: Report | None = None
        self._before: Report | None = None  # that of the first sync, when the last one is done
        self._error: Exception | None = None
        self._moved = time.monotonic()

    def begin(self) -> None:
        """Start a sync, unless one is running."""
        if self._thread is None or not self._thread.is_alive():
            self._moved = time.monotonic()
            # A daemon: a folder on a network that went away must not hold up the end of the program.
            self._thread = threading.Thread(target=self._work, name="sync", daemon=True)
            self._thread.start()

    def end(self, slow: Callable[[], None] = lambda: None) -> Report:
        """Wait for a sync that is running, do the last one, and return what both did.

        `slow` is called once if it takes more than half a second. Raises QuizError for what the sync raised, and for a
        folder that does not answer.
        """
        told = False
        for begins in (False, True):
            if begins:
                self.begin()
            while self._thread is not None and self._thread.is_alive():
                self._thread.join(0.5)
                if self._thread.is_alive() and not told:
                    told = True
                    slow()
                if time.monotonic() - self._moved > self._silence:
                    raise UnreadableError(f"the folder {self._folder} does not answer", "the next session tries again")
        if self._error is not None:
            raise self._error
        assert self._report is not None
        return _sum(self._before, self._report)

    def _work(self) -> None:
        self._before, self._report, self._error = self._report, None, None
        try:
            history = History(self._history, self._clock)
            try:
                self._report = sync(history, self._folder, BATCH, self._tick)
            finally:
                history.close()
        except Exception as error:  # raised where the session ends
            self._error = error

    def _tick(self) -> None:
        self._moved = time.monotonic()


def _sum(first: Report | None, last: Report) -> Report:
    """Return what two syncs did one after the other; what is not right is what the last one found."""
    if first is None:
        return last
    came, went, cards = first.came + last.came, first.went + last.went, first.cards + last.cards
    return replace(last, came=came, went=went, cards=cards, mended=(*first.mended, *last.mended))
