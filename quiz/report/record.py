"""The record of competency: what a refresher or an exam showed, as facts that can be filed, printed and checked.

How it is made from the history is told in `quiz/report/recording.py`, how it looks as a file in
`quiz/report/record_page.py` and `quiz/report/record_file.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from quiz.questions.base import RIGHT_FROM

REFRESHER, EXAM = "refresher", "exam"
PASSED, NOT_PASSED, PRACTISED = "passed", "not passed", "practised"
RIGHT, PARTLY, WRONG, EMPTY = "right", "partly", "wrong", "empty"
FINISHED, STOPPED, OUT_OF_TIME, UNKNOWN = "finished", "stopped", "out of time", "unknown"
HELD_BACK, NOT_ASKED_BEFORE, SEEN = "held back from practice", "never asked before", "seen in practice"
NO_DECK = -1


@dataclass(frozen=True, slots=True)
class Item:
    """One question at its first try.

    `result` is `PASSED`, `NOT_PASSED` or `PRACTISED` in a refresher, `RIGHT`, `PARTLY`, `WRONG` or `EMPTY` in an exam.
    `mark` is 0 to 1, `ms` the time of the answer. `more_tries` came after it in the session, `settled` tells that the
    card was recalled at the last of all tries. `own_mark`: only the learner could say whether it was right. `changed`:
    the question is not in the decks any more as it was asked. `deck` is the place of its deck in the record.
    """

    number: int
    result: str
    claim: str
    sources: str
    asked: str
    card: str
    question: str
    kind: str
    topic: str
    basis: str
    mark: float
    certainty: str
    ms: int
    more_tries: int
    settled: bool
    own_mark: bool
    changed: bool
    deck: int

    @property
    def right(self) -> bool:
        """Whether the first try earned the full mark."""
        return self.mark >= RIGHT_FROM


@dataclass(frozen=True, slots=True)
class DeckVersion:
    """A deck file as it is now. `checked` is the newest day on which a card of it was checked, `sha256` its first
    digits over the bytes of the file ("" where it cannot be read)."""

    title: str
    file: str
    cards: int
    checked: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one refresher or exam showed. Times are local, with their offset from UTC, as ISO 8601.

    `name` is the learner's, if one was given; `day` the study day; `spent_ms` the time spent without pauses;
    `minutes` the limit (0 for none); `set` says in words what was to be asked, `set_cards` how many cards that is now
    (0 where it is not known); `pass_mark` is in percent (0 in a refresher); `program` made the record, at `made`.
    """

    about: str
    name: str
    profile: str
    day: str
    begun: str
    ended: str
    spent_ms: int
    minutes: int
    state: str
    set: str
    set_cards: int
    pass_mark: int
    session: str
    program: str
    made: str
    items: tuple[Item, ...]
    decks: tuple[DeckVersion, ...]

    @property
    def right(self) -> int:
        """How many questions were right at the first try."""
        return sum(item.right for item in self.items)

    @property
    def percent(self) -> float:
        """The marks of the first tries in percent of those there were."""
        return 100 * sum(item.mark for item in self.items) / len(self.items)

    @property
    def reached(self) -> bool:
        """Whether the marks reach the pass mark."""
        return self.percent >= self.pass_mark - 1e-9  # marks are sums of fractions

    @property
    def cards(self) -> dict[str, str]:
        """The cards asked in a refresher with what became of each: passed, not passed, or only practised.

        A case is passed when all of its questions were right.
        """
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.card, []).append(item)
        return {card: _of_card(items) for card, items in found.items()}

    @property
    def missed(self) -> tuple[Item, ...]:
        """The questions that were not wholly right at the first try; of a card the first of them."""
        found: dict[str, Item] = {}
        for item in self.items:
            if not item.right:
                found.setdefault(item.card, item)
        return tuple(found.values())

    def number_of(self, outcome: str) -> int:
        """Return how many cards of a refresher came out so."""
        return sum(found == outcome for found in self.cards.values())

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain values."""
        return asdict(self)

    @property
    def fingerprint(self) -> str:
        """32 hex digits over all that the record says, in groups of four."""
        return fingerprint_of(self.as_json())


def fingerprint_of(data: Mapping[str, Any]) -> str:
    """Return the fingerprint of a record's plain values: SHA-256 of their JSON with sorted keys and no spaces."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return grouped(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32])


def grouped(digits: str) -> str:
    """Return digits in groups of four: no spreadsheet takes that for a number."""
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _of_card(items: Sequence[Item]) -> str:
    """Return what became of a card."""
    shown = [item for item in items if item.result != PRACTISED]
    if not shown:
        return PRACTISED
    return PASSED if all(item.right for item in items) else NOT_PASSED
