"""The places of an exam's paper: the question, the answer in force, and what these are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quiz.questions import Mark, Question
from quiz.store.events import Event
from quiz.study.paper import self_marked, stamp
from quiz.study.rating import Certainty
from quiz.study.result import Scored
from quiz.study.shown import Shown


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer in force to one question.

    `mark` is None while a self-marked answer has no verdict; `wrote` is what the learner wrote for it. `ms` is the time
    that its question had taken by then, `rated` whether the schedule has been told.
    """

    event: str
    given: str
    mark: Mark | None
    certainty: Certainty | None = None
    wrote: str = ""
    ms: int = 0
    rated: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in the navigator."""

    number: int
    answered: bool
    flagged: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """An option with its verdict: whether it is `right`, whether the learner took it, and why it is so."""

    number: int
    text: str
    right: bool
    taken: bool
    why: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question looked at again: what was answered, what it earned, and every reason the deck gives."""

    number: int
    shown: Shown
    reply: Reply | None
    mark: Mark
    reasons: tuple[Reason, ...]
    ms: int
    flagged: bool


@dataclass(slots=True)
class Seat:
    """One place of the paper, and what has become of it."""

    shown: Shown
    reply: Reply | None = None
    flagged: bool = False
    ms: int = 0


def reasons(shown: Shown, reply: Reply | None) -> tuple[Reason, ...]:
    """Return every option in the order shown with what the deck says of it; none for a question without options."""
    options = getattr(shown.question, "options", ())
    taken = reply.given.split(",") if reply and reply.given else []
    return tuple(
        Reason(number, options[i].text, shown.question.mark(str(i)).value > 0, str(i) in taken, options[i].why)
        for number, i in enumerate(shown.order if options else (), 1)
    )


def marked(question: Question, given: str, certainty: Certainty | None, ms: int) -> Reply:
    """Return the reply that an answer makes; it has no event yet."""
    if given and self_marked(question):
        return Reply("", "", None, certainty, given, ms)
    return Reply("", given, question.mark(given), certainty, "", ms)


def replied(event: Event, question: Question) -> Reply:
    """Return the reply that an event of an earlier run stands for."""
    body = event.body
    given, wrote = str(body.get("given", "")), str(body.get("wrote", ""))
    mark = None if wrote and not given else question.mark(given)
    return Reply(
        event.id, given, mark, body.get("certainty"), wrote, int(body.get("ms", 0)), rated=event.rating is not None
    )


def wrong(reply: Reply) -> bool:
    """Whether an answer shows that the card was not recalled."""
    return reply.mark is not None and not (reply.mark.right or reply.mark.partly)


def scored(seat: Seat) -> Scored:
    """Return what is kept of a place in the result."""
    shown, reply = seat.shown, seat.reply
    return Scored(
        card=shown.card.id,
        question=shown.name,
        topic=shown.card.topic,
        given=(reply.wrote or reply.given) if reply else None,
        mark=reply.mark.value if reply and reply.mark else 0.0,
        ms=seat.ms,
        certainty=reply.certainty if reply else None,
        flagged=seat.flagged,
    )


def saved_seat(seat: Seat) -> dict[str, Any]:
    """Return a place of the paper as it is saved."""
    change = seat.shown.change
    # Once the question is answered, the history no longer tells what was right before.
    changed = {"change": [change.old, change.new, change.due]} if change else {}
    return changed | {
        "card": seat.shown.card.id,
        "question": seat.shown.name,
        "stamp": stamp(seat.shown.question),
        "order": seat.shown.order,
        "flagged": seat.flagged,
        "ms": seat.ms,
    }
