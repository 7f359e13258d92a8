"""An exam while it is set up: what can be chosen, and what the choices come to. It is behind the set-up screen."""

from __future__ import annotations

from dataclasses import replace

from quiz.deck.library import Library
from quiz.deck.scope import Scope
from quiz.study.blueprint import ExamPlan
from quiz.study.paper import Paper, Short, by_topic

MOST_QUESTIONS, MOST_MINUTES, MOST_WEIGHT = 200, 300, 9
_STEP = 5  # of questions above ten, of minutes and of percent

Values = tuple[str, ...]


class Setup:
    """The choices of one set-up. `weights` holds the blueprint: topics with weights of 0 to `MOST_WEIGHT`."""

    def __init__(self, library: Library, plan: ExamPlan) -> None:
        self._library = library
        self._plan = plan
        scope = plan.scope
        self.number = plan.size
        self.minutes = plan.minutes
        self.pass_mark = plan.pass_mark
        self.tutor = plan.tutor
        self.group = False
        self.safety = scope.safety
        self.decks = _Ring(scope.decks, [(deck.path,) for deck in library.decks()])
        self.audiences = _Ring(scope.audiences, [(value,) for value in library.values("audience")])
        self.procedures = _Ring(scope.procedures, [(value,) for value in library.values("procedure")])
        self.weights = dict(plan.weights or ((topic, 1) for topic in scope.topics))
        self._counts: dict[Scope, dict[str, int]] = {}

    @property
    def there(self) -> dict[str, int]:
        """How many questions each topic can give within the choices; topics of the blueprint are always among them."""
        scope = self._within()
        if scope not in self._counts:
            self._counts[scope] = by_topic(self._library, scope)
        weighted = {topic: 0 for topic, weight in self.weights.items() if weight}
        return dict(sorted((weighted | self._counts[scope]).items()))

    @property
    def topics(self) -> Values:
        """The topics that can be weighted."""
        return tuple(topic for topic in self.there if topic)

    @property
    def available(self) -> int:
        """How many questions there are: of the weighted topics or, without any, of all."""
        weighted = {topic for topic, weight in self.weights.items() if weight}
        return sum(count for topic, count in self.there.items() if not weighted or topic in weighted)

    @property
    def shares(self) -> dict[str, int]:
        """How many questions each weighted topic is to give; empty without a blueprint."""
        plan = self.plan(0)
        return dict(plan.shares) if plan.weights else {}

    @property
    def short(self) -> Paper:
        """What cannot be met, as an empty paper whose `shortage` says it."""
        plan = self.plan(0)
        there = self.there
        found = [(topic, wanted, there[topic] if topic else self.available) for topic, wanted in plan.shares]
        return Paper((), tuple(Short(*each) for each in found if each[2] < each[1]))

    def plan(self, seed: int) -> ExamPlan:
        """Return the plan that the choices make. A group has neither clock nor tutor."""
        weights = tuple((topic, weight) for topic, weight in sorted(self.weights.items()) if weight)
        return replace(
            self._plan,
            scope=replace(self._within(), topics=tuple(topic for topic, _ in weights)),
            weights=weights,
            limit=self.number,
            minutes=0 if self.group else self.minutes,
            pass_mark=self.pass_mark,
            tutor=self.tutor and not self.group,
            seed=seed,
        )

    def shift(self, name: str, step: int) -> None:
        """Change a choice by one step up (1) or down (-1): numbers stop at their ends, all else goes round."""
        match name:
            case "number":
                wide = self.number > 10 or (self.number == 10 and step > 0)
                self.number = _within(self.number + step * (_STEP if wide else 1), 1, MOST_QUESTIONS)
            case "minutes":
                self.minutes = _within(self.minutes + step * _STEP, 0, MOST_MINUTES)
            case "pass_mark":
                self.pass_mark = _within(self.pass_mark + step * _STEP, 0, 100)
            case "decks" | "audiences" | "procedures":
                getattr(self, name).turn(step)
            case _:
                assert name in ("tutor", "group", "safety")
                setattr(self, name, not getattr(self, name))

    def weigh(self, topic: str, weight: int) -> None:
        """Give a topic a weight; beyond the ends it stays at them."""
        self.weights[topic] = _within(weight, 0, MOST_WEIGHT)

    def _within(self) -> Scope:
        """Return what is chosen but for the topics."""
        return replace(
            self._plan.scope,
            topics=(),
            decks=self.decks.value,
            audiences=self.audiences.value,
            procedures=self.procedures.value,
            safety=self.safety,
        )


class _Ring:
    """Values of which one is chosen, the first being no restriction."""

    def __init__(self, chosen: Values, values: list[Values]) -> None:
        self._values = list(dict.fromkeys([(), chosen, *values]))
        self.value = chosen

    def turn(self, step: int) -> None:
        """Choose the value beside the one chosen."""
        self.value = self._values[(self._values.index(self.value) + step) % len(self._values)]


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
