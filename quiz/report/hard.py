"""The hardest cards: those that were forgotten most often."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from quiz.deck.model import Card
from quiz.text import counted

MOST = 10


@dataclass(frozen=True, slots=True)
class Hard:
    """A card with its lapses (how often it was forgotten on a later day), its answers, and its difficulty (1 to 10)."""

    card: Card
    lapses: int
    answers: int
    difficulty: float

    @property
    def told(self) -> str:
        """The numbers in words."""
        times = counted(self.lapses, "time")
        return f"forgotten {times} in {counted(self.answers, 'answer')}; difficulty {self.difficulty:.0f} of 10"

    def as_json(self) -> dict[str, Any]:
        """Return the card as plain values."""
        return {
            "card": self.card.id,
            "asks": self.card.questions[0].stem,
            "lapses": self.lapses,
            "answers": self.answers,
            "difficulty": round(self.difficulty, 2),
        }


def hardest(db: sqlite3.Connection, most: int = MOST) -> tuple[Hard, ...]:
    """Return the cards with the most lapses, of equal ones the more difficult first; none without a lapse.

    Suspended cards are left out: they are not asked. `db` is a history with its catalogue attached as `deck`.
    """
    rows = db.execute(
        "select c.body, s.lapses, s.answers, s.difficulty from state s join deck.card c on c.id = s.card and c.live "
        "where s.lapses > 0 and s.stability is not null and not s.suspended "
        "order by s.lapses desc, s.difficulty desc, s.card limit ?",
        (most,),
    )
    return tuple(Hard(Card.from_json(body), *numbers) for body, *numbers in rows)
