"""When a card is a leech: it is forgotten again and again and takes time that other cards would use better."""

from __future__ import annotations

from quiz.memory.model import Memory

LEECH = 6
"""Lapses from which on a card may be a leech.

Of 3,000 cards of five simulated learners (tests/bench/learners.py), studied for a year at 0.9, 5.3 % lapsed six times
and 1.6 % did so and were not learned since: few enough to be looked at one by one. At Anki's eight it is 0.9 %, found
two failures later, and a failure takes more than twice the time of a recall.
"""

TOLD_EVERY = LEECH // 2
"""After so many further lapses it is said again: half of the number, as Anki has it (its manual, "Leeches")."""

LEARNED = 21.0
"""Stability (days) from which on a card counts as learned since: Anki's bound of a mature card. No lapse leaves as
much, so it is reached only by recalling the card again and again."""


def is_leech(lapses: int, memory: Memory | None) -> bool:
    """Whether a card with so many lapses and this memory is a leech now."""
    return lapses >= LEECH and memory is not None and memory.stability < LEARNED


def is_told_at(lapses: int) -> bool:
    """Whether the lapse of this number is the one at which it is said: the 6th, 9th, 12th and so on."""
    return lapses >= LEECH and (lapses - LEECH) % TOLD_EVERY == 0
