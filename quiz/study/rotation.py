"""Which question of a card to ask: so that people learn the fact, not the picture of one question."""

from __future__ import annotations

from quiz.deck.model import Card, question_id
from quiz.questions import Question
from quiz.store.derive import CardState

# At first meeting a question that shows the options teaches most; later the harder ones do (design, section 8).
_FIRST = ("choice", "match", "select", "figure", "order", "cloze", "typed", "number", "flip")
_LATER = ("typed", "number", "cloze", "figure", "flip", "order", "select", "match", "choice")
PROOF_STABILITY = 21.0  # days: from here on the question held back may show that the card is mastered


def choose(card: Card, state: CardState) -> Question:
    """Return the question to ask next: one not seen before, hardest first; else the one not asked for longest."""
    practice = [q for q in card.questions if not q.proof]
    if not state.asked:
        return min(practice, key=lambda q: _FIRST.index(q.kind))
    unseen = [q for q in practice if question_id(q) not in state.asked]
    if not unseen and state.memory and state.memory.stability >= PROOF_STABILITY:
        unseen = [q for q in card.questions if q.proof and question_id(q) not in state.asked]
    if unseen:
        return min(unseen, key=lambda q: _LATER.index(q.kind))
    return min(practice, key=lambda q: (state.asked[question_id(q)].last, _LATER.index(q.kind)))
