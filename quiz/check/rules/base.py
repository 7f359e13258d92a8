"""What every rule of good content stands on: the material that is looked at, a rule, and what it found.

A rule is a function over the whole `Material` that yields a `Fault` for each thing it objects to; `rule` gives it its
id, its severity and its sentence, and enters it in `RULES`. A card may break a rule for a reason: `exceptions:` on the
card names the rule and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from quiz.deck.model import Card, Source
from quiz.deck.sessions import PatientSession
from quiz.places import Place, Problem
from quiz.questions import Choice, Question, Select

ERROR, WARNING = "error", "warning"
FEWEST_FOR_RATES = 40
"""Below so many questions the rate of a cue over a set says nothing."""

Z95 = 1.96
"""Standard errors either side that chance stays within 95 times in 100."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its place."""

    card: Card
    question: Question
    line: int

    @property
    def shown(self) -> str:
        """All that stands on the screen before the answer, but for the options: the case and the stem."""
        return " ".join((*self.card.case_at(self.question), self.question.stem))


@dataclass(frozen=True)
class Material:
    """What is looked at together. Rates and guessers need many questions, so they run over the whole set."""

    cards: tuple[Card, ...]
    sources: Mapping[str, Source]
    sessions: tuple[PatientSession, ...]
    today: date

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every question of every card, in the order of the files."""
        return tuple(
            Asked(card, question, line)
            for card in self.cards
            for question, line in zip(card.questions, card.lines or (card.line,) * len(card.questions), strict=True)
        )

    @cached_property
    def choices(self) -> tuple[tuple[Asked, Choice], ...]:
        """The questions with one right option."""
        return tuple((a, a.question) for a in self.asked if isinstance(a.question, Choice))

    @cached_property
    def with_options(self) -> tuple[tuple[Asked, Choice | Select], ...]:
        """The questions with options, whether one or several are right."""
        return tuple((a, a.question) for a in self.asked if isinstance(a.question, (Choice, Select)))

    @property
    def chance(self) -> float:
        """The share of the choices that guessing gets right, from 0 to 1."""
        return sum(1 / len(q.options) for _, q in self.choices) / len(self.choices)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule objects to. `at` is None for the set as a whole."""

    at: Asked | Card | PatientSession | None
    what: str
    mend: str


Look = Callable[[Material], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of good content: `says` is the sentence that a deck author reads."""

    id: str
    severity: str
    says: str
    look: Look


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in its place, with the rule that found it. One line when printed."""

    rule: str
    severity: str
    problem: Problem

    def __str__(self) -> str:
        problem = self.problem
        return f"{problem.place}: {self.rule} {self.severity}: {problem.what} - {problem.mend}"

    def as_json(self) -> dict[str, object]:
        """Return the finding for editors and scripts."""
        return {"rule": self.rule, "severity": self.severity, **self.problem.as_json()}


RULES: dict[str, Rule] = {}


def rule(id: str, severity: str, says: str) -> Callable[[Look], Look]:
    """Enter a rule under its id."""

    def enter(look: Look) -> Look:
        RULES[id] = Rule(id, severity, says, look)
        return look

    return enter


def card_of(at: Asked | Card | PatientSession | None) -> Card | None:
    """Return the card that a fault is in, if it is in one."""
    return at.card if isinstance(at, Asked) else at if isinstance(at, Card) else None


def place_of(at: Asked | Card | PatientSession | None, whole: str) -> Place:
    """Return where a fault is; `whole` names the set."""
    if isinstance(at, Asked):
        return Place(at.card.file, at.line, 1)
    if isinstance(at, Card):
        return Place(at.file, at.line, 1)
    return Place(at.file if at else whole)


def beyond_chance(hits: float, of: int, chance: float) -> tuple[bool, bool]:
    """Return whether `hits` of `of` lie below, and whether above, what chance gives 95 times in 100."""
    room = Z95 * (chance * (1 - chance) / of) ** 0.5
    return hits / of < chance - room, hits / of > chance + room


def percent(share: float) -> str:
    """Return a share from 0 to 1 in words."""
    return f"{share * 100:.0f} %"
