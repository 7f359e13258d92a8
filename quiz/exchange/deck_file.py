"""The deck file that an import writes: YAML with a head that tells where it came from and whether it was edited."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from quiz.deck.model import Card
from quiz.deck.reader import read_deck
from quiz.digest import blake2b
from quiz.errors import QuizError
from quiz.exchange.entries import Entry
from quiz.text import clean

_MARK = "# quiz import: "
_HEAD = (
    "# Written by 'quiz import'. To change a card, change it in the file it came from and import that again.\n"
    "# Who edits it here keeps it as it is: it is not written over any more.\n"
)
_SLUG = re.compile(r"[^\w.-]+")
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]
    """Writes every text out (decks have no aliases), and several lines as several lines."""

    def ignore_aliases(self, _: object) -> bool:
        return True


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


class Origin(NamedTuple):
    """Where a deck came from: the name of the file, a digest of its path, and a digest of the deck as written."""

    file: str
    path: str
    sum: str


def digest(text: bytes) -> str:
    """Return 16 hex digits that tell one content from another."""
    return blake2b(text, digest_size=8).hexdigest()


def deck_text(title: str, entries: Sequence[Entry], file: str, path: str) -> bytes:
    """Return the deck of these entries, with its head."""
    body = yaml.dump(
        {"title": title, "cards": [*entries]}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6
    ).encode("utf-8")
    origin = Origin(file, path, digest(body))
    return f"{_HEAD}{_MARK}{json.dumps(origin._asdict())}\n".encode() + body


def origin_of(path: Path) -> Origin | None:
    """Return where a deck was imported from; None for every other file. Never raises."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return None
    line = next((line for line in head.split(b"\n")[:4] if line.startswith(_MARK.encode())), b"")
    try:
        data = json.loads(line[len(_MARK) :])
        return Origin(str(data["file"]), str(data["path"]), str(data["sum"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def edited(content: bytes, origin: Origin) -> bool:
    """Whether a deck is not as the import wrote it."""
    _, _, rest = content.partition(_MARK.encode())
    return digest(rest.partition(b"\n")[2]) != origin.sum


def check_readable(path: Path, cards: Sequence[Card]) -> None:
    """Raise QuizError when the deck at `path` does not hold exactly these cards: then it must not be used."""
    read = read_deck(path)
    if read.problems or [card.id for card in read.cards] != [card.id for card in cards]:
        told = read.problems[0].what if read.problems else "it holds other cards"
        raise QuizError(f"the deck could not be written so that it reads the same ({told})", "please report it")


def file_name(stem: str) -> str:
    """Return a name for a deck file: letters, digits, dots and dashes."""
    name = _SLUG.sub("-", clean(stem, lines=False)).strip("-.")[:60].lower() or "imported"
    return f"{name}-deck" if name in ("local", "sources") else name
