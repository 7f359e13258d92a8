"""How well a card is remembered and when it should come back: study days, the FSRS-6 model, fuzz, replay.

Pure: no clock, no files, no random state. Everything that goes in comes as an argument. `bulk` replays whole
collections and is loaded by those who need it.
"""

from quiz.memory.days import StudyDay, date_of, day_of, study_day
from quiz.memory.fuzz import due_window, fuzzed_interval
from quiz.memory.model import (
    DEFAULT_PARAMS,
    INTERVAL_MAX,
    NEW_CARD_RECALL,
    RETENTION_MIN,
    STABILITY_MAX,
    STABILITY_MIN,
    Memory,
    Params,
    Rating,
    interval,
    knew_odds,
    knew_odds_by_chance,
    recall,
    step,
    whole_interval,
)
from quiz.memory.schedule import Outcome, due_day, preview, replay

__all__ = [
    "DEFAULT_PARAMS",
    "INTERVAL_MAX",
    "NEW_CARD_RECALL",
    "RETENTION_MIN",
    "STABILITY_MAX",
    "STABILITY_MIN",
    "Memory",
    "Outcome",
    "Params",
    "Rating",
    "StudyDay",
    "date_of",
    "day_of",
    "due_day",
    "due_window",
    "fuzzed_interval",
    "interval",
    "knew_odds",
    "knew_odds_by_chance",
    "preview",
    "recall",
    "replay",
    "step",
    "study_day",
    "whole_interval",
]
