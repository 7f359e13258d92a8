"""What is mastered, by topic and by procedure: recalled now, for how long it lasts, and shown on proof."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from quiz.memory import Memory, StudyDay
from quiz.questions.base import RIGHT_FROM
from quiz.report.ages import MATURE_FROM
from quiz.report.overview import failed_on, recalled_now
from quiz.store.weights import kept_params


@dataclass(frozen=True, slots=True)
class Mastered:
    """How far the cards of one kind are mastered.

    `recalled` is the number of cards expected to be recalled now; one failed today counts as not. `lasts` is the median
    stability of the cards met, in days: half of them stay above 90 % for so long or longer; None without any.
    `lasting` of them do for `MATURE_FROM` days or more. `provable` cards have a question that practice holds back;
    `proven` of them had it right when it was asked last.
    """

    name: str
    title: str
    cards: int
    seen: int
    recalled: float
    lasts: float | None
    lasting: int
    provable: int
    proven: int

    @property
    def share(self) -> float:
        """The share (0 to 1) of all its cards that would be recalled now; cards not met count as not recalled."""
        return self.recalled / self.cards if self.cards else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return {
            "name": self.name,
            "title": self.title,
            "cards": self.cards,
            "seen": self.seen,
            "mastery": round(self.share, 4),
            "recalled_now": round(self.recalled, 2),
            "median_stability_days": round(self.lasts, 2) if self.lasts is not None else None,
            "lasting": self.lasting,
            "provable": self.provable,
            "proven": self.proven,
        }


@dataclass(frozen=True, slots=True)
class Mastery:
    """The whole, and the same by topic and by procedure; each card is in one row of both."""

    whole: Mastered
    topics: tuple[Mastered, ...]
    procedures: tuple[Mastered, ...]


@dataclass(slots=True)
class _Sum:
    cards: int = 0
    recalled: float = 0.0
    provable: int = 0
    proven: int = 0
    stabilities: list[float] = field(default_factory=list)

    def row(self, name: str, title: str) -> Mastered:
        days = self.stabilities
        lasts = median(days) if days else None
        lasting = sum(stability >= MATURE_FROM for stability in days)
        return Mastered(name, title, self.cards, len(days), self.recalled, lasts, lasting, self.provable, self.proven)


def mastery(db: sqlite3.Connection, day: StudyDay) -> Mastery:
    """Return what is mastered of all decks on a study day. `db` is a history with its catalogue attached as `deck`."""
    params, whole = kept_params(db), _Sum()
    topics: dict[str, _Sum] = defaultdict(_Sum)
    procedures: dict[str, _Sum] = defaultdict(_Sum)
    # The body is searched as text before it is read as JSON: only a card that was asked can have been proven.
    rows = db.execute(
        "select c.topic, c.procedure, s.stability, s.difficulty, s.day, instr(c.body, '\"proof\":true') > 0, "
        "s.asked, s.card, case when s.answers > 0 and instr(c.body, '\"proof\":true') then c.body end, c.keys "
        "from deck.card c left join state s on s.card = c.id where c.live"
    )
    failed = failed_on(db, day)
    for topic, procedure, stability, difficulty, last, provable, asked, card, body, keys in rows:
        odds = None
        if stability is not None:
            odds = recalled_now(card, Memory(stability, difficulty, last), day, params, failed)
        proven = body is not None and _proven(json.loads(body)["questions"], keys.split(), json.loads(asked))
        for each in (whole, topics[topic], procedures[procedure]):
            each.cards += 1
            each.provable += provable
            each.proven += proven
            if odds is not None:
                each.recalled += odds
                each.stabilities.append(stability)
    return Mastery(whole.row("", "Everything"), _rows(topics), _rows(procedures))


def _rows(sums: dict[str, _Sum]) -> tuple[Mastered, ...]:
    return tuple(sums[name].row(name, name or "other") for name in sorted(sums))


def _proven(questions: Iterable[dict[str, Any]], keys: Iterable[str], asked: dict[str, list[Any]]) -> bool:
    """Whether a question held back was right when asked last. `keys` are `id=answer` of the questions, in order."""
    ids = (key.partition("=")[0] for key in keys)
    held_back = [id_ for id_, question in zip(ids, questions, strict=True) if question.get("proof")]
    return any(id_ in asked and asked[id_][2] >= RIGHT_FROM for id_ in held_back)
