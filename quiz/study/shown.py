"""A question as it stands on the screen, and what is kept of an answer to it: the same for every way to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quiz.deck.model import Card
from quiz.questions import Choice, Question
from quiz.store.derive import CardState

if TYPE_CHECKING:
    from quiz.store.changes import Change


@dataclass(frozen=True, slots=True)
class Shown:
    """The question on the screen.

    `order` holds indexes in the order shown, of whatever its kind shuffles (empty for other kinds). `name` is the
    question's own within its card (`question_id`). Of a case whose questions follow one another, `step` counts from 0.
    `change` is there when an answer of the card is another one than the learner knows: that to this question, if it is
    one of them.
    """

    card: Card
    question: Question
    name: str
    state: CardState
    order: tuple[int, ...]
    retry: bool
    change: Change | None = None

    @property
    def options(self) -> list[str]:
        """The options in the order shown."""
        if not isinstance(self.question, Choice):
            return []
        return [self.question.options[i].text for i in self.order]

    @property
    def step(self) -> int:
        """How many questions of the same case came before."""
        return self.card.questions.index(self.question) if self.card.follows else 0

    @property
    def steps_left(self) -> int:
        """How many questions of the same case come after."""
        return len(self.card.questions) - 1 - self.step if self.card.follows else 0


def told_with(question: Question, changes: Sequence[Change]) -> Change | None:
    """Return the change to be told with a question: its own, else one for which the card has to come back."""
    own = next((change for change in changes if change.question == question), None)
    return own or next((change for change in changes if change.due), None)


def shown_order(question: Question, seed: str) -> tuple[int, ...]:
    """Return the order in which the parts of a question are shown; empty for a kind with nothing to shuffle."""
    order: Callable[[str], tuple[int, ...]] | None = getattr(question, "order", None)
    return order(seed) if order else ()
