"""A patient session as it goes: which step of which point, and what was heard. It stores nothing and knows no clock.

Each point goes the same way: say it, look at a figure where there is one, ask the person to tell it back and tick what
is heard, say what was missing in simpler words and listen again, then ask about what many people get wrong. There is no
score: a point was taught back, or is one to come back to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from quiz.deck.sessions import PatientSession, Point


class Stage(Enum):
    """What one step is about."""

    BEGIN = auto()
    SAY = auto()
    LOOK = auto()
    ASK = auto()
    AGAIN = auto()  # only where something was missing
    PROBE = auto()
    ANSWER = auto()
    QUESTIONS = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing at a time: a stage, and the index of its point (None outside the points)."""

    stage: Stage
    point: int | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """What a session came to, as points and questions and nothing about the person.

    `talked` are all points that were begun. `back` were told back; `again` are all others, begun or not, to come back
    to. `missing` are the phrases of a begun point that were not heard. `questions` are those to take to the visit.
    """

    session: PatientSession
    talked: tuple[Point, ...]
    back: tuple[Point, ...]
    again: tuple[Point, ...]
    missing: Mapping[Point, tuple[str, ...]]
    questions: tuple[str, ...]


BEGIN, QUESTIONS, END = Step(Stage.BEGIN), Step(Stage.QUESTIONS), Step(Stage.END)


class Teaching:
    """One patient session. A front shows `step`, ticks what can be ticked, and goes on, back or to the end."""

    def __init__(self, session: PatientSession, figures: Collection[str] = ()) -> None:
        """`figures` are the names of the figures that can be shown; a point whose figure is not there goes without."""
        self.session = session
        self.step = BEGIN
        self._figures = figures
        self._heard: list[set[int]] = [set() for _ in session.points]  # at the first asking
        self._heard_again: list[set[int]] = [set() for _ in session.points]
        self._begun: set[int] = set()
        self._chosen: set[int] = set()
        self._left_at = QUESTIONS  # where `back` leads from the end

    # -- what is on the screen ----------------------------------------------------------------------------------------

    @property
    def point(self) -> Point | None:
        """The point of this step."""
        return None if self.step.point is None else self.session.points[self.step.point]

    @property
    def to_tick(self) -> tuple[str, ...]:
        """What can be ticked in this step: phrases to hear, or questions to take along."""
        if self.step.stage is Stage.QUESTIONS:
            return self.session.questions
        if self.point is None or self.step.stage not in (Stage.ASK, Stage.AGAIN):
            return ()
        return tuple(self.point.listen_for[i] for i in self._places())

    @property
    def ticked(self) -> frozenset[int]:
        """The indexes in `to_tick` of what is ticked."""
        ticks = self._ticks()
        return frozenset(n for n, place in enumerate(self._places()) if place in ticks)

    # -- what the educator does ---------------------------------------------------------------------------------------

    def tick(self, index: int) -> None:
        """Tick something of `to_tick`, or take its tick off. An index that is not there does nothing."""
        places = self._places()
        if 0 <= index < len(places):
            self._ticks().symmetric_difference_update({places[index]})

    def tick_only(self, indexes: Collection[int]) -> None:
        """Tick exactly these of `to_tick`."""
        for index in self.ticked ^ frozenset(indexes):
            self.tick(index)

    def next(self) -> None:
        """Go on to the next step. At the end it stays there."""
        steps = self._steps()
        self._go_to(steps[min(steps.index(self.step) + 1, len(steps) - 1)])

    def back(self) -> None:
        """Go back by one step; from the end to where it was reached from."""
        if self.step == END:
            self._go_to(self._left_at)
        else:
            steps = self._steps()
            self._go_to(steps[max(steps.index(self.step) - 1, 0)])

    def end(self) -> None:
        """Go to the end from wherever the session stands."""
        self._go_to(END)

    @property
    def done(self) -> bool:
        """Whether the session is at its end."""
        return self.step == END

    def taught(self) -> Taught:
        """Return what the session came to so far."""
        points = self.session.points
        missing = {
            i: tuple(phrase for n, phrase in enumerate(points[i].listen_for) if n not in self._all_heard(i))
            for i in self._begun
        }
        back = [i for i in range(len(points)) if i in self._begun and not missing[i]]
        chosen = tuple(q for i, q in enumerate(self.session.questions) if i in self._chosen)
        return Taught(
            session=self.session,
            talked=tuple(points[i] for i in sorted(self._begun)),
            back=tuple(points[i] for i in back),
            again=tuple(point for i, point in enumerate(points) if i not in back),
            missing={points[i]: phrases for i, phrases in sorted(missing.items()) if phrases},
            questions=chosen or self.session.questions,
        )

    # -- inside -------------------------------------------------------------------------------------------------------

    def _steps(self) -> list[Step]:
        """Return all steps as they follow from what was heard so far."""
        steps = [BEGIN]
        for i, point in enumerate(self.session.points):
            stages = [Stage.SAY]
            if point.figure in self._figures:
                stages.append(Stage.LOOK)
            stages.append(Stage.ASK)
            if len(self._heard[i]) < len(point.listen_for):
                stages.append(Stage.AGAIN)
            steps += [Step(stage, i) for stage in (*stages, Stage.PROBE, Stage.ANSWER)]
        return [*steps, QUESTIONS, END]

    def _go_to(self, step: Step) -> None:
        if step == END and self.step != END:
            self._left_at = self.step
        self.step = step
        if step.point is not None:
            self._begun.add(step.point)

    def _places(self) -> list[int]:
        """Return the indexes, in the point's phrases or the session's questions, of what can be ticked now."""
        if self.step.stage is Stage.QUESTIONS:
            return list(range(len(self.session.questions)))
        if self.step.point is None or self.point is None or self.step.stage not in (Stage.ASK, Stage.AGAIN):
            return []
        heard = self._heard[self.step.point] if self.step.stage is Stage.AGAIN else ()
        return [i for i in range(len(self.point.listen_for)) if i not in heard]

    def _ticks(self) -> set[int]:
        """Return the ticks of this step."""
        if self.step.point is None:
            return self._chosen
        return (self._heard_again if self.step.stage is Stage.AGAIN else self._heard)[self.step.point]

    def _all_heard(self, point: int) -> set[int]:
        return self._heard[point] | self._heard_again[point]
