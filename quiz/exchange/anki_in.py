"""Anki in: a package (`.apkg`, `.colpkg`, old and new format) becomes cards and answers of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from quiz.exchange import anki_log
from quiz.exchange.anki_cards import Entry, NoteReader
from quiz.exchange.anki_log import Offsets, Origin, local_offset
from quiz.exchange.anki_package import Note, NoteCard, Package, read_package
from quiz.exchange.parcel import LeftOut, Parcel
from quiz.store.events import Event
from quiz.text import clean, counted, shortened

_LEFT_REVIEWS = {
    anki_log.NO_CARD: "their card was left out or is not in the package",
    anki_log.NO_TIME: "their time cannot be right",
    anki_log.NO_RATING: "they have a rating that is not known",
}
TWICE = "the same note stands twice in the package"
_DEFAULT = ("Default",)  # the deck that every collection has
NAMED = 3  # cards that were left out for one reason and are named; the others are counted


def read_apkg(path: Path, rollover: Callable[[], int] = lambda: 4, *, offset_at: Offsets = local_offset) -> Parcel:
    """Read a package of Anki's.

    `rollover` gives the hour at which the learner's study day begins: it is asked for answers alone. `offset_at` gives
    the minutes of local time from UTC at a time (UTC milliseconds), where the package names no time zone. With them the
    answers get their study days. Raises UnreadableError.
    """
    package = read_package(path)
    used = [package.decks.get(card.deck, ()) for card in package.cards]
    above = _common_path(used)
    entries, origins, left, media = _cards(package, len(above))
    title = (": ".join(above) if above != _DEFAULT else "") or clean(path.stem, lines=False) or "Anki"
    reviews = package.reviews
    offset, hour = package.offset, rollover() if reviews else 0
    places = offset_at if offset is None else lambda _: offset
    events, passed = anki_log.events_of(reviews, origins, places, hour, first_scheduler=package.first_scheduler)
    suspensions, resting = _suspended(package.cards, origins, events)
    events = sorted((*events, *suspensions), key=lambda event: event.order)
    told = [*left, *(LeftOut(counted(n, "answer"), _LEFT_REVIEWS[why]) for why, n in sorted(passed.items()))]
    if resting:
        why = "they were never answered in Anki and are new cards here; x suspends one"
        told.append(LeftOut(f"the suspension of {counted(resting, 'card')}", why))
    named = tuple(dict.fromkeys((*package.media, *media)))
    if named:
        told.append(LeftOut(counted(len(named), "media file"), "cards are text here; the names stand where they were"))
    return Parcel(title, tuple(entries), tuple(events), tuple(told), named)


def _cards(package: Package, above: int) -> tuple[list[Entry], dict[int, Origin], list[LeftOut], list[str]]:
    """Return the entries, what each card became, what was left out, and the media that the fields name."""
    of_note: dict[int, list[NoteCard]] = {}
    for card in package.cards:
        of_note.setdefault(card.note, []).append(card)
    reader = NoteReader(package.types)
    entries: list[Entry] = []
    origins: dict[int, Origin] = {}
    left: list[tuple[str, str]] = []
    media: dict[str, None] = {}
    guids: set[str] = set()
    for note in package.notes:
        cards = of_note.get(note.id, [])
        if not cards:
            left.append((_begins(note), "no card was made of this note"))
            continue
        if note.guid in guids:
            left.append((_begins(note), TWICE))
            continue
        guids.add(note.guid)
        topic = ": ".join(package.decks.get(cards[0].deck, ())[above:])
        taken = reader.read(note, tuple(sorted({card.ordinal for card in cards})), topic)
        entries += taken.entries
        left += taken.left
        media |= dict.fromkeys(taken.media)
        for card in cards:
            if card.ordinal in taken.cards:
                origins[card.id] = Origin(note.guid, card.ordinal, taken.cards[card.ordinal])
    return entries, origins, _by_reason(left), list(media)


def _begins(note: Note) -> str:
    return clean(" ".join(note.fields)[:200], lines=False)


def _by_reason(left: Sequence[tuple[str, str]]) -> list[LeftOut]:
    """Return one line for each reason; the first cards are named."""
    named: dict[str, list[str]] = {}
    for begins, why in left:
        named.setdefault(why, []).append(shortened(begins, 40))
    return [LeftOut(f"{counted(len(all_), 'card')} ({_some(all_)})", why) for why, all_ in sorted(named.items())]


def _some(names: Sequence[str]) -> str:
    quoted = ", ".join(f"“{name}”" for name in names[:NAMED])
    return f"{quoted}, …" if len(names) > NAMED else quoted


def _suspended(
    cards: Iterable[NoteCard], origins: dict[int, Origin], events: Sequence[Event]
) -> tuple[list[Event], int]:
    """Return the events for cards that are suspended in Anki, and how many such cards nobody ever answered.

    Decks that people share come with all cards suspended: what the learner never met is not put away for good.
    """
    last: dict[str, Event] = {event.card: event for event in events if event.card}
    found, resting = [], 0
    for card in cards:
        if card.suspended and (origin := origins.get(card.id)):
            if event := last.get(origin.became.card):
                found.append(anki_log.suspension(origin, event))
            else:
                resting += 1
    return found, resting


def _common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names that all decks begin with."""
    if not paths:
        return ()
    low, high = min(paths), max(paths)
    same = 0
    while same < min(len(low), len(high)) and low[same] == high[same]:
        same += 1
    return low[:same]
