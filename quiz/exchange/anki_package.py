"""Opens an Anki package and reads its tables. Nothing in it is trusted, and nothing is unpacked by its name.

A package is a ZIP archive with one SQLite file and media files that are called by numbers. Three formats are in use:
`collection.anki2` and `collection.anki21` (schema 11: note types and decks as JSON in the table `col`), and
`collection.anki21b` (schema 18: compressed with zstandard, note types in tables, their settings as protobuf). A package
of the newest format also holds a `collection.anki2` with a note that asks to update: the newest is taken.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

from quiz.errors import UnreadableError
from quiz.text import clean

# What a package may hold. A hostile one costs its maker nothing: a few kilobytes can say that they are gigabytes.
MOST_BYTES = 512 * 1024 * 1024  # of a collection as it lies on the disk; the largest public decks take 400 MB
MOST_MEDIA_BYTES = 64 * 1024 * 1024  # of the list of the media files
MOST_INDEX_BYTES = 16 * 1024 * 1024  # of the archive's index: some 200,000 files
MOST_ROWS = {"notes": 500_000, "cards": 1_000_000, "revlog": 2_000_000}
MOST_LARGE = 1_000_000  # rows of the small tables, and characters of one cell in them
MOST_CELL = 16 * 1024 * 1024  # bytes: note types of schema 11 are one cell
MOST_FIELDS = 1_000  # fields of one note, and its tags
MOST_RATIO = 200  # of unpacked to packed bytes, beyond the first `FREE_BYTES`; real collections have 2 to 10
FREE_BYTES = 16 * 1024 * 1024
_NEWEST = 3  # the version of a package's format that is known
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_CHUNK = 1024 * 1024
_OLD_FORMAT = "export it from Anki with 'Support older Anki versions' ticked"
MEND = "export it from Anki once more, as .apkg"
Cell = TypeVar("Cell")
FIELD_END = "\x1f"  # between the fields of a note, and between the parts of a deck's name


class NoteType(NamedTuple):
    """How the notes of one sort become cards: names of the fields, and front and back of each template."""

    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]


class Note(NamedTuple):
    """A note; `fields` are HTML."""

    id: int
    guid: str
    type: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


class NoteCard(NamedTuple):
    """A card of a note: `ordinal` is the number of its template, or of its hole (from 0), `deck` the id of its deck."""

    id: int
    note: int
    deck: int
    ordinal: int
    suspended: bool


class Review(NamedTuple):
    """One row of the review log: `id` is its time (UTC milliseconds), `kind` 0 to 5, `ease` 1 to 4 (0: not answered).

    `factor` is 0 in some kinds of row, which tells them apart; `took` is in milliseconds.
    """

    id: int
    card: int
    ease: int
    factor: int
    took: int
    kind: int


@dataclass(frozen=True, slots=True)
class Package:
    """What a package holds. `decks` are paths of names; `first_scheduler` is Anki's before 2018: other ratings.

    `offset` is the distance from UTC (minutes, east is positive) of the place where the collection was made: it stays,
    wherever the package is made or read. None in packages from before 2019.
    """

    types: dict[int, NoteType]
    decks: dict[int, tuple[str, ...]]
    notes: tuple[Note, ...]
    cards: tuple[NoteCard, ...]
    reviews: tuple[Review, ...]
    media: tuple[str, ...] = field(default=())
    first_scheduler: bool = False
    offset: int | None = None


class _SpoiltError(Exception):
    """The package is not what it should be: what is wrong, and the mend."""

    def __init__(self, what: str, mend: str = MEND) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def read_package(path: Path) -> Package:
    """Read a package (`.apkg` or `.colpkg`). Raises UnreadableError, in one line with the mend."""
    name = clean(str(path), lines=False)
    try:
        if not path.exists():
            raise _SpoiltError("is not there", "check the name and the path")
        if not stat.S_ISREG(path.stat().st_mode):  # to open a FIFO would wait for ever
            raise _SpoiltError("is not a plain file", "name an .apkg file")
        with path.open("rb") as file, tempfile.TemporaryDirectory(prefix="quiz-anki-") as folder:
            return _read(file, Path(folder))
    except _SpoiltError as error:
        raise UnreadableError(f"{name} {error.what}", error.mend) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableError(f"{name} is no Anki package, or a damaged one", MEND) from error
    except sqlite3.Error as error:
        raise UnreadableError(f"{name} holds a damaged collection ({error})", MEND) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableError(f"{name} cannot be read ({reason})", "check the file, its rights and the disk") from error


# -- the archive -----------------------------------------------------------------------------------------------------


class _Reader(io.RawIOBase):
    """The file of the archive, of which `left` bytes may still be read (None: any number)."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        self._file = file
        self.left: int | None = left

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes. What asks for more than may be read stops before it takes the memory."""
        if self.left is not None:
            if size > self.left:
                raise _SpoiltError("holds too many files", "an Anki package holds at most some 200,000")
            data = self._file.read(self.left + 1 if size < 0 else size)
            self.left -= len(data)
            if self.left < 0:
                raise _SpoiltError("holds too many files", "an Anki package holds at most some 200,000")
            return data
        return self._file.read(size)


def _read(file: IO[bytes], folder: Path) -> Package:
    reader = _Reader(file, MOST_INDEX_BYTES)
    with zipfile.ZipFile(reader) as archive:
        reader.left = None
        members = {info.filename: info for info in archive.infolist()}
        for info in archive.infolist():
            _refuse_odd(info)
        version = _version(archive, members.get("meta"))
        wanted = next((name for name in _COLLECTIONS if name in members), None)
        if wanted is None:
            raise _SpoiltError("holds no Anki collection")
        packed = wanted == _COLLECTIONS[0]
        collection = folder / "collection"
        _unpack(archive, members[wanted], collection, MOST_BYTES, packed=packed)
        media = _media(archive, members.get("media"), folder / "media", version)
    return _tables(collection, media)


def _refuse_odd(info: zipfile.ZipInfo) -> None:
    """Refuse what no Anki package holds: paths that lead out of a folder, links, locked files."""
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in name:
        raise _SpoiltError(f"holds the path '{clean(name[:60], lines=False)}', as no Anki package does")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _SpoiltError("holds a link, as no Anki package does")
    if info.flag_bits & 1:
        raise _SpoiltError("is locked with a password")
    # Others unpack a piece as a whole, whatever its size (bzip2: a megabyte to a terabyte).
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _SpoiltError("is packed in a way that Anki does not use")


def _version(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> int:
    """Return the version of the package's format: 1 and 2 are old ones, 3 the new one."""
    if info is None:
        return 1
    if info.file_size > 1024:
        raise _SpoiltError("is no Anki package, or a damaged one")
    version = next((n for number, n in wire(archive.read(info)) if number == 1 and isinstance(n, int)), 1)
    if version > _NEWEST:
        raise _SpoiltError("is in a package format that is newer than this program", _OLD_FORMAT)
    return version


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, most: int, *, packed: bool) -> None:
    """Write one member into a file of ours, and stop at `most` bytes, whatever its head says."""
    if info.file_size > most:
        raise _SpoiltError(
            f"is too large ({info.file_size // _CHUNK} MB in one file)", "export a single deck from Anki"
        )
    with archive.open(info) as member, to.open("wb") as file:
        left = most = min(most, max(FREE_BYTES, info.compress_size * MOST_RATIO))
        for chunk in _unzstandard(member) if packed else iter(lambda: member.read(_CHUNK), b""):
            left -= len(chunk)
            if left < 0:
                raise _SpoiltError(f"is too large (more than {most // _CHUNK} MB)", "export a single deck from Anki")
            file.write(chunk)


