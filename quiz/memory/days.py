"""The learner's study day: one function that turns an instant into a day, and back to a calendar date."""

from datetime import date
from typing import NewType

StudyDay = NewType("StudyDay", int)
"""A study day, counted in days since 1970-01-01 (which is day 0; earlier days are negative)."""

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def study_day(at_ms: int, offset_min: int, rollover_hour: int = 4) -> StudyDay:
    """The study day on which an instant falls: floor((UTC ms + offset - rollover) / one day).

    A calendar day with a rollover hour, in the learner's local time, is the rule of Anki and of the data that
    FSRS was fitted on. Blocks of 24 hours instead (py-fsrs) call 22:00 and 08:00 next morning the same day.

    at_ms: the instant, milliseconds since 1970-01-01T00:00Z; any integer.
    offset_min: local time minus UTC at that instant, minutes, east positive; more than -1440, less than 1440.
    rollover_hour: the local hour at which a study day begins, 0 to 23.

    Raises ValueError for an offset or a rollover hour out of range.
    """
    if not -1440 < offset_min < 1440:
        raise ValueError(f"offset of {offset_min} minutes: a local time is less than 1440 minutes from UTC")
    if not 0 <= rollover_hour <= 23:
        raise ValueError(f"rollover hour {rollover_hour}: give an hour from 0 to 23")
    return StudyDay((at_ms + offset_min * _MINUTE_MS - rollover_hour * _HOUR_MS) // _DAY_MS)


def date_of(day: StudyDay) -> date:
    """The calendar date that a study day is called by: the local date on which it begins.

    Raises ValueError or OverflowError for a day outside the years 1 to 9999.
    """
    return date.fromordinal(_EPOCH_ORDINAL + day)


def day_of(on: date) -> StudyDay:
    """The study day that begins on a calendar date; the inverse of `date_of`."""
    return StudyDay(on.toordinal() - _EPOCH_ORDINAL)
