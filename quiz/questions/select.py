"""Select: all that apply, or as many as asked for. Each right option taken earns a point, each wrong one costs one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from quiz.questions.base import NOT_ANSWERED, Json, Mark, indexes, quoted, shuffled
from quiz.questions.choice import Option
from quiz.text import counted


@dataclass(frozen=True, slots=True)
class Select:
    """`rights` are the indexes of the right options in `options`, ascending, in the deck's own order.

    At most `choose` options may be taken (0: any number). An answer is the indexes taken, joined by commas: `0,2`.
    """

    kind: ClassVar[str] = "select"
    ask: str
    options: tuple[Option, ...]
    rights: tuple[int, ...]
    choose: int = 0
    proof: bool = False

    @property
    def stem(self) -> str:
        return self.ask

    @property
    def key(self) -> str:
        return "; ".join(self.options[i].text for i in self.rights)

    @property
    def prompt_parts(self) -> tuple[str, ...]:
        limit = (f"choose {self.choose}",) if self.choose else ()
        return (self.ask, *limit, *sorted(o.text for o in self.options))

    @property
    def answer_parts(self) -> tuple[str, ...]:
        return tuple(sorted(self.options[i].text for i in self.rights))

    @property
    def points(self) -> int:
        """How many points the full mark takes."""
        return min(self.choose or len(self.rights), len(self.rights))

    def taken(self, given: str) -> tuple[int, ...]:
        """Return the indexes of the options taken, ascending; none when the answer cannot be read."""
        found = indexes(given, len(self.options))
        return tuple(sorted(set(found))) if found else ()

    def mark(self, given: str) -> Mark:
        """Mark the options taken: +1 for each right one, -1 for each wrong one, never below 0."""
        if not given:
            return NOT_ANSWERED
        if problem := self.problem(given):
            return Mark(0.0, problem)
        taken = self.taken(given)
        right = [i for i in taken if i in self.rights]
        wrong = [i for i in taken if i not in self.rights]
        earned = max(0, len(right) - len(wrong))
        if earned == self.points:
            return Mark(1.0, "Right.")
        words = [f"{earned} of {counted(self.points, 'point')} ({len(right)} right, {len(wrong)} wrong)."]
        if len(right) < self.points:
            words.append(f"Missed: {self._named(i for i in self.rights if i not in taken)}.")
        if wrong:
            words.append(f"Wrong: {self._named(wrong)}.")
        return Mark(earned / self.points, " ".join(words))

    def problem(self, given: str) -> str:
        taken = indexes(given, len(self.options)) if given else (0,)
        if taken is None or len(set(taken)) < len(taken):
            return f"that is no set of options - choose among the {len(self.options)}"
        if self.choose and len(taken) > self.choose:
            return f"{counted(len(taken), 'option')} taken - choose at most {self.choose}"
        return ""

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the options in the order shown; the same seed gives the same order everywhere."""
        return shuffled(len(self.options), seed)

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "ask": self.ask,
            "options": [(o.text, o.why) for o in self.options],
            "rights": self.rights,
            "choose": self.choose,
            "proof": self.proof,
        }

    def _named(self, taken: Iterable[int]) -> str:
        return ", ".join(quoted(self.options[i].text) for i in taken)
