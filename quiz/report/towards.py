"""How it stands towards an exam: the recall expected on the day, with and without study, and what it costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from quiz.deck.scope import Scope
from quiz.memory import StudyDay, date_of
from quiz.memory.exam import TOO_LATE, Expected, expected_on, sprint_begins
from quiz.memory.outlook import LATER, LEVELS, Level, needed_a_day, outlook, prices, proposed
from quiz.memory.shift import shifted
from quiz.report.forecast import days_ahead
from quiz.report.model_calibration import FIT, model_calibration
from quiz.report.overview import own_pace
from quiz.report.words import percent
from quiz.store.history import read_settings
from quiz.store.weights import kept_params
from quiz.study.target import FARTHEST, Target
from quiz.text import counted

NO_AIM = "In these last days no aim counts: what is asked is what gains most in the minutes that there are."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands towards an exam `days` days ahead (0: it is today; negative: it is over), about `met` cards
    met and `unseen` new ones.

    `new_a_day` new cards a day are met, so that all are in time. The last days, in which what gains most comes first,
    begin in `sprint_in` days; 0 where they have begun. `idle` is the recall expected on the day without any study,
    `share` that with `minutes` a day at `aim`, the retention set. `levels` are what each one costs, the one set among
    them, and `advice` is the one to take; None without a limit of minutes. There are none where no study day is left,
    and in the last days of somebody with a limit: then the minutes decide alone. `left_later` is the part of what is
    recalled on the day that is left 30 days later, without study. `shift` is by what all this is corrected, on the
    logit: the learner's own answers against what the model said of them.
    """

    days: int
    met: int
    unseen: int
    new_a_day: int
    sprint_in: int
    idle: Expected
    share: Expected
    minutes: float
    aim: float
    levels: tuple[Level, ...]
    advice: Level | None
    left_later: float
    shift: float = 0.0

    @property
    def too_late(self) -> bool:
        """Whether there are too few days for more than what fades soon."""
        return self.days < TOO_LATE


def standing(
    db: sqlite3.Connection,
    scope: Scope,
    today: StudyDay,
    since: StudyDay,
    exam: StudyDay,
    minutes: float,
    aim: float,
    levels: Sequence[float] = LEVELS,
) -> Standing:
    """Return how it stands. `db` is a history with its catalogue attached; `aim` is the retention set (0 to 1).

    minutes: those there are a day; 0 for as many as it takes. levels: those whose prices are to be compared with that
    of the aim; none for no prices, which take the time of a second. What is expected is corrected by the learner's own
    answers (see `quiz.report.model_calibration.correction`), on the way and on the day.
    """
    soon = days_ahead(db, scope, today, read_settings(db))
    memories, unseen, days = soon.memories, soon.unseen, min(max(0, exam - today), FARTHEST)
    new = needed_a_day(unseen, days) if days else 0
    ahead = soon._replace(days=days, new=new, new_today=None, minutes=minutes, exam=exam, since=since)
    params, pace, shift = kept_params(db), own_pace(db), model_calibration(db, today).shift
    sprint_in = max(0, sprint_begins(since, exam) - today)
    to_choose = bool(levels and days and (sprint_in or not minutes))
    curve = prices(ahead, sorted({*levels, aim}, reverse=True), params, pace, shift) if to_choose else ()
    seen = outlook(ahead, aim, params, pace, shift=shift)
    # Where the minutes suffice, what the aim costs is what is expected.
    own = Level(aim, seen.minutes_a_day, seen.known.share)
    curve = tuple(own if v.retention == aim and v.minutes <= (minutes or v.minutes) else v for v in curve)
    advice = None
    if curve and minutes:
        plain = prices(ahead._replace(exam=None), [level.retention for level in curve], params, pace, shift)
        taken = proposed(plain, minutes, aim).retention
        advice = next(level for level in curve if level.retention == taken)
    return Standing(
        days=exam - today,
        met=len(memories),
        unseen=unseen,
        new_a_day=new,
        sprint_in=sprint_in,
        idle=expected_on(exam, memories, unseen, params, shift=shift),
        share=seen.known,
        minutes=seen.minutes_a_day,
        aim=aim,
        levels=curve,
        advice=advice,
        left_later=seen.left_later,
        shift=shift,
    )


def over(target: Target, today: StudyDay) -> str:
    """Say that an exam is today, or behind."""
    if today == target.day:
        return f"The exam is today, {date_of(target.day):%a %d %b %Y}."
    return f"The exam of {date_of(target.day):%a %d %b %Y} is over."


def ahead(target: Target, found: Standing) -> str:
    """Say when the exam is, and what is expected then."""
    if found.days <= 0:
        return over(target, StudyDay(target.day - found.days))
    when = f"The exam that you study for is on {date_of(target.day):%a %d %b %Y}, in {counted(found.days, 'day')}."
    return f"{when} {expected(found)}"


def left(target: Target, found: Standing) -> str:
    """Say how much time there is, and how much there is to learn in it."""
    begins = f"{date_of(target.begins):%a %d %b %Y}" if found.sprint_in else "now"
    others = " Until then all else that is due shares your time." if found.sprint_in and target.scope != Scope() else ""
    return (
        f"{counted(found.days, 'day')} left; {counted(found.met, 'card')} met, {found.unseen} new. "
        f"From {begins} on, what gains most by the exam comes first.{others}"
    )


def expected(found: Standing) -> str:
    """Say what is expected to be recalled on the day, with study and without."""
    low, high = (percent(share).removesuffix(" %") for share in (found.share.low, found.share.high))
    minutes = counted(round(found.minutes), "minute") if found.minutes >= 0.5 else "less than a minute"
    likely = f" (four times in five between {low} and {high} %)" if low != high else ""
    return (
        f"At {percent(found.aim)}, with {minutes} a day, you are expected to recall {percent(found.share.share)} "
        f"on the day{likely}; without study, {percent(found.idle.share)}."
    )


def by_own_answers(found: Standing) -> str:
    """Say that what is told is corrected by the learner's own answers; nothing where it is not, or hardly."""
    if percent(0.9) == percent(shifted(0.9, found.shift)):
        return ""
    less = "less" if found.shift < 0 else "more"
    return f"You recall {less} than the memory model says, and this is corrected by it. {FIT}"


def costs(target: Target, found: Standing) -> str:
    """Say what the prices of the levels are prices of; or, in the last days, that the minutes decide."""
    if found.levels:
        until = f"until {date_of(target.begins):%a %d %b}" if found.minutes and found.sprint_in else "a day"
        return f"What each aim costs if all that is due is done {until}, and the share recalled on the day:"
    return NO_AIM


def slow(found: Standing, new: int) -> str:
    """Say that `new` cards a day, as set, do not meet all in time; nothing where they do, or no longer count."""
    if found.new_a_day <= new or not found.sprint_in:
        return ""
    takes = f"To meet all in time takes {counted(found.new_a_day, 'new card')} a day; your setting is {new}."
    if found.sprint_in == 1:
        return f"{takes} From tomorrow on it is no limit."
    return (
        f"{takes} For the next {found.sprint_in} days no more than that are asked: raise it in the settings, or a "
        "part of the cards is met late."
    )


def fades(found: Standing) -> str:
    """Say how long what is learned so late lasts."""
    return (
        "For what is new that is too late for more than a first look: what is learned now fades soon after the exam. "
        f"Of what you recall on the day, {percent(found.left_later)} is left {LATER} days later without more study."
    )
