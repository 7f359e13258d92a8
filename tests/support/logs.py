"""Logs of study: of learners drawn by a seed, who remember by known weights, and a real one where it is at hand."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from quiz.memory import DEFAULT_PARAMS, Params, Rating, StudyDay, study_day
from quiz.store.events import Event
from quiz.store.history import History
from tests.bench.learners import Learner, study
from tests.bench.trainer import Trainer

DAY_MS = 86_400_000
NOON = 43_200_000
REAL_LOG = Path("/work/shared/data/pyfsrs_josh_review_log.csv")  # MIT, open-spaced-repetition/py-fsrs

# Forgets sooner and more steeply than the default weights say: any fit should see it.
FORGETFUL = Params((0.05, 0.2, 0.5, 1.5, *DEFAULT_PARAMS.weights[4:8], 1.0, *DEFAULT_PARAMS.weights[9:20], 0.5))


class Given(NamedTuple):
    """One answer of a log."""

    card: str
    day: StudyDay
    rating: Rating


class _Noted(Trainer):
    """The trainer's own scheduler, with a note of each answer."""

    def __init__(self, cards: int, days: int) -> None:
        super().__init__(cards, 12, days, 1800.0, exam=False, retention=0.9)
        self.log: list[Given] = []

    def answered(self, card: int, rating: Rating, *, retry: bool) -> None:
        """Note an answer."""
        self.log.append(Given(f"card-{card:05d}", self._day, rating))
        super().answered(card, rating, retry=retry)


def drawn_log(seed: str, weights: Params = DEFAULT_PARAMS, cards: int = 300, days: int = 120) -> list[Given]:
    """Return what a learner with these true weights answers, half an hour a day, to the trainer's own scheduler."""
    easiness = random.Random(f"{seed} easiness")
    policy = _Noted(cards, days)
    learner = Learner(weights, tuple(2 ** easiness.uniform(-0.5, 0.5) for _ in range(cards)))
    study(policy, learner, days, 1800.0, seed)
    return policy.log


def real_log() -> list[Given]:
    """Return the log of one person, 12,580 answers, as study days; skips the test where it is not at hand."""
    if not REAL_LOG.exists():
        pytest.skip(f"{REAL_LOG} is not here")
    with REAL_LOG.open(encoding="utf-8", newline="") as file:
        rows = [
            (datetime.fromisoformat(row["review_time"]).timestamp(), row["card_id"], Rating(int(row["review_rating"])))
            for row in csv.DictReader(file)
        ]
    return [Given(card, study_day(int(at * 1000), 0), rating) for at, card, rating in sorted(rows)]


def events_of(log: Iterable[Given], device: str = "0a0a0a0a") -> list[Event]:
    """Return the log as events of a device."""
    found = []
    for number, given in enumerate(log):
        head = (f"{device}{number:024x}", given.day * DAY_MS + NOON + number % DAY_MS // 100, 0, given.day)
        body = {"question": "q", "mode": "study", "mark": float(given.rating > 1)}
        event = Event(
            head[0], "answer", *head[1:], given.card, None, int(given.rating), 0.0, 0.9, body, device, number + 1
        )
        found.append(event)
    return found


def take_in(history: History, log: Sequence[Given]) -> StudyDay:
    """Let a history have a log; return the study day after its last."""
    history.merge(events_of(log))
    return StudyDay(max(given.day for given in log) + 1)
