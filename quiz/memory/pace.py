"""The seconds that a card takes."""

from __future__ import annotations

from typing import NamedTuple


class Pace(NamedTuple):
    """Seconds that a card takes, with its repeat on the same day where it failed.

    The averages are those that the reference FSRS simulator ships.
    """

    new: float = 17.4
    recalled: float = 13.1
    failed: float = 31.7

    def seconds(self, recall: float) -> float:
        """Return what a card met is expected to take that is recalled with these odds (0 to 1)."""
        return recall * self.recalled + (1 - recall) * self.failed


AVERAGE_PACE = Pace()
