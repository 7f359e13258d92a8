"""Fuzz: spreads cards that were learned together, and yet gives the same due day on every device."""

from functools import cache

from quiz.digest import blake2b
from quiz.memory.model import INTERVAL_MAX, whole_days

# Start and end (days) of a stretch of the interval, and the part of it that widens the window.
_STRETCHES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


def due_window(days: float) -> tuple[int, int]:
    """The first and the last whole day, 1 to 36,500, on which a card with this interval (days) may fall due.

    The ranges of py-fsrs 6.3 and Anki: no fuzz below 2.5 days; from there one day to either side, and 15 % of
    the interval's part from 2.5 to 7 days, 10 % of that from 7 to 20, 5 % of the rest. Neither end comes
    earlier for a longer interval. The interval is rounded first, as by `whole_interval`. Raises ValueError if
    it is NaN.
    """
    return _window(whole_days(days))


@cache  # of few intervals, and asked for every card that a day may move or other parameters have moved
def _window(whole: int) -> tuple[int, int]:
    if whole < _STRETCHES[0][0]:
        return whole, whole
    delta = 1.0
    for start, end, part in _STRETCHES:
        delta += part * max(min(float(whole), end) - start, 0.0)
    return round(whole - delta), min(round(whole + delta), INTERVAL_MAX)


def fuzzed_interval(days: float, card_id: str, answers: int) -> int:
    """A whole number of days, 1 to 36,500, drawn evenly from `due_window(days)`.

    The draw is a hash of the card's id and of `answers`, how many it has had with the one that led to this
    interval. So it is the same on every device, at every replay, and for each rating of one answer: the
    longer of two intervals stays so or becomes equal. (py-fsrs draws anew each time, and can end a day after
    its window.)

    Raises ValueError if `days` is NaN.
    """
    first, last = due_window(days)
    if first == last:
        return first
    digest = blake2b(f"{answers}:{card_id}".encode(), digest_size=8, person=b"quiz-fuzz-1").digest()
    return first + (int.from_bytes(digest, "big") * (last - first + 1) >> 64)
