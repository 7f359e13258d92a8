"""An import as one step that can be shown first and taken back: the deck file it writes, and the answers it brings.

Answers of another program are taken back by undos, which count on every device that syncs: they are one import of one
learner. A history of this program (`.jsonl`) is never taken back so. Its answers were given on some device, perhaps one
that still counts them, and keep their ids, so that an undo of them would make them void there with the next sync. It is
joined, as by a sync; and as before a first sync a copy of the history is made, which is the way back.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quiz.clock import iso
from quiz.deck.files import deck_files
from quiz.deck.model import Card
from quiz.deck.reader import read_deck
from quiz.errors import QuizError, UnreadableError, UsageError
from quiz.exchange.deck_file import Origin, check_readable, deck_text, digest, edited, file_name, origin_of
from quiz.exchange.draft import tried
from quiz.exchange.files import named, write_file
from quiz.exchange.parcel import LeftOut, Parcel
from quiz.paths import Paths, private_folder
from quiz.store.derive import undone
from quiz.store.events import Event
from quiz.store.history import History
from quiz.store.twins import ANKI
from quiz.text import clean, counted

BEFORE = "before-import"  # the reason of the copy that is made before a history is joined
KEPT_STEPS = 20  # imports that can be taken back, the latest first
_STEP = re.compile(r"([0-9]{6})\.json")
READERS = (".csv", ".tsv", ".tab", ".gift", ".apkg", ".jsonl")
Held = Callable[[str], str | None]


def read(path: Path, rollover: Callable[[], int]) -> Parcel:
    """Read a file by its ending. Raises UsageError for an unknown one, else what its reader raises.

    `rollover` gives the hour at which the learner's study day begins, for answers that name no study day.
    """
    ending = path.suffix.lower()
    if not os.path.lexists(path):
        raise UnreadableError(f"{named(path)} is not there", "check the path")
    if ending in (".csv", ".tsv", ".tab"):
        from quiz.exchange.csv_in import read_csv

        return read_csv(path)
    if ending == ".gift" or path.name.lower().endswith(".gift.txt"):
        from quiz.exchange.gift_in import read_gift

        return read_gift(path)
    if ending == ".jsonl":
        from quiz.exchange.history_in import read_history

        return read_history(path)
    if ending == ".apkg":
        from quiz.exchange.anki_in import read_apkg

        return read_apkg(path, rollover)
    raise UsageError(f"{named(path)} has no ending that is known", f"an import ends in {', '.join(READERS)}")


@dataclass(frozen=True, slots=True)
class Planned:
    """What an import would do. `deck` is the file it writes (None: none), `content` what that will hold.

    `new`, `changed`, `same` and `gone` are entries of the deck; `fresh` are the events that are new here and `again`
    those that an earlier import brought, that were taken back, and that count again. `joined`: they are a history of
    this program, which is not taken back.
    """

    file: str
    deck: Path | None
    content: bytes
    before: bytes | None
    cards: tuple[Card, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    gone: tuple[str, ...]
    fresh: tuple[Event, ...]
    again: tuple[Event, ...]
    known: int
    left_out: tuple[LeftOut, ...]
    joined: bool = False

    @property
    def nothing(self) -> bool:
        """Whether all is there already."""
        return (self.deck is None or self.content == self.before) and not self.fresh and not self.again


def plan(path: Path, parcel: Parcel, paths: Paths, held: Held, history: History | None) -> Planned:
    """Say what the import of `parcel`, read from `path`, would do. Writes nothing.

    `held` tells the deck file that holds a card. Raises QuizError for a deck that was edited, for a file that holds
    nothing to take in, and for events that are not the same here.
    """
    name = clean(path.name, lines=False)
    where = digest(os.fsencode(os.path.realpath(path)))
    cards, refused = tried(list(parcel.cards), parcel.title, named(path))
    deck, before = (None, None) if not cards else _target(path, name, where, cards, paths.own_decks)
    left_out = [*parcel.left_out, *refused, *(LeftOut(media, "media are not taken over") for media in parcel.media)]
    elsewhere = {card.family: other for card in cards if (other := _elsewhere(card, deck, held))}
    left_out += [
        LeftOut(family, f"the deck {Path(other).name} holds it already") for family, other in elsewhere.items()
    ]
    cards = tuple(card for card in cards if card.family not in elsewhere)
    families = {card.family for card in cards}
    entries = [entry for entry in parcel.cards if entry.get("id") in families]
    if not cards:
        deck = before = None
    old = _by_family(read_deck(deck).cards) if deck and before is not None else {}
    now = _by_family(cards)
    fresh, again = _answers(parcel, history)
    if not cards and not parcel.events and not left_out:
        raise QuizError(f"{named(path)} holds nothing to take in", "look whether it is the right file")
    return Planned(
        file=named(path),
        deck=deck,
        content=deck_text(parcel.title, entries, name, where) if deck else b"",
        before=before,
        cards=cards,
        new=tuple(family for family in now if family not in old),
        changed=tuple(family for family in now if family in old and old[family] != now[family]),
        same=tuple(family for family in now if old.get(family) == now[family]),
        gone=tuple(family for family in old if family not in now),
        fresh=fresh,
        again=again,
        known=len(parcel.events) - len(fresh) - len(again),
        left_out=tuple(left_out),
        joined=parcel.joined,
    )


def _elsewhere(card: Card, deck: Path | None, held: Held) -> str:
    """Return the deck file that holds a card, if it is another one than that to be written."""
    other = held(card.family)
    return other if other and (deck is None or os.path.realpath(other) != os.path.realpath(deck)) else ""


def _by_family(cards: Iterable[Card]) -> dict[str, list[Card]]:
    """Return cards by the entry they were made from, without what hangs on the place in the file."""
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(card.family, []).append(replace(card, file="", line=0, deck=""))
    return found


def _target(path: Path, name: str, where: str, cards: Sequence[Card], folder: Path) -> tuple[Path, bytes | None]:
    """Return the deck file to write, and what it holds now (None: it is new).

    A deck is updated that came from this very path, or from a file of this name in another folder if none of its cards
    is missing now: the file was moved. No other file is written over. Raises QuizError when that deck was edited by
    hand, and where only some of its cards are there: nothing tells whether the file is another one.
    """
    decks = deck_files(folder) if folder.is_dir() else ()
    alike = [(deck, origin) for deck in decks if (origin := origin_of(deck)) and origin.file == name]
    for deck, origin in alike:
        if origin.path == where:
            return deck, _unedited(deck, origin)
    families = {card.family for card in cards}
    held = [{card.family for card in read_deck(deck).cards} for deck, _ in alike]
    shared = [(there - families, *each) for there, each in zip(held, alike, strict=True) if there & families]
    if shared:
        missing, deck, origin = min(shared, key=lambda each: len(each[0]))
        if missing:
            raise _other_file(path, deck, sorted(missing))
        return deck, _unedited(deck, origin)
    stem = file_name(path.name.partition(".")[0])
    number, deck = 1, folder / f"{stem}.yaml"
    while os.path.lexists(deck):
        number += 1
        deck = folder / f"{stem}-{number}.yaml"
    return deck, None


def _other_file(path: Path, deck: Path, missing: Sequence[str]) -> QuizError:
    """Return why a file is not taken for the one that a deck came from: it does not have all of its cards."""
    some = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
    return QuizError(
        f"{named(deck)} came from a file of this name in another folder, and {named(path)} lacks "
        f"{counted(len(missing), 'card')} of it ({some})",
        "another file: import it under another name; a later version: import it from where the deck came from, or "
        "delete the deck first",
    )


def _unedited(deck: Path, origin: Origin) -> bytes:
    """Return what a deck holds. Raises QuizError when that is not what the import wrote."""
    content = _read(deck) or b""
    if edited(content, origin):
        mend = "to keep your edits, import the file under another name; to lose them, delete the deck first"
        raise QuizError(f"{named(deck)} was edited since it was imported", mend)
    return content


def _read(path: Path) -> bytes | None:
    """Return what a file holds; None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(f"{named(path)} cannot be read ({error.strerror})", "check your rights") from error


