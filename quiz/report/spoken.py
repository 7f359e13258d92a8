"""What each step of a patient session says: to the educator in a few words, and to the person. For both fronts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quiz.deck.local import Local
from quiz.deck.sessions import PatientSession
from quiz.study.teach import Stage, Taught, Teaching
from quiz.text import counted

NOT_FOR_TREATMENT = "For learning, not for deciding treatment."
NOTHING_KEPT = "Nothing about you is kept."
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Said:
    """One step in words. `lead` tells the educator what to do, `words` are for the person, `note` is a hint below."""

    lead: str
    title: str
    words: tuple[str, ...]
    note: str = ""


def said(teaching: Teaching, local: Local) -> Said:
    """Return what the step says, all but its figure and what can be ticked. At the end there is `ending` instead."""
    session, point = teaching.session, teaching.point
    if point is None:
        if teaching.step.stage is Stage.QUESTIONS:
            note = "Tick those that matter to you. With none ticked, all of them go on the page."
            return Said("Choose together", "Questions to take to your visit", (), note)
        return Said("To begin, say", session.title, sentences(session.opening), _outlook(session))
    match teaching.step.stage:
        case Stage.SAY:
            note = contact(local) if point.danger_signs else ""
            return Said("Say", point.title, sentences(point.say), note)
        case Stage.LOOK:
            return Said("Look at this together", point.title, point.figure_says)
        case Stage.ASK:
            return Said("Ask, then listen", point.title, sentences(point.teach_back), "Tick what you hear.")
        case Stage.AGAIN:
            note = "Then ask once more, in other words. Tick what you hear now."
            return Said("Say it in a simpler way", point.title, sentences(point.say_it_simpler), note)
        case Stage.PROBE:
            thought = (f"Some people think: “{point.misconception}”", "What do you think?")
            return Said("Ask about this", point.title, thought)
        case _:
            return Said("Then say", point.title, sentences(point.gentle_correction))


def place(teaching: Teaching) -> str:
    """Return where the session stands, in points: `Point 2 of 7`."""
    if teaching.step.point is None:
        return ""
    return f"Point {teaching.step.point + 1} of {len(teaching.session.points)}"


def ending(taught: Taught) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return what a session came to, as headings with what stands below them; what is empty is left out."""
    yield "You told these back", tuple(point.title for point in taught.back)
    yield "We come back to these", tuple(_with_missing(taught))
    yield "Questions to take to your visit", taught.questions


def contact(local: Local) -> str:
    """Return how the clinic is reached, a line for each way that the ward's own layer tells."""
    clinic = local.clinic
    ways = ((clinic.name or "Clinic", clinic.phone), ("Night and weekend", clinic.out_of_hours))
    told = (*ways, ("Emergency", clinic.emergency), ("Ask for", clinic.who_to_call))
    return "\n".join(f"{what}: {value}" for what, value in told if value)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text: each is one thing to say."""
    return tuple(_SENTENCE.split(text))


def _outlook(session: PatientSession) -> str:
    points = counted(len(session.points), "point")
    return f"{points}, about {counted(session.minutes, 'minute')}. {NOTHING_KEPT} {NOT_FOR_TREATMENT}"


def _with_missing(taught: Taught) -> Iterator[str]:
    """Return the points to come back to; of those begun, with what is still to be heard."""
    for point in taught.again:
        phrases = taught.missing.get(point, ())
        partly = 0 < len(phrases) < len(point.listen_for)
        yield f"{point.title} ({'; '.join(phrases)})" if partly else point.title