def _unzstandard(member: IO[bytes]) -> Iterator[bytes]:
    """Yield what a zstandard stream holds, in pieces of bounded size."""
    try:
        import zstandard  # an extra: most people have no Anki
    except ImportError as error:
        mend = f"pip install zstandard, or {_OLD_FORMAT}"
        raise _SpoiltError("is in Anki's newer package format, which takes one more library", mend) from error
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(member) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except zstandard.ZstdError as error:
        raise _SpoiltError("is damaged (zstandard)") from error


def _media(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None, to: Path, version: int) -> tuple[str, ...]:
    """Return the names of the media files. A list that cannot be read is passed over: none are taken anyway."""
    if info is None:
        return ()
    _unpack(archive, info, to, MOST_MEDIA_BYTES, packed=version == _NEWEST)
    raw = to.read_bytes()
    names: Iterable[Any]
    if version == _NEWEST:
        entries = (entry for number, entry in wire(raw) if number == 1 and isinstance(entry, bytes))
        firsts = (next((v for n, v in wire(e) if n == 1 and isinstance(v, bytes)), b"") for e in entries)
        names = [name.decode("utf-8", "replace") for name in firsts]
    else:
        found = _json(raw.decode("utf-8", "replace"))
        names = found.values() if isinstance(found, dict) else ()
    cleaned = (clean(name[:500], lines=False) for name in names if isinstance(name, str))
    return tuple(sorted({name for name in cleaned if name}))


