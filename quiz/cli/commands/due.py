"""`quiz due`: what there is to do today."""

from __future__ import annotations

from contextlib import closing

from quiz.cli.call import Call
from quiz.deck.scope import Scope
from quiz.memory import date_of
from quiz.report.overview import overview
from quiz.report.stats import next_due
from quiz.report.words import in_days
from quiz.text import counted


def run(call: Call) -> int:
    """Say how much is due and new, how long it takes, and when something comes back next."""
    with call.desk() as desk:
        today = desk.history.today()
        with closing(desk.history.reader()) as db:
            found = overview(db, Scope(), today, desk.history.settings.new)
            following = next_due(db, Scope(), today)
    if call.options.json:
        call.console.document(
            {
                "day": date_of(today).isoformat(),
                "due": found.due,
                "new": found.new,
                "minutes": round(found.minutes, 1),
                "next_due": date_of(following).isoformat() if following is not None else None,
                "answered_today": found.answered_today,
            }
        )
        return 0
    if found.due or found.new:
        minutes = counted(max(1, round(found.minutes)), "minute")
        call.console.say(f"{counted(found.due, 'card')} due and {found.new} new: about {minutes}.")
    else:
        call.console.say("Nothing is due.")
    if following is not None:
        call.console.say(f"After today, the next card is due {in_days(following - today)}.")
    return 0
