"""Weights of the memory model fitted to one learner, and judged on answers that the fit has not seen.

The older four fifths of the answers are learned from, the newest fifth is held out. The fitted weights are accepted
only if they predict it better than those that hold, by more than noise: the mean gain in log loss of an answer has to
be above 1.645 times its standard error (one case in twenty, if there were no gain). Answers of one card are alike, so
the error is that of the sums card by card. In the benchmark of FSRS a fit per deck is worse than one per learner: there
is one for all decks.
"""

from __future__ import annotations

import json
import math
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from quiz.errors import QuizError, UsageError
from quiz.memory import DEFAULT_PARAMS, Params, StudyDay, date_of
from quiz.memory.outlook import Ahead, outlook
from quiz.memory.pace import Pace
from quiz.report.model_calibration import Answer, Row, answered, log_loss, measured, rated_by_card, with_odds
from quiz.report.overview import own_pace
from quiz.report.prices import minutes_in_words
from quiz.store.history import read_settings
from quiz.store.weights import kept_params, text_of
from quiz.text import clean

FEWEST = 400  # answers on later days: with fewer the fit is worse than the default more often than not
MOST = 100_000  # answers, the newest: more change the weights no more
AHEAD = 30  # days of which the minutes are told
HELD_OUT = 5  # one part in as many
CERTAIN = 1.645  # standard errors: one-sided 95 %
SECONDS = 120  # the fit of 100,000 answers takes a few
QUIET = 0.5  # seconds of work before a word is said of it
EXTRA = "fsrs_rs_python"
CHILD = Path(__file__).with_name("fit_child.py")
_ALWAYS = 100_000  # days


