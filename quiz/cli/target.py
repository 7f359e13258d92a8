"""`quiz config exam`: set the day that is studied for, or say how it stands towards it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from quiz.cli.call import Call
from quiz.deck.scope import Scope
from quiz.desk import Desk, scope_of
from quiz.memory import date_of
from quiz.memory.outlook import LATER
from quiz.report.towards import Standing, standing
from quiz.study.target import Target, kept_target, read_target
from quiz.text import counted


def exam(call: Call, value: str | None) -> int:
    """Set the exam where a value is given, "off" for none; then tell how it stands. Raises UsageError."""
    with call.desk() as desk:
        if value is not None:
            target = read_target(value, desk.history.today())
            if target is not None:
                _resolved(desk, target)
            desk.history.change_settings({"exam": str(target or "")})
        kept = desk.history.settings.exam
        target = kept_target(kept)
        found = _standing(desk, target) if target is not None else None
    if call.options.json:
        call.console.document({"exam": kept, "standing": found and _as_json(target, found)})
        return 0
    call.console.say(f"exam = {kept}")
    if target is not None and found is not None:
        for line in _lines(target, found):
            call.console.say(line)
    return 0


def _resolved(desk: Desk, target: Target) -> Scope:
    """Return the scope with the paths of its decks. Raises UsageError for a name that no card has."""
    found = target.scope
    names = {"topics": found.topics, "procedures": found.procedures, "audiences": found.audiences}
    return replace(scope_of(desk.library, found.decks, **names), safety=found.safety)


def _standing(desk: Desk, target: Target) -> Standing:
    settings, today = desk.history.settings, desk.history.today()
    scope = _resolved(desk, target)
    with closing(desk.history.reader()) as db:
        return standing(db, scope, today, target.since, target.day, settings.minutes, settings.retention)


def _as_json(target: Target | None, found: Standing) -> dict[str, object]:
    assert target is not None
    return {
        "day": date_of(target.day).isoformat(),
        "sprint_from": date_of(target.begins).isoformat(),
        "days": found.days,
        "met": found.met,
        "new": found.unseen,
        "expected_without_study": found.idle._asdict(),
        "expected": found.share._asdict(),
        "minutes_a_day": round(found.minutes, 1),
        "levels": [level._asdict() for level in found.levels],
        "proposed_retention": found.advice.retention if found.advice else None,
        "left_after_30_days": round(found.left_later, 3),
    }


def _lines(target: Target, found: Standing) -> list[str]:
    if not found.days:
        return [f"The exam of {date_of(target.day)} is over: 'quiz config exam off' takes it away."]
    lines = [
        f"{counted(found.days, 'day')} left; {counted(found.met, 'card')} met, {found.unseen} new. "
        f"From {date_of(target.begins)} on, what gains most by the exam comes first.",
        f"With {found.minutes:.0f} minutes a day, {_share(found.share.share)} are expected to be recalled on the day "
        f"(four times in five between {_share(found.share.low)} and {_share(found.share.high)}); "
        f"without study, {_share(found.idle.share)}.",
    ]
    if found.too_late:
        lines.append(
            "That is too late for more than a first look: what is learned now fades soon after the exam. "
            f"Of what you recall on the day, {_share(found.left_later)} is left {LATER} days later without more study."
        )
    lines += [
        f"Aiming at {_share(level.retention)}: {level.minutes:.0f} minutes a day, {_share(level.known)} on the day."
        for level in found.levels
    ]
    if found.advice is not None:
        lines.append(f"For your minutes: quiz config retention {found.advice.retention:g}")
    return lines


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
