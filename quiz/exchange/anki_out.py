"""Anki out: cards and, if wanted, answers as a package (`.apkg`) in the old format, which every Anki reads.

A card keeps its guid, so a second import updates its note and leaves its schedule alone. The package is made beside
its target and put in place when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from quiz.clock import Clock, SystemClock
from quiz.deck.model import Card
from quiz.digest import blake2b
from quiz.errors import UnreadableError
from quiz.exchange.anki_own import LEVEL, guid_of
from quiz.exchange.anki_text import plain
from quiz.exchange.anki_types import OWN_TYPES
from quiz.exchange.anki_wording import Beside, MissingFigureError, OwnNote, note_of
from quiz.exchange.parcel import LeftOut
from quiz.memory import DEFAULT_PARAMS, Params, StudyDay, study_day
from quiz.sql import statements
from quiz.store.derive import NEW, CardState, apply, undone
from quiz.store.events import Event
from quiz.text import clean, counted
from quiz.whole import whole_file

_SCHEMA = Path(__file__).with_name("anki_schema.sql")
_DAY = 86_400  # seconds
_ROLLOVER = 4  # hour at which Anki's day begins
_EASE = 2500  # Anki's own for a new card, in thousandths
_LONGEST_NAME = 100  # characters of a deck's name


def write_apkg(
    path: Path,
    title: str,
    cards: Sequence[Card],
    events: Iterable[Event] = (),
    *,
    clock: Clock | None = None,
    params: Params = DEFAULT_PARAMS,
) -> tuple[LeftOut, ...]:
    """Write a package with these cards, in a deck called `title`; return what it does not hold.

    With `events` (a whole history, or the part of these cards) it holds their answers and where they stand. Anki takes
    these over when it is asked to import the learning progress, and only for cards that it did not have. Answers given
    under an id that a card had before are left out, and told: brought back with the card's id of today, they would be
    other answers than those of the history, and count twice. `clock` tells when the notes were changed last: the later
    import wins. `params` are the weights of the memory model. Raises UnreadableError when the file cannot be written.
    """
    notes, left = _notes(cards)
    events = [*events]
    left += _under_old_ids(cards, events)
    try:
        with tempfile.TemporaryDirectory(prefix="quiz-anki-") as folder:
            collection = Path(folder) / "collection.anki2"
            _fill(collection, title, notes, _histories(cards, events, params), clock or SystemClock())
            _pack(collection, path)
    except (OSError, sqlite3.Error) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        what = f"{clean(str(path), lines=False)} cannot be written ({reason})"
        raise UnreadableError(what, "check the folder, its rights and the room on the disk") from error
    return tuple(left)


def _notes(cards: Sequence[Card]) -> tuple[list[OwnNote], list[LeftOut]]:
    families: dict[str, list[Card]] = {}
    for card in cards:
        families.setdefault(card.family, []).append(card)
    beside = Beside()
    notes: list[OwnNote] = []
    undrawn: list[str] = []
    for family in families.values():
        try:
            one = note_of(family, beside)
            notes += [one] if one else filter(None, (note_of([_alone(card)], beside) for card in family))
        except MissingFigureError:
            undrawn.append(family[0].id)
    left = []
    if undrawn:
        why = "the figure they ask about cannot be read"
        left.append(LeftOut(f"{counted(len(undrawn), 'card')} ({', '.join(undrawn[:3])})", why, len(undrawn)))
    written = [card for note in notes for card in note.cards.values()]
    if more := sum(len(card.questions) - 1 for card in written if not card.follows):
        left.append(LeftOut(counted(more, "question"), "Anki asks a card in one way: the first question is taken"))
    return notes, left


def _alone(card: Card) -> Card:
    """Return a sibling as a card that stands alone, so that it can have a note of its own."""
    return replace(card, family=card.id)


# -- the collection ----------------------------------------------------------------------------------------------------


class _Answered(NamedTuple):
    """One event of a card with where it stood before and after."""

    event: Event
    before: CardState
    after: CardState


def _histories(cards: Sequence[Card], events: Iterable[Event], params: Params) -> dict[str, list[_Answered]]:
    """Return for each card what happened to it, in the order of study, answers taken back left out."""
    wanted = {card.id for card in cards}
    known = [event for event in events if event.card in wanted or event.kind == "undo"]
    gone = undone(known)
    found: dict[str, list[_Answered]] = {}
    for event in sorted(known, key=lambda event: event.order):
        if event.card in wanted and event.id not in gone and event.kind != "undo":
            told = found.setdefault(str(event.card), [])
            before = told[-1].after if told else NEW
            told.append(_Answered(event, before, apply(before, event, params)))
    return found


def _under_old_ids(cards: Sequence[Card], events: Sequence[Event]) -> Iterator[LeftOut]:
    """Yield for each card how many answers it has from ids that it had before, straight or through others."""
    olds: dict[str, list[str]] = {card.id: [*card.same_as] for card in cards if card.same_as}
    aliases = [event for event in events if event.kind == "alias"]
    if not olds and not aliases:
        return
    gone = undone(events)
    for event in aliases:
        if event.card and event.target and event.id not in gone:
            olds.setdefault(event.card, []).append(event.target)
    answers = Counter(e.card for e in events if e.kind == "answer" and e.rating is not None and e.id not in gone)
    written = {card.id for card in cards}
    for own in sorted(written & olds.keys()):
        names = [own]
        for name in names:  # grows meanwhile
            names += dict.fromkeys(old for old in olds.get(name, ()) if old not in names)
        if number := sum(answers[name] for name in names if name not in written):
            why = "given under an id that the card had before, where they stay"
            yield LeftOut(f"{counted(number, 'answer')} ({own})", why)


def _fill(
    file: Path, title: str, notes: Sequence[OwnNote], histories: Mapping[str, list[_Answered]], clock: Clock
) -> None:
    """Write the collection."""
    now = clock.now()
    first = min((told[0].event.day for told in histories.values()), default=study_day(now.at, now.offset, _ROLLOVER))
    created = first * _DAY + _ROLLOVER * 3600 - now.offset * 60
    decks = _Decks(title, notes)
    db = sqlite3.connect(file)
    try:
        db.execute("pragma synchronous = off")  # the archive is what has to reach the disk
        for statement in statements(_SCHEMA):
            db.execute(statement)
        db.executemany(_INSERT_NOTE, _note_rows(notes, now.at))
        ids: dict[str, int] = {}
        db.executemany(_INSERT_CARD, _card_rows(notes, decks, histories, first, now.at, ids))
        db.executemany(_INSERT_REVIEW, _review_rows(histories, ids))
        config = {
            "schedVer": 2,
            "sched2021": True,
            "creationOffset": -now.offset,
            "nextPos": len(ids) + 1,
            "activeDecks": [1],
            "curDeck": 1,
        }
        types = {str(own.id): own.as_json(decks.top) for own in OWN_TYPES}
        values: tuple[dict[str, Any], ...] = (config, types, decks.as_json(now.at // 1000), _OPTIONS, {})
        head = (1, created, now.at, now.at, 11, 0, 0, 0)
        db.execute(_INSERT_COL, (*head, *map(_json, values)))
        db.commit()
    finally:
        db.close()


_INSERT_COL = f"insert into col values ({', '.join('?' * 13)})"
_INSERT_NOTE = f"insert into notes values ({', '.join('?' * 11)})"
_INSERT_CARD = f"insert into cards values ({', '.join('?' * 18)})"
_INSERT_REVIEW = f"insert into revlog values ({', '.join('?' * 9)})"
# The one set of options that every collection has; Anki keeps its own when it imports.
_OPTIONS = {
    "1": {
        "id": 1,
        "name": "Default",
        "mod": 0,
        "usn": 0,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {"bury": True, "delays": [1, 10], "initialFactor": _EASE, "ints": [1, 4, 7], "order": 1, "perDay": 20},
        "rev": {"bury": True, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2},
        "lapse": {"delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0},
    }
}


class _Decks:
    """The decks of a package: one by the title, and below it one for each deck of ours if there are several."""

    def __init__(self, title: str, notes: Iterable[OwnNote]) -> None:
        self._title = _deck_name(title) or "Quiz"
        names = dict.fromkeys(card.deck for note in notes for card in note.cards.values())
        several = len(names) > 1
        self._names = {
            name: LEVEL.join((self._title, _deck_name(name) or "Quiz")) if several else self._title for name in names
        }
        self.top = _deck_id(self._title)

    def of(self, card: Card) -> int:
        """Return the number of the deck of a card."""
        return _deck_id(self._names[card.deck])

    def as_json(self, now: int) -> dict[str, Any]:
        """Return all decks as they stand in a collection of schema 11; `now` is in seconds."""
        names = {1: "Default", **{_deck_id(name): name for name in (self._title, *self._names.values())}}
        return {str(number): _deck(number, name, now) for number, name in names.items()}


def _deck_name(title: str) -> str:
    return clean(title, lines=False).replace(LEVEL, ": ").strip(": ")[:_LONGEST_NAME].strip()


def _deck_id(name: str) -> int:
    """Return a number for a deck that hangs on its name: a time in milliseconds, as Anki's are."""
    return 1_500_000_000_000 + int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")