@dataclass(frozen=True, slots=True)
class Quality:
    """How well the held-out answers were predicted: log loss of an answer, and RMSE over the bins of odds."""

    log_loss: float
    rmse: float

    def as_json(self) -> dict[str, float]:
        """Return both as plain values."""
        return {"log_loss": round(self.log_loss, 5), "rmse": round(self.rmse, 5)}


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit came to. `held_out` of the `answers` were predicted, those from the study day `since` on.

    `gain` is by how much the log loss of an answer fell, `noise` how much it has to fall to be believed.
    `minutes` a day would the cards met take in the next days at the recall aimed at: by the weights that hold, and by
    the fitted ones.
    """

    params: Params
    answers: int
    held_out: int
    since: StudyDay
    before: Quality
    after: Quality
    gain: float
    noise: float
    minutes: tuple[float, float] | None = None

    @property
    def accepted(self) -> bool:
        """Whether the fitted weights are better by more than noise."""
        return self.gain > self.noise

    def as_json(self) -> dict[str, Any]:
        """Return the fit as plain values."""
        return {
            "answers": self.answers,
            "held_out": self.held_out,
            "held_out_from": date_of(self.since).isoformat(),
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "gain": round(self.gain, 5),
            "noise": round(self.noise, 5),
            "accepted": self.accepted,
        }

    def in_minutes(self) -> str:
        """Say what the fitted weights do to the minutes a day; "" where that was not worked out."""
        if self.minutes is None:
            return ""
        before, after = map(minutes_in_words, self.minutes)
        same = ", as before" if before == after else f"; by the weights before it was {before}"
        return f"What you have met takes about {after} a day in the next {AHEAD} days{same}."

    def event_body(self) -> dict[str, Any]:
        """Return the body of the event that lets the fitted weights hold."""
        return {"weights": text_of(self.params), "fit": {"model": f"FSRS-{self.params.version}", **self.as_json()}}


Trainer = Callable[[Sequence[Sequence[tuple[int, int, bool]]]], Params]


def fit(db: sqlite3.Connection, today: StudyDay, train: Trainer) -> Fit | int:
    """Return what a fit to a history comes to; the number of its answers where they are too few.

    train: returns the weights fitted to the answers of some cards: days since the answer before it, rating, and whether
    it counts. See `in_a_process`.
    """
    rows = answered(db, today, _ALWAYS, MOST)
    before = with_odds(rows, kept_params(db))
    if len(before) < FEWEST:
        return len(before)
    since = sorted(answer.day for answer in before)[len(before) - len(before) // HELD_OUT]
    params = train(sequences((row for row in rows if row.day < since), before))
    after = with_odds(rows, params)
    held, pace, aim = kept_params(db), own_pace(db), read_settings(db).retention
    minutes = (_minutes(rows, held, today, aim, pace), _minutes(rows, params, today, aim, pace))
    return replace(judged(before, after, since, params), minutes=minutes)


def _minutes(rows: Sequence[Row], params: Params, today: StudyDay, aim: float, pace: Pace) -> float:
    """Return the minutes a day that the cards of some answers take in the next days by some weights."""
    from quiz.memory.bulk import replay_states

    found = replay_states(rated_by_card(rows), params)
    memories = [standing.memory for standing in found.values()]
    return outlook(Ahead(memories, 0, today, AHEAD, 0), aim, params, pace).minutes_a_day


def judged(before: Sequence[Answer], after: Sequence[Answer], since: StudyDay, params: Params) -> Fit:
    """Return how the odds of fitted weights (`after`) do on the answers from `since` on, set against the ones before.

    Both are the same answers in the same order.
    """
    held = [(old, new) for old, new in zip(before, after, strict=True) if old.day >= since]
    gains = [(log_loss([old]) or 0.0) - (log_loss([new]) or 0.0) for old, new in held]
    gain = math.fsum(gains) / len(gains)
    by_card: dict[str, float] = {}
    for (old, _), value in zip(held, gains, strict=True):
        by_card[old.card] = by_card.get(old.card, 0.0) + value - gain
    cards = len(by_card)
    spread = math.fsum(total * total for total in by_card.values()) * (cards / (cards - 1) if cards > 1 else math.inf)
    noise = CERTAIN * math.sqrt(spread) / len(gains)
    olds, news = _quality([old for old, _ in held]), _quality([new for _, new in held])
    return Fit(params, len(before), len(held), since, olds, news, gain, noise)


def sequences(rows: Iterable[Row], counted: Iterable[Answer]) -> list[list[tuple[int, int, bool]]]:
    """Return what a fit is told of some answers, card by card: days since the answer before it, rating, and whether it
    is among those counted."""
    days = {(answer.card, answer.day) for answer in counted}
    found = []
    for card, answers in groupby(rows, key=lambda row: row.card):
        told: list[tuple[int, int, bool]] = []
        last: int | None = None
        for row in answers:
            if row.rating is not None:
                gap = 0 if last is None else max(0, row.day - last)
                told.append((gap, row.rating, bool(gap) and (card, row.day) in days))
                last = row.day
        found.append(told)
    return found


def in_a_process(
    cards: Sequence[Sequence[tuple[int, int, bool]]], waiting: Callable[[], None], seconds: float = SECONDS
) -> Params:
    """Return the weights that fsrs-rs-python fits to some answers, in a process of its own.

    `waiting` is called once if it takes more than half a second. Raises UsageError where the extra is not installed,
    QuizError where the process fails or takes longer than `seconds`.
    """
    require_extra()
    command = [sys.executable, "-P", str(CHILD)]
    given = json.dumps({"weights": DEFAULT_PARAMS.weights, "cards": cards})
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8") as process:
        try:
            try:
                out, told = process.communicate(given, timeout=min(QUIET, seconds))
            except subprocess.TimeoutExpired:
                waiting()
                out, told = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise QuizError(
                f"the fit was not done after {seconds:g} seconds",
                "nothing was changed; try again when less is going on",
            ) from None
        finally:
            process.kill()
    if process.returncode == 0:
        try:
            return Params(tuple(json.loads(out)))
        except (ValueError, TypeError) as error:
            told = str(error)
    lines = clean(told).strip().splitlines()
    reason = lines[-1] if lines else f"it ended with {process.returncode}"
    raise QuizError(f"the fit failed ({reason})", "nothing was changed")


def require_extra() -> None:
    """Raise UsageError where fsrs-rs-python is not installed."""
    from importlib.util import find_spec

    if find_spec(EXTRA) is None:
        what = "fitting needs an extra that is not installed"
        raise UsageError(what, "install it where quiz is installed: pip install fsrs-rs-python")


def _quality(answers: Sequence[Answer]) -> Quality:
    found = measured(answers)
    assert found.log_loss is not None
    assert found.rmse is not None
    return Quality(found.log_loss, found.rmse)
