"""`quiz doctor`: is everything in order?"""

from __future__ import annotations

from collections.abc import Iterator

from quiz.cli.call import Call
from quiz.cli.console import Patience
from quiz.clock import iso
from quiz.report.health import CLOCK_TOLERANCE, Health, examine
from quiz.report.words import apart
from quiz.store.examine import Examined, Gap, repair
from quiz.store.missing import LET_GO
from quiz.text import clean, counted

MOST = 5  # of a kind that are told in words; --json has more
RESTORE = "Put them back from a backup with: quiz backup --restore"


def run(call: Call) -> int:
    """Examine history, derived state, decks and clock; with `--repair` make anew what is derived and examine again.

    1 if a problem remains.
    """
    with call.desk() as desk, Patience.alone("looking at every event"):
        health, repaired = examine(desk.history, desk.library), 0
        if call.options.repair and (health.store.unsealed or not health.store.sound):
            repaired = repair(desk.history, health.store)
            health = examine(desk.history, desk.library)
    if call.options.json:
        call.console.document(_document(health, repaired))
    else:
        for line in _lines(health, repaired):
            call.console.say(line)
    return 0 if health.sound else 1


def _document(health: Health, repaired: int) -> dict[str, object]:
    store = health.store
    return {
        "sound": health.sound,
        "integrity": store.integrity,
        "structure": list(store.structure),
        "events": store.events,
        "events_without_checksum": store.unsealed,
        "events_damaged": [{"id": e.id, "card": e.card, "what": e.wrong} for e in store.unsound],
        "gaps": [{"device": g.device, "first": g.first, "last": g.last, "own": g.own} for g in store.gaps],
        "numbers_doubled": store.doubled,
        "events_to_take_back": store.twice,
        "sessions_unreadable": store.sessions,
        "cards": store.cards,
        "cards_differing": store.differing,
        "cards_not_compared": store.unreadable or None,
        "cards_repaired": repaired,
        "cards_without_deck": list(health.unheld),
        "deck_problems": [problem.as_json() for problem in health.problems],
        "events_missing": health.missing.copy.missing if health.missing.copy else 0,
        "events_missing_are_in": str(health.missing.copy.path) if health.missing.copy else None,
        "synced_more_with": list(health.missing.folders),
        "clock_behind_ms": health.behind,
        "events_from_future": store.future,
        "latest_backup": str(health.copy) if health.copy else None,
        "latest_backup_damaged": health.copy_fault or None,
        "clock_jumps": [{"device": j.device, "at": iso(j.at), "ms": j.ms} for j in store.jumps],
    }


def _lines(health: Health, repaired: int) -> Iterator[str]:
    """Say what was found: the file, the events, the cards, the decks, the clock."""
    store = health.store
    if store.integrity == "ok":
        yield f"The history is whole; it holds {counted(store.events, 'event')}."
    else:  # what SQLite says of it stands in --json
        readable = f"; {counted(store.events, 'event')} can still be read" if store.events else ""
        yield f"The history is damaged: parts of its file cannot be read{readable}."
    if repaired:
        yield f"Repaired: {counted(repaired, 'card')} stood where its events did not put it."
    yield from _of_missing(health)
    yield from _of_events(store)
    yield from _of_cards(store)
    if health.unheld:
        some = _some(list(health.unheld))
        yield f"No deck holds {counted(len(health.unheld), 'answered card')}; the history is kept: {some}"
        yield "See them with: quiz decks --orphans"
    if health.problems:
        yield f"The decks have {counted(len(health.problems), 'problem')}. See them with: quiz check"
    else:
        yield "The decks have no problems."
    yield from _of_clock(health)
    yield from _of_copy(health)
    yield "Everything is in order." if health.sound else "Something needs mending."


