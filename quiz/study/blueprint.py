"""How an exam is set up: which cards, how many of each topic, how long, what passes, and when feedback comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quiz.deck.scope import Scope
from quiz.errors import UsageError
from quiz.text import clean, folded

QUESTIONS = 20  # where neither a limit nor a number of questions by topic is given
PASS_MARK = 60  # percent
MOST_OF_A_TOPIC = 1000
_AS_IN = "write topics with their numbers, as in: risks=3,technique=2"

Weights = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """The set-up of an exam.

    `weights` is the blueprint: topics with their weights (none: the topics as chance has them). `limit` counts
    questions; 0 means as many as the weights add up to, or `QUESTIONS`. `minutes` is 0 for no time limit, `pass_mark`
    is in percent of the marks. With `tutor` the feedback comes after each answer, else at the end. `kinds` are the
    kinds of question allowed (none: all). The seed decides which questions are drawn and the order of all that is
    shuffled.
    """

    scope: Scope = field(default_factory=Scope)
    weights: Weights = ()
    limit: int = 0
    minutes: int = 0
    pass_mark: int = PASS_MARK
    tutor: bool = False
    kinds: tuple[str, ...] = ()
    seed: int = 0

    @property
    def size(self) -> int:
        """How many questions are asked for."""
        return self.limit or sum(weight for _, weight in self.weights) or QUESTIONS

    @property
    def shares(self) -> Weights:
        """How many questions each topic of the blueprint is to give; one share without a name where there is none."""
        if not self.weights:
            return (("", self.size),)
        numbers = apportioned(self.size, [weight for _, weight in self.weights])
        return tuple((topic, number) for (topic, _), number in zip(self.weights, numbers, strict=True))

    def same_as(self, other: ExamPlan) -> bool:
        """Whether both are the same set-up, whatever the seed and the order in which things were named."""
        return self._setup() == other._setup()

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain values."""
        return {
            "scope": self.scope.as_json(),
            "weights": [list(weight) for weight in self.weights],
            "limit": self.limit,
            "minutes": self.minutes,
            "pass_mark": self.pass_mark,
            "tutor": self.tutor,
            "kinds": list(self.kinds),
            "seed": self.seed,
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> ExamPlan:
        """Return the plan that `as_json` gave."""
        return ExamPlan(
            Scope.from_json(data["scope"]),
            tuple((topic, weight) for topic, weight in data["weights"]),
            data["limit"],
            data["minutes"],
            data["pass_mark"],
            data["tutor"],
            tuple(data["kinds"]),
            data["seed"],
        )

    def _setup(self) -> ExamPlan:
        scope = {k: tuple(sorted(v)) if isinstance(v, tuple) else v for k, v in self.scope.as_json().items()}
        return replace(
            self,
            scope=Scope.from_json(scope),
            weights=tuple(sorted(self.weights)),
            limit=self.size,
            kinds=tuple(sorted(self.kinds)),
            seed=0,
        )


def apportioned(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` out by weights (all above 0), with the largest remainders rounded up; ties go to the first.

    The method of Hare and Niemeyer: the shares add up to `total`, and none is a whole unit off its quota.
    """
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def read_weights(text: str) -> tuple[Weights, int]:
    """Return the weights that `risks=3,technique=2` means, and how many questions that makes.

    Topics without any number (`risks,technique`) weigh the same and make no number (0). Raises UsageError.
    """
    weights: dict[str, int] = {}
    for part in text.split(","):
        name, given, number = (folded(clean(bit, lines=False)) for bit in part.partition("="))
        if not name or (given and not _is_weight(number)):
            raise UsageError(f"--topics: '{clean(part, lines=False).strip()}' is no topic with a number", _AS_IN)
        if name in weights:
            raise UsageError(f"--topics names '{name}' twice", "name each topic once")
        weights[name] = int(number) if given else 1
    return tuple(weights.items()), sum(weights.values()) if "=" in text else 0


def _is_weight(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) < 9 and 1 <= int(number) <= MOST_OF_A_TOPIC
