"""Leaves in order when the system asks to: a signal must not leave the terminal in its full-screen state."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

LAST_RESORT_SECONDS = 3.0  # how long leaving in order may take once the terminal is gone


@contextlib.contextmanager
def on_signals(leave: Callable[[int], None]) -> Iterator[None]:
    """Call `leave` with the exit code when SIGINT, SIGTERM or SIGHUP arrives during the block.

    These are plain handlers, not those of the event loop: while a terminal takes no more output the loop stands still,
    and only such a handler still runs. If leaving in order fails for that reason, the process ends all the same.
    """

    def arrived(number: int, _: FrameType | None) -> None:
        last_resort = threading.Timer(LAST_RESORT_SECONDS, os._exit, (128 + number,))
        last_resort.daemon = True
        last_resort.start()
        leave(128 + number)

    before: dict[int, Any] = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            before[number] = signal.signal(number, arrived)
    try:
        yield
    finally:
        _let_go()
        for number, handler in before.items():
            signal.signal(number, handler)


def _let_go() -> None:
    """Drop what a terminal that is gone did not take: Python would try again at its end, and change the exit code."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError):
                sink = os.open(os.devnull, os.O_WRONLY)
                os.dup2(sink, stream.fileno())
                os.close(sink)
