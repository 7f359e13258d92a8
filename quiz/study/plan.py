"""What a session is to be: which cards, how many, for how long."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quiz.deck.scope import Scope

Mode = Literal["study", "refresher", "contrast", "pretest", "cram"]
CARDS_A_MINUTE = 8
AVERAGE_A_MINUTE = 3  # with the new cards that come between
FEWEST_RANKED, MOST_RANKED = 60, 1000  # what is due beyond that waits for the next session


@dataclass(frozen=True, slots=True)
class Plan:
    """`limit` counts cards (a failed card that comes back is not counted again), `minutes` time spent; 0 is no limit.

    The seed decides the order of options and when failed cards come back; the same seed and answers give the same
    session. What each `mode` means is in `quiz.study.modes`.
    """

    scope: Scope = field(default_factory=Scope)
    limit: int = 0
    minutes: int = 0
    seed: int = 0
    mode: Mode = "study"

    @property
    def most(self) -> int:
        """How many due cards it is worth ranking: what a quick learner gets through, and enough to choose from."""
        return max(FEWEST_RANKED, self.limit or self.minutes * CARDS_A_MINUTE or MOST_RANKED)

    @property
    def fits(self) -> float:
        """How many due cards an average learner gets through: more than that is a backlog."""
        return self.limit or self.minutes * AVERAGE_A_MINUTE or math.inf

    def same_as(self, other: Plan) -> bool:
        """Whether both ask for the same session, whatever the seed."""
        return replace(self, seed=0) == replace(other, seed=0)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return {
            "scope": self.scope.as_json(),
            "limit": self.limit,
            "minutes": self.minutes,
            "seed": self.seed,
            "mode": self.mode,
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Plan:
        """Return the plan that `as_json` gave."""
        return Plan(Scope.from_json(data["scope"]), data["limit"], data["minutes"], data["seed"], data["mode"])
