"""`quiz doctor`: is everything in order?"""

from __future__ import annotations

from quiz.cli.call import Call
from quiz.cli.console import Console
from quiz.report.health import CLOCK_TOLERANCE, Health, examine
from quiz.report.words import spent
from quiz.text import counted


def run(call: Call) -> int:
    """Examine history, derived state, decks and clock; with `--repair` derive anew first. 1 if a problem remains."""
    with call.desk() as desk:
        repaired = desk.history.rebuild() if call.options.repair else 0
        health = examine(desk.history, desk.library)
    if call.options.json:
        call.console.document(
            {
                "sound": health.sound,
                "integrity": health.integrity,
                "events": health.events,
                "cards": health.cards,
                "cards_differing": health.differing,
                "cards_repaired": repaired,
                "cards_without_deck": list(health.unheld),
                "deck_problems": [problem.as_json() for problem in health.problems],
                "clock_behind_ms": health.behind,
            }
        )
    else:
        _say(call.console, health, repaired)
    return 0 if health.sound else 1


def _say(console: Console, health: Health, repaired: int) -> None:
    whole = "is whole" if health.integrity == "ok" else f"is damaged: {health.integrity}"
    console.say(f"The history {whole}; it holds {counted(health.events, 'event')}.")
    if repaired:
        console.say(f"Repaired: {counted(repaired, 'card')} stood where its events did not put it.")
    if health.differing:
        cards = counted(health.differing, "card")
        console.say(f"{cards} of {health.cards} differ from what the events say. Mend it with: quiz doctor --repair")
    else:
        console.say(f"{counted(health.cards, 'card')} compared with the events: none differs.")
    if health.unheld:
        some = ", ".join(health.unheld[:5]) + (" ..." if len(health.unheld) > 5 else "")
        console.say(f"No deck holds {counted(len(health.unheld), 'answered card')}; the history is kept: {some}")
        console.say("See them with: quiz decks --orphans")
    if health.problems:
        console.say(f"The decks have {counted(len(health.problems), 'problem')}. See them with: quiz check")
    else:
        console.say("The decks have no problems.")
    if health.behind > CLOCK_TOLERANCE:
        console.say(f"The clock is {spent(health.behind)} behind the latest answer. Set the date and time right.")
    console.say("Everything is in order." if health.sound else "Something needs mending.")
