"""Anki packages made for tests, in both formats, from a few notes: written from the description of the formats."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
import zstandard

from quiz import store
from quiz.deck.model import Deck
from quiz.deck.reader import read_deck
from quiz.exchange import anki_out
from quiz.exchange.parcel import Parcel
from quiz.sql import statements
from quiz.store.events import Event
from quiz.store.rows import INSERT, event_row
from quiz.store.twins import known_as

SCHEMA = Path(anki_out.__file__).with_name("anki_schema.sql")
BACK = "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}"
BASIC = ("Basic", False, ("Front", "Back"), (("{{Front}}", BACK),))
REVERSED = (
    "Basic (and reversed card)",
    False,
    ("Front", "Back"),
    (("{{Front}}", BACK), ("{{Back}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Front}}")),
)
TYPED = (
    "Basic (type in the answer)",
    False,
    ("Front", "Back"),
    (("{{Front}}\n\n{{type:Back}}", "{{Front}}\n\n<hr id=answer>\n\n{{type:Back}}"),),
)
CLOZE = ("Cloze", True, ("Text", "Back Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}"),))

Kind = tuple[str, bool, tuple[str, ...], tuple[tuple[str, str], ...]]


@dataclass
class AnkiNote:
    """A note to be put into a package. `log` holds rows for each card: time in ms, ease, kind, factor."""

    kind: Kind
    fields: Sequence[str]
    guid: str = ""
    tags: str = ""
    deck: str = "Neuro"
    cards: Sequence[int] = (0,)
    log: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    suspended: bool = False


def collection(file: Path, notes: Sequence[AnkiNote], *, new: bool, config: dict[str, Any]) -> None:
    """Write the SQLite file of a package in schema 11, or in schema 18 where `new`, with this configuration."""
    kinds = list({note.kind[0]: note.kind for note in notes}.values())
    decks = list(dict.fromkeys(note.deck for note in notes))
    with closing(sqlite3.connect(file)) as db:
        db.execute("pragma synchronous = off")
        for statement in statements(SCHEMA):
            db.execute(statement)
        if new:
            _tables_18(db, kinds, decks, config)
        head = (1, 1_700_000_000, 0, 0, 18 if new else 11, 0, 0, 0)
        texts: tuple[Any, ...] = (config, *_of_col(kinds, decks), {}, {})
        written = [""] * 5 if new else [json.dumps(text) for text in texts]
        db.execute(f"insert into col values ({', '.join('?' * 13)})", (*head, *written))
        for number, note in enumerate(notes):
            row = (number + 1, note.guid or f"guid-{number}", 100 + kinds.index(note.kind), 0, -1, f" {note.tags} ")
            db.execute(
                f"insert into notes values ({', '.join('?' * 11)})", (*row, "\x1f".join(note.fields), "", 0, 0, "")
            )
            for ordinal in note.cards:
                card = (number + 1) * 1000 + ordinal
                queue = -1 if note.suspended else 0
                stands = (number + 1, 10 + decks.index(note.deck), ordinal, 0, -1, 0, queue)
                db.execute(f"insert into cards values ({', '.join('?' * 18)})", (card, *stands, *[0] * 9, ""))
                for at, ease, kind, factor in note.log.get(ordinal, ()):
                    db.execute(
                        "insert into revlog values (?, ?, -1, ?, 1, 0, ?, 4321, ?)", (at, card, ease, factor, kind)
                    )
        db.commit()


def _of_col(kinds: Sequence[Kind], decks: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    models = {}
    for number, (name, cloze, fields, templates) in enumerate(kinds):
        models[str(100 + number)] = {
            "name": name,
            "type": int(cloze),
            "flds": [{"name": text, "ord": n} for n, text in enumerate(fields)],
            "tmpls": [{"qfmt": q, "afmt": a, "ord": n} for n, (q, a) in enumerate(templates)],
        }
    return models, {str(10 + n): {"name": name} for n, name in enumerate(decks)}


def _tables_18(db: sqlite3.Connection, kinds: Sequence[Kind], decks: Sequence[str], config: dict[str, Any]) -> None:
    db.create_collation("unicase", lambda a, b: (a > b) - (a < b))
    db.execute("create table notetypes (id integer primary key, name text collate unicase, config blob)")
    db.execute("create table fields (ntid int, ord int, name text collate unicase, primary key (ntid, ord))")
    db.execute("create table templates (ntid int, ord int, name text collate unicase, config blob)")
    db.execute("create table config (KEY text primary key, usn integer, mtime_secs integer, val blob) without rowid")
    db.executemany("insert into config values (?, 0, 0, ?)", [(k, json.dumps(v).encode()) for k, v in config.items()])
    db.execute("create table decks (id integer primary key, name text collate unicase)")
    for number, (name, cloze, fields, templates) in enumerate(kinds):
        looks = (b"\x08\x01" if cloze else b"") + message(3, b".card { }") + b"\x4d\x00\x00\x80\x3f"
        db.execute("insert into notetypes values (?, ?, ?)", (100 + number, name, looks))
        for n, text in enumerate(fields):
            db.execute("insert into fields values (?, ?, ?)", (100 + number, n, text))
        for n, (front, back) in enumerate(templates):
            sides = message(1, front.encode()) + message(2, back.encode())
            db.execute("insert into templates values (?, ?, ?, ?)", (100 + number, n, f"Card {n}", sides))
    for n, name in enumerate(decks):
        db.execute("insert into decks values (?, ?)", (10 + n, name.replace("::", "\x1f")))


def message(number: int, content: bytes) -> bytes:
    """Return one field of a protobuf message that holds bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    """Return a whole number as protobuf writes it."""
    found = b""
    while value > 0x7F:
        found += bytes([value & 0x7F | 0x80])
        value >>= 7
    return found + bytes([value])


def package(
    folder: Path,
    *notes: AnkiNote,
    new: bool = False,
    media: Sequence[str] = (),
    name: str = "deck.apkg",
    scheduler: int = 2,
    config: dict[str, Any] | None = None,
) -> Path:
    """Write a package and return its path. Of the media only the names are there."""
    file, path = folder / "collection", folder / name
    file.unlink(missing_ok=True)
    collection(file, notes, new=new, config={"schedVer": scheduler} | (config or {}))
    listed = {str(n): text for n, text in enumerate(media)}
    entries = b"".join(message(1, message(1, text.encode()) + b"\x10\x05") for text in media)
    if new:
        members = {
            "meta": b"\x08\x03",
            "collection.anki21b": zstandard.compress(file.read_bytes()),
            "collection.anki2": b"a note that asks to update",
            "media": zstandard.compress(entries),
        }
    else:
        members = {"collection.anki2": file.read_bytes(), "media": json.dumps(listed).encode()}
    file.unlink()
    return archive(path, members)


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """Write a ZIP archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return path


def unknown(events: Iterable[Event], known: Iterable[Event]) -> list[Event]:
    """Return the events that a history of these known ones lacks, those told apart that it has under another id."""
    events, known = list(events), list(known)
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in statements(Path(store.__file__).with_name("schema.sql")):
            db.execute(statement)
        db.executemany(INSERT, (event_row(event, number) for number, event in enumerate(known, 1)))
        there = {event.id for event in known} | known_as(db, events).keys()
    return [event for event in events if event.id not in there]


def as_deck(parcel: Parcel, folder: Path) -> Deck:
    """Write the cards of a parcel as a deck file and read it."""
    path = folder / "imported.yaml"
    data = {"title": parcel.title, "cards": list(parcel.cards)}
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    return read_deck(path)
