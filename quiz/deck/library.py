"""The decks at hand: found in their folders, read when they changed, and looked up card by card.

A session over 100,000 cards must not wait for 100,000 cards to be read. So what was read stays in the catalogue, an
SQLite file in the cache folder: opening it costs one look at each deck file's size and time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.model import Card, Deck, Source
from quiz.places import Place, Problem
from quiz.sql import statements

CATALOGUE_VERSION = 1  # raise it whenever the tables or the JSON of a card change: old catalogues are then made anew
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DeckInfo:
    """One deck file in the library."""

    path: str
    title: str
    cards: int
    problems: int


class Library:
    """Some deck folders (or single deck files) and their catalogue. Fresh once `refresh` has run."""

    def __init__(self, roots: Sequence[Path], cache: Path) -> None:
        """`roots` are folders and deck files; `cache` is the folder for the catalogue (a temporary one if it fails)."""
        self.roots = tuple(dict.fromkeys(Path(os.path.realpath(root)) for root in roots))
        name = hashlib.blake2b("\0".join(map(str, self.roots)).encode("utf-8", "surrogateescape"), digest_size=8)
        self.path = Path(cache, f"catalogue-{name.hexdigest()}.sqlite")
        self._db = self._open()

    def close(self) -> None:
        """Close the catalogue."""
        self._db.close()

    def refresh(self, progress: Progress | None = None) -> bool:
        """Read the files that changed, forget those that went; return whether anything did. `progress(done, of)`."""
        from quiz.deck.files import deck_files, sources_files, stamp  # the reader itself is loaded only for changes

        decks = {str(p): stamp(p) for root in self.roots for p in deck_files(root)}
        bibliographies = {str(p): stamp(p) for root in self.roots for p in sources_files(root)}
        found = decks | bibliographies
        known: dict[str, str] = dict(self._db.execute("select path, stamp from file"))
        if found == known:
            return False
        changed = [path for path in found if known.get(path) != found[path]]
        self._db.execute("begin immediate")
        try:
            for path in known.keys() - found.keys():
                self._forget(path)
            for done, path in enumerate(changed):
                if progress:
                    progress(done, len(changed))
                self._forget(path)
                self._store(path, found[path], is_deck=path in decks)
            if bibliographies.keys() & {*changed, *known}:
                self._store_sources(bibliographies)
            self._settle_doubles()
            self._db.execute("commit")
        except BaseException:
            self._db.execute("rollback")
            raise
        return True

    def card(self, card_id: str) -> Card | None:
        """Return one card, or None when no deck holds it (or two claim its id)."""
        row = self._db.execute("select body from card where id = ? and live", (card_id,)).fetchone()
        return Card.from_json(row[0]) if row else None

    def cards(self) -> Iterable[Card]:
        """Yield all cards, deck by deck in the order of the files."""
        for deck in self._ordered():
            for (body,) in self._db.execute("select body from card where path = ? and live order by position", (deck,)):
                yield Card.from_json(body)

    def source(self, source_id: str) -> Source | None:
        """Return one entry of the bibliography."""
        row = self._db.execute("select body from source where id = ?", (source_id,)).fetchone()
        return Source(**json.loads(row[0])) if row else None

    def decks(self) -> list[DeckInfo]:
        """Return the decks in their order, with the number of cards and of problems."""
        rows = self._db.execute(
            "select path, title, (select count(*) from card c where c.path = f.path and c.live), "
            "json_array_length(problems) from file f where place >= 0 order by place, path"
        )
        return [DeckInfo(*row) for row in rows]

    def problems(self) -> list[Problem]:
        """Return everything that is wrong in the files, the ids that two files claim included."""
        found = [
            Problem(Place(path, line, column), what, mend, card)
            for path, text in self._db.execute("select path, problems from file where problems <> '[]' order by path")
            for line, column, what, mend, card in json.loads(text)
        ]
        for card_id, path, line in self._db.execute("select id, path, line from card where not live order by id, path"):
            others = self._db.execute("select path, line from card where id = ? and path <> ?", (card_id, path))
            also = ", ".join(f"{other}:{at}" for other, at in others)
            what = f"id '{card_id}' stands twice (also {also})"
            found.append(Problem(Place(path, line, 1), what, "give one of the two cards another id", card_id))
        return sorted(found)

    def named(self, names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
        """Return the paths of the decks that `names` mean (file name, title or path), and the names that mean none."""
        decks, unknown = self.decks(), []
        paths: list[str] = []
        for name in names:
            real = os.path.realpath(name)
            fits = [
                d.path
                for d in decks
                if name.casefold() in (Path(d.path).stem.casefold(), d.title.casefold())
                or d.path == real
                or d.path.startswith(real + os.sep)
            ]
            paths += fits
            if not fits:
                unknown.append(name)
        return tuple(dict.fromkeys(paths)), unknown

    def values(self, column: str) -> list[str]:
        """Return the values that `topic`, `procedure` or `audience` take, in order of the alphabet."""
        assert column in ("topic", "procedure", "audience")
        rows = self._db.execute(f"select distinct {column} from card where live").fetchall()
        return sorted({value for (text,) in rows for value in text.split(",") if value})

    def _ordered(self) -> list[str]:
        return [path for (path,) in self._db.execute("select path from file where place >= 0 order by place, path")]

    def _open(self) -> sqlite3.Connection:
        """Open the catalogue; one that is damaged, old or in a folder that cannot be written is made anew."""
        for folder in (self.path.parent, Path(tempfile.gettempdir(), f"quiz-catalogue-{os.getpid()}")):
            self.path = folder / self.path.name
            for _ in range(2):
                with contextlib.suppress(OSError, sqlite3.Error):
                    folder.mkdir(parents=True, exist_ok=True)
                    return _connect(self.path)
                for ending in ("", "-wal", "-shm"):
                    with contextlib.suppress(OSError):
                        Path(f"{self.path}{ending}").unlink()
        raise OSError(f"no folder for the catalogue can be written ({self.path.parent})")

    def _forget(self, path: str) -> None:
        self._db.execute("delete from card where path = ?", (path,))
        self._db.execute("delete from file where path = ?", (path,))

    def _store(self, path: str, stamp: str, *, is_deck: bool) -> None:
        """Read one file and put it into the catalogue. A bibliography has the place -1."""
        from quiz.deck.reader import read_deck, read_sources

        if is_deck:
            deck = read_deck(Path(path))
            rows = (_row(path, position, card) for position, card in enumerate(deck.cards))
            self._db.executemany(_INSERT, rows)
        else:
            deck = Deck(path, "", -1, (), read_sources(Path(path))[1])
        problems = [(p.place.line, p.place.column, p.what, p.mend, p.card) for p in deck.problems]
        values = (path, stamp, deck.title, deck.order, json.dumps(problems))
        self._db.execute("insert into file values (?, ?, ?, ?, ?)", values)

    def _store_sources(self, bibliographies: Iterable[str]) -> None:
        from quiz.deck.reader import read_sources

        self._db.execute("delete from source")
        for path in bibliographies:
            entries = read_sources(Path(path))[0]
            rows = ((s.id, s.as_json()) for s in entries.values())
            self._db.executemany("insert or replace into source values (?, ?)", rows)

    def _settle_doubles(self) -> None:
        """Leave out every card whose id stands in two files: with either, the other's history would be wrong."""
        self._db.execute("update card set live = 1 where not live")
        self._db.execute("update card set live = 0 where id in (select id from card group by id having count(*) > 1)")


_INSERT = (
    "insert into card (id, family, path, position, line, topic, procedure, audience, tier, safety, body) "
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _row(path: str, position: int, card: Card) -> tuple[object, ...]:
    audience = f",{','.join(card.audience)}," if card.audience else ""
    kept = (card.topic, card.procedure, audience, card.tier, card.safety, card.as_json())
    return (card.id, card.family, path, position, card.line, *kept)


def _connect(path: Path) -> sqlite3.Connection:
    """Open one catalogue file and make its tables if it has none. Raises sqlite3.Error when it cannot be used."""
    db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        version = db.execute("pragma user_version").fetchone()[0]
        if version != CATALOGUE_VERSION:
            db.execute("begin immediate")
            tables = db.execute("select name from sqlite_master where type = 'table'").fetchall()
            for (name,) in tables:
                db.execute(f'drop table "{name}"')
            for statement in statements(Path(__file__).with_name("catalogue.sql")):
                db.execute(statement)
            db.execute(f"pragma user_version = {CATALOGUE_VERSION}")
            db.execute("commit")
        db.execute("select count(*) from file").fetchone()
    except BaseException:
        db.close()
        raise
    return db