def _answers(parcel: Parcel, history: History | None) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """Return which events are new here, and which were taken back with the import that brought them.

    What is taken back in the file itself, as in an export made after that, stays so.
    Raises QuizError when an event is not the same here: both are named.
    """
    if history is None or not parcel.events:
        return tuple(_numbered(parcel.events)), ()
    # A history is joined event by event, undos and all: which of several tellings counts is found as by a sync.
    numbered = _numbered(parcel.events if parcel.joined else _settled(parcel.events, history))
    fresh, refused = history.news(numbered)
    if refused:
        there = refused[0]
        here = history.find(there.id)
        what = f"the event {there.id} is not the same here and there"
        others = f" ({counted(len(refused), 'such event')})" if len(refused) > 1 else ""
        raise QuizError(
            f"{what} (here: {_told(here)}; there: {_told(there)}){others}",
            "one of the two was changed after it was written; nothing was taken in",
        )
    names = {event.id for event in numbered} - {event.id for event in fresh} - undone(numbered)
    back = _taken_back(history, names)
    return tuple(fresh), tuple(event for event in numbered if event.id in back)


def _settled(events: Sequence[Event], history: History) -> list[Event]:
    """Return events with those in the place of others that tell of the same review in Anki and are here already."""
    known = history.known_as(events)
    return [known.get(event.id, event) for event in events]