def wire(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a protobuf message, by number: whole numbers as such, all else as bytes.

    The encoding is described at protobuf.dev/programming-guides/encoding. Raises ValueError where it is broken.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, sort = key >> 3, key & 7
        if sort == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        size = {1: 8, 5: 4}.get(sort)
        if size is None:
            if sort != 2:
                raise ValueError(f"protobuf wire type {sort}")
            size, at = _varint(data, at)
        if at + size > len(data):
            raise ValueError("protobuf field cut off")
        yield number, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("protobuf number cut off")


# -- the tables ------------------------------------------------------------------------------------------------------

_READ = frozenset(("col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "config"))
_BLANK = r"(?:\s|/\*.*?\*/|--[^\n]*\n)"
_MADE = re.compile(rf"\bvirtual{_BLANK}+table\b|\bas{_BLANK}*\(", re.IGNORECASE | re.DOTALL)
_LONGEST_SQL = 20_000  # characters of a table's own statement, of which Anki needs some 500
_HEAD = re.compile(rb"SQLite format 3\0(..)", re.DOTALL)
_STEPS = 1_000_000  # instructions of SQLite between two looks at how many there were
_MOST_STEPS = 5_000  # of these: some ten times what the largest collection takes


def _tables(file: Path, media: tuple[str, ...]) -> Package:
    _refuse_cut(file)
    db = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        _bound(db)
        kinds = _plain_tables(db)
        missing = [t for t in ("col", "notes", "cards", "revlog") if kinds.get(t) != "table"]
        if missing:
            raise _SpoiltError(f"holds a collection without the table '{missing[0]}'")
        for table, most in MOST_ROWS.items():
            (count,) = db.execute(f"select count(*) from {table}").fetchone()
            if count > most:
                raise _SpoiltError(f"holds {count:,} rows of '{table}'", f"at most {most:,} can be taken over")
        new = all(kinds.get(table) == "table" for table in ("notetypes", "fields", "templates", "decks"))
        config = _config_18(db, kinds) if new else _config(db)
        return Package(
            _types_18(db) if new else _types_11(db),
            _decks_18(db) if new else _decks_11(db),
            tuple(_notes(db)),
            tuple(_cards(db)),
            tuple(_reviews(db)),
            media,
            first_scheduler=not new and config.get("schedVer", 1) == 1,
            offset=_offset(config),
        )
    finally:
        db.close()


def _refuse_cut(file: Path) -> None:
    """Refuse a file that is no SQLite database, or shorter than it says: what was cut off might go unnoticed."""
    with file.open("rb") as opened:
        head = opened.read(100)
    found = _HEAD.match(head)
    if not found or len(head) < 100:
        raise _SpoiltError("holds no Anki collection")
    size = int.from_bytes(found[1], "big")
    pages = int.from_bytes(head[28:32], "big")
    if file.stat().st_size < pages * (65536 if size == 1 else size):
        raise _SpoiltError("is damaged (the collection is cut off)")


def _plain_tables(db: sqlite3.Connection) -> dict[str, str]:
    """Return what there is by its name: `table`, or `view`. Where a table is not just rows it counts as `made`.

    A virtual table runs code of an extension over what the file says, and a generated column calls functions for each
    row. Nothing of that sort is in a collection.
    """
    found = db.execute("select name, type, sql from sqlite_master where type in ('table', 'view')").fetchall()
    rows = [(str(name).lower(), kind, sql) for name, kind, sql in found]
    made = (name for name, _, sql in rows if name in _READ and (len(str(sql)) > _LONGEST_SQL or _MADE.search(str(sql))))
    return {str(name): str(kind) for name, kind, _ in rows} | dict.fromkeys(made, "made")


def _allow(action: int, _: str | None, name: str | None, *__: str | None) -> int:
    """Allow a statement to read, and to count; nothing else, whatever the schema says."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_OK if name == "count" else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ) else sqlite3.SQLITE_DENY


def _bound(db: sqlite3.Connection) -> None:
    """Keep a hostile database from running long, from making large values, and from calling functions of its own."""
    steps = 0

    def look() -> int:
        nonlocal steps
        steps += 1
        return int(steps > _MOST_STEPS)

    db.set_progress_handler(look, _STEPS)
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_CELL)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    db.create_collation("unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))
    db.execute("pragma trusted_schema = off")
    db.execute("pragma cell_size_check = on")
    db.execute("pragma query_only = on")
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    db.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1)
    db.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20)
    db.set_authorizer(_allow)


def _types_18(db: sqlite3.Connection) -> dict[int, NoteType]:
    fields: dict[int, dict[int, str]] = {}
    for type_id, at, name in db.execute("select ntid, ord, name from fields limit ?", (MOST_LARGE,)):
        fields.setdefault(_whole(type_id), {})[_whole(at)] = str(name)
    templates: dict[int, dict[int, tuple[str, str]]] = {}
    for type_id, at, config in db.execute("select ntid, ord, config from templates limit ?", (MOST_LARGE,)):
        sides = {n: v.decode("utf-8", "replace") for n, v in wire(_bytes(config)) if isinstance(v, bytes)}
        templates.setdefault(_whole(type_id), {})[_whole(at)] = (sides.get(1, ""), sides.get(2, ""))
    found = {}
    for type_id, name, config in db.execute("select id, name, config from notetypes limit ?", (MOST_LARGE,)):
        cloze = any(number == 1 and value == 1 for number, value in wire(_bytes(config)))
        own = _whole(type_id)
        found[own] = NoteType(str(name), cloze, _by_place(fields.get(own, {})), _by_place(templates.get(own, {})))
    return found


def _types_11(db: sqlite3.Connection) -> dict[int, NoteType]:
    found = {}
    for key, value in _of_col(db, "models").items():
        if isinstance(value, dict):
            fields = [str(f.get("name", "")) for f in _in_order(value.get("flds"))]
            templates = [(str(t.get("qfmt", "")), str(t.get("afmt", ""))) for t in _in_order(value.get("tmpls"))]
            name, cloze = str(value.get("name", "")), value.get("type") == 1
            found[_whole(key)] = NoteType(name, cloze, tuple(fields), tuple(templates))
    return found


def _in_order(items: Any) -> list[dict[str, Any]]:
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return sorted(found, key=lambda item: _whole(item.get("ord", 0)))


def _decks_18(db: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    rows = db.execute("select id, name from decks limit ?", (MOST_LARGE,))
    return {_whole(deck): _path(str(name).split(FIELD_END)) for deck, name in rows}


def _decks_11(db: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    found = _of_col(db, "decks").items()
    return {_whole(k): _path(str(v.get("name", "")).split("::")) for k, v in found if isinstance(v, dict)}


def _path(parts: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean(part[:200], lines=False) for part in parts)
    return tuple(part for part in cleaned if part)


def _config(db: sqlite3.Connection) -> dict[str, Any]:
    return _of_col(db, "conf")


def _config_18(db: sqlite3.Connection, kinds: Mapping[str, str]) -> dict[str, Any]:
    if kinds.get("config") != "table":
        return {}
    row = db.execute("select val from config where key = 'creationOffset'").fetchone()
    return {_OFFSET: _json(_bytes(row[0]).decode("utf-8", "replace"))} if row else {}


_OFFSET = "creationOffset"  # minutes west of UTC
_FARTHEST = 15 * 60  # minutes


def _offset(config: Mapping[str, Any]) -> int | None:
    west = config.get(_OFFSET)
    return -west if type(west) is int and abs(west) <= _FARTHEST else None


def _of_col(db: sqlite3.Connection, column: str) -> dict[str, Any]:
    """Return a JSON object that stands in the one row of the table `col`."""
    row = db.execute(f"select {column} from col").fetchone()
    found = _json(str(row[0])) if row else None
    if not isinstance(found, dict):
        raise _SpoiltError(f"holds a collection without '{column}'")
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _notes(db: sqlite3.Connection) -> Iterator[Note]:
    for note, guid, type_id, tags, fields in db.execute("select id, guid, mid, tags, flds from notes order by id"):
        yield Note(
            _whole(note),
            str(guid),
            _whole(type_id),
            tuple(str(tags).split(None, MOST_FIELDS)[:MOST_FIELDS]),
            tuple(str(fields).split(FIELD_END, MOST_FIELDS)[:MOST_FIELDS]),
        )


def _cards(db: sqlite3.Connection) -> Iterator[NoteCard]:
    # A card in a filtered deck has its own deck in `odid`.
    rows = db.execute("select id, nid, case odid when 0 then did else odid end, ord, queue from cards order by id")
    for card, note, deck, ordinal, queue in rows:
        yield NoteCard(_whole(card), _whole(note), _whole(deck), _whole(ordinal), queue == _SUSPENDED)


def _reviews(db: sqlite3.Connection) -> Iterator[Review]:
    for row in db.execute("select id, cid, ease, factor, time, type from revlog order by id"):
        yield Review(*map(_whole, row))


_SUSPENDED = -1


def _by_place(found: dict[int, Cell]) -> tuple[Cell, ...]:
    return tuple(found[at] for at in sorted(found))


def _whole(value: Any) -> int:
    """Return a whole number; -1 for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return -1


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""
