"""Writes ids into a deck file without touching another byte, and the starter deck of `quiz new`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from quiz.deck.model import Card
from quiz.deck.reader import read_deck
from quiz.deck.yaml import parse
from quiz.errors import QuizError, UnreadableError, UsageError
from quiz.questions.fields import Reading
from quiz.questions.nodes import Map, Seq
from quiz.whole import whole_file

# The line breaks that libyaml counts.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Written:
    """The ids that were written, in the order of the file."""

    ids: tuple[str, ...]


def write_ids(path: Path) -> Written:
    """Give each card without an id the one it has by its content, so that its history stays with it when it is edited.

    Raises QuizError when the deck has problems, UnreadableError when the file cannot be written.
    """
    deck = read_deck(path)
    if deck.problems:
        raise QuizError(str(deck.problems[0]).removesuffix("\n"), "then run 'quiz ids' again")
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    root = parse(text, Reading(str(path)))
    assert isinstance(root, Map)
    items = root["cards"]
    assert isinstance(items, Seq)
    families = list(dict.fromkeys(card.family for card in deck.cards))
    lines = _line_starts(text)
    newline = next(iter(_BREAK.findall(text)), "\n")
    result, done, ids = [], 0, []
    for item, family in zip(items, families, strict=True):
        assert isinstance(item, Map)
        if "id" in item:
            continue
        start = lines[item.mark.line] + item.mark.column
        if text[start] == "{":
            start, insert = start + 1, f"id: {family}, "
        else:
            insert = f"id: {family}{newline}{' ' * item.mark.column}"
        result += [text[done:start], insert]
        done = start
        ids.append(family)
    result.append(text[done:])
    if ids:
        bom = raw[: len(raw) - len(text.encode())]
        _replace(path, bom + "".join(result).encode(), deck.cards)
    return Written(tuple(ids))


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _BREAK.finditer(text))]


def _replace(path: Path, content: bytes, cards: tuple[Card, ...]) -> None:
    """Write the file anew in one step, once the new text has been read back and holds the same cards."""
    try:
        with whole_file(path, over=True) as file:
            file.write(content)
            file.flush()
            read = read_deck(Path(file.name))
            if read.problems or _content(read.cards) != _content(cards):
                raise QuizError(f"{path}: ids could not be written without changing the deck", "write them by hand")
    except OSError as error:
        raise UnreadableError(f"{path} cannot be written ({error.strerror})", "check the folder's rights") from error


def _content(cards: tuple[Card, ...]) -> list[Card]:
    """Return the cards without their places."""
    return [replace(card, file="", line=0) for card in cards]


STARTER = """\
# A deck is a list of cards. Check it with:  quiz check FILE      Learn it with:  quiz study FILE
title: My deck
cards:
  # A flip card: you say yourself whether you knew it.
  - ask: What does the Greek word behind "rhizotomy" mean?
    answer: Cutting a root

  # With 'accept' (other right spellings) you type the answer and the program marks it.
  - ask: Which nerve is treated in lumbar facet radiofrequency?
    answer: medial branch
    accept: [medial branch nerve, medial branch of the dorsal ramus]

  # A sentence with a hole.
  - cloze: "Selective dorsal rhizotomy (SDR) lowers {{spasticity}} in the legs."

  # One right option; each wrong one says why it is wrong.
  - ask: Which of these does selective dorsal rhizotomy (SDR) treat?
    choices:
      - right: Spasticity of the legs
      - wrong: Facet joint pain
        why: Facet pain is treated at the medial branches, outside the spinal canal.
      - wrong: Trigeminal neuralgia
        why: That is treated at the trigeminal ganglion or its root.
    why: Fewer sensory signals reach the reflex arc that keeps the muscles tight.
"""


def write_starter(path: Path) -> None:
    """Write the starter deck whole. Raises UsageError when the file is there already, UnreadableError when it can't."""
    try:
        with whole_file(path, mode=0o644) as file:
            file.write(STARTER.encode())
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", "name a new file") from error
    except OSError as error:
        raise UnreadableError(
            f"{path} cannot be written ({error.strerror})", "check the folder and its rights"
        ) from error
