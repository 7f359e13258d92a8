"""`quiz due`: what there is to do today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from quiz.cli.call import Call
from quiz.deck.scope import Scope
from quiz.memory import StudyDay, date_of
from quiz.memory.backlog import Backlog
from quiz.report.leeches import count
from quiz.report.overview import Overview, overview
from quiz.report.pressure import catching_up, caught_up_in
from quiz.report.stats import next_due
from quiz.report.words import in_days
from quiz.settings import Settings
from quiz.text import counted


def run(call: Call) -> int:
    """Say how much is due and new, how long it takes, and when something comes back next."""
    with call.desk() as desk:
        today = desk.history.today()
        with closing(desk.history.reader()) as db:
            found = overview(db, Scope(), today, desk.history.settings.new)
            behind = _backlog(db, found, desk.history.settings)
            following = StudyDay(today + 1) if behind else next_due(db, Scope(), today)
            stuck = count(db)
    if call.options.json:
        call.console.document(
            {
                "day": date_of(today).isoformat(),
                "due": found.due,
                "new": found.new,
                "minutes": round(found.minutes, 1),
                "today": found.today,
                "new_today": found.new_today,
                "waiting": found.due - found.today if behind else 0,
                "days_to_catch_up": behind.days if behind else 0,
                "minutes_a_day": found.given,
                "leeches": stuck,
                "next_due": date_of(following).isoformat() if following is not None else None,
                "answered_today": found.answered_today,
            }
        )
        return 0
    for line in _lines(found, behind):
        call.console.say(line)
    if stuck:
        call.console.say(f"{counted(stuck, 'card')} forgotten again and again: quiz study --filter is:leech")
    if following is not None:
        call.console.say(f"After today, the next card is due {in_days(following - today)}.")
    return 0


def _backlog(db: sqlite3.Connection, found: Overview, settings: Settings) -> Backlog | None:
    """Return how the backlog stands; None where there is none."""
    return catching_up(db, Scope(), found.day, settings, found.behind) if found.behind else None


def _lines(found: Overview, behind: Backlog | None) -> Iterator[str]:
    """Say what there is to do: where it is too much for a day, what of it is today's part."""
    if behind is not None and not found.today:
        yield f"Today's part is done: {found.part_of_today()}"
        yield f"It takes {caught_up_in(behind.days)}."
    elif behind is not None:
        new = f" and {found.new} new" * bool(found.new)
        yield f"{found.today} of {counted(found.due, 'card')} due{new} today, in {counted(found.given, 'minute')}."
        yield f"The rest waits: {caught_up_in(behind.days)}. Cards that must be known come first."
    elif found.cut:
        due, new = f"{found.today} of {counted(found.due, 'card')} due", f"{found.new_today} of {found.new} new"
        yield f"{due} and {new} today, in {counted(found.given, 'minute')}."
    elif found.due or found.new:
        minutes = counted(max(1, round(found.minutes)), "minute")
        yield f"{counted(found.due, 'card')} due and {found.new} new: about {minutes}."
    else:
        yield "Nothing is due."
    if found.exam and (found.due or found.new):
        yield found.before_exam()