def _deck(number: int, name: str, now: int) -> dict[str, Any]:
    none_today = {f"{what}Today": [0, 0] for what in ("new", "rev", "lrn", "time")}
    looks = {"collapsed": False, "browserCollapsed": False, "desc": "", "dyn": 0, "conf": 1}
    return {"id": number, "name": name, "mod": now, "usn": -1, "extendNew": 0, "extendRev": 0, **looks, **none_today}


def _note_rows(notes: Sequence[OwnNote], now: int) -> Iterator[tuple[object, ...]]:
    for number, note in enumerate(notes):
        first = plain(note.fields[0]).text
        checksum = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        tags = f" {' '.join(note.tags)} " if note.tags else ""
        fields = "\x1f".join(note.fields)
        yield (now + number, guid_of(note.id), note.type.id, now // 1000, -1, tags, fields, first, checksum, 0, "")


def _card_rows(
    notes: Sequence[OwnNote],
    decks: _Decks,
    histories: Mapping[str, list[_Answered]],
    first: StudyDay,
    now: int,
    ids: dict[str, int],
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the cards; `ids` takes up the number of each."""
    for number, note in enumerate(notes):
        for ordinal, card in sorted(note.cards.items()):
            place = len(ids)
            ids[card.id] = now + place
            told = histories.get(card.id)
            stands = _stands(told, first) if told else (0, 0, place + 1, 0, 0, 0, 0, 0, 0, 0, 0, "")
            yield (now + place, now + number, decks.of(card), ordinal, now // 1000, -1, *stands)


def _stands(told: Sequence[_Answered], first: StudyDay) -> tuple[object, ...]:
    """Return the columns from `type` on for a card that was answered."""
    state = told[-1].after
    if state.memory is None:
        return (0, -1 if state.suspended else 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, "")
    queue = -1 if state.suspended else 2
    memory = {
        "s": round(state.memory.stability, 4),
        "d": round(state.memory.difficulty, 3),
        "lrt": max(a.event.at for a in told if a.event.kind == "answer") // 1000,
    }
    counts = (_EASE, state.answers, state.lapses)
    return (2, queue, state.due - first, _interval(state), *counts, 0, 0, 0, 0, _json(memory))


def _interval(state: CardState) -> int:
    """Return the days from the last answer to the next; 0 for a card that is new."""
    return max(1, state.due - state.memory.day) if state.memory else 0


def _review_rows(histories: Mapping[str, list[_Answered]], ids: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    """Yield the review log. Its key is the time, so of two answers in one millisecond one is moved by the next."""
    moments: set[int] = set()
    rows = [(card, a) for card, told in histories.items() if card in ids for a in told if _logged(a)]
    for card, (event, before, after) in sorted(rows, key=lambda row: (row[1].event.at, row[0], row[1].event.order)):
        at = event.at
        while at in moments:
            at += 1
        moments.add(at)
        if event.kind == "reset":
            yield (at, ids[card], -1, 0, 0, 0, 0, 0, 4)
            continue
        took = min(max(0, int(event.body.get("ms", 0))), 3_600_000)
        kind = _kind(before, event)
        intervals = (_interval(after), _interval(before))
        yield (at, ids[card], -1, event.rating, *intervals, _EASE if kind == 1 else 0, took, kind)


def _logged(answered: _Answered) -> bool:
    event = answered.event
    return event.kind == "reset" or (event.kind == "answer" and event.rating is not None)


def _kind(before: CardState, event: Event) -> int:
    """Return the kind of a row: 0 while the card is learned, 2 again on the day of an answer, 1 on a later day."""
    if before.memory is None:
        return 0
    return 1 if event.day > before.memory.day else 0 if before.days <= 1 and not before.lapses else 2


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# -- the archive -------------------------------------------------------------------------------------------------------


def _pack(collection: Path, target: Path) -> None:
    """Put the collection into an archive."""
    with whole_file(target, over=True) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(collection, "collection.anki2")
        archive.writestr("media", "{}")
