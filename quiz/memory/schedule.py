"""From memory to due days: what each rating would lead to, and the memory that a history leaves."""

from collections.abc import Iterable
from typing import NamedTuple

from quiz.memory.days import StudyDay
from quiz.memory.fuzz import fuzzed_interval
from quiz.memory.model import DEFAULT_PARAMS, Memory, Params, Rating, interval, knew_odds_by_chance, step


class Outcome(NamedTuple):
    """What one rating leads to."""

    memory: Memory
    """The memory after the answer."""
    due: StudyDay
    """The study day on which the card comes back."""
    interval: int
    """Days from the answer to `due`, 1 to 36,500."""


def due_day(
    memory: Memory,
    retention: float,
    card_id: str,
    answers: int,
    params: Params = DEFAULT_PARAMS,
) -> StudyDay:
    """The study day on which a card comes back, with fuzz.

    retention: recall aimed at, 0.01 to less than 1. answers: how many the card has had, with the last one.
    Raises ValueError for a retention out of range.
    """
    days = fuzzed_interval(interval(memory.stability, retention, params), card_id, answers)
    return StudyDay(memory.day + days)


def preview(
    memory: Memory | None,
    day: StudyDay,
    retention: float,
    params: Params,
    card_id: str,
    answers: int,
    *,
    chance: float = 0.0,
) -> dict[Rating, Outcome]:
    """What each of the four ratings would lead to if the card were answered on `day`, Again first.

    answers: how many the card has had before this one. retention: as for `due_day`. chance: as for `replay`.

    Intervals never fall from Again to Hard to Good to Easy, fuzz included, because all four share one draw.
    So `due` is what `due_day` gives for the memory and answers + 1. Only where the first four weights (the
    stabilities after a first answer) do not rise would a better rating come sooner; there it is given the
    interval of the worse one.

    Raises ValueError for a retention or a chance out of range.
    """
    knew = knew_odds_by_chance(memory, day, chance, params)
    outcomes: dict[Rating, Outcome] = {}
    due = day
    for rating in Rating:
        after = step(memory, rating, day, params, knew=knew)
        due = max(due, due_day(after, retention, card_id, answers + 1, params))
        outcomes[rating] = Outcome(after, due, due - day)
    return outcomes


def replay(
    answers: Iterable[tuple[int, int, float]], params: Params = DEFAULT_PARAMS, memory: Memory | None = None
) -> Memory | None:
    """The memory that one card's answers leave; None if there are none.

    answers: (study day, rating 1 to 4, chance) in the order of study. chance is 1/k for a right choice out of
        k options that the program marked, and 0.0 for any other answer; how far to trust it is decided by the
        memory at that moment (`knew_odds`).
    memory: before the first of them. For many cards at once `replay_states` is faster.

    Raises ValueError for a rating outside 1 to 4 or a chance outside 0 to 1.
    """
    for number, grade, chance in answers:
        day, rating = StudyDay(number), Rating(grade)
        memory = step(memory, rating, day, params, knew=knew_odds_by_chance(memory, day, chance, params))
    return memory
