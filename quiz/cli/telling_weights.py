"""What other weights of the memory model mean for today, in words."""

from __future__ import annotations

from quiz.text import counted


def due_in_words(before: int, after: int) -> str:
    """Return what other weights do to the cards that are due by their own days, before the load is evened out."""
    if before == after:
        return f"Due by their own days: {counted(after, 'card')}, as before."
    more = f"{after - before} more" if after > before else f"{before - after} fewer"
    line = f"Due by their own days: {counted(after, 'card')}, {more} than before."
    if after > 2 * before and after - before > 50:
        line += " They need not be done in a day: the must-pass cards and what fades first come first."
    return line
