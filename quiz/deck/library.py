"""The decks at hand: found in their folders, read when they changed, and looked up card by card.

A session over 100,000 cards must not wait for 100,000 cards to be read. So what was read stays in the catalogue, an
SQLite file in the cache folder: opening it costs one look at each deck file's size and time.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from quiz import __version__
from quiz.deck.model import Card, Deck, Source, answers_of
from quiz.deck.scope import Scope
from quiz.digest import blake2b
from quiz.paths import keep_private, private_folder
from quiz.sql import statements
from quiz.text import clean

if TYPE_CHECKING:
    from quiz.deck.figures import Figure
    from quiz.places import Problem

_AFTER_ALL = 20_000  # the place of the ward's own cards: behind decks that name no order
CATALOGUE_VERSION = 8  # raise it whenever the tables or the JSON of a card change: old catalogues are then made anew
Progress = Callable[[int, int], None]


class Listed(NamedTuple):
    """What the catalogue knows of a card without reading it."""

    id: str
    family: str
    topic: str


class DeckInfo(NamedTuple):
    """One deck file in the library."""

    path: str
    title: str
    cards: int
    problems: int


class Library:
    """Some deck folders (or single deck files) and their catalogue. Fresh once `refresh` has run."""

    def __init__(self, roots: Sequence[Path], cache: Path, local: Path | None = None) -> None:
        """`roots` are folders and deck files; `cache` is the folder for the catalogue (a temporary one if it fails).

        `local` is the file of the ward's own layer, if there is one.
        """
        self._local = local
        self.roots = tuple(dict.fromkeys(Path(os.path.realpath(root)) for root in roots))
        name = blake2b("\0".join(map(str, self.roots)).encode("utf-8", "surrogateescape"), digest_size=8)
        self.path = Path(cache, f"catalogue-{name.hexdigest()}.sqlite")
        self._temporary: Path | None = None
        self._db = self._open()

    def close(self) -> None:
        """Close the catalogue."""
        self._db.close()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def refresh(self, progress: Progress | None = None) -> bool:
        """Read the files that changed, forget those that went; return whether anything did. `progress(done, of)`.

        A catalogue that turns out to be damaged is made anew. Raises sqlite3.Error when it cannot be written.
        """
        try:
            return self._refresh(progress)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._db.close()
            _remove(self.path)
            self._db = self._open()
            return self._refresh(progress)

    def _refresh(self, progress: Progress | None) -> bool:
        # The reader itself is loaded only for changes.
        from quiz.deck.files import deck_files, figure_files, sources_files, stamp

        decks = {_written(p): p for root in self.roots for p in deck_files(root)}
        bibliographies = {_written(p): p for root in self.roots for p in sources_files(root)}
        figures = {_written(p): p for root in self.roots for p in figure_files(root)}
        own = {_written(self._local): self._local} if self._local and self._local.is_file() else {}
        paths = decks | bibliographies | figures | own
        # Another version of the program may find other problems in the same file.
        found = {written: f"{__version__} {stamp(path)}" for written, path in paths.items()}
        known: dict[str, str] = dict(self._db.execute("select path, stamp from file"))
        if found == known:
            return False
        gone = known.keys() - found.keys()
        changed = [written for written in found if known.get(written) != found[written]]
        self._db.execute("begin immediate")
        try:
            for written in gone:
                self._forget(written)
            for done, written in enumerate(w for w in changed if w not in own):
                if progress:
                    progress(done, len(changed))
                self._forget(written)
                if written in figures:
                    self._store_figure(written, paths[written], found[written])
                else:
                    self._store(written, paths[written], found[written], is_deck=written in decks)
            if {*changed, *gone} - decks.keys():
                self._store_sources(bibliographies.values())
            self._store_local(own, found)
            self._settle_doubles()
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:  # a full disk ends it by itself
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

    def within(self, scope: Scope) -> list[Listed]:
        """Return what is listed of each card of a scope, in the order of the decks."""
        where, values = scope.where()
        rows = self._db.execute(
            "select c.id, c.family, c.topic from card c join file f on f.path = c.path "
            f"where {where} order by f.place, f.path, c.position",
            values,
        )
        return [Listed(*row) for row in rows]

    def contrasts(self, scope: Scope) -> list[tuple[str, ...]]:
        """Return the sets of look-alikes in a scope: a card and those it names or that name it; no card is in two.

        Where cards were picked, the first of them has the first set, with all of its look-alikes.
        """
        where, values = scope.where()
        rows = self._db.execute(
            "select c.id, json_extract(c.body, '$.contrast_with') from card c join file f on f.path = c.path "
            f"where {where} order by f.place, f.path, c.position",
            values,
        ).fetchall()
        near: dict[str, list[str]] = {card: [] for card, _ in rows}
        for card, names in rows:
            for other in json.loads(names):
                if other in near and other != card:
                    near[card].append(other)
                    near[other].append(card)
        found, free = [], dict.fromkeys(near)
        for card in dict.fromkeys([*(card for card in scope.cards if card in near), *near]):
            members = [c for c in dict.fromkeys((card, *near[card])) if c in free]
            if card in free and len(members) > 1:
                found.append(tuple(members))
                for member in members:
                    del free[member]
        return found

    def here(self, card_id: str) -> str:
        """Return what the ward's own layer says beside the answer of a card; a note on an entry goes for all of it."""
        rows = self._db.execute(
            "select text from here where card in (?, ?) order by length(card) desc", (card_id, card_id.split("/")[0])
        ).fetchone()
        return str(rows[0]) if rows else ""

    def source(self, source_id: str) -> Source | None:
        """Return one entry of the bibliography."""
        row = self._db.execute("select body from source where id = ?", (source_id,)).fetchone()
        return Source(**json.loads(row[0])) if row else None

    def figure(self, figure_id: str) -> Figure | None:
        """Return a figure that cards show, or None when there is none of this id."""
        row = self._db.execute("select body from figure where id = ? order by path limit 1", (figure_id,)).fetchone()
        if not row:
            return None
        from quiz.deck.figures import Figure  # few questions show one

        return Figure.from_json(row[0])

    @property
    def empty(self) -> bool:
        """Whether there is no deck file at all."""
        return self._db.execute("select 1 from file where place >= 0 limit 1").fetchone() is None

    def decks(self) -> list[DeckInfo]:
        """Return the decks in their order, with the number of cards and of problems."""
        rows = self._db.execute(
            "select path, title, (select count(*) from card c where c.path = f.path and c.live), "
            "json_array_length(problems) from file f where place >= 0 order by place, path"
        )
        return [DeckInfo(*row) for row in rows]

    def problems(self) -> list[Problem]:
        """Return everything that is wrong in the files, the ids that two files claim included."""
        from quiz.places import Place, Problem

        found = [
            Problem(Place(clean(path, lines=False), line, column), what, mend, card)
            for path, text in self._db.execute("select path, problems from file where problems <> '[]' order by path")
            for line, column, what, mend, card in json.loads(text)
        ]
        doubles = self._db.execute("select distinct family, path, line from card where not live").fetchall()
        for family, path, line in doubles:
            others = sorted((p, at) for f, p, at in doubles if f == family and p != path)
            also = ", ".join(f"{clean(other, lines=False)}:{at}" for other, at in others)
            what = f"id '{family}' stands twice (also {also})"
            place = Place(clean(path, lines=False), line, 1)
            found.append(Problem(place, what, "give one of the two cards another id", family))
        return sorted(found)

    def named(self, names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
        """Return the paths of the decks that `names` mean (file name, title or path), and the names that mean none."""
        return decks_meant([(deck.path, deck.title) for deck in self.decks()] if names else (), names)

    def values(self, column: str) -> list[str]:
        """Return the values that `topic`, `procedure` or `audience` take, in order of the alphabet."""
        assert column in ("topic", "procedure", "audience")
        rows = self._db.execute(f"select distinct {column} from card where live").fetchall()
        values = {value for (text,) in rows for value in (text.split(",") if column == "audience" else (text,))}
        return sorted(values - {""})

    def _ordered(self) -> list[str]:
        return [path for (path,) in self._db.execute("select path from file where place >= 0 order by place, path")]

    def _open(self) -> sqlite3.Connection:
        """Open the catalogue; a damaged one is made anew, in a temporary folder if its own cannot be written."""
        with contextlib.suppress(OSError, sqlite3.Error):
            private_folder(self.path.parent)
            keep_private(self.path.parent)  # what others put there would be asked as if it stood in the decks
            return _open_or_remake(self.path)
        try:
            self._temporary = self._temporary or Path(tempfile.mkdtemp(prefix="quiz-catalogue-"))
            self.path = self._temporary / self.path.name
            return _open_or_remake(self.path)
        except (OSError, sqlite3.Error) as error:
            raise OSError(f"the catalogue of the decks cannot be written ({self.path.parent}: {error})") from error

    def _forget(self, path: str) -> None:
        self._db.execute("delete from card where path = ?", (path,))
        for table in ("figure", "same_as", "reset"):
            self._db.execute(f"delete from {table} where path = ?", (path,))
        self._db.execute("delete from file where path = ?", (path,))

    def _store(self, written: str, path: Path, stamp: str, *, is_deck: bool) -> None:
        """Read one file and put it into the catalogue. A bibliography has the place -1."""
        from quiz.deck.reader import read_deck, read_sources

        if is_deck:
            deck = read_deck(path)
            self._put_cards(written, deck.cards)
        else:
            deck = Deck(written, "", -1, (), read_sources(path)[1])
        self._note(written, stamp, deck)

    def _store_local(self, own: dict[str, Path], stamps: dict[str, str]) -> None:
        """Read the ward's own layer after all decks: what it says of a card hangs on the card's being there."""
        self._db.execute("delete from here")
        for written, path in own.items():
            from quiz.deck.local import read_local

            self._forget(written)
            known = {card for (card,) in self._db.execute("select id from card union select family from card")}
            local = read_local(path, known)
            self._put_cards(written, local.cards)
            self._db.executemany("insert into here values (?, ?)", local.notes.items())
            order = _AFTER_ALL if local.cards else -1
            title = local.cards[0].deck if local.cards else ""
            self._note(written, stamps[written], Deck(written, title, order, (), local.problems))

    def _put_cards(self, written: str, cards: Sequence[Card]) -> None:
        """Put cards into the catalogue, with what a filter looks at."""
        from quiz.deck.wording import searchable, traits

        same = ((written, card.id, old) for card in cards for old in card.same_as)
        self._db.executemany("insert or ignore into same_as values (?, ?, ?)", same)
        resets = ((written, card.id, card.reset) for card in cards if card.reset)
        self._db.executemany("insert or ignore into reset values (?, ?, ?)", resets)
        self._db.executemany(_INSERT, (_row(written, position, card) for position, card in enumerate(cards)))
        found = ((searchable(c), traits(c), written, position) for position, c in enumerate(cards))
        self._db.executemany("insert into wording select rowid, ?, ? from card where path = ? and position = ?", found)

    def _store_figure(self, written: str, path: Path, stamp: str) -> None:
        """Read one figure and put it into the catalogue. Like a bibliography its file has the place -1."""
        from quiz.deck.figures import read_figure

        figure, problems = read_figure(path)
        if figure:
            self._db.execute("insert into figure values (?, ?, ?)", (figure.id, written, figure.as_json()))
        self._note(written, stamp, Deck(written, "", -1, (), problems))

    def _note(self, written: str, stamp: str, read: Deck) -> None:
        """Note that a file was read, and what is wrong in it."""
        problems = [(p.place.line, p.place.column, p.what, p.mend, p.card) for p in read.problems]
        digest = blake2b(digest_size=16)
        for each in (
            _KEYS,
            "select card, old from same_as where path = ?",
            "select card, day from reset where path = ?",
        ):
            for row in self._db.execute(each, (written,)):
                digest.update(f"{row}\n".encode())
        values = (written, stamp, read.title, read.order, json.dumps(problems), digest.hexdigest())
        self._db.execute("insert into file values (?, ?, ?, ?, ?, ?)", values)

    def _store_sources(self, bibliographies: Iterable[Path]) -> None:
        from quiz.deck.reader import read_sources

        self._db.execute("delete from source")
        for path in bibliographies:
            entries = read_sources(path)[0]
            rows = ((s.id, s.as_json()) for s in entries.values())
            self._db.executemany("insert or replace into source values (?, ?)", rows)

    def _settle_doubles(self) -> None:
        """Leave out every card whose id stands in two files: with either, the other's history would be wrong."""
        self._db.execute("update card set live = 1 where not live")
        twice = "select family from card group by family having min(path) <> max(path)"
        self._db.execute(f"update card set live = 0 where family in ({twice})")


_KEYS = "select id, keys from card where path = ? order by position"
_INSERT = (
    "insert into card (id, family, path, position, line, topic, procedure, audience, tier, safety, keys, body) "
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _row(path: str, position: int, card: Card) -> tuple[object, ...]:
    audience = f",{','.join(card.audience)}," if card.audience else ""
    kept = (card.topic, card.procedure, audience, card.tier, card.safety, answers_of(card), card.as_json())
    return (card.id, card.family, path, position, card.line, *kept)


def _written(path: Path) -> str:
    """Return a path as it stands in the catalogue. Bytes that are no text are spelt out: SQLite takes none."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def decks_meant(decks: Iterable[tuple[str, str]], names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return what `Library.named` does, of decks with these paths and titles."""
    known, unknown = [(path, _names(path, title)) for path, title in decks], []
    paths: list[str] = []
    for name in names:
        real, called = _written(Path(os.path.realpath(name))), clean(name, lines=False).casefold()
        within = os.path.join(real, "")  # noqa: PTH118
        fits = [path for path, called_so in known if called in called_so or path == real or path.startswith(within)]
        paths += fits
        if not fits:
            unknown.append(name)
    return tuple(dict.fromkeys(paths)), unknown


def _names(path: str, title: str) -> tuple[str, ...]:
    """Return what a deck is called: its title, its file's name, that without its ending, and its path."""
    file = Path(path)
    return tuple(clean(name, lines=False).casefold() for name in (title, file.name, file.stem, path))


def _open_or_remake(path: Path) -> sqlite3.Connection:
    """Open one catalogue file; when it is damaged, begin a new one. One in use is left alone."""
    try:
        if path.exists():
            path.open("r+b").close()  # SQLite would open a file without the right to write, and fail later
    except PermissionError:
        _remove(path)
    try:
        return _connect(path)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        _remove(path)
        return _connect(path)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    """Open one catalogue file and make its tables if it has none. Raises sqlite3.Error when it cannot be used."""
    db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        with contextlib.suppress(sqlite3.OperationalError):  # the file is in use: the next start does it
            db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("pragma trusted_schema = off")
        if _version(db) != CATALOGUE_VERSION:
            db.execute("begin immediate")
            if _version(db) != CATALOGUE_VERSION:  # else another program made the tables while this one waited
                _make_tables(db)
            db.execute("commit")
        db.execute("select count(*) from file").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def _make_tables(db: sqlite3.Connection) -> None:
    for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        db.execute(f'drop table "{name}"')
    for statement in statements(Path(__file__).with_name("catalogue.sql")):
        db.execute(statement)
    db.execute(f"pragma user_version = {CATALOGUE_VERSION}")
