"""What all fronts say of an exam: scores beside their pass mark, numbers of questions, the clock, the attempts."""

from __future__ import annotations

import math
from collections.abc import Iterable

from quiz.report.attempts import Attempts
from quiz.report.words import percent
from quiz.study.result import Score
from quiz.text import counted

LAST_MS = 120_000  # from here on the seconds are told


def share(score: Score, pass_mark: int) -> str:
    """Return a score in percent, rounded, but never to the other side of the pass mark."""
    rounded = percent(score.percent / 100)
    if (int(rounded.split()[0]) >= pass_mark) == score.reaches(pass_mark):
        return rounded
    return f"{math.floor(score.percent * 10) / 10:.1f} %"


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers in words, runs of three and more as `3 to 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    return ", ".join(parts)


def clock(elapsed_ms: int, left_ms: int | None) -> str:
    """Return the time left, with seconds in the last two minutes only; without a limit the time spent so far."""
    if left_ms is None:
        return f"{elapsed_ms // 60_000} min"
    if left_ms > LAST_MS:
        return f"{math.ceil(left_ms / 60_000)} min left"
    minutes, seconds = divmod(math.ceil(left_ms / 1000), 60)
    return f"{minutes} min {seconds:02} s left" if minutes else f"{seconds} s left"


def sat(attempts: Attempts) -> str:
    """Say how exams of one set-up went; "" when it was never sat."""
    best, last = attempts.best, attempts.last
    if best is None or last is None:
        return ""
    if len(attempts.all) == 1:
        return f"Sat once: {last.percent:.0f} %."
    told = f"best {best.percent:.0f} %, last {last.percent:.0f} %, {attempts.trend}"
    return f"Sat {counted(len(attempts.all), 'time')}: {told}."