def _numbered(events: Sequence[Event]) -> list[Event]:
    """Return events in the order of study; those without a place on their device get one, always the same."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda event: event.order)
    return [event if event.seq else replace(event, seq=number) for number, event in enumerate(ordered, 1)]


def _told(event: Event | None) -> str:
    return clean(event.as_json(), lines=False)[:300] if event else "gone"


def _taken_back(history: History, ids: Collection[str]) -> dict[str, list[str]]:
    """Return which of these events were taken back with an import and still are, each with the undos that do it.

    There are several where several devices took the same import back. A review from Anki is taken back whichever event
    that tells it an undo names, so to bring it back all of them have to go.
    """
    by_target = _import_undos(history)
    found = {
        event: [undo for name in sorted(names) for undo in by_target.get(name, ())]
        for event, names in history.tellings(ids).items()
    }
    return {event: undos for event, undos in found.items() if undos}


def _import_undos(history: History) -> dict[str, list[str]]:
    """Return the undos of imports that count, by the events that they name.

    Those that only follow from others (see `quiz.store.twins`) are left out: they go with these.
    """
    undos = history.of_kind("undo")
    gone = undone(undos)
    found: dict[str, list[str]] = {}
    for undo in undos:
        if undo.target and "import" in undo.body and undo.id not in gone and undo.device != ANKI:
            found.setdefault(undo.target, []).append(undo.id)
    return found


def _counting(history: History, ids: Collection[str]) -> set[frozenset[str]]:
    """Return what counts of these events: each by the ids of all that tell it.

    An undo stands for what it brings back.
    """
    undos = {undo.id: undo for undo in history.of_kind("undo")}
    gone, names = undone([*undos.values()]), set(ids)
    while some := names & undos.keys():
        names = names - some | {undos.pop(name).target or "" for name in some}
    return {alike for alike in history.tellings(names).values() if alike - gone}


# -- the step, and the way back ----------------------------------------------------------------------------------------


def carry_out(planned: Planned, paths: Paths, history: History | None) -> Path | None:
    """Do what was planned, after noting how to take it back. Raises UnreadableError or StoreError, nothing changed.

    Returns the copy of the history that was made before another one was joined with it; None where it was empty.
    """
    copy = history.backup(BEFORE) if planned.joined and history and history.newest()[0] else None
    folder = paths.profile / "imports"
    steps = _steps(folder)
    step = folder / f"{(int(steps[-1].stem) if steps else 0) + 1:06}.json"
    begun = _cut_off(steps[-1], planned, history) if steps else None
    if begun:  # this import was begun before and killed: both together are one step
        step = steps.pop()
    back = _taken_back(history, {event.id for event in planned.again}) if history else {}
    undos = [(undo, event.card) for event in planned.again for undo in back.get(event.id, ())]
    redo = [_undo(history, undo, card, step.stem) for undo, card in undos] if history else []
    note: dict[str, Any] = {
        "format": 1,
        "file": planned.file,
        "at": iso(history.clock.now().at) if history else "",
        "deck": str(planned.deck) if planned.deck else None,
        "before": base64.b64encode(planned.before).decode() if planned.before is not None else None,
        "after": digest(planned.content),
        "events": [[event.id, event.card] for event in (*planned.fresh, *redo)],
        "joined": planned.joined,
        "copy": copy.name if copy else None,
    }
    if begun:
        copied = begun.get("copy") or note["copy"]
        note |= {"before": begun["before"], "events": _joined(begun["events"], note["events"]), "copy": copied}
    _make(folder)
    write_file(step, json.dumps(note).encode(), over=begun is not None)
    wrote = False
    try:
        if planned.deck and planned.content != planned.before:
            _make(planned.deck.parent)
            write_file(planned.deck, planned.content, over=planned.before is not None)
            wrote = True
            check_readable(planned.deck, planned.cards)
        if history and (planned.fresh or redo):
            history.merge(planned.fresh)
            history.record_all(redo)
            history.reread_settings()
    except BaseException:
        if wrote and planned.deck:
            _put_back(planned.deck, planned.before)
        if not begun:
            step.unlink(missing_ok=True)
        raise
    for old in steps[: max(0, len(steps) + 1 - KEPT_STEPS)]:
        with suppress(OSError):
            old.unlink()
    return copy


def _cut_off(step: Path, planned: Planned, history: History | None) -> dict[str, Any] | None:
    """Return the note of the last import, if it was this one and the program was killed before it was done."""
    try:
        note = _note(step)
    except UnreadableError:
        return None
    deck = str(planned.deck) if planned.deck else None
    if note["file"] != planned.file or note["deck"] != deck or (note["events"] and history is None):
        return None
    missing = history is not None and len(history.kept([event for event, _ in note["events"]])) < len(note["events"])
    unwritten = deck is not None and (planned.before is None or digest(planned.before) != note["after"])
    return note if missing or unwritten else None


def _joined(before: Sequence[Sequence[Any]], now: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return the events of both notes, each once."""
    return list({event[0]: event for event in (*before, *now)}.values())


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an undo did: the import's file, its deck (None: it had none) and whether that is gone, and the answers.

    These are the entries of a history that counted before and no longer do.
    """

    file: str
    deck: Path | None
    removed: bool
    answers: int


def take_back(paths: Paths, history: History) -> TakenBack:
    """Take the last import back: its deck file is put back as it was, its answers are undone by events.

    It may be repeated when it was cut off. Raises UsageError without an import, QuizError for a deck edited since, and
    for a history that was joined: that step is passed over from then on.
    """
    steps = _steps(paths.profile / "imports")
    if not steps:
        raise UsageError("there is no import to take back", "see what was imported in the folder of your own decks")
    note = _note(steps[-1])
    if note["joined"]:
        steps[-1].unlink(missing_ok=True)
        raise QuizError(
            f"{note['file']} is a history: its answers count where they were given, and are not taken back",
            f"{_way_back(note)}; 'quiz import --undo' takes back the import before this one from now on",
        )
    deck = Path(note["deck"]) if note["deck"] else None
    before = base64.b64decode(note["before"]) if note["before"] is not None else None
    now = _read(deck) if deck else None
    if deck and now != before and now is not None and digest(now) != note["after"]:
        what = f"{named(deck)} was changed since the import"
        raise QuizError(what, "keep a copy of it elsewhere and delete it, then run 'quiz import --undo' again")
    gone = _import_undos(history)
    here = history.kept([event for event, _ in note["events"]])
    before_it = _counting(history, here)
    undos = [
        _undo(history, event, card, steps[-1].stem)
        for event, card in note["events"]
        if event in here and event not in gone
    ]
    history.record_all(undos)
    history.reread_settings()
    if deck and now != before:
        _put_back(deck, before)
    steps[-1].unlink(missing_ok=True)
    number = len(before_it - _counting(history, here))
    return TakenBack(str(note["file"]), deck, deck is not None and before is None, number)


def _way_back(note: dict[str, Any]) -> str:
    """Say how to come back to the history as it was before another one was joined with it."""
    if note["copy"]:
        return f"for the history as it was: quiz backup --restore {note['copy']} --exactly"
    return "nothing was in yours before: --profile NAME begins another one"


def _undo(history: History, target: str, card: str | None, step: str) -> Event:
    """Return an event that takes another back; it tells of which import it is."""
    return history.event("undo", card=card, target=target, body={"import": step})


def _put_back(deck: Path, before: bytes | None) -> None:
    """Make a deck file what it was: gone, or with its old content."""
    if before is None:
        deck.unlink(missing_ok=True)
    else:
        write_file(deck, before, over=True)


def _steps(folder: Path) -> list[Path]:
    """Return the notes of the imports that can be taken back, the latest last."""
    return sorted(path for path in folder.glob("*.json") if _STEP.fullmatch(path.name)) if folder.is_dir() else []


def _note(step: Path) -> dict[str, Any]:
    """Return what was noted about an import. Raises UnreadableError when the note is damaged."""
    try:
        note: dict[str, Any] = json.loads(step.read_bytes())
        base64.b64decode(note["before"] or "", validate=True)
        if note["format"] != 1 or not isinstance(note["events"], list) or not isinstance(note["after"], str):
            raise ValueError
        note["file"], note["deck"] = str(note["file"]), note["deck"] and str(note["deck"])
        if "joined" not in note:  # an earlier version made no copy
            note |= {"joined": note["file"].lower().endswith(".jsonl"), "copy": "FILE"}
        note["joined"], note["copy"] = bool(note["joined"]), note["copy"] and str(note["copy"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableError(
            f"{named(step)} cannot be read", "the import cannot be taken back by it; move it away"
        ) from error
    return note


def _make(folder: Path) -> None:
    try:
        private_folder(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"{named(folder)} cannot be made ({reason})", "check your rights there") from error
