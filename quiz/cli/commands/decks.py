"""`quiz decks`: the decks in use and how far each is known."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from quiz.cli.call import Call
from quiz.deck.scope import Scope
from quiz.memory import date_of
from quiz.report.overview import Progress, overview
from quiz.report.words import percent
from quiz.text import counted


def run(call: Call) -> int:
    """List the decks in their order, or the cards that have lost theirs."""
    if call.options.orphans:
        return _orphans(call)
    with call.desk() as desk:
        today = desk.history.today()
        with closing(desk.history.reader()) as db:
            found = overview(db, Scope(), today, desk.history.settings.new)
        decks = desk.library.decks()
    progress = {deck.name: deck for deck in found.decks}
    rows = [(info, progress.get(info.path, Progress(info.path, info.title, 0, 0, 0, 0.0))) for info in decks]
    if call.options.json:
        call.console.document(
            [
                {
                    "name": Path(info.path).stem,
                    "title": info.title,
                    "file": info.path,
                    "cards": info.cards,
                    "seen": deck.seen,
                    "due": deck.due,
                    "mastery": round(deck.mastery, 4),
                    "problems": info.problems,
                }
                for info, deck in rows
            ]
        )
        return 0
    for info, deck in rows:
        call.console.say(f"{info.title} ({Path(info.path).stem})")
        parts = [counted(info.cards, "card"), f"{deck.seen} seen", f"{deck.due} due", f"{percent(deck.mastery)} known"]
        if info.problems:
            parts.append(f"{counted(info.problems, 'problem')} (quiz check)")
        call.console.say(f"  {', '.join(parts)}")
    if not rows:
        call.console.say("There is no deck. Begin one with: quiz new FILE")
    return 0


def _orphans(call: Call) -> int:
    """List the cards with answers that no deck holds, and say how their history goes on."""
    from quiz.report.orphans import orphans

    with call.desk() as desk, closing(desk.history.reader()) as db:
        found = orphans(db)
    if call.options.json:
        call.console.document(
            [
                {
                    "id": orphan.card,
                    "answers": orphan.answers,
                    "last_answered": date_of(orphan.last).isoformat(),
                    "last_key": orphan.key or None,
                    "asked_now_by": orphan.now or None,
                }
                for orphan in found
            ]
        )
        return 0
    for orphan in found:
        last = f"{counted(orphan.answers, 'answer')}, the last on {date_of(orphan.last).isoformat()}"
        call.console.say(f"{orphan.card}: {last}{f'. The answer was: {orphan.key}' if orphan.key else ''}")
        if orphan.now:
            call.console.say(f"  The card '{orphan.now}' asks the same now: with 'same-as: {orphan.card}' it goes on.")
    if found:
        cards = counted(len(found), "card has", "cards have")
        call.console.say(
            f"{cards} answers but no deck. They are kept, and come back with the card or by 'same-as: ID'."
        )
    else:
        call.console.say("Every card that was answered stands in a deck.")
    return 0
