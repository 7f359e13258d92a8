"""The paper: which questions are asked, drawn by the seed from the cards of a scope, one of each family.

Questions that the program marks come first; a card that has only a self-marked one (flip) is drawn when nothing else
is left, for a score that the learner gives is worth less. Of a case that unfolds from question to question only the
first can be asked alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quiz.deck.library import Listed
from quiz.deck.model import Card, fingerprint, question_id
from quiz.deck.scope import Scope
from quiz.digest import blake2b
from quiz.errors import UsageError
from quiz.questions import Flip, Question
from quiz.store.derive import CardState
from quiz.store.events import to_json
from quiz.study.blueprint import ExamPlan
from quiz.study.ports import Cards
from quiz.study.shown import Shown, shown_order
from quiz.text import counted


@dataclass(frozen=True, slots=True)
class Short:
    """A topic ("" for all together) that can give only `there` of the questions asked for."""

    topic: str
    asked: int
    there: int


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions in the order in which they are asked, and where there were too few."""

    items: tuple[Shown, ...]
    short: tuple[Short, ...] = ()

    @property
    def shortage(self) -> str:
        """What the decks can give and what was asked for, in a line; "" when nothing is short."""
        if not self.short:
            return ""
        if not self.short[0].topic:
            return f"{counted(self.short[0].there, 'question')} of the {self.short[0].asked} asked for"
        return ", ".join(f"{short.topic} {short.there} of {short.asked}" for short in self.short)


def self_marked(question: Question) -> bool:
    """Whether only the learner can tell if an answer is right."""
    return isinstance(question, Flip)


def machine_marked(question: Question) -> bool:
    """Whether the program can tell if an answer is right."""
    return not self_marked(question)


def draw(
    cards: Cards,
    plan: ExamPlan,
    state: Callable[[str], CardState],
    prefer: Callable[[Question], bool] = machine_marked,
) -> Paper:
    """Draw the questions of a plan. Suspended cards are left out; where `prefer` is false a question is a last resort.

    Raises UsageError when nothing at all fits.
    """
    drawing = _Drawing(cards, plan, state, prefer)
    listed = cards.within(plan.scope)
    items: list[Shown] = []
    short: list[Short] = []
    for topic, wanted in plan.shares:
        rows = [row for row in listed if not plan.weights or row.topic == topic]
        found = drawing.take(rows, wanted)
        items += found
        if len(found) < wanted:
            short.append(Short(topic, wanted, len(found)))
    if not items:
        raise UsageError("no question fits what you asked for", "ask for more decks, topics or kinds of question")
    items.sort(key=lambda shown: _lot(f"{plan.seed}:place:{shown.card.id}"))
    return Paper(tuple(items), tuple(short))


def by_topic(cards: Cards, scope: Scope) -> dict[str, int]:
    """Return how many questions each topic of a scope can give at most: one for each family of cards.

    Fast, for a screen on which an exam is set up: kinds and suspended cards are not looked at, `draw` does that.
    """
    families: dict[str, set[str]] = {}
    for row in cards.within(scope):
        families.setdefault(row.topic, set()).add(row.family)
    return {topic: len(found) for topic, found in sorted(families.items())}


def stamp(question: Question) -> str:
    """Return 16 hex digits that change with anything in a question: a paper holds it to what was drawn."""
    return fingerprint((to_json(question.as_json()),))


class _Drawing:
    """Takes questions for one paper: no family twice, whatever its topics."""

    def __init__(
        self, cards: Cards, plan: ExamPlan, state: Callable[[str], CardState], prefer: Callable[[Question], bool]
    ) -> None:
        self._cards, self._plan, self._state, self._prefer = cards, plan, state, prefer
        self._families: set[str] = set()

    def take(self, rows: Iterable[Listed], wanted: int) -> list[Shown]:
        """Take `wanted` questions by lot, or as many as there are. A card is read only when its lot comes up."""
        found: list[Shown] = []
        spare: list[Shown] = []
        for row in sorted(rows, key=lambda row: _lot(f"{self._plan.seed}:{row.id}")):
            if len(found) == wanted:
                break
            shown = self._present(row) if row.family not in self._families else None
            if shown is None:
                continue
            if self._prefer(shown.question):
                self._families.add(row.family)
                found.append(shown)
            else:
                spare.append(shown)
        for shown in spare:
            if len(found) < wanted and shown.card.family not in self._families:
                self._families.add(shown.card.family)
                found.append(shown)
        return found

    def _present(self, row: Listed) -> Shown | None:
        card = self._cards.card(row.id)
        if card is None:
            return None
        state = self._state(row.id)
        question = self._choose(card) if not state.suspended else None
        if question is None:
            return None
        name = question_id(question)
        return Shown(card, question, name, state, shown_order(question, f"{self._plan.seed}:{row.id}:{name}"), False)

    def _choose(self, card: Card) -> Question | None:
        """Return one of the card's questions of the kinds allowed, by lot among the preferred ones."""
        asked = card.questions[:1] if card.follows else card.questions
        allowed = [q for q in asked if not self._plan.kinds or q.kind in self._plan.kinds]
        best = [q for q in allowed if self._prefer(q)] or allowed
        return random.Random(f"{self._plan.seed}:{card.id}").choice(best) if best else None


def _lot(text: str) -> bytes:
    """Return what to sort by for a draw in which adding a card does not move the others."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
