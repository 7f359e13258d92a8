"""The page that a person takes home from a patient session: red flags first and last, and blank lines to write on.

What the ward's own layer gives is filled in. Nothing on it says how the person did: only what was talked about, and
what comes again next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quiz.deck.local import Local
from quiz.deck.model import Source
from quiz.deck.sessions import Number, PatientSession
from quiz.report.pages import Alert, Block, Columns, Heading, Items, Lines, OutOf100, Page, Paragraph, Terms
from quiz.report.spoken import sentences
from quiz.study.teach import Taught

EMERGENCY = "your emergency number"
FOR_LEARNING = "This page is for learning, not for deciding treatment."


def handout(taught: Taught, local: Local, sources: Mapping[str, Source]) -> Page:
    """Return the page of a session. `sources` holds the bibliography; a source that it lacks is named by its id."""
    session = taught.session
    blocks = [
        *_alerts(session, local),
        *_to_fill_in(session, local),
        *_talked(taught),
        *_timeline(session),
        *_numbers(session),
        *_questions(taught),
        Alert("The danger signs once more", sentences(session.points[-1].say_it_simpler), most=True),
        *_small_print(session, sources),
    ]
    return Page(session.sheet.heading, tuple(blocks))


def _alerts(session: PatientSession, local: Local) -> Iterator[Block]:
    sheet = session.sheet
    emergency = local.clinic.emergency or EMERGENCY
    yield Alert(f"Go to the emergency room now, or call {emergency}, if:", sheet.go_now, most=True)
    if sheet.call_now:
        yield Alert("Call the team at once if:", sheet.call_now)
    yield Alert("Call the clinic the same day if:", sheet.call_today)
    yield from _contacts(local)
    yield Paragraph("If you cannot reach us, go to the emergency room.")


def _to_fill_in(session: PatientSession, local: Local) -> Iterator[Block]:
    dates = ((blank.label, blank.date and local.date(blank.date, session.procedure)) for blank in session.sheet.fill_in)
    yield Heading("The plan")
    yield Lines(tuple(dates))
    if session.sheet.good_to_know:
        yield Heading("Good to know")
        yield Items(session.sheet.good_to_know)


def _talked(taught: Taught) -> Iterator[Block]:
    """Yield the points talked about, in the short words, and those that come again next time."""
    closing = taught.session.points[-1]  # it repeats the first, and stands at the end of the page
    if talked := [point for point in taught.talked if point is not closing]:
        yield Heading("We talked about")
        yield Terms(tuple((point.title, point.say_it_simpler) for point in talked))
    if taught.again:
        first = taught.session.points[0]
        yield Heading("We talk about this again next time")
        yield Items(tuple(dict.fromkeys(first.title if p is closing else p.title for p in taught.again)))


def _timeline(session: PatientSession) -> Iterator[Block]:
    yield Heading("Step by step")
    yield Columns((("Before", session.before), ("On the day", session.during), ("After", session.after)))


def _numbers(session: PatientSession) -> Iterator[Block]:
    """Yield what is known in numbers, always out of 100 and told both ways, then what is not."""
    if not session.numbers and not session.no_numbers:
        return
    yield Heading("What is known, out of 100")
    if session.numbers:
        yield Paragraph("These numbers come from studies. Yours may differ. Ask your team which numbers fit you.")
    for number in session.numbers:
        yield OutOf100(0 if number.under else number.count, in_words(number), number.study)
    if session.no_numbers:
        yield Items(session.no_numbers)


def in_words(number: Number) -> tuple[str, str]:
    """Return a chance as two sentences: how many of 100, and how many not."""
    if number.under:
        return f"Fewer than {number.count} out of 100 {number.of} {number.did}.", "This was not so for the others."
    left = 100 - number.count
    return f"About {number.count} out of 100 {number.of} {number.did}.", f"This was not so for about {left} out of 100."


def _questions(taught: Taught) -> Iterator[Block]:
    yield Heading("Questions to take to the visit")
    yield Items(taught.questions, boxes=True)
    yield Lines((("One more question", ""),))


def _contacts(local: Local) -> Iterator[Block]:
    """Yield whom to call: the numbers stand where the danger signs are read."""
    clinic = local.clinic
    yield Heading("Who to call")
    lines = [(clinic.name or "Clinic phone, day", clinic.phone), ("Night and weekend", clinic.out_of_hours)]
    lines.append(("Emergency", clinic.emergency))
    if clinic.who_to_call:
        lines.append(("Ask for", clinic.who_to_call))
    yield Lines(tuple(lines))


def _small_print(session: PatientSession, sources: Mapping[str, Source]) -> Iterator[Block]:
    yield Paragraph(f"{FOR_LEARNING} {session.sheet.last_line}")
    cited = dict.fromkeys(source for number in session.numbers for source in number.sources)
    if cited:
        yield Paragraph("Where the numbers come from: " + " ".join(f"{_cited(s, sources)}." for s in cited), small=True)


def _cited(source: str, sources: Mapping[str, Source]) -> str:
    return str(sources.get(source, source)).rstrip(".")
