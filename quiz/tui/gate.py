"""Lets no key through to a question that nobody has seen: a held key, a burst of pasted ones, a double click.

Whenever the screen asks something new the gate shuts. It opens for the first key that is pressed after the question was
drawn and after the keyboard had been quiet: a moment for another key, longer for the same one, since a key that is held
comes again after up to 0.7 s.
"""

from __future__ import annotations

QUIET_MS = 80
SAME_KEY_QUIET_MS = 700
DOUBLE_CLICK_MS = 350

MOUSE = "mouse"  # stands for a mouse button among the keys


class Gate:
    """Times are in milliseconds of a clock that never runs backwards. `turn` counts what was asked so far."""

    def __init__(self) -> None:
        self.turn = 0
        self._open = True
        self._drawn = True
        self._last_key = ""
        self._last_at = -SAME_KEY_QUIET_MS
        self._free: frozenset[str] = frozenset()

    def shut(self, free: frozenset[str] = frozenset()) -> None:
        """Something new is asked and not drawn yet. The `free` keys answer nothing: they may act all the same."""
        self.turn += 1
        self._free = free
        self._open = self._drawn = False

    def drawn(self) -> None:
        """What is asked stands on the screen."""
        self._drawn = True

    def admits(self, key: str, now: int) -> bool:
        """Return whether this key (or MOUSE) may act, and remember it."""
        gap = now - self._last_at
        again = DOUBLE_CLICK_MS if key == MOUSE else SAME_KEY_QUIET_MS
        quiet = gap >= (again if key == self._last_key else QUIET_MS)
        self._last_key, self._last_at = key, now
        if not self._open:
            self._open = self._drawn and quiet
        return self._open or key in self._free
