"""From events to where a card stands. Pure: the same events give the same state on every device and at every replay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from quiz.memory import DEFAULT_PARAMS, Memory, Params, Rating, StudyDay, due_day, knew_odds_by_chance, step
from quiz.store.events import Event

NEVER = 2**31  # the study day of a suspended card

# Whoever was sure and wrong is wrong again once the correction fades (Butler, Fazio, Marsh 2011): such a card comes
# back tomorrow and, recalled then, in a week, however well it was known before.
DANGER_DAYS = {2: 1, 1: 7}
IN_DANGER = max(DANGER_DAYS)


class Asked(NamedTuple):
    """How often a question was asked, when last (as the card's number of answers then), and the last mark (0 to 1).

    `answer` is the fingerprint of what was the right answer then; "" where it was not kept.
    """

    times: int
    last: int
    mark: float
    answer: str = ""


@dataclass(frozen=True, slots=True)
class CardState:
    """Where a card stands. `due` is 0 for a new card; `days` counts the different days on which it was recalled.

    `danger` counts the days on which it still has to be recalled after it was answered surely and wrongly.
    """

    memory: Memory | None = None
    due: int = 0
    answers: int = 0
    lapses: int = 0
    days: int = 0
    last_recalled: int = -1
    first_day: int | None = None
    suspended: bool = False
    buried_until: int = 0
    flagged: bool = False
    danger: int = 0
    asked: dict[str, Asked] = field(default_factory=dict)

    @property
    def new(self) -> bool:
        """Whether no answer has counted yet."""
        return self.memory is None

    @property
    def shown_from(self) -> int:
        """The study day from which a session may ask the card."""
        return NEVER if self.suspended else max(self.due, self.buried_until)


NEW = CardState()


def apply(state: CardState, event: Event, params: Params = DEFAULT_PARAMS) -> CardState:
    """Return the state after one more event of the card, by a memory with these weights."""
    match event.kind:
        case "answer":
            return _answered(state, event, params)
        case "suspend":
            return replace(state, suspended=bool(event.body.get("on", True)))
        case "bury":
            return replace(state, buried_until=int(event.body.get("until", 0)))
        case "flag":
            return replace(state, flagged=bool(event.body.get("on", True)))
        case "reset" if "before" not in event.body:  # else `replay` sees to it: it is no moment in the order of events
            return replace(state, memory=None, due=0, lapses=0, days=0, last_recalled=-1, danger=0)
        case _:
            return state


def _answered(state: CardState, event: Event, params: Params) -> CardState:
    question, mark = str(event.body.get("question", "")), float(event.body.get("mark", 0.0))
    before = state.asked.get(question)
    answers = state.answers + 1
    seen = Asked((before.times if before else 0) + 1, answers, mark, str(event.body.get("answer", "")))
    asked = {**state.asked, question: seen}
    if event.rating is None:
        return replace(state, answers=answers, asked=asked)
    knew = knew_odds_by_chance(state.memory, event.day, event.chance, params)
    memory = step(state.memory, Rating(event.rating), event.day, params, knew=knew)
    recalled = event.rating > Rating.AGAIN
    fresh_day = recalled and event.day > state.last_recalled
    sure = event.body.get("certainty") == "high"
    danger = danger_after(state, Rating(event.rating), event.day, sure=sure)
    due = due_day(memory, event.retention, event.card or "", answers, params)
    return replace(
        state,
        memory=memory,
        due=due_in_danger(due, event.day, danger),
        danger=danger,
        answers=answers,
        lapses=state.lapses + (not recalled and state.memory is not None and event.day > state.memory.day),
        days=state.days + fresh_day,
        last_recalled=event.day if fresh_day else state.last_recalled,
        first_day=event.day if state.first_day is None else state.first_day,
        asked=asked,
    )


def _outdated(state: CardState, event: Event) -> CardState:
    """Return the state after an answer that a later `reset` of the deck makes void for the schedule.

    What stays is what any reset leaves: that the card was met, and what was asked.
    """
    met = event.day if state.first_day is None and event.rating is not None else state.first_day
    return replace(_answered(state, replace(event, rating=None), DEFAULT_PARAMS), first_day=met)


def danger_after(state: CardState, rating: Rating, day: StudyDay, *, sure: bool) -> int:
    """Return the `danger` of a card after an answer on `day`. Two recalls on one day count once."""
    if rating is Rating.AGAIN:
        return IN_DANGER if sure or state.danger else 0
    met_before = state.memory is not None and state.memory.day < day
    return state.danger - 1 if state.danger and met_before else state.danger


def due_in_danger(due: int, day: StudyDay, danger: int) -> int:
    """Return the due day of a card answered on `day`, which danger draws near."""
    return min(due, day + DANGER_DAYS[danger]) if danger else due


def undone(events: Iterable[Event]) -> set[str]:
    """Return the ids of the events that do not count: those named by an undo that itself counts.

    An undo of an undo brings the first event back. The order does not matter, so an undo may arrive before its event.
    """
    undos = [(e.id, e.target) for e in events if e.kind == "undo" and e.target]
    by_target: dict[str, list[str]] = {}
    for undo, target in undos:
        by_target.setdefault(target, []).append(undo)
    alive: dict[str, bool] = {}

    def counts(event_id: str) -> bool:
        """Whether no counting undo names the event. Walked without recursion: chains may be long."""
        waiting = [event_id]
        while waiting:
            top = waiting[-1]
            open_ = [u for u in by_target.get(top, ()) if u not in alive]
            if open_ and len(waiting) <= len(undos) + 1:
                waiting.append(open_[0])
            else:
                alive[top] = not any(alive.get(u, False) for u in by_target.get(top, ()))
                waiting.pop()
        return alive[event_id]

    return {target for target in by_target if not counts(target)}


def reset_before(events: Iterable[Event]) -> int:
    """Return the study day before which answers no longer count for the schedule; long ago if all do.

    It is that of the latest `reset:` of a deck among the events, wherever they stand: on a device that learns of it
    late, the same answers are void.
    """
    days = (e.body.get("before") for e in events if e.kind == "reset")
    return max((day for day in days if isinstance(day, int)), default=-NEVER)


def replay(events: Sequence[Event], params: Params = DEFAULT_PARAMS) -> CardState:
    """Return the state that all events of one card leave, in whatever order they are given.

    Events of other cards among them are those of ids that the card had before (see `same-as` in the guide to decks).
    """
    gone = undone(events)
    counting = [event for event in events if event.id not in gone]
    before = reset_before(counting)
    state = NEW
    for event in sorted(counting, key=lambda e: e.order):
        if event.kind == "answer" and event.day < before:
            state = _outdated(state, event)
        else:
            state = apply(state, event, params)
    return state