def _of_missing(health: Health) -> Iterator[str]:
    if (copy := health.missing.copy) is not None:
        name = "" if copy.first else f" {copy.path.name}"
        held, lacks = counted(copy.events, "event"), f"{copy.missing} of them" if copy.missing < copy.events else "all"
        yield f"The copy {copy.path.name} holds {held}, and the history lacks {lacks}."
        yield f"Put back what is missing with: quiz backup --restore{name}"
    for folder in map(_clean, health.missing.folders):
        yield f"The last sync with {folder} knew events that the history lacks."
        yield f"Bring them back with: quiz sync {folder}"
    if any(health.missing):
        yield f"If what is missing was let go on purpose, say so with: {LET_GO}"


def _clean(text: str) -> str:
    return clean(text, lines=False)


def _of_events(store: Examined) -> Iterator[str]:
    for event in store.unsound[:MOST]:
        about = f" of the card {clean(event.card, lines=False)}" if event.card else ""
        yield f"Event {event.number} ({clean(event.id, lines=False)}){about} is damaged: {event.wrong}."
    if len(store.unsound) > MOST:
        yield f"... and {len(store.unsound) - MOST} more."
    own = [gap for gap in store.gaps if gap.own]
    if own:
        yield f"Events of this device are missing: {_numbers(own)}."
    if store.doubled:
        yield f"{counted(store.doubled, 'number')} of events stand twice: two histories became one. That is no fault."
    if not store.whole:
        yield RESTORE
    elif store.unsealed:
        unsealed = counted(store.unsealed, "event without a checksum", "events without a checksum")
        yield f"An older version of this program added {unsealed}. That is no fault. Add it with: quiz doctor --repair"
    if store.twice:
        what = "Some reviews from Anki count twice, or still count after they were taken back"
        yield f"{what}: {counted(store.twice, 'undo is', 'undos are')} missing. Mend it with: quiz doctor --repair"
    for device in sorted({gap.device for gap in store.gaps if not gap.own}):
        missing = [gap for gap in store.gaps if gap.device == device]
        name = clean(device, lines=False)
        yield f"Events of the device {name} have not arrived: {_numbers(missing)}. That is no fault."


def _numbers(gaps: list[Gap]) -> str:
    return _some([f"{gap.first} to {gap.last}" if gap.last > gap.first else f"{gap.first}" for gap in gaps])


def _some(names: list[str]) -> str:
    return ", ".join(clean(name, lines=False) for name in names[:MOST]) + (" ..." if len(names) > MOST else "")


def _of_cards(store: Examined) -> Iterator[str]:
    mend = "Mend it with: quiz doctor --repair"
    if store.structure:
        yield f"The tables are not as they should be: {_some(list(store.structure))}. {mend}"
    if store.sessions:
        yield f"Where {counted(store.sessions, 'session')} stood cannot be read. {mend}"
    if store.unreadable:
        # Why is told above, of the file or of its events; where both are whole the words of SQLite are in --json.
        yield "Cards and events could not be compared." + (f" {mend}" if store.whole else "")
    elif store.differing:
        cards = counted(store.differing, "card")
        differ = "differs" if store.differing == 1 else "differ"
        yield f"{cards} of {store.cards} {differ} from what the events say." + (f" {mend}" if store.whole else "")
    else:
        yield f"{counted(store.cards, 'card')} compared with the events: none differs."


def _of_copy(health: Health) -> Iterator[str]:
    why = clean(health.copy_fault, lines=False)
    if health.copy and why:
        yield f"The latest copy, {health.copy.name}, is damaged ({why}). Make another with: quiz backup"
    elif why:
        yield f"The copies cannot be looked at ({why}). Check your rights there."


def _of_clock(health: Health) -> Iterator[str]:
    if health.behind > CLOCK_TOLERANCE:
        yield f"The clock is {apart(health.behind)} behind the latest answer. Set the date and time right."
    if health.store.future:
        yield f"{counted(health.store.future, 'event')} from the future: the clock was ahead. They count as they stand."
    for jump in health.store.jumps[:MOST]:
        way = "back" if jump.ms < 0 else "ahead"
        yield f"The clock was set {way} by {apart(abs(jump.ms))} after {iso(jump.at)}. That is no fault."
    if len(health.store.jumps) > MOST:
        yield f"... and {len(health.store.jumps) - MOST} more."
