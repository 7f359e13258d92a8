"""How a learner stands as plain values: the document of `quiz stats --json`, and what the page as CSV is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quiz.memory import StudyDay, date_of
from quiz.report.ages import MATURE_FROM, Ages
from quiz.report.mastery import Mastered
from quiz.report.overview import Progress
from quiz.report.standing import WEEKS, Standing, there
from quiz.report.stats import SPAN, DayCount, Retention, Stats


def document(found: Standing, danger: Sequence[str]) -> dict[str, Any]:
    """Return all numbers of a standing that is whole; `danger` are the ids of the cards on the danger list.

    Shares are 0 to 1, study days dates. What needs answers is null without any.
    """
    known, numbers, mastery = there(found.known), there(found.numbers), there(found.mastery)
    return {
        "day": _date(found.day),
        "answers": numbers.answers,
        "cards": known.cards,
        "cards_seen": known.seen,
        "suspended": numbers.suspended,
        "flagged": numbers.flagged,
        "mastery": mastery.whole.as_json(),
        "decks": [_progress(row) for row in known.decks],
        "topics": _by_name(mastery.topics, known.topics),
        "procedures": [row.as_json() for row in mastery.procedures],
        "retention": _retention(numbers, there(found.ages)),
        "forecast": there(found.ahead).as_json(),
        "minutes_a_day": _minutes(numbers.days),
        "days": [_day(day) for day in numbers.days],
        "calendar": _calendar(there(found.days)),
        "calibration": there(found.sure).as_json(),
        "model_calibration": there(found.model).as_json(),
        "hardest": [hard.as_json() for hard in there(found.hard)],
        "leech_count": there(found.stuck),
        "leeches": [leech.as_json() for leech in there(found.leeches)],
        "danger": list(danger),
        "exams": there(found.exams).as_json(),
        "exam_ahead": _ahead(found),
        "last_refresher": _refresher(found),
    }


def _progress(row: Progress) -> dict[str, Any]:
    return {
        "name": row.name,
        "title": row.title,
        "cards": row.cards,
        "seen": row.seen,
        "due": row.due,
        "mastery": round(row.mastery, 4),
    }


def _by_name(rows: Sequence[Mastered], seen: Sequence[Progress]) -> list[dict[str, Any]]:
    due = {row.name: row.due for row in seen}
    return [row.as_json() | {"due": due.get(row.name, 0)} for row in rows]


def _retention(numbers: Stats, ages: Ages) -> dict[str, Any]:
    parts = {"young": _kept(ages.young), "mature": _kept(ages.mature), "mature_from_days": MATURE_FROM}
    return {"days": SPAN, **_kept(numbers.retention), **parts}


def _kept(part: Retention) -> dict[str, Any]:
    return {"reviews": part.reviews, "recalled": part.recalled, "share": part.share}


def _minutes(days: Sequence[DayCount]) -> float | None:
    """Return the mean over the days studied; None without any."""
    studied = [day.minutes for day in days if day.answers]
    return round(sum(studied) / len(studied), 2) if studied else None


def _day(day: DayCount) -> dict[str, Any]:
    return {
        "day": _date(day.day),
        "answers": day.answers,
        "recalled": day.recalled,
        "minutes": round(day.minutes, 2),
    }


def _calendar(days: Mapping[StudyDay, int]) -> dict[str, Any]:
    return {"weeks": WEEKS, "days": [{"day": _date(day), "answers": days[day]} for day in sorted(days)]}


def _ahead(found: Standing) -> dict[str, Any] | None:
    """Return the exam that is studied for; None where none is set."""
    if not found.coming:
        return None
    (coming,) = found.coming
    return {
        "day": _date(coming.target.day),
        "days": coming.found.days,
        "expected": coming.found.share._asdict(),
        "expected_without_study": coming.found.idle._asdict(),
        "minutes_a_day": round(coming.found.minutes, 1),
    }


def _refresher(found: Standing) -> dict[str, Any] | None:
    if not found.refresher:
        return None
    record = found.refresher[0].record
    outcomes = list(record.cards.values())
    passed = {outcome.replace(" ", "_"): outcomes.count(outcome) for outcome in ("passed", "not passed", "practised")}
    return {"day": record.day, "cards": len(outcomes), **passed}


def _date(day: StudyDay) -> str:
    return date_of(day).isoformat()
