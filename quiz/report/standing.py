"""How a learner stands: all that Progress, `quiz stats` and `quiz report --progress` tell, gathered part by part.

On a screen no part waits for the next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from quiz.clock import Instant
from quiz.deck.model import Card
from quiz.deck.scope import Scope
from quiz.memory import StudyDay
from quiz.report import towards
from quiz.report.ages import Ages, ages
from quiz.report.attempts import Attempts, attempts
from quiz.report.calibration import Calibration, calibration
from quiz.report.forecast import Forecast, forecast
from quiz.report.hard import Hard, hardest
from quiz.report.leeches import Leech, count, leeches
from quiz.report.mastery import Mastery, mastery
from quiz.report.model_calibration import ModelCalibration, model_calibration
from quiz.report.overview import Overview, overview
from quiz.report.record import REFRESHER, Record
from quiz.report.recording import Held, exams, record_of, refreshers
from quiz.report.stats import Stats, answers_by_day, stats
from quiz.settings import Settings
from quiz.study.target import Target

Part = TypeVar("Part")

WEEKS = 26  # of the calendar
MOST_IN_DANGER = 200  # cards: the plan of a session is written with each answer, with the ids of all its cards


@dataclass(frozen=True, slots=True)
class Danger:
    """A card that was surely wrong. `left` is on how many more days it has to be recalled, `due` when it comes back."""

    card: Card
    left: int
    due: StudyDay


@dataclass(frozen=True, slots=True)
class Coming:
    """The exam that is studied for, and how it stands towards it."""

    target: Target
    found: towards.Standing


@dataclass(frozen=True, slots=True)
class Refresher:
    """The last refresher: where it is in the history, and what its record would say."""

    held: Held
    record: Record


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known so far; None is not counted yet. `days` holds the answers of each study day that has any.

    `refresher` is the latest one, if any, and `coming` the exam that is studied for: none (yet) is an empty tuple.
    `leeches` are those forgotten most of the `stuck` that there are.
    """

    day: StudyDay
    known: Overview | None = None
    numbers: Stats | None = None
    danger: tuple[Danger, ...] | None = None
    exams: Attempts | None = None
    coming: tuple[Coming, ...] | None = None
    sure: Calibration | None = None
    mastery: Mastery | None = None
    ahead: Forecast | None = None
    hard: tuple[Hard, ...] | None = None
    ages: Ages | None = None
    leeches: tuple[Leech, ...] | None = None
    stuck: int | None = None
    model: ModelCalibration | None = None
    refresher: tuple[Refresher, ...] | None = None
    days: Mapping[StudyDay, int] | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, when, and with which settings: what is needed besides the history.

    `about` are the cards of `target`, the exam that is studied for.
    """

    profile: str
    now: Instant
    settings: Settings
    target: Target | None = None
    about: Scope | None = None


def standing(db: sqlite3.Connection, day: StudyDay, asker: Asker) -> Iterator[Standing]:
    """Yield the standing on a study day, each time with one part more; the last has all.

    `db` is a history with its catalogue attached as `deck`.
    """
    found = Standing(day)
    parts: Sequence[Callable[[Standing], Standing]] = (
        lambda s: replace(s, known=overview(db, Scope(), day, asker.settings.new)),
        lambda s: replace(s, mastery=mastery(db, day)),
        lambda s: replace(s, danger=in_danger(db)),
        lambda s: replace(s, ahead=forecast(db, day, asker.settings, s.known)),
        lambda s: replace(s, coming=_coming(db, day, asker)),
        lambda s: replace(s, exams=attempts(event for held in exams(db) for event in held.events)),
        lambda s: replace(s, numbers=stats(db, day)),
        lambda s: replace(s, refresher=_refresher(db, asker)),
        lambda s: replace(s, days=answers_by_day(db, StudyDay(day - 7 * WEEKS + 1), day)),
        lambda s: replace(s, sure=calibration(db, day)),
        lambda s: replace(s, hard=hardest(db)),
        lambda s: replace(s, leeches=leeches(db), stuck=count(db)),
        lambda s: replace(s, model=model_calibration(db, day)),
        lambda s: replace(s, ages=ages(db, there(s.numbers).reviews)),
    )
    for part in parts:
        found = part(found)
        yield found


def there(part: Part | None) -> Part:
    """Return a part of a standing that is whole. Raises ValueError for one that is not counted yet."""
    if part is None:
        raise ValueError("this part of the standing is not counted yet")
    return part


def in_danger(db: sqlite3.Connection) -> tuple[Danger, ...]:
    """Return the cards that were sure and wrong and still have to be recalled, the next due first.

    Suspended cards are left out: they are not asked.
    """
    rows = db.execute(
        "select c.body, s.danger, s.shown_from from state s indexed by state_in_danger "
        "join deck.card c on c.id = s.card and c.live where s.danger > 0 and not s.suspended "
        "order by s.shown_from, s.card limit ?",
        (MOST_IN_DANGER,),
    )
    return tuple(Danger(Card.from_json(body), left, StudyDay(due)) for body, left, due in rows)


def _coming(db: sqlite3.Connection, day: StudyDay, asker: Asker) -> tuple[Coming, ...]:
    target, settings = asker.target, asker.settings
    if target is None or asker.about is None:
        return ()
    found = towards.standing(
        db, asker.about, day, target.since, target.day, settings.minutes, settings.retention, levels=()
    )
    return (Coming(target, found),)


def _refresher(db: sqlite3.Connection, asker: Asker) -> tuple[Refresher, ...]:
    return tuple(
        Refresher(held, record_of(db, held, REFRESHER, asker.profile, asker.now)) for held in refreshers(db)[-1:]
    )
